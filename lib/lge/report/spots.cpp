#include "lge/report/gathered.hpp"

#include <algorithm>
#include <bit>

namespace lge::report {

using anatomy::Pattern;
using anatomy::Segments;

namespace {

/// "junctions between septum and free wall": the walls only say where the junctions are.
bool names_junction(const Passage& in, const Hit& wall) {
    if (in.spots.empty() || (in.spots.back().code >> 9U & 7U) == 0 || in.spots.back().type != Spot::Type::wall) return false;
    for (std::uint32_t k = wall.first; k > 0 && k + 8 > wall.first; --k)
        if (in.is(in.at[k - 1], Role::between)) return true;
    return false;
}

/// "the lateral wall including its apical portion"
bool includes_place(const Passage& in, const Hit& h) {
    constexpr std::uint32_t reach = 3;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return is_place(o.kind()) && o.first > h.last && o.first <= h.last + reach; });
}

/// "circumferential, septum included": the wall is part of what is named already.
bool only_included(const Passage& in, const Hit& wall) {
    if (!in.any(Kind::emphasis) || in.spots.empty()) return false;
    for (const Hit& h : in.hits)
        if (names_included(h, wall) && in.clause[h.first] == in.clause[wall.first] && !(h.first == wall.last + 1 && includes_place(in, h)))
            return std::any_of(in.spots.begin(), in.spots.end(), [](const Spot& s) { return s.type == Spot::Type::all || s.type == Spot::Type::level; });
    return false;
}

bool of_liver(const Passage& in, std::uint32_t first, std::uint32_t last) {
    if (const Hit* o = in.find_hit(Kind::organ, 0, first, in.clause[first]); o != nullptr && o->entry->code == organ_outside && !in.any(Kind::wall, Kind::lv, Kind::pattern)) return true;
    constexpr std::uint32_t before = 3, behind = 4;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::organ && h.entry->value != "pericardial_enhancement" && in.clause[h.first] == in.clause[first] && ((h.first + before >= first && h.last <= first) || (h.first >= last && h.last <= last + behind)); });
}

/// "the left anterior descending artery", "proximal LAD": a wall or level that is a word of a vessel.
bool names_vessel(const Passage& in, const Hit& wall) {
    return in.any(Kind::territory) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::territory && s.first <= wall.first && s.last >= wall.last; });
}

/// "anterior STEMI": the wall of an event, which only names what has happened.
bool names_event(const Passage& in, const Hit& wall) {
    if (!in.any(Kind::dx) || wall.last + 1 >= in.count) return false;
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::dx && s.last == wall.last + 1 && infarct_name(s.entry->name); }) &&
           std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first <= wall.last + 1 && h.last > wall.last; });
}

constexpr std::uint32_t wall_bit(std::string_view name) {
    for (std::uint32_t w = 0; w < wall_words.size(); ++w)
        if (wall_words[w] == name) return 1U << w;
    return 0;
}

/// "... fades towards the base, where only the anteroseptal segment is involved": the level is that of the wall behind
/// "where" alone, so it is taken to stand right before that wall.
void join_relative(const Passage& in, Spot& level, const Spot& wall) {
    const auto where = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::stop && h.entry->code == stop_where && h.first > level.last && h.first <= level.last + 3; });
    if (where == in.hits.end() || wall.type != Spot::Type::wall || wall.first <= where->last || wall.first > where->last + 3) return;
    if (static_cast<LevelWord>(level.code) == LevelWord::base) level.code = static_cast<std::uint32_t>(LevelWord::basal);
    else if (static_cast<LevelWord>(level.code) == LevelWord::apex || static_cast<LevelWord>(level.code) == LevelWord::apicallevel) level.code = static_cast<std::uint32_t>(LevelWord::apical);
    else if (static_cast<LevelWord>(level.code) == LevelWord::midlevel) level.code = static_cast<std::uint32_t>(LevelWord::mid);
    level.first = level.last = wall.first - 1;
}

/// Whether the two single words that start at spot `first` at the end of a clause, "anterior and inferior", only say which
/// insertion points spot `k` is.
bool names_both(const Passage& in, std::size_t k, std::size_t first) {
    if (first + 1 >= in.spots.size()) return false;
    const Spot &a = in.spots[k], &b = in.spots[first], &c = in.spots[first + 1];
    constexpr std::uint32_t reach = 4;
    const auto side = [](const Spot& x) { return x.type == Spot::Type::wall && x.first == x.last && (x.code == wall_bit("anterior") || x.code == wall_bit("inferior")); };
    const auto joint = [&](const Token& t) { return in.is(t, Role::conjunction) || sign(t, '+') || sign(t, '/'); };
    const bool ends = c.last + 1 >= in.count || in.at[c.last + 1].kind != Token::Kind::word || in.is(in.at[c.last + 1], Role::preposition);
    if (!side(b) || !side(c) || b.code == c.code || c.first != b.last + 2 || !joint(in.at[b.last + 1]) || !ends || b.first > in.spots[first - 1].last + reach) return false;
    const auto thing = [&](const Hit& h) { return h.first == a.last + 1 && h.last + 1 == b.first && (h.kind() == Kind::target || h.kind() == Kind::weak); };  // "hinge-point enhancement anteriorly and inferiorly"
    return in.at[b.first - 1].kind == Token::Kind::sign || b.first == a.last + 1 || std::any_of(in.hits.begin(), in.hits.end(), thing);
}

std::uint32_t part_of(bool of_septum, bool in_front) {
    return of_septum ? wall_bit(in_front ? "anteroseptal" : "inferoseptal") : wall_bit(in_front ? "anterolateral" : "inferolateral");
}

