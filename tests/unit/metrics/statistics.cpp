#include "lge/metrics/statistics.hpp"

#include <catch2/catch.hpp>

#include <cmath>

namespace metrics = lge::metrics;

TEST_CASE("Wilson's interval has its known values") {
    // Newcombe, Stat Med 1998;17:857-872, table I, method 3.
    const auto check = [](std::uint64_t k, std::uint64_t n, double low, double high) {
        const auto w = metrics::wilson(k, n);
        CHECK(*w.low == Approx(low).margin(5e-5));
        CHECK(*w.high == Approx(high).margin(5e-5));
    };
    check(81, 263, 0.2553, 0.3662);
    check(15, 148, 0.0624, 0.1605);
    check(0, 20, 0, 0.1611);
    check(1, 29, 0.0061, 0.1718);
    const auto all = metrics::wilson(7, 7);
    CHECK(*all.high == 1);
    CHECK(*all.low == Approx(7 / (7 + 1.959963984540054 * 1.959963984540054)));
    CHECK_FALSE(metrics::wilson(0, 0).value);
}

TEST_CASE("quantiles interpolate between order statistics") {
    const std::vector<double> v{1, 2, 4, 8};
    CHECK(metrics::quantile(v, 0) == 1);
    CHECK(metrics::quantile(v, 1) == 8);
    CHECK(metrics::quantile(v, 0.5) == 3);
    CHECK(metrics::quantile(v, 0.25) == Approx(1.75));
    CHECK(metrics::quantile(std::vector<double>{5}, 0.95) == 5);
}

TEST_CASE("the bootstrap interval of a mean is near the normal one, and the same for the same seed") {
    std::vector<double> values;
    lge::Random r(3, 0, "values");
    for (int i = 0; i < 400; ++i) values.push_back(r.normal(10, 2));
    const auto s = metrics::spread(values, {1, 4000}, "x");
    const double half = 1.96 * *s.sd / std::sqrt(400.0);
    CHECK(*s.low == Approx(*s.mean - half).margin(0.15 * half));
    CHECK(*s.high == Approx(*s.mean + half).margin(0.15 * half));
    CHECK(*metrics::spread(values, {1, 4000}, "x").low == *s.low);
    CHECK(*metrics::spread(values, {2, 4000}, "x").low != *s.low);
}

TEST_CASE("a spread of few values has only what it can have") {
    const std::vector<double> one{4}, three{1, 2, 6};
    CHECK_FALSE(metrics::spread({}, {}, "x").mean);
    const auto s = metrics::spread(one, {}, "x");
    CHECK(s.mean == 4);
    CHECK(s.median == 4);
    CHECK_FALSE(s.sd);
    CHECK_FALSE(s.low);
    const auto t = metrics::spread(three, {}, "x");
    CHECK(t.mean == 3);
    CHECK(t.median == 2);
    CHECK(*t.sd == Approx(std::sqrt(7.0)));
}

TEST_CASE("a statistic that most draws do not define has no interval") {
    const auto none = metrics::percentile_intervals(10, 2, {1, 200}, "x", [](auto weights, auto out) {
        if (weights[0] > 2) out[0] = 1;
        out[1] = 0.5;
    });
    CHECK_FALSE(none[0].low);
    CHECK(*none[1].low == 0.5);
}
