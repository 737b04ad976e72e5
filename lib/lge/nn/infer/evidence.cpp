#include "lge/nn/infer/evidence.hpp"

#include "lge/nn/net/clauses.hpp"

#include <torch/types.h>

#include <limits>

namespace lge::nn {

Tensor clause_shares(const AlignNet& net, const Tensor& clauses, const SliceFeatures& seen, const Tensor& level) {
    std::vector<std::int64_t> numbers;  // of (level, sector); 0: there is no such sector
    for (std::int64_t l = 0; l < 5; ++l)
        for (std::int64_t s = 0; s < most_sectors; ++s) {
            const int segment = segment_of_sector(static_cast<anatomy::Level>(l), s);
            numbers.push_back(segment <= clause_segments ? segment : 0);
        }
    const std::int64_t slices = level.size(0);
    const Tensor number = torch::tensor(numbers, torch::kInt64).view({5, most_sectors}).to(level.device()).index_select(0, level);
    const Tensor about = clauses.index_select(0, (number - 1).clamp_min(0).flatten()).view({slices, most_sectors, clause_count, -1});
    const Tensor logits = net.scale() * (about * net.sector_vectors(seen.tokens, level).unsqueeze(2)).sum(3) + net.clause_offset;
    // What belongs to no segment goes to a row 0 that is cut off.
    const Tensor table = at::full({slices, segment_count + 1, clause_count}, std::numeric_limits<float>::quiet_NaN(), logits.options());
    const Tensor row = number.unsqueeze(2).expand({-1, -1, clause_count});
    return table.scatter(1, row, at::softmax(logits, 2)).slice(1, 1).to(torch::kCPU).contiguous();
}

Tensor segment_scores(const Tensor& shares) { return (1 - shares.select(2, static_cast<std::int64_t>(Clause::absent))).contiguous(); }

Tensor highest_scores(const Tensor& slices) {
    constexpr float none = -std::numeric_limits<float>::infinity();
    const Tensor highest = slices.nan_to_num(none, none, none).amax(0);
    return highest.masked_fill(highest.isinf(), std::numeric_limits<float>::quiet_NaN());
}

}  // namespace lge::nn
