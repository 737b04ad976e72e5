#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

const Entry earlier{.kind = Kind::history, .value = {}, .name = {}};

bool is_foreign(const Hit& h) { return h.kind() == Kind::examination && h.entry->code == examination_foreign; }
bool is_noun(const Hit& h) { return (h.kind() == Kind::examination && h.entry->code == 0) || h.kind() == Kind::imaging || is_foreign(h); }

/// What the side phrases at a token say of an examination; null for none of this code.
const Hit* covers(const Passage& in, std::uint32_t i, std::uint32_t code) {
    const auto at = std::find_if(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.first <= i && s.last >= i && s.kind() == Kind::examination && s.entry->code == code; });
    return at == in.side.end() ? nullptr : &*at;
}

/// The noun that a verb tells of: between them stand only when and where it was done. `dated`: something there says so.
const Hit* subject_of(const Passage& in, const Hit& verb, bool& dated) {
    constexpr std::uint32_t reach = 12;
    for (std::uint32_t i = verb.first; i-- > 0 && i + reach >= verb.first;) {
        const auto noun = std::find_if(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.last == i && is_noun(s); });
        if (covers(in, i, examination_dated) != nullptr || in.is(in.at[i], Role::month)) dated = true;
        else if (noun != in.side.end()) return &*noun;
        else if (in.at[i].kind == Token::Kind::number || sign(in.at[i], '/') || sign(in.at[i], '(') || sign(in.at[i], ')') || sign(in.at[i], ',') || sign(in.at[i], '-')) continue;
        else if (!in.is(in.at[i], Role::preposition | Role::joining | Role::origin)) return nullptr;
    }
    return nullptr;
}

/// The word before a noun that sets its examination apart from the one reported: of the code asked for, or null.
const Hit* adjective_of(const Passage& in, const Hit& noun, std::uint32_t code) {
    constexpr std::uint32_t reach = 3;
    for (std::uint32_t i = noun.first; i > 0 && i + reach > noun.first; --i)
        if (const Hit* said = covers(in, i - 1, code); said != nullptr) return said;
    return covers(in, noun.first, code);
}

/// Whether a phrase at a token says this of an examination.
bool says(const Lexicon& lexicon, const Token* at, const Token* end, std::uint32_t code) {
    const auto [m, side] = lexicon.main.find_both(at, end, lexicon.main.first(at->symbol));
    return lexicon.meaning(lexicon.main, side, [&](const Entry& e) { return e.kind == Kind::examination && e.code == code; }) != nullptr;
}

/// "MRI in the acute phase: ...": the first examination is another one only where the text comes to a later one.
bool told_again(const Lexicon& lexicon, const Token* at, const Token* end) {
    for (; at < end; ++at)
        if (says(lexicon, at, end, examination_now)) return true;
    return false;
}

/// Whether an article, "her" or "on" stands before a noun: the date of a title tells when the examination reported was done.
bool begins_noun(const Lexicon& lexicon, const Token* tokens, std::uint32_t noun) {
    constexpr std::uint32_t reach = 3;
    for (std::uint32_t i = noun; i > 0 && i + reach > noun; --i) {
        if (tokens[i - 1].kind != Token::Kind::word) return false;
        if (lexicon.is(tokens[i - 1], Role::preposition | Role::possessive | Role::joining | Role::person)) return true;
    }
    return false;
}

/// The examination that a year at a token is the date of, "MRI (12 March 2019)"; `nowhere` for none.
std::uint32_t dated_noun(const Lexicon& lexicon, const Token* tokens, std::uint32_t year) {
    constexpr std::uint32_t reach = 8;
    for (std::uint32_t i = year; i-- > 0 && i + reach > year;) {
        const Token& t = tokens[i];
        if (t.kind == Token::Kind::number || is_sign(t, '/') || is_sign(t, '-') || is_sign(t, '(') || is_sign(t, '.') || lexicon.is(t, Role::month)) continue;
        if (t.kind != Token::Kind::word) return nowhere;
        if (says(lexicon, &t, &t + 1, 0)) return i;
        if (!lexicon.is(t, Role::preposition | Role::origin | Role::joining) && !says(lexicon, &t, &t + 1, examination_dated)) return nowhere;
    }
    return nowhere;
}

void name_previous(const Lexicon& lexicon, Token& t) {
    t.kind = Token::Kind::word;
    t.word = lexicon.previous;
    t.symbol = word_symbol + lexicon.previous;
}

/// What tells of another examination: its subject and verb; `last` of the tokens is before `first` where nothing does.
struct Told { std::uint32_t first = 1, last = 0; bool initial = false; };
Told told_by(const Passage& in, const Hit& verb) {
    bool dated = false;
    const Hit* noun = subject_of(in, verb, dated);
    if (noun == nullptr) return {};
    if (is_foreign(*noun)) return {.first = noun->first, .last = verb.last};  // "PET of July showed lateral uptake"
    const bool year = noun->first > 0 && is_year(in.at[noun->first - 1]);  // "the 2018 examination"
    const Hit* adjective = adjective_of(in, *noun, examination_earlier);
    if (adjective == nullptr && !year && !dated) {
        adjective = adjective_of(in, *noun, examination_first);
        return adjective == nullptr ? Told{} : Told{.first = std::min(adjective->first, noun->first), .last = verb.last, .initial = true};
    }
    return {.first = adjective != nullptr ? std::min(adjective->first, noun->first) : noun->first - (year ? 1 : 0), .last = verb.last};
}

