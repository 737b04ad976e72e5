#include "lge/anatomy/polar.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

using namespace lge::anatomy;
using lge::Degrees;
using lge::volume::Slice;

namespace {

struct Map {
    std::size_t width = 0, height = 0;
    std::vector<std::uint8_t> labels;
    [[nodiscard]] Slice<const std::uint8_t> slice() const { return {labels.data(), width, height}; }
};

// An annulus whose cavity has radius `endo` and whose wall ends at `epi`, pixels.
Map annulus(Point centre, double endo, double epi, double gap_from = 0, double gap_to = 0) {
    Map m{96, 80, std::vector<std::uint8_t>(96 * 80)};
    for (std::size_t y = 0; y < m.height; ++y)
        for (std::size_t x = 0; x < m.width; ++x) {
            const double dx = static_cast<double>(x) - centre.x, dy = centre.y - static_cast<double>(y), r = std::hypot(dx, dy);
            double angle = std::atan2(dy, dx) * 180 / std::numbers::pi;
            if (angle < 0) angle += 360;
            const bool gap = angle >= gap_from && angle < gap_to;
            m.labels[y * m.width + x] = r < endo ? 1 : r < epi && !gap ? 2 : 0;
        }
    return m;
}

double mean(const std::vector<double>& v) {
    double s = 0;
    for (const double x : v) s += x;
    return s / static_cast<double>(v.size());
}

}  // namespace

TEST_CASE("the borders of an annulus are found between pixels") {
    for (const double endo : {9.0, 14.3, 20.6}) {
        const auto w = find_wall(annulus({47.3, 40.8}, endo, endo + 6.4).slice());
        REQUIRE(w);
        CAPTURE(endo);
        CHECK(w->centre.x == Approx(47.3).margin(0.1));
        CHECK(w->centre.y == Approx(40.8).margin(0.1));
        CHECK(mean(w->endo) == Approx(endo).margin(0.1));
        CHECK(mean(w->epi) == Approx(endo + 6.4).margin(0.1));
        for (std::size_t b = 0; b < w->endo.size(); ++b) {
            CHECK(std::abs(w->endo[b] - endo) < 0.75);
            CHECK(std::abs(w->epi[b] - endo - 6.4) < 0.75);
        }
        CHECK(w->closed() == 1.0);
    }
}

TEST_CASE("scar and no-reflow are wall, the right ventricle is not") {
    Map m = annulus({48, 40}, 12, 18);
    const auto plain = find_wall(m.slice());
    for (std::size_t i = 0; i < m.labels.size(); ++i) {
        if (m.labels[i] == 2) m.labels[i] = static_cast<std::uint8_t>(2 + i % 3);
        else if (m.labels[i] == 0 && i % m.width < 20) m.labels[i] = 5;
    }
    const auto marked = find_wall(m.slice());
    REQUIRE(marked);
    CHECK(marked->endo == plain->endo);
    CHECK(marked->epi == plain->epi);
}

TEST_CASE("angles run counter-clockwise from image right and depth from endocardium to epicardium") {
    const auto w = find_wall(annulus({48, 40}, 12, 20).slice());
    REQUIRE(w);
    const WallPlace up = w->place({48, 40 - 16});
    CHECK(up.angle.value == Approx(90).margin(0.5));
    CHECK(up.depth == Approx(0.5).margin(0.1));
    CHECK(w->place({48 - 12, 40}).angle.value == Approx(180).margin(0.5));
    CHECK(w->place({48 - 12, 40}).depth == Approx(0).margin(0.1));
    CHECK(w->place({48, 40 + 20}).angle.value == Approx(270).margin(0.5));
    CHECK(w->place({48, 40 + 20}).depth == Approx(1).margin(0.1));
    CHECK(w->place({48, 40}).depth < 0);
    CHECK(w->place({48 + 30, 40}).depth > 1);
}

TEST_CASE("place and point undo each other") {
    const auto w = find_wall(annulus({47.4, 39.7}, 13.2, 19.9).slice());
    REQUIRE(w);
    for (int step = 0; step < 720; ++step)
        for (const double depth : {0.0, 0.37, 1.0}) {
            const WallPlace back = w->place(w->point({Degrees{step * 0.5}, depth}));
            CHECK(std::abs(std::remainder(back.angle.value - step * 0.5, 360.0)) < 1e-6);
            CHECK(back.depth == Approx(depth).margin(1e-6));
        }
    CHECK(w->point({Degrees{-270}, 0.5}).y == Approx(w->point({Degrees{90}, 0.5}).y));
}

TEST_CASE("an open ring is marked and bridged by its neighbours") {
    const auto w = find_wall(annulus({48, 40}, 14, 20, 100, 150).slice());
    REQUIRE(w);
    CHECK(w->closed() == Approx(310.0 / 360).margin(0.04));
    for (std::size_t b = 0; b < w->open.size(); ++b) {
        const double angle = 2.0 * static_cast<double>(b);
        if (angle > 106 && angle < 144) {
            CHECK(w->open[b]);
            CHECK(w->epi[b] == Approx(20).margin(1.6));
            CHECK(w->endo[b] == Approx(14).margin(1.6));
        }
        if (angle < 94 || angle > 156) CHECK_FALSE(w->open[b]);
    }
}

TEST_CASE("a cap without cavity begins at its centre and a slice without wall has no borders") {
    Map m = annulus({48, 40}, 0, 9);
    const auto cap = find_wall(m.slice());
    REQUIRE(cap);
    CHECK(mean(cap->endo) == 0);
    CHECK(mean(cap->epi) == Approx(9).margin(0.2));  // a small disc of pixels has a coarse edge
    for (auto& l : m.labels) l = l == 2 ? 1 : 0;
    CHECK_FALSE(find_wall(m.slice()));
}
