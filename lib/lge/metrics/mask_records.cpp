#include "lge/metrics/mask_records.hpp"

#include "lge/json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace lge::metrics {
namespace {

void put(json::Writer& w, std::string_view key, std::optional<double> value) {
    w.key(key).number(value.value_or(std::numeric_limits<double>::quiet_NaN()));
}
void put_count(json::Writer& w, std::string_view key, std::uint64_t n) { w.key(key).integer(static_cast<std::int64_t>(n)); }

/// Where a record speaks of a part, that part.
void put_part(json::Writer& w, const std::string& group, const Part& part) {
    if (!group.empty()) w.key("group").text(group);
    if (part.slice) put_count(w, "slice", *part.slice);
    if (part.level != anatomy::Level::unknown) w.key("level").text(anatomy::word(part.level));
    if (part.segment > 0) w.key("segment").integer(part.segment);
}

json::Writer start(std::string_view schema, const std::string& id, const std::string& label, const std::string& group, const Part& part) {
    json::Writer w;
    w.object().key("schema").text(schema).key("id").text(id).key("label").text(label);
    put_part(w, group, part);
    return w;
}

void put_settings(json::Writer& w, const MaskContext& c) {
    put(w, "surface_tolerance_mm", c.settings.surface.tolerance.value);
    put(w, "boundary_mm", c.settings.surface.boundary.value);
    w.key("surface").text(definition(c.settings.surface));
    if (const auto& rule = c.settings.lesions) {
        w.key("lesion_match").text(anatomy::word(rule->match));
        if (rule->match == LesionMatch::iou || rule->match == LesionMatch::cover) put(w, "lesion_share", rule->share);
        if (rule->match == LesionMatch::centroid) put(w, "lesion_distance_mm", rule->distance.value);
        put(w, "lesion_minimum_ml", rule->minimum_ml);
        w.key("lesion_neighbours").integer(rule->corners ? 26 : 6);
    }
    w.key("empty_policy").text(rule(c.settings.empty));
}

void put_bootstrap(json::Writer& w, std::string_view words, const Bootstrap& b) {
    w.key("interval").text(words);
    put_count(w, "resamples", b.resamples);
    put_count(w, "seed", b.seed);
}

/// One line for each item; the first carries the history.
template <class Items, class Write>
std::string lines_of(const Items& items, const MaskContext& c, Write write) {
    std::string text;
    for (const auto& item : items) {
        json::Writer w = write(item);
        put_settings(w, c);
        if (text.empty() && !c.history.empty()) w.key("history").raw(c.history);
        w.end();
        text += w.take_line();
    }
    return text;
}

bool any_lesions(const std::vector<MaskScore>& scores) {
    return std::any_of(scores.begin(), scores.end(), [](const MaskScore& s) { return s.lesions.has_value(); });
}

/// The columns that name a part, where any item has one.
struct PartColumns {
    bool group = false, slice = false, level = false, segment = false;

    template <class Items>
    explicit PartColumns(const Items& items) {
        for (const auto& i : items) {
            group = group || !i.group.empty();
            slice = slice || i.part.slice;
            segment = segment || i.part.segment > 0;
            level = level || (i.part.level != anatomy::Level::unknown && i.part.segment == 0);
        }
    }
    [[nodiscard]] std::vector<std::string> header(std::vector<std::string> before, std::initializer_list<std::string> after) const {
        if (group) before.emplace_back("group");
        if (slice) before.emplace_back("slice");
        if (level) before.emplace_back("level");
        if (segment) before.emplace_back("segment");
        before.insert(before.end(), after);
        return before;
    }
    template <class Item>
    [[nodiscard]] std::vector<std::string> row(std::vector<std::string> before, const Item& i) const {
        if (group) before.push_back(i.group);
        if (slice) before.push_back(i.part.slice ? fmt::format("{}", *i.part.slice) : "");
        if (level) before.emplace_back(anatomy::word(i.part.level));
        if (segment) before.push_back(fmt::format("{}", i.part.segment));
        return before;
    }
};

/// For people: a distance that is infinite is said to be.
std::string shown_distance(std::optional<double> v) { return v == std::numeric_limits<double>::infinity() ? "inf" : shown(v); }

std::string interval(const Estimate& e) { return e.low ? shown(e.low) + " to " + shown(e.high) : "-"; }

std::optional<double> value(const MaskScore& s, std::string_view name) {
    const auto all = mask_figures(true);
    return std::find_if(all.begin(), all.end(), [&](const MaskFigure& f) { return f.name == name; })->of(s);
}

}  // namespace

