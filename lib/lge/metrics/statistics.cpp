#include "lge/metrics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace lge::metrics {

double quantile(std::span<const double> sorted, double q) {
    const double at = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double normal_cdf(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

double normal_quantile(double p) {
    if (p <= 0) return -std::numeric_limits<double>::infinity();
    if (p >= 1) return std::numeric_limits<double>::infinity();
    if (p > 0.5) return -normal_quantile(1 - p);
    // Abramowitz and Stegun 26.2.23 to 4.5e-4, then Newton's steps on the distribution.
    const double t = std::sqrt(-2 * std::log(p));
    double z = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
    for (int step = 0; step < 4; ++step) z -= (normal_cdf(z) - p) * std::sqrt(2 * std::numbers::pi) * std::exp(z * z / 2);
    return z;
}

namespace {

/// What the draws give for each statistic, sorted; empty where fewer than half of them are defined.
std::vector<std::vector<double>> draw(std::size_t n, std::size_t statistics, const Bootstrap& bootstrap, std::string_view purpose, const Statistic& statistic) {
    std::vector<std::vector<double>> drawn(statistics);
    std::vector<std::uint32_t> weights(n);
    std::vector<std::optional<double>> out(statistics);
    for (unsigned i = 0; i < bootstrap.resamples; ++i) {
        std::fill(weights.begin(), weights.end(), 0U);
        Random random(bootstrap.seed, i, purpose);
        for (std::size_t item = 0; item < n; ++item) ++weights[random.below(static_cast<std::uint32_t>(n))];
        std::fill(out.begin(), out.end(), std::nullopt);
        statistic(weights, out);
        for (std::size_t s = 0; s < statistics; ++s)
            if (out[s]) drawn[s].push_back(*out[s]);
    }
    for (auto& d : drawn) {
        if (2 * d.size() < bootstrap.resamples) d.clear();
        std::sort(d.begin(), d.end());
    }
    return drawn;
}

/// Efron's acceleration: the skewness of what leaving out each item gives.
std::vector<double> accelerations(std::size_t n, std::size_t statistics, const Statistic& statistic) {
    std::vector<std::vector<double>> left_out(statistics);
    std::vector<std::uint32_t> weights(n, 1);
    std::vector<std::optional<double>> out(statistics);
    for (std::size_t item = 0; item < n; ++item) {
        weights[item] = 0;
        std::fill(out.begin(), out.end(), std::nullopt);
        statistic(weights, out);
        weights[item] = 1;
        for (std::size_t s = 0; s < statistics; ++s)
            if (out[s]) left_out[s].push_back(*out[s]);
    }
    std::vector<double> all;
    for (const auto& values : left_out) {
        const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(std::max<std::size_t>(values.size(), 1));
        double squares = 0, cubes = 0;
        for (const double v : values) {
            squares += (mean - v) * (mean - v);
            cubes += (mean - v) * (mean - v) * (mean - v);
        }
        all.push_back(squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0);
    }
    return all;
}

}  // namespace

std::vector<Estimate> percentile_intervals(std::size_t n, std::size_t statistics, const Bootstrap& bootstrap, std::string_view purpose, const Statistic& statistic) {
    std::vector<Estimate> intervals(statistics);
    if (n == 0) return intervals;
    const auto drawn = draw(n, statistics, bootstrap, purpose, statistic);
    for (std::size_t s = 0; s < statistics; ++s) {
        if (drawn[s].empty()) continue;
        intervals[s].low = quantile(drawn[s], 0.025);
        intervals[s].high = quantile(drawn[s], 0.975);
    }
    return intervals;
}

std::vector<Estimate> bca_intervals(std::size_t n, std::size_t statistics, const Bootstrap& bootstrap, std::string_view purpose, const Statistic& statistic) {
    std::vector<Estimate> intervals(statistics);
    if (n == 0) return intervals;
    std::vector<std::optional<double>> value(statistics);
    statistic(std::vector<std::uint32_t>(n, 1), value);
    const auto drawn = draw(n, statistics, bootstrap, purpose, statistic);
    const auto acceleration = accelerations(n, statistics, statistic);
    for (std::size_t s = 0; s < statistics; ++s) {
        intervals[s].value = value[s];
        if (!value[s] || drawn[s].empty()) continue;
        const auto [from, to] = std::equal_range(drawn[s].begin(), drawn[s].end(), *value[s]);
        const double below = (static_cast<double>(from - drawn[s].begin()) + static_cast<double>(to - from) / 2) / static_cast<double>(drawn[s].size());
        const double bias = normal_quantile(below);
        const auto bound = [&](double q) {
            if (!std::isfinite(bias)) return quantile(drawn[s], q);
            const double z = bias + normal_quantile(q);
            return quantile(drawn[s], normal_cdf(bias + z / (1 - acceleration[s] * z)));
        };
        intervals[s].low = bound(0.025);
        intervals[s].high = bound(0.975);
    }
    return intervals;
}

Spread spread(std::span<const double> values, const Bootstrap& bootstrap, std::string_view purpose, std::span<const std::size_t> cluster) {
    Spread s;
    if (values.empty()) return s;
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    s.n = static_cast<std::size_t>(std::count_if(sorted.begin(), sorted.end(), [](double v) { return std::isfinite(v); }));
    s.infinite = sorted.size() - s.n;
    const std::size_t middle = sorted.size() / 2;
    const double median = sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    if (std::isfinite(median)) s.median = median;
    if (s.n == 0) return s;
    const double n = static_cast<double>(s.n);
    // Infinite values, which are positive, stand last.
    s.finite_mean = std::accumulate(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(s.n), 0.0) / n;
    if (s.infinite > 0) return s;
    s.mean = s.finite_mean;
    if (s.n < 2) return s;
    double squares = 0;
    for (const double v : values) squares += (v - *s.mean) * (v - *s.mean);
    s.sd = std::sqrt(squares / (n - 1));
    const std::size_t cases = cluster.empty() ? values.size() : *std::max_element(cluster.begin(), cluster.end()) + 1;
    std::vector<double> sum(cases), count(cases);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t c = cluster.empty() ? i : cluster[i];
        sum[c] += values[i];
        ++count[c];
    }
    const auto interval = percentile_intervals(cases, 1, bootstrap, purpose, [&](auto weights, auto out) {
        double total = 0, drawn = 0;
        for (std::size_t c = 0; c < cases; ++c) {
            total += weights[c] * sum[c];
            drawn += weights[c] * count[c];
        }
        if (drawn > 0) out[0] = total / drawn;
    });
    s.low = interval[0].low;
    s.high = interval[0].high;
    return s;
}

}  // namespace lge::metrics
