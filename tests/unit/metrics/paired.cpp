#include "lge/base/random.hpp"
#include "lge/metrics/mask_summary.hpp"
#include "lge/metrics/paired.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

namespace metrics = lge::metrics;

namespace {

/// Two-sided p of the signed ranks by going through all signs.
double by_signs(const std::vector<double>& differences) {
    std::vector<double> d;
    for (const double x : differences)
        if (x != 0) d.push_back(x);
    std::vector<double> rank(d.size());
    for (std::size_t i = 0; i < d.size(); ++i) {
        double below = 0, equal = 0;
        for (const double other : d) {
            below += std::abs(other) < std::abs(d[i]);
            equal += std::abs(other) == std::abs(d[i]);
        }
        rank[i] = below + (equal + 1) / 2;
    }
    double total = 0, seen = 0;
    for (std::size_t i = 0; i < d.size(); ++i) {
        total += rank[i];
        seen += d[i] > 0 ? rank[i] : 0;
    }
    const double far = std::abs(seen - total / 2);
    double extreme = 0;
    for (std::size_t signs = 0; signs < std::size_t{1} << d.size(); ++signs) {
        double sum = 0;
        for (std::size_t i = 0; i < d.size(); ++i) sum += (signs >> i & 1U) != 0 ? rank[i] : 0;
        extreme += std::abs(sum - total / 2) >= far - 1e-9;
    }
    return extreme / std::pow(2.0, static_cast<double>(d.size()));
}

}  // namespace

TEST_CASE("the signed-rank test equals going through all signs, ties and zeros too") {
    for (std::uint64_t trial = 0; trial < 40; ++trial) {
        lge::Random r(31, trial, "signs");
        std::vector<double> d(3 + trial % 9);
        for (auto& x : d) x = trial % 2 ? static_cast<double>(r.below(7)) - 2 : r.normal(0.5, 1);
        d[0] = 1;
        const auto found = metrics::signed_rank(d);
        REQUIRE(found.exact);
        CHECK(*found.p == Approx(by_signs(d)));
    }
}

TEST_CASE("the signed-rank test has its known value, and nothing to say without differences") {
    // Hollander and Wolfe's depression data: T+ = 5 of n = 9, P = 0.0391 two-sided (as R's wilcox.test gives).
    const std::vector<double> before{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30}, after{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
    std::vector<double> d;
    for (std::size_t i = 0; i < before.size(); ++i) d.push_back(after[i] - before[i]);
    CHECK(metrics::signed_rank(d).rank_sum == 5);
    CHECK(*metrics::signed_rank(d).p == Approx(0.0390625));
    CHECK_FALSE(metrics::signed_rank(std::vector<double>{0, 0}).p);
}

TEST_CASE("for many differences the normal approximation is near the count over all signs") {
    lge::Random r(32, 0, "normal");
    std::vector<double> d(60);
    for (auto& x : d) x = r.normal(0.25, 1);
    const auto exact = metrics::signed_rank(d);
    REQUIRE(exact.exact);
    // Drawn so that the rank sum is unchanged: a further pair of the least differences of either sign.
    d.push_back(1e-9);
    const auto normal = metrics::signed_rank(d);
    REQUIRE_FALSE(normal.exact);
    CHECK(*normal.p == Approx(*exact.p).epsilon(0.1));
}

TEST_CASE("McNemar's test is the exact binomial one") {
    CHECK(metrics::mcnemar(0, 0) == 1);
    CHECK(metrics::mcnemar(5, 5) == 1);
    CHECK(metrics::mcnemar(0, 5) == Approx(0.0625));
    CHECK(metrics::mcnemar(1, 9) == Approx(2 * 11.0 / 1024));
    CHECK(metrics::mcnemar(9, 1) == metrics::mcnemar(1, 9));
    CHECK(metrics::mcnemar(400, 600) == Approx(2.728e-10).epsilon(0.01));
}

TEST_CASE("paired differences of cases, with infinite values counted and ranked but not averaged") {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const std::vector<double> a{1, 2, 3, infinity, 5, infinity}, b{2, 4, 5, 1, infinity, infinity};
    const auto p = metrics::paired(a, b, {}, {1, 500}, "x");
    CHECK(p.n == 3);
    CHECK(p.infinite == 3);
    CHECK(*p.mean_a == 2);
    CHECK(*p.difference.value == Approx(5.0 / 3));
    CHECK(p.test.n == 5);  // the last pair does not differ
    CHECK(p.test.rank_sum == Approx(1 + 2.5 + 2.5 + 4.5));
    CHECK(*p.difference.low >= 1);
    CHECK(*p.difference.high <= 2);
    const std::vector<std::size_t> one_case(6, 0);
    CHECK_FALSE(metrics::paired(a, b, one_case, {1, 500}, "x").difference.low);
}

TEST_CASE("two sets of predictions are compared on the cases and labels that both have") {
    const auto score = [](const char* id, const char* label, std::uint64_t both) {
        metrics::MaskScore s;
        s.id = id;
        s.label = label;
        s.overlap = {both, 10, 10};
        return s;
    };
    const std::vector<metrics::MaskScore> a{score("x", "scar", 5), score("y", "scar", 5), score("z", "scar", 1)};
    const std::vector<metrics::MaskScore> b{score("y", "scar", 9), score("x", "scar", 7), score("w", "scar", 1), score("z", "lv", 1)};
    const auto found = metrics::compare_sets(a, b, {1, 200});
    REQUIRE(found.size() == 1);
    CHECK(found[0].n == 2);
    REQUIRE(found[0].figures.front().name == "dice");
    CHECK(*found[0].figures.front().paired.difference.value == Approx(0.3));
    CHECK(*found[0].figures.front().paired.test.p == Approx(0.5));
}
