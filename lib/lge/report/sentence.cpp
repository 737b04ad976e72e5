#include "lge/report/areas.hpp"
#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Pattern;
using anatomy::Presence;
using anatomy::Segments;

namespace {

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

/// "LGE took up 31 % of the ventricle. At six months it has fallen to 12 %.", "It is now 12 g.": the amounts told before are those of
/// the past.
bool brings_new_amounts(const Passage& in) {
    constexpr std::uint32_t reach = 12, between = 3;  // tokens
    const auto changed = [](const Hit& s) { return (s.kind() == Kind::temporal && (s.entry->code == static_cast<std::uint32_t>(Change::decreased) || s.entry->code == static_cast<std::uint32_t>(Change::increased))) || (s.kind() == Kind::examination && s.entry->code == examination_now); };
    for (std::uint32_t i = 0; in.has_number && i < std::min(in.count, reach); ++i) {
        if (!is_pronoun(in, i)) continue;
        const auto change = std::find_if(in.side.begin(), in.side.end(), [&](const Hit& s) { return changed(s) && s.first > i; });
        if (change == in.side.end()) return false;
        for (std::uint32_t k = change->last + 1; k + 1 < in.count && k <= change->last + between; ++k)
            if (in.at[k].kind == Token::Kind::number) return sign(in.at[k + 1], '%') || in.is(in.at[k + 1], Role::gram | Role::percent);
        return false;
    }
    return false;
}

/// "Impression: the focus may represent a silent infarct.": behind a scar that the findings tell, what it may be is its cause.
bool names_cause_of_focus(const Passage& in, const Target& t, const std::vector<Statement>& statements) {
    if (!t.infarct || t.presence != Presence::uncertain || t.hedges.empty() || in.any(Kind::wall, Kind::level, Kind::segmentword)) return false;
    const bool focus = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::weak && h.last + 1 == t.hedges.front().first && h.last < t.first; });
    return focus && std::any_of(statements.begin(), statements.end(), [](const Statement& s) { return s.presence == Presence::present && s.located && s.section != Section::impression; });
}

/// "Transmural at the base, 25-50% mid." after a sentence of LGE.
bool goes_on_about(const Passage& in, const Setting& setting) {
    if ((setting.goes_on || (setting.spoke && in.any(Kind::quantity))) && in.targets.empty() && only_amount(in)) return true;
    const auto observed = [&](const Hit& h) { return h.kind() == Kind::modality && !measures_depth(in, h); };  // not "It involved 50 % of the wall thickness."
    return setting.goes_on && in.targets.empty() && std::none_of(in.hits.begin(), in.hits.end(), observed) && (in.any(Kind::pattern) || in.any(Kind::level) || in.any(Kind::wall) || in.any(Kind::transmurality) || in.any(Kind::quantity));
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
    const auto ring = [](const Place& p) { return p.walls == 0 && p.levels == 0 && p.segments == segments_of(level_bit(anatomy::Level::basal) | level_bit(anatomy::Level::mid) | level_bit(anatomy::Level::apical)); };
    if (before.sentence == s.sentence && only_levels(before.places) && s.places.size() == 1 && ring(s.places[0])) {  // "At mid level there is a circumferential band"
        s.places.swap(before.places);
        before.places.clear();
        for (Place& p : s.places) p.bare = false;
        return;
    }
    const bool turned = only_levels(before.places) && walls(s.places);
    if (!turned && !(only_levels(s.places) && walls(before.places))) return;
    Levels levels = 0;
    for (const Place& p : turned ? before.places : s.places) levels |= p.levels;
    std::vector<Place>& named = turned ? s.places : before.places;
    Levels told = 0;
    for (const Place& p : named) told |= p.levels;
    const bool complete = std::none_of(named.begin(), named.end(), [](const Place& p) { return p.levels == 0; });
    if (!turned && complete && (levels & ~told) == 0) {  // "... inferior and inferolateral at the base, inferior at mid level. Transmural basally."
        s.places.clear();
        for (const Place& p : named)
            if ((p.levels & levels) != 0) s.places.push_back(place_of(p.walls, p.levels & levels));
        return;
    }
    std::vector<Place> more;
    for (Place& p : named)
        if (p.levels == 0) p = place_of(p.walls, levels);
        else if (!turned) more.push_back(place_of(p.walls, levels));  // "... transmural at the base, a rim at mid level"
    if (turned) before.places.clear();
    else s.places = more.empty() ? named : more;
}

