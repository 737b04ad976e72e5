#include "lge/nn/train/segment_samples.hpp"

#include <torch/types.h>

#include <catch2/catch.hpp>

using namespace lge::nn;

namespace {

struct Drawn {
    TrainInput input;
    Description d;
    Recipe recipe;
    Drawn() {
        input.population = lge::synth::load_population("mild");
        d.widths = {4, 8, 8};
        d.size = 32;
        d.spacing_mm = 4;
    }
    [[nodiscard]] Tensors at(std::uint64_t number) const { return SegmentSamples(input, d, recipe, false).draw(number, SegmentSamples::shard, true); }
};

}  // namespace

TEST_CASE("a shard's windows are normalised hearts in classes of their own, the same for the same number") {
    const Drawn drawn;
    const auto some = drawn.at(3), again = drawn.at(3), other = drawn.at(4);
    REQUIRE(some[0].sizes() == at::IntArrayRef({4, 1, 32, 32}));
    REQUIRE(some[1].sizes() == at::IntArrayRef({4, 32, 32}));
    CHECK(torch::equal(some[0], again[0]));
    CHECK(torch::equal(some[1], again[1]));
    CHECK_FALSE(torch::equal(some[0], other[0]));
    CHECK(some[0].mean({1, 2, 3}).abs().max().item<double>() < 1e-4);
    CHECK((some[0].std({1, 2, 3}) - 1).abs().max().item<double>() < 1e-2);
    CHECK(some[1].min().item<std::int64_t>() == 0);
    CHECK(some[1].max().item<std::int64_t>() == 3);
    CHECK(some[1].eq(2).flatten(1).any(1).all().item<bool>());  // each shows wall
}

TEST_CASE("two views of a heart are two poses of it, beside which one view is another heart") {
    Drawn drawn;
    const auto one = drawn.at(3);
    drawn.recipe.views = 2;
    const auto two = drawn.at(3);
    for (const int even : {0, 2}) CHECK(torch::equal(one[0][even], two[0][even]));
    for (const int odd : {1, 3}) CHECK_FALSE(torch::equal(one[0][odd], two[0][odd]));
    CHECK_FALSE(torch::equal(two[0][0], two[0][1]));
}

TEST_CASE("odd contrast changes images, not classes, and only as many as were asked for") {
    Drawn drawn;
    const auto plain = drawn.at(3);
    drawn.recipe.odd_contrast = 1;
    const auto odd = drawn.at(3);
    CHECK(torch::equal(plain[1], odd[1]));
    for (int i = 0; i < 4; ++i) CHECK_FALSE(torch::allclose(plain[0][i], odd[0][i], 1e-2, 1e-2));
}
