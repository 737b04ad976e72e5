#include "lge/nn/net/weights.hpp"

#include "lge/base/parallel.hpp"
#include "lge/nn/net/bert.hpp"
#include "lge/nn/net/strip.hpp"
#include "lge/nn/net/vit.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/cuda.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <set>

namespace lge::nn {

torch::Device prepare_torch(DeviceChoice device, unsigned threads) {
    at::set_num_threads(static_cast<int>(thread_count(threads)));
    at::globalContext().setDeterministicAlgorithms(true, true);
    at::globalContext().setDeterministicFillUninitializedMemory(false);
    const bool gpu = device != DeviceChoice::cpu && torch::cuda::is_available();
#ifdef LGE_WITH_CUDA
    constexpr const char* reason = "no CUDA device; wanted --device cpu or auto";
#else
    constexpr const char* reason = "this build's LibTorch has no CUDA half; wanted --device cpu or auto";
#endif
    if (device == DeviceChoice::cuda && !gpu) throw Error(ExitCode::unavailable, reason);
    if (gpu) {
        // Else the same step may give other bytes: cuBLAS reckons in an order of its own, and fp32 means 10 bits of mantissa.
        setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
        at::globalContext().setAllowTF32CuDNN(false);
        at::globalContext().setAllowTF32CuBLAS(false);
    }
    return gpu ? torch::Device(torch::kCUDA) : torch::Device(torch::kCPU);
}

void rethrow_torch_error() {
    try {
        throw;
    } catch (const c10::OutOfMemoryError&) {
        throw Error(ExitCode::unavailable, "out of memory on the device; a smaller --batch needs less");
    } catch (const c10::Error& e) {
        // LibTorch words a failed allocation on the CPU as a plain error.
        if (std::string_view(e.what_without_backtrace()).find("alloc") != std::string_view::npos)
            throw Error(ExitCode::unavailable, "out of memory; a smaller --batch needs less");
        throw Error(ExitCode::internal, fmt::format("the network failed: {}", std::string_view(e.what_without_backtrace()).substr(0, 200)));
    }
}

NamedTensors parameters_of(const torch::nn::Module& net) {
    NamedTensors named;
    for (const auto& entry : net.named_parameters()) named.emplace_back(entry.key(), entry.value());
    return named;
}

NamedTensors tensors_of(const torch::nn::Module& net) {
    NamedTensors named = parameters_of(net);
    for (const auto& entry : net.named_buffers())
        if (entry.value().is_floating_point()) named.emplace_back(entry.key(), entry.value());
    return named;
}

Bytes encode_tensors(const NamedTensors& tensors, std::map<std::string, std::string> metadata) {
    io::Safetensors file;
    file.metadata = std::move(metadata);
    std::vector<Tensor> alive;
    for (const auto& [name, tensor] : tensors) {
        alive.push_back(tensor.detach().to(torch::kCPU).contiguous());
        const Tensor& t = alive.back();
        file.tensors[name] = {"F32", t.sizes().vec(), {static_cast<const std::byte*>(t.const_data_ptr()), t.nbytes()}};
    }
    return io::encode_safetensors(file);
}

Tensor tensor_of(const io::Safetensors& file, const std::string& tensor, const std::string& name) {
    const auto found = file.tensors.find(tensor);
    if (found == file.tensors.end()) throw Error(ExitCode::bad_data, fmt::format("{}: no tensor {}", name, tensor));
    const io::TensorView& view = found->second;
    if (view.dtype != "F32" && view.dtype != "F16" && view.dtype != "BF16") throw Error(ExitCode::bad_data, fmt::format("{}: tensor {} is {}, wanted F32, F16 or BF16", name, tensor, view.dtype));
    Tensor t = at::empty(view.shape, view.dtype == "F32" ? torch::kFloat32 : view.dtype == "F16" ? torch::kFloat16 : torch::kBFloat16);
    std::memcpy(t.mutable_data_ptr(), view.bytes.data(), t.nbytes());
    return t.to(torch::kFloat32);
}

void put_tensor(Tensor& target, const Tensor& value, const std::string& tensor, const std::string& name) {
    torch::NoGradGuard no_grad;
    if (target.sizes() != value.sizes()) throw Error(ExitCode::bad_data, fmt::format("{}: tensor {} is [{}], wanted [{}]", name, tensor, fmt::join(value.sizes(), ","), fmt::join(target.sizes(), ",")));
    if (!value.isfinite().all().item<bool>()) throw Error(ExitCode::bad_data, fmt::format("{}: tensor {} holds a number that is not finite", name, tensor));
    target.copy_(value);
}

Tensor tensor_of(const io::Safetensors& file, const std::string& tensor, at::IntArrayRef shape, const std::string& name) {
    const auto found = file.tensors.find(tensor);
    if (found == file.tensors.end()) throw Error(ExitCode::bad_data, fmt::format("{}: no tensor {}", name, tensor));
    const io::TensorView& view = found->second;
    if (view.dtype != "F32" || at::IntArrayRef(view.shape) != shape)
        throw Error(ExitCode::bad_data, fmt::format("{}: tensor {} is {} [{}], wanted F32 [{}]", name, tensor, view.dtype, fmt::join(view.shape, ","), fmt::join(shape, ",")));
    Tensor t = at::empty(shape, torch::kFloat32);
    std::memcpy(t.mutable_data_ptr(), view.bytes.data(), t.nbytes());
    return t;
}

void load_parameters(torch::nn::Module& net, const io::Safetensors& file, const std::string& prefix, const std::string& name) {
    for (auto& [key, target] : tensors_of(net)) {
        Tensor own = target;
        put_tensor(own, tensor_of(file, prefix + key, own.sizes(), name), prefix + key, name);
    }
}

std::string parts_of(const std::vector<std::string>& tensors) {
    std::set<std::string> parts;
    for (const auto& tensor : tensors) parts.insert(tensor.substr(0, tensor.find('.')));
    return parts.empty() ? "none" : fmt::format("{}", fmt::join(parts, ", "));
}

std::string load_start(torch::nn::Module& net, const io::Safetensors& file, const std::string& name) {
    std::vector<std::string> loaded, anew, left_out;
    for (auto& [tensor, target] : tensors_of(net)) {
        if (file.tensors.contains(tensor)) put_tensor(target, tensor_of(file, tensor, name), tensor, name);
        (file.tensors.contains(tensor) ? loaded : anew).push_back(tensor);
    }
    if (loaded.empty()) throw Error(ExitCode::bad_data, name + ": no tensor of this network");
    for (const auto& [tensor, view] : file.tensors)
        if (std::find(loaded.begin(), loaded.end(), tensor) == loaded.end()) left_out.push_back(tensor);
    return fmt::format("{} tensors; anew: {}; left out: {}", loaded.size(), parts_of(anew), parts_of(left_out));
}

std::shared_ptr<UNet> make_unet(const Description& d) { return std::make_shared<UNet>(d.widths, static_cast<std::int64_t>(d.labels.size()), d.norm, d.heads); }

std::shared_ptr<AlignNet> make_align_net(const Description& d) {
    std::shared_ptr<VisionTower> tower;
    if (d.input == InputKind::strip) tower = std::make_shared<StripTower>(strip_channels, strip_rows, strip_angles, d.embedding);
    else if (d.tower == Tower::unet) tower = std::make_shared<ImageTower>(d.widths, d.norm, static_cast<std::int64_t>(d.size), d.embedding);
    else tower = std::make_shared<ViTTower>(vit_shape(d.tower), static_cast<std::int64_t>(d.size), d.embedding);
    const auto vocabulary = static_cast<std::int64_t>(d.tokenizer.size());
    std::shared_ptr<CaptionDecoder> writer;
    if (d.decoder_layers > 0) writer = std::make_shared<CaptionDecoder>(vocabulary, d.text_length, d.decoder_layers, d.embedding, tower->token_width);
    std::shared_ptr<TextEncoder> reader;
    if (d.bert) reader = std::make_shared<BertTower>(*d.bert, d.embedding, !d.bert->frozen);
    else reader = std::make_shared<TextTower>(vocabulary, d.text_length, d.text_layers, d.embedding);
    auto net = std::make_shared<AlignNet>(std::move(tower), std::move(reader), std::move(writer), d.embedding);
    if (d.contrast == Contrast::sigmoid) {
        // Among the batch's sentences about as many are true of an image as are not, so that SigLIP's low start is not wanted.
        net->contrast_offset = net->register_parameter("contrast_offset", torch::zeros({}));
        net->log_scale.data().fill_(std::log(10.0));
    }
    return net;
}

}  // namespace lge::nn
