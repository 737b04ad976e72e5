#pragma once
// How well calls and probabilities agree with the truth: joined by case (and slice), scored with intervals.
#include "lge/io/cohort.hpp"
#include "lge/io/records.hpp"
#include "lge/metrics/statistics.hpp"
#include "lge/metrics/table.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace lge::metrics {

enum class Unit : std::uint8_t { case_, slice };
constexpr std::array<std::pair<std::string_view, Unit>, 2> choices(Unit) { return {{{"case", Unit::case_}, {"slice", Unit::slice}}}; }

/// Which case, or slice of a case (from 0), something is said of.
struct Key {
    std::string id;
    std::optional<std::int64_t> slice;
    auto operator<=>(const Key&) const = default;
};

using Truths = std::map<Key, anatomy::Presence>;
using Detections = std::map<Key, io::DetectionRecord>;

/// Takes a line in: an lge.finding/1 or lge.caption/1 record, or an object with "id", "present" (true, false or null) and
/// perhaps "slice". A key may come again when it says the same. bad_data for other lines.
void add_truth(const json::Value& line, Unit unit, Truths& to);
/// Takes an lge.detection/1 record in. bad_data when its key is there already.
void add_detection(const json::Value& line, std::optional<Unit> unit, Detections& to);

/// Every line of a file that speaks of the unit: of a slice when it has a slice, else of the case. A cohort is taken as
/// well: present where it has scar or no-reflow.
Truths read_truth(const std::string& path, Unit unit);
Truths truth_of(const io::Cohort& cohort, Unit unit);
/// The records of that unit, or all.
Detections read_detections(const std::string& path, std::optional<Unit> unit = std::nullopt);

/// One case or slice with a truth and an answer.
struct Judged {
    std::string id;
    bool truth = false, called = false;
    double probability = 0;
};
struct Joined {
    std::vector<Judged> items;      // in the order of their keys
    std::size_t left_out = 0;       // the truth is uncertain or not stated
    std::vector<Key> missing;       // truth without detection
    std::vector<Key> extra;         // detection without truth
};
/// By key. With `threshold` the call is probability >= threshold, else what the record says.
Joined join(const Truths& truths, const Detections& detections, std::optional<double> threshold);

/// Area under the ROC curve: the share of pairs of a positive and a negative that stand in order, ties one half
/// (Hanley and McNeil, Radiology 1982;143:29-36). Nothing without both.
std::optional<double> auc(std::span<const Judged> items);
/// Sum over thresholds of the gain in recall times precision, equal probabilities together; no interpolation.
std::optional<double> average_precision(std::span<const Judged> items);

/// Counts and figures of a set of answers.
struct DetectionScore {
    std::size_t n = 0, positives = 0;
    std::uint64_t true_positive = 0, false_positive = 0, true_negative = 0, false_negative = 0;
    Estimate balanced_accuracy, sensitivity, specificity, ppv, npv, f1, auc, average_precision, brier;
};
/// The intervals of sensitivity, specificity, PPV and NPV are Wilson's where items are cases; all others, and all where
/// several items may be of one case, are percentile bootstraps that draw whole cases.
DetectionScore score(std::span<const Judged> items, Unit unit, const Bootstrap& bootstrap);

/// What else stands in a score record.
struct ScoreContext {
    std::string id;
    Unit unit = Unit::case_;
    std::optional<double> threshold;
    std::size_t left_out = 0, missing = 0, extra = 0;
    Bootstrap bootstrap;
};
/// lge.score/1
std::string write_score(const DetectionScore& score, const ScoreContext& context);
/// Figure, value, low, high; counts first.
Table score_table(const DetectionScore& score, const ScoreContext& context, bool exactly);

}  // namespace lge::metrics
