// lge-synth - draw hearts, scars and the sentences that describe them
#include "lge/base/hash.hpp"
#include "lge/base/parallel.hpp"
#include "lge/base/stream.hpp"
#include "lge/cli/program.hpp"
#include "lge/synth/run.hpp"

#include <algorithm>

namespace {

using lge::Error;
using lge::ExitCode;
using lge::Mm;
using lge::cli::number;
using lge::cli::option;
namespace anatomy = lge::anatomy;
namespace synth = lge::synth;

struct Options : lge::cli::OutputOptions, lge::cli::SeedOptions, lge::cli::ThreadOptions, lge::cli::ShardOptions {
    bool phantom = false, fit = false;
    std::optional<std::string> replay;
    std::string population = "wide", prior = "clinical";
    std::optional<std::size_t> count;
    double normal_fraction = 0.4, hard_fraction = 0, gate = 5;
    std::optional<anatomy::Wall> wall;
    std::optional<anatomy::Extent> extent;
    std::vector<anatomy::Level> level;
    std::optional<double> transmurality;
    std::optional<lge::Degrees> arc;
    std::optional<unsigned> scars, size;
    synth::Pose pose = synth::Pose::canonical;
    std::optional<Mm> spacing;
    unsigned wordings = 3;
    synth::Style style = synth::Style::clinical;
    std::optional<std::string> output_dir, captions, hard_captions, reports, findings, records, summary;
};

const lge::cli::Program<Options> program{
    .name = "lge-synth",
    .purpose = "draw hearts, scars and the sentences that describe them",
    .operands = {{"cohort", "hearts with labels to draw scars into, or - (with --phantom: none)", lge::cli::Arity::optional}},
    .options = lge::cli::table<Options>({
        {option<Options>("phantom", 0, "", &Options::phantom, "Draw whole hearts too, from no image at all."),
         option<Options>("population", 0, "name", &Options::population,
                         "Ranges to draw from: wide (for training), hard (hard negatives, for thresholds), mild (for demonstrations), or a file of ranges."),
         option<Options>("count", 'n', "cases", &Options::count, "Cases to draw; by default 100 phantoms, or one version of each case of the cohort."),
         number<Options>("normal-fraction", 0, "share", &Options::normal_fraction, 0, 1, "Share of cases that get no scar."),
         number<Options>("hard-fraction", 0, "share", &Options::hard_fraction, 0, 1,
                         "Share of cases that get something that looks like scar and is none, beyond the share of the population's phantoms."),
         option<Options>("prior", 0, "prior", &Options::prior,
                         "How scars are chosen: clinical weighs coronary territories and the common other patterns, uniform takes every wall, level and "
                         "extent alike, and a file that --fit wrote follows the hearts that it was written from."),
         option<Options>("wall", 0, "wall", &Options::wall, "Draw scars in this wall only; lateral is the posterior (inferolateral) and the anterolateral wall together."),
         option<Options>("extent", 0, "extent", &Options::extent, "Draw scars of this extent only."),
         option<Options>("level", 0, "level", &Options::level, "Draw scars at this level only; repeat it for several."),
         number<Options>("transmurality", 0, "percent", &Options::transmurality, 15, 100, "Share of the wall's thickness that scars take (with --extent)."),
         number<Options>("arc", 0, "degrees", &Options::arc, 10, 360, "Angle that scars span."),
         number<Options>("scars", 0, "count", &Options::scars, 1, 8, "Scars of a heart; by default one, in a fifth of hearts two."),
         number<Options>("gate", 0, "sd", &Options::gate, 0, 100,
                         "Contrast over remote wall, in its SDs, that scars must have, else they are drawn anew; 0 takes any."),
         option<Options>("fit", 0, "", &Options::fit, "Write a prior file from the cohort's own scars instead of drawing."),
         option<Options>("replay", 0, "file", &Options::replay, "Draw the cases of these lge.synth/1 records again, byte for byte; with a cohort: into it."),
         option<Options>("pose", 0, "pose", &Options::pose, "Pose of phantoms: canonical, or random as scanners store them (with --output-dir)."),
         number<Options>("size", 0, "pixels", &Options::size, 32, 512, "Side of a canonical phantom's slices; by default 128."),
         number<Options>("spacing", 0, "mm", &Options::spacing, 0.5, 4, "Pixel size of a canonical phantom; by default 1.25."),
         number<Options>("wordings", 0, "count", &Options::wordings, 1, 32, "Captions for each slice."),
         option<Options>("style", 0, "style", &Options::style, "Language of captions and reports.")},
        lge::cli::output_options<Options>("Write the cohort (with --fit: the prior) to file; - is standard output."),
        {option<Options>("output-dir", 0, "folder", &Options::output_dir,
                         "Write NIfTI stacks, labels, reports and truth into folder instead of a cohort (phantoms only)."),
         option<Options>("captions", 0, "file", &Options::captions, "Also write the captions to file, one lge.caption/1 record for each wording."),
         option<Options>("hard-captions", 0, "file", &Options::hard_captions, "Also write to file a caption of each slice that is wrong in exactly one field."),
         option<Options>("reports", 0, "file", &Options::reports, "Also write the reports to file, one object with id and text for each case."),
         option<Options>("findings", 0, "file", &Options::findings, "Also write the truth to file, one lge.finding/1 record for each case."),
         option<Options>("records", 0, "file", &Options::records, "Also write to file everything that was drawn, one lge.synth/1 record for each case."),
         option<Options>("summary", 0, "file", &Options::summary, "Also write counts and means of what was drawn to file, one JSON object."),
         lge::cli::seed_option<Options>(), lge::cli::thread_option<Options>(), lge::cli::shard_option<Options>()},
    }),
};

void check(const Options& o, const std::vector<std::string>& operands) {
    const auto refuse = [](const char* why) { throw Error(ExitCode::usage, why); };
    const bool cohort = !operands.empty();
    if (o.fit && (!cohort || o.phantom || o.replay)) refuse("--fit: wanted a cohort, and neither --phantom nor --replay");
    if (o.fit && (o.output_dir || o.captions || o.hard_captions || o.reports || o.findings || o.records || o.summary)) refuse("--fit writes a prior file only (--output)");
    if (o.replay && o.phantom) refuse("--replay tells itself what is drawn: leave out --phantom");
    if (o.replay && *o.replay == "-" && cohort && operands[0] == "-") refuse("standard input can be read once only");
    if (!o.replay && o.phantom == cohort) refuse("wanted either --phantom or a cohort to draw into");
    if (o.output_dir && cohort) refuse("--output-dir is for phantoms: a cohort's scars go to a cohort (--output)");
    if (o.output_dir && o.output != "-") refuse("wanted either --output or --output-dir");
    if (o.pose == synth::Pose::random && !o.output_dir) refuse("--pose random needs --output-dir: a cohort lies in the canonical pose");
    if (cohort && (o.size || o.spacing)) refuse("--size and --spacing are for phantoms: a cohort keeps its own");
    std::vector<std::string> outputs;
    if (!o.output_dir) outputs.push_back(o.output);
    for (const auto* beside : {&o.captions, &o.hard_captions, &o.reports, &o.findings, &o.records, &o.summary})
        if (*beside) outputs.push_back(**beside);
    lge::refuse_shared_outputs(outputs);
    if (o.count == std::size_t{0}) refuse("--count: wanted 1 or more");
}

ExitCode run(const Options& o, const std::vector<std::string>& operands, lge::cli::Context& context) {
    check(o, operands);
    synth::Run r;
    r.settings = {synth::load_population(o.population), {}, o.style, o.normal_fraction, o.hard_fraction, o.gate, o.pose, o.size.value_or(128), o.spacing.value_or(Mm{1.25}).value, o.wordings};
    r.settings.wish = {o.wall, o.extent, o.level, o.arc ? std::optional(o.arc->value) : std::nullopt, o.transmurality, o.scars, synth::load_prior(o.prior)};
    synth::check(r.settings.wish);
    const auto shard = lge::cli::parse_shard(o.shard);
    r.shard_index = shard.index, r.shard_count = shard.count;
    r.seed = o.seed, r.threads = lge::thread_count(o.threads), r.count = o.count;
    r.destinations = {o.output, o.output_dir, o.captions, o.hard_captions, o.reports, o.findings, o.records, o.summary, o.force ? lge::Overwrite::yes : lge::Overwrite::no};

    r.history = {context.invocation.tool, context.invocation.version, context.invocation.options, {r.settings.population.sha256}};
    if (!r.settings.wish.prior.sha256.empty()) r.history.inputs.push_back(r.settings.wish.prior.sha256);
    std::erase_if(r.history.options, [](const auto& named) {
        for (const char* beside : {"output-dir", "captions", "hard-captions", "reports", "findings", "records", "summary"})
            if (named.first == beside) return true;
        return false;
    });
    std::optional<lge::io::Cohort> cohort;
    if (!operands.empty()) {
        lge::refuse_same_file(operands[0], o.output);
        lge::Input input(operands[0]);
        const lge::Bytes file = lge::read_all(input);
        cohort = lge::io::decode_cohort(file, input.name());
        if (cohort->label.empty()) input.refuse("no labels: scars are drawn where they say that the wall is");
        if (std::find(cohort->level.begin(), cohort->level.end(), anatomy::Level::unknown) != cohort->level.end())
            input.refuse("slices of unknown level: AHA segments need /level");
        r.history.inputs.push_back(lge::sha256(file));
    }
    const lge::io::Cohort* source = cohort ? &*cohort : nullptr;
    if (o.fit) return synth::fit(*source, o.output, r.destinations.overwrite, context.log);
    o.replay ? synth::replay(r, *o.replay, source, context.log) : synth::draw(r, source, context.log);
    return ExitCode::ok;
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, run); }
