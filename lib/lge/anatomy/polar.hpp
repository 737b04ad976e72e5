#pragma once
// Polar coordinates of the wall in one short-axis slice: angle about the LV centre, depth through the wall.
#include "lge/anatomy/heart.hpp"
#include "lge/volume/grid.hpp"

#include <optional>
#include <vector>

namespace lge::anatomy {

struct Point { double x = 0, y = 0; };  // pixels; the centre of the first pixel is (0, 0), y down

/// Where a pixel lies in the wall.
struct WallPlace {
    Degrees angle;     ///< counter-clockwise from image right (y up), 0 <= angle < 360
    double depth = 0;  ///< 0 at the endocardium, 1 at the epicardium; outside the wall below 0 or above 1
};

/// The two borders of the wall as radii at evenly spaced angles, in pixels of an isotropic slice, found between pixels:
/// each border is the 0.5 level of the region it encloses (cavity; cavity and wall), interpolated linearly along the ray.
/// Gaps in an open ring (outflow tract) carry the radii of their neighbours and are marked.
struct WallBorders {
    Point centre;                    ///< centroid of cavity and wall
    std::vector<double> endo, epi;   ///< radius in pixels; bin b lies at 360 b / size degrees
    std::vector<bool> open;          ///< no wall pixel on this ray

    [[nodiscard]] WallPlace place(Point p) const;
    [[nodiscard]] Point point(WallPlace at) const;
    /// The share of rays with wall on them, 0-1; 1 is a closed ring.
    [[nodiscard]] double closed() const;
};

/// Nothing when the slice has no wall pixel. A wall without cavity (the apical cap) gets an endocardium of radius 0.
std::optional<WallBorders> find_wall(volume::Slice<const std::uint8_t> label, std::size_t angles = 180);

}  // namespace lge::anatomy
