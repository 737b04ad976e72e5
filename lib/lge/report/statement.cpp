#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Pattern;
using anatomy::Presence;
using anatomy::Segments;

namespace {

/// What of a sentence its mentions share.
struct Shared {
    struct Layer { const Hit* hit; std::uint32_t head; };
    struct Vessel { const Hit* hit; bool denied; };
    std::vector<Layer> patterns;   // with the head they describe
    std::vector<Vessel> vessels;   // territories of LGE
    Segments spared;
};

Segments segments_in(const Passage& in, std::uint32_t head) {
    std::vector<Place> places;
    read_places(in, head, false, places);
    Segments all;
    for (const Place& p : places) all = all | p.segments;
    return all;
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
        return h.kind() == Kind::pattern && h.entry->code <= static_cast<std::uint32_t>(Pattern::subepicardial) && in.clause[h.first] == in.clause[spared.first] && (beside(h.last, spared.first) || beside(spared.last, h.first));
    });
}

/// Clean insertion points are a part of the septum that leaves the rest of it open.
Segments spared_of(const Passage& in) {
    Segments all;
    std::vector<Place> places;
    for (std::uint32_t k = 0; k < in.heads.size(); ++k)
        if (in.heads[k].type == Head::Type::spared && !in.heads[k].viable && !of_layer(in, in.heads[k]) && !speaks_of_rest(in, in.clause[in.heads[k].first])) read_places(in, k, false, places);
    for (const Place& p : places)
        if ((p.walls & insertion_walls) == 0) all = all | p.segments;
    return all;
}

/// "all segments except 4", "save for segment 4 all enhance": what the next clause excepts, or the one before, is spared,
/// and is no mention of its own.
Segments excepted(Passage& in, const Target& t) {
    const bool before = t.clause > 0 && in.excepting[t.clause - 1];
    const std::uint32_t next = before ? t.clause - 1 : t.clause + 1;
    if (t.presence != Presence::present || next >= in.excepting.size() || !in.excepting[next] || t.excepted) return {};
    constexpr std::uint32_t exception = nowhere - 1;
    for (Spot& x : in.spots)
        if (in.clause[x.first] == next) x.head = exception;
    for (Target& o : in.targets)
        if (o.clause == next) o.skip = true;
    Segments out = segments_in(in, exception);
    const auto whole = [&](const Spot& x) { return x.type == Spot::Type::all && x.listed && in.clause[x.first] == t.clause; };
    if (out == Segments::of({17}) && std::none_of(in.spots.begin(), in.spots.end(), whole)) out = out | segments_of(level_bit(anatomy::Level::apical));  // "the inferior wall except at the apex"
    return out;
}

bool only_diffuse(const Passage& in, std::uint32_t head) {
    for (const Spot& x : in.spots)
        if (x.head == head && (x.type != Spot::Type::all || x.listed)) return false;
    return true;
}

/// "LAD stenosis of 70%", "occluded RCA": the vessel, not where the scar lies.
bool of_stenosis(const Passage& in, const Hit& vessel) {
    std::uint32_t from = vessel.first >= 2 ? vessel.first - 2 : 0;
    for (std::uint32_t k = from; k < vessel.first; ++k)
        if (sign(in.at[k], ':')) from = k + 1;  // "Day 5 post PCI: LAD infarct"
    for (std::uint32_t k = from; k < std::min(in.count, vessel.last + 3); ++k)
        if (in.is(in.at[k], Role::stenosis) && in.clause[k] == in.clause[vessel.first]) return true;
    return false;
}

/// "not transmural", "rather than subendocardial", "without a subendocardial component": the layer alone is denied.
bool denied_beside(const Passage& in, const Hit& pattern) {
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::negation && h.last < pattern.first && pattern.first - h.last <= 2 && in.clause[h.first] == in.clause[pattern.first] && in.is(in.at[pattern.first - 1], Role::joining) + (h.last + 1 == pattern.first) > 0)
            return std::none_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return t.presence == Presence::absent && t.clause == in.clause[pattern.first]; });
    return false;
}

