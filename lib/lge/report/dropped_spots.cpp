#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

/// "apical inferior 0%", "basal 0/6": nothing lies there.
void drop_zero(Passage& in) {
    for (std::size_t k = 0; k < in.spots.size(); ++k) {
        std::uint32_t i = in.spots[k].last + 1;
        while (i < in.count && (sign(in.at[i], ':') || sign(in.at[i], '(') || sign(in.at[i], ')') || sign(in.at[i], '=') || sign(in.at[i], '-') || in.is(in.at[i], Role::joining))) ++i;
        const std::uint32_t next = in.spots[k].last + (in.spots[k].last + 1 < in.count && sign(in.at[in.spots[k].last + 1], '(') ? 2 : 1);  // "mid septum (+), lateral wall (-)"
        const bool word = in.any(Kind::negated, Kind::answer, Kind::spared) && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first == next && ends_row(in, h); });  // "basal 100 %, apical none"
        if (!word && (i + 1 >= in.count || in.at[i].kind != Token::Kind::number || in.at[i].value != 0 || !(sign(in.at[i + 1], '%') || sign(in.at[i + 1], '/') || in.is(in.at[i + 1], Role::percent)))) continue;
        std::size_t j = k;  // with the level right before the wall
        const auto with = [&](const Spot& a, const Spot& b) { return a.last + 1 >= b.first || (a.last + 2 == b.first && in.is(in.at[a.last + 1], Role::conjunction | Role::alternative)); };  // "inferior and lateral segments 0 %"
        while (j > 0 && with(in.spots[j - 1], in.spots[j])) --j;
        in.spots.erase(in.spots.begin() + static_cast<std::ptrdiff_t>(j), in.spots.begin() + static_cast<std::ptrdiff_t>(k) + 1);
        k = j - 1;
    }
}

/// The last of the places that a run behind token `edge` holds, no more than a few tokens away; `edge` where there is none.
std::uint32_t end_of_run(const Passage& in, std::uint32_t edge) {
    constexpr std::uint32_t reach = 3;
    const std::uint32_t from = edge;
    for (const Spot& s : in.spots)
        if (s.first > edge && (edge == from ? s.first - edge <= reach : in.joined(edge, s.first))) edge = s.last;
    return edge;
}

/// "previously limited to segment 5, now also in segment 6": whether what is told behind a token comes on top of what was before.
bool adds_to_past(const Passage& in, std::uint32_t token) {
    return std::any_of(in.at + token, in.at + in.count, [&](const Token& t) { return in.one_of(t, in.lexicon.besides); });
}

/// "LGE, initially extending over the septum, was confined to the basal segments": up to the comma.
void drop_former(Passage& in) {
    for (const Hit& h : in.hits) {
        if (h.kind() != Kind::before || h.entry->code != before_then) continue;
        std::uint32_t comma = h.last;
        while (comma < in.count && !sign(in.at[comma], ',')) ++comma;
        const bool goes_on = std::any_of(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.first > comma; });
        if (goes_on && !adds_to_past(in, comma)) std::erase_if(in.spots, [&](const Spot& s) { return s.first > h.last && s.last < comma; });
    }
}

/// "LGE of the lateral and inferior walls has regressed and is now confined to the basal inferolateral segment": the places of the
/// clause before are those of the past where a wall is told behind.
void drop_shrunk(Passage& in, const Hit& now) {
    const std::uint32_t c = in.clause[now.first];
    const auto wall = [&](const Spot& s) { return s.first > now.last && in.clause[s.first] == c && (s.type == Spot::Type::wall || s.type == Spot::Type::segments); };
    if (c == 0 || std::none_of(in.spots.begin(), in.spots.end(), wall)) return;
    std::erase_if(in.spots, [&](const Spot& s) { return in.clause[s.first] + 1 == c; });
}

/// "It used to run through the basal and the mid segment and is now restricted to the basal one": where it was is no place.
void drop_past(Passage& in) {
    if (in.any(Kind::before)) drop_former(in);
    if (!in.any(Kind::stop)) return;
    const auto now = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::stop && h.entry->code == stop_now; });
    if (now == in.hits.end()) return;
    drop_shrunk(in, *now);
    const Hit* before = in.find_hit(Kind::before, 0, now->first);
    if (before != nullptr && std::any_of(in.at + before->last, in.at + now->first, [](const Token& t) { return sign(t, ';'); })) before = nullptr;  // of another thing
    std::uint32_t past = before != nullptr ? before->last : nowhere;
    for (std::uint32_t i = 0; i + 1 < now->first && past == nowhere; ++i)  // "in 2019 it involved ..., today only ..."
        if (in.is(in.at[i], Role::preposition) && is_year(in.at[i + 1])) past = i + 1;
    if (past == nowhere) return;
    std::erase_if(in.spots, [&](const Spot& s) { return s.first > past && s.last < now->first; });
}

