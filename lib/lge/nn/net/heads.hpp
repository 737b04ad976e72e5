#pragma once
// What a segmentation network may tell beside classes: where the RV joins the LV, and how a slice was turned out of the
// canonical pose. For use inside nn and its tests.
#include "lge/nn/net/image.hpp"
#include "lge/nn/net/peak.hpp"

#include <ATen/core/Tensor.h>

#include <array>
#include <cstddef>

namespace lge::nn {

/// Deviation of a heat map's target, and the radius in which a peak is weighed.
inline constexpr double insertion_sigma_mm = 3, insertion_reach_mm = 9;
/// Poses are numbered by quarter turns, 0 to 3, plus 4 for mirrored slices, as SeenPose has them.
inline constexpr std::size_t pose_count = 8;

/// The shares of the poses next to that of a window, which `map` cuts from a canonical slice of square pixels, stretched
/// perhaps to a round heart: of the two quarter turns between which its turn lies, by nearness.
std::array<float, pose_count> pose_shares(const WindowMap& map);
/// `map` turned and mirrored so that the window shows pose `number` of the slice.
WindowMap in_pose(const WindowMap& map, std::size_t number);

/// Costs [B,2] of heat maps, logits [B,2,H,W]: the divergence (Kullback and Leibler) of their softmax over the pixels from a
/// Gaussian of deviation `sigma` round each of `points` [B,2,2] (x, y), all in pixels; 0 where a point is not finite.
at::Tensor insertion_costs(const at::Tensor& heat, const at::Tensor& points, double sigma);
/// The cross entropy [B] of poses: logits [B,8], shares [B,8].
at::Tensor pose_costs(const at::Tensor& logits, const at::Tensor& shares);

/// The peak of a map of size x size shares: the centroid of what lies within `reach` pixels of its highest pixel, and then
/// of what lies so near to that centroid; the confidence is the share that lies there. In pixels of the map.
Peak find_peak(const float* map, std::size_t size, double reach);

}  // namespace lge::nn
