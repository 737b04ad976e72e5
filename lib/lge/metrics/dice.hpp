#pragma once
// All pairs of two sources of label maps, scored.
#include "lge/metrics/label_source.hpp"
#include "lge/metrics/mask_summary.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lge::metrics {

/// Sets asked for by "name=numbers" texts; without any, the defaults. usage for a text that is wrong or a name that comes twice.
std::vector<LabelSet> parse_label_sets(const std::vector<std::string>& texts);

struct DiceJob {
    std::vector<LabelSet> sets;
    bool any_number = false;         ///< label numbers that the suite does not know are taken
    By by = By::case_;
    MaskSettings settings;
    Mm grid_tolerance{0.01};
    Groups groups;
    unsigned threads = 0;
};

struct DiceScores {
    std::vector<MaskScore> scores;   ///< case by case, in the order of the reference
    std::vector<std::string> inputs; ///< SHA-256 of each file, in the order read, none twice
    std::map<std::string, std::size_t> problems;  ///< what headers of the reference say twice and differently, with the number of files
    std::size_t assumed = 0;         ///< cases whose segments rest on an assumed view
};
/// bad_data when grids differ, a voxel is no label, or a case's segments are not known.
DiceScores score_pairs(const DiceJob& job, const LabelSource& reference, const LabelSource& prediction, const Pairing& pairing);

/// Leaves out what no case has on either side, but for the first set: it says nothing where labels were not asked for.
void drop_absent(std::vector<MaskScore>& scores, const std::vector<LabelSet>& sets);

}  // namespace lge::metrics