/// Whether every segment of some places is one of others.
bool all_within(const std::vector<Place>& part, const std::vector<Place>& whole) {
    Segments all;
    for (const Place& p : whole) all = all | p.segments;
    return std::all_of(part.begin(), part.end(), [&](const Place& p) { return !p.segments.empty() && (p.segments - all).empty(); });
}

/// "A bright spot in the septum; fibrosis and artefact cannot be told apart", "...: a vessel, no fibrosis": what is said of
/// scar without a place settles what the look before it is. True when it does.
bool settles(Statement& before, const Statement& s) {
    if (before.weak && before.presence == Presence::present && s.presence == Presence::uncertain && s.located && before.located && all_within(s.places, before.places)) {  // "Increased signal of the septum; whether this is fibrosis of the basal septum or ..."
        before = s;
        return true;
    }
    if (!(before.weak || (before.implicit && s.presence == Presence::uncertain)) || before.presence != Presence::present || s.presence == Presence::present || s.located || s.qualified || before.rule == "exception") return false;
    if (std::find(before.patterns.begin(), before.patterns.end(), Pattern::papillary) != before.patterns.end()) return false;  // "..., the wall itself is free"
    before.presence = s.presence;
    before.hedges.insert(before.hedges.end(), s.hedges.begin(), s.hedges.end());
    if (s.presence == Presence::uncertain)
        for (const Pattern p : s.patterns) add_new(before.patterns, p);
    if (s.presence == Presence::absent) before.artifact = true;
    before.end = std::max(before.end, s.end);
    return true;
}

/// "LGE of the apex; the enhancement had gone at three months": what the sentence told before is no longer there.
bool gone_since(const Passage& in, const Target& t, const Statement& s) {
    if (s.presence != Presence::absent || s.located || !s.patterns.empty() || t.clause == 0 || t.first == 0 || !in.is(in.at[t.first - 1], Role::possessive)) return false;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::negated && h.entry->code == negated_gone && h.first > t.last && in.clause[h.first] == t.clause; });
}

/// "Conventional LGE only; wideband not available": what was not done stands apart from the LGE that was.
bool of_another_sequence(const Passage& in) {
    const Hit* h = in.find_hit(Kind::notdone, 0, in.count);
    const Hit* images = in.find_hit(Kind::sequence, 0, in.count);
    if (images == nullptr) images = in.find_hit(Kind::target, 0, in.count);
    if (h == nullptr || images == nullptr || !is_images(*images)) return false;
    if (in.any(Kind::unreadable) && images->last < h->first && in.opens_bracket(images->last, h->first)) return true;  // "LGE could not be read (wideband not available)"
    const auto parted = [&](const Hit& o) { return std::any_of(in.at + std::min(o.last, images->last), in.at + std::max(o.first, images->first), [](const Token& t) { return sign(t, ';'); }); };
    return std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return o.kind() == Kind::notdone && !parted(o); });
}

/// "On CMR it had occupied the anterolateral wall.", not "In this patient the septum ...": a pronoun as the subject behind a preposition
/// that names no place.
bool located_by_pronoun(const Passage& in) {
    constexpr std::uint32_t reach = 12;  // tokens: "On the present study, six months later, it ..."
    if (!in.is(in.at[0], Role::preposition)) return false;
    for (std::uint32_t i = 2; i < std::min(in.count, reach); ++i)
        if (is_pronoun(in, i) && !in.is(in.at[i - 1], Role::preposition | Role::possessive)) return std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first < i && h.kind() != Kind::sequence && h.kind() != Kind::view && h.kind() != Kind::level && h.kind() != Kind::ignore; });
    return false;
}

/// "It extends into the apex", not "It extends from base to apex": a verb by which what is told goes on to another level.
bool goes_further(const Passage& in) {
    constexpr std::uint32_t reach = 3;  // tokens
    const bool on = std::any_of(in.side.begin(), in.side.end(), [](const Hit& s) { return s.kind() == Kind::verb && s.entry->code == verb_on && s.first <= reach; });
    return on && std::none_of(in.at, in.at + in.count, [&](const Token& t) { return in.is(t, Role::origin); });
}

