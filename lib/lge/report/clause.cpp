#include "lge/report/gathered.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lge::report {

namespace {

constexpr std::array<bool, 256> may_part = [] {
    std::array<bool, 256> t{};
    for (const char c : {';', '|', ',', ':'}) t[static_cast<unsigned char>(c)] = true;
    return t;
}();

const Entry question{.kind = Kind::hedge, .value = {}, .name = {}};   // "?LGE"
const Entry doubted{.kind = Kind::hedged, .value = {}, .name = {}};    // "LGE (?)"
const Entry nothing{.kind = Kind::negated, .value = {}, .name = {}};  // "anterior: -", "septal 0"

/// A dash or zero that stands alone at the end of a row.
bool marks_nothing(const Passage& in, std::uint32_t i) {
    const Token& t = in.at[i];
    if (in.count == 1) return sign(t, '-') || (t.kind == Token::Kind::number && t.value == 0);  // behind a heading
    const bool ends = i + 1 == in.count || sign(in.at[i + 1], ',') || sign(in.at[i + 1], ';');
    if (i > 0 && sign(t, '-') && !t.spaced && ((i + 1 < in.count && sign(in.at[i + 1], ':')) || (ends && !in.hits.empty() && in.hits.back().kind() == Kind::target && in.hits.back().last + 1 == i))) return true;  // "LGE-: septum", "septum LGE-"
    if (i > 0 && sign(t, '-') && !t.spaced && i + 1 < in.count && in.at[i + 1].spaced && !in.hits.empty() && in.hits.back().kind() == Kind::target && in.hits.back().last + 1 == i)
        return std::any_of(in.at, in.at + i, [](const Token& k) { return sign(k, '+'); });  // "LGE+ septum, LGE- lateral wall"
    if (i == 0 || (i + 1 < in.count && !sign(in.at[i + 1], ',') && !sign(in.at[i + 1], ';') && !sign(in.at[i + 1], ')') && !sign(in.at[i + 1], '|'))) return false;
    const Token& before = in.at[i - 1];
    if (sign(t, '-') && sign(before, '(') && i + 1 < in.count && sign(in.at[i + 1], ')')) return true;  // "LGE (-)"
    if (sign(t, '-')) return ends && t.spaced && (before.kind == Token::Kind::word || sign(before, ':') || sign(before, ')'));
    return t.kind == Token::Kind::number && t.value == 0 && (sign(before, ':') || sign(before, '/') || sign(before, '=') || sign(before, '|') || (sign(before, '-') && before.spaced) || (before.kind == Token::Kind::word && t.spaced));
}

/// "no oedema and subepicardial LGE in the lateral wall": what follows "and" is located, what is denied is no LGE.
bool affirms_after(const Passage& in, std::uint32_t conjunction, std::uint32_t negation, bool comma = false) {
    bool other = false, target = false, place = false, pattern = false;
    for (const Hit& h : in.hits) {
        if (h.first <= negation) continue;
        if (h.last < conjunction) {
            if (h.kind() == Kind::target || h.kind() == Kind::weak || h.kind() == Kind::sequence) return false;
            other = other || is_head(h.kind());
            continue;
        }
        if (h.kind() == Kind::stop || h.kind() == Kind::negation || h.kind() == Kind::negated) break;
        target = target || h.kind() == Kind::target || h.kind() == Kind::weak;
        place = place || h.kind() == Kind::wall || h.kind() == Kind::segmentword;
        pattern = pattern || h.kind() == Kind::pattern;
    }
    return other && target && (comma ? place || pattern : place && pattern);
}

/// "LGE: none", "LGE present: No" and "MVO no" are answers, not new clauses.
bool is_answer(const Passage& in, std::uint32_t i) {
    if (i + 1 < in.count && in.is(in.at[i + 1], Role::preposition) && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.last + 1 == i && h.kind() == Kind::target; })) return true;  // "LGE neither in the septum nor ..."
    if (i == 0 || (i + 1 < in.count && in.at[i + 1].kind == Token::Kind::word)) return false;
    if (sign(in.at[i - 1], ':') || sign(in.at[i - 1], '-') || (sign(in.at[i - 1], ',') && i + 1 == in.count)) return true;  // "hinge points, no"
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.last + 1 == i && is_head(h.kind()); });
}

