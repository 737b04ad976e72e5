#include "lge/nn/net/decoder.hpp"

#include "lge/nn/net/tokenizer.hpp"

#include <torch/types.h>

namespace lge::nn {

CaptionDecoder::Layer::Layer(std::int64_t width)
    : norm(register_module("norm", std::make_shared<LayerNorm>(width))),
      look_norm(register_module("look_norm", std::make_shared<LayerNorm>(width))),
      wide_norm(register_module("wide_norm", std::make_shared<LayerNorm>(width))),
      attention(register_module("attention", std::make_shared<Attention>(width, 4))),
      look(register_module("look", std::make_shared<Attention>(width, 4))),
      wide(register_module("wide", std::make_shared<Linear>(width, 2 * width))),
      narrow(register_module("narrow", std::make_shared<Linear>(2 * width, width))) {}
Tensor CaptionDecoder::Layer::forward(const Tensor& x, const Tensor& mask, const Tensor& seen) const {
    const Tensor n = norm->forward(x);
    const Tensor y = x + attention->forward(n, n, mask);
    const Tensor z = y + look->forward(look_norm->forward(y), seen, {});
    return z + narrow->forward(at::gelu(wide->forward(wide_norm->forward(z))));
}

CaptionDecoder::CaptionDecoder(std::int64_t vocabulary, std::int64_t length, std::int64_t layer_count, std::int64_t width, std::int64_t seen_width)
    : bridge(register_module("bridge", std::make_shared<Linear>(seen_width, width))),
      bridge_norm(register_module("bridge_norm", std::make_shared<LayerNorm>(width))),
      norm(register_module("norm", std::make_shared<LayerNorm>(width))) {
    for (std::int64_t i = 0; i < layer_count; ++i) layers.push_back(register_module("layer" + std::to_string(i), std::make_shared<Layer>(width)));
    words_table = register_parameter("words_table", torch::zeros({vocabulary, width}));
    places_table = register_parameter("places_table", torch::zeros({1, length, width}));
}
Tensor CaptionDecoder::forward(const Tensor& tokens, const Tensor& seen) const {
    const auto length = tokens.size(1);
    const Tensor before = at::ones({length, length}, tokens.options().dtype(torch::kBool)).tril();
    const Tensor mask = at::logical_and(before, tokens.ne(Tokenizer::pad).unsqueeze(1));
    const Tensor memory = bridge_norm->forward(bridge->forward(seen));
    Tensor x = at::embedding(words_table, tokens) + places_table.slice(1, 0, length);
    for (const auto& layer : layers) x = layer->forward(x, mask, memory);
    return at::linear(norm->forward(x), words_table);
}

}  // namespace lge::nn
