#include "lge/synth/field.hpp"
#include "lge/synth/scar.hpp"
#include "lge/synth/sentence.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

using namespace lge;
using anatomy::Level;
using anatomy::Segments;
using anatomy::Wall;

namespace {

// Cavity of radius `endo` and wall to `epi`, pixels, around (64, 64).
struct Annulus {
    std::vector<std::uint8_t> labels = std::vector<std::uint8_t>(128 * 128);
    Annulus(double endo, double epi) {
        for (int y = 0; y < 128; ++y)
            for (int x = 0; x < 128; ++x) {
                const double r = std::hypot(x - 64, y - 64);
                labels[static_cast<std::size_t>(y * 128 + x)] = r < endo ? 1 : r < epi ? 2 : 0;
            }
    }
    volume::Slice<std::uint8_t> slice() { return {labels.data(), 128, 128}; }
};

std::pair<double, double> mean_and_sd(const std::vector<float>& v) {
    double sum = 0, square = 0;
    for (const double x : v) sum += x, square += x * x;
    const double mean = sum / static_cast<double>(v.size());
    return {mean, std::sqrt(square / static_cast<double>(v.size()) - mean * mean)};
}

}  // namespace

TEST_CASE("fields and noise have mean 0 and deviation 1") {
    Random random(1, 0, "fields");
    std::vector<float> smooth, rings;
    for (int i = 0; i < 60; ++i) {
        const auto f = synth::smooth_field(128, 128, 6, random);
        smooth.insert(smooth.end(), f.v.begin(), f.v.end());
        const auto r = synth::smooth_ring(360, 40, random);
        rings.insert(rings.end(), r.begin(), r.end());
    }
    const auto noise = synth::white_noise(256, 256, random);
    CHECK(mean_and_sd(smooth).first == Approx(0).margin(0.03));
    CHECK(mean_and_sd(smooth).second == Approx(1).margin(0.03));
    CHECK(mean_and_sd(rings).second == Approx(1).margin(0.05));
    CHECK(mean_and_sd(noise.v).first == Approx(0).margin(0.02));
    CHECK(mean_and_sd(noise.v).second == Approx(1).margin(0.01));
}

TEST_CASE("a blur keeps the sum and spreads a point as a Gaussian") {
    synth::Plane p(41, 41);
    p(20, 20) = 1;
    synth::blur(p, 1.5);
    double sum = 0, spread = 0;
    for (std::size_t y = 0; y < 41; ++y)
        for (std::size_t x = 0; x < 41; ++x) {
            sum += p(x, y);
            spread += p(x, y) * std::pow(static_cast<double>(x) - 20, 2);
        }
    CHECK(sum == Approx(1).margin(1e-4));
    CHECK(std::sqrt(spread) == Approx(1.5).margin(0.05));
}

TEST_CASE("the quick angle is the angle") {
    for (int i = 0; i < 3600; ++i) {
        const double turn = i / 3600.0, a = turn * 2 * std::numbers::pi;
        const auto quick = static_cast<double>(synth::quick_turn(static_cast<float>(7 * std::sin(a)), static_cast<float>(7 * std::cos(a))));
        REQUIRE(std::abs(std::remainder(quick - turn, 1.0)) < 2e-5);
        REQUIRE(quick >= 0);
        REQUIRE(quick < 1);
    }
}

