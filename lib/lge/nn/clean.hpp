#pragma once
// What anatomy knows better than a network that looks at one slice at a time.
#include "lge/anatomy/heart.hpp"
#include "lge/volume/grid.hpp"

#include <cstdint>

namespace lge::nn {

constexpr bool is_left(std::uint8_t label) { return label == 1 || anatomy::is_wall(label); }
constexpr bool is_right(std::uint8_t label) { return label == 5; }

/// Of the LV (cavity and wall) and of the RV the largest component in 3-D (26 neighbours) is kept. In each slice, of the LV
/// the largest component is kept (8 neighbours), holes in it are cavity, and of the cavity the largest component is (4
/// neighbours); other pieces of cavity become wall.
volume::Volume<std::uint8_t> clean_labels(volume::Volume<std::uint8_t> label);

}  // namespace lge::nn
