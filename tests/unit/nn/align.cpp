#include "lge/nn/infer/thresholds.hpp"
#include "lge/nn/net/align_data.hpp"
#include "lge/nn/net/strip.hpp"
#include "lge/nn/net/vision.hpp"

#include <catch2/catch.hpp>
#include <torch/types.h>

#include <cmath>
#include <numbers>

using namespace lge::nn;
namespace anatomy = lge::anatomy;

namespace {

constexpr std::size_t side = 96;
constexpr double centre = 47.5, endo = 16, epi = 26;

/// A ring of wall (1) round blood (2) in nothing (0), with a sector of brightness 3 from `from` to `to` degrees after the
/// anterior insertion.
struct Ring {
    std::vector<float> image = std::vector<float>(side * side, 0.0F);
    std::vector<std::uint8_t> label = std::vector<std::uint8_t>(side * side, std::uint8_t{0});
    explicit Ring(double from = 0, double to = 0) {
        for (std::size_t y = 0; y < side; ++y)
            for (std::size_t x = 0; x < side; ++x) {
                const double dx = static_cast<double>(x) - centre, dy = centre - static_cast<double>(y), r = std::hypot(dx, dy);
                double turn = std::atan2(dy, dx) * 180 / std::numbers::pi - anatomy::canonical_insertion.value;
                turn -= 360 * std::floor(turn / 360);
                const bool bright = r >= endo && r < epi && turn >= from && turn < to;
                image[y * side + x] = r < endo ? 2.0F : r < epi ? (bright ? 3.0F : 1.0F) : 0.0F;
                label[y * side + x] = r < endo ? 1 : r < epi ? (bright ? 3 : 2) : 0;
            }
    }
    [[nodiscard]] lge::volume::Slice<const float> pixels() const { return {image.data(), side, side}; }
    [[nodiscard]] lge::volume::Slice<const std::uint8_t> labels() const { return {label.data(), side, side}; }
};

std::vector<float> strip_of(const Ring& ring) {
    const auto wall = readable_wall(ring.labels());
    REQUIRE(wall);
    std::vector<float> strip(strip_channels * strip_pixels);
    fill_strip(ring.pixels(), strip_points(*wall, BorderShift::none()), heart_scale(sample_heart(ring.pixels(), *wall)), strip);
    return strip;
}

Meaning scar(std::initializer_list<int> segments, std::uint32_t patterns = 0) { return {true, anatomy::Segments::of(segments).bits, patterns}; }

}  // namespace

TEST_CASE("in a strip wall is 0, blood is 1, and a scar stands at its angle from the insertion") {
    const auto strip = strip_of(Ring(90, 150));
    const auto middle = static_cast<std::size_t>((0.5 - strip_first_depth) / (strip_last_depth - strip_first_depth) * (strip_rows - 1));
    for (std::size_t c = 0; c < strip_angles; ++c) {
        const double angle = 360.0 * static_cast<double>(c) / strip_angles;
        INFO(angle);
        CHECK(strip[c] == Approx(1).margin(0.02));
        if (angle > 95 && angle < 145) CHECK(strip[middle * strip_angles + c] == Approx(2).margin(0.1));
        if (angle < 85 || angle > 155) CHECK(strip[middle * strip_angles + c] == Approx(0).margin(0.1));
    }
}

TEST_CASE("a strip does not change when the image is scaled and lifted") {
    Ring ring(20, 60);
    const auto before = strip_of(ring);
    for (auto& v : ring.image) v = 37 * v + 500;
    const auto after = strip_of(ring);
    for (std::size_t p = 0; p < before.size(); ++p) REQUIRE(after[p] == Approx(before[p]).margin(1e-3));
}

TEST_CASE("the shares of scar lie where its pixels are") {
    const Ring ring(180, 240);
    const auto wall = readable_wall(ring.labels());
    std::vector<float> share(strip_pixels / 4);
    fill_scar(ring.labels(), strip_points(*wall, BorderShift::none()), share);
    const std::size_t row = strip_rows / 4;  // the middle of the wall
    CHECK(share[row * strip_angles / 2 + strip_angles / 2 * 210 / 360] == 1);
    CHECK(share[row * strip_angles / 2 + strip_angles / 2 * 100 / 360] == 0);
}

