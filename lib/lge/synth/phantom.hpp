#pragma once
// Hearts drawn without any image: a whole short-axis stack with labels, from ranges kept in a population file.
#include "lge/anatomy/heart.hpp"
#include "lge/io/cohort.hpp"
#include "lge/synth/scar.hpp"
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lge::synth {

/// Bounds of a uniform draw. A share is drawn by case too, so that 0.3 to 0.3 means three in ten.
struct Range { double low = 0, high = 0; };

/// The ranges from which hearts are drawn, uniformly unless said otherwise. Lengths in mm; intensities relative to the
/// scale on which blood lies; shares are probabilities. Read from a population file (lge.population/1), where each
/// range stands with its source.
struct Population {
    std::string name;
    std::string sha256;  // of the file's bytes, for provenance
    // stack
    Range slices, gap_mm;                  // slices with wall; distance of their centres
    Range native_size, native_spacing_mm;  // pixels of a side and their size, for stacks in random pose
    // shape
    Range endo_radius_mm;                  // at the base, log-uniform
    Range wall_mm;
    Range taper, taper_power;              // radius x (1 - taper z^power), z 0 base to 1 apex
    Range shape, wall_shape;               // SD of the Fourier terms of radius and thickness, of their means
    Range log_stretch;                     // of the ellipse's axes
    Range elastic_mm, shift_mm, breath_mm; // warp; LV axis off the image centre; slice against slice
    Range outflow, apex_cap, rv;           // share of hearts with an open or thin base, a cap slice, a visible RV
    Range rv_span_deg, rv_depth, rv_wall_mm;  // angle between the insertions; depth of the RV as share of the LV's radius
    // signal
    Range blood, wall_of_blood;            // blood's brightness; the wall's as a share of it
    Range bright_wall;                     // share of hearts whose wall is brighter than blood
    Range wall_drift;                      // slow variation in the wall, of the contrast
    Range rim, rim_mm;                     // blood and wall mixed at the endocardium, and how deep
    Range papillary, fat, fat_mm, line, chest, matched_tissue;  // shares of hearts; thickness of epicardial fat
    // scars
    Range scar_signal;                     // wall + this x |blood - wall|
    Range thin;                            // share of scars that thin their wall
    // camera
    Range texture, bias, blur_mm, noise, log_gamma, partial_volume, ghost, lifted;
};

/// A population file's content. bad_data "NAME: reason" for a key that is missing or unknown or a range that is empty.
Population parse_population(std::string_view json, const std::string& name);
/// A shipped population ("wide", "hard", "mild") or a file. no_input when there is neither.
Population load_population(const std::string& name_or_file);

enum class Pose : std::uint8_t { canonical, random };
constexpr std::array<std::pair<std::string_view, Pose>, 2> choices(Pose) { return {{{"canonical", Pose::canonical}, {"random", Pose::random}}}; }

/// The lattice that a phantom is drawn on. In random pose size and spacing are drawn from the population instead.
struct Frame {
    Pose pose = Pose::canonical;
    std::size_t size = 128;      // pixels of a side
    double spacing_mm = 1.25;
};

/// The levels of case `index`'s slices, base to apex: equal thirds, and sometimes a cap without cavity.
std::vector<anatomy::Level> draw_levels(const Population& population, std::uint64_t seed, std::uint64_t index);

/// A heart with the scars that were asked for, as far as its walls had room for them.
struct Phantom {
    volume::Volume<float> image;               // slices base to apex, LPS mm
    volume::Volume<std::uint8_t> label;
    io::Landmarks landmarks;
    Degrees insertion{120};                    // angle of the anterior RV insertion in every slice, from image right
    std::vector<anatomy::Segments> segments;   // with scar, a slice
    std::vector<std::uint32_t> scars;          // bit i: scar i has pixels in the slice
};

/// Draws the stack of case `index` with `levels` as draw_levels gives them. Images lie between 0 and 1.
Phantom draw_phantom(const Population& population, const Frame& frame, std::span<const anatomy::Level> levels,
                     std::span<const Scar> scars, std::uint64_t seed, std::uint64_t index);

}  // namespace lge::synth
