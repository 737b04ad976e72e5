#include "lge/nn/train/peers.hpp"

#include "lge/nn/train/nccl.hpp"

#define USE_C10D_GLOO  // else the header is empty; Gloo's own headers lend it types, and its code is in LibTorch
#include <fmt/format.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/cuda.h>
#include <torch/types.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace lge::nn {
namespace {

// A process that answers later than this counts as dead; with what it takes to end, all are gone within a minute.
constexpr std::chrono::seconds patience(45), to_meet(60);
// Process 0 may be busy alone for so long; the store is its own, and ends with it.
constexpr std::chrono::hours alone(1);

}  // namespace

struct Peers::Group {
    c10::intrusive_ptr<c10d::Store> store;
    c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo;
    c10::intrusive_ptr<c10d::Backend> nccl;
    bool looked_for_nccl = false;

    /// Over NCCL, when `like` lies on a GPU and each process has one of its own; all processes decide alike.
    bool between_gpus(const torch::Tensor& like, const World& world) {
        if (!like.is_cuda()) return false;
        if (!looked_for_nccl) {
            looked_for_nccl = true;
            auto group = make_nccl(c10::make_intrusive<c10d::PrefixStore>("nccl", store), world.rank, world.size, patience);
            if (any({!group || world.local >= static_cast<int>(torch::cuda::device_count())})[0]) return false;
            nccl = std::move(group);
        }
        return static_cast<bool>(nccl);
    }
    [[nodiscard]] std::vector<bool> any(const std::vector<bool>& flags) const {
        std::vector<torch::Tensor> numbers{at::zeros({static_cast<std::int64_t>(flags.size())}, torch::kInt64)};
        auto* n = numbers[0].mutable_data_ptr<std::int64_t>();
        for (std::size_t i = 0; i < flags.size(); ++i) n[i] = flags[i];
        c10d::AllreduceOptions greatest;
        greatest.reduceOp = c10d::ReduceOp::MAX;
        gloo->allreduce(numbers, greatest)->wait();
        std::vector<bool> out;
        for (std::size_t i = 0; i < flags.size(); ++i) out.push_back(n[i] != 0);
        return out;
    }
    /// `tensor` where the processes' carrier takes it from, and the carrier.
    std::pair<torch::Tensor, c10d::Backend*> ready(const torch::Tensor& tensor, const World& world) {
        if (between_gpus(tensor, world)) return {tensor.contiguous(), nccl.get()};
        return {tensor.to(torch::kCPU).contiguous(), gloo.get()};
    }
};

Peers::Peers(const World& world) : world_(world), group_(std::make_unique<Group>()) {
    try {
        c10d::TCPStoreOptions meeting;
        meeting.port = world.port;
        meeting.isServer = world.rank == 0;
        meeting.numWorkers = static_cast<std::size_t>(world.size);
        meeting.timeout = to_meet;
        group_->store = c10::make_intrusive<c10d::TCPStore>(world.address, meeting);
        const auto options = c10d::ProcessGroupGloo::Options::create(patience);
        const char* network = std::getenv("GLOO_SOCKET_IFNAME");
        if (network && *network) options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForInterface(network));
        else if (world.address == "127.0.0.1" || world.address == "localhost") options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1"));
        else options->devices.push_back(c10d::ProcessGroupGloo::createDefaultDevice());
        group_->gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(group_->store, world.rank, world.size, options);
    } catch (const std::exception&) {
        throw Error(ExitCode::unavailable, fmt::format("process {} of {} did not meet the others at {}:{} within a minute", world.rank, world.size, world.address, world.port));
    }
}

Peers::~Peers() = default;

bool Peers::over_nccl() const { return group_ && group_->nccl; }

template <class F>
auto Peers::call(F f) -> decltype(f()) {
    const auto dead = [&] {
        return Error(ExitCode::unavailable, fmt::format("process {} of {}: another process of this run has died or does not answer; the same command goes on from the last checkpoint", world_.rank, world_.size));
    };
    if (!group_) throw dead();
    try {
        return f();
    } catch (const std::exception&) {
        // What is still on its way would wait for the dead until its own time is up: nobody waits for it.
        (void)group_.release();
        throw dead();
    }
}

