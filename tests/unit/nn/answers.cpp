#include "../temporary_folder.hpp"
#include "lge/base/stream.hpp"
#include "lge/io/cohort.hpp"
#include "lge/nn/infer/contrast_rule.hpp"
#include "lge/nn/infer/evidence.hpp"
#include "lge/nn/infer/forward.hpp"
#include "lge/nn/infer/heat.hpp"
#include "lge/nn/infer/inputs.hpp"
#include "lge/nn/infer/sentences.hpp"
#include "lge/nn/net/strip.hpp"

#include <catch2/catch.hpp>
#include <torch/types.h>

#include <cmath>

using namespace lge::nn;
namespace anatomy = lge::anatomy;
using torch::Tensor;

namespace {

constexpr std::int64_t columns = strip_angles / 2;

std::shared_ptr<AlignNet> strip_net() {
    Description d;
    d.embedding = 16;
    d.tokenizer = Tokenizer({"scar", "no"});
    auto net = make_align_net(d);
    initialise(*net, 3);
    return net;
}

}  // namespace

TEST_CASE("a segment's score is the share of the clauses about it that speak of enhancement, and other levels have none") {
    const auto net = strip_net();
    torch::NoGradGuard no_grad;
    SliceFeatures seen;
    seen.tokens = torch::sin(torch::arange(3 * 24 * 16, torch::kFloat32)).view({3, 24, 16});
    const Tensor clauses = to_unit(torch::cos(torch::arange(16 * 5 * 16, torch::kFloat32)).view({16, 5, 16}));
    const Tensor level = torch::tensor({2, 3, 0});
    const Tensor vectors = net->sector_vectors(seen.tokens, level), scores = segment_scores(clause_shares(*net, clauses, seen, level));
    REQUIRE(scores.sizes().vec() == std::vector<std::int64_t>{3, 17});
    for (std::int64_t b = 0; b < 3; ++b)
        for (int segment = 1; segment <= 17; ++segment) {
            INFO(b << " " << segment);
            const float score = scores[b][segment - 1].item<float>();
            std::int64_t sector = -1;
            for (std::int64_t s = 0; s < most_sectors; ++s)
                if (segment_of_sector(static_cast<anatomy::Level>(level[b].item<std::int64_t>()), s) == segment) sector = s;
            REQUIRE((sector < 0) == std::isnan(score));
            if (sector < 0) continue;
            double absent = 0, all = 0;
            for (std::int64_t c = 0; c < 5; ++c) {
                const double weight = std::exp(net->scale().item<double>() * torch::dot(clauses[segment - 1][c], vectors[b][sector]).item<double>());
                all += weight;
                if (c == 0) absent = weight;
            }
            CHECK(score == Approx(1 - absent / all).margin(1e-4));
        }
    CHECK(scores.isnan().logical_not().sum(1).equal(torch::tensor({6, 4, 0})));
}

TEST_CASE("a case has the highest score of each segment over its slices, and none where no slice has one") {
    constexpr float none = NAN;
    const Tensor highest = highest_scores(torch::tensor({{0.25F, none, none}, {0.5F, 0.125F, none}}));
    CHECK(highest[0].item<float>() == 0.5F);
    CHECK(highest[1].item<float>() == 0.125F);
    CHECK(highest[2].isnan().item<bool>());
}

TEST_CASE("a case's scores are pooled from those of its slices") {
    const Tensor slices = torch::tensor({{1.0F}, {5.0F}, {2.0F}, {4.0F}}), whole = torch::tensor({9.0F});
    CHECK(pool_scores(slices, whole, Pooling::model).item<float>() == 9);
    CHECK(pool_scores(slices, whole, Pooling::mean).item<float>() == 3);
    CHECK(pool_scores(slices, whole, Pooling::max).item<float>() == 5);
    CHECK(pool_scores(slices, whole, Pooling::top).item<float>() == Approx(11.0 / 3));
    CHECK(pool_scores(slices.slice(0, 0, 2), whole, Pooling::top).item<float>() == 3);
}

