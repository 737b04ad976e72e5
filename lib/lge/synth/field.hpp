#pragma once
// Flat arrays of one slice: smooth random fields, blur and noise.
#include "lge/base/random.hpp"

#include <cstddef>
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

/// White noise of mean 0 and standard deviation 1: the sum of four uniform numbers, which is quick and bounded (3.5 SD).
Plane white_noise(std::size_t width, std::size_t height, Random& random);

/// A smooth periodic curve over a full turn, mean 0, SD 1, sampled at `bins` angles from `nodes` random values.
std::vector<float> smooth_ring(std::size_t bins, std::size_t nodes, Random& random);

/// The angle of (x, y) in turns, 0 <= turn < 1, counter-clockwise; within 1e-5 turns.
float quick_turn(float y, float x);

}  // namespace lge::synth
