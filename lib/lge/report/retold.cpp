#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Presence;

bool is_pronoun(const Passage& in, std::uint32_t i) {
    constexpr std::uint32_t longest = 5;  // letters
    return in.is(in.at[i], Role::pronoun) && in.at[i].end - in.at[i].start <= longest;
}

namespace {

/// Gives what the last sentence affirmed another standing.
void revise(std::vector<Statement>& statements, Presence presence, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& hedges) {
    const std::uint32_t sentence = statements.back().sentence;
    for (std::size_t k = statements.size(); k-- > 0 && statements[k].sentence == sentence;) {
        if (statements[k].presence != Presence::present) continue;
        statements[k].presence = presence;
        statements[k].hedges.insert(statements[k].hedges.end(), hedges.begin(), hedges.end());
        statements[k].artifact = presence == Presence::absent;
    }
}

/// "It ...", "Whether this ..."
bool starts_with_pronoun(const Passage& in) {
    if (is_pronoun(in, 0)) return true;
    if (in.count > 1 && in.is(in.at[0], Role::possessive) && in.at[1].word != 0 && in.at[1].word == in.lexicon.finding) return true;  // "The finding was regarded as equivocal."
    return in.count > 1 && is_pronoun(in, 1) && !in.is(in.at[0], Role::joining) && std::none_of(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.first == 0 && h.kind() != Kind::hedge; });
}

/// Whether a sentence without places speaks of what the one before told: "It may ...", "I cannot say whether this is ...".
bool refers_back(const Passage& in, const Target& t) {
    if (starts_with_pronoun(in)) return true;
    const auto by_artifact = [](const Hit& h) { return (h.kind() == Kind::hedge || h.kind() == Kind::hedged) && h.entry->code == hedge_artifact; };
    const bool differs = in.any(Kind::artifact) && !in.hits.empty() && in.hits[0].first == 0 && in.hits[0].kind() == Kind::hedge;  // "Differential: scar, artefact."
    if (!in.any(Kind::wall, Kind::level) && (differs || std::any_of(in.hits.begin(), in.hits.end(), by_artifact) || std::any_of(in.explanations.begin(), in.explanations.end(), [](const Explanation& e) { return e.open(); }))) return true;  // "Differential: small scar versus partial volume"
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::hedge && h.last + 1 < t.first && is_pronoun(in, h.last + 1); });
}

/// "It may represent fibrosis from volume overload": what a scar comes from stands right behind it.
bool names_origin(const Passage& in, const Target& t) {
    constexpr std::uint32_t reach = 4;
    if (!in.starts_at(Kind::explains, t.last + 1) && !in.starts_at(Kind::opening, t.last + 1)) return false;  // "scar after myocarditis"
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::dx && s.first > t.last + 1 && s.first <= t.last + 1 + reach; });
}

/// "It is a vessel", not "it is surrounded by artefact": whether an explanation stands right before its artifact.
bool calls(const Passage& in, const Explanation& e) {
    if (e.artifact->entry->code == artifact_degraded) return false;
    for (std::uint32_t i = (e.open() ? e.open_last : e.certain->last) + 1; i < e.artifact->first; ++i) {
        const auto covers = [&](const Hit& h) { return h.first <= i && h.last >= i; };
        const auto explains = [&](const Hit& s) { return s.kind() != Kind::hides && covers(s); };
        if (!in.is(in.at[i], Role::joining) && std::none_of(in.hits.begin(), in.hits.end(), covers) && std::none_of(in.side.begin(), in.side.end(), explains)) return false;
    }
    return true;
}

/// "The earlier enhancement is no longer seen": what was before stands right before what is said of it.
bool tells_of_former(const Passage& in, const Hit& said) {
    constexpr std::uint32_t reach = 2;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::before && h.last > h.first && h.last < said.first && said.first <= h.last + reach; });
}

}  // namespace

