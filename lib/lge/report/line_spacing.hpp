#pragma once
// Reports whose lines all stand apart by a blank one, as some systems export them.
#include "lge/report/scan.hpp"

#include <string_view>

namespace lge::report {

/// Halves the breaks of lines where every line of the text is followed by a blank one: a blank line then parts nothing.
void close_lines(std::string_view text, Tokens& tokens);

}  // namespace lge::report
