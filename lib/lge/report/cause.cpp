#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Cause;
using anatomy::Certainty;
using anatomy::Presence;

namespace {

/// "Myocarditis is thought unlikely but is not ruled out"
bool left_open(const Passage& in, const Hit& cause, const Hit& denial) {
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::hedged && h.first > denial.last && in.clause[h.first] <= in.clause[cause.first] + 1; });
}

/// "not suggestive of sarcoidosis, and a burnt-out myocarditis was considered possible": behind a comma and "and" another cause is
/// judged by itself.
bool likely_behind(const Passage& in, const Hit& denial, const Hit& cause) {
    constexpr std::uint32_t reach = 4;
    std::uint32_t i = denial.last + 1;
    while (i + 1 < cause.first && !(sign(in.at[i], ',') && in.is(in.at[i + 1], Role::conjunction))) ++i;
    if (i + 1 >= cause.first) return false;
    const auto judged = [&](const Hit& h) { return (h.kind() == Kind::hedged || h.kind() == Kind::certainty) && h.first > cause.last && h.first <= cause.last + reach; };
    return std::any_of(in.hits.begin(), in.hits.end(), judged) || std::any_of(in.side.begin(), in.side.end(), judged);
}

/// "attributed to takotsubo", "consistent with myocarditis": whether a judgement of several words leads to a cause.
bool judged_before(const Passage& in, const Hit& cause) {
    constexpr std::uint32_t reach = 2;
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& y) { return (y.kind() == Kind::certainty || y.kind() == Kind::explains) && y.last > y.first && y.last < cause.first && cause.first <= y.last + reach; });
}

/// "was attributed to takotsubo, and infarction was ruled out": whether the denial behind a judged cause is of the next one.
bool denies_next(const Passage& in, const Hit& cause, const Hit& denial) {
    const auto next = [&](const Hit& s) { return s.kind() == Kind::dx && s.first > cause.last && s.last + 1 == denial.first && std::any_of(in.at + cause.last + 1, in.at + s.first, [&](const Token& t) { return in.is(t, Role::conjunction); }); };
    const bool own = denial.first > cause.last + 2 && in.starts_at(Kind::explains, denial.first) && has_own_subject(in, denial) && std::any_of(in.at + cause.last + 1, in.at + denial.first, [&](const Token& t) { return in.is(t, Role::conjunction); });  // "... to an old infarct and viability was absent"
    return judged_before(in, cause) && (own || std::any_of(in.side.begin(), in.side.end(), next));
}

/// The denial of a cause: a bracket ends it, and so does a new judgement behind "and" or a comma: "argues against
/// ischaemia and favours myocarditis".
bool rejected(const Passage& in, const Hit& cause) {
    const Hit* d = denied(in, cause.first, cause.last, true);
    if (d == nullptr) return false;
    if (d->kind() == Kind::negated && d->entry->code == negated_cause && infarct_name(cause.entry->name)) return false;  // "the infarct is a bystander"
    if (d->first > cause.last) return !left_open(in, cause, *d) && !denies_next(in, cause, *d);
    if (in.opens_bracket(d->last, cause.first) || likely_behind(in, *d, cause)) return false;
    for (std::uint32_t k = d->last + 1; k < cause.first; ++k)
        if (in.is(in.at[k], Role::pronoun) && in.at[k - 1].kind == Token::Kind::word && k > d->last + 2) return false;  // "no effusion this fits myocarditis"
    for (const Hit& y : in.side) {
        if (y.kind() != Kind::certainty || y.first <= d->last + 1 || y.last >= cause.first) continue;
        for (std::uint32_t k = y.first; k > d->last && k + 3 > y.first; --k)
            if (in.is(in.at[k - 1], Role::conjunction) || sign(in.at[k - 1], ',')) return false;
    }
    return true;
}

/// "rejection could not be excluded as its cause"
bool left_open_behind(const Passage& in, const Hit& cause) {
    constexpr std::uint32_t reach = 2;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::hedged && h.last > h.first + 1 && h.first > cause.last && h.first <= cause.last + reach && in.clause[h.first] == in.clause[cause.first] && in.find_hit(Kind::artifact, h.first, in.count) == nullptr; });
}

