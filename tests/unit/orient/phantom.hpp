#pragma once
// A left ventricle of two circles a slice and a crescent RV, with known insertions, on a true oblique header.
#include "lge/base/random.hpp"
#include "lge/volume/grid.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace phantom {

using lge::volume::Grid;
using lge::volume::Vec3;
using lge::volume::Volume;

struct Heart {
    double insertion = 120;     // of the anterior insertion, degrees counter-clockwise, seen from the apex
    double arc = 120;           // on to the inferior one
    double spacing = 1.4, slice_distance = 8;
    std::size_t size = 128, slices = 9;
    double centre_x = 63.2, centre_y = 64.7;  // pixels
    double tilt_x = 0.6, tilt_y = -0.4;       // of the LV axis, pixels a slice
    double rough = 0;           // standard deviation of the radii, pixels
    std::size_t without_rv = 2; // apical slices
};

struct Case {
    Volume<float> image;
    Volume<std::uint8_t> label;
};

/// Epicardial radius in mm.
inline double epicardium(std::size_t slice, const Heart& h) { return 36 - 14 * std::pow(static_cast<double>(slice) / static_cast<double>(h.slices), 2); }

/// Slices run from base to apex, seen from the apex. RV: within a circle that meets the epicardium at both insertions.
inline Case make(const Heart& h, std::uint64_t seed = 1) {
    // The long axis points left, forward and down; right is right x down = towards the base.
    const auto add = [](Vec3 a, Vec3 b) { return Vec3{a[0] + b[0], a[1] + b[1], a[2] + b[2]}; };
    const auto times = [](Vec3 a, double s) { return Vec3{a[0] * s, a[1] * s, a[2] * s}; };
    const Vec3 base = lge::volume::unit({-0.6, 0.55, 0.58});
    const Vec3 left = lge::volume::unit(add({1, 0, 0}, times(base, -base[0])));
    const Vec3 down = lge::volume::cross(base, left);
    Grid g{{h.size, h.size, h.slices}, {}};
    g.index_to_lps.set_column(0, times(left, h.spacing));
    g.index_to_lps.set_column(1, times(down, h.spacing));
    g.index_to_lps.set_column(2, times(base, -h.slice_distance));
    g.index_to_lps.set_column(3, {-80, -70, 40});
    Case c{Volume<float>(g), Volume<std::uint8_t>(g)};
    lge::Random random(seed, 0, "phantom");
    constexpr double rad = std::numbers::pi / 180;
    for (std::size_t k = 0; k < h.slices; ++k) {
        const double epi = epicardium(k, h), endo = epi - 9;
        const double half = h.arc / 2 * rad, towards = (h.insertion + h.arc / 2) * rad;
        // The RV circle: centre at distance d along the middle of the septum, through both insertions.
        const double d = 1.1 * epi, rv = std::sqrt(epi * epi + d * d - 2 * epi * d * std::cos(half));
        std::array<double, 24> wobble{};
        for (auto& w : wobble) w = random.normal(0, h.rough * h.spacing);
        for (std::size_t y = 0; y < h.size; ++y)
            for (std::size_t x = 0; x < h.size; ++x) {
                const double u = (static_cast<double>(x) - h.centre_x - h.tilt_x * static_cast<double>(k)) * h.spacing;
                const double v = -(static_cast<double>(y) - h.centre_y - h.tilt_y * static_cast<double>(k)) * h.spacing;
                const double r = std::hypot(u, v), angle = std::atan2(v, u);
                const auto sector = static_cast<std::size_t>((angle / (2 * std::numbers::pi) + 0.5) * 23.999);
                const double edge = wobble[sector], q = std::hypot(u - d * std::cos(towards), v - d * std::sin(towards));
                std::uint8_t l = 0;
                if (r < endo) l = 1;
                else if (r < epi + edge) l = 2;
                else if (q < rv + edge && k + h.without_rv < h.slices) l = 5;
                c.label(x, y, k) = l;
                c.image(x, y, k) = static_cast<float>(l == 1 ? 700 : l == 2 ? 150 : l == 5 ? 600 : 50 + 0.3 * static_cast<double>(x) + 0.7 * static_cast<double>(y) + 10 * static_cast<double>(k));
            }
    }
    return c;
}

/// The same patient stored otherwise: `state` 0-7 are the eight ways to lay a slice (bit 0 flips i, bit 1 flips j, bit 2
/// exchanges them), `reverse` turns the stack. The header tells the truth.
template <class T>
Volume<T> stored(const Volume<T>& v, unsigned state, bool reverse) {
    const auto& n = v.grid.shape;
    const bool exchange = (state & 4U) != 0;
    Grid g{{exchange ? n[1] : n[0], exchange ? n[0] : n[1], n[2]}, {}};
    const auto source = [&](std::size_t i, std::size_t j, std::size_t k) {
        std::array<std::size_t, 3> s{exchange ? j : i, exchange ? i : j, k};
        if ((state & 1U) != 0) s[0] = n[0] - 1 - s[0];
        if ((state & 2U) != 0) s[1] = n[1] - 1 - s[1];
        if (reverse) s[2] = n[2] - 1 - s[2];
        return s;
    };
    const auto place = [&](std::size_t i, std::size_t j, std::size_t k) {
        const auto s = source(i, j, k);
        return v.grid.index_to_lps({static_cast<double>(s[0]), static_cast<double>(s[1]), static_cast<double>(s[2])});
    };
    const Vec3 origin = place(0, 0, 0);
    const auto minus = [&](Vec3 a) { return Vec3{a[0] - origin[0], a[1] - origin[1], a[2] - origin[2]}; };
    g.index_to_lps.set_column(0, minus(place(1, 0, 0)));
    g.index_to_lps.set_column(1, minus(place(0, 1, 0)));
    g.index_to_lps.set_column(2, minus(place(0, 0, 1)));
    g.index_to_lps.set_column(3, origin);
    Volume<T> out(g);
    for (std::size_t k = 0; k < n[2]; ++k)
        for (std::size_t j = 0; j < g.shape[1]; ++j)
            for (std::size_t i = 0; i < g.shape[0]; ++i) {
                const auto s = source(i, j, k);
                out(i, j, k) = v(s[0], s[1], s[2]);
            }
    return out;
}

}  // namespace phantom
