#pragma once
// For use inside nn and its tests.
#include "lge/nn/net/weights.hpp"
#include "lge/nn/train/recipe.hpp"

namespace lge::nn {

/// Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019) on tensors of two and more dimensions only, and a
/// moving average of the weights.
struct Optimiser {
    explicit Optimiser(const torch::nn::Module& net);
    /// One step along the gradients that stand in the parameters (none counts as 0); `step` counts from 0.
    void update(std::uint64_t step, double rate, const Recipe& recipe);
    NamedTensors parameters, first, second, average;
};

/// Linear warm-up, then a cosine to 0 (step from 0).
double rate_at(std::uint64_t step, const Recipe& recipe);

/// Scales the gradients so that their norm together is at most `limit`; gives the norm before.
double clip_gradients(const NamedTensors& parameters, double limit);

}  // namespace lge::nn
