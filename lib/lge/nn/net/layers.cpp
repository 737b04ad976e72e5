#include "lge/nn/net/layers.hpp"

#include "lge/base/random.hpp"
#include "lge/nn/net/fused.hpp"

#include <torch/types.h>

#include <cmath>
#include <numeric>
#include <string_view>

namespace lge::nn {

Tensor to_unit(const Tensor& x) {
    const Tensor y = x.to(torch::kFloat32);
    return y / y.norm(2, -1, true).clamp_min(1e-6);
}

Conv::Conv(std::int64_t in, std::int64_t out, std::int64_t kernel, bool with_bias)
    : weight(register_parameter("weight", torch::zeros({out, in, kernel, kernel}))) {
    if (with_bias) bias = register_parameter("bias", torch::zeros({out}));
}
Tensor Conv::forward(const Tensor& x) const { return at::conv2d(x, weight, bias, 1, weight.size(2) / 2); }

NormRelu::NormRelu(std::int64_t channels, NormKind kind)
    : gain(register_parameter("gain", torch::ones({channels}))), bias(register_parameter("bias", torch::zeros({channels}))),
      groups(kind == NormKind::instance ? channels : std::gcd(channels, std::int64_t{8})) {}
Tensor NormRelu::forward(const Tensor& x, const Tensor& residual) const { return norm_relu(x, gain, bias, residual, groups); }

Linear::Linear(std::int64_t in, std::int64_t out)
    : weight(register_parameter("weight", torch::zeros({out, in}))), bias(register_parameter("bias", torch::zeros({out}))) {}
Tensor Linear::forward(const Tensor& x) const { return at::linear(x, weight, bias); }

LayerNorm::LayerNorm(std::int64_t width)
    : gain(register_parameter("gain", torch::ones({width}))), bias(register_parameter("bias", torch::zeros({width}))) {}
Tensor LayerNorm::forward(const Tensor& x) const { return at::layer_norm(x.to(torch::kFloat32), {gain.size(0)}, gain, bias); }

ResidualBlock::ResidualBlock(std::int64_t in, std::int64_t out, NormKind norm)
    : first(register_module("first", std::make_shared<Conv>(in, out, 3, false))),
      second(register_module("second", std::make_shared<Conv>(out, out, 3, false))),
      first_norm(register_module("first_norm", std::make_shared<NormRelu>(out, norm))),
      second_norm(register_module("second_norm", std::make_shared<NormRelu>(out, norm))) {
    if (in != out) shortcut = register_module("shortcut", std::make_shared<Conv>(in, out, 1, false));
}
Tensor ResidualBlock::forward(const Tensor& x) const {
    const Tensor y = second->forward(first_norm->forward(first->forward(x)));
    return second_norm->forward(y, shortcut ? shortcut->forward(x) : x);
}

Attention::Attention(std::int64_t width, std::int64_t head_count)
    : heads(head_count),
      query(register_module("query", std::make_shared<Linear>(width, width))),
      key(register_module("key", std::make_shared<Linear>(width, width))),
      value(register_module("value", std::make_shared<Linear>(width, width))),
      out(register_module("out", std::make_shared<Linear>(width, width))) {}
Tensor Attention::forward(const Tensor& queries, const Tensor& keys, const Tensor& mask) const {
    const auto split = [&](const Tensor& x) { return x.view({x.size(0), x.size(1), heads, -1}).transpose(1, 2); };
    const Tensor q = split(query->forward(queries)), k = split(key->forward(keys)), v = split(value->forward(keys));
    Tensor weight = at::matmul(q, k.transpose(2, 3)).to(torch::kFloat32) / std::sqrt(static_cast<double>(q.size(3)));
    if (mask.defined()) weight = weight.masked_fill((mask.dim() == 2 ? mask.unsqueeze(1) : mask).logical_not().unsqueeze(1), -1e9);
    const Tensor mixed = at::matmul(at::softmax(weight, -1).to(v.scalar_type()), v);
    return out->forward(mixed.transpose(1, 2).reshape({queries.size(0), queries.size(1), -1}));
}

void initialise(torch::nn::Module& net, std::uint64_t seed) {
    torch::NoGradGuard no_grad;
    for (auto& entry : net.named_parameters()) {
        const std::string_view name = entry.key();
        const bool table = name.ends_with("_table");
        if (!table && !name.ends_with("weight")) continue;  // biases, gains and the scale keep what they were made with
        Tensor& p = entry.value();
        if (p.dim() < 2) continue;
        const double sd = name.ends_with("query_table") ? 1 : table ? 0.05 : std::sqrt((p.dim() == 4 ? 2.0 : 1.0) / (static_cast<double>(p.numel()) / static_cast<double>(p.size(0))));
        Random random(seed, hash_name(name), "initial weights");
        auto* value = p.data_ptr<float>();
        for (std::int64_t i = 0; i < p.numel(); ++i) value[i] = static_cast<float>(random.normal(0, sd));
    }
}

}  // namespace lge::nn
