#include "lge/report/areas.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Level;
using anatomy::Segments;

namespace {

/// Numbers are taken as given. A wall or level beside them only names them, where they stand right behind it ("septum
/// (8, 9)") or are a part of it; any other is a place of its own ("segments 4 and 10, and the apex").
void name_numbered(const Passage& in, const OwnSpots& own, std::size_t first_place, std::vector<Place>& places) {
    constexpr std::uint32_t reach = 4;
    const auto deeper = [&](const Spot& s) {  // "the basal and mid lateral wall, near-transmural in segment 5"
        return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::pattern && h.last < s.first && h.last + reach > s.first && in.is(in.at[h.last + 1], Role::preposition); });
    };
    Segments given, all_given;
    for (const Spot* s : own) {
        if (s->type != Spot::Type::segments) continue;
        all_given = all_given | Segments{s->code};
        if (!deeper(*s)) given = given | Segments{s->code};
    }
    const auto named = [&](std::uint32_t walls) {
        for (std::size_t k = 0; k + 1 < own.size(); ++k)
            if (own[k]->type == Spot::Type::wall && own[k]->code == walls && own[k + 1]->type == Spot::Type::segments && own[k + 1]->first <= own[k]->last + 7 && in.opens_bracket(own[k]->last, own[k + 1]->last)) return true;
        return false;
    };
    for (std::size_t p = first_place; p < places.size(); ++p)
        if (named(places[p].walls) || !(places[p].segments & (places[p].levels != 0 ? given : all_given)).empty()) places[p].segments = all_given;
}

/// Whether no wall without a level of its own follows a level at the start, or only one that is joined to it as another
/// place: "at the base and in the inferior wall".
bool walls_apart(const Passage& in, const OwnSpots& own, std::size_t next) {
    if (!is_wall(own, next)) return true;
    for (std::uint32_t i = own[next - 1]->last + 1; i < own[next]->first; ++i)
        if (in.is(in.at[i], Role::conjunction) || in.at[i].kind == Token::Kind::sign) return true;
    for (std::size_t k = next; k < own.size(); ++k)
        if (own[k]->type == Spot::Type::level) return true;
    return false;
}

/// "the basal septum and the lateral wall": a wall with an article of its own behind one that a level describes.
bool own_noun(const Passage& in, const OwnSpots& own, std::size_t k) {
    if (k < 2 || own[k - 1]->type != Spot::Type::wall || own[k]->first < 2) return false;
    const Token &article = in.at[own[k]->first - 1], &joint = in.at[own[k]->first - 2];
    if (!in.is(article, Role::possessive) || in.is(article, Role::preposition) || !(sign(joint, ',') || in.is(joint, Role::conjunction))) return false;
    std::size_t level = k - 1;
    while (level > 0 && own[level]->type == Spot::Type::wall) --level;
    return own[level]->type == Spot::Type::level && own[level]->last + 1 == own[level + 1]->first;
}

/// "of the basal anterior wall and of the septum", "in the mid septum, in the inferior wall": a noun with a preposition and article of
/// its own behind one that a level describes.
bool named_again(const Passage& in, const OwnSpots& own, std::size_t k) {
    constexpr std::uint32_t septum = 1U << 6U;  // a bit of wall_words
    if (k < 2 || own[k - 1]->type != Spot::Type::wall || !is_level(own, k - 2) || own[k - 2]->last + 1 != own[k - 1]->first) return false;
    const std::uint32_t last = own[k - 1]->last, first = own[k]->first;
    if ((own[k - 1]->first == last && own[k - 1]->code != septum) || first < last + 4 || first > last + 5) return false;
    const auto joint = [&](const Token& t) { return sign(t, ',') || in.is(t, Role::conjunction); };
    const Token& article = in.at[first - 1];
    return joint(in.at[last + 1]) && (first == last + 4 || joint(in.at[last + 2])) && in.is(in.at[first - 2], Role::preposition | Role::range) && in.is(article, Role::possessive) && !in.is(article, Role::preposition);
}

