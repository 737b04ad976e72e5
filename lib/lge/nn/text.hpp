#pragma once
// The text tower. For use inside nn and its tests.
#include "lge/nn/layers.hpp"

namespace lge::nn {

/// Token numbers [B,L], L at most the tower's length, to unit vectors [B,embedding]; padding does not count.
struct TextTower : torch::nn::Module {
    TextTower(std::int64_t vocabulary, std::int64_t length, std::int64_t layers, std::int64_t embedding);
    Tensor forward(const Tensor& tokens) const;
    struct Layer : torch::nn::Module {
        explicit Layer(std::int64_t width);
        Tensor forward(const Tensor& x, const Tensor& mask) const;
        std::shared_ptr<LayerNorm> norm, wide_norm;
        std::shared_ptr<Attention> attention;
        std::shared_ptr<Linear> wide, narrow;
    };
    std::vector<std::shared_ptr<Layer>> layers;
    std::shared_ptr<LayerNorm> norm;
    std::shared_ptr<Linear> out;
    Tensor words_table, places_table;
};

}  // namespace lge::nn
