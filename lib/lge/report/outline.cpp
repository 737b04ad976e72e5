#include "lge/report/outline.hpp"

#include "lge/report/table_signs.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lge::report {

namespace {

constexpr std::size_t longest_bracket = 16;  // tokens: "LGE (2D PSIR, short-axis stack plus long axes):"
constexpr std::uint32_t section_addendum = 3, section_original = 4;  // codes of a heading
constexpr std::uint32_t context_told = 3, context_agent = 4, context_acquired = 5;  // codes of a heading that may tell something itself, of the name of contrast, and of how images came to be
constexpr std::size_t longest_row = 4;  // tokens: "anterior wall   -"
constexpr std::array<bool, 256> may_end_sentence = [] {
    std::array<bool, 256> t{};
    for (const char c : {'\n', '.', '?', '!', ';', ':'}) t[static_cast<unsigned char>(c)] = true;
    return t;
}();

constexpr std::uint32_t long_line = 40;  // bytes: of a line that may be full

}  // namespace

/// The token behind a date, "05.02.", "12/2019", or `i` where none stands there.
std::size_t Outline::behind_date(std::size_t i) const {
    constexpr std::size_t longest = 6;  // tokens
    std::size_t k = i;
    while (k < tokens_.size() && k < i + longest && (tokens_[k].kind == Token::Kind::number || (k > i && (sign(tokens_[k], '.') || sign(tokens_[k], '/') || sign(tokens_[k], '-'))))) ++k;
    return k;
}

/// "ADDENDUM 19 May (consensus reading)": the end of a line that holds but a date and a bracket behind its heading, or `i`.
std::size_t Outline::behind_details(std::size_t i) const {
    constexpr std::size_t longest = 14;  // tokens
    bool bracket = false, dated = false;
    for (std::size_t k = i; k < std::min(tokens_.size(), i + longest); ++k) {
        const Token& t = tokens_[k];
        if (t.kind == Token::Kind::newline) return k;
        if (!bracket && sign(t, ':')) return k + 1;
        if (sign(t, '(') || sign(t, ')')) bracket = sign(t, '(');
        dated = dated || t.kind == Token::Kind::number;
        const bool name = dated && t.upper && (t.word == 0 || t.end == t.start + 1 || lexicon_.is(t, Role::title));
        if (!bracket && t.kind == Token::Kind::word && !name && !lexicon_.is(t, Role::month | Role::preposition | Role::range)) return i;
    }
    return i;
}

/// "ADDENDUM ... ORIGINAL REPORT ...": the token behind an addendum that a report starts with, where what it amends follows: from
/// a heading of the original, or of a section behind an empty line. 0 where there is none.
std::size_t Outline::leading_addendum() const {
    const auto begins = [&](std::size_t i) {  // behind empty lines, rules and bullets
        for (;;) {
            while (i < tokens_.size() && tokens_[i].kind == Token::Kind::newline) ++i;
            const std::size_t behind = behind_label(i);
            if (behind == i) return i;
            i = behind;
        }
    };
    const auto section = [&](std::size_t i) -> std::optional<std::uint32_t> {
        const auto h = i < tokens_.size() ? heading(i, true) : std::nullopt;
        return h && h->entry->kind == Kind::section ? std::optional(h->entry->code) : std::nullopt;
    };
    if (section(begins(0)) != section_addendum) return 0;
    for (std::size_t i = 1; i < tokens_.size(); ++i) {
        if (tokens_[i - 1].kind != Token::Kind::newline) continue;
        const bool blank = i > 1 && tokens_[i - 2].kind == Token::Kind::newline;
        const auto code = section(begins(i));
        if (code == section_original || (blank && (code == 0U || code == 1U))) return i;
    }
    return 0;
}

/// "Prior, 11 Jan:": the colon behind a comma and a few words with a number, or `i`.
std::size_t Outline::behind_day(std::size_t i) const {
    constexpr std::size_t longest = 4;  // tokens
    if (i >= tokens_.size() || !sign(tokens_[i], ',')) return i;
    bool number = false;
    for (std::size_t k = i + 1; k < std::min(tokens_.size(), i + 2 + longest); ++k) {
        if (sign(tokens_[k], ':')) return number ? k : i;
        if (tokens_[k].kind == Token::Kind::sign || tokens_[k].kind == Token::Kind::newline) return i;
        number = number || tokens_[k].kind == Token::Kind::number;
    }
    return i;
}

/// The end of a line that only says what stands below it, "LGE transmural extent by territory", from a token behind its name
/// on; `i` where it tells something.
std::size_t Outline::title_end(std::size_t i) const {
    constexpr std::size_t longest = 7, longest_aside = 14;  // tokens
    std::size_t k = i;
    bool aside = false;  // "(mean transmurality, number of segments)"
    for (; k < tokens_.size() && tokens_[k].kind != Token::Kind::newline; ++k) {
        const Token& t = tokens_[k];
        if (sign(t, '(') || sign(t, ')')) aside = sign(t, '(');
        if (sign(t, ',') && (aside || k == i)) continue;  // "LGE, summary by ring"
        if (k == i + (aside || sign(t, ')') ? longest_aside : longest) || (t.kind == Token::Kind::number && !aside) || (t.kind == Token::Kind::sign && t.sign != '(' && t.sign != ')' && t.sign != '%' && t.sign != '/') || lexicon_.is(t, Role::showing)) return i;
        const auto [m, side] = lexicon_.main.find_both(tokens_.data() + k, tokens_.data() + tokens_.size(), lexicon_.main.first(t.symbol));
        if (m.list == 0 || (side.list != 0 && lexicon_.meaning(side).kind == Kind::transmurality)) continue;
        const Kind kind = lexicon_.meaning(m).kind;
        if (!aside && kind != Kind::segmentword && kind != Kind::lv && kind != Kind::ignore && kind != Kind::sequence) return i;
        if (aside && (is_head(kind) || kind == Kind::negation || kind == Kind::negated)) return i;
    }
    return k + 1 < tokens_.size() && tokens_[k + 1].kind != Token::Kind::newline && (starts_field(k + 1) || starts_with_place(tokens_[k + 1].kind == Token::Kind::number ? k + 2 : k + 1)) ? k : i;  // "5   basal inferolateral   -"
}

