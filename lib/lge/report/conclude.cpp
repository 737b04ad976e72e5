#include "lge/report/areas.hpp"
#include "lge/report/gathered.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_set>

namespace lge::report {

using anatomy::Finding;
using anatomy::Pattern;
using anatomy::Presence;
using anatomy::Segments;

namespace {

constexpr auto transmural = static_cast<std::size_t>(Pattern::transmural);

/// Whether a statement denies LGE as a whole, not of one kind or part.
bool denies_whole(const Statement& s) { return s.presence == Presence::absent && !s.qualified && !s.located && !s.artifact; }

/// Whether the impression denies LGE as a whole, by name or in an addendum, and affirms none: what came before was quoted,
/// explained away or read in error.
bool refuted_last(const Gathered& gathered, const Reading& reading) {
    bool refuted = false;
    for (const Statement& s : reading.statements) {
        if (s.section != Section::impression) continue;
        if (s.presence != Presence::absent) return false;
        refuted = refuted || ((s.by_name || gathered.amended) && denies_whole(s));
    }
    return refuted;
}

/// "previous scar told by another clinic ... There is no scar at all", "inferior infarct 2009 ... LGE: none": LGE is denied of all,
/// and what is affirmed is neither LGE by name nor told where, how much, of which vessel or of which layer; an infarct may be told
/// where before the denial.
bool outweighed(const Gathered& gathered, const Reading& reading) {
    if (!gathered.territories.empty() || !gathered.shares.empty() || gathered.mass) return false;
    const auto denial = std::find_if(reading.statements.begin(), reading.statements.end(), [](const Statement& s) { return !s.infarct && denies_whole(s); });
    if (denial == reading.statements.end()) return false;
    const auto vague = [&](const Statement& s) {
        const bool past = s.infarct && s.section != Section::impression && s.end < denial->start && denial->by_name;
        return s.presence != Presence::present || (!s.by_name && s.rule != "exception" && s.patterns.empty() && (s.places.empty() || past));
    };
    return std::all_of(reading.statements.begin(), reading.statements.end(), vague);
}

/// A definite statement stands; doubt gives way to a denial of LGE as a whole that stands in the impression or later.
Presence presence_of(const Gathered& gathered, const Reading& reading) {
    bool present = false, uncertain = false, doubt_last = false, denied = false, denied_last = false, denied_part = false, other_layer = false;
    std::uint32_t doubt = 0, denial = 0, doubt_sentence = nowhere;
    for (const Statement& s : reading.statements) {
        const bool last = s.section == Section::impression;
        if (s.presence == Presence::present) present = true;
        if (s.presence == Presence::uncertain) {
            uncertain = true;
            doubt_last = doubt_last || last;
            doubt = std::max(doubt, s.start);
            doubt_sentence = s.sentence;
            other_layer = other_layer || std::any_of(s.patterns.begin(), s.patterns.end(), [](Pattern p) { return p == Pattern::midwall || p == Pattern::subepicardial || p == Pattern::diffuse; });
        }
        if (s.presence != Presence::absent) continue;
        const bool of_infarct = s.infarct && (other_layer || s.sentence == doubt_sentence);  // "possible midwall fibrosis; no infarct" leaves the doubt
        if (!denies_whole(s) || of_infarct) { denied_part = true; continue; }
        denied = true;
        denied_last = denied_last || last;
        denial = std::max(denial, s.start);
    }
    if (present && !refuted_last(gathered, reading) && !outweighed(gathered, reading)) return Presence::present;
    if (present) return Presence::absent;
    if (uncertain && !(denied && !doubt_last && (denied_last || denial > doubt))) return Presence::uncertain;
    return denied || denied_part ? Presence::absent : Presence::not_stated;
}

/// "is suspected" as "suspected".
std::string_view without_verb(std::string_view hedge) {
    for (const std::string_view verb : {"is ", "are ", "was ", "were "})
        if (hedge.size() > verb.size() && std::equal(verb.begin(), verb.end(), hedge.begin(), [](char a, char b) { return a == (b | ' '); })) return hedge.substr(verb.size());
    return hedge;
}

bool strictly_part(Segments a, Segments b) { return !a.empty() && a != b && (a - b).empty(); }

void unique(std::vector<Place>& places) {
    const auto key = [](const Place& p) { return std::tuple(p.segments.bits, p.walls, p.levels, p.emphasised); };
    std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) { return key(a) < key(b); });
    places.erase(std::unique(places.begin(), places.end(), [&](const Place& a, const Place& b) { return key(a) == key(b); }), places.end());
}

