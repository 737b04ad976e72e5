// Poses by points that a reader set.
#include "lge/base/error.hpp"
#include "lge/orient/pose.hpp"
#include "phantom.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace lge::orient;
using lge::Degrees;
using lge::anatomy::Level;
using lge::io::Landmarks;
using lge::volume::Vec3;

namespace {

const lge::volume::Affine nominal{{-1.4, 0, 0, 0, 0, -1.4, 0, 0, 0, 0, 8, 0}};

/// The true points of a phantom, by its own header.
Landmarks truth(const phantom::Heart& h, const lge::volume::Grid& grid) {
    const auto at = [&](double k, double radius, double angle) {
        const double a = angle * std::numbers::pi / 180;
        return grid.index_to_lps({h.centre_x + h.tilt_x * k + radius / h.spacing * std::cos(a), h.centre_y + h.tilt_y * k - radius / h.spacing * std::sin(a), k});
    };
    const double epi = phantom::epicardium(4, h), last = static_cast<double>(h.slices) - 1;
    return {at(0, 0, 0), at(last, 0, 0), at(4, epi, h.insertion), at(4, epi, h.insertion + h.arc)};
}

/// The same points by another header.
Landmarks moved(const Landmarks& marks, const lge::volume::Grid& from, const lge::volume::Grid& to) {
    const auto one = [&](const Vec3& p) { return to.index_to_lps(from.index_to_lps.inverse()(p)); };
    return {one(marks.lv_base), one(marks.lv_apex), one(marks.rv_anterior), one(marks.rv_inferior)};
}

double corner_distance(const Pose& a, const lge::volume::Grid& grid_a, const Pose& b, const lge::volume::Grid& grid_b) {
    double worst = 0;
    for (const Vec3 corner : {Vec3{0, 0, 0}, Vec3{127, 0, 0}, Vec3{0, 127, 8}, Vec3{127, 127, 8}}) {
        const auto place = [&](const Pose& pose, const lge::volume::Grid& grid) { return grid.index_to_lps.inverse()(canonical_grid(pose, lge::Mm{1.25}, 128).index_to_lps(corner)); };
        const Vec3 p = place(a, grid_a), q = place(b, grid_b);
        worst = std::max(worst, std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
    }
    return worst;
}

}  // namespace

TEST_CASE("points alone give the pose: axis, rotation and side, in thirds") {
    phantom::Heart h;
    h.insertion = 200;
    const auto heart = phantom::make(h);
    const Pose pose = judge(heart.label.grid, {}, truth(h, heart.label.grid));
    CHECK(pose.standard());
    CHECK(pose.problems.empty());
    CHECK(pose.rotation.value == Approx(-80).margin(0.01));
    CHECK(pose.confidence == 1);
    using enum Level;
    CHECK(pose.levels == std::vector{basal, basal, basal, mid, mid, mid, apical, apical, apical});
    CHECK(corner_distance(pose, heart.label.grid, judge(heart.label, {}), heart.label.grid) < 3);
}

TEST_CASE("without a header named points tell order and side: all sixteen ways to store a heart have one pose") {
    phantom::Heart h;
    h.insertion = 160;
    const auto heart = phantom::make(h);
    const Landmarks marks = truth(h, heart.label.grid);
    const Pose wanted = judge(heart.label, {}, marks);
    for (unsigned state = 0; state < 8; ++state)
        for (const bool reverse : {false, true})
            for (const bool masks : {true, false}) {
                CAPTURE(state, reverse, masks);
                auto label = phantom::stored(heart.label, state, reverse);
                const auto true_grid = label.grid;
                label.grid.index_to_lps = nominal;
                const Landmarks lost = moved(marks, true_grid, label.grid);
                const Pose pose = masks ? judge(label, {}, lost) : judge(label.grid, {}, lost);
                const bool odd = (((state & 1U) + (state >> 1 & 1U) + (state >> 2 & 1U)) & 1U) != 0;
                CHECK(pose.mirrored == odd);
                CHECK(pose.apex_first == reverse);
                CHECK_FALSE(pose.has(Problem::chirality_assumed));
                CHECK(pose.has(Problem::header_nominal));
                const auto shown = label.grid;
                const Pose truly = [&] {  // the same pixels where they truly lie
                    Pose p = pose;
                    const auto map = true_grid.index_to_lps * shown.index_to_lps.inverse();
                    const Vec3 origin = map({0, 0, 0});
                    for (Vec3* v : {&p.right, &p.down, &p.step}) {
                        const Vec3 q = map(*v);
                        *v = {q[0] - origin[0], q[1] - origin[1], q[2] - origin[2]};
                    }
                    p.first_centre = map(p.first_centre);
                    return p;
                }();
                CHECK(corner_distance(truly, heart.label.grid, wanted, heart.label.grid) < 0.01);
            }
}

TEST_CASE("the anterior point alone tells the side by the nearer end of the arc") {
    phantom::Heart h;
    const auto heart = phantom::make(h);
    Landmarks marks = truth(h, heart.label.grid);
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    marks.lv_base = marks.lv_apex = marks.rv_inferior = {nan, nan, nan};
    for (const unsigned state : {0U, 1U}) {
        auto label = phantom::stored(heart.label, state, false);
        const auto true_grid = label.grid;
        label.grid.index_to_lps = nominal;
        const Pose pose = judge(label, {}, moved(marks, true_grid, label.grid));
        CHECK(pose.mirrored == (state == 1));
        CHECK_FALSE(pose.has(Problem::chirality_assumed));
    }
}

TEST_CASE("points that contradict the header are named, and the trusted one decides") {
    phantom::Heart h;
    const auto heart = phantom::make(h);
    Landmarks marks = truth(h, heart.label.grid);
    std::swap(marks.rv_anterior, marks.rv_inferior);
    const Pose by_header = judge(heart.label, {}, marks);
    CHECK(by_header.has(Problem::chirality_disagrees));
    CHECK_FALSE(by_header.mirrored);
    CHECK(by_header.has(Problem::insertions_scatter));
    const Pose by_points = judge(heart.label, {.trust = Trust::anatomy}, marks);
    CHECK(by_points.has(Problem::chirality_disagrees));
    CHECK(by_points.mirrored);
    marks = truth(h, heart.label.grid);
    std::swap(marks.lv_base, marks.lv_apex);
    CHECK(judge(heart.label, {}, marks).has(Problem::order_disagrees));
    CHECK_FALSE(judge(heart.label, {}, marks).apex_first);
    CHECK(judge(heart.label, {.trust = Trust::anatomy}, marks).apex_first);
}

TEST_CASE("points outside of the volume are refused, and those that do not reach are named") {
    phantom::Heart h;
    const auto heart = phantom::make(h);
    Landmarks marks = truth(h, heart.label.grid);
    marks.rv_anterior = {-marks.rv_anterior[0] - 300, -marks.rv_anterior[1], marks.rv_anterior[2]};  // RAS taken for LPS
    CHECK_THROWS_WITH(judge(heart.label, {}, marks), "landmark rv_anterior lies outside of the volume, wanted LPS mm by its header");
    const Pose none = judge(heart.label.grid, {}, Landmarks::unknown());
    CHECK(none.has(Problem::lv_missing));
    CHECK_FALSE(none.standard());
    Landmarks flat = truth(h, heart.label.grid);
    flat.lv_apex = flat.lv_base;
    CHECK(judge(heart.label.grid, {}, flat).has(Problem::few_slices));
    Landmarks axis = truth(h, heart.label.grid);
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    axis.rv_anterior = axis.rv_inferior = {nan, nan, nan};
    CHECK(judge(heart.label.grid, {}, axis).has(Problem::rv_missing));
    CHECK(judge(heart.label.grid, {}, axis).standard());
}
