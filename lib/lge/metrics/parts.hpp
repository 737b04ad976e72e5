#pragma once
// Parts of a heart that are scored apart: slices, levels and AHA segments.
#include "lge/anatomy/heart.hpp"
#include "lge/io/cohort.hpp"
#include "lge/volume/grid.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::metrics {

enum class By : std::uint8_t { case_, slice, level, segment };
constexpr std::array<std::pair<std::string_view, By>, 4> choices(By) {
    return {{{"case", By::case_}, {"slice", By::slice}, {"level", By::level}, {"segment", By::segment}}};
}

/// A slice (from 0), a level or an AHA segment; none of them: the whole case.
struct Part {
    std::optional<std::size_t> slice;
    anatomy::Level level = anatomy::Level::unknown;
    int segment = 0;
    auto operator<=>(const Part&) const = default;
};

/// How the slices of a stack lie in the heart.
struct HeartFrame {
    std::vector<anatomy::Level> level;  ///< of each slice
    bool angles = false;                ///< mirror and rotation are known
    bool mirrored = false;              ///< the stored slices show the heart from the base
    Degrees rotation;                   ///< counter-clockwise, after the mirror: brings the anterior insertion to 120 degrees
    bool assumed = false;               ///< the view from the apex was taken without a witness
};
/// Of a cohort's case: its levels; it stands in the canonical pose.
HeartFrame frame_of(const io::Cohort& cohort, std::size_t c);
/// Judged from a label map as lge-orient(1) does.
HeartFrame frame_of(const volume::Volume<std::uint8_t>& label);

/// Which part each voxel belongs to.
struct PartMap {
    std::vector<Part> parts;   ///< [0] stands for what belongs to no part
    Array<std::uint8_t> of;
};
/// Levels of the slices, or AHA segments: by level, and by angle about the centroid of cavity and wall in each slice of
/// `reference`. Segments need frame.angles (else bad_data).
PartMap part_map(const volume::Volume<std::uint8_t>& reference, const HeartFrame& frame, By by);

}  // namespace lge::metrics
