#include "lge/plot/segments.hpp"

#include "lge/base/error.hpp"
#include "lge/io/cohort.hpp"
#include "lge/io/records.hpp"
#include "lge/metrics/masks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace lge::plot {
namespace {

/// Means of what is said of the segments, under headings in the order of their first appearance.
class Gathered {
public:
    void add(const std::string& heading, int segment, double value) {
        auto at = std::find_if(all_.begin(), all_.end(), [&](const Means& m) { return m.heading == heading; });
        if (at == all_.end()) at = all_.insert(all_.end(), Means{heading, {}, {}});
        at->sum[static_cast<std::size_t>(segment)] += value;
        ++at->count[static_cast<std::size_t>(segment)];
    }
    [[nodiscard]] bool empty() const { return all_.empty(); }
    /// `of`: what is counted below each, as in "12 cases"; empty: nothing.
    [[nodiscard]] std::vector<Eye> eyes(std::size_t most, const std::string& of) const {
        std::vector<Eye> eyes;
        for (const auto& m : all_) {
            if (eyes.size() == most) break;
            Eye eye{m.heading, {}, {}};
            std::size_t greatest = 0;
            for (std::size_t s = 1; s < 18; ++s) {
                if (m.count[s] > 0) eye.value[s] = m.sum[s] / static_cast<double>(m.count[s]);
                greatest = std::max(greatest, m.count[s]);
            }
            if (!of.empty()) eye.below = fmt::format("{} {}{}", greatest, of, greatest == 1 ? "" : "s");
            eyes.push_back(std::move(eye));
        }
        return eyes;
    }

private:
    struct Means {
        std::string heading;
        std::array<double, 18> sum{};
        std::array<std::size_t, 18> count{};
    };
    std::vector<Means> all_;
};

/// Numbers cases in the order of first appearance, or gives their ids.
class Headings {
public:
    explicit Headings(bool ids) : ids_(ids) {}
    std::string operator()(std::string_view id) {
        if (ids_) return std::string(id);
        return fmt::format("case {}", numbers_.emplace(id, numbers_.size() + 1).first->second);
    }

private:
    bool ids_;
    std::map<std::string, std::size_t, std::less<>> numbers_;
};

/// The scale of the colour bar: 0 to 1 for shares, else from 0 to a round number above the greatest value.
void set_scale(Bullseyes& b, bool share) {
    if (share) return;
    b.amount = true;
    double greatest = 0, least = 0;
    for (const auto& eye : b.eyes)
        for (const auto& v : eye.value)
            if (v) {
                greatest = std::max(greatest, *v);
                least = std::min(least, *v);
            }
    const auto round_up = [](double v) {
        if (v <= 0) return 0.0;
        const double power = std::pow(10.0, std::floor(std::log10(v)));
        for (const double step : {1.0, 2.0, 4.0, 5.0, 8.0})
            if (v <= step * power * (1 + 1e-9)) return step * power;
        return 10 * power;
    };
    b.high = greatest > 0 || least < 0 ? round_up(greatest) : 1;
    b.low = -round_up(-least);
    b.decimals = b.high - b.low >= 20 ? 0 : 1;
}

bool is_share(std::string_view figure) {
    constexpr std::array<std::string_view, 19> shares{"dice", "jaccard", "precision", "recall", "surface_dice", "boundary_iou", "lesion_recall", "lesion_precision", "lesion_f1",
                                                      "balanced_accuracy", "sensitivity", "specificity", "ppv", "npv", "f1", "auc", "average_precision", "brier", "calibration_error"};
    return std::find(shares.begin(), shares.end(), figure) != shares.end();
}

std::optional<int> segment_of(const json::Value& line) {
    const auto s = line.integer_if("segment");
    if (!s) return std::nullopt;
    if (*s < 1 || *s > 17) throw Error(ExitCode::bad_data, "segment is not from 1 to 17");
    return static_cast<int>(*s);
}

/// A figure of a record: a number, or the mean or value of an object; nothing where it is null.
std::optional<double> figure_of(const json::Value& line, const std::string& figure) {
    bool there = false;
    line.each_member([&](std::string_view key, json::Value) { there = there || key == figure; });
    if (!there) throw Error(ExitCode::usage, "--figure: the records have no such figure");
    const auto value = line.find(figure);
    if (!value) return std::nullopt;
    if (value->kind() == json::Value::Kind::number) return value->number();
    if (value->kind() != json::Value::Kind::object) throw Error(ExitCode::usage, "--figure: is no number in the records");
    return value->find("mean") ? value->number_if("mean") : value->number_if("value");
}

/// Adds 100 or 0 for each segment, so that the mean is a percentage.
void add_segments(Gathered& to, const std::string& heading, anatomy::Segments enhanced, anatomy::Segments doubtful) {
    for (int s = 1; s <= 17; ++s)
        if (enhanced.has(s) || !doubtful.has(s)) to.add(heading, s, enhanced.has(s) ? 100 : 0);
}

Bullseyes of_cohort(const io::Cohort& cohort, const SegmentChoice& choice) {
    Gathered all;
    Headings heading(choice.ids);
    const std::vector sets{metrics::parse_label_set("scar")};
    for (std::size_t c = 0; c < cohort.cases.size(); ++c) {
        volume::Volume<std::uint8_t> label(cohort.grid(c));
        std::copy_n(cohort.label.begin() + static_cast<std::ptrdiff_t>(cohort.cases[c].first_slice * cohort.slice_size()), label.voxels.size(), label.voxels.begin());
        const auto map = metrics::part_map(label, metrics::frame_of(cohort, c), metrics::By::segment);
        for (const auto& s : metrics::compare_parts(cohort.cases[c].id, label.voxels, label.voxels, label.grid, map, sets, {}))
            if (s.percent_of_myocardium) all.add(choice.each ? heading(cohort.cases[c].id) : "", s.part.segment, *s.percent_of_myocardium);
    }
    Bullseyes b{"", all.eyes(choice.each ? choice.most : 1, choice.each ? "" : "case"), "scar, % of the segment's wall"};
    set_scale(b, false);
    return b;
}

}  // namespace

