#include "lge/nn/train/nccl.hpp"

#ifdef LGE_WITH_NCCL
#define USE_C10D_NCCL  // else the header is empty
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

namespace lge::nn {

#ifdef LGE_WITH_NCCL
c10::intrusive_ptr<c10d::Backend> make_nccl(const c10::intrusive_ptr<c10d::Store>& store, int rank, int size, std::chrono::milliseconds patience) {
    const auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = patience;
    return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, rank, size, options);
}
#else
c10::intrusive_ptr<c10d::Backend> make_nccl(const c10::intrusive_ptr<c10d::Store>&, int, int, std::chrono::milliseconds) { return {}; }
#endif

}  // namespace lge::nn
