#pragma once
// Report text as tokens: lower case, look-alike characters folded, invisible ones dropped, offsets of the original kept.
#include "lge/base/array.hpp"
#include "lge/report/vocabulary.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace lge::report {

/// What phrases are made of: signs by their byte, behind them small whole numbers, then words by their number in a
/// Vocabulary; 0 for what no phrase holds.
inline constexpr std::uint32_t number_symbol = 256, small_number = 4096, word_symbol = number_symbol + small_number - 1;
/// In phrases one year stands for all of them.
inline constexpr std::uint32_t first_year = 1980, last_year = 2049, any_year = 2000;
/// The word of a symbol, or 0.
constexpr std::uint32_t word_of(std::uint32_t symbol) { return symbol > word_symbol ? symbol - word_symbol : 0; }

/// A word, number or sign. `start` and `end` are bytes of the original text. Without values it is left unset.
struct Token {
    enum class Kind : std::uint8_t { word, number, sign, newline };
    std::uint32_t start, end;
    std::uint32_t word;    // number of the word in a Vocabulary; 0: not in it, or no word
    std::uint32_t symbol;
    float value;           // of a number
    Kind kind;
    char sign;             // '.', ',', ';', ':', '?', '-', '>', ... of a sign, '\n' of a newline, else 0
    bool upper;            // a word that starts with a capital
    std::uint8_t spaced;   // blanks before it, at most 3; 1 at the start of the text and of a line
};
/// The bytes [first, second) of the text from one token to another: a row of a table is read with its label in front, though
/// a column stands before it ("anterior  basal 0  apical 30%" as "apical anterior: 30%").
constexpr std::pair<std::uint32_t, std::uint32_t> bytes_of(const Token& a, const Token& b) { return {std::min(a.start, b.start), std::max(a.end, b.end)}; }
/// Whether a token is written as a word in the text, with its capitals.
constexpr bool spells(std::string_view text, const Token& t, std::string_view word) { return text.substr(t.start, t.end - t.start) == word; }
/// Whether a token is written as a word of small letters in the text, in small letters or capitals.
constexpr bool reads(std::string_view text, const Token& t, std::string_view word) {
    const std::string_view written = text.substr(t.start, t.end - t.start);
    return std::equal(written.begin(), written.end(), word.begin(), word.end(), [](char a, char b) { return (a | ' ') == b; });
}
/// A sign, or the break of a line, that stands for no byte of the text: at this one.
constexpr Token sign_at(std::uint32_t byte, char c, bool spaced) { return {byte, byte, 0, static_cast<unsigned char>(c), 0, Token::Kind::sign, c, false, spaced}; }
constexpr Token newline_at(std::uint32_t byte) { return {byte, byte, 0, 0, 0, Token::Kind::newline, '\n', false, 0}; }
constexpr bool is_year(const Token& t) { return t.symbol == number_symbol + any_year; }
constexpr bool is_sign(const Token& t, char c) { return t.kind == Token::Kind::sign && t.sign == c; }
using Tokens = Array<Token>;

/// Tokens of a UTF-8 text into `out` (cleared first). Time is linear in the length.
/// Dashes, quotes and spaces of all kinds become the plain ones, accents go, and soft hyphens, zero-width,
/// bidirectional and control characters vanish from within words. A hyphen between letters parts words and is no token.
/// Without `misspellings` words are known only as they are written. Gives whether the text may hold a mark of a form
/// (marks.hpp, records.hpp).
bool scan(std::string_view text, const Vocabulary& vocabulary, Misspellings* misspellings, Tokens& out);

}  // namespace lge::report
