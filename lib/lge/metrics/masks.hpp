#pragma once
// How well one label map agrees with another: overlap, volumes, surface distances, a structure at a time.
#include "lge/metrics/labels.hpp"
#include "lge/metrics/statistics.hpp"
#include "lge/metrics/surface.hpp"
#include "lge/volume/grid.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lge::metrics {

enum class Empty : std::uint8_t { none, both, prediction, reference };
std::string_view word(Empty empty);
/// What the values of an empty mask are; stands in every record.
inline constexpr std::string_view empty_policy = "both empty: overlap 1, distances null; one empty: overlap 0, distances null";
inline constexpr std::string_view surface_definition =
    "border voxels (face neighbours), centre to centre; hd95 and assd over both directions pooled";

/// Voxels in the prediction, in the reference and in both.
struct Overlap {
    std::uint64_t both = 0, prediction = 0, reference = 0;
    [[nodiscard]] Empty empty() const;
    /// 2 both / (prediction + reference), and so on; empty masks as empty_policy says.
    [[nodiscard]] double dice() const;
    [[nodiscard]] double jaccard() const;
    [[nodiscard]] double precision() const;
    [[nodiscard]] double recall() const;
};

/// One structure of one case.
struct MaskScore {
    std::string id, label;
    Overlap overlap;
    double voxel_ml = 0;
    /// Volume as a share of labels 2-4, for structures that are a part of them; missing where there is no such voxel.
    std::optional<double> percent_of_myocardium, reference_percent_of_myocardium;
    std::optional<SurfaceDistances> surface;
};

/// One score a set, in their order. Both maps lie on `grid`; its axes must be at right angles (else bad_data).
std::vector<MaskScore> compare(std::string_view id, std::span<const std::uint8_t> reference, std::span<const std::uint8_t> prediction,
                               const volume::Grid& grid, std::span<const LabelSet> sets, Mm surface_tolerance);

/// The figures of a score in the order of its record.
struct MaskFigure {
    std::string_view name;
    std::optional<double> (*of)(const MaskScore&);
};
std::span<const MaskFigure> mask_figures();

struct FigureSpread {
    std::string_view name;
    Spread spread;
};
/// One structure over all cases.
struct MaskSummary {
    std::string label;
    std::size_t n = 0, both_empty = 0, prediction_empty = 0, reference_empty = 0;
    std::vector<FigureSpread> figures;
    [[nodiscard]] const Spread& figure(std::string_view name) const;
};
/// One summary a label, in order of first appearance.
std::vector<MaskSummary> summarise(std::span<const MaskScore> scores, const Bootstrap& bootstrap);

/// Of the labels' mean Dices over all cases, the lowest; 1 when there is no score.
double lowest_mean_dice(std::span<const MaskScore> scores);

}  // namespace lge::metrics
