#pragma once
// From what inputs name to cases in the canonical pose.
#include "lge/io/nifti.hpp"
#include "lge/nn/infer/inputs.hpp"
#include "lge/nn/infer/segmenter.hpp"
#include "lge/orient/pose.hpp"

#include <memory>
#include <optional>
#include <string>

namespace lge::nn {

/// An image as it lies in its file, with a label map on its grid.
struct Labelled {
    volume::Volume<float> image;
    volume::Volume<std::uint8_t> label;
    std::optional<io::Nifti> header;   // of the image, where that is a NIfTI file
    std::string sha256;                // of the image
    std::optional<Segmented> drawn;    // what the network drew, where the label map is its work
};
/// Reads the image of an item that is no cohort's case, and its label map; where it has none the segmenter draws it. What is
/// odd about the image is told to `log`. bad_data with the file's name: damage, a label map on another grid or with other
/// numbers, or neither label map nor segmenter.
Labelled read_labelled(const Item& item, const Segmenter* segmenter, const Log& log);

/// The pose of a labelled heart, with the landmarks that the item's record names. bad_data where there is no LV.
orient::Pose pose_of(const Item& item, const volume::Volume<std::uint8_t>& label);

/// A heart in the canonical pose, and where it came from.
struct PosedCase {
    std::shared_ptr<const io::Cohort> cohort;
    std::size_t number = 0;                  // in the cohort
    std::optional<Labelled> native;          // nothing: the case of a cohort file
};
/// Cohorts' cases as they are; others oriented as lge-orient does by default.
PosedCase pose_case(const Item& item, const Segmenter* segmenter, const Log& log);

}  // namespace lge::nn
