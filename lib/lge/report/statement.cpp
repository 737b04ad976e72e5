#include "lge/report/areas.hpp"
#include "lge/report/gathered.hpp"

#include <algorithm>
#include <tuple>

namespace lge::report {

using anatomy::Pattern;
using anatomy::Presence;
using anatomy::Segments;

namespace {

Segments segments_in(const Passage& in, std::uint32_t head) {
    std::vector<Place> places;
    read_places(in, head, false, places);
    return segments_of(places);
}

/// "The subendocardium is preserved in every segment": the layer is spared, and no segment.
bool of_layer(const Passage& in, const Head& spared) {
    constexpr std::uint32_t reach = 3;
    const auto beside = [&](std::uint32_t a, std::uint32_t b) {
        if (b <= a || b - a > reach) return false;
        for (std::uint32_t i = a + 1; i < b; ++i)
            if (in.at[i].kind == Token::Kind::sign) return false;
        return std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > a && h.last < b && (h.kind() == Kind::wall || h.kind() == Kind::level); });
    };
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) {
        if (spared.object_behind && h.last < spared.first) return false;  // "subendocardial LGE sparing the lateral wall"
        return is_layer(h) && in.clause[h.first] == in.clause[spared.first] && (beside(h.last, spared.first) || beside(spared.last, h.first));
    });
}

/// "Late images show scattered foci": whether the images are the subject of a verb that shows what is seen.
bool shown_by_images(const Passage& in, const Target& seen) {
    const Hit* what = in.find_hit(Kind::weak, seen.first, seen.last);
    if (what == nullptr || (what->entry->code != weak_focus && what->entry->code != weak_bright)) return false;
    const auto behind = [&](const Hit& h) { return h.kind() == Kind::sequence && h.first > seen.last && in.clause[h.first] == seen.clause && h.first > 1 && in.is(in.at[h.first - 1], Role::possessive) && in.is(in.at[h.first - 2], Role::preposition); };  // "bright dots filled the ventricle on the late series"
    if (what->entry->code == weak_bright && in.find_hit(Kind::lv, seen.last, in.count, seen.clause) != nullptr && std::any_of(in.hits.begin(), in.hits.end(), behind)) return true;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::sequence && h.last < seen.first && in.clause[h.first] == seen.clause && std::any_of(in.at + h.last + 1, in.at + seen.first, [&](const Token& t) { return in.is(t, Role::showing); }); });
}

/// "all segments except 4", "save for segment 4 all enhance": what the next clause excepts, or the one before, is spared,
/// and is no mention of its own.
Segments excepted(Passage& in, const Target& t) {
    const bool before = t.clause > 0 && in.excepting[t.clause - 1];
    const std::uint32_t next = before ? t.clause - 1 : t.clause + 1;
    if (t.presence != Presence::present || next >= in.excepting.size() || !in.excepting[next] || t.excepted) return {};
    if (before && std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& o) { return o.presence == Presence::absent && !o.skip && o.clause <= next; })) return {};  // "no LGE except in the inferior wall, where there is a focus at mid level"
    const auto only_layer = [&](const Hit& h) {  // "except for the basal anterior segment, where it is subendocardial"
        return h.kind() == Kind::weak && in.clause[h.first] == next && in.is(in.at[h.first], Role::accompanying) && h.last > h.first && in.starts_at(Kind::pattern, h.last + 1);
    };
    if (std::any_of(in.hits.begin(), in.hits.end(), only_layer)) {
        for (Target& o : in.targets)
            if (o.clause == next) o.skip = true;
        return {};
    }
    constexpr std::uint32_t exception = nowhere - 1;
    for (Spot& x : in.spots)
        if (in.clause[x.first] == next) x.head = exception;
    for (Target& o : in.targets)
        if (o.clause == next) o.skip = true;
    Segments out = segments_in(in, exception);
    const auto whole = [&](const Spot& x) { return x.type == Spot::Type::all && x.listed && (in.clause[x.first] == t.clause || in.clause[x.first] + 1 == next); };
    if (out == Segments::of({17}) && std::none_of(in.spots.begin(), in.spots.end(), whole)) out = out | segments_of(level_bit(anatomy::Level::apical));  // "the inferior wall except at the apex"
    return out;
}

