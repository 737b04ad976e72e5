#include "lge/nn/infer/clean.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using lge::nn::clean_labels;

namespace {

/// Slices of rows of digits, labels or . for background.
lge::volume::Volume<std::uint8_t> map(const std::vector<std::vector<std::string>>& slices) {
    const lge::volume::Grid grid{{slices[0][0].size(), slices[0].size(), slices.size()}, {{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 8, 0}}};
    lge::volume::Volume<std::uint8_t> v(grid, std::uint8_t{0});
    for (std::size_t k = 0; k < slices.size(); ++k)
        for (std::size_t j = 0; j < slices[k].size(); ++j)
            for (std::size_t i = 0; i < slices[k][j].size(); ++i)
                if (slices[k][j][i] != '.') v(i, j, k) = static_cast<std::uint8_t>(slices[k][j][i] - '0');
    return v;
}

}  // namespace

TEST_CASE("stray pieces go, holes become cavity, and stray cavity becomes wall") {
    const auto drawn = map({{"2........", ".222222.5", ".211112.5", ".21.112..", ".222212..", ".222222.5"}});
    const auto clean = map({{"2........", ".222222.5", ".211112.5", ".211112..", ".222212..", ".222222.."}});
    CHECK((clean_labels(drawn).voxels == clean.voxels));
}

TEST_CASE("a hole in the wall alone becomes cavity only where there is no larger one") {
    CHECK((clean_labels(map({{"2222", "2.12", "2222"}})).voxels == map({{"2222", "2112", "2222"}}).voxels));
    CHECK((clean_labels(map({{"22222222", "2.22112.", "22222222"}})).voxels == map({{"22222222", "2222112.", "22222222"}}).voxels));
}

TEST_CASE("a piece in another slice goes when it touches nothing, and stays when it does") {
    const auto apart = map({{"222...", "212...", "222..."}, {".....2", "......", "......"}});
    CHECK(clean_labels(apart)(5, 0, 1) == 0);
    const auto together = map({{"222...", "212...", "222..."}, {"...2..", "......", "......"}});
    CHECK(clean_labels(together)(3, 0, 1) == 2);
}

TEST_CASE("a map without heart stays empty") { CHECK((clean_labels(map({{"...", ".5."}})).voxels == map({{"...", ".5."}}).voxels)); }
