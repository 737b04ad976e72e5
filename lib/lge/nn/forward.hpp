#pragma once
// Windows and cases through networks, for training's own figures and for prediction alike. For use inside nn and its tests.
#include "lge/nn/align_data.hpp"
#include "lge/nn/detector.hpp"
#include "lge/nn/image.hpp"
#include "lge/nn/weights.hpp"

#include <optional>
#include <span>
#include <vector>

namespace lge::nn {

/// A slice's window as the networks take it: cut, stretched, standardised.
void fill_window(volume::Slice<const float> slice, const WindowMap& map, std::size_t size, std::span<float> out);

/// Shares of the classes [N,C,S,S] for windows [N,1,S,S], `batch` at a time, in single precision, on the CPU.
Tensor class_shares(const UNet& net, const Tensor& windows, torch::Device device, std::size_t batch);

/// Label maps of the slices of a volume. `slices` k-planes with pixels of `pixel_mm`.
volume::Volume<std::uint8_t> segment_volume(const UNet& net, const Description& d, const volume::Volume<float>& image, torch::Device device, std::size_t batch);

/// The direction [E] whose product with an image's vector is its score; on `device`.
Tensor prompt_direction(const AlignNet& net, const Description& d, const Prompts& prompts, torch::Device device);

/// Scores of a case and its slices; nothing where no wall can be read.
struct CaseScores {
    std::optional<double> whole;
    std::vector<std::optional<double>> slices;
};
CaseScores score_case(const AlignNet& net, const Description& d, const CaseView& view, const Tensor& direction);

double probability_of(double score, const Description& d);

}  // namespace lge::nn
