#include "lge/base/random.hpp"
#include "lge/base/error.hpp"
#include "lge/metrics/label_source.hpp"
#include "lge/metrics/mask_records.hpp"
#include "lge/metrics/masks.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace metrics = lge::metrics;
using lge::Mm;
using lge::Random;
using metrics::Mask;
using lge::volume::operator-;

namespace {

Mask random_mask(Random& r, std::array<std::size_t, 3> shape, lge::volume::Vec3 spacing, double density) {
    Mask m{shape, spacing, lge::Array<std::uint8_t>(shape[0] * shape[1] * shape[2])};
    for (auto& v : m.voxels) v = r.chance(density);
    return m;
}

lge::volume::Vec3 position(const Mask& m, std::size_t v) {
    return {static_cast<double>(v % m.shape[0]) * m.spacing[0], static_cast<double>(v / m.shape[0] % m.shape[1]) * m.spacing[1],
            static_cast<double>(v / m.shape[0] / m.shape[1]) * m.spacing[2]};
}

double nearest(const Mask& m, lge::volume::Vec3 p) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t v = 0; v < m.voxels.size(); ++v)
        if (m.voxels[v]) best = std::min(best, lge::volume::length(position(m, v) - p));
    return best;
}

/// Border voxels by asking each of the six neighbours whether it lies in the lattice and in the mask.
Mask plain_border(const Mask& m) {
    Mask out = m;
    const auto at = [&](std::array<std::ptrdiff_t, 3> p) {
        for (std::size_t a = 0; a < 3; ++a)
            if (p[a] < 0 || p[a] >= static_cast<std::ptrdiff_t>(m.shape[a])) return false;
        const auto index = (p[2] * static_cast<std::ptrdiff_t>(m.shape[1]) + p[1]) * static_cast<std::ptrdiff_t>(m.shape[0]) + p[0];
        return m.voxels[static_cast<std::size_t>(index)] != 0;
    };
    for (std::size_t v = 0; v < m.voxels.size(); ++v) {
        const std::array<std::ptrdiff_t, 3> p{static_cast<std::ptrdiff_t>(v % m.shape[0]), static_cast<std::ptrdiff_t>(v / m.shape[0] % m.shape[1]),
                                              static_cast<std::ptrdiff_t>(v / m.shape[0] / m.shape[1])};
        bool inner = true;
        for (std::size_t a = 0; a < 3; ++a) {
            if (m.shape[a] == 1) continue;
            auto low = p, high = p;
            --low[a];
            ++high[a];
            inner = inner && at(low) && at(high);
        }
        if (inner) out.voxels[v] = 0;
    }
    return out;
}

lge::volume::Grid grid_of(std::array<std::size_t, 3> shape, lge::volume::Vec3 spacing) {
    lge::volume::Grid g{shape, {}};
    g.index_to_lps.rows = {spacing[0], 0, 0, 5, 0, spacing[1], 0, -3, 0, 0, spacing[2], 9};
    return g;
}

lge::ExitCode code_of(const std::function<void()>& f) {
    try {
        f();
    } catch (const lge::Error& e) {
        return e.code();
    }
    return lge::ExitCode::ok;
}

}  // namespace

TEST_CASE("the distance transform equals brute force on random anisotropic masks") {
    constexpr std::array densities{0.02, 0.2, 0.7};
    for (std::uint64_t trial = 0; trial < 60; ++trial) {
        Random r(11, trial, "edt");
        const std::array<std::size_t, 3> shape{1 + r.below(9), 1 + r.below(8), 1 + r.below(5)};
        const Mask m = random_mask(r, shape, {r.uniform(0.3, 3), r.uniform(0.3, 3), r.uniform(0.3, 12)}, r.pick(densities));
        const auto squared = metrics::squared_distance(m);
        for (std::size_t v = 0; v < squared.size(); ++v) {
            const double truth = nearest(m, position(m, v));
            if (std::isinf(truth)) REQUIRE(std::isinf(squared[v]));
            else REQUIRE(std::sqrt(squared[v]) == Approx(truth).margin(1e-9));
        }
    }
}