/// "the septum in its anterior half": the part of the wall named before.
bool names_part(const Passage& in, const Spot& wall, const Spot& part) {
    constexpr std::uint32_t reach = 14;
    if (part.first < 2 || part.first > wall.last + reach) return false;
    const bool its = in.is(in.at[part.first - 1], Role::possessive) && in.is(in.at[part.first - 2], Role::preposition | Role::range) && !in.is(in.at[part.first - 1], Role::preposition);
    const bool noun = part.last == part.first && (part.last + 1 < in.count && in.is(in.at[part.last + 1], Role::joining) && !in.is(in.at[part.last + 1], Role::preposition | Role::conjunction | Role::alternative | Role::range | Role::possessive));
    return its && noun && std::none_of(in.at + wall.last + 1, in.at + part.first, [&](const Token& t) { return in.is(t, Role::conjunction | Role::alternative); });
}

/// "from the inferoseptal to the inferolateral wall": the walls between two of one ring are meant as well.
void fill_range(Passage& in, std::size_t k) {
    constexpr std::uint32_t ring = 6, reach = 4, half = 3;
    Spot& a = in.spots[k];
    const std::size_t n = k + 1 + (in.spots[k + 1].type == Spot::Type::level && k + 2 < in.spots.size() ? 1 : 0);
    const Spot& b = in.spots[n];
    const auto place = [](const Spot& s) { return s.type == Spot::Type::wall && (s.code & (s.code - 1)) == 0 && s.code < 1U << ring; };
    if (!place(a) || !place(b) || in.spots[n - 1].last >= b.first || b.first > a.last + 2 * reach) return;
    const std::uint32_t start = k > 0 && in.spots[k - 1].type == Spot::Type::level && in.spots[k - 1].last + 1 == a.first ? in.spots[k - 1].first : a.first;
    const bool from = std::any_of(in.at + (start >= 2 ? start - 2 : 0), in.at + start, [&](const Token& t) { return in.is(t, Role::origin); });
    if (!from || std::none_of(in.at + a.last + 1, in.at + b.first, [&](const Token& t) { return in.is(t, Role::range); })) return;
    const auto from_wall = static_cast<std::uint32_t>(std::countr_zero(a.code)), to_wall = static_cast<std::uint32_t>(std::countr_zero(b.code));
    const std::uint32_t up = (to_wall + ring - from_wall) % ring;
    if (up == half) return;  // either way round
    for (std::uint32_t step = 1; step < std::min(up, ring - up); ++step) a.code |= 1U << ((up < half ? from_wall + step : from_wall + ring - step) % ring);
}

/// "the inferior hinge point of the basal septum": the septum right behind an insertion point only says where that is. Its spot,
/// or 0.
std::size_t septum_of_insertion(const Passage& in, std::size_t k) {
    std::size_t n = k + 1;
    while (n + 1 < in.spots.size() && in.spots[n].type == Spot::Type::level && in.joined(in.spots[n].last, in.spots[n + 1].first)) ++n;  // "of the basal and mid septum"
    const Spot &a = in.spots[k], &b = in.spots[n];
    if ((a.code & insertion_walls) == 0 || b.type != Spot::Type::wall || b.code != wall_bit("septum")) return 0;
    const std::uint32_t first = in.spots[k + 1].first;
    const bool leads = first > a.last + 1 && std::all_of(in.at + a.last + 1, in.at + first, [&](const Token& t) { return in.is(t, Role::possessive | Role::preposition) && !in.is(t, Role::conjunction); });
    return leads ? n : 0;
}

/// "posteriorly", which beside an insertion point is inferior and of the lateral wall inferolateral.
bool is_posteriorly(const Passage& in, const Spot& s) {
    constexpr std::uint32_t letters = 11;
    return s.type == Spot::Type::wall && s.first == s.last && s.code == wall_bit("inferolateral") && in.at[s.first].end - in.at[s.first].start == letters;
}

/// "hinge-point LGE persists at mid level inferiorly": the adverb that says which insertion point is meant, the only wall behind
/// it in its clause. Its spot, or 0.
std::size_t adverb_behind(const Passage& in, std::size_t k) {
    constexpr std::uint32_t shortest = 10;  // letters of "inferiorly", which "inferior" has not
    std::size_t found = 0;
    for (std::size_t n = k + 1; n < in.spots.size(); ++n) {
        const Spot& s = in.spots[n];
        if (s.type == Spot::Type::level) continue;
        if (found != 0 || s.type != Spot::Type::wall || s.first != s.last || in.clause[s.first] != in.clause[in.spots[k].first]) return 0;
        if (!(s.code == wall_bit("anterior") || s.code == wall_bit("inferior") || is_posteriorly(in, s)) || in.at[s.first].end - in.at[s.first].start < shortest) return 0;
        found = n;
    }
    return found;
}

/// "posterior segment of the free wall": whether nothing but that stands between two walls.
bool is_segment_of(const Passage& in, const Spot& part, const Spot& whole) {
    constexpr std::uint32_t segment_of_the = 4;
    return whole.first > part.last + 1 && whole.first <= part.last + segment_of_the && std::all_of(in.at + part.last + 1, in.at + whole.first, [&](const Token& t) { return in.is(t, Role::segment | Role::preposition | Role::possessive) && !in.is(t, Role::conjunction); });
}

