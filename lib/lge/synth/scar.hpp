#pragma once
// A scar as a controller asks for it, and the pixels of a slice that it fills.
#include "lge/anatomy/heart.hpp"
#include "lge/base/random.hpp"
#include "lge/synth/field.hpp"
#include "lge/synth/wall.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace lge::synth {

/// One scar: the arc and band that it fills in the slices of its segments. Angles are degrees from the anterior RV
/// insertion towards the septum; depths are shares of the wall, 0 at the endocardium.
struct Scar {
    anatomy::Segments segments;       // nothing is drawn outside them
    anatomy::Extent extent = anatomy::Extent::subendocardial;
    double centre = 0, half_width = 0;            // degrees
    double depth_low = 0, depth_high = 1;
    double z_centre = 0.5, z_half = 1;            // along the heart, 0 first slice, 1 last; the arc shrinks as an ellipse
    double raggedness = 0.1;                      // of the wall's thickness
    double signal = 1.2;                          // wall + signal x |blood - wall|
    double texture = 0.1;                         // SD of the signal within the scar, as a share of it
    double border_px = 1;                         // pixels over which scar turns into wall: more than 1 is a grey zone
    double thinning = 0;                          // share of the wall's thickness that a phantom loses here
    double core = 0;                              // no-reflow: the share of arc and depth that it takes, 0 for none
};

/// The half-width in degrees that is left at height z; 0 beyond the scar's ends.
double half_width_at(const Scar& scar, double z);

/// Share of scar and of no-reflow in the pixels of a box of a slice, 0-1, partial volume at the borders included.
struct ScarMap {
    std::size_t left = 0, top = 0;     // where the planes lie in the slice
    Plane scar, no_reflow;
    Plane signal;                      // Scar::signal of the scar that fills the pixel
    anatomy::Segments segments;        // where pixels of scar or no-reflow lie
    std::uint32_t scars = 0;           // bit i: scar i has pixels here
};

/// Maps scars into one slice. A pixel of normal wall whose share is half or more becomes scar (3) or no-reflow (4) in
/// `label`. A segment of which less than 6 % of the wall (or less than 4 pixels) would be scar gets none, and neither
/// does a slice with less than 20 mm2.
ScarMap map_scars(std::span<const Scar> scars, double z, const SliceWall& wall, volume::Slice<std::uint8_t> label, Random& random);

}  // namespace lge::synth
