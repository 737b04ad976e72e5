#include "lge/report/content.hpp"

#include <algorithm>

namespace lge::report {

namespace {

/// Whether a clause beside an exception denies LGE.
bool neighbour_denies(const Passage& in, std::uint32_t c) {
    const auto in_clause = [&](std::uint32_t k) { return [&in, k](const Hit& h) { return in.clause[h.first] == k; }; };
    const auto denied_again = [&](std::uint32_t k) {  // "no LGE of the septum, nor of the inferior wall except at the base"
        const auto nor = std::find_if(in.hits.begin(), in.hits.end(), in_clause(k));
        return nor != in.hits.end() && nor->kind() == Kind::negation && std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return in.clause[h.first] == k && is_head(h.kind()); });
    };
    const std::uint32_t before = c > 1 && denied_again(c - 1) ? c - 2 : c - 1;
    const auto beside = [&](const Hit& h) { return (c > 0 && in.clause[h.first] == before) || in.clause[h.first] == c + 1 || (c == 0 && in.clause[h.first] == c + 2); };
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) {  // "all segments null except 4"
        return beside(h) && (is_nulling(h) || ((h.kind() == Kind::target || h.kind() == Kind::weak) && denied(in, h.first, h.last, false) != nullptr));
    });
}

/// "late gadolinium enhancement (LGE)": the short form of the mention right before.
bool abbreviates(const Passage& in, const Hit& h) {
    return !in.targets.empty() && h.first >= 1 && in.targets.back().last + 2 == h.first && sign(in.at[h.first - 1], '(') && h.last + 1 < in.count && sign(in.at[h.last + 1], ')');
}

/// "Septum, anterior wall and lateral wall free": whether nothing but a list of places, which "and" closes, stands before a token.
bool lists_to(const Passage& in, const Hit& place, std::uint32_t token) {
    bool closed = false, comma = false;
    for (std::uint32_t i = place.last + 1; i < token; ++i) {
        closed = in.is(in.at[i], Role::conjunction) || (closed && !sign(in.at[i], ','));
        comma = comma || sign(in.at[i], ',');
        const bool named = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_place(h.kind()) && h.first <= i && h.last >= i; });
        if (!named && !sign(in.at[i], ',') && !in.is(in.at[i], Role::joining | Role::conjunction)) return false;
    }
    std::uint32_t start = place.first;
    while (start > 0 && in.is(in.at[start - 1], Role::possessive) && !in.is(in.at[start - 1], Role::preposition)) --start;
    return closed && comma && place.kind() != Kind::pattern && (start == 0 || sign(in.at[start - 1], ';') || in.clause[start - 1] != in.clause[place.first]);
}

/// "basal to apical lateral wall, septum spared": what is spared stands apart from the place.
bool apart_from_spared(const Passage& in, const Hit& place, std::uint32_t c) {
    const Hit* spared = in.find_hit(Kind::spared, place.last, in.count, c);
    if (const Hit* before = spared == nullptr ? in.find_hit(Kind::spared, 0, place.first, c) : nullptr; before != nullptr && before->entry->code != spared_after && before->entry->code != spared_beside)  // "RV ok, late gad: lateral wall"
        return std::any_of(in.at + before->last, in.at + place.first, [](const Token& t) { return sign(t, ','); });
    if (spared == nullptr) return false;
    if (spared->entry->code == spared_after) return true;  // "diffuse, with sparing of the apex"
    if (lists_to(in, place, spared->first)) return false;
    std::uint32_t i = place.last + 1;
    while (i < spared->first && !sign(in.at[i], ',')) ++i;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > i && h.last < spared->first && is_place(h.kind()); });
}

/// "Septum, anterior wall clean": whether a list of walls without a layer begins the sentence and a word of sparing ends it.
bool ends_list(const Passage& in, std::size_t from, std::size_t to) {
    const Hit& last = in.hits[to - 1];
    if (last.kind() != Kind::spared || last.entry->code == spared_after || last.entry->code == spared_beside || last.last + 1 != in.count || in.hits[from].first > 1 || in.has_semicolon || (in.has_number && ends_row(in, last))) return false;
    const auto place = [&](const Hit& h) { return h.kind() == Kind::wall || h.kind() == Kind::level || h.kind() == Kind::segmentword || h.first == last.first; };
    return std::all_of(in.hits.begin() + static_cast<std::ptrdiff_t>(from), in.hits.begin() + static_cast<std::ptrdiff_t>(to) - 1, place);
}

/// "LGE in the septum and equivocal signal in the lateral wall": a doubtful thing beside a certain one.
bool doubted_apart(const Passage& in, std::size_t weak, std::size_t from) {
    if (weak < from + 2) return false;
    const Hit& hedge = in.hits[weak - 1];
    if (in.find_hit(Kind::hedge, hedge.first, hedge.last) == nullptr || hedge.first == 0 || in.hits[weak].first - hedge.last > 5) return false;
    constexpr std::uint32_t words = 3;  // "with a further uncertain focus"
    const auto begins = [&](const Token& t) { return in.is(t, Role::conjunction | Role::accompanying) || sign(t, ','); };
    std::uint32_t edge = hedge.first - 1;
    while (edge > 0 && edge + words > hedge.first && !begins(in.at[edge]) && in.at[edge].kind == Token::Kind::word && !in.is(in.at[edge], Role::preposition)) --edge;
    if (!begins(in.at[edge])) return false;
    return std::any_of(in.hits.begin() + static_cast<std::ptrdiff_t>(from), in.hits.begin() + static_cast<std::ptrdiff_t>(weak), [](const Hit& h) { return h.kind() == Kind::target; });
}

