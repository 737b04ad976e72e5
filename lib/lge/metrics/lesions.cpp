#include "lge/metrics/lesions.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <vector>

namespace lge::metrics {
namespace {

// Vec3 is a std::array, so its operators are not found by argument.
using volume::operator+, volume::operator-, volume::operator*;

/// Disjoint sets of numbers; the smallest number of a set stands for it.
class Sets {
public:
    std::uint32_t make() {
        parent_.push_back(static_cast<std::uint32_t>(parent_.size()));
        return parent_.back();
    }
    std::uint32_t find(std::uint32_t a) {
        while (parent_[a] != a) a = parent_[a] = parent_[parent_[a]];
        return a;
    }
    void join(std::uint32_t a, std::uint32_t b) {
        a = find(a), b = find(b);
        parent_[std::max(a, b)] = std::min(a, b);
    }
    [[nodiscard]] std::size_t size() const { return parent_.size(); }

private:
    std::vector<std::uint32_t> parent_;
};

struct Lesion {
    std::uint64_t voxels = 0;
    volume::Vec3 centre{};  // sum of positions, then their mean, mm
    bool counts = true;     // large enough
};

std::vector<Lesion> measure(const Mask& mask, const Pieces& p, double minimum_ml) {
    std::vector<Lesion> all(p.count + 1);
    for (std::size_t k = 0, v = 0; k < mask.shape[2]; ++k)
        for (std::size_t j = 0; j < mask.shape[1]; ++j)
            for (std::size_t i = 0; i < mask.shape[0]; ++i, ++v) {
                if (p.number[v] == 0) continue;
                Lesion& l = all[p.number[v]];
                ++l.voxels;
                l.centre = l.centre + volume::Vec3{static_cast<double>(i) * mask.spacing[0], static_cast<double>(j) * mask.spacing[1], static_cast<double>(k) * mask.spacing[2]};
            }
    const double voxel_ml = mask.spacing[0] * mask.spacing[1] * mask.spacing[2] / 1000;
    for (std::uint32_t n = 1; n <= p.count; ++n) {
        all[n].centre = all[n].centre * (1 / static_cast<double>(all[n].voxels));
        // Rounding of the product must not lose a lesion of just the volume asked for.
        all[n].counts = static_cast<double>(all[n].voxels) * voxel_ml >= minimum_ml * (1 - 1e-9);
    }
    all[0].counts = false;
    return all;
}

struct Candidate {
    double badness = 0;  // smaller is better
    std::uint32_t reference = 0, prediction = 0;
    auto operator<=>(const Candidate&) const = default;
};

/// One to one, the best first.
void match_greedily(std::vector<Candidate> candidates, std::vector<bool>& found, std::vector<bool>& confirmed) {
    std::sort(candidates.begin(), candidates.end());
    for (const auto& c : candidates)
        if (!found[c.reference] && !confirmed[c.prediction]) found[c.reference] = confirmed[c.prediction] = true;
}

double part(std::uint64_t matched, std::uint64_t all, std::uint64_t of_other) {
    if (all > 0) return static_cast<double>(matched) / static_cast<double>(all);
    return of_other == 0 ? 1 : 0;
}

}  // namespace

double LesionScore::recall() const { return part(found, reference, prediction); }
double LesionScore::precision() const { return part(confirmed, prediction, reference); }
double LesionScore::f1() const {
    const double p = precision(), r = recall();
    return p + r > 0 ? 2 * p * r / (p + r) : 0;
}

Pieces pieces(const Mask& mask, bool corners) {
    const auto [nx, ny, nz] = mask.shape;
    Pieces result{Array<std::uint32_t>(mask.voxels.size(), 0), 0};
    Sets sets;
    sets.make();  // 0: outside
    // The neighbours that come before a voxel: 13 of 26, or 3 of 6.
    std::vector<std::array<int, 3>> before;
    for (int z = -1; z <= 0; ++z)
        for (int y = -1; y <= 1; ++y)
            for (int x = -1; x <= 1; ++x) {
                const bool earlier = z < 0 || (y < 0 || (y == 0 && x < 0));
                if (earlier && (corners || x * x + y * y + z * z == 1)) before.push_back({x, y, z});
            }
    const auto within = [](std::size_t at, int step, std::size_t n) { return step < 0 ? at > 0 : step == 0 || at + 1 < n; };
    for (std::size_t k = 0, v = 0; k < nz; ++k)
        for (std::size_t j = 0; j < ny; ++j)
            for (std::size_t i = 0; i < nx; ++i, ++v) {
                if (!mask.voxels[v]) continue;
                std::uint32_t& mine = result.number[v];
                for (const auto& [x, y, z] : before) {
                    if (!within(i, x, nx) || !within(j, y, ny) || !within(k, z, nz)) continue;
                    const std::uint32_t other = result.number[static_cast<std::size_t>(static_cast<std::ptrdiff_t>(v) + x + static_cast<std::ptrdiff_t>(nx) * (y + static_cast<std::ptrdiff_t>(ny) * z))];
                    if (other == 0) continue;
                    if (mine == 0) mine = other;
                    else sets.join(mine, other);
                }
                if (mine == 0) mine = sets.make();
            }
    std::vector<std::uint32_t> named(sets.size(), 0);
    for (auto& n : result.number) {
        if (n == 0) continue;
        std::uint32_t& name = named[sets.find(n)];
        if (name == 0) name = ++result.count;
        n = name;
    }
    return result;
}

LesionScore match_lesions(const Mask& reference, const Mask& prediction, const LesionRule& rule) {
    const Pieces in_reference = pieces(reference, rule.corners), in_prediction = pieces(prediction, rule.corners);
    const auto wanted = measure(reference, in_reference, rule.minimum_ml), given = measure(prediction, in_prediction, rule.minimum_ml);
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> common;
    for (std::size_t v = 0; v < in_reference.number.size(); ++v) {
        const auto r = in_reference.number[v], p = in_prediction.number[v];
        if (wanted[r].counts && given[p].counts) ++common[{r, p}];
    }
    std::vector<bool> found(wanted.size()), confirmed(given.size());
    std::vector<Candidate> candidates;
    switch (rule.match) {
    case LesionMatch::any:
        for (const auto& [pair, voxels] : common) found[pair.first] = confirmed[pair.second] = true;
        break;
    case LesionMatch::iou:
        for (const auto& [pair, voxels] : common) {
            const double iou = static_cast<double>(voxels) / static_cast<double>(wanted[pair.first].voxels + given[pair.second].voxels - voxels);
            if (iou >= rule.share) candidates.push_back({-iou, pair.first, pair.second});
        }
        break;
    case LesionMatch::cover: {
        std::vector<std::uint64_t> covered(wanted.size());
        for (const auto& [pair, voxels] : common) covered[pair.first] += voxels;
        for (const auto& [pair, voxels] : common)
            if (static_cast<double>(covered[pair.first]) >= rule.share * static_cast<double>(wanted[pair.first].voxels)) found[pair.first] = confirmed[pair.second] = true;
        break;
    }
    case LesionMatch::centroid: {
        // Along the first axis, so that each lesion meets only those that can be near.
        std::vector<std::uint32_t> along;
        for (std::uint32_t p = 1; p < given.size(); ++p)
            if (given[p].counts) along.push_back(p);
        std::sort(along.begin(), along.end(), [&](std::uint32_t a, std::uint32_t b) { return given[a].centre[0] < given[b].centre[0]; });
        for (std::uint32_t r = 1; r < wanted.size(); ++r) {
            if (!wanted[r].counts) continue;
            const double from = wanted[r].centre[0] - rule.distance.value, to = wanted[r].centre[0] + rule.distance.value;
            auto p = std::lower_bound(along.begin(), along.end(), from, [&](std::uint32_t a, double x) { return given[a].centre[0] < x; });
            for (; p != along.end() && given[*p].centre[0] <= to; ++p) {
                const double distance = volume::length(wanted[r].centre - given[*p].centre);
                if (distance < rule.distance.value) candidates.push_back({distance, r, *p});
            }
        }
        break;
    }
    }
    match_greedily(std::move(candidates), found, confirmed);
    const auto counted = [](const std::vector<Lesion>& all) { return static_cast<std::uint64_t>(std::count_if(all.begin(), all.end(), [](const Lesion& l) { return l.counts; })); };
    const auto set = [](const std::vector<bool>& all) { return static_cast<std::uint64_t>(std::count(all.begin(), all.end(), true)); };
    return {counted(wanted), counted(given), set(found), set(confirmed)};
}

}  // namespace lge::metrics
