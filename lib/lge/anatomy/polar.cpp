#include "lge/anatomy/polar.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lge::anatomy {
namespace {

// What encloses a pixel: 1 cavity, 2 wall.
constexpr std::array<std::uint8_t, 256> kinds = [] {
    std::array<std::uint8_t, 256> k{};
    k[1] = 1;
    k[2] = k[3] = k[4] = 2;
    return k;
}();

struct Share { double cavity = 0, ring = 0; };  // ring: cavity and wall

// The kinds of the pixels around a centre, with a margin, so that sampling needs no test of bounds.
class Sampler {
public:
    Sampler(volume::Slice<const std::uint8_t> label, Point centre, double far)
        : reach_(static_cast<std::ptrdiff_t>(far) + 3), left_(std::lround(centre.x) - reach_), top_(std::lround(centre.y) - reach_),
          side_(2 * reach_ + 1), kinds_(static_cast<std::size_t>(side_ * side_)) {
        for (std::ptrdiff_t y = 0; y < side_; ++y)
            for (std::ptrdiff_t x = 0; x < side_; ++x)
                if (label.inside(x + left_, y + top_))
                    kinds_[static_cast<std::size_t>(y * side_ + x)] = kinds[label(static_cast<std::size_t>(x + left_), static_cast<std::size_t>(y + top_))];
    }

    // Bilinear shares of the two regions at a point within the reach.
    [[nodiscard]] Share at(double x, double y) const {
        const double px = x - static_cast<double>(left_), py = y - static_cast<double>(top_);
        const auto ix = static_cast<std::size_t>(px), iy = static_cast<std::size_t>(py);
        const double u = px - static_cast<double>(ix), v = py - static_cast<double>(iy);
        const std::uint8_t* row = &kinds_[iy * static_cast<std::size_t>(side_) + ix];
        const std::uint8_t* next = row + side_;
        const auto mix = [&](auto has) { return (1 - v) * ((1 - u) * has(row[0]) + u * has(row[1])) + v * ((1 - u) * has(next[0]) + u * has(next[1])); };
        return {mix([](std::uint8_t k) { return k == 1 ? 1.0 : 0.0; }), mix([](std::uint8_t k) { return k != 0 ? 1.0 : 0.0; })};
    }
    [[nodiscard]] bool wall_at(double x, double y) const {
        const auto px = static_cast<std::size_t>(x - static_cast<double>(left_) + 0.5), py = static_cast<std::size_t>(y - static_cast<double>(top_) + 0.5);
        return kinds_[py * static_cast<std::size_t>(side_) + px] == 2;
    }

private:
    std::ptrdiff_t reach_, left_, top_, side_;
    std::vector<std::uint8_t> kinds_;
};

struct Ray { double endo = 0, epi = 0; bool open = true; };

// Marches inwards from `far`: the first border met is the epicardium, the next the endocardium, so that papillary
// muscles and holes inside do not count.
Ray cast(const Sampler& sampler, Point centre, double dx, double dy, double far) {
    constexpr double step = 0.5;
    Ray ray;
    Share outer{};
    bool in_ring = false;
    for (double r = far; r > -step; r -= step) {
        const double at = std::max(r, 0.0), x = centre.x + at * dx, y = centre.y + at * dy;
        const Share here = sampler.at(x, y);
        const auto border = [&](double inside, double outside) { return at + step * (inside - 0.5) / (inside - outside); };
        if (!in_ring && here.ring >= 0.5) {
            ray.epi = here.ring > outer.ring ? border(here.ring, outer.ring) : at;
            in_ring = true;
        }
        if (in_ring && sampler.wall_at(x, y)) ray.open = false;
        if (here.cavity >= 0.5) {
            ray.endo = here.cavity > outer.cavity ? border(here.cavity, outer.cavity) : at;
            break;
        }
        outer = here;
    }
    return ray;
}

// The value at a whole turn's position `at` (in bins) of a circular table.
double circular(const std::vector<double>& table, double at) {
    const double floor = std::floor(at), t = at - floor;
    const std::size_t n = table.size(), b = static_cast<std::size_t>(floor) % n;
    return table[b] * (1 - t) + table[(b + 1) % n] * t;
}

void bridge_gaps(WallBorders& w) {
    const std::size_t n = w.open.size();
    const auto first = std::find(w.open.begin(), w.open.end(), false);
    if (first == w.open.end()) return;
    const auto start = static_cast<std::size_t>(first - w.open.begin());
    for (std::size_t from = start; from < start + n;) {
        std::size_t to = from + 1;
        while (w.open[to % n]) ++to;
        for (std::size_t b = from + 1; b < to; ++b) {
            const double t = static_cast<double>(b - from) / static_cast<double>(to - from);
            w.endo[b % n] = (1 - t) * w.endo[from % n] + t * w.endo[to % n];
            w.epi[b % n] = (1 - t) * w.epi[from % n] + t * w.epi[to % n];
        }
        from = to;
    }
}

}  // namespace

