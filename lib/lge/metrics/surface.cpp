#include "lge/metrics/surface.hpp"

#include "lge/metrics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace lge::metrics {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double rounding_mm = 1e-9;

/// Minima of parabolas along lines, with memory that lines share.
class Parabolas {
public:
    Parabolas(std::size_t longest, double spacing)
        : scale_(spacing * spacing), apex_(longest), height_(longest), from_(longest + 1), half_inverse_(longest), line_(longest + 2 * reach, infinity) {
        for (std::size_t d = 1; d < longest; ++d) half_inverse_[d] = 0.5 / static_cast<double>(d);
        for (std::size_t d = 0; d <= reach; ++d) square_[d] = scale_ * static_cast<double>(d * d);
    }

    /// f[i * stride] becomes min over q of f[q * stride] + (spacing (i - q))^2 where wanted[i * wanted_stride] is not 0; elsewhere it
    /// is left or becomes that.
    void run(double* f, std::size_t n, std::size_t stride, const std::uint8_t* wanted, std::size_t wanted_stride) {
        double* const line = line_.data() + reach;
        double greatest = 0;
        for (std::size_t i = 0; i < n; ++i) {
            line[i] = f[i * stride];
            if (wanted[i * wanted_stride]) greatest = std::max(greatest, line[i]);
        }
        std::fill_n(line + n, reach, infinity);
        if (greatest > square_[reach]) {
            envelope(line, n);
            emit(f, n, stride);
            return;
        }
        // Everything wanted is near: look to both sides until no parabola can be lower.
        for (std::size_t i = 0; i < n; ++i) {
            if (!wanted[i * wanted_stride]) continue;
            const double* const here = line + i;
            double best = *here;
            for (std::ptrdiff_t d = 1; square_[static_cast<std::size_t>(d)] < best; ++d)
                best = std::min(best, std::min(here[-d], here[d]) + square_[static_cast<std::size_t>(d)]);
            f[i * stride] = best;
        }
    }

private:
    static constexpr std::size_t reach = 16;

    /// Which parabola is lowest from where on.
    void envelope(const double* line, std::size_t n) {
        const double inverse = 1 / scale_;
        count_ = 0;
        for (std::size_t q = 0; q < n; ++q) {
            if (line[q] == infinity) continue;
            // With heights value / scale + q^2, the borders of two parabolas p < q lie at (h_q - h_p) / (2 (q - p)).
            const double x = static_cast<double>(q), height = line[q] * inverse + x * x;
            double start = -infinity;
            while (count_ > 0) {
                start = (height - height_[count_ - 1]) * half_inverse_[q - apex_[count_ - 1]];
                if (start > from_[count_ - 1]) break;
                --count_;
                start = -infinity;
            }
            apex_[count_] = q;
            height_[count_] = height;
            from_[count_++] = start;
        }
        if (count_ > 0) from_[count_] = infinity;
    }

    void emit(double* f, std::size_t n, std::size_t stride) const {
        const double* const line = line_.data() + reach;
        for (std::size_t i = 0, at = 0; i < n && count_ > 0; ++i) {
            while (from_[at + 1] < static_cast<double>(i)) ++at;
            const double d = static_cast<double>(i) - static_cast<double>(apex_[at]);
            f[i * stride] = line[apex_[at]] + scale_ * d * d;
        }
    }

    double scale_;
    std::size_t count_ = 0;
    std::vector<std::size_t> apex_;
    std::vector<double> height_, from_, half_inverse_, line_;  // line_: with `reach` infinite values before and behind
    std::array<double, reach + 1> square_{};
};