/// "LGE performed for suspected scar:", "LGE with PSIR, 10 min after contrast:": the colon behind how images were made, from a
/// token behind their name on; `i` where nothing of that stands there.
std::size_t Outline::technique_end(std::size_t i) const {
    constexpr std::size_t longest = 14;  // tokens
    const auto kind_at = [&](std::size_t k) -> std::optional<Kind> {
        const auto m = lexicon_.main.find(tokens_.data() + k, tokens_.data() + tokens_.size());
        return m.list == 0 ? std::nullopt : std::optional(lexicon_.meaning(m).kind);
    };
    constexpr float latest = 60;  // minutes, and so no year
    const bool timed = i + 1 < tokens_.size() && lexicon_.is(tokens_[i], Role::preposition) && tokens_[i + 1].kind == Token::Kind::number && tokens_[i + 1].value < latest;  // "Late images at 8 and 15 minutes:"
    bool made = timed || kind_at(i) == Kind::technique;
    const bool begins = made;
    if (!made && !lexicon_.is(tokens_[i], Role::accompanying)) return i;
    for (std::size_t k = i + 1; k < std::min(tokens_.size(), i + longest); ++k) {
        if (sign(tokens_[k], ':')) return made ? k : i;
        if (tokens_[k].kind == Token::Kind::newline || sign(tokens_[k], '.') || (begins && sign(tokens_[k], ','))) return i;
        const auto kind = kind_at(k);
        if (begins || !kind) continue;
        made = made || *kind == Kind::technique || *kind == Kind::sequence;
        if (is_head(*kind) || is_place(*kind) || *kind == Kind::negation || *kind == Kind::negated || *kind == Kind::notdone) return i;
    }
    return i;
}

/// "LGE, wall by wall:": the colon at the end of a line behind a comma and a few words, from a token behind their name on; `i`
/// where nothing of that stands there.
std::size_t Outline::apposed_end(std::size_t i) const {
    constexpr std::size_t longest = 5;  // tokens
    if (!sign(tokens_[i], ',')) return i;
    for (std::size_t k = i + 1; k < std::min(tokens_.size(), i + 2 + longest); ++k) {
        if (sign(tokens_[k], ':')) return k > i + 1 && k + 1 < tokens_.size() && tokens_[k + 1].kind == Token::Kind::newline ? k : i;
        const auto m = lexicon_.main.find(tokens_.data() + k, tokens_.data() + tokens_.size());
        if (tokens_[k].kind != Token::Kind::word || (m.list != 0 && lexicon_.meaning(m).kind == Kind::pattern)) return i;  // "Scar, subepicardial:" tells something
    }
    return i;
}

/// "LGE present.": whether the last word of a heading says that something is there.
bool Outline::affirms(std::size_t i) const {
    const auto [m, side] = lexicon_.main.find_both(tokens_.data() + i, tokens_.data() + tokens_.size(), lexicon_.main.first(tokens_[i].symbol));
    return m.list != 0 && lexicon_.meaning(m).kind == Kind::weak;
}

/// The heading that starts at a token, if its phrase is followed by a colon, a spaced dash or (at the start of a
/// line) the line's end, and the token behind it.
std::optional<Outline::Heading> Outline::heading(std::size_t i, bool line_start) const {
    const auto m = lexicon_.heads.find(tokens_.data() + i, tokens_.data() + tokens_.size());
    if (m.list == 0) return std::nullopt;
    const Entry* e = &lexicon_.entries[lexicon_.heads.entries(m)[0]];
    const std::size_t j = i + m.tokens;
    if (j < tokens_.size() && sign(tokens_[j], '(')) {  // "LGE (PSIR):"
        std::size_t k = j;
        while (k < tokens_.size() && k < j + longest_bracket && !sign(tokens_[k], ')') && tokens_[k].kind != Token::Kind::newline) ++k;
        const bool denies = k == j + 2 && sign(tokens_[j + 1], '-');  // "LGE (-): septum"
        if (k + 1 < tokens_.size() && sign(tokens_[k], ')') && sign(tokens_[k + 1], ':') && !denies) return Heading{e, k + 2};
    }
    if (j == tokens_.size()) return line_start && e->kind == Kind::section ? std::optional(Heading{e, j}) : std::nullopt;
    if (sign(tokens_[j], ':')) return Heading{e, j + 1};
    if (sign(tokens_[j], '.') && j + 1 < tokens_.size() && sign(tokens_[j + 1], ':')) return Heading{e, j + 2};  // "Concl.:"
    const bool passed = e->kind == Kind::section && (e->code == 0 || e->code == section_original);
    if (passed)
        if (const std::size_t k = behind_date(j); k > j && (k > j + 1 || names_year(tokens_[j])) && k < tokens_.size() && sign(tokens_[k], ':')) return Heading{e, k + 1};  // not "Case 7: ..."
    if (e->kind == Kind::context && e->code == 0)
        if (const std::size_t colon = technique_end(j); colon > j) return Heading{e, colon + 1};
    if (!line_start) return std::nullopt;
    if (passed)
        if (const std::size_t colon = behind_day(j); colon > j) return Heading{e, colon + 1};
    if (e->kind == Kind::context && e->code == 0)
        if (const std::size_t colon = apposed_end(j); colon > j) return Heading{e, colon + 1};
    if (e->kind == Kind::section && (e->code == section_addendum || e->code == section_original))
        if (const std::size_t end = behind_details(j); end > j) return Heading{e, end};
    std::size_t k = j;  // "== LGE =="
    while (k < tokens_.size() && tokens_[k].kind == Token::Kind::sign && (tokens_[k].sign == '=' || tokens_[k].sign == '*' || tokens_[k].sign == '#' || tokens_[k].sign == '|')) ++k;
    if (k > j) return k == tokens_.size() || tokens_[k].kind == Token::Kind::newline ? std::optional(Heading{e, k}) : sign(tokens_[j], '=') || sign(tokens_[j], '|') ? std::optional(Heading{e, k}) : std::nullopt;
    if (sign(tokens_[j], '.') && tokens_[i].upper && (j + 1 == tokens_.size() || tokens_[j + 1].spaced) && (e->kind == Kind::section || m.tokens > 1 || e->code == 0) && !(m.tokens > 1 && affirms(j - 1))) return Heading{e, j + 1};  // "LGE. The septum ..."
    if (sign(tokens_[j], '-') && j + 1 < tokens_.size() && tokens_[j + 1].spaced && !sign(tokens_[j + 1], ':')) return Heading{e, j + 1};  // not "LGE -ve"
    if (tokens_[j].kind == Token::Kind::newline) return Heading{e, j};
    if (tokens_[i].upper && behind_gap(tokens_[j - 1], tokens_[j])) return Heading{e, j};  // "REQUEST  Known infarct"
    if (e->kind == Kind::context && e->code == 0)
        if (const std::size_t end = title_end(j); end > j) return Heading{e, end};
    return std::nullopt;
}

