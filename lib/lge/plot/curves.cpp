#include "lge/plot/curves.hpp"

#include "lge/base/error.hpp"
#include "lge/base/random.hpp"
#include "lge/json/reader.hpp"
#include "lge/metrics/detection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace lge::plot {
namespace {

using metrics::Judged;

std::vector<Judged> ranked(std::vector<Judged> items) {
    std::stable_sort(items.begin(), items.end(), [](const Judged& a, const Judged& b) { return a.probability > b.probability; });
    return items;
}

/// True and false positives, each item counting `weight(i)` times, at every threshold from above the highest down.
template <class Weight>
std::vector<std::pair<double, double>> counts(const std::vector<Judged>& items, Weight weight) {
    std::vector<std::pair<double, double>> all{{0, 0}};
    double tp = 0, fp = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        (items[i].truth ? tp : fp) += weight(i);
        if (i + 1 == items.size() || items[i + 1].probability != items[i].probability) all.emplace_back(tp, fp);
    }
    return all;
}

/// The sensitivity at a false positive rate, between the corners of the curve along straight lines (ties).
std::vector<double> sensitivities(const std::vector<std::pair<double, double>>& c, const std::vector<double>& rates) {
    const double positives = c.back().first, negatives = c.back().second;
    std::vector<double> all;
    std::size_t at = 0;
    for (const double rate : rates) {
        while (at + 1 < c.size() && c[at + 1].second <= rate * negatives) ++at;
        double tp = c[at].first;
        if (at + 1 < c.size() && c[at + 1].second > c[at].second) tp += (c[at + 1].first - tp) * (rate * negatives - c[at].second) / (c[at + 1].second - c[at].second);
        all.push_back(tp / positives);
    }
    return all;
}

Series roc_band(const std::vector<Judged>& items, const metrics::Bootstrap& bootstrap) {
    std::map<std::string_view, std::size_t> number;
    for (const auto& i : items) number.emplace(i.id, 0);
    std::size_t cases = 0;
    for (auto& [id, n] : number) n = cases++;
    std::vector<std::size_t> cluster;
    for (const auto& i : items) cluster.push_back(number.at(i.id));
    std::vector<double> rates(101);
    for (std::size_t r = 0; r < rates.size(); ++r) rates[r] = static_cast<double>(r) / 100;
    std::vector<std::vector<double>> drawn(rates.size());
    for (unsigned d = 0; d < bootstrap.resamples; ++d) {
        Random random(bootstrap.seed, d, "roc band");
        std::vector<double> weight(cases);
        for (std::size_t c = 0; c < cases; ++c) ++weight[random.below(static_cast<std::uint32_t>(cases))];
        const auto c = counts(items, [&](std::size_t i) { return weight[cluster[i]]; });
        if (c.back().first == 0 || c.back().second == 0) continue;
        const auto values = sensitivities(c, rates);
        for (std::size_t r = 0; r < rates.size(); ++r) drawn[r].push_back(values[r]);
    }
    Series band{"", 0, Mark::band, {}, false};
    for (std::size_t r = 0; r < rates.size(); ++r) {
        if (drawn[r].empty()) continue;
        std::sort(drawn[r].begin(), drawn[r].end());
        band.samples.push_back({rates[r], 0, metrics::quantile(drawn[r], 0.025), metrics::quantile(drawn[r], 0.975)});
    }
    return band;
}

Series calibration(const Run& run, std::size_t style, metrics::Unit unit) {
    std::array<std::uint64_t, metrics::calibration_bins> n{}, positives{};
    std::array<double, metrics::calibration_bins> sum{};
    for (const auto& i : run.items) {
        const auto bin = std::min(static_cast<std::size_t>(i.probability * metrics::calibration_bins), metrics::calibration_bins - 1);
        ++n[bin];
        positives[bin] += i.truth;
        sum[bin] += i.probability;
    }
    Series s{"", style, Mark::line_and_points, {}, false};
    for (std::size_t b = 0; b < n.size(); ++b) {
        if (n[b] == 0) continue;
        const auto w = wilson(positives[b], n[b]);
        const bool shown = unit == metrics::Unit::case_;
        s.samples.push_back({sum[b] / static_cast<double>(n[b]), *w.value, shown ? w.low : std::nullopt, shown ? w.high : std::nullopt});
    }
    return s;
}

/// At most 300 means of stretches of steps.
std::vector<Sample> thinned(const std::vector<double>& steps, const std::vector<double>& values) {
    const std::size_t stretch = (steps.size() + 299) / 300;
    std::vector<Sample> all;
    for (std::size_t first = 0; first < steps.size(); first += stretch) {
        double x = 0, y = 0, n = 0;
        for (std::size_t i = first; i < std::min(first + stretch, steps.size()); ++i) {
            if (!std::isfinite(values[i])) continue;
            x += steps[i];
            y += values[i];
            ++n;
        }
        if (n > 0) all.push_back({x / n, y / n});
    }
    return all;
}

void fit_axes(Panel& p, bool from_zero) {
    double low = std::numeric_limits<double>::infinity(), high = -low, last = 1;
    for (const auto& s : p.series)
        for (const auto& v : s.samples) {
            low = std::min(low, v.y);
            high = std::max(high, v.y);
            last = std::max(last, v.x);
        }
    if (!(low <= high)) low = 0, high = 1;
    if (from_zero && low >= 0) low = 0;
    // The legend stands above the lines.
    const auto named = std::count_if(p.series.begin(), p.series.end(), [](const Series& s) { return !s.name.empty(); });
    high += (high - low) * 0.09 * static_cast<double>(named);
    const double room = high > low ? 0.05 * (high - low) : std::max(std::abs(high), 1e-6) * 0.1;
    p.y.low = low == 0 ? 0 : low - room;
    p.y.high = high + room;
    p.x.low = 0;
    p.x.high = last;
}

