#pragma once
// Hearts drawn without any image: a whole short-axis stack with labels, from ranges kept in a population file.
#include "lge/anatomy/heart.hpp"
#include "lge/io/cohort.hpp"
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lge::synth {

struct Range { double low = 0, high = 0; };

/// The ranges from which hearts are drawn, uniformly unless said otherwise. Lengths in mm; intensities relative to the
/// scale on which blood lies; shares are probabilities. Read from a population file (lge.population/1), where each
/// range stands with its source.
struct Population {
    std::string name;
    // stack
    Range slices, gap_mm;                              // number of slices with wall; distance of their centres
    Range native_spacing_mm;                           // in-plane, for stacks in random pose
    // shape
    Range endo_radius_mm;                              // at the base, log-uniform
    Range wall_mm, taper, taper_power;                 // radius x (1 - taper z^power), z 0 base to 1 apex
    double shape_sd = 0, wall_sd = 0;                  // Fourier amplitudes of radius and thickness
    double log_stretch = 0;                            // of the ellipse's axes
    double elastic_mm = 0, shift_mm = 0, breath_mm = 0;
    double outflow_share = 0, apex_share = 0, rv_share = 0;
    Range rv_wall_mm;
    // signal
    Range blood, wall_of_blood;                        // blood's brightness; wall as a share of it
    double bright_wall_share = 0;                      // hearts whose wall is brighter than blood
    Range wall_texture, wall_drift;                    // fine and slow variation of the wall, of the contrast
    Range rim, rim_mm;                                 // blood and wall mixed at the endocardium
    double papillary_share = 0, fat_share = 0, line_share = 0, chest_share = 0, tissue_share = 0;
    Range fat_mm;
    // scars
    Range scar_signal;                                 // wall + this x |blood - wall|
    double thin_share = 0;                             // walls thinned by their scar
    // camera
    Range texture, bias, blur_mm, noise, log_gamma, partial_volume;
    double ghost_share = 0;
};

/// A population file's content. bad_data "NAME: reason" for a key that is missing or unknown or a range that is empty.
Population parse_population(std::string_view json, const std::string& name);
/// A shipped population ("wide", "hard", "mild") or a file. no_input when there is neither.
Population load_population(const std::string& name_or_file);

enum class Pose : std::uint8_t { canonical, random };
constexpr std::array<std::pair<std::string_view, Pose>, 2> choices(Pose) { return {{{"canonical", Pose::canonical}, {"random", Pose::random}}}; }

/// Where the slices of a stack lie in the heart: what the frame of drawing is to the pixels.
struct View {
    volume::Grid grid;           // LPS mm
    double spacing_mm = 1.25;    // in-plane
    double turn = 0;             // radians by which the heart is turned counter-clockwise from the canonical pose
    double centre_x = 0, centre_y = 0;  // pixel of the LV axis
    bool mirrored = false;       // columns run the other way (the affine says so)
    bool apex_first = false;
};

/// A heart without scar, tissue by tissue, so that a scar can be put in before the camera.
struct Phantom {
    View view;
    volume::Volume<float> image;
    volume::Volume<std::uint8_t> label;
    std::vector<anatomy::Level> level;
    io::Landmarks landmarks;
};

}  // namespace lge::synth