/// "infarct in keeping with the known circumflex occlusion"
bool explains(const Passage& in, const Hit& vessel) {
    constexpr std::uint32_t reach = 5;
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

Shared shared_of(const Passage& in) {
    Shared shared{.patterns = {}, .vessels = {}, .spared = spared_of(in)};
    for (const Hit& p : in.hits) {
        if (p.kind() != Kind::pattern) continue;
        if (is_spared(in, p)) continue;
        if (denied_beside(in, p)) continue;
        const auto denied_behind = [&](const Hit& h) { return h.kind() == Kind::negated && h.first > p.last && h.first <= p.last + 2 && in.clause[h.first] == in.clause[p.first]; };
        if (p.entry->code == static_cast<std::uint32_t>(Pattern::papillary) && std::any_of(in.hits.begin(), in.hits.end(), denied_behind)) continue;  // "..., papillary muscles not enhancing"
        if (p.entry->code == static_cast<std::uint32_t>(Pattern::transmural) && measures(in, p)) continue;
        shared.patterns.push_back({&p, head_of(in, p.first, p.last, 8)});
    }
    for (const Hit& x : in.side) {
        if (x.kind() != Kind::territory) continue;
        const bool named_last = x.last + 1 == in.count && x.first > 0 && sign(in.at[x.first - 1], ',');  // "old infarct with thrombus, LAD"
        if (const auto h = named_last ? nowhere : head_of(in, x.first, x.last, 3); h != nowhere && in.heads[h].type != Head::Type::target) continue;  // "ischaemia in the LAD territory", "LAD territory viable"
        shared.vessels.push_back({&x, denied(in, x.first, x.last, false) != nullptr || amounts_to_zero(in, x.last + 1) || (of_stenosis(in, x) && !explains(in, x))});
    }
    return shared;
}

/// "Anterior wall: hypokinetic, LGE basal and mid": the wall at the start of a row is that of levels alone.
void take_label(const Passage& in, std::vector<Place>& places) {
    if (in.spots.empty() || in.spots[0].type != Spot::Type::wall || in.spots[0].first > 1 || in.spots[0].last + 1 >= in.count || !sign(in.at[in.spots[0].last + 1], ':')) return;
    if (places.empty() || std::any_of(places.begin(), places.end(), [](const Place& p) { return !p.bare; })) return;
    for (Place& p : places) p = place_of(in.spots[0].code, p.levels);
}

bool only_levels(const std::vector<Place>& places) {
    return !places.empty() && std::all_of(places.begin(), places.end(), [](const Place& p) { return p.walls == 0 && p.levels != 0 && p.bare; });
}

/// "LGE in the same segments and in the apex", "matching scar, with extension into the septum": whether the places of a
/// mention come on top of those that the anaphor before them stands for.
bool adds_place(const Passage& in, std::uint32_t head, const Target& t) {
    const Hit* anaphor = in.find_hit(Kind::anaphor, 0, in.count, t.clause);
    const auto first = std::find_if(in.spots.begin(), in.spots.end(), [&](const Spot& x) { return x.head == head; });
    if (anaphor == nullptr || first == in.spots.end() || anaphor->last >= first->first) return false;
    for (std::uint32_t i = anaphor->last + 1; i < first->first; ++i)
        if (in.is(in.at[i], Role::conjunction) || (sign(in.at[i], ',') && i + 1 < in.count && in.is(in.at[i + 1], Role::accompanying | Role::conjunction))) return true;
    return false;
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

/// "LGE of all segments except the apex, with subendocardial predominance": the comma ends the exception.
bool behind_exception(const Passage& in, const Hit& layer, const Target& t) {
    const std::uint32_t c = in.clause[layer.first];
    if (c != t.clause + 1 || !in.excepting[c] || in.find_hit(Kind::target, 0, in.count, c) != nullptr) return false;
    for (std::uint32_t i = layer.first; i-- > 0 && in.clause[i] == c;)
        if (sign(in.at[i], ',')) return in.is(in.at[i + 1], Role::accompanying);
    return false;
}

/// What one mention says; nothing where it speaks of another organ or of nothing that is LGE.
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
    if (s.places.empty() && !t.has_organ && t.presence != Presence::absent)
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
    if (s.places.empty() && n + 1 < in.targets.size() && in.targets[n + 1].interprets && in.targets[n + 1].clause == t.clause)
        for (std::uint32_t k = 0; k < in.heads.size(); ++k)
            if (in.heads[k].type == Head::Type::target && in.heads[k].target == n + 1) read_places(in, k, own_territory, s.places);
    if (s.places.empty() && !t.has_organ && setting.of_wall) s.places = setting.antecedent;
    if (s.places.empty() && !t.has_organ && in.any(Kind::anaphor)) {
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
    else if ((in.any(Kind::anaphor) && !(t.implicit && n > 0)) || setting.of_wall || setting.one_segment) take_walls_before(setting.antecedent, s.places);
    for (const auto& [p, owner] : shared.patterns) {
        const bool renamed = owner < in.heads.size() && in.heads[owner].type == Head::Type::target && in.heads[owner].target == n + 1 && in.targets[n + 1].interprets;  // "LGE is midwall, likely scar"
        const auto lent = [&, clause = in.clause[p->first]](const Spot& x) { return x.head == head && in.clause[x.first] == clause; };  // "midwall in the septum but patchy in the lateral wall"
        const bool own = in.clause[p->first] == t.clause ? owner == head || renamed : owner == nowhere && (std::any_of(in.spots.begin(), in.spots.end(), lent) || describes_before(in, *p, t) || behind_exception(in, *p, t));
        if (!own || head == nowhere) continue;
        add_new(s.patterns, static_cast<Pattern>(p->entry->code));
        t.from = std::min(t.from, p->first);
        t.to = std::max(t.to, p->last);
    }
    const bool papillary = std::find(s.patterns.begin(), s.patterns.end(), Pattern::papillary) != s.patterns.end();
    if (t.weak && t.presence == Presence::present && s.places.empty() && !papillary && !t.excepted && setting.topic != Topic::lge) return std::nullopt;
    if (t.presence != Presence::absent && !t.has_organ) take_label(in, s.places);
    if (setting.view != 0)  // "Basal short-axis slice, PSIR. Enhancement of the lateral wall."
        for (Place& p : s.places)
            if (p.walls != 0 && p.levels == 0) p = place_of(p.walls, setting.view);
    s.spared = shared.spared;
    if (t.excepted)
        for (const Place& p : s.places) s.spared = s.spared - p.segments;  // "the free wall is clear apart from a streak in ..."
    if (!s.places.empty()) s.spared = s.spared | excepted(in, t);
    s.presence = t.presence;
    s.section = setting.section;
    s.start = in.at[t.from].start;
    s.end = in.at[t.to].end;
    s.qualified = t.qualified;
    s.artifact = t.artifact;
    s.infarct = t.infarct;
    s.by_name = t.images;
    if (t.presence == Presence::present) s.known = is_known(in, t);
    s.implicit = t.implicit || t.weak;
    s.weak = t.weak;
    s.of_others = told_of_others(in, t);
    if (in.any(Kind::observer)) s.reader = reader_at(in, t.first);
    s.located = !s.places.empty();
    s.rule = t.rule;
    for (const auto& [a, b] : t.hedges) s.hedges.emplace_back(in.at[a].start, in.at[b].end);
    return s;
}

/// "26 g.", "It measures 1.5 g.", "~22% LV."
bool only_amount(const Passage& in) {
    constexpr std::uint32_t longest = 9;
    bool unit = false, percent = false;
    for (std::uint32_t i = 1; i < in.count; ++i) {
        if (in.at[i - 1].kind != Token::Kind::number) continue;
        unit = unit || (in.is(in.at[i], Role::gram) && !(i + 1 < in.count && sign(in.at[i + 1], '/')));
        percent = percent || (sign(in.at[i], '%') && i + 1 < in.count && in.find_hit(Kind::lv, i + 1, i + 2) != nullptr);
    }
    return (unit || percent) && in.count <= longest && std::all_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return (h.kind() == Kind::organ && h.entry->code == organ_mass) || (percent && h.kind() == Kind::lv); });
}