/// "mid septum plus a separate spot at the anterior insertion, basal level": the wall of another thing, which has a level of
/// its own behind it.
bool starts_anew(const Passage& in, const OwnSpots& own, std::size_t k) {
    constexpr std::uint32_t reach = 4;
    if (k > 0 && own[k - 1]->type == Spot::Type::wall && own[k]->first > 1) {  // "one in the basal inferior wall and one in the septum"
        const Hit* thing = in.find_hit(Kind::weak, own[k - 1]->last + 1, own[k]->first - 1);
        if (thing != nullptr && in.is(in.at[thing->first], Role::joining) == false && (in.is(in.at[own[k]->first - 1], Role::preposition) || (in.is(in.at[own[k]->first - 1], Role::possessive) && in.is(in.at[own[k]->first - 2], Role::preposition)))) return true;
    }
    if (own_noun(in, own, k)) return true;
    if (named_again(in, own, k)) return true;
    if (k > 0 && std::any_of(in.at + own[k - 1]->last + 1, in.at + own[k]->first, [&](const Token& t) { return in.one_of(t, in.lexicon.apart); })) return true;  // "one in the basal septum, the other in the anterior wall"
    if (k > 0 && own[k - 1]->type == Spot::Type::wall && own[k]->first > own[k - 1]->last + reach) {  // "in the basal septum and, to a lesser degree, in the lateral wall"
        const std::uint32_t in_the = own[k]->first - 2;
        const bool noun = in.is(in.at[in_the + 1], Role::possessive) && in.is(in.at[in_the], Role::preposition) && sign(in.at[in_the - 1], ',');
        if (noun && std::any_of(in.at + own[k - 1]->last + 1, in.at + in_the, [&](const Token& t) { return in.is(t, Role::conjunction); })) return true;
    }
    if (k == 0 || k + 1 >= own.size() || own[k + 1]->type != Spot::Type::level || own[k + 1]->first > own[k]->last + reach || (k + 2 < own.size() && own[k + 2]->type == Spot::Type::wall)) return false;
    return in.find_hit(Kind::weak, own[k - 1]->last + 1, own[k + 1]->first) != nullptr;
}

/// "..., at the apex the lateral wall", "Apex - lateral LGE": behind a comma, "and" or at the start the apex is the ring of the
/// wall that follows it.
bool leads_wall(const Passage& in, const Spot& apex, const Spot& wall) {
    constexpr std::uint32_t reach = 4;
    if (wall.type != Spot::Type::wall || wall.first > apex.last + reach || wall.first == apex.last + 1) return false;
    std::uint32_t first = apex.first;  // of "at the apex"
    while (first > 0 && first + 2 > apex.first && in.is(in.at[first - 1], Role::preposition | Role::possessive)) --first;
    if (first < apex.first && in.is(in.at[apex.last + 1], Role::preposition) && wall.first <= apex.last + 3 && in.is(in.at[wall.first - 1], Role::preposition | Role::possessive)) return true;  // "at the apex in the anterior wall"
    const bool begins = first == 0 || sign(in.at[first - 1], ',') || sign(in.at[first - 1], ';');
    const bool label = first == apex.first && (sign(in.at[apex.last + 1], ':') || (sign(in.at[apex.last + 1], '-') && in.at[apex.last + 1].spaced));
    if (!begins || !(label || first < apex.first)) return false;
    for (std::uint32_t i = apex.last + 1; i < wall.first; ++i)
        if (in.is(in.at[i], Role::conjunction)) return false;
    return true;
}

/// Whether a bracket at a token says something of the place before it and is no pointer such as "(arrow)".
bool bracketed(const Passage& in, std::uint32_t open) {
    if (open + 1 >= in.count || !sign(in.at[open], '(')) return false;
    if (in.at[open + 1].kind != Token::Kind::word) return !(in.at[open + 1].kind == Token::Kind::number && open + 2 < in.count && in.at[open + 2].kind == Token::Kind::word && !in.is(in.at[open + 2], Role::percent));  // not "(2 slices)"
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first == open + 1 && !is_place(h.kind()) && h.kind() != Kind::ignore && h.kind() != Kind::artifact && h.kind() != Kind::hedge && h.kind() != Kind::hedged; });
}

/// Whether nothing is told between a level and the place before it: "inferior wall from base to mid (transmural)", not
/// "inferior (transmural), apical (subendocardial)".
bool behind_place(const Passage& in, const OwnSpots& own, std::size_t k) {
    if (k == 0) return false;
    const Token *first = in.at + own[k - 1]->last + 1, *last = in.at + own[k]->first;
    return std::none_of(first, last, [&](const Token& t) { return sign(t, '(') || sign(t, ')') || t.kind == Token::Kind::number; });
}

