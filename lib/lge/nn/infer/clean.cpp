#include "lge/nn/infer/clean.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace lge::nn {
namespace {

using Shape = std::array<std::size_t, 3>;
enum class Neighbours { four, eight, all };  // in the plane by edges, in the plane, in space

/// The components of the voxels for which `in` holds: a number from 1 a voxel (0 elsewhere), and each one's size.
struct Components {
    std::vector<std::uint32_t> of;
    std::vector<std::size_t> size{0};

    /// The number of the largest; 0 when there is none.
    [[nodiscard]] std::uint32_t largest() const { return static_cast<std::uint32_t>(std::max_element(size.begin(), size.end()) - size.begin()); }
};

template <class In>
Components components(const Shape& n, Neighbours neighbours, In in) {
    Components found;
    found.of.assign(n[0] * n[1] * n[2], 0);
    std::vector<std::size_t> stack;
    for (std::size_t seed = 0; seed < found.of.size(); ++seed) {
        if (found.of[seed] || !in(seed)) continue;
        const auto number = static_cast<std::uint32_t>(found.size.size());
        found.size.push_back(0);
        found.of[seed] = number;
        for (stack.assign(1, seed); !stack.empty(); ++found.size.back()) {
            const std::size_t at = stack.back();
            stack.pop_back();
            const std::size_t x = at % n[0], y = at / n[0] % n[1], z = at / (n[0] * n[1]);
            const bool space = neighbours == Neighbours::all;
            for (std::size_t k = space && z ? z - 1 : z; k <= (space ? std::min(z + 1, n[2] - 1) : z); ++k)
                for (std::size_t j = y ? y - 1 : 0; j <= std::min(y + 1, n[1] - 1); ++j)
                    for (std::size_t i = x ? x - 1 : 0; i <= std::min(x + 1, n[0] - 1); ++i) {
                        if (neighbours == Neighbours::four && i != x && j != y) continue;
                        const std::size_t other = (k * n[1] + j) * n[0] + i;
                        if (found.of[other] || !in(other)) continue;
                        found.of[other] = number;
                        stack.push_back(other);
                    }
        }
    }
    return found;
}

template <class In>
void keep_largest(volume::Volume<std::uint8_t>& label, In in) {
    const auto all = components(label.grid.shape, Neighbours::all, [&](std::size_t v) { return in(label.voxels[v]); });
    const auto kept = all.largest();
    for (std::size_t v = 0; v < label.voxels.size(); ++v)
        if (all.of[v] && all.of[v] != kept) label.voxels[v] = 0;
}

void clean_slice(volume::Slice<std::uint8_t> slice) {
    const Shape shape{slice.width, slice.height, 1};
    auto* pixel = slice.pixels;
    const auto left = components(shape, Neighbours::eight, [&](std::size_t p) { return is_left(pixel[p]); });
    const auto heart = left.largest();
    if (heart == 0) return;
    for (std::size_t p = 0; p < slice.size(); ++p)
        if (left.of[p] && left.of[p] != heart) pixel[p] = 0;

    // What is not LV, holds no RV and does not reach the border of the slice is a hole.
    const auto rest = components(shape, Neighbours::four, [&](std::size_t p) { return !is_left(pixel[p]); });
    std::vector<bool> outside(rest.size.size(), false);
    for (std::size_t x = 0; x < slice.width; ++x) outside[rest.of[x]] = outside[rest.of[(slice.height - 1) * slice.width + x]] = true;
    for (std::size_t y = 0; y < slice.height; ++y) outside[rest.of[y * slice.width]] = outside[rest.of[y * slice.width + slice.width - 1]] = true;
    for (std::size_t p = 0; p < slice.size(); ++p)
        if (is_right(pixel[p])) outside[rest.of[p]] = true;
    for (std::size_t p = 0; p < slice.size(); ++p)
        if (rest.of[p] && !outside[rest.of[p]]) pixel[p] = 1;

    const auto cavity = components(shape, Neighbours::four, [&](std::size_t p) { return pixel[p] == 1; });
    const auto kept = cavity.largest();
    for (std::size_t p = 0; p < slice.size(); ++p)
        if (cavity.of[p] && cavity.of[p] != kept) pixel[p] = 2;
}

}  // namespace

volume::Volume<std::uint8_t> clean_labels(volume::Volume<std::uint8_t> label, Cleaning cleaning) {
    if (cleaning == Cleaning::none) return label;
    keep_largest(label, is_left);
    keep_largest(label, is_right);
    for (std::size_t k = 0; cleaning == Cleaning::topology && k < label.grid.shape[2]; ++k) clean_slice(label.slice(k));
    return label;
}

}  // namespace lge::nn
