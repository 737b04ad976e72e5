#include "lge/metrics/surface.hpp"

#include "lge/metrics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace lge::metrics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The lower envelope of parabolas along one line, with memory that lines share.
class Envelope {
public:
    Envelope(std::size_t longest, double spacing) : scale_(spacing * spacing), value_(longest), from_(longest + 1), apex_(longest) {}

    /// f[i * stride] becomes min over q of f[q * stride] + (spacing (i - q))^2.
    void run(double* f, std::size_t n, std::size_t stride) {
        std::size_t count = 0;
        for (std::size_t q = 0; q < n; ++q) {
            const double height = f[q * stride];
            value_[q] = height;
            if (height == infinity) continue;
            double start = -infinity;
            while (count > 0) {
                const std::size_t p = apex_[count - 1];
                const double x = static_cast<double>(q), y = static_cast<double>(p);
                start = ((height - value_[p]) / scale_ + x * x - y * y) / (2 * (x - y));
                if (start > from_[count - 1]) break;
                --count;
                start = -infinity;
            }
            apex_[count] = q;
            from_[count++] = start;
        }
        if (count == 0) return;
        from_[count] = infinity;
        std::size_t at = 0;
        for (std::size_t i = 0; i < n; ++i) {
            while (from_[at + 1] < static_cast<double>(i)) ++at;
            const double d = static_cast<double>(i) - static_cast<double>(apex_[at]);
            f[i * stride] = value_[apex_[at]] + scale_ * d * d;
        }
    }

private:
    double scale_;
    std::vector<double> value_, from_;
    std::vector<std::size_t> apex_;
};

std::array<std::size_t, 3> strides(const std::array<std::size_t, 3>& shape) { return {1, shape[0], shape[0] * shape[1]}; }

/// Distances of the voxels of `from` to the nearest of `to`, added to `all`.
void collect(const Mask& from, const Mask& to, std::vector<double>& all) {
    const auto squared = squared_distance(to);
    for (std::size_t v = 0; v < from.voxels.size(); ++v)
        if (from.voxels[v]) all.push_back(std::sqrt(squared[v]));
}

bool is_empty(const Mask& m) { return std::find(m.voxels.begin(), m.voxels.end(), 1) == m.voxels.end(); }

}  // namespace

Array<double> squared_distance(const Mask& mask) {
    Array<double> f(mask.voxels.size());
    std::transform(mask.voxels.begin(), mask.voxels.end(), f.begin(), [](std::uint8_t inside) { return inside ? 0.0 : infinity; });
    const auto stride = strides(mask.shape);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::size_t n = mask.shape[axis];
        if (n < 2) continue;
        Envelope envelope(n, mask.spacing[axis]);
        for (std::size_t v = 0; v < f.size(); ++v)
            if (v / stride[axis] % n == 0) envelope.run(f.data() + v, n, stride[axis]);
    }
    return f;
}

Mask border(const Mask& mask) {
    Mask out = mask;
    const auto stride = strides(mask.shape);
    for (std::size_t v = 0; v < mask.voxels.size(); ++v) {
        if (!mask.voxels[v]) continue;
        bool inner = true;
        for (std::size_t axis = 0; axis < 3 && inner; ++axis) {
            const std::size_t n = mask.shape[axis], at = v / stride[axis] % n;
            inner = n == 1 || (at > 0 && at + 1 < n && mask.voxels[v - stride[axis]] && mask.voxels[v + stride[axis]]);
        }
        if (inner) out.voxels[v] = 0;
    }
    return out;
}

std::optional<SurfaceDistances> surface_distances(const Mask& a, const Mask& b, Mm tolerance) {
    if (is_empty(a) || is_empty(b)) return std::nullopt;
    const Mask border_a = border(a), border_b = border(b);
    std::vector<double> all;
    collect(border_a, border_b, all);
    collect(border_b, border_a, all);
    std::sort(all.begin(), all.end());
    const auto n = static_cast<double>(all.size());
    const auto within = std::upper_bound(all.begin(), all.end(), tolerance.value) - all.begin();
    return SurfaceDistances{all.back(), quantile(all, 0.95), std::accumulate(all.begin(), all.end(), 0.0) / n, static_cast<double>(within) / n};
}

}  // namespace lge::metrics