/// Whether a level is said of nothing but a wall yet to come or named before: no "segments" behind it, no "and" beside it
/// that makes it a place of its own.
bool is_bare(const Passage& in, const OwnSpots& own, std::size_t k, std::size_t e) {
    const Spot& last = *own[e - 1];
    const Hit* word = in.find_hit(Kind::segmentword, last.last + 1, last.last + 2);
    constexpr std::uint32_t singular = 7;  // letters: "to the mid segment" is one of a wall
    if ((word != nullptr && (named_whole(in, own, k) || in.at[word->first].end - in.at[word->first].start != singular)) || (bracketed(in, last.last + 1) && !behind_place(in, own, k))) return false;
    if (in.starts_at(Kind::modality, last.last + 1)) return false;  // "apical aneurysm with LGE"
    const auto parted = [&](std::uint32_t from, std::uint32_t to) {
        constexpr std::uint32_t near = 2;
        const auto verb = [&](std::uint32_t i) { return i < to && in.at[i].kind == Token::Kind::word && !in.is(in.at[i], Role::joining | Role::both) && std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first <= i && h.last >= i; }); };  // "and stops at mid level"
        for (std::uint32_t i = std::max(from, to > near ? to - near : 0); i < to; ++i)
            if (in.is(in.at[i], Role::conjunction) && !verb(i + 1)) return true;
        return false;
    };
    const auto level = [&](std::size_t n) { return own[n]->type == Spot::Type::level; };  // "it begins at the base and ends at mid level"
    if (k > 0 && !level(k - 1) && (own[k - 1]->type == Spot::Type::all || parted(own[k - 1]->last + 1, own[k]->first))) return false;
    return e >= own.size() || level(e) || (own[e]->type != Spot::Type::all && !parted(last.last + 1, own[e]->first));
}

/// "lateral and apical walls": behind "and" a level before a noun is a place of its own, beside a wall that has none.
bool joins_wall(const Passage& in, const Spot& wall, const Spot& level) {
    if (wall.type != Spot::Type::wall || level.first != wall.last + 2 || !in.is(in.at[level.first - 1], Role::conjunction) || level.last + 1 >= in.count) return false;
    const Token& noun = in.at[level.last + 1];
    return noun.kind == Token::Kind::word && (in.is(noun, Role::segment | Role::joining) || in.starts_at(Kind::segmentword, level.last + 1)) && !in.is(noun, Role::preposition | Role::conjunction | Role::range | Role::accompanying);
}

/// "mid inferior wall (arrows), anteroseptal and septal walls at the base": how many of the walls right before a level stand
/// together and apart from the one that a level before them describes; 0 where the level is not told of them.
std::size_t walls_of_their_own(const Passage& in, const OwnSpots& own, const LevelRun& run) {
    if (behind_wall(in, own, run.first) == Behind::no) return 0;
    const auto light = [&](const Token& t) { return sign(t, ',') || sign(t, '+') || (t.kind == Token::Kind::word && in.is(t, Role::joining | Role::conjunction | Role::possessive) && !in.is(t, Role::preposition)); };
    std::size_t first = run.first - 1;
    while (first > 0 && is_wall(own, first - 1) && std::all_of(in.at + own[first - 1]->last + 1, in.at + own[first]->first, light)) --first;
    return first > 0 && is_wall(own, first - 1) ? run.first - first : 0;
}

/// "hinge-point enhancement at the inferior septal junction": which insertion it is, is told behind.
bool specifies(const Passage& in, const Spot& unnamed, const Spot& s) {
    constexpr std::uint32_t reach = 6, any = 1U << 9U;  // a bit of wall_words
    if (unnamed.type != Spot::Type::wall || unnamed.code != any || (s.code & insertion_walls) == 0 || s.code == any || s.first > unnamed.last + reach) return false;
    return std::all_of(in.at + unnamed.last + 1, in.at + s.first, [&](const Token& t) { return t.kind == Token::Kind::word && !in.is(t, Role::conjunction); });
}

/// "a septal infarct: anteroseptal, basal and mid": whether a colon parts a place from those that tell it in full.
bool summed_up(const Passage& in, const Spot& before, const Spot& wall) {
    return in.has_colon && std::any_of(in.at + before.last + 1, in.at + wall.first, [](const Token& t) { return sign(t, ':'); }) && in.find_hit(Kind::target, before.last + 1, wall.first) != nullptr;
}

