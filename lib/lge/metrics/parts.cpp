#include "lge/metrics/parts.hpp"

#include "lge/anatomy/polar.hpp"
#include "lge/base/error.hpp"
#include "lge/orient/pose.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lge::metrics {
namespace {

/// The segment of each pixel of one slice.
void cut_slice(volume::Slice<const std::uint8_t> label, const volume::Vec3& spacing, const HeartFrame& frame, anatomy::Level level, std::uint8_t* to) {
    const auto wall = anatomy::find_wall(label);
    if (!wall) return;
    for (std::size_t y = 0; y < label.height; ++y)
        for (std::size_t x = 0; x < label.width; ++x) {
            const double right = (static_cast<double>(x) - wall->centre.x) * spacing[0], up = (wall->centre.y - static_cast<double>(y)) * spacing[1];
            const double angle = std::atan2(up, frame.mirrored ? -right : right) * 180 / std::numbers::pi;
            const Degrees from_insertion = Degrees{angle} + frame.rotation - anatomy::canonical_insertion;
            to[y * label.width + x] = static_cast<std::uint8_t>(anatomy::segment_at(level, from_insertion));
        }
}

}  // namespace

HeartFrame frame_of(const io::Cohort& cohort, std::size_t c) {
    const auto first = cohort.level.begin() + cohort.cases[c].first_slice;
    return {{first, first + cohort.cases[c].slice_count}, true, false, Degrees{0}, false};
}

HeartFrame frame_of(const volume::Volume<std::uint8_t>& label) {
    const auto pose = orient::judge(label, {});
    HeartFrame frame{std::vector<anatomy::Level>(label.grid.shape[2], anatomy::Level::unknown), pose.standard() && !pose.has(orient::Problem::rv_missing),
                     pose.mirrored, pose.rotation, pose.has(orient::Problem::chirality_assumed)};
    for (std::size_t s = 0; s < pose.slices.size(); ++s) frame.level[pose.slices[s]] = pose.levels[s];
    return frame;
}

PartMap part_map(const volume::Volume<std::uint8_t>& reference, const HeartFrame& frame, By by) {
    PartMap map{{{}}, Array<std::uint8_t>(reference.voxels.size(), 0)};
    const std::size_t size = reference.grid.shape[0] * reference.grid.shape[1];
    if (by == By::level) {
        for (const auto& [text, level] : choices(anatomy::Level{})) map.parts.push_back({std::nullopt, level, 0});
        for (std::size_t k = 0; k < frame.level.size(); ++k) std::fill_n(map.of.begin() + static_cast<std::ptrdiff_t>(k * size), size, static_cast<std::uint8_t>(frame.level[k]));
        return map;
    }
    if (!frame.angles) throw Error(ExitCode::bad_data, "the segments are not known, wanted a reference with an RV cavity or a cohort");
    for (int segment = 1; segment <= 17; ++segment) map.parts.push_back({std::nullopt, anatomy::level_of_segment(segment), segment});
    for (std::size_t k = 0; k < frame.level.size(); ++k)
        if (frame.level[k] != anatomy::Level::unknown) cut_slice(reference.slice(k), reference.grid.spacing(), frame, frame.level[k], map.of.data() + k * size);
    return map;
}

}  // namespace lge::metrics
