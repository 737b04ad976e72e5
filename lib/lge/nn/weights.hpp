#pragma once
// Networks in files, and LibTorch's set-up. For use inside nn and its tests.
#include "lge/nn/align_net.hpp"
#include "lge/nn/device.hpp"
#include "lge/nn/model.hpp"

#include <memory>
#include <new>

namespace lge::nn {

/// The device that was asked for; unavailable when there is no such device. Sets the number of threads, and
/// deterministic algorithms.
torch::Device prepare_torch(DeviceChoice device, unsigned threads);

/// Runs `f` and turns what LibTorch throws into lge::Error: unavailable when memory is short, else internal.
template <class F>
auto guard_torch(F f) -> decltype(f());

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;
/// Parameters by name, in the module's order.
NamedTensors parameters_of(const torch::nn::Module& net);
/// A safetensors file of the tensors (float32 or int64, brought to the CPU).
Bytes encode_tensors(const NamedTensors& tensors, std::map<std::string, std::string> metadata);
/// A copy; bad_data "FILE: no tensor NAME" and the like when it is missing or not float32 of the wanted shape.
Tensor tensor_of(const io::Safetensors& file, const std::string& tensor, at::IntArrayRef shape, const std::string& name);
/// Fills every parameter of `net` with the tensor of its name behind `prefix`.
void load_parameters(torch::nn::Module& net, const io::Safetensors& file, const std::string& prefix, const std::string& name);

std::shared_ptr<UNet> make_unet(const Description& d);
std::shared_ptr<AlignNet> make_align_net(const Description& d);

[[noreturn]] void rethrow_torch_error();
template <class F>
auto guard_torch(F f) -> decltype(f()) {
    try {
        return f();
    } catch (const Error&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception&) {
        rethrow_torch_error();
    }
}

}  // namespace lge::nn
