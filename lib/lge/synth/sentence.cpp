#include "lge/synth/sentence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace lge::synth {

using anatomy::Finding;
using anatomy::Level;
using anatomy::Pattern;
using anatomy::Presence;
using anatomy::Segments;
using anatomy::Wall;
using std::string;
using std::string_view;

namespace {

template <std::size_t N>
string_view pick(const std::array<string_view, N>& words, Random& random) { return words[random.below(N)]; }

string joined(const std::vector<string>& items, string_view last = " and ") {
    string out;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) out += i + 1 == items.size() ? string(last) : ", ";
        out += items[i];
    }
    return out;
}

string capital(string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

string level_word(Level level, Random& random) {
    constexpr std::array<string_view, 3> mid{"mid", "mid-ventricular", "mid"};
    return string(level == Level::mid ? pick(mid, random) : anatomy::word(level));
}

string pattern_word(Pattern pattern, Style style, Random& random) {
    constexpr std::array<string_view, 2> inner{"subendocardial", "subendocardial"}, middle{"midwall", "mid-wall"}, outer{"subepicardial", "epicardial"};
    constexpr std::array<string_view, 4> middle_words{"midwall", "mid-wall", "mid-myocardial", "intramural"};
    switch (pattern) {
    case Pattern::subendocardial: return string(pick(inner, random));
    case Pattern::midwall: return string(style == Style::clinical ? pick(middle_words, random) : pick(middle, random));
    case Pattern::subepicardial: return string(style == Style::clinical ? pick(outer, random) : outer[0]);
    default: return string(anatomy::word(pattern));
    }
}

string patterns(const Finding& f, Style style, Random& random) {
    std::vector<string> words;
    for (const Pattern p : f.pattern) words.push_back(pattern_word(p, style, random));
    return joined(words);
}

// Levels that share the same walls, basal first; the apex stands alone.
struct Group { std::vector<Level> levels; std::vector<Wall> walls; };

std::vector<Group> grouped(Segments segments) {
    std::vector<Group> groups;
    for (const Level level : {Level::basal, Level::mid, Level::apical}) {
        std::vector<Wall> walls = walls_of(segments, level);
        if (walls.empty()) continue;
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.walls == walls; });
        if (same != groups.end()) same->levels.push_back(level);
        else groups.push_back({{level}, std::move(walls)});
    }
    if (segments.has(17)) groups.push_back({{Level::apex}, {}});
    return groups;
}

string location(const Group& group, Style style, Random& random) {
    if (group.walls.empty()) return style == Style::clinical && random.chance(0.3) ? "the LV apex" : "the apex";
    std::vector<string> levels, walls;
    for (const Level level : group.levels) levels.push_back(level_word(level, random));
    for (const Wall wall : group.walls) walls.emplace_back(anatomy::word(wall));
    const bool only_septal = group.walls.size() == 1 && group.walls[0] == Wall::septal;
    const bool one = walls.size() == 1 && levels.size() == 1;
    string at = joined(levels) + " ";
    // "basal to apical" takes in the level between, so it is said only of all three.
    if (levels.size() == 3 && random.chance(0.5)) at = levels[0] + " to " + levels[2] + " ";
    if (only_septal && random.chance(0.4)) return "the " + at + "septum";
    constexpr std::array<string_view, 3> many{"walls", "segments", "walls"};
    constexpr std::array<string_view, 2> single{"wall", "segment"};
    const bool segment_fits = !only_septal && std::find(group.walls.begin(), group.walls.end(), Wall::lateral) == group.walls.end();
    return "the " + at + joined(walls) + " " + string(one ? (segment_fits ? pick(single, random) : single[0]) : walls.size() == 1 ? string_view("wall") : pick(many, random));
}

string numbers(Segments segments, Random& random) {
    std::vector<string> ids;
    segments.each([&](int id) { ids.push_back(std::to_string(id)); });
    constexpr std::array<string_view, 2> names{"segment", "AHA segment"};
    return string(pick(names, random)) + (ids.size() > 1 ? "s " : " ") + joined(ids);
}

string locations(Segments segments, Style style, Random& random) {
    if (style == Style::clinical && random.chance(0.12)) return numbers(segments, random);
    std::vector<string> parts;
    for (const Group& group : grouped(segments)) parts.push_back(location(group, style, random));
    return joined(parts, parts.size() > 2 ? ", and " : " and ");
}

string tail(const Finding& f, Style style, Random& random) {
    string out;
    if (f.transmurality && f.transmurality->max_pct) {
        constexpr std::array<string_view, 4> forms{", with about {}% transmurality", ", with approximately {}% transmurality", " ({}% transmurality)", ", {}% of the wall thickness"};
        out += fmt::format(fmt::runtime(style == Style::plain ? forms[1] : pick(forms, random)), static_cast<int>(std::lround(*f.transmurality->max_pct)));
    }
    if (f.mvo == true) {
        constexpr std::array<string_view, 4> forms{", with microvascular obstruction", ", with a core of microvascular obstruction", ", with a dark no-reflow core", " with central microvascular obstruction"};
        out += style == Style::plain ? forms[0] : pick(forms, random);
    }
    return out;
}

constexpr std::array<string_view, 7> nouns{"late gadolinium enhancement", "LGE", "delayed enhancement", "hyperenhancement",
                                           "late enhancement", "delayed hyperenhancement", "myocardial scar"};
constexpr std::array<string_view, 2> plain_nouns{"late gadolinium enhancement", "scar"};

