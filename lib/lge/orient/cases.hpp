#pragma once
// The cases that a command line names, and what one of them becomes.
#include "lge/io/cohort.hpp"
#include "lge/orient/canonical.hpp"
#include "lge/orient/points.hpp"
#include "lge/orient/source.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lge::orient {

/// One case to orient: a volume with a label map, landmarks or both, or a case of a cohort.
struct Case {
    std::string id;
    Place image;                                 // where a message says it lies
    std::string label, landmark_file;            // paths, or empty
    std::optional<io::Landmarks> landmarks;
    std::shared_ptr<const io::Cohort> cohort;
    std::size_t number = 0;                      // in the cohort
    std::string cohort_sha256;
};

/// Each input is a volume, a cohort, or a manifest of lge.case/1, told by content. `labels` belong to the volumes in turn,
/// and so do the files of `landmarks` that name no case; those with ids serve every case. usage when their counts differ
/// or "-" occurs twice; bad_data for an id that comes twice, or a manifest's case with neither label nor landmarks.
std::vector<Case> gather_cases(const std::vector<std::string>& inputs, const std::vector<std::string>& labels, const std::vector<std::string>& landmarks);

/// What is wanted of each case.
struct Work {
    Settings settings;
    Canvas canvas;
    itk::SeriesChoice series;
    std::array<std::uint8_t, 256> label_numbers{};  // what each number of a label map is read as
    bool pixels = true;                              // make the canonical case, not only the pose
    bool aha = false, seventeen = false;             // make the AHA map, with segment 17
};

struct Oriented {
    Pose pose;
    std::optional<CanonicalCase> canonical;
    std::optional<volume::Volume<std::uint8_t>> aha;  // on the grid of the source
    std::optional<io::Nifti> header;                  // of the source, where that is a NIfTI file
    std::vector<std::string> hashes, problems;        // SHA-256 of what was read; what headers say twice
};

/// Reads, judges and resamples one case. bad_data with the file's name for what keeps it from being done: grids that
/// differ, labels without meaning, no LV where pixels are wanted.
Oriented orient_case(const Case& c, const Work& work);

}  // namespace lge::orient