/// Whether a comma in a denial parts items of one list ("no LGE, scar or fibrosis") and not two statements.
bool list_goes_on(const Passage& in, std::uint32_t comma, bool head) {
    bool place = false;
    for (const Hit& h : in.hits)  // "LGE: nil, MVO: nil"
        if (h.first == comma + 1 && h.last + 1 < in.count && sign(in.at[h.last + 1], ':')) return false;
    if (shows_behind(in, comma)) return false;
    if (comma + 1 < in.count && in.is(in.at[comma + 1], Role::conjunction)) {
        for (const Hit& h : in.hits)  // ", and" goes on with an item of the list, else with a new statement
            if (h.first > comma && h.first <= comma + 4 && (is_head(h.kind()) || h.kind() == Kind::negation)) return true;
        return false;
    }
    if (!head) return true;
    for (const Hit& x : in.hits)  // "no signal elsewhere, insertion points included"
        if (x.kind() == Kind::emphasis && x.entry->code == 1 && x.first > comma && x.first <= comma + 6) return true;
    auto h = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& x) { return x.first > comma; });
    for (std::uint32_t i = comma + 1; i < in.count; ++i) {
        if (sign(in.at[i], ';') || sign(in.at[i], ':')) break;
        if (in.is(in.at[i], Role::alternative)) return true;
        for (; h != in.hits.end() && h->first == i; ++h) {
            const Kind k = h->kind();
            if (k == Kind::stop || k == Kind::except_ || k == Kind::negation) return !place;
            if (k == Kind::wall || k == Kind::pattern || k == Kind::level) place = true;
        }
    }
    if (comma + 1 < in.count && in.is(in.at[comma + 1], Role::old | Role::fresh)) return false;  // "no MVO, old RCA infarct"
    return !place;
}

/// "no amyloid, LGE typical of HCM": what is denied is a cause, and behind the comma LGE is judged.
bool turns_to_finding(const Passage& in, std::uint32_t negation, std::uint32_t comma) {
    constexpr std::uint32_t reach = 4;
    if (!in.any(Kind::dx)) return false;
    const auto target = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::target && h.first > comma && h.first <= comma + reach; });
    if (target == in.hits.end()) return false;
    bool cause = false, judged = false;
    for (const Hit& s : in.side) {
        cause = cause || (s.kind() == Kind::dx && s.first > negation && s.last < comma);
        judged = judged || (s.kind() == Kind::certainty && s.first > target->last && s.first <= target->last + reach);
    }
    return cause && judged;
}

/// "not subendocardial but midwall": the layer behind "but" takes the place of the one denied.
bool corrected(const Passage& in, const Hit& denial) {
    const auto behind = [&](Kind kind, const Hit& before) {
        return std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == kind && h.first > before.last && h.first <= before.last + 2; });
    };
    const auto layer = behind(Kind::pattern, denial);
    if (layer == in.hits.end()) return false;
    const auto stop = behind(Kind::stop, *layer);
    if (stop != in.hits.end() && std::any_of(layer, stop, [](const Hit& h) { return h.kind() == Kind::target; })) return false;  // "without subendocardial LGE but with ..."
    return stop != in.hits.end() && behind(Kind::pattern, *stop) != in.hits.end();
}

/// "anterior: no LGE, septal: LGE": a place and a colon.
bool starts_row(const Passage& in, std::uint32_t i) {
    std::uint32_t k = i;
    for (const Hit& h : in.hits)
        if (h.first == k && is_place(h.kind())) {
            k = h.last + 1;
            if (h.kind() == Kind::segmentword && k < in.count && in.at[k].kind == Token::Kind::number) ++k;
        }
    return k > i && k < in.count && sign(in.at[k], ':');
}

/// "... and not seen elsewhere", "... and none was found in the remaining segments"
bool rest_behind(const Passage& in, const Hit& denial) {
    constexpr std::uint32_t reach = 5;
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::qualifier && s.entry->code == 1 && s.first > denial.last && s.first <= denial.last + reach && std::none_of(in.at + denial.last, in.at + s.first, [](const Token& t) { return sign(t, ','); }); });
}