/// "No LGE in the inferior wall apart from a thin line at the base": levels alone are of the walls denied right before.
void exempt_part(const Passage& in, const Target& t, std::vector<Place>& places) {
    if (t.clause == 0) return;
    std::uint32_t walls = 0;
    for (const Spot& x : in.spots)
        if (x.type == Spot::Type::wall && in.clause[x.first] + 1 == t.clause) walls |= x.code;
    for (Place& p : places)
        if (const Place part = place_of(walls, p.levels == level_bit(anatomy::Level::apex) ? level_bit(anatomy::Level::apical) : p.levels); p.walls == 0 && p.levels != 0 && !p.whole && !part.segments.empty()) p = part;
}

bool only_diffuse(const Passage& in, std::uint32_t head) {
    for (const Spot& x : in.spots)
        if (x.head == head && (x.type != Spot::Type::all || x.listed)) return false;
    return true;
}

/// "not transmural", "rather than subendocardial", "without a subendocardial component": the layer alone is denied.
bool denied_beside(const Passage& in, const Hit& pattern) {
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::negation && h.last < pattern.first && pattern.first - h.last <= 2 && in.clause[h.first] == in.clause[pattern.first] && in.is(in.at[pattern.first - 1], Role::joining) + (h.last + 1 == pattern.first) > 0)
            return std::none_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return t.presence == Presence::absent && t.clause == in.clause[pattern.first]; });
    return false;
}

/// "infarct in keeping with the known circumflex occlusion", "scar from an old RCA occlusion", "scar (old RCA occlusion)"
bool explains(const Passage& in, const Hit& vessel) {
    constexpr std::uint32_t reach = 5, near = 4;
    for (std::uint32_t i = vessel.first; i-- > 0 && i + near > vessel.first;)
        if (sign(in.at[i], '(')) return std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return !t.skip && t.last < i && t.clause == in.clause[i]; });
    const auto told = [&](const Hit& y) { return std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return !t.skip && t.last < y.first && t.clause == in.clause[y.first]; }); };
    const auto of_occlusion = [&](const Hit& y) { return y.kind() == Kind::explains && y.last < vessel.first && vessel.first - y.last <= near && in.clause[y.first] == in.clause[vessel.first] && in.is(in.at[y.last], Role::preposition | Role::origin) && told(y); };
    if (std::any_of(in.side.begin(), in.side.end(), of_occlusion)) return true;
    for (const Hit& y : in.side)
        if (y.kind() == Kind::certainty && y.last < vessel.first && vessel.first - y.last <= reach && in.clause[y.first] == in.clause[vessel.first] && in.is(in.at[y.last], Role::preposition | Role::joining))
            return std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return t.last < y.first && t.clause == in.clause[y.first]; });
    return false;
}

/// "LAD 0%, LCX 0 %, RCA 75%"
bool amounts_to_zero(const Passage& in, std::uint32_t i) {
    if (i < in.count && (sign(in.at[i], ':') || sign(in.at[i], '=') || sign(in.at[i], '('))) ++i;
    return i + 1 < in.count && in.at[i].kind == Token::Kind::number && in.at[i].value == 0 && sign(in.at[i + 1], '%');
}

/// "Anterior wall: hypokinetic, LGE basal and mid": the wall at the start of a row is that of levels alone.
void take_label(const Passage& in, std::vector<Place>& places) {
    if (in.spots.empty() || in.spots[0].type != Spot::Type::wall || in.spots[0].first > 1 || in.spots[0].last + 1 >= in.count || !sign(in.at[in.spots[0].last + 1], ':')) return;
    if (places.empty() || std::any_of(places.begin(), places.end(), [](const Place& p) { return !p.bare; })) return;
    for (Place& p : places) p = place_of(in.spots[0].code, p.levels);
}