/// "Prior MRI 11 months ago:", "Today's scan again:": a heading of what another examination showed, or this one.
std::optional<Outline::Heading> Outline::examination(std::size_t i) const {
    static const Entry other{.kind = Kind::section, .value = "ignored", .name = {}, .code = 0}, this_one{.kind = Kind::section, .value = "findings", .name = {}, .code = 1};
    const ExaminationLabel label = examination_label(lexicon_, tokens_.data() + i, tokens_.data() + tokens_.size());
    return label.tokens == 0 ? std::nullopt : std::optional(Heading{label.other ? &other : &this_one, i + label.tokens});
}

/// Whether a line starts with a few words and a colon.
bool Outline::starts_field(std::size_t i) const {
    const std::size_t label = behind_label(i);
    for (std::size_t k = label; k < std::min(tokens_.size(), i + 5) && tokens_[k].kind != Token::Kind::newline; ++k) {
        if (sign(tokens_[k], ':')) return true;
        if (sign(tokens_[k], '.') && k + 1 < tokens_.size() && tokens_[k + 1].spaced) return false;
    }
    return false;
}

/// "the septum at mid level: ...": whether a line starts with a place and a colon.
bool Outline::labels_place(std::size_t i) const {
    constexpr std::size_t longest = 8;  // tokens
    if (!starts_with_place(i)) return false;
    for (std::size_t k = i; k < std::min(tokens_.size(), i + longest) && tokens_[k].kind != Token::Kind::newline; ++k) {
        if (sign(tokens_[k], ':')) return true;
        if (tokens_[k].kind == Token::Kind::sign && !sign(tokens_[k], '-') && !sign(tokens_[k], '*') && !sign(tokens_[k], '/')) return false;
    }
    return false;
}

/// Whether the break of a line stands within the word before it, which was written as several.
bool Outline::breaks_word(std::size_t newline) const {
    if (newline == 0 || newline >= tokens_.size()) return false;
    const Token &word = tokens_[newline - 1], &line_end = tokens_[newline];
    return word.kind == Token::Kind::word && word.start < line_end.start && line_end.start < line_end.end && line_end.end < word.end;
}

/// The bytes of a line between its first token and the break that ends it; 0 for a row of a table, whose words were brought together.
std::uint32_t Outline::length(std::size_t begin, std::size_t newline) const {
    constexpr std::uint32_t widest = 24;  // bytes between the words of a line
    for (std::size_t i = begin + 1; i < newline; ++i)
        if (tokens_[i].start < tokens_[i - 1].start || tokens_[i].start > tokens_[i - 1].end + widest) return 0;
    const std::uint32_t start = begin > 0 && breaks_word(begin - 1) ? tokens_[begin - 1].end : tokens_[begin].start;
    return (breaks_word(newline) ? tokens_[newline].start : tokens_[newline - 1].end) - start;
}

/// Whether the first word behind the break of a line of `line` bytes would not have fitted on it.
bool Outline::is_full(std::uint32_t line, std::size_t newline, std::uint32_t width) const {
    const Token& next = tokens_[newline + 1];
    const std::uint32_t word = breaks_word(newline) ? tokens_[newline - 1].end - tokens_[newline].end : next.end - next.start;
    return line + 1 + word > width;
}

