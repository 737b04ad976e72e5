#include "lge/plot/cases.hpp"

#include "lge/base/error.hpp"
#include "lge/base/stream.hpp"
#include "lge/io/nifti.hpp"

#include <algorithm>

namespace lge::plot {

Cases::Cases(const std::string& path, const std::optional<std::string>& label_path) {
    const Bytes file = read_file(path);
    const auto name = display_name(path);
    if (io::looks_like_hdf5(file)) {
        cohort_ = io::decode_cohort(file, name);
        take_cohort(label_path);
    } else if (io::looks_like_nifti(file)) {
        image_ = io::to_float(io::decode_nifti(file, name), name);
        take_volume(label_path, name);
    } else {
        throw Error(ExitCode::bad_data, name + ": neither NIfTI nor a cohort");
    }
}

void Cases::take_cohort(const std::optional<std::string>& label_path) {
    if (label_path) {
        labels_ = io::read_cohort(*label_path);
        if (labels_->label.empty()) throw Error(ExitCode::bad_data, display_name(*label_path) + ": cohort has no labels");
        if (labels_->width != cohort_->width || labels_->height != cohort_->height)
            throw Error(ExitCode::bad_data, display_name(*label_path) + ": slices differ in size from the images");
    }
    const io::Cohort& labelled = labels_ ? *labels_ : *cohort_;
    for (const auto& c : cohort_->cases) {
        Case made{c.id, {}};
        auto first = c.first_slice;
        if (labels_) {
            const auto same = std::find_if(labels_->cases.begin(), labels_->cases.end(), [&](const io::CohortCase& l) { return l.id == c.id; });
            if (same == labels_->cases.end() || same->slice_count != c.slice_count)
                throw Error(ExitCode::bad_data, display_name(*label_path) + ": a case is missing or has another number of slices");
            first = same->first_slice;
        }
        for (std::uint32_t s = 0; s < c.slice_count; ++s) {
            Tile tile{cohort_->image_slice(c.first_slice + s), std::nullopt, 1, std::string(anatomy::word(cohort_->level[c.first_slice + s]))};
            if (!labelled.label.empty()) tile.label = labelled.label_slice(first + s);
            if (tile.corner.empty()) tile.corner = std::to_string(s + 1);
            made.tiles.push_back(std::move(tile));
        }
        cases_.push_back(std::move(made));
    }
}

void Cases::take_volume(const std::optional<std::string>& label_path, const std::string& name) {
    if (label_path) {
        const auto label_name = display_name(*label_path);
        label_ = io::to_labels(io::read_nifti(*label_path), label_name);
        if (label_->grid.shape != image_.grid.shape) throw Error(ExitCode::bad_data, label_name + ": size differs from " + name);
    }
    Case made;
    made.id = name.substr(0, name.find('.'));
    const auto spacing = image_.grid.spacing();
    for (std::size_t k = 0; k < image_.grid.shape[2]; ++k) {
        Tile tile{std::as_const(image_).slice(k), std::nullopt, spacing[1] / spacing[0], std::to_string(k + 1)};
        if (label_) tile.label = std::as_const(*label_).slice(k);
        made.tiles.push_back(std::move(tile));
    }
    cases_.push_back(std::move(made));
}

}  // namespace lge::plot