/// Squared distances along each row to the nearest voxel of that row.
void scan_rows(const Mask& mask, double* f) {
    const std::size_t n = mask.shape[0], rows = mask.shape[1] * mask.shape[2];
    std::vector<double> square(n + 1);
    for (std::size_t d = 0; d <= n; ++d) square[d] = mask.spacing[0] * mask.spacing[0] * static_cast<double>(d) * static_cast<double>(d);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::uint8_t* inside = mask.voxels.data() + row * n;
        double* out = f + row * n;
        const std::uint8_t* const first = std::find(inside, inside + n, 1);
        if (first == inside + n) {
            std::fill(out, out + n, infinity);
            continue;
        }
        const auto start = static_cast<std::size_t>(first - inside);
        for (std::size_t i = 0; i < start; ++i) out[i] = square[start - i];
        std::size_t last = start;
        out[start] = 0;
        for (std::size_t i = start + 1; i < n; ++i) {
            if (!inside[i]) {
                out[i] = square[i - last];
                continue;
            }
            for (std::size_t back = (last + i) / 2 + 1; back < i; ++back) out[back] = square[i - back];
            out[i] = 0;
            last = i;
        }
    }
}

bool is_empty(const Mask& m) { return std::find(m.voxels.begin(), m.voxels.end(), 1) == m.voxels.end(); }

/// What is measured of one part.
struct Samples {
    std::vector<double> from_a, from_b;  // distances of border voxels to the other border, mm
    std::uint64_t rims_both = 0, rims_either = 0;
};

/// The quantile q, as quantile() gives it for sorted values; reorders them.
double take_quantile(std::vector<double>& values, double q) {
    const double at = q * static_cast<double>(values.size() - 1);
    const auto below = values.begin() + static_cast<std::ptrdiff_t>(at);
    std::nth_element(values.begin(), below, values.end());
    const double low = *below, high = below + 1 == values.end() ? low : *std::min_element(below + 1, values.end());
    return low + (at - std::floor(at)) * (high - low);
}

double sum_of(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0); }

double mean_of(const std::vector<double>& v) { return sum_of(v) / static_cast<double>(v.size()); }

std::optional<SurfaceDistances> figures_of(Samples& s, const SurfaceSettings& settings) {
    if (s.from_a.empty() || s.from_b.empty()) return std::nullopt;
    SurfaceDistances d;
    d.hd_mm = std::max(*std::max_element(s.from_a.begin(), s.from_a.end()), *std::max_element(s.from_b.begin(), s.from_b.end()));
    d.masd_mm = (mean_of(s.from_a) + mean_of(s.from_b)) / 2;
    const double n = static_cast<double>(s.from_a.size() + s.from_b.size());
    d.assd_mm = (sum_of(s.from_a) + sum_of(s.from_b)) / n;
    const auto within = [&](const std::vector<double>& v) {
        return std::count_if(v.begin(), v.end(), [limit = settings.tolerance.value + rounding_mm](double x) { return x <= limit; });
    };
    d.surface_dice = static_cast<double>(within(s.from_a) + within(s.from_b)) / n;
    d.boundary_iou = static_cast<double>(s.rims_both) / static_cast<double>(s.rims_either);
    if (settings.hd95 == Hd95::pooled) {
        s.from_a.insert(s.from_a.end(), s.from_b.begin(), s.from_b.end());
        d.hd95_mm = take_quantile(s.from_a, 0.95);
    } else {
        const double a = take_quantile(s.from_a, 0.95), b = take_quantile(s.from_b, 0.95);
        d.hd95_mm = settings.hd95 == Hd95::max ? std::max(a, b) : (a + b) / 2;
    }
    return d;
}

}  // namespace

