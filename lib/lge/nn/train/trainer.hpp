#pragma once
// The training loop: batches, one joint loss, validation, checkpoints, stops.
// For use inside nn and its tests.
#include "lge/base/log.hpp"
#include "lge/nn/net/weights.hpp"
#include "lge/nn/train/recipe.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace lge::nn {

class Peers;
using Tensors = std::vector<Tensor>;
using Losses = std::vector<std::pair<std::string, Tensor>>;  // the first is what is made small

/// How good a net is, higher is better, and figures that are told beside it.
struct Score {
    Score(double v, std::vector<std::pair<std::string, double>> f = {}) : value(v), figures(std::move(f)) {}
    double value;
    std::vector<std::pair<std::string, double>> figures;
};

/// What is trained. A batch is drawn and sent through the network in shards, each on one thread, and their outputs meet
/// in one loss: so the weights do not depend on the number of threads, and a contrastive loss sees the whole batch.
/// The same step gives the same batch, so that a resumed run sees what a straight one would have seen.
struct Learner {
    std::shared_ptr<torch::nn::Module> net;
    std::size_t shards = 1;
    std::function<Tensors(std::uint64_t step, std::size_t shard)> draw;          // on the CPU; called on any thread
    std::function<Tensors(const Tensors& drawn)> forward;                        // of one shard; called on any thread; no chance in it
    std::function<Losses(const Tensors& drawn, const Tensors& outputs)> losses;  // of all shards, joined along dimension 0
    std::string identity;  // of everything that a resumed run must share with the one before it
    std::vector<std::size_t> loss_reads{};  // what of `drawn` the losses look at; there the rest is undefined
    std::function<Score()> validate{};      // of the net as it is; for runs with --validate-every
};

enum class Ended { finished, stopped, tried };
/// Trains `learner.net` on `device` from the newest checkpoint of the recipe's folder, or from the start, with `threads`
/// threads (0: one for each processor). When it has finished, the net holds the averaged weights, or those of the best
/// validation. bad_data after `nan_limit` steps in a row without a finite loss. A dry run says what a step costs and is `tried`.
/// `peers`: the processes that share the work, of which the first alone writes; may be null.
Ended train(Learner& learner, const Recipe& recipe, torch::Device device, unsigned threads, const Log& log, Peers* peers = nullptr);

/// The device of process number `local` of this machine: on a GPU, one of its own as far as there are enough.
torch::Device own_device(torch::Device device, int local);

/// The losses of step `step` without learning from it.
Losses losses_at(const Learner& learner, std::uint64_t step);

}  // namespace lge::nn