/// "LGE in segment 11 (previously 5, 6 and 11)", "mid septum, formerly the basal septum as well": the places right behind the
/// word are those of the past, where others are told.
void drop_run_of_past(Passage& in) {
    if (!in.any(Kind::before, Kind::history)) return;
    for (const Hit& h : in.hits) {
        const bool opens = h.first == 0 || in.at[h.first - 1].kind == Token::Kind::sign || in.is(in.at[h.first - 1], Role::conjunction);
        if (!opens || !((h.kind() == Kind::before && h.entry->code == before_bare) || (h.kind() == Kind::history && h.entry->code == 0))) continue;
        const std::uint32_t end = end_of_run(in, h.last);
        const auto inside = [&](const Spot& s) { return s.first > h.last && s.last <= end; };
        if (end == h.last || adds_to_past(in, end) || std::all_of(in.spots.begin(), in.spots.end(), inside)) continue;
        if (std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return is_head(o.kind()) && o.first > h.last && o.first <= end + 2; })) continue;
        std::erase_if(in.spots, inside);
    }
}

/// "global infarction with MVO anteriorly", "septal LGE with no-reflow in segments 8 and 9": the core lies within what is told
/// before it.
void drop_core(Passage& in) {
    for (const Hit& h : in.hits) {
        constexpr std::uint32_t adjectives = 3;  // "with a central dark no-reflow zone"
        std::uint32_t with = h.first;
        while (with > 0 && with + adjectives > h.first && in.at[with - 1].kind == Token::Kind::word && !in.is(in.at[with - 1], Role::accompanying)) --with;
        if (h.kind() != Kind::mvo || with == 0 || h.last + 1 >= in.count || !in.is(in.at[with - 1], Role::accompanying)) continue;
        std::uint32_t told = 0;  // the mention that holds the core
        for (const Target& t : in.targets)
            if (t.last < with) told = t.last;
        if (std::none_of(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.last < h.first && (with == h.first || s.first > told) && in.clause[s.first] == in.clause[h.first]; })) continue;
        const bool placed = in.is(in.at[h.last + 1], Role::preposition) || std::any_of(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.first == h.last + 1; });
        const std::uint32_t end = placed ? end_of_run(in, h.last) : h.last;
        std::erase_if(in.spots, [&](const Spot& s) { return s.first > h.last && s.last <= end; });
    }
}

/// Leaves out the places of a list that ends right before a token.
void drop_run_before(Passage& in, std::uint32_t token) {
    constexpr std::uint32_t reach = 3;
    std::uint32_t edge = token;
    for (std::size_t k = in.spots.size(); k-- > 0;) {
        const Spot& s = in.spots[k];
        if (s.last >= edge || in.clause[s.first] != in.clause[token]) continue;
        if (edge == token ? edge - s.last > reach || sign(in.at[s.last + 1], ',') : !in.joined(s.last, edge)) break;
        edge = s.first;
        in.spots.erase(in.spots.begin() + static_cast<std::ptrdiff_t>(k));
    }
}

/// "LGE of the mid septum, lateral wall neg": the places between a comma and a word of denial behind others are clear.
void drop_denied_run(Passage& in) {
    for (const Hit& h : in.hits) {
        const bool denies = (h.kind() == Kind::negated && h.entry->code == 0) || (h.kind() == Kind::answer && !is_nulling(h));
        if (!denies || h.first != h.last || (h.last + 1 < in.count && in.at[h.last + 1].kind != Token::Kind::sign)) continue;
        std::uint32_t comma = h.first;
        while (comma > 0 && in.clause[comma - 1] == in.clause[h.first] && !sign(in.at[comma], ',')) --comma;
        if (!sign(in.at[comma], ',')) continue;
        const auto between = [&](const Spot& s) { return s.first > comma && s.last < h.first; };
        const auto before = [&](const Spot& s) { return s.last < comma && in.clause[s.first] == in.clause[h.first]; };
        const auto other = [&](const Hit& o) { return o.first > comma && o.last < h.first && !is_place(o.kind()); };
        const auto last = std::find_if(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.last + 1 == h.first; });
        const auto told = [&](const Target& t) { return !t.skip && t.clause == in.clause[h.first] && t.last < comma; };
        if (last == in.spots.end() || std::none_of(in.spots.begin(), in.spots.end(), before) || std::any_of(in.hits.begin(), in.hits.end(), other) || std::none_of(in.targets.begin(), in.targets.end(), told)) continue;
        std::erase_if(in.spots, between);
    }
}

