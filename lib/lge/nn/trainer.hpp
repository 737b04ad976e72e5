#pragma once
// The training loop: shards of a batch on threads of their own, one joint loss, checkpoints, stops.
// For use inside nn and its tests.
#include "lge/base/log.hpp"
#include "lge/nn/recipe.hpp"
#include "lge/nn/weights.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace lge::nn {

using Tensors = std::vector<Tensor>;
using Losses = std::vector<std::pair<std::string, Tensor>>;  // the first is what is made small

/// What is trained. A batch is drawn and sent through the network in shards, each on one thread, and their outputs meet
/// in one loss: so the weights do not depend on the number of threads, and a contrastive loss sees the whole batch.
/// The same step gives the same batch, so that a resumed run sees what a straight one would have seen.
struct Learner {
    std::shared_ptr<torch::nn::Module> net;
    std::size_t shards = 1;
    std::function<Tensors(std::uint64_t step, std::size_t shard)> draw;          // on the CPU; called on any thread
    std::function<Tensors(const Tensors& drawn)> forward;                        // of one shard; called on any thread
    std::function<Losses(const Tensors& drawn, const Tensors& outputs)> losses;  // of all shards, joined along dimension 0
    std::string identity;  // of everything that a resumed run must share with the one before it
};

enum class Ended { finished, stopped };
/// Trains `learner.net` on `device` from the newest checkpoint of the recipe's folder, or from the start, with `threads`
/// threads (0: one for each processor). When it has finished, the net holds the averaged weights. bad_data after
/// `nan_limit` steps in a row without a finite loss.
Ended train(Learner& learner, const Recipe& recipe, torch::Device device, unsigned threads, const Log& log);

/// The losses of step `step` without learning from it.
Losses losses_at(const Learner& learner, std::uint64_t step);

}  // namespace lge::nn
