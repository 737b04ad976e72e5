#include "lge/base/error.hpp"
#include "lge/metrics/mask_summary.hpp"
#include "lge/metrics/masks.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

namespace metrics = lge::metrics;
using lge::anatomy::Level;

namespace {

/// Rings of wall about a cavity; scar in the sector of 60 degrees around `middle`, counter-clockwise from image right.
lge::volume::Volume<std::uint8_t> heart(double middle, std::size_t slices) {
    lge::volume::Grid grid{{64, 64, slices}, {}};
    grid.index_to_lps.rows = {1.25, 0, 0, 0, 0, 1.25, 0, 0, 0, 0, 10, 0};
    lge::volume::Volume<std::uint8_t> v(grid, std::uint8_t{0});
    for (std::size_t k = 0; k < slices; ++k)
        for (std::size_t j = 0; j < 64; ++j)
            for (std::size_t i = 0; i < 64; ++i) {
                const double x = static_cast<double>(i) - 31.5, y = 31.5 - static_cast<double>(j), r = std::hypot(x, y);
                const double off = std::remainder(std::atan2(y, x) * 180 / std::numbers::pi - middle, 360.0);
                if (r < 14) v(i, j, k) = 1;
                else if (r < 22) v(i, j, k) = std::abs(off) < 30 ? 3 : 2;
            }
    return v;
}

metrics::HeartFrame frame(std::vector<Level> level, double rotation = 0, bool mirrored = false) { return {std::move(level), true, mirrored, lge::Degrees{rotation}, false}; }

const metrics::MaskScore* find(const std::vector<metrics::MaskScore>& scores, int segment) {
    for (const auto& s : scores)
        if (s.part.segment == segment) return &s;
    return nullptr;
}

}  // namespace

TEST_CASE("a scar drawn over one sector fills the AHA segment that lies there, and no other") {
    // The anterior insertion is at 120 degrees: anteroseptal (2) spans 120 to 180, inferior (4) 240 to 300.
    struct Case { double middle, rotation; bool mirrored; int segment; };
    for (const auto& c : {Case{150, 0, false, 2}, Case{270, 0, false, 4}, Case{90, 0, false, 1}, Case{60, 90, false, 2}, Case{30, 0, true, 2}}) {
        const auto label = heart(c.middle, 2);
        const auto map = metrics::part_map(label, frame({Level::basal, Level::mid}, c.rotation, c.mirrored), metrics::By::segment);
        const auto sets = std::vector{metrics::parse_label_set("scar")};
        const auto scores = metrics::compare_parts("x", label.voxels, label.voxels, label.grid, map, sets, {});
        REQUIRE(scores.size() == 12);
        for (const auto& s : scores) {
            const bool here = s.part.segment == c.segment || s.part.segment == c.segment + 6;
            CHECK(s.percent_of_myocardium.value() == Approx(here ? 100 : 0).margin(here ? 3 : 1.5));
            CHECK(s.overlap.dice() == 1);
        }
        CHECK(find(scores, c.segment)->part.level == Level::basal);
        CHECK(find(scores, c.segment + 6)->part.level == Level::mid);
    }
}

TEST_CASE("the apical ring has four segments, the apex one, and slices of no level none") {
    const auto label = heart(0, 3);
    const auto map = metrics::part_map(label, frame({Level::unknown, Level::apical, Level::apex}), metrics::By::segment);
    const auto sets = std::vector{metrics::parse_label_set("myocardium")};
    const auto scores = metrics::compare_parts("x", label.voxels, label.voxels, label.grid, map, sets, {});
    REQUIRE(scores.size() == 5);
    std::uint64_t ring = 0;
    for (const int s : {13, 14, 15, 16}) ring += find(scores, s)->overlap.reference;
    CHECK(ring == find(scores, 17)->overlap.reference);
    CHECK_THROWS_AS(metrics::part_map(label, {{Level::mid, Level::mid, Level::mid}, false, false, {}, false}, metrics::By::segment), lge::Error);
}

TEST_CASE("levels and slices add up to the whole") {
    const auto truth = heart(150, 4), found = heart(165, 4);
    const auto sets = std::vector{metrics::parse_label_set("scar")};
    const auto whole = metrics::compare("x", truth.voxels, found.voxels, truth.grid, sets, {}).front();
    const auto map = metrics::part_map(truth, frame({Level::basal, Level::basal, Level::mid, Level::apical}), metrics::By::level);
    const auto levels = metrics::compare_parts("x", truth.voxels, found.voxels, truth.grid, map, sets, {});
    const auto slices = metrics::compare_slices("x", truth.voxels, found.voxels, truth.grid, sets, {});
    REQUIRE(levels.size() == 3);
    REQUIRE(slices.size() == 4);
    std::uint64_t in_levels = 0, in_slices = 0;
    double greatest = 0;
    for (const auto& s : levels) {
        in_levels += s.overlap.both;
        greatest = std::max(greatest, s.surface->hd_mm);
    }
    for (const auto& s : slices) in_slices += s.overlap.both;
    CHECK(in_levels == whole.overlap.both);
    CHECK(in_slices == whole.overlap.both);
    CHECK(greatest == Approx(whole.surface->hd_mm));
    CHECK(slices[2].part.slice == 2);
    // All slices are alike, so the distances within a slice are those of any other.
    CHECK(slices[0].surface->hd_mm == Approx(slices[3].surface->hd_mm));
    CHECK(levels[0].surface->assd_mm == Approx(whole.surface->assd_mm));
}

TEST_CASE("slices are summed up over all cases, segments one by one, and groups apart") {
    const auto truth = heart(150, 4), found = heart(165, 4);
    const auto sets = std::vector{metrics::parse_label_set("scar"), metrics::parse_label_set("lv_cavity")};
    std::vector<metrics::MaskScore> slices;
    for (const auto* id : {"a", "b", "c"})
        for (auto& s : metrics::compare_slices(id, truth.voxels, found.voxels, truth.grid, sets, {})) {
            s.group = *id == 'c' ? "second" : "first";
            slices.push_back(s);
        }
    const auto summaries = metrics::summarise(slices, {1, 200});
    REQUIRE(summaries.size() == 4);
    CHECK(summaries[0].group == "first");
    CHECK(summaries[0].n == 8);
    CHECK(summaries[0].slices);
    CHECK(summaries[2].n == 4);
    const auto map = metrics::part_map(truth, frame({Level::basal, Level::mid, Level::apical, Level::apex}), metrics::By::segment);
    CHECK(metrics::summarise(metrics::compare_parts("a", truth.voxels, found.voxels, truth.grid, map, sets, {}), {1, 200}).size() == 34);
}

TEST_CASE("slices of one case are drawn together") {
    const std::vector<double> values{0.1, 0.1, 0.1, 0.9, 0.9, 0.9}, once{0.1, 0.9};
    const std::vector<std::size_t> cases{0, 0, 0, 1, 1, 1};
    const auto slices = metrics::spread(values, {1, 1000}, "x", cases), alone = metrics::spread(once, {1, 1000}, "x");
    CHECK(*slices.low == Approx(*alone.low));
    CHECK(*slices.high == Approx(*alone.high));
}
