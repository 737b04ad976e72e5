#pragma once
// The parts that networks are made of. For use inside nn and its tests.
#include "lge/nn/net/unet_kind.hpp"

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace lge::nn {

using torch::Tensor;

/// Convolution that keeps the size, zeros around it.
struct Conv : torch::nn::Module {
    Conv(std::int64_t in, std::int64_t out, std::int64_t kernel, bool with_bias);
    Tensor forward(const Tensor& x) const;
    Tensor weight, bias;
};

/// A norm with gain and offset, then a sum with `residual` where it is defined, then ReLU.
struct NormRelu : torch::nn::Module {
    NormRelu(std::int64_t channels, NormKind kind);
    Tensor forward(const Tensor& x, const Tensor& residual = {}) const;
    Tensor gain, bias;
    std::int64_t groups;  // 8, or as many as the channels have in common with 8
};

struct Linear : torch::nn::Module {
    Linear(std::int64_t in, std::int64_t out);
    Tensor forward(const Tensor& x) const;
    Tensor weight, bias;
};

struct LayerNorm : torch::nn::Module {
    explicit LayerNorm(std::int64_t width);
    Tensor forward(const Tensor& x) const;
    Tensor gain, bias;
};

/// Two 3x3 convolutions beside a short cut (He et al., CVPR 2016).
struct ResidualBlock : torch::nn::Module {
    ResidualBlock(std::int64_t in, std::int64_t out, NormKind norm);
    Tensor forward(const Tensor& x) const;
    std::shared_ptr<Conv> first, second, shortcut;
    std::shared_ptr<NormRelu> first_norm, second_norm;
};

/// Softmax attention of queries [B,Q,D] on keys [B,K,D] in `heads` heads; `mask`, [B,K] or for each query [B,Q,K], is true
/// where a key counts.
struct Attention : torch::nn::Module {
    Attention(std::int64_t width, std::int64_t heads);
    Tensor forward(const Tensor& queries, const Tensor& keys, const Tensor& mask) const;
    std::int64_t heads;
    std::shared_ptr<Linear> query, key, value, out;
};

/// Rows [N,D] at length 1, in single precision.
Tensor to_unit(const Tensor& x);

/// First weights from (seed, parameter name): He's for convolutions and linear maps, 0 for biases, 1 for gains (and weights
/// of one dimension), small normal numbers for tables, larger ones for queries, so that each looks at tokens of its own.
void initialise(torch::nn::Module& net, std::uint64_t seed);

}  // namespace lge::nn
