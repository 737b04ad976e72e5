#include "lge/synth/phantom.hpp"

#include "lge/synth/background.hpp"
#include "lge/synth/camera.hpp"
#include "lge/synth/outline.hpp"

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

float ramp(float signed_distance_px) { return std::clamp(0.5F - signed_distance_px, 0.0F, 1.0F); }
float mix(float a, float b, float share) { return a + share * (b - a); }

// Signed distances (mm, below 0 inside) to the outlines for the pixels of a box around the heart.
struct Geometry {
    std::size_t left = 0, top = 0, width = 0, height = 0;
    std::vector<float> turn, radius, endo, epi, rv;  // turn: in the heart's own frame
    [[nodiscard]] std::size_t size() const { return width * height; }
};

Geometry measure_distances(const Heart& heart, const Outline& o, const Stretch& picture, double cx, double cy, Random& random) {
    const double px = heart.spacing_mm, size = heart.size, reach = (std::exp(0.5 * std::abs(heart.log_stretch)) * 1.05 * static_cast<double>(o.reach) + 24) / px;
    const auto bound = [&](double v) { return static_cast<std::size_t>(std::clamp(v, 0.0, size)); };
    Geometry g;
    g.left = bound(cx - reach), g.top = bound(cy - reach);
    g.width = bound(cx + reach) - g.left, g.height = bound(cy + reach) - g.top;
    if (g.size() == 0) return g;
    for (auto* plane : {&g.turn, &g.radius, &g.endo, &g.epi, &g.rv}) plane->resize(g.size());
    const Plane warp_x = smooth_field(g.width, g.height, 35 / px, random), warp_y = smooth_field(g.width, g.height, 35 / px, random);
    const auto warp = static_cast<float>(0.6 * heart.elastic_mm), fpx = static_cast<float>(px);
    const Stretch back = picture.inverse();
    const auto xx = static_cast<float>(back.xx), xy = static_cast<float>(back.xy), yx = static_cast<float>(back.yx), yy = static_cast<float>(back.yy);
    for (std::size_t y = 0; y < g.height; ++y)
        for (std::size_t x = 0; x < g.width; ++x) {
            const std::size_t i = y * g.width + x;
            const float sx = (static_cast<float>(g.left + x) - static_cast<float>(cx)) * fpx + warp * warp_x.v[i];
            const float sy = (static_cast<float>(cy) - static_cast<float>(g.top + y)) * fpx + warp * warp_y.v[i];
            const float hx = xx * sx + xy * sy, hy = yx * sx + yy * sy;
            const float turn = quick_turn(hy, hx), r = std::sqrt(hx * hx + hy * hy);
            g.turn[i] = turn;
            g.radius[i] = r;
            g.endo[i] = r - o.endo(turn);
            g.epi[i] = r - o.epi(turn);
            g.rv[i] = o.rv.seen ? o.rv.distance(hx, hy, g.epi[i]) : 99.0F;
        }
    return g;
}

/// The pixel position whose place in the heart's own frame is the epicardium at `degrees`; the outlines are warped, so the nearest
/// pixel tells where, and the map of the picture the way from there. Nothing where it lies outside of the picture.
std::optional<anatomy::Point> find_on_epicardium(const Geometry& g, const Outline& o, const Stretch& picture, double degrees, double px) {
    const double radius = static_cast<double>(o.epi(static_cast<float>(degrees / 360 - std::floor(degrees / 360)))), angle = degrees * pi / 180;
    const double x = radius * std::cos(angle), y = radius * std::sin(angle);
    double least = 4 * px * px, right = 0, up = 0;
    std::optional<std::size_t> nearest;
    const auto reach = static_cast<float>(2 * px);
    for (std::size_t i = 0; i < g.size(); ++i) {
        if (!(std::abs(g.epi[i]) < reach)) continue;
        const double r = static_cast<double>(g.radius[i]), a = 2 * pi * static_cast<double>(g.turn[i]);
        const double dx = x - r * std::cos(a), dy = y - r * std::sin(a);
        if (dx * dx + dy * dy < least) {
            least = dx * dx + dy * dy;
            right = dx, up = dy;
            nearest = i;
        }
    }
    if (!nearest) return std::nullopt;
    const auto [sx, sy] = picture(right, up);
    return anatomy::Point{static_cast<double>(g.left + *nearest % g.width) + sx / px, static_cast<double>(g.top + *nearest / g.width) - sy / px};
}

