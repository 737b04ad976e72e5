#include "lge/base/error.hpp"
#include "lge/orient/pose.hpp"
#include "phantom.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

using lge::Degrees;
using namespace lge::orient;
using lge::anatomy::Level;
using lge::volume::Volume;

namespace {

double error_of(const Pose& pose, double insertion) { return std::abs(turn_between(Degrees{120 - insertion}, pose.rotation).value); }

}  // namespace

TEST_CASE("the insertion is found within 3 degrees, half of the time within 1, wherever the RV lies") {
    std::vector<double> errors;
    for (const double rough : {0.0, 0.5})
        for (int angle = 0; angle < 360; angle += 5) {
            phantom::Heart h;
            h.insertion = angle;
            h.arc = 90 + angle % 50;
            h.rough = rough;
            const Pose pose = judge(phantom::make(h, static_cast<std::uint64_t>(angle)).label, {});
            CHECK(pose.standard());
            CHECK_FALSE(pose.mirrored);  // though the patient's header and a heart turned so far do not fit
            errors.push_back(error_of(pose, angle));
            CAPTURE(angle, rough);
            CHECK(errors.back() <= 3);
        }
    std::sort(errors.begin(), errors.end());
    CAPTURE(errors.back());
    CHECK(errors[errors.size() / 2] <= 1);
}

TEST_CASE("both insertions of every slice with RV lie within 4 degrees of the truth") {
    phantom::Heart h;
    h.insertion = 137;
    h.arc = 105;
    const Pose pose = judge(phantom::make(h).label, {});
    for (const SliceMarks& m : pose.marks) {
        CHECK(std::abs(turn_between(m.first, Degrees{137}).value) <= 4);
        CHECK(std::abs(turn_between(m.last, Degrees{137 + 105}).value) <= 4);
    }
}

TEST_CASE("a stored pose keeps the turn of the slices and still knows the landmarks") {
    phantom::Heart h;
    h.insertion = 200;
    const auto label = phantom::make(h).label;
    const Pose canonical = judge(label, {}), stored = judge(label, {.turning = Turning::stored});
    CHECK(stored.rotation.value == 0);
    CHECK(std::abs(canonical.rotation.value + 80) < 5);
    const auto axis = label.grid.index_to_lps.column(0);
    CHECK(std::abs(lge::volume::dot(stored.right, axis) - lge::volume::length(axis)) < 1e-9);
    for (std::size_t i = 0; i < 3; ++i) CHECK(stored.landmarks.rv_anterior[i] == canonical.landmarks.rv_anterior[i]);
    CHECK(stored.levels == canonical.levels);
}

TEST_CASE("all sixteen ways to store a heart with a true header have one pose") {
    phantom::Heart h;
    h.insertion = 160;
    const auto heart = phantom::make(h);
    const Pose wanted = judge(heart.label, {});
    for (unsigned state = 0; state < 8; ++state)
        for (const bool reverse : {false, true}) {
            CAPTURE(state, reverse);
            const Pose pose = judge(phantom::stored(heart.label, state, reverse), {});
            const bool odd = (((state & 1U) + (state >> 1 & 1U) + (state >> 2 & 1U)) & 1U) != 0;
            CHECK(pose.mirrored == odd);
            CHECK(pose.apex_first == reverse);
            CHECK(pose.problems == wanted.problems);
            CHECK(pose.levels == wanted.levels);
            const auto difference_at = [&](std::size_t x, std::size_t y, std::size_t k) {
                const lge::volume::Vec3 at{static_cast<double>(x), static_cast<double>(y), static_cast<double>(k)};
                const auto a = canonical_grid(pose, lge::Mm{1.25}, 128).index_to_lps(at), b = canonical_grid(wanted, lge::Mm{1.25}, 128).index_to_lps(at);
                return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
            };
            CHECK(difference_at(63, 63, 0) < 1e-6);
            CHECK(difference_at(0, 0, 0) < 1.0);   // the rays differ from state to state by less than half a degree
            CHECK(difference_at(127, 0, 8) < 1.0);
        }
}

