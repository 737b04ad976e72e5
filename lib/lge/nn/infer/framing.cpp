#include "lge/nn/infer/framing.hpp"

#include "lge/nn/infer/clean.hpp"

#include <algorithm>
#include <cmath>

namespace lge::nn {
namespace {

constexpr double longest_ratio = 2.5, usual_radius_mm = 36;

struct Axes { double large, small, turn; };  // variances, mm^2; turn of the large one
Axes axes_of(const Ellipse& ellipse) {
    const auto [xx, xy, yy] = ellipse.covariance;
    const double mean = (xx + yy) / 2, off = std::hypot((xx - yy) / 2, xy);
    return {std::max(mean + off, 1e-6), std::max(mean - off, 1e-6), 0.5 * std::atan2(2 * xy, xx - yy)};
}

}  // namespace

std::optional<Ellipse> ellipse_of_left(std::span<const volume::Slice<const std::uint8_t>> slices, std::array<double, 2> pixel_mm) {
    double x = 0, y = 0, count = 0, xx = 0, xy = 0, yy = 0;
    for (const auto& slice : slices) {
        double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
        for (std::size_t j = 0; j < slice.height; ++j)
            for (std::size_t i = 0; i < slice.width; ++i) {
                if (!is_left(slice(i, j))) continue;
                const auto u = static_cast<double>(i), v = static_cast<double>(j);
                n += 1, sx += u, sy += v, sxx += u * u, sxy += u * v, syy += v * v;
            }
        if (n == 0) continue;
        x += sx, y += sy, count += n;
        xx += sxx - sx * sx / n, xy += sxy - sx * sy / n, yy += syy - sy * sy / n;
    }
    if (count == 0) return std::nullopt;
    const auto [px, py] = pixel_mm;
    return Ellipse{{x / count, y / count}, {xx / count * px * px, xy / count * px * py, yy / count * py * py}};
}

WindowMap rounded(const Ellipse& ellipse, std::array<double, 2> pixel_mm, double spacing_mm, double share) {
    const Axes axes = axes_of(ellipse);
    const double along = std::pow(std::min(std::sqrt(axes.large / axes.small), longest_ratio), share / 2), across = 1 / along;
    const double c = std::cos(axes.turn), s = std::sin(axes.turn);
    WindowMap map = upright(ellipse.centre, pixel_mm, spacing_mm);
    const double xx = along * c * c + across * s * s, xy = (along - across) * c * s, yy = along * s * s + across * c * c;
    map.matrix = {map.matrix[0] * xx, map.matrix[0] * xy, map.matrix[3] * xy, map.matrix[3] * yy};
    return map;
}

WindowMap resized(const WindowMap& map, const Ellipse& ellipse) {
    const Axes axes = axes_of(ellipse);
    const double zoom = std::clamp(2 * std::pow(axes.large * axes.small, 0.25) / usual_radius_mm, 0.6, 1.7);
    WindowMap out = map;
    for (double& m : out.matrix) m *= zoom;
    return out;
}

}  // namespace lge::nn
