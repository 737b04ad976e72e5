#include "lge/metrics/detection.hpp"

#include "lge/base/error.hpp"
#include "lge/metrics/paired.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace lge::metrics {
namespace {

constexpr std::size_t at(Figure f) { return static_cast<std::size_t>(f); }
constexpr double z_975 = 1.959963984540054;

/// Items from the most to the least probable, in the form that a draw of cases reads fastest.
class Ranking {
public:
    explicit Ranking(std::span<const Judged> from) {
        std::vector<Judged> items(from.begin(), from.end());
        ranked_ = std::none_of(items.begin(), items.end(), [](const Judged& i) { return std::isnan(i.probability); });
        if (ranked_) std::stable_sort(items.begin(), items.end(), [](const Judged& a, const Judged& b) { return a.probability > b.probability; });
        // Cases are numbered by id, so that the draws do not depend on the order of the input.
        std::map<std::string_view, std::uint32_t> number;
        for (const auto& item : items) number.emplace(item.id, 0);
        for (auto& [id, n] : number) n = clusters_++;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto& item = items[i];
            const bool ends_tie = !ranked_ || i + 1 == items.size() || items[i + 1].probability != item.probability;
            const double miss = item.probability - (item.truth ? 1 : 0);
            const auto bin = ranked_ ? std::min(static_cast<std::size_t>(item.probability * calibration_bins), calibration_bins - 1) : 0;
            items_.push_back({number.at(item.id), item.truth, item.called, ends_tie, static_cast<std::uint8_t>(bin), miss});
        }
    }

    [[nodiscard]] std::size_t clusters() const { return clusters_; }

    /// All figures, in their order, of items that count `weights[cluster]` times.
    void evaluate(std::span<const std::uint32_t> weights, std::span<std::optional<double>> out) const {
        std::array<double, 4> cell{};                                          // by truth and call
        double concordant = 0, ap = 0, squares = 0, calls_error = 0;
        std::array<double, 2> seen{}, tied{};                                  // negatives, positives
        std::array<double, calibration_bins> misses{};                         // sum of probability - truth
        for (const auto& item : items_) {
            const double w = weights[item.cluster];
            cell[item.truth * 2U + item.called] += w;
            tied[item.truth] += w;
            const double missed = w * item.miss;
            squares += missed * item.miss;
            misses[item.bin] += missed;
            if (!item.ends_tie) continue;
            concordant += tied[0] * (seen[1] + tied[1] / 2);
            seen[0] += tied[0];
            seen[1] += tied[1];
            if (tied[1] > 0) ap += tied[1] * seen[1] / (seen[0] + seen[1]);
            tied = {};
        }
        const double tn = cell[0], fp = cell[1], fn = cell[2], tp = cell[3], positives = fn + tp, negatives = tn + fp, n = positives + negatives;
        const auto ratio = [](double part, double whole) { return whole == 0 ? std::nullopt : std::optional(part / whole); };
        const auto sensitivity = ratio(tp, positives), specificity = ratio(tn, negatives);
        if (sensitivity && specificity) out[at(Figure::balanced_accuracy)] = (*sensitivity + *specificity) / 2;
        out[at(Figure::sensitivity)] = sensitivity;
        out[at(Figure::specificity)] = specificity;
        out[at(Figure::ppv)] = ratio(tp, tp + fp);
        out[at(Figure::npv)] = ratio(tn, tn + fn);
        out[at(Figure::f1)] = ratio(2 * tp, 2 * tp + fp + fn);
        out[at(Figure::kappa)] = ratio(2 * (tp * tn - fp * fn), (tp + fp) * negatives + positives * (tn + fn));
        out[at(Figure::mcc)] = ratio(tp * tn - fp * fn, std::sqrt((tp + fp) * (tn + fn) * positives * negatives));
        if (!ranked_) return;
        out[at(Figure::auc)] = ratio(concordant, positives * negatives);
        out[at(Figure::average_precision)] = ratio(ap, positives);
        out[at(Figure::brier)] = ratio(squares, n);
        for (const double m : misses) calls_error += std::abs(m);
        out[at(Figure::calibration_error)] = ratio(calls_error, n);
    }

    [[nodiscard]] PerFigure<std::optional<double>> once() const {
        PerFigure<std::optional<double>> out;
        evaluate(std::vector<std::uint32_t>(clusters_, 1), out);
        return out;
    }

private:
    struct Item {
        std::uint32_t cluster;
        bool truth, called, ends_tie;
        std::uint8_t bin;
        double miss;  // probability - truth
    };
    std::vector<Item> items_;
    std::uint32_t clusters_ = 0;
    bool ranked_ = true;
};

