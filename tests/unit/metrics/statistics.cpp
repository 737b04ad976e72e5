#include "lge/metrics/statistics.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

namespace metrics = lge::metrics;

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

TEST_CASE("the normal quantile turns the distribution back") {
    CHECK(metrics::normal_quantile(0.975) == Approx(1.959963984540054));
    CHECK(metrics::normal_quantile(0.5) == Approx(0).margin(1e-12));
    for (const double p : {1e-12, 1e-4, 0.01, 0.2, 0.49, 0.7, 0.999})
        CHECK(metrics::normal_cdf(metrics::normal_quantile(p)) == Approx(p).epsilon(1e-9));
    CHECK(std::isinf(metrics::normal_quantile(0)));
    CHECK(std::isinf(metrics::normal_quantile(1)));
}

TEST_CASE("the BCa interval is that of its definition, leans with a skewed sample and keeps to it under a change of scale") {
    std::vector<double> values;
    lge::Random r(4, 0, "skewed");
    for (int i = 0; i < 60; ++i) values.push_back(-std::log(1 - r.uniform()));
    std::vector<double> draws;
    const auto mean = [&](auto weights) {
        double sum = 0, n = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            sum += weights[i] * values[i];
            n += weights[i];
        }
        return sum / n;
    };
    const auto found = metrics::bca_intervals(values.size(), 2, {1, 3000}, "x", [&](auto weights, auto out) {
        out[0] = mean(weights);
        out[1] = std::exp(*out[0]);
        draws.push_back(*out[0]);
    });
    const auto plain = metrics::percentile_intervals(values.size(), 1, {1, 3000}, "x", [&](auto weights, auto out) { out[0] = mean(weights); });
    CHECK(*found[0].low > *plain[0].low);
    CHECK(*found[0].high > *plain[0].high);
    CHECK(*found[1].low == Approx(std::exp(*found[0].low)).epsilon(1e-3));

    // All items once, 3000 draws, then each item left out.
    REQUIRE(draws.size() == 1 + 3000 + values.size());
    const double value = draws[0];
    std::vector<double> drawn(draws.begin() + 1, draws.begin() + 3001), left(draws.begin() + 3001, draws.end());
    double below = 0, average = 0, squares = 0, cubes = 0;
    for (const double d : drawn) below += d < value;
    for (const double d : left) average += d / static_cast<double>(left.size());
    for (const double d : left) {
        squares += std::pow(average - d, 2);
        cubes += std::pow(average - d, 3);
    }
    const double z0 = metrics::normal_quantile(below / 3000), a = cubes / (6 * std::pow(squares, 1.5));
    std::sort(drawn.begin(), drawn.end());
    const auto bound = [&](double z) { return metrics::quantile(drawn, metrics::normal_cdf(z0 + (z0 + z) / (1 - a * (z0 + z)))); };
    CHECK(*found[0].low == Approx(bound(-1.959963984540054)));
    CHECK(*found[0].high == Approx(bound(1.959963984540054)));
}
