#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace lge::plot {

enum class Format : std::uint8_t { png, svg };
constexpr std::array<std::pair<std::string_view, Format>, 2> choices(Format) { return {{{"png", Format::png}, {"svg", Format::svg}}}; }

/// How a picture is written. `scale` multiplies the pixels of a PNG, for print.
struct Page {
    Format format = Format::png;
    double scale = 1;
};

}  // namespace lge::plot
