#pragma once
// Detection scores and comparisons as JSON Lines, CSV and aligned tables.
#include "lge/metrics/detection.hpp"
#include "lge/metrics/table.hpp"

#include <string>
#include <vector>

namespace lge::metrics {

/// Where the calls come from.
enum class CallsFrom : std::uint8_t { records, option, tuning, test };
/// In the words of a record: "the detection records", "the option", "other cases", "the scored cases themselves".
std::string_view word(CallsFrom from);

/// What else stands in a record.
struct ScoreContext {
    std::string id;
    Unit unit = Unit::case_;
    std::optional<double> threshold;
    CallsFrom calls_from = CallsFrom::records;
    Bootstrap bootstrap;
    std::string history;    ///< JSON for the first record; empty: none
};

/// One score, of the whole or of a part.
struct Scored {
    Part part;
    std::size_t left_out = 0;
    std::vector<Key> missing, extra;
    DetectionScore score;
};
/// One comparison of two runs.
struct Compared {
    Part part;
    DetectionComparison comparison;
};

/// Each part by itself; of two runs, the parts that both have.
std::vector<Scored> score_parts(std::vector<Joined> parts, Unit unit, const Bootstrap& bootstrap);
std::vector<Compared> compare_parts(const std::vector<Joined>& a, const std::vector<Joined>& b, Unit unit, const Bootstrap& bootstrap);

/// lge.score/1, lge.score.compare/1: a line each.
std::string write_records(const std::vector<Scored>& scores, const ScoreContext& context);
std::string write_records(const std::vector<Compared>& comparisons, const ScoreContext& context);

/// A line a figure; `exactly` with all digits, else for people.
Table figure_table(const std::vector<Scored>& scores, bool exactly);
Table figure_table(const std::vector<Compared>& comparisons, bool exactly);

}  // namespace lge::metrics
