#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Segments;

namespace {

/// "8 x 12 mm": whether a letter stands for "by" between two numbers.
bool multiplies(const Passage& in, std::uint32_t i) {
    constexpr std::uint32_t ten = 10;  // "x"
    const auto letter = [&](const Hit& s) { return s.kind() == Kind::numeral && s.first == i && s.entry->code == ten; };
    return in.any(Kind::numeral) && i > 0 && i + 1 < in.count && in.at[i].end == in.at[i].start + 1 && in.at[i - 1].kind == Token::Kind::number && in.at[i + 1].kind == Token::Kind::number && std::any_of(in.side.begin(), in.side.end(), letter);
}

/// Whether the number at a token belongs to an amount: "25-50 %", "4 g", "1/2", "8 x 12 mm".
bool of_amount(const Passage& in, std::uint32_t i) {
    if (heads_row(in, i)) return false;
    if (multiplies(in, i + 1) || (i > 0 && multiplies(in, i - 1))) return true;
    const auto listed = [&](const Hit& s) {  // "segments 1/4/11", "1/4/11"
        return in.at[s.first].kind == Token::Kind::number && ((i > 0 && in.is(in.at[i - 1], Role::segment)) || (s.last + 2 < in.count && sign(in.at[s.last + 1], '/') && in.at[s.last + 2].kind == Token::Kind::number));
    };
    const auto fraction = [&](const Hit& s) { return s.kind() == Kind::fraction && s.first == i && s.last > i && !listed(s); };
    if (in.any(Kind::fraction) && std::any_of(in.side.begin(), in.side.end(), fraction)) return true;  // "1/2 to 3/4 of the thickness"
    if (is_grade(in, i) || (i >= 2 && is_grade(in, i - 2))) return true;
    for (std::uint32_t k = i + 1; k < std::min(in.count, i + 4); ++k) {
        if (sign(in.at[k], '%') || in.is(in.at[k], Role::percent | Role::gram) || (k == i + 1 && in.at[k].kind == Token::Kind::word && in.starts_at(Kind::measure, k))) return true;  // or "9 mm"
        if (in.at[k].kind == Token::Kind::number ? k == i + 1 : !sign(in.at[k], '-') && !in.is(in.at[k], Role::range)) return false;  // "17 100 %"
    }
    return false;
}

/// The value of a number word, or 0.
std::uint32_t numeral_at(const Passage& in, std::uint32_t i) {
    if (!in.any(Kind::numeral) || multiplies(in, i)) return 0;
    if (in.starts_at(Kind::weak, i)) return 0;  // "the basal segment and a small one at the apex"
    for (const Hit& s : in.side)
        if (s.kind() == Kind::numeral && s.first == i && s.last == i && s.entry->code < ordinal) return s.entry->code;
    return 0;
}

/// "9 (posterior septum, mid), 10": the token behind a bracket that holds nothing but places, or `i`.
std::uint32_t behind_names(const Passage& in, std::uint32_t i) {
    constexpr std::uint32_t longest = 7;  // tokens
    for (std::uint32_t k = i + 1; k < std::min(in.count, i + longest); ++k) {
        if (sign(in.at[k], ')')) return k > i + 1 ? k + 1 : i;
        const auto place = [&](const Hit& h) { return h.first <= k && h.last >= k && (h.kind() == Kind::wall || h.kind() == Kind::level); };
        if (!sign(in.at[k], ',') && !in.is(in.at[k], Role::joining) && std::none_of(in.hits.begin(), in.hits.end(), place)) return i;
    }
    return i;
}

/// The token behind an amount, a layer or one word in brackets, "(50 %)", "(midwall)", or `i` where none stands there.
std::uint32_t behind_amount(const Passage& in, std::uint32_t i) {
    if (!sign(in.at[i], '(')) return i;
    const bool judged = in.starts_at(Kind::hedge, i + 1) || in.starts_at(Kind::hedged, i + 1) || in.starts_at(Kind::certainty, i + 1);  // "5 (definite), 11 (possible)"
    if (i + 2 < in.count && in.at[i + 1].kind == Token::Kind::word && sign(in.at[i + 2], ')')) return judged ? i : i + 3;  // "4 (full), 10 (half)"
    if (const std::uint32_t close = behind_names(in, i); close > i) return close;
    bool amount = in.find_hit(Kind::pattern, i + 1, i + 3) != nullptr || is_grade(in, i + 1);  // "4 (50-75), 5 (25-50)"
    for (std::uint32_t k = i + 1; k < std::min(in.count, i + 8); ++k) {
        amount = amount || sign(in.at[k], '%') || in.is(in.at[k], Role::percent);
        if (sign(in.at[k], ')')) return amount ? k + 1 : i;
    }
    return i;
}

/// "all four apical segments": the number word at a token counts what follows.
bool counts_places(const Passage& in, std::uint32_t i) {
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first == i + 1 && (h.kind() == Kind::level || h.kind() == Kind::wall || h.kind() == Kind::segmentword); });
}