std::optional<Insertions> find_insertions(const Geometry& g, const Outline& o, const Stretch& picture, double px) {
    if (!o.rv.seen || o.rv.contact_deg <= 0) return std::nullopt;
    const double anterior = anatomy::canonical_insertion.value;
    const auto a = find_on_epicardium(g, o, picture, anterior, px), b = find_on_epicardium(g, o, picture, anterior + static_cast<double>(o.rv.contact_deg), px);
    return a && b ? std::optional(Insertions{*a, *b}) : std::nullopt;
}

struct Slot { Plane image; anatomy::Segments segments; std::uint32_t scars = 0; std::optional<Insertions> insertions; };

// What a slice draws once for all its pixels.
struct Brush {
    float fat_from, ambient_from, ambient_mm, ambient, line, line_mm, hug, hug_mm, rv_blood, rv_edge_mm, rv_cords, cords, muscle, rv_muscle, core;
    float streak_x = 0, streak_y = 0, streak_at = 0, streak_px = 0, streak_signal = 0;
    float patch_turn = 0, patch_width = 1, patch_signal = 0;
    float slow_turn = 0, slow_signal = 0;
};

Brush draw_brush(const Heart& heart, double z, double cx, double cy, Random& random) {
    const auto f = [&](double low, double high) { return static_cast<float>(random.uniform(low, high)); };
    const auto wall = static_cast<float>(heart.wall), blood = static_cast<float>(heart.blood), contrast = static_cast<float>(heart.contrast);
    Brush b{};
    b.fat_from = f(-1.5, 0.8);
    b.ambient_from = f(-0.5, 1);
    b.ambient_mm = f(1.5, 8.7);
    b.ambient = wall * f(0.85, 1.15);
    b.line = heart.void_lines ? static_cast<float>(heart.void_signal) * f(0.3, 1) : wall * f(0.1, 1);
    b.line_mm = f(0.5, 1.6);
    b.hug = heart.void_lines ? static_cast<float>(heart.void_signal) * f(0, 1) : wall * f(0, 0.9);
    b.hug_mm = f(0.7, 3.2);
    b.rv_blood = blood * f(0.82, 1.12);
    b.rv_edge_mm = f(0.7, 6);
    b.rv_cords = random.chance(0.7) ? f(0.9, 2.2) : 9.0F;
    b.cords = heart.papillary ? f(1, 2.2) : 9.0F;
    b.muscle = wall * f(0.9, 1.3);
    b.rv_muscle = wall * f(0.8, 1.3);
    b.core = wall + contrast * f(-0.15, 0.4);
    if (heart.streak && random.chance(0.5)) {
        const double a = random.uniform(0, pi), past = random.uniform(-1, 1) * heart.radius_mm / heart.spacing_mm;
        b.streak_x = static_cast<float>(std::sin(a)), b.streak_y = static_cast<float>(std::cos(a));
        b.streak_at = static_cast<float>(cx * std::sin(a) + cy * std::cos(a) + past);
        b.streak_px = f(1.2, 3.5) / static_cast<float>(heart.spacing_mm);
        b.streak_signal = contrast * f(0.3, 0.9);
    }
    if (heart.unnulled && random.chance(0.6)) {
        b.patch_turn = f(0, 1);
        b.patch_width = f(0.06, 0.2);
        b.patch_signal = contrast * f(0.2, 0.6);
    }
    if (heart.slow_blood && z > 0.55) {
        b.slow_turn = f(0, 1);
        b.slow_signal = contrast * f(0.15, 0.6);
    }
    return b;
}

