#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Presence;

namespace {

constexpr std::uint32_t pseudo_new = 2, history_event = 2, history_state = 6;  // codes of places.cpp

/// Whether the clause says something of its subject behind a history: "... on the earlier scan is unchanged".
bool goes_on_behind(const Passage& in, const Hit& history) {
    for (std::uint32_t i = history.last + 1; i < in.count && in.clause[i] == in.clause[history.first]; ++i)
        if (in.is(in.at[i], Role::showing)) return true;
    const bool places_it = history.last + 1 < in.count && in.is(in.at[history.last + 1], Role::preposition);  // "had been described in the septum"
    const auto says = [&](const Hit& h) {
        return h.first > history.last && in.clause[h.first] == in.clause[history.first] && (h.kind() == Kind::temporal || h.kind() == Kind::negated || h.kind() == Kind::artifact || (h.kind() == Kind::wall && !places_it) || h.kind() == Kind::hedged || h.kind() == Kind::viability);
    };
    return std::any_of(in.hits.begin(), in.hits.end(), says) || std::any_of(in.side.begin(), in.side.end(), says);
}

/// Whether nothing but places and small words stands between two tokens.
bool only_places(const Passage& in, std::uint32_t a, std::uint32_t b) {
    for (std::uint32_t i = a + 1; i < b; ++i) {
        const bool place = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_place(h.kind()) && h.first <= i && h.last >= i; }) ||
                           std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::territory && s.first <= i && s.last >= i; });
        if (!place && !in.is(in.at[i], Role::joining) && in.at[i].kind != Token::Kind::number && !sign(in.at[i], '%')) return false;
    }
    return true;
}

/// Whether something is said of a mention behind it, so that a word of technique before it does not take it in.
bool has_predicate(const Passage& in, const Target& t) {
    for (std::uint32_t i = t.last + 1; i < in.count && i <= t.last + 12; ++i)
        if (in.is(in.at[i], Role::showing)) return true;
    for (const Hit& h : in.hits)
        if (h.first > t.last && in.clause[h.first] == t.clause && (h.kind() == Kind::negated || h.kind() == Kind::hedged || h.kind() == Kind::answer)) return true;
    for (std::uint32_t i = t.last + 1; in.has_number && i < in.count && in.clause[i] == t.clause; ++i)
        if (sign(in.at[i], '%') || in.is(in.at[i], Role::gram)) return true;  // "LGE was quantified by 5 SD at 23 g"
    return in.find_hit(Kind::negation, 0, t.first, t.clause) != nullptr;
}

/// Whether a semicolon stands between a phrase and a mention.
bool parted(const Passage& in, const Hit& h, const Target& t) {
    for (std::uint32_t i = std::min(h.last, t.last); i < std::max(h.first, t.first); ++i)
        if (sign(in.at[i], ';')) return true;
    return false;
}

/// "CMR, undertaken because echocardiography suggested a scar, was negative for LGE": behind its second comma the sentence goes
/// on with the verb of its subject.
bool ends_embedded(const Passage& in, const Hit& within, const Target& t) {
    if (std::none_of(in.at, in.at + within.first, [](const Token& k) { return sign(k, ','); })) return false;
    for (std::uint32_t i = within.last + 1; i + 1 < t.first; ++i) {
        if (!sign(in.at[i], ',')) continue;
        const auto starts = [&](const Hit& h) { return h.first == i + 1 && (h.kind() == Kind::explains || h.kind() == Kind::negation); };
        if (in.is(in.at[i + 1], Role::showing) || std::any_of(in.side.begin(), in.side.end(), starts) || std::any_of(in.hits.begin(), in.hits.end(), starts)) return true;
    }
    return false;
}

/// "He has had a heart attack in the past: the inferior wall is scarred", "Day 4 post PCI: infarct": a history that tells of
/// a mention before it, or what was done to the patient, ends at a colon.
bool closed_by_colon(const Passage& in, const Hit& history, const Target& t) {
    std::uint32_t colon = nowhere;
    for (std::uint32_t i = history.last + 1; i < t.first && colon == nowhere; ++i)
        if (sign(in.at[i], ':')) colon = i;
    if (colon != nowhere && in.find_hit(Kind::negation, colon + 1, colon + 3) != nullptr) return true;  // "the suspicion is not supported: no scar"
    if (colon != nowhere && (in.find_hit(Kind::negated, history.last + 1, colon) != nullptr || in.find_hit(Kind::hedged, history.last + 1, colon) != nullptr)) return true;  // "... could not be corroborated: LGE was lacking"
    if (t.images && t.first > history.last + 1 && sign(in.at[t.first - 1], ',') && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::target && h.first > history.last && h.last < t.first; })) return true;  // "whereas the ECG printed an infarct, LGE is ..."
    if (history.entry->code != history_tissue && ends_embedded(in, history, t)) return true;
    const auto event = [&](const Hit& h) { return h.kind() == Kind::history && h.entry->code == history_event && h.first <= history.first; };
    return colon != nowhere && (std::any_of(in.hits.begin(), in.hits.end(), event) || std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& o) { return o.last < history.first && o.clause == in.clause[history.first]; }));
}

/// "EF 39 % (44 % two years ago), with subepicardial fibrosis": a history in brackets before a mention.
bool closed_by_bracket(const Passage& in, const Hit& history, const Target& t) {
    const Token* close = std::find_if(in.at + history.last, in.at + t.first, [](const Token& k) { return sign(k, ')') || sign(k, '('); });
    return close != in.at + t.first && sign(*close, ')');
}

