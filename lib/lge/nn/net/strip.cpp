#include "lge/nn/net/strip.hpp"

#include "lge/nn/net/image.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lge::nn {
namespace {

using volume::Slice;

double depth_of_row(std::size_t row) {
    return strip_first_depth + (strip_last_depth - strip_first_depth) * static_cast<double>(row) / static_cast<double>(strip_rows - 1);
}
bool inside_wall(std::size_t row) { return depth_of_row(row) > 0.15 && depth_of_row(row) < 0.85; }

/// A smooth function on the circle with mean 0 and mean square 1.
std::array<double, strip_angles> smooth_circle(double harmonics, Random& random) {
    std::array<double, strip_angles> f{};
    double power = 0;
    for (int k = 1; k <= static_cast<int>(3 * harmonics); ++k) {
        const double weight = std::exp(-0.5 * (k / harmonics) * (k / harmonics)), a = weight * random.normal(), b = weight * random.normal();
        power += (a * a + b * b) / 2;
        for (std::size_t c = 0; c < strip_angles; ++c) {
            const double angle = 2 * std::numbers::pi * k * static_cast<double>(c) / static_cast<double>(strip_angles);
            f[c] += a * std::cos(angle) + b * std::sin(angle);
        }
    }
    for (auto& v : f) v /= std::sqrt(std::max(power, 1e-12));
    return f;
}

/// Thickness of the wall on which depths are measured: never thinner than a pixel.
double thickness(const anatomy::WallBorders& wall, std::size_t bin) { return std::max(wall.epi[bin] - wall.endo[bin], 1.0); }

}  // namespace

BorderShift BorderShift::none() {
    BorderShift s;
    s.stretch.fill(1);
    s.shift.fill(0);
    return s;
}

BorderShift BorderShift::draw(const BorderRange& range, Random& random) {
    BorderShift s;
    s.turn_deg = random.uniform(-range.turn_deg, range.turn_deg);
    s.mirrored = range.mirror && random.chance(0.5);
    const double local_stretch = random.uniform(0, range.stretch), all_stretch = random.normal(0, 0.6 * range.stretch);
    const double local_shift = random.uniform(0, range.shift), all_shift = random.normal(0, 0.5 * range.shift);
    const auto a = smooth_circle(3, random), b = smooth_circle(4, random);
    for (std::size_t c = 0; c < strip_angles; ++c) {
        s.stretch[c] = std::exp(local_stretch * a[c] + all_stretch);
        s.shift[c] = local_shift * b[c] + all_shift;
    }
    return s;
}

StripPoints strip_points(const anatomy::WallBorders& wall, const BorderShift& shift) {
    StripPoints points(strip_pixels);
    const auto bins = static_cast<double>(wall.endo.size());
    for (std::size_t c = 0; c < strip_angles; ++c) {
        const double along = 360.0 * static_cast<double>(c) / static_cast<double>(strip_angles);
        double angle = anatomy::canonical_insertion.value + shift.turn_deg + (shift.mirrored ? -along : along);
        angle -= 360.0 * std::floor(angle / 360.0);
        const double bin = angle / 360.0 * bins;
        const auto low = static_cast<std::size_t>(bin) % wall.endo.size(), high = (low + 1) % wall.endo.size();
        const double part = bin - std::floor(bin);
        const double endo = (1 - part) * wall.endo[low] + part * wall.endo[high], thick = (1 - part) * thickness(wall, low) + part * thickness(wall, high);
        const double dx = std::cos(angle * std::numbers::pi / 180), dy = -std::sin(angle * std::numbers::pi / 180);
        for (std::size_t r = 0; r < strip_rows; ++r) {
            const double depth = 0.5 + (depth_of_row(r) - 0.5) * shift.stretch[c] + shift.shift[c];
            const double radius = std::max(endo + depth * thick, 0.0);
            points[r * strip_angles + c] = {wall.centre.x + radius * dx, wall.centre.y + radius * dy};
        }
    }
    return points;
}

std::optional<anatomy::WallBorders> readable_wall(Slice<const std::uint8_t> label) {
    auto wall = anatomy::find_wall(label, strip_angles);
    if (!wall || wall->closed() < 0.5) return std::nullopt;
    double endo = 0, epi = 0;
    for (std::size_t b = 0; b < strip_angles; ++b) {
        endo += wall->endo[b] / static_cast<double>(strip_angles);
        epi += wall->epi[b] / static_cast<double>(strip_angles);
    }
    if (endo < 2 || epi < 4) return std::nullopt;
    return wall;
}

