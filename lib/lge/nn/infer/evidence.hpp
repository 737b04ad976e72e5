#pragma once
// Where in the wall a model sees scar. For use inside nn and its tests.
#include "lge/nn/net/align_net.hpp"

namespace lge::nn {

inline constexpr std::int64_t segment_count = 17;

/// Shares of the clauses about the AHA segments 1-17 [B,17,5] for slices of levels [B] (numbers of anatomy::Level), on the CPU:
/// the softmax when a sector of the slice is compared with the clauses about its segment (clause_vectors, [16,5,E]). NaN for
/// segments of other levels.
Tensor clause_shares(const AlignNet& net, const Tensor& clauses, const SliceFeatures& seen, const Tensor& level);

/// Scores [B,17]: what the clauses of enhancement have together.
Tensor segment_scores(const Tensor& shares);

/// The highest of each segment over the slices of a case, [17].
Tensor highest_scores(const Tensor& slices);

}  // namespace lge::nn
