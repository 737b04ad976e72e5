#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

constexpr std::uint32_t pseudo_double = 1;  // code of places.cpp

/// "... : No" at the end of a statement.
bool only_answer(const Passage& in, const Hit& h) {
    return h.first > 0 && (h.last + 1 == in.count || in.at[h.last + 1].kind != Token::Kind::word) && (h.first == h.last);
}

/// "Apex, septum and anterior wall: nil": the denial is of all places of the list.
bool closes_list(const Passage& in, std::uint32_t last, const Hit& denial) {
    const auto place = [](const Hit& h) { return is_place(h.kind()); };
    std::uint32_t next = last + 1;
    bool begins = false;  // with a place
    for (const Hit& h : in.hits) {
        if (h.first > denial.first) break;
        begins = begins || (place(h) && h.first <= last && h.last >= last);
        if (h.first <= last || !place(h)) continue;
        for (; next < h.first; ++next)
            if (in.at[next].kind != Token::Kind::sign && !in.is(in.at[next], Role::joining | Role::conjunction | Role::alternative)) return false;
        next = h.last + 1;
    }
    for (; next < denial.first; ++next)
        if (in.at[next].kind != Token::Kind::sign && !in.is(in.at[next], Role::joining)) return false;
    return begins;
}

/// "The pattern does not fit sarcoidosis: nodes are normal, FDG is negative": what stands behind the colon is the reason.
bool gives_reason(const Passage& in, std::uint32_t last, const Hit& denial) {
    for (const Hit& h : in.hits) {
        if (h.kind() != Kind::negation || h.entry->code == 0 || h.first <= last || h.last >= denial.first) continue;
        for (std::uint32_t i = h.last + 1; i < denial.first; ++i)
            if (sign(in.at[i], ':')) return true;
    }
    return false;
}

/// "no MVO within the acute lateral infarct", "MVO in the area of necrosis is not seen": what is denied is another thing, named from
/// token `from` on and said to lie in one that is there.
bool presupposed(const Passage& in, std::uint32_t from, std::uint32_t first) {
    constexpr std::uint32_t longest = 8;  // tokens
    std::uint32_t i = first;
    const auto of = [&](std::uint32_t k) { return in.is(in.at[k], Role::possessive) && in.is(in.at[k], Role::preposition); };
    while (i > from && i + longest > first) {
        const std::uint32_t k = i - 1;
        const auto place = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.last == k && (h.kind() == Kind::wall || h.kind() == Kind::level || h.kind() == Kind::pattern); });
        if (place != in.hits.end()) i = place->first;  // "the inferior infarct"
        else if (of(k) && k > from + 1 && in.at[k - 1].kind == Token::Kind::word && !in.is(in.at[k - 1], Role::preposition | Role::possessive)) i -= 2;  // "area of"
        else if (in.is(in.at[k], Role::old | Role::fresh) || (in.is(in.at[k], Role::joining) && !in.is(in.at[k], Role::preposition | Role::possessive | Role::conjunction | Role::alternative))) --i;
        else break;
    }
    if (i < 2) return false;
    const bool article = in.is(in.at[i - 1], Role::possessive) && !in.is(in.at[i - 1], Role::preposition);  // "within the infarct"
    if (article) --i;
    const bool beside = article && i > 0 && in.is(in.at[i - 1], Role::range | Role::origin);  // "adjacent to the scar", "remote from the scar"
    if (i == 0 || !(beside || in.is(in.at[i - 1], Role::preposition))) return false;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first >= from && h.last < i && (h.kind() == Kind::mvo || h.kind() == Kind::modality || h.kind() == Kind::finding); });
}

