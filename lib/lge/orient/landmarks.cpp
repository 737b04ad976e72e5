#include "lge/orient/landmarks.hpp"

#include "lge/anatomy/heart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>
#include <numeric>
#include <vector>

namespace lge::orient {

Degrees turn(Degrees angle) {
    const double a = std::fmod(angle.value, 360.0);
    return Degrees{a < 0 ? a + 360 : a};
}
Degrees turn_between(Degrees from, Degrees to) { return Degrees{turn(to - from + Degrees{180}).value - 180}; }

PixelSize pixel_size(const volume::Affine& a) {
    const auto right = volume::unit(a.column(0)), j = a.column(1);
    const double skew = volume::dot(j, right);
    return {volume::length(a.column(0)), std::sqrt(std::max(0.0, volume::dot(j, j) - skew * skew)), skew};
}

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
constexpr double enough_rays = 3;     // thin ones for that fit to be believed

/// What a label number counts as: LV (cavity or wall), wall, RV.
constexpr std::uint8_t lv_bit = 1, wall_bit = 2, rv_bit = 4;
constexpr std::array<std::uint8_t, 256> kinds = [] {
    std::array<std::uint8_t, 256> k{};
    for (std::size_t l = 0; l < k.size(); ++l) k[l] = anatomy::is_wall(static_cast<std::uint8_t>(l)) ? lv_bit | wall_bit : 0;
    k[static_cast<std::size_t>(Label::lv_cavity)] = lv_bit;
    k[static_cast<std::size_t>(Label::rv_cavity)] = rv_bit;
    return k;
}();

/// Neighbours of one kind in a row: pixels begin to end - 1. Most of a slice is background and a heart is made of few
/// runs, so all but the rays works on these.
struct Run {
    std::size_t y, begin, end;
    std::uint8_t kind;
    [[nodiscard]] std::size_t size() const { return end - begin; }
};

std::vector<Run> find_runs(Slice<const std::uint8_t> label) {
    std::vector<Run> runs;
    constexpr std::size_t word = sizeof(std::uint64_t);
    for (std::size_t y = 0; y < label.height; ++y) {
        const std::uint8_t* row = label.pixels + y * label.width;
        for (std::size_t x = 0; x < label.width;) {
            std::uint64_t eight = 1;
            if (x + word <= label.width) std::memcpy(&eight, row + x, word);
            if (eight == 0) {
                x += word;
                continue;
            }
            const std::uint8_t kind = kinds[row[x]];
            std::size_t end = x + 1;
            while (end < label.width && (kind != 0 ? kinds[row[end]] == kind : row[end] == 0 && end % word != 0)) ++end;
            if (kind != 0) runs.push_back({y, x, end, kind});
            x = end;
        }
    }
    return runs;
}

/// Takes away RV that does not hang together (through edges or corners) with at least a tenth of the largest piece.
void drop_islands(std::vector<Run>& runs) {
    std::vector<std::size_t> rv, piece(runs.size()), size(runs.size(), 0);
    for (std::size_t r = 0; r < runs.size(); ++r)
        if (runs[r].kind == rv_bit) rv.push_back(r);
    std::iota(piece.begin(), piece.end(), std::size_t{0});
    const auto root = [&](std::size_t r) {
        while (piece[r] != r) r = piece[r] = piece[piece[r]];
        return r;
    };
    std::size_t above = 0;  // the first run that may touch the present one from the row above
    for (const std::size_t r : rv) {
        const Run& run = runs[r];
        while (runs[rv[above]].y + 1 < run.y || (runs[rv[above]].y + 1 == run.y && runs[rv[above]].end < run.begin)) ++above;
        for (std::size_t a = above; runs[rv[a]].y < run.y && runs[rv[a]].begin <= run.end; ++a) piece[root(rv[a])] = root(r);
    }
    std::size_t largest = 0;
    for (const std::size_t r : rv) largest = std::max(largest, size[root(r)] += runs[r].size());
    std::vector<Run> kept;
    for (std::size_t r = 0; r < runs.size(); ++r)
        if (runs[r].kind != rv_bit || 10 * size[root(r)] >= largest) kept.push_back(runs[r]);
    runs = std::move(kept);
}

struct Shares { double lv = 0, wall = 0, rv = 0; };
constexpr Shares whole(std::uint8_t kind) { return {(kind & lv_bit) != 0 ? 1.0 : 0.0, (kind & wall_bit) != 0 ? 1.0 : 0.0, (kind & rv_bit) != 0 ? 1.0 : 0.0}; }
constexpr std::array<Shares, 8> whole_shares{whole(0), whole(1), whole(2), whole(3), whole(4), whole(5), whole(6), whole(7)};

/// The kinds of the pixels of a heart, with a pixel of background around, for sampling between pixels.
class Sampler {
public:
    explicit Sampler(const std::vector<Run>& runs) {
        std::size_t left = runs.front().begin, right = runs.front().end;
        for (const Run& r : runs) left = std::min(left, r.begin), right = std::max(right, r.end);
        const std::size_t top = runs.front().y;
        width_ = right - left + 2;
        height_ = runs.back().y - top + 3;
        kinds_.assign(width_ * height_, 0);
        left_ = static_cast<double>(left) - 1;
        top_ = static_cast<double>(top) - 1;
        for (const Run& r : runs) std::fill_n(&kinds_[(r.y - top + 1) * width_ + r.begin - left + 1], r.size(), r.kind);
        cells_.assign(kinds_.size(), 0);
        for (std::size_t n = 0; n + width_ + 1 < kinds_.size(); ++n) {
            const std::uint8_t a = kinds_[n];
            cells_[n] = a == kinds_[n + 1] && a == kinds_[n + width_] && a == kinds_[n + width_ + 1] ? a : mixed;
        }
    }

