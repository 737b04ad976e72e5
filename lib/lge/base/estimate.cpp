#include "lge/base/estimate.hpp"

#include <cmath>

namespace lge {

Estimate wilson(std::uint64_t k, std::uint64_t n) {
    if (n == 0) return {};
    const double z = 1.959963984540054;  // the 97.5 % quantile of the normal distribution
    const double total = static_cast<double>(n), p = static_cast<double>(k) / total;
    const double scale = 1 + z * z / total;
    const double centre = (p + z * z / (2 * total)) / scale;
    const double half = z / scale * std::sqrt(p * (1 - p) / total + z * z / (4 * total * total));
    // At the ends the interval closes exactly, which rounding would miss.
    return {p, k == 0 ? 0 : centre - half, k == n ? 1 : centre + half};
}

}  // namespace lge