/// "Apical: anterior, septal - 76-100 %; inferior - 25-50 %; base - none": the level at the start of a row, of all that stands up to
/// the next level; 0 for none.
Levels level_of_row(const Passage& in, std::uint32_t clause) {
    if (!in.has_semicolon) return 0;
    const auto begins = [&](std::uint32_t i) { return i <= 1 || sign(in.at[i - 1], ';') || in.at[i - 1].kind == Token::Kind::newline; };
    const auto labels = [&](const Spot& s) {
        const std::uint32_t next = s.last + 1;
        return begins(s.first) && next + 1 < in.count && (sign(in.at[next], ':') || (sign(in.at[next], '-') && in.at[next].spaced && in.at[next + 1].spaced));
    };
    const Spot* last = nullptr;
    for (const Spot& s : in.spots)
        if (names_level(s) && in.clause[s.first] <= clause) last = &s;
    return last != nullptr && labels(*last) ? level_bit(level_of(last->code)) : 0;
}

/// Walls without a level are at that of their row.
void take_level_label(const Passage& in, std::uint32_t clause, std::vector<Place>& places) {
    if (std::any_of(places.begin(), places.end(), [](const Place& p) { return p.levels != 0; })) return;
    if (const Levels level = level_of_row(in, clause); level != 0) set_levels(places, level);
}

/// "LGE in the same segments and in the apex", "matching scar, with extension into the septum": whether the places of a
/// mention come on top of those that the anaphor before them stands for.
bool adds_place(const Passage& in, std::uint32_t head, const Target& t) {
    const Hit* anaphor = in.find_hit(Kind::anaphor, 0, in.count, t.clause);
    const auto told = [&](const Head& h) { return in.clause[h.first] + 1 == t.clause; };
    if (anaphor == nullptr && t.clause > 0 && std::none_of(in.heads.begin(), in.heads.end(), told)) anaphor = in.find_hit(Kind::anaphor, 0, in.count, t.clause - 1);  // "in that region there is LGE"
    const auto first = std::find_if(in.spots.begin(), in.spots.end(), [&](const Spot& x) { return x.head == head; });
    if (anaphor == nullptr || first == in.spots.end() || anaphor->last >= first->first) return false;
    const auto goes_on = [&](const Hit& s) { return s.kind() == Kind::verb && s.entry->code == verb_on && s.first > anaphor->last && s.last < first->first; };
    if (std::any_of(in.side.begin(), in.side.end(), goes_on)) return true;  // "in these segments, extending to the apex"
    for (std::uint32_t i = anaphor->last + 1; i < first->first; ++i)
        if (in.is(in.at[i], Role::conjunction) || (sign(in.at[i], ',') && i + 1 < in.count && in.is(in.at[i + 1], Role::accompanying | Role::conjunction))) return true;
    return false;
}

/// "LGE was absent from these regions, but there is a scar of the apex, consistent with an infarct": whether the anaphor belongs to
/// another mention, which stands before.
bool refers_elsewhere(const Passage& in, const Target& t) {
    const auto other = [&](const Hit& h) { return h.kind() == Kind::anaphor && in.clause[h.first] < t.clause && std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& o) { return o.clause == in.clause[h.first] && !o.skip; }); };
    const auto own = [&](const Hit& h) { return h.kind() == Kind::anaphor && !other(h); };
    return (t.interprets || t.infarct) && std::any_of(in.hits.begin(), in.hits.end(), other) && std::none_of(in.hits.begin(), in.hits.end(), own);
}

