#include "lge/synth/signal.hpp"

#include "lge/synth/draw.hpp"
#include "lge/synth/paint.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace lge;

namespace {

// Nothing but the tissues: no camera, no texture, no mixing.
synth::Population bare() {
    auto p = synth::load_population("mild");
    for (auto* r : {&p.texture, &p.bias, &p.log_gamma, &p.partial_volume, &p.ghost, &p.lifted, &p.outlier, &p.wall_drift, &p.rim, &p.papillary, &p.unnulled, &p.streak, &p.slow_blood,
                    &p.grey_zone, &p.scar_texture, &p.thin, &p.noise, &p.bright_wall, &p.apex_cap, &p.outflow, &p.psir, &p.small_scar})
        *r = {0, 0};
    p.blur_mm = {0, 0};
    p.inversion = {1, 1};
    return p;
}

double mean_of(const synth::DrawnCase& c, std::uint8_t label) {
    double sum = 0, n = 0;
    const auto [w, h, slices] = c.label.grid.shape;
    for (std::size_t k = 0; k < slices; ++k)
        for (std::size_t y = 1; y + 1 < h; ++y)
            for (std::size_t x = 1; x + 1 < w; ++x) {
                // Pixels on a border are partial volume.
                const auto l = c.label.slice(k);
                if (l(x, y) != label || l(x - 1, y) != label || l(x + 1, y) != label || l(x, y - 1) != label || l(x, y + 1) != label) continue;
                sum += static_cast<double>(c.image.slice(k)(x, y)), n += 1;
            }
    return n > 0 ? sum / n : std::nan("");
}

}  // namespace

TEST_CASE("the inversion-recovery signal is that of the equation") {
    // SCIENCE of the domain, worked by hand: T1 540/425/450 ms, long TR: TI 375 at the wall's null, scar 0.171, blood 0.130.
    constexpr double long_tr = 1e9;
    const double ti = synth::null_time(540, long_tr);
    CHECK(ti == Approx(374.3).margin(0.1));
    CHECK(synth::inversion_recovery(ti, 540, long_tr) == Approx(0).margin(1e-12));
    CHECK(synth::inversion_recovery(ti, 425, long_tr) == Approx(0.171).margin(0.001));
    CHECK(synth::inversion_recovery(ti, 450, long_tr) == Approx(0.130).margin(0.001));
    // Repeated every 1,800 ms the wall nulls at 356 ms.
    CHECK(synth::null_time(540, 1800) == Approx(356).margin(1));
    CHECK(synth::scar_signal({540, 450, 425, long_tr}, ti, true) == Approx(0.171 / 0.130).epsilon(0.01));
}

TEST_CASE("the inversion time is found from the ratio of wall to blood") {
    Random random(5, 0, "ti");
    for (int i = 0; i < 200; ++i) {
        const auto t1 = synth::draw_relaxation(synth::load_population("wide"), random);
        const double ti = random.uniform(synth::null_time(t1.wall_ms, t1.tr_ms), 2 * t1.wall_ms);
        const double ratio = synth::inversion_recovery(ti, t1.wall_ms, t1.tr_ms) / synth::inversion_recovery(ti, t1.blood_ms, t1.tr_ms);
        CHECK(synth::inversion_time_of(t1, ratio) == Approx(ti).epsilon(1e-6));
        // A heart of that ratio gets scar of that equation.
        const synth::Tissue tissue{2.0, 2.0 * ratio, 0.01, 0};
        if (ratio < 0.9) CHECK(synth::fitted_signal(tissue, t1) == Approx(synth::scar_signal(t1, ti, true)).epsilon(1e-6));
    }
}

TEST_CASE("tissues of a phantom stand to each other as the signal equation says") {
    synth::Settings s;
    s.population = bare();
    s.normal_fraction = 0;
    s.wish.extent = anatomy::Extent::transmural;
    s.wish.arc_deg = 120;
    s.wish.scars = 1;
    s.gate_sd = 0;
    int compared = 0;
    for (std::uint64_t i = 0; i < 12; ++i) {
        const auto c = synth::draw_case(s, 9, i);
        const auto& h = *c.recipe.heart;
        REQUIRE(h.inversion);
        if (c.recipe.scars.empty() || c.recipe.scars[0].core > 0) continue;
        const auto shown = [&](double t1) { return std::abs(synth::inversion_recovery(h.ti_ms, t1, h.tr_ms)); };
        const double blood = mean_of(c, 1), wall = mean_of(c, 2), scar = mean_of(c, 3);
        if (std::isnan(scar)) continue;
        CHECK(wall / blood == Approx(shown(h.t1_wall_ms) / shown(h.t1_blood_ms)).margin(0.03));
        // The scar's strength varies by a tenth from scar to scar.
        const double by_equation = (shown(h.t1_scar_ms) - shown(h.t1_wall_ms)) / std::abs(shown(h.t1_blood_ms) - shown(h.t1_wall_ms));
        CHECK(c.recipe.scars[0].signal == Approx(by_equation).epsilon(0.101));
        CHECK((scar - wall) / std::abs(blood - wall) == Approx(c.recipe.scars[0].signal).epsilon(0.05));
        ++compared;
    }
    CHECK(compared >= 5);
}
