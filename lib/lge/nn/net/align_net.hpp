#pragma once
// Images and sentences in one space. For use inside nn and its tests.
#include "lge/nn/net/decoder.hpp"
#include "lge/nn/net/text.hpp"
#include "lge/nn/net/vision.hpp"

namespace lge::nn {

struct AlignNet : torch::nn::Module {
    /// Without `writer` it has no captions.
    AlignNet(std::shared_ptr<VisionTower> tower, std::shared_ptr<TextEncoder> reader, std::shared_ptr<CaptionDecoder> writer, std::int64_t embedding);
    /// Unit vectors [B,E] of slices from their features.
    Tensor slice_vectors(const Tensor& features) const;
    /// Unit vectors [B,6,E] of the AHA sectors of slices, from their tokens and levels.
    Tensor sector_vectors(const Tensor& tokens, const Tensor& level) const;
    /// What similarities are multiplied by: exp(log_scale), at most `largest_scale`, as CLIP has it.
    Tensor scale() const;
    static constexpr double largest_scale = 100;
    std::shared_ptr<VisionTower> vision;
    std::shared_ptr<Linear> slice_out, sector_out;
    std::shared_ptr<CasePool> case_pool;
    std::shared_ptr<TextEncoder> text;
    std::shared_ptr<CaptionDecoder> decoder;  // may be empty
    Tensor log_scale;  // of the similarities; exp(log_scale) starts at 1 / 0.07
    Tensor offset;     // of the margin between present and absent, so that prevalence need not bend the vectors
    Tensor contrast_offset;  // of all similarities, for the sigmoid loss; undefined without it
    Tensor clause_offset;  // of each clause about a segment [5], for the same reason
};

}  // namespace lge::nn
