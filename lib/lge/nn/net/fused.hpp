#pragma once
// Steps of convolutional networks that are one pass over memory each, with slopes of their own; on a GPU the stock ones.
// On a CPU they work on channels-last maps, in bf16, fp32 or fp64, on the thread that calls them. For use inside nn and its
// tests.
#include <ATen/core/Tensor.h>

#include <cstdint>

namespace lge::nn {

/// max(0, norm(x) * gain + bias + residual) of x [B,C,H,W], each image and each of `groups` groups of channels brought to
/// mean 0 and variance 1 by itself (groups = C: instance norm). gain and bias [C]; `residual` [B,C,H,W] or undefined.
at::Tensor norm_relu(const at::Tensor& x, const at::Tensor& gain, const at::Tensor& bias, const at::Tensor& residual, std::int64_t groups);

/// The largest of each 2x2 pixels of x [B,C,H,W], H and W even.
at::Tensor max_pool(const at::Tensor& x);

/// `low` [B,L,H/2,W/2], each pixel four times, over `skip` [B,S,H,W]: [B,L+S,H,W], both of one number type.
at::Tensor upsample_beside(const at::Tensor& low, const at::Tensor& skip);

/// `x` in the order of its pixels that convolutions and the functions above like best on its device.
at::Tensor in_best_order(const at::Tensor& x);

}  // namespace lge::nn
