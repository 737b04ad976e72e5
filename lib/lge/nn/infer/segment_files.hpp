#pragma once
// Label maps for what files hold.
#include "lge/base/stream.hpp"
#include "lge/io/provenance.hpp"
#include "lge/nn/infer/inputs.hpp"
#include "lge/nn/infer/segmenter.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lge::nn {

/// The grid of label maps: the image's own, or the canonical pose as lge-orient makes it by default.
enum class MapGrid : std::uint8_t { native, canonical };
constexpr std::array<std::pair<std::string_view, MapGrid>, 2> choices(MapGrid) { return {{{"native", MapGrid::native}, {"canonical", MapGrid::canonical}}}; }

/// How many cases go side by side, and whether one that cannot be read ends the run.
struct RunChoice {
    unsigned threads = 0;
    bool keep_going = false;
    Overwrite overwrite = Overwrite::no;
};

/// Where label maps and what belongs to them go; what is empty is not written.
struct MapTargets {
    std::string output = "-";     // the label map of one image, the labelled cohort, or the manifest with its labels
    std::string folder;           // of several label maps, each named after its case
    std::string uncertainty;      // a file beside one label map, a cohort beside a cohort, else a folder
    std::string landmarks;        // lge.landmarks/1
    bool summary = false;         // a line a case for people: in place of the manifest, else on standard output
    MapGrid grid = MapGrid::native;
    bool keep_scar = false;       // of a cohort: scar and no-reflow of the old labels stay where the new wall is, so that a
                                  // detector learns on outlines of the kind it will meet
};

/// Draws the hearts of `inputs`: one image or cohort, or any number of images and manifests. usage when the targets do not
/// fit what the inputs hold.
ExitCode segment_files(const Segmenter& segmenter, Inputs& inputs, bool several, const MapTargets& targets, const RunChoice& run, const io::History& history, const Log& log);

/// A case's file in a folder; bad_data for an id that is no file name: with a slash, or a dot in front.
std::string file_of_case(const std::string& folder, const std::string& id, std::string_view ending = ".nii.gz");

}  // namespace lge::nn
