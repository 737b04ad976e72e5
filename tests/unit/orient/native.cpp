#include "lge/base/error.hpp"
#include "lge/orient/canonical.hpp"
#include "lge/orient/native.hpp"
#include "lge/orient/record.hpp"
#include "phantom.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <sstream>

using namespace lge::orient;
using lge::Degrees;
using lge::volume::Vec3;

namespace {

/// All ways to store it: which of the sixteen is `way`.
phantom::Case stored(const phantom::Case& c, unsigned way) { return {phantom::stored(c.image, way & 7U, way >= 8), phantom::stored(c.label, way & 7U, way >= 8)}; }

double dice(const lge::volume::Volume<std::uint8_t>& a, const lge::volume::Volume<std::uint8_t>& b, std::uint8_t label) {
    double both = 0, sum = 0;
    for (std::size_t n = 0; n < a.voxels.size(); ++n) {
        both += a.voxels[n] == label && b.voxels[n] == label ? 2 : 0;
        sum += (a.voxels[n] == label ? 1 : 0) + (b.voxels[n] == label ? 1 : 0);
    }
    return both / sum;
}

}  // namespace

TEST_CASE("a canonical mask brought back to its source overlaps with it by 0.95 and more, however the source is stored") {
    for (unsigned way = 0; way < 16; ++way) {
        phantom::Heart h;
        h.insertion = 23.0 * way;
        const auto heart = stored(phantom::make(h), way);
        const Pose pose = judge(heart.label, {});
        for (const auto stacking : {Stacking::leaning, Stacking::upright}) {
            CAPTURE(way);
            const auto c = to_canonical("x", heart.image, &heart.label, pose, {.stacking = stacking});
            const auto back = to_native(*c.label, heart.label.grid);
            CHECK(back.grid == heart.label.grid);
            CHECK(dice(back, heart.label, 2) >= 0.95);
            CHECK(dice(back, heart.label, 1) >= 0.97);
        }
    }
}

TEST_CASE("a picture brought back is the source's within the canvas and 0 outside of it") {
    const auto heart = phantom::make({});
    const Pose pose = judge(heart.label, {});
    const auto c = to_canonical("x", heart.image, &heart.label, pose, {.spacing = lge::Mm{0.7}, .normalise = Normalise::none});
    const auto back = to_native(c.image, heart.image.grid, lge::itk::Interpolation::linear);
    double worst = 0, sum = 0;
    std::size_t n = 0;
    for (std::size_t j = 50; j < 78; ++j)
        for (std::size_t i = 50; i < 78; ++i) {
            const double d = std::abs(back(i, j, 4) - heart.image(i, j, 4));
            worst = std::max(worst, d);
            sum += d;
            ++n;
        }
    CHECK(sum / static_cast<double>(n) < 12);  // of 550 between blood and wall; edges are blurred twice
    CHECK(back(0, 0, 4) == 0);
}

TEST_CASE("a mask of another heart does not come back") {
    const auto heart = phantom::make({});
    const auto c = to_canonical("x", heart.image, &heart.label, judge(heart.label, {}), {});
    auto elsewhere = heart.label.grid;
    elsewhere.index_to_lps.set_column(3, {500, 500, 500});
    CHECK_THROWS_AS(to_native(*c.label, elsewhere), lge::Error);
    auto tilted = heart.label.grid;
    tilted.index_to_lps = {{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}};
    CHECK_THROWS_AS(to_native(*c.label, tilted), lge::Error);
}

