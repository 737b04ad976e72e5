#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Pattern;
using anatomy::Presence;

namespace {

/// "The inferior wall is akinetic with scar", "hypokinesia of the inferior wall with LGE in the same region": the head
/// whose walls are meant.
std::uint32_t place_before(const Passage& in, const Target& t) {
    std::uint32_t head = nowhere;
    for (const Spot& x : in.spots)
        if (x.last < t.first && in.clause[x.first] == t.clause && x.head != nowhere && x.head < in.heads.size() && in.heads[x.head].type == Head::Type::other) {
            for (std::uint32_t k = x.last + 1; k < t.first; ++k)
                if (in.is(in.at[k], Role::accompanying)) head = x.head;
        }
    return head;
}

bool heads_spare(const Passage& in, const Hit& p) {
    const std::uint32_t h = head_of(in, p.first, p.last, 5);
    return h != nowhere && in.heads[h].type == Head::Type::spared;
}

}  // namespace

void read_sentence(Passage& in, const Setting& setting, Gathered& gathered, Reading& reading) {
    const Topic topic = setting.topic;
    part_clauses(in);
    find_targets(in, setting);
    if (judge_targets(in, topic)) gathered.unreadable = true;
    find_heads(in);
    find_spots(in);

    // organs: "LGE of the RV free wall", "RV free wall shows LGE"
    for (const Hit& h : in.hits) {
        if (h.kind() != Kind::organ && h.kind() != Kind::lv) continue;
        std::uint32_t owner = nowhere;
        for (std::uint32_t k = 0; k < in.heads.size(); ++k) {
            if (in.clause[in.heads[k].first] != in.clause[h.first] || in.heads[k].type != Head::Type::target) continue;
            if (in.heads[k].last < h.first) {
                std::uint32_t p = h.first;
                while (p > 0 && (in.is(in.at[p - 1], Role::joining) || in.find_hit(Kind::organ, p - 1, p - 1) || in.find_hit(Kind::lv, p - 1, p - 1)) && !in.is(in.at[p - 1], Role::preposition)) --p;
                bool spot_run = false;
                for (const Spot& s : in.spots) spot_run = spot_run || (s.head == k && in.joined(s.last, h.first));
                if ((p > 0 && in.is(in.at[p - 1], Role::preposition)) || spot_run) owner = k;
            }
            if (in.heads[k].first > h.last && owner == nowhere && in.heads[k].first - h.last <= (h.first == 0 || h.entry->value == "mass_enhancement" ? 12U : 6U)) owner = k;
        }
        if (owner == nowhere) continue;
        Target& t = in.targets[in.heads[owner].target];
        if (h.kind() == Kind::lv) t.has_lv = true;
        else {
            t.has_organ = true;
            if (!t.skip && t.presence != Presence::absent) add_new(gathered.other, std::string_view(h.entry->value));
        }
    }
    if (topic == Topic::lge && in.targets.empty())
        for (const Hit& h : in.hits)
            if (h.kind() == Kind::organ && !in.any(Kind::negation) && !in.any(Kind::negated) && !in.any(Kind::modality)) add_new(gathered.other, std::string_view(h.entry->value));

    bool said = false;
    for (std::uint32_t n = 0; n < in.targets.size(); ++n) {
        Target& t = in.targets[n];
        if (t.skip) continue;
        std::uint32_t head = nowhere;
        for (std::uint32_t k = 0; k < in.heads.size(); ++k)
            if (in.heads[k].type == Head::Type::target && in.heads[k].target == n) head = k;
        Statement s;
        bool own_territory = false;
        for (const Hit& x : in.side)
            if (x.kind() == Kind::territory && in.clause[x.first] == t.clause && t.presence != Presence::absent) {
                own_territory = true;
                if (denied(in, x.first, x.last, false) == nullptr) add_new(gathered.territories, static_cast<anatomy::Territory>(x.entry->code));
            }
        if (head != nowhere) read_places(in, head, own_territory, s.places);
        for (const Spot& x : in.spots)
            if (x.head == head && head != nowhere) { t.from = std::min(t.from, x.first); t.to = std::max(t.to, x.last); }
        if (s.places.empty() && !t.has_organ && t.presence != Presence::absent)
            if (const std::uint32_t other_head = place_before(in, t); other_head != nowhere) read_places(in, other_head, own_territory, s.places);
        if (t.has_organ && s.places.empty() && !t.has_lv) continue;
        if (t.weak && t.presence == Presence::present && s.places.empty() && !t.excepted && topic != Topic::lge) continue;
        for (const Hit& p : in.hits) {
            if (p.kind() != Kind::pattern || in.clause[p.first] != t.clause || head == nowhere || head_of(in, p.first, p.last, 8) != head) continue;
            if (heads_spare(in, p)) continue;
            add_new(s.patterns, static_cast<Pattern>(p.entry->code));
            t.from = std::min(t.from, p.first);
            t.to = std::max(t.to, p.last);
        }
        for (std::uint32_t k = 0; k < in.heads.size(); ++k)
            if (in.heads[k].type == Head::Type::spared) {
                std::vector<Place> spared;
                read_places(in, k, false, spared);
                for (const Place& p : spared) s.spared = s.spared | p.segments;
            }
        // "all segments except 4": the exception is spared
        if (t.presence == Presence::present && t.clause + 1 < in.excepting.size() && in.excepting[t.clause + 1] && !t.excepted) {
            std::vector<Place> spared;
            for (Spot& x : in.spots)
                if (in.clause[x.first] == t.clause + 1) {
                    x.head = nowhere - 1;
                    for (std::uint32_t o = 0; o < in.targets.size(); ++o)
                        if (in.targets[o].clause == t.clause + 1) in.targets[o].skip = true;
                }
            read_places(in, nowhere - 1, false, spared);
            for (const Place& p : spared) s.spared = s.spared | p.segments;
        }
        s.presence = t.presence;
        s.section = setting.section;
        s.sentence = static_cast<std::uint32_t>(reading.sentences.size() - 1);
        s.start = in.at[t.from].start;
        s.end = in.at[t.to].end;
        s.qualified = t.qualified;
        s.artifact = t.artifact;
        s.located = !s.places.empty();
        s.rule = t.rule;
        for (const auto& [a, b] : t.hedges) s.hedges.emplace_back(in.at[a].start, in.at[b].end);
        reading.statements.push_back(std::move(s));
        said = true;
    }
    if (in.targets.empty() && in.any(Kind::spared)) {  // "Basal segments spared." after a diffuse statement
        std::vector<Place> spared;
        for (std::uint32_t k = 0; k < in.heads.size(); ++k)
            if (in.heads[k].type == Head::Type::spared) read_places(in, k, false, spared);
        if (!spared.empty() && !reading.statements.empty() && reading.statements.back().sentence + 2 >= reading.sentences.size() && !in.any(Kind::modality))
            for (const Place& p : spared) reading.statements.back().spared = reading.statements.back().spared | p.segments;
    }
    if (in.targets.empty() && setting.goes_on && reading.statements.back().presence != Presence::absent && !in.any(Kind::modality) && !in.any(Kind::organ) && !in.any(Kind::finding) && !in.any(Kind::negation))
        for (const Hit& p : in.hits)  // "It is midwall in distribution."
            if (p.kind() == Kind::pattern) add_new(reading.statements.back().patterns, static_cast<Pattern>(p.entry->code));
    read_amounts(in, topic, gathered);
    read_causes(in, setting.section, gathered);
    read_rest(in, topic, said, gathered);
}

}  // namespace lge::report