Array<double> squared_distance(const Mask& mask, std::span<const std::uint8_t> wanted) {
    Array<double> f(mask.voxels.size());
    scan_rows(mask, f.data());
    const auto [nx, ny, nz] = mask.shape;
    const std::size_t plane = nx * ny;
    // A column (i, j) matters in all slices when any of its voxels does.
    std::vector<std::uint8_t> columns(plane, wanted.empty());
    for (std::size_t v = 0; v < wanted.size(); v += plane)
        for (std::size_t c = 0; c < plane; ++c) columns[c] = static_cast<std::uint8_t>(columns[c] | wanted[v + c]);
    if (ny > 1) {
        Parabolas parabolas(ny, mask.spacing[1]);
        for (std::size_t k = 0; k < nz; ++k)
            for (std::size_t i = 0; i < nx; ++i) parabolas.run(f.data() + k * plane + i, ny, nx, columns.data() + i, nx);
    }
    if (nz > 1) {
        Parabolas parabolas(nz, mask.spacing[2]);
        for (std::size_t c = 0; c < plane; ++c)
            if (columns[c]) parabolas.run(f.data() + c, nz, plane, wanted.empty() ? &columns[c] : &wanted[c], wanted.empty() ? 0 : plane);
    }
    return f;
}

Mask border(const Mask& mask) {
    Mask out = mask;
    const auto [nx, ny, nz] = mask.shape;
    const std::vector<std::uint8_t> outside(nx, 0);
    for (std::size_t k = 0; k < nz; ++k)
        for (std::size_t j = 0; j < ny; ++j) {
            const std::size_t at = (k * ny + j) * nx;
            const std::uint8_t* row = mask.voxels.data() + at;
            // Along an axis of length 1 the row is its own neighbour, which changes nothing.
            const auto neighbour = [&](std::size_t index, std::size_t count, std::size_t stride, bool next) {
                if (count == 1) return row;
                if (next ? index + 1 == count : index == 0) return outside.data();
                return next ? row + stride : row - stride;
            };
            const std::uint8_t *up = neighbour(j, ny, nx, false), *down = neighbour(j, ny, nx, true);
            const std::uint8_t *below = neighbour(k, nz, nx * ny, false), *above = neighbour(k, nz, nx * ny, true);
            std::uint8_t* to = out.voxels.data() + at;
            const auto put = [&](std::size_t i, std::uint8_t sides) {
                to[i] = static_cast<std::uint8_t>(row[i] & ~(up[i] & down[i] & below[i] & above[i] & sides));
            };
            if (nx == 1) {
                put(0, 1);
                continue;
            }
            put(0, 0);
            for (std::size_t i = 1; i + 1 < nx; ++i) put(i, row[i - 1] & row[i + 1]);
            put(nx - 1, 0);
        }
    return out;
}

std::vector<std::optional<SurfaceDistances>> surface_distances(const Mask& a, const Mask& b, const SurfaceSettings& settings,
                                                               std::span<const std::uint8_t> part, std::size_t parts) {
    std::vector<std::optional<SurfaceDistances>> found(parts);
    if (is_empty(a) || is_empty(b)) return found;
    const Mask border_a = border(a), border_b = border(b);
    Array<std::uint8_t> either(a.voxels.size());
    for (std::size_t v = 0; v < either.size(); ++v) either[v] = static_cast<std::uint8_t>(a.voxels[v] | b.voxels[v]);
    const auto to_a = squared_distance(border_a, either), to_b = squared_distance(border_b, either);
    std::vector<Samples> samples(parts);
    const double width = settings.boundary.value + rounding_mm, rim = width * width;
    for (std::size_t v = 0; v < a.voxels.size(); ++v) {
        if (!either[v]) continue;
        Samples& s = samples[part.empty() ? 0 : part[v]];
        if (border_a.voxels[v]) s.from_a.push_back(std::sqrt(to_b[v]));
        if (border_b.voxels[v]) s.from_b.push_back(std::sqrt(to_a[v]));
        const bool rim_a = a.voxels[v] && to_a[v] <= rim, rim_b = b.voxels[v] && to_b[v] <= rim;
        s.rims_both += rim_a && rim_b;
        s.rims_either += rim_a || rim_b;
    }
    for (std::size_t p = 0; p < parts; ++p) found[p] = figures_of(samples[p], settings);
    return found;
}

std::optional<SurfaceDistances> surface_distances(const Mask& a, const Mask& b, const SurfaceSettings& settings) {
    return surface_distances(a, b, settings, {}, 1).front();
}

}  // namespace lge::metrics