/// "segment 4 and one mid-wall dot": behind "and" the number word counts what follows.
bool counts_thing(const Passage& in, std::uint32_t i) {
    const auto thing = [&](const Hit& h) { return h.first == i + 1 && (h.kind() == Kind::pattern || h.kind() == Kind::weak || h.kind() == Kind::target); };
    return i > 0 && in.is(in.at[i - 1], Role::conjunction) && std::any_of(in.hits.begin(), in.hits.end(), thing);
}

/// Whether a list of numbers can go on or end before a token: no unit stands there.
bool ends_list(const Passage& in, std::uint32_t i) {
    return i >= in.count || in.at[i].kind == Token::Kind::number || sign(in.at[i], ',') || sign(in.at[i], ';') || sign(in.at[i], '.') || sign(in.at[i], '(') || in.is(in.at[i], Role::conjunction);
}

/// "In this segment I see ...", "segment, i.e. ...": the letter is a number only where the list goes on behind it.
bool is_i(const Passage& in, std::uint32_t i) {
    const Token& t = in.at[i];
    if (t.end - t.start != 1 || numeral_at(in, i) != 1) return false;
    return i + 2 >= in.count || !(sign(in.at[i + 1], ',') || sign(in.at[i + 1], '-') || in.is(in.at[i + 1], Role::conjunction | Role::range)) || (numeral_at(in, i + 2) == 0 && in.at[i + 2].kind != Token::Kind::number);
}

/// "LGE score: 5/17", not "segments 5/17": how many of all segments.
bool counts_of_all(const Passage& in, std::uint32_t i) {
    constexpr float fewest = 16, all = 17;
    if (i + 2 >= in.count || in.at[i].kind != Token::Kind::number || !sign(in.at[i + 1], '/') || in.at[i].value >= fewest - 1 || in.at[i + 2].value < fewest || in.at[i + 2].value > all) return false;
    return !(i > 0 && in.find_hit(Kind::segmentword, 0, i - 1) != nullptr) && !(i + 3 < in.count && (sign(in.at[i + 3], ',') || sign(in.at[i + 3], '/')));
}

/// "; also 2)": a small word and one number more.
bool adds_number(const Passage& in, std::uint32_t i) {
    return i + 2 < in.count && in.is(in.at[i], Role::joining) && !in.is(in.at[i], Role::preposition) && in.at[i].end - in.at[i].start > 2 && in.at[i + 1].kind == Token::Kind::number && sign(in.at[i + 2], ')');
}

/// Whether a token may stand between the numbers of a list; `before`: or before its first.
bool parts_numbers(const Passage& in, std::uint32_t i, bool before) {
    const Token& t = in.at[i];
    if (t.kind == Token::Kind::newline || in.is(t, Role::conjunction) || (in.is(t, Role::joining) && !in.is(t, Role::preposition))) return true;
    if (t.kind != Token::Kind::sign) return false;
    constexpr std::string_view always = ",&/+:(#", first = ").=";
    if (always.find(t.sign) != std::string_view::npos || (before && first.find(t.sign) != std::string_view::npos)) return true;
    if (t.sign != ';' || i + 1 >= in.count) return false;
    const bool alone = in.at[i + 1].kind == Token::Kind::number && (i + 2 == in.count || sign(in.at[i + 2], ';'));
    return !in.at[i + 1].spaced || alone || adds_number(in, i + 1);
}

}  // namespace

bool amount_follows(const Passage& in, std::uint32_t i) {
    return i + 1 < in.count && in.at[i + 1].kind == Token::Kind::number && of_amount(in, i + 1);
}

bool heads_row(const Passage& in, std::uint32_t i) {
    if (i == 0 || i + 2 >= in.count || in.at[i].value > 17 || !sign(in.at[i + 1], '-') || !in.at[i + 1].spaced || !in.at[i + 2].spaced || in.at[i + 2].kind != Token::Kind::number) return false;
    const std::uint32_t name = i - (i > 1 && sign(in.at[i - 1], '.') ? 2 : 1);
    return in.find_hit(Kind::segmentword, name, name) != nullptr;
}

