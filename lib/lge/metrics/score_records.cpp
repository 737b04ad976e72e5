#include "lge/metrics/score_records.hpp"

#include "lge/json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace lge::metrics {
namespace {

void put(json::Writer& w, std::string_view key, std::optional<double> v) { w.key(key).number(v.value_or(std::numeric_limits<double>::quiet_NaN())); }
void put_count(json::Writer& w, std::string_view key, std::uint64_t n) { w.key(key).integer(static_cast<std::int64_t>(n)); }

void put_bounds(json::Writer& w, const Estimate& e) {
    put(w, "low", e.low);
    put(w, "high", e.high);
}

void put_estimate(json::Writer& w, std::string_view key, const Estimate& e) {
    w.key(key).object();
    put(w, "value", e.value);
    put_bounds(w, e);
    w.end();
}

void put_keys(json::Writer& w, std::string_view name, const std::vector<Key>& keys) {
    w.key(name).array();
    for (const auto& k : keys) {
        w.object().key("id").text(k.id);
        if (k.slice) w.key("slice").integer(*k.slice);
        w.end();
    }
    w.end();
}

json::Writer start(std::string_view schema, const ScoreContext& c, const Part& part) {
    json::Writer w;
    w.object().key("schema").text(schema).key("id").text(c.id).key("unit").text(anatomy::word(c.unit));
    if (part.level != anatomy::Level::unknown) w.key("level").text(anatomy::word(part.level));
    if (part.segment > 0) w.key("segment").integer(part.segment);
    return w;
}

void finish(json::Writer& w, const ScoreContext& c, std::string_view interval, bool first) {
    w.key("interval").text(interval);
    put_count(w, "resamples", c.bootstrap.resamples);
    put_count(w, "seed", c.bootstrap.seed);
    if (first && !c.history.empty()) w.key("history").raw(c.history);
    w.end();
}

/// A segment, else a level, else nothing.
std::vector<std::string> part_words(const Part& part) {
    if (part.segment > 0) return {fmt::format("{}", part.segment)};
    if (part.level != anatomy::Level::unknown) return {std::string(anatomy::word(part.level))};
    return {};
}

template <class Items>
Table table_for(const Items& items, std::initializer_list<std::string> header) {
    Table t;
    if (!items.empty() && !part_words(items.front().part).empty()) t.header.emplace_back(items.front().part.segment > 0 ? "segment" : "level");
    t.header.insert(t.header.end(), header);
    return t;
}

void add_row(Table& t, const Part& part, std::initializer_list<std::string> cells) {
    auto row = part_words(part);
    row.insert(row.end(), cells);
    t.rows.push_back(std::move(row));
}

/// A p-value for people.
std::string shown_p(std::optional<double> p) { return p && *p < 0.001 ? "< 0.001" : shown(p); }

}  // namespace

std::string_view word(CallsFrom from) {
    constexpr std::array<std::string_view, 4> words{"the detection records", "the option", "other cases", "the scored cases themselves"};
    return words[static_cast<std::size_t>(from)];
}

std::vector<Scored> score_parts(std::vector<Joined> parts, Unit unit, const Bootstrap& bootstrap) {
    std::vector<Scored> all;
    for (auto& j : parts) all.push_back({j.part, j.left_out, std::move(j.missing), std::move(j.extra), score(j.items, unit, bootstrap)});
    return all;
}

std::vector<Compared> compare_parts(const std::vector<Joined>& a, const std::vector<Joined>& b, Unit unit, const Bootstrap& bootstrap) {
    std::vector<Compared> all;
    for (const auto& first : a)
        for (const auto& other : b)
            if (first.part == other.part) all.push_back({first.part, compare_runs(first, other, unit, bootstrap)});
    return all;
}

std::string write_records(const std::vector<Scored>& scores, const ScoreContext& c) {
    std::string text;
    for (const auto& [part, left_out, missing, extra, s] : scores) {
        json::Writer w = start("lge.score/1", c, part);
        put_count(w, "n", s.n);
        put_count(w, "positives", s.positives);
        put_count(w, "left_out", left_out);
        put_count(w, "missing", missing.size());
        put_count(w, "extra", extra.size());
        if (part == Part{}) {
            put_keys(w, "missing_keys", missing);
            put_keys(w, "extra_keys", extra);
        }
        put(w, "threshold", c.threshold);
        w.key("threshold_from").text(word(c.calls_from));
        put_count(w, "true_positive", s.true_positive);
        put_count(w, "false_positive", s.false_positive);
        put_count(w, "true_negative", s.true_negative);
        put_count(w, "false_negative", s.false_negative);
        for (const auto& [name, f] : choices(Figure{})) {
            put_estimate(w, name, s[f]);
            if (f == Figure::auc) put_estimate(w, "auc_delong", s.auc_delong);
        }
        put_count(w, "calibration_bins", calibration_bins);
        finish(w, c, c.unit == Unit::slice ? "95 %, BCa bootstrap of whole cases; auc_delong: DeLong, by case"
                                           : "95 %, Wilson for sensitivity, specificity, ppv and npv, else BCa bootstrap; auc_delong: DeLong", text.empty());
        text += w.take_line();
    }
    return text;
}

