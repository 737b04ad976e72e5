#include "lge/nn/net/bert.hpp"

#include "lge/nn/net/tokenizer.hpp"

#include <torch/types.h>

namespace lge::nn {

Bert::Bert(const BertShape& wanted, bool trained) : shape(wanted) {
    const auto width = shape.width;
    words = add_tensor(*this, "embeddings.word_embeddings.weight", {shape.vocabulary, width}, 0, trained);
    places = add_tensor(*this, "embeddings.position_embeddings.weight", {shape.places, width}, 0, trained);
    kinds = add_tensor(*this, "embeddings.token_type_embeddings.weight", {shape.kinds, width}, 0, trained);
    norm = add_norm(*this, "embeddings.LayerNorm", width, trained);
    for (std::int64_t i = 0; i < shape.layers; ++i) {
        const std::string own = "encoder.layer." + std::to_string(i) + ".";
        layers.push_back({add_linear(*this, own + "attention.self.query", width, width, trained), add_linear(*this, own + "attention.self.key", width, width, trained),
                          add_linear(*this, own + "attention.self.value", width, width, trained), add_linear(*this, own + "attention.output.dense", width, width, trained),
                          add_norm(*this, own + "attention.output.LayerNorm", width, trained), add_linear(*this, own + "intermediate.dense", shape.wide, width, trained),
                          add_linear(*this, own + "output.dense", width, shape.wide, trained), add_norm(*this, own + "output.LayerNorm", width, trained)});
    }
}

Tensor Bert::forward(const Tensor& tokens) const {
    Tensor counts = tokens.ne(Tokenizer::pad);
    counts.select(1, 0).fill_(true);  // a row of padding alone looks at something too, so that its gradient is finite
    Tensor x = at::embedding(words, tokens) + places.slice(0, 0, tokens.size(1)) + kinds[0];
    x = apply_norm(x, norm, shape.epsilon);
    for (const auto& l : layers) {
        const Tensor mixed = attend(apply_linear(x, l.query), apply_linear(x, l.key), apply_linear(x, l.value), shape.heads, counts);
        const Tensor y = apply_norm(x + apply_linear(mixed, l.out), l.norm, shape.epsilon);
        const Tensor wide = apply_linear(y, l.wide);
        x = apply_norm(y + apply_linear(shape.relu ? at::relu(wide) : at::gelu(wide), l.narrow), l.wide_norm, shape.epsilon);
    }
    return x;
}

BertTower::BertTower(const BertShape& shape, std::int64_t embedding, bool trained)
    : bert(register_module("bert", std::make_shared<Bert>(shape, trained))), out(register_module("out", std::make_shared<Linear>(shape.width, embedding))) {}

Tensor BertTower::pool(const Tensor& tokens) const {
    const Tensor states = bert->forward(tokens);
    if (bert->shape.pooling == TextPooling::first) return states.select(1, 0);
    const Tensor weight = tokens.ne(Tokenizer::pad).unsqueeze(2).to(torch::kFloat32);
    return (states * weight).sum(1) / weight.sum(1).clamp_min(1);
}

Tensor BertTower::forward(const Tensor& tokens) const { return to_unit(out->forward(pool(tokens))); }

}  // namespace lge::nn