TEST_CASE("surface distances equal brute force on 200 random pairs") {
    for (std::uint64_t trial = 0; trial < 200; ++trial) {
        Random r(12, trial, "surface");
        const std::array<std::size_t, 3> shape{2 + r.below(8), 2 + r.below(8), 1 + r.below(4)};
        const lge::volume::Vec3 spacing{r.uniform(0.5, 2), r.uniform(0.5, 2), r.uniform(2, 10)};
        const Mask a = random_mask(r, shape, spacing, 0.6), b = random_mask(r, shape, spacing, 0.5);
        const Mm tolerance{1.5}, width{r.uniform(0.1, 3)};
        const Mask border_a = plain_border(a), border_b = plain_border(b);
        std::vector<double> from_a, from_b, all;
        double both = 0, either = 0;
        for (std::size_t v = 0; v < a.voxels.size(); ++v) {
            if (border_a.voxels[v]) from_a.push_back(nearest(border_b, position(a, v)));
            if (border_b.voxels[v]) from_b.push_back(nearest(border_a, position(a, v)));
            const bool rim_a = a.voxels[v] && nearest(border_a, position(a, v)) <= width.value;
            const bool rim_b = b.voxels[v] && nearest(border_b, position(a, v)) <= width.value;
            both += rim_a && rim_b;
            either += rim_a || rim_b;
        }
        for (auto* side : {&from_a, &from_b}) {
            std::sort(side->begin(), side->end());
            all.insert(all.end(), side->begin(), side->end());
        }
        std::sort(all.begin(), all.end());
        const auto mean = [](const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size()); };
        const double within = static_cast<double>(std::count_if(all.begin(), all.end(), [&](double d) { return d <= tolerance.value; }));
        const double of_a = metrics::quantile(from_a, 0.95), of_b = metrics::quantile(from_b, 0.95);
        const auto check = [&](metrics::Hd95 definition, double hd95) {
            const auto found = metrics::surface_distances(a, b, {tolerance, width, definition});
            REQUIRE(found);
            CHECK(found->hd_mm == Approx(all.back()).margin(1e-9));
            CHECK(found->hd95_mm == Approx(hd95).margin(1e-9));
            CHECK(found->assd_mm == Approx(mean(all)).margin(1e-9));
            CHECK(found->masd_mm == Approx((mean(from_a) + mean(from_b)) / 2).margin(1e-9));
            CHECK(found->surface_dice == Approx(within / static_cast<double>(all.size())).margin(1e-9));
            CHECK(found->boundary_iou == Approx(both / either).margin(1e-9));
        };
        check(metrics::Hd95::pooled, metrics::quantile(all, 0.95));
        check(metrics::Hd95::max, std::max(of_a, of_b));
        check(metrics::Hd95::mean, (of_a + of_b) / 2);
    }
}

TEST_CASE("voxels that are asked for have the distances of the whole transform, near and far") {
    for (std::uint64_t trial = 0; trial < 40; ++trial) {
        Random r(14, trial, "wanted");
        const std::array<std::size_t, 3> shape{5 + r.below(40), 3 + r.below(50), 1 + r.below(30)};
        const Mask m = random_mask(r, shape, {1.1, 0.9, r.uniform(0.5, 6)}, trial % 2 ? 0.05 : 0.0005);
        std::vector<std::uint8_t> wanted(m.voxels.size());
        for (auto& w : wanted) w = r.chance(0.1);
        const auto all = metrics::squared_distance(m), some = metrics::squared_distance(m, wanted);
        for (std::size_t v = 0; v < all.size(); v += 7) {
            if (wanted[v]) REQUIRE(some[v] == Approx(all[v]).margin(1e-9));
            if (v % 5 == 0 && trial < 20) REQUIRE((std::isinf(all[v]) || std::sqrt(all[v]) == Approx(nearest(m, position(m, v))).margin(1e-9)));
        }
    }
}

TEST_CASE("a part is given the border voxels that lie in it, measured to the whole of the other border") {
    for (std::uint64_t trial = 0; trial < 30; ++trial) {
        Random r(15, trial, "parts");
        const std::array<std::size_t, 3> shape{7, 6, 3};
        const Mask a = random_mask(r, shape, {1.2, 1.3, 7}, 0.5), b = random_mask(r, shape, {1.2, 1.3, 7}, 0.4);
        std::vector<std::uint8_t> part(a.voxels.size());
        for (auto& p : part) p = static_cast<std::uint8_t>(r.below(3));
        const auto found = metrics::surface_distances(a, b, {}, part, 3);
        const Mask border_a = plain_border(a), border_b = plain_border(b);
        for (std::size_t p = 0; p < 3; ++p) {
            double greatest = 0;
            for (std::size_t v = 0; v < part.size(); ++v) {
                if (part[v] != p) continue;
                if (border_a.voxels[v]) greatest = std::max(greatest, nearest(border_b, position(a, v)));
                if (border_b.voxels[v]) greatest = std::max(greatest, nearest(border_a, position(a, v)));
            }
            REQUIRE(found[p]);
            CHECK(found[p]->hd_mm == Approx(greatest));
        }
    }
}

