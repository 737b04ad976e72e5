#pragma once
// What tells lines of tables from sentences.
#include "lge/report/scan.hpp"

#include <array>

namespace lge::report {

constexpr bool is_newline(const Token& t) { return t.kind == Token::Kind::newline; }

inline constexpr std::uint32_t wide = 2;  // blanks of a gap between columns
/// Behind a full stop two blanks may end a sentence: "akin.   70" takes more.
constexpr bool behind_gap(const Token& before, const Token& t) { return t.spaced >= wide + (before.sign == '.' ? 1U : 0U); }

inline constexpr std::array<bool, 256> of_tables = [] {
    std::array<bool, 256> t{};
    for (const char c : {'-', '+', '|', ';', ',', '=', '[', ':'}) t[static_cast<unsigned char>(c)] = true;
    return t;
}();

/// What a line holds that makes tables: amounts and marks beside each other, bars, wide gaps, and fields such as "level=basal".
struct Signs {
    int cells = 0, bars = 0, gaps = 0;
    bool fields = false, joined = false;    // joined: a sign that joins words, "LGE_SEGMENTS"
    bool named = false;                     // "inferior 50,"
    bool labelled = false, shares = false;  // "Anterior wall: basal normal, mid 25-50%"
    bool depths = false;                    // "26-50 %: 5, 11", "Seg 1 0"
    bool marked = false, listed = false;    // "Basal - anterior none, septal midwall"
    bool slashed = false;                   // "Basal (ant/as/is): 0/0/25", "Basal (1-6): 0/0/..."

    [[nodiscard]] bool has_cells() const { return cells >= 2 || (cells > 0 && (bars > 0 || named)) || depths; }
    /// Whether it is a row of amounts if a place begins it.
    [[nodiscard]] bool may_be_row() const { return labelled && shares; }
    [[nodiscard]] bool has_bars() const { return bars >= 2; }
    /// Takes in token `i` of the line that starts at `from`.
    void add(const Tokens& tokens, std::size_t from, std::size_t i) {
        const Token& t = tokens[i];
        if (i > from) gaps += behind_gap(tokens[i - 1], t);
        if (t.sign == '.') return;
        joined = joined || t.sign == '_';
        shares = shares || t.sign == '%';
        constexpr std::size_t longest_row_label = 4;
        marked = marked || ((t.sign == ':' || (t.sign == '-' && t.spaced)) && i > from && i <= from + longest_row_label);
        listed = listed || (marked && t.sign == ',');
        slashed = slashed || ((t.sign == '/' || (t.sign == '-' && !t.spaced && tokens[i - 1].kind == Token::Kind::number)) && i >= from + 3 && tokens[i - 2].sign == '(');
        if (t.kind == Token::Kind::word || (t.kind == Token::Kind::sign && !of_tables[static_cast<unsigned char>(t.sign)])) return;
        if (t.kind == Token::Kind::number || t.sign == '-' || t.sign == '+') {
            if (i == from) return;
            const Token& b = tokens[i - 1];
            depths = depths || (t.kind == Token::Kind::number && t.value == 0 && b.kind == Token::Kind::number && t.spaced && i == from + 2);  // "Seg 1 0"
            const bool scored = i == from + 3 && (b.sign == ':' || b.sign == '=') && tokens[from].kind == Token::Kind::word && tokens[from + 1].kind == Token::Kind::number && (i + 1 == tokens.size() || is_newline(tokens[i + 1]));
            depths = depths || (t.kind == Token::Kind::number && scored);  // "Seg 7: 2"
            cells += (t.spaced && (b.kind == Token::Kind::number || b.sign == '-' || b.sign == '+' || b.sign == '%')) || b.sign == '|' || (b.sign == '/' && i > from + 1 && tokens[i - 2].kind != Token::Kind::word) ||
                     ((b.sign == ':' || b.sign == '=') && i > from + 1 && tokens[i - 2].kind == Token::Kind::number) || (t.kind == Token::Kind::number && b.kind == Token::Kind::word && b.end == b.start + 1) || (t.kind == Token::Kind::number && t.value == 0 && (b.kind == Token::Kind::word || b.sign == ':' || b.sign == '=' || b.sign == '-')) ||
                     (b.sign == '(' && i > from + 1 && tokens[i - 2].kind == Token::Kind::number && i + 1 < tokens.size() && tokens[i + 1].sign == ')');  // "4 (3)"
            named = named || (t.kind == Token::Kind::number && t.value != 0 && (b.kind == Token::Kind::word || b.sign == '-') && (i + 1 == tokens.size() || tokens[i + 1].sign == ',' || is_newline(tokens[i + 1])));
            if (t.kind == Token::Kind::sign && ((t.spaced && b.kind == Token::Kind::word) || (t.sign == '+' && b.sign == '+')))  // "ant -   inf +", "+++"
                cells += i + 1 == tokens.size() || is_newline(tokens[i + 1]) || behind_gap(t, tokens[i + 1]) || tokens[i + 1].sign == ',';
            return;
        }
        bars += t.sign == '|' || ((t.sign == ';' || t.sign == ',') && i + 1 < tokens.size() && ((!tokens[i + 1].spaced && !is_newline(tokens[i + 1])) || (t.sign == ';' && tokens[from].kind == Token::Kind::number)));
        constexpr std::size_t longest_label = 3, longest_depth = 9;
        depths = depths || (t.sign == ':' && shares && i <= from + longest_depth);
        labelled = labelled || (t.sign == ':' && i <= from + longest_label);
        fields = fields || (t.sign == '=' && !t.spaced) || (t.sign == ':' && joined && !t.spaced) || (t.sign == '[' && i == from) || (t.sign == ':' && i == from + 1 && tokens[from].kind == Token::Kind::number);
    }
};

Signs signs_of(const Tokens& tokens, std::size_t from, std::size_t end);
/// "--- LGE ---": a title between two rules.
bool is_ruled(const Tokens& tokens, std::size_t from, std::size_t end);

}  // namespace lge::report
