#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Presence;

namespace {

/// "... : No" at the end of a statement.
bool only_answer(const Passage& in, const Hit& h) {
    return h.first > 0 && (h.last + 1 == in.count || in.at[h.last + 1].kind != Token::Kind::word) && (h.first == h.last);
}

/// Whether a clause beside an exception denies LGE.
bool neighbour_denies(const Passage& in, std::uint32_t c) {
    for (const Hit& h : in.hits)
        if ((in.clause[h.first] + 1 == c || in.clause[h.first] == c + 1 || (c == 0 && in.clause[h.first] == c + 2)) && (h.kind() == Kind::target || h.kind() == Kind::weak) && denied(in, h.first, h.last, false) != nullptr) return true;
    return false;
}

/// "LGE did not reveal any scar", "LGE was negative for fibrosis": the subject is the sequence.
bool names_images(const Passage& in, const Target& t) {
    if (t.infarct || t.implicit || t.weak) return false;
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::negation && h.entry->code == 0 && h.first > t.last && h.first - t.last <= 2)
            for (const Target& o : in.targets)
                if (o.first > h.last && o.clause == in.clause[h.first] && !sign(in.at[t.last + 1], ',')) return true;
    return false;
}

/// "LGE in the anterior wall and possible LGE in the inferior wall": a second scar, not the cause of the first.
bool place_behind(const Passage& in, const Hit& hedge) {
    for (const Hit& h : in.hits)
        if (h.first > hedge.last && in.clause[h.first] == in.clause[hedge.first] && (h.kind() == Kind::wall || h.kind() == Kind::level || h.kind() == Kind::segmentword)) return true;
    return false;
}

bool dx_between(const Passage& in, std::uint32_t from, std::uint32_t to, const Target& t) {
    for (const Hit& s : in.side)
        if (s.kind() == Kind::dx && s.first >= from && s.last < to && !(s.first <= t.last && s.last >= t.first) && s.entry->value.find("mi") == std::string::npos) return true;
    return false;
}

/// An adjective such as "possible" at the end of its clause speaks of what stands before.
bool weak_end(const Passage& in, const Hit& h) { return h.last + 1 == in.count || in.at[h.last + 1].kind == Token::Kind::sign; }

}  // namespace

const Hit* denied(const Passage& in, std::uint32_t first, std::uint32_t last, bool near) {
    const std::uint32_t c = in.clause[first];
    const Hit* found = nullptr;
    for (const Hit& h : in.hits) {
        if (in.clause[h.first] != c) continue;
        if (h.kind() == Kind::pseudo && h.first < first && h.entry->code == 1) return nullptr;
        if (h.kind() == Kind::negation && h.last < first && (h.entry->code == 0 || first - h.last <= (near ? 8U : 3U)) && (h.entry->code == 0 || near || in.at[h.first].word != 0)) {
            if (h.entry->code == 0 && !near && only_answer(in, h)) continue;
            found = &h;
        }
        if (h.first > last && (h.kind() == Kind::negated || (h.kind() == Kind::negation && h.entry->code == 0 && only_answer(in, h)))) {
            bool other_head = false;  // "RCA scar present, MVO absent": the denial is of the nearer one
            std::uint32_t comma = nowhere;
            for (std::uint32_t i = last + 1; i < h.first; ++i)
                if (sign(in.at[i], ',')) comma = i;
            if (comma != nowhere)
                for (const Hit& o : in.hits)
                    if (o.first > comma && o.last < h.first && (is_head(o.kind()) || o.kind() == Kind::wall)) other_head = true;
            if (!other_head) found = &h;
        }
    }
    if (found == nullptr) {  // "LGE was noted before but is not present today"
        const Hit* later = nullptr;
        bool stop = false, head = false;
        for (const Hit& h : in.hits) {
            if (in.clause[h.first] != c + 1) continue;
            stop = stop || h.kind() == Kind::stop;
            head = head || is_head(h.kind()) || h.kind() == Kind::wall || h.kind() == Kind::organ;
            if (h.kind() == Kind::negated) later = &h;
        }
        if (stop && !head) found = later;
    }
    return found;
}

