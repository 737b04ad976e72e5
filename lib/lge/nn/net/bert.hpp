#pragma once
// BERT-family text encoders (Devlin et al., NAACL 2019). For use inside nn and its tests.
#include "lge/nn/net/model.hpp"
#include "lge/nn/net/text.hpp"
#include "lge/nn/net/tree.hpp"

namespace lge::nn {

/// Tensor names are those of Hugging Face's BertModel, without its pooler.
struct Bert : torch::nn::Module {
    Bert(const BertShape& shape, bool trained);
    /// Token numbers [B,L], padding 0, to [B,L,width].
    Tensor forward(const Tensor& tokens) const;
    struct Layer {
        Affine query, key, value, out, norm, wide, narrow, wide_norm;
    };
    BertShape shape;
    Tensor words, places, kinds;
    Affine norm;
    std::vector<Layer> layers;
};

/// The sentence's vector as the encoder's makers pool it, mapped to unit vectors [B,embedding].
struct BertTower : TextEncoder {
    BertTower(const BertShape& shape, std::int64_t embedding, bool trained);
    Tensor forward(const Tensor& tokens) const override;
    /// [B,width]: the mean over what is no padding, or the first token's.
    Tensor pool(const Tensor& tokens) const;
    std::shared_ptr<Bert> bert;
    std::shared_ptr<Linear> out;
};

}  // namespace lge::nn
