#include "lge/synth/draw.hpp"

#include "lge/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lge::synth {

using anatomy::Extent;
using anatomy::Finding;
using anatomy::Level;
using anatomy::Pattern;
using anatomy::Presence;
using anatomy::Segments;

namespace {

constexpr Pattern pattern_of(Extent extent) {
    switch (extent) {
    case Extent::subendocardial: return Pattern::subendocardial;
    case Extent::midwall: return Pattern::midwall;
    case Extent::subepicardial: return Pattern::subepicardial;
    case Extent::transmural: return Pattern::transmural;
    }
    return Pattern::patchy;
}

// What is said beside place and pattern, decided once for a case so that all its texts agree.
struct Said { bool transmurality = false, extent = false; };

Finding describe(Segments segments, std::span<const Scar> scars, std::uint32_t drawn, bool no_reflow, const Said& said) {
    Finding f;
    f.segments = segments;
    f.lge = segments.empty() ? Presence::absent : Presence::present;
    if (segments.empty()) return f;
    for (const Level level : {Level::basal, Level::mid, Level::apical, Level::apex}) {
        if ((segments & segments_of(level)).empty()) continue;
        f.levels.emplace_back(anatomy::word(level));
        for (const anatomy::Wall wall : walls_of(segments, level))
            if (const std::string word(wall == anatomy::Wall::septal ? "septum" : anatomy::word(wall)); std::find(f.walls.begin(), f.walls.end(), word) == f.walls.end()) f.walls.push_back(word);
    }
    double deepest = 0;
    for (std::size_t i = 0; i < scars.size(); ++i) {
        if ((drawn >> i & 1U) == 0) continue;
        if (const Pattern p = pattern_of(scars[i].extent); std::find(f.pattern.begin(), f.pattern.end(), p) == f.pattern.end()) f.pattern.push_back(p);
        deepest = std::max(deepest, scars[i].depth_high);
    }
    if (said.transmurality && f.pattern == std::vector{Pattern::subendocardial}) {
        const double percent = std::clamp(5 * std::round(20 * deepest), 5.0, 100.0);
        f.transmurality = anatomy::Transmurality{percent, percent, {}};
    }
    if (std::find(f.pattern.begin(), f.pattern.end(), Pattern::transmural) != f.pattern.end())
        f.transmurality = anatomy::Transmurality{std::nullopt, std::nullopt, "transmural"};
    if (no_reflow) f.mvo = true;
    return f;
}

bool has_no_reflow(volume::Slice<const std::uint8_t> label) {
    const auto pixels = label.span();
    return std::find(pixels.begin(), pixels.end(), std::uint8_t{4}) != pixels.end();
}

// Findings and sentences of a case whose pixels are drawn.
void write_texts(DrawnCase& c, std::span<const Segments> segments, std::span<const std::uint32_t> drawn, std::span<const Scar> scars,
                 const Settings& settings, Random& random) {
    const Said said{random.chance(0.4), random.chance(0.4)};
    Segments all;
    std::uint32_t all_drawn = 0;
    bool any_core = false;
    for (std::size_t k = 0; k < c.level.size(); ++k) {
        const bool core = has_no_reflow(std::as_const(c.label).slice(k));
        all = all | segments[k];
        all_drawn |= drawn[k];
        any_core = any_core || core;
        c.slice_findings.push_back(describe(segments[k], scars, drawn[k], core, said));
        std::vector<std::string> wordings;
        for (std::size_t i = 0; i < settings.captions; ++i) wordings.push_back(caption(c.slice_findings.back(), c.level[k], settings.style, random));
        c.captions.push_back(std::move(wordings));
    }
    c.finding = describe(all, scars, all_drawn, any_core, said);
    if (said.extent && !all.empty()) {
        std::size_t wall = 0, scar = 0;
        for (const std::uint8_t label : c.label.voxels) {
            wall += anatomy::is_wall(label);
            scar += label == 3 || label == 4;
        }
        const double percent = std::max(1.0, std::round(100.0 * static_cast<double>(scar) / static_cast<double>(wall)));
        c.finding.extent_percent = {percent, percent};
    }
    c.report = report(c.finding, settings.style, random);
}

// Segments of the scar pixels that a slice holds, old ones too.
Segments segments_in(volume::Slice<const std::uint8_t> label, const anatomy::WallBorders& wall, Level level, Degrees insertion) {
    Segments found;
    for (std::size_t y = 0; y < label.height; ++y)
        for (std::size_t x = 0; x < label.width; ++x)
            if (label(x, y) == 3 || label(x, y) == 4)
                found.add(segment_of_pixel(x, y, level, wall, insertion));
    return found;
}

// Scanners store stacks from either end and either side; the affine tells.
template <class T>
void store_backwards(volume::Volume<T>& v, bool columns, bool slices) {
    const auto [w, h, n] = v.grid.shape;
    if (columns) {
        for (std::size_t row = 0; row < h * n; ++row) std::reverse(v.voxels.begin() + static_cast<std::ptrdiff_t>(row * w), v.voxels.begin() + static_cast<std::ptrdiff_t>((row + 1) * w));
        v.grid.index_to_lps.set_column(3, v.grid.index_to_lps({static_cast<double>(w - 1), 0, 0}));
        v.grid.index_to_lps.set_column(0, volume::operator*(v.grid.index_to_lps.column(0), -1.0));
    }
    if (slices) {
        for (std::size_t k = 0; k < n / 2; ++k) std::swap_ranges(v.slice(k).pixels, v.slice(k).pixels + w * h, v.slice(n - 1 - k).pixels);
        v.grid.index_to_lps.set_column(3, v.grid.index_to_lps({0, 0, static_cast<double>(n - 1)}));
        v.grid.index_to_lps.set_column(2, volume::operator*(v.grid.index_to_lps.column(2), -1.0));
    }
}

}  // namespace