void find_targets(Passage& in, const Setting& setting) {
    in.targets.clear();
    const bool lge_topic = setting.topic == Topic::lge || in.any(Kind::sequence) || (setting.goes_on && in.any(Kind::weak) && in.any(Kind::pattern));
    const auto add = [&](const Hit& h, bool weak, bool implicit) {
        Target t{.first = h.first, .last = h.last, .clause = in.clause[h.first], .implicit = implicit, .infarct = h.kind() == Kind::target && h.entry->code == 1, .weak = weak,
                 .from = h.first, .to = h.last, .hedges = {}};
        t.excepted = in.excepting[t.clause];
        t.rule = implicit ? "topic" : weak ? "weak" : "target";
        in.targets.push_back(std::move(t));
    };
    const std::uint32_t clauses = in.count == 0 ? 0 : in.clause[in.count - 1] + 1;
    std::uint32_t k = 0;
    for (std::uint32_t c = 0; c < clauses; ++c) {
        const std::size_t before = in.targets.size();
        const std::uint32_t k0 = k;
        bool distractor = false;
        for (; k < in.hits.size() && in.clause[in.hits[k].first] == c; ++k) {
            if (in.hits[k].kind() == Kind::target) add(in.hits[k], false, false);
            if (in.hits[k].kind() == Kind::modality || in.hits[k].kind() == Kind::finding || in.hits[k].kind() == Kind::mvo) distractor = true;
        }
        if (in.targets.size() > before) continue;
        if (!lge_topic && !in.excepting[c]) continue;
        if (in.excepting[c] && !lge_topic && !neighbour_denies(in, c)) continue;
        if (distractor) {
            bool close = false;  // "high signal ... " with a modality word in the clause is still weak when the sentence names the images
            for (std::uint32_t m = k0; m < k; ++m)
                if (in.hits[m].kind() == Kind::sequence) close = true;
            if (!close) continue;
        }
        for (std::uint32_t m = k0; m < k && in.targets.size() == before; ++m)
            if (in.hits[m].kind() == Kind::weak) add(in.hits[m], true, false);
        if (in.targets.size() > before || distractor) continue;
        const Hit* first = nullptr;
        bool organ = false;
        for (std::uint32_t m = k0; m < k; ++m) {
            const Kind kind = in.hits[m].kind();
            if (kind == Kind::organ) organ = true;
            if (first == nullptr && (kind == Kind::wall || kind == Kind::level || kind == Kind::pattern || kind == Kind::segmentword || kind == Kind::all || kind == Kind::all17)) first = &in.hits[m];
        }
        if (first == nullptr && !organ && setting.topic == Topic::lge)
            for (std::uint32_t m = k0; m < k; ++m)
                if (in.hits[m].kind() == Kind::negated || (in.hits[m].kind() == Kind::negation && (in.hits[m].last + 1 == in.count || in.at[in.hits[m].last + 1].kind != Token::Kind::word))) {
                    bool territory = false;
                    for (const Hit& s : in.side) territory = territory || s.kind() == Kind::territory;
                    add(in.hits[m], false, true);
                    in.targets.back().presence = Presence::absent;
                    in.targets.back().rule = "answer";
                    in.targets.back().qualified = territory;
                    break;
                }
        if (first == nullptr || in.any(Kind::spared) || in.find_hit(Kind::unreadable, 0, in.count, c) != nullptr) continue;
        add(*first, false, true);
    }
}

