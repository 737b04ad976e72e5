#include "lge/synth/signal.hpp"

#include <algorithm>
#include <cmath>

namespace lge::synth {

double inversion_recovery(double ti_ms, double t1_ms, double tr_ms) {
    return 1 - 2 * std::exp(-ti_ms / t1_ms) + std::exp(-tr_ms / t1_ms);
}

double null_time(double t1_ms, double tr_ms) { return t1_ms * (std::log(2.0) - std::log1p(std::exp(-tr_ms / t1_ms))); }

Relaxation draw_relaxation(const Population& p, Random& random) {
    const auto draw = [&](Range r) { return random.uniform(r.low, r.high); };
    Relaxation t1;
    t1.tr_ms = draw(p.tr_ms);
    t1.wall_ms = draw(p.t1_wall_ms);
    t1.blood_ms = std::min(draw(p.t1_blood_ms), t1.wall_ms - 40);
    t1.scar_ms = t1.blood_ms * draw(p.scar_t1_of_blood);
    return t1;
}

double inversion_time_of(const Relaxation& t1, double wall_of_blood) {
    double low = null_time(t1.wall_ms, t1.tr_ms), high = 3 * t1.wall_ms;
    for (int i = 0; i < 40; ++i) {
        const double ti = 0.5 * (low + high);
        const double ratio = inversion_recovery(ti, t1.wall_ms, t1.tr_ms) / inversion_recovery(ti, t1.blood_ms, t1.tr_ms);
        (ratio < wall_of_blood ? low : high) = ti;
    }
    return 0.5 * (low + high);
}

double scar_signal(const Relaxation& t1, double ti_ms, bool magnitude) {
    const auto shown = [&](double t1_ms) {
        const double s = inversion_recovery(ti_ms, t1_ms, t1.tr_ms);
        return magnitude ? std::abs(s) : s;
    };
    const double wall = shown(t1.wall_ms);
    return (shown(t1.scar_ms) - wall) / std::abs(shown(t1.blood_ms) - wall);
}

}  // namespace lge::synth