// Blood beyond the open base: the aortic root in the gap, and the left atrium behind the wall.
void draw_great_vessels(Plane& image, const Heart& heart, const Outline& o, const Stretch& picture, double z, double cx, double cy, Random& random) {
    const auto disc = [&](double degrees, double away_mm, double radius_mm, double signal) {
        const double a = degrees * pi / 180;
        const auto [dx, dy] = picture(away_mm * std::cos(a), away_mm * std::sin(a));
        const auto x0 = static_cast<float>(cx + dx / heart.spacing_mm), y0 = static_cast<float>(cy - dy / heart.spacing_mm);
        const auto r = static_cast<float>(radius_mm / heart.spacing_mm);
        for (std::size_t y = 0; y < image.height; ++y) {
            const float v = static_cast<float>(y) - y0;
            if (std::abs(v) > r + 1) continue;
            for (std::size_t x = 0; x < image.width; ++x) {
                const float u = static_cast<float>(x) - x0;
                image(x, y) = mix(image(x, y), static_cast<float>(signal), ramp(std::sqrt(u * u + v * v) - r));
            }
        }
    };
    const auto edge = [&](double degrees) { return static_cast<double>(o.epi(static_cast<float>(degrees / 360 - std::floor(degrees / 360)))); };
    const bool atrium = random.chance(0.4);
    const double signal = heart.blood * random.uniform(0.85, 1.15), behind = 280 + random.uniform(-30, 40), large = random.uniform(14, 24);
    if (heart.outflow && z < 0.16) disc(heart.outflow_deg, edge(heart.outflow_deg) + 4, random.uniform(9, 15), signal);
    if (atrium && z < 0.08) disc(behind, edge(behind) + 0.75 * large, large, signal);
}