/// "the anterior half of the basal septum", "RV insertion: inferior": two walls, of which one says which part of the other
/// is meant; they become one.
void narrow_walls(Passage& in) {
    constexpr std::uint32_t front = wall_bit("anterior"), back = wall_bit("inferior"), septum = wall_bit("septum"), side = wall_bit("lateral"), reach = 6;
    constexpr std::uint32_t insertion = wall_bit("rv_insertion"), upper = wall_bit("anterior_rv_insertion"), lower = wall_bit("inferior_rv_insertion");
    for (std::size_t k = 0; k + 1 < in.spots.size(); ++k) {
        Spot& a = in.spots[k];
        if (a.type == Spot::Type::level && in.any(Kind::stop)) join_relative(in, a, in.spots[k + 1]);
        if (a.type != Spot::Type::wall) continue;
        if ((a.code == septum || a.code == side) && in.spots[k + 1].type == Spot::Type::wall && (in.spots[k + 1].code == front || in.spots[k + 1].code == back || in.spots[k + 1].code == wall_bit("inferolateral")) && names_part(in, a, in.spots[k + 1])) {
            a.code = part_of(a.code == septum, in.spots[k + 1].code == front);
            in.spots.erase(in.spots.begin() + static_cast<std::ptrdiff_t>(k) + 1);
            continue;
        }
        if (const std::size_t n = k + 1 + (in.spots[k + 1].type == Spot::Type::level && k + 2 < in.spots.size() ? 1 : 0); a.code == side && is_posteriorly(in, in.spots[n]) && in.spots[n].first <= a.last + reach) {  // "the lateral wall at its base, posteriorly"
            a.code = part_of(false, false);
            in.spots.erase(in.spots.begin() + static_cast<std::ptrdiff_t>(n));
            if (k + 1 == in.spots.size()) break;
        }
        if (a.code != free_wall && in.spots[k + 1].type == Spot::Type::wall && in.spots[k + 1].code == free_wall && is_segment_of(in, a, in.spots[k + 1])) {  // "the posterior segment of the free wall"
            in.spots.erase(in.spots.begin() + static_cast<std::ptrdiff_t>(k) + 1);
            if (k + 1 == in.spots.size()) break;
        }
        if (const std::size_t septal = septum_of_insertion(in, k); septal != 0) in.spots.erase(in.spots.begin() + static_cast<std::ptrdiff_t>(septal));
        if (k + 1 == in.spots.size()) break;
        if (in.spots[k + 1].type != Spot::Type::segments) fill_range(in, k);
        if ((a.code == front || a.code == back) && in.is(in.at[a.last], Role::possessive)) {
            const std::size_t n = k + 1 + (in.spots[k + 1].type == Spot::Type::level && k + 2 < in.spots.size() ? 1 : 0);
            Spot& b = in.spots[n];
            if (b.type != Spot::Type::wall || !(b.code == septum || b.code == side)) continue;
            b.code = part_of(b.code == septum, a.code == front);
            in.spots.erase(in.spots.begin() + static_cast<std::ptrdiff_t>(k));
        } else if ((a.code == wall_bit("anteroseptal") || a.code == wall_bit("inferoseptal")) && in.spots[k + 1].type == Spot::Type::wall && in.spots[k + 1].code == insertion && in.spots[k + 1].first == a.last + 2 && (sign(in.at[a.last + 1], '-') || sign(in.at[a.last + 1], ':'))) {
            in.spots[k + 1].code = a.code == wall_bit("anteroseptal") ? upper : lower;  // "inferoseptal: insertion point enhancement"
            in.spots.erase(in.spots.begin() + static_cast<std::ptrdiff_t>(k));
        } else if (a.code == insertion && a.last + 1 < in.count) {
            Spot& b = in.spots[k + 1];
            const std::size_t first = k + 1 + (b.type == Spot::Type::level ? 1 : 0);
            if (names_both(in, k, first)) {  // "insertion point LGE, anterior and inferior", "hinge points at mid level, anterior and inferior"
                in.spots.erase(in.spots.begin() + static_cast<std::ptrdiff_t>(first), in.spots.begin() + static_cast<std::ptrdiff_t>(first) + 2);
                continue;
            }
            if (const std::size_t n = adverb_behind(in, k); n != 0) {
                in.spots[k].code = in.spots[n].code == front ? upper : lower;
                in.spots.erase(in.spots.begin() + static_cast<std::ptrdiff_t>(n));
                continue;
            }
            if (b.type != Spot::Type::wall || !(b.code == front || b.code == back)) continue;
            const bool apposed = sign(in.at[a.last + 1], ',') && b.first == b.last && (b.last + 1 == in.count || in.at[b.last + 1].kind == Token::Kind::sign) && !(k + 2 < in.spots.size() && in.spots[k + 2].type == Spot::Type::wall);  // "insertion point, inferior"
            constexpr std::uint32_t far = 6;
            const bool only = b.first > a.last + 2 && b.first <= a.last + far && sign(in.at[b.first - 1], ',') && in.starts_at(Kind::explains, b.last + 1);  // "the insertion point is new, inferior only"
            const bool answered = sign(in.at[a.last + 1], '?') && b.first == a.last + 3;  // "RV insertion? - inferior"
            const bool labelled = ((sign(in.at[a.last + 1], ':') || sign(in.at[a.last + 1], '(') || apposed) && b.first == a.last + 2) || answered || only;
            const bool adjoins = b.first == b.last && b.first == a.last + 1 && (b.last + 1 == in.count || in.at[b.last + 1].kind == Token::Kind::sign);  // "at the RV/LV junction inferiorly"
            const bool adverb = b.first == b.last && b.first == a.last + 2 && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first == a.last + 1 && (h.kind() == Kind::weak || h.kind() == Kind::target); }) &&
                                (b.last + 1 == in.count || in.at[b.last + 1].kind != Token::Kind::word || in.is(in.at[b.last + 1], Role::preposition | Role::conjunction));  // "an insertion point focus inferiorly"
            if (!labelled && !adverb && !adjoins) continue;
            b.code = b.code == front ? upper : lower;
            in.spots.erase(in.spots.begin() + static_cast<std::ptrdiff_t>(k));
        }
    }
}

