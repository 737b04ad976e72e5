#pragma once
// The wall of a short-axis slice, unwrapped: columns around the circle, rows through the wall, intensities relative to
// the heart itself. In the canonical pose the first column is the anterior RV insertion, so a column is a wall.
#include "lge/anatomy/polar.hpp"
#include "lge/base/random.hpp"
#include "lge/volume/grid.hpp"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace lge::nn {

inline constexpr std::size_t strip_angles = 96, strip_rows = 24, strip_channels = 3;
inline constexpr std::size_t strip_pixels = strip_rows * strip_angles;
inline constexpr double strip_first_depth = -0.6, strip_last_depth = 1.5;  // of the first and the last row

/// How far the borders that a strip follows may lie from those of the mask: networks that learn on exact masks fail on
/// predicted ones.
struct BorderRange {
    double turn_deg = 8;     // of the insertion
    bool mirror = false;     // the ring runs the other way round in half of them
    double stretch = 0.25;   // of the wall's thickness, logarithmic
    double shift = 0.2;      // of the wall through its depth
};
/// One such deviation, a value an angle.
struct BorderShift {
    double turn_deg = 0;
    bool mirrored = false;
    std::array<double, strip_angles> stretch, shift;  // depth becomes 0.5 + (depth - 0.5) stretch + shift
    static BorderShift none();
    static BorderShift draw(const BorderRange& range, Random& random);
};

/// Where a strip's pixels lie in the slice, row by row.
using StripPoints = std::vector<anatomy::Point>;
StripPoints strip_points(const anatomy::WallBorders& wall, const BorderShift& shift);

/// The wall of a label map whose strip can be read: at least half of the ring there, and a cavity.
std::optional<anatomy::WallBorders> readable_wall(volume::Slice<const std::uint8_t> label);

/// What a strip's intensities are measured by: 0 is the wall's lower quartile, 1 the blood.
struct HeartScale {
    float wall = 0, blood = 1;
    [[nodiscard]] float contrast() const { return blood - wall; }
};
/// Brightness in the middle of the cavity and of the wall, off their borders.
struct HeartSamples {
    std::vector<float> blood, muscle;
};
HeartSamples sample_heart(volume::Slice<const float> image, const anatomy::WallBorders& wall);
HeartScale heart_scale(HeartSamples samples);

/// The three channels [3, rows, angles]: intensity on the heart's own scale; the same relative to the profile of the
/// whole wall, so that the brightest part of any wall stands out; depth. `scale.blood` keeps the mask's place, the wall's
/// level is measured on the strip itself.
void fill_strip(volume::Slice<const float> image, const StripPoints& points, const HeartScale& scale, std::span<float> out);
/// The share of scar and no-reflow [rows/2, angles/2], 0-1.
void fill_scar(volume::Slice<const std::uint8_t> label, const StripPoints& points, std::span<float> out);

/// What one scanner and one reader do unlike another, on the first two channels: gain, level, noise.
void vary_strip(std::span<float> strip, Random& random);

/// Marks the slices of a case whose contrast is too far below its median for a strip to mean anything.
std::vector<bool> enough_contrast(std::span<const float> contrast);

}  // namespace lge::nn
