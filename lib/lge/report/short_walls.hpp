#pragma once
// Walls by two capitals that are common words in small letters: "basal AS, mid IS".
#include "lge/report/lexicon.hpp"

#include <span>
#include <string_view>

namespace lge::report {

/// Puts the names of the walls in the place of "AS" and "IS" where they stand beside a level, another wall or an amount. True
/// when there are any.
bool name_short_walls(const Lexicon& lexicon, std::string_view text, std::span<Token> tokens);

}  // namespace lge::report