std::string write_records(const std::vector<MaskScore>& scores, const MaskContext& c) {
    const bool lesions = any_lesions(scores);
    return lines_of(scores, c, [&](const MaskScore& s) {
        json::Writer w = start("lge.dice/1", s.id, s.label, s.group, s.part);
        for (const auto& f : mask_figures(lesions)) put(w, f.name, f.of(s));
        put_count(w, "voxels", s.overlap.prediction);
        put_count(w, "reference_voxels", s.overlap.reference);
        w.key("empty").text(word(s.overlap.empty())).key("no_distance");
        if (const auto why = s.why_no_distance()) w.text(*why);
        else w.null();
        return w;
    });
}

std::string write_records(const std::vector<MaskSummary>& summaries, const MaskContext& c) {
    return lines_of(summaries, c, [&](const MaskSummary& m) {
        json::Writer w = start("lge.dice.summary/1", m.label, m.label, m.group, m.part);
        w.key("unit").text(m.slices ? "slice" : "case");
        put_count(w, "n", m.n);
        put_count(w, "missing", c.coverage.missing);
        put_count(w, "extra", c.coverage.extra);
        put_count(w, "both_empty", m.both_empty);
        put_count(w, "prediction_empty", m.prediction_empty);
        put_count(w, "reference_empty", m.reference_empty);
        for (const auto& [name, s] : m.figures) {
            w.key(name).object();
            put_count(w, "n", s.n);
            put_count(w, "infinite", s.infinite);
            put(w, "mean", s.mean);
            put(w, "sd", s.sd);
            put(w, "median", s.median);
            put(w, "low", s.low);
            put(w, "high", s.high);
            put(w, "finite_mean", s.finite_mean);
            w.end();
        }
        put_bootstrap(w, "95 % percentile bootstrap of the mean, whole cases drawn", c.bootstrap);
        return w;
    });
}

std::string write_records(const std::vector<MaskComparison>& comparisons, const MaskContext& c) {
    return lines_of(comparisons, c, [&](const MaskComparison& m) {
        json::Writer w = start("lge.dice.compare/1", m.label, m.label, m.group, m.part);
        put_count(w, "n", m.n);
        for (const auto& [name, p] : m.figures) {
            w.key(name).object();
            put_count(w, "n", p.n);
            put_count(w, "infinite", p.infinite);
            put(w, "mean_a", p.mean_a);
            put(w, "mean_b", p.mean_b);
            put(w, "difference", p.difference.value);
            put(w, "low", p.difference.low);
            put(w, "high", p.difference.high);
            put_count(w, "wilcoxon_n", p.test.n);
            put(w, "wilcoxon_rank_sum", p.test.rank_sum);
            put(w, "wilcoxon_p", p.test.p);
            w.key("wilcoxon_exact").boolean(p.test.exact).end();
        }
        put_bootstrap(w, "95 % percentile bootstrap of the mean of b - a, whole cases drawn", c.bootstrap);
        return w;
    });
}

Table full_table(const std::vector<MaskScore>& scores) {
    const bool lesions = any_lesions(scores);
    const PartColumns parts(scores);
    Table t{parts.header({"id", "label"}, {}), {}};
    for (const auto& f : mask_figures(lesions)) t.header.emplace_back(f.name);
    t.header.insert(t.header.end(), {"voxels", "reference_voxels", "empty", "no_distance"});
    for (const auto& s : scores) {
        auto row = parts.row({s.id, s.label}, s);
        for (const auto& f : mask_figures(lesions)) row.push_back(exact(f.of(s)));
        row.push_back(fmt::format("{}", s.overlap.prediction));
        row.push_back(fmt::format("{}", s.overlap.reference));
        row.emplace_back(word(s.overlap.empty()));
        row.emplace_back(s.why_no_distance().value_or(""));
        t.rows.push_back(std::move(row));
    }
    return t;
}

