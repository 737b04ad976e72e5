#pragma once
// Networks in files, and LibTorch's set-up. For use inside nn and its tests.
#include "lge/nn/net/align_net.hpp"
#include "lge/nn/net/device.hpp"
#include "lge/nn/net/model.hpp"

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
/// What its model file holds: the parameters, and weights that are kept as they came (buffers of real numbers).
NamedTensors tensors_of(const torch::nn::Module& net);
/// A copy in single precision; bad_data "FILE: no tensor NAME" and the like when it is missing or not of real numbers of at
/// most 32 bits.
Tensor tensor_of(const io::Safetensors& file, const std::string& tensor, const std::string& name);
/// The same where the file must hold float32 of the shape.
Tensor tensor_of(const io::Safetensors& file, const std::string& tensor, at::IntArrayRef shape, const std::string& name);
/// Copies `value` into the weight `target`; bad_data when its shape is another or a number is not finite.
void put_tensor(Tensor& target, const Tensor& value, const std::string& tensor, const std::string& name);
/// Fills every tensor of `net` (tensors_of) with that of its name behind `prefix`.
void load_parameters(torch::nn::Module& net, const io::Safetensors& file, const std::string& prefix, const std::string& name);

/// Fills those tensors of `net` that the file holds; gives what was loaded, which parts of the net start anew and which of the
/// file are left out. bad_data where a shape is another or nothing fits.
std::string load_start(torch::nn::Module& net, const io::Safetensors& file, const std::string& name);
/// The parts that tensors belong to, "encoder" of "encoder.0.weight", joined by commas; "none" without any.
std::string parts_of(const std::vector<std::string>& tensors);

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