DrawnCase draw_case(const Settings& settings, std::uint64_t seed, std::uint64_t index) {
    const Population& p = settings.population;
    Random random(seed, index, "controller");
    DrawnCase c;
    c.id = fmt::format("phantom-{:06}", index);
    c.level = draw_levels(p, seed, index);
    const Heart heart = draw_heart(p, {settings.pose, settings.size, settings.spacing_mm}, seed, index);
    const bool scarred = !random.chance(settings.normal_fraction);
    // A wish that no room was found for is drawn anew; after that the heart counts as normal, and its texts say so.
    constexpr int attempts = 8;
    std::vector<Scar> scars;
    Phantom phantom;
    for (int attempt = 0; attempt < (scarred ? attempts : 1); ++attempt) {
        if (scarred) {
            const double strength = heart.inversion ? heart.scar_signal : random.uniform(p.scar_signal.low, p.scar_signal.high);
            scars = draw_scars(settings.wish, c.level, 0.9 * strength, 1.1 * strength, random.uniform(p.thin.low, p.thin.high), random);
        }
        phantom = draw_phantom(heart, c.level, scars, seed, index);
        if (std::any_of(phantom.segments.begin(), phantom.segments.end(), [](Segments s) { return !s.empty(); })) break;
    }
    c.image = std::move(phantom.image);
    c.label = std::move(phantom.label);
    c.landmarks = phantom.landmarks;
    write_texts(c, phantom.segments, phantom.scars, scars, settings, random);
    if (settings.pose == Pose::random) {
        store_backwards(c.image, heart.stored_mirrored, heart.stored_from_apex);
        store_backwards(c.label, heart.stored_mirrored, heart.stored_from_apex);
        if (heart.stored_from_apex) {
            std::reverse(c.level.begin(), c.level.end());
            std::reverse(c.slice_findings.begin(), c.slice_findings.end());
            std::reverse(c.captions.begin(), c.captions.end());
        }
    }
    return c;
}

DrawnCase draw_into(const io::Cohort& cohort, std::size_t which, const Settings& settings, std::uint64_t seed, std::uint64_t index) {
    const io::CohortCase& source = cohort.cases.at(which);
    if (cohort.label.empty()) throw Error(ExitCode::bad_data, "the cohort has no labels: scars are drawn where /label says the wall is");
    DrawnCase c;
    c.id = fmt::format("{}-{:06}", source.id, index);
    c.landmarks = source.landmarks;
    const volume::Grid grid = cohort.grid(which);
    c.image = volume::Volume<float>(grid);
    c.label = volume::Volume<std::uint8_t>(grid);
    const std::size_t first = source.first_slice, n = source.slice_count, size = cohort.slice_size();
    std::copy_n(cohort.image.data() + first * size, n * size, c.image.voxels.data());
    std::copy_n(cohort.label.data() + first * size, n * size, c.label.voxels.data());
    c.level.assign(cohort.level.begin() + static_cast<std::ptrdiff_t>(first), cohort.level.begin() + static_cast<std::ptrdiff_t>(first + n));
    if (std::find(c.level.begin(), c.level.end(), Level::unknown) != c.level.end())
        throw Error(ExitCode::bad_data, "the cohort has slices of unknown level: segments need /level");

    Random random(seed, index, "scar");
    const Range signal = settings.population.scar_signal;
    const bool scarred = !random.chance(settings.normal_fraction);
    const auto tissue = measure(c.image.voxels, c.label.voxels);
    std::vector<std::optional<anatomy::WallBorders>> walls;
    for (std::size_t k = 0; k < n; ++k) walls.push_back(anatomy::find_wall(std::as_const(c.label).slice(k)));

    std::vector<Scar> scars;
    std::vector<ScarMap> maps(n);
    constexpr int attempts = 8;
    bool drawn = false;
    for (int attempt = 0; scarred && tissue && !drawn && attempt < attempts; ++attempt) {
        const double strength = random.uniform(signal.low, signal.high);
        scars = draw_scars(settings.wish, c.level, 0.9 * strength, 1.1 * strength, 0, random);
        for (std::size_t k = 0; k < n; ++k) {
            if (!walls[k]) continue;
            const double z = n > 1 ? static_cast<double>(k) / static_cast<double>(n - 1) : 0.5;
            maps[k] = map_scars(scars, z, c.level[k], *walls[k], anatomy::canonical_insertion, c.label.slice(k), random);
            drawn = drawn || !maps[k].segments.empty();
        }
    }
    std::vector<Segments> segments(n);
    std::vector<std::uint32_t> marks(n);
    const double blur_px = random.uniform(0.5, 0.9);
    for (std::size_t k = 0; k < n; ++k) {
        if (tissue) paint(c.image.slice(k), maps[k], *tissue, blur_px, random);
        if (walls[k]) segments[k] = segments_in(std::as_const(c.label).slice(k), *walls[k], c.level[k], anatomy::canonical_insertion);
        marks[k] = maps[k].scars;
    }
    write_texts(c, segments, marks, scars, settings, random);
    return c;
}

}  // namespace lge::synth
