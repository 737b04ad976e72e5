#include "lge/report/gathered.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_set>

namespace lge::report {

using anatomy::Pattern;
using anatomy::Presence;
using anatomy::Segments;

namespace {

/// A denial of LGE as a whole that stands after the last doubt.
bool later_denial(const Reading& reading) {
    std::uint32_t doubt = 0, denial = 0;
    for (const Statement& s : reading.statements) {
        if (s.presence == Presence::uncertain) doubt = std::max(doubt, s.start);
        if (s.presence == Presence::absent && !s.qualified && !s.located && !s.artifact) denial = std::max(denial, s.start);
    }
    return denial > doubt;
}

void unique(std::vector<Place>& places) {
    const auto key = [](const Place& p) { return std::tuple(p.segments.bits, p.walls, p.levels); };
    std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) { return key(a) < key(b); });
    places.erase(std::unique(places.begin(), places.end(), [&](const Place& a, const Place& b) { return key(a) == key(b); }), places.end());
}

/// The places of statements of one kind. Findings and impression speak of the same scars: of two places that
/// overlap, the more specific stands.
std::vector<Place> specific(const Reading& reading, Presence presence) {
    std::vector<Place> body, end;
    for (const Statement& s : reading.statements)
        if (s.presence == presence)
            for (const Place& p : s.places) {
                Place q = p;
                q.segments = q.segments - s.spared;
                (s.section == Section::impression ? end : body).push_back(q);
            }
    unique(body);  // a bounded number, however long the text
    unique(end);
    if (body.empty()) return end;
    Segments body_all, end_all;
    for (const Place& p : body) body_all = body_all | p.segments;
    for (const Place& p : end) end_all = end_all | p.segments;
    std::vector<Place> out;
    for (const Place& p : body) {
        bool replaced = false;
        for (const Place& q : end) {
            const bool part = (q.segments - p.segments).empty() && q.segments != p.segments && !q.segments.empty();
            if (part && p.levels == 0 && p.walls != 0) {
                out.push_back(q);
                replaced = true;
            }
        }
        if (!replaced) out.push_back(p);
    }
    for (const Place& q : end)
        if ((q.segments & body_all).empty()) out.push_back(q);
    for (Place& p : out)  // segments by number get the wall's name from the impression
        for (const Place& q : end)
            if (p.walls == 0 && p.levels == 0 && (p.segments - q.segments).empty()) p.walls = q.walls;
    return out;
}

}  // namespace

