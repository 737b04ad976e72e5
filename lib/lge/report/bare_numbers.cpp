#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Segments;

namespace {

/// "Ischaemia 4, 10, 15; scar 10": whether the sentence holds a list of numbers of segments, beside which one number is one.
bool lists_segments(const Passage& in) {
    for (std::uint32_t i = 0; i < in.count; ++i) {
        if (in.at[i].kind != Token::Kind::number || (i > 0 && (sign(in.at[i - 1], '/') || sign(in.at[i - 1], '-')))) continue;
        std::uint32_t last = i;
        if (numbers_from(in, i, last).count() >= 3) return std::none_of(in.at + i, in.at + last, [](const Token& t) { return sign(t, '/') || sign(t, '-'); });
        i = last;
    }
    return false;
}

/// Whether the words right before token `i` tell how deep a scar is: "100 % in 4", "transmural in 4".
bool behind_depth(const Passage& in, std::uint32_t i) {
    if (i == 0) return false;
    if (sign(in.at[i - 1], '%') || in.is(in.at[i - 1], Role::percent) || (i > 2 && is_grade(in, i - 3))) return true;
    const auto unit = [&](const Hit& s) { return s.kind() == Kind::transmurality && s.last + 1 == i && s.first > 0 && sign(in.at[s.first - 1], '%'); };  // "75 % of the thickness of 4"
    if (std::any_of(in.side.begin(), in.side.end(), unit)) return true;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::pattern && h.last + 1 == i; });
}

/// "LGE in 11 only", "only in 11": whether the number behind a preposition is told to be the only one.
bool says_only(const Passage& in, std::uint32_t i, std::uint32_t last) {
    const auto only = [&](std::uint32_t k) { return in.is(in.at[k], Role::joining) && in.starts_at(Kind::explains, k) && !in.is(in.at[k], Role::preposition); };
    const bool behind = last + 1 < in.count && only(last + 1) && (last + 2 == in.count || in.at[last + 2].kind == Token::Kind::sign);
    const bool ahead = i > 1 && only(i - 2) && (last + 1 == in.count || in.at[last + 1].kind == Token::Kind::sign);
    return behind || ahead;
}

/// "10 and 11 are scarred": whether a verb and a mention stand right behind a token.
bool is_subject_of_target(const Passage& in, std::uint32_t last) {
    constexpr std::uint32_t reach = 3;
    return in.starts_at(Kind::explains, last + 1) &&
           std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return t.first > last && t.first <= last + reach; });
}

/// "5 (50 %), 11 (25 %), 16 (?)": the numbers from token `i` on, up to one that is doubted by itself.
Segments numbers_apart(const Passage& in, std::uint32_t i, std::uint32_t& last) {
    Segments s = numbers_from(in, i, last);
    for (std::uint32_t k = last; k > i; --k)
        if (in.at[k].kind == Token::Kind::number && number_doubted(in, k)) {
            s = s - Segments::of({static_cast<int>(in.at[k].value)});
            last = k - 1;
        }
    return s;
}

/// "1: subendocardial; 6: transmural", "1 subendocardial, 6 transmural": a number at the start of a row whose layer follows.
bool names_row(const Passage& in, std::uint32_t i, std::uint32_t last) {
    if (i > 0 && (in.at[i - 1].kind != Token::Kind::sign || sign(in.at[i - 1], '.') || sign(in.at[i - 1], '/') || sign(in.at[i - 1], '('))) return false;
    const std::uint32_t layer = last + 1 < in.count && sign(in.at[last + 1], ':') ? last + 2 : last + 1;
    return in.starts_at(Kind::pattern, layer);
}

/// Whether the sentence holds several such rows.
bool lists_rows(const Passage& in) {
    int rows = 0;
    for (std::uint32_t i = 0; i < in.count; ++i) {
        if (in.at[i].kind != Token::Kind::number) continue;
        std::uint32_t last = i;
        if (!numbers_from(in, i, last).empty() && names_row(in, i, last)) ++rows;
        i = last;
    }
    return rows > 1;
}

}  // namespace