/// "No ablation was done since the scar is intramural", "no oedema was present and the enhancement is old": behind the object of a
/// denial, from token `from` on, a comma, "and" or a reason leads to a mention that is known already.
bool known_behind(const Passage& in, std::uint32_t from, std::uint32_t first) {
    constexpr std::uint32_t adjectives = 3, shortest = 4;  // tokens; letters of a noun
    std::uint32_t i = first;
    const auto the = [&](std::uint32_t k) { return in.is(in.at[k], Role::possessive) && in.is(in.at[k], Role::joining) && !in.is(in.at[k], Role::preposition | Role::conjunction); };
    while (i > from && i + adjectives > first && in.at[i - 1].kind == Token::Kind::word && !the(i - 1)) --i;
    if (i < from + 2 || !the(i - 1)) return false;
    const std::uint32_t joint = i - 2;
    if (joint <= from || !(sign(in.at[joint], ',') || in.is(in.at[joint], Role::conjunction) || in.one_of(in.at[joint], in.lexicon.grounds))) return false;
    const auto target = [&](const Hit& h) { return h.kind() == Kind::target && h.first >= from && h.last < joint; };
    const auto noun = [&](const Token& t) { return t.kind == Token::Kind::word && t.end - t.start >= shortest && !in.is(t, Role::joining | Role::preposition | Role::possessive); };
    return std::none_of(in.hits.begin(), in.hits.end(), target) && std::any_of(in.at + from, in.at + joint, noun);
}

/// Where the words that lead to a mention begin in its clause.
std::uint32_t subject_begin(const Passage& in, std::uint32_t first) {
    constexpr std::uint32_t reach = 16;  // tokens
    std::uint32_t i = first;
    while (i > 0 && i + reach > first && in.clause[i - 1] == in.clause[first] && !sign(in.at[i - 1], ',') && !sign(in.at[i - 1], ':')) --i;
    return i;
}

/// "scar mass has fallen and MVO is no longer visible": whether a mention has a word of its own before a token.
bool said_between(const Passage& in, std::uint32_t last, std::uint32_t token) {
    const auto between = [&](const Hit& h) { return h.first > last && h.last < token; };
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return between(s) && (s.kind() == Kind::temporal || s.kind() == Kind::explains || s.kind() == Kind::certainty); }) ||
           std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return between(h) && h.kind() == Kind::wall; });
}

/// "As the LGE spared the subendocardium, an ischaemic origin was dismissed", "LGE is midwall and an ischaemic cause was excluded":
/// behind a comma or "and" the denial has a cause for its subject.
bool cause_is_denied(const Passage& in, std::uint32_t last, const Hit& denial) {
    constexpr std::uint32_t reach = 5, before = 5;
    if (!in.any(Kind::dx)) return false;
    const auto named = [&](const Hit& s) { return s.kind() == Kind::dx && s.first > last + 1 && s.last < denial.first && denial.first - s.last <= reach && !in.starts_at(Kind::target, s.first); };
    const auto cause = std::find_if(in.side.begin(), in.side.end(), named);
    if (cause == in.side.end() || in.find_hit(Kind::target, cause->first, denial.first) != nullptr) return false;
    if (cause->first == last + 2 && in.is(in.at[last + 1], Role::conjunction)) return false;  // "infarction and myocarditis excluded"
    if (cause->last + 3 == denial.first && sign(in.at[cause->last + 1], ',') && in.is(in.at[cause->last + 2], Role::accompanying)) return true;  // "LGE raised the question of sarcoidosis, which was excluded"
    const std::uint32_t from = std::max(last + 1, cause->first >= before ? cause->first - before : 0);
    return std::any_of(in.at + from, in.at + cause->first, [&](const Token& t) { return sign(t, ',') || sign(t, ';') || (sign(t, '-') && t.spaced) || in.is(t, Role::conjunction); });
}

/// "LGE, fibrosis and infarction were excluded": the denial ends a list of mentions that "and" closes.
bool ends_mentions(const Passage& in, std::uint32_t last, const Hit& denial) {
    bool closed = false;
    int more = 0;
    const std::uint32_t joint = last + 1;
    for (const Hit& h : in.hits) {
        if (h.first <= last || h.last >= denial.first) continue;
        if (h.kind() != Kind::target || !in.joined(last, h.first)) return false;
        closed = in.is(in.at[h.first - 1], Role::conjunction | Role::alternative);
        last = h.last;
        ++more;
    }
    const bool apart = more == 1 && sign(in.at[joint], ',') && in.is(in.at[joint + 1], Role::conjunction);  // "... from subepicardial LGE, and infarction was excluded"
    return closed && !apart && last + 1 == denial.first;
}

