#pragma once
// The segmentation network. For use inside nn and its tests.
#include "lge/nn/net/layers.hpp"

namespace lge::nn {

/// [B,1,H,W], H and W multiples of 2^stages, to one map a stage: widths[s] channels at 1/2^(s+1) of the size.
struct Encoder : torch::nn::Module {
    explicit Encoder(const std::vector<std::int64_t>& widths, NormKind norm = NormKind::instance);
    std::vector<Tensor> forward(const Tensor& image) const;
    std::vector<std::shared_ptr<ResidualBlock>> stages;
    std::shared_ptr<ResidualBlock> bottom;  // a second block on the last stage
};

/// Logits; undefined where the network has no such head.
struct UNetAnswer {
    Tensor classes;     // [B,classes,H,W]
    Tensor insertions;  // [B,2,H,W]: heat maps of the anterior and of the inferior RV insertion, a softmax over the pixels of each
    Tensor pose;        // [B,8]
};

/// [B,1,H,W] to logits [B,classes,H,W] (Ronneberger et al., MICCAI 2015), and what its heads tell.
struct UNet : torch::nn::Module {
    UNet(const std::vector<std::int64_t>& widths, std::int64_t classes, NormKind norm = NormKind::instance, Heads heads = {});
    UNetAnswer answer(const Tensor& image) const;
    Tensor forward(const Tensor& image) const { return answer(image).classes; }
    std::shared_ptr<Encoder> encoder;
    std::vector<std::shared_ptr<ResidualBlock>> decoder;
    std::shared_ptr<Conv> head, insertions;  // from the last features of the decoder
    std::shared_ptr<Linear> pose;            // from the mean of the encoder's last
};

}  // namespace lge::nn
