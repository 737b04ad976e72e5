#include "lge/report/areas.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Level;

namespace {

/// "the lateral wall at the apex": nothing but "at the" stands between.
bool at_the(const Passage& in, std::uint32_t before, std::uint32_t level) {
    return level == before + 3 && in.is(in.at[before + 1], Role::preposition) && in.is(in.at[before + 2], Role::possessive);
}

/// "the inferior apex": the apical part of that wall, unless the wall is named in full, "inferior wall, apex".
bool names_apical_wall(const Passage& in, const Spot& wall, const Spot& apex) {
    return wall.type == Spot::Type::wall && apex.first == apex.last && apex.first == wall.last + 1 && in.at[wall.last].kind == Token::Kind::word && wall.first == wall.last && !in.is(in.at[wall.last], Role::joining);
}

/// How a level goes on with the run before it: not at all, as another of a list, as the end of a range, or as such an end
/// right behind it ("basal mid", where nothing lies between the two but the word "to" that is left out).
enum class Link { none, list, range, adjacent };
/// "basal (25-50 %) and mid": the end of a bracket at a token that holds but an amount, and behind which only "and" leads to the
/// next level; the token itself for any other.
std::uint32_t end_of_amount(const Passage& in, std::uint32_t i, std::uint32_t next) {
    if (!sign(in.at[i], '(')) return i;
    constexpr std::uint32_t longest = 9;  // tokens: "(25-50 % of the wall thickness)"
    std::uint32_t close = i + 1;
    const bool amount = close < in.count && (in.at[close].kind == Token::Kind::number || sign(in.at[close], '<') || sign(in.at[close], '>'));
    while (close < in.count && close < i + longest && !sign(in.at[close], ')') && !sign(in.at[close], ',')) ++close;
    const bool percent = std::any_of(in.at + i, in.at + std::min(close, in.count), [](const Token& t) { return sign(t, '%'); });
    return amount && percent && close + 2 == next && sign(in.at[close], ')') && in.is(in.at[close + 1], Role::conjunction) ? close : i;
}

/// Tokens between two levels, but for an amount in brackets.
std::uint32_t distance_of(const Passage& in, std::uint32_t from, std::uint32_t to) {
    std::uint32_t n = 1;
    for (std::uint32_t i = from + 1; i < to; ++i) {
        const std::uint32_t close = end_of_amount(in, i, to);
        n += close == i;
        i = close;
    }
    return n;
}

Link link_of(const Passage& in, const Spot& before, const Spot& next) {
    if (next.first == before.last + 1) return in.at[next.first].spaced ? Link::adjacent : Link::range;  // "base-apex"
    Link link = Link::list;
    const bool again = next.first > before.last + 2 && in.is(in.at[before.last + 1], Role::conjunction) && in.is(in.at[before.last + 2], Role::range);  // "to the apex and to the basal septum"
    for (std::uint32_t i = before.last + 1; i < next.first; ++i) {
        if (const std::uint32_t close = end_of_amount(in, i, next.first); close != i) {
            i = close;
            continue;
        }
        const Token& t = in.at[i];
        if (sign(t, ')') || (sign(t, '(') && !in.is(in.at[i + 1], Role::conjunction))) return Link::none;  // "(basal, mid) and the mid inferior wall"
        if ((in.is(t, Role::range) && !again) || sign(t, '-') || sign(t, '>')) link = Link::range;
        else if (i + 2 == next.first && in.is(t, Role::above | Role::below) && in.is(in.at[i + 1], Role::than)) ++i;  // "basal more than mid"
        else if (!in.is(t, Role::joining) && t.kind != Token::Kind::sign && t.kind != Token::Kind::newline) return Link::none;
    }
    return link;
}

/// "inferior wall, basal and mid, and in the apical part of the septum": behind the levels of a wall, one that leads to the
/// wall that it is a part of.
bool leads_to_its_wall(const Passage& in, const OwnSpots& own, const LevelRun& run) {
    const std::size_t e = run.end;
    const Token& before = in.at[own[e]->first - 1];
    const bool again = own[e]->first > own[e - 1]->last + 2 || (run.levels & level_bit(level_of(own[e]->code))) != 0;  // "mid level and apical segments of", "mid and apical and mid segments of"
    if (behind_wall(in, own, run.first) == Behind::no || !(sign(before, ',') || in.is(before, Role::possessive) || (again && in.is(before, Role::conjunction)))) return false;
    std::size_t last = e;
    while (is_level(own, last + 1) && link_of(in, *own[last], *own[last + 1]) != Link::none) ++last;
    if (!is_wall(own, last + 1)) return false;
    const Token *level = in.at + own[last]->last, *wall = in.at + own[last + 1]->first;  // a level may hold the "of" itself
    const auto part = [&](const Token& t) { return in.is(t, Role::joining | Role::possessive | Role::segment) && !in.is(t, Role::conjunction | Role::range); };
    return std::any_of(level, wall, [&](const Token& t) { return in.is(t, Role::preposition); }) && std::all_of(level + 1, wall, part);
}

/// "the anterior wall at the base, in the mid to apical septum": behind the level of a wall, levels that describe another one, with
/// an article of its own.
bool opens_place(const Passage& in, const OwnSpots& own, const LevelRun& run) {
    if (!(run.noun || run.at_word) || run.first == 0 || !is_wall(own, run.first - 1) || own[run.end]->first < 2) return false;
    std::size_t last = run.end;
    while (is_level(own, last + 1) && link_of(in, *own[last], *own[last + 1]) != Link::none) ++last;
    const Token &article = in.at[own[run.end]->first - 1], &joint = in.at[own[run.end]->first - 2];
    const bool named = in.is(article, Role::possessive) && !in.is(article, Role::preposition) && (sign(joint, ',') || in.is(joint, Role::preposition | Role::range | Role::conjunction));
    return named && last > run.end && is_wall(own, last + 1) && own[last + 1]->first == own[last]->last + 1;
}

/// Whether the level `e`, which a wall follows at once, is of that wall alone and does not go on with the run.
bool begins_another(const Passage& in, const OwnSpots& own, const LevelRun& run, bool governed) {
    const std::size_t e = run.end;
    const auto segment = [&](const Token& t) { return t.kind == Token::Kind::word && in.is(t, Role::segment); };
    if (e == run.first + 1 && named_whole(in, own, run.first) && std::any_of(in.at + own[run.first]->last, in.at + own[e]->first, segment)) return true;  // "all six mid segments and, at the base, the lateral wall"
    if (run.apex && e + 1 < own.size() && own[e + 1]->type == Spot::Type::segments && own[e + 1]->first == own[e]->last + 1) return true;  // "the LV tip and apical segments 15 and 16"
    if (named_whole(in, own, e)) return true;  // "lateral wall basal-mid, all apical segments"
    if (leads_to_its_wall(in, own, run)) return true;
    if (is_wall(own, e + 1) && leads_next(in, *own[e], *own[e + 1])) return true;
    if (opens_place(in, own, run)) return true;
    if (!is_wall(own, e + 1) || own[e + 1]->first != own[e]->last + 1) return false;
    if (run.levels == level_bit(Level::apex) && level_of(own[e]->code) == Level::apical) return true;  // "LV tip + apical lateral"
    if ((run.levels & level_bit(level_of(own[e]->code))) != 0) return true;  // "inferior wall basal-mid-apical and basal inferoseptum"
    const Spot &first = *own[run.first], &before = *own[e - 1], &level = *own[e];
    const Spot* wall = run.first > 0 && is_wall(own, run.first - 1) ? own[run.first - 1] : nullptr;
    const auto word = [&](std::uint32_t i, std::uint32_t role) { return in.at[i].kind == Token::Kind::word && in.is(in.at[i], role); };
    if (word(before.last + 1, Role::segment)) return true;                             // "all basal segments and the mid septum"
    if (run.noun && wall != nullptr && first.first <= wall->last + 3) return true;     // "the insertion point at basal level and the apical septum"
    if (run.noun && std::any_of(in.at + before.last + 1, in.at + level.first, [&](const Token& t) { return in.is(t, Role::preposition); })) return true;  // "the apex and in the mid inferolateral segment"
    const Token& joint = in.at[first.last + 1];
    if (e == run.first + 1 && !governed && wall != nullptr && first.first == wall->last + 1 && level.first == first.last + 2 && (sign(joint, '+') || in.is(joint, Role::conjunction)) && !is_level(own, e + 2)) return true;  // "inferior mid & apical lateral"
    if (!governed && wall != nullptr && first.first == wall->last + 1 && sign(in.at[level.first - 1], ',') && level.first == before.last + 2 && !is_level(own, e + 1)) return true;  // "anteroseptum basal and mid, apical septum"
    constexpr std::uint32_t longest_article = 2;  // letters: "basal and mid level plus a mid lateral focus"
    const Token& article = in.at[level.first - 1];
    return level.first > before.last + 1 && article.end - article.start <= longest_article && word(level.first - 1, Role::joining) && !in.is(article, Role::preposition | Role::conjunction | Role::alternative | Role::range | Role::possessive);
}

Levels levels_between(Level a, Level b) {
    Levels levels = 0;
    for (auto l = static_cast<unsigned>(std::min(a, b)); l <= static_cast<unsigned>(std::max(a, b)); ++l) levels |= level_bit(static_cast<Level>(l));
    return levels;
}

}  // namespace