/// A sentence without a mention of its own that goes on about the one before: "It is midwall.", "The apex is spared.",
/// "It involves segments 5 and 6." True when it does.
bool amend(Passage& in, bool goes_on, Gathered& gathered, Statement& before) {
    bool amended = false;
    if (in.any(Kind::spared) && !in.any(Kind::modality)) {
        const Segments spared = spared_of(in);
        before.spared = before.spared | spared;
        amended = !spared.empty();
    }
    const bool observed = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::modality && !measures_depth(in, h); });
    if (!goes_on || before.presence == Presence::absent || observed) return amended;
    const auto of_other = [](const Hit& h) { return h.kind() == Kind::organ || h.kind() == Kind::finding || h.kind() == Kind::negation || h.kind() == Kind::hides; };
    const auto other = std::find_if(in.hits.begin(), in.hits.end(), of_other);
    std::uint32_t end = in.count;  // "It is midwall, with no oedema or thrombus": of what goes on about LGE
    if (other != in.hits.end()) {
        for (end = other->first; end > 0 && !sign(in.at[end], ',');) --end;
        if (end == 0) return amended;
        std::erase_if(in.spots, [&](const Spot& s) { return s.first > end; });
    }
    const bool number = std::any_of(in.at, in.at + in.count, [](const Token& t) { return t.kind == Token::Kind::number; });
    if (number && in.any(Kind::measure) && !in.any(Kind::quantity) && !in.any(Kind::transmurality)) return amended;  // "global longitudinal strain"
    for (const Hit& p : in.hits)
        if (p.kind() == Kind::pattern && p.first < end && (p.entry->code != static_cast<std::uint32_t>(Pattern::papillary) || in.any(Kind::emphasis)) && !is_spared(in, p) && denied(in, p.first, p.last, false) == nullptr && !(p.entry->code == static_cast<std::uint32_t>(Pattern::transmural) && measures(in, p))) {
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
        if (!before.places.empty()) std::erase_if(places, [](const Place& p) { return p.walls == 0 && p.levels == 0 && p.segments.count() >= 16; });  // "It was subepicardial everywhere."
        const auto now = [](const Hit& h) { return h.kind() == Kind::stop && h.entry->code == stop_now; };
        const bool on = goes_further(in);
        const auto apart = [&](const Place& p) { return on && p.walls == 0 && (p.whole || p.levels == level_bit(anatomy::Level::apex)); };  // "It extends into the apex."
        if (in.is(in.at[0], Role::pronoun) || std::any_of(in.hits.begin(), in.hits.end(), now))  // "It is confined to the basal segments.", "... and is now confined to the basal segment" of its wall
            for (Place& p : places) p.bare = p.walls == 0 && p.levels != 0 && !apart(p);
        Statement levels{.presence = before.presence, .places = places, .spared = {}, .patterns = {}, .hedges = {}, .rule = {}};
        std::erase_if(levels.places, apart);
        join_levels(before, levels);
        const std::size_t told = before.places.size();
        for (const Place& p : places) {  // "transmural at the base" tells no new walls
            if (p.walls != 0 || p.levels == 0 || told == 0 || apart(p)) before.places.push_back(p);
            else if (on && told == 1 && before.places[0].walls != 0 && before.places[0].levels != 0) before.places.push_back(place_of(before.places[0].walls, p.levels));  // "It extends to mid level."
        }
        before.located = !before.places.empty();
        amended = true;
    }
    return amended;
}

/// Whether what was not done is LGE, and no images of it were made that could not be read.
bool tells_not_done(const Passage& in, const Setting& setting, const Reading& reading) {
    const auto unread = [](const auto& x) { return x.rule == "unreadable"; };
    const auto told = recent(reading.statements);
    const Hit* h = in.find_hit(Kind::notdone, 0, in.count);
    const auto acquired = [&](const Target& t) { return unread(t) && (t.images || t.first < h->last); };  // not "No gadolinium was given; hence scar cannot be judged"
    if (std::any_of(told.begin(), told.end(), unread) || std::any_of(in.targets.begin(), in.targets.end(), acquired)) return false;
    if (setting.topic != Topic::lge && !in.any(Kind::target, Kind::sequence) && in.any(Kind::modality)) return false;  // "T2 not possible"
    const auto open = [](const Target& t) { return t.skip || t.presence == Presence::uncertain; };
    return !of_another_sequence(in) && std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return hindered(in, o); }) && std::all_of(in.targets.begin(), in.targets.end(), open);
}

}  // namespace

