#pragma once
// IEEE binary16.
#include <bit>
#include <cstdint>

namespace lge::io {

/// The largest finite half.
constexpr float half_max = 65504.0F;

/// Rounds to nearest, ties to even; 65520 and above, and NaN, become infinite. Without branches, so that loops over it
/// are vectorised.
constexpr std::uint16_t to_half(float f) {
    const auto bits = std::bit_cast<std::uint32_t>(f);
    const auto magnitude = static_cast<std::int32_t>(bits & 0x7fffffffU);
    const std::int32_t normal = (magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1)) >> 13;
    // The last bits of the sum are those of a subnormal half, rounded by the addition itself.
    const std::int32_t subnormal = std::bit_cast<std::int32_t>(std::bit_cast<float>(magnitude) + 0.5F) - 0x3f000000;
    const std::int32_t finite = magnitude < 0x38800000 ? subnormal : normal;
    return static_cast<std::uint16_t>((bits >> 16 & 0x8000U) | static_cast<std::uint32_t>(magnitude < 0x477ff000 ? finite : 0x7c00));
}

constexpr float from_half(std::uint16_t h) {
    const std::uint32_t sign = (h & 0x8000U) << 16U, rest = h & 0x7fffU;
    if (rest >= 0x7c00U) return std::bit_cast<float>(sign | 0x7f800000U | (rest & 0x3ffU) << 13U);
    if (rest >= 0x400U) return std::bit_cast<float>(sign | ((rest << 13U) + 0x38000000U));
    const float tiny = static_cast<float>(rest) * 0x1p-24F;
    return sign != 0 ? -tiny : tiny;
}

}  // namespace lge::io
