#include "lge/base/random.hpp"
#include "lge/metrics/lesions.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <vector>

namespace metrics = lge::metrics;
using metrics::LesionMatch;
using metrics::Mask;

namespace {

/// A row of voxels, 1 mm apart, of 1 mm2.
Mask row(std::initializer_list<int> voxels) {
    Mask m{{voxels.size(), 1, 1}, {1, 1, 1}, {}};
    for (const int v : voxels) m.voxels.push_back(static_cast<std::uint8_t>(v));
    return m;
}

metrics::LesionRule rule(LesionMatch match, double share = 0.1) { return {match, share, lge::Mm{10}, 0, true}; }

}  // namespace

TEST_CASE("pieces hang together as a flood fill finds them") {
    for (std::uint64_t trial = 0; trial < 100; ++trial) {
        lge::Random r(21, trial, "pieces");
        const std::array<std::size_t, 3> shape{1 + r.below(7), 1 + r.below(7), 1 + r.below(4)};
        Mask m{shape, {1, 1, 1}, lge::Array<std::uint8_t>(shape[0] * shape[1] * shape[2])};
        for (auto& v : m.voxels) v = r.chance(0.35);
        const bool corners = trial % 2 == 0;
        const auto found = metrics::pieces(m, corners);
        std::vector<std::uint32_t> flooded(m.voxels.size(), 0);
        std::uint32_t count = 0;
        const auto place = [&](std::size_t v) {
            return std::array<int, 3>{static_cast<int>(v % shape[0]), static_cast<int>(v / shape[0] % shape[1]), static_cast<int>(v / shape[0] / shape[1])};
        };
        for (std::size_t start = 0; start < m.voxels.size(); ++start) {
            if (!m.voxels[start] || flooded[start]) continue;
            ++count;
            std::vector<std::size_t> open{start};
            flooded[start] = count;
            while (!open.empty()) {
                const auto at = place(open.back());
                open.pop_back();
                for (std::size_t v = 0; v < m.voxels.size(); ++v) {
                    if (!m.voxels[v] || flooded[v]) continue;
                    const auto p = place(v);
                    const int dx = std::abs(p[0] - at[0]), dy = std::abs(p[1] - at[1]), dz = std::abs(p[2] - at[2]);
                    if (corners ? std::max({dx, dy, dz}) > 1 : dx + dy + dz > 1) continue;
                    flooded[v] = count;
                    open.push_back(v);
                }
            }
        }
        REQUIRE(found.count == count);
        for (std::size_t v = 0; v < flooded.size(); ++v) REQUIRE(found.number[v] == flooded[v]);  // both number by the first voxel
    }
}

TEST_CASE("lesions match as the rule says") {
    //                   one of 4         two of 1   one of 3
    const Mask truth = row({1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 1});
    const Mask found = row({0, 0, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0});
    const auto any = metrics::match_lesions(truth, found, rule(LesionMatch::any));
    CHECK(any.reference == 4);
    CHECK(any.prediction == 2);
    CHECK(any.found == 3);
    CHECK(any.confirmed == 2);
    CHECK(any.recall() == Approx(0.75));
    CHECK(any.precision() == 1);
    CHECK(any.f1() == Approx(6.0 / 7));
    // One to one: the second predicted lesion has an intersection over union of 1/4 with each of two.
    const auto iou = metrics::match_lesions(truth, found, rule(LesionMatch::iou, 0.25));
    CHECK(iou.found == 2);
    CHECK(iou.confirmed == 2);
    CHECK(metrics::match_lesions(truth, found, rule(LesionMatch::iou, 0.26)).found == 0);
    CHECK(metrics::match_lesions(truth, found, rule(LesionMatch::cover, 0.25)).found == 3);
    CHECK(metrics::match_lesions(truth, found, rule(LesionMatch::cover, 0.3)).found == 2);
    auto near = rule(LesionMatch::centroid);
    near.distance = lge::Mm{0.6};  // 1.5 from 3; 6 and 8 from 6.5; 12
    CHECK(metrics::match_lesions(truth, found, near).found == 1);
    near.distance = lge::Mm{1.6};
    CHECK(metrics::match_lesions(truth, found, near).found == 2);
    auto large = rule(LesionMatch::any);
    large.minimum_ml = 0.003;
    const auto kept = metrics::match_lesions(truth, found, large);
    CHECK(kept.reference == 2);
    CHECK(kept.prediction == 1);
    CHECK(kept.found == 0);
}

TEST_CASE("without lesions on either side all are found, and with them on one side none") {
    const Mask none = row({0, 0, 0}), one = row({0, 1, 0});
    CHECK(metrics::match_lesions(none, none, {}).f1() == 1);
    CHECK(metrics::match_lesions(one, none, {}).recall() == 0);
    CHECK(metrics::match_lesions(one, none, {}).f1() == 0);
    CHECK(metrics::match_lesions(none, one, {}).precision() == 0);
}
