#include "lge/anatomy/heart.hpp"

#include <algorithm>
#include <cmath>

namespace lge::anatomy {
namespace {

constexpr std::array<std::string_view, 18> names{
    "", "basal anterior", "basal anteroseptal", "basal inferoseptal", "basal inferior", "basal inferolateral", "basal anterolateral",
    "mid anterior", "mid anteroseptal", "mid inferoseptal", "mid inferior", "mid inferolateral", "mid anterolateral",
    "apical anterior", "apical septal", "apical inferior", "apical lateral", "apex"};

Segments basal_segments(Wall wall) {
    switch (wall) {
    case Wall::anterior: return Segments::of({1});
    case Wall::anteroseptal: return Segments::of({2});
    case Wall::inferoseptal: return Segments::of({3});
    case Wall::inferior: return Segments::of({4});
    case Wall::inferolateral: return Segments::of({5});
    case Wall::anterolateral: return Segments::of({6});
    case Wall::septal: return Segments::of({2, 3});
    case Wall::lateral: return Segments::of({5, 6});
    }
    return {};
}

Segments apical_segments(Wall wall) {
    switch (wall) {
    case Wall::anterior: return Segments::of({13});
    case Wall::inferior: return Segments::of({15});
    case Wall::anteroseptal: case Wall::inferoseptal: case Wall::septal: return Segments::of({14});
    case Wall::inferolateral: case Wall::anterolateral: case Wall::lateral: return Segments::of({16});
    }
    return {};
}

constexpr bool exists_at_apex(Wall wall) {
    return wall == Wall::anterior || wall == Wall::inferior || wall == Wall::septal || wall == Wall::lateral;
}

}  // namespace

Segments segments_of(Level level) {
    switch (level) {
    case Level::basal: return {0b0111'1110};
    case Level::mid: return {0b1'1111'1000'0000};
    case Level::apical: return {0b1'1110'0000'0000'0000};
    case Level::apex: return {1U << 17};
    case Level::unknown: return {0x1FFFE};
    }
    return {};
}

Segments segments_of(Wall wall, Level level) {
    const Segments basal = basal_segments(wall);
    switch (level) {
    case Level::basal: return basal;
    case Level::mid: return {basal.bits << 6};
    case Level::apical: return apical_segments(wall);
    case Level::apex: return Segments::of({17});
    case Level::unknown: return basal | Segments{basal.bits << 6} | (exists_at_apex(wall) ? apical_segments(wall) : Segments{});
    }
    return {};
}

Level level_of_segment(int segment) {
    if (segment >= 1 && segment <= 6) return Level::basal;
    if (segment >= 7 && segment <= 12) return Level::mid;
    if (segment >= 13 && segment <= 16) return Level::apical;
    return segment == 17 ? Level::apex : Level::unknown;
}

std::string_view segment_name(int segment) { return segment >= 1 && segment <= 17 ? names[static_cast<std::size_t>(segment)] : std::string_view{}; }

int segment_at(Level level, Degrees delta) {
    // Seen from the anterior insertion, sector 0 starts 60 degrees before it (75 in the apical ring).
    const auto sector = [&](double start, double width, int count) {
        double turn = std::fmod(delta.value - start, 360.0);
        if (turn < 0) turn += 360.0;
        return std::min(static_cast<int>(turn / width), count - 1);
    };
    switch (level) {
    case Level::basal: return 1 + sector(-60, 60, 6);
    case Level::mid: return 7 + sector(-60, 60, 6);
    case Level::apical: return 13 + sector(-75, 90, 4);
    case Level::apex: return 17;
    case Level::unknown: return 0;
    }
    return 0;
}

}  // namespace lge::anatomy
