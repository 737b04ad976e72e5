#pragma once
#include "lge/base/random.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace lge::metrics {

/// A figure with the bounds of its 95 % interval; each is missing where it cannot be computed.
struct Estimate {
    std::optional<double> value, low, high;
};

/// How bootstrap intervals are drawn.
struct Bootstrap {
    std::uint64_t seed = 1;
    unsigned resamples = 2000;
};

/// Score interval of a proportion k of n at 95 % (Wilson, JASA 1927;22:209-212). Nothing inside when n is 0.
Estimate wilson(std::uint64_t k, std::uint64_t n);

/// The quantile q of a sorted sample, interpolated linearly between order statistics (type 7 of Hyndman and Fan).
double quantile(std::span<const double> sorted, double q);

/// The 2.5 % and 97.5 % quantiles of what `statistic` gives for `resamples` draws of n items with replacement.
/// `statistic` is handed how often each item was drawn, and gives nothing where it is not defined for the draw; with
/// fewer than half of the draws defined there is no interval. Draw i depends on (seed, i, purpose) alone.
/// Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13.
std::vector<Estimate> percentile_intervals(
    std::size_t n, std::size_t statistics, const Bootstrap& bootstrap, std::string_view purpose,
    const std::function<void(std::span<const std::uint32_t> weights, std::span<std::optional<double>> out)>& statistic);

/// Of the values that exist. Infinite values are counted, never dropped: with one of them mean, sd and interval are missing,
/// while the median takes them as greater than any number. sd with n - 1, missing for one value; low and high of the mean by bootstrap.
struct Spread {
    std::size_t n = 0;         ///< finite values
    std::size_t infinite = 0;
    std::optional<double> mean, sd, median, low, high;
    std::optional<double> finite_mean;
};
/// `cluster`: the case of each value, numbered from 0: whole cases are drawn. Empty: each value is a case of its own.
Spread spread(std::span<const double> values, const Bootstrap& bootstrap, std::string_view purpose, std::span<const std::size_t> cluster = {});

}  // namespace lge::metrics
