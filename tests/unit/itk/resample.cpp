#include "lge/base/random.hpp"
#include "lge/itk/resample.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

using lge::itk::Interpolation;
using namespace lge::volume;

namespace {

Volume<float> noise(std::uint64_t seed) {
    Volume<float> v(Grid{{17, 13, 4}, Affine{{1.2, 0.1, 0, 3, -0.12, 1.0, 0, -5, 0, 0, 8, 2}}});
    lge::Random random(seed, 0, "resample");
    for (auto& x : v.voxels) x = static_cast<float>(random.normal(100, 20));
    return v;
}

/// The grid of `v` shifted and turned within its slices.
Grid turned(const Grid& g, double degrees, double shift) {
    const double c = std::cos(degrees * 3.14159265358979 / 180), s = std::sin(degrees * 3.14159265358979 / 180);
    Affine in_plane{{0.8 * c, -0.8 * s, 0, shift, 0.8 * s, 0.8 * c, 0, 2, 0, 0, 1, 0}};
    return {{20, 18, g.shape[2]}, g.index_to_lps * in_plane};
}
const std::vector<std::size_t> in_order{0, 1, 2, 3};

}  // namespace

TEST_CASE("within slices the own linear resampler equals ITK's") {
    const auto v = noise(1);
    for (const double degrees : {0.0, 33.0, 200.0}) {
        const Grid onto = turned(v.grid, degrees, degrees > 100 ? 14 : 3);
        const auto ours = lge::itk::resample_slices(v, onto, in_order, Interpolation::linear, -1);
        const auto itks = lge::itk::resample(v, onto, Interpolation::linear, -1);
        for (std::size_t n = 0; n < ours.voxels.size(); ++n) CHECK(ours.voxels[n] == Approx(itks.voxels[n]).margin(1e-3));
    }
}

TEST_CASE("resampling onto the same grid changes nothing, and slices come in the order asked for") {
    const auto v = noise(2);
    for (const auto how : {Interpolation::linear, Interpolation::bspline}) {
        const auto same = lge::itk::resample_slices(v, v.grid, in_order, how, -1);
        const auto whole = lge::itk::resample(v, v.grid, how, -1);
        for (std::size_t n = 0; n < v.voxels.size(); ++n) {
            CHECK(same.voxels[n] == Approx(v.voxels[n]).margin(1e-3));
            CHECK(whole.voxels[n] == Approx(v.voxels[n]).margin(2e-2));
        }
    }
    const std::vector<std::size_t> backwards{3, 2, 1, 0};
    const auto turned_round = lge::itk::resample_slices(v, v.grid, backwards, Interpolation::linear, -1);
    CHECK(turned_round(5, 6, 0) == v(5, 6, 3));
}

TEST_CASE("a cubic B-spline reproduces a smooth wave better than straight lines") {
    Volume<float> v(Grid{{32, 32, 1}, {}});
    const auto wave = [](double x, double y) { return std::sin(x * 0.7) * std::cos(y * 0.5); };
    for (std::size_t j = 0; j < 32; ++j)
        for (std::size_t i = 0; i < 32; ++i) v(i, j, 0) = static_cast<float>(wave(static_cast<double>(i), static_cast<double>(j)));
    const Grid onto{{20, 20, 1}, Affine{{0.9, 0, 0, 6.3, 0, 0.9, 0, 6.4, 0, 0, 1, 0}}};
    const auto error = [&](Interpolation how) {
        const auto out = lge::itk::resample_slices(v, onto, std::vector<std::size_t>{0}, how, 0);
        double worst = 0;
        for (std::size_t j = 0; j < 20; ++j)
            for (std::size_t i = 0; i < 20; ++i)
                worst = std::max(worst, std::abs(out(i, j, 0) - wave(6.3 + 0.9 * static_cast<double>(i), 6.4 + 0.9 * static_cast<double>(j))));
        return worst;
    };
    CHECK(error(Interpolation::bspline) < 0.1 * error(Interpolation::linear));
}

TEST_CASE("labels never blend into others") {
    Volume<std::uint8_t> v(Grid{{12, 12, 2}, {}}, 0);
    for (std::size_t k = 0; k < 2; ++k)
        for (std::size_t j = 0; j < 12; ++j)
            for (std::size_t i = 0; i < 12; ++i) v(i, j, k) = i < 6 ? 1 : 5;
    const Grid onto{{30, 30, 2}, Affine{{0.37, 0.05, 0, 0.2, -0.05, 0.37, 0, 1.1, 0, 0, 1, 0}}};
    for (const auto& out : {lge::itk::resample_labels(v, onto), lge::itk::resample_label_slices(v, onto, std::vector<std::size_t>{0, 1})}) {
        const std::set<int> found(out.voxels.begin(), out.voxels.end());
        CHECK(found == std::set<int>{0, 1, 5});
        for (std::size_t j = 0; j < 30; ++j)
            for (std::size_t i = 0; i < 30; ++i) {
                const double x = 0.37 * static_cast<double>(i) + 0.05 * static_cast<double>(j) + 0.2, y = -0.05 * static_cast<double>(i) + 0.37 * static_cast<double>(j) + 1.1;
                if (x > -0.4 && x < 11.4 && y > -0.4 && y < 11.4 && std::abs(x - 5.5) > 0.01) CHECK(out(i, j, 0) == (x < 5.5 ? 1 : 5));
            }
    }
}

TEST_CASE("the strongest of three labels wins where none has half") {
    Volume<std::uint8_t> v(Grid{{2, 2, 1}, {}}, 0);
    v(0, 0, 0) = 1;
    v(1, 0, 0) = 2;
    v(0, 1, 0) = 3;
    v(1, 1, 0) = 3;
    const Grid onto{{1, 1, 1}, Affine{{1, 0, 0, 0.5, 0, 1, 0, 0.45, 0, 0, 1, 0}}};
    CHECK(lge::itk::resample_labels(v, onto).voxels[0] == 3);  // 0.275, 0.275 and 0.45
}

TEST_CASE("a slice of the result that comes from none lies outside, and pixels at the border count half a pixel beyond it") {
    Volume<float> v(Grid{{3, 2, 2}, {}});
    for (std::size_t n = 0; n < v.voxels.size(); ++n) v.voxels[n] = static_cast<float>(n);
    const Grid onto{{4, 3, 3}, Affine{{1, 0, 0, -0.5, 0, 1, 0, -0.5, 0, 0, 1, 0}}};
    const auto out = lge::itk::resample_slices(v, onto, std::vector<std::size_t>{1, lge::itk::no_slice, 0}, Interpolation::linear, -9);
    // By hand: rows 6 7 8 and 9 10 11 of slice 1; half a pixel up and left of the first, the ends count themselves.
    const std::array<float, 12> wanted{6, 6.5, 7.5, -9, 7.5, 8, 9, -9, -9, -9, -9, -9};
    for (std::size_t n = 0; n < 12; ++n) CHECK(out.voxels[n] == wanted.at(n));
    for (std::size_t n = 12; n < 24; ++n) CHECK(out.voxels[n] == -9);
    CHECK(out(0, 0, 2) == 0);
}
