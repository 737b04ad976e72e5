#include "lge/orient/canonical.hpp"
#include "lge/orient/record.hpp"
#include "phantom.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace lge::orient;
using lge::anatomy::Level;

namespace {

CanonicalCase canonical(const phantom::Case& c, const Canvas& canvas = {}) { return to_canonical("case", c.image, &c.label, judge(c.label, {}), canvas); }

}  // namespace

TEST_CASE("all sixteen ways to store a heart give the same canonical pixels, to interpolation error") {
    phantom::Heart h;
    h.insertion = 160;
    const auto heart = phantom::make(h);
    const auto wanted = canonical(heart);
    for (unsigned state = 0; state < 8; ++state)
        for (const bool reverse : {false, true}) {
            CAPTURE(state, reverse);
            const auto c = canonical({phantom::stored(heart.image, state, reverse), phantom::stored(heart.label, state, reverse)});
            double difference = 0;
            std::size_t labels = 0;
            for (std::size_t n = 0; n < wanted.image.voxels.size(); ++n) {
                difference += std::abs(c.image.voxels[n] - wanted.image.voxels[n]);
                labels += c.label->voxels[n] != wanted.label->voxels[n] ? 1 : 0;
            }
            const double count = static_cast<double>(wanted.image.voxels.size());
            CHECK(difference / count < 0.01);
            CHECK(static_cast<double>(labels) / count < 0.005);
            CHECK(c.level == wanted.level);
        }
}

TEST_CASE("in canonical pixels the LV is in the middle and the septum to the left") {
    phantom::Heart h;
    h.insertion = 310;
    const auto c = canonical(phantom::make(h));
    for (std::size_t k = 0; k < 7; ++k) {
        double x = 0, y = 0, lv = 0, rv_x = 0, rv_y = 0, rv = 0;
        for (std::size_t j = 0; j < 128; ++j)
            for (std::size_t i = 0; i < 128; ++i) {
                const auto l = (*c.label)(i, j, k);
                if (l == 1 || l == 2) lv += 1, x += static_cast<double>(i), y += static_cast<double>(j);
                if (l == 5) rv += 1, rv_x += static_cast<double>(i), rv_y += static_cast<double>(j);
            }
        CHECK(x / lv == Approx(63.5).margin(1));
        CHECK(y / lv == Approx(63.5).margin(1));
        CHECK(rv_x / rv < 45);
        CHECK(rv_y / rv == Approx(63.5).margin(3));
    }
}

TEST_CASE("percentiles become 0 and 1, and outside lies 0; without normalisation values stay") {
    const auto heart = phantom::make({});
    Canvas wide;
    wide.size = 200;  // 250 mm, the source has 179
    const auto c = canonical(heart, wide);
    std::vector<float> inside;
    for (const float v : c.image.voxels)
        if (v != 0) inside.push_back(v);
    std::sort(inside.begin(), inside.end());
    CHECK(inside[inside.size() / 100] == Approx(0).margin(0.01));
    CHECK(inside[inside.size() * 99 / 100] == Approx(1).margin(0.01));
    CHECK(c.image(0, 0, 0) == 0);
    wide.normalise = Normalise::none;
    const auto plain = canonical(heart, wide);
    CHECK(*std::max_element(plain.image.voxels.begin(), plain.image.voxels.end()) == Approx(700));
    CHECK(plain.image(100, 100, 3) == Approx(700));
    CHECK(plain.image(0, 0, 0) == *std::min_element(plain.image.voxels.begin(), plain.image.voxels.end()));
}

TEST_CASE("by the wall, its lower quartile becomes 0 and the median of the blood 1") {
    const auto heart = phantom::make({});
    Canvas canvas;
    canvas.normalise = Normalise::wall;
    const auto c = canonical(heart, canvas);
    CHECK(c.intensity.zero == Approx(150));
    CHECK(c.intensity.one == Approx(700));
    CHECK(c.image(63, 63, 3) == Approx(1));
    canvas.normalise = Normalise::none;
    CHECK(canonical(heart, canvas).intensity.zero == 0);
    CHECK(canonical(heart, canvas).intensity.one == 1);
    canvas.normalise = Normalise::percentile;
    const auto p = canonical(heart, canvas);
    canvas.normalise = Normalise::none;
    const auto plain = canonical(heart, canvas);
    CHECK(p.image(70, 20, 4) == Approx((plain.image(70, 20, 4) - p.intensity.zero) / (p.intensity.one - p.intensity.zero)));
    // Blood that is darker than the wall lies below 0, as far as it is.
    auto dark = heart;
    for (auto& v : dark.image.voxels) v = 1000 - v;
    canvas.normalise = Normalise::wall;
    CHECK(canonical(dark, canvas).image(63, 63, 3) == Approx(-1));
}