/// "Transmural at the base, 25-50% mid." after a sentence of LGE.
bool goes_on_about(const Passage& in, const Setting& setting) {
    if ((setting.goes_on || (setting.spoke && in.any(Kind::quantity))) && in.targets.empty() && only_amount(in)) return true;
    return setting.goes_on && in.targets.empty() && !in.any(Kind::modality) && (in.any(Kind::pattern) || in.any(Kind::level) || in.any(Kind::wall) || in.any(Kind::transmurality) || in.any(Kind::quantity));
}

/// "Patchy, anterior septum basal-mid.": places and a pattern, and nothing else.
bool lists_places(const Passage& in) {
    return in.any(Kind::pattern) && std::all_of(in.hits.begin(), in.hits.end(), [](const Hit& h) {
        return h.kind() == Kind::wall || h.kind() == Kind::level || h.kind() == Kind::pattern || h.kind() == Kind::segmentword || h.kind() == Kind::all || h.kind() == Kind::lv;
    });
}

/// "old inferior infarct with LGE (basal, mid)": levels alone are of the walls of the mention before; "level: mid. Wall:
/// inferior": so are those before of the walls that follow.
void join_levels(Statement& before, Statement& s) {
    const auto walls = [](const std::vector<Place>& places) { return !places.empty() && std::all_of(places.begin(), places.end(), [](const Place& p) { return p.walls != 0; }); };
    if (before.presence != s.presence) return;
    const bool turned = only_levels(before.places) && walls(s.places);
    if (!turned && !(only_levels(s.places) && walls(before.places))) return;
    Levels levels = 0;
    for (const Place& p : turned ? before.places : s.places) levels |= p.levels;
    std::vector<Place>& named = turned ? s.places : before.places;
    std::vector<Place> more;
    for (Place& p : named)
        if (p.levels == 0) p = place_of(p.walls, levels);
        else if (!turned) more.push_back(place_of(p.walls, levels));  // "... transmural at the base, a rim at mid level"
    if (turned) before.places.clear();
    else s.places = more.empty() ? named : more;
}

