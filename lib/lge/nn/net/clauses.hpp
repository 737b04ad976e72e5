#pragma once
// What can be said of one AHA segment, as sentences: aligning compares each sector of a slice with the clauses about it.
#include "lge/anatomy/finding.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace lge::nn {

/// Of one segment: free of enhancement, or with enhancement of an extent.
enum class Clause : std::uint8_t { absent, subendocardial, midwall, subepicardial, transmural };
inline constexpr std::int64_t clause_count = 5, clause_segments = 16;
inline constexpr std::size_t clause_wordings = 3;

/// One of the wordings (0 to clause_wordings - 1) for segment 1-16. lge-reportparse reads from each exactly what it says.
std::string clause(int segment, Clause what, std::size_t wording);

/// f(segment, clause, wording) for each of them, the wording changing slowest and the clause fastest.
template <class F>
void each_clause(F f) {
    for (std::size_t w = 0; w < clause_wordings; ++w)
        for (int segment = 1; segment <= clause_segments; ++segment)
            for (std::int64_t c = 0; c < clause_count; ++c) f(segment, static_cast<Clause>(c), w);
}

/// What is known of a sector's segment, as a number in a tensor.
namespace sector_state {
inline constexpr std::int64_t unknown = -1;           // or there is no such sector
inline constexpr std::int64_t some_extent = clause_count;  // enhancement whose extent is not known; below it: a Clause
}  // namespace sector_state

/// The state of segment `id` of a slice that shows enhancement in `segments` (AHA bits) with `patterns` (bits of
/// anatomy::Pattern).
std::int64_t state_of_segment(int id, std::uint32_t segments, std::uint32_t patterns);

}  // namespace lge::nn