std::string write_records(const std::vector<Compared>& comparisons, const ScoreContext& c) {
    std::string text;
    for (const auto& [part, r] : comparisons) {
        json::Writer w = start("lge.score.compare/1", c, part);
        put_count(w, "n", r.n);
        put_count(w, "positives", r.positives);
        put(w, "threshold", c.threshold);
        w.key("threshold_from").text(word(c.calls_from));
        for (const auto& [name, f] : choices(Figure{})) {
            const auto i = static_cast<std::size_t>(f);
            w.key(name).object();
            put(w, "a", r.a[i]);
            put(w, "b", r.b[i]);
            put(w, "difference", r.difference[i].value);
            put_bounds(w, r.difference[i]);
            w.end();
        }
        w.key("auc_delong").object();
        const Estimate e = r.auc ? r.auc->interval() : Estimate{};
        put(w, "difference", e.value);
        put_bounds(w, e);
        put(w, "p", r.auc ? r.auc->p() : std::nullopt);
        w.end().key("mcnemar").object();
        put_count(w, "only_a_right", r.only_a_right);
        put_count(w, "only_b_right", r.only_b_right);
        put(w, "p", r.mcnemar_p);
        w.key("test").text(c.unit == Unit::slice ? "normal, summed over each case" : "exact").end();
        finish(w, c, "95 % of b - a, BCa bootstrap of whole cases; auc_delong: DeLong", text.empty());
        text += w.take_line();
    }
    return text;
}

Table figure_table(const std::vector<Scored>& scores, bool exactly) {
    Table t = table_for(scores, {"figure", "value", "low", "high"});
    const auto show = [&](std::optional<double> v) { return exactly ? exact(v) : shown(v); };
    const std::string none = exactly ? "" : "-";
    for (const auto& [part, left_out, missing, extra, s] : scores) {
        const std::array<std::pair<const char*, std::uint64_t>, 9> counts{{{"n", s.n}, {"positives", s.positives}, {"left_out", left_out}, {"missing", missing.size()},
            {"extra", extra.size()}, {"true_positive", s.true_positive}, {"false_positive", s.false_positive}, {"true_negative", s.true_negative}, {"false_negative", s.false_negative}}};
        for (const auto& [name, count] : counts) add_row(t, part, {name, fmt::format("{}", count), none, none});
        for (const auto& [name, f] : choices(Figure{})) {
            const auto row = [&](std::string_view of, const Estimate& e) { add_row(t, part, {std::string(of), show(e.value), show(e.low), show(e.high)}); };
            row(name, s[f]);
            if (f == Figure::auc) row("auc_delong", s.auc_delong);
        }
    }
    return t;
}

Table figure_table(const std::vector<Compared>& comparisons, bool exactly) {
    Table t = table_for(comparisons, {"figure", "a", "b", "difference", "low", "high", "p"});
    const auto show = [&](std::optional<double> v) { return exactly ? exact(v) : shown(v); };
    const auto show_p = [&](std::optional<double> p) { return exactly ? exact(p) : shown_p(p); };
    const std::string none = exactly ? "" : "-";
    for (const auto& [part, r] : comparisons) {
        for (const auto& [name, f] : choices(Figure{})) {
            const auto i = static_cast<std::size_t>(f);
            add_row(t, part, {std::string(name), show(r.a[i]), show(r.b[i]), show(r.difference[i].value), show(r.difference[i].low), show(r.difference[i].high), none});
        }
        const Estimate e = r.auc ? r.auc->interval() : Estimate{};
        add_row(t, part, {"auc_delong", none, none, show(e.value), show(e.low), show(e.high), show_p(r.auc ? r.auc->p() : std::nullopt)});
        add_row(t, part, {"mcnemar", fmt::format("{}", r.only_a_right), fmt::format("{}", r.only_b_right), none, none, none, show_p(r.mcnemar_p)});
    }
    return t;
}

}  // namespace lge::metrics