TEST_CASE("without a header the view decides chirality, anatomy the order, and both are said") {
    phantom::Heart h;
    h.insertion = 120;
    auto heart = phantom::make(h);
    for (const bool reverse : {false, true}) {
        auto label = phantom::stored(heart.label, 0, reverse);
        label.grid.index_to_lps = {{-1.4, 0, 0, 0, 0, -1.4, 0, 0, 0, 0, 8, 0}};
        const Pose pose = judge(label, {});
        CHECK(pose.apex_first == reverse);
        CHECK_FALSE(pose.mirrored);
        CHECK(error_of(pose, 120) <= 3);
        CHECK(pose.has(Problem::header_nominal));
        CHECK(pose.has(Problem::chirality_assumed));
        CHECK(pose.standard());
        auto flipped = phantom::stored(heart.label, 1, reverse);
        flipped.grid.index_to_lps = label.grid.index_to_lps;
        CHECK(judge(flipped, {}).has(Problem::view_doubtful));
        const Pose from_base = judge(flipped, {.trust = Trust::header, .view = View::base});
        CHECK(from_base.mirrored);
        CHECK_FALSE(from_base.has(Problem::view_doubtful));
        CHECK(error_of(from_base, 120) <= 3);
    }
}

TEST_CASE("with the header lost all sixteen ways to store a heart have one pose, or their mirrored view is assumed and said to be") {
    phantom::Heart h;
    h.insertion = 135;
    const auto heart = phantom::make(h);
    for (unsigned state = 0; state < 8; ++state)
        for (const bool reverse : {false, true}) {
            CAPTURE(state, reverse);
            auto label = phantom::stored(heart.label, state, reverse);
            label.grid.index_to_lps = {{-1.4, 0, 0, 0, 0, -1.4, 0, 0, 0, 0, 8, 0}};
            const bool odd = (((state & 1U) + (state >> 1 & 1U) + (state >> 2 & 1U)) & 1U) != 0;
            const Pose pose = judge(label, {.trust = Trust::header, .view = odd ? View::base : View::apex});
            CHECK(pose.apex_first == reverse);
            CHECK(pose.mirrored == odd);
            CHECK(pose.has(Problem::chirality_assumed));
            // The same pixels under the canonical anterior insertion: the place of the true one in the stored slice.
            const double angle = h.insertion * std::numbers::pi / 180, r = 20 / h.spacing;
            std::array<double, 2> at{h.centre_x + 4 * h.tilt_x + r * std::cos(angle), h.centre_y + 4 * h.tilt_y - r * std::sin(angle)};
            if ((state & 1U) != 0) at[0] = 127 - at[0];
            if ((state & 2U) != 0) at[1] = 127 - at[1];
            if ((state & 4U) != 0) std::swap(at[0], at[1]);
            const auto index = canonical_grid(pose, lge::Mm{1.25}, 128).index_to_lps.inverse()(label.grid.index_to_lps({at[0], at[1], 4}));
            CHECK(std::abs(turn_between(Degrees{120}, Degrees{std::atan2(63.5 - index[1], index[0] - 63.5) * 180 / std::numbers::pi}).value) <= 3);
            // Without the user's word a mirrored slice gets a pose too, and the record says that the view was assumed.
            CHECK(judge(label, {}).has(Problem::chirality_assumed));
        }
}

TEST_CASE("a header that contradicts the anatomy is named, and the trusted one decides") {
    auto label = phantom::make({}).label;
    label.grid.index_to_lps.set_column(2, label.grid.index_to_lps.column(2));
    for (std::size_t r = 0; r < 3; ++r) label.grid.index_to_lps.rows[4 * r + 2] *= -1;
    const Pose by_header = judge(label, {});
    CHECK(by_header.has(Problem::order_disagrees));
    CHECK(by_header.apex_first);
    const Pose by_anatomy = judge(label, {.trust = Trust::anatomy});
    CHECK(by_anatomy.has(Problem::order_disagrees));
    CHECK(by_anatomy.has(Problem::chirality_assumed));
    CHECK_FALSE(by_anatomy.apex_first);
}

