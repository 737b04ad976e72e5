#include "lge/nn/net/heads.hpp"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lge::nn {

std::array<float, pose_count> pose_shares(const WindowMap& map) {
    const auto& m = map.matrix;
    const bool mirrored = m[0] * m[3] - m[1] * m[2] < 0;
    const double flip = mirrored ? -1 : 1;
    // The turn that is nearest to the matrix without its mirror: a stretch before the turn leaves it as it is.
    const double quarters = std::atan2(m[1] - flip * m[2], m[3] + flip * m[0]) / (std::numbers::pi / 2), whole = std::floor(quarters);
    const std::size_t first = mirrored ? 4 : 0, before = static_cast<std::size_t>(whole + 4) % 4;
    std::array<float, pose_count> shares{};
    shares[first + (before + 1) % 4] = static_cast<float>(quarters - whole);
    shares[first + before] = static_cast<float>(1 - (quarters - whole));
    return shares;
}

WindowMap in_pose(const WindowMap& map, std::size_t number) {
    constexpr std::array<double, 4> cosine{1, 0, -1, 0}, sine{0, 1, 0, -1};
    const double c = cosine[number % 4], s = sine[number % 4], flip = number < 4 ? 1 : -1;
    const auto& m = map.matrix;
    return {{(m[0] * c - m[1] * s) * flip, m[0] * s + m[1] * c, (m[2] * c - m[3] * s) * flip, m[2] * s + m[3] * c}, map.centre};
}

at::Tensor insertion_costs(const at::Tensor& heat, const at::Tensor& points, double sigma) {
    const auto from = [&](std::int64_t axis, std::int64_t length) {
        const at::Tensor place = at::nan_to_num(points.select(2, axis)).to(heat.scalar_type());
        return (at::arange(length, heat.options()) - place.unsqueeze(2)).square();  // [B,2,length]
    };
    const at::Tensor squares = from(1, heat.size(2)).unsqueeze(3) + from(0, heat.size(3)).unsqueeze(2);
    const at::Tensor wanted = at::log_softmax((squares / (-2 * sigma * sigma)).flatten(2), 2);
    const at::Tensor costs = (wanted.exp() * (wanted - at::log_softmax(heat.flatten(2), 2))).sum(2);
    return costs * points.isfinite().all(2).to(heat.scalar_type());
}

at::Tensor pose_costs(const at::Tensor& logits, const at::Tensor& shares) { return -(shares * at::log_softmax(logits, 1)).sum(1); }

Peak find_peak(const float* map, std::size_t size, double reach) {
    const auto top = static_cast<std::size_t>(std::max_element(map, map + size * size) - map);
    Peak peak{static_cast<double>(top % size), static_cast<double>(top / size), 0};
    for (int look = 0; look < 2; ++look) {
        const auto bound = [&](double v) { return static_cast<std::size_t>(std::clamp(v, 0.0, static_cast<double>(size))); };
        double sum = 0, x = 0, y = 0;
        for (std::size_t v = bound(peak.y - reach); v < bound(peak.y + reach + 1); ++v)
            for (std::size_t u = bound(peak.x - reach); u < bound(peak.x + reach + 1); ++u) {
                const double dx = static_cast<double>(u) - peak.x, dy = static_cast<double>(v) - peak.y;
                if (dx * dx + dy * dy > reach * reach) continue;
                const auto share = static_cast<double>(map[v * size + u]);
                sum += share;
                x += share * dx;
                y += share * dy;
            }
        if (!(sum > 0)) break;
        peak = {peak.x + x / sum, peak.y + y / sum, std::min(sum, 1.0)};
    }
    return peak;
}

}  // namespace lge::nn
