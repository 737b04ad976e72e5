#pragma once
// The wall of one slice, pixel by pixel: found once, and then used for as many scars as are drawn into it.
#include "lge/anatomy/polar.hpp"
#include "lge/volume/grid.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace lge::synth {

struct WallPixel {
    std::uint32_t at = 0;       // index in the slice
    std::uint8_t segment = 0;
    bool normal = true;         // label 2: scar may be drawn here
    float angle = 0;            // degrees counter-clockwise from image right, 0 to 360
    float depth = 0;            // 0 at the endocardium, 1 at the epicardium
    float radius = 0, thickness = 1;  // pixels
};

struct SliceWall {
    anatomy::Level level = anatomy::Level::unknown;
    Degrees insertion;                       // of the anterior RV insertion, counter-clockwise from image right
    double spacing_mm = 1;
    anatomy::WallBorders borders;
    std::vector<WallPixel> pixels;           // of label 2, 3 and 4, row by row
    std::array<int, 18> of_segment{};        // how many pixels each segment has
    std::size_t left = 0, top = 0, width = 0, height = 0;  // box around them
};

/// Nothing when the slice has no wall pixel.
std::optional<SliceWall> find_slice_wall(volume::Slice<const std::uint8_t> label, anatomy::Level level, Degrees insertion, double spacing_mm);

/// The segment that a pixel belongs to: segment_at(level, angle - insertion) of its centre seen from the wall's centre.
/// A finding names a segment exactly when it holds a pixel labelled scar or no-reflow. `insertion`: angle of the
/// anterior RV insertion, counter-clockwise from image right.
int segment_of_pixel(std::size_t x, std::size_t y, anatomy::Level level, const anatomy::WallBorders& wall, Degrees insertion);

/// The segments of a slice's pixels that are labelled scar or no-reflow.
anatomy::Segments segments_with_scar(const SliceWall& wall, volume::Slice<const std::uint8_t> label);

}  // namespace lge::synth
