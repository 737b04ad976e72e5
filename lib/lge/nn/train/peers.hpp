#pragma once
// The processes of one training run, and what they tell each other. For use inside nn and its tests.
#include "lge/nn/net/weights.hpp"
#include "lge/nn/train/distributed.hpp"

#include <memory>
#include <vector>

namespace lge::nn {

/// All processes call the same functions in the same order. Tensors of GPUs go over NCCL where the build has it and each
/// process has a GPU of its own, else through the memory of the machine and Gloo. A process that has died or does not answer
/// ends the others: each call over Gloo throws unavailable then, at once when the connection is gone and after a minute
/// otherwise; NCCL's watchdog ends the process as soon.
class Peers {
public:
    /// Meets the others at the world's address, over Gloo; the network's name can be given by GLOO_SOCKET_IFNAME.
    explicit Peers(const World& world);
    ~Peers();
    Peers(const Peers&) = delete;
    Peers& operator=(const Peers&) = delete;

    [[nodiscard]] int rank() const { return world_.rank; }
    [[nodiscard]] int size() const { return world_.size; }
    /// Whether tensors of GPUs go from one to the other; known once there has been one.
    [[nodiscard]] bool over_nccl() const;

    /// A sum of tensors of one type over the processes, on its way.
    class Sum {
        friend class Peers;
        std::vector<torch::Tensor> tensors_, packed_;
        std::shared_ptr<void> work_;
    };
    Sum begin_sum(std::vector<torch::Tensor> tensors);
    /// Waits for it; the sums stand in the tensors.
    void end_sum(Sum& sum);
    /// The process 0's values in all, in place.
    void share(const std::vector<torch::Tensor>& tensors);
    /// Rows of all processes, one process's under another's; `rows` [n,...] where n may differ between processes and the
    /// rest may not.
    struct Gathered {
        std::vector<torch::Tensor> whole;
        std::vector<std::int64_t> rows_before;  // of this process, for each tensor
    };
    Gathered gather(const std::vector<torch::Tensor>& rows);
    /// What process 0 says, once it is here too, however long it is busy alone, as with a checkpoint on a slow disk, while it lives.
    bool hear_first(bool own);
    /// For each flag, whether any process has set it.
    std::vector<bool> any(const std::vector<bool>& flags);

private:
    struct Group;
    template <class F>
    auto call(F f) -> decltype(f());
    World world_;
    std::size_t waits_ = 0;
    std::unique_ptr<Group> group_;
};

}  // namespace lge::nn
