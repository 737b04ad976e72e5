#pragma once
// What training makes small. For use inside nn and its tests.
#include <ATen/core/Tensor.h>

namespace lge::nn {

/// Of each image [B]; the loss is their sum.
struct SegmentLoss {
    at::Tensor dice, cross_entropy;
};
/// Soft Dice (1 - Dice, mean over the classes but background, with 20 pixels of smoothing so that a class that is absent
/// from an image weighs little) and pixel-wise cross entropy. logits [B,C,H,W] real, target [B,H,W] int64. `smoothing` is
/// the share of a pixel's truth that cross entropy spreads over all classes (Szegedy et al., CVPR 2016).
SegmentLoss segment_loss(const at::Tensor& logits, const at::Tensor& target, double smoothing = 0);

/// InfoNCE in both directions with several positives: for each row the mean of -log softmax over its positives, mean over
/// the rows that have any. `similarity` [N,M] already scaled, rows images and columns texts; `positive` and `negative`
/// [N,M] bool; what is neither does not count.
at::Tensor contrastive_loss(const at::Tensor& similarity, const at::Tensor& positive, const at::Tensor& negative);

/// Cross entropy of what is said of sectors: logits [N,clauses], state [N] as sector_state and Clause number it; where
/// only some enhancement is known, the clauses of every extent together. Mean over presence and absence alike, so that
/// the many empty sectors do not drown the few that are not.
at::Tensor clause_loss(const at::Tensor& logits, const at::Tensor& state);

/// The same with each pair by itself (SigLIP: Zhai et al., ICCV 2023): cross entropy of logits [N,M], mean over the pairs
/// that are positive or negative.
at::Tensor sigmoid_loss(const at::Tensor& logits, const at::Tensor& positive, const at::Tensor& negative);

/// Cross entropy of whether images [N,E] show enhancement (`present` [N], 0 or 1), told along the direction between the
/// means of the texts [M,E] that deny it and that affirm it (`said` [M]): `scale` times the product, plus `offset`.
/// Labels are smoothed, since sentences are sometimes wrong.
at::Tensor answer_loss(const at::Tensor& images, const at::Tensor& texts, const at::Tensor& present, const at::Tensor& said, const at::Tensor& scale, const at::Tensor& offset);

/// Costs [B] of sentences, -log of the share of each token after the first, given those before it: logits [B,L,V] are of
/// the token after each of `tokens` [B,L]. `pad` is nothing to be guessed.
at::Tensor caption_costs(const at::Tensor& logits, const at::Tensor& tokens, std::int64_t pad);
/// Their mean over the tokens that were guessed, in the sentences that count ([B], 0 or 1).
at::Tensor mean_caption_cost(const at::Tensor& costs, const at::Tensor& tokens, std::int64_t pad, const at::Tensor& counts);

/// Binary cross entropy plus soft Dice over all pixels together, for maps [B,h,w] of logits and of shares 0-1.
at::Tensor scar_loss(const at::Tensor& logits, const at::Tensor& share);

}  // namespace lge::nn