/// "LGE mass 7.4 g (base 7.2 g)": the value at an earlier examination.
bool names_baseline(const Passage& in, const Hit& level) {
    const std::uint32_t i = level.last + 1;
    if (static_cast<LevelWord>(level.entry->code) != LevelWord::base || i + 1 >= in.count || in.at[i].kind != Token::Kind::number) return false;
    return in.is(in.at[i + 1], Role::gram) || (level.first > 0 && sign(in.at[level.first - 1], '(') && sign(in.at[i + 1], ')'));
}

void collect_spots(Passage& in) {
    constexpr std::uint32_t all16 = 0x1fffe, all17 = 0x3fffe;
    std::uint32_t numbers_end = 0;
    for (const Hit& h : in.hits) {
        const auto add = [&](Spot::Type type, std::uint32_t code, bool listed = false) { in.spots.push_back({h.first, h.last, code, nowhere, type, listed}); };
        const bool follows_list = !in.spots.empty() && (in.spots.back().type == Spot::Type::all || in.spots.back().type == Spot::Type::segments);
        if (h.kind() == Kind::wall) {
            if (names_junction(in, h) || only_included(in, h) || names_vessel(in, h) || names_event(in, h)) continue;
            add(Spot::Type::wall, h.entry->code);
            if (std::uint32_t end = h.last; h.last + 1 < in.count && in.at[h.last + 1].kind == Token::Kind::number) {  // "inferior wall 4, 10"
                const Segments s = numbers_from(in, h.last + 1, end);
                Segments wall;
                for (std::size_t w = 0; w < wall_words.size(); ++w)
                    if ((h.entry->code >> w & 1U) != 0) wall = wall | segments_of(w, 0);
                if (!s.empty() && (s.count() >= 2 || amount_follows(in, end)) && (s - wall).empty()) in.spots.push_back({h.last + 1, end, s.bits, nowhere, Spot::Type::segments});
            }
            std::uint32_t open = h.last + 1, last = 0;  // "lateral wall (5, 6, 11, 12)", "anterior 75-100% (7, 13)"
            while (open < in.count && open < h.last + 5 && (in.at[open].kind == Token::Kind::number || sign(in.at[open], '-') || sign(in.at[open], '%'))) ++open;
            if (open >= in.count || !sign(in.at[open], '(')) continue;
            const Segments s = numbers_from(in, open + 1, last);
            if (s.count() >= 2 && last + 1 < in.count && sign(in.at[last + 1], ')')) in.spots.push_back({open, last, s.bits, nowhere, Spot::Type::segments});
        } else if (h.kind() == Kind::level) {
            if (const Segments s = ring_numbers(in, h, numbers_end); !s.empty()) in.spots.push_back({h.first, numbers_end, s.bits, nowhere, Spot::Type::segments});
            else if (!names_baseline(in, h) && !names_vessel(in, h)) add(Spot::Type::level, h.entry->code);
        }
        else if (h.kind() == Kind::all) add(Spot::Type::all, all16, true);
        else if (h.kind() == Kind::all17) add(Spot::Type::all, all17, true);
        else if (h.kind() == Kind::pattern && h.entry->code == static_cast<std::uint32_t>(Pattern::diffuse)) add(Spot::Type::all, all16);
        else if (h.kind() == Kind::segmentword || (h.kind() == Kind::except_ && follows_list)) {
            std::uint32_t last = 0, first = h.first;
            Segments s = numbers_behind(in, h, last);
            if (s.empty() && in.any(Kind::numeral)) s = ordinals_before(in, h, first);
            if (s.empty() || of_liver(in, h.first, last)) continue;
            if (in.spots.empty() || in.spots.back().last < first || in.spots.back().type != Spot::Type::segments) in.spots.push_back({first, last, s.bits, nowhere, Spot::Type::segments});
        }
    }
    if (in.has_number && (!in.targets.empty() || in.any(Kind::segmentword, Kind::target, Kind::territory)))  // "3 segments with LGE (4, 10 and 15)", "LAD (7, 13)"
        for (std::uint32_t i = 0; i + 2 < in.count; ++i) {
            std::uint32_t last = i;
            if (!sign(in.at[i], '(') || in.at[i + 1].kind != Token::Kind::number || may_be_date(in, i)) continue;
            const Segments s = numbers_from(in, i + 1, last);
            const bool known = std::any_of(in.spots.begin(), in.spots.end(), [&](const Spot& x) { return x.type == Spot::Type::segments && x.first <= last && x.last >= i; });
            if (s.count() >= 2 && !known && last + 1 < in.count && sign(in.at[last + 1], ')')) in.spots.push_back({i, last, s.bits, nowhere, Spot::Type::segments});
        }
    if (in.has_number) collect_bare_numbers(in);
    if (in.has_number) collect_numbers(in);
    const auto before = [](const Spot& a, const Spot& b) { return a.first < b.first; };
    if (!std::is_sorted(in.spots.begin(), in.spots.end(), before)) std::stable_sort(in.spots.begin(), in.spots.end(), before);
}