/// "LGE of the septum, which extended to the inferior wall at the base": words behind a comma lead to another place.
bool led_to(const Passage& in, const Spot& before, const Spot& wall) {
    bool comma = false;
    for (std::uint32_t i = before.last + 1; i < wall.first; ++i) {
        if (sign(in.at[i], ',')) comma = true;
        else if (comma && in.at[i].kind == Token::Kind::word && !in.is(in.at[i], Role::joining | Role::preposition | Role::conjunction | Role::accompanying)) return std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first <= i && h.last >= i; });
    }
    return false;
}

/// "the lateral wall at basal and mid level (inferolateral only)": a wall in brackets that is a part of that before.
bool narrows(const Passage& in, const Spot& wall, const Place& before) {
    if (wall.first == 0 || !sign(in.at[wall.first - 1], '(') || before.walls == 0 || wall.last + 1 >= in.count) return false;
    const std::uint32_t end = wall.last + (sign(in.at[wall.last + 1], ')') ? 1 : 2);
    if (end >= in.count || !sign(in.at[end], ')')) return false;
    const Segments part = place_of(wall.code, before.levels).segments;
    return part != before.segments && (part - before.segments).empty();
}

/// "in the septum LGE is limited to a spot at the superior insertion point": a spot of the septum lies where it says.
bool lies_in(const Passage& in, const Spot& wall, const Spot& insertion) {
    constexpr std::uint32_t septum = 1U << 6U;  // a bit of wall_words
    if (wall.type != Spot::Type::wall || wall.code != septum || (insertion.code & insertion_walls) == 0 || insertion.first == 0 || !in.is(in.at[insertion.first - 1], Role::preposition | Role::possessive)) return false;
    if (std::any_of(in.at + wall.last, in.at + insertion.first, [&](const Token& t) { return sign(t, ',') || in.is(t, Role::conjunction | Role::accompanying); })) return false;
    return in.find_hit(Kind::weak, wall.last, insertion.first) != nullptr;
}

/// "in the anterior septum at the insertion point": which of the two insertions the wall right before it tells; 0 for neither.
std::uint32_t insertion_of(const Passage& in, const Spot& wall, const Spot& insertion) {
    constexpr std::uint32_t anterior = 3U, inferior = 12U, unnamed = 1U << 9U, reach = 6;  // bits of wall_words
    if (insertion.code != unnamed || wall.type != Spot::Type::wall || insertion.first > wall.last + reach) return 0;
    for (std::uint32_t i = wall.last + 1; i < insertion.first; ++i)
        if ((in.at[i].kind != Token::Kind::word && !sign(in.at[i], '(')) || in.is(in.at[i], Role::conjunction | Role::accompanying) || (in.is(in.at[i], Role::range) && i == wall.last + 1)) return 0;  // not "close to the insertion"
    return (wall.code & ~anterior) == 0 ? unnamed << 1U : (wall.code & ~inferior) == 0 ? unnamed << 2U : 0;
}

/// "LGE of the inferior wall, 25 % at the base, 75 % mid, 100 % apically": levels that stand apart are those of the one wall.
void spread_wall(std::size_t first_place, std::vector<Place>& places) {
    if (places.size() < first_place + 2 || places[first_place].walls == 0 || places[first_place].levels == 0) return;
    for (std::size_t p = first_place + 1; p < places.size(); ++p)
        if (!places[p].bare || (places[p].levels & level_bit(Level::apex)) != 0) return;
    for (std::size_t p = first_place + 1; p < places.size(); ++p) places[p] = place_of(places[first_place].walls, places[p].levels);
}

/// "mid-cavity LGE: inferior and inferolateral": a level that stands apart is that of the walls, where none has its own.
void spread_levels(std::size_t first_place, std::vector<Place>& places) {
    Levels levels = 0;
    bool walls = false;
    for (std::size_t p = first_place; p < places.size(); ++p) {
        if (places[p].bare) levels |= places[p].levels;
        else if (places[p].walls != 0 && places[p].levels == 0) walls = true;
        else return;
    }
    if (levels == 0 || !walls) return;
    std::erase_if(places, [&](const Place& p) { return p.bare && &p >= places.data() + first_place; });
    for (std::size_t p = first_place; p < places.size(); ++p) {
        const bool emphasised = places[p].emphasised;
        places[p] = place_of(places[p].walls, levels);
        places[p].emphasised = emphasised;
    }
}

/// "transmural in the inferior and inferolateral walls at the base, tapering at mid level": the places from
/// one on are told at another level as well.
void repeat_run(std::size_t from, Levels levels, std::vector<Place>& places) {
    for (std::size_t p = from, end = places.size(); p < end; ++p) {
        Place again = place_of(places[p].walls, levels);
        again.emphasised = places[p].emphasised;
        places.push_back(again);
    }
}


