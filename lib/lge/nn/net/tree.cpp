#include "lge/nn/net/tree.hpp"

#include <torch/types.h>

namespace lge::nn {
namespace {

struct Branch : torch::nn::Module {};

}  // namespace

Tensor add_tensor(torch::nn::Module& root, std::string_view name, at::IntArrayRef shape, double value, bool trained) {
    torch::nn::Module* at = &root;
    for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
        const std::string part(name.substr(0, dot));
        name.remove_prefix(dot + 1);
        const auto children = at->named_children();
        const auto* child = children.find(part);
        at = child ? child->get() : at->register_module(part, std::make_shared<Branch>()).get();
    }
    Tensor t = torch::full(shape, value);
    return trained ? at->register_parameter(std::string(name), t) : at->register_buffer(std::string(name), t);
}

Affine add_linear(torch::nn::Module& root, const std::string& name, std::int64_t out, std::int64_t in, bool trained) {
    return {add_tensor(root, name + ".weight", {out, in}, 0, trained), add_tensor(root, name + ".bias", {out}, 0, trained)};
}

Affine add_norm(torch::nn::Module& root, const std::string& name, std::int64_t width, bool trained) {
    return {add_tensor(root, name + ".weight", {width}, 1, trained), add_tensor(root, name + ".bias", {width}, 0, trained)};
}

Tensor apply_linear(const Tensor& x, const Affine& a) { return at::linear(x, a.weight, a.bias); }

Tensor apply_norm(const Tensor& x, const Affine& a, double epsilon) { return at::layer_norm(x.to(torch::kFloat32), {a.weight.size(0)}, a.weight, a.bias, epsilon); }

Tensor attend(const Tensor& query, const Tensor& key, const Tensor& value, std::int64_t heads, const Tensor& counts) {
    const auto split = [&](const Tensor& x) { return x.view({x.size(0), x.size(1), heads, -1}).transpose(1, 2); };
    std::optional<Tensor> mask;
    if (counts.defined()) mask = counts.unsqueeze(1).unsqueeze(2);
    return at::scaled_dot_product_attention(split(query), split(key), split(value), mask).transpose(1, 2).flatten(2);
}

}  // namespace lge::nn
