#include "lge/report/areas.hpp"
#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

/// "PET showed septal uptake": a place of a mention that says nothing of this examination.
bool retold(const Passage& in, const Spot& x) {
    return in.heads[x.head].type == Head::Type::target && in.targets[in.heads[x.head].target].skip;
}

/// "The lateral wall is thinned to 3 mm and fully scarred": whether "and" begins what is said second of the same wall.
bool conjoined(const Passage& in, const Head& h, const Target& t) {
    constexpr std::uint32_t reach = 8;
    if (h.last >= t.first || t.first - h.last > reach || t.images || in.find_hit(Kind::wall, h.last, in.count, t.clause) != nullptr) return false;
    const auto ends = [&](const Token& k) { return sign(k, ','); };
    if (std::any_of(in.at + h.last, in.at + t.first, ends)) return false;
    const bool layered = t.first >= 3 && in.is(in.at[t.first - 3], Role::conjunction) && in.find_hit(Kind::pattern, t.first - 1, t.first - 1) != nullptr;  // "and is transmurally scarred"
    return layered || in.is(in.at[t.first - 1], Role::conjunction) || (t.first >= 2 && in.is(in.at[t.first - 2], Role::conjunction) && !in.is(in.at[t.first - 1], Role::preposition));
}

/// "Inferior hypokinesis, normal T2 values, with LGE": whether another thing stands behind a comma between a place's and a mention.
bool listed_apart(const Passage& in, const Spot& x, const Target& t) {
    return std::any_of(in.heads.begin(), in.heads.end(), [&](const Head& h) {
        return h.type == Head::Type::other && h.first > std::max(x.last, in.heads[x.head].last) && h.last < t.first && std::any_of(in.at + x.last, in.at + h.first, [](const Token& k) { return sign(k, ','); });
    });
}

/// "The inferior wall is viable despite its scar", "contracts well although it is scarred": what is said of a place in spite of a
/// mention, which lies there.
bool conceded(const Passage& in, const Head& said, const Spot& place, const Target& t) {
    constexpr std::uint32_t near = 3, reach = 16;  // tokens
    if (place.last >= t.first || t.first - place.last > reach || said.last >= t.first || in.clause[place.first] != in.clause[said.first] || t.clause - in.clause[place.first] > 1) return false;
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::opening && s.entry->code == opening_concession && s.first > std::max(said.last, place.last) && s.last < t.first && t.first - s.last <= near; });
}

}  // namespace

/// "The inferior wall is akinetic with scar", "hypokinesia of the inferior wall with LGE in the same region": the head
/// whose walls are meant.
std::uint32_t place_before(const Passage& in, const Target& t) {
    constexpr std::uint32_t and_shows = 1;  // code of a stop
    std::uint32_t head = nowhere;
    for (const Hit& h : in.hits) {  // "the mid inferior segment is akinetic and shows LGE"
        if (h.kind() != Kind::stop || h.entry->code != and_shows || in.clause[h.first] != t.clause || h.last > t.first || t.clause == 0) continue;
        for (const Spot& x : in.spots)
            if (in.clause[x.first] + 1 == t.clause && x.head < in.heads.size() && in.heads[x.head].type == Head::Type::other) head = x.head;
    }
    for (std::uint32_t k = 0; k < in.heads.size(); ++k) {  // "the apex is aneurysmal and scarred"
        const Head& h = in.heads[k];
        const bool two_things = t.images && h.last + 2 < t.first && in.is(in.at[h.last + 1], Role::conjunction);  // "an apical aneurysm and extensive LGE"
        if (h.type == Head::Type::other && !two_things && in.clause[h.first] == t.clause && (h.last < t.first ? t.first - h.last : h.first - t.last) <= (conjoined(in, h, t) ? t.first : in.find_hit(Kind::pattern, h.last, t.first) != nullptr || in.is(in.at[std::min(h.last, t.last) + 1], Role::conjunction) ? 3U : 2U)) head = k;
    }
    const auto shown_on = [&](const Spot& x) { return x.head < in.heads.size() && in.heads[x.head].type == Head::Type::target && in.heads[x.head].target != nowhere && in.targets[in.heads[x.head].target].skip && in.targets[in.heads[x.head].target].images && x.last < t.first && in.heads[x.head].last < x.first && in.clause[x.first] == t.clause; };
    if (const auto spot = std::find_if(in.spots.begin(), in.spots.end(), shown_on); head == nowhere && spot != in.spots.end() && std::any_of(in.at + spot->last, in.at + t.first, [&](const Token& k) { return in.is(k, Role::showing); })) head = spot->head;  // "On late enhancement the inferior wall shows a transmural scar"
    constexpr std::uint32_t reach = 30, subject_end = 2, verb = 5;
    const auto layer = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::pattern && h.last + 1 == t.first && h.first > 0; });  // ", transmurally enhanced"
    const std::uint32_t before = layer != in.hits.end() ? layer->first : t.first;
    const bool behind_comma = before > 0 && sign(in.at[before - 1], ',');
    for (const Spot& x : in.spots) {
        if (x.head < in.heads.size() && in.heads[x.head].type != Head::Type::target && conceded(in, in.heads[x.head], x, t)) head = x.head;
        if (x.last >= t.first || t.first - x.last > reach || in.clause[x.first] != t.clause || x.head >= in.heads.size() || !(in.heads[x.head].type == Head::Type::other || in.heads[x.head].viable) || listed_apart(in, x, t)) continue;
        if (sign(in.at[t.first - 1], '(') && in.heads[x.head].viable) head = x.head;  // "viable anterior wall (scar < 25 %)"
        if (behind_comma && !t.images && !t.infarct) head = x.head;  // "an aneurysm of the apex, enhancing late"
        for (std::uint32_t k = x.last + 1; k < t.first; ++k)
            if (in.is(in.at[k], Role::accompanying) || (k + 1 == t.first && sign(in.at[k - 1], ',') && in.is(in.at[k], Role::showing)) || (k > x.last + 1 && k + verb >= t.first && x.first <= subject_end && sign(in.at[k], ',') && sign(in.at[x.last + 1], ','))) head = x.head;  // "the inferior wall, akinetic and thinned, contained scar"
    }
    return head;
}

