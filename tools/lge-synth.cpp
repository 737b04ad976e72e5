// lge-synth - draw hearts, scars and the sentences that describe them
#include "lge/base/hash.hpp"
#include "lge/base/parallel.hpp"
#include "lge/base/stream.hpp"
#include "lge/cli/program.hpp"
#include "lge/synth/store.hpp"

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
    bool phantom = false;
    std::string population = "wide";
    std::optional<std::size_t> count;
    double normal_fraction = 0.4;
    synth::Prior prior = synth::Prior::clinical;
    std::optional<anatomy::Wall> wall;
    std::optional<anatomy::Extent> extent;
    std::vector<anatomy::Level> level;
    synth::Pose pose = synth::Pose::canonical;
    std::optional<unsigned> size;
    std::optional<Mm> spacing;
    unsigned wordings = 3;
    synth::Style style = synth::Style::clinical;
    std::optional<std::string> output_dir, captions, reports, findings;
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
         option<Options>("prior", 0, "prior", &Options::prior,
                         "How scars are chosen: clinical weighs coronary territories and the common other patterns, uniform takes every wall, level and extent alike."),
         option<Options>("wall", 0, "wall", &Options::wall, "Draw scars in this wall only."),
         option<Options>("extent", 0, "extent", &Options::extent, "Draw scars of this extent only."),
         option<Options>("level", 0, "level", &Options::level, "Draw scars at this level only; repeat it for several."),
         option<Options>("pose", 0, "pose", &Options::pose, "Pose of phantoms: canonical, or random as scanners store them (with --output-dir)."),
         number<Options>("size", 0, "pixels", &Options::size, 32, 512, "Side of a canonical phantom's slices; by default 128."),
         number<Options>("spacing", 0, "mm", &Options::spacing, 0.5, 4, "Pixel size of a canonical phantom; by default 1.25."),
         number<Options>("wordings", 0, "count", &Options::wordings, 1, 32, "Captions for each slice."),
         option<Options>("style", 0, "style", &Options::style, "Language of captions and reports.")},
        lge::cli::output_options<Options>("Write the cohort to file; - is standard output."),
        {option<Options>("output-dir", 0, "folder", &Options::output_dir,
                         "Write NIfTI stacks, labels, reports and truth into folder instead of a cohort (phantoms only)."),
         option<Options>("captions", 0, "file", &Options::captions, "Also write the captions to file, one lge.caption/1 record for each wording."),
         option<Options>("reports", 0, "file", &Options::reports, "Also write the reports to file, one object with id and text for each case."),
         option<Options>("findings", 0, "file", &Options::findings, "Also write the truth to file, one lge.finding/1 record for each case."),
         lge::cli::seed_option<Options>(), lge::cli::thread_option<Options>(), lge::cli::shard_option<Options>()},
    }),
};

void check(const Options& o, const std::vector<std::string>& operands) {
    const auto refuse = [](const char* why) { throw Error(ExitCode::usage, why); };
    if (o.phantom == !operands.empty()) refuse("wanted either --phantom or a cohort to draw into");
    if (o.output_dir && !o.phantom) refuse("--output-dir is for phantoms: a cohort's scars go to a cohort (--output)");
    if (o.output_dir && o.output != "-") refuse("wanted either --output or --output-dir");
    if (o.pose == synth::Pose::random && !o.output_dir) refuse("--pose random needs --output-dir: a cohort lies in the canonical pose");
    if (!o.phantom && (o.size || o.spacing)) refuse("--size and --spacing are for phantoms: a cohort keeps its own");
    if (o.count == std::size_t{0}) refuse("--count: wanted 1 or more");
}

/// A file beside the main output: opened before the work, so that one in the way is known at once.
struct Side {
    std::optional<lge::Output> file;
    Side(const std::optional<std::string>& path, lge::Overwrite overwrite) { if (path) file.emplace(*path, overwrite); }
    void write(const std::string& lines) { if (file) file->write(lines); }
    void commit() { if (file) file->commit(); }
};

ExitCode run(const Options& o, const std::vector<std::string>& operands, lge::cli::Context& context) {
    check(o, operands);
    const synth::Wish wish{o.wall, o.extent, o.level, o.prior};
    synth::check(wish);
    const synth::Settings settings{synth::load_population(o.population), wish, o.style, o.normal_fraction, o.pose,
                                   o.size.value_or(128), o.spacing.value_or(Mm{1.25}).value, o.wordings};
    const auto shard = lge::cli::parse_shard(o.shard);
    const auto overwrite = o.force ? lge::Overwrite::yes : lge::Overwrite::no;

    lge::io::History history{context.invocation.tool, context.invocation.version, context.invocation.options, {settings.population.sha256}};
    std::erase_if(history.options, [](const auto& named) {
        return named.first == "output-dir" || named.first == "captions" || named.first == "reports" || named.first == "findings";
    });

    std::optional<lge::io::Cohort> source;
    if (!o.phantom) {
        lge::refuse_same_file(operands[0], o.output);
        lge::Input input(operands[0]);
        const lge::Bytes file = lge::read_all(input);
        source = lge::io::decode_cohort(file, input.name());
        if (source->label.empty()) input.refuse("no labels: scars are drawn where they say that the wall is");
        if (source->cases.empty()) input.refuse("no cases");
        history.inputs.push_back(lge::sha256(file));
    }
    std::optional<lge::Output> out;
    std::optional<synth::StackFolder> folder;
    if (o.output_dir) folder.emplace(*o.output_dir, overwrite);
    else out.emplace(o.output, overwrite).refuse_terminal();
    Side captions(o.captions, overwrite), reports(o.reports, overwrite), findings(o.findings, overwrite);

    const std::size_t count = o.count.value_or(source ? source->cases.size() : 100);
    lge::io::Cohort cohort;
    cohort.width = source ? source->width : settings.size;
    cohort.height = source ? source->height : settings.size;
    cohort.spacing_mm = source ? source->spacing_mm : settings.spacing_mm;
    cohort.normalisation = source ? source->normalisation : "none";
    cohort.history = history.json();
    std::size_t cases = 0, with_scar = 0, slices = 0;
    {
        struct Made { synth::DrawnCase drawn; synth::Stack stack; };
        lge::Progress progress(context.log, "cases", count / shard.count);
        std::size_t index = shard.index;
        const auto next = [&] { const auto i = index; index += shard.count; return i < count ? std::optional(i) : std::nullopt; };
        const auto make = [&](std::size_t i) {
            Made m{source ? synth::draw_into(*source, i % source->cases.size(), settings, o.seed, i) : synth::draw_case(settings, o.seed, i), {}};
            if (folder) m.stack = synth::encode_stack(m.drawn, history);
            return m;
        };
        const auto take = [&](const Made& m) {
            if (folder) folder->add(m.drawn, m.stack);
            else synth::append(cohort, m.drawn);
            captions.write(synth::caption_lines(m.drawn));
            reports.write(synth::report_line(m.drawn));
            findings.write(synth::finding_line(m.drawn));
            ++cases;
            slices += m.drawn.level.size();
            with_scar += m.drawn.finding.lge == anatomy::Presence::present;
            progress.add();
        };
        lge::ordered_parallel(lge::thread_count(o.threads), next, make, take);
    }
    if (folder) folder->commit();
    if (out) {
        out->write(lge::io::encode_cohort(cohort));
        out->commit();
    }
    for (Side* side : {&captions, &reports, &findings}) side->commit();
    context.log.note("{} cases ({} with scar), {} slices", cases, with_scar, slices);
    return ExitCode::ok;
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, run); }
