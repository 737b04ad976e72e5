#pragma once
// Mask scores, their summaries and comparisons as JSON Lines, CSV and aligned tables.
#include "lge/metrics/mask_summary.hpp"
#include "lge/metrics/table.hpp"

#include <string>
#include <vector>

namespace lge::metrics {

/// How the two sides of a comparison met.
struct Coverage {
    std::size_t missing = 0;  ///< cases of the reference without a prediction
    std::size_t extra = 0;    ///< cases of the prediction without a reference
};

/// What was measured and how: the end of every record.
struct MaskContext {
    MaskSettings settings;
    Bootstrap bootstrap;
    Coverage coverage;
    std::string history;      ///< JSON for the first record; empty: none
};

/// lge.dice/1, lge.dice.summary/1 (its id is the label), lge.dice.compare/1: a line each.
std::string write_records(const std::vector<MaskScore>& scores, const MaskContext& context);
std::string write_records(const std::vector<MaskSummary>& summaries, const MaskContext& context);
std::string write_records(const std::vector<MaskComparison>& comparisons, const MaskContext& context);

/// Every figure, exactly; of summaries and comparisons a line a figure.
Table full_table(const std::vector<MaskScore>& scores);
Table full_table(const std::vector<MaskSummary>& summaries);
Table full_table(const std::vector<MaskComparison>& comparisons);
/// The figures most asked for, for people.
Table short_table(const std::vector<MaskScore>& scores);
Table short_table(const std::vector<MaskSummary>& summaries);
Table short_table(const std::vector<MaskComparison>& comparisons);

}  // namespace lge::metrics
