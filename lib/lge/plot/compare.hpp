#pragma once
// Two runs side by side, from their records.
#include "lge/metrics/statistics.hpp"
#include "lge/plot/chart.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lge::plot {

/// Two files of the same kind:
///   lge.score/1: each figure of both with its interval; a part is named in the panel's title
///   lge.dice/1 of cases: for each label the `figure` of every case in both (by default dice), a line a case, and the means
///     with 95 % bootstrap intervals; infinite and missing values are left out and counted below
/// bad_data for other records, or where nothing is common.
std::vector<Panel> comparison_panels(const std::string& path_a, const std::string& path_b, const std::string& name_a, const std::string& name_b,
                                     const std::optional<std::string>& figure, const metrics::Bootstrap& bootstrap);

}  // namespace lge::plot
