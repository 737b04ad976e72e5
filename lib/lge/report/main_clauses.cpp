#include "lge/report/gathered.hpp"

#include <algorithm>
#include <iterator>

namespace lge::report {

namespace {

/// Whether a mention of LGE, or anything that is seen, stands between a comma and the next, and begins within a few tokens.
bool mentions_next(const Passage& in, std::uint32_t comma, std::uint32_t reach, bool anything = false) {
    std::uint32_t end = comma + 1;
    while (end < in.count && !sign(in.at[end], ',') && !sign(in.at[end], ';')) ++end;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return (h.kind() == Kind::target || h.kind() == Kind::sequence || (anything && (h.kind() == Kind::modality || h.kind() == Kind::finding || (h.kind() == Kind::weak && h.first > comma + 1)))) && h.first > comma && h.first <= comma + reach && h.last < end; });
}

/// "Although LGE is common in this disease, it was absent in our patient": behind a comma a pronoun or "none" for what is told
/// before it, of the patient.
bool turns_to_patient(const Passage& in, std::uint32_t comma) {
    if (!in.any(Kind::patient) || comma + 1 == in.count) return false;
    const bool none = in.starts_at(Kind::negated, comma + 1);
    return (none || is_pronoun(in, comma + 1)) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::patient && s.entry->code == patient_own && s.first > comma; });
}

/// "The ECG showed an infarct and CMR demonstrated ...": behind a conjunction stands the examination, or its images.
bool names_examination(const Passage& in, std::uint32_t conjunction) {
    constexpr std::uint32_t reach = 3;
    const auto behind = [&](const Hit& h) { return h.first > conjunction && h.first <= conjunction + reach; };
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::imaging && behind(s); }) ||
           std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_images(h) && behind(h); });
}

/// "LGE of the septum, and the lateral wall is hypokinetic": a place, an organ or another examination, and behind it what is told of it.
bool tells_of_another(const Passage& in, std::uint32_t conjunction) {
    constexpr std::uint32_t reach = 6;
    bool subject = false;
    for (const Hit& h : in.hits) {
        if (h.first <= conjunction) continue;
        if (!subject && h.first > conjunction + reach) return false;
        for (std::uint32_t i = conjunction + 1; i < h.first; ++i)
            if (sign(in.at[i], ',') || sign(in.at[i], '(')) return false;
        if (subject && (h.kind() == Kind::modality || h.kind() == Kind::finding)) return true;
        if (!subject && h.first == conjunction + 1 && h.kind() == Kind::modality && h.last + 1 < in.count) {  // ", and T2 has come down"
            const Token& next = in.at[h.last + 1];
            return next.kind == Token::Kind::word && !in.is(next, Role::joining | Role::preposition);
        }
        const bool organ = h.kind() == Kind::organ;
        if (subject && h.kind() == Kind::target) return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return o.kind() == Kind::organ && o.first > conjunction && o.last < h.first; });
        if (!subject && !(organ || is_place(h.kind()))) return false;
        subject = true;
        if (!organ && !is_place(h.kind())) return false;
    }
    return false;
}

/// "The diagnosis was abandoned when CMR showed ...": what was not done before the examination denies a cause.
void deny_before(Passage& in, std::uint32_t turn) {
    static const Entry denial{.kind = Kind::negated, .value = {}, .name = {}};
    for (Hit& h : in.hits)
        if (h.kind() == Kind::notdone && h.last + 1 == turn) {
            h = Hit(&denial, h.first, h.last, Kind::negated);
            in.mark(Kind::negated);
        }
}

/// "(+) inferior wall / (-) septum", "positive (inferior wall), negative (septum)": behind what is there a word or mark of absence
/// begins a list of its own.
bool begins_denied(const Passage& in, const Hit& denial) {
    const std::uint32_t i = denial.first;
    if (i > 1 && i == denial.last && sign(in.at[i - 1], ',') && sign(in.at[i - 2], ')') && i + 1 < in.count && sign(in.at[i + 1], '(')) return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::weak && h.last < i; });
    if (i < 2 || !sign(in.at[i], '-') || !sign(in.at[i - 1], '(') || in.at[i - 2].kind != Token::Kind::sign || i + 2 >= in.count || in.at[i + 2].kind != Token::Kind::word) return false;
    return std::any_of(in.at, in.at + i, [](const Token& t) { return sign(t, '+'); });
}

