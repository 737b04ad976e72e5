#pragma once
// Characters and breaks of lines that are written as in a page of the web: "&gt;50&#37;", "<br/>".
#include <cstddef>
#include <string_view>

namespace lge::report {

/// What a '&' or '<' begins: `length` bytes, 0 where it stands for itself.
struct Markup {
    std::size_t length = 0;
    char32_t code = 0;  // of the character, '\n' for a tag that breaks the line, '|' for one that begins a cell, ' ' for any other
};
Markup markup_at(std::string_view text, std::size_t i);

}  // namespace lge::report
