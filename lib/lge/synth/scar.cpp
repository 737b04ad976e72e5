#include "lge/synth/scar.hpp"

#include "lge/base/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace lge::synth {

using anatomy::Extent;
using anatomy::Level;
using anatomy::Segments;
using anatomy::Wall;

namespace {

constexpr bool is_compound(Wall wall) {
    return wall == Wall::anteroseptal || wall == Wall::inferoseptal || wall == Wall::inferolateral || wall == Wall::anterolateral;
}

struct Arc { double from, to; };  // degrees from the anterior RV insertion

// Sectors of the basal ring (Cerqueira 2002).
constexpr Arc arc_of(Wall wall) {
    switch (wall) {
    case Wall::anterior: return {-60, 0};
    case Wall::anteroseptal: return {0, 60};
    case Wall::inferoseptal: return {60, 120};
    case Wall::inferior: return {120, 180};
    case Wall::inferolateral: return {180, 240};
    case Wall::anterolateral: return {240, 300};
    case Wall::septal: return {0, 120};
    case Wall::lateral: return {180, 300};
    }
    return {0, 0};
}

// Radial bands: subendocardial up to three quarters of the wall, transmural beyond (viability classes of
// transmurality: 1-25, 26-50, 51-75, 76-100 %), midwall and subepicardial off the endocardium.
void draw_band(Scar& scar, Random& random) {
    switch (scar.extent) {
    case Extent::subendocardial: scar.depth_low = 0, scar.depth_high = random.uniform(0.28, 0.75); break;
    case Extent::transmural: scar.depth_low = 0, scar.depth_high = random.uniform(0.85, 1.25); break;
    case Extent::midwall:
        scar.depth_low = random.uniform(0.22, 0.4);
        scar.depth_high = scar.depth_low + random.uniform(0.28, 0.45);
        break;
    case Extent::subepicardial: scar.depth_low = random.uniform(0.45, 0.68), scar.depth_high = 1; break;
    }
}

// A run of neighbouring levels out of those the heart has.
std::vector<Level> draw_levels(std::span<const Level> present, Random& random) {
    const auto first = random.below(static_cast<std::uint32_t>(present.size()));
    std::vector<Level> run{present[first]};
    for (std::size_t next = first + 1; next < present.size() && random.chance(0.45); ++next) run.push_back(present[next]);
    return run;
}

Scar draw_in_wall(Wall wall, std::span<const Level> levels, Random& random) {
    Scar scar;
    for (const Level level : levels)
        if (level != Level::apex && !(level == Level::apical && is_compound(wall))) scar.segments = scar.segments | segments_of(wall, level);
    const Arc arc = arc_of(wall);
    const double half = 0.5 * (arc.to - arc.from);
    scar.half_width = half * random.uniform(0.5, 1.25);
    scar.centre = 0.5 * (arc.from + arc.to) + half * random.uniform(-0.25, 0.25);
    // The levels bound the scar along the heart, so the ellipse hardly shrinks it.
    scar.z_half = 2;
    return scar;
}

// Ischaemic scars (a coronary territory's centre, any width) and the common non-ischaemic patterns.
Scar draw_clinical(Random& random, bool any_extent) {
    constexpr Segments ring{0x1FFFE};
    Scar scar;
    scar.z_centre = random.uniform(0, 1);
    scar.z_half = random.uniform(0.35, 1.2);
    const double kind = random.uniform();
    if (any_extent || kind < 0.8) {
        constexpr std::array<Arc, 3> territories{{{-40, 60}, {90, 190}, {180, 285}}};  // LAD, RCA, LCX
        constexpr std::array<double, 3> weights{0.45, 0.33, 0.22};
        const Arc arc = territories[random.weighted(weights)];
        scar.centre = random.uniform(arc.from, arc.to);
        scar.half_width = random.uniform(15, 110);
        scar.segments = ring | Segments::of({17});
        scar.extent = random.chance(0.5) ? Extent::transmural : Extent::subendocardial;
        scar.no_reflow = random.chance(0.3);
    } else if (kind < 0.89) {  // dilated cardiomyopathy: septal midwall
        scar.centre = random.uniform(25, 95);
        scar.half_width = random.uniform(18, 55);
        scar.segments = segments_of(Wall::septal, Level::unknown);
        scar.extent = Extent::midwall;
    } else {  // myocarditis and others: lateral, subepicardial or midwall
        scar.centre = random.uniform(185, 280);
        scar.half_width = random.uniform(18, 50);
        scar.segments = ring;
        scar.extent = random.chance(0.7) ? Extent::subepicardial : Extent::midwall;
    }
    return scar;
}

constexpr auto walls = anatomy::choices(Wall{});
constexpr auto extents = anatomy::choices(Extent{});
constexpr double minimal_share = 0.06;
constexpr int minimal_pixels = 4;

}  // namespace