/// "In the absence of coronary disease the LGE ...", "Absence of oedema argues for an old scar": the word behind what is absent
/// where the sentence goes on about LGE; `nowhere` elsewhere.
std::uint32_t behind_absence(const Passage& in) {
    constexpr std::uint32_t start = 1, reach = 3, noun = 2, shortest = 3;  // tokens; letters: not "No oedema the ..."
    const auto denial = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::negation && h.entry->code == 0; });
    if (denial == in.hits.end() || denial->first > start || (denial->first == denial->last && in.at[denial->first].end - in.at[denial->first].start < shortest) || denial->last + noun >= in.count) return nowhere;
    std::uint32_t last = nowhere;  // of what is absent
    const auto absent = [&](const Hit& h) { return h.first > denial->last && h.first <= denial->last + noun && (h.kind() == Kind::modality || h.kind() == Kind::finding || h.kind() == Kind::dx); };
    for (const Hit& h : in.hits)
        if (absent(h)) last = last == nowhere ? h.last : std::max(last, h.last);
    for (const Hit& s : in.side)
        if (absent(s)) last = last == nowhere ? s.last : std::max(last, s.last);
    if (last == nowhere || last + 1 >= in.count) return nowhere;
    const bool judges = std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::certainty && s.first == last + 1; });
    const bool subject = (in.is(in.at[last + 1], Role::possessive) && !in.is(in.at[last + 1], Role::preposition)) || is_pronoun(in, last + 1);
    const auto mention = [&](const Hit& h) { return h.kind() == Kind::target && h.first > last && (judges || h.first <= last + 1 + reach); };
    return (judges || subject) && std::any_of(in.hits.begin(), in.hits.end(), mention) ? last + 1 : nowhere;
}

}  // namespace

bool ends_opening(const Passage& in, std::uint32_t begin, std::uint32_t comma) {
    constexpr std::uint32_t late = 3;  // tokens
    const auto opening = std::find_if(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::opening && s.last >= begin && (s.first <= begin + late || (s.entry->code != opening_contrast && sign(in.at[s.first - 1], ','))) && s.last < comma; });
    if (opening == in.side.end() || std::any_of(in.at + begin, in.at + comma, [](const Token& t) { return sign(t, ':'); })) return false;
    const auto bracket = std::find_if(std::reverse_iterator(in.at + comma), std::reverse_iterator(in.at + begin), [](const Token& t) { return sign(t, '(') || sign(t, ')'); });
    if (bracket.base() != in.at + begin && sign(*bracket, '(')) return false;
    const auto first = static_cast<std::uint32_t>(std::find_if(in.at + opening->last, in.at + comma, [](const Token& t) { return sign(t, ','); }) - in.at);
    const auto told = [&](const Hit& h) { return h.first > opening->last && h.last < first && (is_head(h.kind()) || is_place(h.kind()) || h.kind() == Kind::organ || h.kind() == Kind::history); };
    const auto denied = [&](const Hit& h) { return h.kind() == Kind::negation && h.first > first && h.last < comma; };
    if (first < comma && std::none_of(in.hits.begin(), in.hits.end(), told) && std::any_of(in.hits.begin(), in.hits.end(), denied)) return false;  // "Despite raised troponin, CMR showed no LGE, necrosis or oedema"
    const auto before = [&](auto kind) { return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.last < opening->first && kind(h.kind()); }); };
    if (before(is_place) && !before(is_head)) return false;  // "The septum, although akinetic, shows LGE"
    bool tells = std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::transmurality && s.first >= begin && s.last < comma; });  // "... was 17 mm thick"
    bool mentions = false;
    for (const Hit& h : in.hits) {
        if (h.first < begin || h.last >= comma) continue;
        tells = tells || is_head(h.kind()) || h.kind() == Kind::organ || h.kind() == Kind::history || (opening->entry->code == opening_contrast && (h.kind() == Kind::wall || h.kind() == Kind::segmentword));
        mentions = mentions || h.kind() == Kind::target;
    }
    return tells && (mentions_next(in, comma, in.count, mentions) || shows_behind(in, comma) || (mentions && turns_to_patient(in, comma)));
}

