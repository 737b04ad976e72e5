#include "lge/base/estimate.hpp"

#include <catch2/catch.hpp>

TEST_CASE("Wilson's interval has its known values") {
    // Newcombe, Stat Med 1998;17:857-872, table I, method 3.
    const auto check = [](std::uint64_t k, std::uint64_t n, double low, double high) {
        const auto w = lge::wilson(k, n);
        CHECK(*w.low == Approx(low).margin(5e-5));
        CHECK(*w.high == Approx(high).margin(5e-5));
    };
    check(81, 263, 0.2553, 0.3662);
    check(15, 148, 0.0624, 0.1605);
    check(0, 20, 0, 0.1611);
    check(1, 29, 0.0061, 0.1718);
    const auto all = lge::wilson(7, 7);
    CHECK(*all.high == 1);
    CHECK(*all.low == Approx(7 / (7 + 1.959963984540054 * 1.959963984540054)));
    CHECK(*lge::wilson(0, 70).low == 0);
    CHECK_FALSE(lge::wilson(0, 0).value);
}