/// The width of a text whose lines are filled up to it: two breaks at least come within a sentence of a full line, and none
/// within one of a line that has room. Else 0.
std::uint32_t Outline::width_of_lines() const {
    constexpr std::uint32_t least = 40, most = 140;
    constexpr int fewest = 2;
    std::uint32_t width = 0;
    std::size_t begin = 0;
    const std::size_t n = tokens_.size();
    for (std::size_t i = 0; i <= n && width <= most; ++i) {
        if (i < n && tokens_[i].kind != Token::Kind::newline) continue;
        if (i > begin) width = std::max(width, length(begin, i));
        begin = i + 1;
    }
    if (width < least || width > most) return 0;
    int full = 0;
    begin = 0;
    for (std::size_t i = 0; i + 1 < n; ++i) {
        if (tokens_[i].kind != Token::Kind::newline) continue;
        const std::size_t from = std::exchange(begin, i + 1);
        const bool ends = i == from || tokens_[i + 1].kind == Token::Kind::newline || may_end_sentence[static_cast<unsigned char>(tokens_[i - 1].sign)];
        if (ends || starts_field(i + 1) || behind_label(i + 1) != i + 1 || heading(i + 1, false) || heading(from, true)) continue;
        if (!is_full(length(from, i), i, width)) return 0;
        ++full;
    }
    return full < fewest ? 0 : width;
}

/// Whether a line is about as long as the one behind its break, which would else have held more.
bool Outline::is_long(std::size_t begin, std::size_t newline) const {
    constexpr std::uint32_t ratio = 2;
    std::size_t end = newline + 1;
    while (end < tokens_.size() && tokens_[end].kind != Token::Kind::newline) ++end;
    return length(begin, newline) * ratio > length(newline + 1, end);
}

/// Whether the line, of `line` bytes, breaks only because it is full.
bool Outline::breaks_softly(std::size_t newline, std::uint32_t line) {
    constexpr std::uint32_t least = 30;
    if (newline + 1 >= tokens_.size() || tokens_[newline + 1].kind == Token::Kind::newline || line < least) return false;
    if (!width_) width_ = width_of_lines();
    return *width_ != 0 && is_full(line, newline, *width_) && behind_label(newline + 1) == newline + 1 && !heading(newline + 1, false);
}

/// "... of segments\n1 and 7", "THE SEPTUM AND\nTHE LATERAL WALL", "the lateral wall\n(5, 6)": whether the words around the break of
/// a line, of `line` bytes, stand in one phrase.
bool Outline::goes_on(std::size_t newline, std::uint32_t line) const {
    constexpr std::uint32_t indent = 2;  // bytes: of a row
    const Token& before = tokens_[newline - 1];
    const Token& after = tokens_[newline + 1];
    const bool numbers = after.kind == Token::Kind::number;
    if (breaks_word(newline)) return true;
    if (after.start >= tokens_[newline].end + indent) return false;
    if (sign(after, '%') || (numbers && (sign(before, ',') || lexicon_.is(before, Role::conjunction)))) return true;
    const std::array<Token, 3> across{before, after, newline + 2 < tokens_.size() ? tokens_[newline + 2] : after};
    const bool filled = line >= long_line && tokens_[newline].start <= before.end + 1;
    if (filled && before.kind == Token::Kind::word && after.kind == Token::Kind::word && (!after.upper || (before.upper && !starts_field(newline + 1))) && lexicon_.main.find(across.data(), across.data() + across.size()).tokens > 1) return true;  // "Inferior\nwall: no scar"
    if (starts_field(newline + 1) || behind_label(newline + 1) != newline + 1) return false;
    constexpr std::uint64_t open = Role::preposition | Role::possessive | Role::conjunction | Role::alternative;
    const bool list = newline + 2 < tokens_.size() && (sign(tokens_[newline + 2], ',') || sign(tokens_[newline + 2], '-') || lexicon_.is(tokens_[newline + 2], Role::conjunction | Role::range));
    if (before.kind == Token::Kind::word && (lexicon_.is(before, open) || (numbers && list && lexicon_.is(before, Role::segment)))) return true;
    const bool mark = newline + 3 < tokens_.size() && sign(after, '(') && (sign(tokens_[newline + 2], '-') || sign(tokens_[newline + 2], '+')) && sign(tokens_[newline + 3], ')');  // "(-): septum, apex"
    if (sign(before, ',') || (sign(after, '(') && !mark && before.kind == Token::Kind::word)) return true;
    if (before.kind != Token::Kind::word || after.kind != Token::Kind::word) return false;
    const bool last_word = newline + 2 < tokens_.size() && sign(tokens_[newline + 2], '.') && (newline + 3 >= tokens_.size() || tokens_[newline + 3].kind == Token::Kind::newline);
    return (lexicon_.is(after, Role::preposition) && (!after.upper || filled)) || (last_word && filled);  // "... elsewhere no\nLGE."
}

/// "... basal inferior (4)" above "thrombus none": whether the next line is a short one that ends with an answer.
bool Outline::answers_below(std::size_t newline) const {
    constexpr std::size_t longest = 4;  // tokens
    std::size_t end = newline + 1;
    while (end < tokens_.size() && end <= newline + longest && tokens_[end].kind != Token::Kind::newline && !sign(tokens_[end], ';')) ++end;
    return end > newline + 1 && end <= newline + longest && answers(newline + 1, end);
}

/// "ii. apical septal": whether a number in letters and a full stop or bracket begin a line.
bool Outline::enumerates(std::size_t i) const {
    if (i + 2 >= tokens_.size() || tokens_[i].kind != Token::Kind::word || !(sign(tokens_[i + 1], '.') || sign(tokens_[i + 1], ')')) || !tokens_[i + 2].spaced || tokens_[i + 2].kind != Token::Kind::word) return false;
    const auto [m, side] = lexicon_.main.find_both(tokens_.data() + i, tokens_.data() + i + 1, lexicon_.main.first(tokens_[i].symbol));
    return side.list != 0 && lexicon_.meaning(side).kind == Kind::numeral;
}

/// "No thrombus", "The valves are normal": a small word that a sentence would write with a capital only at its start.
bool Outline::opens_sentence(std::size_t i) const {
    if (lexicon_.is(tokens_[i], Role::joining | Role::possessive | Role::pronoun | Role::preposition)) return true;
    const auto m = lexicon_.main.find(tokens_.data() + i, tokens_.data() + i + 1);
    return m.list != 0 && lexicon_.meaning(m).kind == Kind::negation;
}

