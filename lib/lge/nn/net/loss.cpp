#include "lge/nn/net/loss.hpp"

#include "lge/nn/net/clauses.hpp"

#include <torch/types.h>

namespace lge::nn {

SegmentLoss segment_loss(const at::Tensor& logits, const at::Tensor& target, double smoothing) {
    constexpr double pixels = 20;
    const at::Tensor log_share = at::log_softmax(logits, 1), share = log_share.exp();
    const at::Tensor truth = at::one_hot(target, logits.size(1)).permute({0, 3, 1, 2}).to(logits.scalar_type());
    const at::Tensor overlap = 2 * (share * truth).sum({2, 3}) + pixels, sizes = (share + truth).sum({2, 3}) + pixels;
    const at::Tensor wanted = smoothing > 0 ? truth * (1 - smoothing) + smoothing / static_cast<double>(logits.size(1)) : truth;
    return {(1 - overlap / sizes).slice(1, 1).mean(1), -(wanted * log_share).sum(1).mean({1, 2})};
}

at::Tensor contrastive_loss(const at::Tensor& similarity, const at::Tensor& positive, const at::Tensor& negative) {
    const auto one_way = [](const at::Tensor& s, const at::Tensor& p, const at::Tensor& n) {
        const at::Tensor weight = p.to(s.scalar_type()), count = weight.sum(1);
        const at::Tensor counted = s.masked_fill(at::logical_or(p, n).logical_not(), -1e9);
        const at::Tensor row = -(at::log_softmax(counted, 1) * weight).sum(1) / count.clamp_min(1);
        return row.sum() / count.gt(0).sum().clamp_min(1);
    };
    return (one_way(similarity, positive, negative) + one_way(similarity.t(), positive.t(), negative.t())) / 2;
}

at::Tensor clause_loss(const at::Tensor& logits, const at::Tensor& state) {
    const at::Tensor log_share = at::log_softmax(logits, 1);
    const at::Tensor some = at::logsumexp(log_share.slice(1, 1), {1});  // of any extent
    const at::Tensor exact = log_share.gather(1, state.clamp(0, clause_count - 1).unsqueeze(1)).squeeze(1);
    const at::Tensor loss = -at::where(state.eq(sector_state::some_extent), some, exact);
    const auto mean_of = [&](const at::Tensor& which) {
        const at::Tensor weight = which.to(loss.scalar_type());
        return (loss * weight).sum() / weight.sum().clamp_min(1);
    };
    return (mean_of(state.eq(0)) + mean_of(state.gt(0))) / 2;
}

at::Tensor sigmoid_loss(const at::Tensor& logits, const at::Tensor& positive, const at::Tensor& negative) {
    const at::Tensor counted = at::logical_or(positive, negative).to(logits.scalar_type());
    return (at::binary_cross_entropy_with_logits(logits, positive.to(logits.scalar_type()), {}, {}, at::Reduction::None) * counted).sum() / counted.sum().clamp_min(1);
}

at::Tensor answer_loss(const at::Tensor& images, const at::Tensor& texts, const at::Tensor& present, const at::Tensor& said, const at::Tensor& scale, const at::Tensor& offset) {
    constexpr double doubt = 0.05;
    const at::Tensor yes = said.unsqueeze(1), no = 1 - yes;
    const at::Tensor direction = (texts * yes).sum(0) / yes.sum().clamp_min(1) - (texts * no).sum(0) / no.sum().clamp_min(1);
    return at::binary_cross_entropy_with_logits(scale * at::mv(images, direction) + offset, present * (1 - 2 * doubt) + doubt);
}

at::Tensor mean_caption_cost(const at::Tensor& costs, const at::Tensor& tokens, std::int64_t pad, const at::Tensor& counts) {
    const at::Tensor guessed = tokens.slice(1, 1).ne(pad).sum(1);
    return (costs * counts).sum() / (guessed * counts).sum().clamp_min(1);
}

at::Tensor caption_costs(const at::Tensor& logits, const at::Tensor& tokens, std::int64_t pad) {
    const at::Tensor guesses = logits.slice(1, 0, -1).flatten(0, 1), next = tokens.slice(1, 1);
    const at::Tensor wide = guesses.scalar_type() == torch::kFloat64 ? guesses : guesses.to(torch::kFloat32);
    return at::cross_entropy_loss(wide, next.flatten(), {}, at::Reduction::None, pad).view(next.sizes()).sum(1);
}

at::Tensor scar_loss(const at::Tensor& logits, const at::Tensor& share) {
    constexpr double smoothing = 20;
    const at::Tensor p = logits.sigmoid();
    return at::binary_cross_entropy_with_logits(logits, share) + 1 - (2 * (p * share).sum() + smoothing) / ((p + share).sum() + smoothing);
}

}  // namespace lge::nn
