#pragma once
// The ranges from which phantoms are drawn: a named file, each range with its source.
#include <string>
#include <string_view>

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
    Range log_stretch;                     // of the whole heart along one axis against the other
    Range elastic_mm, shift_mm, breath_mm; // warp; LV axis off the image centre; slice against slice
    Range outflow, apex_cap, rv;           // share of hearts with an open or thin base, a cap slice, a visible RV
    Range rv_span_deg, rv_offset, rv_depth, rv_wall_mm;  // angle between the insertions; centre and depth of the RV in LV radii
    // signal
    Range blood, wall_of_blood;            // blood's brightness; the wall's as a share of it
    Range bright_wall;                     // share of hearts whose wall is brighter than blood
    Range inversion, psir;                 // share of hearts whose signals follow the inversion-recovery equation; phase-sensitive ones among them
    Range t1_wall_ms, t1_blood_ms, scar_t1_of_blood, ti_error_ms, tr_ms;  // inversion time: the wall's null + error
    Range raised, raised_by;               // share of hearts with a nulled, grey wall and black voids: phase-sensitive images; depth of the voids, x blood
    Range wall_drift;                      // slow variation in the wall, of the contrast
    Range rim, rim_mm;                     // blood and wall mixed at the endocardium, and how deep
    Range papillary, fat, fat_mm, line, hug, ambient, chest, torso, matched_tissue;  // shares of hearts; thickness of epicardial fat
    // scars
    Range scar_signal, scar_texture;       // wall + signal x |blood - wall|, and its variation inside the scar
    Range thin, small_scar, grey_zone;     // shares: of scars that thin their wall, of hearts whose scar is small, of scars with a blurred border zone
    // look-alikes, as shares of hearts
    Range unnulled, streak, slow_blood;
    // camera
    Range texture, bias, blur_mm, noise, log_gamma, partial_volume, end_mixing, ghost, lifted, outlier;
};

/// A population file's content. bad_data "NAME: reason" for a key that is missing or unknown or a range that is empty.
Population parse_population(std::string_view json, const std::string& name);
/// A shipped population ("wide", "hard", "mild") or a file. no_input when there is neither.
Population load_population(const std::string& name_or_file);

}  // namespace lge::synth
