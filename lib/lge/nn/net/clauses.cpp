#include "lge/nn/net/clauses.hpp"

#include <fmt/format.h>

#include <array>

namespace lge::nn {

std::string clause(int segment, Clause what, std::size_t wording) {
    constexpr std::array<std::string_view, clause_wordings> denied{
        "There is no late gadolinium enhancement of the {0} wall.", "No enhancement is seen in the {0} wall.", "No scar in the {0} wall."};
    constexpr std::array<std::string_view, clause_wordings> seen{
        "There is {1} late gadolinium enhancement of the {0} wall.", "{1} enhancement is seen in the {0} wall.", "{1} scar in the {0} wall."};
    constexpr std::array<anatomy::Extent, 4> extents{anatomy::Extent::subendocardial, anatomy::Extent::midwall, anatomy::Extent::subepicardial, anatomy::Extent::transmural};
    const std::string_view place = anatomy::segment_name(segment);
    if (what == Clause::absent) return fmt::format(fmt::runtime(denied[wording]), place);
    std::string text = fmt::format(fmt::runtime(seen[wording]), place, anatomy::word(extents[static_cast<std::size_t>(what) - 1]));
    if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

std::int64_t state_of_segment(int id, std::uint32_t segments, std::uint32_t patterns) {
    if ((segments >> static_cast<unsigned>(id) & 1U) == 0) return static_cast<std::int64_t>(Clause::absent);
    const auto only = [&](anatomy::Pattern p) { return patterns == 1U << static_cast<unsigned>(p); };
    if (only(anatomy::Pattern::subendocardial)) return static_cast<std::int64_t>(Clause::subendocardial);
    if (only(anatomy::Pattern::midwall)) return static_cast<std::int64_t>(Clause::midwall);
    if (only(anatomy::Pattern::subepicardial)) return static_cast<std::int64_t>(Clause::subepicardial);
    if (only(anatomy::Pattern::transmural)) return static_cast<std::int64_t>(Clause::transmural);
    return sector_state::some_extent;
}

}  // namespace lge::nn
