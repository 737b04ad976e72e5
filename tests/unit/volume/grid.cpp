#include "lge/base/error.hpp"
#include "lge/volume/grid.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace lge::volume;

TEST_CASE("an affine times its inverse is the identity") {
    const Affine a{{0, -1.5, 0.1, 10, 2, 0.2, 0, -20, 0.3, 0, 8, 30}};
    const Affine i = a * a.inverse();
    for (int c = 0; c < 4; ++c)
        for (std::size_t r = 0; r < 3; ++r) CHECK(i.rows[4 * r + static_cast<std::size_t>(c)] == Approx(r == static_cast<std::size_t>(c) ? 1 : 0).margin(1e-12));
}

TEST_CASE("a singular affine has no inverse") { CHECK_THROWS_AS(Affine({{1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0}}).inverse(), lge::Error); }

TEST_CASE("a crop keeps voxels where they lie in the patient and fills what lies outside") {
    Volume<int> v(Grid{{3, 2, 1}, Affine{{2, 0, 0, 5, 0, 2, 0, 6, 0, 0, 9, 7}}});
    for (std::size_t n = 0; n < 6; ++n) v.voxels[n] = static_cast<int>(n) + 1;
    const auto c = crop(v, {1, -1, 0}, {3, 3, 1}, 0);
    CHECK(c(0, 1, 0) == v(1, 0, 0));
    CHECK(c(1, 2, 0) == v(2, 1, 0));
    CHECK(c(0, 0, 0) == 0);
    CHECK(c(2, 1, 0) == 0);
    CHECK(c.grid.index_to_lps({0, 1, 0}) == v.grid.index_to_lps({1, 0, 0}));
}

TEST_CASE("the difference of grids names what differs") {
    const Grid a{{4, 4, 2}, Affine{{1.5, 0, 0, 0, 0, 1.5, 0, 0, 0, 0, 8, 0}}};
    CHECK_FALSE(difference(a, a, lge::Mm{1e-3}));
    Grid b = a;
    b.index_to_lps.rows[0] = 1.4;
    CHECK(difference(b, a, lge::Mm{1e-3}) == "spacing 1.4 mm along axis 0, wanted 1.5 mm");
    b = a;
    b.index_to_lps.rows[3] = std::numeric_limits<double>::quiet_NaN();
    CHECK(difference(b, a, lge::Mm{1e-3}));
    b = a;
    b.shape[2] = 3;
    CHECK(difference(b, a, lge::Mm{1e-3}) == "size 4x4x3, wanted 4x4x2");
}

TEST_CASE("faults of an affine are told apart") {
    CHECK(check(Affine{}) == AffineFault::none);
    CHECK(check(Affine{{1, 0.2, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}}) == AffineFault::sheared);
    CHECK(check(Affine{{1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0}}) == AffineFault::singular);
    CHECK(check(Affine{{1, 0, 0, 0, 0, std::numeric_limits<double>::quiet_NaN(), 0, 0, 0, 0, 1, 0}}) == AffineFault::not_finite);
}
