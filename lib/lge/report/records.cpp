#include "lge/report/records.hpp"

#include <algorithm>
#include <array>

namespace lge::report {

void read_observations(std::string_view text, Tokens& tokens) {
    constexpr std::size_t name = 3, value = 5;  // fields
    if (text.find("OBX|") == std::string_view::npos) return;
    std::size_t out = 0;
    for (std::size_t i = 0; i < tokens.size();) {
        std::size_t end = i;
        while (end < tokens.size() && tokens[end].kind != Token::Kind::newline) ++end;
        const bool observation = i + 1 < end && spells(text, tokens[i], "OBX") && is_sign(tokens[i + 1], '|');
        std::size_t field = 0;
        for (std::size_t k = i; k < std::min(end + 1, tokens.size()); ++k) {
            Token t = tokens[k];
            const bool bar = observation && k < end && is_sign(t, '|');
            field += bar;
            if (bar && field == value) {
                t.sign = ':';
                t.symbol = static_cast<unsigned char>(':');
            } else if (observation && k < end && (bar || !(field == name || field == value || field == value + 1))) continue;
            tokens[out++] = t;
        }
        i = end + 1;
    }
    tokens.resize(out);
}

void read_records(const Lexicon& lexicon, std::string_view text, Tokens& tokens) {
    if (text.find("\":") == std::string_view::npos && text.find("\" :") == std::string_view::npos) return;
    const auto yes = lexicon.vocabulary.exact(WordKey::of("yes")), no = lexicon.vocabulary.exact(WordKey::of("no"));
    std::size_t out = 0;
    int lists = 0;  // open brackets, whose commas part no fields
    const auto ends_line = [&](std::uint32_t at) {
        if (out > 0 && tokens[out - 1].kind != Token::Kind::newline) tokens[out++] = newline_at(at);
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

void open_lists(Tokens& tokens) {
    const auto listed = [](const Token& t) { return t.kind == Token::Kind::number || is_sign(t, ',') || is_sign(t, ';') || is_sign(t, '-'); };
    std::size_t out = 0, close = tokens.size();
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const bool named = out > 0 && (is_sign(tokens[out - 1], ':') || is_sign(tokens[out - 1], '='));  // not "segment 4 [12, 13]", which cites
        if (is_sign(tokens[i], '{') || (is_sign(tokens[i], '[') && named)) {
            const auto end = std::find_if_not(tokens.begin() + static_cast<std::ptrdiff_t>(i) + 1, tokens.end(), listed);
            const auto k = static_cast<std::size_t>(end - tokens.begin());
            if (k > i + 1 && k < tokens.size() && is_sign(tokens[k], tokens[i].sign == '[' ? ']' : '}')) {
                close = k;
                continue;
            }
        }
        if (i != close) tokens[out++] = tokens[i];
    }
    tokens.resize(out);
}

void part_fields(Tokens& tokens) {
    constexpr std::size_t longest_label = 5, fewest = 3;  // tokens; fields of a line
    const auto labelled = [&](std::size_t i, std::size_t end) {
        if (i >= end || tokens[i].kind != Token::Kind::word) return false;  // "4: 60 | 5: 30" is a row of a table
        for (std::size_t k = i + 1; k < std::min(end, i + 1 + longest_label); ++k)
            if (is_sign(tokens[k], ':') || is_sign(tokens[k], '=')) return true;
        return false;
    };
    for (std::size_t at = 0; at < tokens.size();) {
        std::size_t end = at, bars = 0;
        while (end < tokens.size() && tokens[end].kind != Token::Kind::newline) bars += is_sign(tokens[end++], '|');
        bool fields = bars + 1 >= fewest;
        for (std::size_t i = at; fields && i < end;) {
            std::size_t stop = i;
            while (stop < end && !is_sign(tokens[stop], '|')) ++stop;
            fields = labelled(i, stop);
            i = stop + 1;
        }
        for (std::size_t i = at; fields && i < end; ++i)
            if (is_sign(tokens[i], '|')) tokens[i] = newline_at(tokens[i].start);
        at = end + 1;
    }
}

void part_dashed_fields(std::string_view text, Tokens& tokens) {
    constexpr std::size_t fewest = 3, fewest_labelled = 2, longest_label = 5;  // dashes and labels of a line, tokens
    constexpr std::string_view dash = "\u2014";
    const auto parts = [&](const Token& t) { return is_sign(t, '-') && t.spaced && text.substr(t.start, dash.size()) == dash; };
    for (auto at = tokens.begin(); at != tokens.end();) {
        const auto end = std::find_if(at, tokens.end(), [](const Token& t) { return t.kind == Token::Kind::newline; });
        std::size_t dashes = 0, labelled = 0, field = 0;  // tokens of the field so far
        for (auto t = at; t != end; ++t) {
            ++field;
            if (parts(*t)) ++dashes, field = 0;
            else if (is_sign(*t, ':') && field > 1 && field <= longest_label + 1) ++labelled;
        }
        if (dashes >= fewest && labelled >= fewest_labelled)
            for (auto t = at; t != end; ++t)
                if (parts(*t)) *t = newline_at(t->start);
        at = end == tokens.end() ? end : end + 1;
    }
}

void part_consequences(const Lexicon& lexicon, Tokens& tokens) {
    const auto called = [&](const Token& t) {
        const auto side = lexicon.main.find_both(&t, tokens.data() + tokens.size(), lexicon.main.first(t.symbol)).side;
        return lexicon.meaning(lexicon.main, side, [](const Entry& e) { return e.kind == Kind::viability; }) != nullptr;
    };
    std::size_t out = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (i > 0 && i + 1 < tokens.size() && out > 0 && is_sign(tokens[i], '>') && (is_sign(tokens[out - 1], '-') || is_sign(tokens[out - 1], '=')) && !tokens[i].spaced && called(tokens[i + 1])) tokens[out - 1] = sign_at(tokens[out - 1].start, ';', true);
        else tokens[out++] = tokens[i];
    }
    tokens.resize(out);
}

void drop_item_letters(std::string_view text, Tokens& tokens) {
    constexpr std::size_t fewest = 2;
    const auto opens = [&](std::size_t i) { return i + 2 < tokens.size() && (i == 0 || tokens[i - 1].kind == Token::Kind::newline) && tokens[i].kind == Token::Kind::word && tokens[i].upper && tokens[i].end == tokens[i].start + 1 && is_sign(tokens[i + 1], '-') && tokens[i + 1].spaced && tokens[i + 2].spaced && tokens[i + 2].kind == Token::Kind::word; };
    std::vector<std::size_t> items;
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (opens(i) && text[tokens[i].start] == static_cast<char>('A' + items.size())) items.push_back(i);
    if (items.size() < fewest) return;
    for (std::size_t k = items.size(); k-- > 0;) tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(items[k]), tokens.begin() + static_cast<std::ptrdiff_t>(items[k]) + 2);
}

