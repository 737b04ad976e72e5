#pragma once
// Networks of others, whose tensors keep the names that their files give them. For use inside nn and its tests.
#include "lge/nn/net/layers.hpp"

#include <string_view>

namespace lge::nn {

/// Registers a tensor of `shape`, filled with `value`, under a dotted name ("blocks.0.norm1.weight"), making the modules on
/// the way. One that is not trained is a buffer: it has no gradient, and the optimiser does not know it.
Tensor add_tensor(torch::nn::Module& root, std::string_view name, at::IntArrayRef shape, double value, bool trained);

/// A linear map or a layer norm.
struct Affine {
    Tensor weight, bias;
};
/// NAME.weight [out,in] and NAME.bias [out].
Affine add_linear(torch::nn::Module& root, const std::string& name, std::int64_t out, std::int64_t in, bool trained);
/// NAME.weight and NAME.bias [width]; the weight starts at 1.
Affine add_norm(torch::nn::Module& root, const std::string& name, std::int64_t width, bool trained);

Tensor apply_linear(const Tensor& x, const Affine& a);
/// Layer norm in single precision.
Tensor apply_norm(const Tensor& x, const Affine& a, double epsilon);
/// Softmax attention in `heads` heads of rows [B,L,D] that are mapped already; `counts` [B,L] is true where a key counts,
/// undefined where all do.
Tensor attend(const Tensor& query, const Tensor& key, const Tensor& value, std::int64_t heads, const Tensor& counts);

}  // namespace lge::nn
