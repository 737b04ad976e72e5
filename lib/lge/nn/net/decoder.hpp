#pragma once
// The caption decoder. For use inside nn and its tests.
#include "lge/nn/net/layers.hpp"

namespace lge::nn {

/// Guesses each next token of a sentence from those before it and from what a vision tower sees: causal self-attention,
/// then attention on the tower's tokens. As in CoCa (Yu et al., TMLR 2022), but with layers of its own instead of the text
/// tower's, so that the text tower may look both ways.
struct CaptionDecoder : torch::nn::Module {
    CaptionDecoder(std::int64_t vocabulary, std::int64_t length, std::int64_t layers, std::int64_t width, std::int64_t seen_width);
    /// Logits [B,L,vocabulary] of the token after each of `tokens` [B,L], L at most `length`, with `seen` [B,K,seen_width].
    Tensor forward(const Tensor& tokens, const Tensor& seen) const;
    struct Layer : torch::nn::Module {
        explicit Layer(std::int64_t width);
        Tensor forward(const Tensor& x, const Tensor& mask, const Tensor& seen) const;
        std::shared_ptr<LayerNorm> norm, look_norm, wide_norm;
        std::shared_ptr<Attention> attention, look;
        std::shared_ptr<Linear> wide, narrow;
    };
    std::shared_ptr<Linear> bridge;
    std::shared_ptr<LayerNorm> bridge_norm, norm;
    std::vector<std::shared_ptr<Layer>> layers;
    Tensor words_table, places_table;  // the words are those that go in and those that come out
};

}  // namespace lge::nn