/// "... at the same level", "... at the same levels": the levels named before for one wall, as nouns.
void repeat_levels(Passage& in) {
    for (std::size_t k = 0; k < in.spots.size(); ++k) {
        if (in.spots[k].type != Spot::Type::level || static_cast<LevelWord>(in.spots[k].code) != LevelWord::same) continue;
        std::vector<LevelWord> named;  // the last ones, up to a wall
        for (std::size_t b = k; b-- > 0 && !(in.spots[b].type != Spot::Type::level && !named.empty());)
            if (in.spots[b].type == Spot::Type::level) named.insert(named.begin(), static_cast<LevelWord>(in.spots[b].code));
        if (named.empty()) named.push_back(LevelWord::whole);
        const auto noun = [](LevelWord w) { return static_cast<std::uint32_t>(w == LevelWord::basal ? LevelWord::base : w == LevelWord::mid ? LevelWord::midlevel : w == LevelWord::apical ? LevelWord::apicallevel : w); };
        Spot s = in.spots[k];
        if (named.size() > 1) s.first = s.last;  // one token for all of them
        in.spots.erase(in.spots.begin() + static_cast<std::ptrdiff_t>(k));
        for (const LevelWord w : named) {
            s.code = noun(w);
            in.spots.insert(in.spots.begin() + static_cast<std::ptrdiff_t>(k++), s);
        }
        --k;
    }
}

/// "the basal anterior and anteroseptal segments and the same walls at mid level", "... and at mid level in the same
/// walls": the walls named before stand there again.
void repeat_walls(Passage& in) {
    constexpr std::uint32_t reach = 3;  // tokens to the level
    for (const Hit& h : in.hits) {
        if (h.kind() != Kind::anaphor || std::none_of(in.at + h.first, in.at + h.last, [&](const Token& t) { return t.word == in.lexicon.same; }) || !in.is(in.at[h.last], Role::segment | Role::joining)) continue;
        const auto level = [&](const Spot& s) { return s.type == Spot::Type::level && s.first <= h.last + reach && s.last + reach >= h.first && in.clause[s.first] == in.clause[h.first]; };
        if (std::none_of(in.spots.begin(), in.spots.end(), level)) continue;
        std::vector<Spot> walls;
        for (const Spot& s : in.spots)
            if (s.type == Spot::Type::wall && s.last < h.first && in.clause[s.first] == in.clause[h.first]) walls.push_back({h.last, h.last, s.code, nowhere, Spot::Type::wall});
        in.spots.insert(std::find_if(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.first > h.last; }), walls.begin(), walls.end());
    }
}

/// "the markedly thinned wall": a word of its own between an article and the word that describes a wall.
bool adverb_before(const Passage& in, std::uint32_t first) {
    if (first < 2 || in.at[first - 1].kind != Token::Kind::word || in.is(in.at[first - 1], Role::joining | Role::preposition) || !in.is(in.at[first - 2], Role::possessive)) return false;
    return std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first < first && h.last + 1 >= first; });
}

/// "The hypertrophied septum carries LGE": the word describes the wall behind it, which is the subject of what is seen there.
bool describes_subject(const Passage& in, const Hit& m) {
    constexpr std::uint32_t reach = 12;
    if (m.entry->code != modality_unnamed || m.first == 0 || in.find_hit(Kind::wall, m.last + 1, m.last + 4) == nullptr) return false;
    const std::uint32_t article = m.first - (adverb_before(in, m.first) ? 2 : 1);
    const auto told = [&](const Hit& h) { return h.first < article && (is_head(h.kind()) || is_place(h.kind()) || h.kind() == Kind::organ || h.kind() == Kind::lv); };
    if (!in.is(in.at[article], Role::possessive) || (article > 0 && (!sign(in.at[article - 1], ',') || std::any_of(in.hits.begin(), in.hits.end(), told)))) return false;  // "Today, the thickened septum ..."
    if (in.is(in.at[m.last + 1], Role::preposition)) return false;  // "The akinesia of the inferior wall is not due to scar: ..."
    const auto seen = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > m.last && (is_head(h.kind()) || h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::stop); });
    const auto layered = [&](const Hit& h) { return h.kind() == Kind::pattern && seen->kind() == Kind::weak && h.last + 1 == seen->first; };  // "intramural patches"
    if (seen == in.hits.end() || !(seen->kind() == Kind::target || std::any_of(in.hits.begin(), in.hits.end(), layered) || (seen->kind() == Kind::negated && seen->entry->code == negated_enhancing)) || seen->first > m.last + reach) return false;
    return std::none_of(in.at + m.last, in.at + seen->first, [&](const Token& t) { return sign(t, ',') || in.is(t, Role::accompanying); });
}

/// "septal LGE at the base, inferior LGE at mid level": the wall behind the comma belongs to the head right behind it.
bool starts_next(const Passage& in, std::uint32_t run, const Spot& before, const Spot& next) {
    bool comma = false, head_before = false, head_behind = false;
    for (std::uint32_t i = before.last + 1; i < next.first; ++i) comma = comma || sign(in.at[i], ',');
    if (!comma) return false;
    for (const Head& h : in.heads) {
        head_before = head_before || (h.last < run && in.clause[h.first] == in.clause[run]);
        head_behind = head_behind || (h.first > next.last && h.first - next.last <= 2 && h.type == Head::Type::target);
    }
    return head_before && head_behind;
}