/// "... was looked for and found", "... but not seen": whether a search comes to something in its sentence.
bool finds(const Passage& in, const Hit& search) {
    for (std::uint32_t i = search.last + 1; i < in.count; ++i)
        if (in.is(in.at[i], Role::showing)) return true;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > search.last && (h.kind() == Kind::negated || h.kind() == Kind::negation || h.kind() == Kind::weak || h.kind() == Kind::hedged); });
}

/// "Scar quantification by 5 SD gave 21 g": an amount that only what is there can have.
bool weighs(const Passage& in, const Target& t) {
    for (std::uint32_t i = t.last + 2; i < in.count; ++i)
        if (in.is(in.at[i], Role::gram) && in.at[i - 1].kind == Token::Kind::number && !(i + 1 < in.count && sign(in.at[i + 1], '/'))) return true;
    return false;
}

/// "An infarct of the lateral wall, and echocardiography was requested": behind a comma and "and" what was not done has a subject
/// of its own.
bool of_next_subject(const Passage& in, const Target& t, const Hit& notdone) {
    constexpr std::uint32_t words = 2;
    for (std::uint32_t i = t.last + 1; i + 1 < notdone.first; ++i)
        if (sign(in.at[i], ',') && in.is(in.at[i + 1], Role::conjunction)) return notdone.first - i > words + 1 && !is_pronoun(in, i + 2) && std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > i && h.last < notdone.first && (is_images(h) || h.kind() == Kind::target); });
    return false;
}

/// "Late enhancement with extra slices through the lateral wall", "LGE images of the apex were repeated": places that the planes
/// of the images run through are those of no finding.
bool only_made(const Passage& in, const Target& t) {
    if (t.infarct || t.weak || has_predicate(in, t) || (in.has_number && weighs(in, t)) || in.find_hit(Kind::pattern, 0, in.count, t.clause) != nullptr) return false;
    const auto places_between = [&](std::uint32_t a, std::uint32_t b) { return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_place(h.kind()) && h.first > a && h.last < b; }); };
    const bool placed = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_place(h.kind()) && in.clause[h.first] == t.clause; });
    for (const Hit& h : in.hits) {
        if (h.kind() != Kind::technique || in.clause[h.first] != t.clause) continue;
        if (t.images && !placed) return true;
        if (h.entry->code == technique_views && (h.first < t.first || !places_between(t.last, h.first))) return true;
        const auto amounts = [&](const Token& k) { return sign(k, '%') || in.is(k, Role::gram); };  // "... was scored by 5 SD: 12 %"
        if (h.entry->code == technique_made && std::none_of(in.at + h.last, in.at + in.count, amounts) && (h.first < t.first || std::none_of(in.at + t.last, in.at + h.first, [](const Token& k) { return sign(k, ','); }))) return true;
    }
    return false;
}

/// "If fibrosis of the septum were present, ...": what a sentence begins with supposing, up to a comma.
bool supposed(const Passage& in, const Target& t) {
    if (in.lexicon.supposing == 0 || in.at[0].word != in.lexicon.supposing) return false;
    const auto comma = [](const Token& k) { return sign(k, ','); };
    return std::none_of(in.at, in.at + t.first, comma) && std::any_of(in.at + t.last, in.at + in.count, comma);
}

/// "Dobutamine was not needed: the wall contained a scar": what was not done is another thing, before a colon.
bool closed_apart(const Passage& in, const Hit& notdone, const Target& t) {
    if (!in.starts_at(Kind::explains, notdone.first)) return false;  // "Dobutamine study without contrast: ..."
    const bool colon = in.has_colon && notdone.last < t.first && std::any_of(in.at + notdone.last, in.at + t.first, [](const Token& k) { return sign(k, ':'); });
    return colon && std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first < notdone.first && (is_images(h) || h.kind() == Kind::target); });
}

/// "LGE was in keeping with an infarct of the RCA, which had been described before": what is told of the last noun, behind a word of
/// what the mention is.
bool tells_which(const Passage& in, const Hit& past, const Target& t) {
    if (past.first < t.last + 2) return false;
    const Token* const comma = std::find_if(std::make_reverse_iterator(in.at + past.first), std::make_reverse_iterator(in.at + t.last), [](const Token& k) { return sign(k, ','); }).base() - 1;
    if (comma <= in.at + t.last) return false;
    const auto judged = [&](const Hit& s) { return (s.kind() == Kind::certainty || s.kind() == Kind::territory) && s.first > t.last && in.at + s.last < comma; };
    constexpr std::ptrdiff_t reach = 4;  // tokens: ", which had been"
    const auto told = [&](const Hit& h) { return (h.kind() == Kind::history || (h.kind() == Kind::examination && h.entry->code == examination_told)) && in.at + h.first > comma && in.at + h.first - comma <= reach; };
    return (std::any_of(in.hits.begin(), in.hits.end(), told) || std::any_of(in.side.begin(), in.side.end(), told)) && std::any_of(in.side.begin(), in.side.end(), judged);
}

/// "In a boy who had lost ambulation, the lateral wall enhanced", "In this woman with a family history of sudden death, LGE ...": what is
/// told of the patient ends before the mention.
bool tells_who(const Passage& in, const Hit& past, const Target& t) {
    constexpr std::uint32_t noun = 4;  // tokens before it: "in this woman with"
    const auto comma = [](const Token& k) { return sign(k, ','); };
    if (in.is(in.at[0], Role::preposition) && past.first >= noun && past.last < t.first && std::none_of(in.at, in.at + past.last, comma) && std::any_of(in.at + past.last, in.at + t.first, comma)) return true;
    return past.first > 0 && in.lexicon.who != 0 && in.at[past.first - 1].word == in.lexicon.who && std::any_of(in.at + past.last, in.at + t.first, comma);
}

