#pragma once
#include "lge/io/cohort.hpp"
#include "lge/metrics/labels.hpp"
#include "lge/metrics/parts.hpp"
#include "lge/volume/grid.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::metrics {

/// The case id of a volume's file: its name without .nii, .nii.gz, .nrrd, .mha or .mhd, and without `suffix` behind it. An
/// empty suffix takes off one of _label, _mask, _seg, _pred, _gt when the name ends so. Nothing when the file is not meant:
/// another ending, a suffix that is missing, or (empty suffix) a name that ends in _image.
std::optional<std::string> case_id(std::string_view file_name, std::string_view suffix);

/// Label maps by case id: a volume (NIfTI, NRRD, MetaImage), a cohort with labels, a manifest of lge.case/1 records with
/// labels, or a folder of volumes. What kind a file is, its content says.
class LabelSource {
public:
    /// Reads a file (or "-"), or lists a folder. no_input when there is no file, or no label map in the folder;
    /// bad_data when two files have one id, or a cohort or a case has no labels.
    LabelSource(const std::string& path, std::string_view suffix, const LabelMap& map);

    [[nodiscard]] std::size_t size() const { return ids_.size(); }
    [[nodiscard]] const std::string& id(std::size_t i) const { return ids_[i]; }
    /// How item i is named in messages.
    [[nodiscard]] std::string name(std::size_t i) const;
    struct Loaded {
        volume::Volume<std::uint8_t> volume;
        std::string sha256;                 ///< of its file
        std::vector<std::string> problems;  ///< what its header says twice and differently
    };
    /// Safe to call from several threads.
    [[nodiscard]] Loaded load(std::size_t i) const;
    /// How item i lies in the heart: a cohort knows, of others `label` is judged.
    [[nodiscard]] HeartFrame frame(std::size_t i, const volume::Volume<std::uint8_t>& label) const;
    /// Of the file that holds or lists the cases; empty for a folder and for a single volume.
    [[nodiscard]] const std::string& sha256() const { return sha256_; }
    /// A single volume: it is compared whatever its name.
    [[nodiscard]] bool single() const { return volume_.has_value(); }

private:
    void take_folder(const std::string& path, std::string_view suffix);
    void take_manifest(const std::string& path, Bytes text);
    std::string path_;
    LabelMap map_;
    std::vector<std::string> ids_;
    std::vector<std::string> files_;  // of a folder or manifest
    std::optional<io::Cohort> cohort_;
    std::optional<Loaded> volume_;    // of a single file, not yet mapped
    std::string sha256_;
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