/// "Despite the artefact over the anterior wall ...", "The generator obscures the apex": the place right behind an artifact that
/// nothing seen stands before, in its clause, is where it lies.
bool covers_place(const Passage& in, const Hit& artifact) {
    constexpr std::uint32_t reach = 6;
    const auto seen = [&](const Hit& h) { return (h.kind() == Kind::target || h.kind() == Kind::weak || h.kind() == Kind::hedge) && in.clause[h.first] == in.clause[artifact.first]; };
    for (const Hit& h : in.hits) {
        if (seen(h) && h.first < artifact.first) return false;
        if (h.first <= artifact.last) continue;
        if (h.first > artifact.last + reach || in.clause[h.first] != in.clause[artifact.first] || h.kind() == Kind::hedged || seen(h)) return false;
        if (is_place(h.kind())) return std::none_of(in.at + artifact.last, in.at + h.first, [&](const Token& t) { return (t.kind == Token::Kind::sign && !sign(t, '-')) || in.is(t, Role::alternative); });
    }
    return false;
}

/// "dilated cardiomyopathy", "(site of maximal hypertrophy)": a word that is part of a cause, or stands in brackets without a place.
bool stands_aside(const Passage& in, const Hit& m) {
    if (in.any(Kind::dx) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::dx && s.first <= m.first && s.last >= m.last && s.last > m.last; })) return true;
    std::uint32_t open = m.first;
    while (open > 0 && in.at[open - 1].sign != '(' && in.at[open - 1].sign != ')') --open;
    if (open == 0 || in.at[open - 1].sign != '(') return false;
    std::uint32_t close = m.last + 1;
    while (close < in.count && in.at[close].sign != ')') ++close;
    return close < in.count && std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first >= open && h.last < close && (is_place(h.kind()) || h.kind() == Kind::target); });
}

}  // namespace

bool describes_place(const Passage& in, const Hit& m) {
    if (stands_aside(in, m)) return true;
    std::uint32_t first = m.first, last = m.last;  // of "thinned and akinetic"
    const auto joins = [&](std::uint32_t i) { return in.is(in.at[i], Role::conjunction) || sign(in.at[i], ','); };
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::modality && h.first == last + 2 && joins(last + 1)) last = h.last;
    for (std::size_t k = in.hits.size(); k-- > 0;)
        if (const Hit& h = in.hits[k]; h.kind() == Kind::modality && h.last + 2 == first && joins(h.last + 1)) first = h.first;
    if (adverb_before(in, first)) --first;
    bool wall = false;
    for (const Hit& h : in.hits) wall = wall || (h.first > last && (is_place(h.kind()) || h.kind() == Kind::lv || h.kind() == Kind::organ) && in.joined(last, h.first));
    std::uint32_t p = first;
    while (p > 0 && in.is(in.at[p - 1], Role::joining) && !in.is(in.at[p - 1], Role::preposition | Role::accompanying | Role::range)) --p;
    const bool corresponds = p > 1 && in.is(in.at[p - 1], Role::range | Role::accompanying) && in.is(in.at[p - 2], Role::accompanying | Role::preposition);  // "corresponding to the akinetic segments", "confined to the ...", "localised with the ..."
    const auto mention = [&](const Hit& h) { return h.kind() == Kind::target && h.last + 2 == p; };  // "late enhancement occupied the hypertrophied septum"
    const bool object = p > 1 && p < first && in.at[p - 1].kind == Token::Kind::word && in.is(in.at[p], Role::possessive) && std::any_of(in.hits.begin(), in.hits.end(), mention);
    return wall && ((p > 0 && in.is(in.at[p - 1], Role::preposition)) || corresponds || object || describes_subject(in, m));
}

bool measures_depth(const Passage& in, const Hit& m) {
    bool depth = false, percent = false;
    for (const Hit& s : in.side) depth = depth || (s.kind() == Kind::transmurality && s.first <= m.last && s.last >= m.first);
    for (std::uint32_t k = m.first >= 5 ? m.first - 5 : 0; k < m.first; ++k) percent = percent || sign(in.at[k], '%') || in.is(in.at[k], Role::percent);
    for (std::uint32_t k = m.last + 1; k < std::min(in.count, m.last + 6) && !sign(in.at[k], ','); ++k) percent = percent || sign(in.at[k], '%');  // "of thickness over 50 %"
    for (const Hit& s : in.side) percent = percent || (s.kind() == Kind::fraction && s.last < m.first && m.first - s.last <= 8);
    return depth && percent;
}

/// "LGE in the basal inferoseptal segment - viable": what is said of a scar behind a dash takes no walls from it.
static bool comments(const Passage& in, const Hit& viable) {
    const bool dash = viable.first > 0 && ((sign(in.at[viable.first - 1], '-') && in.at[viable.first - 1].spaced) || sign(in.at[viable.first - 1], '%') || sign(in.at[viable.first - 1], ':'));  // "basal inferior: 25-50 % viable"
    const bool ends = viable.last + 1 == in.count || in.at[viable.last + 1].kind == Token::Kind::sign;
    const auto place = [&](const Hit& h) { return is_place(h.kind()) && h.kind() != Kind::pattern && h.last + 2 == viable.first; };
    const bool appended = viable.first > 1 && sign(in.at[viable.first - 1], ',') && std::none_of(in.hits.begin(), in.hits.end(), place);  // "infarct of the lateral wall, subendocardial, viable"
    return (dash || appended) && ends && std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return !t.skip && t.last < viable.first && t.clause == in.clause[viable.first]; });
}