/// "LGE is absent from the septum and present in the lateral wall", "... present in one wall and absent from another":
/// behind "and" or a comma the same thing is told of another place. `from`: the first hit that can stand behind the token.
bool turns(const Passage& in, std::uint32_t i, std::size_t from) {
    if (!in.any(Kind::negated) || !(sign(in.at[i], ',') || in.is(in.at[i], Role::conjunction))) return false;
    constexpr std::uint32_t reach = 3;
    std::uint32_t edge = i;  // "..., in the apical slices it is absent"
    for (std::size_t k = from; k < in.hits.size() && in.hits[k].first <= edge + reach; ++k) {
        const Hit& h = in.hits[k];
        if (h.first <= i) continue;
        for (std::uint32_t t = edge + 1; t < h.first; ++t)
            if (sign(in.at[t], ',')) return false;
        if (edge > i && h.kind() == Kind::negated && is_pronoun(in, h.first - 1)) return true;
        if (is_place(h.kind())) {
            edge = h.last;
            continue;
        }
        if (edge > i) return false;
        if ((h.kind() == Kind::negation || h.kind() == Kind::negated) && rest_behind(in, h)) return true;
        if (h.kind() == Kind::negation && k + 1 < in.hits.size() && in.hits[k + 1].kind() == Kind::negated && in.hits[k + 1].first == h.first) continue;
        if (h.kind() != Kind::negated && h.kind() != Kind::weak) return false;
        if (h.first == h.last && h.last + 1 < in.count && in.is(in.at[h.last + 1], Role::preposition | Role::origin)) return true;
        if (h.kind() == Kind::negated && in.find_hit(Kind::level, h.last + 1, h.last + 1) != nullptr) return true;  // "and absent distally"
    }
    return false;
}

/// "LGE basal inferior, ?basal inferolateral", "... and possibly the apex", "..., possibly reaching the septum": behind a
/// comma, "and" or "with" a doubt about another place, and about nothing else.
bool doubts_next(const Passage& in, std::size_t k) {
    const Hit& hedge = in.hits[k];
    constexpr std::uint32_t reach = 5;
    bool place_before = false;
    for (std::size_t b = 0; b < k; ++b)
        if (in.hits[b].last < hedge.first && is_place(in.hits[b].kind())) place_before = true;
    if (hedge.first == 0) return false;
    const Token& before = in.at[hedge.first - 1];
    if (hedge.first > 1 && in.at[hedge.first - 2].kind == Token::Kind::number && (sign(before, ',') || in.is(before, Role::conjunction)) && doubts_number(in, hedge)) return true;  // "4, 10 and possibly 15"
    if (!place_before) return false;
    if (!(sign(before, ',') || sign(before, '(') || in.is(before, Role::conjunction | Role::accompanying)) && !sign(in.at[hedge.first], '?')) return false;
    if (doubts_number(in, hedge)) return true;
    std::uint32_t edge = hedge.last;
    for (std::size_t n = k + 1; n < in.hits.size(); ++n) {
        const Hit& h = in.hits[n];
        if (h.first <= hedge.last) continue;
        if (h.first - edge > reach) break;
        if (h.kind() == Kind::weak && in.is(in.at[h.first], Role::involved)) {  // "with possible involvement of the septum"
            edge = h.last;
            continue;
        }
        if (is_head(h.kind()) || h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::stop || h.kind() == Kind::organ) return false;
        if (is_place(h.kind())) return std::none_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::dx && s.first > hedge.last && s.first < h.first; });
        edge = h.last;
    }
    return false;
}

/// Whether a mention of LGE, or anything that is seen, stands between a comma and the next, and begins within a few tokens.
bool mentions_next(const Passage& in, std::uint32_t comma, std::uint32_t reach, bool anything = false) {
    std::uint32_t end = comma + 1;
    while (end < in.count && !sign(in.at[end], ',') && !sign(in.at[end], ';')) ++end;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return (h.kind() == Kind::target || h.kind() == Kind::sequence || (anything && (h.kind() == Kind::modality || h.kind() == Kind::finding))) && h.first > comma && h.first <= comma + reach && h.last < end; });
}

/// "Although LGE is common in this disease, it was absent in our patient": behind a comma a pronoun or "none" for what is told
/// before it, of the patient.
bool turns_to_patient(const Passage& in, std::uint32_t comma) {
    if (!in.any(Kind::patient) || comma + 1 == in.count) return false;
    const bool none = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::negated && h.first == comma + 1; });
    return (none || is_pronoun(in, comma + 1)) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::patient && s.entry->code == patient_own && s.first > comma; });
}

