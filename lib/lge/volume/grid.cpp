#include "lge/volume/grid.hpp"

#include "lge/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lge::volume {

double length(Vec3 a) { return std::sqrt(dot(a, a)); }
Vec3 unit(Vec3 a) {
    const double n = length(a);
    return n > 0 ? a * (1 / n) : a;
}

Vec3 Affine::operator()(Vec3 p) const {
    Vec3 out;
    for (std::size_t r = 0; r < 3; ++r) out[r] = rows[4 * r] * p[0] + rows[4 * r + 1] * p[1] + rows[4 * r + 2] * p[2] + rows[4 * r + 3];
    return out;
}
Vec3 Affine::column(int c) const {
    const auto i = static_cast<std::size_t>(c);
    return {rows[i], rows[4 + i], rows[8 + i]};
}
void Affine::set_column(int c, Vec3 v) {
    for (std::size_t r = 0; r < 3; ++r) rows[4 * r + static_cast<std::size_t>(c)] = v[r];
}
double Affine::determinant() const { return dot(column(0), cross(column(1), column(2))); }

Affine Affine::inverse() const {
    const double det = determinant();
    if (!std::isfinite(det) || det == 0) throw Error(ExitCode::bad_data, "affine is singular");
    const Vec3 a = column(0), b = column(1), c = column(2), t = column(3);
    const Vec3 r0 = cross(b, c) * (1 / det), r1 = cross(c, a) * (1 / det), r2 = cross(a, b) * (1 / det);
    return {{r0[0], r0[1], r0[2], -dot(r0, t), r1[0], r1[1], r1[2], -dot(r1, t), r2[0], r2[1], r2[2], -dot(r2, t)}};
}
Affine operator*(const Affine& a, const Affine& b) {
    Affine out;
    const Vec3 origin = a({0, 0, 0});
    for (int c = 0; c < 3; ++c) out.set_column(c, a(b.column(c)) - origin);
    out.set_column(3, a(b.column(3)));
    return out;
}

Vec3 Grid::spacing() const { return {length(index_to_lps.column(0)), length(index_to_lps.column(1)), length(index_to_lps.column(2))}; }
double Grid::voxel_volume_mm3() const { return std::abs(index_to_lps.determinant()); }

std::optional<std::string> difference(const Grid& found, const Grid& wanted, Mm tolerance) {
    if (found.shape != wanted.shape)
        return fmt::format("size {}x{}x{}, wanted {}x{}x{}", found.shape[0], found.shape[1], found.shape[2],
                           wanted.shape[0], wanted.shape[1], wanted.shape[2]);
    const Vec3 s = found.spacing(), t = wanted.spacing();
    for (std::size_t a = 0; a < 3; ++a) {
        const double extent = static_cast<double>(std::max<std::size_t>(wanted.shape[a], 2) - 1);
        if (!(std::abs(s[a] - t[a]) * extent <= tolerance.value))
            return fmt::format("spacing {:.6g} mm along axis {}, wanted {:.6g} mm", s[a], a, t[a]);
    }
    double worst = 0;
    for (unsigned corner = 0; corner < 8; ++corner) {
        Vec3 p;
        for (std::size_t a = 0; a < 3; ++a) p[a] = (corner >> a & 1U) ? static_cast<double>(wanted.shape[a]) - 1 : 0;
        const double d = length(found.index_to_lps(p) - wanted.index_to_lps(p));
        if (!(d <= worst)) worst = d;
    }
    if (worst <= tolerance.value) return std::nullopt;
    return fmt::format("position or direction: a corner lies {:.4g} mm away, wanted at most {:.4g} mm", worst, tolerance.value);
}

AffineFault check(const Affine& a) {
    if (!std::all_of(a.rows.begin(), a.rows.end(), [](double v) { return std::isfinite(v); })) return AffineFault::not_finite;
    const Vec3 x = unit(a.column(0)), y = unit(a.column(1)), z = unit(a.column(2));
    if (std::abs(dot(x, cross(y, z))) < 1e-6) return AffineFault::singular;
    // 1e-3 is 0.06 degrees: float rounding in headers stays below it, a gantry tilt does not.
    if (std::max({std::abs(dot(x, y)), std::abs(dot(y, z)), std::abs(dot(x, z))}) > 1e-3) return AffineFault::sheared;
    return AffineFault::none;
}

}  // namespace lge::volume