/// "The suspected myocarditis was confirmed by MRI"
bool confirmed_behind(const Passage& in, const Hit& cause) {
    constexpr std::uint32_t reach = 3;
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& y) { return y.kind() == Kind::certainty && y.entry->code == static_cast<std::uint32_t>(Certainty::definite) && y.first == y.last && y.first > cause.last + 1 && y.first <= cause.last + reach && in.starts_at(Kind::explains, y.first - 1) && y.last + 1 < in.count && (in.is(in.at[y.last + 1], Role::preposition) || in.at[y.last + 1].word == in.lexicon.by); });
}

/// "Neither the site nor the extent of the LGE would be expected in sarcoidosis": a sentence that begins by denying what it looks like.
bool doubted_of_extent(const Passage& in, const Hit& cause) {
    const Hit* pseudo = in.any(Kind::pseudo) ? in.find_hit(Kind::pseudo, 0, cause.first) : nullptr;
    if (pseudo == nullptr || pseudo->first != 0 || in.clause[cause.first] != in.clause[0] || std::any_of(in.at, in.at + cause.first, [](const Token& t) { return sign(t, ';'); })) return false;
    constexpr std::uint32_t longest = 4;  // tokens: "neither the site nor the extent of"
    return pseudo->last >= longest && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& y) { return y.kind() == Kind::certainty && y.first > pseudo->last && y.last < cause.first; });
}

/// "X or mild Y": whether nothing but an alternative and a word or two stand between.
bool alternative_between(const Passage& in, std::uint32_t a, std::uint32_t b) {
    constexpr std::uint32_t reach = 4;
    if (b <= a || b - a > reach) return false;
    for (std::uint32_t i = a + 1; i < b; ++i)
        if (in.is(in.at[i], Role::alternative)) return true;
    return false;
}

/// "The label of takotsubo was discarded once LGE showed an infarct": a mention that stands beside the cause, in another clause
/// than the history.
bool shown_apart(const Passage& in, const Hit& history, const Hit& cause) {
    const std::uint32_t c = in.clause[cause.first];
    return in.clause[history.first] != c && std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return !t.skip && t.clause == c; });
}

/// "Short-axis CMR of a patient with sarcoidosis.": the caption of the images tells whose they are.
bool of_caption(const Passage& in, const Hit& cause) {
    const auto shown = [&](std::uint32_t before) { return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_images(h) && h.last < before; }) || std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::imaging && s.last < before; }); };
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& y) { return y.kind() == Kind::certainty && y.last > y.first && y.last < cause.first && y.last + 2 >= cause.first && in.is(in.at[y.last], Role::accompanying) && shown(y.first); });
}

/// "Acute transmural LAD territory infarction", "old septal and anterior infarct": the name that the nearest word of age among the
/// adjectives of an infarct gives it, or none.
std::string_view age_of(const Passage& in, const Hit& infarct) {
    constexpr std::uint32_t near = 3, reach = 6;
    bool adjectives = true;  // nothing else stands between
    for (std::uint32_t k = infarct.first; k-- > 0 && k + reach >= infarct.first && in.clause[k] == in.clause[infarct.first];) {
        adjectives = adjectives && (in.at[k].kind != Token::Kind::sign || sign(in.at[k], '/')) && !in.is(in.at[k], Role::preposition | Role::accompanying | Role::showing);
        if (k + near < infarct.first && !adjectives) break;
        if (in.is(in.at[k], Role::old)) return "prior_mi";
        if (in.is(in.at[k], Role::fresh)) return "acute_mi";
    }
    if (infarct.last + 2 < in.count && sign(in.at[infarct.last + 1], ',') && in.is(in.at[infarct.last + 2], Role::old)) return "prior_mi";  // "infarction, old"
    return {};
}

/// The disease whose pressure overload scars the heart: at the insertion points that of the right ventricle, elsewhere of the left.
std::string overloaded(const anatomy::Finding& f) {
    const bool insertion = std::find(f.pattern.begin(), f.pattern.end(), anatomy::Pattern::rv_insertion) != f.pattern.end();
    return insertion ? "pulmonary_hypertension" : "aortic_stenosis";
}