void part_denials(Passage& in, std::uint32_t turn) {
    if (turn != nowhere) deny_before(in, turn);
    if (in.any(Kind::negation) && in.any(Kind::target) && in.any(Kind::modality, Kind::finding, Kind::dx))
        if (const std::uint32_t present = behind_absence(in); present != nowhere) in.insert(parting, present, present);
    if (!in.any(Kind::negated)) return;
    for (std::size_t k = 0; k < in.hits.size(); ++k)
        if (in.hits[k].kind() == Kind::negated && begins_denied(in, in.hits[k])) {
            in.insert(parting, in.hits[k].first, in.hits[k].first);
            ++k;
        }
}

std::uint32_t examination_behind(const Passage& in) {
    constexpr std::uint32_t reach = 12;  // tokens: "when CMR, obtained on day 4, revealed"
    const auto history = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::history || h.kind() == Kind::notdone || (h.kind() == Kind::negated && h.first == h.last); });
    const auto begins = [&](const Hit& s) {
        const std::uint32_t end = std::min(in.count, s.last + reach);
        const auto shows = [&](const Token& t) { return in.is(t, Role::showing); };
        const auto excludes = [&](const Hit& h) { return h.kind() == Kind::negation && h.first > s.last && h.first < end; };
        return s.kind() == Kind::opening && s.entry->code != opening_contrast && s.first > history->last && names_examination(in, s.last) && (std::any_of(in.at + s.last, in.at + end, shows) || std::any_of(in.hits.begin(), in.hits.end(), excludes));
    };
    if (history == in.hits.end()) return nowhere;
    const auto opening = std::find_if(in.side.begin(), in.side.end(), begins);
    return opening == in.side.end() ? nowhere : opening->first;
}

bool begins_reason(const Passage& in, std::uint32_t comma) {
    if (std::none_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::opening && s.entry->code == opening_reason && s.first == comma + 1; })) return false;
    const auto doubt = [&](const Hit& h) { return (h.kind() == Kind::hedge || h.kind() == Kind::hedged) && h.last < comma; };
    return std::any_of(in.hits.begin(), in.hits.end(), doubt) && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::negated && h.first > comma; });
}

bool turns_to_ventricle(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t reach = 3;
    if (std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::organ && h.last < comma; })) return false;
    const auto lv = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > comma; });
    if (lv == in.hits.end() || lv->first > comma + reach) return false;
    if (lv->kind() != Kind::lv) return is_nulling(*lv) && lv->last > lv->first;  // ", the left ventricle is spared", as one phrase
    const auto healthy = [&](const Hit& h) { return h.kind() == Kind::spared && (h.entry->code == spared_clean || (h.entry->code == 0 && h.first <= lv->last + reach)); };
    return std::any_of(lv, in.hits.end(), [&](const Hit& h) { return (h.kind() == Kind::negated && h.entry->code == negated_enhancing) || is_nulling(h) || healthy(h) || (h.kind() == Kind::negation && h.entry->code == 0 && h.first <= lv->last + 2); });
}

bool persists(const Passage& in, std::uint32_t comma) {
    if (std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::pseudo && h.last < comma; })) return false;
    std::uint32_t end = comma + 1;
    while (end < in.count && !sign(in.at[end], ',')) ++end;
    const auto within = [&](const Hit& h) { return h.first > comma && h.last < end; };
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return within(h) && h.kind() == Kind::wall; }) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return within(s) && s.kind() == Kind::temporal; });
}

bool begins_sentence(const Passage& in, std::uint32_t begin, std::uint32_t conjunction) {
    constexpr std::uint32_t reach = 4;
    const bool comma = conjunction > 0 && sign(in.at[conjunction - 1], ','), examination = in.any(Kind::history) && names_examination(in, conjunction);
    if (comma && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return (h.kind() == Kind::target || h.kind() == Kind::weak) && h.first >= begin && h.last < conjunction; }) && tells_of_another(in, conjunction)) return true;
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

}  // namespace lge::report