/// Whether a segment of `a` lies beside one of `b` in the same ring.
bool beside(Segments a, Segments b) {
    bool found = false;
    a.each([&](int id) {
        if (id > 16) return;
        const int first = id <= 6 ? 1 : id <= 12 ? 7 : 13, count = id <= 12 ? 6 : 4;
        found = found || b.has(first + (id - first + 1) % count) || b.has(first + (id - first + count - 1) % count);
    });
    return found;
}

/// A level without a wall, said neither of "segments" nor of LGE by name, is no ring where walls or numbers are named: the
/// wall it belongs to was said elsewhere.
void leave_bare(std::vector<Place>& body, std::vector<Place>& end) {
    const auto named = [](const Place& p) { return p.walls != 0 || (p.levels == 0 && !p.segments.empty()); };
    if (std::none_of(body.begin(), body.end(), named) && std::none_of(end.begin(), end.end(), named)) return;
    const auto bare = [](const Place& p) { return p.bare; };
    std::erase_if(body, bare);
    std::erase_if(end, bare);
}

/// The places of statements of one kind. Findings and impression speak of the same scars: of two places that overlap,
/// the more specific stands, and an infarct named by one wall in the impression is the scar beside it in the findings.
std::vector<Place> specific(const Reading& reading, Presence presence) {
    std::vector<Place> body, end;
    for (const Statement& s : reading.statements) {
        if (s.presence != presence) continue;
        for (Place p : s.places) {
            p.segments = p.segments - s.spared;
            p.bare = p.bare && s.implicit && p.walls == 0;
            p.loose = s.infarct && s.places.size() == 1 && (p.levels == 0) != (p.walls == 0);
            (s.section == Section::impression ? end : body).push_back(p);
        }
    }
    unique(body);  // a bounded number, however long the text
    unique(end);
    leave_bare(body, end);
    if (body.empty()) body.swap(end);
    const Segments body_all = segments_of(body);
    const bool numbered = !body.empty() && std::all_of(body.begin(), body.end(), [](const Place& p) { return p.walls == 0 && p.levels == 0 && !p.segments.empty(); });
    std::vector<Place> out;
    for (const Place& p : body) {
        bool replaced = false;
        const bool whole_wall = !p.whole && ((p.levels == 0 && p.walls != 0 && (p.walls & insertion_walls) == 0) || (p.levels != 0 && p.walls == 0));
        for (const Place& q : end)
            if (whole_wall && !q.emphasised && (p.walls != 0 || q.walls != 0) && strictly_part(q.segments, p.segments)) {
                out.push_back(q);
                replaced = true;
            }
        for (const Place& q : body)  // "inferior; segments 4, 10"
            if (whole_wall && q.walls == 0 && q.levels == 0 && q.segments != p.segments && !(q.segments & p.segments).empty()) {
                out.push_back({.segments = q.segments & p.segments, .walls = p.walls});
                replaced = true;
            }
        const bool whole_insertion = p.levels == 0 && (p.walls & insertion_walls) != 0 && (p.walls & ~insertion_walls) == 0;
        for (const Place& q : body) {
            const bool own_kind = whole_insertion && (q.walls & insertion_walls) != 0 && (q.walls & ~insertion_walls) == 0;  // "junctions at mid level; insertion points only"
            replaced = replaced || ((whole_wall || own_kind) && !q.emphasised && q.levels != 0 && q.walls != 0 && strictly_part(q.segments, p.segments));
        }
        if (!replaced) out.push_back(p);
    }
    for (const Place& q : end)
        if ((q.segments & body_all).empty() && !((q.loose || numbered) && beside(q.segments, body_all)) && !(q.walls == 0 && q.levels == level_bit(anatomy::Level::apical) && body_all.has(17))) out.push_back(q);
    for (Place& p : out) {  // segments by number get the names of the walls from the impression
        if (p.walls != 0 || p.levels != 0 || p.segments.empty() || !(p.segments - segments_of(end)).empty()) continue;
        for (const Place& q : end)
            if (!(p.segments & q.segments).empty()) p.walls |= q.walls;
    }
    return out;
}

