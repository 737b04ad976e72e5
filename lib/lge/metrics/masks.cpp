#include "lge/metrics/masks.hpp"

#include "lge/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

namespace lge::metrics {
namespace {

using volume::Grid;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// The values of a proportion whose masks may be empty.
double share(double part, double whole, Empty empty) {
    if (empty == Empty::none) return part / whole;
    return empty == Empty::both ? 1 : 0;
}

/// Index bounds, the end one past the last.
struct Box {
    std::array<std::size_t, 3> low{}, high{};
    [[nodiscard]] std::size_t size(std::size_t axis) const { return high[axis] - low[axis]; }
    [[nodiscard]] std::size_t count() const { return size(0) * size(1) * size(2); }
};

Box whole(const std::array<std::size_t, 3>& shape) { return {{0, 0, 0}, shape}; }

/// f(offset into the lattice, offset into the box) for each row of the box.
template <class F>
void each_row(const Box& box, const std::array<std::size_t, 3>& shape, F f) {
    std::size_t to = 0;
    for (std::size_t k = box.low[2]; k < box.high[2]; ++k)
        for (std::size_t j = box.low[1]; j < box.high[1]; ++j, to += box.size(0)) f((k * shape[1] + j) * shape[0] + box.low[0], to);
}

std::uint64_t eight(const std::uint8_t* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

/// The smallest box that holds every voxel that is not 0 in either map, with one voxel around it where there is room, so
/// that the border of the box is the border of the lattice or lies outside both. Empty (all 0) where there is none. Most of an image
/// is background, so it is passed over eight voxels at a time.
Box bounds(const std::uint8_t* a, const std::uint8_t* b, const std::array<std::size_t, 3>& shape) {
    Box box{shape, {0, 0, 0}};
    const std::size_t n = shape[0];
    for (std::size_t k = 0; k < shape[2]; ++k)
        for (std::size_t j = 0; j < shape[1]; ++j) {
            const std::uint8_t *p = a + (k * shape[1] + j) * n, *q = b + (k * shape[1] + j) * n;
            std::size_t first = 0;
            while (first + 8 <= n && (eight(p + first) | eight(q + first)) == 0) first += 8;
            while (first < n && (p[first] | q[first]) == 0) ++first;
            if (first == n) continue;
            std::size_t last = n;
            while (last >= 8 && (eight(p + last - 8) | eight(q + last - 8)) == 0) last -= 8;
            while ((p[last - 1] | q[last - 1]) == 0) --last;
            box.low = {std::min(box.low[0], first), std::min(box.low[1], j), std::min(box.low[2], k)};
            box.high = {std::max(box.high[0], last), std::max(box.high[1], j + 1), std::max(box.high[2], k + 1)};
        }
    if (box.high[0] == 0) return {};
    for (std::size_t x = 0; x < 3; ++x) {
        box.low[x] -= box.low[x] > 0;
        box.high[x] += box.high[x] < shape[x];
    }
    return box;
}

/// A box of a lattice.
Mask cut(const std::uint8_t* voxels, const std::array<std::size_t, 3>& shape, const volume::Vec3& spacing, const Box& box) {
    Mask mask{{box.size(0), box.size(1), box.size(2)}, spacing, Array<std::uint8_t>(box.count())};
    each_row(box, shape, [&](std::size_t from, std::size_t to) { std::memcpy(mask.voxels.data() + to, voxels + from, mask.shape[0]); });
    return mask;
}
Mask cut(const Mask& mask, const Box& box) { return cut(mask.voxels.data(), mask.shape, mask.spacing, box); }

/// 1 where the label is one of the set.
Mask mask_of(const Mask& labels, const LabelSet& set) {
    std::array<std::uint8_t, 256> table{};
    for (std::size_t l = 0; l < 256; ++l) table[l] = set.numbers[l];
    Mask mask{labels.shape, labels.spacing, Array<std::uint8_t>(labels.voxels.size())};
    std::transform(labels.voxels.begin(), labels.voxels.end(), mask.voxels.begin(), [&](std::uint8_t l) { return table[l]; });
    return mask;
}

/// Two masks of one set on one box.
struct Masks {
    Mask reference, prediction;
};

/// The voxels of two maps that matter, and which part each is of; `parts` is 1 and `part` empty for the whole.
struct Scene {
    Mask reference, prediction;  // label numbers
    Array<std::uint8_t> part;
    std::size_t parts = 1;
    bool leaning = false;        // the axes are not at right angles, as distances need
};

Scene scene_of(std::span<const std::uint8_t> reference, std::span<const std::uint8_t> prediction, const Grid& grid, std::span<const LabelSet> sets,
               const PartMap* parts = nullptr) {
    const auto fault = volume::check(grid.index_to_lps);
    if (fault != volume::AffineFault::none && fault != volume::AffineFault::sheared) throw Error(ExitCode::bad_data, "the affine is singular or not finite");
    const bool background = std::any_of(sets.begin(), sets.end(), [](const LabelSet& s) { return s.numbers[0]; });
    const Box box = background ? whole(grid.shape) : bounds(reference.data(), prediction.data(), grid.shape);
    const auto of = [&](const std::uint8_t* voxels) { return cut(voxels, grid.shape, grid.spacing(), box); };
    Scene scene{of(reference.data()), of(prediction.data()), {}, 1, fault == volume::AffineFault::sheared};
    if (parts) {
        scene.part = of(parts->of.data()).voxels;
        scene.parts = parts->parts.size();
    }
    return scene;
}

std::vector<Overlap> count(const Masks& m, const Scene& scene) {
    std::vector<Overlap> all(scene.parts);
    const auto *r = m.reference.voxels.data(), *p = m.prediction.voxels.data();
    const std::size_t n = m.reference.voxels.size();
    if (scene.part.empty()) {
        for (std::size_t v = 0; v < n;) {  // bytes are summed in blocks that cannot overflow 32 bits
            std::uint32_t both = 0, in_reference = 0, in_prediction = 0;
            for (const std::size_t end = std::min(n, v + (std::size_t{1} << 20)); v < end; ++v) {
                both += static_cast<std::uint32_t>(r[v] & p[v]);
                in_reference += r[v];
                in_prediction += p[v];
            }
            all[0].both += both;
            all[0].reference += in_reference;
            all[0].prediction += in_prediction;
        }
        return all;
    }
    for (std::size_t v = 0; v < n; ++v) {
        Overlap& o = all[scene.part[v]];
        o.both += static_cast<std::uint64_t>(r[v] & p[v]);
        o.reference += r[v];
        o.prediction += p[v];
    }
    return all;
}

Masks masks_of(const Scene& scene, const LabelSet& set) { return {mask_of(scene.reference, set), mask_of(scene.prediction, set)}; }

std::optional<double> percent(std::uint64_t part, std::uint64_t whole_count) {
    if (whole_count == 0) return std::nullopt;
    return 100 * static_cast<double>(part) / static_cast<double>(whole_count);
}

/// The scores of one set, one a part.
std::vector<MaskScore> score_set(const Scene& scene, const LabelSet& set, const std::vector<Overlap>& wall, bool of_wall, const MaskSettings& settings) {
    const Masks all = masks_of(scene, set);
    const auto overlaps = count(all, scene);
    const Box box = bounds(all.reference.voxels.data(), all.prediction.voxels.data(), all.reference.shape);
    const Masks near{cut(all.reference, box), cut(all.prediction, box)};
    const auto part = scene.part.empty() ? Array<std::uint8_t>() : cut(scene.part.data(), all.reference.shape, {}, box).voxels;
    const auto surfaces = scene.leaning ? std::vector<std::optional<SurfaceDistances>>(scene.parts)
                                        : surface_distances(near.reference, near.prediction, settings.surface, part, scene.parts);
    std::vector<MaskScore> scores(scene.parts);
    for (std::size_t p = 0; p < scene.parts; ++p) {
        MaskScore& s = scores[p];
        s.label = set.name;
        s.overlap = overlaps[p];
        s.policy = settings.empty;
        s.leaning = scene.leaning;
        if (of_wall) {
            s.percent_of_myocardium = percent(s.overlap.prediction, wall[p].prediction);
            s.reference_percent_of_myocardium = percent(s.overlap.reference, wall[p].reference);
        }
        if (s.overlap.empty() == Empty::none) s.surface = surfaces[p];
        if (settings.lesions && scene.parts == 1) s.lesions = match_lesions(near.reference, near.prediction, *settings.lesions);
    }
    return scores;
}

double diagonal(const Grid& grid) {
    const auto spacing = grid.spacing();
    volume::Vec3 way{};
    for (std::size_t a = 0; a < 3; ++a) way[a] = static_cast<double>(grid.shape[a] - 1) * spacing[a];
    return volume::length(way);
}

/// take(score, part, wall of the part) for each set and part.
void score_scene(std::string_view id, const Scene& scene, const Grid& grid, std::span<const LabelSet> sets, const MaskSettings& settings,
                 const std::function<void(MaskScore&&, std::size_t, const Overlap&)>& take) {
    const LabelSet wall_set = default_label_sets().front();
    const auto of_wall = [&](const LabelSet& set) { return set.numbers != wall_set.numbers && (set.numbers & ~wall_set.numbers).none(); };
    std::vector<Overlap> wall(scene.parts);
    if (scene.parts > 1 || std::any_of(sets.begin(), sets.end(), of_wall)) wall = count(masks_of(scene, wall_set), scene);
    for (const auto& set : sets) {
        auto scores = score_set(scene, set, wall, of_wall(set), settings);
        for (std::size_t p = 0; p < scores.size(); ++p) {
            scores[p].id = id;
            scores[p].voxel_ml = grid.voxel_volume_mm3() / 1000;
            scores[p].diagonal_mm = diagonal(grid);
            take(std::move(scores[p]), p, wall[p]);
        }
    }
}

std::optional<double> overlap_value(const MaskScore& s, double (Overlap::*of)() const) {
    if (s.policy == EmptyPolicy::omit && s.overlap.empty() == Empty::both) return std::nullopt;
    return (s.overlap.*of)();
}

template <double (Overlap::*Of)() const>
std::optional<double> overlap(const MaskScore& s) { return overlap_value(s, Of); }

template <double SurfaceDistances::*Member>
std::optional<double> distance(const MaskScore& s) {
    const Empty empty = s.overlap.empty();
    if (empty == Empty::none) return s.surface ? std::optional((*s.surface).*Member) : std::nullopt;
    if (s.policy == EmptyPolicy::penalty) return empty == Empty::both ? 0 : s.diagonal_mm;
    return empty == Empty::both ? std::nullopt : std::optional(infinity);
}

/// Overlap of borders: as other overlaps where a mask is empty.
template <double SurfaceDistances::*Member>
std::optional<double> surface_overlap(const MaskScore& s) {
    if (s.overlap.empty() == Empty::none) return s.surface ? std::optional((*s.surface).*Member) : std::nullopt;
    return overlap_value(s, &Overlap::dice);
}

template <auto Of>
std::optional<double> lesion(const MaskScore& s) {
    if (!s.lesions) return std::nullopt;
    return static_cast<double>(std::invoke(Of, *s.lesions));
}

std::optional<double> ml(const MaskScore& s, std::uint64_t voxels) { return static_cast<double>(voxels) * s.voxel_ml; }

constexpr std::array figures{
    MaskFigure{"dice", overlap<&Overlap::dice>},
    MaskFigure{"jaccard", overlap<&Overlap::jaccard>},
    MaskFigure{"precision", overlap<&Overlap::precision>},
    MaskFigure{"recall", overlap<&Overlap::recall>},
    MaskFigure{"volume_ml", [](const MaskScore& s) { return ml(s, s.overlap.prediction); }},
    MaskFigure{"reference_volume_ml", [](const MaskScore& s) { return ml(s, s.overlap.reference); }},
    MaskFigure{"volume_difference_ml", [](const MaskScore& s) -> std::optional<double> { return *ml(s, s.overlap.prediction) - *ml(s, s.overlap.reference); }},
    MaskFigure{"percent_of_myocardium", [](const MaskScore& s) { return s.percent_of_myocardium; }},
    MaskFigure{"reference_percent_of_myocardium", [](const MaskScore& s) { return s.reference_percent_of_myocardium; }},
    MaskFigure{"hd_mm", distance<&SurfaceDistances::hd_mm>},
    MaskFigure{"hd95_mm", distance<&SurfaceDistances::hd95_mm>},
    MaskFigure{"assd_mm", distance<&SurfaceDistances::assd_mm>},
    MaskFigure{"masd_mm", distance<&SurfaceDistances::masd_mm>},
    MaskFigure{"surface_dice", surface_overlap<&SurfaceDistances::surface_dice>},
    MaskFigure{"boundary_iou", surface_overlap<&SurfaceDistances::boundary_iou>},
    MaskFigure{"lesions", lesion<&LesionScore::prediction>},
    MaskFigure{"reference_lesions", lesion<&LesionScore::reference>},
    MaskFigure{"lesion_precision", lesion<&LesionScore::precision>},
    MaskFigure{"lesion_recall", lesion<&LesionScore::recall>},
    MaskFigure{"lesion_f1", lesion<&LesionScore::f1>},
};
constexpr std::size_t lesion_figures = 5;

}  // namespace

std::string_view word(Empty empty) {
    constexpr std::array<std::string_view, 4> words{"none", "both", "prediction", "reference"};
    return words[static_cast<std::size_t>(empty)];
}

std::string_view rule(EmptyPolicy policy) {
    constexpr std::array<std::string_view, 3> rules{
        "standard: both empty: overlap 1, distances null; one empty: overlap 0, distances infinite, written as null",
        "penalty: both empty: overlap 1, distances 0; one empty: overlap 0, distances the diagonal of the grid",
        "omit: both empty: overlap and distances null; one empty: overlap 0, distances infinite, written as null"};
    return rules[static_cast<std::size_t>(policy)];
}

std::string definition(const SurfaceSettings& settings) {
    constexpr std::array<std::string_view, 3> hd95{"over both directions pooled", "the larger of the two directions", "the mean of the two directions"};
    return fmt::format("border voxels (face neighbours), centre to centre; hd95 {}; assd over both directions pooled, masd the mean of the two",
                       hd95[static_cast<std::size_t>(settings.hd95)]);
}

Empty Overlap::empty() const {
    if (prediction == 0) return reference == 0 ? Empty::both : Empty::prediction;
    return reference == 0 ? Empty::reference : Empty::none;
}
double Overlap::dice() const { return share(2 * static_cast<double>(both), static_cast<double>(prediction + reference), empty()); }
double Overlap::jaccard() const { return share(static_cast<double>(both), static_cast<double>(prediction + reference - both), empty()); }
double Overlap::precision() const { return share(static_cast<double>(both), static_cast<double>(prediction), empty()); }
double Overlap::recall() const { return share(static_cast<double>(both), static_cast<double>(reference), empty()); }

std::optional<std::string_view> MaskScore::why_no_distance() const {
    if (overlap.empty() == Empty::none && leaning) return "the axes of the grid are not at right angles";
    if (overlap.empty() == Empty::none) return surface ? std::nullopt : std::optional<std::string_view>("a mask has no border in this part");
    if (policy == EmptyPolicy::penalty) return std::nullopt;
    if (overlap.empty() == Empty::both) return "both masks are empty";
    return overlap.empty() == Empty::prediction ? "infinite: the prediction is empty" : "infinite: the reference is empty";
}

std::vector<MaskScore> compare(std::string_view id, std::span<const std::uint8_t> reference, std::span<const std::uint8_t> prediction,
                               const Grid& grid, std::span<const LabelSet> sets, const MaskSettings& settings) {
    std::vector<MaskScore> scores;
    score_scene(id, scene_of(reference, prediction, grid, sets), grid, sets, settings, [&](MaskScore&& s, std::size_t, const Overlap&) { scores.push_back(std::move(s)); });
    return scores;
}

std::vector<MaskScore> compare_slices(std::string_view id, std::span<const std::uint8_t> reference, std::span<const std::uint8_t> prediction,
                                      const Grid& grid, std::span<const LabelSet> sets, const MaskSettings& settings) {
    Grid one = grid;
    one.shape[2] = 1;
    const std::size_t size = grid.shape[0] * grid.shape[1];
    std::vector<MaskScore> scores;
    for (std::size_t k = 0; k < grid.shape[2]; ++k)
        for (auto& s : compare(id, reference.subspan(k * size, size), prediction.subspan(k * size, size), one, sets, settings)) {
            s.part.slice = k;
            scores.push_back(std::move(s));
        }
    return scores;
}

std::vector<MaskScore> compare_parts(std::string_view id, std::span<const std::uint8_t> reference, std::span<const std::uint8_t> prediction,
                                     const Grid& grid, const PartMap& parts, std::span<const LabelSet> sets, const MaskSettings& settings) {
    std::vector<MaskScore> scores;
    score_scene(id, scene_of(reference, prediction, grid, sets, &parts), grid, sets, settings, [&](MaskScore&& s, std::size_t p, const Overlap& wall) {
        if (p == 0 || (wall.empty() == Empty::both && s.overlap.empty() == Empty::both)) return;
        s.part = parts.parts[p];
        scores.push_back(std::move(s));
    });
    return scores;
}

std::span<const MaskFigure> mask_figures(bool lesions) { return {figures.data(), figures.size() - (lesions ? 0 : lesion_figures)}; }

}  // namespace lge::metrics
