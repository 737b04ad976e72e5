#pragma once
// Mask scores and their summaries as JSON Lines, CSV and aligned tables.
#include "lge/metrics/masks.hpp"
#include "lge/metrics/table.hpp"

#include <string>
#include <vector>

namespace lge::metrics {

/// How the two sides of a comparison met.
struct Coverage {
    std::size_t missing = 0;  ///< cases of the reference without a prediction
    std::size_t extra = 0;    ///< cases of the prediction without a reference
};

/// lge.dice/1, a line with its newline.
std::string write_mask_score(const MaskScore& score, Mm surface_tolerance);
/// lge.dice.summary/1; its id is the label.
std::string write_mask_summary(const MaskSummary& summary, const Coverage& coverage, const Bootstrap& bootstrap, Mm surface_tolerance);

/// Every figure, exactly.
Table score_table(const std::vector<MaskScore>& scores);
/// Label, figure, n and the spread, a line a figure, exactly.
Table summary_table(const std::vector<MaskSummary>& summaries);
/// The figures most asked for, for people.
Table short_score_table(const std::vector<MaskScore>& scores);
Table short_summary_table(const std::vector<MaskSummary>& summaries);

}  // namespace lge::metrics
