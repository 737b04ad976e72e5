#include "lge/base/parallel.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <algorithm>
#include <stdexcept>

TEST_CASE("results come in order and few are in flight") {
    for (const unsigned threads : {1U, 2U, 8U}) {
        std::vector<std::size_t> taken;
        std::atomic<int> open{0};
        int most = 0;
        lge::ordered_parallel(threads, std::size_t{500},
            [&](std::size_t i) { ++open; std::this_thread::sleep_for(std::chrono::microseconds(i % 7 * 10)); return i; },
            [&](std::size_t i) { most = std::max(most, open--); taken.push_back(i); });
        REQUIRE(taken.size() == 500);
        CHECK(std::is_sorted(taken.begin(), taken.end()));
        CHECK(most <= 2 * static_cast<int>(threads) + 1);
    }
}

TEST_CASE("an exception surfaces at its item's turn") {
    for (const unsigned threads : {1U, 4U}) {
        std::size_t taken = 0;
        CHECK_THROWS_AS(lge::ordered_parallel(threads, std::size_t{100},
            [](std::size_t i) { if (i == 40) throw std::runtime_error("40"); return i; },
            [&](std::size_t) { ++taken; }), std::runtime_error);
        CHECK(taken == 40);
    }
}

TEST_CASE("what is in flight is taken before next has to wait") {
    for (const unsigned threads : {1U, 2U, 8U}) {
        int given = 0, taken = 0;
        bool late = false;
        lge::ordered_parallel(threads,
            [&] { late = late || taken < given; return given < 20 ? std::optional<int>(given++) : std::nullopt; },
            [](int i) { return i; }, [&](int) { ++taken; }, [] { return true; });
        CHECK(taken == 20);
        CHECK_FALSE(late);
    }
}
