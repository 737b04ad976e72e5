#pragma once
// ROC, precision-recall and calibration curves of detections, and the curves of training runs.
#include "lge/metrics/answers.hpp"
#include "lge/metrics/statistics.hpp"
#include "lge/plot/chart.hpp"

#include <string>
#include <vector>

namespace lge::plot {

/// Detections joined with their truth.
struct Run {
    std::string name;  ///< for messages
    std::vector<metrics::Judged> items;
};
/// One run for each file of detections. bad_data for one that has nothing in common with the truth.
std::vector<Run> read_runs(const std::string& truth, const std::vector<std::string>& detections, metrics::Unit unit);

/// Three panels: ROC with its area and DeLong's interval, precision against recall with its average, and calibration in ten bins of equal
/// width with Wilson's intervals (of slices: none). With one run the ROC has a band, the 95 % of a bootstrap of whole cases at
/// each false positive rate. bad_data for a run without both truths.
std::vector<Panel> judgement_panels(const std::vector<Run>& runs, metrics::Unit unit, const metrics::Bootstrap& bootstrap);

/// The numbers of lge.train/1 records by key, in the order of the file.
struct TrainingRun {
    std::vector<std::string> keys;                 ///< in the order of the first record
    std::vector<double> steps;
    std::vector<std::vector<double>> values;       ///< of each key, a number a step; NaN where it is null
};
TrainingRun read_training(const std::string& path);
/// For one run the losses together, then each other number; for several runs a panel a key. Lines are means over at most 300
/// stretches of steps.
std::vector<Panel> training_panels(const std::vector<TrainingRun>& runs);

}  // namespace lge::plot
