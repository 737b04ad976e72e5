#pragma once
// Tables of walls by levels and of segments, as the words that a sentence would say.
#include "lge/report/lexicon.hpp"

#include <vector>

namespace lge::report {

/// Rewrites tables in place: below "base mid apex" the row "inferior 50 75 0" becomes "basal inferior 50 %, mid inferior
/// 75 %", in a list with such a header "inferior 50/75/0" as well; "4/10: 75/50 %" and "4: 75 10: 50" become "segment 4
/// 75 %, segment 10 50 %"; of a table with several columns that of LGE is kept. Tokens keep the bytes they stand for.
void read_tables(const Lexicon& lexicon, std::string_view text, Tokens& tokens);

}  // namespace lge::report
