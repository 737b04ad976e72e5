#include "lge/base/error.hpp"
#include "lge/base/random.hpp"
#include "lge/plot/montage.hpp"
#include "lge/plot/outline.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>

namespace plot = lge::plot;
using lge::volume::Slice;

namespace {

/// Shoelace formula; positive where the inside lies to the right on a screen with y down.
double area(const std::vector<plot::Point>& line) {
    double sum = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto &p = line[i], &q = line[(i + 1) % line.size()];
        sum += p.x * q.y - q.x * p.y;
    }
    return sum / 2;
}

unsigned big_endian(const lge::Bytes& b, std::size_t at) {
    unsigned v = 0;
    for (std::size_t i = 0; i < 4; ++i) v = v << 8U | std::to_integer<unsigned>(b[at + i]);
    return v;
}

struct Example {
    std::vector<float> image = std::vector<float>(64 * 48);
    std::vector<std::uint8_t> label = std::vector<std::uint8_t>(64 * 48);
    Example() {
        for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<float>(i % 64);
        for (std::size_t y = 10; y < 30; ++y)
            for (std::size_t x = 10; x < 30; ++x) label[y * 64 + x] = 2;
    }
    [[nodiscard]] plot::Montage montage(std::size_t cases, std::size_t slices) const {
        plot::Montage m;
        for (std::size_t c = 0; c < cases; ++c) {
            plot::Block b{"case", plot::Call{c % 2 == 0, 0.93}, {}, {}};
            for (std::size_t s = 0; s < slices; ++s) b.tiles.push_back({Slice<const float>{image.data(), 64, 48}, Slice<const std::uint8_t>{label.data(), 64, 48}, 1, "mid"});
            m.blocks.push_back(b);
        }
        return m;
    }
};

}  // namespace

TEST_CASE("one pixel is outlined by a diamond of half its area") {
    const std::vector<std::uint8_t> one{0, 0, 0, 0, 1, 0, 0, 0, 0};
    const auto lines = plot::outlines({one.data(), 3, 3});
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].size() == 4);
    CHECK(area(lines[0]) == Approx(0.5));
}

TEST_CASE("a ring has an outer and an inner line, and pixels that touch at a corner stay apart") {
    std::vector<std::uint8_t> ring(49, 0);
    for (std::size_t y = 1; y < 6; ++y)
        for (std::size_t x = 1; x < 6; ++x) ring[y * 7 + x] = x == 1 || x == 5 || y == 1 || y == 5;
    const auto lines = plot::outlines({ring.data(), 7, 7});
    REQUIRE(lines.size() == 2);
    CHECK(area(lines[0]) * area(lines[1]) < 0);
    CHECK(area(lines[0]) + area(lines[1]) == Approx(24.5 - 8.5));
    const std::vector<std::uint8_t> corner{1, 0, 0, 1};
    CHECK(plot::outlines({corner.data(), 2, 2}).size() == 2);
    CHECK(plot::outlines({corner.data(), 0, 0}).empty());
}

TEST_CASE("lines close around random masks and bound the area of marching squares") {
    for (std::uint64_t trial = 0; trial < 100; ++trial) {
        lge::Random r(3, trial, "outline");
        const std::size_t width = 1 + r.below(9), height = 1 + r.below(9);
        std::vector<std::uint8_t> mask(width * height);
        for (auto& v : mask) v = r.chance(0.5);
        double sum = 0;
        for (const auto& line : plot::outlines({mask.data(), width, height})) {
            REQUIRE(line.size() >= 4);
            for (std::size_t i = 0; i < line.size(); ++i) {
                const auto &p = line[i], &q = line[(i + 1) % line.size()];
                REQUIRE(std::hypot(p.x - q.x, p.y - q.y) <= 1.0);
            }
            sum += area(line);
        }
        double expected = 0;  // of each cell, by the number and place of its corners
        const auto at = [&](std::size_t x, std::size_t y) { return x >= 1 && y >= 1 && x <= width && y <= height && mask[(y - 1) * width + x - 1]; };
        for (std::size_t y = 0; y <= height; ++y)
            for (std::size_t x = 0; x <= width; ++x) {
                const bool a = at(x, y), b = at(x + 1, y), c = at(x + 1, y + 1), d = at(x, y + 1);
                const int n = a + b + c + d;
                expected += n == 1 ? 0.125 : n == 2 ? (a == c ? 0.25 : 0.5) : n == 3 ? 0.875 : n == 4 ? 1 : 0;
            }
        REQUIRE(sum == Approx(expected));
    }
}

