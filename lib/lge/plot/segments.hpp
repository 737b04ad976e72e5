#pragma once
#include "lge/plot/bullseye.hpp"

#include <optional>
#include <string>

namespace lge::plot {

/// What of a file is shown.
struct SegmentChoice {
    std::optional<std::string> figure;   ///< a figure of lge.dice/1 or lge.score/1; by default dice and balanced_accuracy
    bool each = false;                   ///< one target a case, not the mean over cases
    std::size_t most = 6;                ///< cases, with `each`
    bool ids = false;                    ///< head them with ids, not with numbers
};

/// Targets from a file, told by content:
///   lge.dice/1 or its summary, by segment: a figure for each label (and group)
///   lge.score/1 by segment: a figure
///   lge.finding/1, or lge.detection/1 of cases that name segments: the share of cases in which a segment is enhanced, %
///   a cohort with labels: scar as % of the segment's wall, the mean over cases
/// bad_data where there is nothing to show of segments; usage for a figure that is not there.
Bullseyes read_bullseyes(const std::string& path, const SegmentChoice& choice);

/// The words of a figure with its unit: "hd95_mm" becomes "hd95, mm".
std::string words_of(std::string_view figure);

}  // namespace lge::plot
