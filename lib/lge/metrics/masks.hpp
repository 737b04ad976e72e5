#pragma once
// How well one label map agrees with another: overlap, volumes, surface distances, lesions, a structure at a time.
#include "lge/metrics/labels.hpp"
#include "lge/metrics/lesions.hpp"
#include "lge/metrics/parts.hpp"
#include "lge/metrics/surface.hpp"
#include "lge/volume/grid.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lge::metrics {

/// Which of the two masks is empty.
enum class Empty : std::uint8_t { none, both, prediction, reference };
std::string_view word(Empty empty);

/// What the figures of empty masks are. The rule stands in every record.
///   standard: both empty: overlap 1, distances null; one empty: overlap 0, distances infinite (null in a record)
///   penalty:  both empty: overlap 1, distances 0; one empty: overlap 0, distances the diagonal of the grid
///   omit:     both empty: null; one empty: as standard
enum class EmptyPolicy : std::uint8_t { standard, penalty, omit };
constexpr std::array<std::pair<std::string_view, EmptyPolicy>, 3> choices(EmptyPolicy) {
    return {{{"standard", EmptyPolicy::standard}, {"penalty", EmptyPolicy::penalty}, {"omit", EmptyPolicy::omit}}};
}
std::string_view rule(EmptyPolicy policy);

struct MaskSettings {
    SurfaceSettings surface;
    EmptyPolicy empty = EmptyPolicy::standard;
    std::optional<LesionRule> lesions;  ///< lesions are matched where there is a rule
};
/// How the distances are defined; stands in every record.
std::string definition(const SurfaceSettings& settings);

/// Voxels in the prediction, in the reference and in both.
struct Overlap {
    std::uint64_t both = 0, prediction = 0, reference = 0;
    [[nodiscard]] Empty empty() const;
    /// 2 both / (prediction + reference), and so on; 1 where both are empty, 0 where one is.
    [[nodiscard]] double dice() const;
    [[nodiscard]] double jaccard() const;
    [[nodiscard]] double precision() const;
    [[nodiscard]] double recall() const;
};

/// One structure of one case, or of a part of it.
struct MaskScore {
    std::string id, label;
    Part part;
    std::string group;          ///< of the case; empty: none
    Overlap overlap;
    double voxel_ml = 0;
    /// Volume as a share of labels 2-4, for structures that are a part of them; missing where there is no such voxel.
    std::optional<double> percent_of_myocardium, reference_percent_of_myocardium;
    std::optional<SurfaceDistances> surface;
    std::optional<LesionScore> lesions;
    EmptyPolicy policy = EmptyPolicy::standard;
    bool leaning = false;       ///< the grid's axes are not at right angles: overlap and volumes only
    double diagonal_mm = 0;     ///< of the grid, from the first voxel centre to the last

    /// Why the distances are null; nothing where they are numbers.
    [[nodiscard]] std::optional<std::string_view> why_no_distance() const;
};

/// One score a set, in their order. Both maps lie on `grid`; distances need its axes at right angles.
std::vector<MaskScore> compare(std::string_view id, std::span<const std::uint8_t> reference, std::span<const std::uint8_t> prediction,
                               const volume::Grid& grid, std::span<const LabelSet> sets, const MaskSettings& settings);

/// Each slice as an image of its own, distances within the slice.
std::vector<MaskScore> compare_slices(std::string_view id, std::span<const std::uint8_t> reference, std::span<const std::uint8_t> prediction,
                                      const volume::Grid& grid, std::span<const LabelSet> sets, const MaskSettings& settings);

/// One score a set and part: overlap and volumes within the part, distances of the border voxels that lie in it to the
/// other's whole border. Parts without a voxel of labels 2-4 or of the set in either map are left out. No lesions.
std::vector<MaskScore> compare_parts(std::string_view id, std::span<const std::uint8_t> reference, std::span<const std::uint8_t> prediction,
                                     const volume::Grid& grid, const PartMap& parts, std::span<const LabelSet> sets, const MaskSettings& settings);

/// The figures of a score in the order of its record. A distance is infinite where one mask is empty.
struct MaskFigure {
    std::string_view name;
    std::optional<double> (*of)(const MaskScore&);
};
std::span<const MaskFigure> mask_figures(bool lesions);

}  // namespace lge::metrics