/// "..., so a gene panel was requested": a clause of nothing but another subject and what was not done.
bool told_by_itself(const Passage& in, const Hit& notdone) {
    std::uint32_t i = notdone.first;
    while (i > 0 && in.clause[i - 1] == in.clause[notdone.first]) --i;
    return in.starts_at(Kind::stop, i) && has_own_subject(in, notdone) && std::none_of(in.at + i + 1, in.at + notdone.first, [](const Token& k) { return sign(k, ','); });
}

/// "The suspicion was abandoned, because the LGE was transmural": what comes behind a comma is the reason of what is told before.
bool gives_reason(const Passage& in, const Hit& before, const Target& t) {
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::opening && s.entry->code == opening_reason && s.first > before.last + 1 && s.last < t.first && sign(in.at[s.first - 1], ','); });
}

/// "LGE % LV": a label of the images with a unit, behind which no number stands.
bool labels_nothing(const Passage& in, const Target& t) {
    constexpr std::uint32_t longest = 6;  // tokens
    const auto unit = [&](const Token& k) { return sign(k, '%') || in.is(k, Role::gram); };
    if (t.first != 0 || in.count > longest || in.has_number || std::none_of(in.at, in.at + in.count, unit)) return false;
    return std::all_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first == t.first || h.kind() == Kind::lv; });
}

/// "STUDY: CMR stress/rest + LGE": the images close the title of an examination.
bool titles_examination(const Passage& in, const Target& t) {
    constexpr std::uint32_t longest = 10;  // tokens
    if (in.count > longest || t.last + 1 < in.count || t.first < 2 || in.targets.size() != 1 || !(sign(in.at[t.first - 1], '+') || sign(in.at[t.first - 1], '/') || in.is(in.at[t.first - 1], Role::accompanying | Role::conjunction))) return false;
    const bool examination = std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return (s.kind() == Kind::imaging || (s.kind() == Kind::examination && s.entry->code == 0)) && s.first <= 1 && s.last < t.first; });
    const auto told = [&](const Hit& h) { return h.first != t.first && h.kind() != Kind::sequence && h.kind() != Kind::technique && h.kind() != Kind::modality && h.kind() != Kind::study; };
    return examination && std::none_of(in.hits.begin(), in.hits.end(), told) && std::none_of(in.at, in.at + in.count, [&](const Token& k) { return in.is(k, Role::showing); });
}

/// "Patient with an inferior infarct", not "By this method the scar weighs 14 g".
bool opens_record(const Passage& in) { return in.is(in.at[0], Role::record) && in.at[0].word != in.lexicon.by; }

/// "71F, chest pain, prior MI."
bool starts_with_age(const Passage& in) {
    constexpr float youngest = 10, oldest = 110;  // years
    return in.count > 1 && in.at[0].kind == Token::Kind::number && in.at[0].value >= youngest && in.at[0].value <= oldest && in.at[1].kind == Token::Kind::word && !in.at[1].spaced && !in.is(in.at[1], Role::gram | Role::percent);
}

/// "Large anterior infarct 2004", "inferior MI (2012, stent)", "infarct in 2020", "Patient with LGE in 2019": an event of the year
/// behind it, of which nothing is seen in its sentence.
bool dated(const Passage& in, const Target& t) {
    if (!(t.infarct || (t.images && opens_record(in))) || in.any(Kind::sequence, Kind::pattern, Kind::view, Kind::transmurality, Kind::mvo, Kind::temporal)) return false;
    std::uint32_t i = t.last + 1;
    if (i < in.count && (sign(in.at[i], '(') || in.is(in.at[i], Role::preposition))) ++i;
    if (std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::target && h.entry->code == target_past && h.first > i; })) return false;  // "was visible as an enhanced wall"
    constexpr std::uint32_t verb = 3;  // tokens: "was seen"
    return i < in.count && names_year(in.at[i]) && std::none_of(in.at + i, in.at + std::min(in.count, i + verb + 1), [&](const Token& k) { return in.is(k, Role::showing); });
}

/// "T1 of the septum was 1,110 ms, suggesting diffuse fibrosis": what a mapping value stands for, and no place of its own.
bool interprets_mapping(const Passage& in, const Target& t) {
    constexpr std::uint32_t reach = 4;
    if (t.images || t.infarct || !in.any(Kind::modality) || !in.any(Kind::certainty) || in.any(Kind::sequence)) return false;
    const Hit* mapping = in.find_mapping(t.first, t.clause);
    if (mapping == nullptr || in.find_hit(Kind::wall, t.last, in.count) != nullptr) return false;
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::certainty && s.first > mapping->last && s.last < t.first && t.first - s.last <= reach; });
}

