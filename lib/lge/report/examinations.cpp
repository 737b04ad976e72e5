#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

const Entry earlier{.kind = Kind::history, .value = {}, .name = {}};

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

}  // namespace

void find_earlier_examinations(Passage& in) {
    if (!in.any(Kind::examination)) return;
    for (const Hit& verb : in.side) {
        if (verb.kind() != Kind::examination || verb.entry->code != examination_told) continue;
        bool dated = false;
        const Hit* noun = subject_of(in, verb, dated);
        if (noun == nullptr) continue;
        const Hit* adjective = adjective_of(in, *noun, examination_earlier);
        if (adjective == nullptr && !dated) continue;
        const std::uint32_t first = adjective != nullptr ? std::min(adjective->first, noun->first) : noun->first;
        const auto at = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first >= first; });
        if (std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::history && h.first <= verb.last && h.last >= first; })) continue;
        in.hits.emplace(at, &earlier, first, verb.last, Kind::history);
        in.mark(Kind::history);
    }
}

}  // namespace lge::report