/// "... is infarcted. In summary, an old infarct": the age that one mention of an infarct tells is that of all, where no other
/// tells another.
std::string_view told_age(const Gathered& gathered) {
    std::string_view age;
    for (const NamedCause& c : gathered.causes) {
        if (c.newly) return {};
        if (c.negated || !c.beside_target || c.certainty != Certainty::definite || (c.name != "prior_mi" && c.name != "acute_mi")) continue;
        if (!age.empty() && age != c.name) return {};
        age = c.name;
    }
    return age;
}

/// "... is the likely explanation of these foci", "sarcoid favored given PET": whether what stands behind a word of certainty only
/// says of what, or why.
bool goes_on_to_reason(const Passage& in, const Hit& certainty) {
    const Token& next = in.at[certainty.last + 1];
    const bool of = in.one_of(in.at[certainty.last], in.lexicon.explanations) && in.is(next, Role::possessive) && in.is(next, Role::preposition);
    return of || in.one_of(next, in.lexicon.reasons);
}

/// "No subendocardial enhancement, which excludes an ischaemic cause", not "angiography excluded an ischaemic cause".
bool excludes_ischaemia(const Passage& in, const Hit& s) {
    if (s.kind() != Kind::notdx || s.entry->code != notdx_ischemic || in.targets.empty()) return false;
    const auto test = [&](const Hit& o) { return o.last < s.first && ((o.kind() == Kind::examination && o.entry->code == examination_foreign) || o.kind() == Kind::notdx); };
    return std::none_of(in.side.begin(), in.side.end(), test);
}

/// "Mild aortic stenosis. These images suggest amyloidosis.": a finding by itself, which is a cause where no other is named.
bool of_valve(const NamedCause& c) { return !c.beside_target && c.name == "aortic_stenosis"; }

}  // namespace

