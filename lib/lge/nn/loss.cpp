#include "lge/nn/loss.hpp"

#include <torch/types.h>

namespace lge::nn {

SegmentLoss segment_loss(const at::Tensor& logits, const at::Tensor& target) {
    constexpr double smoothing = 20;
    const at::Tensor log_share = at::log_softmax(logits, 1), share = log_share.exp();
    const at::Tensor truth = at::one_hot(target, logits.size(1)).permute({0, 3, 1, 2}).to(logits.scalar_type());
    SegmentLoss loss;
    loss.cross_entropy = -(truth * log_share).sum(1).mean();
    const at::Tensor overlap = 2 * (share * truth).sum({2, 3}) + smoothing, sizes = (share + truth).sum({2, 3}) + smoothing;
    loss.dice = (1 - overlap / sizes).slice(1, 1).mean();
    loss.total = loss.dice + loss.cross_entropy;
    return loss;
}

at::Tensor contrastive_loss(const at::Tensor& similarity, const at::Tensor& positive) {
    const auto one_way = [](const at::Tensor& s, const at::Tensor& p) {
        const at::Tensor weight = p.to(s.scalar_type());
        return -((at::log_softmax(s, 1) * weight).sum(1) / weight.sum(1)).mean();
    };
    return (one_way(similarity, positive) + one_way(similarity.t(), positive.t())) / 2;
}

}  // namespace lge::nn
