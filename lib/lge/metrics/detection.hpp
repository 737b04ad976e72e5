#pragma once
// How well calls and probabilities agree with the truth: figures with intervals, thresholds, and two runs compared.
#include "lge/metrics/answers.hpp"
#include "lge/metrics/statistics.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::metrics {

/// What is scored, in the order of a record. Those from `auc` on need probabilities.
enum class Figure : std::uint8_t {
    balanced_accuracy, sensitivity, specificity, ppv, npv, f1, kappa, mcc, auc, average_precision, brier, calibration_error
};
constexpr std::array<std::pair<std::string_view, Figure>, 12> choices(Figure) {
    return {{{"balanced_accuracy", Figure::balanced_accuracy}, {"sensitivity", Figure::sensitivity}, {"specificity", Figure::specificity},
             {"ppv", Figure::ppv}, {"npv", Figure::npv}, {"f1", Figure::f1}, {"kappa", Figure::kappa}, {"mcc", Figure::mcc}, {"auc", Figure::auc},
             {"average_precision", Figure::average_precision}, {"brier", Figure::brier}, {"calibration_error", Figure::calibration_error}}};
}
inline constexpr std::size_t figure_count = 12;
template <class T>
using PerFigure = std::array<T, figure_count>;

/// Bins of equal width of the expected calibration error.
inline constexpr std::size_t calibration_bins = 10;

/// All figures of some items. Definitions:
///   kappa: Cohen's (1960); mcc: Matthews' correlation
///   auc: the share of pairs of a positive and a negative that stand in order, ties one half (Hanley and McNeil, Radiology
///     1982;143:29-36)
///   average_precision: sum over thresholds of the gain in recall times precision, equal probabilities together, no interpolation
///   brier: mean squared difference of probability and truth
///   calibration_error: mean over items of |mean probability - share of positives| in its bin; the last bin holds 1
/// Nothing where a figure is not defined.
PerFigure<std::optional<double>> figures_of(std::span<const Judged> items);

/// Counts and figures of a set of answers.
struct DetectionScore {
    std::size_t n = 0, positives = 0;
    std::uint64_t true_positive = 0, false_positive = 0, true_negative = 0, false_negative = 0;
    PerFigure<Estimate> figures;
    Estimate auc_delong;    ///< the AUC with the interval of DeLong's variance
    [[nodiscard]] const Estimate& operator[](Figure f) const { return figures[static_cast<std::size_t>(f)]; }
};
/// The intervals of sensitivity, specificity, PPV and NPV are Wilson's where items are cases; all others, and all where
/// several items may be of one case, are BCa bootstraps that draw whole cases.
DetectionScore score(std::span<const Judged> items, Unit unit, const Bootstrap& bootstrap);

/// An AUC, or a difference of two AUCs of the same items, with its standard error.
struct DeLong {
    double value = 0;
    std::optional<double> error;   ///< nothing with fewer than two cases of either truth
    [[nodiscard]] Estimate interval() const;   ///< 95 %, normal; of an AUC cut to 0..1 by the caller
    [[nodiscard]] std::optional<double> p() const;  ///< that the value is 0; 1 when it is and its error too
};
/// DeLong et al., Biometrics 1988;44:837-845; items of one case are taken together as Obuchowski does (Biometrics
/// 1997;53:567-578), which for one item a case is DeLong's. Nothing without positives and negatives.
std::optional<DeLong> delong(std::span<const Judged> items);
/// auc(b) - auc(a); the items are the same in the same order.
std::optional<DeLong> delong_difference(std::span<const Judged> a, std::span<const Judged> b);

/// What a threshold is chosen for.
enum class Goal : std::uint8_t { balanced_accuracy, f1, mcc };
constexpr std::array<std::pair<std::string_view, Goal>, 3> choices(Goal) {
    return {{{"balanced_accuracy", Goal::balanced_accuracy}, {"f1", Goal::f1}, {"mcc", Goal::mcc}}};
}
/// The probability from which on to call, so that the goal is greatest: midway between the least probability called and
/// the next below it. Of equal ones the highest. bad_data without both truths.
double choose_threshold(std::span<const Judged> items, Goal goal);

/// A threshold chosen on some items for use on others.
struct Tuned {
    double threshold = 0;
    bool on_scored = false;   ///< a case of `scored` is among those it was chosen on, so that scores with it are too good
};
Tuned tune(const Joined& on, const Joined& scored, Goal goal);

/// Two runs on the same items: b - a.
struct DetectionComparison {
    std::size_t n = 0, positives = 0;
    PerFigure<std::optional<double>> a, b;
    PerFigure<Estimate> difference;          ///< BCa bootstrap of whole cases
    std::optional<DeLong> auc;
    std::uint64_t only_a_right = 0, only_b_right = 0;
    double mcnemar_p = 1;   ///< of cases: exact; of slices: of the sums over each case (Obuchowski, Stat Med 1998;17:1495-1507)
};
/// Items of both, matched by id and slice. bad_data when none is common.
DetectionComparison compare_runs(const Joined& a, const Joined& b, Unit unit, const Bootstrap& bootstrap);

}  // namespace lge::metrics
