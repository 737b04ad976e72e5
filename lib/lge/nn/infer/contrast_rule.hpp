#pragma once
// Calls that need no model: what a threshold on brightness can do, to stand beside what was learned.
#include "lge/nn/infer/detector.hpp"

namespace lge::nn {

/// Of each slice whose wall can be read the share of the wall that is brighter than 70 % of the way from its own muscle
/// (20 % quantile of the wall) to blood (heart_scale in strip.hpp); of the case their mean. Present is what reaches
/// `least`. bad_data when the cohort has no labels.
OfCase<io::DetectionRecord> judge_by_contrast(const io::Cohort& cohort, std::size_t c, double least);

}  // namespace lge::nn
