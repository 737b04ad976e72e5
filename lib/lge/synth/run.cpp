#include "lge/synth/run.hpp"

#include "lge/base/error.hpp"
#include "lge/base/parallel.hpp"
#include "lge/io/records.hpp"
#include "lge/synth/fit.hpp"
#include "lge/synth/record.hpp"

#include <fmt/format.h>

namespace lge::synth {
namespace {

struct Numbered { Replay replay; bool first = false; };

// An empty cohort like the source, or for phantoms of this size.
io::Cohort frame_of(const io::Cohort* source, std::size_t size, double spacing_mm) {
    io::Cohort frame;
    frame.width = source ? source->width : size;
    frame.height = source ? source->height : size;
    frame.spacing_mm = source ? source->spacing_mm : spacing_mm;
    frame.normalisation = source ? source->normalisation : "none";
    frame.image_type = image_type_of(source);
    return frame;
}

[[noreturn]] void refuse_shard(const Run& run, std::size_t cases) {
    throw Error(ExitCode::usage, fmt::format("--shard {}/{} has nothing to do: there are {} cases", run.shard_index + 1, run.shard_count, cases));
}

void report(const Summary& s, const Log& log) {
    log.note("{} cases ({} with scar), {} slices; {} draws refused, {} hearts left without the scar they should have had", s.cases, s.with_scar, s.slices, s.refused, s.gave_up);
}

}  // namespace

void draw(const Run& run, const io::Cohort* source, const Log& log) {
    std::optional<Canvases> canvases;
    if (source) canvases.emplace(*source);
    Store store(run.destinations, run.history, frame_of(source, run.settings.size, run.settings.spacing_mm));
    const std::size_t count = run.count.value_or(source ? source->cases.size() : 100);
    if (run.shard_index >= count) refuse_shard(run, count);
    Progress progress(log, "cases", (count - run.shard_index + run.shard_count - 1) / run.shard_count);
    std::size_t index = run.shard_index;
    const auto next = [&] { const auto i = index; index += run.shard_count; return i < count ? std::optional(i) : std::nullopt; };
    const auto make = [&](std::size_t i) {
        DrawnCase c = canvases ? draw_into(canvases->at(i % canvases->size()), run.settings, run.seed, i) : draw_case(run.settings, run.seed, i);
        if (canvases) c.recipe.source = i % canvases->size();
        return store.encode(c, run.settings, i == run.shard_index);
    };
    ordered_parallel(run.threads, next, make, [&](Encoded e) {
        store.add(std::move(e));
        progress.add();
    });
    store.commit();
    report(store.summary(), log);
}

void replay(const Run& run, const std::string& records, const io::Cohort* source, const Log& log) {
    json::Lines lines{Input(records)};
    const auto read = [&]() -> std::optional<Replay> {
        const auto value = lines.next();
        if (!value) return std::nullopt;
        try {
            Replay r = parse_recipe(*value);
            if (r.recipe.heart.has_value() == (source != nullptr))
                throw Error(ExitCode::bad_data, source ? "a phantom's record needs no cohort" : "the record is of scars in a cohort: wanted the cohort too");
            if (source && r.recipe.source >= source->cases.size()) throw Error(ExitCode::bad_data, "the cohort has no such case");
            return r;
        } catch (const Error& e) {
            lines.refuse(e.what());
        }
    };
    std::optional<Replay> ahead = read();
    if (!ahead) throw Error(ExitCode::bad_data, display_name(records) + ": no records");
    const io::History history = ahead->history.value_or(run.history);
    const auto size = ahead->recipe.heart ? static_cast<std::size_t>(ahead->recipe.heart->size) : 0;
    const double spacing = ahead->recipe.heart ? ahead->recipe.heart->spacing_mm : 0;
    if (ahead->recipe.heart && ahead->recipe.heart->turn_deg != 0 && !run.destinations.folder)
        lines.refuse("the stack lies in a random pose: wanted --output-dir");
    std::optional<Canvases> canvases;
    if (source) canvases.emplace(*source);
    Store store(run.destinations, history, frame_of(source, size, spacing));
    std::size_t line = 0;
    bool first = true;
    const auto next = [&]() -> std::optional<Numbered> {
        std::optional<Replay> r;
        do {
            r = ahead ? std::exchange(ahead, std::nullopt) : read();
        } while (r && line++ % run.shard_count != run.shard_index);
        if (r && r->recipe.heart && !run.destinations.folder && (r->recipe.heart->size != static_cast<double>(size) || r->recipe.heart->spacing_mm != spacing))
            lines.refuse("slices of another size than the first record's");
        if (!r) return std::nullopt;
        return Numbered{std::move(*r), std::exchange(first, false)};
    };
    const auto make = [&](const Numbered& n) {
        const Replay& r = n.replay;
        DrawnCase c = canvases ? redraw_into(canvases->at(r.recipe.source), r.settings, r.recipe) : redraw_case(r.settings, r.recipe);
        c.refused = r.refused, c.gave_up = r.gave_up;
        return store.encode(c, r.settings, n.first);
    };
    ordered_parallel(run.threads, next, make, [&](Encoded e) { store.add(std::move(e)); });
    if (store.summary().cases == 0) refuse_shard(run, line);
    store.commit();
    report(store.summary(), log);
}

ExitCode fit(const io::Cohort& source, const std::string& output, Overwrite overwrite, const Log& log) {
    Output out(output, overwrite);
    std::vector<std::vector<Scar>> hearts;
    for (std::size_t c = 0; c < source.cases.size(); ++c)
        if (auto scars = fit_scars(prepare(source, c)); !scars.empty()) hearts.push_back(std::move(scars));
    log.note("{} of {} hearts have scar", hearts.size(), source.cases.size());
    if (hearts.empty()) return ExitCode::no;
    out.write(write_prior(hearts, "fitted"));
    out.commit();
    return ExitCode::ok;
}

}  // namespace lge::synth
