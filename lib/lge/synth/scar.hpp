#pragma once
// What a controller asks for (wall, level, extent) and how it becomes pixels of a slice.
#include "lge/anatomy/finding.hpp"
#include "lge/anatomy/polar.hpp"
#include "lge/base/random.hpp"
#include "lge/synth/field.hpp"
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
    double z_centre = 0.5, z_half = 1;            // along the heart, 0 first slice, 1 last; the arc shrinks as an ellipse
    double raggedness = 0.1;                      // of the wall's thickness
    double signal = 1.2;                          // wall + signal x |blood - wall|
    double thinning = 0;                          // share of the wall's thickness that a phantom loses here
    bool no_reflow = false;
};

/// The half-width in degrees that is left at height z; 0 beyond the scar's ends.
double half_width_at(const Scar& scar, double z);

/// Draws one or two scars for a heart that has the given levels. `signal`: range of Scar::signal; `thin_share`: how
/// often a transmural or subendocardial scar thins its wall.
std::vector<Scar> draw_scars(const Wish& wish, std::span<const anatomy::Level> levels, double signal_low, double signal_high,
                             double thin_share, Random& random);

/// Share of scar and of no-reflow in each pixel of a slice, 0-1, partial volume at the borders included.
struct ScarMap {
    Plane scar, no_reflow;
    Plane signal;                      // Scar::signal of the scar that fills the pixel
    anatomy::Segments segments;        // where pixels of scar or no-reflow lie
    std::uint32_t scars = 0;           // bit i: scar i has pixels here
    std::size_t left = 0, right = 0, top = 0, bottom = 0;  // box [left, right) x [top, bottom) around all shares above 0
};

/// The segment that a pixel belongs to: segment_at(level, angle - insertion) of its centre seen from the wall's centre.
/// A finding names a segment exactly when it holds a pixel labelled scar or no-reflow. `insertion`: angle of the
/// anterior RV insertion, counter-clockwise from image right.
int segment_of_pixel(std::size_t x, std::size_t y, anatomy::Level level, const anatomy::WallBorders& wall, Degrees insertion);

/// Maps scars into one slice. A pixel of normal wall (label 2) whose share is half or more becomes scar (3) or no-reflow
/// (4) in `label`. A segment of which less than 6 % of the wall (or less than 4 pixels) would be scar gets none.
ScarMap map_scars(std::span<const Scar> scars, double z, anatomy::Level level, const anatomy::WallBorders& wall,
                  Degrees insertion, volume::Slice<std::uint8_t> label, Random& random);

/// Brightness of blood and of normal wall, and the wall's spread, from labelled pixels.
struct Tissue { double blood = 1, wall = 0, wall_sd = 0; };
/// Over any number of pixels: the 60 % quantile of cavity, the 40 % quantile of normal wall and half its 16-84 % range.
/// Nothing when either has fewer than 10 pixels.
std::optional<Tissue> measure(std::span<const float> image, std::span<const std::uint8_t> label);

/// Puts a mapped scar into an image that has been through a camera: its intensity stands to the case's own wall and
/// blood as Scar::signal says, its edge is blurred and its noise matches the wall's. Pixels that the blurred scar does
/// not reach stay bit-identical.
void paint(volume::Slice<float> image, const ScarMap& map, const Tissue& tissue, double blur_px, Random& random);

}  // namespace lge::synth