/// "The cap is thin and shows enhancement, continuous with the apical anterior segment": whether the places of a mention only
/// adjoin that of the clause before.
bool adjoins(const Passage& in, std::uint32_t head, const Target& t) {
    const auto adjoining = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::emphasis && h.entry->code == emphasis_adjoining && h.first > t.last && in.clause[h.first] == t.clause; });
    return adjoining != in.hits.end() && std::none_of(in.spots.begin(), in.spots.end(), [&](const Spot& x) { return x.head == head && x.first < adjoining->first; });
}

/// "a known scar", "previously documented LGE"
bool is_known(const Passage& in, const Target& t) {
    constexpr std::uint32_t reach = 3;
    for (std::uint32_t i = t.first >= reach ? t.first - reach : 0; i < t.first; ++i)
        if (in.is(in.at[i], Role::old) && in.clause[i] == t.clause) return true;
    return in.find_hit(Kind::before, 0, in.count, t.clause) != nullptr;
}

/// "LGE of the septum, which has a midwall appearance": a layer in the next clause, which has no thing of its own.
bool describes_before(const Passage& in, const Hit& layer, const Target& t) {
    const std::uint32_t c = in.clause[layer.first];
    const Hit* stop = c == t.clause + 1 ? in.find_hit(Kind::stop, t.last, layer.first, c) : nullptr;
    return stop != nullptr && stop->entry->code == stop_showing && in.find_hit(Kind::organ, 0, in.count, t.clause) == nullptr && std::none_of(in.heads.begin(), in.heads.end(), [&](const Head& h) { return in.clause[h.first] == c; });
}

/// "In the anterolateral papillary muscle there is LGE": the muscle of a clause that says nothing else.
bool holds_next(const Passage& in, const Hit& layer, const Target& t) {
    const std::uint32_t c = in.clause[layer.first];
    return layer.entry->code == static_cast<std::uint32_t>(Pattern::papillary) && c + 1 == t.clause && std::none_of(in.heads.begin(), in.heads.end(), [&](const Head& h) { return in.clause[h.first] == c; });
}

/// "LGE of all segments except the apex, with subendocardial predominance", "all segments but the lateral one, midwall": the comma
/// ends the exception.
bool behind_exception(const Passage& in, const Hit& layer, const Target& t) {
    const std::uint32_t c = in.clause[layer.first];
    if (c != t.clause + 1 || !in.excepting[c] || in.find_hit(Kind::target, 0, in.count, c) != nullptr) return false;
    for (std::uint32_t i = layer.first; i-- > 0 && in.clause[i] == c;)
        if (sign(in.at[i], ',')) return in.is(in.at[i + 1], Role::accompanying) || std::none_of(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.first > i && in.clause[s.first] == c; });
    return false;
}

}  // namespace

bool only_levels(const std::vector<Place>& places) {
    return !places.empty() && std::all_of(places.begin(), places.end(), [](const Place& p) { return p.walls == 0 && p.levels != 0 && p.bare; });
}

/// "LGE throughout the septum; a further focus at the insertion point": the mention adds to what was told and does not narrow it.
static bool names_another(const Passage& in, const Target& t) {
    const Token* const from = in.at + (t.first < 2 ? 0 : t.first - 2);
    return std::any_of(from, in.at + t.first + 1, [&](const Token& k) { return in.one_of(k, in.lexicon.more); });
}

/// "the inferior wall (apical segment spared) and the septum": the walls right before the bracket that a word of sparing stands in,
/// of which alone it spares a level; 0 elsewhere.
static std::uint32_t walls_of_bracket(const Passage& in, const Head& spared) {
    std::uint32_t open = spared.first;
    while (open > 0 && !sign(in.at[open - 1], '(') && !sign(in.at[open - 1], ')')) --open;
    if (open < 2 || !sign(in.at[open - 1], '(')) return 0;
    const auto wall = std::find_if(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.type == Spot::Type::wall && s.last + 2 == open; });
    return wall == in.spots.end() ? 0 : wall->code;
}