void collect_numbers(Passage& in) {
    bool doubted = false;  // one of the numbers
    for (std::uint32_t i = 0; i < in.count && in.any(Kind::hedge, Kind::hedged); ++i) doubted = doubted || (in.at[i].kind == Token::Kind::number && number_doubted(in, i));
    const auto take = [&](std::uint32_t i) {
        if (i + 3 < in.count && sign(in.at[i], '(') && sign(in.at[i + 2], ')') && sign(in.at[i + 3], ':')) i += 3;  // "Infarct (LGE): 4, 10"
        const bool plus = i + 1 < in.count && sign(in.at[i], '+') && sign(in.at[i + 1], ':');  // "LGE +: 13"
        while (i < in.count && (sign(in.at[i], ':') || (plus && sign(in.at[i], '+')) || sign(in.at[i], '-') || sign(in.at[i], '#') || (in.is(in.at[i], Role::preposition) && i + 1 < in.count && sign(in.at[i + 1], '#')))) ++i;
        if (i >= in.count || in.at[i].kind != Token::Kind::number) return;
        std::uint32_t last = 0;
        const Segments s = doubted ? numbers_apart(in, i, last) : numbers_from(in, i, last);
        if (s.empty() || (s.count() < 2 && !doubted && !plus && !lists_segments(in))) return;
        const bool ends = last + 1 == in.count || sign(in.at[last + 1], ',') || sign(in.at[last + 1], ';') || sign(in.at[last + 1], '|') || sign(in.at[last + 1], '(') || doubted || in.find_hit(Kind::pattern, last + 1, last + 2) != nullptr;
        const bool known = std::any_of(in.spots.begin(), in.spots.end(), [&](const Spot& x) { return x.type == Spot::Type::segments && x.first <= last && x.last >= i; });
        if (ends && !known) in.spots.push_back({i, last, s.bits, nowhere, Spot::Type::segments});
    };
    for (const Target& t : in.targets) take(t.implicit && in.at[t.first].kind != Token::Kind::word ? t.first : t.last + 1);
    if (!in.targets.empty() && in.targets[0].implicit) take(0);  // "LGE: 5 and 11, subendocardial"
}

