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
    for (const Level level : {Level::basal, Level::mid, Level::apical, Level::apex})
        if (!(segments & segments_of(level)).empty()) f.levels.emplace_back(anatomy::word(level));
    f.walls = wall_words(segments);
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
            scar += anatomy::is_scar(label);
        }
        const double percent = std::max(1.0, std::round(100.0 * static_cast<double>(scar) / static_cast<double>(wall)));
        c.finding.extent_percent = {percent, percent};
    }
    c.report = report(c.finding, settings.style, random);
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

// How often a draw is tried anew that had no room in the wall or cannot be told from it; after that the heart counts as
// normal, and its texts say so.
constexpr unsigned attempts = 8, phantom_attempts = 4;

ScarStyle style_of(const Population& p, Range signal, double thin) {
    const auto share = [](Range r) { return 0.5 * (r.low + r.high); };
    return {signal, p.scar_texture, thin, share(p.small_scar), share(p.grey_zone)};
}

// Pixels of a phantom as its recipe says; quality and segments with it.
struct Drawn { Phantom phantom; Quality quality; bool good = false; };
Drawn draw_pixels(const Recipe& r, double gate_sd) {
    Drawn d{draw_phantom(*r.heart, r.levels, r.scars, r.seed, r.index), {}, false};
    if (!r.scars.empty()) d.quality = judge(d.phantom.image, d.phantom.label, {});
    d.good = r.scars.empty() || d.quality.good(gate_sd);
    return d;
}

DrawnCase finish(Drawn d, const Settings& settings, Recipe recipe) {
    DrawnCase c;
    c.id = fmt::format("phantom-{:06}", recipe.index);
    c.level = recipe.levels;
    c.image = std::move(d.phantom.image);
    c.label = std::move(d.phantom.label);
    c.landmarks = d.phantom.landmarks;
    c.quality = d.quality;
    Random random(recipe.seed, recipe.index, "words");
    write_texts(c, d.phantom.segments, d.phantom.scars, recipe.scars, settings, random);
    if (recipe.heart->stored_mirrored || recipe.heart->stored_from_apex) {
        const bool slices = recipe.heart->stored_from_apex;
        store_backwards(c.image, recipe.heart->stored_mirrored, slices);
        store_backwards(c.label, recipe.heart->stored_mirrored, slices);
        if (slices) {
            std::reverse(c.level.begin(), c.level.end());
            std::reverse(c.slice_findings.begin(), c.slice_findings.end());
            std::reverse(c.captions.begin(), c.captions.end());
        }
    }
    c.recipe = std::move(recipe);
    return c;
}

// Scars of a recipe in a heart: labels and maps of all slices.
struct Mapped {
    volume::Volume<std::uint8_t> label;
    std::vector<ScarMap> maps;
    bool any = false;
};
Mapped map_into(const Canvas& canvas, const Recipe& r) {
    const std::size_t n = canvas.level.size();
    Mapped m{volume::Volume<std::uint8_t>(canvas.grid), std::vector<ScarMap>(n), false};
    std::copy(canvas.label.begin(), canvas.label.end(), m.label.voxels.begin());
    Random random(r.seed, r.index, "shape");
    for (std::size_t k = 0; k < n; ++k) {
        if (!canvas.walls[k]) continue;
        const double z = n > 1 ? static_cast<double>(k) / static_cast<double>(n - 1) : 0.5;
        m.maps[k] = map_scars(r.scars, z, *canvas.walls[k], m.label.slice(k), random);
        m.any = m.any || !m.maps[k].segments.empty();
    }
    return m;
}

