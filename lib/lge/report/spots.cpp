#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Pattern;

namespace {

/// "LGE in the hypertrophied septum": the word only describes a wall.
bool describes_place(const Passage& in, const Hit& m) {
    bool wall = false;
    for (const Hit& h : in.hits) wall = wall || (h.first > m.last && (h.kind() == Kind::wall || h.kind() == Kind::level || h.kind() == Kind::lv) && in.joined(m.last, h.first));
    std::uint32_t p = m.first;
    while (p > 0 && in.is(in.at[p - 1], Role::joining) && !in.is(in.at[p - 1], Role::preposition)) --p;
    return wall && p > 0 && in.is(in.at[p - 1], Role::preposition);
}

/// "50% of the wall thickness"
bool measures_depth(const Passage& in, const Hit& m) {
    bool depth = false, percent = false;
    for (const Hit& s : in.side) depth = depth || (s.kind() == Kind::transmurality && s.first <= m.last && s.last >= m.first);
    for (std::uint32_t k = m.first >= 5 ? m.first - 5 : 0; k < m.first; ++k) percent = percent || sign(in.at[k], '%') || in.is(in.at[k], Role::percent);
    return depth && percent;
}

}  // namespace

void find_heads(Passage& in) {
    in.heads.clear();
    for (std::uint32_t i = 0; i < in.targets.size(); ++i) in.heads.push_back({in.targets[i].first, in.targets[i].last, Head::Type::target, i});
    for (const Hit& h : in.hits) {
        if ((h.kind() == Kind::modality || h.kind() == Kind::finding) && !describes_place(in, h) && !measures_depth(in, h)) in.heads.push_back({h.first, h.last, Head::Type::other});
        if (h.kind() == Kind::spared) in.heads.push_back({h.first, h.last, Head::Type::spared});
    }
    for (const Hit& s : in.side)
        if (s.kind() == Kind::viability && s.entry->code == 0) in.heads.push_back({s.first, s.last, Head::Type::spared});
    std::sort(in.heads.begin(), in.heads.end(), [](const Head& a, const Head& b) { return a.first != b.first ? a.first < b.first : a.type < b.type; });
}

std::uint32_t head_of(const Passage& in, std::uint32_t first, std::uint32_t last, std::uint32_t reach) {
    std::uint32_t before = nowhere, after = nowhere;
    for (std::uint32_t h = 0; h < in.heads.size(); ++h) {
        if (in.clause[in.heads[h].first] != in.clause[first]) continue;
        if (in.heads[h].first <= last && in.heads[h].last >= first) return h;
        if (in.heads[h].last < first) before = h;
        if (in.heads[h].first > last && after == nowhere) after = h;
    }
    std::uint32_t p = first;
    while (p > 0 && in.is(in.at[p - 1], Role::joining) && !in.is(in.at[p - 1], Role::preposition)) --p;
    const bool prep = p > 0 && in.is(in.at[p - 1], Role::preposition);
    const bool close = after != nowhere && in.heads[after].first - last <= reach;
    if (before != nowhere && (prep || !close)) return before;
    return after != nowhere && (close || before == nowhere) ? after : before;
}

