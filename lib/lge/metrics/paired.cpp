#include "lge/metrics/paired.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

namespace lge::metrics {
namespace {

constexpr std::size_t most_counted_out = 60;

/// The share of sign patterns whose positive ranks sum to at most `low`, or at least to the mirror of it. Ranks are doubled,
/// so that mean ranks are whole numbers.
double count_out(const std::vector<std::size_t>& doubled, std::size_t low) {
    const std::size_t total = std::accumulate(doubled.begin(), doubled.end(), std::size_t{0});
    std::vector<double> ways(total + 1, 0);  // as a share of all patterns
    ways[0] = 1;
    for (const std::size_t rank : doubled)
        for (std::size_t sum = total + 1; sum-- > 0;) ways[sum] = (ways[sum] + (sum >= rank ? ways[sum - rank] : 0)) / 2;
    const double tail = std::accumulate(ways.begin(), ways.begin() + static_cast<std::ptrdiff_t>(low) + 1, 0.0);
    return std::min(1.0, 2 * tail);
}

}  // namespace

double p_of_normal(double z) { return std::erfc(std::abs(z) / std::numbers::sqrt2); }

SignedRank signed_rank(std::span<const double> differences) {
    std::vector<double> d;
    std::copy_if(differences.begin(), differences.end(), std::back_inserter(d), [](double x) { return x != 0; });
    SignedRank result;
    result.n = d.size();
    if (d.empty()) return result;
    std::sort(d.begin(), d.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    std::vector<std::size_t> doubled(d.size());
    double ties = 0;
    std::size_t positive = 0;
    for (std::size_t first = 0; first < d.size();) {
        std::size_t end = first + 1;
        while (end < d.size() && std::abs(d[end]) == std::abs(d[first])) ++end;
        const double t = static_cast<double>(end - first);
        ties += t * t * t - t;
        for (std::size_t i = first; i < end; ++i) {
            doubled[i] = (first + 1) + end;  // the first rank and the last
            if (d[i] > 0) positive += doubled[i];
        }
        first = end;
    }
    result.rank_sum = static_cast<double>(positive) / 2;
    const double n = static_cast<double>(d.size());
    if (d.size() <= most_counted_out) {
        result.exact = true;
        result.p = count_out(doubled, std::min(positive, d.size() * (d.size() + 1) - positive));
        return result;
    }
    const double mean = n * (n + 1) / 4, variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48;
    result.p = p_of_normal((result.rank_sum - mean) / std::sqrt(variance));
    return result;
}

double mcnemar(std::uint64_t b, std::uint64_t c) {
    const std::uint64_t n = b + c, least = std::min(b, c);
    if (b == c) return 1;
    // Sum of binomial(n, k) / 2^n for k <= least, by logarithms so that nothing overflows.
    double tail = 0;
    for (std::uint64_t k = 0; k <= least; ++k) {
        const double kk = static_cast<double>(k), nn = static_cast<double>(n);
        tail += std::exp(std::lgamma(nn + 1) - std::lgamma(kk + 1) - std::lgamma(nn - kk + 1) - nn * std::numbers::ln2);
    }
    return std::min(1.0, 2 * tail);
}

Paired paired(std::span<const double> a, std::span<const double> b, std::span<const std::size_t> cluster, const Bootstrap& bootstrap, std::string_view purpose) {
    std::size_t clusters = 0;
    for (std::size_t i = 0; i < a.size(); ++i) clusters = std::max(clusters, (cluster.empty() ? i : cluster[i]) + 1);
    std::vector<double> sum(clusters), count(clusters);
    Paired result;
    double sum_a = 0, sum_b = 0;
    std::vector<double> ranked_sum(clusters), ranked_count(clusters);
    for (std::size_t i = 0; i < a.size(); ++i) {
        const std::size_t c = cluster.empty() ? i : cluster[i];
        ranked_sum[c] += a[i] == b[i] ? 0 : b[i] - a[i];  // two infinite values are equal, one is the greatest difference
        ++ranked_count[c];
        if (!std::isfinite(a[i]) || !std::isfinite(b[i])) {
            ++result.infinite;
            continue;
        }
        sum[c] += b[i] - a[i];
        ++count[c];
        ++result.n;
        sum_a += a[i];
        sum_b += b[i];
    }
    std::vector<double> means;
    for (std::size_t c = 0; c < clusters; ++c)
        if (ranked_count[c] > 0 && !std::isnan(ranked_sum[c])) means.push_back(ranked_sum[c] / ranked_count[c]);
    result.test = signed_rank(means);
    if (result.n == 0) return result;
    const double n = static_cast<double>(result.n);
    result.mean_a = sum_a / n;
    result.mean_b = sum_b / n;
    result.difference.value = std::accumulate(sum.begin(), sum.end(), 0.0) / n;
    std::vector<std::size_t> used;
    for (std::size_t c = 0; c < clusters; ++c)
        if (count[c] > 0) used.push_back(c);
    if (used.size() < 2) return result;
    const auto interval = percentile_intervals(used.size(), 1, bootstrap, purpose, [&](auto weights, auto out) {
        double total = 0, drawn = 0;
        for (std::size_t u = 0; u < used.size(); ++u) {
            total += weights[u] * sum[used[u]];
            drawn += weights[u] * count[used[u]];
        }
        out[0] = total / drawn;
    });
    result.difference.low = interval[0].low;
    result.difference.high = interval[0].high;
    return result;
}

}  // namespace lge::metrics