Table full_table(const std::vector<MaskSummary>& summaries) {
    const PartColumns parts(summaries);
    Table t{parts.header({"label"}, {"figure", "n", "infinite", "mean", "sd", "median", "low", "high", "finite_mean"}), {}};
    for (const auto& m : summaries)
        for (const auto& [name, s] : m.figures) {
            auto row = parts.row({m.label}, m);
            for (const auto& text : {std::string(name), fmt::format("{}", s.n), fmt::format("{}", s.infinite), exact(s.mean), exact(s.sd), exact(s.median),
                                     exact(s.low), exact(s.high), exact(s.finite_mean)})
                row.push_back(text);
            t.rows.push_back(std::move(row));
        }
    return t;
}

Table full_table(const std::vector<MaskComparison>& comparisons) {
    const PartColumns parts(comparisons);
    Table t{parts.header({"label"}, {"figure", "n", "infinite", "mean_a", "mean_b", "difference", "low", "high", "wilcoxon_p"}), {}};
    for (const auto& m : comparisons)
        for (const auto& [name, p] : m.figures) {
            auto row = parts.row({m.label}, m);
            for (const auto& text : {std::string(name), fmt::format("{}", p.n), fmt::format("{}", p.infinite), exact(p.mean_a), exact(p.mean_b),
                                     exact(p.difference.value), exact(p.difference.low), exact(p.difference.high), exact(p.test.p)})
                row.push_back(text);
            t.rows.push_back(std::move(row));
        }
    return t;
}

Table short_table(const std::vector<MaskScore>& scores) {
    const bool lesions = any_lesions(scores);
    const PartColumns parts(scores);
    Table t{parts.header({"id", "label"}, {"dice", "precision", "recall", "ml", "reference ml", "hd95 mm", "assd mm"}), {}};
    if (lesions) t.header.emplace_back("lesions found");
    t.header.emplace_back("empty");
    for (const auto& s : scores) {
        auto row = parts.row({s.id, s.label}, s);
        for (const auto* name : {"dice", "precision", "recall", "volume_ml", "reference_volume_ml"}) row.push_back(shown(value(s, name)));
        for (const auto* name : {"hd95_mm", "assd_mm"}) row.push_back(shown_distance(value(s, name)));
        if (lesions) row.push_back(s.lesions ? fmt::format("{} of {}", s.lesions->found, s.lesions->reference) : "-");
        row.emplace_back(word(s.overlap.empty()));
        t.rows.push_back(std::move(row));
    }
    return t;
}

Table short_table(const std::vector<MaskSummary>& summaries) {
    const PartColumns parts(summaries);
    Table t{parts.header({"label"}, {"n", "both empty", "one empty", "dice", "95 % interval", "sd", "median", "hd95 mm, median", "assd mm, median", "ml - reference ml"}), {}};
    for (const auto& m : summaries) {
        const auto& dice = m.figure("dice");
        const auto median = [&](std::string_view name) {
            const auto& s = m.figure(name);
            return s.median ? shown(s.median) : s.infinite > 0 ? "inf" : "-";
        };
        auto row = parts.row({m.label}, m);
        for (const auto& text : {fmt::format("{}", m.n), fmt::format("{}", m.both_empty), fmt::format("{}", m.prediction_empty + m.reference_empty), shown(dice.mean),
                                 interval({dice.mean, dice.low, dice.high}), shown(dice.sd), shown(dice.median), median("hd95_mm"), median("assd_mm"),
                                 shown(m.figure("volume_difference_ml").mean)})
            row.push_back(text);
        t.rows.push_back(std::move(row));
    }
    return t;
}

Table short_table(const std::vector<MaskComparison>& comparisons) {
    const PartColumns parts(comparisons);
    Table t{parts.header({"label"}, {"figure", "n", "a", "b", "b - a", "95 % interval", "Wilcoxon p"}), {}};
    for (const auto& m : comparisons)
        for (const auto& [name, p] : m.figures) {
            if (name != "dice" && name != "hd95_mm" && name != "assd_mm" && name != "surface_dice") continue;
            auto row = parts.row({m.label}, m);
            for (const auto& text : {std::string(name), fmt::format("{}", p.n), shown(p.mean_a), shown(p.mean_b), shown(p.difference.value), interval(p.difference),
                                     p.test.p ? (*p.test.p < 0.001 ? "< 0.001" : shown(p.test.p)) : "-"})
                row.push_back(text);
            t.rows.push_back(std::move(row));
        }
    return t;
}

}  // namespace lge::metrics
