#include "lge/nn/infer/heat_folder.hpp"

#include "lge/nn/infer/segment_files.hpp"
#include "lge/orient/inverse.hpp"
#include "lge/orient/native.hpp"

#include <algorithm>
#include <filesystem>

namespace lge::nn {

HeatFolder::HeatFolder(std::string folder, Overwrite overwrite, io::History history) : folder_(std::move(folder)), overwrite_(overwrite), history_(std::move(history)) { make_folder(folder_); }

void HeatFolder::add(const Item& item, const PosedCase& posed, const std::string& what, const volume::Volume<float>& heat) {
    if (const auto& native = posed.native) {
        io::History own = history_;
        own.inputs = {native->sha256};
        const auto back = orient::to_native(heat, native->image.grid, itk::Interpolation::linear);
        write_file(file_of_case(folder_, item.record.id, "_" + what + ".nii.gz"), overwrite_, orient::encode_native(io::to_nifti(back), native->header, own, true));
        return;
    }
    const io::Cohort& from = *posed.cohort;
    auto& to = cohorts_[what];
    if (to.cases.empty()) {
        to.width = from.width;
        to.height = from.height;
        to.spacing_mm = from.spacing_mm;
    }
    if (to.width != from.width || to.height != from.height) throw Error(ExitCode::bad_data, item.name + ": its slices differ in size from those of another cohort");
    if (std::find(inputs_.begin(), inputs_.end(), item.sha256) == inputs_.end()) inputs_.push_back(item.sha256);
    auto about = from.cases[posed.number];
    const std::size_t first = about.first_slice;
    about.first_slice = static_cast<std::uint32_t>(to.level.size());
    to.level.insert(to.level.end(), from.level.begin() + static_cast<std::ptrdiff_t>(first), from.level.begin() + static_cast<std::ptrdiff_t>(first + about.slice_count));
    to.image.insert(to.image.end(), heat.voxels.begin(), heat.voxels.end());
    to.cases.push_back(std::move(about));
}

void HeatFolder::commit() {
    history_.inputs = inputs_;
    for (auto& [what, cohort] : cohorts_) {
        cohort.history = history_.json();
        write_file((std::filesystem::path(folder_) / (what + ".h5")).string(), overwrite_, io::encode_cohort(cohort));
    }
}

}  // namespace lge::nn
