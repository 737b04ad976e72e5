#include "lge/base/random.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using lge::Random;

TEST_CASE("Philox gives the known answers of its authors") {
    // kat_vectors of Random123, philox4x32 10.
    CHECK(lge::philox4x32({0, 0, 0, 0}, {0, 0}) == std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    CHECK(lge::philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
          std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    CHECK(lge::philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
          std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream depends on seed, item and purpose") {
    const auto first = [](std::uint64_t seed, std::uint64_t item, const char* purpose) { return Random(seed, item, purpose).uniform(); };
    CHECK(first(1, 2, "scar") == first(1, 2, "scar"));
    CHECK(first(1, 2, "scar") != first(2, 2, "scar"));
    CHECK(first(1, 2, "scar") != first(1, 3, "scar"));
    CHECK(first(1, 2, "scar") != first(1, 2, "noise"));
}

TEST_CASE("distributions have their moments") {
    Random r(7, 0, "test");
    const int n = 200000;
    double sum = 0, squares = 0, uniform = 0;
    std::array<int, 3> counts{};
    for (int i = 0; i < n; ++i) {
        const double x = r.normal();
        sum += x;
        squares += x * x;
        uniform += r.uniform(2, 4);
        ++counts[r.below(3)];
    }
    CHECK(sum / n == Approx(0).margin(0.01));
    CHECK(squares / n == Approx(1).margin(0.015));
    CHECK(uniform / n == Approx(3).margin(0.01));
    for (const int c : counts) CHECK(c == Approx(n / 3.0).epsilon(0.02));
    const double weights[] = {0, 1, 3};
    int last = 0;
    for (int i = 0; i < n; ++i) {
        const auto w = r.weighted(weights);
        REQUIRE(w != 0);
        last += w == 2;
    }
    CHECK(last == Approx(0.75 * n).epsilon(0.02));
}