TEST_CASE("what cannot be normalised by its wall is refused") {
    auto heart = phantom::make({});
    for (auto& l : heart.label.voxels) l = l == 1 ? 2 : l;
    Canvas canvas;
    canvas.normalise = Normalise::wall;
    CHECK_THROWS_WITH(canonical(heart, canvas), "too little LV wall or blood to normalise by, wanted 20 pixels of each");
    CHECK_THROWS_WITH(to_canonical("x", heart.image, nullptr, judge(heart.label, {}), canvas), "no label map to normalise by its wall");
}

TEST_CASE("an upright canvas has a slice axis at a right angle, and the LV in the middle of the stack") {
    const auto heart = phantom::make({});
    Canvas canvas;
    canvas.stacking = Stacking::upright;
    const auto c = canonical(heart, canvas);
    CHECK(lge::volume::check(c.image.grid.index_to_lps) == lge::volume::AffineFault::none);
    const Pose pose = judge(heart.label, {});
    CHECK(lge::volume::check(canonical_grid(pose, lge::Mm{1.25}, 128).index_to_lps) == lge::volume::AffineFault::sheared);
    double x = 0, y = 0, n = 0;
    for (std::size_t j = 0; j < 128; ++j)
        for (std::size_t i = 0; i < 128; ++i)
            if ((*c.label)(i, j, 4) == 1 || (*c.label)(i, j, 4) == 2) n += 1, x += static_cast<double>(i), y += static_cast<double>(j);
    CHECK(x / n == Approx(63.5).margin(0.5));
    CHECK(y / n == Approx(63.5).margin(0.5));
}

TEST_CASE("cases stand in a cohort one behind the other") {
    lge::io::Cohort cohort;
    cohort.width = cohort.height = 128;
    const auto c = canonical(phantom::make({}));
    append(cohort, c);
    append(cohort, c);
    CHECK(cohort.cases[1].first_slice == 9);
    CHECK(cohort.level.size() == 18);
    CHECK(cohort.label.size() == 18 * 128 * 128);
    CHECK(cohort.image_slice(9)(63, 63) == c.image(63, 63, 0));
    auto bare = c;
    bare.label.reset();
    CHECK_THROWS_WITH(append(cohort, bare), "some cases have a label map and others none, wanted the same of all cases of a cohort");
}

TEST_CASE("where only some cases have texts the others say nothing") {
    lge::io::Cohort cohort;
    cohort.width = cohort.height = 128;
    const auto silent = canonical(phantom::make({}));
    auto told = silent;
    told.captions = std::vector<std::string>(9, R"(["no scar"])");
    append(cohort, silent);
    CHECK(cohort.captions.empty());
    append(cohort, told);
    append(cohort, silent);
    REQUIRE(cohort.captions.size() == 27);
    CHECK(cohort.captions[8] == "[]");
    CHECK(cohort.captions[9] == R"(["no scar"])");
    CHECK(cohort.captions[26] == "[]");
    CHECK(cohort.findings.empty());
}

TEST_CASE("a record has its keys in order and null for what is unknown") {
    auto label = phantom::make({}).label;
    for (auto& l : label.voxels) l = l == 5 ? 0 : l;
    const auto line = write_record("x", judge(label, {}), std::nullopt);
    CHECK(line.starts_with(R"({"schema":"lge.orient/1","id":"x","rotation_deg":)"));
    CHECK(line.find(R"("rv_anterior_mm":null,"rv_inferior_mm":null)") != std::string::npos);
    CHECK(line.ends_with("\"problems\":[\"rv_missing\"],\"intensity\":null}\n"));
}
