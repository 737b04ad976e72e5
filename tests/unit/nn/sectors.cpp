// Sectors of a slice and the clauses about them.
#include "lge/nn/net/align_data.hpp"
#include "lge/nn/net/clauses.hpp"
#include "lge/nn/net/loss.hpp"
#include "lge/nn/net/strip.hpp"
#include "lge/nn/net/vision.hpp"
#include "lge/nn/train/train.hpp"
#include "lge/report/parse.hpp"

#include <catch2/catch.hpp>
#include <torch/types.h>

#include <cmath>

using namespace lge;
using namespace lge::nn;
using torch::Tensor;

TEST_CASE("each clause is read as what it says of its segment") {
    const auto lexicon = report::shipped_lexicon();
    report::Parser parser(lexicon);
    each_clause([&](int segment, Clause what, std::size_t wording) {
        const std::string text = clause(segment, what, wording);
        const anatomy::Finding finding = parser.read(text).finding;
        INFO(text);
        if (what == Clause::absent) {
            CHECK(finding.lge == anatomy::Presence::absent);
            return;
        }
        CHECK(finding.lge == anatomy::Presence::present);
        REQUIRE(finding.segments);
        CHECK(finding.segments->bits == 1U << static_cast<unsigned>(segment));
        const Meaning m = meaning_of(finding);
        CHECK(state_of_segment(segment, m.segments, m.patterns) == static_cast<std::int64_t>(what));
    });
}

TEST_CASE("the columns of a strip belong to the sectors in whose angles they lie") {
    const StripTower tower(strip_channels, strip_rows, strip_angles, 32);
    constexpr std::int64_t columns = strip_angles / 4;
    const Tensor tokens = torch::arange(columns, torch::kFloat32).view({1, columns, 1}).expand({3, columns, 32});
    const Tensor level = torch::tensor({1, 3, 0});
    const Tensor pooled = tower.by_sector(tokens, level);
    REQUIRE(pooled.sizes() == at::IntArrayRef({3, most_sectors, 64}));
    // Basal: segment 1 lies before the insertion (columns 20-23), 2 after it (0-3). Apical: 13 from -75 degrees to 15.
    CHECK(pooled[0][0][0].item<double>() == 21.5);
    CHECK(pooled[0][0][32].item<double>() == 23);
    CHECK(pooled[0][1][0].item<double>() == 1.5);
    CHECK(pooled[1][0][0].item<double>() == (19 + 20 + 21 + 22 + 23 + 0) / 6.0);
    CHECK(pooled[1][4].abs().max().item<double>() == 0);
    CHECK(pooled[2].abs().max().item<double>() == 0);
}

TEST_CASE("the clause loss weighs presence and absence alike, and takes any extent where it is not known") {
    const Tensor logits = torch::tensor({{2.0, 0.0, 0.0, 0.0, 0.0}, {2.0, 0.0, 0.0, 0.0, 0.0}, {0.0, 0.0, 0.0, 0.0, 1.0}});
    const double absent = std::log(std::exp(2.0) + 4) - 2, some = std::log(std::exp(1.0) + 4) - std::log(std::exp(1.0) + 3), exact = std::log(std::exp(1.0) + 4) - 1;
    CHECK(clause_loss(logits, torch::tensor({0, 0, 5})).item<double>() == Approx((absent + some) / 2));
    CHECK(clause_loss(logits, torch::tensor({0, 0, 4})).item<double>() == Approx((absent + exact) / 2));
}

TEST_CASE("the clause loss has the gradient that differences show") {
    const Tensor state = torch::tensor({0, 5, 2, 4}), logits = torch::sin(torch::arange(20, torch::kFloat64)).view({4, 5}).requires_grad_(true);
    clause_loss(logits, state).backward();
    torch::NoGradGuard no_grad;
    for (std::int64_t i = 0; i < 20; ++i) {
        const auto shifted = [&](double by) {
            Tensor x = logits.detach().clone();
            x.view({-1})[i] += by;
            return clause_loss(x, state).item<double>();
        };
        CHECK(logits.grad().view({-1})[i].item<double>() == Approx((shifted(1e-5) - shifted(-1e-5)) / 2e-5).margin(1e-8));
    }
}

TEST_CASE("a slice shows what all its sentences say, and nothing is known where one names no place") {
    const auto sentence = [](bool present, std::uint32_t segments) { return Sentence{"", {present, segments, 0}, {}}; };
    CHECK(shown_by({sentence(true, 2), sentence(true, 4)})->segments == 6);
    CHECK_FALSE(shown_by({sentence(false, 0)})->present);
    CHECK_FALSE(shown_by({sentence(true, 2), sentence(true, 0)}));
    CHECK_FALSE(shown_by({}));
}

TEST_CASE("a strip seen the other way round is the mirror image") {
    anatomy::WallBorders wall;
    wall.centre = {40, 40};
    wall.endo.assign(strip_angles, 10);
    wall.epi.assign(strip_angles, 20);
    wall.open.assign(strip_angles, false);
    BorderShift mirrored = BorderShift::none();
    mirrored.mirrored = true;
    const auto straight = strip_points(wall, BorderShift::none()), back = strip_points(wall, mirrored);
    for (std::size_t c = 1; c < strip_angles; ++c) {
        CHECK(back[c].x == Approx(straight[strip_angles - c].x));
        CHECK(back[c].y == Approx(straight[strip_angles - c].y));
    }
}

TEST_CASE("the mix names its sources") {
    const Mix mix = parse_mix("real=1,synth=2.5");
    CHECK(mix.real == 1);
    CHECK(mix.synth == 2.5);
    CHECK(mix.phantom == 0);
    for (const char* wrong : {"", "real", "real=", "real=-1", "real=x", "real=1,,", "other=1", "phantom=0"}) CHECK_THROWS_AS(parse_mix(wrong), Error);
}

TEST_CASE("a case that occurs twice is a leak") {
    io::Cohort cohort;
    cohort.cases.resize(1);
    cohort.cases[0].id = "a";
    TrainInput input;
    input.cohorts = {cohort};
    CHECK_NOTHROW(check_cases(input, Log("test", Verbosity::quiet)));
    input.cohorts.push_back(cohort);
    CHECK_THROWS_AS(check_cases(input, Log("test", Verbosity::quiet)), Error);
}
