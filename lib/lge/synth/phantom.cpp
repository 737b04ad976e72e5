#include "lge/synth/phantom.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace lge::synth {

using anatomy::Level;
using volume::cross, volume::dot, volume::unit, volume::Vec3;
using volume::operator+, volume::operator-, volume::operator*;

namespace {

constexpr double pi = std::numbers::pi;
constexpr double insertion_turn = 120.0 / 360.0;
constexpr std::size_t bins = 512;  // of the tables over the angle, which is counter-clockwise from image right

double draw(Range r, Random& random) { return random.uniform(r.low, r.high); }
bool happens(Range share, Random& random) { return random.chance(draw(share, random)); }

// A circular table with its first value repeated at the end, read between its entries.
struct Ring {
    std::array<float, bins + 1> v{};
    float operator()(float turn) const {
        const float at = turn * static_cast<float>(bins);
        const auto b = std::min(static_cast<std::size_t>(at), bins - 1);
        const float t = at - static_cast<float>(b);
        return v[b] + t * (v[b + 1] - v[b]);
    }
    void close() { v[bins] = v[0]; }
};

// cos k (angle - phase) with amplitudes, for several k.
struct Waves {
    struct Wave { int k; double amplitude, phase; };
    std::vector<Wave> waves;
    static Waves draw(std::initializer_list<int> ks, double sd, Random& random) {
        Waves w;
        for (const int k : ks) w.waves.push_back({k, random.normal() * sd / std::pow(k, 0.7), random.uniform(0, 2 * pi)});
        return w;
    }
    [[nodiscard]] double at(double angle) const {
        double sum = 0;
        for (const Wave& w : waves) sum += w.amplitude * std::cos(w.k * angle + w.phase);
        return sum;
    }
};

// What a heart keeps from slice to slice.
struct Heart {
    double radius, taper, taper_power, wall, stretch, stretch_angle;
    Waves shape, wall_shape;
    bool outflow;
    double outflow_angle, outflow_depth;
    bool rv;
    double rv_span, rv_depth, rv_taper, rv_skew, rv_power, rv_wall;
    // brightness
    double blood, wall_signal, contrast, drift, rim, rim_mm;
    bool papillary, fat, line, ambient, chest, matched;
    double fat_mm, fat_signal, chest_angle, chest_distance, chest_layer;
    std::array<double, 6> chest_layers;
    int chest_air;
    std::array<double, 6> tissue, tissue_texture;
    std::array<double, 2> papillary_angle;
    // camera
    double elastic_mm, texture, bias, blur_mm, noise, gamma, ghost, lift;
    bool grainy;
    double centre_x, centre_y, breath;
};

Heart draw_heart(const Population& p, Random& random) {
    Heart h{};
    h.radius = random.log_uniform(p.endo_radius_mm.low, p.endo_radius_mm.high);
    h.taper = draw(p.taper, random);
    h.taper_power = draw(p.taper_power, random);
    h.wall = draw(p.wall_mm, random);
    h.stretch = std::exp(0.5 * draw(p.log_stretch, random));
    h.stretch_angle = random.uniform(0, pi);
    h.shape = Waves::draw({2, 3, 4}, draw(p.shape, random), random);
    h.wall_shape = Waves::draw({1, 2, 3}, draw(p.wall_shape, random), random);
    h.outflow = happens(p.outflow, random);
    h.outflow_angle = (150 + random.uniform(-60, 60)) * pi / 180;
    h.outflow_depth = random.chance(0.4) ? 0.98 : random.uniform(0.4, 0.8);
    h.rv = happens(p.rv, random);
    h.rv_span = draw(p.rv_span_deg, random) / 360;
    h.rv_depth = draw(p.rv_depth, random);
    h.rv_taper = random.uniform(0.1, 1);
    h.rv_skew = random.uniform(0.75, 1.35);
    h.rv_power = random.uniform(0.45, 0.85);
    h.rv_wall = draw(p.rv_wall_mm, random);

    h.blood = draw(p.blood, random);
    h.wall_signal = h.blood * draw(p.wall_of_blood, random);
    if (happens(p.bright_wall, random)) h.wall_signal = std::min(1.0, h.blood * random.uniform(1.05, 1.8));
    h.contrast = std::abs(h.blood - h.wall_signal) + 0.03;
    h.drift = draw(p.wall_drift, random);
    h.rim = draw(p.rim, random);
    h.rim_mm = draw(p.rim_mm, random);
    h.papillary = happens(p.papillary, random);
    h.fat = happens(p.fat, random);
    h.fat_mm = draw(p.fat_mm, random);
    h.fat_signal = random.chance(0.75) ? std::max(h.blood, 0.5) * random.uniform(0.6, 1.25) : random.uniform(0, 0.3);
    h.line = happens(p.line, random);
    h.ambient = random.chance(0.35);
    h.chest = happens(p.chest, random);
    h.chest_angle = (100 + random.normal(0, 45)) * pi / 180;
    h.chest_distance = random.uniform(28, 95);
    h.chest_layer = random.uniform(4, 13);
    h.chest_air = static_cast<int>(1 + random.below(5));
    for (double& layer : h.chest_layers) layer = random.uniform();
    h.chest_layers[0] = random.chance(0.6) ? 0.7 + 0.3 * h.chest_layers[0] : h.chest_layers[0];
    h.matched = happens(p.matched_tissue, random);
    for (std::size_t i = 0; i < h.tissue.size(); ++i) {
        const double value = random.uniform(), kind = random.uniform();
        h.tissue[i] = kind < 0.35 ? 0.15 * value : kind < 0.6 ? h.wall_signal * (0.75 + 0.5 * value) : kind < 0.7 ? h.blood * (0.9 + 0.3 * value) : value;
        // Surroundings whose brightness lies where wall and scar do are the hard ones.
        if (h.matched) h.tissue[i] = std::clamp(h.wall_signal + h.contrast * (2.6 * value - 0.9), 0.0, 1.5);
        h.tissue_texture[i] = random.uniform(0, 0.25);
    }
    h.papillary_angle = {random.normal(-0.4, 0.5), random.normal(-2.4, 0.5)};

    h.elastic_mm = draw(p.elastic_mm, random);
    h.texture = draw(p.texture, random);
    h.bias = draw(p.bias, random);
    h.blur_mm = draw(p.blur_mm, random);
    const double noise = draw(p.noise, random);
    h.noise = 0.15 * noise + 0.85 * noise * h.contrast / 0.5;
    h.grainy = random.chance(0.5);
    h.gamma = std::exp(draw(p.log_gamma, random));
    h.ghost = happens(p.ghost, random) ? random.uniform(0, 0.2) : 0;
    h.lift = happens(p.lifted, random) ? random.uniform(0.2, 1.0) : 0;
    h.breath = draw(p.breath_mm, random);
    return h;
}

// The outlines of one slice as radii (mm) over the angle.
struct Outline { Ring endo, epi, rv; bool has_rv = false; };

Outline outline(const Heart& heart, double z, bool cap, std::span<const Scar> scars, Random& random) {
    Outline o;
    const double radius = std::max(heart.radius * (1 - heart.taper * std::pow(z, heart.taper_power)), 4.0);
    const double wall = std::min(heart.wall * random.uniform(0.9, 1.1) * (1 - 0.2 * z), 0.9 * radius + 4);
    const Waves wobble = Waves::draw({2, 3, 5}, 0.02, random), ripple = Waves::draw({2, 4}, 0.05, random);
    const bool gap = heart.outflow && z < 0.16;
    const double rv_here = heart.rv_depth * (1 - heart.rv_taper * z * z);
    o.has_rv = heart.rv && !cap && rv_here > 0.12 && !(z > 0.85 && random.chance(0.5));
    const Waves bulge = Waves::draw({2, 3, 5}, 0.1, random);
    for (std::size_t b = 0; b < bins; ++b) {
        const double turn = static_cast<double>(b) / bins, angle = 2 * pi * turn;
        const double c = std::cos(angle - heart.stretch_angle), s = std::sin(angle - heart.stretch_angle);
        const double ellipse = 1 / std::sqrt(c * c / (heart.stretch * heart.stretch) + s * s * heart.stretch * heart.stretch);
        double endo = radius * ellipse * (1 + heart.shape.at(angle) + wobble.at(angle));
        double thick = wall * std::clamp(1 + heart.wall_shape.at(angle) + ripple.at(angle), 0.45, 1.8);
        for (const Scar& scar : scars) {
            const double half = half_width_at(scar, z);
            if (scar.thinning == 0 || half <= 0) continue;
            const double off = std::remainder(360 * (turn - insertion_turn) - scar.centre, 360.0);
            thick *= 1 - scar.thinning * std::exp(-off * off / ((half + 5) * (half + 5)));
        }
        if (gap) {
            const double off = std::remainder(angle - heart.outflow_angle, 2 * pi) / 0.45;
            thick *= 1 - heart.outflow_depth * std::exp(-off * off * off * off);
        }
        if (cap) {
            endo = -1;
            thick = 1 + std::clamp(0.75 * wall + 0.3 * radius, 4.0, 14.0) * ellipse * (1 + heart.shape.at(angle));
        }
        o.endo.v[b] = static_cast<float>(endo);
        o.epi.v[b] = static_cast<float>(endo + std::max(thick, 0.3));
        // A crescent that leaves the wall at the anterior insertion and meets it again rv_span further.
        o.rv.v[b] = o.epi.v[b];
        const double along = (turn - insertion_turn - std::floor(turn - insertion_turn)) / heart.rv_span;
        if (o.has_rv && along < 1) {
            const double arch = std::pow(std::sin(pi * std::pow(along, heart.rv_skew)), heart.rv_power);
            o.rv.v[b] += static_cast<float>((radius + wall) * rv_here * arch * std::max(0.3, 1 + bulge.at(angle)));
        }
    }
    o.endo.close(), o.epi.close(), o.rv.close();
    return o;
}

float ramp(float signed_distance_px) { return std::clamp(0.5F - signed_distance_px, 0.0F, 1.0F); }
float mix(float a, float b, float share) { return a + share * (b - a); }

struct Slot { Plane image; anatomy::Segments segments; std::uint32_t scars = 0; };

// Everything behind the heart: organs by the largest of six fields, vessels, the chest wall in layers, then air.
Plane background(const Heart& heart, std::size_t w, std::size_t h, double px, double turn, double cx, double cy, Random& random) {
    std::array<Plane, 6> large;
    std::array<Plane, 6> fine;
    for (std::size_t i = 0; i < 6; ++i) {
        large[i] = smooth_field(w, h, 40 / px, random);
        fine[i] = smooth_field(w, h, 14 / px, random);
    }
    const Plane texture = smooth_field(w, h, 4 / px, random), vessels = smooth_field(w, h, 5 / px, random), layer_wave = smooth_field(w, h, 45 / px, random);
    const bool has_vessels = random.chance(0.5);
    const auto vessel = static_cast<float>(random.uniform(0.1, 0.6));
    const auto chest_x = static_cast<float>(std::cos(heart.chest_angle + turn)), chest_y = static_cast<float>(std::sin(heart.chest_angle + turn));
    Plane out(w, h);
    for (std::size_t y = 0; y < h; ++y)
        for (std::size_t x = 0; x < w; ++x) {
            std::size_t organ = 0;
            float most = -1e9F;
            for (std::size_t i = 0; i < 6; ++i) {
                const float value = large[i](x, y) + 0.22F * fine[i](x, y);
                if (value > most) most = value, organ = i;
            }
            float v = static_cast<float>(heart.tissue[organ]) * (1 + static_cast<float>(heart.tissue_texture[organ]) * texture(x, y));
            if (has_vessels && vessels(x, y) > 2.1F) v += vessel;
            if (heart.chest) {
                const float across = (static_cast<float>(x) - static_cast<float>(cx)) * chest_x - (static_cast<float>(y) - static_cast<float>(cy)) * chest_y;
                const float depth = (across * static_cast<float>(px) + 6 * layer_wave(x, y) - static_cast<float>(heart.chest_distance)) / static_cast<float>(heart.chest_layer);
                if (depth > 0) {
                    const int layer = static_cast<int>(depth);
                    v = layer > heart.chest_air ? 0.03F * std::abs(v)
                                                : static_cast<float>(heart.chest_layers[static_cast<std::size_t>(std::min(layer, 5))]) * (1 + 0.1F * texture(x, y));
                }
            }
            out(x, y) = v;
        }
    return out;
}

Slot draw_slice(const Population& p, const Heart& heart, double z, Level level, double px, double turn, double cx, double cy,
                std::span<const Scar> scars, volume::Slice<std::uint8_t> label, Random& random) {
    const std::size_t w = label.width, h = label.height, n = w * h;
    const bool cap = level == Level::apex;
    const Outline o = outline(heart, z, cap, scars, random);
    const auto fpx = static_cast<float>(px);

    // Geometry: distances to the outlines in pixels, and labels.
    const Plane warp_x = smooth_field(w, h, 35 / px, random), warp_y = smooth_field(w, h, 35 / px, random);
    const auto warp = static_cast<float>(0.6 * heart.elastic_mm), start = static_cast<float>(turn / (2 * pi) - std::floor(turn / (2 * pi)));
    std::vector<float> endo(n), epi(n), rv(n), radial(n), at(n);
    for (std::size_t y = 0; y < h; ++y)
        for (std::size_t x = 0; x < w; ++x) {
            const std::size_t i = y * w + x;
            const float dx = (static_cast<float>(x) - static_cast<float>(cx)) * fpx + warp * warp_x.v[i];
            const float dy = (static_cast<float>(cy) - static_cast<float>(y)) * fpx + warp * warp_y.v[i];
            at[i] = quick_turn(dy, dx) - start;
            if (at[i] < 0) at[i] += 1;
            const float r = std::sqrt(dx * dx + dy * dy), inner = o.endo(at[i]), outer = o.epi(at[i]), free_wall = o.rv(at[i]);
            endo[i] = (r - inner) / fpx;
            epi[i] = (r - outer) / fpx;
            rv[i] = (r - free_wall) / fpx;
            radial[i] = r;
            const bool in_rv = free_wall - outer > 0.75F && rv[i] < 0 && epi[i] >= 0;
            label.pixels[i] = endo[i] < 0 ? 1 : epi[i] < 0 ? 2 : in_rv ? 5 : 0;
        }

    Slot slot;
    ScarMap map;
    if (!scars.empty())
        if (const auto wall = anatomy::find_wall(label)) {
            map = map_scars(scars, z, level, *wall, Degrees{120 + turn * 180 / pi}, label, random);
            slot.segments = map.segments;
            slot.scars = map.scars;
        }
    const bool scarred = !map.segments.empty();

    // Brightness, from back to front.
    Plane& image = slot.image = background(heart, w, h, px, turn, cx, cy, random);
    const Plane thickness = smooth_field(w, h, 28 / px, random), patches = smooth_field(w, h, 40 / px, random);
    const Plane small = smooth_field(w, h, 7 / px, random), crumbs = smooth_field(w, h, 4 / px, random), drift = smooth_field(w, h, 20 / px, random);
    const auto blood = static_cast<float>(heart.blood), wall = static_cast<float>(heart.wall_signal), contrast = static_cast<float>(heart.contrast);
    const auto fat_mm = static_cast<float>(heart.fat_mm), fat = static_cast<float>(heart.fat_signal), rv_wall = static_cast<float>(heart.rv_wall);
    const auto fat_from = static_cast<float>(random.uniform(-1.5, 0.8)), ambient_from = static_cast<float>(random.uniform(-0.5, 1)), ambient_mm = static_cast<float>(random.uniform(1.5, 8));
    const auto ambient = static_cast<float>(heart.wall_signal * random.uniform(0.85, 1.15)), line = static_cast<float>(heart.wall_signal * random.uniform(0.1, 0.9));
    const auto line_mm = static_cast<float>(random.uniform(0.5, 1.6));
    const auto rv_blood = static_cast<float>(heart.blood * random.uniform(0.82, 1.12)), rv_edge = static_cast<float>(random.uniform(0.7, 6));
    const auto rv_cords = static_cast<float>(random.uniform(0.9, 2.4)), cords = static_cast<float>(heart.papillary ? random.uniform(1.1, 2.3) : 9);
    const auto muscle = static_cast<float>(heart.wall_signal * random.uniform(0.9, 1.2));
    const auto rim = static_cast<float>(heart.rim), rim_mm = static_cast<float>(heart.rim_mm), slow = static_cast<float>(heart.drift);
    const auto core = static_cast<float>(heart.wall_signal * random.uniform(0.7, 1.2));
    const Waves wall_waves = Waves::draw({1, 2}, 0.5 * heart.drift, random);
    Ring shading;
    for (std::size_t b = 0; b < bins; ++b) shading.v[b] = static_cast<float>(wall_waves.at(2 * pi * static_cast<double>(b) / bins));
    shading.close();
    struct Papillary { float x, y, r; };
    std::vector<Papillary> papillary;
    for (const double angle : heart.papillary_angle)
        if (heart.papillary && !cap && z > 0.2 && z < 0.8 && random.chance(0.6)) {
            const double mean = o.endo(0.5F), out = mean * random.uniform(0.5, 0.85), a = angle + turn;
            papillary.push_back({static_cast<float>(cx + out * std::cos(a) / px), static_cast<float>(cy - out * std::sin(a) / px),
                                 static_cast<float>(mean * random.uniform(0.1, 0.24) / px)});
        }
    for (std::size_t y = 0; y < h; ++y)
        for (std::size_t x = 0; x < w; ++x) {
            const std::size_t i = y * w + x;
            const bool rv_ray = o.has_rv && rv[i] < epi[i] - 0.75F / fpx;
            const float outside = (rv_ray ? std::min(epi[i], rv[i] - rv_wall / fpx) : epi[i]) * fpx;  // mm to the heart's surface
            const float layer = fat_mm * std::clamp(1 + 0.6F * thickness.v[i], 0.0F, 2.2F);
            float v = image.v[i];
            if (outside < 22) {
                if (heart.fat && patches.v[i] > fat_from) v = mix(v, fat, ramp((outside - layer) / fpx));
                if (heart.line) v = mix(v, line, ramp((std::abs(outside - layer) - line_mm) / fpx));
                if (heart.ambient && patches.v[i] < -ambient_from) v = mix(v, ambient, ramp((outside - ambient_mm) / fpx));
            }
            if (rv_ray) {
                v = mix(v, muscle, ramp(rv[i] - rv_wall / fpx));
                float b = small.v[i] > rv_cords ? wall : rv_blood;
                const float deep = std::clamp(-rv[i] * fpx / rv_edge, 0.0F, 1.0F);
                b = mix(0.5F * (b + wall), b, deep);
                v = mix(v, b, ramp(rv[i]));
            }
            if (epi[i] < 1) {
                const float shade = slow * 0.5F * drift.v[i] + shading(at[i]);
                float my = wall + contrast * shade;
                if (scarred && map.scar.v[i] > 0) {
                    const float bright = (wall + contrast * map.signal.v[i]) * (1 + 0.08F * crumbs.v[i]);
                    const float dark = map.no_reflow.v[i];
                    my = my * (1 - map.scar.v[i]) + (map.scar.v[i] - dark) * bright + dark * core;
                }
                v = mix(v, my, ramp(epi[i]));
            }
            if (endo[i] < 1) {
                float b = small.v[i] > cords && radial[i] > 0.35F * (radial[i] - endo[i] * fpx) ? muscle : blood;
                for (const Papillary& m : papillary) {
                    const float d = std::hypot(static_cast<float>(x) - m.x, static_cast<float>(y) - m.y) * (1 + 0.15F * drift.v[i]);
                    b = mix(b, muscle, ramp(d - m.r));
                }
                const float mixed = rim * std::exp(std::min(endo[i], 0.0F) * fpx / rim_mm) * std::clamp(0.6F + 0.5F * crumbs.v[i], 0.0F, 1.2F);
                b = mix(b, wall, std::min(mixed, 1.0F));
                v = mix(v, b, ramp(endo[i]));
            }
            image.v[i] = v;
        }

    // Neighbouring anatomy along the slice's thickness: a copy drawn in or out from the axis.
    const bool end = z < 0.12 || z > 0.88;
    double through = random.chance(0.4) ? random.uniform(0, 0.5) * (0.4 + z) : 0;
    if (end && random.chance(0.6)) through = std::max(through, random.uniform(0.2, 0.6));
    through *= draw(p.partial_volume, random);
    if (through > 0.02) {
        const auto scale = static_cast<float>(1 + random.uniform(-0.25, 0.25));
        const Plane near = image;
        for (std::size_t y = 0; y < h; ++y)
            for (std::size_t x = 0; x < w; ++x) {
                const float sx = std::clamp((static_cast<float>(x) - static_cast<float>(cx)) * scale + static_cast<float>(cx), 0.0F, static_cast<float>(w) - 1.01F);
                const float sy = std::clamp((static_cast<float>(y) - static_cast<float>(cy)) * scale + static_cast<float>(cy), 0.0F, static_cast<float>(h) - 1.01F);
                const auto ix = static_cast<std::size_t>(sx), iy = static_cast<std::size_t>(sy);
                const float u = sx - static_cast<float>(ix), t = sy - static_cast<float>(iy);
                const float other = mix(mix(near(ix, iy), near(ix + 1, iy), u), mix(near(ix, iy + 1), near(ix + 1, iy + 1), u), t);
                image(x, y) = mix(image(x, y), other, static_cast<float>(through));
            }
    }
    return slot;
}

// What coil, motion, point spread and receiver do. `bias` is shared by the slices of a stack.
void expose(Plane& image, const Heart& heart, const Plane& bias, double px, Random& random) {
    const std::size_t w = image.width, h = image.height, n = w * h;
    const Plane coarse = smooth_field(w, h, 8 / px, random), fine = smooth_field(w, h, 3 / px, random);
    const auto texture = static_cast<float>(0.5 * heart.texture), shade = static_cast<float>(heart.bias);
    for (std::size_t i = 0; i < n; ++i) {
        // exp(x) for the small x of a coil's shading.
        const float e = 1 + shade * bias.v[i] / 8, e2 = e * e, e4 = e2 * e2;
        image.v[i] *= (1 + texture * (coarse.v[i] + fine.v[i])) * e4 * e4;
    }
    if (heart.ghost > 0) {
        const bool rows = random.chance(0.5);
        const std::size_t by = 8 + random.below(32);
        const Plane still = image;
        const auto g = static_cast<float>(heart.ghost);
        for (std::size_t y = 0; y < h; ++y)
            for (std::size_t x = 0; x < w; ++x)
                image(x, y) = still(x, y) * (1 - 0.3F * g) + g * (rows ? still(x, (y + by) % h) : still((x + by) % w, y));
    }
    blur(image, heart.blur_mm * random.uniform(0.85, 1.15) / px);
    Plane noise = white_noise(w, h, random);
    float sd = static_cast<float>(heart.noise);
    if (heart.grainy) {
        blur(noise, 0.8);
        sd *= 2.8F;  // a blur of 0.8 px leaves 0.35 of white noise's SD
    }
    float most = 1e-6F;
    for (std::size_t i = 0; i < n; ++i) {
        image.v[i] = std::abs(image.v[i] + sd * noise.v[i]);
        most = std::max(most, image.v[i]);
    }
    // The receiver's scale, its curve, and the lifted floor of phase-sensitive images.
    constexpr std::size_t steps = 1024;
    std::array<float, steps + 2> curve{};
    for (std::size_t i = 0; i < curve.size(); ++i)
        curve[i] = static_cast<float>((std::pow(std::min(1.0, static_cast<double>(i) / steps), heart.gamma) + heart.lift) / (1 + heart.lift));
    for (float& v : image.v) {
        const float at = v / most * static_cast<float>(steps);
        const auto k = std::min(static_cast<std::size_t>(at), steps - 1);
        v = mix(curve[k], curve[k + 1], at - static_cast<float>(k));
    }
}

// Short-axis directions in LPS: the apex points to the patient's left, front and feet; image up is towards front and head.
struct Axes { Vec3 right, down, apex; };
Axes draw_axes(Random& random) {
    const auto jitter = [&](Vec3 v, double sd) { return Vec3{v[0] + random.normal(0, sd), v[1] + random.normal(0, sd), v[2] + random.normal(0, sd)}; };
    const Vec3 apex = unit(jitter({0.65, -0.5, -0.57}, 0.1));
    const Vec3 front = jitter({0, -0.6, 0.8}, 0.12);
    const Vec3 up = unit(front - apex * dot(front, apex));
    return {cross(up, apex), up * -1.0, apex};
}

}  // namespace

