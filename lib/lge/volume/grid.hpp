#pragma once
#include "lge/base/array.hpp"
#include "lge/base/units.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace lge::volume {

using Vec3 = std::array<double, 3>;

constexpr Vec3 operator+(Vec3 a, Vec3 b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2]}; }
constexpr Vec3 operator-(Vec3 a, Vec3 b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
constexpr Vec3 operator*(Vec3 a, double s) { return {a[0] * s, a[1] * s, a[2] * s}; }
constexpr double dot(Vec3 a, Vec3 b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
constexpr Vec3 cross(Vec3 a, Vec3 b) {
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
double length(Vec3 a);
/// `a` at length 1; {0,0,0} stays.
Vec3 unit(Vec3 a);

/// An affine map of 3-space, as the upper three rows of a 4x4 matrix, row by row.
struct Affine {
    std::array<double, 12> rows{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};

    [[nodiscard]] Vec3 operator()(Vec3 p) const;
    /// Column 0-2: where an index axis points, with its length; column 3: where the origin goes.
    [[nodiscard]] Vec3 column(int c) const;
    void set_column(int c, Vec3 v);
    /// Of the 3x3 part.
    [[nodiscard]] double determinant() const;
    /// Throws bad_data when it is singular or not finite.
    [[nodiscard]] Affine inverse() const;
    bool operator==(const Affine&) const = default;
};
/// First `b`, then `a`.
Affine operator*(const Affine& a, const Affine& b);

/// The lattice of a volume: index (i, j, k), i fastest, to LPS mm of the patient (DICOM's axes: left, posterior, superior).
struct Grid {
    std::array<std::size_t, 3> shape{};
    Affine index_to_lps;

    [[nodiscard]] std::size_t voxel_count() const { return shape[0] * shape[1] * shape[2]; }
    /// Distance of neighbours along each index axis, mm.
    [[nodiscard]] Vec3 spacing() const;
    [[nodiscard]] double voxel_volume_mm3() const;
    bool operator==(const Grid&) const = default;
};

/// What keeps two grids from being the same, in words ("spacing 1.4 mm, wanted 1.5 mm"), or nothing when every corner
/// of `found` lies within `tolerance` of the corner of `wanted`.
std::optional<std::string> difference(const Grid& found, const Grid& wanted, Mm tolerance);

/// Index axes at right angles, none of length 0, all numbers finite.
enum class AffineFault { none, not_finite, singular, sheared };
AffineFault check(const Affine& a);

/// One k-plane, seen in place; rows of `width` pixels. Value semantics of a pointer.
template <class T>
struct Slice {
    T* pixels = nullptr;
    std::size_t width = 0, height = 0;
    [[nodiscard]] T& operator()(std::size_t x, std::size_t y) const { return pixels[y * width + x]; }
    [[nodiscard]] std::size_t size() const { return width * height; }
    [[nodiscard]] std::span<T> span() const { return {pixels, size()}; }
    [[nodiscard]] bool inside(std::ptrdiff_t x, std::ptrdiff_t y) const {
        return x >= 0 && y >= 0 && static_cast<std::size_t>(x) < width && static_cast<std::size_t>(y) < height;
    }
    operator Slice<const T>() const { return {pixels, width, height}; }
};

/// Voxels on a grid, i fastest.
template <class T>
struct Volume {
    Grid grid;
    Array<T> voxels;

    Volume() = default;
    /// Voxels unset.
    explicit Volume(const Grid& g) : grid(g), voxels(g.voxel_count()) {}
    Volume(const Grid& g, T value) : grid(g), voxels(g.voxel_count(), value) {}

    [[nodiscard]] T& operator()(std::size_t i, std::size_t j, std::size_t k) { return voxels[(k * grid.shape[1] + j) * grid.shape[0] + i]; }
    [[nodiscard]] const T& operator()(std::size_t i, std::size_t j, std::size_t k) const { return voxels[(k * grid.shape[1] + j) * grid.shape[0] + i]; }
    [[nodiscard]] Slice<T> slice(std::size_t k) { return {voxels.data() + k * grid.shape[0] * grid.shape[1], grid.shape[0], grid.shape[1]}; }
    [[nodiscard]] Slice<const T> slice(std::size_t k) const { return {voxels.data() + k * grid.shape[0] * grid.shape[1], grid.shape[0], grid.shape[1]}; }
};

/// The part of a volume that starts at `first` and has `shape`; voxels outside become `outside`. The grid moves along,
/// so that every voxel keeps its place in the patient.
template <class T>
Volume<T> crop(const Volume<T>& v, std::array<std::ptrdiff_t, 3> first, std::array<std::size_t, 3> shape, T outside = T{}) {
    Grid g{shape, v.grid.index_to_lps};
    g.index_to_lps.set_column(3, v.grid.index_to_lps({static_cast<double>(first[0]), static_cast<double>(first[1]), static_cast<double>(first[2])}));
    Volume<T> out(g, outside);
    for (std::size_t k = 0; k < shape[2]; ++k)
        for (std::size_t j = 0; j < shape[1]; ++j)
            for (std::size_t i = 0; i < shape[0]; ++i) {
                const std::array<std::size_t, 3> from{i + static_cast<std::size_t>(first[0]), j + static_cast<std::size_t>(first[1]), k + static_cast<std::size_t>(first[2])};
                if (from[0] < v.grid.shape[0] && from[1] < v.grid.shape[1] && from[2] < v.grid.shape[2]) out(i, j, k) = v(from[0], from[1], from[2]);
            }
    return out;
}

}  // namespace lge::volume