bool is_noun(std::uint32_t word) {
    const auto level = static_cast<LevelWord>(word);
    return level == LevelWord::base || level == LevelWord::midlevel || level == LevelWord::apicallevel;
}

Level level_of(std::uint32_t word) {
    switch (static_cast<LevelWord>(word)) {
        case LevelWord::basal: case LevelWord::base: return Level::basal;
        case LevelWord::mid: case LevelWord::midlevel: case LevelWord::upper: return Level::mid;
        case LevelWord::apical: case LevelWord::apicallevel: case LevelWord::lower: return Level::apical;
        default: return Level::apex;
    }
}

bool names_level(const Spot& s) { return s.type == Spot::Type::level && !of_length(s.code); }

Behind behind_wall(const Passage& in, const OwnSpots& own, std::size_t k) {
    if (k == 0 || !is_wall(own, k - 1) || !is_level(own, k)) return Behind::no;
    const Token* const level = in.at + own[k]->first;
    const auto leads = [&](const Token& t) { return in.is(t, Role::preposition | Role::origin); };
    const Token* const gap = std::find_if_not(in.at + own[k - 1]->last + 1, level, [&](const Token& t) { return in.is(t, Role::joining) && !leads(t) && !in.is(t, Role::conjunction | Role::possessive | Role::range); });  // "walls", "segments"
    const bool parted = sign(*gap, ',') || sign(*gap, '(');
    if (!parted && !leads(*gap)) return Behind::no;
    const Token* word = gap;
    for (const Token* t = gap + 1; t < level; ++t) {
        if (!in.is(*t, Role::possessive | Role::preposition) || in.is(*t, Role::conjunction)) return Behind::no;
        word = t;
    }
    return parted && word == gap ? Behind::sign : Behind::word;
}

