#include "lge/nn/train/budget.hpp"

#include "lge/base/parallel.hpp"
#include "lge/nn/net/autocast.hpp"

#include <ATen/Parallel.h>
#include <ATen/record_function.h>
#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace lge::nn {
namespace {

// An observer is a plain function: it can reach nothing but statics.
thread_local double flops = 0;

double product(at::IntArrayRef sizes) { return static_cast<double>(c10::multiply_integers(sizes)); }

/// Output positions of a convolution, times twice the weights that each one needs.
double convolution(const at::Tensor& input, const at::Tensor& weight, at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed) {
    const double each = 2 * product(weight.sizes()) / static_cast<double>(weight.size(0));
    if (transposed) return each * product(input.sizes());
    double positions = static_cast<double>(input.size(0) * weight.size(0));
    const auto along = [](at::IntArrayRef list, std::size_t i) { return list.size() == 1 ? list[0] : list[i]; };
    for (std::int64_t axis = 2; axis < input.dim(); ++axis) {
        const auto i = static_cast<std::size_t>(axis - 2);
        positions *= static_cast<double>((input.size(axis) + 2 * along(padding, i) - along(dilation, i) * (weight.size(axis) - 1) - 1) / along(stride, i) + 1);
    }
    return each * positions;
}

/// [..., n, k] by [..., k, m]
double matrix_product(const at::Tensor& a, const at::Tensor& b) { return 2 * product(a.sizes()) * static_cast<double>(b.size(-1)); }

std::unique_ptr<at::ObserverContext> observe(const at::RecordFunction& call) {
    const std::string_view name = call.name();
    const auto in = call.inputs();
    if (name == "aten::convolution") {
        flops += convolution(in[0].toTensor(), in[1].toTensor(), in[3].toIntVector(), in[4].toIntVector(), in[5].toIntVector(), in[6].toBool());
    } else if (name == "aten::convolution_backward") {
        const auto mask = in[10].toBoolList();
        const double one = convolution(in[1].toTensor(), in[2].toTensor(), in[4].toIntVector(), in[5].toIntVector(), in[6].toIntVector(), in[7].toBool());
        flops += one * ((mask[0] ? 1 : 0) + (mask[1] ? 1 : 0));
    } else if (name == "aten::mm" || name == "aten::bmm") {
        flops += matrix_product(in[0].toTensor(), in[1].toTensor());
    } else if (name == "aten::addmm" || name == "aten::baddbmm") {
        flops += matrix_product(in[1].toTensor(), in[2].toTensor());
    } else if (name == "aten::_scaled_dot_product_flash_attention_for_cpu") {
        flops += 2 * matrix_product(in[0].toTensor(), in[1].toTensor().transpose(-1, -2));
    } else if (name == "aten::_scaled_dot_product_flash_attention_for_cpu_backward") {
        flops += 5 * matrix_product(in[1].toTensor(), in[2].toTensor().transpose(-1, -2));  // its weights are made again
    }
    return nullptr;
}

/// The allocators report to it.
struct Tally : c10::MemoryReportingInfoBase {
    void reportMemoryUsage(void*, std::int64_t size, std::size_t, std::size_t, c10::Device) override {
        use.left += size;
        use.peak = std::max(use.peak, use.left);
    }
    [[nodiscard]] bool memoryProfilingEnabled() const override { return true; }
    MemoryUse use;
};

}  // namespace

double count_flops(const std::function<void()>& f) {
    flops = 0;
    const auto handle = at::addThreadLocalCallback(at::RecordFunctionCallback(observe).needsInputs(true).scopes({at::RecordScope::FUNCTION}));
    const at::RecordFunctionGuard enabled;
    try {
        f();
    } catch (...) {
        at::removeCallback(handle);
        throw;
    }
    at::removeCallback(handle);
    return flops;
}

MemoryUse count_memory(const std::function<void()>& f) {
    const auto tally = std::make_shared<Tally>();
    const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, tally);
    f();
    return tally->use;
}

Budget budget_of(const Learner& learner, const NamedTensors& parameters, const Recipe& recipe, torch::Device device, unsigned threads) {
    Budget b;
    b.shards = learner.shards;
    Tensors weights;
    for (const auto& [name, p] : parameters) {
        b.parameters += p.numel();
        weights.push_back(p);
    }
    Tensors drawn = learner.draw(0, 0), outputs;
    for (auto& t : drawn) t = t.to(device);
    const auto forward = [&] {
        const Autocast autocast(device, recipe.precision);
        outputs = learner.forward(drawn);
    };
    const auto backward = [&] {
        Tensors slopes;
        for (const auto& t : outputs) slopes.push_back(at::ones_like(t));
        torch::autograd::grad(outputs, weights, slopes, false, false, true);
    };
    const double forward_flops = count_flops(forward), backward_flops = count_flops(backward);
    outputs.clear();
    const MemoryUse kept = count_memory(forward);
    outputs.clear();
    const MemoryUse both = count_memory([&] {
        forward();
        backward();
        outputs.clear();
    });

    const bool again = recipe.accumulate > 1;
    const auto shards = static_cast<double>(learner.shards), weight = 4 * static_cast<double>(b.parameters);
    b.forward_flops = shards * forward_flops;
    b.step_flops = shards * ((again ? 2 : 1) * forward_flops + backward_flops);
    b.weight_bytes = weight * (recipe.validate_every > 0 ? 6 : 5);
    // In flight: shards on a thread each, or a part of the batch on a GPU.
    const double in_flight = device.is_cpu() ? std::min(shards, static_cast<double>(thread_count(threads))) : std::ceil(shards / static_cast<double>(recipe.accumulate));
    const auto peak = static_cast<double>(both.peak), left = static_cast<double>(kept.left);
    b.activation_bytes = in_flight * peak + (again ? 0 : std::max(0.0, shards - in_flight) * left);
    if (device.is_cpu()) b.activation_bytes += std::min(shards, in_flight) * weight;  // gradients that wait for their turn
    return b;
}

void say(const Budget& b, const Log& log) {
    const double mega = 1e6, giga = 1e9;
    log.note("{:.3f} million parameters; parts of a batch: {}", static_cast<double>(b.parameters) / mega, b.shards);
    log.note("a step: {:.2f} GFLOP forward, {:.2f} in all", b.forward_flops / giga, b.step_flops / giga);
    log.note("memory of tensors: {:.0f} MB of weights, gradients and moments, and {:.0f} MB more in a step", b.weight_bytes / mega, b.activation_bytes / mega);
}

}  // namespace lge::nn