std::string words_of(std::string_view figure) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 14> known{{
        {"percent_of_myocardium", "scar, % of the segment's wall"}, {"reference_percent_of_myocardium", "scar in the reference, % of the segment's wall"},
        {"dice", "Dice"}, {"auc", "AUC"}, {"mcc", "MCC"}, {"ppv", "PPV"}, {"npv", "NPV"}, {"f1", "F1"}, {"brier", "Brier score"}, {"lv_cavity", "LV cavity"},
        {"rv_cavity", "RV cavity"}, {"hd95_mm", "95 % Hausdorff distance, mm"}, {"hd_mm", "Hausdorff distance, mm"}, {"assd_mm", "mean surface distance, mm"}}};
    for (const auto& [name, words] : known)
        if (name == figure) return std::string(words);
    std::string text(figure), unit;
    for (const std::string_view u : {"_mm", "_ml"})
        if (text.ends_with(u)) {
            unit = ", " + std::string(u.substr(1));
            text.resize(text.size() - u.size());
        }
    std::replace(text.begin(), text.end(), '_', ' ');
    return text + unit;
}

Bullseyes read_bullseyes(const std::string& path, const SegmentChoice& choice) {
    Bytes file = read_file(path);
    const auto name = display_name(path);
    if (io::looks_like_hdf5(file)) {
        const auto cohort = io::decode_cohort(file, name);
        if (cohort.label.empty()) throw Error(ExitCode::bad_data, name + ": cohort has no labels");
        return of_cohort(cohort, choice);
    }
    Gathered all;
    Headings heading(choice.ids);
    std::string figure = choice.figure.value_or(""), quantity, of = "case";
    json::Lines lines(std::move(file), name);
    const auto take = [&](const json::Value& line) {
        const auto schema = line.text("schema"), id = line.text("id");
        if (schema == "lge.dice/1" || schema == "lge.dice.summary/1" || schema == "lge.score/1") {
            const auto segment = segment_of(line);
            if (!segment) return;
            if (figure.empty()) figure = schema == "lge.score/1" ? "balanced_accuracy" : "dice";
            quantity = words_of(figure);
            const auto value = figure_of(line, figure);
            if (!value) return;
            const auto label = line.text_if("label"), group = line.text_if("group");
            std::string under = label ? words_of(*label) : std::string(id);
            if (group) under += ", " + std::string(*group);
            if (choice.each && schema == "lge.dice/1") under += ", " + heading(id);
            if (schema != "lge.dice/1" || choice.each) of.clear();
            all.add(under, *segment, *value);
            return;
        }
        quantity = "enhanced, % of cases";
        const std::string under = choice.each ? heading(id) : "";
        if (choice.each) of.clear();
        if (schema == "lge.finding/1") {
            const auto f = io::parse_finding(line);
            const bool known = f.lge == anatomy::Presence::absent || (f.lge == anatomy::Presence::present && f.segments && !f.segments->empty());
            if (known) add_segments(all, under, f.lge == anatomy::Presence::absent ? anatomy::Segments{} : *f.segments, f.segments_possible);
        } else if (schema == "lge.detection/1") {
            const auto d = io::parse_detection(line);
            if (d.unit != "case" || (!d.segments && d.present)) return;
            anatomy::Segments named;
            if (d.segments)
                for (const int s : *d.segments) named.add(s);
            add_segments(all, under, named, {});
        } else {
            throw Error(ExitCode::bad_data, "schema is not lge.dice/1, lge.dice.summary/1, lge.score/1, lge.finding/1 or lge.detection/1");
        }
    };
    while (const auto line = lines.next()) {
        try {
            take(*line);
        } catch (const Error& e) {
            if (e.code() == ExitCode::usage) throw;
            lines.refuse(e.what());
        }
    }
    if (all.empty()) throw Error(ExitCode::bad_data, name + ": says nothing of segments");
    Bullseyes b{"", all.eyes(choice.each ? choice.most : 64, of), quantity};
    set_scale(b, is_share(figure));
    return b;
}

}  // namespace lge::plot
