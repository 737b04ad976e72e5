#include "lge/metrics/label_source.hpp"

#include "lge/base/error.hpp"
#include "lge/io/nifti.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace lge::metrics {
namespace {

namespace fs = std::filesystem;

volume::Volume<std::uint8_t> decode_volume(std::span<const std::byte> file, const std::string& name) {
    return io::to_labels(io::decode_nifti(file, name), name);
}

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
    if (!drop(".nii.gz") && !drop(".nii")) return std::nullopt;
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
        for (auto& file : list(path)) {
            auto id = case_id(file.filename().string(), suffix);
            if (!id) continue;
            if (std::find(ids_.begin(), ids_.end(), *id) != ids_.end())
                throw Error(ExitCode::bad_data, display_name(path) + ": two files have the same case id, wanted one file a case");
            ids_.push_back(std::move(*id));
            files_.push_back(std::move(file));
        }
        if (ids_.empty()) throw Error(ExitCode::no_input, display_name(path) + ": no label map here, wanted .nii or .nii.gz files");
        return;
    }
    const Bytes file = read_file(path);
    const std::string shown = display_name(path);
    if (io::looks_like_hdf5(file)) {
        cohort_ = io::decode_cohort(file, shown);
        if (cohort_->label.empty()) throw Error(ExitCode::bad_data, shown + ": cohort has no labels");
        for (const auto& c : cohort_->cases) ids_.push_back(c.id);
    } else if (io::looks_like_nifti(file)) {
        volume_ = decode_volume(file, shown);
        ids_.push_back(path == "-" ? path : case_id(shown, suffix).value_or(shown.substr(0, shown.find(".nii"))));
    } else {
        throw Error(ExitCode::bad_data, shown + ": neither NIfTI nor a cohort");
    }
}

std::string LabelSource::name(std::size_t i) const {
    if (!files_.empty()) return files_[i].filename().string();
    return cohort_ ? display_name(path_) + ": case " + std::to_string(i + 1) : display_name(path_);
}

volume::Volume<std::uint8_t> LabelSource::load(std::size_t i) const {
    volume::Volume<std::uint8_t> v;
    if (volume_) {
        v = *volume_;
    } else if (cohort_) {
        const auto& c = cohort_->cases[i];
        v = volume::Volume<std::uint8_t>(cohort_->grid(i));
        const auto first = cohort_->label.begin() + static_cast<std::ptrdiff_t>(c.first_slice * cohort_->slice_size());
        std::copy_n(first, v.voxels.size(), v.voxels.begin());
    } else {
        v = decode_volume(read_file(files_[i].string()), name(i));
    }
    for (auto& label : v.voxels) label = map_[label];
    return v;
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