bool accompanies(const Passage& in, const Hit& modality) {
    constexpr std::uint32_t size = 4;  // tokens of "a 2 cm"
    std::uint32_t i = modality.first;
    while (i > 0 && i + size > modality.first && (in.at[i - 1].kind == Token::Kind::number || in.is(in.at[i - 1], Role::joining) || in.at[i - 1].kind == Token::Kind::word) && !in.is(in.at[i - 1], Role::accompanying | Role::preposition)) --i;
    const std::uint32_t noun = i;
    while (i > 0 && in.is(in.at[i - 1], Role::accompanying)) --i;
    if (i == noun && modality.first == modality.last && sign(in.at[modality.first - (modality.first > 0 ? 1 : 0)], ',') && modality.first > 1 && sign(in.at[modality.first - 2], '%')) return true;
    return i < noun && i > 0 && sign(in.at[i - 1], ',');
}

/// "T2 mapping is normal everywhere": the word of health right behind another observation tells of that alone.
static bool of_another(const Passage& in, const Hit& health) {
    constexpr std::uint32_t reach = 3;
    const auto next = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first >= health.first; });
    if (next == in.hits.begin() || health.entry->code == spared_after) return false;
    const Hit& before = *(next - 1);
    return before.kind() == Kind::modality && before.entry->code != modality_unnamed && health.first <= before.last + reach && in.clause[before.first] == in.clause[health.first] &&
           std::none_of(in.at + before.last, in.at + health.first, [](const Token& t) { return t.kind == Token::Kind::sign; });
}

/// "a fresh one, subendocardial and oedematous, in the basal wall": a word that stands beside a layer between commas only describes.
static bool stands_beside_layer(const Passage& in, const Hit& m) {
    if (!in.any(Kind::pattern) || m.first < 2 || m.last + 2 >= in.count) return false;
    const auto conjunction = [&](std::uint32_t i) { return in.is(in.at[i], Role::conjunction); };
    const auto layer = [&](const Hit& h) {
        return is_layer(h) && ((h.last + 2 == m.first && conjunction(m.first - 1) && h.first > 0 && sign(in.at[h.first - 1], ',') && sign(in.at[m.last + 1], ',')) ||
                               (h.first == m.last + 2 && conjunction(m.last + 1) && sign(in.at[m.first - 1], ',') && h.last + 1 < in.count && sign(in.at[h.last + 1], ',')));
    };
    return std::any_of(in.hits.begin(), in.hits.end(), layer);
}

void find_heads(Passage& in) {
    in.heads.clear();
    if (in.targets.empty() && !in.any(Kind::modality, Kind::finding, Kind::spared, Kind::viability)) return;
    for (std::uint32_t i = 0; i < in.targets.size(); ++i) in.heads.push_back({in.targets[i].first, in.targets[i].last, Head::Type::target, i});
    for (const Hit& h : in.hits) {
        if ((h.kind() == Kind::modality || h.kind() == Kind::finding) && !describes_place(in, h) && !measures_depth(in, h) && !(!in.targets.empty() && stands_beside_layer(in, h))) in.heads.push_back({h.first, h.last, Head::Type::other});
        if (h.kind() == Kind::artifact && covers_place(in, h)) in.heads.push_back({h.first, h.last, Head::Type::other});
        if (h.kind() != Kind::spared) continue;
        const bool viability = in.any(Kind::viability) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::viability && s.first <= h.first && s.last >= h.last; });  // "preserved viability"
        if (of_another(in, h)) in.heads.push_back({h.first, h.last, Head::Type::other});
        else if (!viability) in.heads.push_back({h.first, h.last, Head::Type::spared, nowhere, h.entry->code == spared_after || h.entry->code == spared_beside});
    }
    for (const Hit& s : in.side)
        if (s.kind() == Kind::viability && s.entry->code != 1 && !comments(in, s)) in.heads.push_back({.first = s.first, .last = s.last, .type = Head::Type::spared, .viable = true});
    std::sort(in.heads.begin(), in.heads.end(), [](const Head& a, const Head& b) { return a.first != b.first ? a.first < b.first : a.type < b.type; });
    if (in.heads.size() < 2) return;
    const auto coordinated = [&](const Head& a, const Head& b) {  // "is thinned and akinetic": two words for one thing
        if (a.type != Head::Type::other || b.type != Head::Type::other || b.first <= a.last || b.first > a.last + 3 || in.clause[a.first] != in.clause[b.first]) return false;
        bool joins = false;
        for (std::uint32_t i = a.last + 1; i < b.first; ++i) {
            if (!(sign(in.at[i], ',') || in.is(in.at[i], Role::conjunction))) return false;
            joins = true;
        }
        return joins;
    };
    std::size_t kept = 0;
    for (std::size_t k = 1; k < in.heads.size(); ++k) {
        if (coordinated(in.heads[kept], in.heads[k])) in.heads[kept].last = in.heads[k].last;
        else if (++kept != k) in.heads[kept] = in.heads[k];
    }
    in.heads.resize(kept + 1, in.heads.front());
}

