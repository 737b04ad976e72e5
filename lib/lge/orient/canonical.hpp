#pragma once
// A case in the canonical pose, and the record of how it got there.
#include "lge/io/cohort.hpp"
#include "lge/itk/resample.hpp"
#include "lge/orient/pose.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace lge::orient {

/// percentile: the 1st and 99th percentile of a case's canonical pixels become 0 and 1, linearly and without clipping.
enum class Normalise { percentile, none };
constexpr std::array<std::pair<std::string_view, Normalise>, 2> choices(Normalise) {
    return {{{"percentile", Normalise::percentile}, {"none", Normalise::none}}};
}
/// As the cohort's attribute says it.
std::string_view description(Normalise n);

struct Canvas {
    Mm spacing{1.25};
    std::size_t size = 128;
    itk::Interpolation interpolation = itk::Interpolation::linear;
    Normalise normalise = Normalise::percentile;
};

struct CanonicalCase {
    io::CohortCase about;
    volume::Volume<float> image;
    volume::Volume<std::uint8_t> label;
    std::vector<anatomy::Level> level;
};

/// One interpolation from source to canonical, within each slice. What lies outside the source takes the lowest value
/// (after normalisation: 0). `label` lies on the grid of `image`; the pose must have LV.
CanonicalCase to_canonical(std::string id, const volume::Volume<float>& image, const volume::Volume<std::uint8_t>& label, const Pose& pose, const Canvas& canvas);

/// Adds a case behind the others; slices of one size.
void append(io::Cohort& cohort, const CanonicalCase& c);

/// lge.orient/1, one line. Lengths in LPS mm of the source, angles in degrees.
std::string write_record(std::string_view id, const Pose& pose);

}  // namespace lge::orient
