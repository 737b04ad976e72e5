#pragma once
// Volumes from one grid onto another. In the canonical pose slices are kept and only resampled within their plane.
#include "lge/volume/grid.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>

namespace lge::itk {

enum class Interpolation { linear, bspline };
constexpr std::array<std::pair<std::string_view, Interpolation>, 2> choices(Interpolation) {
    return {{{"linear", Interpolation::linear}, {"bspline", Interpolation::bspline}}};
}

/// Values at the points of `onto`; `outside` beyond half a voxel from the volume. bspline is cubic.
volume::Volume<float> resample(const volume::Volume<float>& v, const volume::Grid& onto, Interpolation interpolation, float outside);
/// Each label is interpolated linearly as a mask of its own and the strongest wins (the lower of equals), so labels never
/// blend into others. 0 outside.
volume::Volume<std::uint8_t> resample_labels(const volume::Volume<std::uint8_t>& v, const volume::Grid& onto);

/// In place of a slice to resample from: the slice of the result lies outside.
inline constexpr std::size_t no_slice = std::numeric_limits<std::size_t>::max();
/// Slice n of `onto` from slice `from[n]` of `v` alone: interpolated in the plane, never between slices. The part of the
/// grids' offset that lies along the slice axis is ignored.
volume::Volume<float> resample_slices(const volume::Volume<float>& v, const volume::Grid& onto, std::span<const std::size_t> from,
                                      Interpolation interpolation, float outside);
volume::Volume<std::uint8_t> resample_label_slices(const volume::Volume<std::uint8_t>& v, const volume::Grid& onto, std::span<const std::size_t> from);

}  // namespace lge::itk
