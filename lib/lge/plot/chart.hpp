#pragma once
// Panels with labelled axes, lines, points with intervals, and a legend.
#include "lge/base/array.hpp"
#include "lge/plot/format.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lge::plot {

struct Axis {
    std::string label = {};            ///< with its unit
    double low = 0, high = 1;
    std::vector<std::string> words = {};  ///< names at 0, 1, 2...; empty: numbers
};

/// A place with perhaps an interval up and down.
struct Sample {
    double x = 0, y = 0;
    std::optional<double> low = std::nullopt, high = std::nullopt;
};

/// A band fills between the ends of the intervals.
enum class Mark : std::uint8_t { line, points, line_and_points, band };

/// One run: its colour and dashes follow from `style`, a number from 0; its legend stands in its panel.
struct Series {
    std::string name = {};             ///< in the legend; empty: none
    std::size_t style = 0;
    Mark mark = Mark::line;
    std::vector<Sample> samples = {};
    bool pale = false;                 ///< thin and light, behind the others
};

enum class Corner : std::uint8_t { lower_right, lower_left, upper_right, upper_left };

struct Panel {
    std::string title = {};
    Axis x = {}, y = {};
    bool upright = true;               ///< false: intervals run along x, and the words of y go down
    std::vector<Series> series = {};
    std::optional<std::array<double, 4>> guide = std::nullopt;  ///< a dashed grey line, from (x, y) to (x, y)
    Corner legend = Corner::lower_right;
    bool square = true;                ///< as high as wide; else lower
};

struct Chart {
    std::string caption = {};          ///< above everything; empty: none
    std::vector<Panel> panels = {};    ///< side by side, in rows of at most three
    std::vector<std::string> runs = {};  ///< names of styles 0, 1, ..., below everything
};

/// Between 4 and 10 round numbers from `low` to `high`, and how many decimals they need.
struct Ticks {
    std::vector<double> at;
    int decimals = 0;
};
Ticks round_ticks(double low, double high);

/// usage without any panel.
Bytes draw(const Chart& chart, const Page& page);

}  // namespace lge::plot
