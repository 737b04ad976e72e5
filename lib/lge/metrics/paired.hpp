#pragma once
// Tests of paired differences and of counts.
#include "lge/metrics/statistics.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace lge::metrics {

/// Wilcoxon's signed-rank test of differences, two-sided: zeros are left out, ties share their mean rank. Up to 60
/// differences the distribution is counted out over all signs given the ranks, ties too; above, the normal
/// approximation with the correction for ties, without one for continuity (Hollander, Wolfe and Chicken, 2014, ch. 3.1).
struct SignedRank {
    std::size_t n = 0;               ///< differences other than 0
    double rank_sum = 0;             ///< of the positive differences
    std::optional<double> p;         ///< nothing when n is 0
    bool exact = false;
};
SignedRank signed_rank(std::span<const double> differences);

/// Two-sided exact McNemar test: of b + c discordant pairs, the probability of a split at least so uneven when both sides
/// are as likely. 1 without discordant pairs.
double mcnemar(std::uint64_t b, std::uint64_t c);

/// Two-sided p of a standard normal deviate.
double p_of_normal(double z);

/// One figure of two runs on the same cases: b - a.
struct Paired {
    std::size_t n = 0;               ///< pairs where both have a finite value
    std::size_t infinite = 0;        ///< pairs where one is infinite or both are
    std::optional<double> mean_a, mean_b;
    Estimate difference;             ///< mean of b - a, percentile bootstrap that draws whole cases
    SignedRank test;                 ///< over the means of the cases; one infinite value is the greatest difference, two are equal
};
/// `cluster`: the case of each pair, numbered from 0; empty: each pair is a case of its own.
Paired paired(std::span<const double> a, std::span<const double> b, std::span<const std::size_t> cluster, const Bootstrap& bootstrap, std::string_view purpose);

}  // namespace lge::metrics