/// "Although the apex is akinetic, there is no LGE": the comma behind which the main clause begins. `begin`: of the clause.
bool ends_opening(const Passage& in, std::uint32_t begin, std::uint32_t comma) {
    constexpr std::uint32_t late = 3, contrast = 1;  // code of places.cpp
    const auto opening = std::find_if(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::opening && s.last >= begin && (s.first <= begin + late || (s.entry->code != contrast && sign(in.at[s.first - 1], ','))) && s.last < comma; });
    if (opening == in.side.end() || std::any_of(in.at + begin, in.at + comma, [](const Token& t) { return sign(t, ':'); })) return false;
    const auto bracket = std::find_if(std::reverse_iterator(in.at + comma), std::reverse_iterator(in.at + begin), [](const Token& t) { return sign(t, '(') || sign(t, ')'); });
    if (bracket.base() != in.at + begin && sign(*bracket, '(')) return false;
    const auto before = [&](auto kind) { return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.last < opening->first && kind(h.kind()); }); };
    if (before(is_place) && !before(is_head)) return false;  // "The septum, although akinetic, shows LGE"
    bool tells = std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::transmurality && s.first >= begin && s.last < comma; });  // "... was 17 mm thick"
    bool mentions = false;
    for (const Hit& h : in.hits) {
        if (h.first < begin || h.last >= comma) continue;
        tells = tells || is_head(h.kind()) || h.kind() == Kind::organ || h.kind() == Kind::history || (opening->entry->code == contrast && h.kind() == Kind::wall);
        mentions = mentions || h.kind() == Kind::target;
    }
    return tells && (mentions_next(in, comma, in.count, mentions) || shows_behind(in, comma) || (mentions && turns_to_patient(in, comma)));
}

/// "The ECG showed an infarct and CMR demonstrated ...": behind a conjunction stands the examination, or its images.
bool names_examination(const Passage& in, std::uint32_t conjunction) {
    constexpr std::uint32_t reach = 3;
    const auto behind = [&](const Hit& h) { return h.first > conjunction && h.first <= conjunction + reach; };
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::imaging && behind(s); }) ||
           std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return (h.kind() == Kind::sequence || (h.kind() == Kind::target && h.entry->code == target_images)) && behind(h); });
}

/// "The initial label of takotsubo was discarded once LGE images showed ...", "... a history of syncope in whom CMR showed ...":
/// the word behind a history that begins what the examination shows; `nowhere` where none does.
std::uint32_t examination_behind(const Passage& in) {
    constexpr std::uint32_t contrast = 1, reach = 6;  // code of places.cpp; tokens
    const auto history = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::history; });
    const auto begins = [&](const Hit& s) {
        const auto shows = [&](const Token& t) { return in.is(t, Role::showing); };
        return s.kind() == Kind::opening && s.entry->code != contrast && s.first > history->last && names_examination(in, s.last) && std::any_of(in.at + s.last, in.at + std::min(in.count, s.last + reach), shows);
    };
    if (history == in.hits.end()) return nowhere;
    const auto opening = std::find_if(in.side.begin(), in.side.end(), begins);
    return opening == in.side.end() ? nowhere : opening->first;
}

/// "It is uncertain whether the signal is real, since the long axis did not show it": behind a doubt, its reason.
bool begins_reason(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t reason = 2;  // code of places.cpp
    if (std::none_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::opening && s.entry->code == reason && s.first == comma + 1; })) return false;
    const auto doubt = [&](const Hit& h) { return (h.kind() == Kind::hedge || h.kind() == Kind::hedged) && h.last < comma; };
    return std::any_of(in.hits.begin(), in.hits.end(), doubt) && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::negated && h.first > comma; });
}

/// "T2 was normal and no segment showed LGE": a verb stands right behind what is denied, and a mention.
bool denies_subject(const Passage& in, const Hit& denial) {
    constexpr std::uint32_t reach = 4;
    if (denial.first == denial.last) return false;
    const auto mention = [&](const Hit& h) { return h.kind() == Kind::target && h.first > denial.last && (h.first == denial.last + 1 || (h.first <= denial.last + reach && in.is(in.at[denial.last + 1], Role::showing))); };
    return std::any_of(in.hits.begin(), in.hits.end(), mention);
}

