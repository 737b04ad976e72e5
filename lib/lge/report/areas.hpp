#pragma once
// The walls, levels and numbers of one thing as sets of segments.
#include "lge/report/passage.hpp"

#include <cstddef>
#include <vector>

namespace lge::report {

/// The spots of one thing in the order of the text.
using OwnSpots = std::vector<const Spot*>;
inline bool is_wall(const OwnSpots& own, std::size_t k) { return k < own.size() && own[k]->type == Spot::Type::wall; }
inline bool is_level(const OwnSpots& own, std::size_t k) { return k < own.size() && own[k]->type == Spot::Type::level; }

/// Walls at some levels.
Place place_of(std::uint32_t walls, Levels levels);
/// Walls that have no level yet are at these.
void set_levels(std::vector<Place>& places, Levels levels);
/// The segments of all of them.
anatomy::Segments segments_of(const std::vector<Place>& places);
/// The spots of one head (or with `nowhere` those of none) as sets of segments, put behind `places`. `territory`: a level
/// alone names no place.
void read_places(const Passage& in, std::uint32_t head, bool territory, std::vector<Place>& places);

// level_runs.cpp: words of levels that are read as one
/// The one level, or the lowest of several, that a LevelWord names.
anatomy::Level level_of(std::uint32_t word);
/// Whether a word for a level is a noun, "base", which describes no wall behind it.
bool is_noun(std::uint32_t word);
/// How a level stands behind the wall before it: not at all, after a comma or bracket ("inferior wall, basal"), or after "at",
/// "in its", "from".
enum class Behind { no, sign, word };
Behind behind_wall(const Passage& in, const OwnSpots& own, std::size_t k);
/// "LGE of the inferior wall and, at mid level only, of the septum": a level between commas behind "and", of the wall that follows.
bool leads_next(const Passage& in, const Spot& level, const Spot& wall);
/// One or more levels, not "the whole length".
bool names_level(const Spot& s);
/// "base to mid", "basal, mid and apical": the spots [first, end).
struct LevelRun {
    std::size_t first, end;
    Levels levels;
    bool noun;     // "base", "mid level": stands behind the wall it speaks of
    bool apex;     // holds the apex
    bool at_word;  // behind a preposition: "at the base"
};
/// The run that the level `first` begins. `governed`: an adjective before rules the walls already.
LevelRun level_run(const Passage& in, const OwnSpots& own, std::size_t first, bool governed);

// rings.cpp: places that are named whole
/// "every basal segment", "all six mid segments": whether a word of all stands before the spot.
bool named_whole(const Passage& in, const OwnSpots& own, std::size_t k);
/// "diffuse, most marked in the septum", "global subendocardial LGE, becoming transmural in the inferior wall": the places
/// behind say where there is more of it, and the whole ventricle stands.
bool stands_whole(const Passage& in, const Spot& all, const OwnSpots& own);
/// "all segments at the base", "at mid level the entire circumference": all of that ring.
bool of_ring(const Passage& in, const OwnSpots& own, std::size_t k);
/// "circumferentially at the base, most marked laterally", "all apical segments, mainly inferior": the rings that are
/// named whole there, and the last of their spots; 0: none.
struct Rings { Levels levels = 0; std::size_t last = 0; };
Rings stressed_rings(const Passage& in, const OwnSpots& own, std::size_t k);

}  // namespace lge::report
