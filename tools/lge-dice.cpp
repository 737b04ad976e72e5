// lge-dice - score label maps against a reference
#include "lge/base/parallel.hpp"
#include "lge/base/stream.hpp"
#include "lge/cli/program.hpp"
#include "lge/metrics/format.hpp"
#include "lge/metrics/label_source.hpp"
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
    std::optional<std::string> reference_map, prediction_map, reference_suffix, prediction_suffix;
    Mm tolerance{0.01}, surface_tolerance{2};
    bool summary = false, require_all = false;
    unsigned resamples = 2000;
    std::optional<double> fail_under;
    std::optional<Format> format;
};

const lge::cli::Program<Options> program{
    .name = "lge-dice",
    .purpose = "score label maps against a reference",
    .operands = {{"reference", "label map taken as truth: a NIfTI file, a cohort, a folder of NIfTI files, or -"},
                 {"prediction", "label map to score, of the same kind, or -"}},
    .options = lge::cli::table<Options>({
        {option<Options>("label", 'l', "name=numbers", &Options::label,
                         "Score the labels with these numbers or words, joined by commas, as one structure. A name alone is one of myocardium "
                         "(2,3,4), lv_cavity (1), scar (3,4), rv_cavity (5), or a label word. Without this option: myocardium, and of the other three "
                         "those that occur."),
         option<Options>("reference-map", 0, "from=to", &Options::reference_map,
                         "Read label numbers of the reference as others, such as 1=5,3=1; those not named stay."),
         option<Options>("prediction-map", 0, "from=to", &Options::prediction_map, "The same for the prediction."),
         option<Options>("reference-suffix", 0, "text", &Options::reference_suffix,
                         "In a folder, take only the files whose name ends in text before .nii or .nii.gz; what stands before text is the case id."),
         option<Options>("prediction-suffix", 0, "text", &Options::prediction_suffix, "The same for the prediction."),
         number<Options>("tolerance", 't', "mm", &Options::tolerance, 0, unbounded,
                         "How far the corners of two grids may lie apart for the grids to be the same."),
         number<Options>("surface-tolerance", 0, "mm", &Options::surface_tolerance, 0, unbounded,
                         "Distance within which border voxels count as matched for the surface Dice."),
         option<Options>("summary", 's', "", &Options::summary, "Write one record for each label over all cases, instead of one for each case."),
         number<Options>("resamples", 0, "count", &Options::resamples, 100, 1000000, "Bootstrap resamples for the intervals of a summary."),
         option<Options>("require-all", 0, "", &Options::require_all,
                         "End with status 65 when a case of the reference has no prediction, instead of a warning."),
         number<Options>("fail-under", 0, "dice", &Options::fail_under, 0, 1, "Exit with status 1 when the mean Dice of any label is below dice."),
         option<Options>("format", 'f', "format", &Options::format,
                         "Format of the output; by default what its suffix says (.csv, .txt for a table), a table on a terminal, else jsonl.")},
        lge::cli::output_options<Options>("Write to file; - is standard output."),
        {lge::cli::seed_option<Options>(), lge::cli::thread_option<Options>()},
    }),
};

template <class F>
auto named(const std::string& name, F parse) {
    try {
        return parse();
    } catch (const lge::Error& e) {
        throw lge::Error(e.code(), name + ": " + e.what());
    }
}

metrics::LabelSource open(const std::string& path, const std::optional<std::string>& suffix, const std::optional<std::string>& map, const char* map_option) {
    const auto labels = map ? named(map_option, [&] { return metrics::parse_label_map(*map); }) : metrics::unchanged_labels();
    return metrics::LabelSource(path, suffix.value_or(""), labels);
}

/// Without --label, what no case has on either side says nothing and is left out; the wall always stays.
void drop_absent(std::vector<metrics::MaskScore>& scores, const std::vector<metrics::LabelSet>& sets) {
    for (std::size_t s = 1; s < sets.size(); ++s) {
        const auto of_set = [&](const metrics::MaskScore& m) { return m.label == sets[s].name; };
        const auto occurs = [&](const metrics::MaskScore& m) { return of_set(m) && m.overlap.empty() != metrics::Empty::both; };
        if (std::none_of(scores.begin(), scores.end(), occurs)) std::erase_if(scores, of_set);
    }
}