/// "The pericardium enhances, the myocardium does not enhance", "biatrial LGE, with ventricular myocardium nulling normally":
/// behind a comma the ventricle is denied what is told of an organ.
bool turns_to_ventricle(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t reach = 3, enhancing = 2, nulling = 1;  // codes of places.cpp
    if (!in.any(Kind::lv) || std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::organ && h.last < comma; })) return false;
    const auto lv = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > comma; });
    if (lv == in.hits.end() || lv->kind() != Kind::lv || lv->first > comma + reach) return false;
    return std::any_of(lv, in.hits.end(), [&](const Hit& h) { return (h.kind() == Kind::negated && h.entry->code == enhancing) || (h.kind() == Kind::answer && h.entry->code == nulling) || (h.kind() == Kind::spared && h.entry->code == spared_clean); });
}

/// "No new LGE, the inferolateral band persists": behind a denial of what is new, a place and its change.
bool persists(const Passage& in, std::uint32_t comma) {
    if (std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::pseudo && h.last < comma; })) return false;
    std::uint32_t end = comma + 1;
    while (end < in.count && !sign(in.at[end], ',')) ++end;
    const auto within = [&](const Hit& h) { return h.first > comma && h.last < end; };
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return within(h) && h.kind() == Kind::wall; }) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return within(s) && s.kind() == Kind::temporal; });
}

/// "LGE of the septum, and the lateral wall is hypokinetic": a place or an organ, and behind it what is told of it.
bool tells_of_another(const Passage& in, std::uint32_t conjunction) {
    constexpr std::uint32_t reach = 4;
    bool subject = false;
    for (const Hit& h : in.hits) {
        if (h.first <= conjunction) continue;
        if (!subject && h.first > conjunction + reach) return false;
        for (std::uint32_t i = conjunction + 1; i < h.first; ++i)
            if (sign(in.at[i], ',') || sign(in.at[i], '(')) return false;
        if (subject && (h.kind() == Kind::modality || h.kind() == Kind::finding)) return true;
        const bool organ = h.kind() == Kind::organ;
        if (subject && h.kind() == Kind::target) return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return o.kind() == Kind::organ && o.first > conjunction && o.last < h.first; });
        if (!subject && !(organ || is_place(h.kind()))) return false;
        subject = true;
        if (!organ && !is_place(h.kind())) return false;
    }
    return false;
}

/// "The atrial wall enhanced, and LGE of the LV was absent", "The ECG showed an infarct, and ...": behind "and" another
/// sentence begins.
bool begins_sentence(const Passage& in, std::uint32_t begin, std::uint32_t conjunction) {
    constexpr std::uint32_t reach = 4;
    const bool comma = conjunction > 0 && sign(in.at[conjunction - 1], ','), examination = in.any(Kind::history) && names_examination(in, conjunction);
    if (comma && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::target && h.first >= begin && h.last < conjunction; }) && tells_of_another(in, conjunction)) return true;
    if (!(comma && mentions_next(in, conjunction, reach)) && !examination) return false;
    bool organ = false, mention = false, images = false, predicate = false;
    for (const Hit& h : in.hits) {
        if (h.first < begin) continue;
        if (h.first == conjunction && h.kind() == Kind::stop && h.entry->code == stop_showing) return false;  // goes on about the organ
        if (h.first > conjunction) {
            images = images || (h.kind() == Kind::target && h.entry->code == target_images);
            predicate = predicate || h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::wall || h.kind() == Kind::lv;
            continue;
        }
        if (h.kind() == Kind::history) return true;
        mention = mention || (organ && (h.kind() == Kind::target || h.kind() == Kind::weak));
        organ = organ || h.kind() == Kind::organ;
    }
    return comma && (mention || (organ && images && predicate));
}

/// "probable but thin LGE": whether a word that parts clauses only follows a doubt about what is still to come.
bool concedes(const Passage& in, std::size_t k) {
    if (k == 0 || in.hits[k].entry->code != 0) return false;
    const Hit& before = in.hits[k - 1];
    if (before.kind() != Kind::hedge && before.kind() != Kind::hedged) return false;
    return before.last + 1 == in.hits[k].first || (before.last + 2 == in.hits[k].first && sign(in.at[before.last + 1], ','));
}

/// "mid anterior 50 %, apical 75 %, rest of the LV no LGE": a comma behind which the rest is denied.
bool begins_rest(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t reach = 3, denial_reach = 5;
    const auto rest = std::find_if(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::qualifier && s.entry->code == 1 && s.first > comma && s.first <= comma + reach; });
    if (rest == in.side.end() || std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.last < comma && is_place(h.kind()); })) return false;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return (h.kind() == Kind::negation || h.kind() == Kind::negated) && h.first > rest->last && h.first <= rest->last + denial_reach; });
}

