#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

bool another_thing(Kind k) { return k == Kind::mvo || k == Kind::modality || k == Kind::finding || k == Kind::organ; }

/// The thing that a word of change speaks of: the last that is named before it, else the first behind it. What only
/// stands beside LGE, "scar with oedema is smaller", is not it unless "and" or a comma begins it anew.
bool of_another_thing(const Passage& in, const Hit& s) {
    const Target* target = nullptr;
    for (const Target& t : in.targets)
        if (!t.skip && t.last < s.first && t.clause == in.clause[s.first]) target = &t;
    const Hit* other = nullptr;
    const Hit* next = nullptr;
    for (const Hit& h : in.hits) {
        if (!another_thing(h.kind()) || in.clause[h.first] != in.clause[s.first]) continue;
        if (h.last < s.first) other = &h;
        else if (h.first > s.last && next == nullptr) next = &h;
    }
    if (target == nullptr && other == nullptr && next != nullptr)
        return std::none_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return !t.skip && t.first > s.last && t.first < next->first; });
    constexpr std::uint32_t reach = 3;
    const auto anew = [&](std::uint32_t first) {
        for (std::uint32_t k = first; k > target->last + 1 && k + reach > first; --k)
            if (in.is(in.at[k - 1], Role::conjunction) || sign(in.at[k - 1], ',')) return true;
        return false;
    };
    const auto changed = [&](const Hit& m) { return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& c) { return c.kind() == Kind::temporal && c.first > target->last && c.last < m.first; }); };
    const auto measured = [&](const Hit& m) { return m.kind() == Kind::measure && m.first > target->last && m.last < s.first && s.first <= m.last + reach && anew(m.first) && changed(m); };
    if (target != nullptr && std::any_of(in.side.begin(), in.side.end(), measured)) return true;  // "... has shrunk and LVEF went up"
    if (other == nullptr) return false;
    if (target == nullptr) return std::none_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return !t.skip && t.first > s.last && t.first <= s.last + 3; });
    if (other->first < target->first) return false;
    return anew(other->first);
}

/// Whether a clause holds nothing of its own that could change: "midwall LGE; new since 2016".
bool without_subject(const Passage& in, const Hit& change) {
    const std::uint32_t clause = in.clause[change.first];
    const auto own = [&](const Hit& h) { return h.first >= change.first && h.last <= change.last; };  // "less extensive"
    if (std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::measure && in.clause[s.first] == clause; })) return false;
    return std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return in.clause[h.first] == clause && !own(h) && (is_head(h.kind()) || h.kind() == Kind::lv || h.kind() == Kind::organ); });
}

/// Change of LGE, not of oedema, function or signal.
bool changes_lge(const Passage& in, const Hit& s, bool goes_on) {
    bool here = false;
    for (const Target& t : in.targets) {
        here = here || (!t.skip && in.clause[s.first] == t.clause);
        const bool pronoun = is_pronoun(in, s.first);  // "It has spread to ..."
        const Hit* weak = t.weak && !pronoun && s.first + 2 >= t.first && s.last <= t.last ? in.find_hit(Kind::weak, t.first, t.last) : nullptr;
        if (weak != nullptr && !(weak->entry->code == weak_focus && static_cast<Change>(s.entry->code) == Change::newly)) return false;  // "increased signal", not "a new focus"
    }
    if (!here) here = without_subject(in, s) && (goes_on || std::any_of(in.targets.begin(), in.targets.end(), [](const Target& t) { return !t.skip; }));
    if (!here || of_another_thing(in, s)) return false;
    const std::uint32_t than = s.last + (in.is(in.at[s.last], Role::than) || s.last + 1 == in.count ? 0 : 1);
    const auto measure = [&](const Target& t) { return in.is(in.at[than], Role::than) && !in.is(in.at[than], Role::preposition) && (t.first == than + 1 || (t.first == than + 2 && in.is(in.at[than + 1], Role::possessive))); };
    if (std::any_of(in.targets.begin(), in.targets.end(), measure)) return false;  // "oedema, larger than the necrosis"
    const auto change = static_cast<Change>(s.entry->code);
    if (change == Change::unchanged || change == Change::resolved) return true;  // "no change" holds its own denial
    const Hit* d = denied(in, s.first, s.last, false);
    const auto between = [&](const Hit& h) { return another_thing(h.kind()) && h.first > s.last && h.last < d->first; };
    if (d != nullptr && std::any_of(in.hits.begin(), in.hits.end(), between)) return true;  // "has shrunk and oedema is no longer seen"
    return d == nullptr || (change == Change::newly && d->kind() == Kind::negated);  // "new, not seen in 2020"
}

}  // namespace

void read_change(const Passage& in, bool goes_on, Gathered& gathered) {
    const bool no_targets = in.targets.empty();
    for (const Hit& s : in.side)
        if (s.kind() == Kind::temporal && changes_lge(in, s, goes_on && no_targets)) gathered.changes |= 1U << s.entry->code;
    for (const Target& t : in.targets) {  // "the line of 2019 can no longer be seen"
        if (t.skip || t.artifact || t.implicit || in.any(Kind::artifact) || t.presence != anatomy::Presence::absent || !in.any(Kind::negated, Kind::before)) continue;
        const bool no_more = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::negated && h.entry->code == negated_gone && (h.first > t.last || h.first == t.first) && in.at[h.first].start < in.at[t.to].end; });
        const bool was = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& s) { return s.kind() == Kind::before && in.clause[s.first] == t.clause; });
        const bool doubted = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::negated && h.entry->code == negated_unconfirmed && in.clause[h.first] == t.clause; });  // was never sure
        if (no_more || (was && !doubted)) gathered.changes |= bit(Change::resolved);
    }
}

std::optional<Change> change_of(std::uint32_t changes, anatomy::Presence presence) {
    const auto said = [&](Change c) { return (changes & bit(c)) != 0; };
    if (presence == anatomy::Presence::absent) return said(Change::resolved) ? std::optional(Change::resolved) : std::nullopt;
    for (const Change c : {Change::increased, Change::newly, Change::decreased, Change::unchanged})
        if (said(c)) return c;
    return said(Change::resolved) ? std::optional(Change::decreased) : std::nullopt;  // LGE that is there and gone elsewhere is less
}

}  // namespace lge::report
