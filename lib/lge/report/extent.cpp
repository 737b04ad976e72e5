#include "lge/report/gathered.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace lge::report {

namespace {

/// The decimal number that was written: the shortest that gives this float.
double written(float value) {
    if (value == static_cast<float>(static_cast<int>(std::min(value, 1e6F)))) return static_cast<double>(value);
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    double out = static_cast<double>(value);
    std::from_chars(digits.data(), end, out);
    return out;
}

/// "the LV apex": whether a word for what is measured is part of a place.
bool in_place(const Passage& in, const Hit& measure) {
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_place(h.kind()) && h.first <= measure.first && h.last > measure.last; });
}

/// How far a phrase of the side trie stands from tokens [first, last] of its clause; nowhere when beyond the reach.
struct Distance { std::uint32_t before = nowhere, after = nowhere; };
Distance distance(const Passage& in, Kind kind, std::uint32_t first, std::uint32_t last) {
    Distance d;
    for (const Hit& s : in.side) {
        if (s.kind() != kind || in.clause[s.first] != in.clause[first]) continue;
        if (kind == Kind::measure && ((s.first > 0 && sign(in.at[s.first - 1], '%') && !in.is(in.at[s.first], Role::possessive)) || in_place(in, s))) continue;  // "12 % LV, 18 g", not "50 % of the circumference"
        const bool of_scar = kind == Kind::measure && in.is(in.at[s.first], Role::possessive);  // "depth of the scar: 25 %"
        if (s.last < first && !of_scar) d.before = std::min(d.before, first - s.last);
        if (s.first <= last) continue;
        bool comma = false;
        for (std::uint32_t i = last + 1; i < s.first && i <= last + 4; ++i) comma = comma || sign(in.at[i], ',');
        if (!comma) d.after = std::min(d.after, s.first - last);
    }
    return d;
}

/// A number or range of numbers with its unit; tokens [first, last] without the unit.
struct Amount {
    std::uint32_t first = 0, last = 0;
    double low = 0, high = 0;
    bool percent = false, grams = false;
};

/// "LGE % 4.5", "Percent LV: 1.5", "Scar (% of LV): 7": the sign of percent stands before the number, and behind no other.
bool percent_ahead(const Passage& in, std::uint32_t i) {
    constexpr std::uint32_t reach = 5;
    if (i > 0 && in.is(in.at[i - 1], Role::segment)) return false;  // "LGE (%): segment 4"
    bool bracket = false;
    for (std::uint32_t k = i; k > 0 && k + (bracket ? 2 * reach : reach) > i; --k) {
        const Token& t = in.at[k - 1];
        if (sign(t, '%') || in.is(t, Role::percent)) return k == 1 || in.at[k - 2].kind != Token::Kind::number;
        const bool named = t.kind == Token::Kind::word && (bracket || (k == 2 && sign(in.at[0], '%')));  // "% scar: 12"
        if (sign(t, ')')) bracket = true;
        else if (!(sign(t, ':') || sign(t, '=') || named || in.is(t, Role::joining))) return false;
    }
    return false;
}

/// "Mass (g): 8.4": whether grams in brackets stand before a number.
bool grams_ahead(const Passage& in, std::uint32_t i) {
    std::uint32_t close = i;
    while (close > 0 && (sign(in.at[close - 1], ':') || sign(in.at[close - 1], '='))) --close;
    return close >= 3 && sign(in.at[close - 1], ')') && in.is(in.at[close - 2], Role::gram) && sign(in.at[close - 3], '(');
}