/// "basal inferior (certain), basal inferolateral (uncertain)": the place behind a comma has a doubt of its own in brackets.
bool doubts_in_brackets(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t reach = 8;
    if (!(sign(in.at[comma], ',') || in.is(in.at[comma], Role::conjunction))) return false;
    std::uint32_t edge = comma, noun = comma + 1;  // ", extension into the septum is doubtful"
    if (noun < in.count && in.is(in.at[noun], Role::possessive)) ++noun;
    const bool own = noun < in.count && in.at[noun].kind == Token::Kind::word && !in.is(in.at[noun], Role::joining | Role::preposition) && std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first <= noun && h.last >= noun; });
    bool place = false;
    const auto mark = [&](const Hit& h) { return h.first == h.last || in.at[h.first].kind == Token::Kind::sign; };  // "... cannot be excluded" speaks of the whole list
    for (const Hit& h : in.hits) {
        if (h.first <= comma) continue;
        if (h.first > comma + reach) return false;
        if (is_place(h.kind())) {
            place = true;
            edge = h.last;
            if (h.kind() == Kind::segmentword)
                while (edge + 1 < in.count && in.at[edge + 1].kind == Token::Kind::number) ++edge;
        } else if (h.kind() == Kind::hedged && place && h.first == edge + 1 && (mark(h) || own) && (h.last + 1 == in.count || in.at[h.last + 1].kind == Token::Kind::sign)) return true;  // "..., mid anterolateral +/-"
        else if (h.kind() == Kind::hedged || h.kind() == Kind::hedge) return place && h.first == edge + 2 && sign(in.at[edge + 1], '(') && h.last + 1 < in.count && sign(in.at[h.last + 1], ')');
        else if (is_head(h.kind())) return false;
        for (std::uint32_t i = comma + 1; i < h.first; ++i)
            if (sign(in.at[i], ',')) return false;
    }
    return false;
}

}  // namespace

void find_hits(Passage& in, std::vector<Note>* notes) {
    in.hits.clear();
    in.side.clear();
    in.kinds = 0;
    in.weight = 0;
    in.has_semicolon = in.has_colon = in.has_number = false;
    const auto take = [&](Trie::Match m, std::uint32_t i, std::vector<Hit>& out) {
        for (const auto e : in.lexicon.main.entries(m)) {
            const Entry& entry = in.lexicon.entries[e];
            out.emplace_back(&entry, i, i + m.tokens - 1, entry.kind);
            in.mark(entry.kind);
            in.weight |= entry.weight;
            if (notes != nullptr) notes->push_back({in.at[i].start, in.at[i + m.tokens - 1].end, &entry});
        }
        return i + m.tokens;
    };
    in.starts.resize(in.count);
    std::uint32_t starts = 0;
    for (std::uint32_t i = 0; i < in.count; ++i) {  // without a branch: which words start phrases is hard to foresee
        const std::uint32_t symbol = in.at[i].symbol, start = in.lexicon.starts[symbol];
        in.starts[starts] = {i, start};
        starts += static_cast<std::uint32_t>(start != 0);
        in.has_semicolon |= symbol == ';';
        in.has_colon |= symbol == ':';
        in.has_number |= in.at[i].kind == Token::Kind::number;
    }
    const auto mark = [&](const Entry& entry, std::uint32_t i) {
        in.hits.emplace_back(&entry, i, i, entry.kind);
        in.mark(entry.kind);
    };
    std::uint32_t main_from = 0, side_from = 0;  // behind the last phrase of each sort
    for (std::uint32_t k = 0; k < starts; ++k) {
        const auto [i, start] = in.starts[k];
        if (sign(in.at[i], '|')) {
            in.has_semicolon = true;  // parts like one
            continue;
        }
        if (i < main_from && i < side_from) continue;
        if (sign(in.at[i], '?')) {
            if (i >= main_from && i + 1 < in.count && in.at[i + 1].kind == Token::Kind::word) mark(question, i);
            if (i > 0 && sign(in.at[i - 1], '(') && i + 1 < in.count && sign(in.at[i + 1], ')')) mark(doubted, i);  // "scar (?)"
            continue;
        }
        if ((start & Lexicon::marks_by_itself) != 0 && marks_nothing(in, i)) {
            if (i >= main_from) mark(nothing, i);
            continue;
        }
        const std::uint32_t first = start & ~Lexicon::marks_by_itself;
        if (first == 0) continue;
        const Trie::Matches m = in.lexicon.main.find_both(in.at + i, in.at + in.count, first);
        if (m.main.list != 0 && i >= main_from) main_from = take(m.main, i, in.hits);
        if (m.side.list != 0 && i >= side_from) side_from = take(m.side, i, in.side);
    }
    if (in.has_number && in.any(Kind::hedged))  // "at most 25 %"
        std::erase_if(in.hits, [&](const Hit& h) { return h.kind() == Kind::hedged && h.last + 1 < in.count && in.at[h.last + 1].kind == Token::Kind::number && !in.is(in.at[h.last], Role::preposition); });
}

