#pragma once
#include "lge/io/cohort.hpp"
#include "lge/metrics/labels.hpp"
#include "lge/volume/grid.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::metrics {

/// The case id of a NIfTI file: its name without .nii or .nii.gz, and without `suffix` behind it. An empty suffix takes
/// off one of _label, _mask, _seg, _pred, _gt when the name ends so. Nothing when the file is not meant: another ending
/// than .nii or .nii.gz, a suffix that is missing, or (empty suffix) a name that ends in _image.
std::optional<std::string> case_id(std::string_view file_name, std::string_view suffix);

/// Label maps by case id: a NIfTI file, a cohort with labels, or a folder of NIfTI files. What kind a file is, its
/// content says.
class LabelSource {
public:
    /// Reads a file (or "-"), or lists a folder. no_input when there is no file, or no label map in the folder;
    /// bad_data when two files have one id, or a cohort has no labels.
    LabelSource(const std::string& path, std::string_view suffix, const LabelMap& map);

    [[nodiscard]] std::size_t size() const { return ids_.size(); }
    [[nodiscard]] const std::string& id(std::size_t i) const { return ids_[i]; }
    /// How item i is named in messages.
    [[nodiscard]] std::string name(std::size_t i) const;
    /// Safe to call from several threads.
    [[nodiscard]] volume::Volume<std::uint8_t> load(std::size_t i) const;
    /// A single volume: it is compared whatever its name.
    [[nodiscard]] bool single() const { return volume_.has_value(); }

private:
    std::string path_;
    LabelMap map_;
    std::vector<std::string> ids_;
    std::vector<std::filesystem::path> files_;            // of a folder
    std::optional<io::Cohort> cohort_;
    std::optional<volume::Volume<std::uint8_t>> volume_;  // of a single file, not yet mapped
};

/// Throws bad_data when a voxel is none of the suite's labels.
void check_labels(const volume::Volume<std::uint8_t>& v, const std::string& name);

/// Items of two sources with the same id, in the order of the reference, and the ids that only one side has.
struct Pairing {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;  // reference, prediction
    std::vector<std::string> missing, extra;                 // without prediction, without reference
};
/// Two single volumes always make a pair.
Pairing pair_up(const LabelSource& reference, const LabelSource& prediction);

}  // namespace lge::metrics
