#pragma once
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <vector>

namespace lge::itk {

/// The image without its slow shading: N4 (Tustison et al., IEEE TMI 2010;29:1310) within `mask` (not 0), its field fitted
/// on every fourth pixel of a slice and applied to all voxels. Same grid, both; bad_data when the mask is empty.
volume::Volume<float> correct_bias(const volume::Volume<float>& image, const volume::Volume<std::uint8_t>& mask);

/// The pieces of a mask (not 0) that hang together through faces, or with `corners` through edges and corners too.
struct Components {
    volume::Volume<std::uint32_t> number;  // 0 outside, 1 the largest, and so on
    std::vector<std::uint64_t> voxels;     // of component n at [n - 1], falling
};
Components components(const volume::Volume<std::uint8_t>& mask, bool corners = false);

}  // namespace lge::itk