bool may_matter(const Lexicon& lexicon, const Token* begin, const Token* end) {
    return std::any_of(begin, end, [&](const Token& t) { return lexicon.is(t, Role::anchor); });
}

void part_clauses(Passage& in) {
    in.clause.assign(in.count, 0);
    in.excepting.assign(1, false);
    if (!in.any(Kind::stop, Kind::except_, Kind::negation, Kind::negated, Kind::hedge, Kind::hedged, Kind::observer, Kind::opening, Kind::history, Kind::modality, Kind::finding, Kind::organ) && !in.has_semicolon && !in.has_colon) return;
    if (in.any(Kind::stop))  // "LGE of our patient" goes on
        std::erase_if(in.hits, [&](const Hit& h) { return h.kind() == Kind::stop && h.entry->code == stop_own && (h.first == 0 || !sign(in.at[h.first - 1], ',')); });
    const bool numbers = in.has_number && in.any(Kind::hedge, Kind::hedged) && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return doubted_number(in, h) != nowhere || (h.kind() == Kind::hedge && doubts_number(in, h)); });
    const bool doubts = numbers || (in.any(Kind::hedge, Kind::hedged) && in.any(Kind::wall, Kind::level, Kind::segmentword));
    const bool rests = in.any(Kind::qualifier) && in.any(Kind::negation, Kind::negated);
    std::uint32_t current = 0, begin = 0, open_negation = nowhere, label = 0, aside_of = nowhere;  // label: current, or the clause that goes on behind a concession
    const bool joins = in.any(Kind::organ, Kind::history, Kind::modality, Kind::finding);
    const std::uint32_t turn = in.any(Kind::opening) && in.any(Kind::history) ? examination_behind(in) : nowhere;
    const bool opens = in.any(Kind::opening) && in.any(Kind::target, Kind::sequence, Kind::weak);
    bool colon = false;  // came before
    bool head = false, correcting = false;  // "but" is awaited behind "not"
    std::size_t h = 0;
    const auto next_clause = [&](bool exception) {
        ++current;
        in.excepting.push_back(exception);
        head = false;
        open_negation = nowhere;
        label = current;
    };
    const Hit* const hits = in.hits.data();
    const std::size_t count = in.hits.size();
    for (std::uint32_t i = 0; i < in.count; ++i) {
        const bool parts = may_part[static_cast<unsigned char>(in.at[i].sign)] || in.is(in.at[i], Role::conjunction);
        if (!parts && i != turn && (h == count || hits[h].first != i)) {  // most tokens
            in.clause[i] = label;
            continue;
        }
        const std::uint32_t before = current;
        if ((sign(in.at[i], ';') && !measures_in_bracket(in, i)) || sign(in.at[i], '|') || (sign(in.at[i], ',') && colon && starts_row(in, i + 1) && !lists_labels(in, i))) next_clause(false);
        if (i == turn || (head && turns(in, i, h) && !(sign(in.at[i], ',') && aside_of == nowhere && tells_aside(in, i)))) next_clause(false);
        if (sign(in.at[i], ',') && ((opens && (ends_opening(in, begin, i) || begins_reason(in, i))) || (in.any(Kind::organ) && turns_to_ventricle(in, i)) || (in.any(Kind::pseudo) && persists(in, i)))) next_clause(false);
        if (sign(in.at[i], ',') && aside_of != nowhere) label = std::exchange(aside_of, nowhere), open_negation = nowhere;
        else if (sign(in.at[i], ',') && head && in.any(Kind::negated) && tells_aside(in, i)) {
            const std::uint32_t main = label;
            next_clause(false);
            head = true;
            aside_of = main;
        }
        if (sign(in.at[i], ',') && begin > 0 && ends_concession(in, begin, i)) label = in.clause[begin - 1];
        if (joins && in.is(in.at[i], Role::conjunction) && begins_sentence(in, begin, i)) next_clause(false);
        if (rests && sign(in.at[i], ',') && begins_rest(in, i)) next_clause(false);
        if (doubts && ((numbers && parts_doubt(in, i)) || doubts_in_brackets(in, i))) next_clause(false);
        colon = colon || sign(in.at[i], ':');
        if (sign(in.at[i], ',') && open_negation != nowhere && (!list_goes_on(in, i, head) || (head && i + 1 < in.count && in.is(in.at[i + 1], Role::conjunction) && affirms_after(in, i + 1, open_negation, true)) || (!head && (turns_to_finding(in, open_negation, i) || opens_sentence(in, open_negation, i))))) next_clause(false);
        if (open_negation != nowhere && head && in.is(in.at[i], Role::conjunction) && affirms_after(in, i, open_negation)) next_clause(false);
        for (std::size_t k = h; k < count && hits[k].first == i; ++k) {
            const Kind kind = hits[k].kind();
            const bool corrects = std::exchange(correcting, correcting && kind != Kind::stop);
            if (kind == Kind::stop && !corrects && !(!head && concedes(in, k)) && !(open_negation == nowhere && is_aside(in, hits[k]))) next_clause(false);
            else if (kind == Kind::except_) next_clause(true);
            else if (kind == Kind::observer && head) next_clause(false);
            else if ((kind == Kind::hedge || kind == Kind::hedged) && doubts && doubts_next(in, k)) next_clause(false);
            else if (kind == Kind::negation && in.hits[k].entry->code == 0) {
                const bool behind = (k > 0 && in.hits[k - 1].first == i && in.hits[k - 1].kind() == Kind::negated) || (k + 1 < in.hits.size() && in.hits[k + 1].first == i && in.hits[k + 1].kind() == Kind::negated);
                if (head && (!behind || denies_subject(in, in.hits[k])) && !is_answer(in, i) && !corrected(in, in.hits[k])) next_clause(false);
                open_negation = i;
                correcting = correcting || corrected(in, in.hits[k]);
            } else if (is_head(kind)) head = true;
        }
        while (h < count && hits[h].first <= i) ++h;
        if (current != before) begin = i;
        in.clause[i] = label;
    }
}