void bring_up_to_date(Passage& in, Gathered& gathered) {
    if (!in.any(Kind::history) || in.targets.empty() || std::any_of(in.targets.begin(), in.targets.end(), [](const Target& t) { return !t.skip; })) return;
    Target& told = in.targets.back();
    const auto of_scan = [&](const Hit& h) { return h.kind() == Kind::history && (h.entry->code == 0 || h.entry->code == history_behind) && in.clause[h.first] == told.clause; };
    if (told.implicit || std::none_of(in.hits.begin(), in.hits.end(), of_scan)) return;
    const auto none = [&](const Hit& h) { return h.kind() == Kind::negated && h.entry->code == 0 && in.clause[h.first] > told.clause && (h.last + 1 == in.count || in.at[h.last + 1].kind == Token::Kind::sign); };  // "; this time there is none"
    const auto gone = [&](const Hit& h) { return h.first > told.last && ((h.kind() == Kind::negated && h.entry->code == negated_gone) || none(h)); };
    const auto kept = [&](const Hit& s) {
        constexpr std::uint32_t reach = 3;
        if (s.kind() != Kind::temporal || s.first <= told.last + 1 || static_cast<Change>(s.entry->code) == Change::resolved || static_cast<Change>(s.entry->code) == Change::newly) return false;
        for (std::uint32_t i = s.first; i-- > told.last + 1 && i + reach >= s.first;)
            if (is_pronoun(in, i)) return true;
        return false;
    };
    if (std::any_of(in.hits.begin(), in.hits.end(), gone)) {
        told.presence = Presence::absent;
        told.rule = "gone";
        gathered.changes |= bit(Change::resolved);
    } else if (!told.infarct && std::any_of(in.side.begin(), in.side.end(), kept)) told.rule = "change";
    else return;
    told.skip = false;
}

bool judge_before(const Passage& in, const Target& t, const Statement& s, std::vector<Statement>& statements) {
    const auto unconfirmed = [&](const Hit& h) { return h.kind() == Kind::negated && (h.entry->code == negated_unconfirmed || is_pronoun(in, h.last)); };
    if (statements.back().presence == Presence::uncertain && t.rule == "answer" && s.presence == Presence::absent && s.places.empty() && std::any_of(in.hits.begin(), in.hits.end(), unconfirmed)) return false;  // "Suspected focus. The magnitude images do not confirm it."
    if (statements.back().presence == Presence::present && s.presence == Presence::absent && s.artifact && t.weak && is_pronoun(in, 0)) {  // "This lies next to a basal papillary muscle and is attributed to artefact."
        revise(statements, Presence::absent, {});
        return false;
    }
    if (statements.back().presence != Presence::present || !s.places.empty()) return true;
    if (s.artifact && s.weak && statements.back().weak && t.first > 0 && in.is(in.at[t.first - 1], Role::possessive)) {  // "A bright line along the septum. The line is fat caught by partial volume."
        revise(statements, Presence::absent, {});
        return true;
    }
    if (s.presence == Presence::uncertain) {
        const bool named = statements.back().by_name && !s.by_name;
        const bool artifact = in.any(Kind::artifact) || std::any_of(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::hedged && h.entry->code == hedge_artifact; });
        if (statements.back().weak && !s.infarct && !names_origin(in, t)) revise(statements, Presence::uncertain, s.hedges);  // "A bright streak of the septum. Fibrosis is not excluded."
        if (!refers_back(in, t)) return true;
        if ((named || names_origin(in, t)) && !artifact) return false;
        if (!s.infarct || artifact) revise(statements, Presence::uncertain, s.hedges);
        return true;
    }
    if (s.presence != Presence::absent || s.qualified || !s.patterns.empty() || s.infarct) return true;
    const bool no_more = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::negated && (h.entry->code == negated_gone || h.entry->code == negated_unreal) && ((h.first > t.last && in.clause[h.first] == t.clause) || (h.first == 1 && is_pronoun(in, 0)) || (h.first == t.first && h.last > h.first && is_pronoun(in, h.last))); });  // "... was no longer seen", "It vanishes on wideband and is no scar"
    const bool another = std::any_of(in.targets.begin(), in.targets.end(), [](const Target& o) { return !o.skip && o.presence != Presence::absent; });
    const auto rejects = [&](const Hit& h) { return h.kind() == Kind::negation && h.entry->code == 1 && h.first <= 3 && h.last < t.first && t.first <= h.last + 4; };  // "It should not be regarded as fibrosis", not "It shows no scar"
    const bool rejected = std::any_of(in.hits.begin(), in.hits.end(), rejects) && std::none_of(in.at, in.at + t.first, [&](const Token& k) { return in.is(k, Role::showing); });
    const bool called = is_pronoun(in, 0) && (in.starts_at(Kind::explains, 1) || in.any(Kind::artifact) || rejected);
    if (no_more || (called && !another)) revise(statements, Presence::absent, {});
    return true;
}

bool former_gone(const Passage& in) {
    if (!in.any(Kind::before)) return false;
    const auto gone = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::negated && h.entry->code == negated_gone && tells_of_former(in, h); });
    return gone != in.hits.end() && std::none_of(in.hits.begin(), gone, [](const Hit& h) { return h.kind() == Kind::organ || h.kind() == Kind::modality || h.kind() == Kind::finding; });
}

