#pragma once
// Mask scores over many cases, and of two sets of predictions against each other.
#include "lge/metrics/masks.hpp"
#include "lge/metrics/paired.hpp"
#include "lge/metrics/statistics.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lge::metrics {

struct FigureSpread {
    std::string_view name;
    Spread spread;
};

/// One structure over all cases, or over those of a group, in one level or segment.
struct MaskSummary {
    std::string label, group;
    Part part;               ///< without a slice: slices are summed up together
    bool slices = false;     ///< of slices; n counts them
    std::size_t n = 0, both_empty = 0, prediction_empty = 0, reference_empty = 0;
    std::vector<FigureSpread> figures;
    [[nodiscard]] const Spread& figure(std::string_view name) const;
};
/// One summary a label, group, level and segment that occurs, in order of first appearance. The intervals draw whole cases.
std::vector<MaskSummary> summarise(std::span<const MaskScore> scores, const Bootstrap& bootstrap);

/// Of the labels' mean Dices over all scores, the lowest; 1 when there is no score.
double lowest_mean_dice(std::span<const MaskScore> scores);

struct FigurePaired {
    std::string_view name;
    Paired paired;
};
struct MaskComparison {
    std::string label, group;
    Part part;
    std::size_t n = 0;       ///< cases (or slices) that both sets have
    std::vector<FigurePaired> figures;
};
/// The same structures of the same cases in two sets of predictions: `b` against `a`, figure by figure, for the
/// figures that say how good a prediction is.
std::vector<MaskComparison> compare_sets(std::span<const MaskScore> a, std::span<const MaskScore> b, const Bootstrap& bootstrap);

/// Groups by case id.
struct Groups {
    std::map<std::string, std::string> of;
    std::string sha256;  ///< of the file that says so
};
/// Lines {"id":..., "group":...}. bad_data for an id that comes twice, or an empty group.
Groups read_groups(const std::string& path);

}  // namespace lge::metrics
