#pragma once
// Intensities of a case on a common scale, for training.
#include "lge/volume/grid.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace lge::orient {

/// percentile: the 1st and 99th percentile of a case's canonical pixels become 0 and 1. wall: the lower quartile of the LV
/// wall and the median of the LV blood do (the quartile is that of muscle without scar as long as most of the wall has
/// none). Both linear and without clipping. none: values stay.
enum class Normalise { percentile, wall, none };
constexpr std::array<std::pair<std::string_view, Normalise>, 3> choices(Normalise) {
    return {{{"percentile", Normalise::percentile}, {"wall", Normalise::wall}, {"none", Normalise::none}}};
}
/// As the cohort's attribute says it.
std::string_view description(Normalise n);

/// The values of the source that became 0 and 1.
struct Intensity { double zero = 0, one = 1; };

/// Changes `image` in place; NaN marks what lies outside the source and takes the lowest value (0 by percentile). `label`
/// is on its grid, or null. bad_data when it is asked for by wall and has fewer than 20 pixels of wall or of LV blood;
/// where blood is darker than the wall, the distance counts, so that 1 lies as far above.
Intensity normalise(volume::Volume<float>& image, const volume::Volume<std::uint8_t>* label, Normalise how);

}  // namespace lge::orient
