#pragma once
// The brightness of tissues in inversion-recovery images.
#include "lge/base/random.hpp"
#include "lge/synth/population.hpp"

namespace lge::synth {

/// Longitudinal magnetisation at the inversion time, of 1 at rest: 1 - 2 exp(-TI/T1) + exp(-TR/T1), signed. Times in ms.
/// (Magnitude images show its absolute value.)
double inversion_recovery(double ti_ms, double t1_ms, double tr_ms);

/// The inversion time at which a tissue gives no signal: T1 (ln 2 - ln(1 + exp(-TR/T1))).
double null_time(double t1_ms, double tr_ms);

struct Relaxation { double wall_ms = 500, blood_ms = 400, scar_ms = 330, tr_ms = 1800; };

/// Relaxation times of a case. After contrast blood relaxes faster than the wall: by 40 ms at least.
Relaxation draw_relaxation(const Population& population, Random& random);

/// The inversion time, at or after the wall's null, at which wall and blood show in the ratio `wall_of_blood` (0 to 1),
/// by bisection; the ratio rises with the inversion time. A ratio past reach gives 3 times the wall's T1.
double inversion_time_of(const Relaxation& t1, double wall_of_blood);

/// How much brighter than the wall scar is, in units of blood minus wall: what Scar::signal holds.
double scar_signal(const Relaxation& t1, double ti_ms, bool magnitude);

}  // namespace lge::synth
