// lge-reportparse - read LGE findings from report text
#include "lge/base/parallel.hpp"
#include "lge/cli/program.hpp"
#include "lge/io/records.hpp"
#include "lge/report/evaluate.hpp"
#include "lge/report/output.hpp"
#include "lge/report/source.hpp"

#include <fmt/format.h>

#include <mutex>

namespace {

using lge::ExitCode;
using lge::cli::option;
namespace report = lge::report;

enum class Format { jsonl, csv };
constexpr std::array<std::pair<std::string_view, Format>, 2> choices(Format) { return {{{"jsonl", Format::jsonl}, {"csv", Format::csv}}}; }

struct Options : lge::cli::OutputOptions, lge::cli::ThreadOptions {
    std::string id_key = "id", text_key = "text";
    std::optional<Format> format;
    std::optional<std::string> captions, evaluate, rules;
    bool evidence_text = false, explain = false, lenient = false, keep_going = false;
};

const lge::cli::Program<Options> program{
    .name = "lge-reportparse",
    .purpose = "read findings of late gadolinium enhancement from report text",
    .operands = {{"report", "JSON Lines of reports, a text file that is one report, a folder of these, or - (also when nothing is named)", lge::cli::Arity::any}},
    .options = lge::cli::table<Options>({
        {option<Options>("id-key", 0, "key", &Options::id_key, "Key of the id in a JSON line."),
         option<Options>("text-key", 0, "key", &Options::text_key, "Key of the report's text in a JSON line."),
         option<Options>("format", 'f', "format", &Options::format, "Format of the findings; by default what the output's suffix says (.csv), else jsonl."),
         option<Options>("captions", 'c', "file", &Options::captions,
                         "Also write lge.caption/1 records to file: the sentences about LGE, normal ones included, without names, dates and record numbers."),
         option<Options>("evaluate", 'e', "gold", &Options::evaluate,
                         "Write, instead of findings, how far they agree with the labels in gold: one record a field, then the disagreements by id."),
         option<Options>("evidence-text", 0, "", &Options::evidence_text, "Give each evidence its words, not only their place."),
         option<Options>("explain", 0, "", &Options::explain, "Write, instead of findings, each phrase that was understood: its place, its kind and the line of the rules that holds it."),
         option<Options>("rules", 'r', "file", &Options::rules, "Read the lexicon from file instead of the one that comes with the tool."),
         option<Options>("lenient", 0, "", &Options::lenient, "Replace bytes that are not UTF-8 instead of refusing the record."),
         option<Options>("keep-going", 'k', "", &Options::keep_going, "Leave out bad records with a warning, and end with status 65 after the last.")},
        lge::cli::output_options<Options>("Write to file; - is standard output."),
        {lge::cli::thread_option<Options>()},
    }),
};

/// What one batch gives.
struct Done {
    std::string records, captions;
    std::vector<std::string> problems;
    struct Answered { std::string id; report::Answer answer; report::Spans evidence; };
    std::vector<Answered> answers;
};

/// Parsers that threads take in turn: each keeps the memory of the reports it read.
class Parsers {
public:
    explicit Parsers(const report::Lexicon& lexicon) : lexicon_(lexicon) {}
    std::unique_ptr<report::Parser> take() {
        const std::lock_guard lock(mutex_);
        if (idle_.empty()) return std::make_unique<report::Parser>(lexicon_);
        auto parser = std::move(idle_.back());
        idle_.pop_back();
        return parser;
    }
    void give(std::unique_ptr<report::Parser> parser) {
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(parser));
    }

private:
    const report::Lexicon& lexicon_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<report::Parser>> idle_;
};

ExitCode parse_reports(const Options& o, std::vector<std::string> operands, lge::cli::Context& context) {
    if (operands.empty()) operands.emplace_back("-");
    if (std::count(operands.begin(), operands.end(), "-") > 1) throw lge::Error(ExitCode::usage, "only one operand can be standard input");
    if (o.evaluate && o.explain) throw lge::Error(ExitCode::usage, "--evaluate and --explain exclude each other");
    lge::refuse_shared_outputs({o.output, o.captions.value_or("")});
    for (const auto& operand : operands)
        for (const auto& output : {o.output, o.captions.value_or("-")}) lge::refuse_same_file(operand, output);
    const auto overwrite = o.force ? lge::Overwrite::yes : lge::Overwrite::no;
    const bool csv = o.format ? *o.format == Format::csv : o.output.ends_with(".csv");
    const auto lexicon = o.rules ? report::read_lexicon(*o.rules) : report::shipped_lexicon();
    const auto gold = o.evaluate ? report::read_gold(*o.evaluate) : std::unordered_map<std::string, report::Answer>{};
    report::Source source(operands);
    lge::Output out(o.output, overwrite);
    std::optional<lge::Output> captions;
    if (o.captions) captions.emplace(*o.captions, overwrite);
    if (csv && !o.evaluate && !o.explain) out.write(report::csv_header());

    Parsers parsers(lexicon);
    const report::Keys keys{o.id_key, o.text_key};
    const auto make = [&](const report::Batch& batch) {
        Done done;
        auto parser = parsers.take();
        lge::json::Writer findings;
        const auto one = [&](std::string_view id, std::string_view text) {
            const auto& reading = parser->read(text, o.explain);
            if (o.explain) done.records += report::explanation(id, reading);
            else if (o.evaluate) {
                auto& a = done.answers.emplace_back();
                a.id = id;
                a.answer = report::answer_of(reading.finding);
                for (const auto& e : reading.finding.evidence) a.evidence.emplace_back(e.start, e.end);
            }
            else if (csv) done.records += report::csv_row(id, reading.finding);
            else lge::io::write_finding_line(findings, id, reading.finding, o.evidence_text ? std::optional(text) : std::nullopt);
            if (captions) done.captions += report::caption_lines(id, text, reading, lexicon);
        };
        const auto bad = [&](const lge::Error& e) { done.problems.emplace_back(e.what()); };
        read_batch(batch, keys, o.lenient ? report::BadText::replace : report::BadText::refuse, one, o.keep_going ? bad : std::function<void(const lge::Error&)>{});
        parsers.give(std::move(parser));
        done.records += findings.take();
        return done;
    };
    report::Evaluation evaluation;
    std::size_t bad_records = 0, unlabelled = 0;
    const auto take = [&](const Done& done) {
        out.write(done.records);
        if (captions) captions->write(done.captions);
        for (const auto& problem : done.problems) context.log.warn("{}", problem);
        bad_records += done.problems.size();
        for (const auto& [id, answer, evidence] : done.answers) {
            const auto g = gold.find(id);
            if (g == gold.end()) ++unlabelled;
            else evaluation.add(id, g->second, answer, evidence);
        }
    };
    const auto next = [&] {
        if (source.waits()) {  // who writes into the pipe may be waiting for an answer
            out.flush();
            if (captions) captions->flush();
        }
        return source.next();
    };
    lge::ordered_parallel(lge::thread_count(o.threads), next, make, take, [&] { return source.waits(); });
    if (o.evaluate) {
        if (unlabelled != 0) context.log.warn("{} reports have no labels", unlabelled);
        out.write(report::evaluation_lines(evaluation));
    }
    if (captions) captions->commit();
    out.commit();
    if (bad_records != 0) throw lge::Error(ExitCode::bad_data, fmt::format("{} bad records left out", bad_records));
    return ExitCode::ok;
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, parse_reports); }