/// What the impression only doubts was no more than doubtful in the findings.
void weaken(Reading& reading) {
    Segments doubted, affirmed;
    const Statement* doubt = nullptr;
    const Statement* unsure = nullptr;  // of LGE by name, whose place is not told again
    bool asserted = false;
    for (const Statement& s : reading.statements) {
        if (s.section != Section::impression) continue;
        if (s.presence == Presence::present) {
            asserted = true;
            if (s.places.empty()) return;
            affirmed = affirmed | segments_of(s.places);
        }
        if (s.presence == Presence::uncertain && !s.places.empty()) {
            doubted = doubted | segments_of(s.places);
            doubt = &s;
        } else if (s.presence == Presence::uncertain && s.by_name && s.rule != "unreadable") unsure = &s;
    }
    if (doubt == nullptr && unsure != nullptr && !asserted)  // "Impression: LGE probable, not certain."
        for (Statement& s : reading.statements)
            if (s.presence == Presence::present) {
                s.presence = Presence::uncertain;
                s.hedges = unsure->hedges;
            }
    if (doubt == nullptr) return;
    for (Statement& s : reading.statements) {
        const Segments here = segments_of(s.places);
        if (s.section == Section::impression || s.presence != Presence::present || here.empty() || !(here - doubted).empty() || !(here & affirmed).empty()) continue;
        s.presence = Presence::uncertain;
        s.hedges = doubt->hedges;
    }
}

/// "Known anterior infarct (2015). No contrast today.": an infarct by name alone was not seen where LGE was not acquired.
bool only_known(const Reading& reading) {
    return std::all_of(reading.statements.begin(), reading.statements.end(), [](const Statement& s) { return s.presence != Presence::present || (s.patterns.empty() && ((s.infarct && !s.by_name) || s.known)); });
}

/// "LGE of the septum. No LGE in segment 8.": the denied places that are a part of what is told, where nothing is told of that
/// part itself.
Segments denied_parts(const Reading& reading, const std::vector<Place>& told) {
    Segments denied;
    for (const Statement& s : reading.statements) {
        if (s.presence != Presence::absent || s.qualified || !s.patterns.empty()) continue;
        for (const Place& p : s.places) {
            const bool part = std::any_of(told.begin(), told.end(), [&](const Place& q) { return strictly_part(p.segments, q.segments); });
            const bool itself = std::any_of(told.begin(), told.end(), [&](const Place& q) { return !q.segments.empty() && (q.segments - p.segments).empty(); });
            if (part && !itself && (!s.implicit || p.walls != 0)) denied = denied | p.segments;
        }
    }
    return denied;
}