TEST_CASE("every shipped prompt says what its sign says, in the words of the reports' parser") {
    const PromptSet set = shipped_prompts();
    const auto said = [](const std::vector<std::string>& sentences, anatomy::Presence wanted) {
        const auto known = understand(sentences);
        CHECK(known.size() == sentences.size());
        for (const auto& k : known) {
            INFO(k.text);
            CHECK(k.finding.lge == wanted);
        }
        return known;
    };
    said(set.presence.present, anatomy::Presence::present);
    said(set.presence.absent, anatomy::Presence::absent);
    for (const auto& c : set.classes)
        for (const auto& k : said(c.prompts.present, anatomy::Presence::present)) {
            INFO(k.text);
            if (c.aspect == Aspect::wall)
                CHECK((k.finding.segments && !(*k.finding.segments - anatomy::segments_of(*anatomy::from_word<anatomy::Wall>(c.name), anatomy::Level::unknown)).count()));
            if (c.aspect == Aspect::extent) {
                REQUIRE(k.finding.pattern.size() == 1);
                CHECK(anatomy::word(k.finding.pattern[0]) == c.name);
            }
        }
}

namespace {

/// A case of one slice: a ring of wall with a bright sector of 60 degrees behind the anterior insertion.
lge::io::Cohort ring_cohort() {
    lge::io::Cohort c;
    c.width = c.height = 96;
    c.cases.push_back({"a", {}, lge::io::Landmarks::unknown(), 0, 1});
    c.level = {anatomy::Level::mid};
    for (std::size_t y = 0; y < 96; ++y)
        for (std::size_t x = 0; x < 96; ++x) {
            const double dx = static_cast<double>(x) - 47.5, dy = 47.5 - static_cast<double>(y), r = std::hypot(dx, dy);
            double turn = std::atan2(dy, dx) * 180 / 3.14159265358979 - 120;
            turn -= 360 * std::floor(turn / 360);
            c.label.push_back(r < 16 ? 1 : r < 26 ? 2 : 0);
            c.image.push_back(r < 16 ? 2.0F : r < 26 ? (turn < 60 ? 2.5F : 1.0F) : 0.0F);
        }
    return c;
}

}  // namespace

TEST_CASE("the rule's score is the share of the wall that is bright") {
    auto cohort = ring_cohort();
    const auto answers = judge_by_contrast(cohort, 0, 0.1);
    CHECK(answers.whole.value().score == Approx(60.0 / 360).margin(0.01));
    CHECK(answers.whole->present);
    CHECK(answers.whole->threshold == 0.1);
    CHECK(answers.slices.at(0).value().score == answers.whole->score);
    CHECK_FALSE(judge_by_contrast(cohort, 0, 0.2).whole->present);
    std::fill(cohort.label.begin(), cohort.label.end(), std::uint8_t{0});
    CHECK_FALSE(judge_by_contrast(cohort, 0, 0.1).whole);
    cohort.label.clear();
    CHECK_THROWS_AS(judge_by_contrast(cohort, 0, 0.1), lge::Error);
}