/// The spots of a head. A word for the whole length right before a wall behind a level only says so of that level: "in the
/// basal slices the whole septum enhances".
OwnSpots spots_of(const Passage& in, std::uint32_t head) {
    OwnSpots own;
    for (const Spot& s : in.spots) {
        if (s.head != head) continue;
        const std::size_t n = own.size();
        if (n >= 2 && is_level(own, n - 1) && is_level(own, n - 2) && s.type == Spot::Type::wall && s.first == own.back()->last + 1 && static_cast<LevelWord>(own.back()->code) == LevelWord::whole) own.pop_back();
        own.push_back(&s);
    }
    return own;
}

/// Goes through the spots of one thing. A level before walls rules them until another is named; a level behind walls is told
/// of all since the last one.
class PlaceReader {
public:
    PlaceReader(const Passage& passage, std::uint32_t head, bool territory, std::vector<Place>& to)
        : in(passage), own(spots_of(passage, head)), thing(head < passage.heads.size() ? &passage.heads[head] : nullptr), of_territory(territory), places(to), first_place(to.size()), open(to.size()) {}

    void read() {
        const auto any = [&](auto of) { return std::any_of(own.begin(), own.end(), [&](const Spot* s) { return of(*s); }); };
        const bool numbers = any([](const Spot& s) { return s.type == Spot::Type::segments; });
        const bool walls = any([](const Spot& s) { return s.type == Spot::Type::wall; });
        const bool levels = any(names_level);
        for (std::size_t k = 0; k < own.size(); k = next) {
            next = k + 1;
            const Spot& s = *own[k];
            const Hit* stressed = in.find_hit(Kind::emphasis, 0, s.first, in.clause[s.first]);
            emphasised = stressed != nullptr && k > 0 && own[0]->first < stressed->first;
            switch (s.type) {
                case Spot::Type::segments:
                    places.push_back({.segments = {s.code}});
                    close();
                    break;
                case Spot::Type::all:
                    if (read_rings(k)) break;
                    if (s.code >> 17U != 0 && is_level(own, next)) ++next;  // "all 17 segments including the apex"
                    if ((!walls && !numbers && (!levels || (s.listed && !of_ring(in, own, k)))) || stands_whole(in, s, own)) places.push_back({.segments = {s.code}});
                    close();
                    break;
                case Spot::Type::wall: read_wall(k); break;
                case Spot::Type::level:
                    if (!read_rings(k)) read_level(k);
                    break;
            }
        }
        spread_levels(first_place, places);
        if (in.has_number) spread_wall(first_place, places);
        if (numbers) name_numbered(in, own, first_place, places);
    }

private:
    const Passage& in;
    const OwnSpots own;
    const Head* const thing;
    const bool of_territory;
    std::vector<Place>& places;
    const std::size_t first_place;
    std::size_t open;              // places from here on have no level yet, which may follow
    std::size_t closed = nowhere;  // the first of those that the last level stood behind
    std::size_t next = 0;          // spot to read
    Levels current = 0;            // of the adjective before a list of walls
    bool emphasised = false;

    /// No level behind is told of the places so far.
    void close() { open = places.size(); }

    Place wall_at(std::uint32_t walls, Levels levels) const {
        Place p = place_of(walls, levels);
        p.emphasised = emphasised;
        return p;
    }

    bool read_rings(std::size_t k) {
        const Rings rings = stressed_rings(in, own, k);
        if (rings.levels == 0) return false;
        places.push_back({.segments = segments_of(rings.levels), .levels = rings.levels});
        close();
        current = rings.levels;
        next = rings.last + 1;
        return true;
    }