TEST_CASE("depth bands are drawn to half a pixel") {
    const struct { anatomy::Extent extent; double low, high; } bands[] = {
        {anatomy::Extent::subendocardial, 0, 0.4}, {anatomy::Extent::midwall, 0.3, 0.7}, {anatomy::Extent::subepicardial, 0.6, 1}, {anatomy::Extent::transmural, 0, 1.1}};
    for (const auto& band : bands) {
        Annulus ring(20, 34);
        synth::Scar scar;
        scar.segments = Segments::of({10});
        scar.extent = band.extent;
        scar.centre = 150;
        scar.half_width = 200;
        scar.depth_low = band.low;
        scar.depth_high = band.high;
        scar.raggedness = 0;
        const auto wall = synth::find_slice_wall(ring.slice(), Level::mid, anatomy::canonical_insertion, 1.5);
        Random random(3, 0, "band");
        const auto map = synth::map_scars(std::span(&scar, 1), 0.5, *wall, ring.slice(), random);
        CHECK(map.segments == Segments::of({10}));
        double inner = 1e9, outer = 0;
        for (std::size_t y = 0; y < 128; ++y)
            for (std::size_t x = 0; x < 128; ++x)
                if (ring.slice()(x, y) == 3) {
                    const double r = std::hypot(static_cast<double>(x) - 64, static_cast<double>(y) - 64);
                    inner = std::min(inner, r), outer = std::max(outer, r);
                }
        CHECK(inner == Approx(20 + 14 * band.low).margin(0.5));
        CHECK(outer == Approx(20 + 14 * std::min(band.high, 1.0)).margin(0.5));
    }
}

TEST_CASE("partial volume shares add up to the area of the arc") {
    Annulus ring(20, 32);
    synth::Scar scar;
    scar.segments = segments_of(Level::mid);
    scar.centre = 30;
    scar.half_width = 45;
    scar.depth_low = 0.25, scar.depth_high = 0.75;
    scar.extent = anatomy::Extent::midwall;
    scar.raggedness = 0;
    scar.z_half = 1e6;
    const auto wall = synth::find_slice_wall(ring.slice(), Level::mid, anatomy::canonical_insertion, 1.5);
    Random random(3, 0, "area");
    const auto map = synth::map_scars(std::span(&scar, 1), 0.5, *wall, ring.slice(), random);
    double area = 0;
    for (const double s : map.scar.v) area += s;
    // A quarter turn between radii 23 and 29; the ends of the arc are ragged by some degrees.
    CHECK(area == Approx(std::numbers::pi / 4 * (29 * 29 - 23 * 23)).epsilon(0.1));
}

TEST_CASE("walls name exactly the segments they are made from") {
    for (const Level level : {Level::basal, Level::mid, Level::apical})
        for (std::uint32_t bits = 0; bits < (level == Level::apical ? 16U : 64U); ++bits) {
            const Segments segments{bits << (level == Level::basal ? 1 : level == Level::mid ? 7 : 13)};
            Segments named;
            for (const Wall wall : synth::walls_of(segments, level)) named = named | segments_of(wall, level);
            REQUIRE(named == segments);
        }
}

TEST_CASE("captions say presence, pattern and place in many wordings") {
    anatomy::Finding f;
    f.lge = anatomy::Presence::present;
    f.segments = Segments::of({8, 9});
    f.pattern = {anatomy::Pattern::transmural};
    Random random(1, 0, "words");
    std::set<std::string> wordings;
    for (int i = 0; i < 300; ++i) {
        const std::string text = synth::caption(f, Level::mid, synth::Style::clinical, random);
        CAPTURE(text);
        wordings.insert(text);
        CHECK((text.find("ept") != std::string::npos || text.find("egments 8 and 9") != std::string::npos));
        CHECK((text.find("ransmural") != std::string::npos || text.find("ull-thickness") != std::string::npos));
        CHECK(text.back() == '.');
        CHECK((text[0] < 'a' || text[0] > 'z'));
        CHECK(text.find('{') == std::string::npos);
        CHECK(text.find("  ") == std::string::npos);
    }
    CHECK(wordings.size() > 80);
}

TEST_CASE("a normal case's report denies enhancement and names no segment") {
    anatomy::Finding f;
    f.lge = anatomy::Presence::absent;
    Random random(2, 0, "words");
    for (int i = 0; i < 200; ++i) {
        const std::string text = synth::report(f, synth::Style::clinical, random);
        CAPTURE(text);
        const auto says = [&](const char* word) { return text.find(word) != std::string::npos; };
        CHECK((says("No ") || says("no ") || says("bsence") || says("ithout") || says("not ") || says("absent") || says("egative")));
        CHECK_FALSE(says("segment"));
        CHECK_FALSE(says(" wall"));
    }
}
