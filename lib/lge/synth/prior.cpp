#include "lge/synth/prior.hpp"

#include "lge/base/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>

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
void draw_band(Scar& scar, std::optional<double> percent, Random& random) {
    switch (scar.extent) {
    case Extent::subendocardial: scar.depth_low = 0, scar.depth_high = percent ? *percent / 100 : random.uniform(0.28, 0.75); break;
    case Extent::transmural: scar.depth_low = 0, scar.depth_high = percent ? std::max(*percent / 100, 0.78) : random.uniform(0.78, 1.25); break;
    case Extent::midwall:
        scar.depth_low = random.uniform(0.22, 0.4);
        scar.depth_high = scar.depth_low + (percent ? *percent / 100 : random.uniform(0.28, 0.45));
        break;
    case Extent::subepicardial: scar.depth_low = percent ? 1 - *percent / 100 : random.uniform(0.45, 0.68), scar.depth_high = 1; break;
    }
}

// A run of neighbouring levels out of those the heart has.
std::vector<Level> draw_run(std::span<const Level> present, Random& random) {
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

constexpr Segments ring{0x1FFFE};
constexpr auto walls = anatomy::choices(Wall{});
constexpr auto extents = anatomy::choices(Extent{});

// lge-synth(1) names the patterns, their weights and sources.
enum class Disease : std::uint8_t { infarct, septal_midwall, inferolateral_midwall, lateral_subepicardial, rv_insertion, diffuse };
constexpr std::array<double, 6> disease_weights{0.72, 0.08, 0.04, 0.07, 0.05, 0.04};

Scar draw_infarct(Random& random) {
    constexpr std::array<Arc, 3> territories{{{-40, 60}, {90, 190}, {180, 285}}};  // LAD, RCA, LCX
    constexpr std::array<double, 3> weights{0.45, 0.33, 0.22};
    Scar scar;
    const Arc arc = territories[random.weighted(weights)];
    scar.z_centre = random.uniform(0, 1);
    scar.z_half = random.uniform(0.25, 1.15);
    scar.centre = random.uniform(arc.from, arc.to);
    scar.half_width = random.uniform(12, 115);
    scar.segments = ring | Segments::of({17});
    scar.extent = random.chance(0.5) ? Extent::transmural : Extent::subendocardial;
    if (random.chance(0.3)) scar.core = random.uniform(0.25, 0.65);
    return scar;
}

std::vector<Scar> draw_disease(Disease disease, Random& random) {
    Scar scar;
    scar.segments = ring;
    scar.z_centre = random.uniform(0, 0.7);
    scar.z_half = random.uniform(0.3, 1.1);
    switch (disease) {
    case Disease::infarct: return {draw_infarct(random)};
    case Disease::septal_midwall:
        scar.centre = random.uniform(25, 95);
        scar.half_width = random.uniform(18, 55);
        scar.segments = segments_of(Wall::septal, Level::unknown);
        scar.extent = Extent::midwall;
        break;
    case Disease::inferolateral_midwall:
        scar.centre = random.uniform(190, 235);
        scar.half_width = random.uniform(15, 40);
        scar.extent = Extent::midwall;
        scar.z_centre = random.uniform(0, 0.35);
        break;
    case Disease::lateral_subepicardial:
        scar.centre = random.uniform(185, 280);
        scar.half_width = random.uniform(18, 50);
        scar.extent = random.chance(0.8) ? Extent::subepicardial : Extent::midwall;
        break;
    case Disease::rv_insertion: {
        scar.centre = random.chance(0.5) ? random.uniform(-10, 10) : random.uniform(110, 130);
        scar.half_width = random.uniform(9, 20);
        scar.extent = Extent::midwall;
        if (random.chance(0.5)) return {scar};
        Scar other = scar;
        other.centre = scar.centre < 60 ? 120 : 0;
        return {scar, other};
    }
    case Disease::diffuse:
        scar.half_width = random.uniform(130, 200);
        scar.centre = random.uniform(0, 360);
        scar.extent = random.chance(0.7) ? Extent::subendocardial : Extent::midwall;
        scar.z_half = 2;
        break;
    }
    return {scar};
}

// A heart of the file, shaken so that no two draws are the same.
std::vector<Scar> draw_like(std::span<const std::vector<Scar>> hearts, Random& random) {
    std::vector<Scar> scars = hearts[random.below(static_cast<std::uint32_t>(hearts.size()))];
    const double turn = random.normal(0, 12), rise = random.normal(0, 0.06);
    for (Scar& s : scars) {
        s.segments = ring | Segments::of({17});
        s.centre += turn + random.normal(0, 4);
        s.half_width *= std::exp(random.normal(0, 0.12));
        s.z_centre += rise;
        s.z_half *= std::exp(random.normal(0, 0.1));
        const double deeper = std::clamp(random.normal(0, 0.04), -0.1, 0.1);
        if (s.depth_low > 0) s.depth_low = std::max(s.depth_low + deeper, 0.02);
        if (s.depth_high < 1) s.depth_high = std::clamp(s.depth_high + deeper, s.depth_low + 0.15, 0.99);
        s.signal *= std::exp(random.normal(0, 0.08));
    }
    return scars;
}

std::vector<Scar> draw_by_wall(const Wish& wish, std::span<const Level> present, Random& random) {
    const std::vector<Level> at = wish.levels.empty() ? draw_run(present, random) : wish.levels;
    Wall wall = wish.wall.value_or(random.pick(walls).second);
    if (!wish.wall && std::all_of(at.begin(), at.end(), [](Level l) { return l == Level::apical; }) && is_compound(wall))
        wall = wall == Wall::anteroseptal || wall == Wall::inferoseptal ? Wall::septal : Wall::lateral;
    Scar scar = draw_in_wall(wall, at, random);
    if (!wish.wall && std::find(at.begin(), at.end(), Level::apex) != at.end()) scar.segments.add(17);
    scar.extent = random.pick(extents).second;
    if (random.chance(0.15)) scar.core = random.uniform(0.25, 0.65);
    return {scar};
}

void keep_levels(Scar& scar, std::span<const Level> levels) {
    Segments wanted;
    for (const Level level : levels) wanted = wanted | segments_of(level);
    scar.segments = scar.segments & wanted;
    scar.z_half = 2;
}

}  // namespace