/// "A bright spot in the septum; fibrosis and artefact cannot be told apart", "...: a vessel, no fibrosis": what is said of
/// scar without a place settles what the look before it is. True when it does.
bool settles(Statement& before, const Statement& s) {
    if (!before.weak || before.presence != Presence::present || s.presence == Presence::present || s.located || s.qualified || before.rule == "exception") return false;
    if (std::find(before.patterns.begin(), before.patterns.end(), Pattern::papillary) != before.patterns.end()) return false;  // "..., the wall itself is free"
    before.presence = s.presence;
    before.hedges.insert(before.hedges.end(), s.hedges.begin(), s.hedges.end());
    if (s.presence == Presence::absent) before.artifact = true;
    before.end = std::max(before.end, s.end);
    return true;
}

/// "Conventional LGE only; wideband not available": what was not done stands apart from the LGE that was.
bool of_another_sequence(const Passage& in) {
    const Hit* h = in.find_hit(Kind::notdone, 0, in.count);
    const Hit* images = in.find_hit(Kind::sequence, 0, in.count);
    if (images == nullptr) images = in.find_hit(Kind::target, 0, in.count);
    if (h == nullptr || images == nullptr || !is_images(*images)) return false;
    if (in.any(Kind::unreadable) && images->last < h->first && in.opens_bracket(images->last, h->first)) return true;  // "LGE could not be read (wideband not available)"
    for (std::uint32_t i = std::min(h->last, images->last); i < std::max(h->first, images->first); ++i)
        if (sign(in.at[i], ';')) return true;
    return false;
}

/// "On CMR it had occupied the anterolateral wall.", not "In this patient the septum ...": a pronoun as the subject behind a preposition
/// that names no place.
bool located_by_pronoun(const Passage& in) {
    constexpr std::uint32_t reach = 6;  // tokens
    if (!in.is(in.at[0], Role::preposition)) return false;
    for (std::uint32_t i = 2; i < std::min(in.count, reach); ++i)
        if (is_pronoun(in, i) && !in.is(in.at[i - 1], Role::preposition | Role::possessive)) return std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first < i && h.kind() != Kind::sequence && h.kind() != Kind::view; });
    return false;
}