/// "Oedema, late enhancement, MVO: none", "LGE, thrombus: all absent": things alone stand before a colon, and behind it the denial
/// of them all.
bool denies_labels(const Passage& in, const Hit& denial) {
    const std::uint32_t colon = denial.first - 1;
    if (denial.first < 2 || !sign(in.at[colon], ':')) return false;
    for (std::uint32_t i = 0; i < colon; ++i) {
        const auto thing = [&](const Hit& h) { return h.first <= i && h.last >= i && (is_head(h.kind()) || h.kind() == Kind::sequence || h.kind() == Kind::organ); };
        const bool plain = in.at[i].kind == Token::Kind::word && !in.is(in.at[i], Role::preposition | Role::showing | Role::accompanying | Role::pronoun) && !in.starts_at(Kind::wall, i) && !in.starts_at(Kind::level, i);  // "infarct, infiltration and inflammation"
        if (!sign(in.at[i], ',') && !plain && std::none_of(in.hits.begin(), in.hits.end(), thing)) return false;
    }
    return true;
}

/// "LGE argues against amyloid, and monoclonal protein was absent": behind ", and" stands a subject that no phrase knows.
bool of_unknown(const Passage& in, std::uint32_t comma, const Hit& denial) {
    if (comma + 2 >= denial.first || !in.is(in.at[comma + 1], Role::conjunction) || in.is(in.at[comma + 2], Role::showing)) return false;  // not "..., and found none"
    const auto known = [&](const Hit& h) { return h.first > comma && h.first < denial.first; };
    const auto plain = [&](const Token& t) { return t.kind == Token::Kind::word && !in.is(t, Role::preposition | Role::pronoun); };
    return std::none_of(in.hits.begin(), in.hits.end(), known) && std::all_of(in.at + comma + 2, in.at + denial.first, plain);
}

/// "LGE was attributed to myocarditis and infarction was excluded", "the scar was old and viability was absent": behind a mention
/// and what is said of it "and" begins with another thing, which the denial is of.
bool next_subject(const Passage& in, std::uint32_t last, const Hit& denial) {
    constexpr std::uint32_t reach = 3;  // tokens: "and an old infarct"
    const auto subject = [&](std::uint32_t conjunction) {
        const auto begins = [&](const Hit& h) { return h.first > conjunction && h.first <= conjunction + reach && h.last < denial.first; };
        const auto thing = [&](const Hit& h) { return begins(h) && ((h.kind() == Kind::target && h.entry->code != target_images) || h.kind() == Kind::modality || h.kind() == Kind::finding); };
        const auto named = [&](const Hit& s) { return begins(s) && (s.kind() == Kind::dx || s.kind() == Kind::notdx || s.kind() == Kind::viability); };
        const bool unknown = denial.first > conjunction + 1 && denial.first <= conjunction + 1 + reach && in.starts_at(Kind::explains, denial.first) && has_own_subject(in, denial);
        return unknown || std::any_of(in.hits.begin(), in.hits.end(), thing) || std::any_of(in.side.begin(), in.side.end(), named);
    };
    for (std::uint32_t k = last + 2; k + 1 < denial.first; ++k)
        if (in.is(in.at[k], Role::conjunction) && !in.is(in.at[k + 1], Role::preposition) && subject(k) && said_between(in, last, k)) return true;
    return false;
}

