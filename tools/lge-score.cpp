// lge-score - score detections against the truth
#include "lge/base/stream.hpp"
#include "lge/cli/program.hpp"
#include "lge/io/provenance.hpp"
#include "lge/metrics/format.hpp"
#include "lge/metrics/score_records.hpp"

#include <algorithm>

namespace {

using lge::ExitCode;
using lge::cli::number;
using lge::cli::option;
using lge::metrics::By;
using lge::metrics::Format;
namespace metrics = lge::metrics;

enum class ByPart : std::uint8_t { whole, level, segment };
constexpr std::array<std::pair<std::string_view, ByPart>, 3> choices(ByPart) { return {{{"whole", ByPart::whole}, {"level", ByPart::level}, {"segment", ByPart::segment}}}; }

struct Options : lge::cli::OutputOptions, lge::cli::SeedOptions {
    metrics::Unit unit = metrics::Unit::case_;
    ByPart by = ByPart::whole;
    std::optional<double> threshold, fail_under;
    std::optional<std::string> tune, tune_truth, compare;
    metrics::Goal goal = metrics::Goal::balanced_accuracy;
    std::string id = "all";
    bool require_all = false, history = false;
    unsigned resamples = 2000;
    std::optional<Format> format;
};

const lge::cli::Program<Options> program{
    .name = "lge-score",
    .purpose = "score detections against the truth",
    .operands = {{"truth", "lge.finding/1 or lge.caption/1 records, lines of {\"id\":...,\"present\":true}, a cohort with labels, or -"},
                 {"detections", "lge.detection/1 records to score, or -"}},
    .options = lge::cli::table<Options>({
        {option<Options>("unit", 'u', "unit", &Options::unit, "Score the records of whole cases, or those of single slices."),
         option<Options>("by", 'b', "part", &Options::by, "Score the whole, or each level or AHA segment that truth and detections speak of."),
         number<Options>("threshold", 't', "probability", &Options::threshold, 0, 1,
                         "Call LGE present from this probability on; by default the calls stand as the records have them, made with the model's threshold."),
         option<Options>("tune", 0, "file", &Options::tune,
                         "Choose the threshold on the detections in file, which should be of other cases; the record says so, and where they are not, it says that."),
         option<Options>("tune-truth", 0, "file", &Options::tune_truth, "Truth of the cases of --tune; by default the first operand."),
         option<Options>("goal", 0, "figure", &Options::goal, "What the threshold of --tune makes greatest."),
         option<Options>("compare", 'c', "file", &Options::compare,
                         "Write, instead of scores, how the detections in file (b) differ from the first (a) on the same items, with McNemar's and DeLong's tests."),
         option<Options>("id", 0, "text", &Options::id, "The id of the score record, to tell several runs apart."),
         number<Options>("resamples", 0, "count", &Options::resamples, 100, 1000000, "Bootstrap resamples for the intervals."),
         option<Options>("require-all", 0, "", &Options::require_all,
                         "End with status 65 when something with a truth has no detection, instead of a warning."),
         number<Options>("fail-under", 0, "accuracy", &Options::fail_under, 0, 1,
                         "Exit with status 1 when the balanced accuracy (with --compare, of b) is below accuracy or cannot be computed."),
         option<Options>("history", 0, "", &Options::history, "Say in the first record what made it: tool, version, options and SHA-256 of the inputs."),
         option<Options>("format", 'f', "format", &Options::format,
                         "Format of the output; by default what its suffix says (.csv, .txt for a table), a table on a terminal, else jsonl.")},
        lge::cli::output_options<Options>("Write to file; - is standard output."),
        {lge::cli::seed_option<Options>()},
    }),
};

/// A threshold and where it comes from.
void choose_threshold(const Options& o, const metrics::Truths& truth, const metrics::Joined& scored, metrics::ScoreContext& about,
                      std::vector<std::string>& inputs, const lge::Log& log) {
    about.threshold = o.threshold;
    if (o.threshold) about.calls_from = metrics::CallsFrom::option;
    if (!o.tune) return;
    const auto detections = metrics::read_detections(*o.tune, o.unit);
    metrics::Truths other;
    inputs.push_back(detections.sha256);
    if (o.tune_truth) {
        auto read = metrics::read_truth(*o.tune_truth, o.unit);
        other = std::move(read.items);
        inputs.push_back(std::move(read.sha256));
    }
    const auto joined = metrics::join(o.tune_truth ? other : truth, detections.items, std::nullopt);
    try {
        const auto tuned = metrics::tune(joined, scored, o.goal);
        about.threshold = tuned.threshold;
        about.calls_from = tuned.on_scored ? metrics::CallsFrom::test : metrics::CallsFrom::tuning;
    } catch (const lge::Error& e) {
        throw lge::Error(e.code(), lge::display_name(*o.tune) + ": " + e.what());
    }
    if (about.calls_from == metrics::CallsFrom::test)
        log.warn("{}: the threshold is chosen on cases that are scored, so the scores are too good", lge::display_name(*o.tune));
}

/// The whole or its parts, and what was left out of the whole.
std::vector<metrics::Joined> join(const Options& o, const metrics::Truths& truth, const metrics::Detections& detections, std::optional<double> threshold) {
    if (o.by == ByPart::whole) return {metrics::join(truth, detections, threshold)};
    return metrics::join_parts(truth, detections, threshold, o.unit, o.by == ByPart::level ? By::level : By::segment);
}

/// Says what has no partner, and refuses where there is none at all.
void report(const Options& o, const metrics::Joined& whole, const std::string& about, const std::string& truth_name, const lge::Log& log) {
    const auto unit = lge::cli::show(o.unit);
    if (whole.items.empty()) throw lge::Error(ExitCode::bad_data, fmt::format("{}: no {} in common with the truth", about, unit));
    if (!whole.missing.empty()) {
        const auto text = fmt::format("{}: no detection for {} of {} {}s", about, whole.missing.size(), whole.missing.size() + whole.items.size(), unit);
        if (o.require_all) throw lge::Error(ExitCode::bad_data, text);
        log.warn("{}", text);
    }
    if (!whole.extra.empty()) log.warn("{}: {} {}s have no truth", about, whole.extra.size(), unit);
    if (whole.left_out > 0) log.note("{}: {} {}s left out, their truth is uncertain or not stated", truth_name, whole.left_out, unit);
}

template <class Items>
std::string written(const Items& items, const metrics::ScoreContext& about, Format format) {
    if (format == Format::jsonl) return metrics::write_records(items, about);
    return format == Format::csv ? metrics::csv(metrics::figure_table(items, true)) : metrics::align(metrics::figure_table(items, false));
}

ExitCode score(const Options& o, const std::vector<std::string>& operands, lge::cli::Context& context) {
    std::vector<std::string> inputs = operands;
    for (const auto* more : {&o.tune, &o.tune_truth, &o.compare})
        if (*more) inputs.push_back(**more);
    if (std::count(inputs.begin(), inputs.end(), "-") > 1) throw lge::Error(ExitCode::usage, "only one input can be standard input");
    if (o.id.empty()) throw lge::Error(ExitCode::usage, "--id: wanted a text that is not empty");
    if (o.threshold && o.tune) throw lge::Error(ExitCode::usage, "--threshold and --tune exclude each other");
    if (o.tune_truth && !o.tune) throw lge::Error(ExitCode::usage, "--tune-truth: wanted --tune with it");
    for (const auto& input : inputs) lge::refuse_same_file(input, o.output);
    lge::Output out(o.output, o.force ? lge::Overwrite::yes : lge::Overwrite::no);

    // Detections first: in a pipe they end when all before them has been written, the truth perhaps among it.
    const auto detections = metrics::read_detections(operands[1], o.unit);
    const auto truth = metrics::read_truth(operands[0], o.unit);
    std::vector<std::string> hashes{truth.sha256, detections.sha256};
    const auto whole = metrics::join(truth.items, detections.items, std::nullopt);
    report(o, whole, lge::display_name(operands[1]), lge::display_name(operands[0]), context.log);
    metrics::ScoreContext about{o.id, o.unit, std::nullopt, metrics::CallsFrom::records, {o.seed, o.resamples}, {}};
    choose_threshold(o, truth.items, whole, about, hashes, context.log);

    const auto format = metrics::format_for(o.format, o.output, out.is_terminal());
    auto judged = join(o, truth.items, detections.items, about.threshold);
    if (judged.empty()) throw lge::Error(ExitCode::bad_data, lge::display_name(operands[1]) + ": truth and detections have no " + lge::cli::show(o.by) + " in common");
    std::string text;
    std::optional<double> reached = 1;  // the lowest balanced accuracy
    const auto take = [&](std::optional<double> accuracy) { reached = accuracy && reached ? std::optional(std::min(*accuracy, *reached)) : std::nullopt; };
    const auto add_history = [&] {
        if (o.history) about.history = lge::io::History{context.invocation.tool, context.invocation.version, context.invocation.options, hashes}.json();
    };
    if (o.compare) {
        const auto second = metrics::read_detections(*o.compare, o.unit);
        hashes.push_back(second.sha256);
        add_history();
        report(o, metrics::join(truth.items, second.items, std::nullopt), lge::display_name(*o.compare), lge::display_name(operands[0]), context.log);
        const auto other = join(o, truth.items, second.items, about.threshold);
        const auto compared = metrics::compare_parts(judged, other, o.unit, about.bootstrap);
        for (const auto& c : compared) take(c.comparison.b[static_cast<std::size_t>(metrics::Figure::balanced_accuracy)]);
        text = written(compared, about, format);
    } else {
        add_history();
        const auto scored = metrics::score_parts(std::move(judged), o.unit, about.bootstrap);
        for (const auto& s : scored) take(s.score[metrics::Figure::balanced_accuracy].value);
        text = written(scored, about, format);
    }
    out.write(text);
    out.commit();
    return o.fail_under && reached.value_or(-1) < *o.fail_under ? ExitCode::no : ExitCode::ok;
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, score); }