/// "LCx - basal lateral", "inferior wall, basal - subendocardial": whether a line starts with a word or two, or a place, and a
/// dash between blanks.
bool Outline::starts_dashed(std::size_t i) const {
    constexpr std::size_t few = 3, longest = 6;  // tokens
    for (std::size_t k = i; k + 1 < std::min(tokens_.size(), i + longest); ++k)
        if (sign(tokens_[k], '-') && tokens_[k].spaced && tokens_[k + 1].spaced) return k > i && (k < i + few || starts_with_place(i));
        else if (tokens_[k].kind != Token::Kind::word && !(sign(tokens_[k], ',') && k > i)) return false;
    return false;
}

/// Whether a line begins with what is left of the ventricle: "all other segments ...", "the remainder ...".
bool Outline::tells_of_rest(std::size_t i) const {
    constexpr std::size_t reach = 2;  // tokens
    for (std::size_t k = i; k < std::min(tokens_.size(), i + reach) && tokens_[k].kind == Token::Kind::word; ++k) {
        const auto side = lexicon_.main.find_both(tokens_.data() + k, tokens_.data() + tokens_.size(), lexicon_.main.first(tokens_[k].symbol)).side;
        if (side.list != 0 && lexicon_.meaning(lexicon_.main, side, [](const Entry& e) { return e.kind == Kind::qualifier && e.code == 1; }) != nullptr) return true;
    }
    return false;
}

/// Whether the break of a line only wraps a sentence.
bool Outline::wraps(std::size_t begin, std::size_t newline) {
    if (newline + 1 >= tokens_.size() || newline == line_begin_) return false;
    const Token& before = tokens_[newline - 1];
    const Token& after = tokens_[newline + 1];
    const std::uint32_t line = length(line_begin_, newline);
    if (labels_place(line_begin_) && labels_place(newline + 1)) return false;  // "inferolateral wall at mid level: subepicardial" above "septum: none"
    if (goes_on(newline, line)) return true;
    const bool filled = line >= long_line && after.kind == Token::Kind::word && !after.upper;
    if (filled && sign(before, ':') && begin > line_begin_) return true;  // "Anterior wall 0. Inferior wall:\nminimal enhancement"
    if (filled && before.kind == Token::Kind::number && newline > begin + 1 && !lexicon_.is(tokens_[newline - 2], Role::segment) && lexicon_.is(after, Role::segment)) return true;  // "none of the 17\nsegments"
    if (may_end_sentence[static_cast<unsigned char>(before.sign)]) return false;
    if (breaks_softly(newline, line)) return true;
    if (after.kind != Token::Kind::word || ((before.sign == '-' || before.sign == '+') && before.spaced && newline - line_begin_ <= longest_row)) return false;
    const auto amount = [](const Token& t) { return t.kind == Token::Kind::number || sign(t, '%'); };
    const auto next_ends = [&] {  // in an amount
        std::size_t i = newline + 1;
        constexpr std::size_t longest = 8;  // tokens: "all septal segments 0"
        while (i < tokens_.size() && i <= newline + longest && tokens_[i].kind != Token::Kind::newline) ++i;
        return i > newline + 1 && amount(tokens_[i - 1]);
    };
    if (enumerates(newline + 1) || behind_label(newline + 1) != newline + 1) return false;
    constexpr std::uint32_t shortest = 60;  // bytes: of a line that may be full
    if (sign(before, '+') && before.spaced && line < shortest && starts_with_place(newline + 1)) return false;  // "lateral   basal ++ mid + apical +"
    constexpr std::uint32_t short_row = 45;  // bytes
    if (line < short_row && tells_of_rest(newline + 1)) return false;  // "basal septum" above "all other segments clear"
    if (line < short_row && starts_with_place(line_begin_) && starts_with_place(newline + 1)) return false;  // "anterior hinge point, basal"
    if ((amount(before) && (starts_with_place(newline + 1) || next_ends())) || (starts_row(line_begin_) && starts_row(newline + 1))) return false;  // rows of a table
    const auto h = heading(newline + 1, true);
    if (h && (after.upper || h->next >= tokens_.size() || tokens_[h->next].kind != Token::Kind::newline)) return false;
    const bool indented = after.start > tokens_[newline].end;
    if (starts_field(newline + 1) && (after.upper || line < shortest || indented)) return false;  // not "... of ischaemic\ninjury: it spared ..."
    if (starts_dashed(newline + 1)) return false;
    if (sign(before, ')') && answers_below(newline)) return false;
    if (!after.upper) return line_begin_ != begin || !answers(line_begin_, newline);
    if (!before.upper && opens_sentence(newline + 1)) return false;
    constexpr std::uint8_t column = 3;  // blanks
    if (std::any_of(tokens_.begin() + static_cast<std::ptrdiff_t>(line_begin_) + 1, tokens_.begin() + static_cast<std::ptrdiff_t>(newline), [](const Token& t) { return t.spaced >= column; })) return false;
    return line >= shortest && is_long(line_begin_, newline);  // where a capital follows
}

/// "MVO no" above "thrombus no": whether a short line ends with an answer.
bool Outline::answers(std::size_t begin, std::size_t newline) const {
    constexpr std::uint32_t longest = 16;  // bytes
    if (newline < begin + 2 || length(begin, newline) > longest) return false;
    const auto m = lexicon_.main.find(tokens_.data() + newline - 1, tokens_.data() + newline);
    if (m.list == 0) return false;
    const Kind kind = lexicon_.meaning(m).kind;
    return kind == Kind::negation || kind == Kind::negated || kind == Kind::answer || kind == Kind::weak;
}

