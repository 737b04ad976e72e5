#pragma once
// Results of the canonical pose in the file that the heart came from.
#include "lge/io/nifti.hpp"
#include "lge/io/provenance.hpp"
#include "lge/itk/resample.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::orient {

/// What of a canonical file is meant: its label map, or its picture (a heat map).
enum class Values { label, image };
constexpr std::array<std::pair<std::string_view, Values>, 2> choices(Values) { return {{{"label", Values::label}, {"image", Values::image}}}; }

struct Inverse {
    std::string canonical, source;         // a cohort or a volume in the canonical pose; the volume that it was made of
    std::optional<std::string> case_id;    // of the cohort; else its only case
    Values values = Values::label;
    itk::Interpolation interpolation = itk::Interpolation::linear;
};

struct Native {
    io::Nifti voxels;                 // on the source's grid: uint8 labels or float32
    std::optional<io::Nifti> header;  // of the source, where that is a NIfTI file
    std::vector<std::string> hashes;  // SHA-256 of what was read
};

/// Labels or pixels back on the grid of their source. bad_data with the file's name when the cohort has no such case, no
/// labels, or does not fit the source; usage when it has several cases and none is named.
Native bring_back(const Inverse& wanted);

/// The bytes of a NIfTI file: with the source's own header where there is one, else with one of its grid.
Bytes encode_native(const io::Nifti& voxels, const std::optional<io::Nifti>& header, const io::History& history, bool compress);

}  // namespace lge::orient
