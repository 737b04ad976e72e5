#pragma once
// UTF-8, and what characters beyond ASCII stand for in a report.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lge::report {

struct Decoded { char32_t code; std::size_t length; };  // length 0: bad
/// The character at byte i.
Decoded decode(std::string_view text, std::size_t i);
/// What a character beyond ASCII stands for: letters, one sign, " " or "" (nothing).
std::string_view fold(char32_t c);

/// The offset of the first byte that is not UTF-8, or nothing.
std::optional<std::size_t> find_bad_utf8(std::string_view text);
/// The text with each bad byte replaced by '?', so that offsets stay.
std::string replace_bad_utf8(std::string_view text);

}  // namespace lge::report
