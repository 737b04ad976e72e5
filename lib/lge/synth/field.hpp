#pragma once
// Flat arrays of one slice: smooth random fields, blur and noise.
#include "lge/base/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace lge::synth {

/// The pixels of one slice, row by row.
struct Plane {
    std::size_t width = 0, height = 0;
    std::vector<float> v;
    Plane() = default;
    Plane(std::size_t w, std::size_t h, float value = 0) : width(w), height(h), v(w * h, value) {}
    float& operator()(std::size_t x, std::size_t y) { return v[y * width + x]; }
    float operator()(std::size_t x, std::size_t y) const { return v[y * width + x]; }
};

/// A random field of mean 0 and standard deviation 1 that varies over `cell_px` pixels: normal values on a lattice,
/// joined by a cubic B-spline.
Plane smooth_field(std::size_t width, std::size_t height, double cell_px, Random& random);

/// Gaussian blur in place; edges are repeated. Nothing happens below 0.05 px.
void blur(Plane& plane, double sigma_px);

/// White noise of mean 0 and standard deviation 1: quick_normal for each pixel.
Plane white_noise(std::size_t width, std::size_t height, Random& random);

/// A smooth periodic curve over a full turn, mean 0, SD 1, sampled at `bins` angles from `nodes` random values.
std::vector<float> smooth_ring(std::size_t bins, std::size_t nodes, Random& random);

/// About normal, mean 0, SD 1, from 32 random bits: the sum of their four bytes, bounded by 3.5.
inline float quick_normal(std::uint32_t bits) {
    // Each byte has variance (2^16 - 1) / 12.
    const std::uint32_t pairs = (bits & 0x00FF00FFU) + (bits >> 8 & 0x00FF00FFU);
    return (static_cast<float>((pairs & 0xFFFFU) + (pairs >> 16)) - 510.0F) * (1.0F / 147.79941F);
}

/// The angle of (x, y) in turns, 0 <= turn < 1, counter-clockwise; within 1e-5 turns.
inline float quick_turn(float y, float x) {
    const float ax = std::abs(x), ay = std::abs(y), big = std::max(ax, ay);
    const float t = big > 0 ? std::min(ax, ay) / big : 0.0F, q = t * t;
    // Minimax polynomial of atan over [0, 1] (Abramowitz and Stegun 4.4.47), in turns.
    float turn = t * (0.9998660F + q * (-0.3302995F + q * (0.1801410F + q * (-0.0851330F + q * 0.0208351F)))) * 0.15915494F;
    turn = ay > ax ? 0.25F - turn : turn;
    turn = x < 0 ? 0.5F - turn : turn;
    turn = y < 0 ? 1.0F - turn : turn;
    return turn < 1.0F ? turn : 0.0F;
}

}  // namespace lge::synth
