#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Level;
using anatomy::Segments;

namespace {

Level level_of(std::uint32_t word) {
    switch (static_cast<LevelWord>(word)) {
        case LevelWord::basal: case LevelWord::base: return Level::basal;
        case LevelWord::mid: case LevelWord::midlevel: return Level::mid;
        case LevelWord::apical: case LevelWord::apicallevel: return Level::apical;
        default: return Level::apex;
    }
}

}  // namespace

/// The in.spots of one head (or of all with `head` nowhere) as sets of segments.
void read_places(const Passage& in, std::uint32_t head, bool territory, std::vector<Place>& places) {
    std::vector<const Spot*> own;
    bool numbers = false, walls = false, levels = false;
    for (const Spot& s : in.spots)
        if (s.head == head) {
            own.push_back(&s);
            numbers = numbers || s.type == Spot::Type::segments;
            walls = walls || s.type == Spot::Type::wall;
            levels = levels || s.type == Spot::Type::level;
        }
    Levels current = 0;                 // of the adjective before a list of walls
    std::size_t run = places.size();    // places whose level may still follow
    const std::size_t first_place = places.size();
    bool emphasised = false;
    const auto set_wall = [&](std::uint32_t bits, Levels l) {
        Place p{.segments = {}, .walls = bits, .levels = l, .emphasised = emphasised};
        for (std::size_t w = 0; w < wall_words.size(); ++w)
            if ((bits >> w & 1U) != 0) p.segments = p.segments | segments_of(w, l);
        return p;
    };
    for (std::size_t k = 0; k < own.size(); ++k) {
        const Spot& s = *own[k];
        const Hit* stressed = in.find_hit(Kind::emphasis, 0, s.first, in.clause[s.first]);
        emphasised = stressed != nullptr && k > 0 && own[0]->first < stressed->first;
        switch (s.type) {
            case Spot::Type::segments: {
                Place p{.segments = {s.code}};
                places.push_back(p);
                run = places.size();
                break;
            }
            case Spot::Type::all:
                if (s.code >> 17U != 0 && k + 1 < own.size() && own[k + 1]->type == Spot::Type::level) ++k;  // "all 17 segments including the apex"
                if (!walls && !numbers && (!levels || s.listed)) places.push_back({.segments = {s.code}});
                run = places.size();
                break;
            case Spot::Type::wall:
                // "mid anteroseptum and both RV insertion points": the level is of the septum
                places.push_back(set_wall(s.code, (s.code & insertion_walls) != 0 && k > 0 && own[k - 1]->type == Spot::Type::wall && in.is(in.at[s.first], Role::both) ? 0 : current));
                if (current != 0) run = places.size();
                break;
            case Spot::Type::level: {
                Levels set = 0;
                if (static_cast<LevelWord>(s.code) == LevelWord::whole) { current = 0; run = places.size(); break; }
                Level previous = level_of(s.code);
                bool noun = static_cast<LevelWord>(s.code) == LevelWord::base || static_cast<LevelWord>(s.code) == LevelWord::midlevel || static_cast<LevelWord>(s.code) == LevelWord::apicallevel;
                bool apex = previous == Level::apex;
                const bool at_word = s.first > 0 && in.is(in.at[s.first - 1], Role::preposition);
                set |= level_bit(previous);
                std::size_t e = k + 1;
                for (; e < own.size() && own[e]->type == Spot::Type::level && own[e]->first - own[e - 1]->last <= 4; ++e) {
                    // "all basal segments and the mid septum"
                    if (in.at[own[e - 1]->last + 1].kind == Token::Kind::word && in.is(in.at[own[e - 1]->last + 1], Role::segment) && e + 1 < own.size() && own[e + 1]->type == Spot::Type::wall && own[e + 1]->first == own[e]->last + 1) break;
                    bool span = own[e]->first == own[e - 1]->last + 1, other_word = false;
                    const bool adjacent = span;
                    for (std::uint32_t i = own[e - 1]->last + 1; i < own[e]->first; ++i) {
                        if (in.is(in.at[i], Role::range) || sign(in.at[i], '-') || sign(in.at[i], '>')) span = true;
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
                if (e < own.size() && (own[e]->type == Spot::Type::wall) && own[e]->first <= last.last + 6 && set != level_bit(Level::apex)) {
                    ahead = true;
                    for (std::uint32_t i = last.last + 1; i < own[e]->first; ++i)
                        if (in.at[i].kind == Token::Kind::sign && ((in.at[i].sign == ',' && (run < places.size() || current != 0)) || in.at[i].sign == ')' || in.at[i].sign == '(')) ahead = false;
                    if (ahead && run < places.size() && noun) ahead = own[e]->first <= last.last + 1;
                    if (ahead && run < places.size() && own[e]->first > last.last + 1 && (at_word || sign(in.at[last.last + 1], ')'))) ahead = false;
                }
                const bool of_last = !ahead && k > 0 && own[k - 1]->type == Spot::Type::wall && s.first == own[k - 1]->last + 1 && current != 0 && !places.empty();
                if (of_last) {  // "basal inferolateral and lateral apical"
                    places.back() = set_wall(places.back().walls, set);
                    run = places.size();
                } else if (ahead) {
                    current = set;
                    run = places.size();
                } else if (run < places.size() && !(last.last + 1 < in.count && sign(in.at[last.last + 1], '(')) && !(apex && set == level_bit(Level::apex) && !at_word)) {
                    if (set == level_bit(Level::apex)) set = level_bit(Level::apical);
                    for (std::size_t p = run; p < places.size(); ++p) places[p] = set_wall(places[p].walls, set);
                    run = places.size();
                    current = 0;
                } else {
                    // a level behind a territory names no segments, one before its scar does: "apical scar (LAD)"
                    if (!territory || apex || (head < in.heads.size() && s.first < in.heads[head].first)) {
                        Place p{.segments = segments_of(set), .walls = 0, .levels = set};
                        places.push_back(p);
                    }
                    run = places.size();
                    if (set != level_bit(Level::apex)) current = 0;
                }
                k = e - 1;
                break;
            }
        }
    }
    if (numbers) {  // numbers are taken as given; walls beside them only name the same place
        Segments given;
        for (const Spot* s : own)
            if (s->type == Spot::Type::segments) given = given | Segments{s->code};
        for (std::size_t p = first_place; p < places.size(); ++p) places[p].segments = given;
    }
}

}  // namespace lge::report
