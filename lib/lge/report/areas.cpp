#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Level;
using anatomy::Segments;

namespace {

Level level_of(std::uint32_t word) {
    switch (static_cast<LevelWord>(word)) {
        case LevelWord::basal: case LevelWord::base: return Level::basal;
        case LevelWord::mid: case LevelWord::midlevel: case LevelWord::upper: return Level::mid;
        case LevelWord::apical: case LevelWord::apicallevel: case LevelWord::lower: return Level::apical;
        default: return Level::apex;
    }
}

/// One or more levels, not "the whole length".
bool names_level(const Spot& s) { return s.type == Spot::Type::level && static_cast<LevelWord>(s.code) != LevelWord::whole; }

/// Numbers are taken as given. A wall or level beside them only names them, where they stand right behind it ("septum
/// (8, 9)") or are a part of it; any other is a place of its own ("segments 4 and 10, and the apex").
void name_numbered(const Passage& in, const std::vector<const Spot*>& own, std::size_t first_place, std::vector<Place>& places) {
    Segments given;
    for (const Spot* s : own)
        if (s->type == Spot::Type::segments) given = given | Segments{s->code};
    const auto named = [&](std::uint32_t walls) {
        for (std::size_t k = 0; k + 1 < own.size(); ++k)
            if (own[k]->type == Spot::Type::wall && own[k]->code == walls && own[k + 1]->type == Spot::Type::segments && own[k + 1]->first <= own[k]->last + 7 && in.opens_bracket(own[k]->last, own[k + 1]->last)) return true;
        return false;
    };
    for (std::size_t p = first_place; p < places.size(); ++p)
        if (named(places[p].walls) || !(places[p].segments & given).empty()) places[p].segments = given;
}

/// Whether no wall without a level of its own follows a level at the start, or only one that is joined to it as another
/// place: "at the base and in the inferior wall".
bool walls_apart(const Passage& in, const std::vector<const Spot*>& own, std::size_t next) {
    if (next >= own.size() || own[next]->type != Spot::Type::wall) return true;
    for (std::uint32_t i = own[next - 1]->last + 1; i < own[next]->first; ++i)
        if (in.is(in.at[i], Role::conjunction) || in.at[i].kind == Token::Kind::sign) return true;
    for (std::size_t k = next; k < own.size(); ++k)
        if (own[k]->type == Spot::Type::level) return true;
    return false;
}

/// "mid septum plus a separate spot at the anterior insertion, basal level": the wall of another thing, which has a level of
/// its own behind it.
bool starts_anew(const Passage& in, const std::vector<const Spot*>& own, std::size_t k) {
    constexpr std::uint32_t reach = 4;
    if (k > 0 && own[k - 1]->type == Spot::Type::wall && own[k]->first > 1) {  // "one in the basal inferior wall and one in the septum"
        const Hit* thing = in.find_hit(Kind::weak, own[k - 1]->last + 1, own[k]->first - 1);
        if (thing != nullptr && in.is(in.at[thing->first], Role::joining) == false && (in.is(in.at[own[k]->first - 1], Role::preposition) || (in.is(in.at[own[k]->first - 1], Role::possessive) && in.is(in.at[own[k]->first - 2], Role::preposition)))) return true;
    }
    if (k == 0 || k + 1 >= own.size() || own[k + 1]->type != Spot::Type::level || own[k + 1]->first > own[k]->last + reach || (k + 2 < own.size() && own[k + 2]->type == Spot::Type::wall)) return false;
    return in.find_hit(Kind::weak, own[k - 1]->last + 1, own[k]->first) != nullptr;
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

/// "the lateral wall at the apex": nothing but "at the" stands between.
bool at_the(const Passage& in, std::uint32_t before, std::uint32_t level) {
    return level == before + 3 && in.is(in.at[before + 1], Role::preposition) && in.is(in.at[before + 2], Role::possessive);
}

/// Whether a bracket at a token qualifies the level before it, "inferior (transmural), apical (subendocardial)", and is no
/// pointer such as "(arrow)".
bool bracketed(const Passage& in, std::uint32_t open) {
    if (open + 1 >= in.count || !sign(in.at[open], '(')) return false;
    if (in.at[open + 1].kind != Token::Kind::word) return !(in.at[open + 1].kind == Token::Kind::number && open + 2 < in.count && in.at[open + 2].kind == Token::Kind::word && !in.is(in.at[open + 2], Role::percent));  // not "(2 slices)"
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first == open + 1 && h.kind() != Kind::ignore && h.kind() != Kind::artifact && h.kind() != Kind::hedge && h.kind() != Kind::hedged; });
}