Segments spared_of(const Passage& in) {
    Segments all;
    for (std::uint32_t k = 0; k < in.heads.size(); ++k) {
        if (in.heads[k].type != Head::Type::spared || in.heads[k].viable || of_layer(in, in.heads[k]) || speaks_of_rest(in, in.clause[in.heads[k].first])) continue;
        std::vector<Place> places;
        read_places(in, k, false, places);
        take_level_label(in, in.clause[in.heads[k].first], places);
        take_label(in, places);  // "Anteroseptum: transmural, mid; spared at base"
        const std::uint32_t walls = walls_of_bracket(in, in.heads[k]);
        for (const Place& p : places)
            if ((p.walls & insertion_walls) == 0) all = all | (walls != 0 && p.walls == 0 && p.levels != 0 ? place_of(walls, p.levels).segments : p.segments);
    }
    return all;
}

bool of_stenosis(const Passage& in, const Hit& vessel) {
    const auto infarcted = [&](const Target& t) { return t.infarct && (t.first == vessel.last + 1 || (t.first == vessel.last + 2 && in.is(in.at[vessel.last + 1], Role::stenosis))); };
    if (std::any_of(in.targets.begin(), in.targets.end(), infarcted)) return false;  // "RCA infarct", "RCA occlusion infarct"
    std::uint32_t from = vessel.first >= 2 ? vessel.first - 2 : 0;
    for (std::uint32_t k = from; k < vessel.first; ++k)
        if (sign(in.at[k], ':')) from = k + 1;  // "Day 5 post PCI: LAD infarct"
    for (std::uint32_t k = from; k < std::min(in.count, vessel.last + 3); ++k)  // not "the territory of the occluded RCA"
        if ((k < vessel.first || k > vessel.last) && in.is(in.at[k], Role::stenosis) && in.clause[k] == in.clause[vessel.first]) return true;
    return false;
}

/// "infarct (mid anteroseptum, thinned, transmural)": the mention before a word about the wall that stands between commas, which a
/// layer behind it does not belong to; `head` where there is none.
std::uint32_t mention_before(const Passage& in, std::uint32_t head, const Hit& layer) {
    if (head == nowhere || in.heads[head].type != Head::Type::other || in.heads[head].last + 2 != layer.first || !sign(in.at[layer.first - 1], ',')) return head;
    const Hit* about = in.find_hit(Kind::modality, in.heads[head].first, in.heads[head].last);
    if (about == nullptr || about->entry->code != modality_unnamed || about->first == 0 || !sign(in.at[about->first - 1], ',')) return head;
    for (std::uint32_t h = head; h-- > 0;)
        if (in.heads[h].type == Head::Type::target && in.clause[in.heads[h].first] == in.clause[layer.first]) return h;
    return head;
}

Shared shared_of(const Passage& in) {
    Shared shared{.patterns = {}, .vessels = {}, .spared = spared_of(in)};
    for (const Hit& p : in.hits) {
        if (p.kind() != Kind::pattern) continue;
        if (is_spared(in, p)) continue;
        if (denied_beside(in, p)) continue;
        const auto denied_behind = [&](const Hit& h) { return h.kind() == Kind::negated && h.first > p.last && h.first <= p.last + 2 && in.clause[h.first] == in.clause[p.first]; };
        if (p.entry->code == static_cast<std::uint32_t>(Pattern::papillary) && std::any_of(in.hits.begin(), in.hits.end(), denied_behind)) continue;  // "..., papillary muscles not enhancing"
        if (p.entry->code == static_cast<std::uint32_t>(Pattern::transmural) && measures(in, p)) continue;
        shared.patterns.push_back({&p, mention_before(in, head_of(in, p.first, p.last, 8), p)});
    }
    for (const Hit& x : in.side) {
        if (x.kind() != Kind::territory) continue;
        const bool named_last = x.last + 1 == in.count && x.first > 0 && sign(in.at[x.first - 1], ',');  // "old infarct with thrombus, LAD"
        if (const auto h = named_last ? nowhere : head_of(in, x.first, x.last, 3); h != nowhere && in.heads[h].type != Head::Type::target) continue;  // "ischaemia in the LAD territory", "LAD territory viable"
        shared.vessels.push_back({&x, denied(in, x.first, x.last, false) != nullptr || amounts_to_zero(in, x.last + 1) || (of_stenosis(in, x) && !explains(in, x))});
    }
    return shared;
}

