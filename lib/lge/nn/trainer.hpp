#pragma once
// The training loop: optimiser, schedule, averages, checkpoints, stops. For use inside nn and its tests.
#include "lge/base/log.hpp"
#include "lge/nn/recipe.hpp"
#include "lge/nn/weights.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace lge::nn {

using Batch = std::vector<Tensor>;
using Losses = std::vector<std::pair<std::string, Tensor>>;  // the first is what is made small

/// What is trained. The same step gives the same batch, so that a resumed run sees what a straight one would have seen.
struct Learner {
    std::shared_ptr<torch::nn::Module> net;
    std::function<Batch(std::uint64_t step)> batch;  // on the CPU; called ahead of time on another thread
    std::function<Losses(const Batch&)> losses;
    std::string identity;  // of everything that a resumed run must share with the one before it
};

/// Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019) on tensors of two and more dimensions' decay only,
/// and a moving average of the weights.
struct Optimiser {
    explicit Optimiser(const torch::nn::Module& net);
    /// One step along the gradients that stand in the parameters; `step` counts from 0.
    void update(std::uint64_t step, double rate, const Recipe& recipe);
    NamedTensors parameters, first, second, average;
};

/// Linear warm-up, then a cosine to 0 (step from 0).
double rate_at(std::uint64_t step, const Recipe& recipe);

/// Scales the gradients so that their norm together is at most `limit`; gives the norm before.
double clip_gradients(const NamedTensors& parameters, double limit);

/// What a checkpoint knows beside tensors.
struct Progressed {
    std::uint64_t step = 0;      // steps done
    std::uint64_t skipped = 0;   // batches whose loss was not finite
    std::uint64_t metrics_bytes = 0;
};
/// step-N.safetensors, and `latest` that names it; the two newest are kept.
void save_checkpoint(const std::filesystem::path& folder, const Optimiser& o, const Progressed& p, const std::string& identity);
/// The newest that is whole, loaded into `o`; nothing when there is none. usage when it belongs to another run.
std::optional<Progressed> load_checkpoint(const std::filesystem::path& folder, Optimiser& o, const std::string& identity, const Log& log);

enum class Ended { finished, stopped };
/// Trains `learner.net` on `device` from the newest checkpoint of the folder, or from the start. When it has finished,
/// the net holds the averaged weights. bad_data after `nan_limit` steps in a row without a finite loss.
Ended train(Learner& learner, const Recipe& recipe, torch::Device device, const Log& log);

}  // namespace lge::nn
