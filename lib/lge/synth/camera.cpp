#include "lge/synth/camera.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace lge::synth {
namespace {

float mix(float a, float b, float share) { return a + share * (b - a); }

void add_ghost(Plane& image, double strength, Random& random) {
    const std::size_t w = image.width, h = image.height;
    const bool rows = random.chance(0.5);
    const std::size_t by = 8 + random.below(32);
    const Plane still = image;
    const auto g = static_cast<float>(strength);
    for (std::size_t y = 0; y < h; ++y)
        for (std::size_t x = 0; x < w; ++x)
            image(x, y) = still(x, y) * (1 - 0.3F * g) + g * (rows ? still(x, (y + by) % h) : still((x + by) % w, y));
}

// Magnitude images have Rician noise; the others keep the sign, and what falls below zero is folded.
void add_noise(Plane& image, const Heart& heart, Random& random) {
    const std::size_t w = image.width, h = image.height, n = w * h;
    auto sd = static_cast<float>(heart.noise);
    const auto channel = [&] {
        Plane noise = white_noise(w, h, random);
        if (heart.grainy) blur(noise, 0.8);
        return noise;
    };
    if (heart.grainy) sd *= 2.8F;  // a blur of 0.8 px leaves 0.35 of white noise's SD
    const Plane real = channel();
    if (heart.rician) {
        const Plane imaginary = channel();
        for (std::size_t i = 0; i < n; ++i) {
            const float re = image.v[i] + sd * real.v[i], im = sd * imaginary.v[i];
            image.v[i] = std::sqrt(re * re + im * im);
        }
    } else {
        for (std::size_t i = 0; i < n; ++i) image.v[i] += sd * real.v[i];
        if (!heart.psir)
            for (float& v : image.v) v = std::abs(v);
    }
}

}  // namespace

void mix_through_plane(Plane& image, const Heart& heart, double z, double cx, double cy, Random& random) {
    const bool end = z < 0.12 || z > 0.88;
    double through = random.chance(0.4) ? random.uniform(0, 0.5) * (0.4 + z) : 0;
    through *= heart.partial_volume;
    if (end && random.chance(0.6)) through = std::max(through, heart.end_mixing * random.uniform(0.2, 0.6));
    const auto scale = static_cast<float>(1 + random.uniform(-0.25, 0.25));
    if (through <= 0.02) return;
    const std::size_t w = image.width, h = image.height;
    const Plane near = image;
    const auto ax = static_cast<float>(cx), ay = static_cast<float>(cy), share = static_cast<float>(through);
    for (std::size_t y = 0; y < h; ++y) {
        const float sy = std::clamp((static_cast<float>(y) - ay) * scale + ay, 0.0F, static_cast<float>(h) - 1.01F);
        const auto iy = static_cast<std::size_t>(sy);
        const float t = sy - static_cast<float>(iy);
        for (std::size_t x = 0; x < w; ++x) {
            const float sx = std::clamp((static_cast<float>(x) - ax) * scale + ax, 0.0F, static_cast<float>(w) - 1.01F);
            const auto ix = static_cast<std::size_t>(sx);
            const float u = sx - static_cast<float>(ix);
            const float other = mix(mix(near(ix, iy), near(ix + 1, iy), u), mix(near(ix, iy + 1), near(ix + 1, iy + 1), u), t);
            image(x, y) = mix(image(x, y), other, share);
        }
    }
}

void expose(Plane& image, const Heart& heart, const Plane& bias, Random& random) {
    const std::size_t w = image.width, h = image.height, n = w * h;
    const double px = heart.spacing_mm;
    if (heart.texture > 0) {
        const Plane coarse = smooth_field(w, h, 9 / px, random), fine = smooth_field(w, h, 3.8 / px, random);
        const auto texture = static_cast<float>(0.5 * heart.texture);
        for (std::size_t i = 0; i < n; ++i) image.v[i] *= 1 + texture * (coarse.v[i] + fine.v[i]);
    }
    const auto shade = static_cast<float>(heart.bias);
    for (std::size_t i = 0; i < n; ++i) {
        // exp(x) for the small x of a coil's shading.
        const float e = 1 + shade * bias.v[i] / 8, e2 = e * e, e4 = e2 * e2;
        image.v[i] *= e4 * e4;
    }
    if (heart.ghost > 0) add_ghost(image, heart.ghost, random);
    blur(image, heart.blur_mm * random.uniform(0.85, 1.15) / px);
    add_noise(image, heart, random);
    if (heart.outlier > 0)  // single pixels far too bright
        for (auto left = 1 + random.below(4); left > 0; --left) {
            const std::size_t at = random.below(static_cast<std::uint32_t>(n));
            image.v[at] = *std::max_element(image.v.begin(), image.v.end()) * static_cast<float>(1 + heart.outlier);
        }
}

void develop(std::span<float> stack, const Heart& heart) {
    float low = 0, high = 1e-6F;
    for (const float v : stack) low = std::min(low, v), high = std::max(high, v);
    constexpr std::size_t steps = 1024;
    std::array<float, steps + 2> curve{};
    const double gamma = std::exp(heart.log_gamma);
    for (std::size_t i = 0; i < curve.size(); ++i)
        curve[i] = static_cast<float>((std::pow(std::min(1.0, static_cast<double>(i) / steps), gamma) + heart.lift) / (1 + heart.lift));
    const float scale = static_cast<float>(steps) / (high - low);
    for (float& v : stack) {
        const float at = (v - low) * scale;
        const auto k = std::min(static_cast<std::size_t>(at), steps - 1);
        v = mix(curve[k], curve[k + 1], at - static_cast<float>(k));
    }
}

}  // namespace lge::synth