std::optional<Statement> statement_of(Passage& in, std::uint32_t n, const Shared& shared, const Setting& setting, Gathered& gathered) {
    Target& t = in.targets[n];
    std::uint32_t head = nowhere;
    for (std::uint32_t k = 0; k < in.heads.size(); ++k)
        if (in.heads[k].type == Head::Type::target && in.heads[k].target == n) head = k;
    bool own_territory = false;
    for (const auto& [x, no] : shared.vessels) {
        const std::uint32_t c = in.clause[x->first];  // "in the LAD territory there is LGE"
        const bool before = c + 1 == t.clause && std::none_of(in.heads.begin(), in.heads.end(), [&](const Head& h) { return in.clause[h.first] == c; });
        const bool behind = c == t.clause + 1 && std::none_of(in.heads.begin(), in.heads.end(), [&](const Head& h) { return in.clause[h.first] == c; }) && in.find_hit(Kind::negation, 0, in.count, c) == nullptr;  // "...; culprit LAD"
        if ((c != t.clause && !before && !behind) || t.presence == Presence::absent) continue;
        own_territory = true;
        if (!no) add_new(gathered.territories, static_cast<anatomy::Territory>(x->entry->code));
    }
    if (t.of_organ && !t.has_lv) return std::nullopt;
    Statement s;
    if (head != nowhere && t.rule != "unreadable") read_places(in, head, own_territory, s.places);
    if (t.has_organ && !t.has_lv && (s.places.empty() || only_diffuse(in, head))) return std::nullopt;
    for (const Spot& x : in.spots)
        if (x.head == head && head != nowhere) { t.from = std::min(t.from, x.first); t.to = std::max(t.to, x.last); }
    if (s.places.empty() && !t.has_organ && t.presence != Presence::absent && t.rule != "unreadable")
        if (const std::uint32_t other_head = place_before(in, t); other_head != nowhere) read_places(in, other_head, own_territory, s.places);
    if (in.any(Kind::emphasis) && adjoins(in, head, t))
        if (const std::uint32_t other_head = place_before(in, t); other_head != nowhere) read_places(in, other_head, own_territory, s.places);
    if (only_levels(s.places) && !t.has_organ) {  // "The inferior wall is thin, akinetic and scarred at mid level"
        std::uint32_t other_head = place_before(in, t);
        if (other_head == nowhere) other_head = whole_before(in, head, t);
        if (other_head != nowhere) {
            std::vector<Place> walls;
            read_places(in, other_head, own_territory, walls);
            Levels levels = 0;
            for (const Place& p : s.places) levels |= p.levels;
            const bool parts = std::all_of(walls.begin(), walls.end(), [&](const Place& p) { return p.levels == 0 || (p.levels & levels) == levels; });
            if (!walls.empty() && parts && std::all_of(walls.begin(), walls.end(), [](const Place& p) { return p.walls != 0; })) {
                for (Place& p : walls) p = place_of(p.walls, levels);
                s.places.swap(walls);
            }
        }
    }
    if (t.excepted) exempt_part(in, t, s.places);
    if (s.places.empty() && n + 1 < in.targets.size() && in.targets[n + 1].interprets && in.targets[n + 1].clause == t.clause)
        for (std::uint32_t k = 0; k < in.heads.size(); ++k)
            if (in.heads[k].type == Head::Type::target && in.heads[k].target == n + 1) read_places(in, k, own_territory, s.places);
    if (s.places.empty() && !t.has_organ && setting.of_wall) s.places = setting.antecedent;
    if (s.places.empty() && !t.has_organ && in.any(Kind::anaphor) && !refers_elsewhere(in, t)) {
        read_clause_before(in, t, s.places);
        if (s.places.empty()) {
            s.places = setting.antecedent;
            keep_one(in, s.places);
        }
    }
    else if (in.any(Kind::anaphor) && adds_place(in, head, t))
        for (Place p : setting.antecedent) {
            p.bare = false;
            s.places.push_back(p);
        }
    else if ((in.any(Kind::anaphor) && !(t.implicit && n > 0)) || setting.of_wall || setting.one_segment) {
        std::vector<Place> antecedent;
        if (in.any(Kind::anaphor)) read_clause_before(in, t, antecedent);  // "oedema of the lateral wall and LGE of the same region at basal level"
        if (antecedent.empty()) antecedent = setting.antecedent;
        keep_one(in, antecedent);
        take_walls_before(antecedent, s.places);
    }
    for (const auto& [p, owner] : shared.patterns) {
        const bool renamed = owner < in.heads.size() && in.heads[owner].type == Head::Type::target && in.heads[owner].target == n + 1 && in.targets[n + 1].interprets;  // "LGE is midwall, likely scar"
        const auto lent = [&, clause = in.clause[p->first]](const Spot& x) { return x.head == head && in.clause[x.first] == clause; };  // "midwall in the septum but patchy in the lateral wall"
        const bool own = in.clause[p->first] == t.clause ? owner == head || renamed : owner == nowhere && (std::any_of(in.spots.begin(), in.spots.end(), lent) || describes_before(in, *p, t) || behind_exception(in, *p, t) || holds_next(in, *p, t));
        if (!own || head == nowhere) continue;
        add_new(s.patterns, static_cast<Pattern>(p->entry->code));
        t.from = std::min(t.from, p->first);
        t.to = std::max(t.to, p->last);
    }
    const bool papillary = std::find(s.patterns.begin(), s.patterns.end(), Pattern::papillary) != s.patterns.end();
    const bool only_lies = t.weak && t.presence == Presence::present && s.places.empty() && s.patterns.empty() && in.starts_at(Kind::verb, t.first) && is_pronoun(in, 0);  // "It lies at the edge of the coil."
    if (only_lies) return std::nullopt;
    if (t.weak && t.presence == Presence::present && s.places.empty() && !papillary && !t.excepted && setting.topic != Topic::lge && !shown_by_images(in, t)) return std::nullopt;
    if (t.presence != Presence::absent && !t.has_organ) {
        take_label(in, s.places);
        take_level_label(in, t.clause, s.places);
    }
    if (names_another(in, t))
        for (Place& p : s.places) p.emphasised = true;
    if (setting.view != 0) set_levels(s.places, setting.view);  // "Basal short-axis slice, PSIR. Enhancement of the lateral wall."
    s.spared = shared.spared;
    if (t.excepted)
        for (const Place& p : s.places) s.spared = s.spared - p.segments;  // "the free wall is clear apart from a streak in ..."
    if (!s.places.empty()) s.spared = s.spared | (excepted(in, t) & segments_of(s.places));
    s.presence = t.presence;
    s.section = setting.section;
    std::tie(s.start, s.end) = bytes_of(in.at[t.from], in.at[t.to]);
    s.qualified = t.qualified;
    s.artifact = t.artifact;
    s.infarct = t.infarct;
    s.by_name = t.images || (t.rule == "unreadable" && in.any(Kind::sequence) && !in.any(Kind::notdone));
    if (t.presence == Presence::present) s.known = is_known(in, t);
    s.implicit = t.implicit || t.weak;
    s.weak = t.weak;
    s.of_others = told_of_others(in, t);
    if (in.any(Kind::observer)) s.reader = reader_at(in, t.first);
    s.located = !s.places.empty();
    s.rule = t.rule;
    for (const auto& [a, b] : t.hedges) s.hedges.push_back(bytes_of(in.at[a], in.at[b]));
    return s;
}

}  // namespace lge::report
