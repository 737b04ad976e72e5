#include "lge/orient/stack.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace lge::orient {
namespace {

using anatomy::Level;

constexpr double closed_ring = 0.9;
constexpr double pull_degrees = 15;  // angles farther off pull no more than this
bool is_ring(const SliceMarks& m) { return m.cavity_mm2 > 0 && m.closed >= closed_ring; }

}  // namespace

CentreLine fit_centres(const std::vector<SliceMarks>& marks) {
    CentreLine line;
    std::vector<double> weight(marks.size(), 1);
    for (int round = 0; round < 5; ++round) {
        double n = 0, k1 = 0, k2 = 0, p0 = 0, p1 = 0, q0 = 0, q1 = 0;
        for (std::size_t s = 0; s < marks.size(); ++s) {
            if (!marks[s].lv()) continue;
            const double k = static_cast<double>(s), w = weight[s] * std::sqrt(marks[s].cavity_mm2 + marks[s].wall_mm2);
            n += w; k1 += w * k; k2 += w * k * k;
            p0 += w * marks[s].centre.p; p1 += w * k * marks[s].centre.p;
            q0 += w * marks[s].centre.q; q1 += w * k * marks[s].centre.q;
        }
        const double det = n * k2 - k1 * k1;
        line.slope = det > 1e-9 * n * n ? PlanePoint{(n * p1 - k1 * p0) / det, (n * q1 - k1 * q0) / det} : PlanePoint{};
        line.at = {(p0 - line.slope.p * k1) / n, (q0 - line.slope.q * k1) / n};
        for (std::size_t s = 0; s < marks.size(); ++s) {
            const PlanePoint c = line(static_cast<double>(s));
            const double off = std::hypot(marks[s].centre.p - c.p, marks[s].centre.q - c.q);
            weight[s] = off > 5 ? 5 / off : 1;
        }
    }
    return line;
}

double base_first(const std::vector<SliceMarks>& marks) {
    const std::size_t third = std::max<std::size_t>(1, marks.size() / 3);
    const auto lean = [&](auto feature) {
        double first = 0, last = 0;
        for (std::size_t s = 0; s < third; ++s) {
            first += feature(marks[s]);
            last += feature(marks[marks.size() - 1 - s]);
        }
        return first + last > 0 ? (first - last) / (first + last) : 0;
    };
    if (marks.size() < 2) return 0;
    const double cavity = lean([](const SliceMarks& m) { return m.cavity_mm2; });
    const double rv = lean([](const SliceMarks& m) { return m.rv_mm2; });
    const double open = lean([](const SliceMarks& m) { return m.cavity_mm2 > 0 && m.closed < closed_ring ? 1.0 : 0.0; });
    const double cap = lean([](const SliceMarks& m) { return m.lv() && m.cavity_mm2 == 0 ? 1.0 : 0.0; });
    return std::clamp(cavity + rv + 0.5 * open - 0.5 * cap, -1.0, 1.0);
}

bool inherit(std::vector<SliceMarks>& marks) {
    const std::vector<SliceMarks> known = marks;
    bool any = false;
    const auto has = [&](std::size_t s) { return known[s].rv; };
    for (std::size_t s = 0; s < marks.size(); ++s) {
        if (known[s].rv) continue;
        std::optional<std::size_t> before, after;
        for (std::size_t t = s; t-- > 0 && !before;) if (has(t)) before = t;
        for (std::size_t t = s + 1; t < marks.size() && !after; ++t) if (has(t)) after = t;
        if (!before && !after) continue;
        const SliceMarks& a = known[before ? *before : *after];
        const SliceMarks& b = known[after ? *after : *before];
        const double t = before && after ? static_cast<double>(s - *before) / static_cast<double>(*after - *before) : 0;
        SliceMarks& m = marks[s];
        m.rv = m.inherited = any = true;
        m.first = turn(a.first + turn_between(a.first, b.first) * t);
        m.last = turn(a.last + turn_between(a.last, b.last) * t);
        m.first_radius = a.first_radius + (b.first_radius - a.first_radius) * t;
        m.last_radius = a.last_radius + (b.last_radius - a.last_radius) * t;
        m.confidence = 0.5 * std::min(a.confidence, b.confidence);
    }
    return any;
}

std::optional<Direction> mean_direction(const std::vector<std::pair<Degrees, double>>& angles) {
    double total = 0, x = 0, y = 0;
    for (const auto& [angle, w] : angles) {
        total += w;
        x += w * std::cos(to_radians(angle).value);
        y += w * std::sin(to_radians(angle).value);
    }
    if (total <= 0) return std::nullopt;
    Degrees mean = to_degrees(Radians{std::atan2(y, x)});
    double square = 0, kept = 0;
    for (int round = 0; round < 20; ++round) {
        double sum = 0;
        square = kept = 0;
        for (const auto& [angle, w] : angles) {
            const double d = turn_between(mean, angle).value, pull = w * std::min(1.0, pull_degrees / std::max(std::abs(d), 1e-9));
            sum += pull * d;
            square += w * d * d;
            kept += pull;
        }
        mean = mean + Degrees{sum / kept};
    }
    return Direction{turn(mean), std::sqrt(square / total), kept / total};
}

std::vector<Level> thirds(std::size_t slices) {
    std::vector<Level> levels(slices);
    for (std::size_t n = 0; n < slices; ++n)  // the first ceil(n/3) are basal, up to ceil(2n/3) mid
        levels[n] = n < (slices + 2) / 3 ? Level::basal : n < (2 * slices + 2) / 3 ? Level::mid : Level::apical;
    return levels;
}

std::vector<Level> find_levels(const std::vector<SliceMarks>& marks) {
    std::vector<Level> levels(marks.size(), Level::unknown);
    const auto first = std::find_if(marks.begin(), marks.end(), is_ring) - marks.begin();
    const auto end = marks.rend() - std::find_if(marks.rbegin(), marks.rend(), is_ring);
    if (first >= end) return levels;
    const auto between = thirds(static_cast<std::size_t>(end - first));
    std::copy(between.begin(), between.end(), levels.begin() + first);
    for (auto s = static_cast<std::size_t>(end); s < marks.size(); ++s)
        levels[s] = marks[s].cavity_mm2 > 0 ? Level::apical : marks[s].wall_mm2 > 0 ? Level::apex : Level::unknown;
    return levels;
}

}  // namespace lge::orient