/// "RCA scar present, MVO absent", "scar without oedema or with MVO not seen": the denial is of the nearer thing.
bool another_is_denied(const Passage& in, std::uint32_t last, const Hit& denial) {
    if (closes_list(in, last, denial) || ends_mentions(in, last, denial) || denies_labels(in, denial)) return false;
    std::uint32_t comma = nowhere;
    for (std::uint32_t i = last + 1; i < denial.first; ++i)
        if (sign(in.at[i], ',') && !(denial.last > denial.first && parts_places(in, i))) comma = i;
    if (comma != nowhere && comma + 2 < denial.first && in.at[comma + 1].kind == Token::Kind::word && in.at[comma + 2].kind == Token::Kind::number) return true;  // "case 1 had LGE, case 2 none"
    if (comma != nowhere && comma + 1 == denial.first && sign(in.at[last + 1], ',') && comma > last + 1 && in.is(in.at[denial.first], Role::showing | Role::distinct)) return false;  // "LGE, reported in 2019 together with oedema, is not seen any longer"
    if (cause_is_denied(in, last, denial) || (comma != nowhere && of_unknown(in, comma, denial))) return true;
    if (next_subject(in, last, denial)) return true;
    const bool pronoun = denial.first > 0 && is_pronoun(in, denial.first - 1);  // "LGE is ..., in the apical slices it is absent"
    for (const Hit& o : in.hits) {
        if (o.first <= last || o.last >= denial.first) continue;
        if (in.clause[last] == in.clause[denial.first] && in.clause[o.first] != in.clause[last]) continue;  // of an aside
        if (pronoun && comma != nowhere && o.first > comma && is_place(o.kind())) return true;
        if (o.kind() == Kind::organ && comma != nowhere && o.first == comma + 1 && o.last + 1 == denial.first && denial.first == denial.last) return true;  // "LGE: lateral, RV neg"
        const bool end = o.kind() == Kind::level && o.first == comma + 1 && o.last + 1 == denial.first && !in.is(in.at[o.first], Role::preposition);  // "LGE of the mid septum, apex neg"
        if (comma != nowhere && end) return true;
        if (comma != nowhere && o.first > comma && (is_head(o.kind()) || o.kind() == Kind::wall || (o.kind() == Kind::pattern && o.entry->code == static_cast<std::uint32_t>(anatomy::Pattern::papillary)))) return true;
        if ((o.kind() == Kind::modality || o.kind() == Kind::finding) && sign(in.at[o.first - 1], '-') && in.at[o.first - 1].spaced && in.at[denial.first].kind == Token::Kind::word) return true;  // "patchy LGE - ischaemia ruled out"
        const bool mass = o.kind() == Kind::organ && o.entry->code == organ_mass;  // "an infarct with a mass attached that did not enhance"
        if (o.kind() != Kind::mvo && o.kind() != Kind::modality && o.kind() != Kind::finding && !mass) continue;
        const auto described = [&](const Hit& h) { return h.first == o.last + 1 && is_place(h.kind()); };
        if (o.kind() == Kind::modality && o.entry->code == modality_unnamed && std::any_of(in.hits.begin(), in.hits.end(), described)) continue;  // "Fibrosis was sought ... and in the hypertrophied segments and was not found"
        for (std::uint32_t k = o.first; k > last + 1 && k + 4 > o.first; --k)
            if (in.is(in.at[k - 1], Role::accompanying) || (in.is(in.at[k - 1], Role::conjunction) && said_between(in, last, k))) return true;
    }
    return false;
}

/// "excluded myocarditis": the denial is of what follows.
bool denies_object(const Passage& in, const Hit& h) {
    const auto cause = [&](const Hit& s) { return s.kind() == Kind::notdx && s.first == h.first && s.last > h.last + 1; };  // "ruled out an ischaemic origin"
    if (in.any(Kind::notdx) && std::any_of(in.side.begin(), in.side.end(), cause)) return true;
    const bool active = h.first == h.last || (h.last == h.first + 1 && h.first > 0 && !in.starts_at(Kind::explains, h.first - 1) && !in.starts_at(Kind::explains, h.first));  // "which ruled out a previous infarct"
    if (!active || h.last + 1 >= in.count || in.at[h.last + 1].kind != Token::Kind::word || in.is(in.at[h.last + 1], Role::preposition | Role::conjunction)) return false;
    for (const Hit& o : in.hits)
        if (o.first == h.last + 1 && (o.kind() == Kind::except_ || o.kind() == Kind::stop || (is_place(o.kind()) && (o.last + 1 == in.count || in.at[o.last + 1].kind == Token::Kind::sign)))) return false;  // "LGE absent laterally, ..."
    if (std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::temporal && s.entry->code == static_cast<std::uint32_t>(Change::unchanged) && s.first == h.last + 1; })) return false;  // "absent as in 2020"
    return in.find_hit(Kind::negation, h.first, h.last) != nullptr;
}