/// Whether a mention of LGE starts at a token.
bool Outline::names_target(std::size_t i) const {
    const auto [m, side] = lexicon_.main.find_both(tokens_.data() + i, tokens_.data() + tokens_.size(), lexicon_.main.first(tokens_[i].symbol));
    return m.list != 0 && lexicon_.meaning(m).kind == Kind::target;
}

/// Whether the full stop only ends a short form: "Dr. X", "approx. 5 g", "incl. apex".
bool Outline::abbreviated(std::size_t begin, std::size_t stop) const {
    if (stop == begin || stop + 1 >= tokens_.size() || tokens_[stop + 1].kind == Token::Kind::newline) return false;
    const Token& before = tokens_[stop - 1];
    if (tokens_[stop + 1].kind == Token::Kind::number && stop >= begin + 2 && before.kind == Token::Kind::word && before.end - before.start <= 3 && lexicon_.is(tokens_[stop - 2], Role::segment)) return true;  // "segment no. 5"
    if (lexicon_.is(before, Role::title)) return !(tokens_[stop + 1].upper && starts_with_place(stop + 1) && starts_field(stop + 1));  // not "subepi. Basal septum: nil"
    return lexicon_.is(before, Role::abbreviation) && (!tokens_[stop + 1].upper || (names_target(stop + 1) && !heading(stop + 1, false)));  // "infsept. LGE"
}

/// "... is normal.No enhancement": a full stop whose blank was lost.
bool Outline::runs_on(std::size_t begin, std::size_t stop) const {
    constexpr std::uint32_t shortest = 3;  // letters: no initial or short form
    if (stop == begin || stop + 1 >= tokens_.size()) return false;
    const Token& before = tokens_[stop - 1];
    const Token& after = tokens_[stop + 1];
    const bool closed = sign(before, ')') || sign(before, '%') || (before.kind == Token::Kind::word && before.end - before.start >= shortest);
    return closed && !tokens_[stop].spaced && after.kind == Token::Kind::word && after.upper && after.end - after.start > 1;
}

/// "5.2 Distribution: septum", "4 LGE" on a line of its own
bool Outline::numbers_section(std::size_t i) const {
    constexpr float most = 30;
    const float v = tokens_[i].value;
    if (i + 1 >= tokens_.size() || v >= most || tokens_[i + 1].kind != Token::Kind::word || !tokens_[i + 1].upper || !tokens_[i + 1].spaced) return false;
    if (v != static_cast<float>(static_cast<int>(v))) return true;
    const auto m = lexicon_.heads.find(tokens_.data() + i + 1, tokens_.data() + tokens_.size());
    const std::size_t end = i + 1 + m.tokens;
    return m.list != 0 && end < tokens_.size() && tokens_[end].kind == Token::Kind::newline;
}

/// "II", "IV", and in small letters "(iii)" and "ii." where a line starts: the numerals that number the parts of a report.
bool Outline::is_roman(std::size_t i) const {
    const bool closed = i + 1 < tokens_.size() && (sign(tokens_[i + 1], ')') || sign(tokens_[i + 1], '.'));
    const bool between = closed && i > 0 && (sign(tokens_[i - 1], '(') || tokens_[i - 1].kind == Token::Kind::newline);
    if (!(tokens_[i].upper || between) || tokens_[i].end - tokens_[i].start > 4) return false;
    const auto [m, side] = lexicon_.main.find_both(tokens_.data() + i, tokens_.data() + i + 1, lexicon_.main.first(tokens_[i].symbol));
    return side.list != 0 && lexicon_.meaning(side).kind == Kind::numeral;
}

/// The token behind the bullets and list labels at the start of a line: "-", "4.", "2)", "4b.", "(a)", "c)", "IV.".
std::size_t Outline::behind_label(std::size_t i) const {
    const std::size_t n = tokens_.size();
    const auto letter = [&](std::size_t k) { return tokens_[k].kind == Token::Kind::word && tokens_[k].end - tokens_[k].start == 1; };
    for (;;) {
        if (i < n && tokens_[i].kind == Token::Kind::sign && (tokens_[i].sign == '-' || tokens_[i].sign == '*' || (tokens_[i].sign == '>' && i + 1 < n && tokens_[i + 1].spaced) || tokens_[i].sign == '=' || tokens_[i].sign == '#' || tokens_[i].sign == '|' || tokens_[i].sign == '"')) { ++i; continue; }
        if (i < n && tokens_[i].kind == Token::Kind::number && numbers_section(i)) return i + 1;
        std::size_t k = i;
        const bool open = k < n && sign(tokens_[k], '(');
        if (open) ++k;
        const std::size_t label = k;
        if (k < n && tokens_[k].kind == Token::Kind::number) ++k;
        if (k < n && (letter(k) || (k == label && is_roman(k))) && (k == label || !tokens_[k].spaced)) ++k;
        if (k == label || k >= n || tokens_[k].spaced || !(sign(tokens_[k], ')') || (!open && sign(tokens_[k], '.')))) return i;
        i = k + 1;
    }
}

bool Outline::starts_with_place(std::size_t i) const {
    i = behind_label(i);
    if (i >= tokens_.size()) return false;
    const auto [m, side] = lexicon_.main.find_both(tokens_.data() + i, tokens_.data() + tokens_.size(), lexicon_.main.first(tokens_[i].symbol));
    if (side.list != 0)
        for (const auto e : lexicon_.main.entries(side))
            if (lexicon_.entries[e].kind == Kind::territory) return true;
    if (m.list == 0) return false;
    switch (lexicon_.meaning(m).kind) {
        case Kind::level: case Kind::wall: case Kind::segmentword: case Kind::pattern: case Kind::all: case Kind::mvo: case Kind::target: case Kind::weak: return true;
        default: return false;
    }
}