/// Asked for, planned, of the past, not done, or how the images were made.
bool asserts_nothing(const Passage& in, const Target& t) {
    if (in.any(Kind::technique) && only_made(in, t)) return true;
    if (in.any(Kind::stop) && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::stop && h.entry->code == stop_instead && h.first > t.last && h.last + 1 >= in.count; })) return true;  // "extensive LGE - sorry, wrong patient, delete that"
    const bool placed = in.any(Kind::wall, Kind::pattern) || (in.has_number && in.any(Kind::segmentword));
    if (!t.images && !t.infarct && in.find_hit(Kind::sequence, 0, in.count, t.clause) == nullptr)  // "T1 mapping showed diffuse fibrosis"
        if (const Hit* h = in.find_mapping(t.first, t.clause); h != nullptr && in.find_hit(Kind::wall, 0, in.count, t.clause) == nullptr) return true;
    if (!t.images && !t.infarct && in.any(Kind::modality)) {  // "diffuse fibrosis on T1 mapping"
        constexpr std::uint32_t reach = 3;
        for (const Hit& h : in.hits)
            if (h.kind() == Kind::modality && h.entry->code == modality_mapping && h.first > t.last + 1 && h.first - t.last <= reach && in.is(in.at[t.last + 1], Role::preposition)) return true;
    }
    if (interprets_mapping(in, t) || supposed(in, t)) return true;
    if (t.weak && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::artifact && h.first == t.last + 1; })) return true;  // "extensive artefact"
    if (in.any(Kind::technique) && !placed && !has_predicate(in, t) && !(in.has_number && weighs(in, t)) && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::technique && (t.images || in.clause[h.first] == t.clause) && !(h.first > 0 && h.last < t.first && in.is(in.at[h.first - 1], Role::accompanying) && !in.is(in.at[h.first - 1], Role::joining)); })) return true;  // not "the images, which were repeated, show ..."
    if (t.images && !placed && !in.any(Kind::segmentword) && lists_sequences(in) && !has_predicate(in, t)) return true;
    if (t.images && !placed && (titles_examination(in, t) || labels_nothing(in, t))) return true;
    if (t.last + 2 < in.count && names_year(in.at[t.last + 1]) && sign(in.at[t.last + 2], ':')) return true;  // "LGE 2020: 4 g"
    if (t.infarct && in.targets.size() == 1 && (opens_record(in) || starts_with_age(in)) && !in.any(Kind::sequence, Kind::pattern, Kind::view)) return true;  // "Patient with an inferior infarct."
    if (!in.any(Kind::notdone, Kind::history, Kind::hypothetical)) return false;
    for (const Hit& h : in.hits) {
        if (h.kind() == Kind::history && h.entry->code == history_state) {  // "status post posterior infarction with transmural scar"
            constexpr std::uint32_t reach = 6;
            if (t.infarct && t.first > h.last && t.first - h.last <= reach) return true;
            continue;
        }
        if (h.kind() == Kind::notdone && !hindered(in, h) && !(in.any(Kind::opening) && gives_reason(in, h, t)) && !of_next_subject(in, t, h) && !(in.clause[h.first] == t.clause + 1 && told_by_itself(in, h)) && !closed_apart(in, h, t) && (in.clause[h.first] == t.clause || (!placed && !parted(in, h, t)))) return true;
        if (h.kind() == Kind::history && h.first > t.last && in.clause[h.first] == t.clause && !tells_which(in, h, t)) {  // "scar was reported on the outside study"
            const auto suspected = [&](const Hit& o) { return o.kind() == Kind::hedged && o.first > t.last && o.last + 1 == h.first; };
            if (h.entry->code == history_behind && std::any_of(in.hits.begin(), in.hits.end(), suspected)) return true;  // "was suspected on echocardiography"
            const auto own = [&](const Hit& s) { return s.kind() == Kind::imaging && s.entry->code == imaging_own && s.first == h.last + 2; };
            if (h.entry->code == history_behind && h.first == t.last + 1 && std::any_of(in.side.begin(), in.side.end(), own)) continue;  // "Because scar had been found on his MRI, ..."
            if ((h.entry->code == history_behind || (h.entry->code == 0 && in.is(in.at[h.first], Role::preposition))) && only_places(in, t.last, h.first) && !goes_on_behind(in, h)) return true;  // "a scar of the lateral wall on the first scan"
            for (std::uint32_t i = t.last + 1; i <= h.last; ++i)
                if (in.is(in.at[i], Role::reported) && !goes_on_behind(in, h)) return true;
            if ((h.first == t.last + 1 || (h.first == t.last + 2 && in.at[t.last + 1].kind == Token::Kind::sign && !sign(in.at[t.last + 1], ',') && !sign(in.at[t.last + 1], ':'))) && !goes_on_behind(in, h)) return true;  // "a known scar on an earlier scan"
        }
        if (h.kind() == Kind::history && t.infarct && h.first > t.last && h.first - t.last <= 3 && !in.any(Kind::sequence, Kind::pattern) && !goes_on_behind(in, h) && !closed_by_colon(in, h, t)) return true;  // "a heart attack two years ago"
        if (h.kind() == Kind::hypothetical && h.first > t.last && h.first - t.last <= 2 && h.entry->code == hypothetical_general) return true;  // "where fibrosis usually starts"
        if (h.kind() == Kind::hypothetical && (h.entry->code == hypothetical_general || h.entry->code == hypothetical_usual) && told_of_many(in, t, h)) return true;
        const auto many = [&](const Hit& s) { return s.kind() == Kind::patient && s.entry->code == patient_many && s.first >= h.first && s.first <= h.last + 1; };
        if (h.kind() == Kind::hypothetical && h.entry->code == hypothetical_general && h.first > t.last && in.clause[h.first] == t.clause && (h.last >= h.first + 4 || std::any_of(in.side.begin(), in.side.end(), many))) return true;  // "is found in a third of patients"
        if (h.kind() == Kind::hypothetical && h.entry->code == 0 && t.images && !placed && h.first > t.last && h.first - t.last <= 2 && h.last + 1 == in.count) return true;  // "LGE is proposed"
        if (h.kind() == Kind::hypothetical && h.entry->code == hypothetical_sought && h.first > t.last && in.clause[h.first] == t.clause && (std::none_of(in.at + t.last, in.at + h.first, [](const Token& k) { return sign(k, ','); }) || std::any_of(in.clause.begin() + t.last, in.clause.begin() + h.first, [&](std::uint32_t c) { return c != t.clause; })) && !finds(in, h) && !in.starts_at(Kind::negated, t.last + 1)) return true;  // "Scar was looked for."
        if (h.last >= t.first) continue;
        if (in.any(Kind::opening) && gives_reason(in, h, t)) continue;
        if (h.kind() == Kind::history)
            if (const std::uint32_t end = aside_end(in, h.first); end < t.first && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return o.last < h.first && o.kind() == Kind::wall; })) continue;
        const auto shows = [&](const Hit& s) { return s.kind() == Kind::imaging && s.last + 1 == h.first && s.first <= 1; };
        if (h.kind() == Kind::history && h.entry->code == 0 && in.any(Kind::hedge) && std::any_of(in.side.begin(), in.side.end(), shows)) continue;  // "CMR had raised the suspicion of a scar"
        if (h.kind() == Kind::history && tells_who(in, h, t)) continue;
        if (h.kind() == Kind::history && h.entry->code != history_behind && in.clause[h.first] == t.clause && !closed_by_colon(in, h, t) && !closed_by_bracket(in, h, t) && !tells_of_kin(in, h, t) && !seen_on_images(in, h, t)) return true;
        if (h.kind() == Kind::history && h.entry->code == history_others && returns_to_patient(in, t)) return true;
        if (h.kind() == Kind::history && h.entry->code == history_tissue && in.clause[h.first] + 1 == t.clause && in.find_hit(Kind::stop, h.last + 1, h.last + 3) != nullptr && !seen_on_images(in, h, t)) return true;  // "on microscopy there was fibrosis"
        if (h.kind() == Kind::hypothetical && h.entry->code == hypothetical_general && in.clause[h.first] != t.clause && names_patient(in, t.clause)) continue;  // "Although LGE is rare, it was present in our patient"
        if (h.kind() != Kind::hypothetical || h.entry->code == hypothetical_usual || (h.entry->code == hypothetical_sought && finds(in, h))) continue;
        if (ends_embedded(in, h, t)) continue;
        bool shown = false;  // "to assess viability ... LGE demonstrated scar"
        for (std::uint32_t i = h.last + 1; i < t.first; ++i) shown = shown || in.is(in.at[i], Role::showing);
        if (!shown) return true;
    }
    return false;
}