TEST_CASE("a slice without wall or without cavity has no strip") {
    Ring ring;
    for (auto& l : ring.label) l = l == 1 ? 2 : l;
    CHECK_FALSE(readable_wall(ring.labels()));
    std::fill(ring.label.begin(), ring.label.end(), std::uint8_t{0});
    CHECK_FALSE(readable_wall(ring.labels()));
}

TEST_CASE("turning a strip turns what the tower marks, since its convolutions close the circle") {
    StripTower tower(3, 24, 96, 32);
    initialise(tower, 5);
    torch::NoGradGuard no_grad;
    const torch::Tensor strip = torch::sin(torch::arange(3 * 24 * 96, torch::kFloat32)).view({1, 3, 24, 96});
    const torch::Tensor marked = tower.forward(strip).scar, turned = tower.forward(strip.roll(8, 3)).scar;
    CHECK((turned - marked.roll(4, 2)).abs().max().item<double>() < 1e-4);
}

TEST_CASE("a case's vector does not depend on the order of its slices, nor on other cases") {
    CasePool pool(6, 8);
    initialise(pool, 2);
    torch::NoGradGuard no_grad;
    const torch::Tensor features = torch::cos(torch::arange(30, torch::kFloat32)).view({5, 6}), level = torch::tensor({1, 2, 3, 1, 2}), of_case = torch::tensor({0, 0, 0, 1, 1});
    const torch::Tensor both = pool.forward(features, level, of_case, 2), order = torch::tensor({2, 0, 1});
    const torch::Tensor alone = pool.forward(features.index_select(0, order), level.index_select(0, order), torch::zeros({3}, torch::kInt64), 1);
    CHECK((alone[0] - both[0]).abs().max().item<double>() < 1e-5);
    CHECK(both[0].norm().item<double>() == Approx(1));
}

TEST_CASE("a text that says the same or less of a scar is true, a contradiction is not, and the rest is left open") {
    const Meaning none{false, 0, 0};
    CHECK(relate(none, none) == Relation::positive);
    CHECK(relate(scar({7}), none) == Relation::negative);
    CHECK(relate(scar({7, 8}), scar({7, 8})) == Relation::positive);
    CHECK(relate(scar({7, 8}), scar({7})) == Relation::positive);
    CHECK(relate(scar({7, 8}), scar({})) == Relation::positive);
    CHECK(relate(scar({7}), scar({7, 8})) == Relation::open);
    CHECK(relate(scar({}), scar({7})) == Relation::open);
    CHECK(relate(scar({7}), scar({10})) == Relation::negative);
    CHECK(relate(scar({7}, 1), scar({7}, 2)) == Relation::negative);
    CHECK(relate(scar({7}, 1), scar({7})) == Relation::positive);
}

TEST_CASE("the best threshold stands in the middle of the gap, and an answer that is missing has none") {
    const Cut cut = best_cut({{0.9, true}, {0.7, true}, {0.2, false}, {0.4, false}});
    CHECK(cut.threshold == Approx(0.55));
    CHECK(cut.balanced_accuracy == 1);
    CHECK(std::isnan(best_cut({{0.3, true}, {0.4, true}}).balanced_accuracy));
}

TEST_CASE("captions of a level or a place reach the slices they speak of") {
    lge::io::Cohort cohort;
    cohort.cases.push_back({"a", {}, lge::io::Landmarks::unknown(), 0, 3});
    cohort.level = {anatomy::Level::basal, anatomy::Level::mid, anatomy::Level::apical};
    anatomy::Finding present, absent;
    present.lge = anatomy::Presence::present;
    present.segments = anatomy::Segments::of({10});
    absent.lge = anatomy::Presence::absent;
    const auto told = told_of(cohort, {{"a", "", std::nullopt, "mid inferior scar", present}, {"a", "basal", std::nullopt, "no basal scar", absent}, {"b", "", std::nullopt, "another case", absent}});
    REQUIRE(told.size() == 1);
    CHECK(told[0].present);
    CHECK(told[0].slices[0].at(0).text == "no basal scar");
    CHECK(told[0].slices[1].at(0).text == "mid inferior scar");
    CHECK(told[0].slices[2].empty());
    CHECK(told[0].whole.size() == 1);
}
