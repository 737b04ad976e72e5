#include "lge/nn/infer/framing.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>
#include <vector>

using namespace lge::nn;
using Slice = lge::volume::Slice<const std::uint8_t>;

namespace {

constexpr std::size_t side = 160;
const std::array<double, 2> pixel_mm{1.5, 1.2};

/// An LV whose outline is an ellipse of half axes `large` and `small` (mm), turned, about slice pixel (x, y).
std::vector<std::uint8_t> draw(double large, double small, double turn, double x, double y) {
    std::vector<std::uint8_t> label(side * side);
    for (std::size_t j = 0; j < side; ++j)
        for (std::size_t i = 0; i < side; ++i) {
            const double u = (static_cast<double>(i) - x) * pixel_mm[0], v = (static_cast<double>(j) - y) * pixel_mm[1];
            const double a = (u * std::cos(turn) + v * std::sin(turn)) / large, b = (v * std::cos(turn) - u * std::sin(turn)) / small;
            const double r = a * a + b * b;
            label[j * side + i] = r < 0.4 ? 1 : r < 1 ? 2 : r < 1.5 ? 5 : 0;
        }
    return label;
}

/// What the window shows of it.
Ellipse seen(const std::vector<std::uint8_t>& label, const WindowMap& map) {
    std::vector<std::uint8_t> window(side * side);
    cut_label({label.data(), side, side}, map, side, window);
    const Slice slice{window.data(), side, side};
    return ellipse_of_left({&slice, 1}, {1, 1}).value();
}

}  // namespace

TEST_CASE("the ellipse of the LV is that of cavity and wall, in mm") {
    const auto label = draw(40, 20, 0, 70, 90);
    const Slice slice{label.data(), side, side};
    const auto e = ellipse_of_left({&slice, 1}, pixel_mm).value();
    CHECK(e.centre[0] == Approx(70).margin(0.1));
    CHECK(e.centre[1] == Approx(90).margin(0.1));
    CHECK(e.covariance[0] == Approx(400).epsilon(0.02));
    CHECK(e.covariance[1] == Approx(0).margin(4));
    CHECK(e.covariance[2] == Approx(100).epsilon(0.02));
    const std::vector<std::uint8_t> none(side * side);
    const Slice empty{none.data(), side, side};
    CHECK_FALSE(ellipse_of_left({&empty, 1}, pixel_mm));
}

TEST_CASE("slices that lie apart in the plane do not make the heart longer") {
    const auto left = draw(30, 30, 0, 70, 80), right = draw(30, 30, 0, 90, 80);
    const std::array<Slice, 2> slices{Slice{left.data(), side, side}, Slice{right.data(), side, side}};
    const auto e = ellipse_of_left(slices, pixel_mm).value();
    CHECK(e.centre[0] == Approx(80).margin(0.1));
    CHECK(e.covariance[0] == Approx(e.covariance[2]).epsilon(0.02));
}

TEST_CASE("a stretched heart is round in its window, in the middle, as large as before or of the usual size") {
    const double turn = GENERATE(0.0, 0.5, 2.0);
    const auto label = draw(45, 25, turn, 75, 85);
    const Slice slice{label.data(), side, side};
    const auto e = ellipse_of_left({&slice, 1}, pixel_mm).value();
    const auto round = seen(label, rounded(e, pixel_mm, 1));
    CHECK(round.centre[0] == Approx((side - 1) / 2.0).margin(0.3));
    CHECK(round.covariance[0] == Approx(45 * 25 / 4.0).epsilon(0.03));
    CHECK(round.covariance[2] == Approx(45 * 25 / 4.0).epsilon(0.03));
    CHECK(round.covariance[1] == Approx(0).margin(6));
    const auto usual = seen(label, resized(rounded(e, pixel_mm, 1), e));
    CHECK(2 * std::sqrt(usual.covariance[0]) == Approx(36).epsilon(0.03));
    const auto half = seen(label, rounded(e, pixel_mm, 1, 0.5));
    const double large = half.covariance[0] + half.covariance[2], product = half.covariance[0] * half.covariance[2] - half.covariance[1] * half.covariance[1];
    const double ratio = (large + std::sqrt(large * large - 4 * product)) / (large - std::sqrt(large * large - 4 * product));
    CHECK(std::sqrt(ratio) == Approx(std::sqrt(45.0 / 25)).epsilon(0.03));
}

TEST_CASE("an outline too long to be a heart's is not believed") {
    const auto label = draw(60, 12, 0, 80, 80);
    const Slice slice{label.data(), side, side};
    const auto e = ellipse_of_left({&slice, 1}, pixel_mm).value();
    const auto window = seen(label, rounded(e, pixel_mm, 1));
    CHECK(std::sqrt(window.covariance[0] / window.covariance[2]) == Approx(5 / 2.5).epsilon(0.05));
}

TEST_CASE("a position of the window goes to the slice and back") {
    const WindowMap map{{0.8, 0.3, -0.4, 1.7}, {30, 40}};
    const auto [u, v] = in_slice(back_of(map, 33), in_slice(map, {5, -7}));
    CHECK(u == Approx(16 + 5));
    CHECK(v == Approx(16 - 7));
}