std::uint32_t head_of(const Passage& in, std::uint32_t first, std::uint32_t last, std::uint32_t reach) {
    constexpr int longest_list = 4;  // layers: "reduced function with patchy, linear, subepicardial LGE"
    for (int n = 0; n < longest_list && in.starts_at(Kind::pattern, first) && last + 2 < in.count && sign(in.at[last + 1], ',') && in.starts_at(Kind::pattern, last + 2); ++n) {
        first = last + 2;
        last = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::pattern && h.first == first; })->last;
    }
    std::uint32_t before = nowhere, after = nowhere;
    for (std::uint32_t h = 0; h < in.heads.size(); ++h) {
        if (in.clause[in.heads[h].first] != in.clause[first]) continue;
        if (in.heads[h].first <= last && in.heads[h].last >= first) return h;
        const bool closed = in.heads[h].type == Head::Type::spared && !in.heads[h].object_behind && in.heads[h].last + 1 < in.count && in.at[in.heads[h].last + 1].kind == Token::Kind::sign;  // "septum spared, ..."
        const auto took = [&](const Spot& s) { return s.head == h && s.first > in.heads[h].last && s.last < first; };
        const bool served = in.heads[h].type == Head::Type::spared && std::any_of(in.spots.begin(), in.spots.end(), took);  // "stops short of the apex and is confined to ..."
        const bool bracketed = in.heads[h].type == Head::Type::spared && in.heads[h].last < first && in.heads[h].first > 0 && sign(in.at[in.heads[h].first - 1], '(') && std::any_of(in.at + in.heads[h].last, in.at + first, [](const Token& t) { return sign(t, ')'); });  // "LGE (not the apex), subepicardial"
        const bool relative = in.heads[h].type == Head::Type::other && in.heads[h].first >= 3 && in.heads[h].last + 1 < first && sign(in.at[in.heads[h].last + 1], ',') && sign(in.at[in.heads[h].first - 3], ',') && in.starts_at(Kind::explains, in.heads[h].first - 1);
        const bool aside = relative || (in.heads[h].type == Head::Type::other && in.heads[h].last < first && aside_end(in, in.heads[h].first) < first);  // "of the apex, which was aneurysmal, and of the lateral wall"
        if (in.heads[h].last < first && !closed && !bracketed && !served && !aside && !spares_layer(in, in.heads[h])) before = h;
        const bool takes_next = in.heads[h].type == Head::Type::spared && in.heads[h].object_behind;  // "the septum, but not the apex, shows LGE"
        if (in.heads[h].first > last && after == nowhere && !takes_next) after = h;
    }
    std::uint32_t p = first;
    while (p > 0 && in.is(in.at[p - 1], Role::joining) && !in.is(in.at[p - 1], Role::preposition)) --p;
    const bool prep = p > 0 && in.is(in.at[p - 1], Role::preposition);
    const auto denied = [&](const Hit& h) { return h.kind() == Kind::negation && h.first == last + 1 && h.last + 1 == in.heads[after].first; };
    if (after != nowhere && in.heads[after].type == Head::Type::target && std::any_of(in.hits.begin(), in.hits.end(), denied)) return after;  // "infarct: basal anterior without scar, ..."
    if (after != nowhere && last + 1 < in.count && sign(in.at[last + 1], ':') && in.heads[after].type == Head::Type::target) return after;  // "inferior: LGE"
    if (before != nowhere && first > 0 && sign(in.at[first - 1], '(') && in.heads[before].last + 2 == first) return before;  // "DE (subendocardial) with hypokinesis"
    if (before != nowhere && in.heads[before].type == Head::Type::target && in.heads[before].last + 1 == first) return before;  // "the infarcted inferior wall is thinned"
    if (after != nowhere && in.heads[after].type == Head::Type::spared && before != nowhere) after = nowhere;  // takes its walls in find_spots
    if (after != nowhere && before != nowhere && in.heads[after].type == Head::Type::target && in.heads[after].first == last + 1 && in.heads[before].type == Head::Type::other) return after;  // "ECV 55 % in the inferior scar"
    if (after != nowhere && in.heads[after].type == Head::Type::other && last + 1 < in.count && sign(in.at[last + 1], ','))  // "The septum, thickened on echocardiography, showed LGE"
        if (const std::uint32_t end = aside_end(in, in.heads[after].first); end != nowhere)
            for (std::uint32_t h = after + 1; h < in.heads.size(); ++h)
                if (in.heads[h].type == Head::Type::target && in.heads[h].first > end && in.clause[in.heads[h].first] == in.clause[first]) return h;
    bool close = after != nowhere && in.heads[after].first - last <= reach;
    const bool two = close && before != nowhere && in.heads[before].type == Head::Type::target && in.heads[after].type == Head::Type::other;  // "LGE took up the septum and oedema the lateral wall"
    for (std::uint32_t i = last + 1; close && before != nowhere && i < in.heads[after].first; ++i) close = !sign(in.at[i], ',') && !(two && in.is(in.at[i], Role::conjunction));
    if (before != nowhere && (prep || !close)) return before;
    return after != nowhere && (close || before == nowhere) ? after : before;
}

void find_spots(Passage& in) {
    in.spots.clear();
    if (!in.any(Kind::wall, Kind::level, Kind::all, Kind::all17, Kind::pattern, Kind::segmentword, Kind::territory) && in.targets.empty()) return;
    collect_spots(in);
    narrow_walls(in);
    repeat_levels(in);
    if (in.any(Kind::anaphor)) repeat_walls(in);
    drop_spots(in);
    for (std::uint32_t h = 0; h < in.heads.size(); ++h)
        if (in.heads[h].type == Head::Type::spared) take_spared(in, h);
    for (std::size_t k = 0; k < in.spots.size();) {
        if (in.spots[k].head != nowhere) { ++k; continue; }
        std::size_t e = k + 1;
        while (e < in.spots.size() && in.spots[e].head == nowhere && !starts_next(in, in.spots[k].first, in.spots[e - 1], in.spots[e]) && in.clause[in.spots[e].first] == in.clause[in.spots[k].first] && in.joined(in.spots[e - 1].last, in.spots[e].first)) ++e;
        std::uint32_t h = head_of(in, in.spots[k].first, in.spots[e - 1].last, 5);
        if (h == nowhere) h = head_elsewhere(in, in.clause[in.spots[k].first]);
        for (; k < e; ++k) in.spots[k].head = h;
    }
}

}  // namespace lge::report
