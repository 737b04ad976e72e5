#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Presence;

namespace {

const Hit* near_side(const Passage& in, Kind kind, std::uint32_t first, std::uint32_t last, std::uint32_t before, std::uint32_t after) {
    const Hit* found = nullptr;
    for (const Hit& s : in.side)
        if (s.kind() == kind && ((s.last < first && first - s.last <= before) || (s.first > last && s.first - last <= after && found == nullptr)) && in.clause[s.first] == in.clause[first]) found = &s;
    return found;
}

bool has_depth(const Passage& in, std::uint32_t c) {
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::pattern && in.clause[h.first] == c && h.entry->code <= 1) return true;
    return false;
}

/// Whether an amount at this token belongs to LGE.
bool mine(const Passage& in, std::uint32_t token, Topic topic) {
    bool in_clause = false;
    for (const Target& t : in.targets) {
        if (t.clause == in.clause[token] && (t.skip || t.presence == Presence::absent)) return false;
        in_clause = in_clause || t.clause == in.clause[token];
    }
    return in_clause || topic == Topic::lge || in.any(Kind::target);
}

}  // namespace

void read_amounts(const Passage& in, Topic topic, Gathered& gathered) {
    bool live = topic == Topic::lge;
    for (const Target& t : in.targets) live = live || (!t.skip && t.presence != Presence::absent);
    if (!live) return;
    for (std::uint32_t i = 0; i < in.count; ++i) {
        if (in.at[i].kind != Token::Kind::number) continue;
        std::uint32_t last = i;
        double low = static_cast<double>(in.at[i].value), high = low;
        const std::uint32_t first = i;
        if (i + 2 < in.count && (sign(in.at[i + 1], '-') || in.is(in.at[i + 1], Role::range)) && in.at[i + 2].kind == Token::Kind::number) {
            high = static_cast<double>(in.at[i + 2].value);
            last = i + 2;
        } else if (i + 3 < in.count && sign(in.at[i + 1], '%') && (sign(in.at[i + 2], '-') || in.is(in.at[i + 2], Role::range)) && in.at[i + 3].kind == Token::Kind::number) {
            high = static_cast<double>(in.at[i + 3].value);
            last = i + 3;
        }
        if (last + 1 >= in.count) break;
        const Token& unit = in.at[last + 1];
        const bool percent = sign(unit, '%') || in.is(unit, Role::percent);
        const bool grams = in.is(unit, Role::gram);
        i = last;
        if (!percent && !grams) continue;
        if (grams) {
            const bool indexed = last + 2 < in.count && sign(in.at[last + 2], '/');
            if (!indexed && low == high && near_side(in, Kind::measure, first, last, 6, 0) == nullptr && mine(in, first, topic)) gathered.mass = low;
            continue;
        }
        if (const Hit* m = near_side(in, Kind::measure, first, last, 5, 0)) {
            bool comma = false;
            for (std::uint32_t k = m->last + 1; k < first; ++k) comma = comma || sign(in.at[k], ',');
            if (!comma && near_side(in, Kind::quantity, first, last, 0, 3) == nullptr) continue;
        }
        Percent p{.low = low, .high = high};
        if (first > 0 && sign(in.at[first - 1], '<')) p.low.reset();
        if (first > 0 && sign(in.at[first - 1], '>')) p.high.reset();
        if (low > 100 || high > 100 || high < low) continue;
        const bool bounded = low != high || !p.low || !p.high;
        const bool thickness = near_side(in, Kind::transmurality, first, last + 1, 6, 4) != nullptr;
        const bool quantity = near_side(in, Kind::quantity, first, last + 1, 8, 4) != nullptr;
        const bool depth_word = in.find_hit(Kind::pattern, 0, in.count, in.clause[first]) != nullptr && has_depth(in, in.clause[first]);
        bool weighed = false;
        for (std::uint32_t k = first >= 3 ? first - 3 : 0; k < first; ++k) weighed = weighed || in.is(in.at[k], Role::gram);
        if (!mine(in, first, topic)) continue;
        if (thickness) gathered.depths.push_back(p);
        else if (quantity || (weighed && in.at[first].word == 0)) gathered.shares.push_back(p);
        else if (depth_word || bounded) gathered.depths.push_back(p);
        else gathered.shares.push_back(p);
    }
}

}  // namespace lge::report
