#include "lge/metrics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lge::metrics {

Estimate wilson(std::uint64_t k, std::uint64_t n) {
    if (n == 0) return {};
    const double z = 1.959963984540054;  // the 97.5 % quantile of the normal distribution
    const double total = static_cast<double>(n), p = static_cast<double>(k) / total;
    const double scale = 1 + z * z / total;
    const double centre = (p + z * z / (2 * total)) / scale;
    const double half = z / scale * std::sqrt(p * (1 - p) / total + z * z / (4 * total * total));
    // At the ends the interval closes exactly, which rounding would miss.
    return {p, k == 0 ? 0 : centre - half, k == n ? 1 : centre + half};
}

double quantile(std::span<const double> sorted, double q) {
    const double at = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::vector<Estimate> percentile_intervals(
    std::size_t n, std::size_t statistics, const Bootstrap& bootstrap, std::string_view purpose,
    const std::function<void(std::span<const std::uint32_t>, std::span<std::optional<double>>)>& statistic) {
    std::vector<Estimate> intervals(statistics);
    if (n == 0) return intervals;
    std::vector<std::vector<double>> drawn(statistics);
    std::vector<std::uint32_t> weights(n);
    std::vector<std::optional<double>> out(statistics);
    for (unsigned draw = 0; draw < bootstrap.resamples; ++draw) {
        std::fill(weights.begin(), weights.end(), 0U);
        Random random(bootstrap.seed, draw, purpose);
        for (std::size_t i = 0; i < n; ++i) ++weights[random.below(static_cast<std::uint32_t>(n))];
        std::fill(out.begin(), out.end(), std::nullopt);
        statistic(weights, out);
        for (std::size_t s = 0; s < statistics; ++s)
            if (out[s]) drawn[s].push_back(*out[s]);
    }
    for (std::size_t s = 0; s < statistics; ++s) {
        if (drawn[s].empty() || 2 * drawn[s].size() < bootstrap.resamples) continue;
        std::sort(drawn[s].begin(), drawn[s].end());
        intervals[s].low = quantile(drawn[s], 0.025);
        intervals[s].high = quantile(drawn[s], 0.975);
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
