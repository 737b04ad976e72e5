#pragma once
// Percentages in words, as reports that are dictated have them.
#include "lge/report/lexicon.hpp"

#include <string_view>

namespace lge::report {

/// Reads "25 percent", "25 per cent" and "twenty five percent" as "25 %", and both ends of "fifty to seventy five percent".
void sign_percents(const Lexicon& lexicon, std::string_view text, Tokens& tokens);
/// Leaves out the spread of an amount: "14 +/- 2 %" and "14 ± 2 %" are "14 %".
void drop_spreads(std::string_view text, Tokens& tokens);

}  // namespace lge::report
