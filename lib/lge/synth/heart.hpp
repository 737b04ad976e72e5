#pragma once
// One heart's parameters: what the controller draws from a population, and what a record of a case holds.
#include "lge/anatomy/heart.hpp"
#include "lge/base/random.hpp"
#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"
#include "lge/synth/population.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace lge::synth {

enum class Pose : std::uint8_t { canonical, random };
constexpr std::array<std::pair<std::string_view, Pose>, 2> choices(Pose) { return {{{"canonical", Pose::canonical}, {"random", Pose::random}}}; }

/// The lattice that a phantom is drawn on. In random pose size and spacing are drawn from the population instead.
struct Frame {
    Pose pose = Pose::canonical;
    std::size_t size = 128;      // pixels of a side
    double spacing_mm = 1.25;
};

/// What a heart keeps from slice to slice. Angles in degrees, counter-clockwise, in the heart's own frame (anterior RV
/// insertion at 120) unless said otherwise.
struct Heart {
    // lattice and pose
    double size = 128, spacing_mm = 1.25, gap_mm = 8, turn_deg = 0, shift_x_mm = 0, shift_y_mm = 0, breath_mm = 0;
    bool stored_from_apex = false, stored_mirrored = false;
    // shape
    double radius_mm = 24, taper = 0.5, taper_power = 2, wall_mm = 9, log_stretch = 0, stretch_deg = 0, shape_sd = 0, wall_shape_sd = 0, elastic_mm = 0;
    bool outflow = false;
    double outflow_deg = 150, outflow_depth = 0.7;
    bool rv = true;
    double rv_span_deg = 120, rv_offset = 0.8, rv_depth = 0.8, rv_taper = 0.5, rv_skew = 0, rv_wall_mm = 2;
    // signal
    bool inversion = false, psir = false;
    double ti_ms = 0, tr_ms = 0, t1_wall_ms = 0, t1_blood_ms = 0, t1_scar_ms = 0;
    double blood = 0.8, wall = 0.2, contrast = 0.63, scar_signal = 1.2, drift = 0, rim = 0, rim_mm = 1;
    double void_signal = 0;  // of gas and chemical-shift lines, below 0 in phase-sensitive images
    double void_organ = -1;  // which organ is one; -1 none
    bool void_air = false, void_lines = false;
    bool papillary = false, fat = false, line = false, hug = false, ambient = false, chest = false, torso = false;
    std::array<double, 2> papillary_deg{};
    double fat_mm = 0, fat_signal = 0, chest_deg = 120, chest_mm = 60, chest_layer_mm = 8, chest_layers_before_air = 3;
    std::array<double, 6> chest_layers{}, tissue{}, tissue_texture{};
    // look-alikes
    bool unnulled = false, streak = false, slow_blood = false;
    // camera
    double texture = 0, bias = 0, blur_mm = 1, noise = 0, log_gamma = 0, partial_volume = 1, end_mixing = 0, ghost = 0, lift = 0, outlier = 0;
    bool grainy = false, rician = false;
};

/// The parameters of case `index`, from (population, seed, index) alone.
Heart draw_heart(const Population& population, const Frame& frame, std::uint64_t seed, std::uint64_t index);

/// The levels of case `index`'s slices, base to apex: equal thirds, and sometimes a cap without cavity.
std::vector<anatomy::Level> draw_levels(const Population& population, std::uint64_t seed, std::uint64_t index);

/// All parameters as one JSON object, and back. bad_data for a key that is missing.
void write_heart(json::Writer& w, const Heart& heart);
Heart parse_heart(const json::Value& v);

}  // namespace lge::synth
