#include "lge/synth/heart.hpp"

#include "lge/base/error.hpp"
#include "lge/synth/signal.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <variant>

namespace lge::synth {

using anatomy::Level;

namespace {

double draw(Range r, Random& random) { return random.uniform(r.low, r.high); }
bool happens(Range share, Random& random) { return random.chance(draw(share, random)); }

void draw_pose(Heart& h, const Population& p, const Frame& frame, Random& random) {
    const bool canonical = frame.pose == Pose::canonical;
    h.spacing_mm = canonical ? frame.spacing_mm : draw(p.native_spacing_mm, random);
    h.size = canonical ? static_cast<double>(frame.size) : std::floor(draw(p.native_size, random) / 8) * 8;
    h.turn_deg = canonical ? 0 : random.uniform(-180, 180);
    h.gap_mm = draw(p.gap_mm, random);
    h.shift_x_mm = draw(p.shift_mm, random) * (canonical ? 1 : 2);
    h.shift_y_mm = draw(p.shift_mm, random) * (canonical ? 1 : 2);
    h.breath_mm = draw(p.breath_mm, random);
    h.stored_mirrored = !canonical && random.chance(0.25);
    h.stored_from_apex = !canonical && random.chance(0.5);
}

void draw_shape(Heart& h, const Population& p, Random& random) {
    h.radius_mm = random.log_uniform(p.endo_radius_mm.low, p.endo_radius_mm.high);
    h.taper = draw(p.taper, random);
    h.taper_power = draw(p.taper_power, random);
    h.wall_mm = draw(p.wall_mm, random);
    h.log_stretch = draw(p.log_stretch, random);
    h.stretch_deg = random.uniform(0, 180);
    h.shape_sd = draw(p.shape, random);
    h.wall_shape_sd = draw(p.wall_shape, random);
    h.elastic_mm = draw(p.elastic_mm, random);
    h.outflow = happens(p.outflow, random);
    h.outflow_deg = 150 + random.uniform(-75, 75);
    h.outflow_depth = random.chance(0.4) ? 0.98 : random.uniform(0.4, 0.8);
    h.rv = happens(p.rv, random);
    h.rv_span_deg = draw(p.rv_span_deg, random);
    h.rv_offset = draw(p.rv_offset, random);
    h.rv_depth = draw(p.rv_depth, random);
    h.rv_taper = random.uniform(0, 1);
    h.rv_skew = random.uniform(-0.35, 0.35);
    h.rv_wall_mm = draw(p.rv_wall_mm, random);
}

// Blood, wall and scar: by the inversion-recovery equation, or of any contrast at all.
void draw_contrast(Heart& h, const Population& p, Random& random) {
    h.blood = draw(p.blood, random);
    h.wall = h.blood * draw(p.wall_of_blood, random);
    if (happens(p.bright_wall, random)) h.wall = std::min(1.0, h.blood * random.uniform(1.05, 1.8));
    h.scar_signal = draw(p.scar_signal, random);
    h.lift = happens(p.lifted, random) ? random.uniform(0.2, 1.0) : 0;
    h.inversion = happens(p.inversion, random);
    if (h.inversion) {
        h.psir = happens(p.psir, random);
        const Relaxation t1 = draw_relaxation(p, random);
        h.tr_ms = t1.tr_ms, h.t1_wall_ms = t1.wall_ms, h.t1_blood_ms = t1.blood_ms, h.t1_scar_ms = t1.scar_ms;
        h.ti_ms = std::max(null_time(h.t1_wall_ms, h.tr_ms) + draw(p.ti_error_ms, random), 50.0);
        const double blood = inversion_recovery(h.ti_ms, h.t1_blood_ms, h.tr_ms);
        const double wall = inversion_recovery(h.ti_ms, h.t1_wall_ms, h.tr_ms);
        const double gain = h.blood / std::max(std::abs(blood), 0.02);
        h.blood = gain * (h.psir ? blood : std::abs(blood));
        h.wall = gain * (h.psir ? wall : std::abs(wall));
        h.scar_signal = std::clamp(scar_signal(t1, h.ti_ms, !h.psir), -50.0, 50.0);
        if (h.psir) h.lift = std::max(h.lift, 0.3);
    }
    if (happens(p.raised, random) && (!h.inversion || h.psir)) {
        h.psir = true;
        h.void_signal = -h.blood * draw(p.raised_by, random);
        h.void_organ = random.chance(0.7) ? static_cast<double>(random.below(6)) : -1;
        h.void_air = random.chance(0.6), h.void_lines = random.chance(0.4);
        if (!h.inversion) h.wall = h.blood * random.uniform(0, 0.5);
    }
    h.rician = h.inversion && !h.psir;
    h.contrast = std::abs(h.blood - h.wall) + (h.inversion ? 0.0 : 0.03);
    h.drift = draw(p.wall_drift, random);
    h.rim = draw(p.rim, random);
    h.rim_mm = draw(p.rim_mm, random);
}

void draw_surroundings(Heart& h, const Population& p, Random& random) {
    h.papillary = happens(p.papillary, random);
    h.papillary_deg = {random.normal(-25, 30), random.normal(-140, 30)};
    h.fat = happens(p.fat, random);
    h.fat_mm = draw(p.fat_mm, random);
    h.fat_signal = random.chance(0.75) ? std::max(h.blood, 0.5) * random.uniform(0.6, 1.25) : random.uniform(0, 0.3);
    h.line = happens(p.line, random);
    h.hug = happens(p.hug, random);
    h.ambient = happens(p.ambient, random);
    h.chest = happens(p.chest, random);
    h.torso = happens(p.torso, random);
    h.chest_deg = h.torso ? 120 + random.normal(0, 30) : random.uniform(0, 360);
    h.chest_mm = random.uniform(26, 120);
    h.chest_layer_mm = random.uniform(4, 13);
    h.chest_layers_before_air = static_cast<double>(1 + random.below(5));
    for (double& layer : h.chest_layers) layer = random.uniform();
    h.chest_layers[0] = random.chance(0.6) ? 0.7 + 0.3 * h.chest_layers[0] : h.chest_layers[0];
    const bool matched = happens(p.matched_tissue, random);
    const double wall = std::max(h.wall, 0.0);
    for (std::size_t i = 0; i < h.tissue.size(); ++i) {
        const double value = random.uniform(), kind = random.uniform();
        h.tissue[i] = kind < 0.35 ? 0.15 * value : kind < 0.6 ? wall * (0.75 + 0.5 * value) : kind < 0.7 ? h.blood * (0.9 + 0.3 * value) : value;
        // Surroundings whose brightness lies where wall and scar do are the hard ones.
        if (matched) h.tissue[i] = std::clamp(wall + h.contrast * (2.6 * value - 0.9), 0.0, 1.5);
        h.tissue_texture[i] = random.uniform(0, 0.25);
    }
    if (h.torso && !matched) {
        h.tissue[0] = random.uniform(0.01, 0.14);                    // lung
        h.tissue[1] = std::max(h.blood, 0.2) * random.uniform(0.3, 0.9);  // liver
    }
    if (h.void_signal < 0) {
        // On the same display the brightest tissues lie far above blood.
        h.fat_signal *= random.uniform(1, 3);
        for (double& layer : h.chest_layers) layer *= random.uniform(1, 3);
        for (double& tissue : h.tissue)
            if (random.chance(0.3)) tissue *= random.uniform(1, 3);
        if (h.void_organ >= 0) h.tissue[static_cast<std::size_t>(h.void_organ)] = h.void_signal;
    }
    h.unnulled = happens(p.unnulled, random);
    h.streak = happens(p.streak, random);
    h.slow_blood = happens(p.slow_blood, random);
}

void draw_camera(Heart& h, const Population& p, Random& random) {
    h.texture = draw(p.texture, random);
    h.bias = draw(p.bias, random);
    h.blur_mm = draw(p.blur_mm, random);
    const double noise = draw(p.noise, random);
    h.noise = 0.15 * noise + 0.85 * noise * h.contrast / 0.5;
    h.grainy = random.chance(0.5);
    h.log_gamma = draw(p.log_gamma, random);
    h.partial_volume = draw(p.partial_volume, random);
    h.end_mixing = draw(p.end_mixing, random);
    h.ghost = happens(p.ghost, random) ? random.uniform(0, 0.2) : 0;
    h.outlier = happens(p.outlier, random) ? random.uniform(0.2, 1.5) : 0;
}

using Member = std::variant<double Heart::*, bool Heart::*, std::array<double, 2> Heart::*, std::array<double, 6> Heart::*>;
// The bounds keep a record that was written by hand from costing more than any heart does.
struct Field {
    std::string_view key;
    Member member;
    double low = -1e4, high = 1e4;
};
const std::array fields{
    Field{"size", &Heart::size, 16, 512}, Field{"spacing_mm", &Heart::spacing_mm, 0.2, 10}, Field{"gap_mm", &Heart::gap_mm}, Field{"turn_deg", &Heart::turn_deg},
    Field{"shift_x_mm", &Heart::shift_x_mm}, Field{"shift_y_mm", &Heart::shift_y_mm}, Field{"breath_mm", &Heart::breath_mm},
    Field{"stored_from_apex", &Heart::stored_from_apex}, Field{"stored_mirrored", &Heart::stored_mirrored},
    Field{"radius_mm", &Heart::radius_mm}, Field{"taper", &Heart::taper}, Field{"taper_power", &Heart::taper_power}, Field{"wall_mm", &Heart::wall_mm},
    Field{"log_stretch", &Heart::log_stretch}, Field{"stretch_deg", &Heart::stretch_deg}, Field{"shape_sd", &Heart::shape_sd},
    Field{"wall_shape_sd", &Heart::wall_shape_sd}, Field{"elastic_mm", &Heart::elastic_mm}, Field{"outflow", &Heart::outflow},
    Field{"outflow_deg", &Heart::outflow_deg}, Field{"outflow_depth", &Heart::outflow_depth}, Field{"rv", &Heart::rv},
    Field{"rv_span_deg", &Heart::rv_span_deg}, Field{"rv_offset", &Heart::rv_offset}, Field{"rv_depth", &Heart::rv_depth},
    Field{"rv_taper", &Heart::rv_taper}, Field{"rv_skew", &Heart::rv_skew}, Field{"rv_wall_mm", &Heart::rv_wall_mm},
    Field{"inversion", &Heart::inversion}, Field{"psir", &Heart::psir}, Field{"ti_ms", &Heart::ti_ms}, Field{"tr_ms", &Heart::tr_ms},
    Field{"t1_wall_ms", &Heart::t1_wall_ms}, Field{"t1_blood_ms", &Heart::t1_blood_ms}, Field{"t1_scar_ms", &Heart::t1_scar_ms},
    Field{"blood", &Heart::blood}, Field{"wall", &Heart::wall}, Field{"contrast", &Heart::contrast}, Field{"scar_signal", &Heart::scar_signal},
    Field{"drift", &Heart::drift}, Field{"rim", &Heart::rim}, Field{"rim_mm", &Heart::rim_mm, 0.05, 100},
    Field{"void_signal", &Heart::void_signal}, Field{"void_organ", &Heart::void_organ}, Field{"void_air", &Heart::void_air}, Field{"void_lines", &Heart::void_lines},
    Field{"papillary", &Heart::papillary}, Field{"papillary_deg", &Heart::papillary_deg}, Field{"fat", &Heart::fat}, Field{"fat_mm", &Heart::fat_mm},
    Field{"fat_signal", &Heart::fat_signal}, Field{"line", &Heart::line}, Field{"hug", &Heart::hug}, Field{"ambient", &Heart::ambient},
    Field{"chest", &Heart::chest}, Field{"torso", &Heart::torso}, Field{"chest_deg", &Heart::chest_deg}, Field{"chest_mm", &Heart::chest_mm},
    Field{"chest_layer_mm", &Heart::chest_layer_mm, 0.5, 1000}, Field{"chest_layers_before_air", &Heart::chest_layers_before_air},
    Field{"chest_layers", &Heart::chest_layers}, Field{"tissue", &Heart::tissue}, Field{"tissue_texture", &Heart::tissue_texture},
    Field{"unnulled", &Heart::unnulled}, Field{"streak", &Heart::streak}, Field{"slow_blood", &Heart::slow_blood},
    Field{"texture", &Heart::texture}, Field{"bias", &Heart::bias}, Field{"blur_mm", &Heart::blur_mm, 0, 20}, Field{"noise", &Heart::noise},
    Field{"log_gamma", &Heart::log_gamma}, Field{"partial_volume", &Heart::partial_volume}, Field{"end_mixing", &Heart::end_mixing}, Field{"ghost", &Heart::ghost}, Field{"lift", &Heart::lift},
    Field{"outlier", &Heart::outlier}, Field{"grainy", &Heart::grainy}, Field{"rician", &Heart::rician},
};

void write(json::Writer& w, double v) { w.number(v); }
void write(json::Writer& w, bool v) { w.boolean(v); }
template <std::size_t N>
void write(json::Writer& w, const std::array<double, N>& v) {
    w.array();
    for (const double x : v) w.number(x);
    w.end();
}

void read(const json::Value& v, const Field& f, double& out) {
    out = v.number();
    if (!(out >= f.low && out <= f.high)) throw Error(ExitCode::bad_data, std::string(f.key) + " is out of range");
}
void read(const json::Value& v, const Field&, bool& out) { out = v.boolean(); }
template <std::size_t N>
void read(const json::Value& v, const Field& f, std::array<double, N>& out) {
    if (v.size() != N) throw Error(ExitCode::bad_data, std::string(f.key) + ": wanted " + std::to_string(N) + " numbers");
    std::size_t i = 0;
    v.each([&](json::Value x) { read(x, f, out[i++]); });
}

}  // namespace

Heart draw_heart(const Population& p, const Frame& frame, std::uint64_t seed, std::uint64_t index) {
    Random random(seed, index, "heart");
    Heart h;
    draw_pose(h, p, frame, random);
    draw_shape(h, p, random);
    draw_contrast(h, p, random);
    draw_surroundings(h, p, random);
    draw_camera(h, p, random);
    return h;
}

std::vector<Level> draw_levels(const Population& p, std::uint64_t seed, std::uint64_t index) {
    Random random(seed, index, "levels");
    const auto count = static_cast<std::size_t>(std::floor(random.uniform(p.slices.low, p.slices.high + 1)));
    const bool cap = happens(p.apex_cap, random);
    const std::size_t ring = cap ? count - 1 : count, basal = (ring + 2) / 3, mid = (2 * ring + 2) / 3;
    std::vector<Level> levels(count, Level::apex);
    for (std::size_t k = 0; k < ring; ++k) levels[k] = k < basal ? Level::basal : k < mid ? Level::mid : Level::apical;
    return levels;
}

void write_heart(json::Writer& w, const Heart& heart) {
    w.object();
    for (const Field& f : fields) {
        w.key(f.key);
        std::visit([&](auto member) { write(w, heart.*member); }, f.member);
    }
    w.end();
}

Heart parse_heart(const json::Value& v) {
    Heart heart;
    for (const Field& f : fields) std::visit([&](auto member) { read(v.get(f.key), f, heart.*member); }, f.member);
    return heart;
}

}  // namespace lge::synth