/// Of each item, the share of items of the other truth that it stands in order with, ties one half.
std::vector<double> placements(std::span<const Judged> items) {
    std::vector<double> probability[2];
    for (const auto& i : items) probability[i.truth].push_back(i.probability);
    for (auto& p : probability) std::sort(p.begin(), p.end());
    std::vector<double> all;
    for (const auto& i : items) {
        const auto& other = probability[!i.truth];
        const auto [from, to] = std::equal_range(other.begin(), other.end(), i.probability);
        const double below = static_cast<double>(from - other.begin()) + static_cast<double>(to - from) / 2;
        const double n = static_cast<double>(other.size());
        all.push_back((i.truth ? below : n - below) / n);
    }
    return all;
}

/// Obuchowski's variance of the mean placement.
std::optional<DeLong> from_placements(std::span<const Judged> items, const std::vector<double>& placement) {
    struct Cluster { std::array<double, 2> sum{}, count{}; };
    std::map<std::string_view, Cluster> clusters;
    std::array<double, 2> count{}, sum{};
    for (std::size_t i = 0; i < items.size(); ++i) {
        auto& c = clusters[items[i].id];
        c.sum[items[i].truth] += placement[i];
        ++c.count[items[i].truth];
        ++count[items[i].truth];
        sum[items[i].truth] += placement[i];
    }
    if (count[0] == 0 || count[1] == 0) return std::nullopt;
    DeLong d{sum[1] / count[1], std::nullopt};
    std::array<double, 2> with{}, squares{};
    double products = 0;
    for (const auto& [id, c] : clusters) {
        std::array<double, 2> off{};
        for (std::size_t t = 0; t < 2; ++t) {
            off[t] = c.sum[t] - c.count[t] * d.value;
            with[t] += c.count[t] > 0;
            squares[t] += off[t] * off[t];
        }
        products += off[0] * off[1];
    }
    if (with[0] < 2 || with[1] < 2) return d;
    const double k = static_cast<double>(clusters.size());
    const auto part = [&](std::size_t t) { return with[t] / ((with[t] - 1) * count[t] * count[t]) * squares[t]; };
    const double variance = part(0) + part(1) + 2 * k / ((k - 1) * count[0] * count[1]) * products;
    d.error = std::sqrt(std::max(variance, 0.0));
    return d;
}

/// b - c over each case, against its own spread.
double clustered_mcnemar(std::span<const Judged> a, std::span<const Judged> b) {
    std::map<std::string_view, double> balance;
    for (std::size_t i = 0; i < a.size(); ++i) balance[a[i].id] += static_cast<double>(b[i].called == b[i].truth) - static_cast<double>(a[i].called == a[i].truth);
    double sum = 0, squares = 0;
    for (const auto& [id, d] : balance) {
        sum += d;
        squares += d * d;
    }
    return squares == 0 ? 1 : p_of_normal(sum / std::sqrt(squares));
}

}  // namespace

PerFigure<std::optional<double>> figures_of(std::span<const Judged> items) { return Ranking(items).once(); }

DetectionScore score(std::span<const Judged> items, Unit unit, const Bootstrap& bootstrap) {
    const Ranking ranking(items);
    DetectionScore s;
    s.n = items.size();
    for (const auto& item : items) {
        s.positives += item.truth;
        ++(item.truth ? (item.called ? s.true_positive : s.false_negative) : (item.called ? s.false_positive : s.true_negative));
    }
    const auto found = bca_intervals(ranking.clusters(), figure_count, bootstrap, "detection score", [&](auto weights, auto out) { ranking.evaluate(weights, out); });
    std::copy(found.begin(), found.end(), s.figures.begin());
    if (unit == Unit::case_) {
        const auto put = [&](Figure f, std::uint64_t k, std::uint64_t n) { s.figures[at(f)] = wilson(k, n); };
        put(Figure::sensitivity, s.true_positive, s.true_positive + s.false_negative);
        put(Figure::specificity, s.true_negative, s.true_negative + s.false_positive);
        put(Figure::ppv, s.true_positive, s.true_positive + s.false_positive);
        put(Figure::npv, s.true_negative, s.true_negative + s.false_negative);
    }
    if (s[Figure::auc].value)
        if (const auto d = delong(items)) {
            s.auc_delong = d->interval();
            if (s.auc_delong.low) s.auc_delong = {s.auc_delong.value, std::max(*s.auc_delong.low, 0.0), std::min(*s.auc_delong.high, 1.0)};
        }
    return s;
}