Slot draw_slice(const Heart& heart, const Form& form, const Torso& torso, std::size_t k, double z, Level level, double cx, double cy, std::span<const Scar> scars,
                volume::Slice<std::uint8_t> label, bool with_insertions, Random& random) {
    const auto size = static_cast<std::size_t>(heart.size);
    const double px = heart.spacing_mm;
    const auto inverse = static_cast<float>(1 / px);
    const bool cap = level == Level::apex;
    const Stretch picture = picture_of(heart, heart.log_stretch + random.uniform(-0.08, 0.08));
    const Outline o = draw_outline(heart, form, picture, z, cap, scars, random);
    const Geometry g = measure_distances(heart, o, picture, cx, cy, random);
    std::fill(label.pixels, label.pixels + label.size(), std::uint8_t{0});
    for (std::size_t y = 0; y < g.height; ++y)
        for (std::size_t x = 0; x < g.width; ++x) {
            const std::size_t i = y * g.width + x;
            label(g.left + x, g.top + y) = g.endo[i] < 0 ? 1 : g.epi[i] < 0 ? 2 : g.rv[i] < 0 ? 5 : 0;
        }

    Slot slot;
    if (with_insertions) slot.insertions = find_insertions(g, o, picture, px);
    ScarMap map;
    if (!scars.empty())
        if (const auto wall = find_slice_wall(label, level, Degrees{120 + heart.turn_deg}, px)) {
            map = map_scars(scars, z, *wall, label, random);
            slot.segments = map.segments;
            slot.scars = map.scars;
        }
    const bool scarred = !map.segments.empty();

    // Brightness, from back to front.
    Plane& image = slot.image = draw_background(torso, heart, k, cx, cy, random);
    draw_great_vessels(image, heart, o, picture, z, cx, cy, random);
    const Brush brush = draw_brush(heart, z, cx, cy, random);
    const auto field = [&](double mm) { return g.size() > 0 ? smooth_field(g.width, g.height, mm / px, random) : Plane(); };
    const Plane thickness = field(30), patches = field(45), cords = field(13), crumbs = field(7.5), drift = field(26);
    const auto blood = static_cast<float>(heart.blood), wall = static_cast<float>(heart.wall), contrast = static_cast<float>(heart.contrast);
    const auto fat_mm = static_cast<float>(heart.fat_mm), fat = static_cast<float>(heart.fat_signal), rv_wall = static_cast<float>(heart.rv_wall_mm);
    const auto rim = static_cast<float>(heart.rim), rim_mm = static_cast<float>(heart.rim_mm), slow = static_cast<float>(heart.drift);
    const Waves wall_waves = Waves::draw({1, 2}, 0.5 * heart.drift, random);
    Ring shading;
    for (std::size_t b = 0; b < Ring::bins; ++b) {
        const double turn = static_cast<double>(b) / Ring::bins;
        const double off = std::remainder(turn - static_cast<double>(brush.patch_turn), 1.0) / static_cast<double>(brush.patch_width);
        shading.v[b] = static_cast<float>(heart.contrast * wall_waves.at(2 * pi * turn)) + brush.patch_signal * static_cast<float>(std::exp(-off * off));
    }
    shading.close();
    struct Papillary { float x, y, r; };
    std::vector<Papillary> papillary;
    for (const double degrees : heart.papillary_deg)
        if (heart.papillary && !cap && z > 0.12 && z < 0.85 && random.chance(0.6)) {
            const double mean = static_cast<double>(o.endo(0.5F)), out = mean * random.uniform(0.5, 0.85), a = degrees * pi / 180;
            const auto [dx, dy] = picture(out * std::cos(a), out * std::sin(a));
            papillary.push_back({static_cast<float>(cx + dx / px), static_cast<float>(cy - dy / px), static_cast<float>(mean * random.uniform(0.1, 0.24) / px)});
        }
    for (std::size_t y = 0; y < g.height; ++y)
        for (std::size_t x = 0; x < g.width; ++x) {
            const std::size_t i = y * g.width + x, at = (g.top + y) * size + g.left + x;
            const float epi = g.epi[i] * inverse, endo = g.endo[i] * inverse, rv = g.rv[i] * inverse;  // pixels
            const float outside = std::min(g.epi[i], g.rv[i] - rv_wall);                               // mm to the heart's surface
            float v = image.v[at];
            if (outside > -1 && outside < 22) {
                const float layer = fat_mm * std::clamp(1 + 0.6F * thickness.v[i], 0.0F, 2.2F);
                if (heart.fat && patches.v[i] > brush.fat_from) v = mix(v, fat, ramp((outside - layer) * inverse));
                if (heart.line) v = mix(v, brush.line, ramp((std::abs(outside - layer) - brush.line_mm) * inverse));
                if (heart.hug && thickness.v[i] > -0.3F) v = mix(v, brush.hug, ramp((outside - brush.hug_mm) * inverse));
                if (heart.ambient && patches.v[i] < -brush.ambient_from) v = mix(v, brush.ambient, ramp((outside - brush.ambient_mm) * inverse));
            }
            if (rv < rv_wall * inverse + 1) {
                v = mix(v, brush.rv_muscle, ramp(rv - rv_wall * inverse));
                float b = cords.v[i] > brush.rv_cords ? wall : brush.rv_blood;
                b = mix(0.5F * (b + wall), b, std::clamp(-g.rv[i] / brush.rv_edge_mm, 0.0F, 1.0F));
                v = mix(v, b, ramp(rv));
            }
            if (epi < 1) {
                float my = wall + contrast * slow * 0.5F * drift.v[i] + shading(g.turn[i]);
                const std::size_t sx = g.left + x - map.left, sy = g.top + y - map.top;
                if (scarred && sx < map.scar.width && sy < map.scar.height && map.scar(sx, sy) > 0) {
                    const float share = map.scar(sx, sy), dark = map.no_reflow(sx, sy);
                    const float bright = wall + contrast * map.signal(sx, sy);
                    my = my * (1 - share) + (share - dark) * bright + dark * brush.core;
                }
                v = mix(v, my, ramp(epi));
            }
            if (endo < 1) {
                const float inner = g.radius[i] - g.endo[i];
                float b = cords.v[i] > brush.cords && g.radius[i] > 0.35F * inner ? brush.muscle : blood;
                if (brush.slow_signal > 0) {
                    const float off = std::abs(std::remainder(g.turn[i] - brush.slow_turn, 1.0F));
                    b += brush.slow_signal * std::clamp(1.5F - 6 * off, 0.0F, 1.0F) * std::clamp(1 + g.endo[i] / 5, 0.0F, 1.0F);
                }
                for (const Papillary& m : papillary) {
                    const float u = static_cast<float>(g.left + x) - m.x, w = static_cast<float>(g.top + y) - m.y;
                    b = mix(b, brush.muscle, ramp(std::sqrt(u * u + w * w) * (1 + 0.15F * drift.v[i]) - m.r));
                }
                const float mixed = rim * std::exp(std::min(g.endo[i], 0.0F) / rim_mm) * std::clamp(0.6F + 0.5F * crumbs.v[i], 0.0F, 1.2F);
                b = mix(b, wall, std::min(mixed, 1.0F));
                v = mix(v, b, ramp(endo));
            }
            if (brush.streak_px > 0) {
                const float off = (static_cast<float>(g.left + x) * brush.streak_x + static_cast<float>(g.top + y) * brush.streak_y - brush.streak_at) / brush.streak_px;
                v += brush.streak_signal * std::clamp(1.5F - std::abs(off), 0.0F, 1.0F);
            }
            image.v[at] = v;
        }
    mix_through_plane(image, heart, z, cx, cy, random);
    return slot;
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

volume::Grid place_grid(const Heart& heart, std::size_t count, double centre_x, double centre_y, Random& random) {
    const Axes axes = draw_axes(random);
    const Vec3 origin = Vec3{random.uniform(-30, 60), random.uniform(-60, 20), random.uniform(-60, 60)};
    const auto size = static_cast<std::size_t>(heart.size);
    volume::Grid grid{{size, size, count}, {}};
    // The heart's own axes turned by turn_deg (counter-clockwise in the picture) give the picture's.
    const double turn = heart.turn_deg * pi / 180, c = std::cos(turn), s = std::sin(turn), px = heart.spacing_mm;
    const Vec3 up = axes.down * -1.0;
    const Vec3 column = axes.right * c + up * -s, picture_up = axes.right * s + up * c;
    grid.index_to_lps.set_column(0, column * px);
    grid.index_to_lps.set_column(1, picture_up * -px);
    grid.index_to_lps.set_column(2, axes.apex * heart.gap_mm);
    grid.index_to_lps.set_column(3, origin - column * (px * centre_x) + picture_up * (px * centre_y));
    return grid;
}

}  // namespace

