#pragma once
// What a training step costs, before the first one. For use inside nn and its tests.
#include "lge/base/log.hpp"
#include "lge/nn/train/trainer.hpp"

#include <functional>

namespace lge::nn {

/// Additions and multiplications (two to a product) of ATen's convolutions and matrix products that `f` calls on this
/// thread, backward passes too; what is done pixel by pixel is not counted.
double count_flops(const std::function<void()>& f);

/// Bytes of tensors on this thread's account: most at any time in `f`, and those that are left at its end.
struct MemoryUse {
    std::int64_t peak = 0, left = 0;
};
MemoryUse count_memory(const std::function<void()>& f);

struct Budget {
    std::int64_t parameters = 0;
    std::size_t shards = 0;
    double forward_flops = 0, step_flops = 0;      // of the batch; the step's hold both passes, and a third where activations are made twice
    double weight_bytes = 0, activation_bytes = 0;  // weights with gradients, two moments and averages; the most that a step adds to them
};
/// Measured on the first step's first shard, and taken to hold for the others. Nothing is learnt.
Budget budget_of(const Learner& learner, const NamedTensors& parameters, const Recipe& recipe, torch::Device device, unsigned threads);
void say(const Budget& budget, const Log& log);

}  // namespace lge::nn