bool lists_places_only(const Passage& in) {
    const bool none_in_lv = in.any(Kind::lv) && in.any(Kind::negated);  // "None in the left ventricle."
    if (!none_in_lv && !in.any(Kind::wall, Kind::level, Kind::segmentword)) return false;
    const auto of_lists = [](const Hit& h) {
        switch (h.kind()) {
            case Kind::wall: case Kind::level: case Kind::segmentword: case Kind::all: case Kind::all17: case Kind::pattern: case Kind::lv: case Kind::weak: case Kind::negation: case Kind::negated: case Kind::answer:
            case Kind::hedge: case Kind::hedged: case Kind::emphasis: case Kind::except_: case Kind::view: case Kind::transmurality: case Kind::quantity: case Kind::fraction: case Kind::numeral: case Kind::near_transmural: case Kind::temporal: case Kind::certainty: return true;
            default: return false;
        }
    };
    constexpr std::uint32_t small = Role::joining | Role::preposition | Role::conjunction | Role::alternative | Role::range | Role::possessive | Role::below | Role::above | Role::than | Role::percent | Role::segment | Role::both | Role::accompanying;
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
        const bool amount = i + 2 < in.count && in.at[i + 1].kind == Token::Kind::number && sign(in.at[i + 2], '%');  // "about 25 %"
        if (!amount && !in.is(in.at[i], small) && !(i == 0 && in.at[i].word == in.lexicon.also)) return false;
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

namespace {

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

/// "LGE has regressed and is now confined to the basal inferolateral segment.", "LGE has regressed; a thin rim persists in segments
/// 5 and 11 only.": what was told of an earlier scan before, at more places, is no more than that.
void replace_former(const Passage& in, const Statement& now, std::vector<Statement>& statements) {
    const auto told = [&](Change c) { return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::temporal && s.entry->code == static_cast<std::uint32_t>(c); }); };
    const bool less = told(Change::decreased) && told(Change::unchanged);
    const auto turn = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::stop && h.entry->code == stop_now; });
    if ((!less && turn == in.hits.end()) || now.presence != Presence::present || std::none_of(now.places.begin(), now.places.end(), [](const Place& p) { return p.walls != 0 || p.levels == 0; })) return;
    const Segments left = segments_of(now.places);
    constexpr std::uint32_t near = 4;  // sentences
    for (Statement& s : recent(statements)) {
        const bool before = s.sentence < now.sentence || (turn != in.hits.end() && s.end <= in.at[turn->first].start);
        if (s.presence != Presence::present || !before) continue;
        const Segments former = segments_of(s.places);
        if ((former & left).empty()) continue;
        if (!less || (s.sentence + near >= now.sentence && (left - former).empty())) s.places = now.places;
    }
}

/// "LGE: equivocal. Site: mid anterolateral. Layer: midwall.": whether all that was told before is in doubt, and a field goes on
/// about it.
bool in_doubt(const Statement& s, const std::vector<Statement>& statements) {
    const Statement& last = statements.back();
    const auto told = recent(statements);
    if (std::any_of(told.begin(), told.end(), [](const Statement& o) { return o.presence != Presence::uncertain; })) return false;
    return last.located ? last.implicit && s.places.empty() : std::any_of(told.begin(), told.end(), [](const Statement& o) { return o.rule == "answer" || (!o.located && o.rule == "hedge behind"); });
}