/// The amount that starts at a number; `last` moves past it in any case.
Amount amount_at(const Passage& in, std::uint32_t i) {
    const auto number = [&](std::uint32_t k) { return k < in.count && in.at[k].kind == Token::Kind::number; };
    const auto spans = [&](std::uint32_t k) {
        return k < in.count && (sign(in.at[k], '-') || in.is(in.at[k], Role::range) || (i > 0 && in.is(in.at[i - 1], Role::between) && in.is(in.at[k], Role::conjunction)));
    };
    Amount a{.first = i, .last = i, .low = written(in.at[i].value)};
    a.high = a.low;
    std::uint32_t k = i + 1;
    if (k + 2 < in.count && sign(in.at[k], ',') && !in.at[k].spaced && number(k + 1) && !in.at[k + 1].spaced && in.at[k + 1].end - in.at[k + 1].start <= 2 &&
        (sign(in.at[k + 2], '%') || in.is(in.at[k + 2], Role::percent | Role::gram))) {  // "6,2 %"
        const double digits = in.at[k + 1].end - in.at[k + 1].start == 1 ? 10 : 100;
        a.low = a.high = (a.low * digits + written(in.at[k + 1].value)) / digits;
        a.last = k + 1;
        k += 2;
    }
    if (k < in.count && (sign(in.at[k], '%') || in.is(in.at[k], Role::percent)) && spans(k + 1)) ++k;
    if (spans(k) && number(k + 1) && !heads_row(in, i) && written(in.at[k + 1].value) >= a.low) {  // not "from 9 % to 5 %"
        a.high = written(in.at[k + 1].value);
        a.last = k + 1;
    }
    a.percent = is_grade(in, i) || percent_ahead(in, i);
    a.grams = grams_ahead(in, i);
    if (a.last + 1 < in.count) {
        const Token& unit = in.at[a.last + 1];
        if (sign(unit, '%') || in.is(unit, Role::percent)) a.percent = true;
        else if (unit.kind == Token::Kind::word && unit.spaced && !in.is(unit, Role::joining | Role::accompanying)) a.percent = false;
        a.grams = a.grams || (in.is(unit, Role::gram) && !(a.last + 3 < in.count && sign(in.at[a.last + 2], '/') && in.at[a.last + 3].kind == Token::Kind::word));  // not g/m2
    }
    return a;
}

/// "not exceeding 50 %", "does not exceed", "no more than", "no less than": whether a word of comparison is denied.
bool limits(const Passage& in, std::uint32_t token) {
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return (h.kind() == Kind::negation || h.kind() == Kind::pseudo) && (h.last + 1 == token || (h.first < token && h.last >= token)); });
}

/// "<50%", "up to 50%", "at least 50%"
Percent bounded(const Passage& in, const Amount& a) {
    Percent p{.low = a.low, .high = a.high};
    constexpr std::uint32_t behind = 7;  // "75 % of the thickness at most", "25 % or less of the wall", "50 % or more"
    for (std::uint32_t k = a.last + 2; k + 1 < std::min(in.count, a.last + behind) && in.at[k].kind == Token::Kind::word; ++k) {
        const bool ends = k + 2 == in.count || in.at[k + 2].kind != Token::Kind::word || in.is(in.at[k + 2], Role::preposition);
        if (!in.is(in.at[k], Role::than) || !ends) continue;
        if (in.is(in.at[k + 1], Role::below)) p.low.reset();
        else if (in.is(in.at[k + 1], Role::above)) p.high.reset();
    }
    for (std::uint32_t k = a.first; k > 0 && k + 6 > a.first; --k) {
        const Token& t = in.at[k - 1];
        if (in.find_hit(Kind::ignore, k >= 2 ? k - 2 : 0, k - 1) != nullptr) break;  // "taking up 50 %"
        if (in.is(t, Role::below) && a.low != a.high) break;  // "reaches 50 to 75 % of the thickness"
        if (sign(t, '<') || in.is(t, Role::below)) (limits(in, k - 1) ? p.high : p.low).reset();
        else if (sign(t, '>') || in.is(t, Role::above)) {
            if (a.low != a.high || !p.low) break;  // "over 50-75 % of the wall", "over up to 50 %"
            (limits(in, k - 1) ? p.low : p.high).reset();
        }
        else if (!sign(t, '=') && !in.is(t, Role::than) && !(sign(t, '.') && k > 1 && in.is(in.at[k - 2], Role::below))) break;  // "max. 50 %"
    }
    return p;
}

/// The token of the second amount in "fallen from 21 g to 13 g", nowhere when there is none.
std::uint32_t changed_to(const Passage& in, const Amount& a) {
    if (a.last + 4 < in.count && sign(in.at[a.last + 2], '-') && sign(in.at[a.last + 3], '>') && in.at[a.last + 4].kind == Token::Kind::number) return a.last + 4;  // "21 g -> 15 g"
    if (a.first == 0 || !in.is(in.at[a.first - 1], Role::origin)) return nowhere;
    for (std::uint32_t k = a.last + 1; k + 1 < in.count && k < a.last + 7; ++k)
        if (in.is(in.at[k], Role::range) && in.at[k + 1].kind == Token::Kind::number) return k + 1;
    return nowhere;
}

/// "has increased from 4 % to 7 %": no range, but two values in time.
bool changed_before(const Passage& in, const Amount& a) {
    if (a.first == 0 || !in.is(in.at[a.first - 1], Role::origin)) return false;
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::temporal && s.last < a.first && a.first - s.last <= 3; });
}