/// "the inferior apex": the apical part of that wall, unless the wall is named in full, "inferior wall, apex".
bool names_apical_wall(const Passage& in, const Spot& wall, const Spot& apex) {
    return wall.type == Spot::Type::wall && apex.first == apex.last && apex.first == wall.last + 1 && in.at[wall.last].kind == Token::Kind::word && wall.first == wall.last && !in.is(in.at[wall.last], Role::joining);
}

/// Whether a level is said of nothing but a wall yet to come or named before: no "segments" behind it, no "and" beside it
/// that makes it a place of its own.
bool is_bare(const Passage& in, const std::vector<const Spot*>& own, std::size_t k, std::size_t e) {
    const Spot& last = *own[e - 1];
    const Hit* word = in.find_hit(Kind::segmentword, last.last + 1, last.last + 2);
    constexpr std::uint32_t singular = 7;  // letters: "to the mid segment" is one of a wall
    if ((word != nullptr && in.at[word->first].end - in.at[word->first].start != singular) || bracketed(in, last.last + 1)) return false;
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

/// "hinge-point enhancement at the inferior septal junction": which insertion it is, is told behind.
bool specifies(const Passage& in, const Spot& unnamed, const Spot& s) {
    constexpr std::uint32_t reach = 6, any = 1U << 9U;  // a bit of wall_words
    if (unnamed.type != Spot::Type::wall || unnamed.code != any || (s.code & insertion_walls) == 0 || s.code == any || s.first > unnamed.last + reach) return false;
    return std::all_of(in.at + unnamed.last + 1, in.at + s.first, [&](const Token& t) { return t.kind == Token::Kind::word && !in.is(t, Role::conjunction); });
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

/// "in the anterior septum at the insertion point": which of the two insertions the wall right before it tells; 0 for neither.
std::uint32_t insertion_of(const Passage& in, const Spot& wall, const Spot& insertion) {
    constexpr std::uint32_t anterior = 3U, inferior = 12U, unnamed = 1U << 9U, reach = 6;  // bits of wall_words
    if (insertion.code != unnamed || wall.type != Spot::Type::wall || insertion.first > wall.last + reach) return 0;
    for (std::uint32_t i = wall.last + 1; i < insertion.first; ++i)
        if ((in.at[i].kind != Token::Kind::word && !sign(in.at[i], '(')) || in.is(in.at[i], Role::conjunction | Role::accompanying | Role::range)) return 0;
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

/// "diffuse, most marked in the septum", "global subendocardial LGE, becoming transmural in the inferior wall": the places
/// behind say where there is more of it, and the whole ventricle stands.
bool stands_whole(const Passage& in, const Spot& all, const std::vector<const Spot*>& own) {
    const auto first = std::find_if(own.begin(), own.end(), [](const Spot* s) { return s->type == Spot::Type::wall || s->type == Spot::Type::segments || names_level(*s); });
    if (first == own.end() || (*first)->first < all.last) return false;
    if (in.starts_at(Kind::emphasis, (*first)->last + 1)) return true;  // "circumferential, with septal predominance"
    constexpr auto transmural = static_cast<std::uint32_t>(anatomy::Pattern::transmural);
    for (const Hit& h : in.hits) {
        if (h.first <= all.last || h.last >= (*first)->first) continue;
        if (h.kind() == Kind::emphasis && h.entry->code == 0) return true;
        if (h.kind() == Kind::pattern && h.entry->code == transmural && h.first > all.last + 1 && !in.is(in.at[h.first - 1], Role::conjunction)) return true;
    }
    return false;
}

/// "all segments at the base", "at mid level the entire circumference": all of that ring.
bool of_ring(const Passage& in, const std::vector<const Spot*>& own, std::size_t k) {
    const auto level = [&](std::size_t n) { return n < own.size() && names_level(*own[n]) && static_cast<LevelWord>(own[n]->code) != LevelWord::apex; };
    const auto stressed = [&](std::uint32_t a, std::uint32_t b) { return in.find_hit(Kind::emphasis, a, b) != nullptr; };
    if (level(k + 1) && in.joined(own[k]->last, own[k + 1]->first) && !stressed(own[k]->last, own[k + 1]->first)) return true;
    const auto affecting = [&](std::uint32_t a, std::uint32_t b) {  // "at mid level, occupying the subepicardium of every segment"
        constexpr std::uint32_t reach = 6;
        return own[k]->listed && b <= a + reach && std::none_of(in.at + a + 1, in.at + b, [&](const Token& t) { return in.is(t, Role::conjunction); });
    };
    return k > 0 && level(k - 1) && (in.joined(own[k - 1]->last, own[k]->first) || affecting(own[k - 1]->last, own[k]->first)) && !stressed(own[k - 1]->last, own[k]->first);
}

/// Whether what follows the spot `next - 1` is a wall that only tells where there is most: "..., most marked inferiorly".
bool stresses_wall(const Passage& in, const std::vector<const Spot*>& own, std::size_t next) {
    if (next >= own.size() || own[next]->type != Spot::Type::wall) return false;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::emphasis && h.entry->code == 0 && h.first > own[next - 1]->last && h.last < own[next]->first; });
}

/// "circumferentially at the base, most marked laterally", "all apical segments, mainly inferior": the rings that are
/// named whole there, and the last of their spots; 0: none.
struct Rings { Levels levels = 0; std::size_t last = 0; };
Rings stressed_rings(const Passage& in, const std::vector<const Spot*>& own, std::size_t k) {
    const bool all = own[k]->type == Spot::Type::all;
    if (all ? !of_ring(in, own, k) : own[k]->first == 0 || !in.is(in.at[own[k]->first - 1], Role::both)) return {};
    Rings rings{.levels = 0, .last = k};
    for (std::size_t n = all ? k + 1 : k; n < own.size() && names_level(*own[n]) && static_cast<LevelWord>(own[n]->code) != LevelWord::cone; ++n) rings = {rings.levels | level_bit(level_of(own[n]->code)), n};
    const std::uint32_t behind = own[rings.last]->last + 1;
    if (!all && !(behind < in.count && in.is(in.at[behind], Role::segment))) return {};
    if (rings.levels == 0) rings.levels = level_bit(level_of(own[k - 1]->code));
    return stresses_wall(in, own, rings.last + 1) ? rings : Rings{};
}

}  // namespace

