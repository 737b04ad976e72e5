#include "lge/report/shorthand.hpp"

#include "lge/report/places.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace lge::report {

namespace {

bool is_word(const Token& t) { return t.kind == Token::Kind::word; }
bool ends_line(const Tokens& tokens, std::size_t i) { return i >= tokens.size() || tokens[i].kind == Token::Kind::newline; }
bool ends_part(const Tokens& tokens, std::size_t i) { return i >= tokens.size() || (!is_word(tokens[i]) && tokens[i].kind != Token::Kind::number); }

/// Whether a phrase of one of some kinds starts at a token, and where it ends; the token itself where none does.
template <class Wanted>
std::size_t behind(const Lexicon& lexicon, const Tokens& tokens, std::size_t i, Wanted wanted) {
    if (i >= tokens.size()) return i;
    const Trie::Match m = lexicon.main.find(tokens.data() + i, tokens.data() + tokens.size());
    return lexicon.meaning(lexicon.main, m, wanted) == nullptr ? i : i + m.tokens;
}

}  // namespace

void part_rest(const Lexicon& lexicon, std::string_view text, Tokens& tokens) {
    const auto denies = [](const Entry& e) { return e.kind == Kind::negated || e.kind == Kind::answer || (e.kind == Kind::spared && e.code == spared_clean); };
    const auto parts = [&](std::size_t i) { return i > 0 && is_word(tokens[i]) && reads(text, tokens[i], "rest") && !lexicon.is(tokens[i - 1], Role::preposition | Role::possessive | Role::conjunction); };
    std::size_t close = 0;  // the bracket behind the rest, or 0
    Tokens out;
    out.reserve(tokens.size() + tokens.size() / 2 + 1);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (close != 0 && i == close) continue;
        const std::size_t end = parts(i) ? behind(lexicon, tokens, i + 1, denies) : i + 1;
        if (end > i + 1 && ends_part(tokens, end)) {
            const bool open = is_sign(tokens[i - 1], '(');
            if (open && end < tokens.size() && is_sign(tokens[end], ')')) {
                out.back() = sign_at(tokens[i - 1].start, ',', false);
                close = end;
            } else if (is_word(tokens[i - 1])) out.push_back(sign_at(tokens[i].start, ',', false));
        }
        out.push_back(tokens[i]);
    }
    tokens.swap(out);
}

void read_positive(const Lexicon& lexicon, std::string_view text, Tokens& tokens) {
    constexpr std::size_t longest = 3;  // tokens of a name
    const std::uint32_t positive = lexicon.vocabulary.exact(WordKey::of("positive"));
    const auto images = [](const Entry& e) { return e.kind == Kind::sequence || (e.kind == Kind::target && e.code == target_images); };
    for (std::size_t i = 1; positive != 0 && i < tokens.size(); ++i) {
        if (!is_word(tokens[i]) || !reads(text, tokens[i], "pos")) continue;
        for (std::size_t first = i < longest ? 0 : i - longest; first < i; ++first)
            if (behind(lexicon, tokens, first, images) == i) tokens[i].word = positive, tokens[i].symbol = word_symbol + positive;
    }
}

void part_rows(const Lexicon& lexicon, Tokens& tokens) {
    constexpr std::size_t fewest = 2;
    const auto place = [](const Entry& e) { return e.kind == Kind::level || e.kind == Kind::wall; };
    for (std::size_t at = 0; at < tokens.size();) {
        std::vector<std::size_t> slashes;
        std::size_t end = at;
        bool rows = true;
        for (; !ends_line(tokens, end); ++end)
            if (is_sign(tokens[end], '/') && tokens[end].spaced) {
                rows = rows && end + 1 < tokens.size() && tokens[end + 1].spaced && behind(lexicon, tokens, end + 1, place) > end + 1;
                slashes.push_back(end);
            }
        if (rows && slashes.size() >= fewest)
            for (const std::size_t i : slashes) tokens[i] = sign_at(tokens[i].start, ';', true);
        at = end + 1;
    }
}

void drop_options(std::string_view text, Tokens& tokens) {
    constexpr std::array<std::string_view, 6> options{"present", "absent", "yes", "no", "y", "n"};
    const auto option = [&](std::size_t i) { return is_word(tokens[i]) && std::any_of(options.begin(), options.end(), [&](std::string_view o) { return reads(text, tokens[i], o); }); };
    struct Options { std::size_t first, colon; };
    std::vector<Options> offered;
    for (std::size_t k = 2; k + 2 < tokens.size(); ++k) {
        if (!is_sign(tokens[k], '/') || !option(k - 1) || !option(k + 1)) continue;
        const bool bracket = is_sign(tokens[k - 2], '(') && is_sign(tokens[k + 2], ')');
        const std::size_t colon = k + (bracket ? 3 : 2);
        if (colon + 1 < tokens.size() && is_sign(tokens[colon], ':') && option(colon + 1)) offered.push_back({bracket ? k - 2 : k - 1, colon});
    }
    if (offered.empty()) return;
    std::size_t out = offered.front().first;
    auto next = offered.begin();
    for (std::size_t i = out; i < tokens.size(); ++i) {
        if (next != offered.end() && i == next->first) i = (next++)->colon;
        tokens[out++] = tokens[i];
    }
    tokens.resize(out);
}

}  // namespace lge::report