/// "... had been 18 % and had come down to 11 %": the amount right behind a word of change is the one of now.
bool came_to(const Passage& in, const Amount& a) {
    constexpr std::uint32_t reach = 2;
    if (in.is(in.at[a.first - 1], Role::origin)) return false;  // "up from 8 %"
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::temporal && (s.entry->code == static_cast<std::uint32_t>(Change::decreased) || s.entry->code == static_cast<std::uint32_t>(Change::increased)) && s.last < a.first && a.first <= s.last + reach; });
}

/// "MVO: yes, 1.8 g"
bool of_no_reflow(const Passage& in, const Amount& a) {
    const Hit* nearest = nullptr;
    for (const Hit& h : in.hits)
        if (h.last < a.first && (h.kind() == Kind::mvo || h.kind() == Kind::target)) nearest = &h;
    return nearest != nullptr && nearest->kind() == Kind::mvo;
}

bool has_depth(const Passage& in, std::uint32_t c) {
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::pattern && in.clause[h.first] == c && h.entry->code <= static_cast<std::uint32_t>(anatomy::Pattern::transmural)) return true;
    return false;
}

/// Whether an amount at this token belongs to LGE: to the last mention before it in its clause, else to the first behind it.
bool mine(const Passage& in, std::uint32_t token, Topic topic) {
    const Target* nearest = nullptr;
    for (const Target& t : in.targets)
        if (t.clause == in.clause[token] && (nearest == nullptr || t.first < token)) nearest = &t;
    if (nearest != nullptr) return !nearest->skip && nearest->presence != anatomy::Presence::absent;
    return topic == Topic::lge || in.any(Kind::target);
}

/// A percentage of something else: "EF 45%", "stenosis of 70%".
bool of_another(const Passage& in, const Amount& a) {
    for (const Hit& m : in.side) {
        if (m.kind() != Kind::measure || in.is(in.at[m.first], Role::possessive) || in.clause[m.first] != in.clause[a.first] || m.last >= a.first || a.first - m.last > 6 || in_place(in, m)) continue;
        bool comma = false, bracket = false;
        for (std::uint32_t k = m.last + 1; k < a.first; ++k) {
            comma = comma || sign(in.at[k], ',') || (sign(in.at[k], ')') && !bracket);  // not "Area at risk (T2): 31 %"
            bracket = bracket || sign(in.at[k], '(');
        }
        if (!comma) return true;
    }
    return a.last + 2 < in.count && distance(in, Kind::measure, a.first, a.last + 1).after == 1;  // "70% stenosis"
}

/// Whether the sentence speaks of an infarct or a layer that infarcts take.
bool ischemic(const Passage& in) {
    for (const Target& t : in.targets)
        if (t.infarct && !t.skip) return true;
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::pattern && (h.entry->code == static_cast<std::uint32_t>(anatomy::Pattern::subendocardial) || h.entry->code == static_cast<std::uint32_t>(anatomy::Pattern::transmural))) return true;
    return false;
}

/// "(~25 %)", "(approx. 25 %)": the first token of a bracket that holds nothing before the amount but how near it is; the
/// amount's own where there is no such bracket.
std::uint32_t in_bracket(const Passage& in, std::uint32_t amount) {
    constexpr std::uint32_t reach = 2;
    for (std::uint32_t i = amount; i > 0 && i + reach >= amount; --i) {
        if (sign(in.at[i - 1], '(')) return i;
        if (in.at[i - 1].kind == Token::Kind::number || sign(in.at[i - 1], ',') || sign(in.at[i - 1], ')')) break;
    }
    return amount;
}

/// "75 % at the base", "50 % mid": whether a level stands behind an amount.
bool behind_level(const Passage& in, const Amount& a) {
    constexpr std::uint32_t reach = 4;
    return a.last + 2 < in.count && std::any_of(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.type == Spot::Type::level && (s.first == a.last + 2 || (s.first > a.last && s.first <= a.last + reach && in.is(in.at[a.last + 2], Role::preposition))); });
}

/// Whether amounts of two levels or more are told.
bool of_levels(const Passage& in) {
    int levels = 0;
    for (std::uint32_t i = 0; i < in.count; ++i) {
        if (in.at[i].kind != Token::Kind::number) continue;
        const Amount a = amount_at(in, i);
        levels += a.percent && behind_level(in, a);
        i = a.last;
    }
    return levels > 1;
}

enum class Of : std::uint8_t { wall, ventricle };

