#include "lge/synth/wall.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lge::synth {

int segment_of_pixel(std::size_t x, std::size_t y, anatomy::Level level, const anatomy::WallBorders& wall, Degrees insertion) {
    const double dx = static_cast<double>(x) - wall.centre.x, dy = wall.centre.y - static_cast<double>(y);
    return segment_at(level, Degrees{std::atan2(dy, dx) * 180 / std::numbers::pi - insertion.value});
}

std::optional<SliceWall> find_slice_wall(volume::Slice<const std::uint8_t> label, anatomy::Level level, Degrees insertion, double spacing_mm) {
    auto borders = anatomy::find_wall(label);
    if (!borders) return std::nullopt;
    SliceWall wall{level, insertion, spacing_mm, std::move(*borders), {}, {}, 0, 0, 0, 0};
    std::size_t left = label.width, right = 0, top = label.height, bottom = 0;
    for (std::size_t y = 0; y < label.height; ++y)
        for (std::size_t x = 0; x < label.width; ++x) {
            const std::uint8_t kind = label(x, y);
            if (!anatomy::is_wall(kind)) continue;
            left = std::min(left, x), right = std::max(right, x + 1), top = std::min(top, y), bottom = std::max(bottom, y + 1);
            const auto place = wall.borders.place({static_cast<double>(x), static_cast<double>(y)});
            const auto n = wall.borders.endo.size(), bin = static_cast<std::size_t>(place.angle.value / 360 * static_cast<double>(n)) % n;
            const double dx = static_cast<double>(x) - wall.borders.centre.x, dy = static_cast<double>(y) - wall.borders.centre.y;
            const int segment = segment_of_pixel(x, y, level, wall.borders, insertion);
            ++wall.of_segment[static_cast<std::size_t>(segment)];
            wall.pixels.push_back({static_cast<std::uint32_t>(y * label.width + x), static_cast<std::uint8_t>(segment), kind == 2,
                                   static_cast<float>(place.angle.value), static_cast<float>(place.depth), static_cast<float>(std::hypot(dx, dy)),
                                   static_cast<float>(std::max(wall.borders.epi[bin] - wall.borders.endo[bin], 0.5))});
        }
    wall.left = left, wall.top = top, wall.width = right - left, wall.height = bottom - top;
    return wall;
}

anatomy::Segments segments_with_scar(const SliceWall& wall, volume::Slice<const std::uint8_t> label) {
    anatomy::Segments found;
    for (const WallPixel& p : wall.pixels)
        if (anatomy::is_scar(label.pixels[p.at])) found.add(p.segment);
    return found;
}

}  // namespace lge::synth
