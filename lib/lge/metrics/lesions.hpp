#pragma once
#include "lge/metrics/surface.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace lge::metrics {

/// When a predicted lesion finds one of the reference: any voxel in common; an intersection over union of at least
/// `share`; at least `share` of the reference's lesion covered by predicted lesions; or the centroids nearer than
/// `distance`. By IoU and centroid lesions are matched one to one, the best pairs first.
enum class LesionMatch : std::uint8_t { any, iou, cover, centroid };
constexpr std::array<std::pair<std::string_view, LesionMatch>, 4> choices(LesionMatch) {
    return {{{"any", LesionMatch::any}, {"iou", LesionMatch::iou}, {"cover", LesionMatch::cover}, {"centroid", LesionMatch::centroid}}};
}

struct LesionRule {
    LesionMatch match = LesionMatch::any;
    double share = 0.1;
    Mm distance{10};
    double minimum_ml = 0;   ///< smaller lesions are passed over on both sides
    bool corners = true;     ///< voxels that touch at an edge or corner are of one lesion, not only through faces
};

struct LesionScore {
    std::uint64_t reference = 0, prediction = 0;   ///< lesions
    std::uint64_t found = 0;                       ///< lesions of the reference with a match
    std::uint64_t confirmed = 0;                   ///< predicted lesions with a match
    /// found / reference, confirmed / prediction and their harmonic mean; 1 without lesions on either side, and 0 where
    /// only the other side has some.
    [[nodiscard]] double recall() const;
    [[nodiscard]] double precision() const;
    [[nodiscard]] double f1() const;
};

/// Lesions are the connected pieces of each mask.
LesionScore match_lesions(const Mask& reference, const Mask& prediction, const LesionRule& rule);

/// The pieces of a mask, numbered from 1 in the order of their first voxel; 0 outside.
struct Pieces {
    Array<std::uint32_t> number;
    std::uint32_t count = 0;
};
Pieces pieces(const Mask& mask, bool corners);

}  // namespace lge::metrics