/// "The lateral wall was not evaluable, the septum shows LGE": nothing is told of what could not be read.
void drop_unread(Passage& in) {
    if (!in.any(Kind::unreadable)) return;
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::unreadable) drop_run_before(in, h.first);
}

}  // namespace

bool hides_place(const Passage& in, const Hit& h) {
    if (h.first > 0 && is_pronoun(in, h.first - 1)) return false;  // "It covers the basal segments."
    if (h.kind() != Kind::hides) return false;
    return std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return o.last < h.first && in.clause[o.first] == in.clause[h.first] && (is_head(o.kind()) || o.kind() == Kind::organ || is_place(o.kind())); });
}

namespace {

/// "Although the artefact covered the anterior wall, LGE was visible in the inferior segment", "Despite ghosting over the septum,
/// LGE was seen laterally": what an artifact hides holds no LGE.
void drop_hidden(Passage& in) {
    if (!in.any(Kind::artifact, Kind::hides)) return;
    const auto drop = [&](std::uint32_t from, std::uint32_t end) { std::erase_if(in.spots, [&](const Spot& s) { return s.first > from && s.last <= end; }); };
    const auto passive = [&](const Hit& h) { return h.first > 0 && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::explains && (s.first == h.first || s.last + 1 == h.first); }); };
    const auto opens = [&](const Hit& h) {  // "(segments 1 and 7 obscured by the generator)"
        constexpr std::uint32_t reach = 8;
        std::uint32_t i = h.first;
        while (i > 0 && i + reach > h.first && !sign(in.at[i], '(') && !sign(in.at[i], ')')) --i;
        return sign(in.at[i], '(') && in.find_hit(Kind::target, i, h.first) == nullptr ? i : nowhere;
    };
    for (const Hit& h : in.side)
        if (const std::uint32_t open = h.kind() == Kind::hides ? opens(h) : nowhere; open != nowhere) drop(open, h.first);
    for (const Hit& h : in.side)  // "The anterior segments were masked by the device"
        if (h.kind() == Kind::hides && passive(h)) drop_run_before(in, h.first);
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::artifact && h.entry->code == artifact_degraded && passive(h)) drop_run_before(in, h.first);
    for (const Hit& h : in.side)  // "The device obscured the anterior wall."
        if (hides_place(in, h)) drop(h.last, end_of_run(in, h.last));
    for (const Hit& a : in.hits) {
        if (a.kind() != Kind::artifact) continue;
        for (const Hit& h : in.side)
            if (h.kind() == Kind::hides && h.first > a.last && in.clause[a.first] == in.clause[h.first] && in.find_hit(Kind::target, a.last + 1, h.first) == nullptr) drop(h.last, end_of_run(in, h.last));
        if (a.last + 1 >= in.count || !(in.is(in.at[a.last + 1], Role::preposition) || sign(in.at[a.last + 1], '('))) continue;
        const std::uint32_t end = end_of_run(in, a.last + 1);
        if (end > a.last + 1 && end + 1 < in.count && (sign(in.at[end + 1], ',') || sign(in.at[end + 1], ')')) && in.find_hit(Kind::target, end + 1, in.count, in.clause[a.first]) != nullptr && in.find_hit(Kind::target, 0, a.first, in.clause[a.first]) == nullptr) drop(a.last, end);
    }
}

/// "basal anterolateral, correction, basal inferolateral": what stands right before the word was said in error.
void drop_corrected(Passage& in) {
    if (!in.any(Kind::stop)) return;
    for (const Hit& h : in.hits) {
        if (h.kind() != Kind::stop || h.entry->code != stop_instead) continue;
        std::uint32_t edge = h.first;
        for (std::size_t k = in.spots.size(); k-- > 0;) {
            const Spot& s = in.spots[k];
            if (s.first > h.last) continue;
            if (!in.joined(s.last, edge)) break;
            edge = s.first;
            in.spots.erase(in.spots.begin() + static_cast<std::ptrdiff_t>(k));
        }
    }
}

}  // namespace

void drop_spots(Passage& in) {
    drop_past(in);
    drop_run_of_past(in);
    drop_corrected(in);
    drop_unread(in);
    drop_hidden(in);
    if (in.any(Kind::negated, Kind::answer)) drop_denied_run(in);
    if (in.any(Kind::mvo)) drop_core(in);
    if (in.has_number || in.any(Kind::negated, Kind::spared)) drop_zero(in);
}

}  // namespace lge::report