TEST_CASE("two single voxels four columns and one slice apart have the distance of their centres") {
    Mask a{{6, 3, 2}, {1.5, 1.5, 8}, lge::Array<std::uint8_t>(36, 0)}, b = a;
    a.voxels[0] = 1;
    b.voxels[18 + 4] = 1;
    const auto d = metrics::surface_distances(a, b, {Mm{10}});
    REQUIRE(d);
    CHECK(d->hd_mm == Approx(10));  // 3-4-5 triangle: 6 mm and 8 mm
    CHECK(d->hd95_mm == Approx(10));
    CHECK(d->assd_mm == Approx(10));
    CHECK(d->surface_dice == 1);
    CHECK(metrics::surface_distances(a, b, {Mm{9.99}})->surface_dice == 0);
    b.voxels.assign(36, 0);
    CHECK_FALSE(metrics::surface_distances(a, b, {}));
}

TEST_CASE("overlap and volumes of a hand-made pair") {
    const std::vector<std::uint8_t> reference{0, 1, 2, 2, 3, 4, 0, 5}, prediction{0, 1, 2, 3, 3, 2, 2, 0};
    const auto scores = metrics::compare("a", reference, prediction, grid_of({8, 1, 1}, {2, 5, 10}), metrics::default_label_sets(), {});
    REQUIRE(scores.size() == 4);
    const auto& wall = scores[0];
    CHECK(wall.label == "myocardium");
    CHECK(wall.overlap.both == 4);
    CHECK(wall.overlap.prediction == 5);
    CHECK(wall.overlap.reference == 4);
    CHECK(wall.overlap.dice() == Approx(8.0 / 9));
    CHECK(wall.overlap.jaccard() == Approx(4.0 / 5));
    CHECK(wall.overlap.precision() == Approx(4.0 / 5));
    CHECK(wall.overlap.recall() == 1);
    CHECK(wall.voxel_ml == Approx(0.1));
    CHECK_FALSE(wall.percent_of_myocardium);
    const auto& scar = scores[2];
    CHECK(scar.overlap.dice() == Approx(0.5));
    CHECK(scar.percent_of_myocardium == Approx(40));
    CHECK(scar.reference_percent_of_myocardium == Approx(50));
    CHECK(scores[1].overlap.dice() == 1);
    CHECK(scores[1].surface->hd_mm == 0);
    const auto& right = scores[3];
    CHECK(right.overlap.empty() == metrics::Empty::prediction);
    CHECK(right.overlap.dice() == 0);
    CHECK(right.overlap.precision() == 0);
    CHECK_FALSE(right.surface);
}

