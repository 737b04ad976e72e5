#pragma once
// What forms say by signs: tick boxes and leaders of dots.
#include "lge/report/scan.hpp"

#include <string_view>
#include <vector>

namespace lge::report {

/// Rewrites the tokens of a text: options whose box is empty go with their words, and so do the signs of ticked boxes;
/// three dots or underscores and more in a row become one ':', and so does the bracket behind "[LGE mass]" at the start of a
/// line. Time is linear in the number of tokens.
void read_marks(std::string_view text, Tokens& tokens);
/// "LGE   O absent   X present": whether letters may stand for boxes within a line of a text.
bool may_tick_by_letters(std::string_view text);

}  // namespace lge::report
