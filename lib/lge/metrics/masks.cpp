#include "lge/metrics/masks.hpp"

#include "lge/base/error.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace lge::metrics {
namespace {

/// The values of a proportion whose masks may be empty.
double share(double part, double whole, Empty empty) {
    if (empty == Empty::none) return part / whole;
    return empty == Empty::both ? 1 : 0;
}

/// How often each pair of labels meets: counts[reference * 256 + prediction].
std::vector<std::uint64_t> meetings(std::span<const std::uint8_t> reference, std::span<const std::uint8_t> prediction) {
    std::vector<std::uint64_t> counts(65536);
    for (std::size_t v = 0; v < reference.size(); ++v) ++counts[std::size_t{reference[v]} * 256 + prediction[v]];
    return counts;
}

Overlap count(const std::vector<std::uint64_t>& counts, const LabelSet& set) {
    Overlap o;
    for (std::size_t r = 0; r < 256; ++r)
        for (std::size_t p = 0; p < 256; ++p) {
            const auto n = counts[r * 256 + p];
            if (set.numbers[r]) o.reference += n;
            if (set.numbers[p]) o.prediction += n;
            if (set.numbers[r] && set.numbers[p]) o.both += n;
        }
    return o;
}

/// Index bounds, the end one past the last.
struct Box {
    std::array<std::size_t, 3> low, high;
};

/// The smallest box that holds the set in either map, with one voxel around it where there is room, so that the border
/// of the box is the border of the lattice or lies outside both masks.
Box bounds(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b, const std::array<std::size_t, 3>& shape, const LabelSet& set) {
    Box box{shape, {0, 0, 0}};
    for (std::size_t k = 0, v = 0; k < shape[2]; ++k)
        for (std::size_t j = 0; j < shape[1]; ++j)
            for (std::size_t i = 0; i < shape[0]; ++i, ++v) {
                if (!set.numbers[a[v]] && !set.numbers[b[v]]) continue;
                const std::array<std::size_t, 3> at{i, j, k};
                for (std::size_t x = 0; x < 3; ++x) {
                    box.low[x] = std::min(box.low[x], at[x]);
                    box.high[x] = std::max(box.high[x], at[x] + 1);
                }
            }
    for (std::size_t x = 0; x < 3; ++x) {
        box.low[x] -= box.low[x] > 0;
        box.high[x] += box.high[x] < shape[x];
    }
    return box;
}

Mask cut(std::span<const std::uint8_t> labels, const volume::Grid& grid, const Box& box, const LabelSet& set) {
    Mask mask;
    for (std::size_t x = 0; x < 3; ++x) mask.shape[x] = box.high[x] - box.low[x];
    mask.spacing = grid.spacing();
    mask.voxels.reserve(mask.shape[0] * mask.shape[1] * mask.shape[2]);
    for (std::size_t k = box.low[2]; k < box.high[2]; ++k)
        for (std::size_t j = box.low[1]; j < box.high[1]; ++j)
            for (std::size_t i = box.low[0]; i < box.high[0]; ++i)
                mask.voxels.push_back(set.numbers[labels[(k * grid.shape[1] + j) * grid.shape[0] + i]]);
    return mask;
}

std::optional<double> percent(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) return std::nullopt;
    return 100 * static_cast<double>(part) / static_cast<double>(whole);
}

template <double SurfaceDistances::*Member>
std::optional<double> distance(const MaskScore& s) {
    if (!s.surface) return std::nullopt;
    return (*s.surface).*Member;
}

double ml(std::uint64_t voxels, const MaskScore& s) { return static_cast<double>(voxels) * s.voxel_ml; }

constexpr std::array figures{
    MaskFigure{"dice", [](const MaskScore& s) -> std::optional<double> { return s.overlap.dice(); }},
    MaskFigure{"jaccard", [](const MaskScore& s) -> std::optional<double> { return s.overlap.jaccard(); }},
    MaskFigure{"precision", [](const MaskScore& s) -> std::optional<double> { return s.overlap.precision(); }},
    MaskFigure{"recall", [](const MaskScore& s) -> std::optional<double> { return s.overlap.recall(); }},
    MaskFigure{"volume_ml", [](const MaskScore& s) -> std::optional<double> { return ml(s.overlap.prediction, s); }},
    MaskFigure{"reference_volume_ml", [](const MaskScore& s) -> std::optional<double> { return ml(s.overlap.reference, s); }},
    MaskFigure{"volume_difference_ml",
               [](const MaskScore& s) -> std::optional<double> { return ml(s.overlap.prediction, s) - ml(s.overlap.reference, s); }},
    MaskFigure{"percent_of_myocardium", [](const MaskScore& s) { return s.percent_of_myocardium; }},
    MaskFigure{"reference_percent_of_myocardium", [](const MaskScore& s) { return s.reference_percent_of_myocardium; }},
    MaskFigure{"hd_mm", distance<&SurfaceDistances::hd_mm>},
    MaskFigure{"hd95_mm", distance<&SurfaceDistances::hd95_mm>},
    MaskFigure{"assd_mm", distance<&SurfaceDistances::assd_mm>},
    MaskFigure{"surface_dice", distance<&SurfaceDistances::surface_dice>},
};

}  // namespace