void read_causes(const Passage& in, Section section, Gathered& gathered) {
    if (in.targets.empty() && !in.any(Kind::dx)) return;
    constexpr std::uint32_t reach = 25;  // tokens from a word of certainty to the cause
    std::vector<std::pair<const Hit*, std::size_t>> read;  // with where each is kept
    bool beside = false;
    for (const Target& t : in.targets) beside = beside || (!t.skip && t.presence == Presence::present);
    beside = beside || (section == Section::none && (in.any(Kind::sequence) || in.any(Kind::view)));  // "LGE image of a patient with ..."
    for (const Hit& s : in.side) {
        if (excludes_ischaemia(in, s)) gathered.causes.push_back({.cause = Cause::ischemic, .name = {}, .certainty = Certainty::definite, .start = in.at[s.first].start, .section = section, .beside_target = beside, .negated = true, .argued = true});
        if (s.kind() != Kind::dx) continue;
        bool question_before = false;
        for (const Hit& h : in.hits) {
            if (((h.kind() == Kind::hypothetical && h.entry->code != hypothetical_usual && (h.entry->code != hypothetical_general || s.entry->name == "athletes_heart")) || (h.kind() == Kind::history && h.entry->code == 0 && !shown_apart(in, h, s))) && h.first < s.first) question_before = true;
        }
        const Hit* denial = question_before ? denied(in, s.first, s.last, true) : nullptr;
        if (question_before && (denial == nullptr || denial->first < s.last)) continue;  // "The initial label of takotsubo was discarded"
        const std::string_view name = s.entry->name;
        NamedCause c{.cause = static_cast<Cause>(s.entry->code), .name = name, .certainty = Certainty::definite, .start = in.at[s.first].start, .section = section,
                 .beside_target = beside, .negated = rejected(in, s)};
        if (c.cause == Cause::ischemic && in.find_hit(Kind::negation, s.first, s.last) != nullptr) c.negated = c.argued = true;  // "rather than ischaemia"
        else if (const Hit* d = denied(in, s.first, s.last, true); d != nullptr) {
            if (c.negated) c.argued = d->kind() == Kind::negated || d->entry->code == 1 || in.find_hit(Kind::negated, d->first, d->last) != nullptr;  // "ruled out an infarct"
            else if (d->first > s.last && !(d->kind() == Kind::negated && d->entry->code == negated_cause && infarct_name(name)) && !denies_next(in, s, *d)) c.certainty = Certainty::possible;
        }
        c.caption = section == Section::none && in.targets.empty() && of_caption(in, s);
        if ((s.first > 0 && sign(in.at[s.first - 1], '?')) || (s.last + 1 < in.count && sign(in.at[s.last + 1], '?'))) c.certainty = Certainty::possible;
        if (name == "mi") {
            // an infarct is its own cause where it is a target that stands
            bool stands = false;
            for (const Target& t : in.targets)
                if (t.first <= s.last && t.last >= s.first) stands = !t.skip && t.presence == Presence::present;
                else if (t.skip && t.infarct) stands = stands || t.first == s.first;
            for (const Target& t : in.targets)
                if (t.first == s.first && t.skip) stands = true;
            if (!stands && !c.negated) continue;
            c.newly = std::any_of(in.side.begin(), in.side.end(), [&](const Hit& y) { return y.kind() == Kind::temporal && y.entry->code == static_cast<std::uint32_t>(Change::newly) && y.last < s.first && y.last + 4 >= s.first; });
            if (const auto aged = c.newly ? std::string_view{} : age_of(in, s); !aged.empty()) c.name = aged;
        }
        std::uint32_t list_end = s.last;  // "myocarditis and sarcoid are both possible"
        bool either = false;              // "hypertensive disease or mild HCM"
        for (const Hit& o : in.side) {
            if (o.kind() != Kind::dx || o.first == s.first || in.clause[o.first] != in.clause[s.first]) continue;
            if (o.last < s.first) either = either || alternative_between(in, o.last, s.first);
            else if (o.first > list_end) {
                either = either || alternative_between(in, list_end, o.first);
                if (in.joined(list_end, o.first)) list_end = o.last;
            }
        }
        if (either && !c.negated) c.certainty = Certainty::possible;
        for (const Hit& y : in.side) {
            if (y.kind() != Kind::certainty) continue;
            const auto value = static_cast<Certainty>(y.entry->code);
            if (y.last < s.first && s.first - y.last <= reach && in.clause[y.first] == in.clause[s.first]) {
                bool between_dx = false;
                for (const Hit& o : in.side) between_dx = between_dx || (o.kind() == Kind::dx && o.first > y.last && o.last < s.first && !in.joined(o.last, s.first));
                bool stopped = false;
                for (std::uint32_t k = y.last + 1; k < s.first; ++k) stopped = stopped || sign(in.at[k], ',');
                for (const Hit& o : in.hits) between_dx = between_dx || (o.kind() == Kind::mvo && o.first > y.last && o.last < s.first);
                if (!between_dx && (!stopped || s.first - y.last <= 4)) c.certainty = std::max(c.certainty, value);
            }
            if (y.first > 0 && sign(in.at[y.first - 1], '(') && y.last + 1 < in.count && sign(in.at[y.last + 1], ':')) continue;  // "(differential: ...)" judges what follows
            if (y.first > list_end && in.clause[y.first] == in.clause[s.first] && y.first - list_end <= 5 && (y.last + 1 == in.count || in.at[y.last + 1].kind != Token::Kind::word || in.is(in.at[y.first], Role::versus) || in.is(in.at[y.last], Role::than) || (y.last > y.first && in.is(in.at[y.last + 1], Role::conjunction)) || goes_on_to_reason(in, y)))
                c.certainty = std::max(c.certainty, value);
        }
        if (!c.negated && c.certainty == Certainty::definite && left_open_behind(in, s)) c.certainty = Certainty::possible;
        if (!c.negated && c.certainty == Certainty::probable && confirmed_behind(in, s)) c.certainty = Certainty::definite;
        if (doubted_of_extent(in, s)) c.negated = c.argued = true;
        gathered.causes.push_back(c);
        read.emplace_back(&s, gathered.causes.size() - 1);
    }
    bool list = false;  // that is denied behind
    for (std::size_t k = read.size(); k-- > 1;) {  // "myocarditis, sarcoidosis and takotsubo were ruled out"
        const auto [dx, n] = read[k];
        const auto [before, m] = read[k - 1];
        const Hit* d = gathered.causes[n].negated && !list ? denied(in, dx->first, dx->last, true) : nullptr;
        const auto article = [&](const Token& t) { return in.is(t, Role::possessive); };
        const bool joined = in.clause[before->first] == in.clause[dx->first] && dx->first > before->last + 1 && in.joined(before->last, dx->first) && std::none_of(in.at + before->last + 1, in.at + dx->first, article);
        list = joined && !judged_before(in, *before) && (list || (d != nullptr && d->first > dx->last)) && gathered.causes[m].certainty == Certainty::definite;
        if (list) gathered.causes[m].negated = true;
    }
    for (const Target& t : in.targets) {  // "infarct size 12%"
        if (!t.infarct || t.skip || t.presence != anatomy::Presence::present) continue;
        bool named = false;
        for (const Hit& s : in.side) named = named || (s.kind() == Kind::dx && s.first <= t.last && s.last >= t.first);
        if (!named) gathered.causes.push_back({.cause = Cause::ischemic, .name = "mi", .certainty = Certainty::definite, .start = in.at[t.first].start, .section = section, .beside_target = true, .negated = false});
    }
}

