#pragma once
// Where calls are made. For use inside nn and its tests.
#include <utility>
#include <vector>

namespace lge::nn {

struct Cut {
    double threshold = 0.5, balanced_accuracy = 0.5;
};
/// The probability in (0, 1) at which (probability, present) are told apart with the best balanced accuracy: halfway
/// between neighbouring probabilities, the middle one of equals. Balanced accuracy NaN when an answer is missing.
Cut best_cut(std::vector<std::pair<double, bool>> judged);

}  // namespace lge::nn
