#include "lge/nn/net/image.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace lge::nn {
namespace {

using volume::Slice;

/// The slice position of every window pixel, row by row.
template <class F>
void each_pixel(const WindowMap& map, std::size_t size, F f) {
    const double middle = (static_cast<double>(size) - 1) / 2;
    for (std::size_t row = 0; row < size; ++row)
        for (std::size_t col = 0; col < size; ++col) {
            const auto [x, y] = in_slice(map, {static_cast<double>(col) - middle, static_cast<double>(row) - middle});
            f(row * size + col, x, y);
        }
}

/// The cell of a position and the weights of its right and lower neighbours.
struct Cell {
    std::ptrdiff_t x, y;
    float right, down;
};
Cell cell_at(double x, double y) {
    const double fx = std::floor(x), fy = std::floor(y);
    return {static_cast<std::ptrdiff_t>(fx), static_cast<std::ptrdiff_t>(fy), static_cast<float>(x - fx), static_cast<float>(y - fy)};
}

/// Separable 1-2-1 smoothing, borders repeated.
void smooth(std::span<float> window, std::size_t size) {
    std::vector<float> line(size);
    const auto pass = [&](std::size_t start, std::size_t step) {
        for (std::size_t i = 0; i < size; ++i) line[i] = window[start + i * step];
        for (std::size_t i = 0; i < size; ++i)
            window[start + i * step] = 0.25F * line[i ? i - 1 : 0] + 0.5F * line[i] + 0.25F * line[std::min(i + 1, size - 1)];
    };
    for (std::size_t i = 0; i < size; ++i) pass(i * size, 1);
    for (std::size_t i = 0; i < size; ++i) pass(i, size);
}

}  // namespace

WindowMap upright(std::array<double, 2> centre, std::array<double, 2> pixel_mm, double spacing_mm) {
    return {{spacing_mm / pixel_mm[0], 0, 0, spacing_mm / pixel_mm[1]}, centre};
}

WindowMap back_of(const WindowMap& map, std::size_t size) {
    const auto& m = map.matrix;
    const double area = m[0] * m[3] - m[1] * m[2], middle = (static_cast<double>(size) - 1) / 2;
    const WindowMap turned{{m[3] / area, -m[1] / area, -m[2] / area, m[0] / area}, {}};
    const auto [u, v] = in_slice(turned, map.centre);
    return {turned.matrix, {middle - u, middle - v}};
}

WindowMap vary(const WindowMap& map, const PoseRange& range, Random& random) {
    const double turn = random.uniform(-range.turn_deg, range.turn_deg) * std::numbers::pi / 180;
    const double scale = std::exp(random.uniform(-range.log_scale, range.log_scale));
    const double shift_x = random.uniform(-range.shift_px, range.shift_px), shift_y = random.uniform(-range.shift_px, range.shift_px);
    const double flip = range.mirror && random.chance(0.5) ? -1 : 1;
    const double c = std::cos(turn) * scale, s = std::sin(turn) * scale;
    const std::array<double, 4> pose{c * flip, -s, s * flip, c};
    const auto& m = map.matrix;
    return {{m[0] * pose[0] + m[1] * pose[2], m[0] * pose[1] + m[1] * pose[3], m[2] * pose[0] + m[3] * pose[2], m[2] * pose[1] + m[3] * pose[3]},
            {map.centre[0] + m[0] * shift_x + m[1] * shift_y, map.centre[1] + m[2] * shift_x + m[3] * shift_y}};
}

float sample(Slice<const float> slice, double x, double y) {
    const Cell c = cell_at(std::clamp(x, 0.0, static_cast<double>(slice.width - 1)), std::clamp(y, 0.0, static_cast<double>(slice.height - 1)));
    const auto x0 = static_cast<std::size_t>(c.x), y0 = static_cast<std::size_t>(c.y);
    const auto x1 = std::min(x0 + 1, slice.width - 1), y1 = std::min(y0 + 1, slice.height - 1);
    const float upper = slice(x0, y0) + c.right * (slice(x1, y0) - slice(x0, y0));
    const float lower = slice(x0, y1) + c.right * (slice(x1, y1) - slice(x0, y1));
    return upper + c.down * (lower - upper);
}