/// The places of a finding: its segments, and the words they were said by.
void conclude_places(const Reading& reading, Finding& f) {
    constexpr std::uint32_t halves = 0b110110;  // bits of wall_words: two share segment 14, two 16
    Segments certain, possible, spared, shared;
    std::uint32_t walls = 0;
    Levels levels = 0;
    const std::vector<Place> told = f.lge == Presence::present || f.lge == Presence::uncertain ? specific(reading, f.lge) : std::vector<Place>{};
    const auto insertion = [](const Place& p) { return p.walls != 0 && (p.walls & ~insertion_walls) == 0; };
    Segments kept;  // "hinge points at mid level; mid septum unremarkable"
    for (const Place& p : told)
        if (insertion(p)) kept = kept | p.segments;
    for (const Statement& s : reading.statements)
        if (s.presence == Presence::present) spared = spared | s.spared;
        else if (s.presence == Presence::absent) spared = spared | (s.spared - kept);
    if (f.lge == Presence::present) spared = spared | denied_parts(reading, told);
    for (const Place& p : told) {
        (f.lge == Presence::present ? certain : possible).bits |= p.segments.bits;
        if (p.walls != 0 && (p.walls & ~halves) == 0) shared = shared | (p.segments & segments_of(level_bit(anatomy::Level::apical)));  // "apical anteroseptal: scar; apical inferoseptal: clear"
        walls |= p.walls;
        levels |= p.levels;
    }
    if (f.lge == Presence::present)
        for (const Place& p : specific(reading, Presence::uncertain)) {
            possible = possible | (p.segments - certain);
            walls |= p.walls;
            levels |= p.levels;
        }
    for (std::size_t w = 0; w < wall_words.size(); ++w)
        if ((walls >> w & 1U) != 0) f.walls.emplace_back(wall_words[w]);
    f.levels = level_names(levels);
    f.segments = certain - (spared - shared);
    f.segments_possible = possible;
}

void conclude_patterns(const Reading& reading, const Gathered& gathered, Finding& f) {
    if (f.lge != Presence::present && f.lge != Presence::uncertain) return;
    std::array<bool, 8> patterns{};
    for (const Statement& s : reading.statements) {
        if (s.presence != f.lge) continue;
        for (const Pattern p : s.patterns) patterns[static_cast<std::size_t>(p)] = true;
        for (const Place& p : s.places)
            if ((p.walls & insertion_walls) != 0) patterns[static_cast<std::size_t>(Pattern::rv_insertion)] = true;
    }
    for (const Percent& p : gathered.depths)
        if (p.low.value_or(0) >= 75 && p.high.value_or(0) >= 99 && f.lge == Presence::present) patterns[transmural] = true;
    for (std::size_t p = 0; p < patterns.size(); ++p)
        if (patterns[p]) f.pattern.push_back(static_cast<Pattern>(p));
}

std::optional<anatomy::Transmurality> transmurality_of(const Gathered& gathered, const Finding& f) {
    const bool full = std::find(f.pattern.begin(), f.pattern.end(), Pattern::transmural) != f.pattern.end();
    if (f.lge != Presence::present || !(full || gathered.near_transmural || !gathered.depths.empty())) return std::nullopt;
    anatomy::Transmurality t;
    std::optional<double> low, high;
    bool open_low = false, open_high = false, range = false;
    for (const Percent& p : gathered.depths) {
        if (p.low) low = std::min(low.value_or(*p.low), *p.low);
        if (p.high) high = std::max(high.value_or(*p.high), *p.high);
    }
    for (const Percent& p : gathered.depths) {  // "<50%" below all that is stated, where no range is, or ">75%" above leaves the bound open
        range = range || (p.low && p.high);
        open_low = open_low || (!p.low && (!low || *p.high <= *low));
        open_high = open_high || (!p.high && (!high || *p.low >= *high));
    }
    if (!open_low || range) t.min_pct = low;
    if (!open_high) t.max_pct = high;
    t.grade = gathered.near_transmural ? "near_transmural" : full ? "transmural" : "";
    if (!t.min_pct && !t.max_pct && t.grade.empty()) return std::nullopt;  // ">75 %" here, "<25 %" there
    return t;
}

/// Without LGE nothing can be beyond recovery.
std::optional<std::string> viability_of(const Gathered& gathered, Presence presence) {
    if (presence == Presence::absent) return gathered.viable ? std::optional<std::string>("viable") : std::nullopt;
    bool shallow = false;  // "nonviable at the base" where other scar is of half the wall at most
    for (const Percent& p : gathered.depths) shallow = shallow || p.high.value_or(100) <= 50;
    if (gathered.mixed || (gathered.nonviable && (gathered.viable || (gathered.nonviable_there && shallow)))) return "mixed";
    if (gathered.viable) return "viable";
    if (gathered.nonviable) return "nonviable";
    return std::nullopt;
}

