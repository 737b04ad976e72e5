#include "lge/base/error.hpp"
#include "lge/itk/filters.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace lge::volume;

TEST_CASE("components are numbered by size, and corners join only when asked") {
    Volume<std::uint8_t> mask(Grid{{6, 4, 1}, {}}, 0);
    mask(0, 0, 0) = 1;
    mask(1, 1, 0) = 1;
    mask(1, 2, 0) = 7;
    for (std::size_t i = 3; i < 6; ++i) mask(i, 3, 0) = 1;
    const auto faces = lge::itk::components(mask);
    CHECK(faces.voxels == std::vector<std::uint64_t>{3, 2, 1});
    CHECK(faces.number(4, 3, 0) == 1);
    CHECK(faces.number(1, 2, 0) == 2);
    CHECK(faces.number(0, 0, 0) == 3);
    CHECK(faces.number(3, 0, 0) == 0);
    CHECK(lge::itk::components(mask, true).voxels.size() == 2);
}

TEST_CASE("N4 takes most of a smooth shading away") {
    Volume<float> image(Grid{{64, 64, 3}, Affine{{1.5, 0, 0, 0, 0, 1.5, 0, 0, 0, 0, 8, 0}}});
    Volume<std::uint8_t> mask(image.grid, 1);
    const auto tissue = [](std::size_t i, std::size_t j) { return ((i / 8) + (j / 8)) % 2 == 0 ? 100.0 : 300.0; };
    for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t j = 0; j < 64; ++j)
            for (std::size_t i = 0; i < 64; ++i) image(i, j, k) = static_cast<float>(tissue(i, j) * (0.6 + 0.8 * static_cast<double>(i) / 63));
    const auto spread = [&](const Volume<float>& v) {  // coefficient of variation of one tissue
        double n = 0, sum = 0, square = 0;
        for (std::size_t j = 0; j < 64; ++j)
            for (std::size_t i = 0; i < 64; ++i)
                if (tissue(i, j) < 200) {
                    n += 1;
                    sum += v(i, j, 1);
                    square += static_cast<double>(v(i, j, 1)) * v(i, j, 1);
                }
        return std::sqrt(square / n - sum * sum / n / n) / (sum / n);
    };
    const auto flat = lge::itk::correct_bias(image, mask);
    CHECK(spread(flat) < 0.3 * spread(image));
    CHECK_THROWS_AS(lge::itk::correct_bias(image, Volume<std::uint8_t>(image.grid, 0)), lge::Error);
}
