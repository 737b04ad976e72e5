#pragma once
// What a clause holds besides mentions of LGE by name, which may make it a mention of its own.
#include "lge/report/gathered.hpp"

namespace lge::report {

/// Code of a weak word that names one of several things.
inline constexpr std::uint32_t weak_counted = 3;

/// What a clause holds besides mentions of LGE by name.
struct Content {
    bool lv = false, target = false, mvo = false, distractor = false, organ = false, sequence = false, viable = false, spared = false;
    bool unreadable = false, artifact = false, amount = false, doubt = false, wall = false, only_places = true, semicolon = false, all_only = true;
    const Hit* clean = nullptr;    // "is dark", "clear"
    const Hit* hedged = nullptr;
    const Hit* weak = nullptr;
    const Hit* layered = nullptr;  // a weak word beside the name of a layer: "midwall stripe"
    const Hit* bright = nullptr;   // a weak word of brightness: "bright dot"
    const Hit* layer = nullptr;    // the last of the wall that is named
    const Hit* focus = nullptr;    // a weak word that names a thing: "small focus"
    bool shape = false;            // tells what the wall looks like behind a place and a layer: "inferior, full thickness, wall thinned"
    bool insertion = false;        // names where the ventricles join, which nothing else is told of
    const Hit* place = nullptr;    // a wall, level, segment or pattern
    const Hit* answer = nullptr;   // "none", "normal"
    const Hit* nulling = nullptr;  // "nulls normally"
};

/// Of the clause whose phrases are the hits [from, to).
Content content_of(const Passage& in, std::size_t from, std::size_t to);

/// A denial that stands for itself: "none", "no".
bool answers(const Passage& in, const Hit& h);
/// "Enhancement of the pericardium; ...": the last mention stands beside an organ, and no ventricle.
bool follows_organ(const Passage& in);

}  // namespace lge::report
