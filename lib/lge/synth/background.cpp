#include "lge/synth/background.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lge::synth {
namespace {

constexpr double large_mm = 55, fine_mm = 22;

struct Direction { float x, y; };  // in pixels, y down
Direction at_degrees(double degrees) {
    const double a = degrees * std::numbers::pi / 180;
    return {static_cast<float>(std::cos(a)), static_cast<float>(-std::sin(a))};
}

Torso::Turning draw_turning(std::size_t size, double cell_px, Random& random) {
    Plane from = smooth_field(size, size, cell_px, random);
    return {std::move(from), smooth_field(size, size, cell_px, random)};
}

// Weights of the two fields at slice k: as alike as two points of a field that far apart.
struct Blend { float from, to; };
Blend blend_at(std::size_t k, double gap_mm, double cell_mm) {
    const double angle = 1.5 * static_cast<double>(k) * gap_mm / cell_mm;
    return {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
}

// Organs: wherever one of six fields is largest.
Plane draw_organs(const Torso& torso, const Heart& heart, std::size_t k, double cx, double cy, const Plane& texture) {
    const std::size_t size = texture.width;
    Plane most(size, size, -1e9F), value(size, size), grain(size, size);
    const Blend large = blend_at(k, heart.gap_mm, large_mm), fine = blend_at(k, heart.gap_mm, fine_mm);
    for (std::size_t o = 0; o < torso.organs.size(); ++o) {
        const Torso::Organ& organ = torso.organs[o];
        const auto signal = static_cast<float>(heart.tissue[o]), rough = static_cast<float>(heart.tissue_texture[o]);
        for (std::size_t y = 0; y < size; ++y) {
            const float row = organ.pull_y * static_cast<float>(static_cast<double>(y) - cy) - organ.pull_x * static_cast<float>(cx);
            for (std::size_t x = 0; x < size; ++x) {
                const std::size_t i = y * size + x;
                const float f = large.from * organ.large.from.v[i] + large.to * organ.large.to.v[i] +
                                0.3F * (fine.from * organ.fine.from.v[i] + fine.to * organ.fine.to.v[i]) + row + organ.pull_x * static_cast<float>(x);
                const bool wins = f > most.v[i];
                most.v[i] = wins ? f : most.v[i];
                value.v[i] = wins ? signal : value.v[i];
                grain.v[i] = wins ? rough : grain.v[i];
            }
        }
    }
    for (std::size_t i = 0; i < value.v.size(); ++i) value.v[i] *= 1 + grain.v[i] * texture.v[i];
    return value;
}

// Marrow about as bright as fat, in a dark rim.
void add_vertebra(Plane& image, const Torso& torso, const Heart& heart, const Plane& texture) {
    const auto marrow = static_cast<float>(heart.fat_signal * 0.7);
    for (std::size_t y = 0; y < image.height; ++y)
        for (std::size_t x = 0; x < image.width; ++x) {
            const float u = static_cast<float>(x) - torso.vertebra_x, v = static_cast<float>(y) - torso.vertebra_y;
            const float d = std::sqrt(u * u + v * v) - torso.vertebra_radius;
            if (d < 0) image(x, y) = d > -1.5F ? 0.05F : marrow * (1 + 0.15F * texture(x, y));
        }
}

void add_chest(Plane& image, const Torso& torso, const Heart& heart, double cx, double cy, const Plane& texture) {
    const Direction out = at_degrees(heart.chest_deg + heart.turn_deg);
    const auto step = static_cast<float>(1 / heart.chest_layer_mm), pixel = static_cast<float>(heart.spacing_mm), from = static_cast<float>(heart.chest_mm);
    for (std::size_t y = 0; y < image.height; ++y)
        for (std::size_t x = 0; x < image.width; ++x) {
            const float across = (static_cast<float>(x) - static_cast<float>(cx)) * out.x + (static_cast<float>(y) - static_cast<float>(cy)) * out.y;
            const float depth = (across * pixel + 6 * torso.chest_wave(x, y) - from) * step;
            if (depth <= 0) continue;
            const auto layer = static_cast<std::size_t>(depth);
            float& v = image(x, y);
            if (static_cast<double>(layer) > heart.chest_layers_before_air) v = heart.void_air ? static_cast<float>(heart.void_signal) : 0.03F * std::abs(v);
            else v = static_cast<float>(heart.chest_layers[std::min(layer, heart.chest_layers.size() - 1)]) * (1 + 0.1F * texture(x, y));
        }
}

}  // namespace

Torso draw_torso(const Heart& heart, double cx, double cy, Random& random) {
    const auto size = static_cast<std::size_t>(heart.size);
    const double px = heart.spacing_mm;
    Torso torso;
    for (std::size_t o = 0; o < torso.organs.size(); ++o) {
        torso.organs[o] = {draw_turning(size, large_mm / px, random), draw_turning(size, fine_mm / px, random), 0, 0};
        // Lung tends to lie beside the lateral wall and liver below the inferior one, as seen in the canonical pose.
        if (!heart.torso || o > 1) continue;
        const Direction towards = at_degrees((o == 0 ? 10 : -140) + heart.turn_deg + random.uniform(-30, 30));
        const auto pull = static_cast<float>(1.6 * px / 50);
        torso.organs[o].pull_x = pull * towards.x, torso.organs[o].pull_y = pull * towards.y;
    }
    torso.chest_wave = smooth_field(size, size, 45 / px, random);
    const Direction back = at_degrees(-71 + heart.turn_deg + random.uniform(-15, 15));
    const double away = random.uniform(62, 85) / px;
    torso.vertebra_x = static_cast<float>(cx + away * static_cast<double>(back.x));
    torso.vertebra_y = static_cast<float>(cy + away * static_cast<double>(back.y));
    torso.vertebra_radius = static_cast<float>(random.uniform(13, 19) / px);
    return torso;
}

Plane draw_background(const Torso& torso, const Heart& heart, std::size_t k, double cx, double cy, Random& random) {
    const auto size = static_cast<std::size_t>(heart.size);
    const double px = heart.spacing_mm;
    const Plane texture = smooth_field(size, size, 4.5 / px, random);
    Plane image = draw_organs(torso, heart, k, cx, cy, texture);
    if (random.chance(0.5)) {
        const Plane vessels = smooth_field(size, size, 6 / px, random);
        const auto bright = static_cast<float>(random.uniform(0.1, 0.6));
        for (std::size_t i = 0; i < image.v.size(); ++i) image.v[i] += vessels.v[i] > 2 ? bright : 0.0F;
    }
    if (heart.torso) add_vertebra(image, torso, heart, texture);
    if (heart.chest) add_chest(image, torso, heart, cx, cy, texture);
    return image;
}

}  // namespace lge::synth