string present(const Finding& f, Style style, Random& random) {
    const string noun(style == Style::plain ? pick(plain_nouns, random) : pick(nouns, random));
    const string what = f.pattern.empty() ? noun : patterns(f, style, random) + " " + noun;
    const string where = locations(*f.segments, style, random), more = tail(f, style, random);
    const bool several = where.find(" and ") != string::npos;
    constexpr std::array<string_view, 8> forms{
        "there is {what} in {where}{more}", "{what} in {where}{more}", "{what} involving {where}{more}", "{what} is seen in {where}{more}",
        "{what} is present in {where}{more}", "{where} {show} {what}{more}", "evidence of {what} in {where}{more}", "{what} of {where}{more}"};
    constexpr std::array<string_view, 3> plain_forms{forms[0], forms[1], forms[4]};
    constexpr std::array<string_view, 2> verbs{"show", "demonstrate"};
    const string verb = string(pick(verbs, random)) + (several || where.starts_with("segments") || where.starts_with("AHA segments") || where.ends_with("s") ? "" : "s");
    return capital(fmt::format(fmt::runtime(style == Style::plain ? pick(plain_forms, random) : pick(forms, random)),
                               fmt::arg("what", what), fmt::arg("where", where), fmt::arg("more", more), fmt::arg("show", verb))) + ".";
}

string absent(Style style, Random& random) {
    constexpr std::array<string_view, 10> forms{
        "no late gadolinium enhancement", "no LGE", "no evidence of late gadolinium enhancement", "no myocardial scar", "there is no delayed enhancement",
        "absence of late gadolinium enhancement", "no hyperenhancement is seen", "no evidence of myocardial scar or fibrosis", "without late gadolinium enhancement",
        "no areas of delayed hyperenhancement"};
    constexpr std::array<string_view, 2> plain_forms{forms[0], forms[3]};
    return string(style == Style::plain ? pick(plain_forms, random) : pick(forms, random));
}

}  // namespace

std::vector<Wall> walls_of(Segments segments, Level level) {
    std::vector<Wall> walls;
    if (level == Level::apex || level == Level::unknown) return walls;
    Segments left = segments & segments_of(level);
    if (level == Level::apical) {
        for (const Wall wall : {Wall::anterior, Wall::septal, Wall::inferior, Wall::lateral})
            if (!(left & segments_of(wall, level)).empty()) walls.push_back(wall);
        return walls;
    }
    const auto take = [&](Wall wall) {
        const Segments s = segments_of(wall, level);
        if ((left & s) != s) return;
        walls.push_back(wall);
        left = left - s;
    };
    for (const Wall wall : {Wall::anterior, Wall::septal, Wall::anteroseptal, Wall::inferoseptal, Wall::inferior, Wall::lateral, Wall::inferolateral, Wall::anterolateral}) take(wall);
    return walls;
}

std::vector<string> wall_words(Segments segments) {
    std::vector<string> words;
    for (const Level level : {Level::basal, Level::mid, Level::apical})
        for (const Wall wall : walls_of(segments, level))
            if (const string word(wall == Wall::septal ? "septum" : anatomy::word(wall)); std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    return words;
}

string caption(const Finding& f, Level level, Style style, Random& random) {
    if (f.lge == Presence::present) return present(f, style, random);
    const string none = absent(style, random);
    // A level named in a denial says where one looked.
    if (level != Level::unknown && level != Level::apex && random.chance(0.35)) return capital(none) + " at the " + level_word(level, random) + " level.";
    if (level == Level::apex && random.chance(0.35)) return capital(none) + " at the apex.";
    return capital(none) + ".";
}

string report(const Finding& f, Style style, Random& random) {
    const bool found = f.lge == Presence::present;
    string lge = found ? present(f, style, random) : capital(absent(style, random)) + ".";
    if (found && f.extent_percent) {
        constexpr std::array<string_view, 3> forms{" LGE extent is {}% of LV mass.", " LGE burden {}% of the LV mass.", " Total LGE extent is {}% of LV mass."};
        lge += fmt::format(fmt::runtime(pick(forms, random)), static_cast<int>(std::lround(f.extent_percent->first)));
    }
    if (style == Style::plain) return lge;
    constexpr std::array<string_view, 4> techniques{"Cine and late gadolinium enhancement imaging in the short axis.", "Short-axis cine; LGE 10 minutes after contrast.",
                                                    "CMR with contrast, PSIR sequence.", "Standard protocol with cine and delayed enhancement sequences."};
    constexpr std::array<string_view, 4> ventricles{"The left ventricle is imaged from base to apex.", "Image quality is good.", "Image quality is sufficient for diagnosis.", "No pericardial effusion."};
    constexpr std::array<string_view, 3> closings{"Findings as described.", "See findings.", "As above."};
    constexpr std::array<string_view, 3> negatives{"No myocardial scar.", "No late gadolinium enhancement.", "No evidence of scar or fibrosis."};
    const string closing(found ? pick(closings, random) : pick(negatives, random));
    switch (random.below(3)) {
    case 0: return fmt::format("TECHNIQUE: {}\nFINDINGS: {} {}\nIMPRESSION: {}", pick(techniques, random), pick(ventricles, random), lge, closing);
    case 1: return fmt::format("Findings\n- {}\n- {}\nConclusion\n{}", pick(ventricles, random), lge, closing);
    default: return fmt::format("{} {}", pick(ventricles, random), lge);
    }
}

}  // namespace lge::synth
