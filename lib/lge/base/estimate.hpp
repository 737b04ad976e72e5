#pragma once
#include <cstdint>
#include <optional>

namespace lge {

/// A figure with the bounds of its 95 % interval; each is missing where it cannot be computed.
struct Estimate {
    std::optional<double> value, low, high;
};

/// Score interval of a proportion k of n at 95 % (Wilson, JASA 1927;22:209-212). Nothing inside when n is 0.
Estimate wilson(std::uint64_t k, std::uint64_t n);

}  // namespace lge
