#include "lge/nn/infer/thresholds.hpp"

#include <algorithm>
#include <cmath>

namespace lge::nn {

Cut best_cut(Judged judged) {
    std::sort(judged.begin(), judged.end());
    const auto positives = static_cast<double>(std::count_if(judged.begin(), judged.end(), [](const auto& j) { return j.second; }));
    const double negatives = static_cast<double>(judged.size()) - positives;
    if (positives == 0 || negatives == 0) return {0.5, NAN};
    double missed = 0, spared = 0, best = 0.5;
    std::vector<double> cuts{judged.front().first};
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

Logistic fit_logistic(const Judged& judged) {
    const auto positives = static_cast<double>(std::count_if(judged.begin(), judged.end(), [](const auto& j) { return j.second; }));
    const double negatives = static_cast<double>(judged.size()) - positives;
    double mean = 0, squares = 0;
    for (const auto& [score, present] : judged) {
        mean += score / static_cast<double>(judged.size());
        squares += score * score / static_cast<double>(judged.size());
    }
    // In units of the scores' spread Newton's steps are well scaled.
    const double spread = std::max(std::sqrt(std::max(squares - mean * mean, 0.0)), 1e-12);
    double slope = 1, offset = 0;
    for (int step = 0; step < 100; ++step) {
        double g0 = 0, g1 = 0, h00 = 1e-6, h01 = 0, h11 = 1e-6;
        for (const auto& [score, present] : judged) {
            const double x = (score - mean) / spread, weight = 0.5 / (present ? positives : negatives);
            const double target = present ? (positives + 1) / (positives + 2) : 1 / (negatives + 2);
            const double p = 1 / (1 + std::exp(-(slope * x + offset))), curve = weight * p * (1 - p);
            g0 += weight * (p - target);
            g1 += weight * (p - target) * x;
            h00 += curve;
            h01 += curve * x;
            h11 += curve * x * x;
        }
        const double determinant = h00 * h11 - h01 * h01, step_offset = (h11 * g0 - h01 * g1) / determinant, step_slope = (h00 * g1 - h01 * g0) / determinant;
        offset -= std::clamp(step_offset, -1.0, 1.0);
        slope = std::max(slope - std::clamp(step_slope, -1.0, 1.0), 1e-3);
        if (std::abs(step_offset) + std::abs(step_slope) < 1e-10) break;
    }
    return {slope / spread, offset - slope * mean / spread};
}

}  // namespace lge::nn