/// "mid - inferior, inferolateral": whether a level and a dash stand at a token.
bool Outline::starts_row(std::size_t i) const {
    const auto place_at = [&](std::size_t k) { return k < tokens_.size() ? lexicon_.main.find_both(tokens_.data() + k, tokens_.data() + tokens_.size(), lexicon_.main.first(tokens_[k].symbol)).main : Trie::Match{}; };
    const Trie::Match m = place_at(i), wall = m.list != 0 ? place_at(i + m.tokens) : Trie::Match{};
    const bool named = wall.list != 0 && lexicon_.meaning(wall).kind == Kind::wall;  // "apical lateral - ..."
    const std::size_t dash = i + m.tokens + (named ? wall.tokens : 0);
    return m.list != 0 && lexicon_.meaning(m).kind == Kind::level && dash + 1 < tokens_.size() && (sign(tokens_[dash], '-') || sign(tokens_[dash], '=')) && tokens_[dash].spaced && tokens_[dash + 1].spaced;
}

/// Whether a heading says something itself, and so is read with its sentence: "Infarct size: 24 %", "Viability: preserved",
/// "Scar (% of LV): 7", "LGE (basal segments): inferior".
bool Outline::tells(const Heading& h) const {
    if (h.entry->code == context_told) {
        const auto [main, side] = lexicon_.main.find_both(tokens_.data() + at_, tokens_.data() + tokens_.size(), lexicon_.main.first(tokens_[at_].symbol));
        if (main.list != 0 && lexicon_.meaning(main).kind == Kind::target && lexicon_.meaning(main).code == 1) return true;
        if (side.list != 0 && lexicon_.meaning(side).kind == Kind::viability) return true;
    }
    for (std::size_t k = at_; k < h.next; ++k)
        if (sign(tokens_[k], '%') || (sign(tokens_[k], '(') && starts_with_place(k + 1))) return true;
    return false;
}

/// Whether a line starts with a heading such as "Pattern:".
bool Outline::keeps_topic(std::size_t i) const {
    i = behind_label(i);
    if (i >= tokens_.size()) return false;
    const auto h = heading(i, true);
    return h && h->entry->kind == Kind::context && h->entry->code == 1;
}

/// Whether what stands behind "Contrast:" tells what enhances, and not what was injected.
bool Outline::names_enhancement(std::size_t i) const {
    for (; i < tokens_.size() && tokens_[i].kind != Token::Kind::newline; ++i) {
        const auto [m, side] = lexicon_.main.find_both(tokens_.data() + i, tokens_.data() + tokens_.size(), lexicon_.main.first(tokens_[i].symbol));
        if (m.list == 0) continue;
        const Kind kind = lexicon_.meaning(m).kind;
        if (kind == Kind::target || kind == Kind::pattern || kind == Kind::wall) return true;
    }
    return false;
}

/// "T2: normal.\nSegment 10: transmural LGE.": a line of LGE is no row of what the line above is about.
bool Outline::line_names_target(std::size_t i) const {
    for (; i < tokens_.size() && tokens_[i].kind != Token::Kind::newline; ++i)
        if (tokens_[i].kind == Token::Kind::word && names_target(i)) return true;
    return false;
}

void Outline::end_line() {
    if (at_ > line_begin_ && breaks_softly(at_, length(line_begin_, at_))) {
        line_begin_ = ++at_;
        return;
    }
    if (one_line_) section_ = Section::findings;
    one_line_ = line_headed_ = false;
    const bool blank = at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == Token::Kind::newline;
    if (blank || (topic_line_ && !keeps_topic(at_ + 1) && (!starts_with_place(at_ + 1) || (topic_ == Topic::other && line_names_target(at_ + 1))))) topic_ = Topic::none;
    line_start_ = true;
    line_begin_ = ++at_;
}

/// "acquired: no": whether a word that denies stands at a token.
bool Outline::denies(std::size_t i) const {
    const auto m = lexicon_.main.find(tokens_.data() + i, tokens_.data() + tokens_.size());
    if (m.list == 0) return false;
    const Kind kind = lexicon_.meaning(m).kind;
    return kind == Kind::negation || kind == Kind::negated || kind == Kind::answer;
}

/// Enters what a heading names. False when its words are part of a sentence after all.
bool Outline::take_heading(const Heading& h) {
    const bool line_ends = h.next >= tokens_.size() || tokens_[h.next].kind == Token::Kind::newline;
    const Entry& e = *h.entry;
    constexpr std::uint8_t findings = 1;
    constexpr std::size_t longest_answer = 3;  // tokens
    std::size_t end = h.next;  // of a short line
    while (end < tokens_.size() && end <= h.next + longest_answer && tokens_[end].kind != Token::Kind::newline) ++end;
    const bool answered = topic_ == Topic::lge && !line_ends && end <= h.next + longest_answer;
    if (answered && e.kind == Kind::section && e.code == findings && answers(at_, end)) {  // "LGE" above "Result: positive"
        at_ = h.next;
        line_start_ = false;
        return true;
    }
    if (e.kind == Kind::context && e.code == context_acquired) {  // "LGE" above "acquired: yes"
        if (answered && line_start_ && !denies(h.next)) {
            at_ = end;
            return true;
        }
        if (line_start_) topic_ = Topic::none;
        return false;
    }
    if (e.kind == Kind::section || e.code != 1) topic_line_ = !line_ends;
    const bool of_agent = e.kind == Kind::context && e.code == context_agent && !names_enhancement(h.next);
    if (e.kind == Kind::section || of_agent) {
        headed_ = true;
        amends_ = amends_ || (e.kind == Kind::section && e.code == section_addendum);
        line_headed_ = !line_ends;
        const bool passed = e.code == 0 || (e.code == section_original && !amended_);
        section_ = passed || of_agent ? Section::ignored : e.code == 1 || e.code == section_original ? Section::findings : Section::impression;
        one_line_ = section_ == Section::ignored && !line_ends;
        topic_ = Topic::none;
        at_ = h.next;
        line_start_ = line_ends;
        return true;
    }
    if ((e.code == 0 || e.code == context_told || e.code == context_agent) && (section_ != Section::ignored || (line_start_ ? !one_line_ : !headed_))) {  // behind other sentences of its line it starts the findings
        if (section_ == Section::ignored) section_ = Section::findings;
        topic_ = Topic::lge;
        if (!line_ends && tells(h)) return false;
        at_ = h.next;
        line_start_ = false;
        return true;
    }
    if (e.code == 2) topic_ = Topic::other;
    return false;
}

