#pragma once
// What lies around a phantom's heart: organs, vessels, the chest wall in layers, then air.
#include "lge/synth/field.hpp"
#include "lge/synth/heart.hpp"

namespace lge::synth {

/// A picture of size x size pixels without the heart. `cx`, `cy`: the LV axis in pixels.
Plane draw_background(const Heart& heart, std::size_t size, double cx, double cy, Random& random);

}  // namespace lge::synth
