#pragma once
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace lge::plot {

struct Point {
    double x = 0, y = 0;
    auto operator<=>(const Point&) const = default;
};

/// The closed lines around the pixels where `inside` is not 0, by marching squares at one half: corners of the lattice
/// of pixel centres are cut at 45 degrees. The centre of the first pixel is (0, 0); what lies beyond the slice is outside.
/// Two pixels that touch only at a corner are kept apart. The inside lies to the right of each line as drawn on
/// screen (y down); the last point is not the first again.
std::vector<std::vector<Point>> outlines(volume::Slice<const std::uint8_t> inside);

}  // namespace lge::plot
