#pragma once
// Distances between the borders of two masks, on an exact Euclidean distance transform.
#include "lge/base/array.hpp"
#include "lge/base/units.hpp"
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::metrics {

/// A mask on an orthogonal lattice: 1 inside, 0 outside, i fastest.
struct Mask {
    std::array<std::size_t, 3> shape{};
    volume::Vec3 spacing{1, 1, 1};  // mm
    Array<std::uint8_t> voxels;
};

/// Squared distance in mm^2 from each voxel centre to the nearest voxel of the mask, exact on anisotropic lattices;
/// infinite everywhere when the mask is empty. Two scans along the rows, then minima of parabolas along the other axes, by
/// search where all that is wanted is near and by their lower envelope elsewhere (Felzenszwalb and Huttenlocher, Theory of
/// Computing 2012;8:415-428). Where `wanted` (a number a voxel) is not empty, only voxels with a number other than 0 hold
/// their distance.
Array<double> squared_distance(const Mask& mask, std::span<const std::uint8_t> wanted = {});

/// Voxels of the mask with a face neighbour outside it. What lies beyond the lattice is outside, except along an axis of
/// length 1, which has no neighbours.
Mask border(const Mask& mask);

/// Which 95 % Hausdorff distance: the quantile over both directions pooled, or the larger or the mean of the quantiles of
/// the two directions.
enum class Hd95 : std::uint8_t { pooled, max, mean };
constexpr std::array<std::pair<std::string_view, Hd95>, 3> choices(Hd95) { return {{{"pooled", Hd95::pooled}, {"max", Hd95::max}, {"mean", Hd95::mean}}}; }

struct SurfaceSettings {
    Mm tolerance{2};  ///< of the surface Dice
    Mm boundary{2};   ///< width of the rim that the boundary IoU compares
    Hd95 hd95 = Hd95::pooled;
};

/// Distances between the borders of two masks, in both directions, from voxel centre to voxel centre.
struct SurfaceDistances {
    double hd_mm = 0;         ///< the greatest
    double hd95_mm = 0;       ///< the 95 % quantile (type 7: interpolated linearly), as Hd95 says
    double assd_mm = 0;       ///< the mean of both directions pooled
    double masd_mm = 0;       ///< the mean of the means of the two directions
    double surface_dice = 0;  ///< the share of both borders within the tolerance of the other
    double boundary_iou = 0;  ///< intersection over union of the rims: voxels of a mask within the width of its own border
                              ///< (Cheng et al., CVPR 2021:15334-15342)
};

/// Nothing when either mask is empty. Both masks lie on the same lattice. Distances that equal a tolerance but for rounding
/// (1e-9 mm) are within it.
std::optional<SurfaceDistances> surface_distances(const Mask& a, const Mask& b, const SurfaceSettings& settings);

/// The same for parts of the lattice: `part` gives the part of each voxel, below `parts`. The borders are those of the whole
/// masks; a part is given the distances of the border voxels that lie in it. Nothing for a part where a mask has no border.
std::vector<std::optional<SurfaceDistances>> surface_distances(const Mask& a, const Mask& b, const SurfaceSettings& settings,
                                                               std::span<const std::uint8_t> part, std::size_t parts);

}  // namespace lge::metrics
