#pragma once
// Where calls are made. For use inside nn and its tests.
#include <utility>
#include <vector>

namespace lge::nn {

/// (score, present) of cases or slices whose answers are known.
using Judged = std::vector<std::pair<double, bool>>;

struct Cut {
    double threshold = 0.5, balanced_accuracy = 0.5;
};
/// The score at which the two answers are told apart with the best balanced accuracy: halfway between neighbouring scores,
/// the middle one of equals. Balanced accuracy NaN when an answer is missing.
Cut best_cut(Judged judged);

/// probability = 1 / (1 + exp(-(slope x score + offset)))
struct Logistic {
    double slope = 1, offset = 0;
};
/// The likeliest curve, both answers counting alike, with Platt's smoothed targets (Platt, "Probabilistic outputs for
/// support vector machines", 1999); the slope is above 0. Both answers must occur.
Logistic fit_logistic(const Judged& judged);

}  // namespace lge::nn
