#include "lge/plot/outline.hpp"

#include <map>

namespace lge::plot {

std::vector<std::vector<Point>> outlines(volume::Slice<const std::uint8_t> inside) {
    const auto at = [&](std::ptrdiff_t x, std::ptrdiff_t y) {
        return inside.inside(x, y) && inside(static_cast<std::size_t>(x), static_cast<std::size_t>(y)) != 0;
    };
    // Each crossing of a lattice edge has one line coming in and one going out.
    std::map<Point, Point> next;
    const auto width = static_cast<std::ptrdiff_t>(inside.width), height = static_cast<std::ptrdiff_t>(inside.height);
    for (std::ptrdiff_t y = -1; y < height; ++y)
        for (std::ptrdiff_t x = -1; x < width; ++x) {
            const bool a = at(x, y), b = at(x + 1, y), c = at(x + 1, y + 1), d = at(x, y + 1);  // clockwise from top left
            const auto px = static_cast<double>(x), py = static_cast<double>(y);
            const Point top{px + 0.5, py}, right{px + 1, py + 0.5}, bottom{px + 0.5, py + 1}, left{px, py + 0.5};
            const int count = a + b + c + d;
            if (count == 1 || (count == 2 && a == c)) {
                if (a) next[top] = left;
                if (b) next[right] = top;
                if (c) next[bottom] = right;
                if (d) next[left] = bottom;
            } else if (count == 2) {
                if (a && b) next[right] = left;
                if (b && c) next[bottom] = top;
                if (c && d) next[left] = right;
                if (d && a) next[top] = bottom;
            } else if (count == 3) {
                if (!a) next[left] = top;
                if (!b) next[top] = right;
                if (!c) next[right] = bottom;
                if (!d) next[bottom] = left;
            }
        }
    std::vector<std::vector<Point>> lines;
    while (!next.empty()) {
        auto& line = lines.emplace_back();
        for (auto at_point = next.begin(); at_point != next.end();) {
            const Point to = at_point->second;
            line.push_back(at_point->first);
            next.erase(at_point);
            at_point = next.find(to);
        }
    }
    return lines;
}

}  // namespace lge::plot