bool may_be_date(const Passage& in, std::uint32_t open) {
    if (open + 4 >= in.count || !sign(in.at[open + 2], '/') || in.at[open + 3].kind != Token::Kind::number || !sign(in.at[open + 4], ')')) return false;
    const auto named = [&](const Hit& h) { return h.last + 1 == open && (is_head(h.kind()) || is_place(h.kind()) || h.kind() == Kind::pattern || h.kind() == Kind::territory); };
    return std::none_of(in.hits.begin(), in.hits.end(), named) && std::none_of(in.side.begin(), in.side.end(), named);
}

Segments numbers_from(const Passage& in, std::uint32_t i, std::uint32_t& last) {
    constexpr std::uint32_t longest_list = 60;
    Segments out;
    if (counts_of_all(in, i)) return out;
    std::uint32_t previous = 0;
    bool span = false, parted = true, counted = false;
    const std::uint32_t begin = i > 0 ? i - 1 : i;
    for (const std::uint32_t end = std::min(in.count, i + longest_list); i < end; ++i) {
        if (i < in.clause.size() && in.clause[i] != in.clause[begin] && in.starts_at(Kind::segmentword, i)) break;  // ", segment 4 is clear"
        if (!parted)
            if (const std::uint32_t k = behind_amount(in, i); k > i) { i = k - 1; continue; }  // "4 (50 %), 10 (75 %)"
        const Token& t = in.at[i];
        const Hit* name = t.kind == Token::Kind::word && !in.is(t, Role::conjunction | Role::range) ? in.find_hit(Kind::segmentword, i, i) : nullptr;
        const std::uint32_t numeral = t.kind == Token::Kind::word ? numeral_at(in, i) : 0;
        if (numeral != 0 && name == nullptr && parted && i + 2 < in.count && sign(in.at[i + 1], '(') && in.at[i + 2].kind == Token::Kind::number && !of_amount(in, i + 2)) {  // "only three (7, 8 and 14)", "four (4) and ten (10)"
            counted = true;
            ++i;
            continue;
        }
        if (t.kind == Token::Kind::number || numeral != 0 || (name != nullptr && name->entry->code != 0)) {
            if (numeral != 0 && name == nullptr && counts_thing(in, i)) break;
            const bool counts = out.empty() && i > 1 && sign(in.at[i - 2], '(') && in.is(in.at[i - 1], Role::joining);  // "all basal segments (only two before)"
            if (numeral != 0 && name == nullptr && (counts || (out.empty() && i > 0 && sign(in.at[i - 1], ',')) || (i > 0 && in.is(in.at[i - 1], Role::both)) || counts_places(in, i) || is_i(in, i))) break;
            const auto v = name != nullptr ? name->entry->code : numeral != 0 ? numeral : t.value <= 17 ? static_cast<std::uint32_t>(t.value) : 0;
            if ((name != nullptr || numeral != 0) && i > 0 && !t.spaced && last + 1 == i && t.start == in.at[last].end + 1) parted = span = true;  // "S1-S3": the hyphen joins words
            if (!parted && name == nullptr && numeral == 0 && t.spaced && v > previous && ends_list(in, i + 1)) parted = true;  // "segments 2 3 8 9"
            if (!parted && name == nullptr && numeral != 0 && last + 1 == i && v > previous) parted = true;  // dictated: "segments four five and eleven"
            if (!parted || (name == nullptr && numeral == 0 && static_cast<float>(v) != t.value) || v < 1 || v > 17 || (name == nullptr && of_amount(in, i))) break;
            if (v >= 16 && out.empty() && i + 2 < in.count && in.is(in.at[sign(in.at[i + 1], '-') ? i + 2 : i + 1], Role::segment)) break;  // "by segment (17-segment model)"
            if (!out.empty() && sign(in.at[i - 1], ':') && i + 2 < in.count && sign(in.at[i + 1], '(') && in.at[i + 2].kind == Token::Kind::number) break;  // "segment 4: 3 (51-75 %)"
            if (!out.empty() && !span && i + 3 < in.count && sign(in.at[i + 1], '(') && in.at[i + 2].kind == Token::Kind::number && in.at[i + 2].value == 0 && sign(in.at[i + 3], '%')) break;  // "10 (75 %), 16 (0 %)"
            if (span && previous != 0 && previous < v)
                for (std::uint32_t s = previous; s <= v; ++s) out.add(static_cast<int>(s));
            out.add(static_cast<int>(v));
            previous = v;
            span = parted = false;
            last = i;
            continue;
        }
        if (name != nullptr && !parted) break;  // "3/17 segments (4, 10, 15)"
        parted = true;
        if (sign(t, '-') && name == nullptr && i > 0 && in.find_hit(Kind::segmentword, i - 1, i - 1) != nullptr) continue;  // "AHA-4 and AHA-10"
        if (sign(t, '-') || in.is(t, Role::range)) span = true;
        else if (counted && sign(t, ')')) counted = false;
        else if (name == nullptr && !parts_numbers(in, i, out.empty())) break;
    }
    return out;
}