void conclude(std::string_view text, const Gathered& gathered, Reading& reading) {
    auto& f = reading.finding;
    auto& all = reading.statements;
    bool present = false, uncertain = false, denied_all = false, denied_part = false, denied_last = false, uncertain_last = false, explained = false;
    for (const Statement& s : all) {
        if (s.presence == Presence::present) present = true;
        if (s.presence == Presence::uncertain) { uncertain = true; uncertain_last = uncertain_last || s.section == Section::impression; }
        if (s.presence == Presence::absent) {
            if (s.artifact) explained = true;
            else if (s.qualified || s.located) denied_part = true;
            else { denied_all = true; denied_last = denied_last || s.section == Section::impression; }
        }
    }
    if (present) f.lge = Presence::present;
    else if (uncertain && !(denied_all && !uncertain_last && (denied_last || later_denial(reading)))) f.lge = Presence::uncertain;
    else if (denied_all || denied_part || explained) f.lge = Presence::absent;
    if (gathered.unreadable && !present && f.lge != Presence::absent) f.lge = Presence::not_stated;

    std::vector<Place> certain = specific(reading, Presence::present), possible = specific(reading, Presence::uncertain);
    Segments segments, maybe;
    std::uint32_t walls = 0;
    Levels levels = 0;
    Segments spared;
    for (const Statement& s : all) if (s.presence == Presence::present || s.presence == Presence::absent) spared = spared | s.spared;
    const auto gather = [&](const std::vector<Place>& places, Segments& into) {
        for (const Place& p : places) {
            into = into | p.segments;
            walls |= p.walls;
            levels |= p.levels;
        }
    };
    if (f.lge == Presence::present) {
        gather(certain, segments);
        std::uint32_t w = walls;
        Levels l = levels;
        gather(possible, maybe);
        walls = w;
        levels = l;
        maybe = maybe - segments;
    } else if (f.lge == Presence::uncertain) {
        gather(possible, maybe);
    }
    for (std::size_t w = 0; w < wall_words.size(); ++w)
        if ((walls >> w & 1U) != 0) f.walls.emplace_back(wall_words[w]);
    f.levels = level_names(levels);
    std::vector<bool> patterns(8);
    for (const Statement& s : all)
        if (s.presence == f.lge)
            for (const Pattern p : s.patterns) patterns[static_cast<std::size_t>(p)] = true;
    if ((f.lge == Presence::present || f.lge == Presence::uncertain) && (walls >> 9U & 7U) != 0) patterns[static_cast<std::size_t>(Pattern::rv_insertion)] = true;
    if (f.lge == Presence::present && (gathered.near_transmural || !gathered.depths.empty())) {
        anatomy::Transmurality t;
        std::optional<double> low, high;
        bool open_low = false, open_high = false;
        for (const Percent& p : gathered.depths) {
            if (p.low) low = std::min(low.value_or(*p.low), *p.low);
            if (p.high) high = std::max(high.value_or(*p.high), *p.high);
        }
        for (const Percent& p : gathered.depths) {  // "<25%" below or ">75%" above all that is stated leaves the bound open
            open_low = open_low || (!p.low && (!low || *p.high <= *low));
            open_high = open_high || (!p.high && (!high || *p.low >= *high));
        }
        if (!open_low) t.min_pct = low;
        if (!open_high) t.max_pct = high;
        if (!gathered.depths.empty() && t.max_pct.value_or(0) >= 99 && t.min_pct.value_or(0) >= 75) patterns[1] = true;
        for (const Percent& p : gathered.depths)
            if (p.low.value_or(0) > 75 && p.high.value_or(0) >= 99) patterns[1] = true;
        if (gathered.near_transmural) t.grade = "near_transmural";
        else if (patterns[1]) t.grade = "transmural";
        f.transmurality = t;
    } else if (f.lge == Presence::present && patterns[1]) {
        f.transmurality = anatomy::Transmurality{.min_pct = {}, .max_pct = {}, .grade = "transmural"};
    }
    if (f.lge == Presence::present || f.lge == Presence::uncertain)
        for (std::size_t p = 0; p < patterns.size(); ++p)
            if (patterns[p]) f.pattern.push_back(static_cast<Pattern>(p));
    const bool papillary_only = f.pattern.size() == 1 && f.pattern.front() == Pattern::papillary;
    segments = segments - spared;
    f.segments = segments;
    if (f.lge == Presence::not_stated || (f.lge == Presence::present && segments.empty() && !papillary_only)) f.segments.reset();
    f.segments_possible = maybe;
    if (f.lge == Presence::present) {
        if (!gathered.shares.empty()) f.extent_percent = std::pair{gathered.shares.front().low.value_or(0), gathered.shares.front().high.value_or(100)};
        f.mass_g = gathered.mass;
        f.territory = gathered.territories;
        std::sort(f.territory.begin(), f.territory.end());
        conclude_cause(gathered, reading);
    }
    if (f.lge != Presence::not_stated) f.mvo = gathered.mvo;
    if (f.lge == Presence::present || f.lge == Presence::uncertain) {
        if (gathered.mixed || (gathered.viable && gathered.nonviable)) f.viability = "mixed";
        else if (gathered.viable) f.viability = "viable";
        else if (gathered.nonviable) f.viability = "nonviable";
    }
    static constexpr std::array<std::string_view, 5> changes{"unchanged", "decreased", "increased", "new", "resolved"};
    if (gathered.temporal && f.lge != Presence::not_stated && (f.lge != Presence::absent || *gathered.temporal == 4)) f.temporal = changes[*gathered.temporal];
    std::unordered_set<std::string_view> hedges;
    if (f.lge != Presence::not_stated)
        for (const Statement& s : all)
            if (s.presence == Presence::uncertain)
                for (const auto& [a, b] : s.hedges)
                    if (hedges.insert(text.substr(a, b - a)).second) f.uncertainty.emplace_back(text.substr(a, b - a));
    f.other.assign(gathered.other.begin(), gathered.other.end());
    for (const Statement& s : all) {
        if (s.presence != f.lge) continue;
        anatomy::Evidence e{.start = s.start, .end = s.end, .section = std::string(word(s.section)), .rule = s.rule};
        // statements stand in the order of the text: a passage named twice can only overlap the last
        if (!f.evidence.empty() && f.evidence.back().start < e.end && e.start < f.evidence.back().end) {
            auto& x = f.evidence.back();
            x.start = std::min(x.start, e.start);
            x.end = std::max(x.end, e.end);
        } else f.evidence.push_back(std::move(e));
    }
}

}  // namespace lge::report