    void read_wall(std::size_t k) {
        const Spot& s = *own[k];
        const Spot* before = k > 0 ? own[k - 1] : nullptr;
        const bool parted = before != nullptr && in.clause[s.first] != in.clause[before->first];  // "in the septum, in addition in the inferior wall (basal)"
        if (parted || (current != 0 && starts_anew(in, own, k))) rule(0);
        else if (before != nullptr && (led_to(in, *before, s) || summed_up(in, *before, s))) close();
        if (const std::uint32_t which = before != nullptr ? insertion_of(in, *before, s) : 0; which != 0) {
            places.back() = wall_at(which, places.back().levels);
            return;
        }
        if (first_place < places.size() && narrows(in, s, places.back())) {
            places.back() = wall_at(s.code, places.back().levels);
            return;
        }
        if (before != nullptr && first_place < places.size() && (specifies(in, *before, s) || lies_in(in, *before, s))) places.pop_back();
        // "mid anteroseptum and both RV insertion points": the level is of the septum
        const bool both_insertions = (s.code & insertion_walls) != 0 && before != nullptr && before->type == Spot::Type::wall && in.is(in.at[s.first], Role::both);
        const auto at_its_own = [&] {  // "of the basal inferolateral wall and at the inferior insertion point"
            return (s.code & insertion_walls) != 0 && before != nullptr && before->type == Spot::Type::wall && (before->code & insertion_walls) == 0 && s.first >= 3 && in.is(in.at[s.first - 1], Role::possessive) && in.is(in.at[s.first - 2], Role::preposition) && !in.is(in.at[s.first - 2], Role::possessive) && in.is(in.at[s.first - 3], Role::conjunction);
        };
        if (both_insertions || at_its_own()) rule(0);
        places.push_back(wall_at(s.code, current));
        const bool whole = before != nullptr && before->type == Spot::Type::level && of_length(before->code) && s.first == before->last + 1 && s.last > s.first;  // "the entire lateral wall and the inferior wall at mid level"
        places.back().whole = whole && current == 0;
        if (current != 0 || (whole && is_wall(own, k + 1))) close();
        if (before != nullptr && before->type == Spot::Type::level && before->first == s.first) rule(0);  // "the posterobasal wall and the lateral wall"
    }

    void read_level(std::size_t k) {
        const auto word = static_cast<LevelWord>(own[k]->code);
        if (word == LevelWord::cone) places.push_back({.segments = segments_of(level_bit(Level::apical) | level_bit(Level::apex)), .levels = level_bit(Level::apex)});
        if (word == LevelWord::rings)  // without their names, but with the apical one
            for (std::size_t p = open; p < places.size(); ++p)
                if (places[p].levels == 0) places[p].segments = places[p].segments | place_of(places[p].walls, level_bit(Level::apical)).segments;
        if (of_length(own[k]->code) && is_level(own, k + 1) && own[k + 1]->first <= own[k]->last + 2) return;  // "at all three levels, base, mid and apical"
        if (word == LevelWord::cone || of_length(own[k]->code)) {
            rule(0);
            return;
        }
        const LevelRun run = level_run(in, own, k, current != 0);
        next = run.end;
        const bool apex_alone = run.levels == level_bit(Level::apex);
        if (apex_alone && run.end < own.size() && leads_wall(in, *own[k], *own[run.end])) {
            rule(level_bit(Level::apical));
            return;
        }
        const bool ahead = rules_ahead(run);
        if (adds_level(run)) {
            for (std::size_t p = first_place; p < places.size(); ++p)
                if (places[p].levels == 0) places[p].segments = places[p].segments | place_of(places[p].walls, run.levels).segments;
            close();
        } else if (const std::size_t walls = ahead ? 0 : walls_told(run); walls != 0) {
            for (std::size_t p = places.size() - walls; p < places.size(); ++p) places[p] = wall_at(places[p].walls, run.levels);
            close();
        } else if (ahead) {
            rule(run.levels);
        } else if (open < places.size() && run.end == k + 1 && !run.noun && current == 0 && joins_wall(in, *own[k - 1], *own[k])) {
            places.push_back({.segments = segments_of(run.levels), .levels = run.levels});
            close();
        } else if (open < places.size() && is_of_open(run)) {
            const Levels levels = apex_alone ? level_bit(Level::apical) : run.levels;
            for (std::size_t p = open; p < places.size(); ++p) places[p] = wall_at(places[p].walls, levels);
            closed = open;
            rule(0);
        } else if (k == 0 && !run.apex && (run.at_word || run.noun) && !walls_apart(in, own, run.end)) {  // "at the base a bright rim is present inferiorly"
            rule(run.levels);
        } else {
            stand_alone(run);
        }
    }

    /// The walls that follow are at these levels; 0: at none that is told yet.
    void rule(Levels levels) {
        current = levels;
        close();
    }