Phantom draw_phantom(const Heart& heart, std::span<const Level> levels, std::span<const Scar> scars, std::uint64_t seed, std::uint64_t index,
                     std::optional<std::size_t> only) {
    const auto size = static_cast<std::size_t>(heart.size);
    const double px = heart.spacing_mm, middle = 0.5 * static_cast<double>(size - 1);
    const double centre_x = middle + heart.shift_x_mm / px, centre_y = middle + heart.shift_y_mm / px;
    const auto count = levels.size();
    Random stack_random(seed, index, "stack");
    volume::Grid grid = place_grid(heart, count, centre_x, centre_y, stack_random);
    if (only) grid = {{size, size, 1}, grid.index_to_lps};
    const Form form = draw_form(heart, stack_random);
    const Torso torso = draw_torso(heart, centre_x, centre_y, stack_random);
    const Plane bias = smooth_field(size, size, 60 / px, stack_random);
    Phantom out{volume::Volume<float>(grid), volume::Volume<std::uint8_t>(grid), {}, Degrees{120 + heart.turn_deg}, {}, {}, {}};
    for (std::size_t k = only.value_or(0); k < (only ? *only + 1 : count); ++k) {
        Random random(seed, index, "slice " + std::to_string(k));
        const double z = count > 1 ? static_cast<double>(k) / static_cast<double>(count - 1) : 0.5;
        const double cx = centre_x + random.normal(0, heart.breath_mm / px), cy = centre_y + random.normal(0, heart.breath_mm / px);
        Slot slot = draw_slice(heart, form, torso, k, z, levels[k], cx, cy, scars, out.label.slice(only ? 0 : k), only.has_value(), random);
        expose(slot.image, heart, bias, random);
        std::copy(slot.image.v.begin(), slot.image.v.end(), out.image.slice(only ? 0 : k).pixels);
        out.segments.push_back(slot.segments);
        out.scars.push_back(slot.scars);
        out.insertions = slot.insertions;
    }
    develop({out.image.voxels.data(), out.image.voxels.size()}, heart);

    out.landmarks = io::Landmarks::unknown();
    if (only) return out;
    const auto place = [&](double x, double y, std::size_t k) { return grid.index_to_lps({x, y, static_cast<double>(k)}); };
    const Stretch picture = picture_of(heart, heart.log_stretch);
    const Degrees inferior{picture.angle(120 + heart.rv_span_deg)};
    for (std::size_t k = 0; k < count; ++k) {
        const bool middle_slice = k == count / 2;
        if (k > 0 && k + 1 < count && !middle_slice) continue;
        const auto wall = anatomy::find_wall(std::as_const(out.label).slice(k));
        if (!wall) continue;
        if (k == 0) out.landmarks.lv_base = place(wall->centre.x, wall->centre.y, k);
        if (k + 1 == count) out.landmarks.lv_apex = place(wall->centre.x, wall->centre.y, k);
        if (middle_slice) {
            const anatomy::Point a = wall->point({out.insertion, 1.0}), b = wall->point({inferior, 1.0});
            out.landmarks.rv_anterior = place(a.x, a.y, k);
            if (heart.rv) out.landmarks.rv_inferior = place(b.x, b.y, k);
        }
    }
    return out;
}

}  // namespace lge::synth
