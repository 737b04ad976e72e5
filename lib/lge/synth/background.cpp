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

float mix(float a, float b, float share) { return a + share * (b - a); }

// Organs: wherever one of six fields is largest. `folds` makes their borders uneven.
Plane draw_organs(const Torso& torso, const Heart& heart, std::size_t k, double cx, double cy, const Plane& texture, const Plane& folds) {
    const std::size_t size = texture.width;
    Plane most(size, size, -1e9F), next(size, size, -1e9F), value(size, size), grain(size, size);
    const Blend large = blend_at(k, heart.gap_mm, large_mm), fine = blend_at(k, heart.gap_mm, fine_mm);
    for (std::size_t o = 0; o < torso.organs.size(); ++o) {
        const Torso::Organ& organ = torso.organs[o];
        const auto signal = static_cast<float>(heart.tissue[o]), rough = static_cast<float>(heart.tissue_texture[o]);
        const float fold = 0.07F * (static_cast<float>(o) - 2.5F);
        for (std::size_t y = 0; y < size; ++y) {
            const float row = organ.pull_y * static_cast<float>(static_cast<double>(y) - cy) - organ.pull_x * static_cast<float>(cx);
            for (std::size_t x = 0; x < size; ++x) {
                const std::size_t i = y * size + x;
                const float f = large.from * organ.large.from.v[i] + large.to * organ.large.to.v[i] +
                                0.3F * (fine.from * organ.fine.from.v[i] + fine.to * organ.fine.to.v[i]) + fold * folds.v[i] + row +
                                organ.pull_x * static_cast<float>(x);
                const bool wins = f > most.v[i];
                next.v[i] = wins ? most.v[i] : std::max(next.v[i], f);
                most.v[i] = wins ? f : most.v[i];
                value.v[i] = wins ? signal : value.v[i];
                grain.v[i] = wins ? rough : grain.v[i];
            }
        }
    }
    for (std::size_t i = 0; i < value.v.size(); ++i) {
        value.v[i] *= 1 + grain.v[i] * texture.v[i];
        const float seam = std::clamp((torso.seam - most.v[i] + next.v[i]) * 20, 0.0F, 1.0F);
        value.v[i] = mix(value.v[i], torso.seam_signal, seam);
    }
    return value;
}

// Bright dots and short branches, as of vessels that cross the slice or run in it.
void add_vessels(Plane& image, double px, Random& random) {
    const std::size_t size = image.width;
    const double cell = random.uniform(3.2, 6) / px;
    const Plane dots = smooth_field(size, size, cell, random), course = smooth_field(size, size, 3 * cell, random), branch = smooth_field(size, size, 4.5 * cell, random);
    const auto bright = static_cast<float>(random.uniform(0.1, 0.6)), rare = static_cast<float>(random.uniform(1.9, 2.5));
    for (std::size_t i = 0; i < image.v.size(); ++i) {
        const float width = 0.12F * (branch.v[i] - 0.9F);
        const float share = std::max((dots.v[i] - rare) * 4, (width - std::abs(course.v[i])) * 16);
        image.v[i] += bright * std::clamp(share, 0.0F, 1.0F);
    }
}

