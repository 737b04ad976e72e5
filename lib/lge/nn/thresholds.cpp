#include "lge/nn/thresholds.hpp"

#include <algorithm>
#include <cmath>

namespace lge::nn {

Cut best_cut(std::vector<std::pair<double, bool>> judged) {
    std::sort(judged.begin(), judged.end());
    const auto positives = static_cast<double>(std::count_if(judged.begin(), judged.end(), [](const auto& j) { return j.second; }));
    const double negatives = static_cast<double>(judged.size()) - positives;
    if (positives == 0 || negatives == 0) return {0.5, NAN};
    double missed = 0, spared = 0, best = 0.5;
    std::vector<double> cuts{0};
    for (std::size_t i = 0; i + 1 < judged.size(); ++i) {
        (judged[i].second ? missed : spared) += 1;
        if (judged[i].first == judged[i + 1].first) continue;
        const double here = ((positives - missed) / positives + spared / negatives) / 2, between = (judged[i].first + judged[i + 1].first) / 2;
        if (here > best + 1e-12) {
            best = here;
            cuts.assign(1, between);
        } else if (here > best - 1e-12) {
            cuts.push_back(between);
        }
    }
    return {cuts[cuts.size() / 2], best};
}

}  // namespace lge::nn