/// "Subepicardial bands in the inferior wall, plus enhancement of the pericardium": a thing with a place of its own before the
/// enhancement of an organ. `end`: behind the last hit of its clause.
bool beside_organ(const Passage& in, const Hit& weak, std::size_t end) {
    constexpr std::uint32_t reach = 5;
    const auto last = in.hits.begin() + static_cast<std::ptrdiff_t>(end);
    const auto within = [&](Kind kind, std::uint32_t from) { return std::find_if(in.hits.begin(), last, [&](const Hit& h) { return h.kind() == kind && h.first >= from && in.clause[h.first] == in.clause[weak.first]; }); };
    const auto target = within(Kind::target, 0), wall = within(Kind::wall, weak.last + 1), organ = within(Kind::organ, weak.last + 1);
    if (target == last || wall == last || organ == last || target->first <= wall->last || organ->first <= target->last || organ->first > target->last + reach) return false;
    return std::any_of(in.at + wall->last, in.at + target->first, [&](const Token& t) { return in.is(t, Role::conjunction | Role::accompanying) || sign(t, ','); });
}

/// "LGE: mid septum, with RV free wall uptake": the first place of a clause that stands before an organ and its enhancement, or
/// none. `end`: behind the last hit of the clause.
const Hit* place_before_organ(const Passage& in, std::size_t from, std::size_t end) {
    constexpr std::uint32_t adjectives = 1, reach = 2;
    const Hit* place = nullptr;
    const Hit* organ = nullptr;
    bool adjoins = false;  // "..., in continuity with bright pericardium"
    for (std::size_t k = from; k < end; ++k) {
        const Hit& h = in.hits[k];
        adjoins = adjoins || (place != nullptr && organ == nullptr && h.kind() == Kind::emphasis && h.entry->code == emphasis_adjoining);
        if (adjoins && h.kind() == Kind::organ) return place;
        if (organ == nullptr && (h.kind() == Kind::wall || h.kind() == Kind::segmentword)) place = place == nullptr ? &h : place;
        else if (organ == nullptr && h.kind() == Kind::organ) organ = &h;
        else if (h.kind() == Kind::target || (h.kind() == Kind::weak && organ != nullptr)) {
            if (place == nullptr || organ == nullptr || h.first > organ->last + reach) return nullptr;
            for (std::uint32_t i = organ->first; i > place->last + 1 && i + adjectives >= organ->first; --i)
                if (sign(in.at[i - 1], ',') || in.is(in.at[i - 1], Role::conjunction | Role::accompanying)) return place;
            return nullptr;
        } else if (h.kind() != Kind::level && h.kind() != Kind::pattern && h.kind() != Kind::emphasis && h.kind() != Kind::weak && h.kind() != Kind::sequence) return nullptr;
    }
    return nullptr;
}

/// "LGE imaging negative", "PSIR was negative", "On late images there is none."
bool answers_sequence(const Passage& in, const Hit& answer) {
    constexpr std::uint32_t reach = 2, reach_end = 4;
    const bool ends = answer.last + 1 == in.count || in.at[answer.last + 1].kind != Token::Kind::word;
    constexpr std::uint32_t verb = 3;  // tokens: "had been"
    for (const Hit& h : in.hits) {
        if (h.kind() != Kind::sequence || h.last > answer.first) continue;
        if (ends && h.last + 1 < answer.first && sign(in.at[h.last + 1], ',')) {  // "Late imaging, performed nine weeks before, had been negative"
            std::uint32_t close = h.last + 2;
            while (close < answer.first && !sign(in.at[close], ',')) ++close;
            const auto tells = [&](const Hit& o) { return o.first > h.last && o.last < answer.first && (is_place(o.kind()) || o.kind() == Kind::target || o.kind() == Kind::modality || o.kind() == Kind::organ); };
            if (close < answer.first && answer.first - close <= verb && std::none_of(in.hits.begin(), in.hits.end(), tells)) return true;
        }
        const Hit* made = ends ? in.find_hit(Kind::technique, h.last + 1, answer.first) : nullptr;  // "LGE imaging was performed and was negative"
        const std::uint32_t from = made != nullptr && made->first == h.last + 1 ? made->last : h.last;
        if (answer.first - from <= (ends ? reach_end : reach) && (ends || answer.first == answer.last)) return true;
    }
    return false;
}

/// "Cine, T2 and LGE images were normal": the answer stands right behind the last of several sequences.
bool follows_list(const Passage& in, const Hit& answer) {
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::sequence && (h.last + 1 == answer.first || (h.last + 2 == answer.first && in.starts_at(Kind::explains, h.last + 1))) && h.first > 0 && in.is(in.at[h.first - 1], Role::conjunction); });
}