/// "A line is suspected but could not be reproduced": in doubt still.
bool only_unconfirmed(const Passage& in, const Target& t, const Hit& denial) {
    if (denial.kind() != Kind::negated || denial.entry->code != negated_unconfirmed) return false;
    if (in.find_hit(Kind::history, 0, in.count, t.clause) != nullptr || in.find_hit(Kind::before, 0, in.count, t.clause) != nullptr) return false;  // of another examination
    const Hit* const doubt = in.find_hit(Kind::hedge, 0, in.count, t.clause);
    if (doubt != nullptr && withdrawn(in, t, *doubt)) return false;
    return doubt != nullptr || in.find_hit(Kind::hedged, 0, in.count, t.clause) != nullptr || std::any_of(in.explanations.begin(), in.explanations.end(), [](const Explanation& e) { return e.open(); });
}

/// "LGE 0 g", "scar burden 0%"
bool amounts_to_nothing(const Passage& in, const Target& t) {
    bool zero = false;
    for (std::uint32_t i = t.last + 1; i < in.count && in.clause[i] == t.clause; ++i) {
        if (in.at[i].kind != Token::Kind::number) continue;
        if (in.at[i].value != 0 || i > t.last + 4) return false;
        zero = i + 1 < in.count && (sign(in.at[i + 1], '%') || in.is(in.at[i + 1], Role::percent | Role::gram));
    }
    return zero && in.find_hit(Kind::wall, 0, in.count, t.clause) == nullptr;
}

bool deny(const Passage& in, Target& t) {
    if (amounts_to_nothing(in, t)) {
        t.presence = Presence::absent;
        t.rule = "amount";
        return true;
    }
    const auto left_open = [&](const Hit& h) { return h.kind() == Kind::hedge && h.entry->code == hedge_open && h.last < t.first && in.clause[h.first] == t.clause; };
    const Hit* d = denied(in, t.first, t.last, false);
    if (d != nullptr && d->last > d->first && in.any(Kind::hedge) && std::any_of(in.hits.begin(), in.hits.end(), left_open)) return false;  // "presence or absence of scar could not be established"
    if (d == nullptr) d = denied_of_images(in, t);
    if (d != nullptr && only_unconfirmed(in, t, *d)) return false;
    const auto rest_at = [&](const Hit& h) { return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::qualifier && s.entry->code == 1 && s.first >= h.first && s.first <= h.last + 1; }); };  // "no other part of the ventricle enhanced"
    if (d == nullptr && in.any(Kind::pseudo))
        for (const Hit& h : in.hits)  // "no new infarct"
            if (h.kind() == Kind::pseudo && h.entry->code == pseudo_new && h.last < t.first && t.first - h.last <= (rest_at(h) ? 8U : 4U) && in.clause[h.first] == t.clause) d = &h;
    if (d == nullptr) return false;
    const bool weighs = d->kind() == Kind::negation && d->entry->code == 1 && in.is(in.at[d->last], Role::than) && in.find_hit(Kind::hedge, 0, d->first, t.clause) != nullptr && in.find_hit(Kind::artifact, 0, d->first, t.clause) == nullptr;  // "may represent fat rather than fibrosis"
    if (weighs) return false;
    t.presence = Presence::absent;
    t.rule = d->kind() == Kind::negated || d->kind() == Kind::answer ? "denied behind" : "negation";
    t.from = std::min(t.from, d->first);
    t.to = std::max(t.to, d->last);
    t.qualified = d->kind() == Kind::pseudo || in.find_hit(Kind::pseudo, d->first, t.first) != nullptr;
    if (speaks_of_rest(in, t.clause)) t.qualified = true;  // "no LGE elsewhere"
    for (const Hit& s : in.side)
        if (s.kind() == Kind::qualifier && s.last < t.first && (d->kind() == Kind::negation ? s.first > d->last : s.last + 1 == t.first && d->first > t.last)) t.qualified = true;  // "infarct-typical LGE is not present"
    return true;
}

