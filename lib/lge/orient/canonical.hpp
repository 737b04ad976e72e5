#pragma once
// A case in the canonical pose, and how it goes into a cohort.
#include "lge/io/cohort.hpp"
#include "lge/itk/resample.hpp"
#include "lge/orient/normalise.hpp"
#include "lge/orient/pose.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lge::orient {

struct Canvas {
    Mm spacing{1.25};
    std::size_t size = 128;
    itk::Interpolation interpolation = itk::Interpolation::linear;
    Normalise normalise = Normalise::percentile;
    Stacking stacking = Stacking::leaning;
};

struct CanonicalCase {
    io::CohortCase about;
    volume::Volume<float> image;
    std::optional<volume::Volume<std::uint8_t>> label;
    std::vector<anatomy::Level> level;
    std::vector<std::string> findings, captions;  // JSON a slice, as in a cohort, or empty
    Intensity intensity;
};

/// One interpolation from source to canonical, within each slice. `label` lies on the grid of `image`, or is null; the
/// pose must have LV. bad_data when the intensity cannot be normalised.
CanonicalCase to_canonical(std::string id, const volume::Volume<float>& image, const volume::Volume<std::uint8_t>* label, const Pose& pose, const Canvas& canvas);

/// Adds a case behind the others; slices of one size. Where only some cases have findings or captions the others say
/// nothing: "{}" and "[]". bad_data when some have labels and others none.
void append(io::Cohort& cohort, const CanonicalCase& c);

}  // namespace lge::orient
