#pragma once
// What a controller asks for (wall, level, extent) and how it becomes pixels of a slice.
#include "lge/anatomy/finding.hpp"
#include "lge/anatomy/polar.hpp"
#include "lge/base/random.hpp"
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lge::synth {

enum class Prior : std::uint8_t { uniform, clinical };
constexpr std::array<std::pair<std::string_view, Prior>, 2> choices(Prior) { return {{{"uniform", Prior::uniform}, {"clinical", Prior::clinical}}}; }

/// What is fixed by the user; the rest is drawn.
struct Wish {
    std::optional<anatomy::Wall> wall;
    std::optional<anatomy::Extent> extent;
    std::vector<anatomy::Level> levels;
    Prior prior = Prior::clinical;
};
/// Throws usage for what cannot be: a compound wall (anteroseptal ...) at the apical level, a wall at the apex.
void check(const Wish& wish);

/// One scar: the arc and band that it fills in the slices of its segments. Angles are degrees from the anterior RV
/// insertion towards the septum; depths are shares of the wall, 0 at the endocardium.
struct Scar {
    anatomy::Segments segments;       // nothing is drawn outside them
    anatomy::Extent extent = anatomy::Extent::subendocardial;
    double centre = 0, half_width = 0;            // degrees
    double depth_low = 0, depth_high = 1;
    double z_centre = 0.5, z_half = 1;            // along the heart, 0 first slice, 1 last
    double raggedness = 0.1;
    double signal = 1.2;                          // wall + signal x |blood - wall|
    bool no_reflow = false;
};

/// Draws one to three scars for a heart that has the given levels.
std::vector<Scar> draw_scars(const Wish& wish, std::span<const anatomy::Level> levels, double signal_low, double signal_high, Random& random);

/// Share of scar and of no-reflow in each pixel of a slice, 0-1, partial volume at the borders included.
struct ScarMap {
    std::vector<float> scar, no_reflow;   // W x H
    bool empty = true;
};

/// Fills the pixels of `label` that become scar (3) or no-reflow (4) where their share is half or more, and says which
/// segments they lie in: segment_at(level, angle - insertion) of each such pixel, exactly. A segment of which less than
/// 6 % of the wall would be scar is left out altogether. `insertion`: angle of the anterior RV insertion in this slice.
anatomy::Segments draw_map(std::span<const Scar> scars, double z, anatomy::Level level, const anatomy::WallBorders& wall,
                           Degrees insertion, volume::Slice<std::uint8_t> label, Random& random, ScarMap& map);

/// Puts a mapped scar into an image that has been through a camera: intensity between the case's own wall and blood,
/// blurred and textured like it. Pixels whose blurred share is zero stay bit-identical.
struct Tissue { double blood = 1, wall = 0, wall_sd = 0; };
Tissue measure(volume::Slice<const float> image, volume::Slice<const std::uint8_t> label);
void paint(volume::Slice<float> image, const ScarMap& map, const Tissue& tissue, double signal, double blur_px, Random& random);

}  // namespace lge::synth
