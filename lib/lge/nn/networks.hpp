#pragma once
// The networks: a residual U-Net, its encoder with attention pooling, and a small text transformer.
// For use inside nn and its tests: other modules do not see LibTorch.
#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace lge::nn {

using torch::Tensor;

/// Convolution, zero-padded to keep the size.
struct Conv : torch::nn::Module {
    Conv(std::int64_t in, std::int64_t out, std::int64_t kernel, bool with_bias);
    Tensor forward(const Tensor& x) const;
    Tensor weight, bias;
};

/// Instance norm with gain and offset (batch statistics do not carry over from synthetic to real images).
struct Norm : torch::nn::Module {
    explicit Norm(std::int64_t channels);
    Tensor forward(const Tensor& x) const;
    Tensor gain, bias;
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
    ResidualBlock(std::int64_t in, std::int64_t out);
    Tensor forward(const Tensor& x) const;
    std::shared_ptr<Conv> first, second, shortcut;
    std::shared_ptr<Norm> first_norm, second_norm;
};

/// [B,1,H,W], H and W multiples of 2^stages, to one map a stage: widths[s] channels at 1/2^(s+1) of the size.
struct Encoder : torch::nn::Module {
    explicit Encoder(const std::vector<std::int64_t>& widths);
    std::vector<Tensor> forward(const Tensor& image) const;
    std::vector<std::shared_ptr<ResidualBlock>> stages;
    std::shared_ptr<ResidualBlock> bottom;  // a second block on the last stage
};

/// [B,1,H,W] to logits [B,classes,H,W] (Ronneberger et al., MICCAI 2015).
struct UNet : torch::nn::Module {
    UNet(const std::vector<std::int64_t>& widths, std::int64_t classes);
    Tensor forward(const Tensor& image) const;
    std::shared_ptr<Encoder> encoder;
    std::vector<std::shared_ptr<ResidualBlock>> decoder;
    std::shared_ptr<Conv> head;
};

/// Softmax attention of queries [B,Q,D] on keys [B,K,D] in `heads` heads; `mask` [B,K] is true where a key counts.
struct Attention : torch::nn::Module {
    Attention(std::int64_t width, std::int64_t heads);
    Tensor forward(const Tensor& queries, const Tensor& keys, const Tensor& mask) const;
    std::int64_t heads;
    std::shared_ptr<Linear> query, key, value, out;
};

/// [B,1,S,S] to unit vectors [B,embedding]: the encoder's maps as tokens at 1/8 of the size, each with its place (in the
/// canonical pose a place is a wall), pooled by learned queries and by their maxima.
struct VisionTower : torch::nn::Module {
    VisionTower(const std::vector<std::int64_t>& widths, std::int64_t size, std::int64_t embedding);
    Tensor forward(const Tensor& image) const;
    std::shared_ptr<Encoder> encoder;
    std::shared_ptr<Linear> token, out;
    std::shared_ptr<LayerNorm> norm;
    std::shared_ptr<Attention> pool;
    Tensor place, queries;
};

/// Token numbers [B,L] to unit vectors [B,embedding]; padding does not count.
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

struct AlignNet : torch::nn::Module {
    AlignNet(const std::vector<std::int64_t>& widths, std::int64_t size, std::int64_t embedding, std::int64_t vocabulary,
             std::int64_t text_length, std::int64_t text_layers);
    std::shared_ptr<VisionTower> vision;
    std::shared_ptr<TextTower> text;
    Tensor log_scale;  // of the similarities; exp(log_scale) starts at 1 / 0.07
};

/// First weights from (seed, parameter name): He's for convolutions and linear maps, 0 for biases, 1 for gains,
/// small normal numbers for tables, larger ones for queries, so that each looks at tokens of its own.
void initialise(torch::nn::Module& net, std::uint64_t seed);

}  // namespace lge::nn