WallPlace WallBorders::place(Point p) const {
    const double dx = p.x - centre.x, dy = centre.y - p.y;
    double angle = std::atan2(dy, dx) * 180.0 / std::numbers::pi;
    if (angle < 0) angle += 360.0;
    if (angle >= 360.0) angle = 0;
    const double at = angle / 360.0 * static_cast<double>(endo.size());
    const double inner = circular(endo, at), outer = circular(epi, at);
    return {Degrees{angle}, (std::hypot(dx, dy) - inner) / std::max(outer - inner, 1e-9)};
}

Point WallBorders::point(WallPlace at) const {
    double turn = std::fmod(at.angle.value, 360.0);
    if (turn < 0) turn += 360.0;
    const double bin = turn / 360.0 * static_cast<double>(endo.size());
    const double inner = circular(endo, bin), outer = circular(epi, bin), r = inner + at.depth * (outer - inner);
    const double angle = to_radians(at.angle).value;
    return {centre.x + r * std::cos(angle), centre.y - r * std::sin(angle)};
}

double WallBorders::closed() const {
    return open.empty() ? 0.0 : static_cast<double>(std::count(open.begin(), open.end(), false)) / static_cast<double>(open.size());
}

std::optional<WallBorders> find_wall(volume::Slice<const std::uint8_t> label, std::size_t angles) {
    double sx = 0, sy = 0, count = 0;
    std::size_t left = label.width, right = 0, top = label.height, bottom = 0;
    bool wall = false;
    for (std::size_t y = 0; y < label.height; ++y)
        for (std::size_t x = 0; x < label.width; ++x) {
            const std::uint8_t kind = kinds[label(x, y)];
            if (kind == 0) continue;
            wall = wall || kind == 2;
            sx += static_cast<double>(x);
            sy += static_cast<double>(y);
            count += 1;
            left = std::min(left, x), right = std::max(right, x);
            top = std::min(top, y), bottom = std::max(bottom, y);
        }
    if (!wall) return std::nullopt;
    WallBorders w{{sx / count, sy / count}, std::vector<double>(angles), std::vector<double>(angles), std::vector<bool>(angles)};
    const double reach_x = std::max(w.centre.x - static_cast<double>(left), static_cast<double>(right) - w.centre.x);
    const double reach_y = std::max(w.centre.y - static_cast<double>(top), static_cast<double>(bottom) - w.centre.y);
    const double far = std::ceil(std::hypot(reach_x, reach_y)) + 1;
    const Sampler sampler(label, w.centre, far);
    for (std::size_t b = 0; b < angles; ++b) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(b) / static_cast<double>(angles);
        const Ray ray = cast(sampler, w.centre, std::cos(angle), -std::sin(angle), far);
        w.endo[b] = ray.endo;
        w.epi[b] = ray.epi;
        w.open[b] = ray.open;
    }
    bridge_gaps(w);
    return w;
}

}  // namespace lge::anatomy
