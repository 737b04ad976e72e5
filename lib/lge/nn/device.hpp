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

}  // namespace lge::nn