/// "Conclusion: large LCX STEMI", "Diagnosis: NSTEMI, RCA", "Territory: RCA / LCX": vessels of the infarct that was told before.
void name_vessels(const Passage& in, const Setting& setting, const std::vector<Statement>& statements, Gathered& gathered) {
    constexpr std::uint32_t reach = 3;
    const auto told = recent(statements);
    if (std::none_of(told.begin(), told.end(), [](const Statement& s) { return s.presence == Presence::present; })) return;
    const bool only = setting.topic == Topic::lge && in.hits.empty() && std::none_of(in.at, in.at + in.count, [&](const Token& t) { return t.kind == Token::Kind::word && t.word == 0; });
    for (const Hit& x : in.side) {
        if (x.kind() != Kind::territory || of_stenosis(in, x)) continue;
        const auto infarct = [&](const Hit& s) { return s.kind() == Kind::dx && infarct_name(s.entry->name) && s.first <= x.last + reach && x.first <= s.last + reach; };
        if (only || (setting.section == Section::impression && std::any_of(in.side.begin(), in.side.end(), infarct))) add_new(gathered.territories, static_cast<anatomy::Territory>(x.entry->code));
    }
}

}  // namespace

bool denied_last(const Reading& reading) {
    const auto& told = reading.statements;
    for (auto s = told.rbegin(); s != told.rend() && s->sentence == told.back().sentence; ++s)
        if (s->presence != Presence::absent) return false;
    return !told.empty();
}