bool judge_targets(Passage& in, Topic topic) {
    const bool notdone = in.any(Kind::notdone);
    const bool technique = in.any(Kind::technique);
    const Hit* unreadable = in.find_hit(Kind::unreadable, 0, in.count);
    for (std::size_t n = 0; n < in.targets.size(); ++n) {
        Target& t = in.targets[n];
        if (t.rule == "answer") continue;
        const std::uint32_t c = t.clause;
        if (notdone || (technique && !in.find_hit(Kind::wall, 0, in.count) && !in.find_hit(Kind::pattern, 0, in.count))) { t.skip = true; continue; }
        for (const Hit& h : in.hits)
            if ((h.kind() == Kind::hypothetical && h.last < t.first) || (h.kind() == Kind::history && h.last < t.first && in.clause[h.first] == c)) t.skip = true;
        if (unreadable != nullptr && in.clause[unreadable->first] == c && in.find_hit(Kind::wall, 0, in.count, c) == nullptr && !t.infarct) {
            t.presence = Presence::uncertain;
            t.hedges.emplace_back(unreadable->first, unreadable->last);
            continue;
        }
        if (names_images(in, t)) t.skip = true;
        if (t.skip) continue;
        if (const Hit* d = denied(in, t.first, t.last, false)) {
            t.presence = Presence::absent;
            t.rule = d->kind() == Kind::negation ? "negation" : "denied behind";
            t.from = std::min(t.from, d->first);
            t.to = std::max(t.to, d->last);
            for (const Hit& s : in.side)
                if (s.kind() == Kind::qualifier && s.first > d->last && s.last < t.first && d->kind() == Kind::negation) t.qualified = true;
            if (in.find_hit(Kind::pseudo, d->first, t.first)) t.qualified = true;
            // "LGE ... without scar elsewhere": an earlier affirmed target keeps its own clause
            continue;
        }
        if (in.find_hit(Kind::pseudo, t.first >= 4 ? t.first - 4 : 0, t.first, c) != nullptr) t.rule = "pseudo-negation";
        // explained away
        for (const Hit& a : in.hits) {
            if (a.kind() != Kind::artifact || a.first < t.last || in.clause[a.first] < c || in.clause[a.first] > c + 1) continue;
            for (const Hit& s : in.side)
                if (s.kind() == Kind::explains && s.first > t.last && s.last < a.first && a.first - s.last <= 6) t.artifact = true;
            for (const Hit& h : in.hits)
                if (h.kind() == Kind::hedge && h.entry->code == 1 && h.first > t.last && h.last < a.first && a.first - h.last <= 6) {
                    t.presence = Presence::uncertain;
                    t.hedges.emplace_back(h.first, h.last);
                    t.rule = "hedge";
                }
        }
        for (const Hit& h : in.hits) {
            if (in.clause[h.first] != c) continue;
            if (h.kind() == Kind::hedge && h.entry->code == 0 && h.last < t.first && t.first - h.last <= 10 && !dx_between(in, h.last + 1, t.first, t) && !weak_end(in, h)) {
                bool earlier = false;
                for (std::size_t m = 0; m < n; ++m)
                    if (!in.targets[m].skip && in.targets[m].presence == Presence::present && in.targets[m].last < h.first && in.targets[m].clause == c) earlier = true;
                if (earlier && !place_behind(in, h)) { t.skip = true; break; }
                t.presence = Presence::uncertain;
                t.rule = "hedge";
                t.from = std::min(t.from, h.first);
                t.hedges.emplace_back(h.first, h.last);
            }
            if (h.kind() == Kind::hedged && h.first > t.last && !dx_between(in, t.last + 1, h.first, t) &&
                (h.last > h.first || h.last + 1 == in.count || in.at[h.last + 1].kind != Token::Kind::word)) {
                t.presence = Presence::uncertain;
                t.rule = "hedge behind";
                t.to = std::max(t.to, h.last);
                t.hedges.emplace_back(h.first, h.last);
            }
        }
        if (t.artifact && t.presence == Presence::present) { t.presence = Presence::absent; t.rule = "artifact"; }
        if (t.excepted && t.presence == Presence::present) t.rule = "exception";
    }
    if (unreadable != nullptr && in.targets.empty() && in.find_hit(Kind::wall, 0, in.count) == nullptr && in.find_hit(Kind::level, 0, in.count) == nullptr) {
        if (topic == Topic::lge || in.any(Kind::sequence)) {
            Target t{.first = unreadable->first, .last = unreadable->last, .clause = in.clause[unreadable->first], .presence = Presence::uncertain, .from = unreadable->first, .to = unreadable->last, .hedges = {}};
            t.hedges.emplace_back(unreadable->first, unreadable->last);
            t.rule = "unreadable";
            in.targets.push_back(std::move(t));
        } else if (in.any(Kind::study)) return true;
    }
    return false;
}

}  // namespace lge::report
