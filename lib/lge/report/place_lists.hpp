#pragma once
// Lists of places, each with what is told of it.
#include "lge/report/lexicon.hpp"

namespace lge::report {

/// "LGE: anterior nil, basal inferior (50 %), lateral wall - clear" becomes lines "anterior: nil", "basal inferior: 50 %",
/// "lateral wall: clear", where the list has two places or more of which one holds nothing: a comma would let that word reach
/// the places around it. Tokens keep the bytes they stand for.
void part_place_lists(const Lexicon& lexicon, Tokens& tokens);

}  // namespace lge::report
