#include "lge/nn/net/image.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>
#include <vector>

using namespace lge::nn;
using lge::Random;
using lge::volume::Slice;

namespace {

std::vector<float> ramp(std::size_t width, std::size_t height, double along_x, double along_y) {
    std::vector<float> v(width * height);
    for (std::size_t y = 0; y < height; ++y)
        for (std::size_t x = 0; x < width; ++x) v[y * width + x] = static_cast<float>(along_x * static_cast<double>(x) + along_y * static_cast<double>(y));
    return v;
}

}  // namespace

TEST_CASE("a window of the slice's own size and spacing is the slice") {
    const auto image = ramp(16, 16, 1, 3);
    std::vector<float> out(256);
    cut_image({image.data(), 16, 16}, upright({7.5, 7.5}, {1, 1}, 1), 16, out);
    CHECK(out == image);
}

TEST_CASE("a coarser window over a linear image takes every second value") {
    const auto image = ramp(32, 32, 1, 0);
    std::vector<float> out(64);
    cut_image({image.data(), 32, 32}, upright({15.5, 15.5}, {1, 1}, 2), 8, out);
    CHECK(out[0] == Approx(8.5));
    CHECK(out[1] - out[0] == Approx(2));
}

TEST_CASE("pixels that are not square come out square") {
    const auto image = ramp(32, 32, 0.5, 2);  // mm, for pixels of 0.5 by 2 mm
    std::vector<float> out(64);
    cut_image({image.data(), 32, 32}, upright({15.5, 15.5}, {0.5, 2}, 1), 8, out);
    CHECK(out[1] - out[0] == Approx(1));
    CHECK(out[8] - out[0] == Approx(1));
}

TEST_CASE("a pose without mirror keeps the handedness of the window, and one with mirror turns it in about half") {
    const WindowMap map = upright({0, 0}, {1, 1}, 1);
    int turned = 0;
    for (std::uint64_t i = 0; i < 200; ++i) {
        Random random(1, i, "pose");
        const auto straight = vary(map, {.turn_deg = 180, .log_scale = 0.3, .shift_px = 5, .mirror = false}, random).matrix;
        REQUIRE(straight[0] * straight[3] - straight[1] * straight[2] > 0);
        const auto free = vary(map, {.turn_deg = 180, .log_scale = 0.3, .shift_px = 5, .mirror = true}, random).matrix;
        turned += free[0] * free[3] - free[1] * free[2] < 0 ? 1 : 0;
    }
    CHECK(turned > 70);
    CHECK(turned < 130);
}

TEST_CASE("image and label are cut by the same map") {
    std::vector<float> image(1024, 0);
    std::vector<std::uint8_t> label(1024, 0);
    for (std::size_t y = 10; y < 20; ++y)
        for (std::size_t x = 6; x < 24; ++x) {
            image[y * 32 + x] = 1;
            label[y * 32 + x] = 2;
        }
    for (std::uint64_t i = 0; i < 20; ++i) {
        Random random(2, i, "pose");
        const auto map = vary(upright({15.5, 15.5}, {1, 1}, 1), {.turn_deg = 180, .log_scale = 0.2, .shift_px = 3, .mirror = true}, random);
        std::vector<float> cut(1024);
        std::vector<std::uint8_t> cut_to(1024);
        cut_image({image.data(), 32, 32}, map, 32, cut);
        cut_label({label.data(), 32, 32}, map, 32, cut_to);
        for (std::size_t p = 0; p < 1024; ++p)
            if (std::abs(cut[p] - 0.5F) > 1e-4F) REQUIRE((cut[p] > 0.5F) == (cut_to[p] == 2));
    }
}

TEST_CASE("a stretched window does not depend on the scanner's scale and offset") {
    auto a = ramp(16, 16, 1, 3), b = a;
    for (auto& v : b) v = 40 * v + 1000;
    stretch(a);
    stretch(b);
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == Approx(b[i]).margin(1e-5));
}

TEST_CASE("a standardised window has mean 0 and deviation 1, and a flat one is 0") {
    auto a = ramp(16, 16, 1, 3);
    standardise(a);
    CHECK(std::accumulate(a.begin(), a.end(), 0.0) == Approx(0).margin(1e-3));
    CHECK(std::inner_product(a.begin(), a.end(), a.begin(), 0.0) == Approx(256).epsilon(1e-4));
    std::vector<float> flat(256, 7);
    stretch(flat);
    standardise(flat);
    CHECK(flat == std::vector<float>(256, 0));
}
