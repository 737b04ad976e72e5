#include "lge/report/areas.hpp"

#include <algorithm>

namespace lge::report {

namespace {

/// Whether what follows the spot `next - 1` is a wall that only tells where there is most: "..., most marked inferiorly".
bool stresses_wall(const Passage& in, const OwnSpots& own, std::size_t next) {
    if (next >= own.size() || own[next]->type != Spot::Type::wall) return false;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::emphasis && h.entry->code == 0 && h.first > own[next - 1]->last && h.last < own[next]->first; });
}

}  // namespace

bool named_whole(const Passage& in, const OwnSpots& own, std::size_t k) {
    std::uint32_t first = own[k]->first;
    if (first > 1 && in.any(Kind::numeral) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::numeral && s.last + 1 == first; })) --first;
    if (k > 0 && own[k - 1]->type == Spot::Type::level && static_cast<LevelWord>(own[k - 1]->code) == LevelWord::whole && own[k - 1]->last + 1 == first) return true;  // "the entire apical level"
    return first > 0 && in.is(in.at[first - 1], Role::both);
}

bool stands_whole(const Passage& in, const Spot& all, const OwnSpots& own) {
    const auto first = std::find_if(own.begin(), own.end(), [](const Spot* s) { return s->type == Spot::Type::wall || s->type == Spot::Type::segments || names_level(*s); });
    if (first == own.end() || (*first)->first < all.last) return false;
    if (in.starts_at(Kind::emphasis, (*first)->last + 1)) return true;  // "circumferential, with septal predominance"
    constexpr auto transmural = static_cast<std::uint32_t>(anatomy::Pattern::transmural);
    constexpr std::uint32_t reach = 4;
    const auto deeper = [&](const Hit& h) { return h.kind() == Kind::pattern && h.entry->code == transmural && h.first > (*first)->last + 1 && h.first <= (*first)->last + reach && std::none_of(in.at + (*first)->last, in.at + h.first, [&](const Token& t) { return t.kind == Token::Kind::sign || in.is(t, Role::conjunction); }); };
    if ((*first)->type == Spot::Type::level && !all.listed && std::any_of(in.hits.begin(), in.hits.end(), deeper)) return true;  // "global enhancement, at the base amounting to transmural uptake"
    for (const Hit& h : in.hits) {
        if (h.first <= all.last || h.last >= (*first)->first) continue;
        if (h.kind() == Kind::emphasis && h.entry->code == 0) return true;
        if (h.kind() == Kind::pattern && h.entry->code == transmural && h.first > all.last + 1 && !in.is(in.at[h.first - 1], Role::conjunction)) return true;
    }
    return false;
}

bool of_ring(const Passage& in, const OwnSpots& own, std::size_t k) {
    const auto level = [&](std::size_t n) { return n < own.size() && names_level(*own[n]) && static_cast<LevelWord>(own[n]->code) != LevelWord::apex; };
    const auto stressed = [&](std::uint32_t a, std::uint32_t b) { return in.find_hit(Kind::emphasis, a, b) != nullptr; };
    if (level(k + 1) && in.joined(own[k]->last, own[k + 1]->first) && !stressed(own[k]->last, own[k + 1]->first)) return true;
    const auto affecting = [&](std::uint32_t a, std::uint32_t b) {  // "at mid level, occupying the subepicardium of every segment"
        constexpr std::uint32_t reach = 6;
        return own[k]->listed && b <= a + reach && std::none_of(in.at + a + 1, in.at + b, [&](const Token& t) { return in.is(t, Role::conjunction); });
    };
    const auto opens = [&](const Spot& s, std::uint32_t all) {  // "at mid level there is a circumferential band"
        constexpr std::uint32_t reach = 5;
        const bool first = s.first < 2 || in.clause[s.first - 2] != in.clause[s.first] || in.clause[s.first] != in.clause[all];
        return first && all <= s.last + reach && std::none_of(in.at + s.last + 1, in.at + all, [&](const Token& t) { return in.is(t, Role::conjunction) || t.kind == Token::Kind::sign; });
    };
    return k > 0 && level(k - 1) && (in.joined(own[k - 1]->last, own[k]->first) || affecting(own[k - 1]->last, own[k]->first) || opens(*own[k - 1], own[k]->first)) && !stressed(own[k - 1]->last, own[k]->first);
}

Rings stressed_rings(const Passage& in, const OwnSpots& own, std::size_t k) {
    const bool all = own[k]->type == Spot::Type::all;
    if (all ? !of_ring(in, own, k) : !named_whole(in, own, k)) return {};
    Rings rings{.levels = 0, .last = k};
    for (std::size_t n = all ? k + 1 : k; n < own.size() && names_level(*own[n]) && static_cast<LevelWord>(own[n]->code) != LevelWord::cone; ++n) rings = {rings.levels | level_bit(level_of(own[n]->code)), n};
    const std::uint32_t behind = own[rings.last]->last + 1;
    if (!all && !(behind < in.count && in.is(in.at[behind], Role::segment))) return {};
    if (rings.levels == 0) rings.levels = level_bit(level_of(own[k - 1]->code));
    return stresses_wall(in, own, rings.last + 1) ? rings : Rings{};
}

}  // namespace lge::report
