#pragma once
// From the canonical pose back to the grid that a heart came from, and the AHA map in that grid.
#include "lge/itk/resample.hpp"
#include "lge/orient/pose.hpp"

#include <cstdint>

namespace lge::orient {

/// A canonical label map or picture on the grid of its source, whose slices are parallel to its own: each slice from the
/// one that lies there, interpolated once within it; 0 where there is none. bad_data when the slices are not parallel, or
/// no slice of the two meets (another source).
volume::Volume<std::uint8_t> to_native(const volume::Volume<std::uint8_t>& canonical, const volume::Grid& native);
volume::Volume<float> to_native(const volume::Volume<float>& canonical, const volume::Grid& native, itk::Interpolation interpolation);

/// The AHA segment of each wall pixel of the label map that was judged, 0 elsewhere and where the level is unknown. The
/// angle is that about the centroid of cavity and wall in the slice, from the anterior insertion of the pose on: the rule
/// by which scars are drawn and named in canonical pictures (anatomy::segment_at). Solid wall beyond the cavity is
/// segment 17 or, without `seventeen`, left out.
volume::Volume<std::uint8_t> aha_map(const volume::Volume<std::uint8_t>& label, const Pose& pose, bool seventeen);

}  // namespace lge::orient