/// What a percentage is of: the nearest phrase behind it, else before it, else what its form suggests. `depth_told`: of another scar.
Of part_of(const Passage& in, const Amount& a, const Percent& p, bool depth_told) {
    const Distance wall = distance(in, Kind::transmurality, a.first, a.last + 1), ventricle = distance(in, Kind::quantity, a.first, a.last + 1);
    if (std::min(wall.after, ventricle.after) <= 3) return wall.after < ventricle.after ? Of::wall : Of::ventricle;
    if (const std::uint32_t unit = a.last + 2; unit < in.count && in.find_hit(Kind::lv, unit, unit + 3) != nullptr && in.find_hit(Kind::lv, unit, unit + 3)->first == unit) return Of::ventricle;  // "8 % LV"
    if ((!p.low || !p.high) && has_depth(in, in.clause[a.first])) return Of::wall;  // "extent: subendocardial, <50%"
    if (std::min(wall.before, ventricle.before) <= 8) return wall.before < ventricle.before && wall.before <= 6 ? Of::wall : ventricle.before <= 8 ? Of::ventricle : Of::wall;
    for (std::uint32_t k = a.first >= 3 ? a.first - 3 : 0; k < a.first; ++k)
        if (in.is(in.at[k], Role::gram)) return Of::ventricle;  // "6 g (4%)"
    for (const Target& t : in.targets)
        if (t.first == a.last + 2 && in.find_hit(Kind::wall, 0, in.count, t.clause) != nullptr) return Of::wall;  // "50% scar of the lateral wall"
    for (const Spot& s : in.spots)
        if (s.type == Spot::Type::segments && ((s.first < a.first && s.last > a.first) || (s.first == a.last + 3 && in.is(in.at[a.last + 2], Role::preposition)))) return Of::wall;  // "segments 4 (50 %), 10 (75 %)", "75 % in 10"
    const std::uint32_t first = in_bracket(in, a.first);
    for (const Spot& s : in.spots)
        if (s.last < first && first - s.last <= (sign(in.at[first - 1], '(') || sign(in.at[s.last + 1], ':') ? 4U : 2U) && (!sign(in.at[first - 1], ',') || ischemic(in))) return Of::wall;  // "basal inferior 75%"
    const bool quarter = a.low == 25 || a.low == 50 || a.low == 75;  // as depths are graded; not "fibrosis exceeding 10 %"
    if ((quarter || of_levels(in)) && behind_level(in, a)) return Of::wall;  // "75 % at the base, 50 % mid"
    if (quarter && (depth_told || in.any(Kind::anaphor))) return Of::wall;  // "scar 25 % there", "... 75 % of the wall thickness; also mid anterolateral, about 25 %"
    return has_depth(in, in.clause[a.first]) || a.low != a.high || ((!p.low || !p.high) && quarter) ? Of::wall : Of::ventricle;
}

}  // namespace

bool is_grade(const Passage& in, std::uint32_t i) {
    if (i + 2 >= in.count || in.at[i].kind != Token::Kind::number || !sign(in.at[i + 1], '-') || in.at[i + 2].kind != Token::Kind::number || in.at[i + 2].spaced) return false;
    const float low = in.at[i].value, high = in.at[i + 2].value;
    const bool quarter = high == 25 || high == 50 || high == 75 || high == 100;
    if (!quarter || !(low == high - 25 || low == high - 24)) return false;
    return i + 3 == in.count || in.at[i + 3].kind != Token::Kind::word || in.is(in.at[i + 3], Role::conjunction | Role::preposition | Role::accompanying);
}

bool measures(const Passage& in, const Hit& pattern) {
    const bool behind_percent = pattern.first > 0 && (sign(in.at[pattern.first - 1], '%') || in.is(in.at[pattern.first - 1], Role::percent));
    if (behind_percent && !(pattern.first > 1 && in.at[pattern.first - 2].kind == Token::Kind::number && in.at[pattern.first - 2].value >= 75 && pattern.first > 2 && sign(in.at[pattern.first - 3], '>'))) return true;  // ">75% transmural" is
    const auto unit = [&](const Hit& s) { return s.kind() == Kind::transmurality && s.first == pattern.first && s.last > pattern.last; };
    if (std::none_of(in.side.begin(), in.side.end(), unit)) return false;
    const bool amount = in.has_number && std::any_of(in.at, in.at + in.count, [&](const Token& t) { return sign(t, '%') || in.is(t, Role::percent) || sign(t, '<') || sign(t, '>'); });
    return amount || in.any(Kind::fraction) || !in.any(Kind::wall);  // not "transmural involvement of the anterior wall"
}