Place place_of(std::uint32_t walls, Levels levels) {
    Place p{.segments = {}, .walls = walls, .levels = levels};
    for (std::size_t w = 0; w < wall_words.size(); ++w)
        if ((walls >> w & 1U) != 0) p.segments = p.segments | segments_of(w, levels);
    return p;
}

/// The in.spots of one head (or of all with `head` nowhere) as sets of segments.
void read_places(const Passage& in, std::uint32_t head, bool territory, std::vector<Place>& places) {
    std::vector<const Spot*> own;
    bool numbers = false, walls = false, levels = false;
    for (const Spot& s : in.spots)
        if (s.head == head) {
            const auto level = [&](std::size_t back) { return own.size() >= back && own[own.size() - back]->type == Spot::Type::level; };
            if (level(1) && level(2) && s.type == Spot::Type::wall && s.first == own.back()->last + 1 && static_cast<LevelWord>(own.back()->code) == LevelWord::whole) own.pop_back();  // "in the basal slices the whole septum enhances"
            own.push_back(&s);
            numbers = numbers || s.type == Spot::Type::segments;
            walls = walls || s.type == Spot::Type::wall;
            levels = levels || names_level(s);
        }
    Levels current = 0;                 // of the adjective before a list of walls
    std::size_t run = places.size();    // places whose level may still follow
    std::size_t closed = nowhere;       // the first of those that the last level stood behind
    const std::size_t first_place = places.size();
    bool emphasised = false;
    const auto set_wall = [&](std::uint32_t bits, Levels l) {
        Place p = place_of(bits, l);
        p.emphasised = emphasised;
        return p;
    };
    for (std::size_t k = 0; k < own.size(); ++k) {
        const Spot& s = *own[k];
        if (k > 0 && s.type == Spot::Type::wall) {
            const bool parted = in.clause[s.first] != in.clause[own[k - 1]->first];  // "in the septum, in addition in the inferior wall (basal)"
            if (parted || led_to(in, *own[k - 1], s)) run = places.size();
            if (parted) current = 0;
        }
        const Hit* stressed = in.find_hit(Kind::emphasis, 0, s.first, in.clause[s.first]);
        emphasised = stressed != nullptr && k > 0 && own[0]->first < stressed->first;
        if (s.type == Spot::Type::all || s.type == Spot::Type::level)
            if (const Rings rings = stressed_rings(in, own, k); rings.levels != 0) {
                places.push_back({.segments = segments_of(rings.levels), .levels = rings.levels});
                run = places.size();
                current = rings.levels;
                k = rings.last;
                continue;
            }
        switch (s.type) {
            case Spot::Type::segments: {
                Place p{.segments = {s.code}};
                places.push_back(p);
                run = places.size();
                break;
            }
            case Spot::Type::all:
                if (s.code >> 17U != 0 && k + 1 < own.size() && own[k + 1]->type == Spot::Type::level) ++k;  // "all 17 segments including the apex"
                if ((!walls && !numbers && (!levels || (s.listed && !of_ring(in, own, k)))) || stands_whole(in, s, own)) places.push_back({.segments = {s.code}});
                run = places.size();
                break;
            case Spot::Type::wall:
                if (current != 0 && starts_anew(in, own, k)) {
                    current = 0;
                    run = places.size();
                }
                if (const std::uint32_t which = k > 0 ? insertion_of(in, *own[k - 1], s) : 0; which != 0) {
                    places.back() = set_wall(which, places.back().levels);
                    break;
                }
                if (k > 0 && specifies(in, *own[k - 1], s)) places.pop_back();
                // "mid anteroseptum and both RV insertion points": the level is of the septum
                places.push_back(set_wall(s.code, (s.code & insertion_walls) != 0 && k > 0 && own[k - 1]->type == Spot::Type::wall && in.is(in.at[s.first], Role::both) ? 0 : current));
                if (current != 0) run = places.size();
                break;
            case Spot::Type::level: {
                Levels set = 0;
                if (static_cast<LevelWord>(s.code) == LevelWord::cone) places.push_back(Place{.segments = segments_of(level_bit(Level::apical) | level_bit(Level::apex)), .levels = level_bit(Level::apex)});
                if (static_cast<LevelWord>(s.code) == LevelWord::cone || static_cast<LevelWord>(s.code) == LevelWord::whole) { current = 0; run = places.size(); break; }
                Level previous = level_of(s.code);
                bool noun = static_cast<LevelWord>(s.code) == LevelWord::base || static_cast<LevelWord>(s.code) == LevelWord::midlevel || static_cast<LevelWord>(s.code) == LevelWord::apicallevel;
                bool apex = previous == Level::apex;
                if (apex && k > 0 && names_apical_wall(in, *own[k - 1], s)) apex = false, previous = Level::apical;
                const bool at_word = s.first > 0 && (in.is(in.at[s.first - 1], Role::preposition) || (apex && k > 0 && at_the(in, own[k - 1]->last, s.first)));
                set |= level_bit(previous);
                if (static_cast<LevelWord>(s.code) == LevelWord::upper) set |= level_bit(Level::basal);  // "the proximal two thirds"
                if (static_cast<LevelWord>(s.code) == LevelWord::lower) set |= level_bit(Level::mid);
                std::size_t e = k + 1;
                for (; e < own.size() && names_level(*own[e]) && own[e]->first - own[e - 1]->last <= 4; ++e) {
                    // "all basal segments and the mid septum"
                    if (in.at[own[e - 1]->last + 1].kind == Token::Kind::word && in.is(in.at[own[e - 1]->last + 1], Role::segment) && e + 1 < own.size() && own[e + 1]->type == Spot::Type::wall && own[e + 1]->first == own[e]->last + 1) break;
                    // "... the insertion point at basal level and the apical septum"
                    if (noun && k > 0 && own[k - 1]->type == Spot::Type::wall && s.first <= own[k - 1]->last + 3 && e + 1 < own.size() && own[e + 1]->type == Spot::Type::wall && own[e + 1]->first == own[e]->last + 1) break;
                    // "inferior mid & apical lateral": each level stands right beside its wall
                    if (e == k + 1 && current == 0 && k > 0 && own[k - 1]->type == Spot::Type::wall && s.first == own[k - 1]->last + 1 && own[e]->first == s.last + 2 && (sign(in.at[s.last + 1], '&') || sign(in.at[s.last + 1], '+') || in.is(in.at[s.last + 1], Role::conjunction)) && e + 1 < own.size() &&
                        own[e + 1]->type == Spot::Type::wall && own[e + 1]->first == own[e]->last + 1 && (e + 2 == own.size() || own[e + 2]->type != Spot::Type::level)) break;
                    // "... at basal and mid level plus a mid lateral focus": the article begins another thing
                    const Token& article = in.at[own[e]->first - 1];
                    if (article.kind == Token::Kind::word && own[e]->first > own[e - 1]->last + 1 && article.end - article.start <= 2 && in.is(article, Role::joining) && !in.is(article, Role::preposition | Role::conjunction | Role::alternative | Role::range | Role::possessive) && e + 1 < own.size() &&
                        own[e + 1]->type == Spot::Type::wall && own[e + 1]->first == own[e]->last + 1) break;
                    bool span = own[e]->first == own[e - 1]->last + 1, other_word = false;
                    const bool adjacent = span && in.at[own[e]->first].spaced;  // not "base-apex"
                    for (std::uint32_t i = own[e - 1]->last + 1; i < own[e]->first; ++i) {
                        if (sign(in.at[i], ')') || (sign(in.at[i], '(') && !in.is(in.at[i + 1], Role::conjunction))) other_word = true;  // "(basal, mid) and the mid inferior wall"
                        else if (in.is(in.at[i], Role::range) || sign(in.at[i], '-') || sign(in.at[i], '>')) span = true;
                        else if (i + 2 == own[e]->first && in.is(in.at[i], Role::above | Role::below) && in.is(in.at[i + 1], Role::than)) ++i;  // "basal more than mid"
                        else if (!(in.is(in.at[i], Role::joining) || in.at[i].kind == Token::Kind::sign || in.at[i].kind == Token::Kind::newline)) other_word = true;
                    }
                    if (other_word) break;
                    Level next = level_of(own[e]->code);
                    if (next == Level::apex && span && !adjacent) next = Level::apical;  // "base to apex" are the three rings
                    if (span)
                        for (auto l = std::min(previous, next); l <= std::max(previous, next); l = static_cast<Level>(static_cast<int>(l) + 1)) set |= level_bit(l);
                    if (span && previous == Level::apex) set = (set & ~level_bit(Level::apex)) | level_bit(Level::apical);
                    set |= level_bit(next);
                    apex = (set & level_bit(Level::apex)) != 0;
                    noun = noun || static_cast<LevelWord>(own[e]->code) == LevelWord::base || static_cast<LevelWord>(own[e]->code) == LevelWord::midlevel || own[e]->code == static_cast<std::uint32_t>(LevelWord::apex);
                    previous = next;
                }
                const Spot& last = *own[e - 1];
                bool ahead = false;  // an adjective of the walls that follow
                if (set == level_bit(Level::apex) && e < own.size() && leads_wall(in, s, *own[e])) {
                    current = level_bit(Level::apical);
                    run = places.size();
                    k = e - 1;
                    break;
                }
                if (e < own.size() && (own[e]->type == Spot::Type::wall) && own[e]->first <= last.last + 6 && set != level_bit(Level::apex)) {
                    ahead = true;
                    for (std::uint32_t i = last.last + 1; i < own[e]->first; ++i)
                        if (sign(in.at[i], '(') && i + 1 == own[e]->first && (in.is(in.at[i - 1], Role::segment) || i == last.last + 1)) continue;  // "basal segments (inferior, lateral)", "basal (inferior, lateral)"
                        else if (sign(in.at[i], ')') && sign(in.at[i + 1], ':')) continue;  // "LGE (basal segments): inferior"
                        else if (in.at[i].kind == Token::Kind::sign && ((in.at[i].sign == ',' && (run < places.size() || current != 0)) || in.at[i].sign == ')' || in.at[i].sign == '(')) ahead = false;
                    // "anteroseptal mid and septal apical": each level stands right behind its wall
                    if (ahead && k > 0 && own[k - 1]->type == Spot::Type::wall && s.first == own[k - 1]->last + 1 && own[e]->first > last.last + 1 && e + 1 < own.size() && own[e + 1]->type == Spot::Type::level && own[e + 1]->first == own[e]->last + 1 &&
                        (e + 2 >= own.size() || own[e + 2]->type != Spot::Type::wall || own[e + 2]->first > own[e + 1]->last + 1)) ahead = false;
                    if (ahead && run < places.size() && noun) ahead = own[e]->first <= last.last + 1;
                    if (ahead && run < places.size() && own[e]->first > last.last + 1 && (at_word || sign(in.at[last.last + 1], ')'))) ahead = false;
                }
                const Hit* more = in.find_hit(Kind::emphasis, s.first > 3 ? s.first - 3 : 0, s.first);  // "the lateral wall at all levels including the apical slice"
                if (more != nullptr && more->entry->code == 1 && first_place < places.size() && places.back().walls != 0 && places.back().levels == 0) {
                    for (std::size_t p = first_place; p < places.size(); ++p)
                        if (places[p].levels == 0) places[p].segments = places[p].segments | place_of(places[p].walls, set).segments;
                    run = places.size();
                    k = e - 1;
                    break;
                }
                const bool in_brackets = k > 0 && s.first == own[k - 1]->last + 2 && sign(in.at[s.first - 1], '(') && last.last + 1 < in.count && sign(in.at[last.last + 1], ')');  // "insertion point (mid)"
                // "in the basal anterolateral segment and at the inferior insertion point, mid slice"
                const bool apposed = (noun || last.last > s.first) && k > 1 && own[k - 2]->type == Spot::Type::wall && s.first == own[k - 1]->last + 2 && sign(in.at[s.first - 1], ',') && (last.last + 1 == in.count || in.at[last.last + 1].kind == Token::Kind::sign) && !in.at[own[k - 2]->last + 1].sign;
                const bool of_last = !ahead && k > 0 && own[k - 1]->type == Spot::Type::wall && (s.first == own[k - 1]->last + 1 || in_brackets || apposed) && current != 0 && !places.empty();
                if (of_last) {  // "basal inferolateral and lateral apical"
                    places.back() = set_wall(places.back().walls, set);
                    run = places.size();
                } else if (ahead) {
                    current = set;
                    run = places.size();
                } else if (run < places.size() && e == k + 1 && !noun && current == 0 && joins_wall(in, *own[k - 1], s)) {
                    places.push_back({.segments = segments_of(set), .levels = set});
                    run = places.size();
                } else if (run < places.size() && (!bracketed(in, last.last + 1) || s.first == own[k - 1]->last + 1) && !(apex && set == level_bit(Level::apex) && !at_word)) {
                    if (set == level_bit(Level::apex)) set = level_bit(Level::apical);
                    for (std::size_t p = run; p < places.size(); ++p) places[p] = set_wall(places[p].walls, set);
                    closed = run;
                    run = places.size();
                    current = 0;
                } else if (k == 0 && !apex && (at_word || noun) && !walls_apart(in, own, e)) {  // "at the base a bright rim is present inferiorly"
                    current = set;
                    run = places.size();
                } else {
                    // a level behind a territory names no segments, one before its scar does: "apical scar (LAD)"
                    if (!territory || apex || (head < in.heads.size() && s.first < in.heads[head].first)) {
                        Place p{.segments = segments_of(set), .walls = 0, .levels = set, .bare = !apex && is_bare(in, own, k, e)};
                        const bool in_the = s.first > 1 && in.is(in.at[s.first - 2], Role::preposition | Role::range) && in.is(in.at[s.first - 1], Role::possessive);
                        const bool another = p.bare && !places.empty() && first_place < places.size() && places.back().walls != 0 && places.back().levels != 0 && (at_word || noun || in_the || (s.first == last.last && last.last + 1 == in.count) || (last.last + 1 < in.count && (in.at[last.last + 1].kind == Token::Kind::number || in.find_hit(Kind::pattern, last.last + 1, last.last + 1) != nullptr)));  // "base 75 %, mid 50 %", "base transmural, mid patchy"
                        if (another) repeat_run(std::min(closed, places.size() - 1), set, places);  // "transmural at the base, a thin rim at mid level"
                        else places.push_back(p);
                    }
                    run = places.size();
                    if (set != level_bit(Level::apex)) current = 0;
                }
                k = e - 1;
                break;
            }
        }
    }
    spread_levels(first_place, places);
    if (in.has_number) spread_wall(first_place, places);
    if (numbers) name_numbered(in, own, first_place, places);
}

}  // namespace lge::report