/// "basal inferior wall", "minor at the mid inferior wall": whether the clause that opens a sentence names places and nothing else that
/// has a subject or verb.
bool only_places(const Passage& in, const Hit& place) {
    constexpr std::uint32_t words = 1;  // that no phrase knows: "minor"
    std::uint32_t other = 0;
    for (std::uint32_t i = 0; i < in.count && in.clause[i] == in.clause[place.first]; ++i) {
        const auto covers = [&](const Hit& h) { return h.first <= i && h.last >= i && (is_place(h.kind()) || h.kind() == Kind::pattern || h.kind() == Kind::lv || h.kind() == Kind::view); };
        other += in.at[i].kind == Token::Kind::word && !in.is(in.at[i], Role::joining | Role::preposition | Role::segment | Role::conjunction) && std::none_of(in.hits.begin(), in.hits.end(), covers);
        if (in.starts_at(Kind::explains, i) || in.is(in.at[i], Role::showing)) return false;
    }
    return in.clause[place.first] == in.clause[0] && other <= words;
}

/// A place by itself that stands beside a denial by name in another clause: "these segments look like remote
/// myocardium, that is, there is no enhancement".
bool another_denies(const Passage& in, const Hit& place) {
    if (only_places(in, place)) return false;
    for (const Hit& h : in.hits)
        if ((h.kind() == Kind::pattern && in.clause[h.first] == in.clause[place.first]) || h.kind() == Kind::except_) return false;
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::target && in.clause[h.first] != in.clause[place.first] && denied(in, h.first, h.last, false) != nullptr) return true;
    return false;
}

/// "4, 10 and 15" below a heading of LGE: nothing but numbers of segments in tokens [0, end).
bool lists_numbers(const Passage& in, std::uint32_t end) {
    constexpr float most = 17;
    std::uint32_t numbers = 0;
    for (std::uint32_t i = 0; i < end; ++i) {
        const Token& t = in.at[i];
        if (sign(t, '(') && numbers > 0) {  // "4 (75 %), 10 (50 %)", "4 (full), 10 (half)"
            const Token* close = std::find_if(in.at + i, in.at + end, [](const Token& k) { return sign(k, ')'); });
            if (close == in.at + end || !(sign(close[-1], '%') || (close == in.at + i + 2 && close[-1].kind == Token::Kind::word))) return false;
            i = static_cast<std::uint32_t>(close - in.at);
        } else if (t.kind == Token::Kind::number) {
            if (t.value < 1 || t.value > most) return false;
            ++numbers;
        } else if (!(sign(t, ',') || sign(t, '-') || sign(t, '/') || sign(t, '+') || sign(t, '#') || in.is(t, Role::conjunction | Role::range))) return false;
    }
    return numbers >= 2;
}

/// The semicolon or bar that ends the first part of a sentence; 0 where there is none.
std::uint32_t first_part(const Passage& in) {
    const Token* end = std::find_if(in.at, in.at + in.count, [](const Token& t) { return sign(t, ';') || sign(t, '|'); });
    return end == in.at + in.count ? 0 : static_cast<std::uint32_t>(end - in.at);
}

/// "100 % in 4, 75 % in 10" below a heading of LGE: depths with the numbers of their segments.
bool lists_depths(const Passage& in) {
    constexpr float most = 17;
    for (std::uint32_t i = 1; i + 2 < in.count; ++i)
        if (sign(in.at[i], '%') && in.at[i - 1].kind == Token::Kind::number && in.at[i - 1].value > 0 && in.is(in.at[i + 1], Role::preposition) && in.at[i + 2].kind == Token::Kind::number && in.at[i + 2].value <= most) return true;
    return false;
}

/// "LGE: equivocal.": a doubt at the end of its clause that names no cause.
bool stands_alone(const Passage& in, const Hit& doubt) {
    if (doubt.last + 1 < in.count && in.at[doubt.last + 1].kind == Token::Kind::word && !in.is(in.at[doubt.last + 1], Role::conjunction)) return false;
    return std::none_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::dx && in.clause[s.first] == in.clause[doubt.first]; });
}

/// "Two cysts of the liver; the larger is in segment 4": whether one of several is of a thing before it that is no LGE.
bool counts_others(const Passage& in, const Hit& weak) {
    if (weak.entry->code != weak_counted) return false;
    const auto thing = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::organ || h.kind() == Kind::finding || h.kind() == Kind::modality || h.kind() == Kind::target; });
    return thing != in.hits.end() && thing->first < weak.first && thing->kind() != Kind::target;
}

/// "midwall, septum; lateral wall, clear", not "the septum, which was looked at with care, is dark"
bool parted_by_comma(const Passage& in, const Hit& a, const Hit& b) {
    if (b.first > a.last + 2 && sign(in.at[a.last + 1], ',') && sign(in.at[b.first - 1], ',') && in.starts_at(Kind::explains, b.first)) return false;
    for (std::uint32_t i = a.last + 1; i < b.first; ++i)
        if (sign(in.at[i], ',')) return true;
    return false;
}

/// "LV clear", "the myocardium is normal": the word right behind the ventricle, or its verb.
bool is_of_ventricle(const Passage& in, const Hit& clean) {
    const auto verb = [&](std::uint32_t i) { return in.is(in.at[i], Role::showing) || std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::explains && s.first == i && s.last <= clean.first; }); };  // or "showed none"
    constexpr std::uint32_t reach = 6;
    const auto behind = [&](const Hit& h) {  // "no uptake was found in the left ventricle"
        if (h.kind() != Kind::lv || h.first <= clean.last + 1 || h.first > clean.last + reach || !(clean.kind() == Kind::answer || is_pronoun(in, 0))) return false;  // or "It is not seen in the LV"
        return in.is(in.at[h.first - (in.is(in.at[h.first - 1], Role::preposition) ? 1 : 2)], Role::preposition) && std::all_of(in.at + clean.last + 1, in.at + h.first, [](const Token& t) { return t.kind == Token::Kind::word; });
    };
    if (std::any_of(in.hits.begin(), in.hits.end(), behind)) return true;
    const auto comma = [&](std::uint32_t i) { return sign(in.at[i], ',') && (i + 1 == clean.first || (i + 2 == clean.first && is_pronoun(in, i + 1))); };  // "in the LV, it was absent"
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::lv && h.last < clean.first && (h.last + 1 == clean.first || comma(h.last + 1) || (h.last + 2 == clean.first && verb(h.last + 1))); });
}