TEST_CASE("empty masks follow the stated policy and stay in the mean") {
    const std::vector<std::uint8_t> none(8, 0), some{3, 3, 0, 0, 0, 0, 0, 0};
    const auto grid = grid_of({2, 2, 2}, {1, 2, 2});
    const auto sets = std::vector{metrics::parse_label_set("scar")};
    const auto score = [&](metrics::EmptyPolicy policy) {
        metrics::MaskSettings settings;
        settings.empty = policy;
        std::vector<metrics::MaskScore> scores;
        for (const auto& [r, p] : {std::pair{none, none}, {none, some}, {some, none}, {some, some}})
            for (auto& s : metrics::compare("x", r, p, grid, sets, settings)) scores.push_back(s);
        return scores;
    };
    const auto figure = [](const metrics::MaskScore& s, std::string_view name) {
        for (const auto& f : metrics::mask_figures(false))
            if (f.name == name) return f.of(s);
        throw lge::Error(lge::ExitCode::internal, "no such figure");
    };
    constexpr double infinity = std::numeric_limits<double>::infinity();

    const auto standard = score(metrics::EmptyPolicy::standard);
    CHECK(figure(standard[0], "dice") == 1);
    CHECK(figure(standard[1], "dice") == 0);
    CHECK(figure(standard[2], "recall") == 0);
    CHECK(figure(standard[3], "dice") == 1);
    CHECK_FALSE(figure(standard[0], "hd_mm"));
    CHECK(figure(standard[1], "hd95_mm") == infinity);
    CHECK(figure(standard[2], "assd_mm") == infinity);
    CHECK(figure(standard[0], "surface_dice") == 1);
    CHECK(figure(standard[2], "boundary_iou") == 0);
    CHECK(standard[0].why_no_distance() == "both masks are empty");
    CHECK(standard[1].why_no_distance() == "infinite: the reference is empty");
    CHECK(standard[2].why_no_distance() == "infinite: the prediction is empty");
    CHECK_FALSE(standard[3].why_no_distance());
    const auto summary = metrics::summarise(standard, {1, 500});
    REQUIRE(summary.size() == 1);
    CHECK(summary[0].n == 4);
    CHECK(summary[0].both_empty == 1);
    CHECK(summary[0].prediction_empty == 1);
    CHECK(summary[0].reference_empty == 1);
    CHECK(summary[0].figure("dice").mean == Approx(0.5));
    CHECK(summary[0].figure("dice").n == 4);
    CHECK(summary[0].figure("hd_mm").n == 1);
    CHECK(summary[0].figure("hd_mm").infinite == 2);
    CHECK_FALSE(summary[0].figure("hd_mm").mean);
    CHECK_FALSE(summary[0].figure("hd_mm").median);
    CHECK(summary[0].figure("hd_mm").finite_mean == 0);
    CHECK(metrics::lowest_mean_dice(standard) == Approx(0.5));

    const auto penalty = score(metrics::EmptyPolicy::penalty);
    CHECK(figure(penalty[0], "hd_mm") == 0);
    CHECK(figure(penalty[1], "hd_mm") == Approx(3));  // from corner to corner: 1, 2 and 2 mm
    CHECK(figure(penalty[0], "dice") == 1);
    CHECK(metrics::summarise(penalty, {1, 500})[0].figure("hd_mm").mean == Approx(1.5));

    const auto omit = score(metrics::EmptyPolicy::omit);
    CHECK_FALSE(figure(omit[0], "dice"));
    CHECK_FALSE(figure(omit[0], "surface_dice"));
    CHECK(metrics::summarise(omit, {1, 500})[0].figure("dice").mean == Approx(1.0 / 3));
    CHECK(metrics::lowest_mean_dice(omit) == Approx(1.0 / 3));

    const auto lines = metrics::write_records(standard, {});
    CHECK(lines.find("\"dice\":1,") != std::string::npos);
    CHECK(lines.find("\"hd_mm\":null") != std::string::npos);
    CHECK(lines.find("\"empty\":\"both\",\"no_distance\":\"both masks are empty\"") != std::string::npos);
    CHECK(lines.find("\"empty_policy\":\"standard: both empty: overlap 1") != std::string::npos);
    CHECK(lines.back() == '\n');
}

TEST_CASE("overlap equals counting voxel by voxel, and swapping the sides swaps precision and recall") {
    const auto sets = metrics::default_label_sets();
    for (std::uint64_t trial = 0; trial < 100; ++trial) {
        Random r(13, trial, "overlap");
        const std::array<std::size_t, 3> shape{1 + r.below(6), 1 + r.below(6), 1 + r.below(3)};
        std::vector<std::uint8_t> a(shape[0] * shape[1] * shape[2]), b(a.size());
        for (auto& v : a) v = static_cast<std::uint8_t>(r.below(6));
        for (auto& v : b) v = static_cast<std::uint8_t>(r.below(6));
        const auto grid = grid_of(shape, {1.2, 1.3, 7});
        const auto there = metrics::compare("x", a, b, grid, sets, {}), back = metrics::compare("x", b, a, grid, sets, {});
        for (std::size_t s = 0; s < sets.size(); ++s) {
            double both = 0, in_a = 0, in_b = 0;
            for (std::size_t v = 0; v < a.size(); ++v) {
                both += sets[s].numbers[a[v]] && sets[s].numbers[b[v]];
                in_a += sets[s].numbers[a[v]];
                in_b += sets[s].numbers[b[v]];
            }
            const auto& o = there[s].overlap;
            if (in_a > 0 && in_b > 0) {
                REQUIRE(o.dice() == Approx(2 * both / (in_a + in_b)));
                REQUIRE(o.precision() == Approx(both / in_b));
                REQUIRE(o.recall() == Approx(both / in_a));
                REQUIRE(there[s].surface->hd95_mm == Approx(back[s].surface->hd95_mm));
            }
            REQUIRE(back[s].overlap.dice() == o.dice());
            REQUIRE(o.dice() == Approx(2 * o.jaccard() / (1 + o.jaccard())));
            if (o.empty() == metrics::Empty::none) REQUIRE(back[s].overlap.recall() == o.precision());
        }
    }
}