Estimate DeLong::interval() const {
    if (!error) return {value, std::nullopt, std::nullopt};
    return {value, value - z_975 * *error, value + z_975 * *error};
}

std::optional<double> DeLong::p() const {
    if (!error) return std::nullopt;
    if (*error == 0) return value == 0 ? 1 : 0;
    return p_of_normal(value / *error);
}

std::optional<DeLong> delong(std::span<const Judged> items) { return from_placements(items, placements(items)); }

std::optional<DeLong> delong_difference(std::span<const Judged> a, std::span<const Judged> b) {
    auto difference = placements(b);
    const auto first = placements(a);
    for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= first[i];
    return from_placements(a, difference);
}

double choose_threshold(std::span<const Judged> items, Goal goal) {
    std::vector<Judged> sorted(items.begin(), items.end());
    std::sort(sorted.begin(), sorted.end(), [](const Judged& a, const Judged& b) { return a.probability > b.probability; });
    std::array<double, 2> total{}, called{};
    for (const auto& i : sorted) ++total[i.truth];
    if (total[0] == 0 || total[1] == 0) throw Error(ExitCode::bad_data, "a threshold cannot be chosen: wanted cases with and without enhancement");
    double best = -2, threshold = 1;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        ++called[sorted[i].truth];
        const bool last = i + 1 == sorted.size();
        if (!last && sorted[i + 1].probability == sorted[i].probability) continue;
        const double tp = called[1], fp = called[0], fn = total[1] - tp, tn = total[0] - fp;
        const double scale = std::sqrt((tp + fp) * (tn + fn) * total[0] * total[1]);
        const double value = goal == Goal::f1 ? 2 * tp / (2 * tp + fp + fn) : goal == Goal::mcc ? (scale == 0 ? 0 : (tp * tn - fp * fn) / scale) : tp / total[1] + tn / total[0];
        if (value <= best) continue;
        best = value;
        threshold = last ? sorted[i].probability : (sorted[i].probability + sorted[i + 1].probability) / 2;
    }
    return threshold;
}

Tuned tune(const Joined& on, const Joined& scored, Goal goal) {
    std::set<std::string_view> tested;
    for (const auto& item : scored.items) tested.insert(item.id);
    return {choose_threshold(on.items, goal), std::any_of(on.items.begin(), on.items.end(), [&](const Judged& item) { return tested.contains(item.id); })};
}

DetectionComparison compare_runs(const Joined& a, const Joined& b, Unit unit, const Bootstrap& bootstrap) {
    std::map<Key, const Judged*> second;
    for (const auto& item : b.items) second.emplace(Key{item.id, item.slice}, &item);
    std::vector<Judged> of_a, of_b;
    for (const auto& item : a.items)
        if (const auto other = second.find(Key{item.id, item.slice}); other != second.end()) {
            of_a.push_back(item);
            of_b.push_back(*other->second);
        }
    if (of_a.empty()) throw Error(ExitCode::bad_data, "nothing in common with the first detections");
    DetectionComparison c;
    c.n = of_a.size();
    for (std::size_t i = 0; i < of_a.size(); ++i) {
        const bool right_a = of_a[i].called == of_a[i].truth, right_b = of_b[i].called == of_b[i].truth;
        c.positives += of_a[i].truth;
        c.only_a_right += right_a && !right_b;
        c.only_b_right += right_b && !right_a;
    }
    c.mcnemar_p = unit == Unit::case_ ? mcnemar(c.only_a_right, c.only_b_right) : clustered_mcnemar(of_a, of_b);
    const Ranking first(of_a), other(of_b);
    c.a = first.once();
    c.b = other.once();
    const auto found = bca_intervals(first.clusters(), figure_count, bootstrap, "detection comparison", [&](auto weights, auto out) {
        PerFigure<std::optional<double>> before, after;
        first.evaluate(weights, before);
        other.evaluate(weights, after);
        for (std::size_t f = 0; f < figure_count; ++f)
            if (before[f] && after[f]) out[f] = *after[f] - *before[f];
    });
    std::copy(found.begin(), found.end(), c.difference.begin());
    if (c.difference[at(Figure::auc)].value) c.auc = delong_difference(of_a, of_b);
    return c;
}

}  // namespace lge::metrics
