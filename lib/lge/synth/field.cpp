#include "lge/synth/field.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace lge::synth {
namespace {

// Weights of the four lattice values around a point at `t` in [0, 1) behind the second.
std::array<float, 4> spline_weights(float t) {
    const float s = 1 - t;
    return {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6, t * t * t / 6};
}

// A cubic B-spline averages white lattice values to a variance of 0.479 per axis.
constexpr float spline_sd_1d = 0.6923F;
constexpr float spline_sd_2d = 0.4794F;

}  // namespace

Plane smooth_field(std::size_t width, std::size_t height, double cell_px, Random& random) {
    const auto nodes = [&](std::size_t n) { return static_cast<std::size_t>(std::ceil(static_cast<double>(n) / cell_px)) + 4; };
    const std::size_t nx = nodes(width), ny = nodes(height);
    std::vector<float> lattice(nx * ny);
    for (float& value : lattice) value = quick_normal(random.next());
    const double offset_x = random.uniform(), offset_y = random.uniform();
    std::vector<float> rows(ny * width);
    for (std::size_t x = 0; x < width; ++x) {
        const double at = static_cast<double>(x) / cell_px + offset_x;
        const auto first = static_cast<std::size_t>(at);
        const auto w = spline_weights(static_cast<float>(at - std::floor(at)));
        for (std::size_t j = 0; j < ny; ++j) {
            const float* l = &lattice[j * nx + first];
            rows[j * width + x] = (w[0] * l[0] + w[1] * l[1] + w[2] * l[2] + w[3] * l[3]) / spline_sd_2d;
        }
    }
    Plane out(width, height);
    for (std::size_t y = 0; y < height; ++y) {
        const double at = static_cast<double>(y) / cell_px + offset_y;
        const float* r = &rows[static_cast<std::size_t>(at) * width];
        const auto w = spline_weights(static_cast<float>(at - std::floor(at)));
        float* o = &out.v[y * width];
        for (std::size_t x = 0; x < width; ++x)
            o[x] = w[0] * r[x] + w[1] * r[x + width] + w[2] * r[x + 2 * width] + w[3] * r[x + 3 * width];
    }
    return out;
}

void blur(Plane& plane, double sigma_px) {
    if (sigma_px < 0.05) return;
    const int reach = std::max(1, static_cast<int>(std::ceil(3 * sigma_px)));
    std::vector<float> kernel(static_cast<std::size_t>(2 * reach + 1));
    float sum = 0;
    for (int i = -reach; i <= reach; ++i) {
        const float weight = static_cast<float>(std::exp(-0.5 * i * i / (sigma_px * sigma_px)));
        kernel[static_cast<std::size_t>(i + reach)] = weight;
        sum += weight;
    }
    for (float& k : kernel) k /= sum;
    const std::size_t w = plane.width, h = plane.height, r = static_cast<std::size_t>(reach);
    std::vector<float> padded(w + 2 * r), line(w);
    for (std::size_t y = 0; y < h; ++y) {
        float* row = &plane.v[y * w];
        std::fill_n(padded.begin(), r, row[0]);
        std::copy_n(row, w, padded.begin() + static_cast<std::ptrdiff_t>(r));
        std::fill_n(padded.begin() + static_cast<std::ptrdiff_t>(r + w), r, row[w - 1]);
        std::fill(line.begin(), line.end(), 0.0F);
        for (std::size_t k = 0; k < kernel.size(); ++k)
            for (std::size_t x = 0; x < w; ++x) line[x] += kernel[k] * padded[x + k];
        std::copy(line.begin(), line.end(), row);
    }
    const std::vector<float> source = plane.v;
    std::fill(plane.v.begin(), plane.v.end(), 0.0F);
    for (std::size_t y = 0; y < h; ++y)
        for (std::size_t k = 0; k < kernel.size(); ++k) {
            const std::size_t from = std::clamp(y + k, r, h - 1 + r) - r;
            const float* s = &source[from * w];
            float* o = &plane.v[y * w];
            for (std::size_t x = 0; x < w; ++x) o[x] += kernel[k] * s[x];
        }
}

Plane white_noise(std::size_t width, std::size_t height, Random& random) {
    Plane out(width, height);
    for (float& value : out.v) value = quick_normal(random.next());
    return out;
}

std::vector<float> smooth_ring(std::size_t bins, std::size_t nodes, Random& random) {
    std::vector<float> knot(nodes), out(bins);
    for (float& k : knot) k = quick_normal(random.next());
    for (std::size_t b = 0; b < bins; ++b) {
        const double at = static_cast<double>(b) / static_cast<double>(bins) * static_cast<double>(nodes);
        const auto first = static_cast<std::size_t>(at);
        const auto w = spline_weights(static_cast<float>(at - std::floor(at)));
        float sum = 0;
        for (std::size_t i = 0; i < 4; ++i) sum += w[i] * knot[(first + i) % nodes];
        out[b] = sum / spline_sd_1d;
    }
    return out;
}

}  // namespace lge::synth
