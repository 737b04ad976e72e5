#pragma once
// What notes leave out: the comma before the rest, the choice of an answer, the line break between rows.
#include "lge/report/lexicon.hpp"

#include <string_view>

namespace lge::report {

/// "transmural basal inferior rest neg", "mid septum (rest clear)": puts a comma, and no brackets, before the rest of a line and the
/// word that denies it.
void part_rest(const Lexicon& lexicon, std::string_view text, Tokens& tokens);

/// "late gad pos basal lateral": right behind the name of the images the word is positive, not possible.
void read_positive(const Lexicon& lexicon, std::string_view text, Tokens& tokens);

/// "basal 2, 3 / mid 8 / apical none": the slashes between rows that each begin with a place become semicolons.
void part_rows(const Lexicon& lexicon, Tokens& tokens);

/// "LGE present / absent: present": leaves out the answers that a form offers before the one that is given.
void drop_options(std::string_view text, Tokens& tokens);

}  // namespace lge::report
