#include "lge/orient/canonical.hpp"

#include "lge/base/error.hpp"
#include "lge/json/writer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lge::orient {
namespace {

/// NaN marks what lies outside the source.
void normalise(volume::Volume<float>& image, Normalise how) {
    Array<float> inside;
    inside.reserve(image.voxels.size());
    for (const float v : image.voxels)
        if (!std::isnan(v)) inside.push_back(v);
    float low = 0, scale = 1, outside = 0;
    if (!inside.empty()) {
        if (how == Normalise::percentile) {
            const auto percentile = [&](double share) {
                const auto at = inside.begin() + static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(inside.size() - 1)));
                std::nth_element(inside.begin(), at, inside.end());
                return *at;
            };
            low = percentile(0.01);
            const float high = percentile(0.99);
            scale = high > low ? 1 / (high - low) : 1;
        } else {
            outside = *std::min_element(inside.begin(), inside.end());
        }
    }
    for (float& v : image.voxels) v = std::isnan(v) ? outside : (v - low) * scale;
}

void write_point(json::Writer& w, std::string_view key, const volume::Vec3& p) {
    w.key(key);
    if (std::isnan(p[0])) {
        w.null();
        return;
    }
    w.array();
    for (const double x : p) w.number(x);
    w.end();
}

}  // namespace

std::string_view description(Normalise n) { return n == Normalise::percentile ? "percentile 1-99 of the case to 0-1" : "none"; }

CanonicalCase to_canonical(std::string id, const volume::Volume<float>& image, const volume::Volume<std::uint8_t>& label, const Pose& pose, const Canvas& canvas) {
    const auto grid = canonical_grid(pose, canvas.spacing, canvas.size);
    CanonicalCase c;
    c.about.id = std::move(id);
    c.about.canonical_to_lps = grid.index_to_lps;
    c.about.landmarks = pose.landmarks;
    c.about.slice_count = static_cast<std::uint32_t>(pose.slices.size());
    c.image = itk::resample_slices(image, grid, pose.slices, canvas.interpolation, std::numeric_limits<float>::quiet_NaN());
    normalise(c.image, canvas.normalise);
    c.label = itk::resample_label_slices(label, grid, pose.slices);
    c.level = pose.levels;
    return c;
}

void append(io::Cohort& cohort, const CanonicalCase& c) {
    auto about = c.about;
    about.first_slice = static_cast<std::uint32_t>(cohort.level.size());
    cohort.cases.push_back(std::move(about));
    cohort.image.insert(cohort.image.end(), c.image.voxels.begin(), c.image.voxels.end());
    cohort.label.insert(cohort.label.end(), c.label.voxels.begin(), c.label.voxels.end());
    cohort.level.insert(cohort.level.end(), c.level.begin(), c.level.end());
}

std::string write_record(std::string_view id, const Pose& pose) {
    json::Writer w;
    w.object().key("schema").text("lge.orient/1").key("id").text(id);
    w.key("rotation_deg").number(pose.rotation.value).key("mirrored").boolean(pose.mirrored).key("apex_first").boolean(pose.apex_first);
    w.key("slices").array();
    for (const std::size_t k : pose.slices) w.integer(static_cast<std::int64_t>(k));
    w.end().key("levels").array();
    for (const auto level : pose.levels) {
        if (level == anatomy::Level::unknown) w.null();
        else w.text(anatomy::word(level));
    }
    w.end().key("landmarks").object();
    write_point(w, "lv_base_mm", pose.landmarks.lv_base);
    write_point(w, "lv_apex_mm", pose.landmarks.lv_apex);
    write_point(w, "rv_anterior_mm", pose.landmarks.rv_anterior);
    write_point(w, "rv_inferior_mm", pose.landmarks.rv_inferior);
    w.key("slices").array();
    for (std::size_t n = 0; n < pose.marks.size(); ++n) {
        const SliceMarks& m = pose.marks[n];
        w.object().key("slice").integer(static_cast<std::int64_t>(pose.slices[n]));
        const auto angle = [&](Degrees stored) { m.rv ? w.number(turn((pose.mirrored ? Degrees{180} - stored : stored) + pose.rotation).value) : w.null(); };
        w.key("anterior_deg");
        angle(pose.mirrored ? m.last : m.first);
        w.key("inferior_deg");
        angle(pose.mirrored ? m.first : m.last);
        w.key("inherited").boolean(m.inherited).key("confidence").number(m.confidence).end();
    }
    w.end().end().key("confidence").number(pose.confidence).key("problems").array();
    for (const Problem p : pose.problems) w.text(word(p));
    w.end().end();
    return w.take_line();
}

}  // namespace lge::orient