/// "LGE in segments 5 and 11, possibly 12": whether the doubt that a clause begins with is about one more number.
bool adds_number(const Passage& in, const Hit& hedge) {
    constexpr float most = 17;
    if (hedge.first < 3 || !doubts_number(in, hedge)) return false;
    const Token& parting = in.at[hedge.first - 1];
    const Token& number = in.at[hedge.first - (sign(in.at[hedge.first - 2], ',') ? 3 : 2)];  // or behind ", and"
    return number.kind == Token::Kind::number && number.value >= 1 && number.value <= most && (sign(parting, ',') || sign(parting, ';') || in.is(parting, Role::conjunction));
}

/// "(-): septum, apex", "negative: septum" below LGE: a denial at the start is the label of places.
bool labels_denial(const Passage& in, const Hit& answer) {
    const bool bracket = answer.first > 0 && sign(in.at[answer.first - 1], '(');
    const std::uint32_t first = bracket ? answer.first - 1 : answer.first, next = answer.last + (bracket ? 2 : 1);
    if (answer.kind() == Kind::answer || (first > 0 && in.clause[first - 1] == in.clause[answer.first]) || next >= in.count) return false;
    if (next + 1 < in.count && in.is(in.at[next], Role::segment) && sign(in.at[next + 1], ':')) return true;  // "negative segments: septum"
    return bracket || sign(in.at[next], '(') || sign(in.at[next], ':') || (sign(in.at[next], '-') && in.at[next].spaced);
}

/// "; inferior wall cleared": the places of a clause, and right behind them that the scar there is gone.
bool cleared(const Passage& in, std::size_t from, std::size_t to) {
    const Hit& last = in.hits[to - 1];
    const auto place = [](const Hit& h) { return h.kind() == Kind::wall || h.kind() == Kind::level || h.kind() == Kind::segmentword; };
    if (!std::all_of(in.hits.begin() + static_cast<std::ptrdiff_t>(from), in.hits.begin() + static_cast<std::ptrdiff_t>(to), place)) return false;
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::temporal && s.entry->code == static_cast<std::uint32_t>(Change::resolved) && s.first == last.last + 1; });
}

/// "LGE: not present in any segment": a denial that heads its clause, and where.
bool denies_in(const Passage& in, const Hit& answer) {
    const auto begins = [&](std::uint32_t i) { return i == 0 || sign(in.at[i - 1], ';') || in.clause[i - 1] != in.clause[i]; };
    const bool behind_comma = answer.first > 0 && sign(in.at[answer.first - 1], ',') && begins(answer.first - 1);  // "..., none mid"
    const bool stressed = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::emphasis && h.last + 1 == answer.first; });  // "none elsewhere, in particular none in the lateral wall"
    return answer.kind() == Kind::negated && (begins(answer.first) || behind_comma || stressed) && answer.last + 1 < in.count &&
           (in.is(in.at[answer.last + 1], Role::preposition) || in.starts_at(Kind::wall, answer.last + 1) || in.starts_at(Kind::level, answer.last + 1));  // "...; none apically"
}

/// "LGE: 5 (definite), 11 (possible)": the numbers of a clause without a doubt are a mention of their own.
void add_numbers(Passage& in) {
    for (std::uint32_t i = 0; i < in.count; ++i) {
        if (in.at[i].kind != Token::Kind::number || number_doubted(in, i)) continue;
        const std::uint32_t c = in.clause[i];
        const bool begins = i == 0 || in.clause[i - 1] != c || (i == 1 && c > 0) || (i > 1 && in.clause[i - 2] != c);
        const bool other = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return in.clause[h.first] == c && h.kind() != Kind::transmurality; });
        if (begins && !other && std::any_of(in.clause.begin(), in.clause.end(), [&](std::uint32_t o) { return o != c; })) in.targets.push_back({.first = i, .last = i, .clause = c, .implicit = true, .from = i, .to = i, .hedges = {}, .rule = "topic"});
    }
}

/// "LGE: LAD territory", "LGE: in the LAD and RCA territories": nothing but vessels.
bool names_territories(const Passage& in) {
    if (!in.any(Kind::territory) || !in.hits.empty()) return false;
    for (std::uint32_t i = 0; i < in.count; ++i) {
        const auto covers = [&](const Hit& s) { return s.first <= i && s.last >= i; };
        const bool vessel = std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return covers(s) && s.kind() == Kind::territory && !of_stenosis(in, s); });
        if (!vessel && (std::any_of(in.side.begin(), in.side.end(), covers) || !(in.is(in.at[i], Role::joining) || in.at[i].kind == Token::Kind::sign))) return false;
    }
    return true;
}