    /// Bilinear shares at a place (x, y) of this picture, 0 <= x < width - 1 and 0 <= y < height - 1.
    [[nodiscard]] Shares at(double x, double y) const {
        // Signed: x86 turns signed integers into floats, and back, in one instruction.
        const auto i = static_cast<std::ptrdiff_t>(x), j = static_cast<std::ptrdiff_t>(y);
        const auto n = static_cast<std::size_t>(j) * width_ + static_cast<std::size_t>(i);
        if (cells_[n] != mixed) return whole_shares[cells_[n]];
        const double u = x - static_cast<double>(i), v = y - static_cast<double>(j);
        const std::array<double, 4> weight{(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v};
        const std::array<std::size_t, 4> corner{n, n + 1, n + width_, n + width_ + 1};
        Shares sum;
        for (std::size_t c = 0; c < 4; ++c) {
            const Shares& one = whole_shares[kinds_[corner[c]]];
            sum.lv += weight[c] * one.lv;
            sum.wall += weight[c] * one.wall;
            sum.rv += weight[c] * one.rv;
        }
        return sum;
    }
    /// How far one may go from x along dx without leaving this picture.
    [[nodiscard]] static double room(double x, double dx, std::size_t size) {
        const double far = static_cast<double>(size) - 1 - 1e-9;
        return dx > 0 ? (far - x) / dx : dx < 0 ? -x / dx : 1e9;
    }
    [[nodiscard]] double room(double x, double y, double dx, double dy) const { return std::min(room(x, dx, width_), room(y, dy, height_)); }
    [[nodiscard]] double left() const { return left_; }
    [[nodiscard]] double top() const { return top_; }

private:
    static constexpr std::uint8_t mixed = 255;
    std::vector<std::uint8_t> kinds_, cells_;  // a cell: four pixels of one kind, or mixed
    std::size_t width_ = 0, height_ = 0;
    double left_ = 0, top_ = 0;                // of the picture in the slice
};

/// One ray from the LV centre.
struct Ray {
    double epi = 0;         // mm; 0: no LV on the ray
    bool wall = false;
    double gap = 1e9;       // mm from the epicardium to RV blood
    double thickness = 0;   // mm of RV blood in its first stretch
};

/// Marches inwards from `limit` mm, only as far as wall has been met, in steps of `step`. (x, y): the centre, (dx, dy):
/// pixels a mm. `rv` is memory that is used again.
Ray cast(const Sampler& s, double x, double y, double dx, double dy, double limit, double step, std::vector<double>& rv) {
    Ray ray;
    const auto count = static_cast<std::size_t>(std::max(0.0, std::min(limit, s.room(x, y, dx, dy))) / step) + 1;
    rv.resize(count);
    double outer = 0;
    std::size_t start = 0;  // the innermost place where RV blood is looked for, two steps inside of the epicardium
    for (std::size_t n = count; n-- > 0;) {
        const double r = static_cast<double>(static_cast<std::ptrdiff_t>(n)) * step;
        const Shares here = s.at(x + r * dx, y + r * dy);
        if (ray.epi <= 0 && here.lv >= 0.5 && outer < 0.5) {
            ray.epi = r + step - step * (0.5 - outer) / (here.lv - outer);
            start = static_cast<std::size_t>(std::max(0.0, ray.epi / step - 2));
        }
        ray.wall = ray.wall || here.wall >= 0.5;
        rv[n] = here.rv;
        outer = here.lv;
        if (ray.epi > 0 && ray.wall && n <= start) break;
    }
    if (ray.epi <= 0) return ray;
    std::size_t n = start;
    while (n < count && rv[n] < 0.5) ++n;
    if (n == count) return ray;
    const double low = n > start ? rv[n - 1] : 0;
    ray.gap = std::max(0.0, (static_cast<double>(n) - (rv[n] - 0.5) / std::max(1e-9, rv[n] - low)) * step - ray.epi);
    std::size_t first = n;
    while (first > start && rv[first - 1] > 0 && rv[first - 1] <= rv[first]) --first;
    for (std::size_t k = first; k < count && (k < n || rv[k] > 0.05); ++k) ray.thickness += rv[k] * step;
    return ray;
}

/// How many degrees beyond the arc's last ray (towards the free side) its tip lies. `thickness(n)` is that of the n-th
/// ray from the end inwards. Thick rays count less and less, so that nothing leaps where the end of the arc grows blunt;
/// a blunt end has too few thin rays for a fit and lies halfway to the next ray.
template <class F>
double extrapolate(std::size_t count, F thickness) {
    // thickness = slope (x + shift), least squares, x in degrees inwards from the last ray
    double n = 0, sx = 0, st = 0, sxx = 0, sxt = 0, thickest = 0;
    for (std::size_t k = 0; k < count; ++k) {
        const double x = static_cast<double>(k) * ray_degrees, t = thickness(k);
        thickest = std::max(thickest, t);
        const double w = 1 - thickest / fit_mm;
        if (w <= 0) break;
        n += w; sx += w * x; st += w * t; sxx += w * x * x; sxt += w * x * t;
    }
    constexpr double blunt = ray_degrees / 2;
    const double det = n * sxx - sx * sx, slope = det > 1e-9 ? (n * sxt - sx * st) / det : 0;
    if (slope < 1e-3) return blunt;
    const double shift = std::clamp((st - slope * sx) / n / slope, -max_shift_degrees, max_shift_degrees);
    return blunt + (shift - blunt) * std::min(1.0, n / enough_rays);
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
    m.confidence = m.closed * std::min(1.0, arc / 60) * std::clamp(1 - (arc - 150) / 90, 1.0 / 3, 1.0);
}

}  // namespace

SliceMarks mark_slice(Slice<const std::uint8_t> label, const PixelSize& pixel) {
    SliceMarks m;
    auto runs = find_runs(label);
    double cavity = 0, wall = 0, rv = 0, sum_i = 0, sum_j = 0;  // pixels
    for (const Run& r : runs) {
        const auto n = static_cast<double>(r.size());
        (r.kind == rv_bit ? rv : r.kind == lv_bit ? cavity : wall) += n;
        if (r.kind == rv_bit) continue;
        sum_i += n * static_cast<double>(r.begin + r.end - 1) / 2;
        sum_j += n * static_cast<double>(r.y);
    }
    const double pixel_mm2 = pixel.x * pixel.y, lv = cavity + wall;
    m.cavity_mm2 = cavity * pixel_mm2;
    m.wall_mm2 = wall * pixel_mm2;
    m.rv_mm2 = rv * pixel_mm2;
    if (lv == 0) return m;
    const double i = sum_i / lv, j = sum_j / lv;
    const auto place = [&](double x, double y) { return PlanePoint{x * pixel.x + y * pixel.skew, y * pixel.y}; };
    m.centre = place(i, j);

    double far = 0;  // squared; the ends of runs lie farthest
    for (const Run& r : runs)
        if (r.kind != rv_bit)
            for (const std::size_t x : {r.begin, r.end - 1}) {
                const PlanePoint p = place(static_cast<double>(x), static_cast<double>(r.y));
                far = std::max(far, (p.p - m.centre.p) * (p.p - m.centre.p) + (p.q - m.centre.q) * (p.q - m.centre.q));
            }
    if (rv > 0) drop_islands(runs);

    const double fine = std::min(pixel.x, pixel.y), limit = std::sqrt(far) + reach_mm + fit_mm + 2 * fine;
    const Sampler sampler(runs);
    std::vector<Ray> all;
    all.reserve(rays);
    std::vector<double> buffer;
    for (std::size_t b = 0; b < rays; ++b) {
        const double angle = static_cast<double>(b) * ray_degrees * std::numbers::pi / 180;
        const double dy = -std::sin(angle) / pixel.y, dx = (std::cos(angle) - dy * pixel.skew) / pixel.x;
        all.push_back(cast(sampler, i - sampler.left(), j - sampler.top(), dx, dy, limit, fine / 2, buffer));
    }
    m.closed = static_cast<double>(std::count_if(all.begin(), all.end(), [](const Ray& r) { return r.wall; })) / static_cast<double>(rays);
    if (rv > 0) find_septum(all, fine, m);
    return m;
}

}  // namespace lge::orient
