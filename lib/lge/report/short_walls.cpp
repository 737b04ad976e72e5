#include "lge/report/short_walls.hpp"

#include "lge/report/table_signs.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lge::report {

namespace {

/// The wall that one or two capitals stand for in a table; empty for other words.
std::string_view wall_of_code(std::string_view text, const Token& t) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 8> codes{{{"A", "anterior"}, {"AS", "anteroseptal"}, {"IS", "inferoseptal"}, {"I", "inferior"}, {"IL", "inferolateral"}, {"AL", "anterolateral"}, {"S", "septum"}, {"L", "lateral"}}};
    constexpr std::size_t longest = 2;
    if (!t.upper || t.end - t.start > longest) return {};
    const std::string_view written = text.substr(t.start, t.end - t.start);
    const auto found = std::find_if(codes.begin(), codes.end(), [&](const auto& c) { return c.first == written; });
    return found == codes.end() ? std::string_view{} : found->second;
}

void put_wall(const Lexicon& lexicon, std::string_view name, Token& t) {
    t.word = lexicon.vocabulary.exact(WordKey::of(name));
    t.symbol = t.word == 0 ? 0 : word_symbol + t.word;
}

class Namer {
public:
    Namer(const Lexicon& lexicon, std::string_view text, std::span<Token> tokens) : lexicon_(lexicon), text_(text), tokens_(tokens) {}

    bool run() {
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            if (!is_short(i) || !names_wall(i)) continue;
            Token& t = tokens_[i];
            put_wall(lexicon_, wall_of_code(text_, t), t);
            named_ = i;
        }
        return named_ < tokens_.size();
    }

private:
    [[nodiscard]] bool is_short(std::size_t i) const {
        if (i >= tokens_.size() || !tokens_[i].upper || tokens_[i].end != tokens_[i].start + 2) return false;
        const char first = text_[tokens_[i].start];
        return text_[tokens_[i].start + 1] == 'S' && (first == 'A' || first == 'I');
    }
    [[nodiscard]] bool is_word(std::size_t i) const { return i < tokens_.size() && tokens_[i].kind == Token::Kind::word; }
    [[nodiscard]] bool has_sign(std::size_t i, std::string_view signs) const { return i < tokens_.size() && tokens_[i].kind == Token::Kind::sign && signs.find(tokens_[i].sign) != std::string_view::npos; }

    /// The token behind a phrase of some kind that starts at a token, or `i`.
    [[nodiscard]] std::size_t behind(Kind kind, std::size_t i) const {
        if (!is_word(i)) return i;
        const auto m = lexicon_.main.find(tokens_.data() + i, tokens_.data() + tokens_.size());
        return m.list != 0 && lexicon_.meaning(m).kind == kind ? i + m.tokens : i;
    }
    [[nodiscard]] bool ends_before(Kind kind, std::size_t i) const {
        constexpr std::size_t longest = 3;
        for (std::size_t k = i; k-- > 0 && k + longest >= i;)
            if (behind(kind, k) == i) return true;
        return false;
    }
    /// "BASAL AS WELL": all is written so.
    [[nodiscard]] bool shouts(std::size_t i) const {
        constexpr std::uint32_t shortest = 4;
        if (!is_word(i) || tokens_[i].end - tokens_[i].start < shortest) return false;
        return std::none_of(text_.begin() + tokens_[i].start, text_.begin() + tokens_[i].end, [](char c) { return c >= 'a' && c <= 'z'; });
    }
    [[nodiscard]] bool names_wall(std::size_t i) const {
        const std::size_t next = i + 1;
        if (has_sign(next, ":=") || (next + 1 < tokens_.size() && tokens_[next].kind == Token::Kind::number && is_sign(tokens_[next + 1], '%'))) return true;
        if ((i > 0 && shouts(i - 1) && is_word(next)) || shouts(next)) return false;
        const std::size_t before = i > 0 && has_sign(i - 1, "(:-") ? i - 1 : i, after = has_sign(next, "(-") ? next + 1 : next;
        if (ends_before(Kind::level, before) || behind(Kind::level, after) > after || behind(Kind::segmentword, next) > next) return true;
        const bool joined = i > 0 && (has_sign(i - 1, "/+&,") || lexicon_.is(tokens_[i - 1], Role::conjunction));
        if (joined && named_ + 2 == i) return true;
        if (next < tokens_.size() && lexicon_.is(tokens_[next], Role::conjunction) && is_short(next + 1) && tokens_[i].start != 0) return true;  // "AS and IS at the base"
        if (i > 0 && has_sign(i - 1, "/+&") && ends_before(Kind::wall, i - 1)) return true;
        return has_sign(next, "/+&") && (is_short(next + 1) || behind(Kind::wall, next + 1) > next + 1);
    }

    const Lexicon& lexicon_;
    std::string_view text_;
    std::span<Token> tokens_;
    std::size_t named_ = ~std::size_t{0} - 2;  // the last
};

}  // namespace

void name_wall_columns(const Lexicon& lexicon, std::string_view text, Tokens& tokens) {
    constexpr std::size_t fewest = 4, fewest_apical = 3;
    bool coded = false;  // a line above: "A 0 | AS 0 | IS 1", and now "A 0 | S 0 | I 1 | L 0"
    for (std::size_t begin = 0, end = 0; begin < tokens.size(); begin = end + 1) {
        std::size_t named = 0, pairs = 0;
        for (end = begin; end < tokens.size() && tokens[end].kind != Token::Kind::newline; ++end) {
            if (wall_of_code(text, tokens[end]).empty()) continue;
            ++named;
            pairs += tokens[end].end - tokens[end].start == 2;
        }
        if (!(coded && named >= fewest_apical) && (named < fewest || pairs < 2)) continue;
        coded = true;
        for (std::size_t i = begin; i < end; ++i)
            if (const auto name = wall_of_code(text, tokens[i]); !name.empty()) put_wall(lexicon, name, tokens[i]);
    }
}

void name_wall_rows(const Lexicon& lexicon, std::string_view text, Tokens& tokens) {
    constexpr std::size_t fewest = 3;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        const bool starts = i == 0 || tokens[i - 1].kind == Token::Kind::newline;
        const Token &t = tokens[i], &next = tokens[i + 1];
        if (starts && t.end - t.start == 2 && (behind_gap(t, next) || next.sign == ':' || next.sign == '=' || next.sign == '|') && !wall_of_code(text, t).empty()) rows.push_back(i);
    }
    if (rows.size() < fewest) return;
    for (const std::size_t i : rows) put_wall(lexicon, wall_of_code(text, tokens[i]), tokens[i]);
}

bool name_short_walls(const Lexicon& lexicon, std::string_view text, std::span<Token> tokens) { return Namer(lexicon, text, tokens).run(); }

}  // namespace lge::report
