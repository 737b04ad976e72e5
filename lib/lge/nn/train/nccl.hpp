#pragma once
// The half of c10d that carries tensors from GPU to GPU. For use inside nn and its tests.
#include <torch/csrc/distributed/c10d/Backend.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>

#include <chrono>

namespace lge::nn {

/// A group of processes over NCCL, which meet at `store` when they first have something to tell; null where the build has no
/// NCCL. A process that waits longer than `patience` for another is ended by NCCL's own watchdog, not by an exception.
c10::intrusive_ptr<c10d::Backend> make_nccl(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size, std::chrono::milliseconds patience);

}  // namespace lge::nn
