#include "lge/report/line_spacing.hpp"

namespace lge::report {

namespace {

/// Whether a text has several lines and none without a blank one behind it; read no further than the first such line.
bool is_double_spaced(std::string_view text) {
    constexpr int fewest = 4;
    int lines = 0;
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at), ++lines) {
        const std::size_t begin = at;
        int breaks = 0;
        for (; at < text.size() && (text[at] == '\n' || text[at] == '\r' || text[at] == ' ' || text[at] == '\t'); ++at) breaks += text[at] == '\n';
        if (breaks < 2 && at < text.size() && begin > 0) return false;
    }
    return lines >= fewest;
}

}  // namespace

void close_lines(std::string_view text, Tokens& tokens) {
    if (!is_double_spaced(text)) return;
    std::size_t out = 0;
    bool kept = false;  // the break before, of a run
    for (const Token& t : tokens) {
        const bool newline = t.kind == Token::Kind::newline;
        kept = newline && !kept;
        if (!newline || kept) tokens[out++] = t;
    }
    tokens.resize(out);
}

void read_leaders(Tokens& tokens) {
    constexpr std::size_t fewest = 4;  // dots
    std::size_t out = 0;
    for (std::size_t i = 0; i < tokens.size();) {
        std::size_t end = i;
        while (end < tokens.size() && is_sign(tokens[end], '.')) ++end;
        Token t = tokens[i];
        if (end >= i + fewest) t.sign = ':', t.symbol = static_cast<unsigned char>(':'), i = end;
        else ++i;
        tokens[out++] = t;
    }
    tokens.resize(out);
}

}  // namespace lge::report