/// "basal 0/6, mid 2/6": nothing is said of one ring only.
bool one_of_ratios(const Passage& in, const Hit& denial) {
    if (in.at[denial.first].kind != Token::Kind::number) return false;
    for (std::uint32_t i = 0; i + 2 < in.count; ++i)
        if (in.at[i].kind == Token::Kind::number && in.at[i].value > 0 && sign(in.at[i + 1], '/') && in.at[i + 2].kind == Token::Kind::number && in.clause[i] == in.clause[denial.first]) return true;
    return false;
}

/// "LGE, absent at baseline, is now seen"
bool of_past(const Passage& in, const Hit& h) {
    return in.starts_at(Kind::history, h.last + 1);
}

/// "midwall, not subepicardial, LGE", "midwall rather than subepicardial LGE": one layer is set against another, both of
/// the mention.
bool corrects_layer(const Passage& in, const Hit& denial, std::uint32_t first) {
    const auto layer_at = [&](auto fits) { return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::pattern && fits(h); }); };
    if (!in.any(Kind::pattern) || denial.first == 0) return false;
    const std::uint32_t before = denial.first - (sign(in.at[denial.first - 1], ',') ? 2U : 1U);
    if (before >= in.count || !layer_at([&](const Hit& h) { return h.last == before; })) return false;
    std::uint32_t i = denial.last + 1;
    for (const Hit& h : in.hits)
        if (h.first == i && h.kind() == Kind::pattern) i = h.last + 1;
    if (i == denial.last + 1) return false;
    if (i < first && sign(in.at[i], ',')) ++i;
    return i == first;
}

/// "None in the lateral wall", "absent at the apex": what the denial is of follows.
bool opens_clause(const Passage& in, const Hit& h) {
    if (h.first != h.last || h.last + 1 >= in.count || !in.is(in.at[h.last + 1], Role::preposition)) return false;
    for (std::uint32_t i = h.first; i-- > 0 && in.clause[i] == in.clause[h.first] && !sign(in.at[i], ',');)
        if (in.at[i].kind == Token::Kind::word) return false;
    return true;
}

/// "an infarct with resolved MVO", "LGE with resolved oedema": an adjective of denial right before another thing.
bool describes_other(const Passage& in, const Hit& h) {
    if (h.first != h.last || h.first == 0 || !in.is(in.at[h.first - 1], Role::accompanying | Role::conjunction)) return false;
    return in.starts_at(Kind::mvo, h.last + 1) || in.starts_at(Kind::modality, h.last + 1) || in.starts_at(Kind::finding, h.last + 1) || in.starts_at(Kind::organ, h.last + 1);
}

/// "The negative LGE argues against ...": an adjective of denial before the mention, at the start or behind a small word.
bool describes(const Passage& in, const Hit& h, std::uint32_t first) {
    if (h.first != h.last || h.last + 1 != first || h.entry->code != 0) return false;
    return h.first == 0 || in.clause[h.first - 1] != in.clause[h.first] || (in.at[h.first - 1].kind == Token::Kind::word && in.is(in.at[h.first - 1], Role::joining | Role::accompanying | Role::possessive));
}

/// "coronary angiography, which turned out to be normal": the clause is told of the test right before it.
bool of_test_before(const Passage& in, const Hit& denial) {
    constexpr std::uint32_t reach = 4;  // tokens: ", which then"
    std::uint32_t comma = denial.first;
    while (comma > 0 && comma + reach > denial.first && !sign(in.at[comma], ',')) --comma;
    if (comma == 0 || !sign(in.at[comma], ',') || !in.is(in.at[comma + 1], Role::accompanying)) return false;
    const std::uint32_t noun = comma - 1;
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.last >= noun && s.first <= noun && ((s.kind() == Kind::examination && s.entry->code == examination_foreign) || s.kind() == Kind::notdx); });
}

