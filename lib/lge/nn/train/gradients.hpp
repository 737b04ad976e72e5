#pragma once
// Gradients of a step, summed over the parts of the batch and over processes. For use inside nn and its tests.
#include "lge/nn/train/peers.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <vector>

namespace lge::nn {

/// Adds what each part of the batch says of each parameter to the gradient that stands in the parameter. Parts are added as
/// the sum of their first and of their second half, each of these likewise, whatever the order in which they come: so the
/// sum does not depend on threads, and two processes with half of the parts each add the very numbers that one adds. With
/// several processes, parameters stand in buckets, the last first, as backward passes reach them, and those that have a
/// gradient already, from the joint loss, behind all others, since parts say little of them; a bucket goes on its way to the other processes as soon as all parts
/// have spoken of it, while the backward passes go on.
class GradientSum {
public:
    /// `joint`: for each parameter, whether the joint loss gave it a gradient, on every process the same.
    GradientSum(std::vector<torch::Tensor> parameters, const std::vector<bool>& joint, std::size_t parts, Peers* peers);
    /// Of parameter `p`; undefined counts as 0. Each pair once, from any thread; what comes a second time is passed over.
    void add(std::size_t part, std::size_t p, const torch::Tensor& gradient);
    /// When all has come: the sums stand in the parameters. On the thread that made it.
    void finish();
    /// Buckets that were on their way before the last part had spoken of all parameters.
    [[nodiscard]] std::size_t sent_early() const { return sent_early_; }

private:
    struct Parameter {
        torch::Tensor tensor;
        torch::Tensor joint;  // with other processes: what the joint loss says, added last as it is where there is one process
        std::size_t next = 0, bucket = 0;             // the part that is due
        std::map<std::size_t, torch::Tensor> waiting;  // parts that came before it was their turn
        std::vector<torch::Tensor> sums;               // of rows of parts, the last the shortest
        std::size_t spoken = 0;                        // parts that had a gradient of it
    };
    struct Bucket {
        std::vector<std::size_t> members;
        std::size_t open = 0;  // members that some part has not spoken of
        Peers::Sum sum;
    };
    void send_ready();

    std::vector<Parameter> parameters_;
    std::size_t parts_, left_, sent_ = 0, sent_early_ = 0;
    std::vector<unsigned> merges_;
    std::vector<Bucket> buckets_;
    Peers* peers_;
    std::mutex mutex_;
};

}  // namespace lge::nn