bool read_sentence(Passage& in, const Setting& setting, Gathered& gathered, Reading& reading) {
    if (setting.topic == Topic::lge && in.any(Kind::modality)) keep_column(in);
    if (in.any(Kind::modality) && in.any(Kind::dx)) drop_named(in);
    read_past(in);
    fill_ellipses(in);
    if (in.any(Kind::hedge)) read_either(in);
    read_health(in, in.any(Kind::spared) && denied_last(reading) && reading.statements.back().sentence + 2 == reading.sentences.size());
    part_clauses(in);
    find_targets(in, setting);
    if (judge_targets(in, setting)) gathered.unreadable = true;
    if (setting.asked)
        for (Target& t : in.targets) {
            t.presence = Presence::uncertain;
            t.rule = "question";
        }
    if (in.any(Kind::notdone) && tells_not_done(in, setting, reading)) gathered.not_done = true;
    if (setting.topic == Topic::lge || in.any(Kind::target) || in.any(Kind::sequence) || in.any(Kind::notdone)) gathered.spoke_of_lge = true;
    gathered.of_patient = gathered.of_patient || names_patient(in, nowhere);
    bring_up_to_date(in, gathered);
    find_heads(in);
    find_spots(in);
    read_organs(in, setting, gathered);
    const auto sentence = static_cast<std::uint32_t>(reading.sentences.size() - 1);
    const Shared shared = in.targets.empty() ? Shared{} : shared_of(in);
    bool said = false;
    for (std::uint32_t n = 0; n < in.targets.size(); ++n) {
        if (setting.sums_up && names_cause_of_focus(in, in.targets[n], reading.statements)) in.targets[n].skip = true;
        if (in.targets[n].skip) continue;
        if (auto s = statement_of(in, n, shared, setting, gathered)) {
            s->sentence = sentence;
            if (setting.goes_on && !said && !reading.statements.empty() && !judge_before(in, in.targets[n], *s, reading.statements)) continue;
            if (said && reading.statements.back().sentence == sentence && settles(reading.statements.back(), *s)) continue;
            const bool same = said && reading.statements.back().sentence == sentence;
            const bool unconfirmed = same && s->presence == Presence::uncertain && !s->located && reading.statements.back().presence == Presence::absent && reading.statements.back().located && reading.statements.back().weak && std::any_of(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::negated && h.entry->code == negated_unconfirmed; });
            if (unconfirmed) {  // "A bright area of the septum was not reproduced, so whether there is fibrosis is questionable"
                reading.statements.back().presence = Presence::uncertain;
                reading.statements.back().hedges = s->hedges;
                continue;
            }
            if (same && gone_since(in, in.targets[n], *s))
                for (Statement& before : recent(reading.statements))
                    if (before.sentence == sentence && before.presence == Presence::present) before.presence = Presence::absent;
            if (same && s->weak && (!s->located || (in.any(Kind::anaphor) && all_within(s->places, reading.statements.back().places))) && s->presence == Presence::present && reading.statements.back().presence == Presence::uncertain) continue;  // "possible focus in the septum, but the signal is weak"
            const bool field = setting.goes_on && !reading.statements.empty() && (in.targets[n].implicit || in.is(in.at[0], Role::preposition));  // "Wall: inferior. Level: mid.", "At the base it is transmural."
            const bool of_wall = setting.goes_on && !said && !reading.statements.empty() && in.targets[n].weak && are_of_wall(in, reading.statements.back(), s->places);
            if (same && in.targets[n].implicit && std::all_of(s->places.begin(), s->places.end(), [](const Place& p) { return p.walls == 0 && p.levels != 0 && !p.whole && (p.levels & level_bit(anatomy::Level::apex)) == 0; }))
                for (Place& p : s->places) p.bare = true;  // "The inferior scar spares the apex; basal and mid segments only"
            if (field && in.targets[n].implicit && s->presence == Presence::present && in_doubt(*s, reading.statements)) {
                s->presence = Presence::uncertain;
                s->hedges = reading.statements.back().hedges;
            }
            if (same || field || of_wall) join_levels(reading.statements.back(), *s);
            if (in.any(Kind::stop, Kind::temporal)) replace_former(in, *s, reading.statements);
            reading.statements.push_back(std::move(*s));
            said = true;
        }
    }
    if (!said && in.any(Kind::organ) && in.any(Kind::target))  // "The pericardium, but not the myocardium, enhances"
        if (const auto lv = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::lv && excluded_ventricle(in, h); }); lv != in.hits.end()) {
            const auto [start, end] = bytes_of(in.at[lv->first], in.at[lv->last]);
            reading.statements.push_back({.start = start, .end = end, .sentence = sentence, .section = setting.section, .presence = Presence::absent, .places = {}, .spared = {}, .patterns = {}, .hedges = {}, .rule = "excluded"});
            said = true;
        }
    if (!said && in.targets.empty() && reading.statements.empty() && former_gone(in)) {
        const auto [start, end] = bytes_of(in.at[0], in.at[in.count - 1]);
        reading.statements.push_back({.start = start, .end = end, .sentence = sentence, .section = setting.section, .presence = Presence::absent, .places = {}, .spared = {}, .patterns = {}, .hedges = {}, .rule = "gone"});
        said = true;
    }
    read_readers(in, setting, sentence, reading);
    constexpr std::uint32_t near = 2;  // sentences
    bool amended = in.targets.empty() && !reading.statements.empty() && reading.statements.back().sentence + near >= sentence && judge_one(in, reading.statements);
    if (!amended) amended = setting.goes_on && in.targets.empty() && judge_subject(in, reading.statements);
    if (!amended && in.targets.empty() && !reading.statements.empty() && (setting.goes_on || reading.statements.back().sentence + 1 >= sentence)) amended = amend(in, setting.goes_on && setting.topic != Topic::other, gathered, reading.statements.back());
    if (in.targets.empty() && in.any(Kind::territory) && !reading.statements.empty()) name_vessels(in, setting, reading.statements, gathered);
    const bool newer = setting.goes_on && brings_new_amounts(in);
    const std::optional<double> mass = newer ? std::exchange(gathered.mass, std::nullopt) : std::nullopt;
    const std::size_t shares = newer ? gathered.shares.size() : 0;
    const Amounts amounts = read_amounts(in, newer || goes_on_about(in, setting) ? Topic::lge : setting.topic, gathered);
    if (newer && !gathered.mass) gathered.mass = mass;
    if (gathered.shares.size() > shares) gathered.shares.erase(gathered.shares.begin(), gathered.shares.begin() + static_cast<std::ptrdiff_t>(shares));
    const bool of_lge = !in.any(Kind::modality, Kind::finding, Kind::artifact) || std::any_of(in.side.begin(), in.side.end(), [](const Hit& h) { return h.kind() == Kind::quantity; });  // not "Biventricular function normal (60 %)"
    if (in.targets.empty() && setting.topic == Topic::lge && of_lge && (amounts.positive || amounts.zero)) {  // "Scar burden: 12%"
        const auto [start, end] = bytes_of(in.at[0], in.at[in.count - 1]);
        reading.statements.push_back({.start = start, .end = end, .sentence = sentence, .section = setting.section,
                                      .presence = amounts.positive ? Presence::present : Presence::absent, .qualified = !amounts.positive, .places = {}, .spared = {}, .patterns = {}, .hedges = {}, .rule = "amount"});
        said = true;
    }
    read_causes(in, setting.section, gathered);
    read_rest(in, setting, said, gathered);
    return said || amended || (setting.goes_on && amounts.positive);
}

}  // namespace lge::report