/// "LGE was noted before but is not present today": the next clause has no subject of its own.
const Hit* denied_later(const Passage& in, std::uint32_t c) {
    const Hit* later = nullptr;
    bool stop = false;
    for (const Hit& h : in.hits) {
        if (in.clause[h.first] != c + 1) continue;
        if (h.kind() == Kind::stop && later == nullptr && h.last + 1 < in.count && in.is(in.at[h.last + 1], Role::possessive) && in.is(in.at[h.last + 1], Role::joining) && !in.is(in.at[h.last + 1], Role::preposition) && !(h.last + 2 < in.count && in.at[h.last + 2].word != 0 && in.at[h.last + 2].word == in.lexicon.finding)) return nullptr;  // ", yet the preference of amyloid was lacking"
        const bool pronoun = h.first > 1 && in.is(in.at[h.first - 1], Role::pronoun) && sign(in.at[h.first - 2], ';');
        const bool verb = h.first > 2 && in.is(in.at[h.first - 2], Role::pronoun) && sign(in.at[h.first - 3], ';');  // "; this is no longer seen"
        stop = stop || h.kind() == Kind::stop || (h.kind() == Kind::negated && h.last > h.first && h.first > 0 && (sign(in.at[h.first - 1], ';') || pronoun || verb));
        if (is_head(h.kind()) || h.kind() == Kind::wall || h.kind() == Kind::level || h.kind() == Kind::organ || h.kind() == Kind::lv || (h.kind() == Kind::segmentword && later == nullptr)) return nullptr;
        if (h.kind() == Kind::negated && (of_year(in, h) || (h.entry->code == 0 && has_own_subject(in, h)) || of_test_before(in, h))) return nullptr;  // "; not there in 2020"
        if (h.kind() == Kind::negated) later = &h;
    }
    if (later != nullptr && speaks_of_rest(in, c + 1)) return nullptr;  // "; nothing is seen further down"
    return stop ? later : nullptr;
}

/// "No viability in the inferior wall (100 % scar)": an amount in brackets is no part of the denial before them, nor is
/// anything there one of a denial of viability.
bool measured_in_brackets(const Passage& in, const Hit& denial, std::uint32_t first) {
    const auto of_viability = [&](const Hit& s) { return s.kind() == Kind::viability && s.first <= denial.last && s.last >= denial.first; };
    if (in.any(Kind::viability) && in.opens_bracket(denial.last, first) && std::any_of(in.side.begin(), in.side.end(), of_viability)) return true;
    bool open = false, amount = false;
    for (std::uint32_t i = denial.last + 1; i < first; ++i) {
        if (sign(in.at[i], '(')) open = true;
        amount = amount || (open && i > 0 && sign(in.at[i], '%') && in.at[i - 1].kind == Token::Kind::number && in.at[i - 1].value > 0);
    }
    return amount;
}

}  // namespace

bool has_own_subject(const Passage& in, const Hit& verb) {
    std::uint32_t i = verb.first;
    while (i > 0 && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::explains && s.first <= i - 1 && s.last >= i - 1; })) --i;
    while (i > 0 && i < verb.first && in.is(in.at[i - 1], Role::joining) && !in.is(in.at[i - 1], Role::possessive | Role::preposition | Role::conjunction)) --i;  // "had been"
    if (i == 0 || in.clause[i - 1] != in.clause[verb.first]) return false;
    const Token& noun = in.at[i - 1];
    constexpr std::uint32_t shortest = 4;  // letters: "flow"
    const auto known = [&](const Hit& h) { return h.first < i && h.last + 1 >= i; };
    const bool cause = std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return (s.kind() == Kind::dx || s.kind() == Kind::verb) && known(s); });
    return noun.kind == Token::Kind::word && !cause && noun.end - noun.start >= shortest && !in.is(noun, Role::joining | Role::pronoun | Role::showing | Role::preposition) && std::none_of(in.hits.begin(), in.hits.end(), known);
}