void read_signs(const Lexicon& lexicon, std::string_view text, Tokens& tokens) {
    const auto written = [&](std::string_view word) { return std::any_of(tokens.begin(), tokens.end(), [&](const Token& t) { return spells(text, t, word); }); };
    const std::uint32_t positive = lexicon.vocabulary.exact(WordKey::of("positive"));
    if (positive == 0 || !written("neg")) return;
    for (Token& t : tokens)
        if (spells(text, t, "pos")) t.word = positive, t.symbol = word_symbol + positive;
}

void name_segments(const Lexicon& lexicon, Tokens& tokens) {
    constexpr std::size_t fewest = 2;
    constexpr float last = 17;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
        if ((i > 0 && tokens[i - 1].kind != Token::Kind::newline) || !is_sign(tokens[i], '#') || tokens[i + 1].kind != Token::Kind::number || tokens[i + 2].kind != Token::Kind::word) continue;
        const float id = tokens[i + 1].value, above = rows.empty() ? 0 : tokens[rows.back() + 1].value;
        if (id <= above || id > last || (rows.empty() && id == 1)) return;  // not "#1 ... #2 ...", which count findings
        rows.push_back(i);
    }
    const std::uint32_t segment = lexicon.vocabulary.exact(WordKey::of("segment"));
    if (rows.size() < fewest || segment == 0) return;
    for (const std::size_t i : rows) tokens[i].kind = Token::Kind::word, tokens[i].sign = 0, tokens[i].word = segment, tokens[i].symbol = word_symbol + segment;
}

void part_answers(std::string_view text, Tokens& tokens) {
    constexpr std::size_t fewest = 3;
    constexpr std::array<std::string_view, 10> answers{"yes", "no", "y", "n", "none", "nil", "neg", "pos", "absent", "present"};
    const auto slash = [&](const Token& t) { return is_sign(t, '/') && t.spaced; };
    const auto answer = [&](std::size_t end) {
        if (end > 0 && is_sign(tokens[end - 1], ')'))  // "sept mid yes (antsept only)"
            while (end > 0 && !is_sign(tokens[--end], '(')) {}
        return end > 0 && std::any_of(answers.begin(), answers.end(), [&](std::string_view a) { return spells(text, tokens[end - 1], a); });
    };
    for (std::size_t at = 0; at < tokens.size();) {
        std::size_t end = at, slashes = 0;
        bool fields = true;
        for (; end < tokens.size() && tokens[end].kind != Token::Kind::newline; ++end)
            if (slash(tokens[end])) fields = fields && answer(end), ++slashes;
        fields = fields && slashes + 1 >= fewest && answer(end);
        for (std::size_t i = at; fields && i < end; ++i)
            if (slash(tokens[i])) tokens[i].sign = '|', tokens[i].symbol = '|';
        at = end + 1;
    }
}

}  // namespace lge::report