void check(const Wish& wish) {
    for (const Level level : wish.levels) {
        if (wish.wall && level == Level::apex)
            throw Error(ExitCode::usage, "the apex has no walls: give --level apex without --wall");
        if (wish.wall && level == Level::apical && is_compound(*wish.wall))
            throw Error(ExitCode::usage, "the apical level has no " + std::string(anatomy::word(*wish.wall)) +
                                             " wall: wanted anterior, septal, inferior or lateral");
    }
    if (!wish.transmurality_percent) return;
    const double percent = *wish.transmurality_percent;
    if (!wish.extent) throw Error(ExitCode::usage, "--transmurality needs --extent");
    if (*wish.extent == Extent::transmural ? percent < 76 : percent > 75)
        throw Error(ExitCode::usage, "transmurality of a " + std::string(anatomy::word(*wish.extent)) + " scar: wanted " +
                                         (*wish.extent == Extent::transmural ? "76 to 100 %" : "15 to 75 %"));
}

std::vector<Scar> draw_scars(const Wish& wish, std::span<const Level> levels, const ScarStyle& style, Random& random) {
    std::vector<Level> present;
    for (const Level level : levels)
        if (present.empty() || present.back() != level) present.push_back(level);
    const bool by_wall = wish.wall || wish.prior.kind == Prior::Kind::uniform, by_file = !by_wall && wish.prior.kind == Prior::Kind::file;
    const std::size_t count = wish.scars.value_or(random.chance(0.2) ? 2 : 1);
    const double strength = random.uniform(style.signal.low, style.signal.high), texture = random.uniform(style.texture.low, style.texture.high);
    std::vector<Scar> scars;
    if (by_file) {
        scars = draw_like(wish.prior.hearts, random);
        for (Scar& s : scars)
            if (wish.extent && s.extent != *wish.extent) s.extent = *wish.extent, draw_band(s, std::nullopt, random);
    }
    while (!by_file && scars.size() < count) {
        const bool infarct = by_wall || wish.extent || !scars.empty();
        std::vector<Scar> drawn = by_wall ? draw_by_wall(wish, present, random)
                                          : draw_disease(infarct ? Disease::infarct : static_cast<Disease>(random.weighted(disease_weights)), random);
        const bool second = !scars.empty();
        for (Scar& s : drawn) {
            if (second && random.chance(0.7)) s.extent = scars.front().extent;
            if (wish.extent) s.extent = *wish.extent;
            draw_band(s, wish.transmurality_percent, random);
            s.raggedness = random.uniform(0.05, 0.14);
            s.signal = strength * random.uniform(0.9, 1.1);
            s.texture = texture;
            if (second) s.half_width *= 0.6;
            scars.push_back(s);
        }
    }
    if (!by_file && random.chance(style.small)) {
        scars.resize(1);
        scars[0].half_width = std::min(scars[0].half_width, random.uniform(12, 25));
        scars[0].z_half = std::min(scars[0].z_half, random.uniform(0.12, 0.3));
    }
    for (Scar& s : scars) {
        if (!by_wall && !wish.levels.empty()) keep_levels(s, wish.levels);
        if (wish.arc_deg) s.half_width = 0.5 * *wish.arc_deg;
        if (s.extent == Extent::midwall || s.extent == Extent::subepicardial) s.core = 0;
        if (s.depth_low <= 0 && random.chance(style.thin)) s.thinning = random.uniform(0.1, 0.5);
        if (random.chance(style.grey_zone)) s.border_px = random.uniform(1.5, 3.5);
    }
    return scars;
}

}  // namespace lge::synth