bool includes_next(const Passage& in, const Hit& denial) {
    const Hit* h = in.find_hit(Kind::emphasis, denial.last + 1, denial.last + 3);
    return h != nullptr && h->entry->code == 1;
}

bool names_included(const Hit& emphasis, const Hit& place) {
    return emphasis.kind() == Kind::emphasis && emphasis.entry->code == 1 && (emphasis.first == place.last + 1 || emphasis.last + 1 == place.first || emphasis.last + 2 == place.first);
}

bool included_in_denial(const Passage& in, const Hit& place) {
    if (!in.any(Kind::emphasis) || in.any(Kind::except_)) return false;
    const auto includes = [&](const Hit& h) { return names_included(h, place); };
    const auto denies = [&](const Hit& h) { return (h.kind() == Kind::answer || h.kind() == Kind::spared || h.kind() == Kind::negation || h.kind() == Kind::negated) && h.last < place.first; };
    return std::any_of(in.hits.begin(), in.hits.end(), includes) && std::any_of(in.hits.begin(), in.hits.end(), denies);
}

bool ends_row(const Passage& in, const Hit& h) {
    constexpr std::uint32_t longest = 2;  // tokens: "base in none"
    const bool clean = h.kind() == Kind::spared && h.entry->code == spared_clean;
    if (h.first == 0 || h.last - h.first >= longest || !(clean || h.kind() == Kind::negated || h.kind() == Kind::answer)) return false;
    const std::uint32_t first = h.first - (sign(in.at[h.first - 1], '(') ? 1 : 0);  // "mid septum (+), lateral wall (-)"
    const auto numbered = [&](const Hit& o) { return o.kind() == Kind::segmentword && o.last + 2 == first && in.at[first - 1].kind == Token::Kind::number; };  // "segment 3 25 %, segment 15 none"
    const auto place = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return (o.last + 1 == first && (o.kind() == Kind::level || o.kind() == Kind::wall || o.kind() == Kind::ignore)) || numbered(o); });
    if (place == in.hits.end()) return false;
    if (sign(in.at[h.first], '-'))  // "basal +, mid -"
        return std::any_of(in.at, in.at + in.count, [](const Token& t) { return sign(t, '+'); });
    constexpr std::ptrdiff_t two = 2;
    const auto level = [&](const Hit& o) { return o.kind() == Kind::level && in.clause[o.first] == in.clause[h.first]; };
    std::uint32_t lead = place->first;  // of "and at the base in none"
    while (lead > 0 && in.is(in.at[lead - 1], Role::preposition | Role::possessive)) --lead;
    if (level(*place) && lead > 0 && (sign(in.at[lead - 1], ',') || in.is(in.at[lead - 1], Role::conjunction)) && std::count_if(in.hits.begin(), place, level) >= two) return true;  // "basal > mid, apical none"
    constexpr std::uint32_t reach = 64;  // tokens behind "0 %"
    const std::uint32_t end = in.at[h.first].kind == Token::Kind::number ? std::min(in.count, h.last + reach) : h.first;
    for (std::uint32_t k = 1; in.has_number && h.first == h.last && k < end; ++k)
        if (sign(in.at[k], '%') && in.at[k - 1].kind == Token::Kind::number && in.at[k - 1].value > 0 && in.clause[k] == in.clause[h.first]) return true;
    return false;
}

bool of_year(const Passage& in, const Hit& denial) {
    return denial.last + 2 < in.count && in.is(in.at[denial.last + 1], Role::preposition) && names_year(in.at[denial.last + 2]);
}

bool infarct_name(std::string_view name) { return name == "mi" || name == "prior_mi" || name == "acute_mi"; }

/// "The distribution ruled out an ischaemic origin: extensive enhancement ...": what is denied is a cause, before a colon.
static bool denies_cause(const Passage& in, const Hit& negation, std::uint32_t first) {
    const Token* const colon = std::find_if(in.at + negation.last, in.at + first, [](const Token& t) { return sign(t, ':'); });
    const auto cause = [&](const Hit& s) { return (s.kind() == Kind::dx || s.kind() == Kind::notdx) && s.last > negation.last && in.at + s.last < colon; };
    return colon != in.at + first && std::any_of(in.side.begin(), in.side.end(), cause);
}

