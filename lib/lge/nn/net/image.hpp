#pragma once
// What happens to a slice before a network sees it: a square window on a grid of fixed spacing, normalised by itself.
#include "lge/base/array.hpp"
#include "lge/base/random.hpp"
#include "lge/volume/grid.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace lge::nn {

/// Where the pixels of a window lie in a slice: window pixel (u, v), counted from the window's middle, stands at
/// slice pixel centre + matrix * (u, v).
struct WindowMap {
    std::array<double, 4> matrix{1, 0, 0, 1};  // row by row
    std::array<double, 2> centre{};            // slice pixels
};

/// A map without turning: `pixel_mm` is the slice's spacing along x and y, `spacing_mm` the window's.
WindowMap upright(std::array<double, 2> centre, std::array<double, 2> pixel_mm, double spacing_mm);

/// Where window position (u, v), counted from the middle, lies in the slice.
inline std::array<double, 2> in_slice(const WindowMap& map, std::array<double, 2> position) {
    const auto [u, v] = position;
    return {map.centre[0] + map.matrix[0] * u + map.matrix[1] * v, map.centre[1] + map.matrix[2] * u + map.matrix[3] * v};
}
/// The other way: in_slice of it takes pixel positions (x, y) of the slice to pixels of a window of `size` pixels a side.
WindowMap back_of(const WindowMap& map, std::size_t size);

/// How much a training window may differ from the slice it is cut from; each is drawn evenly around none.
struct PoseRange {
    double turn_deg = 10;
    double log_scale = 0.08;
    double shift_px = 3;  // of the window
    bool mirror = false;  // half of the windows; never where the sentence names a wall
};
/// `map` seen through a random pose: about the window's middle, then shifted.
WindowMap vary(const WindowMap& map, const PoseRange& range, Random& random);

/// The slice at (x, y) in pixels: linear between pixels, outside the slice the nearest border pixel.
float sample(volume::Slice<const float> slice, double x, double y);
/// The value below which the share `q` of the values lies, to the nearest of them; 0 when there is none. Reorders them.
float quantile(std::span<float> values, double q);

/// As `sample`. `out` has size x size pixels.
void cut_image(volume::Slice<const float> slice, const WindowMap& map, std::size_t size, std::span<float> out);
/// The label with the largest share of the linear weights; background outside.
void cut_label(volume::Slice<const std::uint8_t> slice, const WindowMap& map, std::size_t size, std::span<std::uint8_t> out);

/// To (x - p1) / (p99 - p1) of its own percentiles, clipped to [-0.1, 1.3]; a flat window becomes 0.
void stretch(std::span<float> window);
/// To mean 0 and standard deviation 1; a flat window becomes 0.
void standardise(std::span<float> window);
/// What one scanner does unlike another, on a stretched window: gamma, a smooth bias field, blur, noise.
void vary_intensity(std::span<float> window, std::size_t size, Random& random);
/// Contrast that no scanner gives, on a stretched window, so that a network learns shape more than brightness: light and dark
/// exchanged in half of the calls, and a wave of low frequency added, up to half of the window's range.
void make_odd_contrast(std::span<float> window, std::size_t size, Random& random);

}  // namespace lge::nn