volume::Volume<float> paint_into(const Canvas& canvas, const Recipe& r, std::span<const ScarMap> maps) {
    volume::Volume<float> image(canvas.grid);
    std::copy(canvas.image.begin(), canvas.image.end(), image.voxels.begin());
    Random random(r.seed, r.index, "paint");
    for (std::size_t k = 0; k < maps.size(); ++k) if (canvas.tissue[k]) paint(image.slice(k), maps[k], *canvas.tissue[k], r.blur_px, random);
    if (r.look_alike)
        for (std::size_t k = 0; k < canvas.walls.size(); ++k)
            if (canvas.walls[k] && canvas.tissue[k] && random.chance(0.5)) paint_look_alike(image.slice(k), *canvas.walls[k], *canvas.tissue[k], random);
    return image;
}

DrawnCase finish(const Canvas& canvas, volume::Volume<float> image, Mapped mapped, const Settings& settings, Recipe recipe) {
    DrawnCase c;
    c.id = fmt::format("{}-{:06}", canvas.id, recipe.index);
    c.landmarks = canvas.landmarks;
    c.level = canvas.level;
    c.image = std::move(image);
    c.label = std::move(mapped.label);
    std::vector<Segments> segments(c.level.size());
    std::vector<std::uint32_t> marks(c.level.size());
    for (std::size_t k = 0; k < c.level.size(); ++k) {
        if (canvas.walls[k]) segments[k] = segments_with_scar(*canvas.walls[k], std::as_const(c.label).slice(k));
        marks[k] = mapped.maps[k].scars;
    }
    Random random(recipe.seed, recipe.index, "words");
    write_texts(c, segments, marks, recipe.scars, settings, random);
    c.recipe = std::move(recipe);
    return c;
}

}  // namespace

DrawnCase draw_case(const Settings& settings, std::uint64_t seed, std::uint64_t index) {
    const Population& p = settings.population;
    Random random(seed, index, "controller");
    Recipe recipe;
    recipe.seed = seed, recipe.index = index;
    recipe.levels = draw_levels(p, seed, index);
    recipe.heart = draw_heart(p, {settings.pose, settings.size, settings.spacing_mm}, seed, index);
    if (random.chance(settings.hard_fraction)) {
        bool Heart::* const kinds[] = {&Heart::unnulled, &Heart::streak, &Heart::slow_blood};
        (*recipe.heart).*kinds[random.below(3)] = true;
    }
    const bool wanted = !random.chance(settings.normal_fraction);
    const double thin = random.uniform(p.thin.low, p.thin.high), own = recipe.heart->scar_signal;
    ScarStyle style = style_of(p, recipe.heart->inversion ? Range{own, own} : p.scar_signal, thin);
    unsigned refused = 0;
    Drawn drawn;
    for (; wanted && !drawn.good && refused < phantom_attempts; refused += !drawn.good) {
        // A whole stack is drawn each time, so what was too faint is tried anew brighter.
        style.signal.low += (style.signal.high - style.signal.low) * refused / (phantom_attempts - 1);
        recipe.scars = draw_scars(settings.wish, recipe.levels, style, random);
        drawn = draw_pixels(recipe, settings.gate_sd);
    }
    if (!drawn.good) {
        recipe.scars.clear();
        drawn = draw_pixels(recipe, settings.gate_sd);
    }
    DrawnCase c = finish(std::move(drawn), settings, std::move(recipe));
    c.refused = refused;
    c.gave_up = wanted && c.recipe.scars.empty();
    return c;
}

DrawnSlice draw_slice(const Settings& settings, std::uint64_t seed, std::uint64_t index) {
    const Population& p = settings.population;
    Random random(seed, index, "single slice");
    const std::vector<Level> levels = draw_levels(p, seed, index);
    const Heart heart = draw_heart(p, {settings.pose, settings.size, settings.spacing_mm}, seed, index);
    std::vector<Scar> scars;
    if (!random.chance(settings.normal_fraction)) {
        const Range own{heart.scar_signal, heart.scar_signal};
        scars = draw_scars(settings.wish, levels, style_of(p, heart.inversion ? own : p.scar_signal, random.uniform(p.thin.low, p.thin.high)), random);
    }
    const std::size_t k = random.below(static_cast<std::uint32_t>(levels.size()));
    Phantom phantom = draw_phantom(heart, levels, scars, seed, index, k);
    return {std::move(phantom.image), std::move(phantom.label), levels[k], phantom.insertions};
}

