#include "lge/metrics/label_source.hpp"

#include "lge/base/error.hpp"
#include "lge/base/hash.hpp"
#include "lge/io/nifti.hpp"
#include "lge/io/records.hpp"
#include "lge/itk/read.hpp"
#include "lge/orient/source.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <unordered_map>

namespace lge::metrics {
namespace {

namespace fs = std::filesystem;

/// Regular files of a folder, in the order of their names.
std::vector<fs::path> list(const std::string& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (at->is_regular_file(error)) files.push_back(at->path());
    if (error) throw Error(ExitCode::no_input, display_name(folder) + ": cannot be listed: " + error.message());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

std::optional<std::string> case_id(std::string_view name, std::string_view suffix) {
    const auto drop = [&name](std::string_view end) {
        if (!name.ends_with(end) || name.size() == end.size()) return false;
        name.remove_suffix(end.size());
        return true;
    };
    if (!drop(".nii.gz") && !drop(".nii") && !drop(".nrrd") && !drop(".mha") && !drop(".mhd")) return std::nullopt;
    if (!suffix.empty()) {
        if (!drop(suffix)) return std::nullopt;
        return std::string(name);
    }
    if (name.ends_with("_image")) return std::nullopt;
    constexpr std::array<std::string_view, 5> endings{"_label", "_mask", "_seg", "_pred", "_gt"};
    for (const auto end : endings)
        if (drop(end)) break;
    return std::string(name);
}

LabelSource::LabelSource(const std::string& path, std::string_view suffix, const LabelMap& map) : path_(path), map_(map) {
    std::error_code error;
    if (path != "-" && fs::is_directory(path, error)) {
        take_folder(path, suffix);
        return;
    }
    Bytes file = read_file(path);
    const std::string shown = display_name(path);
    const auto text = as_text(file);
    const auto first = text.find_first_not_of(" \t\r\n");
    if (io::looks_like_hdf5(file)) {
        sha256_ = lge::sha256(file);
        cohort_ = io::decode_cohort(file, shown);
        if (cohort_->label.empty()) throw Error(ExitCode::bad_data, shown + ": cohort has no labels");
        for (const auto& c : cohort_->cases) ids_.push_back(c.id);
    } else if (first != std::string_view::npos && text[first] == '{') {
        sha256_ = lge::sha256(file);
        take_manifest(path, std::move(file));
    } else if (io::looks_like_nifti(file)) {
        auto image = io::decode_nifti(file, shown);
        volume_ = Loaded{io::to_labels(image, shown), lge::sha256(file), std::move(image.problems)};
    } else if (itk::format_of(file) != itk::Format::none && path != "-") {
        auto read = orient::read_labels(path);
        volume_ = Loaded{std::move(read.volume), std::move(read.sha256), std::move(read.problems)};
    } else {
        throw Error(ExitCode::bad_data, shown + (path == "-" ? ": no NIfTI, cohort or manifest" : ": no NIfTI, NRRD, MetaImage, cohort or manifest"));
    }
    if (volume_) ids_.push_back(path == "-" ? path : case_id(shown, suffix).value_or(io::case_id(path)));
}

void LabelSource::take_folder(const std::string& path, std::string_view suffix) {
    for (auto& file : list(path)) {
        auto id = case_id(file.filename().string(), suffix);
        if (!id) continue;
        if (std::find(ids_.begin(), ids_.end(), *id) != ids_.end())
            throw Error(ExitCode::bad_data, display_name(path) + ": two files have the same case id, wanted one file a case");
        ids_.push_back(std::move(*id));
        files_.push_back(file.string());
    }
    if (ids_.empty()) throw Error(ExitCode::no_input, display_name(path) + ": no label map here, wanted .nii, .nii.gz, .nrrd, .mha or .mhd files");
}

void LabelSource::take_manifest(const std::string& path, Bytes text) {
    for (auto& c : io::read_manifest(path, json::Lines(std::move(text), display_name(path)))) {
        if (!c.label) throw Error(ExitCode::bad_data, display_name(path) + ": a case has no label");
        ids_.push_back(std::move(c.id));
        files_.push_back(std::move(*c.label));
    }
    if (ids_.empty()) throw Error(ExitCode::bad_data, display_name(path) + ": no case");
}

std::string LabelSource::name(std::size_t i) const {
    if (!files_.empty()) return display_name(files_[i]);
    return cohort_ ? display_name(path_) + ": case " + std::to_string(i + 1) : display_name(path_);
}

LabelSource::Loaded LabelSource::load(std::size_t i) const {
    Loaded l;
    if (volume_) {
        l = *volume_;
    } else if (cohort_) {
        const auto& c = cohort_->cases[i];
        l = {volume::Volume<std::uint8_t>(cohort_->grid(i)), sha256_, {}};
        const auto first = cohort_->label.begin() + static_cast<std::ptrdiff_t>(c.first_slice * cohort_->slice_size());
        std::copy_n(first, l.volume.voxels.size(), l.volume.voxels.begin());
    } else {
        auto read = orient::read_labels(files_[i]);
        l = {std::move(read.volume), std::move(read.sha256), std::move(read.problems)};
    }
    if (map_ != unchanged_labels())
        for (auto& label : l.volume.voxels) label = map_[label];
    return l;
}

HeartFrame LabelSource::frame(std::size_t i, const volume::Volume<std::uint8_t>& label) const {
    return cohort_ ? frame_of(*cohort_, i) : frame_of(label);
}

void check_labels(const volume::Volume<std::uint8_t>& v, const std::string& name) {
    const auto highest = v.voxels.empty() ? 0 : *std::max_element(v.voxels.begin(), v.voxels.end());
    if (highest >= anatomy::label_count)
        throw Error(ExitCode::bad_data, name + ": label " + std::to_string(highest) + " is not known, wanted 0 to 5; --label takes other numbers");
}

Pairing pair_up(const LabelSource& reference, const LabelSource& prediction) {
    Pairing p;
    if (reference.single() && prediction.single()) {
        p.pairs.emplace_back(0, 0);
        return p;
    }
    std::unordered_map<std::string_view, std::size_t> predicted;
    for (std::size_t i = 0; i < prediction.size(); ++i) predicted.emplace(prediction.id(i), i);
    for (std::size_t i = 0; i < reference.size(); ++i) {
        const auto found = predicted.find(reference.id(i));
        if (found == predicted.end()) {
            p.missing.push_back(reference.id(i));
            continue;
        }
        p.pairs.emplace_back(i, found->second);
        predicted.erase(found);
    }
    for (std::size_t i = 0; i < prediction.size(); ++i)
        if (predicted.contains(prediction.id(i))) p.extra.push_back(prediction.id(i));
    return p;
}

}  // namespace lge::metrics
