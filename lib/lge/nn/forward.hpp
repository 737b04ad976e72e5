#pragma once
// Windows through networks, for training's own figures and for prediction alike. For use inside nn and its tests.
#include "lge/io/cohort.hpp"
#include "lge/nn/image.hpp"
#include "lge/nn/predict.hpp"
#include "lge/nn/weights.hpp"

#include <span>
#include <vector>

namespace lge::nn {

/// A slice's window as the networks take it: cut, stretched, standardised.
void fill_window(volume::Slice<const float> slice, const WindowMap& map, std::size_t size, std::span<float> out);

/// The window in the middle of a cohort's slice (the LV centre, in the canonical pose).
WindowMap middle(const io::Cohort& cohort, double spacing_mm);

/// Shares of the classes [N,C,S,S] for windows [N,1,S,S], `batch` at a time, in single precision, on the CPU.
Tensor class_shares(const UNet& net, const Tensor& windows, torch::Device device, std::size_t batch);

/// Label maps of the slices of a volume. `slices` k-planes with pixels of `pixel_mm`.
volume::Volume<std::uint8_t> segment_volume(const UNet& net, const Description& d, const volume::Volume<float>& image, torch::Device device, std::size_t batch);

/// Unit vectors [N,E] of a cohort's slices `which`, in order.
Tensor embed_slices(const AlignNet& net, const Description& d, const io::Cohort& cohort, std::span<const std::size_t> which, torch::Device device, std::size_t batch);
/// The direction [E] whose product with an image's vector is its score.
Tensor prompt_direction(const AlignNet& net, const Description& d, const Prompts& prompts, torch::Device device);

double probability_of(double score, double temperature);

}  // namespace lge::nn
