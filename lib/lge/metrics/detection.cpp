#include "lge/metrics/detection.hpp"

#include "lge/base/error.hpp"
#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

namespace lge::metrics {
namespace {

using anatomy::Presence;

constexpr std::array figures{
    std::pair{std::string_view("balanced_accuracy"), &DetectionScore::balanced_accuracy},
    std::pair{std::string_view("sensitivity"), &DetectionScore::sensitivity},
    std::pair{std::string_view("specificity"), &DetectionScore::specificity},
    std::pair{std::string_view("ppv"), &DetectionScore::ppv},
    std::pair{std::string_view("npv"), &DetectionScore::npv},
    std::pair{std::string_view("f1"), &DetectionScore::f1},
    std::pair{std::string_view("auc"), &DetectionScore::auc},
    std::pair{std::string_view("average_precision"), &DetectionScore::average_precision},
    std::pair{std::string_view("brier"), &DetectionScore::brier},
};

/// Items from the most to the least probable, with what a draw of cases gives each of them for a weight.
struct Ranking {
    std::vector<Judged> items;
    std::vector<std::size_t> cluster;  // of each item: its case
    std::size_t clusters = 0;

    explicit Ranking(std::span<const Judged> from) : items(from.begin(), from.end()) {
        std::stable_sort(items.begin(), items.end(), [](const Judged& a, const Judged& b) { return a.probability > b.probability; });
        // Cases are numbered by id, so that the draws do not depend on the order of the input.
        std::map<std::string_view, std::size_t> number;
        for (const auto& item : items) number.emplace(item.id, 0);
        for (auto& [id, n] : number) n = clusters++;
        for (const auto& item : items) cluster.push_back(number.at(item.id));
    }
};

std::optional<double> ratio(double part, double whole) {
    if (whole == 0) return std::nullopt;
    return part / whole;
}

/// All figures, in the order of `figures`, of items that count `weights[cluster]` times.
void evaluate(const Ranking& r, std::span<const std::uint32_t> weights, std::span<std::optional<double>> out) {
    double tp = 0, fp = 0, tn = 0, fn = 0, squares = 0;          // by call
    double positives = 0, negatives = 0, concordant = 0, ap = 0;  // by rank
    double tied_positives = 0, tied_negatives = 0;
    const auto end_tie = [&] {
        if (tied_positives + tied_negatives == 0) return;
        concordant += tied_negatives * (positives + tied_positives / 2);
        positives += tied_positives;
        negatives += tied_negatives;
        ap += tied_positives * positives / (positives + negatives);
        tied_positives = tied_negatives = 0;
    };
    for (std::size_t i = 0; i < r.items.size(); ++i) {
        const auto& item = r.items[i];
        if (i > 0 && item.probability != r.items[i - 1].probability) end_tie();
        const double w = weights[r.cluster[i]];
        if (w == 0) continue;
        (item.truth ? tied_positives : tied_negatives) += w;
        (item.truth ? (item.called ? tp : fn) : (item.called ? fp : tn)) += w;
        const double miss = item.probability - (item.truth ? 1 : 0);
        squares += w * miss * miss;
    }
    end_tie();
    const auto sensitivity = ratio(tp, positives), specificity = ratio(tn, negatives);
    if (sensitivity && specificity) out[0] = (*sensitivity + *specificity) / 2;
    out[1] = sensitivity;
    out[2] = specificity;
    out[3] = ratio(tp, tp + fp);
    out[4] = ratio(tn, tn + fn);
    out[5] = ratio(2 * tp, 2 * tp + fp + fn);
    out[6] = ratio(concordant, positives * negatives);
    out[7] = ratio(ap, positives);
    out[8] = ratio(squares, positives + negatives);
}

std::array<std::optional<double>, figures.size()> evaluate_once(const Ranking& r) {
    std::array<std::optional<double>, figures.size()> out;
    evaluate(r, std::vector<std::uint32_t>(r.clusters, 1), out);
    return out;
}

template <class Take>
void each_line(const std::string& path, Take take) {
    json::Lines lines{Input(path)};
    while (const auto value = lines.next()) {
        try {
            take(*value);
        } catch (const Error& e) {
            lines.refuse(e.what());
        }
    }
}

bool speaks_of(const std::optional<std::int64_t>& slice, Unit unit) { return slice.has_value() == (unit == Unit::slice); }

/// A regular file that starts like HDF5; anything else is read as lines.
bool is_cohort(const std::string& path) {
    if (path == "-") return false;
    Input input(path);
    if (!input.size()) return false;
    Bytes head(8);
    head.resize(input.read(head));
    return io::looks_like_hdf5(head);
}

void put_count(json::Writer& w, std::string_view key, std::uint64_t n) { w.key(key).integer(static_cast<std::int64_t>(n)); }
void put(json::Writer& w, std::string_view key, std::optional<double> v) { w.key(key).number(v.value_or(std::numeric_limits<double>::quiet_NaN())); }

std::string interval_words(Unit unit) {
    if (unit == Unit::slice) return "95 %, percentile bootstrap of whole cases";
    return "95 %, Wilson for sensitivity, specificity, ppv and npv, else percentile bootstrap";
}

}  // namespace

void add_truth(const json::Value& line, Unit unit, Truths& to) {
    const auto schema = line.text_if("schema");
    Key key;
    Presence presence = Presence::not_stated;
    if (schema == "lge.finding/1") {
        key = {std::string(io::record_id(line, *schema)), line.integer_if("slice")};
        presence = io::parse_finding(line).lge;
    } else if (schema == "lge.caption/1") {
        const auto caption = io::parse_caption(line);
        key = {caption.id, caption.slice};
        presence = caption.finding.lge;
    } else if (!schema) {
        key = {std::string(line.text("id")), line.integer_if("slice")};
        if (key.id.empty()) throw Error(ExitCode::bad_data, "id is empty");
        if (const auto present = line.boolean_if("present")) presence = *present ? Presence::present : Presence::absent;
    } else {
        throw Error(ExitCode::bad_data, "schema is not lge.finding/1 or lge.caption/1");
    }
    if (!speaks_of(key.slice, unit)) return;
    const auto [at, fresh] = to.emplace(std::move(key), presence);
    if (!fresh && at->second != presence) throw Error(ExitCode::bad_data, "an earlier line says otherwise of this id");
}

void add_detection(const json::Value& line, std::optional<Unit> unit, Detections& to) {
    auto d = io::parse_detection(line);
    if (!(d.probability >= 0 && d.probability <= 1)) throw Error(ExitCode::bad_data, "probability is not from 0 to 1");
    if (unit && d.unit != anatomy::word(*unit)) return;
    Key key{d.id, d.slice};
    if (!to.emplace(std::move(key), std::move(d)).second) throw Error(ExitCode::bad_data, "this id has a detection on an earlier line");
}

Truths truth_of(const io::Cohort& cohort, Unit unit) {
    if (cohort.label.empty()) throw Error(ExitCode::bad_data, "cohort has no labels");
    const auto presence = [](bool scar) { return scar ? Presence::present : Presence::absent; };
    Truths all;
    for (const auto& c : cohort.cases) {
        bool any = false;
        for (std::uint32_t s = 0; s < c.slice_count; ++s) {
            const auto pixels = cohort.label_slice(c.first_slice + s).span();
            const bool scar = std::any_of(pixels.begin(), pixels.end(), [](std::uint8_t l) { return l == 3 || l == 4; });
            any = any || scar;
            if (unit == Unit::slice) all.emplace(Key{c.id, s}, presence(scar));
        }
        if (unit == Unit::case_) all.emplace(Key{c.id, std::nullopt}, presence(any));
    }
    return all;
}

Truths read_truth(const std::string& path, Unit unit) {
    if (is_cohort(path)) {
        const auto cohort = io::read_cohort(path);
        if (cohort.label.empty()) throw Error(ExitCode::bad_data, display_name(path) + ": cohort has no labels");
        return truth_of(cohort, unit);
    }
    Truths all;
    each_line(path, [&](const json::Value& line) { add_truth(line, unit, all); });
    return all;
}

Detections read_detections(const std::string& path, std::optional<Unit> unit) {
    Detections all;
    each_line(path, [&](const json::Value& line) { add_detection(line, unit, all); });
    return all;
}

Joined join(const Truths& truths, const Detections& detections, std::optional<double> threshold) {
    Joined joined;
    for (const auto& [key, presence] : truths) {
        if (presence != Presence::present && presence != Presence::absent) {
            ++joined.left_out;
            continue;
        }
        const auto answer = detections.find(key);
        if (answer == detections.end()) {
            joined.missing.push_back(key);
            continue;
        }
        const auto& d = answer->second;
        joined.items.push_back({key.id, presence == Presence::present, threshold ? d.probability >= *threshold : d.present, d.probability});
    }
    for (const auto& [key, d] : detections)
        if (!truths.contains(key)) joined.extra.push_back(key);
    return joined;
}

std::optional<double> auc(std::span<const Judged> items) { return evaluate_once(Ranking(items))[6]; }
std::optional<double> average_precision(std::span<const Judged> items) { return evaluate_once(Ranking(items))[7]; }

DetectionScore score(std::span<const Judged> items, Unit unit, const Bootstrap& bootstrap) {
    const Ranking ranking(items);
    DetectionScore s;
    s.n = items.size();
    for (const auto& item : items) {
        s.positives += item.truth;
        ++(item.truth ? (item.called ? s.true_positive : s.false_negative) : (item.called ? s.false_positive : s.true_negative));
    }
    const auto values = evaluate_once(ranking);
    const auto intervals = percentile_intervals(ranking.clusters, figures.size(), bootstrap, "detection score",
                                                [&](auto weights, auto out) { evaluate(ranking, weights, out); });
    for (std::size_t f = 0; f < figures.size(); ++f)
        if (values[f]) s.*figures[f].second = {values[f], intervals[f].low, intervals[f].high};
    if (unit == Unit::case_) {
        s.sensitivity = wilson(s.true_positive, s.true_positive + s.false_negative);
        s.specificity = wilson(s.true_negative, s.true_negative + s.false_positive);
        s.ppv = wilson(s.true_positive, s.true_positive + s.false_positive);
        s.npv = wilson(s.true_negative, s.true_negative + s.false_negative);
    }
    return s;
}

std::string write_score(const DetectionScore& s, const ScoreContext& c) {
    json::Writer w;
    w.object().key("schema").text("lge.score/1").key("id").text(c.id).key("unit").text(anatomy::word(c.unit));
    put_count(w, "n", s.n);
    put_count(w, "positives", s.positives);
    put_count(w, "left_out", c.left_out);
    put_count(w, "missing", c.missing);
    put_count(w, "extra", c.extra);
    put(w, "threshold", c.threshold);
    put_count(w, "true_positive", s.true_positive);
    put_count(w, "false_positive", s.false_positive);
    put_count(w, "true_negative", s.true_negative);
    put_count(w, "false_negative", s.false_negative);
    for (const auto& [name, member] : figures) {
        const Estimate& e = s.*member;
        w.key(name).object();
        put(w, "value", e.value);
        put(w, "low", e.low);
        put(w, "high", e.high);
        w.end();
    }
    w.key("interval").text(interval_words(c.unit));
    put_count(w, "resamples", c.bootstrap.resamples);
    put_count(w, "seed", c.bootstrap.seed);
    w.end();
    return w.take_line();
}

Table score_table(const DetectionScore& s, const ScoreContext& c, bool exactly) {
    Table t{{"figure", "value", "low", "high"}, {}};
    const auto count = [&](std::string_view name, std::uint64_t n) {
        t.rows.push_back({std::string(name), fmt::format("{}", n), exactly ? "" : "-", exactly ? "" : "-"});
    };
    count("n", s.n);
    count("positives", s.positives);
    count("left_out", c.left_out);
    count("missing", c.missing);
    count("extra", c.extra);
    count("true_positive", s.true_positive);
    count("false_positive", s.false_positive);
    count("true_negative", s.true_negative);
    count("false_negative", s.false_negative);
    for (const auto& [name, member] : figures) {
        const Estimate& e = s.*member;
        const auto show = [&](std::optional<double> v) { return exactly ? exact(v) : shown(v); };
        t.rows.push_back({std::string(name), show(e.value), show(e.low), show(e.high)});
    }
    return t;
}

}  // namespace lge::metrics
