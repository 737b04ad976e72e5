#pragma once
// Hearts drawn without any image: a whole short-axis stack with labels, from one heart's parameters.
#include "lge/anatomy/heart.hpp"
#include "lge/anatomy/polar.hpp"
#include "lge/io/cohort.hpp"
#include "lge/synth/heart.hpp"
#include "lge/synth/scar.hpp"
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lge::synth {

/// Where the RV joins the LV in a slice, in pixels.
struct Insertions { anatomy::Point anterior, inferior; };

/// A heart with the scars that were asked for, as far as its walls had room for them.
struct Phantom {
    volume::Volume<float> image;               // slices base to apex, LPS mm
    volume::Volume<std::uint8_t> label;
    io::Landmarks landmarks;
    Degrees insertion{120};                    // angle of the anterior RV insertion in every slice, from image right
    std::vector<anatomy::Segments> segments;   // with scar, a slice
    std::vector<std::uint32_t> scars;          // bit i: scar i has pixels in the slice
    std::optional<Insertions> insertions;      // of slice `only`, where the drawn outlines of RV and LV cross; nothing without an RV
};

/// Draws the stack of case `index` with `levels` as draw_levels gives them, or slice `only` of it. Images lie between 0
/// and 1, by one scale for all slices that are drawn.
Phantom draw_phantom(const Heart& heart, std::span<const anatomy::Level> levels, std::span<const Scar> scars,
                     std::uint64_t seed, std::uint64_t index, std::optional<std::size_t> only = std::nullopt);

}  // namespace lge::synth