/// A sentence without a mention of its own that goes on about the one before: "It is midwall.", "The apex is spared.",
/// "It involves segments 5 and 6." True when it does.
bool amend(const Passage& in, bool goes_on, Gathered& gathered, Statement& before) {
    bool amended = false;
    if (in.any(Kind::spared) && !in.any(Kind::modality)) {
        const Segments spared = spared_of(in);
        before.spared = before.spared | spared;
        amended = !spared.empty();
    }
    if (!goes_on || before.presence == Presence::absent || in.any(Kind::modality, Kind::organ, Kind::finding, Kind::negation, Kind::hides)) return amended;
    const bool number = std::any_of(in.at, in.at + in.count, [](const Token& t) { return t.kind == Token::Kind::number; });
    if (number && in.any(Kind::measure) && !in.any(Kind::quantity) && !in.any(Kind::transmurality)) return amended;  // "global longitudinal strain"
    for (const Hit& p : in.hits)
        if (p.kind() == Kind::pattern && !is_spared(in, p) && !(p.entry->code == static_cast<std::uint32_t>(Pattern::transmural) && measures(in, p))) {
            add_new(before.patterns, static_cast<Pattern>(p.entry->code));
            amended = true;
        }
    for (const Hit& x : in.side)
        if (x.kind() == Kind::territory && before.presence == Presence::present && denied(in, x.first, x.last, false) == nullptr && !(in.any(Kind::viability, Kind::spared) && is_spared(in, x)) && !of_stenosis(in, x) && (x.last > x.first || in.count == 1 || in.is(in.at[0], Role::pronoun) || (x.first > 0 && sign(in.at[x.first - 1], ':')))) {
            add_new(gathered.territories, static_cast<anatomy::Territory>(x.entry->code));
            amended = true;
        }
    if ((in.is(in.at[0], Role::pronoun) || located_by_pronoun(in) || lists_places(in)) && !in.any(Kind::spared) && !in.spots.empty()) {
        std::vector<Place> places;
        read_places(in, nowhere, false, places);
        const auto now = [](const Hit& h) { return h.kind() == Kind::stop && h.entry->code == stop_now; };
        if (in.is(in.at[0], Role::pronoun) || std::any_of(in.hits.begin(), in.hits.end(), now))  // "It is confined to the basal segments.", "... and is now confined to the basal segment" of its wall
            for (Place& p : places) p.bare = p.walls == 0 && p.levels != 0;
        Statement levels{.presence = before.presence, .places = places, .spared = {}, .patterns = {}, .hedges = {}, .rule = {}};
        join_levels(before, levels);
        for (const Place& p : places)  // "transmural at the base" tells no new walls
            if (p.walls != 0 || p.levels == 0 || before.places.empty()) before.places.push_back(p);
        before.located = !before.places.empty();
        amended = true;
    }
    return amended;
}

}  // namespace

bool is_spared(const Passage& in, const Hit& hit) {
    constexpr std::uint32_t reach = 5, beside = 3;
    const auto of_layer = [&](const Head& h) { return hit.kind() == Kind::pattern && hit.first > h.last && hit.first <= h.last + beside && spares_layer(in, h); };
    if (in.any(Kind::spared) && std::any_of(in.heads.begin(), in.heads.end(), of_layer)) return true;
    const std::uint32_t head = head_of(in, hit.first, hit.last, reach);
    return head != nowhere && in.heads[head].type == Head::Type::spared;
}

bool lists_places_only(const Passage& in) {
    const bool none_in_lv = in.any(Kind::lv) && in.any(Kind::negated);  // "None in the left ventricle."
    if (!none_in_lv && !in.any(Kind::wall, Kind::level, Kind::segmentword)) return false;
    const auto of_lists = [](const Hit& h) {
        switch (h.kind()) {
            case Kind::wall: case Kind::level: case Kind::segmentword: case Kind::all: case Kind::all17: case Kind::pattern: case Kind::lv: case Kind::weak: case Kind::negation: case Kind::negated: case Kind::answer:
            case Kind::hedge: case Kind::hedged: case Kind::emphasis: case Kind::except_: case Kind::view: case Kind::transmurality: case Kind::quantity: case Kind::fraction: case Kind::numeral: case Kind::near_transmural: case Kind::temporal: return true;
            default: return false;
        }
    };
    constexpr std::uint32_t small = Role::joining | Role::preposition | Role::conjunction | Role::alternative | Role::range | Role::possessive | Role::below | Role::above | Role::than | Role::percent | Role::segment | Role::both;
    std::uint32_t next = 0;  // behind the last phrase
    std::size_t h = 0, s = 0;
    std::uint32_t begin = 0;
    constexpr std::uint32_t longest_label = 4;
    for (std::uint32_t i = 0; i < std::min(in.count, longest_label); ++i)
        if (sign(in.at[i], ':') && in.find_hit(Kind::modality, 0, i) == nullptr && in.find_hit(Kind::organ, 0, i) == nullptr) begin = i + 1;  // "Where: mid lateral wall"
    for (std::uint32_t i = begin; i < in.count; ++i) {
        for (; h < in.hits.size() && in.hits[h].first <= i; ++h) {
            if (in.hits[h].first >= begin && !of_lists(in.hits[h])) return false;
            next = std::max(next, in.hits[h].last + 1);
        }
        for (; s < in.side.size() && in.side[s].first <= i; ++s)
            if (of_lists(in.side[s])) next = std::max(next, in.side[s].last + 1);
        if (i < next || in.at[i].kind != Token::Kind::word) continue;
        if (!in.is(in.at[i], small)) return false;
    }
    return true;
}

