#pragma once
// The text tower. For use inside nn and its tests.
#include "lge/nn/net/layers.hpp"

namespace lge::nn {

/// A way from token numbers [B,L] to unit vectors [B,E]; padding does not count.
struct TextEncoder : torch::nn::Module {
    virtual Tensor forward(const Tensor& tokens) const = 0;
};

/// A small transformer; L is at most `length`.
struct TextTower : TextEncoder {
    TextTower(std::int64_t vocabulary, std::int64_t length, std::int64_t layers, std::int64_t embedding);
    Tensor forward(const Tensor& tokens) const override;
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
