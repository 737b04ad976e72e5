#pragma once
// What anatomy knows better than a network that looks at one slice at a time.
#include "lge/anatomy/heart.hpp"
#include "lge/volume/grid.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace lge::nn {

constexpr bool is_left(std::uint8_t label) { return label == 1 || anatomy::is_wall(label); }
constexpr bool is_right(std::uint8_t label) { return label == 5; }

/// How far a label map is cleaned: not at all; in 3-D the largest component of the LV and of the RV kept; and the shape of
/// each slice mended too.
enum class Cleaning : std::uint8_t { topology, component, none };
constexpr std::array<std::pair<std::string_view, Cleaning>, 3> choices(Cleaning) {
    return {{{"topology", Cleaning::topology}, {"component", Cleaning::component}, {"none", Cleaning::none}}};
}

/// Of the LV (cavity and wall) and of the RV the largest component in 3-D (26 neighbours) is kept. In each slice, of the LV
/// the largest component is kept (8 neighbours), holes in it are cavity, and of the cavity the largest component is (4
/// neighbours); other pieces of cavity become wall. `cleaning` says how much of this is done.
volume::Volume<std::uint8_t> clean_labels(volume::Volume<std::uint8_t> label, Cleaning cleaning = Cleaning::topology);

}  // namespace lge::nn
