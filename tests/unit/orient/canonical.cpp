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

TEST_CASE("canonical labels brought back to the source overlap with it by 0.95 and more") {
    phantom::Heart h;
    h.insertion = 75;
    const auto heart = phantom::make(h);
    const auto c = canonical(heart);
    std::vector<std::size_t> from(h.slices);
    for (std::size_t k = 0; k < from.size(); ++k) from[k] = k;
    const auto back = lge::itk::resample_label_slices(*c.label, heart.label.grid, from);
    double both = 0, sum = 0;
    for (std::size_t n = 0; n < back.voxels.size(); ++n) {
        both += back.voxels[n] == 2 && heart.label.voxels[n] == 2 ? 2 : 0;
        sum += (back.voxels[n] == 2 ? 1 : 0) + (heart.label.voxels[n] == 2 ? 1 : 0);
    }
    CHECK(both / sum > 0.95);
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
}

TEST_CASE("a record has its keys in order and null for what is unknown") {
    auto label = phantom::make({}).label;
    for (auto& l : label.voxels) l = l == 5 ? 0 : l;
    const auto line = write_record("x", judge(label, {}), std::nullopt);
    CHECK(line.starts_with(R"({"schema":"lge.orient/1","id":"x","rotation_deg":)"));
    CHECK(line.find(R"("rv_anterior_mm":null,"rv_inferior_mm":null)") != std::string::npos);
    CHECK(line.ends_with("\"problems\":[\"rv_missing\"],\"intensity\":null}\n"));
}
