#include "lge/synth/paint.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace lge::synth {
namespace {

double quantile(std::vector<float>& v, double share) {
    const auto at = v.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(v.size() - 1));
    std::nth_element(v.begin(), at, v.end());
    return static_cast<double>(*at);
}

}  // namespace

std::optional<Tissue> measure(std::span<const float> image, std::span<const std::uint8_t> label, std::size_t least) {
    std::vector<float> blood, wall, all;
    for (std::size_t i = 0; i < label.size(); ++i) {
        if (label[i] == 1) blood.push_back(image[i]);
        if (label[i] == 2) wall.push_back(image[i]);
        if (i % 7 == 0) all.push_back(image[i]);
    }
    if (blood.size() < least || wall.size() < least) return std::nullopt;
    return Tissue{quantile(blood, 0.6), quantile(wall, 0.4), 0.5 * (quantile(wall, 0.84) - quantile(wall, 0.16)), quantile(all, 0.01)};
}

double fitted_signal(const Tissue& tissue, const Relaxation& t1) {
    const double blood = tissue.blood - tissue.floor, ratio = blood > 0 ? std::clamp((tissue.wall - tissue.floor) / blood, 0.0, 0.9) : 0.0;
    return scar_signal(t1, inversion_time_of(t1, ratio), true);
}

void paint(volume::Slice<float> image, const ScarMap& map, const Tissue& tissue, double blur_px, Random& random) {
    if (map.segments.empty()) return;
    // The box that the scar and its blur fill.
    std::size_t left = map.scar.width, right = 0, top = map.scar.height, bottom = 0;
    for (std::size_t y = 0; y < map.scar.height; ++y)
        for (std::size_t x = 0; x < map.scar.width; ++x)
            if (map.scar(x, y) > 0) left = std::min(left, x), right = std::max(right, x + 1), top = std::min(top, y), bottom = std::max(bottom, y + 1);
    const auto reach = static_cast<std::size_t>(std::ceil(3 * blur_px)) + 1;
    const std::size_t from_x = map.left + left > reach ? map.left + left - reach : 0, from_y = map.top + top > reach ? map.top + top - reach : 0;
    const std::size_t w = std::min(map.left + right + reach, image.width) - from_x, h = std::min(map.top + bottom + reach, image.height) - from_y;
    // Shares times what they add, so that after the blur both the share and its mean brightness are smooth.
    Plane share(w, h), value(w, h);
    const double contrast = std::abs(tissue.blood - tissue.wall);
    const auto core = static_cast<float>(tissue.wall + contrast * random.uniform(-0.2, 0.45));
    for (std::size_t y = top; y < bottom; ++y)
        for (std::size_t x = left; x < right; ++x) {
            const float s = map.scar(x, y), dark = map.no_reflow(x, y);
            const auto bright = static_cast<float>(tissue.wall) + map.signal(x, y) * static_cast<float>(contrast);
            const std::size_t i = map.left + x - from_x, j = map.top + y - from_y;
            share(i, j) = s;
            value(i, j) = (s - dark) * bright + dark * core;
        }
    blur(share, blur_px);
    blur(value, blur_px);
    Plane grain = white_noise(w, h, random);
    blur(grain, 0.6);
    // The blur of 0.6 px leaves about half of white noise's SD; half of the wall's spread is noise, the rest is shading.
    const auto noise = static_cast<float>(tissue.wall_sd);
    for (std::size_t y = 0; y < h; ++y)
        for (std::size_t x = 0; x < w; ++x) {
            if (share(x, y) <= 1e-3F) continue;
            float& pixel = image(from_x + x, from_y + y);
            pixel = pixel * (1 - share(x, y)) + value(x, y) + share(x, y) * noise * grain(x, y);
        }
}

void paint_look_alike(volume::Slice<float> image, const SliceWall& wall, const Tissue& tissue, Random& random) {
    const double contrast = std::abs(tissue.blood - tissue.wall);
    if (random.chance(0.5)) {
        const auto centre = static_cast<float>(random.uniform(0, 360)), width = static_cast<float>(random.uniform(20, 70));
        const auto bright = static_cast<float>(contrast * random.uniform(0.2, 0.5));
        for (const WallPixel& p : wall.pixels) {
            float off = p.angle - centre;
            off = (off - 360 * std::round(off / 360)) / width;
            image.pixels[p.at] += bright * std::exp(-off * off);
        }
        return;
    }
    const double angle = random.uniform(0, std::numbers::pi), past = random.uniform(-1, 1) * wall.borders.endo[0];
    const auto nx = static_cast<float>(std::sin(angle)), ny = static_cast<float>(std::cos(angle));
    const auto at = static_cast<float>(wall.borders.centre.x * std::sin(angle) + wall.borders.centre.y * std::cos(angle) + past);
    const auto half = static_cast<float>(random.uniform(1, 2.5) / wall.spacing_mm), bright = static_cast<float>(contrast * random.uniform(0.3, 0.9));
    for (std::size_t y = 0; y < image.height; ++y)
        for (std::size_t x = 0; x < image.width; ++x) {
            const float off = std::abs(static_cast<float>(x) * nx + static_cast<float>(y) * ny - at) / half;
            image(x, y) += bright * std::clamp(1.5F - off, 0.0F, 1.0F);
        }
}

}  // namespace lge::synth