TEST_CASE("the AHA map numbers the wall by level and by the angle from the true insertion, however the heart is stored") {
    phantom::Heart h;
    h.insertion = 75;
    h.tilt_x = h.tilt_y = 0;
    const auto heart = phantom::make(h);
    const auto first = aha_map(heart.label, judge(heart.label, {}), true);
    std::size_t wall = 0, wrong = 0;
    for (std::size_t k = 0; k < h.slices; ++k)
        for (std::size_t y = 0; y < h.size; ++y)
            for (std::size_t x = 0; x < h.size; ++x) {
                const double angle = std::atan2(h.centre_y - static_cast<double>(y), static_cast<double>(x) - h.centre_x) * 180 / std::numbers::pi;
                const auto level = k < 3 ? lge::anatomy::Level::basal : k < 6 ? lge::anatomy::Level::mid : lge::anatomy::Level::apical;
                const int segment = heart.label(x, y, k) == 2 ? lge::anatomy::segment_at(level, Degrees{angle - h.insertion}) : 0;
                wall += segment != 0;
                wrong += segment != first(x, y, k);
            }
    CHECK(static_cast<double>(wrong) < 0.02 * static_cast<double>(wall));  // pixels on the borders of sectors

    for (unsigned way = 1; way < 16; ++way) {
        CAPTURE(way);
        const auto other = stored(heart, way);
        const auto map = aha_map(other.label, judge(other.label, {}), true);
        const auto same = phantom::stored(first, way & 7U, way >= 8);
        std::size_t different = 0;
        for (std::size_t n = 0; n < map.voxels.size(); ++n) different += map.voxels[n] != same.voxels[n];
        CHECK(static_cast<double>(different) < 0.01 * static_cast<double>(wall));
    }
}

TEST_CASE("segment 17 is the solid wall beyond the cavity, and only where it is asked for") {
    auto heart = phantom::make({});
    for (auto& l : heart.label.slice(8).span()) l = l == 1 ? 2 : l;
    const Pose pose = judge(heart.label, {});
    const auto with = aha_map(heart.label, pose, true), without = aha_map(heart.label, pose, false);
    for (std::size_t n = 0; n < with.slice(8).size(); ++n) {
        CHECK((with.slice(8).pixels[n] == 17) == (heart.label.slice(8).pixels[n] == 2));
        CHECK(without.slice(8).pixels[n] == 0);
    }
    CHECK(std::equal(with.voxels.begin(), with.voxels.begin() + 8 * 128 * 128, without.voxels.begin()));
}

TEST_CASE("the transform leads from canonical mm to the source, in our record and in ITK's file") {
    phantom::Heart h;
    h.insertion = 210;
    const auto heart = phantom::make(h);
    const Pose pose = judge(heart.label, {});
    const auto t = canonical_to_source(pose);
    const auto grid = canonical_grid(pose, lge::Mm{1.25}, 128);
    const double step = lge::volume::length(pose.step);
    for (const Vec3 index : {Vec3{63.5, 63.5, 0}, Vec3{10, 20, 3}, Vec3{127, 0, 8}}) {
        const Vec3 a = t({(index[0] - 63.5) * 1.25, (index[1] - 63.5) * 1.25, index[2] * step}), b = grid.index_to_lps(index);
        for (std::size_t r = 0; r < 3; ++r) CHECK(a[r] == Approx(b[r]));
    }
    CHECK(t.determinant() == Approx(-1).margin(0.01));
    CHECK(write_transform("x", {{1, 0, 0, 4, 0, 1, 0, 5, 0, 0, 1, 6}}) == "{\"schema\":\"lge.transform/1\",\"id\":\"x\",\"matrix\":[[1,0,0,4],[0,1,0,5],[0,0,1,6],[0,0,0,1]]}\n");
    std::istringstream file(write_itk_transform(t));
    std::string line, word;
    std::getline(file, line);
    CHECK(line == "#Insight Transform File V1.0");
    while (word != "Parameters:") file >> word;
    std::array<double, 12> numbers{};
    for (double& n : numbers) file >> n;
    for (std::size_t r = 0; r < 3; ++r) {
        for (std::size_t c = 0; c < 3; ++c) CHECK(numbers[3 * r + c] == t.rows[4 * r + c]);
        CHECK(numbers[9 + r] == t.rows[4 * r + 3]);
    }
}
