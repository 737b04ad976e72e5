#pragma once
// Walls by two capitals that are common words in small letters: "basal AS, mid IS".
#include "lge/report/lexicon.hpp"

#include <span>
#include <string_view>

namespace lge::report {

/// Puts the names of the walls in the place of "AS" and "IS" where they stand beside a level, another wall or an amount. True
/// when there are any.
bool name_short_walls(const Lexicon& lexicon, std::string_view text, std::span<Token> tokens);
/// Gives the codes of walls that stand beside one another in a line, "A  AS  IS  I  IL  AL", the words they stand for: four of
/// them or more, two of which have two letters.
void name_wall_columns(const Lexicon& lexicon, std::string_view text, Tokens& tokens);
/// So with codes of two letters that begin lines, three of them or more: "AS   basal 0   mid 50".
void name_wall_rows(const Lexicon& lexicon, std::string_view text, Tokens& tokens);

}  // namespace lge::report
