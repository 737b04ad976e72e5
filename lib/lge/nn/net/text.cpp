#include "lge/nn/net/text.hpp"

#include <torch/types.h>

namespace lge::nn {

TextTower::Layer::Layer(std::int64_t width)
    : norm(register_module("norm", std::make_shared<LayerNorm>(width))),
      wide_norm(register_module("wide_norm", std::make_shared<LayerNorm>(width))),
      attention(register_module("attention", std::make_shared<Attention>(width, 4))),
      wide(register_module("wide", std::make_shared<Linear>(width, 2 * width))),
      narrow(register_module("narrow", std::make_shared<Linear>(2 * width, width))) {}
Tensor TextTower::Layer::forward(const Tensor& x, const Tensor& mask) const {
    const Tensor n = norm->forward(x);
    const Tensor y = x + attention->forward(n, n, mask);
    return y + narrow->forward(at::gelu(wide->forward(wide_norm->forward(y))));
}

TextTower::TextTower(std::int64_t vocabulary, std::int64_t length, std::int64_t layer_count, std::int64_t embedding) {
    for (std::int64_t i = 0; i < layer_count; ++i)
        layers.push_back(register_module("layer" + std::to_string(i), std::make_shared<Layer>(embedding)));
    norm = register_module("norm", std::make_shared<LayerNorm>(embedding));
    out = register_module("out", std::make_shared<Linear>(embedding, embedding));
    words_table = register_parameter("words_table", torch::zeros({vocabulary, embedding}));
    places_table = register_parameter("places_table", torch::zeros({1, length, embedding}));
}
Tensor TextTower::forward(const Tensor& tokens) const {
    const Tensor mask = tokens.ne(0);
    Tensor x = at::embedding(words_table, tokens) + places_table.slice(1, 0, tokens.size(1));
    for (const auto& layer : layers) x = layer->forward(x, mask);
    const Tensor weight = mask.unsqueeze(2).to(torch::kFloat32);
    const Tensor mean = (norm->forward(x) * weight).sum(1) / weight.sum(1).clamp_min(1);
    return to_unit(out->forward(mean));
}

}  // namespace lge::nn