std::vector<Level> draw_levels(const Population& p, std::uint64_t seed, std::uint64_t index) {
    Random random(seed, index, "levels");
    const auto count = static_cast<std::size_t>(std::floor(random.uniform(p.slices.low, p.slices.high + 1)));
    const bool cap = happens(p.apex_cap, random);
    const std::size_t ring = cap ? count - 1 : count, basal = (ring + 2) / 3, mid = (2 * ring + 2) / 3;
    std::vector<Level> levels(count, Level::apex);
    for (std::size_t k = 0; k < ring; ++k) levels[k] = k < basal ? Level::basal : k < mid ? Level::mid : Level::apical;
    return levels;
}

Phantom draw_phantom(const Population& p, const Frame& frame, std::span<const Level> levels, std::span<const Scar> scars,
                     std::uint64_t seed, std::uint64_t index) {
    Random random(seed, index, "heart");
    Heart heart = draw_heart(p, random);
    const bool canonical = frame.pose == Pose::canonical;
    const double px = canonical ? frame.spacing_mm : draw(p.native_spacing_mm, random);
    const std::size_t size = canonical ? frame.size : static_cast<std::size_t>(draw(p.native_size, random)) / 8 * 8;
    const double turn = canonical ? 0.0 : random.uniform(-pi, pi);
    const double gap = draw(p.gap_mm, random);
    const double middle = 0.5 * static_cast<double>(size - 1), shift = p.shift_mm.high / px * (canonical ? 1 : 2);
    heart.centre_x = middle + random.uniform(-shift, shift);
    heart.centre_y = middle + random.uniform(-shift, shift);

    const Axes axes = draw_axes(random);
    const Vec3 origin = Vec3{random.uniform(-30, 60), random.uniform(-60, 20), random.uniform(-60, 60)};
    const auto count = levels.size();
    volume::Grid grid{{size, size, count}, {}};
    // The heart's own axes turned by `turn` (counter-clockwise in the picture) give the picture's.
    const double c = std::cos(turn), s = std::sin(turn);
    const Vec3 up = axes.down * -1.0;
    const Vec3 column = axes.right * c + up * -s, picture_up = axes.right * s + up * c;
    grid.index_to_lps.set_column(0, column * px);
    grid.index_to_lps.set_column(1, picture_up * -px);
    grid.index_to_lps.set_column(2, axes.apex * gap);
    grid.index_to_lps.set_column(3, origin - column * (px * heart.centre_x) + picture_up * (px * heart.centre_y));

    Phantom out{volume::Volume<float>(grid), volume::Volume<std::uint8_t>(grid), {}, Degrees{120 + turn * 180 / pi}, {}, {}};
    const Plane bias = smooth_field(size, size, 45 / px, random);
    const std::size_t mid = count / 2;
    for (std::size_t k = 0; k < count; ++k) {
        Random slice_random(seed, index, "slice " + std::to_string(k));
        const double z = count > 1 ? static_cast<double>(k) / static_cast<double>(count - 1) : 0.5;
        const double cx = heart.centre_x + slice_random.normal(0, heart.breath / px), cy = heart.centre_y + slice_random.normal(0, heart.breath / px);
        Slot slot = draw_slice(p, heart, z, levels[k], px, turn, cx, cy, scars, out.label.slice(k), slice_random);
        expose(slot.image, heart, bias, px, slice_random);
        std::copy(slot.image.v.begin(), slot.image.v.end(), out.image.slice(k).pixels);
        out.segments.push_back(slot.segments);
        out.scars.push_back(slot.scars);
    }
    const auto place = [&](double x, double y, std::size_t k) { return grid.index_to_lps({x, y, static_cast<double>(k)}); };
    out.landmarks = io::Landmarks::unknown();
    for (std::size_t k = 0; k < count; ++k)
        if (const auto wall = anatomy::find_wall(out.label.slice(k))) {
            if (k == 0) out.landmarks.lv_base = place(wall->centre.x, wall->centre.y, k);
            if (k + 1 == count) out.landmarks.lv_apex = place(wall->centre.x, wall->centre.y, k);
            if (k == mid) {
                const auto on_epicardium = [&](double angle) { return wall->point({Degrees{angle}, 1.0}); };
                const anatomy::Point a = on_epicardium(out.insertion.value), b = on_epicardium(out.insertion.value + 360 * heart.rv_span);
                out.landmarks.rv_anterior = place(a.x, a.y, k);
                if (heart.rv) out.landmarks.rv_inferior = place(b.x, b.y, k);
            }
        }
    return out;
}

}  // namespace lge::synth
