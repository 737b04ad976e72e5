#pragma once
// What training makes small. For use inside nn and its tests.
#include <ATen/core/Tensor.h>

namespace lge::nn {

struct SegmentLoss {
    at::Tensor total, dice, cross_entropy;  // total = dice + cross_entropy
};
/// Soft Dice (1 - Dice, mean over images and the classes but background, with 20 pixels of smoothing so that a class that
/// is absent from an image weighs little) plus pixel-wise cross entropy. logits [B,C,H,W] real, target [B,H,W] int64.
SegmentLoss segment_loss(const at::Tensor& logits, const at::Tensor& target);

/// InfoNCE in both directions with several positives: for each row the mean of -log softmax over its positives.
/// `similarity` [N,N] already scaled, rows images and columns texts; `positive` [N,N] bool with a true diagonal.
at::Tensor contrastive_loss(const at::Tensor& similarity, const at::Tensor& positive);

}  // namespace lge::nn