// The descending aorta, beside the spine.
void add_aorta(Plane& image, const Torso& torso, const Heart& heart) {
    const auto blood = static_cast<float>(heart.blood);
    for (std::size_t y = 0; y < image.height; ++y)
        for (std::size_t x = 0; x < image.width; ++x) {
            const float u = static_cast<float>(x) - torso.aorta_x, v = static_cast<float>(y) - torso.aorta_y;
            image(x, y) = mix(image(x, y), blood, std::clamp(torso.aorta_radius + 0.5F - std::sqrt(u * u + v * v), 0.0F, 1.0F));
        }
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

// Layers, and ribs in them: ovals of marrow in a dark rim, cut one beside the other, which pass along as slices pass.
void add_chest(Plane& image, const Torso& torso, const Heart& heart, std::size_t k, double cx, double cy, const Plane& texture) {
    const Direction out = at_degrees(heart.chest_deg + heart.turn_deg);
    const auto step = static_cast<float>(1 / heart.chest_layer_mm), pixel = static_cast<float>(heart.spacing_mm), from = static_cast<float>(heart.chest_mm);
    const auto passed = static_cast<float>(static_cast<double>(k) * heart.gap_mm) * torso.rib_slope + torso.rib_phase_mm;
    for (std::size_t y = 0; y < image.height; ++y)
        for (std::size_t x = 0; x < image.width; ++x) {
            const float across = (static_cast<float>(x) - static_cast<float>(cx)) * out.x + (static_cast<float>(y) - static_cast<float>(cy)) * out.y;
            const float depth = (across * pixel + 6 * torso.chest_wave(x, y) - from) * step;
            if (depth <= 0) continue;
            const auto layer = static_cast<std::size_t>(depth);
            float& v = image(x, y);
            if (static_cast<double>(layer) > heart.chest_layers_before_air) v = heart.void_air ? static_cast<float>(heart.void_signal) : 0.03F * std::abs(v);
            else v = static_cast<float>(heart.chest_layers[std::min(layer, heart.chest_layers.size() - 1)]) * (1 + 0.1F * texture(x, y));
            if (torso.rib_every_mm <= 0 || static_cast<double>(layer) > heart.chest_layers_before_air) continue;
            const float along = ((static_cast<float>(y) - static_cast<float>(cy)) * out.x - (static_cast<float>(x) - static_cast<float>(cx)) * out.y) * pixel + passed;
            const float u = (along - torso.rib_every_mm * std::round(along / torso.rib_every_mm)) / torso.rib_long_mm, w = (depth / step - torso.rib_depth_mm) / torso.rib_thick_mm;
            const float inside = 1 - std::sqrt(u * u + w * w);
            if (inside > 0) v = inside < 0.3F ? 0.05F : torso.rib_signal * (1 + 0.15F * texture(x, y));
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
    const auto f = [&](double low, double high) { return static_cast<float>(random.uniform(low, high)); };
    const Direction beside = at_degrees(-71 + 90 + heart.turn_deg + random.uniform(-40, 40));  // the patient's left
    torso.aorta_radius = f(8, 13) / static_cast<float>(px);
    const float apart = torso.vertebra_radius + torso.aorta_radius + f(1, 4) / static_cast<float>(px);
    torso.aorta_x = torso.vertebra_x + apart * beside.x, torso.aorta_y = torso.vertebra_y + apart * beside.y;
    if (random.chance(0.5)) {
        torso.seam = f(0, 0.08);
        torso.seam_signal = random.chance(0.5) ? static_cast<float>(heart.fat_signal) : static_cast<float>(heart.wall) * f(0, 0.6);
    }
    if (random.chance(0.7)) {
        torso.rib_every_mm = f(22, 36);
        torso.rib_phase_mm = f(0, 36);
        torso.rib_slope = f(-0.8F, 0.8F);
        torso.rib_long_mm = f(5, 9);
        torso.rib_thick_mm = f(3, 5.5);
        torso.rib_depth_mm = f(3, 10);
        torso.rib_signal = static_cast<float>(heart.fat_signal) * f(0.4, 0.9);
    }
    return torso;
}

Plane draw_background(const Torso& torso, const Heart& heart, std::size_t k, double cx, double cy, Random& random) {
    const auto size = static_cast<std::size_t>(heart.size);
    const double px = heart.spacing_mm;
    const Plane texture = smooth_field(size, size, 4.5 / px, random), folds = smooth_field(size, size, 7 / px, random);
    Plane image = draw_organs(torso, heart, k, cx, cy, texture, folds);
    if (random.chance(0.5)) add_vessels(image, px, random);
    if (heart.torso) add_aorta(image, torso, heart);
    if (heart.torso) add_vertebra(image, torso, heart, texture);
    if (heart.chest) add_chest(image, torso, heart, k, cx, cy, texture);
    blur(image, 0.4);  // a pixel on a border sees both sides
    return image;
}

}  // namespace lge::synth
