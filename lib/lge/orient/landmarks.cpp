#include "lge/orient/landmarks.hpp"

#include "lge/anatomy/heart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

namespace lge::orient {

Degrees turn(Degrees angle) {
    const double a = std::fmod(angle.value, 360.0);
    return Degrees{a < 0 ? a + 360 : a};
}
Degrees turn_between(Degrees from, Degrees to) { return Degrees{turn(to - from + Degrees{180}).value - 180}; }

namespace {

using volume::Slice;
using anatomy::Label;

constexpr std::size_t rays = 240;
constexpr double ray_degrees = 360.0 / rays;
constexpr double reach_mm = 8;        // RV farther from the epicardium than this is never septal
constexpr double extra_gap_mm = 3;    // the arc ends where the gap exceeds the usual gap of this slice by this
constexpr double fit_degrees = 30;    // of arc that an end is extrapolated from
constexpr double fit_mm = 6;          // of RV thickness at most in that fit
constexpr double max_shift_degrees = 10;

bool is_lv(std::uint8_t l) { return l == static_cast<std::uint8_t>(Label::lv_cavity) || anatomy::is_wall(l); }

/// What of the pixels counts: 1 LV (cavity or wall), 2 wall, 4 RV; RV islands are dropped.
constexpr std::uint8_t lv_bit = 1, wall_bit = 2, rv_bit = 4;

void drop_islands(std::vector<std::uint8_t>& bits, std::size_t width, std::size_t height) {
    std::vector<std::uint8_t> seen(bits.size(), 0);
    std::vector<std::vector<std::size_t>> pieces;
    for (std::size_t start = 0; start < bits.size(); ++start) {
        if ((bits[start] & rv_bit) == 0 || seen[start] != 0) continue;
        std::vector<std::size_t> piece{start};
        seen[start] = 1;
        for (std::size_t n = 0; n < piece.size(); ++n) {
            const std::size_t x = piece[n] % width, y = piece[n] / width;
            for (std::size_t v = y > 0 ? y - 1 : 0; v <= std::min(y + 1, height - 1); ++v)
                for (std::size_t u = x > 0 ? x - 1 : 0; u <= std::min(x + 1, width - 1); ++u)
                    if (const std::size_t at = v * width + u; (bits[at] & rv_bit) != 0 && seen[at] == 0) {
                        seen[at] = 1;
                        piece.push_back(at);
                    }
        }
        pieces.push_back(std::move(piece));
    }
    std::size_t largest = 0;
    for (const auto& p : pieces) largest = std::max(largest, p.size());
    for (const auto& p : pieces)
        if (10 * p.size() < largest)
            for (const std::size_t at : p) bits[at] &= static_cast<std::uint8_t>(~rv_bit);
}

/// One ray from the LV centre.
struct Ray {
    double epi = 0;         // mm; 0: no LV on the ray
    bool wall = false;
    double gap = 1e9;       // mm from the epicardium to RV blood
    double thickness = 0;   // mm of RV blood in its first stretch
};

struct Sampler {
    std::span<const std::uint8_t> bits;
    std::size_t width, height;
    PixelSize pixel;