void conclude_rejected(const Gathered& gathered, anatomy::Finding& f) {
    if (f.lge != Presence::present) return;
    for (const NamedCause& c : gathered.causes) {
        if (!c.negated) continue;
        if (c.name.ends_with("mi") || c.name.empty()) {  // "no infarct" is a finding first: a cause only of LGE that is there
            const bool other_cause = !f.etiology || f.etiology->cause == Cause::nonischemic;
            if (c.argued && c.cause == Cause::ischemic && other_cause) add_new(f.etiology_excluded, std::string(c.name.empty() ? "ischemic" : "mi"));
        } else if (!f.etiology || f.etiology->diagnosis != c.name) add_new(f.etiology_excluded, std::string(c.name));
    }
}

void conclude_cause(const Gathered& gathered, Reading& reading) {
    auto& f = reading.finding;
    std::uint32_t first_present = nowhere;
    for (const Statement& s : reading.statements)
        if (s.presence == Presence::present) first_present = std::min(first_present, s.start);
    const NamedCause* chosen = nullptr;
    bool ischemic = false, nonischemic = false;
    for (int pass = 0; pass < 2; ++pass) {
        const bool settled = chosen != nullptr && !chosen->name.empty();  // by the impression
        for (const NamedCause& c : gathered.causes) {
            if (c.negated) continue;
            const bool here = c.section == Section::impression || c.beside_target || c.start > first_present;
            if (!here || (pass == 0) != (c.section == Section::impression)) continue;
            if (c.cause == Cause::mixed) {  // "dual aetiology"
                ischemic = nonischemic = true;
                continue;
            }
            if (pass == 1 && settled) continue;
            if (c.certainty != Certainty::possible && (c.beside_target || !c.name.empty())) (c.cause == Cause::ischemic ? ischemic : nonischemic) = true;
            const bool nearer = chosen != nullptr && pass == 0 && c.beside_target && !chosen->beside_target && !c.name.empty() && c.certainty != Certainty::possible;  // "1. Siderosis. 2. Scar, probably of myocarditis."
            const bool told_apart = chosen != nullptr && of_valve(*chosen) && !of_valve(c) && !c.name.empty() && c.certainty != Certainty::possible;
            if (chosen == nullptr || nearer || told_apart || (chosen->name.empty() && !c.name.empty() && c.cause == chosen->cause)) chosen = &c;
        }
    }
    if (chosen == nullptr && f.territory.empty()) {
        const auto caption = std::find_if(gathered.causes.begin(), gathered.causes.end(), [&](const NamedCause& c) { return c.caption && !c.negated && !c.name.empty() && !c.name.ends_with("mi"); });
        if (caption != gathered.causes.end()) chosen = &*caption;
    }
    if (chosen != nullptr) {
        anatomy::Etiology e{.cause = chosen->cause, .diagnosis = std::string(chosen->name), .certainty = chosen->certainty};
        if (e.diagnosis == "mi")
            if (const auto age = told_age(gathered); !age.empty()) e.diagnosis = age;
        if (e.diagnosis == "pressure_overload") e.diagnosis = overloaded(f);
        if (ischemic && nonischemic && chosen->certainty != Certainty::possible) e.cause = Cause::mixed;
        f.etiology = e;
    } else if (!f.territory.empty()) {
        // scar that is told by coronary territory is an infarct
        f.etiology = anatomy::Etiology{.cause = Cause::ischemic, .diagnosis = "prior_mi", .certainty = Certainty::definite};
    }
}

}  // namespace lge::report
