#pragma once
#include <compare>
#include <numbers>

namespace lge {

/// A number that carries what it counts. Two tags never mix without a named conversion.
template <class Rep, class Tag>
struct Quantity {
    Rep value{};
    constexpr Quantity() = default;
    constexpr explicit Quantity(Rep v) : value(v) {}
    constexpr auto operator<=>(const Quantity&) const = default;
    constexpr Quantity operator+(Quantity o) const { return Quantity{value + o.value}; }
    constexpr Quantity operator-(Quantity o) const { return Quantity{value - o.value}; }
    constexpr Quantity operator*(Rep s) const { return Quantity{value * s}; }
};

using Mm = Quantity<double, struct MmTag>;
using Ms = Quantity<double, struct MsTag>;
using Degrees = Quantity<double, struct DegreesTag>;
using Radians = Quantity<double, struct RadiansTag>;

constexpr Radians to_radians(Degrees d) { return Radians{d.value * std::numbers::pi / 180.0}; }
constexpr Degrees to_degrees(Radians r) { return Degrees{r.value * 180.0 / std::numbers::pi}; }

}  // namespace lge