/// "LGE: no, MVO: no", "Fibrosis: none on LGE, ...": an answer at the start, behind which something else is told.
bool answers_first(const Passage& in, const Hit& h) {
    const std::uint32_t next = h.last + (h.last + 1 < in.count && sign(in.at[h.last + 1], '%') ? 2 : 1);  // "LGE: 0 %, ..."
    if (h.first != 0 || next >= in.count || !answers(in, h) || includes_next(in, h)) return false;
    const bool parted = (next > h.last + 1 && (sign(in.at[next], '-') || sign(in.at[next], ';'))) || sign(in.at[next], ',') || sign(in.at[next], '/') || sign(in.at[next], '(');
    return parted || in.starts_at(Kind::sequence, next) || (in.is(in.at[next], Role::preposition) && in.starts_at(Kind::sequence, next + 1));
}

/// "Previously LGE in the septum; today only in the lateral wall": whether a clause turns from what an earlier scan showed to now.
bool turns_to_now(const Passage& in, std::uint32_t clause) {
    const auto turn = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::stop && h.entry->code == stop_now && in.clause[h.first] == clause; });
    return turn != in.hits.end() && std::any_of(in.hits.begin(), turn, [&](const Hit& h) { return h.kind() == Kind::history && in.clause[h.first] < clause; });
}

/// "RV function is normal", "The coronary arteries are normal": whether an answer has a subject that is measured, or that no phrase
/// knows.
bool of_foreign(const Passage& in, const Hit& answer) {
    if (answer.first == 0 || !in.starts_at(Kind::explains, answer.first)) return false;
    const std::uint32_t noun = answer.first - 1;
    if (in.at[noun].kind != Token::Kind::word) return false;
    return in.at[noun].word == 0 || std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::measure && s.last == noun; });
}

/// "; in the mid lateral wall there is a doubtful signal": whether a clause begins with "there is" behind one that names a place.
bool introduces(const Passage& in, std::uint32_t clause) {
    const Hit* stop = clause > 0 ? in.find_hit(Kind::stop, 0, in.count, clause) : nullptr;
    if (stop == nullptr || stop->first == 0 || in.clause[stop->first - 1] != clause - 1 || !in.is(in.at[stop->first], Role::accompanying)) return false;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_place(h.kind()) && in.clause[h.first] == clause - 1; });
}

/// "LGE is questionable in the septum but definite in the lateral wall": a word of certainty before a place.
bool affirms(const Passage& in, const Hit& place) {
    constexpr std::uint32_t reach = 3;  // tokens: "definite in the lateral wall"
    for (std::uint32_t i = place.first >= reach ? place.first - reach : 0; in.lexicon.still != 0 && i + 1 < place.first; ++i)  // "gone in the lateral wall but still in the septum"
        if (in.at[i].word == in.lexicon.still && in.is(in.at[i + 1], Role::preposition) && i > 0 && (in.clause[i - 1] != in.clause[i] || in.starts_at(Kind::stop, i - 1))) return true;
    const auto leads = [&](const Hit& s) {
        if (s.kind() != Kind::certainty || s.first != s.last || s.entry->code != static_cast<std::uint32_t>(anatomy::Certainty::definite) || s.first == 0 || s.last >= place.first || s.last + reach < place.first) return false;
        const bool opens = in.clause[s.first - 1] != in.clause[s.first] || in.starts_at(Kind::stop, s.first - 1);
        return opens && in.is(in.at[s.last + 1], Role::preposition);
    };
    return in.any(Kind::certainty) && std::any_of(in.side.begin(), in.side.end(), leads);
}

}  // namespace

bool speaks_of_rest(const Passage& in, std::uint32_t clause) {
    const auto opens = [&](const Hit& s) { return s.last + 1 < in.count && in.clause[s.first] + 1 == clause && in.clause[s.last + 1] == clause && (s.first == 0 || in.at[s.first - 1].kind == Token::Kind::sign); };  // "otherwise there is no scar"
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::qualifier && s.entry->code == 1 && (in.clause[s.first] == clause || opens(s)); });
}

