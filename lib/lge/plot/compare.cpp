#include "lge/plot/compare.hpp"

#include "lge/base/error.hpp"
#include "lge/json/reader.hpp"
#include "lge/plot/segments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace lge::plot {
namespace {

/// One lge.score/1 record: the estimates by name, in order.
struct ScoreRecord {
    std::string part;  // "", a level or "segment n"
    std::vector<std::pair<std::string, Estimate>> figures;
};
/// The values of a figure of one label, by case.
struct CaseValues {
    std::string label;
    std::map<std::string, std::optional<double>> of;
};
struct Records {
    std::vector<ScoreRecord> scores;
    std::vector<CaseValues> cases;
};

ScoreRecord score_record(const json::Value& line) {
    ScoreRecord r;
    if (const auto level = line.text_if("level")) r.part = *level;
    if (const auto segment = line.integer_if("segment")) r.part = fmt::format("segment {}", *segment);
    line.each_member([&](std::string_view key, json::Value v) {
        if (v.kind() == json::Value::Kind::object && v.find("value")) r.figures.emplace_back(key, Estimate{v.number_if("value"), v.number_if("low"), v.number_if("high")});
    });
    return r;
}

Records read(const std::string& path, const std::string& figure) {
    Records all;
    json::Lines lines{Input(path)};
    while (const auto line = lines.next()) {
        try {
            const auto schema = line->text("schema");
            if (schema == "lge.score/1") {
                all.scores.push_back(score_record(*line));
            } else if (schema == "lge.dice/1") {
                const auto label = line->text("label");
                std::string id(line->text("id"));
                for (const auto* key : {"slice", "segment"})
                    if (const auto n = line->integer_if(key)) id += fmt::format(" {} {}", key, *n);
                if (const auto level = line->text_if("level")) id += " " + std::string(*level);
                auto at = std::find_if(all.cases.begin(), all.cases.end(), [&](const CaseValues& c) { return c.label == label; });
                if (at == all.cases.end()) at = all.cases.insert(all.cases.end(), CaseValues{std::string(label), {}});
                at->of[id] = line->number_if(figure);
            } else {
                throw Error(ExitCode::bad_data, "schema is not lge.score/1 or lge.dice/1");
            }
        } catch (const Error& e) {
            lines.refuse(e.what());
        }
    }
    return all;
}

bool lower_is_better(std::string_view figure) { return figure == "brier" || figure == "calibration_error"; }

/// Figures go down the panel, those of both runs close to each other.
void add_score_panels(std::vector<Panel>& panels, const ScoreRecord& a, const ScoreRecord& b) {
    for (const bool lower : {false, true}) {
        Panel p{a.part.empty() ? std::string(lower ? "lower is better" : "higher is better") : a.part + (lower ? ", lower is better" : ""),
                {"value, with 95 % interval"}, {""}, false, {{"", 0, Mark::points}, {"", 1, Mark::points}}};
        for (const auto& [figure, estimate] : a.figures) {
            const auto other = std::find_if(b.figures.begin(), b.figures.end(), [f = figure](const auto& o) { return o.first == f; });
            if (lower_is_better(figure) != lower || figure == "auc_delong" || other == b.figures.end() || !estimate.value || !other->second.value) continue;
            const double row = static_cast<double>(p.y.words.size());
            p.y.words.push_back(words_of(figure));
            p.series[0].samples.push_back({*estimate.value, row - 0.14, estimate.low, estimate.high});
            p.series[1].samples.push_back({*other->second.value, row + 0.14, other->second.low, other->second.high});
        }
        if (p.y.words.empty()) continue;
        double least = 0, greatest = lower ? 0 : 1;
        for (const auto& s : p.series)
            for (const auto& v : s.samples) {
                least = std::min({least, v.x, v.low.value_or(v.x)});
                greatest = std::max({greatest, v.x, v.high.value_or(v.x)});
            }
        p.x.low = least < 0 ? std::floor(least * 5) / 5 : 0;
        p.x.high = lower ? std::min(1.0, std::ceil(greatest * 11) / 10) : 1;
        p.y.low = -0.6;
        p.y.high = static_cast<double>(p.y.words.size()) - 0.4;
        panels.push_back(std::move(p));
    }
}

/// Nothing where no case has a value on both sides.
std::optional<Panel> case_panel(const CaseValues& a, const CaseValues& b, const std::string& name_a, const std::string& name_b, const std::string& figure, const metrics::Bootstrap& bootstrap) {
    Panel p{"", {""}, {words_of(figure)}, true, {}, {}, Corner::lower_right};
    p.x = {"", -0.5, 1.5, {name_a, name_b}};
    std::vector<double> of_a, of_b;
    std::size_t lost = 0;
    for (const auto& [id, value] : a.of) {
        const auto other = b.of.find(id);
        if (other == b.of.end()) continue;
        if (!value || !other->second) {
            ++lost;
            continue;
        }
        of_a.push_back(*value);
        of_b.push_back(*other->second);
        p.series.push_back({"", 0, Mark::line, {{0, *value}, {1, *other->second}}, true});
    }
    if (of_a.empty()) return std::nullopt;
    const auto add_mean = [&](const std::vector<double>& values, double x, std::size_t style) {
        const auto s = metrics::spread(values, bootstrap, "comparison");
        p.series.push_back({"", style, Mark::points, {{x, *s.mean, s.low, s.high}}});
    };
    add_mean(of_a, -0.12, 0);
    add_mean(of_b, 1.12, 1);
    const auto [low_a, high_a] = std::minmax_element(of_a.begin(), of_a.end());
    const auto [low_b, high_b] = std::minmax_element(of_b.begin(), of_b.end());
    const double low = std::min(*low_a, *low_b), high = std::max(*high_a, *high_b);
    p.y.low = low >= 0 ? 0 : low * 1.05;
    p.y.high = high <= 1 && low >= 0 && !figure.ends_with("_mm") && !figure.ends_with("_ml") ? 1.02 : high * 1.05 + 1e-9;
    p.title = fmt::format("{} (n = {})", words_of(a.label), of_a.size());
    if (lost > 0) p.x.label = fmt::format("{} left out: no value or infinite", lost);
    else p.x.label = "a line a case; mean and 95 % interval";
    return p;
}

}  // namespace

std::vector<Panel> comparison_panels(const std::string& path_a, const std::string& path_b, const std::string& name_a, const std::string& name_b,
                                     const std::optional<std::string>& figure, const metrics::Bootstrap& bootstrap) {
    const std::string of = figure.value_or("dice");
    const Records a = read(path_a, of), b = read(path_b, of);
    std::vector<Panel> panels;
    for (const auto& first : a.scores)
        for (const auto& other : b.scores)
            if (first.part == other.part) add_score_panels(panels, first, other);
    for (const auto& first : a.cases)
        for (const auto& other : b.cases)
            if (first.label == other.label)
                if (auto panel = case_panel(first, other, name_a, name_b, of, bootstrap)) panels.push_back(std::move(*panel));
    if (panels.empty()) throw Error(ExitCode::bad_data, display_name(path_b) + ": no value in common with " + display_name(path_a));
    return panels;
}

}  // namespace lge::plot
