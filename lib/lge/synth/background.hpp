#pragma once
// What lies around a phantom's heart: organs, vessels, a vertebra, the chest wall in layers, then air.
#include "lge/synth/field.hpp"
#include "lge/synth/heart.hpp"

#include <array>

namespace lge::synth {

/// What the slices of a stack share, so that organs change slowly from one to the next.
struct Torso {
    /// A field that turns from one random field to another, independent one as slices pass.
    struct Turning {
        Plane from, to;
    };
    struct Organ {
        Turning large, fine;
        float pull_x = 0, pull_y = 0;  // where it tends to lie: added to the field, a pixel
    };
    std::array<Organ, 6> organs;
    Plane chest_wave;
    float vertebra_x = 0, vertebra_y = 0, vertebra_radius = 0;  // pixels
};

/// For pictures of heart.size pixels a side whose LV axis lies at (cx, cy).
Torso draw_torso(const Heart& heart, double cx, double cy, Random& random);

/// Slice k (0: base) without the heart.
Plane draw_background(const Torso& torso, const Heart& heart, std::size_t k, double cx, double cy, Random& random);

}  // namespace lge::synth