void find_targets(Passage& in, const Setting& setting) {
    in.targets.clear();
    const bool lge_topic = setting.topic == Topic::lge || in.any(Kind::sequence);
    if (!lge_topic && !in.any(Kind::target, Kind::weak, Kind::answer, Kind::negated) && !(in.any(Kind::history) && in.any(Kind::stop)) && !setting.of_organ && !(setting.goes_on && in.any(Kind::hedge, Kind::hedged))) return;
    const auto doubts_further = [&](const Content& has) {  // "LGE in segment 5. Possible extension into 6."
        return setting.goes_on && setting.topic != Topic::other && has.hedged != nullptr && has.place == nullptr && doubts_number(in, *has.hedged);
    };
    const bool spoke_of_lge = setting.goes_on || setting.shown || setting.sums_up || in.any(Kind::target);
    const auto add = [&](const Hit& h, std::string_view rule) {
        Target t{.first = h.first, .last = h.last, .clause = in.clause[h.first], .implicit = rule == "topic", .infarct = h.kind() == Kind::target && h.entry->code == 1,
                 .images = h.kind() == Kind::target && h.entry->code == target_images, .weak = rule == "weak", .from = h.first, .to = h.last, .hedges = {}};
        t.excepted = in.excepting[t.clause];
        t.rule = rule;
        in.targets.push_back(std::move(t));
    };
    const auto deny = [&](const Hit& h, bool qualified) {
        add(h, "answer");
        in.targets.back().presence = anatomy::Presence::absent;
        in.targets.back().qualified = qualified;
        in.targets.back().has_lv = h.kind() == Kind::answer && h.entry->code == answer_outside;
    };
    if (setting.topic == Topic::lge && (names_territories(in) || (in.kinds == 0 && (lists_numbers(in, in.count) || lists_depths(in) || std::all_of(in.at, in.at + in.count, [](const Token& t) { return sign(t, '+'); }))))) {  // "LGE: ++"
        in.targets.push_back({.first = 0, .last = in.count - 1, .clause = 0, .implicit = true, .from = 0, .to = in.count - 1, .hedges = {}, .rule = "topic"});
        return;
    }
    if (setting.topic == Topic::lge && in.at[0].kind == Token::Kind::number && in.any(Kind::hedge, Kind::hedged)) add_numbers(in);
    else if (const std::uint32_t end = setting.topic == Topic::lge && in.has_semicolon ? first_part(in) : 0; end > 0 && std::all_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > end || h.kind() == Kind::pattern; }) && lists_numbers(in, end))  // "LGE: 4, 5, 10; septal: nil"
        in.targets.push_back({.first = 0, .last = end - 1, .clause = in.clause[0], .implicit = true, .from = 0, .to = end - 1, .hedges = {}, .rule = "topic"});
    for (std::size_t from = 0, to = 0; from < in.hits.size(); from = to) {
        const std::uint32_t c = in.clause[in.hits[from].first];
        while (to < in.hits.size() && in.clause[in.hits[to].first] == c) ++to;
        if (const Hit& h = in.hits[from]; setting.topic == Topic::lge && answers_first(in, h)) {
            deny(h, false);
            continue;
        }
        Content has = content_of(in, from, to);
        if (has.shape && setting.topic != Topic::lge && !in.excepting[c]) has.distractor = true;
        if (has.mvo && (setting.topic != Topic::lge || has.place == nullptr)) has.distractor = true;
        if (const Hit* place = lge_topic && has.organ ? place_before_organ(in, from, to) : nullptr; place != nullptr) {
            add(*place, "topic");
            if (!has.target) continue;
        }
        if (has.target) {
            if (setting.topic == Topic::lge && has.weak != nullptr && has.organ && beside_organ(in, *has.weak, to)) add(*has.weak, "weak");
            for (std::size_t k = from; k < to; ++k)
                if (in.hits[k].kind() == Kind::target && abbreviates(in, in.hits[k])) in.targets.back().last = in.hits[k].last + 1;
                else if (in.hits[k].kind() == Kind::target && (in.targets.empty() || in.targets.back().first != in.hits[k].first)) add(in.hits[k], "target");  // a phrase may stand in two groups
                else if (in.hits[k].kind() == Kind::weak && doubted_apart(in, k, from)) add(in.hits[k], "weak");
            if (has.organ && has.answer != nullptr && has.answer->entry->code == answer_outside && has.answer->kind() == Kind::answer && has.answer->first > in.targets.back().last && follows_organ(in)) deny(*has.answer, false);  // "Pericardial LGE without extension into the myocardium"
            continue;
        }
        const bool told_first = has.nulling != nullptr && has.nulling->first <= 1 && has.nulling->last + 1 < in.count && sign(in.at[has.nulling->last + 1], ',');  // "A normal LGE study, with an ECV of 27 %, ..."
        if (has.distractor && !has.sequence && !(has.nulling != nullptr && (told_first || setting.topic == Topic::lge || has.nulling->entry->code == answer_images))) continue;  // "the thickened segments null like the rest"
        if (has.nulling != nullptr) { deny(*has.nulling, has.wall || speaks_of_rest(in, c)); continue; }
        const bool topic = lge_topic || (in.excepting[c] && neighbour_denies(in, c));
        if (has.weak != nullptr && topic && has.answer != nullptr && has.answer->kind() == Kind::answer) { deny(*has.answer, has.wall); continue; }
        if (has.layered != nullptr && !has.organ) { add(*has.layered, "layer"); continue; }
        if (has.bright != nullptr && has.layer != nullptr && has.doubt && has.wall && !has.organ && has.answer == nullptr) { add(*has.bright, "layer"); continue; }  // "a bright band of the epicardium of the lateral wall may be fat"
        if (const Hit* spot = has.bright != nullptr ? has.bright : has.focus; spot != nullptr && has.insertion && !has.organ && has.answer == nullptr) { add(*spot, "layer"); continue; }
        if (has.weak != nullptr && !counts_others(in, *has.weak) && (topic || (spoke_of_lge && (!has.organ || has.wall) && (has.place != nullptr || (has.doubt && introduces(in, c)) || (setting.sums_up && has.doubt) || (has.lv && !has.organ && in.any(Kind::organ) && in.any(Kind::target)))))) {
            if (has.answer != nullptr && has.answer->kind() == Kind::answer) deny(*has.answer, true);
            else if (has.answer != nullptr && setting.topic == Topic::lge && has.answer->last + 1 == has.weak->first) deny(*has.answer, false);  // "LGE: no segment involved"
            else add(*has.weak, "weak");
            continue;
        }
        if (has.bright != nullptr && has.sequence && has.lv && !has.organ && has.answer == nullptr && !has.distractor && !has.artifact && !topic) {  // "bright dots filled the ventricle on the late series"
            add(*has.bright, "weak");
            continue;
        }
        const bool goes_on = (!in.targets.empty() || (setting.goes_on && has.doubt && has.wall)) && has.place != nullptr && !has.organ && !has.distractor && !in.any(Kind::notdone) && (((has.amount || has.doubt) && has.wall) || (has.only_places && has.semicolon && !introduces(in, c + 1)));  // "; 1-25%: segment 1"
        const bool affirmed = !in.targets.empty() && has.place != nullptr && has.wall && !has.organ && !has.distractor && affirms(in, *has.place);
        const bool referred = in.any(Kind::anaphor) && has.answer != nullptr && in.find_hit(Kind::anaphor, 0, has.answer->first, c) != nullptr;  // "the akinetic segments did not enhance"
        if ((has.place == nullptr ? has.lv || setting.of_wall || referred : has.wall || (has.lv && has.place->kind() == Kind::all)) && !has.organ && !has.distractor && has.answer != nullptr && has.answer->kind() == Kind::negated && has.answer->entry->code == negated_enhancing) { deny(*has.answer, has.wall || referred); continue; }
        if (has.clean != nullptr && has.sequence && !has.organ && has.answer == nullptr && answers_sequence(in, *has.clean)) {  // "T2 raised at the apex, gadolinium images clean"
            deny(*has.clean, speaks_of_rest(in, c));
            continue;
        }
        if (setting.of_organ && has.answer != nullptr && has.answer->kind() == Kind::answer && has.answer->entry->code == answer_outside && !has.organ) {  // "Pericardial LGE. No myocardial involvement."
            deny(*has.answer, false);
            continue;
        }
        if (const Hit* clean = has.clean != nullptr ? has.clean : has.answer; (setting.of_organ || follows_organ(in)) && clean != nullptr && has.lv && has.place == nullptr && !has.organ && !has.distractor && !has.amount && has.weak == nullptr && is_of_ventricle(in, *clean)) {  // "Pericardial LGE. Myocardium normal."
            deny(*clean, false);
            continue;
        }
        if (has.distractor && has.sequence && !has.wall && has.answer != nullptr && has.answer->kind() == Kind::answer && ((has.answer->first == 0 && has.answer->last > 0) || (!has.organ && (follows_list(in, *has.answer) || in.starts_at(Kind::sequence, has.answer->last + 1))))) {  // "No abnormality was found on perfusion or LGE images"
            deny(*has.answer, false);
            continue;
        }
        if (has.answer != nullptr && has.answer->kind() != Kind::answer && has.place == nullptr && !has.organ && !has.distractor && (setting.goes_on || !in.targets.empty()) && names_patient(in, c)) {  // "His sister had LGE; he himself had none"
            deny(*has.answer, false);
            continue;
        }
        constexpr std::uint32_t longest_turn = 4;  // tokens: "; today none"
        const bool of_past = has.answer != nullptr && has.place == nullptr && !has.organ && !has.distractor && c > 0 && in.hits[0].kind() == Kind::history && in.hits[0].last > in.hits[0].first && in.clause[in.hits[0].first] + 1 == c;
        if (of_past && has.answer->first >= 1 && (has.answer->first < longest_turn || in.clause[has.answer->first - longest_turn] != c) && in.targets.empty()) {
            deny(*has.answer, false);
            continue;
        }
        const bool own = in.any(Kind::patient) && !in.targets.empty() && names_patient(in, c), ventricle = has.lv && !has.organ && follows_organ(in);
        if (const Hit* no = (own || ventricle) && has.place == nullptr ? in.find_hit(Kind::negation, 0, in.count, c) : nullptr; no != nullptr && (no->last > no->first + 2 || (no->last + 1 < in.count && in.is(in.at[no->last + 1], Role::preposition)))) {  // "... in 14 of 20 carriers but not in our patient"
            deny(*no, false);
            continue;
        }
        const bool doubted = has.place == nullptr && has.hedged != nullptr && ((!in.targets.empty() && adds_number(in, *has.hedged)) || ((!in.targets.empty() || setting.topic == Topic::lge) && doubted_number(in, *has.hedged) != nowhere));
        const bool now = has.place != nullptr && !has.organ && has.answer == nullptr && in.any(Kind::history) && turns_to_now(in, c);
        if (!(topic || goes_on || affirmed || doubted || now || (in.has_number && doubts_further(has))) || has.distractor) continue;
        if (has.clean != nullptr && has.all_only && topic && !has.organ && (!has.viable || has.clean->first == 0) && !has.unreadable && has.answer == nullptr) {  // "the myocardium is dark after contrast"
            deny(*has.clean, speaks_of_rest(in, c));
            continue;
        }
        if (has.spared && has.only_places && setting.topic == Topic::lge && ends_list(in, from, to)) {  // "Septum, anterior wall clean."
            deny(in.hits[to - 1], true);
            continue;
        }
        if (has.clean != nullptr && has.wall && topic && !has.organ && !has.viable && !has.unreadable && !has.target && has.weak == nullptr && !has.doubt && !has.amount && has.answer == nullptr && !parted_by_comma(in, *has.place, *has.clean)) {  // "after contrast the inferior wall is dark"
            deny(*has.clean, true);
            continue;
        }
        if (has.place == nullptr && has.hedged != nullptr && (doubted || (!in.targets.empty() && doubts_number(in, *has.hedged)) || doubts_further(has))) {  // "LGE in 5, possible in 11"
            add(*has.hedged, "answer");
            in.targets.back().presence = anatomy::Presence::uncertain;
            in.targets.back().hedges.emplace_back(has.hedged->first, has.hedged->last);
            continue;
        }
        if (has.place == nullptr && has.hedged != nullptr && (setting.topic == Topic::lge || has.sequence) && stands_alone(in, *has.hedged) && !has.organ && !has.unreadable && has.answer == nullptr && !has.artifact) {  // "LGE: equivocal"
            add(*has.hedged, "answer");
            in.targets.back().presence = anatomy::Presence::uncertain;
            in.targets.back().hedges.emplace_back(has.hedged->first, has.hedged->last);
            continue;
        }
        if (has.place == nullptr) {
            const bool repeats_doubt = has.answer != nullptr && has.answer->kind() == Kind::negated && has.answer->entry->code == negated_unconfirmed && !in.targets.empty();  // "; not seen on the long axis"
            if (has.answer != nullptr && !repeats_doubt && (!has.organ || has.lv) && !of_foreign(in, *has.answer) && (setting.topic == Topic::lge || (in.any(Kind::sequence) && (has.answer->kind() == Kind::answer || answers_sequence(in, *has.answer))))) deny(*has.answer, in.any(Kind::territory) || speaks_of_rest(in, c));
            continue;
        }
        if (const Hit* looked = has.weak == nullptr && has.answer == nullptr && !has.amount ? in.find_hit(Kind::technique, has.place->last + 1, in.count, c) : nullptr; looked != nullptr && looked->entry->code == technique_views) continue;  // "Septum and lateral wall inspected on long-axis slices"
        const bool suspected = topic && has.hedged != nullptr && has.hedged->last < has.place->first;  // "LGE: suspected in the apex (motion artefact)"
        const bool bare = has.weak == nullptr && has.layer == nullptr && has.answer == nullptr && !has.amount && !suspected;
        const auto hidden = [&](const Hit& s) { return s.kind() == Kind::hides && in.clause[s.first] == c && ((s.first < has.place->first && hides_place(in, s)) || (bare && s.first > has.place->last)); };
        const auto covered = [&](const Hit& s) { return s.kind() == Kind::hides && s.first > 0 && in.clause[s.first] == c + 1 && in.clause[s.first - 1] == c && in.starts_at(Kind::explains, s.first - 1) && in.find_hit(Kind::artifact, s.last, in.count, c + 1) != nullptr; };  // "the apical myocardium is covered by artefact"
        if (in.any(Kind::hides) && (std::any_of(in.side.begin(), in.side.end(), hidden) || (bare && in.any(Kind::artifact) && std::any_of(in.side.begin(), in.side.end(), covered)))) continue;  // "The device hides the anterior wall", "anterior wall obscured by the generator"
        const bool excepted = in.excepting[c] && has.hedged != nullptr && has.hedged->last < has.place->first;  // "no LGE, with the possible exception of a line in the septum that may be fat"
        const bool doubtful = suspected || excepted || (goes_on && has.hedged != nullptr && has.hedged->kind() == Kind::hedged && has.hedged->entry->code != hedge_artifact && has.hedged->first > has.place->last);  // "; segment 4 is equivocal because of artefact"
        const auto unread = [&](const Hit& h) { return h.kind() == Kind::unreadable && h.first > 2 && in.is(in.at[h.first - 1], Role::accompanying) && sign(in.at[h.first - 2], ',') && in.clause[h.first - 3] == c; };
        if (in.any(Kind::unreadable) && std::any_of(in.hits.begin(), in.hits.end(), unread)) continue;  // "apart from the inferior segments, which cannot be judged, ..."
        if (topic && has.answer != nullptr && has.answer->first < has.place->first && !labels_denial(in, *has.answer) && includes_next(in, *has.answer)) {  // "negative, incl. the inferior wall"
            deny(*has.answer, false);
            continue;
        }
        if ((has.answer == nullptr || has.answer->kind() != Kind::answer) && included_in_denial(in, *has.place)) continue;  // "the rest is negative, lateral wall included"
        if (has.unreadable || (has.artifact && !doubtful) || (has.viable && !(topic && has.amount && has.layer != nullptr)) || (has.spared && (!topic || !apart_from_spared(in, *has.place, c)))) continue;
        if (const Hit* d = !has.wall && has.place->kind() == Kind::pattern ? denied(in, has.place->first, has.place->last, false) : nullptr; d != nullptr) {  // "it does not reach the epicardium"
            if (setting.topic == Topic::lge && d->first == 0) deny(*d, true);  // "LGE: no diffuse pattern"
            continue;
        }
        if (in.any(Kind::temporal) && cleared(in, from, to)) {
            deny(*has.place, true);
            continue;
        }
        if (has.answer != nullptr && has.answer->first < has.place->first && labels_denial(in, *has.answer)) deny(*has.answer, true);
        else if (has.answer != nullptr && ends_row(in, *has.answer)) add(*has.place, "topic");
        else if (has.answer != nullptr && setting.topic == Topic::lge && denies_in(in, *has.answer)) deny(*has.answer, has.wall);
        else if (has.answer != nullptr && (has.answer->kind() == Kind::answer || (has.answer->kind() == Kind::negated && has.answer->entry->code == negated_enhancing))) deny(*has.answer, true);
        else if (has.amount || has.doubt || affirmed || !another_denies(in, *has.place)) add(*has.place, "topic");
    }
}

}  // namespace lge::report