TEST_CASE("a singular grid is refused") {
    auto grid = grid_of({2, 2, 1}, {1, 1, 1});
    grid.index_to_lps.rows[0] = 0;
    const std::vector<std::uint8_t> v(4, 2);
    CHECK(code_of([&] { metrics::compare("x", v, v, grid, metrics::default_label_sets(), {}); }) == lge::ExitCode::bad_data);
}

TEST_CASE("label sets are read from numbers, words and names") {
    CHECK(metrics::parse_label_set("wall=2,3,4").numbers == metrics::parse_label_set("myocardium").numbers);
    CHECK(metrics::parse_label_set("x=scar,no_reflow").numbers == metrics::parse_label_set("scar").numbers);
    CHECK(metrics::parse_label_set("no_reflow").numbers.to_ulong() == 16);
    CHECK(metrics::parse_label_set("7").name == "7");
    CHECK(metrics::parse_label_set("x=255").numbers.test(255));
    for (const auto* bad : {"", "=2", "x=", "x=256", "x=-1", "x=2,", "x=2 3", "spleen", "x=2.0"})
        CHECK(code_of([&] { metrics::parse_label_set(bad); }) == lge::ExitCode::usage);
    const auto map = metrics::parse_label_map("1=5,3=lv_cavity");
    CHECK(map[1] == 5);
    CHECK(map[3] == 1);
    CHECK(map[2] == 2);
    for (const auto* bad : {"", "1", "1=2,1=3", "1=999"}) CHECK(code_of([&] { metrics::parse_label_map(bad); }) == lge::ExitCode::usage);
}

TEST_CASE("file names become case ids") {
    CHECK(metrics::case_id("Case_P001_label.nii.gz", "") == "Case_P001");
    CHECK(metrics::case_id("Case_P001.nii", "") == "Case_P001");
    CHECK(metrics::case_id("a.b_pred.nii", "") == "a.b");
    CHECK_FALSE(metrics::case_id("Case_P001_image.nii.gz", ""));
    CHECK_FALSE(metrics::case_id("notes.txt", ""));
    CHECK(metrics::case_id("p_truth.nii", "_truth") == "p");
    CHECK_FALSE(metrics::case_id("p_label.nii", "_truth"));
    CHECK(metrics::case_id("_label.nii", "") == "_label");
}

TEST_CASE("tables align, and CSV quotes what it must") {
    const metrics::Table t{{"id", "dice"}, {{"a,b", "0.5"}, {"say \"x\"", "-"}}};
    CHECK(metrics::csv(t) == "id,dice\n\"a,b\",0.5\n\"say \"\"x\"\"\",-\n");
    CHECK(metrics::align(t) == "id       dice\na,b       0.5\nsay \"x\"     -\n");
    CHECK(metrics::shown(-0.0001) == "0.000");
    CHECK(metrics::shown(std::nullopt) == "-");
    CHECK(metrics::exact(0.1) == "0.1");
}

TEST_CASE("on a grid whose slice axis leans, overlap and volume are given and distances are null with the reason") {
    lge::volume::Grid grid{{4, 4, 2}, {{1, 0, 0.5, 0, 0, 1, 0, 0, 0, 0, 8, 0}}};
    std::vector<std::uint8_t> map(32, 0);
    for (std::size_t v = 0; v < 8; ++v) map[v] = 1;
    const auto scores = lge::metrics::compare("a", map, map, grid, std::vector{lge::metrics::parse_label_set("lv_cavity")}, {});
    REQUIRE(scores.size() == 1);
    CHECK(scores[0].overlap.dice() == 1);
    CHECK(scores[0].voxel_ml == Approx(0.008));
    CHECK_FALSE(scores[0].surface);
    CHECK(scores[0].why_no_distance() == "the axes of the grid are not at right angles");
}
