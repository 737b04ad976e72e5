#include "lge/nn/infer/seen_landmarks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lge::nn {
namespace {

/// Seen from the base, as stored: the septum runs clockwise from the anterior to the inferior insertion.
bool shows_mirrored(const SeenInsertions& at, const orient::PlanePoint& centre, const orient::PixelSize& pixel) {
    const auto angle = [&](const Peak& p) {
        return to_degrees(Radians{std::atan2(centre.q - p.y * pixel.y, p.x * pixel.x + p.y * pixel.skew - centre.p)});
    };
    return orient::turn(angle(at.inferior) - angle(at.anterior)).value > 180;
}

}  // namespace

std::optional<ChosenInsertions> choose_insertions(const std::vector<SeenInsertions>& seen, const orient::Pose& pose, const volume::Grid& grid) {
    const double middle = (static_cast<double>(pose.slices.size()) - 1) / 2;
    std::optional<std::size_t> chosen;
    for (std::size_t n = 0; n < pose.slices.size(); ++n) {
        const SeenInsertions& at = seen.at(pose.slices[n]);
        const bool believed = std::min(at.anterior.confidence, at.inferior.confidence) >= least_confidence;
        if (pose.marks[n].rv_mm2 <= 0 || !believed) continue;
        if (!chosen || std::abs(static_cast<double>(n) - middle) < std::abs(static_cast<double>(*chosen) - middle)) chosen = n;
    }
    if (!chosen) return std::nullopt;
    ChosenInsertions found{pose.slices[*chosen], seen[pose.slices[*chosen]]};
    const bool header_knows = !pose.has(orient::Problem::chirality_assumed);
    if (header_knows && shows_mirrored(found.at, pose.marks[*chosen].centre, orient::pixel_size(grid.index_to_lps)) != pose.mirrored)
        std::swap(found.at.anterior, found.at.inferior);
    return found;
}

}  // namespace lge::nn