std::vector<metrics::MaskScore> score_pairs(const Options& o, const metrics::LabelSource& reference, const metrics::LabelSource& prediction,
                                            const metrics::Pairing& pairing, const std::vector<metrics::LabelSet>& sets) {
    std::vector<metrics::MaskScore> scores;
    const auto score = [&](std::size_t p) {
        const auto [r, q] = pairing.pairs[p];
        const auto truth = reference.load(r), found = prediction.load(q);
        // Without --label the numbers are the suite's own; an image taken for a label map is found out here.
        if (o.label.empty()) {
            metrics::check_labels(truth, reference.name(r));
            metrics::check_labels(found, prediction.name(q));
        }
        if (const auto reason = lge::volume::difference(found.grid, truth.grid, o.tolerance))
            throw lge::Error(ExitCode::bad_data, prediction.name(q) + ": grid differs from reference: " + *reason);
        const auto& id = reference.id(r) == "-" ? prediction.id(q) : reference.id(r);
        return named(reference.name(r), [&] { return metrics::compare(id, truth.voxels, found.voxels, truth.grid, sets, o.surface_tolerance); });
    };
    const auto take = [&](std::vector<metrics::MaskScore> of_case) { std::move(of_case.begin(), of_case.end(), std::back_inserter(scores)); };
    lge::ordered_parallel(lge::thread_count(o.threads), pairing.pairs.size(), score, take);
    return scores;
}

ExitCode dice(const Options& o, const std::vector<std::string>& operands, lge::cli::Context& context) {
    if (operands[0] == "-" && operands[1] == "-") throw lge::Error(ExitCode::usage, "only one operand can be standard input");
    std::vector<metrics::LabelSet> sets;
    for (const auto& text : o.label) {
        sets.push_back(named("--label", [&] { return metrics::parse_label_set(text); }));
        if (std::any_of(sets.begin(), sets.end() - 1, [&](const auto& s) { return s.name == sets.back().name; }))
            throw lge::Error(ExitCode::usage, "--label: a name is given twice");
    }
    if (sets.empty()) sets = metrics::default_label_sets();
    for (const auto& operand : operands) lge::refuse_same_file(operand, o.output);
    lge::Output out(o.output, o.force ? lge::Overwrite::yes : lge::Overwrite::no);

    const auto reference = open(operands[0], o.reference_suffix, o.reference_map, "--reference-map");
    const auto prediction = open(operands[1], o.prediction_suffix, o.prediction_map, "--prediction-map");
    const auto pairing = metrics::pair_up(reference, prediction);
    const auto about = lge::display_name(operands[1]);
    if (pairing.pairs.empty()) throw lge::Error(ExitCode::bad_data, about + ": no case id in common with the reference");
    if (!pairing.missing.empty()) {
        const auto text = fmt::format("no prediction for {} of {} reference cases", pairing.missing.size(), reference.size());
        if (o.require_all) throw lge::Error(ExitCode::bad_data, about + ": " + text);
        context.log.warn("{}: {}", about, text);
    }
    if (!pairing.extra.empty()) context.log.warn("{}: {} cases are not in the reference", about, pairing.extra.size());

    auto scores = score_pairs(o, reference, prediction, pairing, sets);
    if (o.label.empty()) drop_absent(scores, sets);
    const metrics::Bootstrap bootstrap{o.seed, o.resamples};
    const auto format = metrics::format_for(o.format, o.output, out.is_terminal());
    std::string text;
    if (o.summary) {
        const auto summaries = metrics::summarise(scores, bootstrap);
        if (format == Format::csv) text = metrics::csv(metrics::summary_table(summaries));
        if (format == Format::table) text = metrics::align(metrics::short_summary_table(summaries));
        if (format == Format::jsonl)
            for (const auto& s : summaries)
                text += metrics::write_mask_summary(s, {pairing.missing.size(), pairing.extra.size()}, bootstrap, o.surface_tolerance);
    } else {
        if (format == Format::csv) text = metrics::csv(metrics::score_table(scores));
        if (format == Format::table) text = metrics::align(metrics::short_score_table(scores));
        if (format == Format::jsonl)
            for (const auto& s : scores) text += metrics::write_mask_score(s, o.surface_tolerance);
    }
    out.write(lge::as_bytes(text));
    out.commit();
    return o.fail_under && metrics::lowest_mean_dice(scores) < *o.fail_under ? ExitCode::no : ExitCode::ok;
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, dice); }