void check(const Wish& wish) {
    for (const Level level : wish.levels) {
        if (wish.wall && level == Level::apex)
            throw Error(ExitCode::usage, "the apex has no walls: give --level apex without --wall");
        if (wish.wall && level == Level::apical && is_compound(*wish.wall))
            throw Error(ExitCode::usage, "the apical level has no " + std::string(anatomy::word(*wish.wall)) +
                                             " wall: wanted anterior, septal, inferior or lateral");
    }
}

int segment_of_pixel(std::size_t x, std::size_t y, Level level, const anatomy::WallBorders& wall, Degrees insertion) {
    const double dx = static_cast<double>(x) - wall.centre.x, dy = wall.centre.y - static_cast<double>(y);
    return segment_at(level, Degrees{std::atan2(dy, dx) * 180 / std::numbers::pi - insertion.value});
}

double half_width_at(const Scar& scar, double z) {
    const double off = (z - scar.z_centre) / scar.z_half;
    return off * off >= 1 ? 0.0 : scar.half_width * std::sqrt(1 - off * off);
}

std::vector<Scar> draw_scars(const Wish& wish, std::span<const Level> levels, double signal_low, double signal_high,
                             double thin_share, Random& random) {
    std::vector<Level> present;
    for (const Level level : levels)
        if (present.empty() || present.back() != level) present.push_back(level);
    std::vector<Scar> scars(random.chance(0.2) ? 2 : 1);
    for (std::size_t i = 0; i < scars.size(); ++i) {
        Scar& scar = scars[i];
        if (wish.wall || wish.prior == Prior::uniform) {
            const std::vector<Level> at = wish.levels.empty() ? draw_levels(present, random) : wish.levels;
            Wall wall = wish.wall.value_or(random.pick(walls).second);
            if (!wish.wall && std::all_of(at.begin(), at.end(), [](Level l) { return l == Level::apical; }) && is_compound(wall))
                wall = wall == Wall::anteroseptal || wall == Wall::inferoseptal ? Wall::septal : Wall::lateral;
            scar = draw_in_wall(wall, at, random);
            if (!wish.wall && std::find(at.begin(), at.end(), Level::apex) != at.end()) scar.segments.add(17);
            scar.extent = random.pick(extents).second;
            scar.no_reflow = random.chance(0.15);
        } else {
            scar = draw_clinical(random, wish.extent.has_value());
            if (!wish.levels.empty()) {
                Segments wanted;
                for (const Level level : wish.levels) wanted = wanted | segments_of(level);
                scar.segments = scar.segments & wanted;
                scar.z_half = 2;
            }
        }
        if (i > 0 && random.chance(0.7)) scar.extent = scars[0].extent;
        if (wish.extent) scar.extent = *wish.extent;
        draw_band(scar, random);
        if (scar.extent == Extent::midwall || scar.extent == Extent::subepicardial) scar.no_reflow = false;
        if (i > 0) scar.half_width *= 0.6;
        scar.raggedness = random.uniform(0.05, 0.14);
        scar.signal = random.uniform(signal_low, signal_high);
        if (scar.depth_low == 0 && random.chance(thin_share)) scar.thinning = random.uniform(0.1, 0.5);
    }
    return scars;
}

