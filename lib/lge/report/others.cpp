#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

/// "31 of 42 patients", "of 50 carriers, 12 ...", "60 % of patients": the noun is counted.
bool counted(const Passage& in, const Hit& noun) {
    std::uint32_t i = noun.first;
    if (i > 1 && in.at[i - 1].kind == Token::Kind::word && !in.is(in.at[i - 1], Role::preposition | Role::possessive)) --i;  // "of 42 consecutive patients"
    if (i > 1 && in.at[i - 1].kind == Token::Kind::number) return in.is(in.at[i - 2], Role::preposition);
    while (i > 0 && in.is(in.at[i - 1], Role::possessive)) --i;
    return i > 0 && (sign(in.at[i - 1], '%') || in.is(in.at[i - 1], Role::percent));
}

bool is_kin(const Hit& h) { return h.kind() == Kind::history && h.entry->code == history_kin; }

/// "the patient's brother", "a cousin of the proband": the patient is named only to say whose kin.
bool owns_kin(const Passage& in, const Hit& patient) {
    constexpr std::uint32_t reach = 5, letter = 1;
    const bool owner = patient.last + 1 < in.count && in.at[patient.last + 1].kind == Token::Kind::word && in.at[patient.last + 1].end - in.at[patient.last + 1].start == letter;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) {
        if (!is_kin(h)) return false;
        return (owner && h.first > patient.last && h.first <= patient.last + reach) || (h.last + 2 == patient.first && in.is(in.at[h.last + 1], Role::possessive));
    });
}

/// "The patient's sister had died at 27; her CMR had shown ...", not "His father ...; his CMR": an examination of the kin named
/// before, whom no other word of the same sex stands before.
bool of_kin_before(const Passage& in, std::uint32_t token) {
    const auto kin = std::find_if(in.hits.begin(), in.hits.end(), is_kin);
    const auto own = [&](const Hit& s) { return s.kind() == Kind::imaging && s.entry->code == imaging_own && s.first == token; };
    if (kin == in.hits.end() || kin->first > token || std::none_of(in.side.begin(), in.side.end(), own)) return false;
    return std::none_of(in.at, in.at + kin->last, [&](const Token& t) { return t.symbol == in.at[token].symbol; });
}

}  // namespace

bool told_of_many(const Passage& in, const Target& t, const Hit& rule) {
    if (in.any(Kind::pseudo) && in.find_hit(Kind::pseudo, 0, t.first) != nullptr) return false;  // "Neither the site nor the extent of the LGE would be expected in sarcoidosis"
    if (rule.first <= t.last || in.clause[rule.first] != t.clause || in.find_hit(Kind::negation, 0, t.first, t.clause) != nullptr) return false;
    if (rule.first > t.last + 2 && in.is(in.at[rule.first - 1], Role::conjunction)) return false;  // "a band hugs the lateral wall and is typical of ..."
    for (std::uint32_t i = t.last + 1; i < rule.first; ++i)
        if (sign(in.at[i], ',') || sign(in.at[i], ';') || sign(in.at[i], ':') || in.is(in.at[i], Role::accompanying | Role::versus)) return false;
    const auto tells = [&](const Hit& h) { return h.first > t.last && h.last < rule.first && (is_head(h.kind()) || h.kind() == Kind::explains || h.kind() == Kind::certainty || h.kind() == Kind::anaphor); };  // "seen here"
    if (std::any_of(in.hits.begin(), in.hits.end(), tells) || std::any_of(in.side.begin(), in.side.end(), tells)) return false;
    for (std::uint32_t i = t.first; i-- > 0 && in.clause[i] == t.clause;)
        if (in.is(in.at[i], Role::showing)) return false;
    return true;
}

bool one_of_kin(const Passage& in, const Hit& kin) {
    return is_kin(kin) && in.any(Kind::numeral) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::numeral && s.last + 1 == kin.first && s.first > 1 && in.is(in.at[s.first - 1], Role::possessive); });
}

bool tells_of_kin(const Passage& in, const Hit& kin, const Target& t) {
    constexpr std::uint32_t subject_end = 10;  // tokens
    if (one_of_kin(in, kin)) return true;
    return kin.entry->code == history_kin && kin.first < subject_end && (t.images || (!t.infarct && in.any(Kind::study, Kind::sequence)));
}

bool seen_on_images(const Passage& in, const Hit& tissue, const Target& t) {
    return tissue.entry->code == history_tissue && (t.images || in.find_hit(Kind::sequence, 0, in.count, t.clause) != nullptr);
}

bool returns_to_patient(const Passage& in, const Target& t) {
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::stop && h.entry->code == stop_own && h.first > t.last; });
}

bool told_of_others(const Passage& in, const Target& t) {
    if (!in.any(Kind::history, Kind::patient)) return false;
    std::uint32_t part = t.first;  // of the sentence, behind a semicolon
    while (part > 0 && !sign(in.at[part - 1], ';')) --part;
    if (part > 0 && of_kin_before(in, part)) part = 0;
    std::uint32_t before = nowhere, behind = nowhere;  // the nearest; behind the mention in its clause
    bool others_before = false, others_behind = false;
    const auto take = [&](const Hit& h, bool others) {
        if (h.last < t.first && h.first >= part && (before == nowhere || h.first > before)) before = h.first, others_before = others;
        if (h.first > t.last && in.clause[h.first] == t.clause && !in.opens_bracket(t.last, h.first) && (behind == nowhere || h.first < behind)) behind = h.first, others_behind = others;
    };
    for (const Hit& h : in.hits)
        if (is_kin(h)) take(h, !one_of_kin(in, h));
    for (const Hit& s : in.side) {
        if (s.kind() != Kind::patient) continue;
        if (s.first >= t.first && s.last <= t.last) return false;  // "but not in our patient"
        const bool many = s.entry->code == patient_many;
        if (many ? counted(in, s) : !owns_kin(in, s)) take(s, many);
    }
    const bool apart = before != nowhere && behind != nowhere && in.clause[before] != t.clause;  // "His brother has HCM, whereas LGE was absent in our patient"
    const auto between = [&](std::uint32_t a, std::uint32_t b, auto fits) { return std::any_of(in.at + a, in.at + b, fits); };
    const auto joins = [&](const Token& k) { return in.is(k, Role::conjunction | Role::alternative); };
    const auto bounds = [](const Token& k) { return sign(k, ',') || sign(k, '(') || sign(k, ')'); };
    const auto shared = [&](const Hit& s) {  // "the patient and her sister", "the patient, whose sister had LGE, had ..."
        constexpr std::uint32_t reach = 4;
        if (s.kind() != Kind::patient || s.entry->code != patient_own || s.last >= before || s.first < part) return false;
        return (before <= s.last + reach && between(s.last, before, joins)) || (between(s.last, before, bounds) && between(before, t.first, bounds));
    };
    if (before != nowhere && others_before && in.any(Kind::patient) && std::any_of(in.side.begin(), in.side.end(), shared)) return false;
    return before != nowhere && !apart ? others_before : others_behind;
}

bool names_patient(const Passage& in, std::uint32_t clause) {
    return in.any(Kind::patient) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::patient && s.entry->code == patient_own && (clause == nowhere || in.clause[s.first] == clause) && !owns_kin(in, s); });
}

}  // namespace lge::report