/// "a scar without MVO, indicating acute infarction": behind a comma stands what the findings mean, and the denial is of another
/// thing before it.
static bool judged_behind(const Passage& in, const Hit& negation, std::uint32_t first) {
    const auto means = [&](const Hit& s) { return s.kind() == Kind::certainty && s.first > negation.last + 1 && s.last < first && sign(in.at[s.first - 1], ','); };
    const auto judgement = std::find_if(in.side.begin(), in.side.end(), means);
    if (judgement == in.side.end()) return false;
    const auto object = [&](const Hit& h) { return h.first > negation.last && h.last < judgement->first && (h.kind() == Kind::mvo || h.kind() == Kind::modality || h.kind() == Kind::finding || h.kind() == Kind::organ); };
    const auto mention = [&](const Hit& h) { return h.kind() == Kind::target && h.first > negation.last && h.last < judgement->first; };
    return std::any_of(in.hits.begin(), in.hits.end(), object) && std::none_of(in.hits.begin(), in.hits.end(), mention);
}

const Hit* denied(const Passage& in, std::uint32_t first, std::uint32_t last, bool near) {
    if (!in.any(Kind::negation, Kind::negated)) return nullptr;
    constexpr int most_behind = 4;  // denials behind that are looked at, so that time stays linear
    const std::uint32_t c = in.clause[first];
    const Hit* found = nullptr;
    int behind = 0;
    for (const Hit& h : in.hits) {
        if (in.clause[h.first] != c) continue;
        if (h.kind() == Kind::pseudo && h.first < first && h.entry->code == pseudo_double) return nullptr;
        if (h.kind() == Kind::negation && h.last < first && (h.entry->code == 0 || first - h.last <= (near ? 8U : 3U))) {
            if (h.entry->code == 0 && ((!near && only_answer(in, h) && !includes_next(in, h)) || presupposed(in, h.last + 1, first) || measured_in_brackets(in, h, first))) continue;
            if (!near && corrects_layer(in, h, first)) continue;
            if (!near && h.entry->code == 0 && known_behind(in, h.last + 1, first)) continue;
            if (in.any(Kind::certainty) && judged_behind(in, h, first)) continue;
            if (in.has_colon && !near && denies_cause(in, h, first)) continue;
            if (h.first > 0 && sign(in.at[h.last + 1], ':') && in.starts_at(Kind::explains, h.first - 1)) continue;  // "It was not: LGE spanned the full thickness"
            found = &h;
        }
        if (h.kind() == Kind::negation && h.entry->code == 0 && h.first == last + 1 && h.last + 1 < in.count && in.is(in.at[h.last + 1], Role::preposition)) found = &h;  // "LGE neither in the septum nor ..."
        if (h.kind() == Kind::negated && h.entry->code == negated_cause && !near) continue;
        if (h.kind() == Kind::negated && (denies_object(in, h) || of_year(in, h) || (!near && of_past(in, h)) || one_of_ratios(in, h) || ends_row(in, h))) continue;
        if (h.kind() == Kind::negated && h.first > last && describes_other(in, h)) continue;
        if (h.kind() == Kind::negated && h.last < first && (opens_clause(in, h) || describes(in, h, first))) found = &h;
        if (h.first > last && (h.kind() == Kind::negated || (h.kind() == Kind::negation && (h.entry->code == 0 || near) && only_answer(in, h))) && ++behind <= most_behind && !presupposed(in, subject_begin(in, first), first) && !another_is_denied(in, last, h) && !gives_reason(in, last, h)) found = &h;
    }
    if (found != nullptr) return found;
    for (const Hit& h : in.hits)  // "infarct ..., oedema of the inferior wall, but that does not enhance"
        if (h.first > last && in.clause[h.first] == c && (h.kind() == Kind::modality || h.kind() == Kind::finding || h.kind() == Kind::mvo)) return nullptr;
    return denied_later(in, c);
}

}  // namespace lge::report
