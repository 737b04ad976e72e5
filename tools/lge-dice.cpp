// lge-dice - score label maps against a reference
#include "lge/base/stream.hpp"
#include "lge/cli/program.hpp"
#include "lge/io/provenance.hpp"
#include "lge/metrics/dice.hpp"
#include "lge/metrics/format.hpp"
#include "lge/metrics/mask_records.hpp"

#include <algorithm>

namespace {

using lge::ExitCode;
using lge::Mm;
using lge::cli::number;
using lge::cli::option;
using lge::cli::unbounded;
using lge::metrics::Format;
namespace metrics = lge::metrics;

struct Options : lge::cli::OutputOptions, lge::cli::SeedOptions, lge::cli::ThreadOptions {
    std::vector<std::string> label;
    std::optional<std::string> reference_map, prediction_map, reference_suffix, prediction_suffix, groups, compare;
    metrics::By by = metrics::By::case_;
    Mm tolerance{0.01}, surface_tolerance{2}, boundary{2}, lesion_distance{10};
    metrics::Hd95 hd95 = metrics::Hd95::pooled;
    metrics::EmptyPolicy empty = metrics::EmptyPolicy::standard;
    std::optional<metrics::LesionMatch> lesions;
    double lesion_share = 0.1, lesion_minimum = 0;
    bool lesion_faces = false, summary = false, require_all = false, history = false;
    unsigned resamples = 2000;
    std::optional<double> fail_under;
    std::optional<Format> format;
};

const lge::cli::Program<Options> program{
    .name = "lge-dice",
    .purpose = "score label maps against a reference",
    .operands = {{"reference", "label map taken as truth: a NIfTI, NRRD or MetaImage file, a folder of them, a cohort, an lge.case/1 manifest, or -"},
                 {"prediction", "label map to score, of the same kinds, or -"}},
    .options = lge::cli::table<Options>({
        {option<Options>("label", 'l', "name=numbers", &Options::label,
                         "Score the labels with these numbers or words, joined by commas, as one structure. A name alone is one of myocardium "
                         "(2,3,4), lv_cavity (1), scar (3,4), rv_cavity (5), or a label word. Without this option: myocardium, and of the other three "
                         "those that occur."),
         option<Options>("reference-map", 0, "from=to", &Options::reference_map,
                         "Read label numbers of the reference as others, such as 1=5,3=1; those not named stay."),
         option<Options>("prediction-map", 0, "from=to", &Options::prediction_map, "The same for the prediction."),
         option<Options>("reference-suffix", 0, "text", &Options::reference_suffix,
                         "In a folder, take only the files whose name ends in text before the format's ending; what stands before text is the case id."),
         option<Options>("prediction-suffix", 0, "text", &Options::prediction_suffix, "The same for the prediction."),
         option<Options>("by", 'b', "part", &Options::by,
                         "Score whole cases, each slice as an image of its own, each level, or each AHA segment of the reference."),
         number<Options>("tolerance", 't', "mm", &Options::tolerance, 0, unbounded,
                         "How far the corners of two grids may lie apart for the grids to be the same."),
         number<Options>("surface-tolerance", 0, "mm", &Options::surface_tolerance, 0, unbounded,
                         "Distance within which border voxels count as matched for the surface Dice."),
         number<Options>("boundary", 0, "mm", &Options::boundary, 0, unbounded, "Width of the rims that the boundary IoU compares."),
         option<Options>("hd95", 0, "definition", &Options::hd95,
                         "The 95 % Hausdorff distance: the quantile of both directions pooled, or the max or mean of the two directions' quantiles."),
         option<Options>("empty", 0, "policy", &Options::empty,
                         "What an empty mask gives; standard: both empty, overlap 1 and no distance, one empty, overlap 0 and infinite distances; penalty: "
                         "distances 0 and the diagonal of the grid instead; omit: no overlap either where both are empty."),
         option<Options>("lesions", 0, "rule", &Options::lesions,
                         "Also match lesions, the connected pieces of a label: those with any voxel in common, an iou or cover of at least --lesion-share, or a "
                         "centroid within --lesion-distance."),
         number<Options>("lesion-share", 0, "share", &Options::lesion_share, 0, 1, "Intersection over union, or covered share of the reference's lesion, that makes a match."),
         number<Options>("lesion-distance", 0, "mm", &Options::lesion_distance, 0, unbounded, "Distance below which centroids match."),
         number<Options>("lesion-minimum", 0, "ml", &Options::lesion_minimum, 0, unbounded, "Pass over smaller lesions."),
         option<Options>("lesion-faces", 0, "", &Options::lesion_faces, "Lesions hang together through faces only, not through edges and corners."),
         option<Options>("summary", 's', "", &Options::summary, "Write one record for each label over all cases, instead of one for each case."),
         option<Options>("groups", 'g', "file", &Options::groups, "Groups of cases, lines of {\"id\":...,\"group\":...}: summaries and comparisons by group."),
         option<Options>("compare", 'c', "prediction", &Options::compare,
                         "Write, instead of scores, how a second set of predictions (b) differs from the first (a) on the same cases, with Wilcoxon's test."),
         number<Options>("resamples", 0, "count", &Options::resamples, 100, 1000000, "Bootstrap resamples for the intervals of a summary or comparison."),
         option<Options>("require-all", 0, "", &Options::require_all,
                         "End with status 65 when a case of the reference has no prediction, instead of a warning."),
         number<Options>("fail-under", 0, "dice", &Options::fail_under, 0, 1,
                         "Exit with status 1 when the mean Dice of any label is below dice; with --compare, of the second predictions."),
         option<Options>("history", 0, "", &Options::history, "Say in the first record what made it: tool, version, options and SHA-256 of the inputs."),
         option<Options>("format", 'f', "format", &Options::format,
                         "Format of the output; by default what its suffix says (.csv, .txt for a table), a table on a terminal, else jsonl.")},
        lge::cli::output_options<Options>("Write to file; - is standard output."),
        {lge::cli::seed_option<Options>(), lge::cli::thread_option<Options>()},
    }),
};

template <class F>
auto named(const char* option, F parse) {
    try {
        return parse();
    } catch (const lge::Error& e) {
        throw lge::Error(e.code(), std::string(option) + ": " + e.what());
    }
}

metrics::LabelSource open(const std::string& path, const std::optional<std::string>& suffix, const std::optional<std::string>& map, const char* map_option) {
    const auto labels = map ? named(map_option, [&] { return metrics::parse_label_map(*map); }) : metrics::unchanged_labels();
    return metrics::LabelSource(path, suffix.value_or(""), labels);
}

metrics::DiceJob job_of(const Options& o) {
    metrics::DiceJob job;
    job.sets = named("--label", [&] { return metrics::parse_label_sets(o.label); });
    job.any_number = !o.label.empty();
    job.by = o.by;
    job.settings = {{o.surface_tolerance, o.boundary, o.hd95}, o.empty, std::nullopt};
    if (o.lesions) {
        if (o.by == metrics::By::level || o.by == metrics::By::segment) throw lge::Error(ExitCode::usage, "--lesions: wanted --by case or slice, since parts cut lesions");
        job.settings.lesions = metrics::LesionRule{*o.lesions, o.lesion_share, o.lesion_distance, o.lesion_minimum, !o.lesion_faces};
    }
    job.grid_tolerance = o.tolerance;
    if (o.groups) job.groups = metrics::read_groups(*o.groups);
    job.threads = o.threads;
    return job;
}

/// Scores one set of predictions and says what has no partner.
metrics::DiceScores score(const Options& o, const metrics::DiceJob& job, const metrics::LabelSource& reference, const std::string& path,
                          metrics::Coverage& coverage, const lge::Log& log) {
    const auto prediction = open(path, o.prediction_suffix, o.prediction_map, "--prediction-map");
    const auto pairing = metrics::pair_up(reference, prediction);
    const auto about = lge::display_name(path);
    if (pairing.pairs.empty()) throw lge::Error(ExitCode::bad_data, about + ": no case id in common with the reference");
    if (!pairing.missing.empty()) {
        const auto text = fmt::format("no prediction for {} of {} reference cases", pairing.missing.size(), reference.size());
        if (o.require_all) throw lge::Error(ExitCode::bad_data, about + ": " + text);
        log.warn("{}: {}", about, text);
    }
    if (!pairing.extra.empty()) log.warn("{}: {} cases are not in the reference", about, pairing.extra.size());
    coverage = {pairing.missing.size(), pairing.extra.size()};
    auto found = metrics::score_pairs(job, reference, prediction, pairing);
    for (const auto& [problem, files] : found.problems) {
        // Of what the header says twice, only the scale changes a figure.
        if (problem.starts_with("pixdim")) log.warn("{} reference file{}: {}", files, files == 1 ? "" : "s", problem);
        else log.detail("{} reference file{}: {}", files, files == 1 ? "" : "s", problem);
    }
    if (found.assumed > 0) log.warn("{} case{}: taken as seen from the apex, which decides the numbers of septal and lateral segments", found.assumed, found.assumed == 1 ? "" : "s");
    return found;
}

template <class Items>
std::string written(const Items& items, const metrics::MaskContext& about, Format format) {
    if (format == Format::csv) return metrics::csv(metrics::full_table(items));
    return format == Format::table ? metrics::align(metrics::short_table(items)) : metrics::write_records(items, about);
}

ExitCode dice(const Options& o, const std::vector<std::string>& operands, lge::cli::Context& context) {
    std::vector<std::string> inputs = operands;
    for (const auto* more : {&o.compare, &o.groups})
        if (*more) inputs.push_back(**more);
    if (std::count(inputs.begin(), inputs.end(), "-") > 1) throw lge::Error(ExitCode::usage, "only one input can be standard input");
    for (const auto& input : inputs) lge::refuse_same_file(input, o.output);
    lge::Output out(o.output, o.force ? lge::Overwrite::yes : lge::Overwrite::no);

    const auto job = job_of(o);
    const auto reference = open(operands[0], o.reference_suffix, o.reference_map, "--reference-map");
    metrics::MaskContext about{job.settings, {o.seed, o.resamples}, {}, {}};
    auto found = score(o, job, reference, operands[1], about.coverage, context.log);
    std::optional<metrics::DiceScores> second;
    if (o.compare) second = score(o, job, reference, *o.compare, about.coverage, context.log);
    if (o.label.empty()) metrics::drop_absent(found.scores, job.sets);
    if (o.label.empty() && second) metrics::drop_absent(second->scores, job.sets);
    if (second)
        for (const auto& sha : second->inputs)
            if (std::find(found.inputs.begin(), found.inputs.end(), sha) == found.inputs.end()) found.inputs.push_back(sha);
    if (o.groups) found.inputs.push_back(job.groups.sha256);
    if (o.history) about.history = lge::io::History{context.invocation.tool, context.invocation.version, context.invocation.options, found.inputs}.json();

    const auto format = metrics::format_for(o.format, o.output, out.is_terminal());
    const auto text = second      ? written(metrics::compare_sets(found.scores, second->scores, about.bootstrap), about, format)
                      : o.summary ? written(metrics::summarise(found.scores, about.bootstrap), about, format)
                                  : written(found.scores, about, format);
    out.write(text);
    out.commit();
    const auto& judged = second ? second->scores : found.scores;
    return o.fail_under && metrics::lowest_mean_dice(judged) < *o.fail_under ? ExitCode::no : ExitCode::ok;
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, dice); }
