#pragma once
// What lies around a phantom's heart: organs, vessels, spine and aorta, the chest wall in layers with ribs, then air.
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
    float aorta_x = 0, aorta_y = 0, aorta_radius = 0;           // pixels
    float seam = -1, seam_signal = 0;  // fat or a dark line where two organs' fields come this close; below 0: none
    float rib_every_mm = 0, rib_phase_mm = 0, rib_slope = 0, rib_long_mm = 1, rib_thick_mm = 1, rib_depth_mm = 0, rib_signal = 0;  // 0: none
};

/// For pictures of heart.size pixels a side whose LV axis lies at (cx, cy).
Torso draw_torso(const Heart& heart, double cx, double cy, Random& random);

/// Slice k (0: base) without the heart.
Plane draw_background(const Torso& torso, const Heart& heart, std::size_t k, double cx, double cy, Random& random);

}  // namespace lge::synth