std::vector<Place> places_named(Passage& in) {
    in.targets.clear();
    read_health(in);
    part_clauses(in);
    find_heads(in);
    find_spots(in);
    std::vector<Place> places;
    for (std::uint32_t head = 0; head < in.heads.size(); ++head)
        if (in.heads[head].type == Head::Type::other) read_places(in, head, false, places);
    read_places(in, nowhere, false, places);
    return places;
}

/// "S4 akinetic / 51-75%": a row of a table of LGE, whose other columns are left out.
void keep_column(Passage& in) {
    if (in.hits.empty() || in.hits[0].first != 0 || !(in.hits[0].kind() == Kind::wall || in.hits[0].kind() == Kind::level || in.hits[0].kind() == Kind::segmentword)) return;
    const bool columns = std::any_of(in.at, in.at + in.count, [](const Token& t) { return sign(t, '/') || sign(t, '|'); });
    if (columns) std::erase_if(in.hits, [](const Hit& h) { return h.kind() == Kind::modality && h.entry->code == modality_unnamed; });
}

/// "dilated cardiomyopathy": what only names a cause tells nothing of the wall.
void drop_named(Passage& in) {
    std::erase_if(in.hits, [&](const Hit& h) {
        return h.kind() == Kind::modality && h.entry->code == modality_unnamed && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::dx && s.first <= h.first && s.last >= h.last && s.last - s.first > h.last - h.first; });
    });
}

/// "LGE has regressed and is now confined to the basal inferolateral segment.": what was told of an earlier scan before, at more
/// places, is no more than that.
void replace_former(const Passage& in, const Statement& now, std::vector<Statement>& statements) {
    const bool shrunk = std::any_of(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::stop && h.entry->code == stop_now; });
    if (!shrunk || now.presence != Presence::present || std::none_of(now.places.begin(), now.places.end(), [](const Place& p) { return p.walls != 0 || p.levels == 0; })) return;
    const auto segments = [](const Statement& s) {
        Segments all;
        for (const Place& p : s.places) all = all | p.segments;
        return all;
    };
    for (Statement& s : statements)
        if (s.presence == Presence::present && s.sentence < now.sentence && !(segments(s) & segments(now)).empty()) s.places = now.places;
}

/// "Conclusion: large LCX STEMI", "Diagnosis: NSTEMI, RCA", "Territory: RCA / LCX": vessels of the infarct that was told before.
void name_vessels(const Passage& in, const Setting& setting, const std::vector<Statement>& statements, Gathered& gathered) {
    constexpr std::uint32_t reach = 3;
    if (std::none_of(statements.begin(), statements.end(), [](const Statement& s) { return s.presence == Presence::present; })) return;
    const bool only = setting.topic == Topic::lge && in.hits.empty() && std::none_of(in.at, in.at + in.count, [&](const Token& t) { return t.kind == Token::Kind::word && t.word == 0; });
    for (const Hit& x : in.side) {
        if (x.kind() != Kind::territory || of_stenosis(in, x)) continue;
        const auto infarct = [&](const Hit& s) { return s.kind() == Kind::dx && infarct_name(s.entry->name) && s.first <= x.last + reach && x.first <= s.last + reach; };
        if (only || (setting.section == Section::impression && std::any_of(in.side.begin(), in.side.end(), infarct))) add_new(gathered.territories, static_cast<anatomy::Territory>(x.entry->code));
    }
}