HeartSamples sample_heart(Slice<const float> image, const anatomy::WallBorders& wall) {
    constexpr std::size_t radii = 12, depths = 16;
    HeartSamples heart;
    for (std::size_t b = 0; b < wall.endo.size(); ++b) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(b) / static_cast<double>(wall.endo.size());
        const auto at = [&](double radius) { return sample(image, wall.centre.x + radius * std::cos(angle), wall.centre.y - radius * std::sin(angle)); };
        for (std::size_t r = 0; r < radii; ++r) heart.blood.push_back(at(wall.endo[b] * (0.05 + 0.65 * static_cast<double>(r) / (radii - 1))));
        for (std::size_t d = 0; d < depths; ++d) heart.muscle.push_back(at(wall.endo[b] + thickness(wall, b) * (0.12 + 0.76 * static_cast<double>(d) / (depths - 1))));
    }
    return heart;
}

HeartScale heart_scale(HeartSamples samples) { return {quantile(samples.muscle, 0.2), quantile(samples.blood, 0.6)}; }

void fill_strip(Slice<const float> image, const StripPoints& points, const HeartScale& scale, std::span<float> out) {
    const auto intensity = out.subspan(0, strip_pixels), relative = out.subspan(strip_pixels, strip_pixels), depth = out.subspan(2 * strip_pixels, strip_pixels);
    for (std::size_t p = 0; p < strip_pixels; ++p) intensity[p] = sample(image, points[p].x, points[p].y);
    std::vector<float> wall;
    for (std::size_t r = 0; r < strip_rows; ++r)
        if (inside_wall(r)) wall.insert(wall.end(), intensity.begin() + static_cast<std::ptrdiff_t>(r * strip_angles), intensity.begin() + static_cast<std::ptrdiff_t>((r + 1) * strip_angles));
    const float level = quantile(wall, 0.25), unit = std::max(std::abs(scale.contrast()), 1e-6F);
    for (auto& v : intensity) v = (v - level) / unit;

    std::vector<float> profile(strip_angles, 0);
    float rows = 0;
    for (std::size_t r = 0; r < strip_rows; ++r) {
        if (!inside_wall(r)) continue;
        ++rows;
        for (std::size_t c = 0; c < strip_angles; ++c) profile[c] += intensity[r * strip_angles + c];
    }
    float mean = 0, squares = 0;
    for (auto& v : profile) {
        v /= rows;
        mean += v / static_cast<float>(strip_angles);
    }
    for (const float v : profile) squares += (v - mean) * (v - mean) / static_cast<float>(strip_angles);
    const float low = quantile(profile, 0.3), spread = std::sqrt(squares) + 0.1F;
    for (std::size_t p = 0; p < strip_pixels; ++p) {
        relative[p] = std::clamp((intensity[p] - low) / spread, -3.0F, 4.0F);
        intensity[p] = std::clamp(intensity[p], -1.5F, 3.0F);
        depth[p] = static_cast<float>(2 * (depth_of_row(p / strip_angles) - 0.5));
    }
}

void fill_scar(Slice<const std::uint8_t> label, const StripPoints& points, std::span<float> out) {
    std::fill(out.begin(), out.end(), 0.0F);
    for (std::size_t p = 0; p < strip_pixels; ++p) {
        const auto x = static_cast<std::ptrdiff_t>(std::lround(points[p].x)), y = static_cast<std::ptrdiff_t>(std::lround(points[p].y));
        if (!label.inside(x, y)) continue;
        if (anatomy::is_scar(label(static_cast<std::size_t>(x), static_cast<std::size_t>(y)))) out[p / strip_angles / 2 * (strip_angles / 2) + p % strip_angles / 2] += 0.25F;
    }
}

void vary_strip(std::span<float> strip, Random& random) {
    const auto gain = static_cast<float>(std::exp(random.normal(0, 0.1))), level = static_cast<float>(random.normal(0, 0.05));
    const double noise = random.uniform(0, 0.12);
    for (auto& v : strip.subspan(0, strip_pixels)) v = std::clamp(v * gain + level + static_cast<float>(random.normal(0, noise)), -1.5F, 3.0F);
}

std::vector<bool> enough_contrast(std::span<const float> contrast) {
    std::vector<float> sorted(contrast.begin(), contrast.end());
    const float median = quantile(sorted, 0.5);
    std::vector<bool> enough;
    for (const float c : contrast) enough.push_back(c > 0.4F * std::abs(median) && c > 0);
    return enough;
}

}  // namespace lge::nn