bool is_verb(const Hit& h) { return h.kind() == Kind::examination && h.entry->code == examination_told; }

}  // namespace

bool tells_of_now(const Passage& in, std::uint32_t from) {
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::examination && s.entry->code == examination_now && s.first >= from; });
}

bool tells_of_first(const Passage& in) {
    const auto begins = [&](const Hit& s) {  // "At presentation, LGE occupied ..."
        constexpr std::uint32_t article = 2;
        return s.kind() == Kind::examination && s.entry->code == examination_first && s.first > 0 && s.first <= article && in.is(in.at[0], Role::preposition) && s.last + 1 < in.count && sign(in.at[s.last + 1], ',');
    };
    return in.any(Kind::examination) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return begins(s) || (is_verb(s) && told_by(in, s).initial); });
}

void name_dated_examinations(const Lexicon& lexicon, Tokens& tokens) {
    if (lexicon.previous == 0 || std::none_of(tokens.begin(), tokens.end(), is_year)) return;
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < tokens.size(); ++i) {
        tokens[kept++] = tokens[i];
        if (!is_year(tokens[i])) continue;
        const Token* const first = tokens.data();
        if (i + 1 < tokens.size() && kept > 1 && says(lexicon, tokens.data() + i + 1, tokens.data() + tokens.size(), 0) && begins_noun(lexicon, first, kept - 1)) {  // "the 2019 scan"
            name_previous(lexicon, tokens[kept - 1]);
            continue;
        }
        const std::uint32_t noun = dated_noun(lexicon, first, kept - 1);
        if (noun == nowhere || !begins_noun(lexicon, first, noun)) continue;
        const bool closes = i + 1 < tokens.size() && is_sign(tokens[i + 1], ')') && std::any_of(first + noun, first + kept, [](const Token& t) { return is_sign(t, '('); });
        const Token what = tokens[noun], end = tokens[i + (closes ? 1 : 0)];
        kept = noun + 1;
        if (noun == 0 || !says(lexicon, tokens.data() + noun - 1, tokens.data() + noun, examination_earlier)) {
            name_previous(lexicon, tokens[noun]);
            tokens[kept] = what;
            tokens[kept].start = tokens[noun].end, tokens[kept].end = end.end;
            ++kept;
        }
        if (closes) ++i;
    }
    tokens.resize(kept);
}

ExaminationLabel examination_label(const Lexicon& lexicon, const Token* at, const Token* end) {
    constexpr std::ptrdiff_t longest = 10, behind_number = 2;  // tokens
    const Token* const last = at + std::min(longest, end - at);
    const Token* const colon = std::find_if(at, last, [](const Token& t) { return is_sign(t, ':') || is_sign(t, '.') || t.kind == Token::Kind::newline; });
    if (colon == last || !is_sign(*colon, ':')) return {};
    bool noun = false, other = false, now = false, bracket = false, initial = true;
    const bool number = std::any_of(at, colon, [](const Token& t) { return t.kind == Token::Kind::number; });
    for (const Token* t = at; t < colon;) {
        if (is_sign(*t, '(') || is_sign(*t, ')')) bracket = is_sign(*t, '(');
        const auto side = lexicon.main.find_both(t, colon, lexicon.main.first(t->symbol)).side;
        const auto code = [&](std::uint32_t c) { return lexicon.meaning(lexicon.main, side, [&](const Entry& e) { return e.kind == Kind::examination && e.code == c; }) != nullptr; };
        const bool named = code(0) || lexicon.meaning(lexicon.main, side, [](const Entry& e) { return e.kind == Kind::imaging; }) != nullptr;
        const bool is_now = code(examination_now), is_other = code(examination_earlier) || code(examination_first) || code(examination_dated);
        noun = noun || named || is_now;
        now = now || is_now;
        other = other || is_other;
        initial = initial && !code(examination_earlier);
        if (named || is_now || is_other) {
            t += side.tokens;
            continue;
        }
        const bool dated = t > at + 1 && std::any_of(std::max(at, t - behind_number), t, [](const Token& k) { return k.kind == Token::Kind::number; });  // "11 months ago"
        if (t->kind == Token::Kind::word && !bracket && !dated && !lexicon.is(*t, Role::preposition | Role::joining | Role::origin | Role::possessive | Role::month)) return {};
        ++t;
    }
    noun = noun || (other && number);  // "Baseline 6 months ago:"
    if (other && initial && !told_again(lexicon, colon, end)) return {};
    return noun && (other || now) ? ExaminationLabel{static_cast<std::size_t>(colon + 1 - at), !now} : ExaminationLabel{};
}

void find_earlier_examinations(Passage& in) {
    if (!in.any(Kind::examination)) return;
    for (const Hit& verb : in.side) {
        const Told told = is_verb(verb) ? told_by(in, verb) : Told{};
        if (told.last < told.first || (told.initial && !tells_of_now(in, told.last))) continue;
        const auto at = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first >= told.first; });
        if (std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::history && h.first <= told.last && h.last >= told.first; })) continue;
        in.hits.emplace(at, &earlier, told.first, told.last, Kind::history);
        in.mark(Kind::history);
    }
}

}  // namespace lge::report