std::string_view word(Empty empty) {
    constexpr std::array<std::string_view, 4> words{"none", "both", "prediction", "reference"};
    return words[static_cast<std::size_t>(empty)];
}

Empty Overlap::empty() const {
    if (prediction == 0) return reference == 0 ? Empty::both : Empty::prediction;
    return reference == 0 ? Empty::reference : Empty::none;
}
double Overlap::dice() const { return share(2 * static_cast<double>(both), static_cast<double>(prediction + reference), empty()); }
double Overlap::jaccard() const { return share(static_cast<double>(both), static_cast<double>(prediction + reference - both), empty()); }
double Overlap::precision() const { return share(static_cast<double>(both), static_cast<double>(prediction), empty()); }
double Overlap::recall() const { return share(static_cast<double>(both), static_cast<double>(reference), empty()); }

std::vector<MaskScore> compare(std::string_view id, std::span<const std::uint8_t> reference, std::span<const std::uint8_t> prediction,
                               const volume::Grid& grid, std::span<const LabelSet> sets, Mm surface_tolerance) {
    if (volume::check(grid.index_to_lps) != volume::AffineFault::none)
        throw Error(ExitCode::bad_data, "axes are not at right angles, as distances need");
    const auto counts = meetings(reference, prediction);
    const LabelSet wall = default_label_sets().front();
    const Overlap myocardium = count(counts, wall);
    std::vector<MaskScore> scores;
    for (const auto& set : sets) {
        MaskScore s{std::string(id), set.name, count(counts, set), grid.voxel_volume_mm3() / 1000, {}, {}, {}};
        if (set.numbers != wall.numbers && (set.numbers & ~wall.numbers).none()) {
            s.percent_of_myocardium = percent(s.overlap.prediction, myocardium.prediction);
            s.reference_percent_of_myocardium = percent(s.overlap.reference, myocardium.reference);
        }
        if (s.overlap.empty() == Empty::none) {
            const Box box = bounds(reference, prediction, grid.shape, set);
            s.surface = surface_distances(cut(prediction, grid, box, set), cut(reference, grid, box, set), surface_tolerance);
        }
        scores.push_back(std::move(s));
    }
    return scores;
}

std::span<const MaskFigure> mask_figures() { return figures; }

const Spread& MaskSummary::figure(std::string_view name) const {
    const auto found = std::find_if(figures.begin(), figures.end(), [&](const FigureSpread& f) { return f.name == name; });
    if (found == figures.end()) throw Error(ExitCode::internal, "no such figure");
    return found->spread;
}

std::vector<MaskSummary> summarise(std::span<const MaskScore> scores, const Bootstrap& bootstrap) {
    std::vector<MaskSummary> all;
    for (const auto& s : scores) {
        auto at = std::find_if(all.begin(), all.end(), [&](const MaskSummary& m) { return m.label == s.label; });
        if (at == all.end()) at = all.insert(all.end(), MaskSummary{s.label, 0, 0, 0, 0, {}});
        ++at->n;
        at->both_empty += s.overlap.empty() == Empty::both;
        at->prediction_empty += s.overlap.empty() == Empty::prediction;
        at->reference_empty += s.overlap.empty() == Empty::reference;
    }
    for (auto& summary : all)
        for (const auto& figure : figures) {
            std::vector<double> values;
            for (const auto& s : scores)
                if (s.label == summary.label)
                    if (const auto v = figure.of(s)) values.push_back(*v);
            summary.figures.push_back({figure.name, spread(values, bootstrap, figure.name)});
        }
    return all;
}

double lowest_mean_dice(std::span<const MaskScore> scores) {
    std::map<std::string_view, std::pair<double, double>> sums;  // of Dice, of cases
    for (const auto& s : scores) {
        auto& [sum, n] = sums[s.label];
        sum += s.overlap.dice();
        ++n;
    }
    double lowest = 1;
    for (const auto& [label, of] : sums) lowest = std::min(lowest, of.first / of.second);
    return lowest;
}

}  // namespace lge::metrics
