#pragma once
#include "lge/base/estimate.hpp"
#include "lge/base/random.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace lge::metrics {

/// How bootstrap intervals are drawn.
struct Bootstrap {
    std::uint64_t seed = 1;
    unsigned resamples = 2000;
};

/// The quantile q of a sorted sample, interpolated linearly between order statistics (type 7 of Hyndman and Fan).
double quantile(std::span<const double> sorted, double q);

/// The normal distribution and its inverse; the inverse is infinite at 0 and 1.
double normal_cdf(double z);
double normal_quantile(double p);

/// Gives its figures for items that count `weights` times each, and nothing where one is not defined.
using Statistic = std::function<void(std::span<const std::uint32_t> weights, std::span<std::optional<double>> out)>;

/// The 2.5 % and 97.5 % quantiles of what `statistic` gives for `resamples` draws of n items with replacement. With
/// fewer than half of the draws defined there is no interval. Draw i depends on (seed, i, purpose) alone.
/// Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13.
std::vector<Estimate> percentile_intervals(std::size_t n, std::size_t statistics, const Bootstrap& bootstrap, std::string_view purpose, const Statistic& statistic);

/// The same draws with the bias-corrected and accelerated interval (same book, ch. 14.3; ties with the value count one
/// half in the bias). `value` is that of all items, each once; the acceleration comes from leaving out each item in turn. Where all
/// draws lie on one side of the value the correction is not defined, and the percentiles stand.
std::vector<Estimate> bca_intervals(std::size_t n, std::size_t statistics, const Bootstrap& bootstrap, std::string_view purpose, const Statistic& statistic);

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