TEST_CASE("levels are thirds of the closed rings; the open base has none and the solid tip is the apex") {
    auto label = phantom::make({}).label;
    for (std::size_t j = 0; j < 60; ++j)
        for (std::size_t i = 0; i < 128; ++i)
            if (label(i, j, 0) == 2) label(i, j, 0) = 0;  // outflow tract
    for (auto& l : label.slice(8).span()) l = l == 1 ? 2 : l;
    using enum Level;
    CHECK(judge(label, {}).levels == std::vector{unknown, basal, basal, basal, mid, mid, apical, apical, apex});
}

TEST_CASE("what cannot be standardised is named and nothing crashes") {
    const auto heart = phantom::make({});
    Volume<std::uint8_t> empty(heart.label.grid, 0);
    CHECK(judge(empty, {}).has(Problem::lv_missing));
    CHECK(judge(empty, {}).has(Problem::few_slices));
    CHECK_FALSE(judge(empty, {}).standard());

    auto no_rv = heart.label;
    for (auto& l : no_rv.voxels) l = l == 5 ? 0 : l;
    CHECK(judge(no_rv, {}).has(Problem::rv_missing));
    CHECK(judge(no_rv, {}).standard());  // the header says where anterior is
    no_rv.grid.index_to_lps = {{-1.4, 0, 0, 0, 0, -1.4, 0, 0, 0, 0, 8, 0}};
    CHECK(judge(no_rv, {}).has(Problem::rotation_unknown));
    CHECK_FALSE(judge(no_rv, {}).standard());

    auto holes = heart.label;
    for (const std::size_t k : {std::size_t{0}, std::size_t{4}})
        for (auto& l : holes.slice(k).span()) l = 0;
    const Pose pose = judge(holes, {});
    CHECK(pose.slices.size() == 8);
    CHECK(pose.levels[3] == Level::mid);
    CHECK(pose.marks[3].inherited);

    auto rv_only = heart.label;
    for (auto& l : rv_only.voxels) l = l == 5 ? 5 : 0;
    CHECK(judge(rv_only, {}).has(Problem::lv_missing));

    auto single = empty;
    single(3, 4, 2) = 2;
    CHECK(judge(single, {}).has(Problem::few_slices));

    auto bad = heart.label;
    bad.grid.index_to_lps.rows[0] = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(judge(bad, {}), lge::Error);
    bad.grid.index_to_lps.set_column(0, bad.grid.index_to_lps.column(1));
    CHECK_THROWS_AS(judge(bad, {}), lge::Error);
}

TEST_CASE("islands of RV and holes in it do not move the insertions") {
    phantom::Heart h;
    h.insertion = 120;
    auto label = phantom::make(h).label;
    const Pose before = judge(label, {});
    for (std::size_t k = 0; k < 7; ++k) {
        for (std::size_t j = 60; j < 64; ++j)
            for (std::size_t i = 105; i < 109; ++i)
                if (label(i, j, k) == 0) label(i, j, k) = 5;  // on the lateral side
        for (std::size_t j = 63; j < 67; ++j)
            for (std::size_t i = 0; i < 64; ++i)
                if (label(i, j, k) == 5) label(i, j, k) = 0;  // cuts the RV in two
    }
    const Pose after = judge(label, {});
    CHECK(std::abs(turn_between(before.rotation, after.rotation).value) < 1);
}

TEST_CASE("the canonical grid puts the LV centre in the middle and the insertion at 120 degrees") {
    phantom::Heart h;
    h.insertion = 40;
    const Pose pose = judge(phantom::make(h).label, {});
    const auto grid = canonical_grid(pose, lge::Mm{1.25}, 128);
    const auto index = grid.index_to_lps.inverse()(pose.landmarks.rv_anterior);
    const double angle = std::atan2(63.5 - index[1], index[0] - 63.5) * 180 / std::numbers::pi;
    CHECK(angle == Approx(120).margin(4));
    const auto base = grid.index_to_lps.inverse()(pose.landmarks.lv_base);
    CHECK(base[0] == Approx(63.5));
    CHECK(base[1] == Approx(63.5));
    CHECK(base[2] == Approx(0).margin(1e-9));
    const auto apex = grid.index_to_lps.inverse()(pose.landmarks.lv_apex);
    CHECK(apex[0] == Approx(63.5));
    CHECK(apex[2] == Approx(8));
}
