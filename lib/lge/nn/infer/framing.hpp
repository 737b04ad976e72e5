#pragma once
// A window that shows the LV as hearts mostly are: round, of middling size, in the middle.
#include "lge/nn/net/image.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace lge::nn {

/// Where the LV (cavity and wall) lies in the plane, and how far it reaches.
struct Ellipse {
    std::array<double, 2> centre{};      // pixels
    std::array<double, 3> covariance{};  // xx, xy, yy in mm^2, of its pixels about the middle of their own slice
};
/// Over all of `slices`, whose pixels are `pixel_mm` along x and y; nothing where none shows the LV.
std::optional<Ellipse> ellipse_of_left(std::span<const volume::Slice<const std::uint8_t>> slices, std::array<double, 2> pixel_mm);

/// A window about the centre in which the ellipse is `share` of the way (in log) to a circle of the same area: resampling to
/// square images stretches hearts. Ratios of its axes above 2.5 are taken for errors, and mended that far.
WindowMap rounded(const Ellipse& ellipse, std::array<double, 2> pixel_mm, double spacing_mm, double share = 1);

/// `map` with a zoom, 0.6 to 1.7, that brings the outer radius of the LV, which is twice the root of the mean covariance,
/// to 36 mm, the middle of what population `wide` draws.
WindowMap resized(const WindowMap& map, const Ellipse& ellipse);

}  // namespace lge::nn
