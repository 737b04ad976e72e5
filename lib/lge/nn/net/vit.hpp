#pragma once
// Vision transformers (Dosovitskiy et al., ICLR 2021). For use inside nn and its tests.
#include "lge/nn/net/model.hpp"
#include "lge/nn/net/tree.hpp"
#include "lge/nn/net/vision.hpp"
#include "lge/nn/net/weights.hpp"

namespace lge::nn {

struct ViTShape {
    std::int64_t width, layers, heads;
    std::int64_t patch = 16;
};
ViTShape vit_shape(Tower tower);

/// Without a head; tensor names are those of timm's vit_*_patch16.
struct ViT : torch::nn::Module {
    ViT(const ViTShape& shape, std::int64_t size);
    /// [B,1,size,size] to [B,1+places,width] after the last norm, the class token first.
    Tensor forward(const Tensor& image) const;
    struct Block {
        Affine norm, qkv, out, wide_norm, wide, narrow;
    };
    ViTShape shape;
    Tensor class_token, places;
    Affine patch, norm;
    std::vector<Block> blocks;
};

/// Fills `vit` from a file with timm's names: the patches' weights are summed over colours, and places resampled to the
/// image's size where they differ (as timm does). Gives a sentence on what was loaded, changed and left out.
std::string load_timm(ViT& vit, const io::Safetensors& file, const std::string& name);

/// The canonical image [B,1,S,S] through a vision transformer: its class token, and its places pooled by learned queries.
struct ViTTower : VisionTower {
    ViTTower(const ViTShape& shape, std::int64_t size, std::int64_t width);
    SliceFeatures forward(const Tensor& image) const override;
    std::shared_ptr<ViT> vit;
    std::shared_ptr<Linear> token;
    std::shared_ptr<LayerNorm> norm;
    std::shared_ptr<Attention> pool;
    Tensor queries;
};

}  // namespace lge::nn
