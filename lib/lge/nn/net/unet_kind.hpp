#pragma once
// The choices that a segmentation network is built by.
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::nn {

/// What its maps are brought to mean 0 and variance 1 over: each channel of each image alone, or groups of channels of
/// each image. Batch statistics do not carry over from synthetic to real images.
enum class NormKind : std::uint8_t { instance, group };
constexpr std::array<std::pair<std::string_view, NormKind>, 2> choices(NormKind) { return {{{"instance", NormKind::instance}, {"group", NormKind::group}}}; }

/// What it can tell beside classes: heat maps of the RV insertions, and how a slice was turned out of the canonical pose.
enum class Head : std::uint8_t { insertions, pose };
constexpr std::array<std::pair<std::string_view, Head>, 2> choices(Head) { return {{{"insertions", Head::insertions}, {"pose", Head::pose}}}; }
struct Heads {
    bool insertions = false, pose = false;
    [[nodiscard]] bool any() const { return insertions || pose; }
    [[nodiscard]] bool has(Head head) const { return head == Head::pose ? pose : insertions; }
    void add(Head head) { (head == Head::pose ? pose : insertions) = true; }
};

/// About 1, 6 and 25 million weights.
enum class NetworkSize : std::uint8_t { s, m, l };
constexpr std::array<std::pair<std::string_view, NetworkSize>, 3> choices(NetworkSize) { return {{{"s", NetworkSize::s}, {"m", NetworkSize::m}, {"l", NetworkSize::l}}}; }
/// Channels of the encoder's stages.
inline std::vector<std::int64_t> widths_of(NetworkSize size) {
    switch (size) {
        case NetworkSize::s: return {24, 48, 96, 128};
        case NetworkSize::m: return {48, 96, 192, 320};
        case NetworkSize::l: return {64, 128, 256, 512, 512};
    }
    return {};
}

}  // namespace lge::nn