ScarMap map_scars(std::span<const Scar> scars, double z, Level level, const anatomy::WallBorders& wall, Degrees insertion,
                  volume::Slice<std::uint8_t> label, Random& random) {
    constexpr std::size_t bins = 360;
    const std::size_t w = label.width, h = label.height;
    struct Active { std::size_t index; float half, centre; std::vector<float> low, high, end; };
    std::vector<Active> active;
    for (std::size_t i = 0; i < scars.size(); ++i) {
        const double half = half_width_at(scars[i], z);
        if (half < 2 || (scars[i].segments & segments_of(level)).empty()) continue;
        Active a{i, static_cast<float>(half), static_cast<float>(scars[i].centre + insertion.value), {}, {}, {}};
        const auto rough = static_cast<float>(scars[i].raggedness);
        const auto edge = [&](double at) {
            std::vector<float> ring = smooth_ring(bins, 40, random);
            for (float& e : ring) e = static_cast<float>(at) + rough * e;
            return ring;
        };
        // Bands that start or end at a border of the wall take every pixel there, whatever its depth by the outline.
        a.low = scars[i].depth_low <= 0 ? std::vector<float>(bins, -1e3F) : edge(scars[i].depth_low);
        a.high = scars[i].depth_high >= 1 && scars[i].extent != Extent::transmural ? std::vector<float>(bins, 1e3F) : edge(scars[i].depth_high);
        a.end = smooth_ring(32, 12, random);  // over depth: the ends of the arc are ragged too
        active.push_back(std::move(a));
    }
    ScarMap map;
    if (active.empty()) return map;

    double reach = 0;
    for (const double r : wall.epi) reach = std::max(reach, r);
    const auto bound = [](double at, std::size_t n) { return static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(n))); };
    const std::size_t left = bound(wall.centre.x - reach - 1, w), right = bound(wall.centre.x + reach + 3, w);
    const std::size_t top = bound(wall.centre.y - reach - 1, h), bottom = bound(wall.centre.y + reach + 3, h);

    map.scar = Plane(w, h);
    map.no_reflow = Plane(w, h);
    map.signal = Plane(w, h);
    std::array<float, bins + 1> inner{}, thickness{};
    const std::size_t borders = wall.endo.size();
    for (std::size_t b = 0; b <= bins; ++b) {
        const double at = static_cast<double>(b % bins) / bins * static_cast<double>(borders);
        const auto k = static_cast<std::size_t>(at);
        const double t = at - std::floor(at);
        const double endo = wall.endo[k] * (1 - t) + wall.endo[(k + 1) % borders] * t;
        const double epi = wall.epi[k] * (1 - t) + wall.epi[(k + 1) % borders] * t;
        inner[b] = static_cast<float>(endo);
        thickness[b] = static_cast<float>(std::max(epi - endo, 0.5));
    }

    struct Pixel { std::uint32_t at; std::uint8_t segment, scar; float share, core; };
    std::vector<Pixel> pixels;
    std::array<int, 18> wall_pixels{}, scar_pixels{};
    for (std::size_t y = top; y < bottom; ++y)
        for (std::size_t x = left; x < right; ++x) {
            if (!anatomy::is_wall(label(x, y))) continue;
            const auto dx = static_cast<float>(static_cast<double>(x) - wall.centre.x), dy = static_cast<float>(wall.centre.y - static_cast<double>(y));
            const float turn = quick_turn(dy, dx), r = std::sqrt(dx * dx + dy * dy);
            const auto segment = static_cast<std::uint8_t>(segment_of_pixel(x, y, level, wall, insertion));
            ++wall_pixels[segment];
            if (label(x, y) != 2) continue;
            const float at = turn * static_cast<float>(bins);
            const auto b = std::min(static_cast<std::size_t>(at), bins - 1);
            const float depth = (r - inner[b]) / thickness[b], thick = thickness[b];
            Pixel best{static_cast<std::uint32_t>(y * w + x), segment, 0, 0, 0};
            for (const Active& a : active) {
                const Scar& scar = scars[a.index];
                if (!scar.segments.has(segment)) continue;
                const auto level_of_depth = static_cast<std::size_t>(std::clamp(depth, 0.0F, 1.0F) * 31);
                const float off = std::abs(std::remainder(at - a.centre, 360.0F)) + 4.0F * a.end[level_of_depth];
                const float q = std::clamp(off / a.half, 0.0F, 1.0F), q4 = q * q * q * q;
                // A pixel is filled by how far the edge has passed its centre; the band grows shallow towards its ends.
                const float along = std::clamp(0.5F + (a.half - off) * (r * std::numbers::pi_v<float> / 180), 0.0F, 1.0F);
                const float high = a.low[b] < -1 ? a.high[b] * (1 - 0.8F * q4) : a.high[b];
                const float above = std::clamp(0.5F + (depth - a.low[b]) * thick, 0.0F, 1.0F);
                const float below = std::clamp(0.5F + (high - depth) * thick, 0.0F, 1.0F);
                const float share = along * above * below;
                if (share <= best.share) continue;
                best.share = share;
                best.scar = static_cast<std::uint8_t>(a.index);
                best.core = 0;
                if (scar.no_reflow) {
                    const float side = std::clamp(0.5F + (0.6F * a.half - off) * (r * std::numbers::pi_v<float> / 180), 0.0F, 1.0F);
                    const float deep = std::clamp(0.5F + (0.65F * high - depth) * thick, 0.0F, 1.0F);
                    best.core = side * deep * std::clamp(0.5F + (depth - 0.14F) * thick, 0.0F, 1.0F);
                }
            }
            if (best.share > 0) pixels.push_back(best);
            if (best.share >= 0.5F) ++scar_pixels[segment];
        }

    Segments kept;
    for (int id = 1; id <= 17; ++id) {
        const auto i = static_cast<std::size_t>(id);
        if (scar_pixels[i] >= minimal_pixels && scar_pixels[i] >= minimal_share * wall_pixels[i]) kept.add(id);
    }
    if (kept.empty()) return map;
    map.left = w, map.top = h;
    const auto put = [&](const Pixel& p) {
        const std::size_t x = p.at % w, y = p.at / w;
        map.left = std::min(map.left, x), map.right = std::max(map.right, x + 1);
        map.top = std::min(map.top, y), map.bottom = std::max(map.bottom, y + 1);
        map.scar.v[p.at] = p.share;
        map.no_reflow.v[p.at] = std::min(p.core, p.share);
        map.signal.v[p.at] = static_cast<float>(scars[p.scar].signal);
    };
    for (const Pixel& p : pixels) {
        if (p.share < 0.5F || !kept.has(p.segment)) continue;
        put(p);
        label.pixels[p.at] = p.core >= 0.5F ? 4 : 3;
        map.scars |= 1U << p.scar;
    }
    // Less than half filled: the edge of labelled scar. Slivers that nowhere fill a pixel are not drawn.
    const auto beside_scar = [&](std::size_t x, std::size_t y) {
        for (std::size_t j = y > 0 ? y - 1 : 0; j <= std::min(y + 1, h - 1); ++j)
            for (std::size_t i = x > 0 ? x - 1 : 0; i <= std::min(x + 1, w - 1); ++i)
                if (map.scar(i, j) >= 0.5F) return true;
        return false;
    };
    for (const Pixel& p : pixels)
        if (p.share < 0.5F && kept.has(p.segment) && beside_scar(p.at % w, p.at / w)) put(p);
    map.segments = kept;
    return map;
}