    /// Whether a level is an adjective of the walls behind it.
    [[nodiscard]] bool rules_ahead(const LevelRun& run) const {
        constexpr std::uint32_t reach = 6;
        const std::size_t k = run.first, e = run.end;
        const std::uint32_t last = own[e - 1]->last;
        if (is_wall(own, e) && (own[e]->first == own[k]->first || leads_next(in, *own[e - 1], *own[e]))) return true;  // "posterobasal"
        if (!is_wall(own, e) || own[e]->first > last + reach || run.levels == level_bit(Level::apex)) return false;
        const bool behind_walls = open < places.size(), adjacent = own[e]->first == last + 1;
        if (const Behind behind = behind_wall(in, own, k); behind_walls && !adjacent && behind != Behind::no && (behind == Behind::word || behind_wall(in, own, e + 1) != Behind::no)) return false;  // "inferior wall in its mid portion and septum at the base"
        for (std::uint32_t i = last + 1; i < own[e]->first; ++i) {
            if (sign(in.at[i], '(') && i + 1 == own[e]->first && (in.is(in.at[i - 1], Role::segment) || i == last + 1)) continue;  // "basal segments (inferior, lateral)", "basal (inferior, lateral)"
            if (sign(in.at[i], ')') && sign(in.at[i + 1], ':')) continue;  // "LGE (basal segments): inferior"
            if (sign(in.at[i], ')') || sign(in.at[i], '(') || sign(in.at[i], ';') || (sign(in.at[i], ',') && (behind_walls || current != 0))) return false;
        }
        // "apical and inferolateral fibrosis": two places
        if (e == k + 1 && !run.noun && own[e]->first == last + 2 && in.is(in.at[last + 1], Role::conjunction) && in.at[own[e]->last + 1 < in.count ? own[e]->last + 1 : last].kind == Token::Kind::word && in.starts_at(Kind::target, own[e]->last + 1)) return false;
        // "anteroseptal mid and septal apical": each level stands right behind its wall
        if (is_wall(own, k - 1) && own[k]->first == own[k - 1]->last + 1 && !adjacent && is_level(own, e + 1) && own[e + 1]->first == own[e]->last + 1 && !(is_wall(own, e + 2) && own[e + 2]->first == own[e + 1]->last + 1)) return false;
        return !behind_walls || adjacent || !(run.noun || run.at_word || sign(in.at[last + 1], ')'));
    }

    /// "the lateral wall at all levels including the apical slice"
    [[nodiscard]] bool adds_level(const LevelRun& run) const {
        constexpr std::uint32_t reach = 3, including = 1;
        const std::uint32_t first = own[run.first]->first;
        const Hit* more = in.find_hit(Kind::emphasis, first > reach ? first - reach : 0, first);
        return more != nullptr && more->entry->code == including && first_place < places.size() && places.back().walls != 0 && places.back().levels == 0;
    }

    /// How many of the last walls, which a level before rules, have a level of their own behind them.
    [[nodiscard]] std::size_t walls_told(const LevelRun& run) const {
        if (run.first == 0 || !is_wall(own, run.first - 1) || current == 0 || first_place == places.size()) return 0;
        const std::size_t walls = walls_of_their_own(in, own, run);
        if (walls != 0 && places.size() - first_place >= walls) return walls;
        return is_of_last(run) ? 1 : 0;
    }

    /// "basal inferolateral and lateral apical": a level of its own right behind the last wall of a list that one rules.
    [[nodiscard]] bool is_of_last(const LevelRun& run) const {
        const std::size_t k = run.first;
        const std::uint32_t wall = own[k - 1]->last, first = own[k]->first, end = own[run.end - 1]->last + 1;
        if (first == wall + 1) return true;
        if (first != wall + 2) return false;
        std::uint32_t joint = own[k - 1]->first;  // ", plus the inferior septum at basal level"
        while (joint > 0 && in.is(in.at[joint - 1], Role::joining | Role::possessive) && !in.is(in.at[joint - 1], Role::conjunction)) --joint;
        if (run.noun && run.at_word && joint > 1 && in.is(in.at[joint - 1], Role::conjunction) && sign(in.at[joint - 2], ',')) return true;
        if ((end == in.count || in.at[end].kind == Token::Kind::sign) && in.is(in.at[wall + 1], Role::joining) && in.starts_at(Kind::explains, wall + 1) && !in.is(in.at[wall + 1], Role::preposition)) return true;  // "and the inferolateral wall only basally"
        if (sign(in.at[wall + 1], '(') && end < in.count && sign(in.at[end], ')')) return true;  // "insertion point (mid)"
        // "in the basal anterolateral segment and at the inferior insertion point, mid slice"
        return (run.noun || end > first + 1) && k > 1 && is_wall(own, k - 2) && sign(in.at[wall + 1], ',') && (end == in.count || in.at[end].kind == Token::Kind::sign) && in.at[own[k - 2]->last + 1].sign == 0;
    }