    /// Shares of LV, wall and RV at a place, bilinear.
    [[nodiscard]] std::array<double, 3> at(PlanePoint m) const {
        const double j = m.q / pixel.y, i = (m.p - j * pixel.skew) / pixel.x;
        if (!(i >= 0) || !(j >= 0) || i > static_cast<double>(width - 1) || j > static_cast<double>(height - 1)) return {};
        const auto x = static_cast<std::size_t>(i), y = static_cast<std::size_t>(j);
        const std::size_t x1 = std::min(x + 1, width - 1), y1 = std::min(y + 1, height - 1);
        const std::uint8_t a = bits[y * width + x], b = bits[y * width + x1], c = bits[y1 * width + x], d = bits[y1 * width + x1];
        const auto whole = [](std::uint8_t l) { return std::array<double, 3>{(l & lv_bit) != 0 ? 1.0 : 0.0, (l & wall_bit) != 0 ? 1.0 : 0.0, (l & rv_bit) != 0 ? 1.0 : 0.0}; };
        if (a == b && a == c && a == d) return whole(a);
        const double u = i - static_cast<double>(x), v = j - static_cast<double>(y);
        const std::array<double, 4> w{(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v};
        std::array<double, 3> sum{};
        std::size_t n = 0;
        for (const std::uint8_t l : {a, b, c, d}) {
            const auto one = whole(l);
            for (std::size_t k = 0; k < 3; ++k) sum[k] += w[n] * one[k];
            ++n;
        }
        return sum;
    }
};

Ray cast(const Sampler& s, PlanePoint centre, double degrees, double limit, double step, std::vector<double>& rv) {
    const double angle = degrees * std::numbers::pi / 180, dp = std::cos(angle), dq = -std::sin(angle);
    Ray ray;
    rv.clear();
    double before = 0;
    for (double r = 0; r <= limit; r += step) {
        const auto [lv, wall, blood] = s.at({centre.p + r * dp, centre.q + r * dq});
        if (before >= 0.5 && lv < 0.5) ray.epi = r - step * (0.5 - lv) / (before - lv);
        ray.wall = ray.wall || wall >= 0.5;
        rv.push_back(blood);
        before = lv;
    }
    if (ray.epi <= 0) return ray;
    const auto start = static_cast<std::size_t>(std::max(0.0, ray.epi / step - 2));
    std::size_t n = start;
    while (n < rv.size() && rv[n] < 0.5) ++n;
    if (n == rv.size()) return ray;
    const double inner = static_cast<double>(n), low = n > start ? rv[n - 1] : 0;
    ray.gap = std::max(0.0, (inner - (rv[n] - 0.5) / std::max(1e-9, rv[n] - low)) * step - ray.epi);
    std::size_t first = n;
    while (first > start && rv[first - 1] > 0 && rv[first - 1] <= rv[first]) --first;
    for (std::size_t k = first; k < rv.size() && (k < n || rv[k] > 0.05); ++k) ray.thickness += rv[k] * step;
    return ray;
}

/// How many degrees beyond the arc's last ray (towards the free side) its tip lies. `thickness(n)` is that of the n-th
/// ray from the end inwards; a blunt end has too few thin rays for a fit and lies halfway to the next ray.
template <class F>
double extrapolate(std::size_t count, F thickness) {
    // thickness = slope (x + shift), least squares, x in degrees inwards from the last ray
    double n = 0, sx = 0, st = 0, sxx = 0, sxt = 0;
    for (std::size_t k = 0; k < count; ++k) {
        const double x = static_cast<double>(k) * ray_degrees, t = thickness(k);
        if (t > fit_mm) break;
        n += 1; sx += x; st += t; sxx += x * x; sxt += x * t;
    }
    const double det = n * sxx - sx * sx, slope = det > 0 ? (n * sxt - sx * st) / det : 0;
    if (n < 3 || slope < 1e-3) return ray_degrees / 2;
    return std::clamp((st - slope * sx) / n / slope, -max_shift_degrees, max_shift_degrees);
}

void find_septum(const std::vector<Ray>& all, double pixel, SliceMarks& m) {
    std::vector<double> gaps;
    for (const Ray& r : all)
        if (r.gap <= reach_mm) gaps.push_back(r.gap);
    if (gaps.size() < 3) return;
    std::nth_element(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2), gaps.end());
    const double usual = gaps[gaps.size() / 2], limit = std::min(reach_mm, usual + std::max(extra_gap_mm, 1.5 * pixel));
    const auto touches = [&](std::size_t b) { return all[b % rays].gap <= limit; };

