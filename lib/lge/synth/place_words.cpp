#include "lge/synth/place_words.hpp"

#include "lge/synth/wording.hpp"

#include <algorithm>
#include <vector>

namespace lge::synth {

using anatomy::Level;
using anatomy::Segments;
using anatomy::Wall;
using std::string;

namespace {

// Levels that share the same walls, basal first; the apex stands alone.
struct Group {
    std::vector<Level> levels;
    std::vector<Wall> walls;
    Segments segments;
};

std::vector<Group> grouped(Segments segments) {
    std::vector<Group> groups;
    for (const Level level : {Level::basal, Level::mid, Level::apical}) {
        std::vector<Wall> walls = walls_of(segments, level);
        if (walls.empty()) continue;
        const Segments here = segments & segments_of(level);
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.walls == walls; });
        if (same != groups.end()) same->levels.push_back(level), same->segments = same->segments | here;
        else groups.push_back({{level}, std::move(walls), here});
    }
    if (segments.has(17)) groups.push_back({{Level::apex}, {}, Segments::of({17})});
    return groups;
}

string numbers(Segments segments) {
    std::vector<string> ids;
    segments.each([&](int id) { ids.push_back(std::to_string(id)); });
    return (ids.size() > 1 ? "segments " : "segment ") + joined(ids);
}

string wall_word(Wall wall, Style style, Random& random) {
    // The older names of the wall, before the heart's own axes were the measure (Cerqueira 2002).
    if (wall == Wall::inferolateral && style == Style::clinical) return spin("[inferolateral|inferolateral|inferolateral|inferolateral|posterolateral|posterior]", {}, random);
    return string(anatomy::word(wall));
}

// `alone`: no other group follows, so that a level or numbers behind the walls cannot be taken for its own.
PlaceWords words_of(const Group& group, Style style, bool article, bool alone, Random& random) {
    const string the = article ? "the " : "";
    if (group.walls.empty()) return {the + spin(style == Style::clinical ? "[apex|LV apex|apex|left ventricular apex]" : "apex", {}, random), false};
    std::vector<string> levels, walls;
    for (const Level level : group.levels) levels.push_back(level_word(level, style, random));
    for (const Wall wall : group.walls) walls.push_back(wall_word(wall, style, random));
    // "Inferior and anterolateral" can be taken for infero- and anterolateral, "anterior and inferoseptal" likewise.
    const std::size_t n = walls.size();
    if (n > 1 && (group.walls[n - 1] == Wall::anterolateral || group.walls[n - 2] == Wall::anterior)) std::rotate(walls.begin(), walls.end() - 1, walls.end());
    const bool septal = group.walls.size() == 1 && group.walls[0] == Wall::septal;
    const bool lateral = std::find(group.walls.begin(), group.walls.end(), Wall::lateral) != group.walls.end();
    const bool one_wall = walls.size() == 1, one = one_wall && levels.size() == 1;
    string at = joined(levels);
    // "basal to apical" takes in the level between, so it is said only of all three.
    if (levels.size() == 3 && random.chance(0.5)) at = levels[0] + " to " + levels[2];
    const bool aside_fits = alone && style == Style::clinical;
    const string aside = aside_fits && random.chance(0.12) ? " (AHA " + numbers(group.segments) + ")" : "";
    if (septal && random.chance(0.4)) return {the + at + " septum" + aside, false};
    if (one_wall && !septal && random.chance(0.3)) return {the + at + " " + walls[0] + " wall" + aside, false};
    if (aside_fits && levels.size() == 1 && random.chance(0.2))
        return {the + joined(walls) + (one_wall ? " wall" : " walls") + spin(" at [the |]$level level", {{"level", levels[0]}}, random) + aside, !one_wall};
    if (style == Style::clinical && levels.size() == 1 && walls.size() > 1 && !lateral && random.chance(0.15)) {
        for (string& wall : walls) wall.insert(0, levels[0] + " ");
        return {the + joined(walls) + " segments" + aside, true};
    }
    const bool segment_fits = !septal && !lateral;
    if (one) return {the + at + " " + walls[0] + (segment_fits && random.chance(0.5) ? " segment" : " wall") + aside, false};
    if (one_wall) return {the + at + " " + walls[0] + " wall" + aside, false};
    return {the + at + " " + joined(walls) + (random.chance(0.35) ? " segments" : " walls") + aside, true};
}

}  // namespace

string level_word(Level level, Style style, Random& random) {
    if (level == Level::mid && style == Style::clinical) return spin("[mid|mid|mid-ventricular|midventricular|mid-cavity]", {}, random);
    return string(anatomy::word(level));
}

PlaceWords place_words(Segments segments, Style style, bool article, Random& random) {
    if (style == Style::clinical && random.chance(0.12)) {
        const string text = numbers(segments);
        return {spin("[|AHA |AHA ]$n", {{"n", text}}, random), segments.count() > 1};
    }
    std::vector<string> parts;
    bool plural = false;
    const std::vector<Group> groups = grouped(segments);
    for (const Group& group : groups) {
        PlaceWords words = words_of(group, style, article, groups.size() == 1, random);
        plural = plural || words.plural;
        parts.push_back(std::move(words.text));
    }
    return {joined(parts, parts.size() > 2 ? ", and " : " and "), plural || parts.size() > 1};
}

}  // namespace lge::synth