/// "LGE vs. Gibbs ringing", "LGE or a vessel", "LGE versus inflow artefact": the word of the alternative right before an artifact.
std::uint32_t versus_before(const Passage& in, const Hit& artifact) {
    std::uint32_t i = artifact.first;
    const auto covers = [&](const Hit& h) { return h.first < i && h.last + 1 >= i; };
    if (i > 1 && in.at[i - 1].kind == Token::Kind::word && in.is(in.at[i - 2], Role::versus) && std::none_of(in.hits.begin(), in.hits.end(), covers)) --i;
    while (i > 0 && (sign(in.at[i - 1], '.') || (in.is(in.at[i - 1], Role::joining) && !in.is(in.at[i - 1], Role::preposition | Role::conjunction | Role::alternative)))) --i;
    return i > 0 && in.is(in.at[i - 1], Role::versus | Role::alternative) && in.find_hit(Kind::negation, 0, i) == nullptr ? i - 1 : nowhere;
}

/// "Septal perforator versus early mid-wall fibrosis": the word of the alternative between an artifact and a mention.
std::uint32_t versus_artifact(const Passage& in, const Target& t) {
    constexpr std::uint32_t reach = 4;
    for (std::uint32_t i = t.first; i-- > 0 && i + reach >= t.first && in.clause[i] == t.clause;)
        if (in.is(in.at[i], Role::versus)) {
            const auto before = std::find_if(in.hits.rbegin(), in.hits.rend(), [&](const Hit& h) { return h.last < i && h.kind() != Kind::lv && h.kind() != Kind::modality; });  // "slow flow along the trabeculae versus ..."
            if (before == in.hits.rend() || before->kind() != Kind::artifact) return nowhere;
            const bool from = in.is(in.at[before->last + 1], Role::preposition | Role::origin);  // "ghosting from the tissue expander versus fibrosis"
            return before->last + (from ? 2 * reach : reach) >= i && std::all_of(in.at + before->last + 1, in.at + i, [](const Token& k) { return k.kind == Token::Kind::word; }) ? i : nowhere;
        }
    return nowhere;
}

/// "is felt to be artefact" is a judgement, "seems to be" is none.
bool judges(const Passage& in, const Hit& hedge) {
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::explains && s.first <= hedge.first && s.last >= hedge.last; });
}

/// Of each artifact, the nearest words before it that explain something by it, or leave that open.
void find_explanations(Passage& in) {
    constexpr std::uint32_t reach = 7;
    const auto once = [&](const Hit& s) { return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return (h.kind() == Kind::history || h.kind() == Kind::ignore) && h.first < s.first && h.last >= s.last; }); };  // "first thought to be an artefact", "missed because of ..."
    in.explanations.clear();
    if (!in.any(Kind::artifact)) return;
    const auto hedged = [&](const Hit& s) { return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::hedge && h.first < s.first && h.last >= s.last; }); };  // "could equally reflect"
    const auto suffers = [&](const Hit& e, const Hit& a) {  // "; the slice is marred by a wrap artefact"
        return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::artifact && h.entry->code == artifact_degraded && h.first == e.last + 1 && h.first <= a.first; });
    };
    const auto left_open = [&](const Hit& e, const Hit& a) {  // "partial volume from epicardial fat could not be ruled out"
        const auto source = [&](const Hit& h) { return h.kind() == Kind::artifact && h.last + 1 == e.first; };
        const auto doubt = [&](const Hit& h) { return h.kind() == Kind::hedged && h.first > a.last && in.clause[h.first] == in.clause[a.first]; };
        const bool apart = std::none_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return t.clause == in.clause[a.first]; });  // "..., though contamination from the blood pool is not excluded"
        return (apart || std::any_of(in.hits.begin(), in.hits.end(), source)) && std::any_of(in.hits.begin(), in.hits.end(), doubt);
    };
    const auto beside_only = [&](const Hit& a) {  // "lies at the edge of a banding artefact"
        return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::ignore && h.last > h.first + 1 && h.last < a.first && h.last + 2 >= a.first && in.is(in.at[h.last], Role::possessive | Role::joining) && in.is(in.at[h.first], Role::preposition); });
    };
    const auto apart = [&](const Hit& s, const Hit& a) {  // "where the field is inhomogeneous and artefacts are common"
        const auto between = [&](const Hit& h) { return h.kind() == Kind::artifact && h.first > s.last && h.last < a.first; };
        return a.first > s.last + 2 && in.is(in.at[a.first - 1], Role::conjunction) && in.starts_at(Kind::explains, a.last + 1) && std::none_of(in.hits.begin(), in.hits.end(), between);
    };
    for (const Hit& a : in.hits) {
        if (a.kind() != Kind::artifact) continue;
        Explanation e{.artifact = &a};
        for (const Hit& s : in.side)
            if (s.kind() == Kind::explains && s.first < a.first && s.last <= a.last && a.first <= s.last + reach && (in.clause[s.first] == in.clause[a.first] || s.last > s.first) && !once(s) && !hedged(s) && !apart(s, a) && !suffers(s, a) && !left_open(s, a) && in.find_hit(Kind::negation, s.last + 1, a.first) == nullptr && !beside_only(a)) e.certain = &s;  // not "is more likely than artefact"
        if (a.first > 0 && (sign(in.at[a.first - 1], ':') || sign(in.at[a.first - 1], '=')) && (a.last + 1 == in.count || in.at[a.last + 1].kind == Token::Kind::sign)) e.certain = &a;  // "bright dot: vessel"
        const bool ends = a.last + 1 == in.count || (a.last + 2 == in.count && in.at[a.last + 1].kind == Token::Kind::sign);
        if (a.first > 0 && sign(in.at[a.first - 1], ',') && ends && !in.any(Kind::target, Kind::hedge, Kind::hedged)) e.certain = &a;  // "inferior hyperintensity, artefact"
        if (a.first == 0 && is_pronoun(in, 0)) e.certain = &a;  // "This is a vessel."
        for (const Hit& h : in.hits)
            if (h.kind() == Kind::hedge && h.last < a.first && a.first - h.last <= reach && !judges(in, h) && !(e.certain != nullptr && e.certain->first > h.last + 1 && sign(in.at[e.certain->first - 1], ','))) e.open_first = h.first, e.open_last = h.last;
        if (const std::uint32_t v = versus_before(in, a); v != nowhere) e.open_first = e.open_last = v;
        if (e.certain != nullptr || e.open()) in.explanations.push_back(e);
    }
}

