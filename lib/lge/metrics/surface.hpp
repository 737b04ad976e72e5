#pragma once
#include "lge/base/array.hpp"
#include "lge/base/units.hpp"
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <optional>

namespace lge::metrics {

/// A mask on an orthogonal lattice: 1 inside, 0 outside, i fastest.
struct Mask {
    std::array<std::size_t, 3> shape{};
    volume::Vec3 spacing{1, 1, 1};  // mm
    Array<std::uint8_t> voxels;
};

/// Squared distance in mm^2 from each voxel centre to the nearest voxel of the mask, exact on anisotropic lattices;
/// infinite everywhere when the mask is empty. Lower envelopes of parabolas, one axis after the other
/// (Felzenszwalb and Huttenlocher, Theory of Computing 2012;8:415-428).
Array<double> squared_distance(const Mask& mask);

/// Voxels of the mask with a face neighbour outside it. What lies beyond the lattice is outside, except along an axis of
/// length 1, which has no neighbours.
Mask border(const Mask& mask);

/// Distances between the borders of two masks, in both directions, from voxel centre to voxel centre.
struct SurfaceDistances {
    double hd_mm = 0;         ///< the greatest
    double hd95_mm = 0;       ///< the 95 % quantile of both directions pooled, interpolated linearly
    double assd_mm = 0;       ///< the mean of both directions pooled
    double surface_dice = 0;  ///< the share of both borders within the tolerance of the other
};

/// Nothing when either mask is empty. Both masks lie on the same lattice.
std::optional<SurfaceDistances> surface_distances(const Mask& a, const Mask& b, Mm tolerance);

}  // namespace lge::metrics
