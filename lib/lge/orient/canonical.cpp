#include "lge/orient/canonical.hpp"

#include "lge/base/error.hpp"

#include <limits>

namespace lge::orient {

CanonicalCase to_canonical(std::string id, const volume::Volume<float>& image, const volume::Volume<std::uint8_t>* label, const Pose& pose, const Canvas& canvas) {
    const auto grid = canonical_grid(pose, canvas.spacing, canvas.size, canvas.stacking);
    CanonicalCase c;
    c.about.id = std::move(id);
    c.about.canonical_to_lps = grid.index_to_lps;
    c.about.landmarks = pose.landmarks;
    c.about.slice_count = static_cast<std::uint32_t>(pose.slices.size());
    c.image = itk::resample_slices(image, grid, pose.slices, canvas.interpolation, std::numeric_limits<float>::quiet_NaN());
    if (label != nullptr) c.label = itk::resample_label_slices(*label, grid, pose.slices);
    c.intensity = normalise(c.image, c.label ? &*c.label : nullptr, canvas.normalise);
    c.level = pose.levels;
    return c;
}

void append(io::Cohort& cohort, const CanonicalCase& c) {
    if (!cohort.cases.empty() && cohort.label.empty() == c.label.has_value())
        throw Error(ExitCode::bad_data, "some cases have a label map and others none, wanted the same of all cases of a cohort");
    auto about = c.about;
    const std::size_t before = cohort.level.size(), after = before + c.level.size();
    about.first_slice = static_cast<std::uint32_t>(before);
    cohort.cases.push_back(std::move(about));
    cohort.image.insert(cohort.image.end(), c.image.voxels.begin(), c.image.voxels.end());
    if (c.label) cohort.label.insert(cohort.label.end(), c.label->voxels.begin(), c.label->voxels.end());
    cohort.level.insert(cohort.level.end(), c.level.begin(), c.level.end());
    const auto texts = [&](std::vector<std::string>& all, const std::vector<std::string>& own, const char* nothing) {
        if (all.empty() && own.empty()) return;
        all.resize(before, nothing);
        all.insert(all.end(), own.begin(), own.end());
        all.resize(after, nothing);
    };
    texts(cohort.findings, c.findings, "{}");
    texts(cohort.captions, c.captions, "[]");
}

}  // namespace lge::orient