DrawnCase redraw_case(const Settings& settings, const Recipe& recipe) { return finish(draw_pixels(recipe, 0), settings, recipe); }

Canvas prepare(const io::Cohort& cohort, std::size_t which) {
    const io::CohortCase& source = cohort.cases.at(which);
    if (cohort.label.empty()) throw Error(ExitCode::bad_data, "the cohort has no labels: scars are drawn where /label says the wall is");
    Canvas c;
    c.id = source.id;
    c.landmarks = source.landmarks;
    c.grid = cohort.grid(which);
    const std::size_t first = source.first_slice, n = source.slice_count, size = cohort.slice_size();
    c.image = {cohort.image.data() + first * size, n * size};
    c.label = {cohort.label.data() + first * size, n * size};
    c.level.assign(cohort.level.begin() + static_cast<std::ptrdiff_t>(first), cohort.level.begin() + static_cast<std::ptrdiff_t>(first + n));
    if (std::find(c.level.begin(), c.level.end(), Level::unknown) != c.level.end())
        throw Error(ExitCode::bad_data, "the cohort has slices of unknown level: segments need /level");
    const auto whole = measure(c.image, c.label, 10);
    for (std::size_t k = 0; k < n; ++k) {
        // Scanners scale each slice by itself: a slice is its own measure where it holds enough of both tissues.
        const auto own = measure(c.image.subspan(k * size, size), c.label.subspan(k * size, size), 60);
        c.tissue.push_back(own ? own : whole);
        c.walls.push_back(find_slice_wall(cohort.label_slice(first + k), c.level[k], anatomy::canonical_insertion, cohort.spacing_mm));
    }
    return c;
}

DrawnCase draw_into(const Canvas& canvas, const Settings& settings, std::uint64_t seed, std::uint64_t index) {
    Random random(seed, index, "controller");
    Recipe recipe;
    recipe.seed = seed, recipe.index = index;
    const std::optional<Tissue>& middle = canvas.tissue[canvas.tissue.size() / 2];
    recipe.look_alike = middle && random.chance(settings.hard_fraction);
    recipe.blur_px = random.uniform(0.5, 0.9);
    const bool wanted = !random.chance(settings.normal_fraction) && middle;
    unsigned refused = 0;
    Mapped mapped;
    volume::Volume<float> image;
    Quality quality;
    bool good = false;
    for (; wanted && !good && refused < attempts; refused += !good) {
        const double signal = fitted_signal(*middle, draw_relaxation(settings.population, random));
        recipe.scars = draw_scars(settings.wish, canvas.level, style_of(settings.population, {signal, signal}, 0), random);
        mapped = map_into(canvas, recipe);
        if (!mapped.any) continue;
        image = paint_into(canvas, recipe, mapped.maps);
        quality = judge(image, mapped.label, canvas.label);
        good = quality.good(settings.gate_sd);
    }
    if (!good) {
        recipe.scars.clear();
        mapped = map_into(canvas, recipe);
        image = paint_into(canvas, recipe, mapped.maps);
    }
    DrawnCase c = finish(canvas, std::move(image), std::move(mapped), settings, std::move(recipe));
    if (good) c.quality = quality;
    c.refused = refused;
    c.gave_up = wanted && c.recipe.scars.empty();
    return c;
}

DrawnCase redraw_into(const Canvas& canvas, const Settings& settings, const Recipe& recipe) {
    Mapped mapped = map_into(canvas, recipe);
    volume::Volume<float> image = paint_into(canvas, recipe, mapped.maps);
    const Quality quality = recipe.scars.empty() ? Quality{} : judge(image, mapped.label, canvas.label);
    DrawnCase c = finish(canvas, std::move(image), std::move(mapped), settings, recipe);
    c.quality = quality;
    return c;
}

}  // namespace lge::synth
