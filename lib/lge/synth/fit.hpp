#pragma once
// Scars measured in labelled hearts, in the terms in which they are drawn.
#include "lge/synth/draw.hpp"

#include <optional>

#include <vector>

namespace lge::synth {

/// The scars of a heart: connected areas of the wall over angle and slice, each with the arc, band, height and signal
/// that would draw it again. Areas of less than 20 mm2 in every slice are passed over.
std::vector<Scar> fit_scars(const Canvas& canvas);

/// The scar of a whole case in numbers, for comparison of drawn with real hearts.
struct Burden {
    double contrast = 0;        // scar above wall, in units of blood minus wall
    double area_mm2 = 0;        // a slice with scar, mean
    double share = 0;           // of the wall's pixels
    double transmurality = 0;   // mean over the angles with scar, of the wall's thickness
    double arc_deg = 0;         // a slice with scar, mean
    double angle_deg = 0;       // circular mean, from the anterior insertion
};
/// Nothing for a heart without scar, or without blood and normal wall to compare with.
std::optional<Burden> measure_burden(const Canvas& canvas);

}  // namespace lge::synth
