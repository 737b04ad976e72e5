#pragma once
// The work of one training step. For use inside nn and its tests.
#include "lge/base/parallel.hpp"
#include "lge/nn/train/gradients.hpp"
#include "lge/nn/train/trainer.hpp"

#include <atomic>
#include <future>
#include <optional>

namespace lge::nn {

/// Seconds, of all threads together, in which something was done; the rest of the threads' time they waited.
struct Spent {
    double drawing = 0, network = 0;
    double joint = 0;    // of the calling thread: joint loss and sums of gradients
    double starved = 0;  // of the calling thread: on a GPU, waiting for samples
};

/// Draws a batch's shards, sends them through the network, and sets the gradients of one joint loss, for a number of
/// threads and of processes that does not show in the result but for the rounding of sums over processes.
///
/// With `accumulate` > 1 the network's activations are kept for a part of the batch only: the shards go through it
/// without a graph, the joint loss gives the slope of every output, and then each part goes through again, this time with
/// a graph, and takes its slopes back to the weights (Gao et al., "Scaling Deep Contrastive Learning Batch Size under
/// Memory Limited Setup", 2021). The gradient is the same, since `forward` depends on drawn samples and weights alone.
class Stepper {
public:
    /// `peers`: processes that share the batch, may be null; outlives the stepper, as the learner does.
    Stepper(const Learner& learner, const NamedTensors& parameters, const Recipe& recipe, torch::Device device, unsigned threads, Peers* peers);
    ~Stepper();
    /// The losses of `step`; where the first is finite, the parameters' gradients are set.
    Losses run(std::uint64_t step);
    /// Since the last call.
    Spent take_spent();
    [[nodiscard]] unsigned threads() const { return threads_; }
    /// Buckets of gradients that went to other processes while backward passes went on.
    [[nodiscard]] std::size_t sent_early() const { return sent_early_; }
    /// The same tensor of every part, one under another.
    static Tensors join(const std::vector<Tensors>& parts);

private:
    /// A part of a batch on its way through the network: a shard on a CPU, several joined on a GPU.
    struct Unit {
        Tensors drawn, outputs;
    };
    template <class Result, class Make, class Take>
    void in_order(std::size_t count, Make make, Take take);
    [[nodiscard]] Tensors draw(std::uint64_t step, std::size_t i) const;
    [[nodiscard]] Tensors forward(const Tensors& drawn) const;
    std::vector<Unit> first_pass(std::uint64_t step);
    void second_pass(std::uint64_t step, std::vector<Unit>& units, const std::vector<Tensors>& slopes, const std::vector<bool>& joint);
    void begin_drawing(std::uint64_t step, std::size_t count);
    std::vector<std::future<Tensors>> drawn_ahead(std::uint64_t step);
    std::vector<Tensors> on_device(std::vector<std::future<Tensors>> shards);

    const Learner& learner_;
    Tensors parameters_;
    torch::Device device_;
    Precision precision_;
    bool one_batch_;
    std::uint64_t steps_;  // of the run: nothing is drawn for those behind it
    std::size_t parts_;
    Peers* peers_;
    std::size_t first_shard_, shard_count_;  // of this process
    unsigned threads_;
    std::vector<unsigned> hooks_;
    std::vector<std::future<Tensors>> ahead_;  // the first shards of the next step
    mutable std::atomic<double> drawing_{0}, network_{0};
    double joint_ = 0, starved_ = 0;
    std::size_t unit_here_, sent_early_ = 0;
    GradientSum* sum_ = nullptr;  // while the second pass runs
    ThreadPool pool_;  // last, so that its threads end first
};

}  // namespace lge::nn
