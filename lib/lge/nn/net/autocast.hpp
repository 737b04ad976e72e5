#pragma once
// For use inside nn and its tests.
#include "lge/nn/net/device.hpp"

#include <ATen/autocast_mode.h>
#include <ATen/cpu/Utils.h>

namespace lge::nn {

/// Whether a device gains from bf16: LibTorch has no fast kernels of it for a CPU without AVX-512, which is many times slower than with fp32.
inline bool has_bf16(c10::DeviceType type) { return type != at::kCPU || at::cpu::is_avx512_vnni_supported(); }

/// Mixed precision on this thread while it lives: convolutions and matrix products in bf16 where the device has it, weights stay as
/// they are.
class Autocast {
public:
    Autocast(c10::Device device, Precision precision) : type_(device.type()), was_(at::autocast::is_autocast_enabled(type_)) {
        at::autocast::set_autocast_dtype(type_, at::kBFloat16);
        at::autocast::set_autocast_enabled(type_, precision == Precision::bf16 && has_bf16(type_));
    }
    ~Autocast() {
        at::autocast::clear_cache();
        at::autocast::set_autocast_enabled(type_, was_);
    }
    Autocast(const Autocast&) = delete;
    Autocast& operator=(const Autocast&) = delete;

private:
    at::DeviceType type_;
    bool was_;
};

}  // namespace lge::nn