void collect_bare_numbers(Passage& in) {
    bool numbered = std::any_of(in.spots.begin(), in.spots.end(), [](const Spot& s) { return s.type == Spot::Type::segments; });
    if (!numbered && in.targets.empty()) return;
    const auto known = [&](std::uint32_t i) { return std::any_of(in.spots.begin(), in.spots.end(), [&](const Spot& x) { return x.type == Spot::Type::segments && x.first <= i && x.last >= i; }); };
    const auto of_target = [&](std::uint32_t i) { return std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return t.clause == in.clause[i] && (t.last < i || (t.implicit && t.first <= i)); }); };
    const bool doubts = in.any(Kind::hedge, Kind::hedged);
    const bool rows = in.has_number && in.any(Kind::pattern) && lists_rows(in);
    for (std::uint32_t i = 0; i < in.count; ++i) {
        if (in.at[i].kind != Token::Kind::number || known(i)) continue;
        std::uint32_t last = i;
        const Segments s = doubts ? numbers_apart(in, i, last) : numbers_from(in, i, last);
        if (s.empty()) continue;
        const bool ends = last + 1 == in.count || in.at[last + 1].kind == Token::Kind::sign || in.is(in.at[last + 1], Role::conjunction) || (in.is(in.at[last + 1], Role::joining) && (last + 2 == in.count || in.at[last + 2].kind == Token::Kind::sign));
        const bool dated = std::any_of(in.at + i, in.at + std::min(last + 2, in.count), [](const Token& k) { return sign(k, '/') || sign(k, '-'); });
        const bool labelled = i > 1 && sign(in.at[i - 1], ':') && of_target(i) && ends && ((i > 2 && sign(in.at[i - 2], '%') && in.at[i - 3].kind == Token::Kind::number) || std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::pattern && h.last + 2 == i; }));  // "transmural 75-100 %: 5, 11"
        const auto verb = [&](const Hit& h) { return h.kind() == Kind::explains && h.last + 1 == i; };
        const auto counted = [&](const Hit& h) { return h.kind() == Kind::segmentword && h.last < i && in.clause[h.first] == in.clause[i]; };
        const bool named = ends && in.any(Kind::segmentword) && of_target(i) && std::any_of(in.side.begin(), in.side.end(), verb) && std::any_of(in.hits.begin(), in.hits.end(), counted);  // "Segments with scar were 1, 2, 7 and 8"
        const bool predicate = ends && !dated && s.count() >= 2 && i > 1 && in.starts_at(Kind::explains, i - 1) && std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return t.last + 2 == i; });  // "those that are scarred are 4 and 10"
        const bool opens = i == 1 && !dated && s.count() >= 2 && in.is(in.at[0], Role::preposition) && std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return t.first > last && t.first <= last + 3; });  // "In 4, 10 and 15 the scar is ..."
        bool taken = false;
        const auto spares = [&](const Hit& h) { return h.kind() == Kind::spared && h.last + 1 == i; };
        if (numbered && ends && std::any_of(in.hits.begin(), in.hits.end(), spares)) taken = true;  // "segments 3-5 sparing 4"
        else if (opens || labelled || named || predicate || (doubts && number_doubted(in, i)) || (rows && names_row(in, i, last))) taken = true;
        else if (i > 0 && (in.is(in.at[i - 1], Role::preposition) || (i > 1 && in.starts_at(Kind::explains, i - 1) && in.is(in.at[i - 2], Role::preposition)))) {  // "in 4 and 10", "LGE involves only 4 and 10"
            const bool among = numbered || (!dated && of_target(i - 1) && (s.count() >= 2 || lists_segments(in) || behind_depth(in, i - 1) || says_only(in, i, last)));
            const bool total = in.is(in.at[i - 1], Role::possessive) && in.at[i].value >= 16;  // "4 and 5 out of 17"
            taken = among && ends && !total && in.find_hit(Kind::segmentword, i - 1, i + 1) == nullptr;
        } else if (i > 1 && in.is(in.at[i - 1], Role::range) && in.at[i - 2].kind == Token::Kind::word && s.count() >= 2 && !dated && ends && std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return t.last + 3 == i; })) {
            taken = true;  // "LGE limited to 4 and 10"
        } else if (numbered && i > 0 && (sign(in.at[i - 1], ';') || sign(in.at[i - 1], ',')))
            taken = last + 1 < in.count && in.find_hit(Kind::pattern, last + 1, last + 2) != nullptr && in.find_hit(Kind::pattern, last + 1, last + 2)->first == last + 1;
        else if (numbered && i > 0 && in.is(in.at[i - 1], Role::conjunction) && last + 2 < in.count && sign(in.at[last + 1], '('))  // "... and 16 (< 25 %)"
            taken = std::any_of(in.at + last + 2, in.at + std::min(in.count, last + 6), [](const Token& k) { return sign(k, '%'); });
        else if ((s.count() >= 2 || numbered) && (!dated || (i == 0 && last > i + 2)) && last + 2 < in.count && (in.is(in.at[last + 1], Role::showing | Role::involved) || is_subject_of_target(in, last)))
            taken = i == 0 || in.at[i - 1].kind == Token::Kind::sign || in.find_hit(Kind::emphasis, i - 1, i - 1) != nullptr || in.is(in.at[i - 1], Role::joining);
        if (taken) {
            in.spots.push_back({i, last, s.bits, nowhere, Spot::Type::segments});
            numbered = true;
        }
        i = last;
    }
}

}  // namespace lge::report