Amounts read_amounts(const Passage& in, Topic topic, Gathered& gathered) {
    Amounts said;
    bool live = topic == Topic::lge;
    for (const Target& t : in.targets) live = live || (!t.skip && t.presence != anatomy::Presence::absent);
    if (!live) return said;
    const std::size_t told = gathered.shares.size();
    for (std::uint32_t i = 0; i < in.count; ++i) {
        if (in.at[i].kind != Token::Kind::number) continue;
        Amount a = amount_at(in, i);
        i = a.last;
        if (a.low != a.high && changed_before(in, a)) {  // "has risen from 4 % to 7 %"
            if (distance(in, Kind::quantity, a.first, a.last).before == nowhere && of_another(in, a)) continue;  // "EF had normalised (from 31 to 56 %)", not "extent"
            a = amount_at(in, a.last);
        } else if (const std::uint32_t to = behind_level(in, a) ? nowhere : changed_to(in, a); to != nowhere) {  // "from 21 g to 13 g", not "from 70 % at the base to 30 %"
            const double before = a.low;
            const bool foreign = of_another(in, a);  // "LVEF went up from 44 to 58 %"
            a = amount_at(in, to);
            i = a.last;
            if ((a.percent || a.grams) && mine(in, a.first, topic) && before != a.low && !foreign) gathered.changes |= bit(a.low < before ? Change::decreased : Change::increased);
        }
        if (!(a.percent || a.grams) || !mine(in, a.first, topic)) continue;
        const std::uint32_t own = distance(in, Kind::quantity, a.first, a.last + 1).before, foreign = distance(in, Kind::measure, a.first, a.last + 1).before;
        if (a.grams && of_no_reflow(in, a)) continue;
        if (a.grams) {
            if (a.first > 1 && sign(in.at[a.first - 1], '/') && in.at[a.first - 2].kind == Token::Kind::number) a.low = a.high = written(in.at[a.first - 2].value);  // "18/120 g"
            said.zero = said.zero || (a.low == 0 && a.high == 0);
            if (a.low == a.high && (foreign > 6 || own < foreign) && !gathered.mass && a.low > 0) {
                gathered.mass = a.low;
                said.positive = true;
            }
            continue;
        }
        if (a.high > 100 || a.high < a.low) continue;
        const bool of_ventricle = distance(in, Kind::quantity, a.first, a.last + 1).after <= 3;
        if (!of_ventricle && ((own > foreign && of_another(in, a)) || distance(in, Kind::measure, a.first, a.last + 1).after == 1)) continue;
        if (a.high == 0) {
            said.zero = true;
            continue;
        }
        said.positive = true;
        if (of_ventricle && of_no_reflow(in, a)) continue;
        const Percent p = bounded(in, a);
        const Of of = part_of(in, a, p, !gathered.depths.empty());
        if (of == Of::ventricle && gathered.shares.size() > told && came_to(in, a)) gathered.shares.resize(told);
        (of == Of::wall ? gathered.depths : gathered.shares).push_back(p);
    }
    bool deep = false;  // a fraction of the wall came before: "half the wall at the base and three quarters at mid level"
    for (const Hit& f : in.side) {  // "less than half of the wall thickness"
        if (f.kind() == Kind::fraction && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::pattern && h.first <= f.first && h.last >= f.last; })) continue;  // "the outer half of the wall"
        if (f.kind() != Kind::fraction || !mine(in, f.first, topic)) continue;
        const Hit* end = &f;  // "between half and three quarters of the wall thickness"
        for (const Hit& o : in.side)
            if (o.kind() == Kind::fraction && (o.first == f.last + 2 || (o.first == f.last + 3 && in.is(in.at[f.last + 2], Role::possessive))) && (in.is(in.at[f.last + 1], Role::conjunction | Role::range) || sign(in.at[f.last + 1], '-'))) end = &o;
        const auto value = static_cast<double>(f.entry->code);
        if (distance(in, Kind::quantity, f.first, f.last).after <= 2) {  // "one fifth of the left ventricle"
            const Percent p = bounded(in, {.first = f.first, .last = f.last, .low = value, .high = value});
            if (p.low && p.high) gathered.shares.push_back(p);
            said.positive = true;
            continue;
        }
        const bool placed = deep && end->last + 1 < in.count && in.is(in.at[end->last + 1], Role::preposition) && !in.is(in.at[end->last + 1], Role::possessive);
        if (distance(in, Kind::transmurality, end->first, end->last).after > 3 && !placed) continue;
        said.positive = deep = true;
        gathered.depths.push_back(bounded(in, {.first = f.first, .last = f.last, .low = value, .high = value}));
    }
    return said;
}

}  // namespace lge::report
