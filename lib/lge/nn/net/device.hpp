#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace lge::nn {

/// Where networks run; automatic: on a GPU if the build and the machine have one.
enum class DeviceChoice : std::uint8_t { automatic, cpu, cuda };
constexpr std::array<std::pair<std::string_view, DeviceChoice>, 3> choices(DeviceChoice) {
    return {{{"auto", DeviceChoice::automatic}, {"cpu", DeviceChoice::cpu}, {"cuda", DeviceChoice::cuda}}};
}

/// Number type of convolutions and matrix products.
enum class Precision : std::uint8_t { bf16, fp32 };
constexpr std::array<std::pair<std::string_view, Precision>, 2> choices(Precision) { return {{{"bf16", Precision::bf16}, {"fp32", Precision::fp32}}}; }

}  // namespace lge::nn
