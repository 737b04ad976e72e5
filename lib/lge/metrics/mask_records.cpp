#include "lge/metrics/mask_records.hpp"

#include "lge/json/writer.hpp"

#include <fmt/format.h>

#include <limits>

namespace lge::metrics {
namespace {

void put(json::Writer& w, std::string_view key, std::optional<double> value) {
    w.key(key).number(value.value_or(std::numeric_limits<double>::quiet_NaN()));
}
void put_count(json::Writer& w, std::string_view key, std::uint64_t n) { w.key(key).integer(static_cast<std::int64_t>(n)); }

std::vector<std::string> figure_names(std::vector<std::string> header) {
    for (const auto& f : mask_figures()) header.emplace_back(f.name);
    return header;
}

}  // namespace

std::string write_mask_score(const MaskScore& s, Mm surface_tolerance) {
    json::Writer w;
    w.object().key("schema").text("lge.dice/1").key("id").text(s.id).key("label").text(s.label);
    for (const auto& f : mask_figures()) put(w, f.name, f.of(s));
    put(w, "surface_tolerance_mm", surface_tolerance.value);
    put_count(w, "voxels", s.overlap.prediction);
    put_count(w, "reference_voxels", s.overlap.reference);
    w.key("empty").text(word(s.overlap.empty())).key("empty_policy").text(empty_policy).key("surface").text(surface_definition).end();
    return w.take_line();
}

std::string write_mask_summary(const MaskSummary& m, const Coverage& coverage, const Bootstrap& bootstrap, Mm surface_tolerance) {
    json::Writer w;
    w.object().key("schema").text("lge.dice.summary/1").key("id").text(m.label).key("label").text(m.label);
    put_count(w, "n", m.n);
    put_count(w, "missing", coverage.missing);
    put_count(w, "extra", coverage.extra);
    put_count(w, "both_empty", m.both_empty);
    put_count(w, "prediction_empty", m.prediction_empty);
    put_count(w, "reference_empty", m.reference_empty);
    for (const auto& [name, s] : m.figures) {
        w.key(name).object();
        put_count(w, "n", s.n);
        put(w, "mean", s.mean);
        put(w, "sd", s.sd);
        put(w, "median", s.median);
        put(w, "low", s.low);
        put(w, "high", s.high);
        w.end();
    }
    put(w, "surface_tolerance_mm", surface_tolerance.value);
    w.key("interval").text("95 % percentile bootstrap of the mean");
    put_count(w, "resamples", bootstrap.resamples);
    w.key("seed").integer(static_cast<std::int64_t>(bootstrap.seed));
    w.key("empty_policy").text(empty_policy).key("surface").text(surface_definition).end();
    return w.take_line();
}

Table score_table(const std::vector<MaskScore>& scores) {
    Table t{figure_names({"id", "label"}), {}};
    t.header.insert(t.header.end(), {"voxels", "reference_voxels", "empty"});
    for (const auto& s : scores) {
        std::vector<std::string> row{s.id, s.label};
        for (const auto& f : mask_figures()) row.push_back(exact(f.of(s)));
        row.push_back(fmt::format("{}", s.overlap.prediction));
        row.push_back(fmt::format("{}", s.overlap.reference));
        row.emplace_back(word(s.overlap.empty()));
        t.rows.push_back(std::move(row));
    }
    return t;
}

Table summary_table(const std::vector<MaskSummary>& summaries) {
    Table t{{"label", "figure", "n", "mean", "sd", "median", "low", "high"}, {}};
    for (const auto& m : summaries)
        for (const auto& [name, s] : m.figures)
            t.rows.push_back({m.label, std::string(name), fmt::format("{}", s.n), exact(s.mean), exact(s.sd), exact(s.median), exact(s.low), exact(s.high)});
    return t;
}

Table short_score_table(const std::vector<MaskScore>& scores) {
    Table t{{"id", "label", "dice", "precision", "recall", "ml", "reference ml", "hd95 mm", "assd mm", "empty"}, {}};
    for (const auto& s : scores) {
        const auto& o = s.overlap;
        t.rows.push_back({s.id, s.label, shown(o.dice()), shown(o.precision()), shown(o.recall()),
                          shown(static_cast<double>(o.prediction) * s.voxel_ml), shown(static_cast<double>(o.reference) * s.voxel_ml),
                          shown(s.surface ? std::optional(s.surface->hd95_mm) : std::nullopt),
                          shown(s.surface ? std::optional(s.surface->assd_mm) : std::nullopt), std::string(word(o.empty()))});
    }
    return t;
}

Table short_summary_table(const std::vector<MaskSummary>& summaries) {
    Table t{{"label", "n", "both empty", "one empty", "dice", "95 % interval", "sd", "median", "hd95 mm", "assd mm", "ml - reference ml"}, {}};
    for (const auto& m : summaries) {
        const auto& dice = m.figure("dice");
        t.rows.push_back({m.label, fmt::format("{}", m.n), fmt::format("{}", m.both_empty), fmt::format("{}", m.prediction_empty + m.reference_empty),
                          shown(dice.mean), dice.low ? shown(dice.low) + " to " + shown(dice.high) : "-", shown(dice.sd), shown(dice.median),
                          shown(m.figure("hd95_mm").mean), shown(m.figure("assd_mm").mean), shown(m.figure("volume_difference_ml").mean)});
    }
    return t;
}

}  // namespace lge::metrics