Segments ordinals_before(const Passage& in, const Hit& h, std::uint32_t& first) {
    constexpr std::uint32_t least = 4;
    Segments out;
    std::uint32_t highest = 0;
    bool due = true;  // an ordinal
    for (std::uint32_t i = h.first; i-- > 0;) {
        const Token& t = in.at[i];
        const auto named = std::find_if(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::numeral && s.last == i && s.entry->code > ordinal; });
        if (due && named != in.side.end()) {
            const std::uint32_t v = named->entry->code - ordinal;
            out.add(static_cast<int>(v));
            highest = std::max(highest, v);
            first = i = named->first;
            due = false;
        } else if (due && !out.empty()) break;
        else if (sign(t, ',') || in.is(t, Role::conjunction)) due = true;
        else break;
    }
    return out.count() >= 2 || highest >= least ? out : Segments{};
}

Segments numbers_behind(const Passage& in, const Hit& h, std::uint32_t& last) {
    constexpr std::uint32_t lead = 8;
    std::uint32_t i = h.last + 1;
    last = h.last;
    if (h.kind() == Kind::segmentword && h.entry->code != 0) return numbers_from(in, h.first, last);
    if (i < in.count && in.is(in.at[i], Role::range)) return {};  // "from two segments to one"
    if (i < in.count && sign(in.at[i], '(')) {  // "segments (LGE > 50 %): 4, 10"
        const Token* close = std::find_if(in.at + i, in.at + std::min(in.count, i + 2 * lead), [](const Token& t) { return sign(t, ')'); });
        if (close + 2 < in.at + in.count && sign(close[0], ')') && sign(close[1], ':') && close[2].kind == Token::Kind::number) return numbers_from(in, static_cast<std::uint32_t>(close - in.at) + 2, last);
    }
    const auto leads = [&](std::uint32_t k) {  // "segments with scar > 50 %: 4, 10"
        return in.at[k].kind == Token::Kind::word || sign(in.at[k], '<') || sign(in.at[k], '>') || sign(in.at[k], '%') || (k > i && in.at[k].kind == Token::Kind::number && of_amount(in, k)) ||
               (k > i && sign(in.at[k], '-') && k + 2 < in.count && in.at[k + 1].kind == Token::Kind::number && sign(in.at[k + 2], '%'));  // "segments with LGE 51-75 % thickness: 10, 15"
    };
    for (std::uint32_t k = i; k < std::min(in.count, i + lead) && leads(k); ++k)
        if (k + 2 < in.count && sign(in.at[k + 1], ':') && in.at[k + 2].kind == Token::Kind::number) i = k + 2;  // "segments with LGE: 2, 3"
    return numbers_from(in, i, last);
}

Segments ring_numbers(const Passage& in, const Hit& level, std::uint32_t& last) {
    const auto word = static_cast<LevelWord>(level.entry->code);
    const bool basal = word == LevelWord::basal || word == LevelWord::base, mid = word == LevelWord::mid || word == LevelWord::midlevel;
    if (!in.has_number || !(basal || mid || word == LevelWord::apical || word == LevelWord::apicallevel || word == LevelWord::apex)) return {};
    std::uint32_t i = level.last + 1;
    if (i < in.count && sign(in.at[i], ':')) ++i;
    if (i >= in.count || in.at[i].kind != Token::Kind::number) return {};
    const Segments s = numbers_from(in, i, last);
    const Segments ring = segments_of(level_bit(basal ? anatomy::Level::basal : mid ? anatomy::Level::mid : anatomy::Level::apical));
    return s.count() >= 2 && (s - ring).empty() && ends_list(in, last + 1) ? s : Segments{};
}

}  // namespace lge::report