    /// Whether a level is told of the walls before it that have none yet.
    [[nodiscard]] bool is_of_open(const LevelRun& run) const {
        const std::size_t k = run.first;
        if ((run.levels == level_bit(Level::apex) && !run.at_word) || adds_ring(run)) return false;
        return !bracketed(in, own[run.end - 1]->last + 1) || behind_place(in, own, k);
    }

    /// "the anterior wall and all apical segments", "... and the entire apical level": behind "and" a ring in full.
    [[nodiscard]] bool adds_ring(const LevelRun& run) const {
        const std::size_t k = run.first;
        if (!named_whole(in, own, k)) return false;
        const std::size_t wall = k > 1 && !is_wall(own, k - 1) ? k - 2 : k - 1;
        return is_wall(own, wall) && std::any_of(in.at + own[wall]->last + 1, in.at + own[k]->first, [&](const Token& t) { return in.is(t, Role::conjunction) || sign(t, ',') || sign(t, ';'); });
    }

    /// A level that is a place of its own, or at which the walls before it are told again. A level behind a territory names no
    /// segments, one before its scar does: "apical scar (LAD)".
    void stand_alone(const LevelRun& run) {
        const Spot &s = *own[run.first], &last = *own[run.end - 1];
        const bool bare = !run.apex && is_bare(in, own, run.first, run.end);
        if (!of_territory || run.apex || (thing != nullptr && s.first < thing->first) || (!bare && in.find_hit(Kind::segmentword, last.last + 1, last.last + 2) != nullptr)) {
            const Place p{.segments = segments_of(run.levels), .walls = 0, .levels = run.levels, .bare = bare, .whole = named_whole(in, own, run.first)};
            if ((p.bare && !p.whole && tells_again(run, s, last)) || reaches_on(run, s)) repeat_run(std::min(closed, places.size() - 1), run.levels, places);  // "transmural at the base, a thin rim at mid level"
            else places.push_back(p);
        }
        close();
        if (run.levels != level_bit(Level::apex)) current = 0;
    }

    /// "the inferolateral wall at the base, reaching mid level": the wall told goes on to another level.
    [[nodiscard]] bool reaches_on(const LevelRun& run, const Spot& s) const {
        constexpr std::uint32_t reach = 3;  // tokens
        if (run.apex || first_place == places.size() || places.back().walls == 0 || places.back().levels == 0) return false;
        return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& v) { return v.kind() == Kind::verb && v.entry->code == verb_on && v.last < s.first && v.last + reach >= s.first; });
    }

    /// "base 75 %, mid 50 %", "base transmural, mid patchy": whether the walls told at one level are told at another.
    [[nodiscard]] bool tells_again(const LevelRun& run, const Spot& s, const Spot& last) const {
        if (first_place == places.size() || places.back().walls == 0 || places.back().levels == 0) return false;
        if (run.at_word || run.noun || (s.first == last.last && last.last + 1 == in.count)) return true;
        if (s.first > 1 && in.is(in.at[s.first - 2], Role::preposition | Role::range) && in.is(in.at[s.first - 1], Role::possessive)) return true;  // "to the mid third"
        const std::uint32_t behind = last.last + 1;
        return behind < in.count && (in.at[behind].kind == Token::Kind::number || in.find_hit(Kind::pattern, behind, behind) != nullptr);
    }
};

}  // namespace

Place place_of(std::uint32_t walls, Levels levels) {
    Place p{.segments = {}, .walls = walls, .levels = levels};
    for (std::size_t w = 0; w < wall_words.size(); ++w)
        if ((walls >> w & 1U) != 0) p.segments = p.segments | segments_of(w, levels);
    return p;
}

void set_levels(std::vector<Place>& places, Levels levels) {
    const Segments ring = segments_of(level_bit(Level::basal) | level_bit(Level::mid) | level_bit(Level::apical));
    for (Place& p : places)
        if (p.levels == 0 && p.walls != 0) p = place_of(p.walls, levels);
        else if (p.levels == 0 && p.segments == ring) p = {.segments = segments_of(levels), .levels = levels};
}

anatomy::Segments segments_of(const std::vector<Place>& places) {
    anatomy::Segments all;
    for (const Place& p : places) all = all | p.segments;
    return all;
}

void read_places(const Passage& in, std::uint32_t head, bool territory, std::vector<Place>& places) {
    PlaceReader(in, head, territory, places).read();
}

}  // namespace lge::report