/// "LGE: N   MVO: N": the token of a heading that a wide gap parts from what stands before it, or `colon`.
std::size_t Outline::behind_wide_gap(std::size_t begin, std::size_t colon) const {
    constexpr std::size_t longest = 4;  // tokens
    for (std::size_t k = colon; k > begin + 1 && k + longest > colon; --k)
        if (tokens_[k - 1].spaced >= wide && tokens_[k - 2].kind != Token::Kind::newline && tokens_[k - 2].sign != '.') return heading(k - 1, false) ? k - 1 : colon;
    return colon;
}

/// "INDICATION: syncope FINDINGS: normal LGE: none": the token of a heading with a capital that ends with a colon, where the
/// breaks of lines were lost, or `colon`. But for what is passed over it is one only behind the heading of a section.
std::size_t Outline::lost_break(std::size_t begin, std::size_t colon) const {
    constexpr std::size_t longest = 3;  // tokens
    std::size_t first = colon;
    for (std::size_t k = colon; k-- > begin + 1 && k + longest >= colon;) {
        if (!tokens_[k].upper) continue;
        const Token& before = tokens_[k - 1];
        if (before.kind == Token::Kind::newline || sign(before, '(') || sign(before, '/') || sign(before, '-') || lexicon_.is(before, Role::preposition)) continue;
        const auto h = heading(k, false);
        if (!h || h->next != colon + 1 || !(line_headed_ || (h->entry->kind == Kind::section && h->entry->code == 0))) continue;
        first = k;
    }
    return first;
}

/// "RV insertion? - inferior, basal.": whether a dash and the answer stand behind a question mark.
bool Outline::answered(std::size_t mark) const {
    return mark + 2 < tokens_.size() && sign(tokens_[mark + 1], '-') && tokens_[mark + 1].spaced && tokens_[mark + 2].spaced && tokens_[mark + 2].kind == Token::Kind::word;
}

/// To the end of the sentence.
Span Outline::sentence() {
    const std::size_t begin = at_, n = tokens_.size();
    line_start_ = false;
    bool ended = false, question = false, wrapped = false;
    std::size_t j = begin;
    for (const std::size_t end = std::min(n, begin + longest_sentence); j < end && !ended; ++j) {
        const Token& t = tokens_[j];
        if (!may_end_sentence[static_cast<unsigned char>(t.sign)]) continue;
        if (t.kind == Token::Kind::newline) {
            if (!wraps(begin, j)) break;
            line_begin_ = j + 1;
            wrapped = true;
            continue;
        }
        if (t.sign == ':') {
            if (const std::size_t field = behind_wide_gap(begin, j); field != j) {
                j = field;
                break;
            }
            if (const std::size_t field = j > begin + 1 ? lost_break(begin, j) : j; field != j) {
                j = field;
                break;
            }
            continue;
        }
        const bool space_after = j + 1 >= n || tokens_[j + 1].spaced || tokens_[j + 1].kind == Token::Kind::newline;
        if (t.sign == '.') ended = (space_after || runs_on(begin, j)) && !abbreviated(begin, j);
        else if (t.sign == '?') ended = question = (!t.spaced || j + 1 >= n || tokens_[j + 1].kind == Token::Kind::newline) && space_after && j > begin && !answered(j);
        else if (t.sign == '!') ended = true;
        else if (t.sign == ';') ended = j + 1 < n && heading(j + 1, false).has_value();
    }
    at_ = j;
    const bool first = std::exchange(headed_, false);
    return {.begin = begin, .end = ended ? j - 1 : j, .section = section_, .topic = topic_, .question = question, .first = first, .amends = std::exchange(amends_, false), .wrapped = wrapped};
}

std::optional<Span> Outline::next(std::vector<Note>* notes) {
    const std::size_t n = tokens_.size();
    while (at_ < n) {
        const Token& t = tokens_[at_];
        if (t.kind == Token::Kind::newline) { end_line(); continue; }
        if (line_start_)
            if (const std::size_t behind = behind_label(at_); behind != at_) { at_ = behind; continue; }
        if (t.kind == Token::Kind::word) {
            auto h = heading(at_, line_start_);
            if (!h) h = examination(at_);
            if (h) {
                if (notes != nullptr) notes->push_back({t.start, tokens_[h->next - 1].end, h->entry});
                if (take_heading(*h)) continue;
            } else if (line_start_ && topic_ != Topic::none && starts_field(at_ + 1) && !starts_with_place(at_)) topic_ = Topic::none;
        }
        const Span span = sentence();
        if (span.end > span.begin) return span;
    }
    return std::nullopt;
}

}  // namespace lge::report
