#pragma once
// Learners so small that many runs of theirs take a second.
#include "lge/nn/net/loss.hpp"
#include "lge/nn/train/trainer.hpp"
#include "nn/numbers.hpp"
#include "temporary_folder.hpp"

#include <torch/types.h>

#include <cmath>

namespace toy {

using namespace lge::nn;

inline const lge::Log quiet("test", lge::Verbosity::quiet);
inline const torch::Device cpu(torch::kCPU);

/// A U-Net learns to tell the sign of each pixel; every batch from its step alone, in two shards.
inline Learner pixels(std::uint64_t poisoned_from = ~0ULL) {
    Description d;
    d.widths = {4, 8, 8};
    auto net = make_unet(d);
    initialise(*net, 3);
    return {net, 2,
            [poisoned_from](std::uint64_t step, std::size_t shard) {
                Tensor x = random_tensor({2, 1, 32, 32}, 100 + 2 * step + shard);
                const Tensor target = x.squeeze(1).gt(0).to(torch::kInt64);
                if (step >= poisoned_from) x.fill_(NAN);
                return Tensors{x, target};
            },
            [net](const Tensors& b) {
                const auto loss = segment_loss(net->forward(b[0]).to(torch::kFloat32), b[1]);
                return Tensors{loss.dice + loss.cross_entropy};
            },
            [](const Tensors&, const Tensors& out) { return Losses{{"loss", out[0].mean()}}; },
            "pixels"};
}

/// Two towers of one layer, whose pairs are to find each other in the whole batch of `shards` shards, with a scale that only
/// the joint loss sees; shards hold 2 or 3 pairs.
struct TwoTowers : torch::nn::Module {
    TwoTowers() : left(register_module("left", std::make_shared<Linear>(6, 4))), right(register_module("right", std::make_shared<Linear>(5, 4))),
                  log_scale(register_parameter("log_scale", torch::full({}, 1.0))) {}
    std::shared_ptr<Linear> left, right;
    Tensor log_scale;
};
inline Learner pairs(std::size_t shards = 4) {
    auto net = std::make_shared<TwoTowers>();
    initialise(*net, 5);
    return {net, shards,
            [shards](std::uint64_t step, std::size_t shard) {
                const std::int64_t n = 2 + static_cast<std::int64_t>(shard % 2);
                const std::uint64_t number = 2 * (step * shards + shard);
                const Tensor left = random_tensor({n, 6}, 7000 + number);
                return Tensors{left, left.slice(1, 0, 5) + 0.3 * random_tensor({n, 5}, 7001 + number), torch::full({n}, static_cast<std::int64_t>(shard), torch::kInt64)};
            },
            [net](const Tensors& b) { return Tensors{to_unit(net->left->forward(b[0]).tanh()), to_unit(net->right->forward(b[1]).tanh())}; },
            [net](const Tensors& drawn, const Tensors& out) {
                const Tensor positive = torch::eye(out[0].size(0), torch::kBool);
                // A joint loss may look at what was drawn: here the shard's number weighs, as a level would.
                const Tensor weight = 1 + 0.1 * drawn[2].to(torch::kFloat32).mean();
                return Losses{{"loss", weight * contrastive_loss(net->log_scale.exp() * at::matmul(out[0], out[1].t()), positive, positive.logical_not())}};
            },
            "pairs", {2}};
}

inline Recipe short_run(const std::filesystem::path& folder, std::uint64_t steps) {
    Recipe r;
    r.steps = steps;
    r.batch = 4;
    r.save_every = 1000;
    r.precision = Precision::fp32;
    r.folder = folder;
    return r;
}

inline lge::Bytes weights(const Learner& learner) { return encode_tensors(parameters_of(*learner.net), {}); }

/// Largest difference between the weights of two nets, or of their gradients.
inline double difference(const Learner& a, const Learner& b, bool of_gradients = false) {
    const auto p = parameters_of(*a.net), q = parameters_of(*b.net);
    double worst = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const Tensor x = of_gradients ? p[i].second.grad() : p[i].second, y = of_gradients ? q[i].second.grad() : q[i].second;
        worst = std::max(worst, (x - y).abs().max().item<double>());
    }
    return worst;
}

}  // namespace toy