bool leads_next(const Passage& in, const Spot& level, const Spot& wall) {
    constexpr std::uint32_t reach = 7;  // tokens
    std::uint32_t first = level.first, end = level.last + 1;
    while (first > 0 && in.is(in.at[first - 1], Role::preposition | Role::possessive) && !in.is(in.at[first - 1], Role::conjunction)) --first;
    if ((first == level.first && !in.is(in.at[first], Role::preposition)) || first < 2 || !sign(in.at[first - 1], ',') || !in.is(in.at[first - 2], Role::conjunction)) return false;
    if (in.starts_at(Kind::explains, end)) ++end;  // "only"
    return end < wall.first && sign(in.at[end], ',') && wall.first <= end + reach;
}

LevelRun level_run(const Passage& in, const OwnSpots& own, std::size_t first, bool governed) {
    constexpr std::uint32_t reach = 4;
    const Spot& s = *own[first];
    const auto word = static_cast<LevelWord>(s.code);
    Level previous = level_of(s.code);
    LevelRun run{.first = first, .end = first + 1, .levels = 0, .noun = is_noun(s.code), .apex = previous == Level::apex, .at_word = false};
    if (run.apex && first > 0 && names_apical_wall(in, *own[first - 1], s)) run.apex = false, previous = Level::apical;
    run.at_word = s.first > 0 && (in.is(in.at[s.first - 1], Role::preposition) || (run.apex && first > 0 && at_the(in, own[first - 1]->last, s.first)));
    run.levels = level_bit(previous);
    if (word == LevelWord::upper) run.levels |= level_bit(Level::basal);  // "the proximal two thirds"
    if (word == LevelWord::lower) run.levels |= level_bit(Level::mid);
    for (; run.end < own.size() && names_level(*own[run.end]) && distance_of(in, own[run.end - 1]->last, own[run.end]->first) <= reach; ++run.end) {
        const Spot& level = *own[run.end];
        if (begins_another(in, own, run, governed)) break;
        if (level_of(level.code) == Level::apex && run.end + 1 < own.size() && names_level(*own[run.end + 1]) && level_of(own[run.end + 1]->code) == Level::apex && own[run.end + 1]->first <= level.last + reach) break;  // "... and the apex including its cap"
        const Link link = link_of(in, *own[run.end - 1], level);
        if (link == Link::none) break;
        Level next = level_of(level.code);
        const bool third = link == Link::list && previous == Level::mid && (run.levels & level_bit(Level::basal)) != 0;  // "at base, mid and apex"
        if (next == Level::apex && (third || (link == Link::range && previous != Level::apical))) next = Level::apical;  // "base to apex" are the three rings, not "all apical segments to the apex"
        if (link != Link::list) run.levels |= levels_between(previous, next);
        if (link != Link::list && previous == Level::apex) run.levels = (run.levels & ~level_bit(Level::apex)) | level_bit(Level::apical);
        run.levels |= level_bit(next);
        run.apex = (run.levels & level_bit(Level::apex)) != 0;
        run.noun = run.noun || is_noun(level.code) || static_cast<LevelWord>(level.code) == LevelWord::apex;
        previous = next;
    }
    return run;
}

}  // namespace lge::report
