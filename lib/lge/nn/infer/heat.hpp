#pragma once
// Where an answer comes from, as pictures in the canonical pose. For use inside nn and its tests.
#include "lge/nn/net/align_net.hpp"
#include "lge/nn/net/model.hpp"

#include "lge/io/cohort.hpp"

namespace lge::nn {

/// The likelihood of scar, 0-1, that a tower of strips marks in the wall, on the pixels of a case; 0 outside the wall and in
/// slices that it cannot read. usage for a model that marks no scar.
volume::Volume<float> scar_heat(const AlignNet& net, const Description& d, const io::Cohort& cohort, std::size_t c, torch::Device device);

/// What in each slice speaks for a direction [E] of sentences: integrated gradients of the slice's score (Sundararajan et al.,
/// ICML 2017) from an input of zeros in 16 steps, summed over the input's channels, smoothed, and where they are above 0;
/// score a pixel of the tower's input.
volume::Volume<float> text_heat(const AlignNet& net, const Description& d, const io::Cohort& cohort, std::size_t c, const Tensor& direction);

}  // namespace lge::nn
