#pragma once
// Reports whose lines all stand apart by a blank one, as some systems export them, and the dots that lead from a label to its value.
#include "lge/report/scan.hpp"

#include <string_view>

namespace lge::report {

/// Halves the breaks of lines where every line of the text is followed by a blank one: a blank line then parts nothing.
void close_lines(std::string_view text, Tokens& tokens);
/// "8 ........ 26-50 %": a row of four dots or more becomes a colon.
void read_leaders(Tokens& tokens);

}  // namespace lge::report