void Passage::insert(const Entry& entry, std::uint32_t first, std::uint32_t last) {
    hits.emplace(std::find_if(hits.begin(), hits.end(), [&](const Hit& h) { return h.first >= first; }), &entry, first, last, entry.kind);
    mark(entry.kind);
}

const Hit* Passage::find_hit(Kind kind, std::uint32_t from, std::uint32_t to, std::uint32_t in_clause) const {
    if (!any(kind)) return nullptr;
    for (const Hit& h : hits)
        if (h.kind() == kind && h.first >= from && h.last <= to && (in_clause == nowhere || clause[h.first] == in_clause)) return &h;
    return nullptr;
}

/// Whether only small words, commas and signs stand between two tokens.
const Hit* Passage::find_mapping(std::uint32_t before, std::uint32_t in_clause) const {
    if (!any(Kind::modality)) return nullptr;
    for (const Hit& h : hits)
        if (h.kind() == Kind::modality && h.entry->code == modality_mapping && h.last < before && clause[h.first] == in_clause) return &h;
    return nullptr;
}

bool Passage::joined(std::uint32_t a, std::uint32_t b) const {
    if (b <= a) return true;
    if (b - a > 9) return false;
    for (std::uint32_t i = a + 1; i < b; ++i) {
        const Token& t = at[i];
        if (t.kind == Token::Kind::newline || t.kind == Token::Kind::number || is(t, Role::joining)) continue;
        if (t.kind == Token::Kind::sign && (t.sign == ',' || t.sign == '-' || t.sign == '>' || t.sign == '/' || t.sign == '+' || t.sign == '&' || t.sign == '(' || t.sign == ')' || t.sign == '%')) continue;
        return false;
    }
    return true;
}

}  // namespace lge::report
