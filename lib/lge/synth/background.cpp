#include "lge/synth/background.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lge::synth {
namespace {

struct Direction { float x, y; };  // in pixels, y down
Direction at_degrees(double degrees) {
    const double a = degrees * std::numbers::pi / 180;
    return {static_cast<float>(std::cos(a)), static_cast<float>(-std::sin(a))};
}

}  // namespace

Plane draw_background(const Heart& heart, std::size_t size, double cx, double cy, Random& random) {
    const double px = heart.spacing_mm;
    const std::size_t n = size * size;
    constexpr std::size_t organs = 6;
    // Organs: wherever one of six fields is largest. In a torso lung tends to lie beside the lateral wall and liver
    // below the inferior one, as seen in the canonical pose.
    Plane most(size, size, -1e9F), value(size, size), grain(size, size);
    for (std::size_t o = 0; o < organs; ++o) {
        const Plane large = smooth_field(size, size, 55 / px, random), fine = smooth_field(size, size, 22 / px, random);
        Direction towards{0, 0};
        if (heart.torso && o < 2) {
            towards = at_degrees((o == 0 ? 10 : -140) + heart.turn_deg + random.uniform(-30, 30));
            const auto pull = static_cast<float>(1.6 * px / 50);
            towards.x *= pull, towards.y *= pull;
        }
        const auto signal = static_cast<float>(heart.tissue[o]), rough = static_cast<float>(heart.tissue_texture[o]);
        for (std::size_t y = 0; y < size; ++y) {
            const float row = towards.y * static_cast<float>(static_cast<double>(y) - cy) - towards.x * static_cast<float>(cx);
            for (std::size_t x = 0; x < size; ++x) {
                const std::size_t i = y * size + x;
                const float f = large.v[i] + 0.3F * fine.v[i] + row + towards.x * static_cast<float>(x);
                const bool wins = f > most.v[i];
                most.v[i] = wins ? f : most.v[i];
                value.v[i] = wins ? signal : value.v[i];
                grain.v[i] = wins ? rough : grain.v[i];
            }
        }
    }
    const Plane texture = smooth_field(size, size, 4.5 / px, random);
    for (std::size_t i = 0; i < n; ++i) value.v[i] *= 1 + grain.v[i] * texture.v[i];
    if (random.chance(0.5)) {
        const Plane vessels = smooth_field(size, size, 6 / px, random);
        const auto bright = static_cast<float>(random.uniform(0.1, 0.6));
        for (std::size_t i = 0; i < n; ++i) value.v[i] += vessels.v[i] > 2 ? bright : 0.0F;
    }
    if (heart.torso) {
        // A vertebra: marrow about as bright as fat, in a dark rim.
        const Direction to = at_degrees(-71 + heart.turn_deg + random.uniform(-15, 15));
        const double away = random.uniform(62, 85) / px, radius = random.uniform(13, 19) / px;
        const auto vx = static_cast<float>(cx + away * static_cast<double>(to.x)), vy = static_cast<float>(cy + away * static_cast<double>(to.y));
        const auto r = static_cast<float>(radius), marrow = static_cast<float>(heart.fat_signal * 0.7), rim = static_cast<float>(0.05);
        for (std::size_t y = 0; y < size; ++y)
            for (std::size_t x = 0; x < size; ++x) {
                const float d = std::hypot(static_cast<float>(x) - vx, static_cast<float>(y) - vy) - r;
                if (d < 0) value(x, y) = d > -1.5F ? rim : marrow * (1 + 0.15F * texture(x, y));
            }
    }
    if (heart.chest) {
        const Plane wave = smooth_field(size, size, 45 / px, random);
        const Direction out = at_degrees(heart.chest_deg + heart.turn_deg);
        const auto step = static_cast<float>(1 / heart.chest_layer_mm), pixel = static_cast<float>(px), from = static_cast<float>(heart.chest_mm);
        for (std::size_t y = 0; y < size; ++y)
            for (std::size_t x = 0; x < size; ++x) {
                const float across = (static_cast<float>(x) - static_cast<float>(cx)) * out.x + (static_cast<float>(y) - static_cast<float>(cy)) * out.y;
                const float depth = (across * pixel + 6 * wave(x, y) - from) * step;
                if (depth <= 0) continue;
                const auto layer = static_cast<std::size_t>(depth);
                float& v = value(x, y);
                v = static_cast<double>(layer) > heart.chest_layers_before_air ? (heart.void_air ? static_cast<float>(heart.void_signal) : 0.03F * std::abs(v))
                    : static_cast<float>(heart.chest_layers[std::min(layer, heart.chest_layers.size() - 1)]) * (1 + 0.1F * texture(x, y));
            }
    }
    return value;
}

}  // namespace lge::synth