bool judge_one(const Passage& in, std::vector<Statement>& statements) {
    if (!in.any(Kind::anaphor) || statements.empty()) return false;
    const auto which = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::anaphor && (h.entry->code == anaphor_former || h.entry->code == anaphor_latter); });
    const auto gone = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::negated && (h.entry->code == negated_gone || h.entry->code == negated_unconfirmed); });
    if (which == in.hits.end() || gone == in.hits.end() || gone->first < which->first || in.any(Kind::wall)) return false;
    std::vector<Statement*> told;  // of the last sentence with two places
    const std::uint32_t sentence = statements.back().sentence;
    for (Statement& s : recent(statements))
        if (s.sentence == sentence && s.presence == Presence::present && s.located) told.push_back(&s);
    const bool first = which->entry->code == anaphor_former;
    if (told.size() == 2 && told[0]->places.size() == 1 && told[1]->places.size() == 1) {
        told[first ? 0 : 1]->presence = Presence::absent;
        told[first ? 0 : 1]->artifact = true;
        return true;
    }
    if (told.size() != 1 || told[0]->places.size() != 2) return false;
    told[0]->places.erase(told[0]->places.begin() + (first ? 0 : 1));
    return true;
}

bool judge_subject(const Passage& in, std::vector<Statement>& statements) {
    const auto artifact = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::hedged && h.entry->code == hedge_artifact; });
    if (!statements.empty() && statements.back().weak && statements.back().located && statements.back().presence == Presence::absent && !statements.back().artifact && artifact != in.hits.end() && !in.any(Kind::wall, Kind::level)) {  // "... not reproduced in the long axis. True fibrosis versus artefact."
        statements.back().presence = Presence::uncertain;
        statements.back().hedges = {bytes_of(in.at[artifact->first], in.at[artifact->last])};
        return true;
    }
    if (statements.empty() || statements.back().presence != Presence::present) return false;
    const bool noun = !in.hits.empty() && in.hits[0].kind() == Kind::weak && in.hits[0].first == 1 && in.is(in.at[0], Role::possessive) && statements.back().weak && !in.any(Kind::wall);
    if (noun && std::any_of(in.explanations.begin(), in.explanations.end(), [](const Explanation& e) { return e.certain != nullptr && !e.open(); })) {  // "The line is fat caught by partial volume."
        revise(statements, Presence::absent, {});
        return true;
    }
    if (in.any(Kind::modality, Kind::finding, Kind::organ, Kind::wall, Kind::mvo, Kind::benign) || in.any(Kind::dx)) return false;
    const auto said = [&](const Hit& h) { return (h.kind() == Kind::negated && (h.entry->code == negated_gone || h.entry->code == negated_unreal || h.entry->code == negated_unconfirmed)) || h.kind() == Kind::hedged; };
    const auto h = std::find_if(in.hits.begin(), in.hits.end(), said);
    constexpr std::uint32_t reach = 6;
    const bool bare = h != in.hits.end() && h->first == 0 && h->last + 1 == in.count && (h->kind() == Kind::negated ? h->entry->code == negated_gone : h->entry->code == hedge_artifact);  // "Likely artefact.", "No longer seen today."
    const bool pronoun = bare || starts_with_pronoun(in);
    if (h != in.hits.end() && ((pronoun && h->first <= reach) || (h->first > 0 && is_pronoun(in, h->first - 1)) || (h->kind() == Kind::negated && h->last > h->first && is_pronoun(in, h->last)) || tells_of_former(in, *h))) {  // "On today's images it has disappeared.", "The magnitude images fail to show it."
        const bool doubt = h->kind() == Kind::hedged || h->entry->code == negated_unconfirmed;
        revise(statements, doubt ? Presence::uncertain : Presence::absent, doubt ? std::vector{bytes_of(in.at[h->first], in.at[h->last])} : std::vector<std::pair<std::uint32_t, std::uint32_t>>{});
        return true;
    }
    for (const Explanation& e : in.explanations) {
        const bool named = e.certain != nullptr && e.certain->first > 0 && is_pronoun(in, e.certain->first - 1);  // "On the long axis it proves to be a vessel."
        const bool second = pronoun && e.certain != nullptr && e.certain->first > 0 && in.is(in.at[e.certain->first - 1], Role::conjunction);  // "This lies at the edge of the slice, ... and is attributed to artefact."
        if (!(pronoun || named) || (e.artifact->first > 2 * reach && !second) || in.find_hit(Kind::negation, 0, e.artifact->first) != nullptr || !calls(in, e)) continue;
        if (e.open()) revise(statements, Presence::uncertain, {bytes_of(in.at[e.open_first], in.at[e.open_last])});
        else revise(statements, Presence::absent, {});
        return true;
    }
    return false;
}

}  // namespace lge::report