Peers::Sum Peers::begin_sum(std::vector<torch::Tensor> tensors) {
    return call([&] {
        const torch::NoGradGuard no_grad;
        Sum sum;
        std::vector<torch::Tensor> flat;
        for (const auto& t : tensors) flat.push_back(t.reshape({-1}));
        const auto [packed, carrier] = group_->ready(at::cat(flat), world_);
        sum.packed_ = {packed};
        sum.tensors_ = std::move(tensors);
        sum.work_ = std::make_shared<c10::intrusive_ptr<c10d::Work>>(carrier->allreduce(sum.packed_));
        return sum;
    });
}

void Peers::end_sum(Sum& sum) {
    call([&] {
        const torch::NoGradGuard no_grad;
        (*std::static_pointer_cast<c10::intrusive_ptr<c10d::Work>>(sum.work_))->wait();
        std::int64_t place = 0;
        for (const auto& t : sum.tensors_) {
            t.copy_(sum.packed_[0].slice(0, place, place + t.numel()).view(t.sizes()));
            place += t.numel();
        }
    });
}

void Peers::share(const std::vector<torch::Tensor>& tensors) {
    call([&] {
        const torch::NoGradGuard no_grad;
        for (const auto& t : tensors) {
            const auto [value, carrier] = group_->ready(t, world_);
            std::vector<torch::Tensor> one{value.clone()};
            carrier->broadcast(one)->wait();
            t.copy_(one[0]);
        }
    });
}

Peers::Gathered Peers::gather(const std::vector<torch::Tensor>& rows) {
    Gathered all;
    if (rows.empty()) return all;
    return call([&] {
        const torch::NoGradGuard no_grad;
        const auto gather_equal = [&](const torch::Tensor& given) {
            const auto [own, carrier] = group_->ready(given, world_);
            std::vector<std::vector<torch::Tensor>> out(1);
            for (int r = 0; r < world_.size; ++r) out[0].push_back(at::empty_like(own));
            std::vector<torch::Tensor> in{own};
            carrier->allgather(out, in)->wait();
            return out[0];
        };
        std::vector<std::int64_t> own_counts, row_bytes;
        std::vector<torch::Tensor> own_bytes;
        for (const auto& t : rows) {
            own_counts.push_back(t.size(0));
            row_bytes.push_back(c10::multiply_integers(t.sizes().slice(1)) * t.element_size());
            own_bytes.push_back(t.detach().contiguous().view({-1}).view(torch::kUInt8));
        }
        const auto counts = gather_equal(torch::tensor(own_counts, torch::kInt64));
        // A process's tensors go as one run of bytes, as long as the longest.
        std::int64_t longest = 0;
        for (const auto& c : counts) {
            std::int64_t length = 0;
            for (std::size_t t = 0; t < rows.size(); ++t) length += c[static_cast<std::int64_t>(t)].item<std::int64_t>() * row_bytes[t];
            longest = std::max(longest, length);
        }
        torch::Tensor packed = at::cat(own_bytes);
        packed = at::constant_pad_nd(packed, {0, longest - packed.numel()});
        const auto parts = gather_equal(packed);

        std::vector<std::int64_t> place(parts.size());
        for (std::size_t t = 0; t < rows.size(); ++t) {
            std::vector<torch::Tensor> stacked;
            std::int64_t before = 0;
            for (std::size_t r = 0; r < parts.size(); ++r) {
                const auto n = counts[r][static_cast<std::int64_t>(t)].item<std::int64_t>();
                if (static_cast<int>(r) < world_.rank) before += n;
                auto shape = rows[t].sizes().vec();
                shape[0] = n;
                const auto length = n * row_bytes[t];
                stacked.push_back(parts[r].slice(0, place[r], place[r] + length).clone().view(rows[t].scalar_type()).view(shape));
                place[r] += length;
            }
            all.whole.push_back(at::cat(stacked).to(rows[t].device()));
            all.rows_before.push_back(before);
        }
        return all;
    });
}

bool Peers::hear_first(bool own) {
    return call([&] {
        const std::string key = fmt::format("here-{}", waits_++);
        if (world_.rank == 0) group_->store->set(key, std::vector<std::uint8_t>{1});
        else group_->store->wait({key}, alone);
        // All leave together: process 0 may end next, and the store with it.
        return bool{group_->any({world_.rank == 0 && own})[0]};
    });
}

std::vector<bool> Peers::any(const std::vector<bool>& flags) {
    return call([&] { return group_->any(flags); });
}

std::shared_ptr<Peers> meet(const World& world) { return world.size > 1 ? std::make_shared<Peers>(world) : nullptr; }

}  // namespace lge::nn