void find_spots(Passage& in) {
    in.spots.clear();
    bool after_between = false;
    for (std::size_t n = 0; n < in.hits.size(); ++n) {
        const Hit& h = in.hits[n];
        if (h.kind() == Kind::wall) {
            if (n > 0 && h.first > 0) {
                after_between = false;
                for (std::uint32_t k = h.first; k > 0 && k + 8 > h.first; --k)
                    if (in.is(in.at[k - 1], Role::between)) after_between = true;
                if (after_between && !in.spots.empty() && (in.spots.back().code >> 9U & 7U) != 0) continue;  // "junctions between septum and free wall"
            }
            in.spots.push_back({h.first, h.last, h.entry->code, nowhere, Spot::Type::wall});
        } else if (h.kind() == Kind::level) {
            in.spots.push_back({h.first, h.last, h.entry->code, nowhere, Spot::Type::level});
        } else if (h.kind() == Kind::all || h.kind() == Kind::all17) {
            in.spots.push_back({h.first, h.last, h.kind() == Kind::all17 ? 0x3fffeU : 0x1fffeU, nowhere, Spot::Type::all, true});
        } else if (h.kind() == Kind::pattern && h.entry->code == static_cast<std::uint32_t>(Pattern::diffuse)) {
            in.spots.push_back({h.first, h.last, 0x1fffeU, nowhere, Spot::Type::all});
        } else if (h.kind() == Kind::segmentword || (h.kind() == Kind::except_ && !in.spots.empty() && (in.spots.back().type == Spot::Type::all || in.spots.back().type == Spot::Type::segments))) {
            std::uint32_t bits = 0, i = h.last + 1, last = h.last, previous = 0;
            bool span = false;
            for (const std::uint32_t end = std::min(in.count, h.last + 60); i < end; ++i) {
                const Token& t = in.at[i];
                if (t.kind == Token::Kind::number) {
                    const auto v = static_cast<std::uint32_t>(t.value);
                    if (static_cast<float>(v) != t.value || v < 1 || v > 17 || (i + 1 < in.count && (sign(in.at[i + 1], '%') || in.is(in.at[i + 1], Role::percent)))) break;
                    if (span && previous != 0 && previous < v)
                        for (std::uint32_t s = previous; s <= v; ++s) bits |= 1U << s;
                    bits |= 1U << v;
                    previous = v;
                    span = false;
                    last = i;
                } else if (sign(t, '-') || in.is(t, Role::range)) span = true;
                else if (!(sign(t, ',') || sign(t, '&') || sign(t, '/') || sign(t, '+') || sign(t, ':') || sign(t, '(') || in.is(t, Role::conjunction) || in.find_hit(Kind::segmentword, i, i))) break;
            }
            const bool liver = in.find_hit(Kind::organ, h.first >= 3 ? h.first - 3 : 0, h.first) != nullptr || in.find_hit(Kind::organ, last, last + 4) != nullptr;
            if (bits != 0 && !liver && (in.spots.empty() || in.spots.back().last < h.first || in.spots.back().type != Spot::Type::segments)) in.spots.push_back({h.first, last, bits, nowhere, Spot::Type::segments});
        }
    }
    std::sort(in.spots.begin(), in.spots.end(), [](const Spot& a, const Spot& b) { return a.first < b.first; });
    // what is spared or viable takes the walls right before it: "..., septum spared"
    for (std::uint32_t h = 0; h < in.heads.size(); ++h) {
        if (in.heads[h].type != Head::Type::spared) continue;
        bool ahead = false;
        for (const Spot& s : in.spots) ahead = ahead || (s.first > in.heads[h].last && s.first - in.heads[h].last <= 4 && in.clause[s.first] == in.clause[in.heads[h].first] && !sign(in.at[in.heads[h].last + 1], ','));
        if (ahead) {
            for (Spot& s : in.spots)
                if (s.first > in.heads[h].last && in.clause[s.first] == in.clause[in.heads[h].first]) s.head = h;
            continue;
        }
        std::uint32_t edge = in.heads[h].first;
        for (std::size_t k = in.spots.size(); k-- > 0;) {
            Spot& s = in.spots[k];
            if (s.last >= edge || in.clause[s.first] != in.clause[in.heads[h].first] || edge - s.last > 4) continue;
            bool comma = false;
            for (std::uint32_t i = s.last + 1; i < edge; ++i) comma = comma || sign(in.at[i], ',');
            if (comma) break;
            s.head = h;
            edge = s.first;
        }
    }
    for (std::size_t k = 0; k < in.spots.size();) {
        if (in.spots[k].head != nowhere) { ++k; continue; }
        std::size_t e = k + 1;
        while (e < in.spots.size() && in.spots[e].head == nowhere && in.clause[in.spots[e].first] == in.clause[in.spots[k].first] && in.joined(in.spots[e - 1].last, in.spots[e].first)) ++e;
        const std::uint32_t h = head_of(in, in.spots[k].first, in.spots[e - 1].last, 5);
        for (; k < e; ++k) in.spots[k].head = h;
    }
}

}  // namespace lge::report