TEST_CASE("a montage is a PNG of the size that its tiles make, and the same twice") {
    const Example e;
    auto m = e.montage(2, 3);
    const auto png = plot::draw(m, {plot::Format::png});
    REQUIRE(png.size() > 100);
    CHECK(std::memcmp(png.data(), "\x89PNG\r\n\x1a\n", 8) == 0);
    // Two blocks of three tiles of 180 with gaps of 3 stand beside each other, 14 between and around them.
    CHECK(big_endian(png, 16) == 2 * 14 + 2 * (3 * 183 - 3) + 14);
    CHECK(big_endian(png, 20) == 14 + 20 + 180 + 24 + 14);
    CHECK(plot::draw(m, {plot::Format::png}) == png);
    m.columns = 2;
    const auto narrow = plot::draw(m, {plot::Format::png});
    CHECK(big_endian(narrow, 16) == 2 * 14 + 2 * 183 - 3);
    CHECK(big_endian(narrow, 20) == 14 + 2 * (20 + 2 * 183 - 3) + 14 + 24 + 14);
}

TEST_CASE("an outline, a call and a caption each change the picture") {
    const Example e;
    const auto plain = plot::draw(e.montage(1, 1), {plot::Format::png});
    auto m = e.montage(1, 1);
    m.blocks[0].call->present = false;
    CHECK(plot::draw(m, {plot::Format::png}) != plain);
    m = e.montage(1, 1);
    std::vector<std::uint8_t> scar = e.label;
    for (std::size_t x = 12; x < 20; ++x) scar[20 * 64 + x] = 3;
    m.blocks[0].tiles[0].label = Slice<const std::uint8_t>{scar.data(), 64, 48};
    CHECK(plot::draw(m, {plot::Format::png}) != plain);
    m = e.montage(1, 1);
    m.caption = "title";
    CHECK(plot::draw(m, {plot::Format::png}) != plain);
}

TEST_CASE("an SVG is text that ends, and no tile is an error") {
    const Example e;
    const auto svg = plot::draw(e.montage(1, 2), {plot::Format::svg});
    const std::string_view text(reinterpret_cast<const char*>(svg.data()), svg.size());
    CHECK(text.starts_with("<?xml"));
    CHECK(text.find("</svg>") != std::string_view::npos);
    CHECK_THROWS_AS(plot::draw({}, {plot::Format::png}), lge::Error);
    auto huge = e.montage(1, 40);
    huge.columns = 40;
    huge.tile_pixels = 2048;
    CHECK_THROWS_AS(plot::draw(huge, {plot::Format::png}), lge::Error);
}

TEST_CASE("an image of one grey level and one with an infinite pixel can be drawn") {
    Example e;
    std::fill(e.image.begin(), e.image.end(), 7.0F);
    e.image[5] = std::numeric_limits<float>::infinity();
    CHECK(plot::draw(e.montage(1, 1), {plot::Format::png}).size() > 100);
}

TEST_CASE("the view is a square about the labels, twice as wide, and stays within the slice") {
    Example e;
    std::vector<plot::Tile> tiles{e.montage(1, 1).blocks[0].tiles};
    const auto view = plot::view_of_labels(tiles);  // labels fill 10..29 both ways
    REQUIRE(view);
    CHECK(view->side == 40);
    CHECK(view->x == 0);
    CHECK(view->y == 0);
    std::fill(e.label.begin(), e.label.end(), std::uint8_t{0});
    e.label[47 * 64 + 63] = 5;
    const auto corner = plot::view_of_labels(tiles);
    CHECK(corner->side == 2);
    CHECK(corner->x == 62);
    CHECK(corner->y == 46);
    tiles[0].aspect = 2;
    CHECK(plot::view_of_labels(tiles)->side == 4);
    CHECK(plot::view_of_labels(tiles)->y == 92);
    e.label[0] = 5;
    CHECK(plot::view_of_labels(tiles)->side == 96);
    CHECK(plot::view_of_labels(tiles)->x == -16);
    std::fill(e.label.begin(), e.label.end(), std::uint8_t{0});
    CHECK_FALSE(plot::view_of_labels(tiles));
}

TEST_CASE("chosen slices are spread evenly") {
    CHECK(plot::spread_evenly(3, 5) == std::vector<std::size_t>{0, 1, 2});
    CHECK(plot::spread_evenly(10, 2) == std::vector<std::size_t>{2, 7});
    CHECK(plot::spread_evenly(9, 1) == std::vector<std::size_t>{4});
    CHECK(plot::spread_evenly(0, 4).empty());
}
