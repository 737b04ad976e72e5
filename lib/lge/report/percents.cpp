#include "lge/report/percents.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lge::report {

namespace {

constexpr std::array<std::pair<std::string_view, int>, 28> numerals{{
    {"one", 1}, {"two", 2}, {"three", 3}, {"four", 4}, {"five", 5}, {"six", 6}, {"seven", 7}, {"eight", 8}, {"nine", 9}, {"ten", 10}, {"eleven", 11}, {"twelve", 12}, {"thirteen", 13}, {"fourteen", 14},
    {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19}, {"twenty", 20}, {"thirty", 30}, {"forty", 40}, {"fifty", 50}, {"sixty", 60}, {"seventy", 70}, {"eighty", 80}, {"ninety", 90}, {"hundred", 100}}};

/// The number that a word stands for; 0 for none.
int numeral(std::string_view text, const Token& t) {
    const auto found = std::find_if(numerals.begin(), numerals.end(), [&](const auto& n) { return reads(text, t, n.first); });
    return found == numerals.end() ? 0 : found->second;
}

/// Puts a number in the place of the words for it that end the tokens: "seventy five". Whether there are any.
bool take_numeral(std::string_view text, Tokens& tokens, std::size_t end) {
    if (end == 0) return false;
    int value = numeral(text, tokens[end - 1]);
    if (value == 0) return false;
    std::size_t first = end - 1;
    constexpr int tens = 10, least = 20;
    const int before = first > 0 && value < tens ? numeral(text, tokens[first - 1]) : 0;
    if (before >= least && before < tens * tens) value += before, --first;
    Token& t = tokens[first];
    t = {t.start, tokens[end - 1].end, 0, number_symbol + static_cast<std::uint32_t>(value), static_cast<float>(value), Token::Kind::number, 0, false, t.spaced};
    tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(first) + 1, tokens.begin() + static_cast<std::ptrdiff_t>(end));
    return true;
}

}  // namespace

void sign_percents(const Lexicon& lexicon, std::string_view text, Tokens& tokens) {
    const std::string_view whole = "percent", part = "cent";
    Tokens out;
    out.reserve(tokens.size());
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Token& t = tokens[i];
        out.push_back(t);
        if (t.kind != Token::Kind::word || !lexicon.is(t, Role::percent)) continue;
        const bool parted = i + 1 < tokens.size() && reads(text, tokens[i + 1], part);  // not "5 per minute"
        if (!parted && !reads(text, t, whole)) continue;
        out.pop_back();
        if (!out.empty() && take_numeral(text, out, out.size()) && out.size() > 2 && lexicon.is(out[out.size() - 2], Role::range | Role::conjunction)) take_numeral(text, out, out.size() - 2);
        if (out.empty() || out.back().kind != Token::Kind::number) {
            out.push_back(t);
            continue;
        }
        i += parted ? 1 : 0;
        out.push_back({t.start, tokens[i].end, 0, static_cast<unsigned char>('%'), 0, Token::Kind::sign, '%', false, t.spaced});
    }
    tokens.swap(out);
}

void drop_spreads(std::string_view text, Tokens& tokens) {
    constexpr std::array<std::string_view, 2> signs{"+/-", "\u00b1"};
    std::size_t out = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto opens = [&](std::string_view s) { return text.substr(tokens[i].start).starts_with(s); };
        const auto spread = out > 0 && tokens[out - 1].kind == Token::Kind::number ? std::find_if(signs.begin(), signs.end(), opens) : signs.end();
        if (spread != signs.end()) {
            std::size_t k = i;
            while (k < tokens.size() && tokens[k].start < tokens[i].start + spread->size()) ++k;
            if (k < tokens.size() && tokens[k].kind == Token::Kind::number) {
                i = k;
                continue;
            }
        }
        tokens[out++] = tokens[i];
    }
    tokens.resize(out);
}

}  // namespace lge::report