/// "Oedema of the basal and mid lateral wall, LGE of the basal part only": the head whose wall the part is of.
std::uint32_t whole_before(const Passage& in, std::uint32_t head, const Target& t) {
    const auto part = std::find_if(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.head == head && s.type == Spot::Type::level; });
    constexpr std::uint32_t singular = 7;  // letters of "segment"
    if (part == in.spots.end() || part->last + 1 >= in.count) return nowhere;
    const Token& noun = in.at[part->last + 1];
    if (noun.kind != Token::Kind::word || noun.end - noun.start > singular || !in.is(noun, Role::segment | Role::joining) || in.is(noun, Role::preposition | Role::conjunction)) return nowhere;
    for (const Spot& s : in.spots)
        if (s.type == Spot::Type::wall && s.last < std::min(part->first, t.first) && s.head < in.heads.size() && in.heads[s.head].type == Head::Type::other) return s.head;
    return nowhere;
}

/// "The apical cap bulges outward; this pouch enhances", "In the anterior wall there is a grey zone; necrosis at this site
/// is possible": the places of the clauses before that belong to nothing else that is LGE.
void read_clause_before(const Passage& in, const Target& t, std::vector<Place>& places) {
    const Hit* anaphor = in.find_hit(Kind::anaphor, 0, in.count, t.clause);
    if (anaphor == nullptr) return;
    std::uint32_t head = nowhere;
    bool found = false;
    for (const Spot& x : in.spots)
        if ((in.clause[x.first] < t.clause || x.last < t.first) && x.last < anaphor->first && (x.head >= in.heads.size() || in.heads[x.head].type == Head::Type::other || retold(in, x))) {
            head = x.head;
            found = true;
        }
    if (found) read_places(in, head, false, places);
    keep_one(in, places);
}

void keep_one(const Passage& in, std::vector<Place>& places) {
    if (places.size() < 2) return;
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::anaphor && (h.entry->code == anaphor_former || h.entry->code == anaphor_latter)) {
            const Place one = h.entry->code == anaphor_former ? places.front() : places.back();
            places.assign(1, one);
            return;
        }
}

bool are_of_wall(const Passage& in, const Statement& before, std::vector<Place>& places) {
    const auto whole_wall = [](const Place& p) { return p.walls != 0 && (p.walls & insertion_walls) == 0 && p.levels == 0; };
    const bool rings = std::any_of(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.type == Spot::Type::all || (s.first > 0 && in.is(in.at[s.first - 1], Role::both)); });
    if (rings || places.empty() || before.places.empty() || !std::all_of(before.places.begin(), before.places.end(), whole_wall)) return false;
    if (std::any_of(places.begin(), places.end(), [](const Place& p) { return p.walls != 0 || p.levels == 0; })) return false;
    for (Place& p : places) p.bare = true;
    return true;
}

/// "In the mid third both walls are bright": levels alone are of the walls of the sentence before; "It is confined to the
/// basal slices. Here there is LGE of the septum.": walls alone are at its levels.
void take_walls_before(const std::vector<Place>& antecedent, std::vector<Place>& places) {
    Levels levels = 0;
    const bool rings = !antecedent.empty() && std::all_of(antecedent.begin(), antecedent.end(), [](const Place& p) { return p.walls == 0 && p.levels != 0; });
    if (rings && std::all_of(places.begin(), places.end(), [](const Place& p) { return p.walls != 0 && p.levels == 0; })) {
        for (const Place& p : antecedent) levels |= p.levels;
        for (Place& p : places) p = place_of(p.walls, levels);
        return;
    }
    if (!places.empty() && std::all_of(places.begin(), places.end(), [](const Place& p) { return p.walls != 0 && p.levels == 0; })) {  // "of these two segments only the inferolateral is scarred"
        for (Place& p : places)
            for (const Place& q : antecedent)
                if ((p.walls & q.walls) != 0 && q.levels != 0) p = place_of(p.walls, q.levels);
        return;
    }
    for (const Place& p : places) {
        if (p.walls != 0 || !p.bare) return;
        levels |= p.levels;
    }
    std::vector<Place> walls;
    for (const Place& p : antecedent)
        if (p.walls != 0) walls.push_back(place_of(p.walls, levels));
    if (!walls.empty()) places.swap(walls);
}

}  // namespace lge::report
