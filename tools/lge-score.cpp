// lge-score - score detections against the truth
#include "lge/base/stream.hpp"
#include "lge/cli/program.hpp"
#include "lge/metrics/detection.hpp"
#include "lge/metrics/format.hpp"

namespace {

using lge::ExitCode;
using lge::cli::number;
using lge::cli::option;
using lge::metrics::Format;
namespace metrics = lge::metrics;

struct Options : lge::cli::OutputOptions, lge::cli::SeedOptions {
    metrics::Unit unit = metrics::Unit::case_;
    std::optional<double> threshold, fail_under;
    std::string id = "all";
    bool require_all = false;
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
         number<Options>("threshold", 't', "probability", &Options::threshold, 0, 1,
                         "Call LGE present from this probability on; by default the calls stand as the records have them."),
         option<Options>("id", 0, "text", &Options::id, "The id of the score record, to tell several runs apart."),
         number<Options>("resamples", 0, "count", &Options::resamples, 100, 1000000, "Bootstrap resamples for the intervals."),
         option<Options>("require-all", 0, "", &Options::require_all,
                         "End with status 65 when something with a truth has no detection, instead of a warning."),
         number<Options>("fail-under", 0, "accuracy", &Options::fail_under, 0, 1,
                         "Exit with status 1 when the balanced accuracy is below accuracy or cannot be computed."),
         option<Options>("format", 'f', "format", &Options::format,
                         "Format of the output; by default what its suffix says (.csv, .txt for a table), a table on a terminal, else jsonl.")},
        lge::cli::output_options<Options>("Write to file; - is standard output."),
        {lge::cli::seed_option<Options>()},
    }),
};

ExitCode score(const Options& o, const std::vector<std::string>& operands, lge::cli::Context& context) {
    if (operands[0] == "-" && operands[1] == "-") throw lge::Error(ExitCode::usage, "only one operand can be standard input");
    if (o.id.empty()) throw lge::Error(ExitCode::usage, "--id: wanted a text that is not empty");
    for (const auto& operand : operands) lge::refuse_same_file(operand, o.output);
    lge::Output out(o.output, o.force ? lge::Overwrite::yes : lge::Overwrite::no);

    const auto truth = metrics::read_truth(operands[0], o.unit);
    const auto detections = metrics::read_detections(operands[1], o.unit);
    const auto joined = metrics::join(truth, detections, o.threshold);
    const auto about = lge::display_name(operands[1]), unit = lge::cli::show(o.unit);
    if (joined.items.empty()) throw lge::Error(ExitCode::bad_data, fmt::format("{}: no {} in common with the truth", about, unit));
    if (!joined.missing.empty()) {
        const auto text = fmt::format("{}: no detection for {} of {} {}s", about, joined.missing.size(), joined.missing.size() + joined.items.size(), unit);
        if (o.require_all) throw lge::Error(ExitCode::bad_data, text);
        context.log.warn("{}", text);
    }
    if (!joined.extra.empty()) context.log.warn("{}: {} {}s have no truth", about, joined.extra.size(), unit);
    if (joined.left_out > 0) context.log.note("{}: {} {}s left out, their truth is uncertain or not stated", lge::display_name(operands[0]), joined.left_out, unit);

    const metrics::ScoreContext about_score{o.id, o.unit, o.threshold, joined.left_out, joined.missing.size(), joined.extra.size(), {o.seed, o.resamples}};
    const auto result = metrics::score(joined.items, o.unit, about_score.bootstrap);
    const auto format = metrics::format_for(o.format, o.output, out.is_terminal());
    const auto text = format == Format::jsonl ? metrics::write_score(result, about_score)
                      : format == Format::csv ? metrics::csv(metrics::score_table(result, about_score, true))
                                              : metrics::align(metrics::score_table(result, about_score, false));
    out.write(lge::as_bytes(text));
    out.commit();
    return o.fail_under && result.balanced_accuracy.value.value_or(-1) < *o.fail_under ? ExitCode::no : ExitCode::ok;
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, score); }