std::optional<Tissue> measure(std::span<const float> image, std::span<const std::uint8_t> label) {
    std::vector<float> blood, wall;
    for (std::size_t i = 0; i < label.size(); ++i) {
        if (label[i] == 1) blood.push_back(image[i]);
        if (label[i] == 2) wall.push_back(image[i]);
    }
    if (blood.size() < 10 || wall.size() < 10) return std::nullopt;
    const auto quantile = [](std::vector<float>& v, double share) {
        const auto at = v.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(v.size() - 1));
        std::nth_element(v.begin(), at, v.end());
        return static_cast<double>(*at);
    };
    return Tissue{quantile(blood, 0.6), quantile(wall, 0.4), 0.5 * (quantile(wall, 0.84) - quantile(wall, 0.16))};
}

void paint(volume::Slice<float> image, const ScarMap& map, const Tissue& tissue, double blur_px, Random& random) {
    if (map.segments.empty()) return;
    const auto reach = static_cast<std::size_t>(std::ceil(3 * blur_px)) + 1;
    const std::size_t left = map.left > reach ? map.left - reach : 0, top = map.top > reach ? map.top - reach : 0;
    const std::size_t right = std::min(map.right + reach, image.width), bottom = std::min(map.bottom + reach, image.height);
    const std::size_t w = right - left, h = bottom - top;
    // Shares times what they add, so that after the blur both the share and its mean brightness are smooth.
    Plane share(w, h), value(w, h);
    const double contrast = std::abs(tissue.blood - tissue.wall);
    const double core = tissue.wall * random.uniform(0.75, 1.1);
    for (std::size_t y = 0; y < h; ++y)
        for (std::size_t x = 0; x < w; ++x) {
            const float s = map.scar(left + x, top + y), dark = map.no_reflow(left + x, top + y);
            const auto bright = static_cast<float>(tissue.wall + map.signal(left + x, top + y) * contrast);
            share(x, y) = s;
            value(x, y) = (s - dark) * bright + dark * static_cast<float>(core);
        }
    blur(share, blur_px);
    blur(value, blur_px);
    Plane grain = white_noise(w, h, random);
    blur(grain, 0.6);
    // The blur of 0.6 px leaves about half of white noise's SD; half of the wall's spread is noise, the rest is shading.
    const auto noise = static_cast<float>(tissue.wall_sd);
    for (std::size_t y = 0; y < h; ++y)
        for (std::size_t x = 0; x < w; ++x) {
            if (share(x, y) <= 1e-3F) continue;
            float& pixel = image(left + x, top + y);
            pixel = pixel * (1 - share(x, y)) + value(x, y) + share(x, y) * noise * grain(x, y);
        }
}

}  // namespace lge::synth