bool is_loss(const std::string& key) { return key.find("loss") != std::string::npos || key.find("entropy") != std::string::npos; }

std::string readable(std::string key) {
    std::replace(key.begin(), key.end(), '_', ' ');
    return key;
}

}  // namespace

std::vector<Run> read_runs(const std::string& truth_path, const std::vector<std::string>& detections, metrics::Unit unit) {
    const auto truth = metrics::read_truth(truth_path, unit).items;
    std::vector<Run> runs;
    for (const auto& path : detections) {
        runs.push_back({display_name(path), metrics::join(truth, metrics::read_detections(path, unit).items, std::nullopt).items});
        if (runs.back().items.empty()) throw Error(ExitCode::bad_data, fmt::format("{}: no {} in common with the truth", display_name(path), anatomy::word(unit)));
    }
    return runs;
}

std::vector<Panel> judgement_panels(const std::vector<Run>& runs, metrics::Unit unit, const metrics::Bootstrap& bootstrap) {
    const std::string of = unit == metrics::Unit::slice ? "slices" : "cases";
    Panel roc{"ROC", {"1 - specificity"}, {"sensitivity"}, true, {}, {{0, 0, 1, 1}}};
    Panel pr{"precision and recall", {"recall (sensitivity)"}, {"precision (PPV)"}, true, {}, {}, Corner::lower_left};
    Panel cal{"calibration", {"mean predicted probability"}, {"share of " + of + " with enhancement"}, true, {}, {{0, 0, 1, 1}}};
    for (std::size_t r = 0; r < runs.size(); ++r) {
        const auto items = ranked(runs[r].items);
        const auto figures = metrics::figures_of(items);
        const auto value = [&](metrics::Figure f) { return figures[static_cast<std::size_t>(f)]; };
        if (!value(metrics::Figure::auc)) throw Error(ExitCode::bad_data, (runs[r].name.empty() ? "" : runs[r].name + ": ") + "wanted cases with and without enhancement");
        const auto c = counts(items, [](std::size_t) { return 1.0; });
        const double positives = c.back().first, negatives = c.back().second;
        if (runs.size() == 1) roc.series.push_back(roc_band(items, bootstrap));
        Series line{"", r, Mark::line, {}, false}, precision = line;
        for (const auto& [tp, fp] : c) {
            line.samples.push_back({fp / negatives, tp / positives});
            if (tp + fp > 0) precision.samples.push_back({tp / positives, tp / (tp + fp)});
        }
        const auto d = metrics::delong(items)->interval();
        line.name = fmt::format("AUC {:.2f}", *d.value);
        if (d.low) line.name += fmt::format(" ({:.2f} to {:.2f})", std::max(*d.low, 0.0), std::min(*d.high, 1.0));
        precision.name = fmt::format("average precision {:.2f}", *value(metrics::Figure::average_precision));
        auto bins = calibration(runs[r], r, unit);
        bins.name = fmt::format("calibration error {:.2f}", *value(metrics::Figure::calibration_error));
        roc.series.push_back(std::move(line));
        pr.series.push_back(std::move(precision));
        cal.series.push_back(std::move(bins));
        if (r == 0) {
            const double share = positives / (positives + negatives);
            pr.guide = {{0, share, 1, share}};
            cal.x.label += fmt::format(" ({} {})", items.size(), of);
        }
    }
    return {std::move(roc), std::move(pr), std::move(cal)};
}

TrainingRun read_training(const std::string& path) {
    TrainingRun run;
    json::Lines lines{Input(path)};
    while (const auto line = lines.next()) {
        try {
            if (line->text("schema") != "lge.train/1") throw Error(ExitCode::bad_data, "schema is not lge.train/1");
            if (run.keys.empty())
                line->each_member([&](std::string_view key, json::Value v) {
                    if (v.kind() == json::Value::Kind::number && key != "step" && key != "skipped") run.keys.emplace_back(key);
                });
            run.values.resize(run.keys.size());
            run.steps.push_back(line->number("step"));
            for (std::size_t k = 0; k < run.keys.size(); ++k) run.values[k].push_back(line->number_if(run.keys[k]).value_or(std::numeric_limits<double>::quiet_NaN()));
        } catch (const Error& e) {
            lines.refuse(e.what());
        }
    }
    if (run.steps.empty() || run.keys.empty()) throw Error(ExitCode::bad_data, display_name(path) + ": no step with numbers");
    return run;
}

std::vector<Panel> training_panels(const std::vector<TrainingRun>& runs) {
    std::vector<Panel> panels;
    const auto add = [&](const std::string& title) -> Panel& {
        panels.push_back({title, {"step"}, {title}, true, {}, {}, Corner::upper_right, false});
        return panels.back();
    };
    const bool several = runs.size() > 1;
    for (std::size_t r = 0; r < runs.size(); ++r)
        for (std::size_t k = 0; k < runs[r].keys.size(); ++k) {
            const auto& key = runs[r].keys[k];
            const std::string title = !several && is_loss(key) ? "loss" : readable(key);
            auto at = std::find_if(panels.begin(), panels.end(), [&](const Panel& p) { return p.title == title; });
            Panel& p = at == panels.end() ? add(title) : *at;
            p.series.push_back({!several && is_loss(key) ? readable(key) : "", several ? r : p.series.size(), Mark::line, thinned(runs[r].steps, runs[r].values[k]), false});
        }
    for (auto& p : panels) fit_axes(p, is_loss(p.title) || p.title == "gradient norm" || p.title == "learning rate");
    return panels;
}

}  // namespace lge::plot
