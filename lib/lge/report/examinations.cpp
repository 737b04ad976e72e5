#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

const Entry earlier{.kind = Kind::history, .value = {}, .name = {}};

bool is_year(const Token& t) { return t.kind == Token::Kind::number && t.value >= 1980 && t.value < 2050; }

bool is_noun(const Hit& h) { return (h.kind() == Kind::examination && h.entry->code == 0) || h.kind() == Kind::imaging; }

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

/// What tells of another examination: its subject and verb; `last` of the tokens is before `first` where nothing does.
struct Told { std::uint32_t first = 1, last = 0; bool initial = false; };
Told told_by(const Passage& in, const Hit& verb) {
    bool dated = false;
    const Hit* noun = subject_of(in, verb, dated);
    if (noun == nullptr) return {};
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
    return in.any(Kind::examination) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return is_verb(s) && told_by(in, s).initial; });
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
