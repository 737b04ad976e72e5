#include "lge/anatomy/heart.hpp"

#include <catch2/catch.hpp>

using namespace lge::anatomy;
using lge::Degrees;

TEST_CASE("AHA sectors start and end where the 17-segment model says") {
    // Angles as the bull's-eye is drawn: counter-clockwise from image right, insertion at 120 degrees.
    const auto at = [](Level level, double drawn) { return segment_at(level, Degrees{drawn - 120}); };
    const struct { double drawn; int basal, apical; } wanted[] = {{90, 1, 13}, {150, 2, 14}, {210, 3, 14}, {270, 4, 15}, {330, 5, 16}, {30, 6, 16}};
    for (const auto& w : wanted) {
        CAPTURE(w.drawn);
        CHECK(at(Level::basal, w.drawn) == w.basal);
        CHECK(at(Level::mid, w.drawn) == w.basal + 6);
        CHECK(at(Level::apical, w.drawn) == w.apical);
        CHECK(at(Level::basal, w.drawn - 720) == w.basal);
    }
    CHECK(at(Level::basal, 119.9) == 1);
    CHECK(at(Level::basal, 120.0) == 2);
    CHECK(at(Level::apex, 0) == 17);
}

TEST_CASE("every angle belongs to exactly the segments of its level") {
    for (const Level level : {Level::basal, Level::mid, Level::apical})
        for (int tenth = -7200; tenth < 7200; ++tenth) REQUIRE(segments_of(level).has(segment_at(level, Degrees{tenth / 10.0})));
}

TEST_CASE("walls stand for their segments") {
    CHECK(segments_of(Wall::anterior, Level::unknown) == Segments::of({1, 7, 13}));
    CHECK(segments_of(Wall::anteroseptal, Level::unknown) == Segments::of({2, 8}));
    CHECK(segments_of(Wall::anteroseptal, Level::apical) == Segments::of({14}));
    CHECK(segments_of(Wall::septal, Level::unknown) == Segments::of({2, 3, 8, 9, 14}));
    CHECK(segments_of(Wall::lateral, Level::unknown) == Segments::of({5, 6, 11, 12, 16}));
    CHECK(segments_of(Wall::inferolateral, Level::mid) == Segments::of({11}));
}

TEST_CASE("words and values are one to one") {
    for (const auto& [text, wall] : choices(Wall{})) CHECK(from_word<Wall>(text) == wall);
    CHECK_FALSE(from_word<Level>("middle"));
    CHECK(word(Level::unknown).empty());
    CHECK(segment_name(11) == "mid inferolateral");
}