float quantile(std::span<float> values, double q) {
    if (values.empty()) return 0;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::lround(q * static_cast<double>(values.size() - 1)));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

void cut_image(Slice<const float> slice, const WindowMap& map, std::size_t size, std::span<float> out) {
    each_pixel(map, size, [&](std::size_t at, double x, double y) { out[at] = sample(slice, x, y); });
}

void cut_label(Slice<const std::uint8_t> slice, const WindowMap& map, std::size_t size, std::span<std::uint8_t> out) {
    each_pixel(map, size, [&](std::size_t at, double x, double y) {
        out[at] = 0;
        if (!(x > -1 && y > -1 && x < static_cast<double>(slice.width) && y < static_cast<double>(slice.height))) return;
        const Cell c = cell_at(x, y);
        const auto label = [&](std::ptrdiff_t i, std::ptrdiff_t j) -> std::uint8_t {
            return slice.inside(i, j) ? slice(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) : std::uint8_t{0};
        };
        const std::array<std::uint8_t, 4> corner{label(c.x, c.y), label(c.x + 1, c.y), label(c.x, c.y + 1), label(c.x + 1, c.y + 1)};
        const std::array<float, 4> weight{(1 - c.right) * (1 - c.down), c.right * (1 - c.down), (1 - c.right) * c.down, c.right * c.down};
        float best = -1;
        for (std::size_t i = 0; i < 4; ++i) {
            float share = 0;
            for (std::size_t j = 0; j < 4; ++j) share += corner[j] == corner[i] ? weight[j] : 0;
            if (share > best) {
                best = share;
                out[at] = corner[i];
            }
        }
    });
}

void stretch(std::span<float> window) {
    std::vector<float> sorted(window.begin(), window.end());
    const float low = quantile(sorted, 0.01), high = quantile(sorted, 0.99);
    for (auto& v : window) v = high > low ? std::clamp((v - low) / (high - low), -0.1F, 1.3F) : 0.0F;
}

void standardise(std::span<float> window) {
    double sum = 0, squares = 0;
    for (const float v : window) sum += v;
    const double mean = sum / static_cast<double>(window.size());
    for (const float v : window) squares += (v - mean) * (v - mean);
    const double sd = std::sqrt(squares / static_cast<double>(window.size()));
    for (auto& v : window) v = sd > 1e-6 ? static_cast<float>((v - mean) / sd) : 0.0F;
}

void vary_intensity(std::span<float> window, std::size_t size, Random& random) {
    const auto gamma = static_cast<float>(std::exp(random.uniform(-0.35, 0.35)));
    for (auto& v : window) v = v > 0 ? std::pow(v, gamma) : v;
    std::array<double, 5> bias{};
    for (auto& b : bias) b = random.uniform(-0.2, 0.2);
    for (std::size_t row = 0; row < size; ++row)
        for (std::size_t col = 0; col < size; ++col) {
            const double x = 2 * static_cast<double>(col) / static_cast<double>(size) - 1, y = 2 * static_cast<double>(row) / static_cast<double>(size) - 1;
            window[row * size + col] *= static_cast<float>(std::exp(bias[0] * x + bias[1] * y + bias[2] * x * y + bias[3] * x * x + bias[4] * y * y));
        }
    for (auto passes = random.below(3); passes > 0; --passes) smooth(window, size);
    const double noise = random.uniform(0, 0.06);
    for (auto& v : window) v += static_cast<float>(random.normal(0, noise));
}

void make_odd_contrast(std::span<float> window, std::size_t size, Random& random) {
    const bool exchange = random.chance(0.5);
    const double height = random.uniform(0, 0.5), turn = random.uniform(0, 2 * std::numbers::pi), start = random.uniform(0, 2 * std::numbers::pi);
    const double step = 2 * std::numbers::pi * random.uniform(0.3, 1.5) / static_cast<double>(size);  // 0.3 to 1.5 waves a window
    for (std::size_t row = 0; row < size; ++row)
        for (std::size_t col = 0; col < size; ++col) {
            float& v = window[row * size + col];
            const double along = std::cos(turn) * static_cast<double>(col) + std::sin(turn) * static_cast<double>(row);
            v = (exchange ? 1 - v : v) + static_cast<float>(height * std::sin(start + step * along));
        }
}

}  // namespace lge::nn
