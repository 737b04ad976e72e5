#pragma once
// Whether a drawn scar can be seen for what it is.
#include "lge/synth/wall.hpp"
#include "lge/volume/grid.hpp"

#include <span>

namespace lge::synth {

/// Of the scars that were drawn into a case. (Slices with less than 20 mm2 are left out when scars are mapped.)
struct Quality {
    double contrast_sd = 0;     // mean of scar above remote wall, in SDs of remote wall
    double clear_of_blood = 0;  // share of the scar's pixels that have no blood beside them
    double area_mm2 = 0;        // in the slice that has most
    static constexpr double minimal_clear = 0.15, minimal_area_mm2 = 20;
    /// `minimal_contrast_sd` 0: any scar that has a pixel.
    [[nodiscard]] bool good(double minimal_contrast_sd) const {
        if (minimal_contrast_sd <= 0) return area_mm2 > 0;
        return contrast_sd >= minimal_contrast_sd && clear_of_blood >= minimal_clear && area_mm2 >= minimal_area_mm2;
    }
};

/// Scar: pixels of label 3 (contrast) or 3 and 4 (the others) where `before` says normal wall; an empty `before` says so
/// everywhere. Remote: as a reader's regions of interest, the pixels of label 2 with four wall neighbours in each eighth of
/// each slice; the medians of their means and SDs are taken (of all pixels of label 2 where the wall is too thin).
Quality judge(const volume::Volume<float>& image, const volume::Volume<std::uint8_t>& label, std::span<const std::uint8_t> before);

}  // namespace lge::synth