TEST_CASE("heat lies in the wall alone, at the angles that the tower marks") {
    Description d;
    d.embedding = 16;
    d.tokenizer = Tokenizer({"scar", "no"});
    const auto net = strip_net();
    const auto cohort = ring_cohort();
    const auto heat = scar_heat(*net, d, cohort, 0, torch::kCPU);
    double inside = 0;
    for (std::size_t v = 0; v < heat.voxels.size(); ++v) {
        REQUIRE(heat.voxels[v] >= 0);
        REQUIRE(heat.voxels[v] <= 1);
        inside += cohort.label[v] == 2 ? heat.voxels[v] : 0;
        // The border may lie half a pixel off.
        const double r = std::hypot(static_cast<double>(v % 96) - 47.5, static_cast<double>(v / 96) - 47.5);
        if (r < 15 || r > 27) REQUIRE(heat.voxels[v] == 0);
    }
    CHECK(inside > 0);
    // Rolled up and read out again along the ring, the heat is the tower's row.
    const CaseView view = view_of(cohort, 0);
    const CaseLook look = look_at(*net, d, view, torch::kCPU);
    const Tensor scar = look.seen.scar.sigmoid();
    const double depth = strip_first_depth + (strip_last_depth - strip_first_depth) * (2 * 6 + 0.5) / (strip_rows - 1);
    for (std::int64_t c = 0; c < columns; c += 5) {
        const double angle = (120 + 360.0 * (2 * static_cast<double>(c) + 0.5) / strip_angles) * 3.14159265358979 / 180, radius = 16 + 10 * depth;
        const auto x = static_cast<std::size_t>(std::lround(47.5 + radius * std::cos(angle))), y = static_cast<std::size_t>(std::lround(47.5 - radius * std::sin(angle)));
        CHECK(heat(x, y, 0) == Approx(scar[0][6][c].item<float>()).margin(0.12));
    }
}

TEST_CASE("what speaks for a sentence does not speak for its contrary") {
    Description d;
    d.embedding = 16;
    d.tokenizer = Tokenizer({"scar", "no"});
    const auto net = strip_net();
    for (auto& p : net->parameters()) p.set_requires_grad(false);
    const auto cohort = ring_cohort();
    const Tensor direction = prompt_direction(*net, d, {{"scar"}, {"no scar"}}, torch::kCPU);
    const auto yes = text_heat(*net, d, cohort, 0, direction), no = text_heat(*net, d, cohort, 0, -direction);
    double sum_yes = 0, sum_no = 0;
    std::size_t both = 0, some = 0;
    for (std::size_t v = 0; v < yes.voxels.size(); ++v) {
        sum_yes += yes.voxels[v];
        sum_no += no.voxels[v];
        both += yes.voxels[v] > 0 && no.voxels[v] > 0 ? 1 : 0;
        some += yes.voxels[v] > 0 || no.voxels[v] > 0 ? 1 : 0;
    }
    CHECK(sum_yes > 0);
    CHECK(sum_no > 0);
    CHECK(both < some / 2);
}

TEST_CASE("inputs of several kinds come one after the other, with what cannot be read in its place") {
    const TemporaryFolder folder;
    const auto path = [&](const char* name) { return (folder.path / name).string(); };
    const auto put = [&](const char* name, std::string_view text) { lge::write_file(path(name), lge::Overwrite::no, lge::as_bytes(text)); };
    put("cases.jsonl", "{\"schema\":\"lge.case/1\",\"id\":\"a\",\"image\":\"x.nii\"}\nnonsense\n{\"schema\":\"lge.case/1\",\"id\":\"a\",\"image\":\"x.nii\"}\n{\"schema\":\"lge.case/1\",\"id\":\"b\",\"image\":\"x.nii\"}\n");
    put("x.nii", "nothing");
    lge::write_file(path("c.h5"), lge::Overwrite::no, lge::io::encode_cohort(ring_cohort()));
    const std::vector<std::string> paths{path("x.nii"), path("cases.jsonl"), path("missing"), path("c.h5")};
    Inputs inputs(paths);
    REQUIRE(inputs.peek() != nullptr);
    CHECK(inputs.peek()->record.id == "x");
    std::string ids;
    while (const auto item = inputs.next()) ids += item->fault ? "!" : item->record.id + (item->cohort ? "*" : "") + " ";
    CHECK(ids == "x a !!b !a* ");
    CHECK_FALSE(inputs.live());
    Inputs second(paths, {1, 3});
    ids.clear();
    while (const auto item = second.next()) ids += item->fault ? "!" : item->record.id + " ";
    CHECK(ids == "a b ");
}
