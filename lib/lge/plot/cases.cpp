#include "lge/plot/cases.hpp"

#include "lge/base/error.hpp"
#include "lge/base/stream.hpp"
#include "lge/io/nifti.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lge::plot {

namespace {

/// The case of another cohort with the same id and number of slices.
const io::CohortCase& same_case(const io::Cohort& other, const io::CohortCase& c, const std::string& path) {
    const auto same = std::find_if(other.cases.begin(), other.cases.end(), [&](const io::CohortCase& o) { return o.id == c.id; });
    if (same == other.cases.end() || same->slice_count != c.slice_count)
        throw Error(ExitCode::bad_data, display_name(path) + ": a case is missing or has another number of slices");
    return *same;
}

io::Cohort read_beside(const std::string& path, const io::Cohort& images) {
    auto other = io::read_cohort(path);
    if (other.width != images.width || other.height != images.height) throw Error(ExitCode::bad_data, display_name(path) + ": slices differ in size from the images");
    return other;
}

}  // namespace

Cases::Cases(const std::string& path, const std::optional<std::string>& label_path, const std::optional<std::string>& heat_path) {
    const Bytes file = read_file(path);
    const auto name = display_name(path);
    if (io::looks_like_hdf5(file)) {
        cohort_ = io::decode_cohort(file, name);
        take_cohort(label_path, heat_path);
    } else if (io::looks_like_nifti(file)) {
        image_ = io::to_float(io::decode_nifti(file, name), name);
        take_volume(label_path, heat_path, name);
    } else {
        throw Error(ExitCode::bad_data, name + ": neither NIfTI nor a cohort");
    }
}

void Cases::take_cohort(const std::optional<std::string>& label_path, const std::optional<std::string>& heat_path) {
    if (label_path) {
        labels_ = read_beside(*label_path, *cohort_);
        if (labels_->label.empty()) throw Error(ExitCode::bad_data, display_name(*label_path) + ": cohort has no labels");
    }
    if (heat_path) heats_ = read_beside(*heat_path, *cohort_);
    const io::Cohort& labelled = labels_ ? *labels_ : *cohort_;
    for (const auto& c : cohort_->cases) {
        Case made{c.id, {}};
        const auto first = labels_ ? same_case(*labels_, c, *label_path).first_slice : c.first_slice;
        const auto first_heat = heats_ ? same_case(*heats_, c, *heat_path).first_slice : 0;
        for (std::uint32_t s = 0; s < c.slice_count; ++s) {
            Tile tile{cohort_->image_slice(c.first_slice + s), std::nullopt, 1, std::string(anatomy::word(cohort_->level[c.first_slice + s]))};
            if (!labelled.label.empty()) tile.label = labelled.label_slice(first + s);
            if (heats_) tile.heat = std::as_const(*heats_).image_slice(first_heat + s);
            if (tile.corner.empty()) tile.corner = std::to_string(s + 1);
            made.tiles.push_back(std::move(tile));
        }
        cases_.push_back(std::move(made));
    }
}

void Cases::take_volume(const std::optional<std::string>& label_path, const std::optional<std::string>& heat_path, const std::string& name) {
    const auto check_shape = [&](const volume::Grid& grid, const std::string& other) {
        if (grid.shape != image_.grid.shape) throw Error(ExitCode::bad_data, other + ": size differs from " + name);
    };
    if (label_path) {
        label_ = io::to_labels(io::read_nifti(*label_path), display_name(*label_path));
        check_shape(label_->grid, display_name(*label_path));
    }
    if (heat_path) {
        heat_ = io::to_float(io::read_nifti(*heat_path), display_name(*heat_path));
        check_shape(heat_.grid, display_name(*heat_path));
    }
    Case made;
    made.id = name.substr(0, name.find('.'));
    const auto spacing = image_.grid.spacing();
    for (std::size_t k = 0; k < image_.grid.shape[2]; ++k) {
        Tile tile{std::as_const(image_).slice(k), std::nullopt, spacing[1] / spacing[0], std::to_string(k + 1)};
        if (label_) tile.label = std::as_const(*label_).slice(k);
        if (heat_path) tile.heat = std::as_const(heat_).slice(k);
        made.tiles.push_back(std::move(tile));
    }
    cases_.push_back(std::move(made));
}

Composed compose(const std::vector<Cases>& runs, const std::vector<std::string>& names, const MontageChoice& choice) {
    Composed made{{choice.title, {}, choice.columns, choice.tile}, 0};
    const auto call_of = [&](const metrics::Key& key) {
        const auto found = choice.calls.find(key);
        return found == choice.calls.end() ? std::nullopt : std::optional(found->second);
    };
    float least = 0, greatest = 0;
    bool heat = false;
    for (const auto c : spread_evenly(runs[0].size(), choice.cases)) {
        bool called = false;
        for (std::size_t r = 0; r < runs.size(); ++r) {
            const Cases& cases = runs[r];
            if (cases.size() != runs[0].size() || cases.id(c) != runs[0].id(c)) throw Error(ExitCode::usage, "the runs differ in their cases");
            Block block{choice.ids ? cases.id(c) : fmt::format("case {}", c + 1), call_of({cases.id(c), std::nullopt}), {}, {}};
            if (runs.size() > 1) block.heading += ", " + names[r];
            if (block.call) block.caption = block.call->caption;
            called = called || block.call.has_value();
            for (const auto s : spread_evenly(cases.slice_count(c), choice.slices)) {
                auto tile = cases.tile(c, s);
                if (const auto call = call_of({cases.id(c), static_cast<std::int64_t>(s)})) {
                    tile.corner += ": " + words(*call);
                    called = true;
                }
                if (tile.heat)
                    for (const float v : tile.heat->span()) {
                        heat = true;
                        least = std::min(least, v);
                        greatest = std::max(greatest, v);
                    }
                block.tiles.push_back(std::move(tile));
            }
            if (!choice.whole) block.view = r == 0 ? view_of_labels(block.tiles) : made.montage.blocks.back().view;
            made.montage.blocks.push_back(std::move(block));
        }
        made.uncalled += !called;
    }
    if (heat) made.montage.heat = HeatScale{choice.heat_name, least, greatest > least ? greatest : least + 1};
    return made;
}

}  // namespace lge::plot
