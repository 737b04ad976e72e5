#include "lge/report/records.hpp"

#include <algorithm>

namespace lge::report {

namespace {

bool spells(std::string_view text, const Token& t, std::string_view word) { return text.substr(t.start, t.end - t.start) == word; }

}  // namespace

void read_records(const Lexicon& lexicon, std::string_view text, Tokens& tokens) {
    if (text.find("\":") == std::string_view::npos && text.find("\" :") == std::string_view::npos) return;
    const auto yes = lexicon.vocabulary.exact(WordKey::of("yes")), no = lexicon.vocabulary.exact(WordKey::of("no"));
    std::size_t out = 0;
    int lists = 0;  // open brackets, whose commas part no fields
    const auto ends_line = [&](std::uint32_t at) {
        if (out > 0 && tokens[out - 1].kind != Token::Kind::newline) tokens[out++] = {at, at, 0, 0, 0, Token::Kind::newline, '\n', false, false};
    };
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        Token t = tokens[i];
        if (t.kind == Token::Kind::newline) {
            ends_line(t.start);
            continue;
        }
        if (t.kind == Token::Kind::sign) {
            if (t.sign == '"' || t.sign == '_') continue;
            if (t.sign == '[' && i + 1 < tokens.size() && is_sign(tokens[i + 1], ']')) {  // an empty list: the field says nothing
                while (out > 0 && tokens[out - 1].kind != Token::Kind::newline) --out;
                ++i;
                continue;
            }
            if (t.sign == '[' || t.sign == ']') { lists = std::max(0, lists + (t.sign == '[' ? 1 : -1)); continue; }
            const bool next_field = t.sign == ',' && lists == 0 && i + 1 < tokens.size() && is_sign(tokens[i + 1], '"');
            if (t.sign == '{' || t.sign == '}' || next_field) { ends_line(t.start); continue; }
        } else if (t.kind == Token::Kind::word && out > 0 && is_sign(tokens[out - 1], ':')) {
            const bool affirmed = spells(text, t, "true"), denied = spells(text, t, "false");
            if (spells(text, t, "null")) continue;
            if (affirmed || denied) {
                t.word = affirmed ? yes : no;
                t.symbol = t.word == 0 ? 0 : word_symbol + t.word;
            }
        }
        tokens[out++] = t;
    }
    tokens.resize(out);
}

}  // namespace lge::report