/// The first wall or segment of a clause.
const Hit* place_in(const Passage& in, std::uint32_t clause) {
    const Hit* wall = in.find_hit(Kind::wall, 0, in.count, clause);
    return wall != nullptr ? wall : in.find_hit(Kind::segmentword, 0, in.count, clause);
}

/// "..., while the signal in the septum reflects artefact": what its clause explains is something else, at a place of its own.
bool of_another(const Passage& in, const Hit& artifact) {
    const Hit* place = place_in(in, in.clause[artifact.first]);
    return place != nullptr && place->last < artifact.first;
}

/// "... corresponds to a septal perforator", "... may represent artefact"
void explain_away(Passage& in, std::size_t n) {
    Target& t = in.targets[n];
    if (!in.any(Kind::artifact)) return;
    for (const Hit& a : in.hits)
        if (a.kind() == Kind::artifact && (a.last + 1 == t.first || (t.weak && a.first <= 3 && a.last < t.first && in.clause[a.first] == t.clause && in.starts_at(Kind::explains, t.first)))) t.artifact = true;  // "septal perforator enhancement", "slow blood between the trabeculae is bright"
    if (const std::uint32_t v = versus_artifact(in, t); v != nowhere) {
        t.presence = Presence::uncertain;
        t.hedges.emplace_back(v, v);
        t.rule = "hedge";
    }
    for (const Explanation& e : in.explanations) {
        const std::uint32_t c = in.clause[e.artifact->first];
        if (e.artifact->first < t.last || placed_apart(in, n, e.artifact->first) || c < t.clause || c > t.clause + 1 || (c > t.clause && of_another(in, *e.artifact))) continue;
        if (in.find_hit(Kind::observer, t.last + 1, e.artifact->first, c) != nullptr && in.find_hit(Kind::observer, 0, t.first) != nullptr) continue;  // "reader 1 saw a stripe, reader 2 considered it an artefact"
        if (e.certain != nullptr && e.certain->first > t.last) t.artifact = true, t.explained = e.open() ? nowhere : e.certain->first;
        if (!e.open() || e.open_first <= t.last) continue;
        t.presence = Presence::uncertain;
        t.hedges.emplace_back(e.open_first, e.open_last);
        t.rule = "hedge";
    }
}

/// "What had been called a scar turned out to be slow flow": a mention of another's that is explained away is denied.
void refute(Passage& in, std::size_t n) {
    Target& t = in.targets[n];
    explain_away(in, n);
    constexpr std::uint32_t beside = 3;
    const bool once = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::history && h.last + 1 == t.first && in.is(in.at[h.last], Role::reported); });  // "initially suspected LGE was discarded"
    const auto refuted = [&](const Hit& h) {
        if (h.kind() == Kind::negation) return h.entry->code == 0 && h.last < t.first && t.first - h.last <= beside && in.clause[h.first] == t.clause;  // "our review refuted the LGE that had been reported"
        if (h.kind() != Kind::negated || h.first <= t.last) return false;
        return (once || h.entry->code == negated_unconfirmed) && in.clause[h.first] == t.clause;  // "... was not borne out today"
    };
    const auto not_confirmed = [&](const Hit& h) { return h.kind() == Kind::negated && h.first > t.last && in.clause[h.first] <= t.clause + 1 && h.last > h.first && is_pronoun(in, h.last); };  // "...; our images do not confirm it"
    const bool denied_last = std::any_of(in.hits.begin(), in.hits.end(), not_confirmed);
    if (!t.artifact && !denied_last && std::none_of(in.hits.begin(), in.hits.end(), refuted)) return;
    t.skip = false;
    t.presence = denied_last ? Presence::absent : Presence::present;
}

/// "LGE of the anterior wall could not be assessed": no comma parts what could not be read from the mention before it.
bool goes_unread(const Passage& in, const Target& t, const Hit& unreadable) {
    constexpr std::uint32_t reach = 8;
    if (unreadable.first <= t.last || unreadable.first - t.last > reach) return false;
    return std::none_of(in.at + t.last, in.at + unreadable.first, [](const Token& k) { return sign(k, ','); });
}