bool read_sentence(Passage& in, const Setting& setting, Gathered& gathered, Reading& reading) {
    if (setting.topic == Topic::lge && in.any(Kind::modality)) keep_column(in);
    if (in.any(Kind::modality) && in.any(Kind::dx)) drop_named(in);
    read_past(in);
    fill_ellipses(in);
    if (in.any(Kind::hedge)) read_either(in);
    read_health(in);
    part_clauses(in);
    find_targets(in, setting);
    if (judge_targets(in, setting)) gathered.unreadable = true;
    if (setting.asked)
        for (Target& t : in.targets) {
            t.presence = Presence::uncertain;
            t.rule = "question";
        }
    const bool of_lge = setting.topic == Topic::lge || in.any(Kind::target, Kind::sequence) || !in.any(Kind::modality);  // not "T2 not possible"
    if (in.any(Kind::notdone) && of_lge && std::none_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return t.rule == "unreadable" && in.find_hit(Kind::notdone, t.last + 1, in.count) != nullptr; }) && std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return hindered(in, h); }) && !of_another_sequence(in) && std::all_of(in.targets.begin(), in.targets.end(), [](const Target& t) { return t.skip || t.presence == Presence::uncertain; })) gathered.not_done = true;
    if (setting.topic == Topic::lge || in.any(Kind::target) || in.any(Kind::sequence) || in.any(Kind::notdone)) gathered.spoke_of_lge = true;
    gathered.of_patient = gathered.of_patient || names_patient(in, nowhere);
    find_heads(in);
    find_spots(in);
    read_organs(in, setting, gathered);
    const auto sentence = static_cast<std::uint32_t>(reading.sentences.size() - 1);
    const Shared shared = in.targets.empty() ? Shared{} : shared_of(in);
    bool said = false;
    for (std::uint32_t n = 0; n < in.targets.size(); ++n) {
        if (in.targets[n].skip) continue;
        if (auto s = statement_of(in, n, shared, setting, gathered)) {
            s->sentence = sentence;
            if (setting.goes_on && !said && !reading.statements.empty() && !judge_before(in, in.targets[n], *s, reading.statements)) continue;
            if (said && reading.statements.back().sentence == sentence && settles(reading.statements.back(), *s)) continue;
            const bool same = said && reading.statements.back().sentence == sentence;
            const bool field = setting.goes_on && !reading.statements.empty() && (in.targets[n].implicit || in.is(in.at[0], Role::preposition));  // "Wall: inferior. Level: mid.", "At the base it is transmural."
            const bool of_wall = setting.goes_on && !said && !reading.statements.empty() && in.targets[n].weak && are_of_wall(in, reading.statements.back(), s->places);
            if (same && in.targets[n].implicit && std::all_of(s->places.begin(), s->places.end(), [](const Place& p) { return p.walls == 0 && p.levels != 0 && (p.levels & level_bit(anatomy::Level::apex)) == 0; }))
                for (Place& p : s->places) p.bare = true;  // "The inferior scar spares the apex; basal and mid segments only"
            if (same || field || of_wall) join_levels(reading.statements.back(), *s);
            if (in.any(Kind::stop)) replace_former(in, *s, reading.statements);
            reading.statements.push_back(std::move(*s));
            said = true;
        }
    }
    read_readers(in, setting, sentence, reading);
    bool amended = setting.goes_on && in.targets.empty() && judge_subject(in, reading.statements);
    if (!amended && in.targets.empty() && !reading.statements.empty() && (setting.goes_on || reading.statements.back().sentence + 1 >= sentence)) amended = amend(in, setting.goes_on, gathered, reading.statements.back());
    if (in.targets.empty() && in.any(Kind::territory) && !reading.statements.empty()) name_vessels(in, setting, reading.statements, gathered);
    const Amounts amounts = read_amounts(in, goes_on_about(in, setting) ? Topic::lge : setting.topic, gathered);
    if (in.targets.empty() && setting.topic == Topic::lge && (amounts.positive || amounts.zero)) {  // "Scar burden: 12%"
        reading.statements.push_back({.start = in.at[0].start, .end = in.at[in.count - 1].end, .sentence = sentence, .section = setting.section,
                                      .presence = amounts.positive ? Presence::present : Presence::absent, .qualified = !amounts.positive, .places = {}, .spared = {}, .patterns = {}, .hedges = {}, .rule = "amount"});
        said = true;
    }
    read_causes(in, setting.section, gathered);
    read_rest(in, setting, said, gathered);
    return said || amended || (setting.goes_on && amounts.positive);
}

}  // namespace lge::report