void conclude_evidence(std::string_view text, const Reading& reading, Finding& f) {
    std::unordered_set<std::string_view> hedges;
    for (const Statement& s : reading.statements) {
        if (s.presence == Presence::uncertain)
            for (const auto& [a, b] : s.hedges)
                if (const std::string_view words = without_verb(text.substr(a, b - a)); hedges.insert(words).second) f.uncertainty.emplace_back(words);
        if (s.presence != f.lge) continue;
        // statements stand in the order of the text but for those read late: a passage named twice can only overlap the last
        if (!f.evidence.empty() && f.evidence.back().start < s.end && s.start < f.evidence.back().end) {
            auto& x = f.evidence.back();
            x.start = std::min(x.start, std::size_t{s.start});
            x.end = std::max(x.end, std::size_t{s.end});
        } else f.evidence.push_back({.start = s.start, .end = s.end, .section = std::string(word(s.section)), .rule = std::string(s.rule)});
    }
}

}  // namespace

void conclude(std::string_view text, const Gathered& gathered, Reading& reading) {
    Finding& f = reading.finding;
    const bool of_patient = gathered.of_patient || std::any_of(reading.statements.begin(), reading.statements.end(), [](const Statement& s) { return !s.of_others; });
    if (of_patient) std::erase_if(reading.statements, [](const Statement& s) { return s.of_others; });
    settle_readers(reading);
    weaken(reading);
    f.lge = presence_of(gathered, reading);
    if (f.lge == Presence::present && gathered.not_done && only_known(reading)) f.lge = Presence::not_stated;
    const auto unread = [](const Statement& s) { return s.rule == "unreadable"; };
    const bool only_unreadable = std::all_of(reading.statements.begin(), reading.statements.end(), unread);
    const bool by_name = std::any_of(reading.statements.begin(), reading.statements.end(), [](const Statement& s) { return s.by_name; });  // acquired
    const bool only_open = std::all_of(reading.statements.begin(), reading.statements.end(), [](const Statement& s) { return s.presence == Presence::uncertain && !s.located; });
    const bool no_place = only_open && std::any_of(reading.statements.begin(), reading.statements.end(), unread);
    if (f.lge == Presence::uncertain && (gathered.unreadable || (gathered.not_done && only_open && !by_name))) f.lge = Presence::not_stated;
    conclude_places(reading, f);
    conclude_patterns(reading, gathered, f);
    f.transmurality = transmurality_of(gathered, f);
    const auto places_nothing = [](Pattern p) { return p == Pattern::papillary || p == Pattern::patchy; };
    const bool papillary_only = std::find(f.pattern.begin(), f.pattern.end(), Pattern::papillary) != f.pattern.end() && std::all_of(f.pattern.begin(), f.pattern.end(), places_nothing);
    if (f.lge == Presence::not_stated || (f.lge == Presence::uncertain && (only_unreadable || no_place)) || (f.lge == Presence::present && f.segments->empty() && !papillary_only)) f.segments.reset();
    if (f.lge == Presence::present) {
        if (!gathered.shares.empty()) f.extent_percent = std::pair{gathered.shares.front().low.value_or(0), gathered.shares.front().high.value_or(100)};
        f.mass_g = gathered.mass;
    }
    if (f.lge == Presence::present || f.lge == Presence::uncertain) {
        f.territory = gathered.territories;
        std::sort(f.territory.begin(), f.territory.end());
    }
    if (f.lge == Presence::present) conclude_cause(gathered, reading);
    f.other.assign(gathered.other.begin(), gathered.other.end());
    if (f.lge == Presence::not_stated) {
        if (f.other.empty() && !gathered.spoke_of_lge && !gathered.unreadable) f.other.emplace_back("no_lge_statement");
        if (f.other == std::vector<std::string>{"mapping"}) f.other = {"mapping_only"};
        return;
    }
    conclude_rejected(gathered, f);
    f.mvo = gathered.mvo;
    f.viability = viability_of(gathered, f.lge);
    if (const auto change = change_of(gathered.changes, f.lge)) f.temporal = change_words[static_cast<std::size_t>(*change)];
    conclude_evidence(text, reading, f);
}

}  // namespace lge::report
