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

Spread spread(std::span<const double> values, const Bootstrap& bootstrap, std::string_view purpose) {
    Spread s;
    s.n = values.size();
    if (values.empty()) return s;
    const double n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    s.mean = mean;
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    s.median = quantile(sorted, 0.5);
    if (values.size() < 2) return s;
    double squares = 0;
    for (const double v : values) squares += (v - mean) * (v - mean);
    s.sd = std::sqrt(squares / (n - 1));
    const auto interval = percentile_intervals(values.size(), 1, bootstrap, purpose, [&](auto weights, auto out) {
        double sum = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * values[i];
        out[0] = sum / n;
    });
    s.low = interval[0].low;
    s.high = interval[0].high;
    return s;
}

}  // namespace lge::metrics