/// "No statement on scar can be made": whether what could not be read is scar, and not the whole examination.
bool speaks_of_scar(const Passage& in, const Hit& unreadable) {
    for (std::uint32_t i = unreadable.first; i <= unreadable.last; ++i)
        if (in.lexicon.meaning(in.lexicon.main, in.lexicon.main.find(in.at + i, in.at + unreadable.last + 1), [](const Entry& e) { return e.kind == Kind::target; }) != nullptr) return true;
    return false;
}

/// Whether a clause names a wall, other than "could not be assessed because an artefact covered the septum".
bool names_wall(const Passage& in, const Target& t, const Hit& unreadable) {
    const Hit* wall = place_in(in, t.clause);
    return wall != nullptr && !(t.images && wall->first > unreadable.last && in.find_hit(Kind::artifact, unreadable.last + 1, wall->first) != nullptr);
}

/// "The images are nondiagnostic and wideband was unavailable", "... (no repeat was made)": what was not done is another thing.
bool told_apart(const Passage& in, std::uint32_t a, std::uint32_t b) {
    return in.opens_bracket(a, b) || std::any_of(in.at + a, in.at + b, [&](const Token& t) { return in.is(t, Role::conjunction) || sign(t, ';'); });
}

}  // namespace

bool hindered(const Passage& in, const Hit& notdone) {
    constexpr std::uint32_t reach = 8;
    return notdone.kind() == Kind::notdone && in.find_hit(Kind::artifact, notdone.last, notdone.last + reach, in.clause[notdone.first]) != nullptr && in.any(Kind::target, Kind::sequence);
}

bool judge_targets(Passage& in, const Setting& setting) {
    const Hit* unreadable = in.find_hit(Kind::unreadable, 0, in.count);
    if (unreadable == nullptr && in.any(Kind::notdone))
        if (const auto h = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return hindered(in, o); }); h != in.hits.end()) unreadable = &*h;
    find_explanations(in);
    for (std::size_t n = 0; n < in.targets.size(); ++n) {
        Target& t = in.targets[n];
        if (t.rule == "answer") continue;
        t.skip = asserts_nothing(in, t) || images_suffer(in, t) || names_images(in, n) || (!setting.spoke && setting.topic != Topic::lge && dated(in, t));
        if (t.skip && in.any(Kind::history)) refute(in, n);
        if (t.skip) continue;
        if (const Hit* own = unreadable != nullptr ? in.find_hit(Kind::unreadable, 0, in.count, t.clause) : nullptr; own != nullptr) unreadable = own;
        const bool of_images = unreadable != nullptr && t.images && place_in(in, in.clause[unreadable->first]) == nullptr;
        if (unreadable != nullptr && (in.clause[unreadable->first] == t.clause || of_images) && !names_wall(in, t, *unreadable) && !t.infarct) {
            t.presence = Presence::uncertain;
            t.hedges.emplace_back(unreadable->first, unreadable->last);
            t.rule = "unreadable";
            continue;
        }
        if (unreadable != nullptr && t.images && in.clause[unreadable->first] == t.clause && goes_unread(in, t, *unreadable)) {
            t.skip = true;
            continue;
        }
        if (deny(in, t)) continue;
        explain_away(in, n);
        doubt(in, n);
        doubt_later(in, t);
        const bool settled = t.explained != nowhere && sign(in.at[t.explained - 1], ',') && t.presence == Presence::uncertain && std::all_of(t.hedges.begin(), t.hedges.end(), [&](const auto& h) { return h.first > t.last && h.second < t.explained; });  // "a dot, seen on one slice only, was attributed to artefact"
        if (t.artifact && (t.presence == Presence::present || settled || (t.presence == Presence::uncertain && doubted_before(t)))) { t.presence = Presence::absent; t.rule = "artifact"; }
        if (t.excepted && t.presence == Presence::present) t.rule = "exception";
    }
    doubt_before(in);
    const bool left = std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return !t.skip || (!t.images && in.find_hit(Kind::notdone, 0, in.count, t.clause) == nullptr); });  // "LGE was obtained; motion prevents interpretation"
    if (unreadable != nullptr && in.any(Kind::sequence))  // "The images were uninterpretable, so that a scar could not be excluded"
        for (Target& t : in.targets)
            if (t.presence == Presence::uncertain && place_in(in, t.clause) == nullptr) t.rule = "unreadable";
    if (unreadable == nullptr || left) return false;
    const auto of_place = [&](const Hit& h) { return (h.kind() == Kind::wall || h.kind() == Kind::level) && in.clause[h.first] == in.clause[unreadable->first] && in.find_hit(Kind::artifact, unreadable->last + 1, h.first) == nullptr; };  // not "nondiagnostic: artefact overlies the anterior wall"
    if (std::any_of(in.hits.begin(), in.hits.end(), of_place)) return false;
    if (const Hit* h = in.find_hit(Kind::notdone, 0, in.count); h != nullptr && h != unreadable && !(h->first > unreadable->last && told_apart(in, unreadable->last, h->first))) return false;
    if (setting.topic != Topic::lge && !in.any(Kind::sequence) && in.targets.empty()) return in.any(Kind::study) && !(setting.spoke && speaks_of_scar(in, *unreadable));
    Target t{.first = unreadable->first, .last = unreadable->last, .clause = in.clause[unreadable->first], .presence = Presence::uncertain, .from = unreadable->first, .to = unreadable->last, .hedges = {}};
    t.hedges.emplace_back(unreadable->first, unreadable->last);
    t.rule = "unreadable";
    in.targets.push_back(std::move(t));
    return false;
}

}  // namespace lge::report
