#include "lge/report/output.hpp"

#include "lge/base/estimate.hpp"
#include "lge/io/records.hpp"
#include "lge/json/writer.hpp"

namespace lge::report {

namespace {

std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

void proportion(json::Writer& w, std::string_view key, std::uint64_t k, std::uint64_t n) {
    w.key(key);
    if (const Estimate e = wilson(k, n); e.value) w.object().key("value").number(*e.value).key("low").number(*e.low).key("high").number(*e.high).end();
    else w.null();
}

void words(json::Writer& w, std::string_view key, const std::vector<std::string>& list) {
    w.key(key).array();
    for (const auto& t : list) w.text(t);
    w.end();
}

}  // namespace

std::string caption_lines(std::string_view id, std::string_view text, const Reading& reading, const Lexicon& lexicon) {
    std::string lines;
    for (auto& c : captions(text, reading, lexicon))
        lines += io::write_caption({.id = std::string(id), .level = c.level, .slice = {}, .text = std::move(c.text), .finding = std::move(c.finding)});
    return lines;
}

std::string csv_header() {
    std::string row = "id";
    for (const auto field : scored_fields) row.append(",").append(field);
    return row + '\n';
}

std::string csv_row(std::string_view id, const anatomy::Finding& finding) {
    std::string row = csv_field(id);
    const Answer answer = answer_of(finding);
    for (const auto& list : answer) {
        std::string cell;
        for (const auto& t : list) cell.append(cell.empty() ? "" : " ").append(t);
        row.append(",").append(csv_field(cell));
    }
    return row + '\n';
}

std::string explanation(std::string_view id, const Reading& reading) {
    std::string lines;
    json::Writer w;
    for (const Note& n : reading.notes) {
        w.object().key("schema").text("lge.explanation/1").key("id").text(id).key("start").integer(n.start).key("end").integer(n.end);
        w.key("kind").text(word(n.entry->kind)).key("value").text(n.entry->value).key("rules_line").integer(n.entry->line).end();
        lines += w.take_line();
    }
    for (const Statement& s : reading.statements) {
        w.object().key("schema").text("lge.explanation/1").key("id").text(id).key("start").integer(s.start).key("end").integer(s.end);
        w.key("kind").text("statement").key("value").text(anatomy::word(s.presence)).key("section").text(word(s.section)).key("rule").text(s.rule).end();
        lines += w.take_line();
    }
    return lines;
}

std::string evaluation_lines(const Evaluation& evaluation) {
    std::string lines;
    json::Writer w;
    for (std::size_t i = 0; i < scored_fields.size(); ++i) {
        const Tally& t = evaluation.tallies()[i];
        const auto [tp, fp, fn] = std::array{t.true_positive, t.false_positive, t.false_negative};
        w.object().key("schema").text("lge.agreement/1").key("id").text(scored_fields[i]).key("n").integer(static_cast<std::int64_t>(t.reports));
        w.key("equal").integer(static_cast<std::int64_t>(t.exact));
        proportion(w, "accuracy", t.exact, t.reports);
        proportion(w, "precision", tp, tp + fp);
        proportion(w, "recall", tp, tp + fn);
        proportion(w, "f1", 2 * tp, 2 * tp + fp + fn);
        w.end();
        lines += w.take_line();
    }
    for (const Disagreement& d : evaluation.disagreements()) {
        w.object().key("schema").text("lge.disagreement/1").key("id").text(d.id).key("field").text(scored_fields[d.field]);
        words(w, "gold", d.gold);
        words(w, "found", d.found);
        w.key("evidence").array();
        for (const auto& [start, end] : d.evidence) w.object().key("start").integer(static_cast<std::int64_t>(start)).key("end").integer(static_cast<std::int64_t>(end)).end();
        w.end().end();
        lines += w.take_line();
    }
    return lines;
}

}  // namespace lge::report