    std::size_t widest = 0, free_end = 0, run = 0;  // the free stretch ends before ray free_end
    for (std::size_t b = 0; b < 2 * rays; ++b) {
        if (!touches(b)) {
            ++run;
            continue;
        }
        if (run > widest && run < rays) {
            widest = run;
            free_end = b;
        }
        run = 0;
    }
    if (widest == 0) return;  // RV all around: no arc
    const std::size_t count = rays - widest;
    const auto reach = std::min(count, static_cast<std::size_t>(fit_degrees / ray_degrees));
    const std::size_t start = free_end % rays, end = (start + count - 1) % rays;
    const double a = extrapolate(reach, [&](std::size_t k) { return all[(start + k) % rays].thickness; });
    const double z = extrapolate(reach, [&](std::size_t k) { return all[(end + rays - k) % rays].thickness; });
    const double arc = static_cast<double>(count - 1) * ray_degrees + a + z;
    if (arc < 5) return;
    m.rv = true;
    m.first = turn(Degrees{static_cast<double>(start) * ray_degrees - a});
    m.last = turn(Degrees{static_cast<double>(end) * ray_degrees + z});
    m.first_radius = all[start].epi;
    m.last_radius = all[end].epi;
    m.confidence = m.closed * std::min(1.0, arc / 60) * (arc > 200 ? 1.0 / 3 : 1.0);
}

}  // namespace

SliceMarks mark_slice(Slice<const std::uint8_t> label, const PixelSize& pixel) {
    SliceMarks m;
    std::vector<std::uint8_t> bits(label.size());
    std::array<double, 3> area{};  // cavity, wall, RV in pixels
    double sum_i = 0, sum_j = 0;
    for (std::size_t y = 0, n = 0; y < label.height; ++y)
        for (std::size_t x = 0; x < label.width; ++x, ++n) {
            const std::uint8_t l = label.pixels[n];
            if (l == static_cast<std::uint8_t>(Label::rv_cavity)) {
                bits[n] = rv_bit;
                area[2] += 1;
            } else if (is_lv(l)) {
                const bool wall = anatomy::is_wall(l);
                bits[n] = wall ? lv_bit | wall_bit : lv_bit;
                area[wall ? 1 : 0] += 1;
                sum_i += static_cast<double>(x);
                sum_j += static_cast<double>(y);
            }
        }
    const double pixel_mm2 = pixel.x * pixel.y;
    m.cavity_mm2 = area[0] * pixel_mm2;
    m.wall_mm2 = area[1] * pixel_mm2;
    m.rv_mm2 = area[2] * pixel_mm2;
    const double lv = area[0] + area[1];
    if (lv == 0) return m;
    const auto place = [&](double i, double j) { return PlanePoint{i * pixel.x + j * pixel.skew, j * pixel.y}; };
    m.centre = place(sum_i / lv, sum_j / lv);

    double far = 0;
    for (std::size_t y = 0, n = 0; y < label.height; ++y)
        for (std::size_t x = 0; x < label.width; ++x, ++n)
            if ((bits[n] & lv_bit) != 0) {
                const PlanePoint p = place(static_cast<double>(x), static_cast<double>(y));
                far = std::max(far, (p.p - m.centre.p) * (p.p - m.centre.p) + (p.q - m.centre.q) * (p.q - m.centre.q));
            }
    if (area[2] > 0) drop_islands(bits, label.width, label.height);

    const double fine = std::min(pixel.x, pixel.y), limit = std::sqrt(far) + reach_mm + fit_mm + 2 * fine;
    const Sampler sampler{bits, label.width, label.height, pixel};
    std::vector<Ray> all;
    std::vector<double> buffer;
    for (std::size_t b = 0; b < rays; ++b) all.push_back(cast(sampler, m.centre, static_cast<double>(b) * ray_degrees, limit, fine / 2, buffer));
    m.closed = static_cast<double>(std::count_if(all.begin(), all.end(), [](const Ray& r) { return r.wall; })) / static_cast<double>(rays);
    if (area[2] > 0) find_septum(all, fine, m);
    return m;
}

}  // namespace lge::orient
