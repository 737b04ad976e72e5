#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Presence;

namespace {

/// "LGE in the anterior wall and possible LGE in the inferior wall": a second scar, not the cause of the first.
bool place_behind(const Passage& in, const Hit& hedge) {
    for (const Hit& h : in.hits)
        if (h.first > hedge.last && in.clause[h.first] == in.clause[hedge.first] && is_place(h.kind())) return true;
    return false;
}

/// "Small scar, probably an old infarct, basal inferior": between commas a name for the mention before, whose place follows.
bool in_apposition(const Passage& in, std::size_t n, const Hit& hedge) {
    const Target& t = in.targets[n];
    const bool comma = hedge.first > 1 && (sign(in.at[hedge.first - 1], ',') || (sign(in.at[hedge.first - 2], ',') && in.at[hedge.first - 1].kind == Token::Kind::word));  // "scar, most likely ..."
    return n > 0 && t.infarct && comma && t.last + 1 < in.count && sign(in.at[t.last + 1], ',') && in.targets[n - 1].clause == t.clause &&
           in.find_hit(Kind::wall, in.targets[n - 1].last, hedge.first) == nullptr;
}

bool dx_between(const Passage& in, std::uint32_t from, std::uint32_t to, const Target& t) {
    const auto beside = [&](const Hit& s) { return from == t.last + 1 && s.first == from + 1 && in.is(in.at[from], Role::conjunction | Role::alternative); };  // "scar and ARVC are not ruled out"
    for (const Hit& s : in.side)
        if (s.kind() == Kind::dx && !beside(s) && s.first >= from && s.last < to && !(s.first <= t.last && s.last >= t.first) && !infarct_name(s.entry->name)) return true;
    return false;
}

/// An adjective such as "possible" at the end of its clause speaks of what stands before, if anything does.
bool weak_end(const Passage& in, const Hit& h) {
    if (in.is(in.at[h.last], Role::versus) || (h.last + 1 < in.count && in.at[h.last + 1].kind != Token::Kind::sign)) return false;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return o.last < h.first && in.clause[o.first] == in.clause[h.first] && (is_head(o.kind()) || o.kind() == Kind::wall); });
}

bool affirmed_before(const Passage& in, std::size_t n, const Hit& h) {
    for (std::size_t m = 0; m < n; ++m) {
        const Target& o = in.targets[m];
        if (!o.skip && o.presence == Presence::present && o.last < h.first && o.clause == in.targets[n].clause) return true;
    }
    return false;
}

/// "fibrosis, which is likely the legacy of chemotherapy": the doubt is about what it is, not whether it is there.
bool names_next(const Passage& in, const Hit& h) {
    if (h.first == h.last || h.last + 1 >= in.count || h.entry->code == hedge_artifact || in.find_hit(Kind::artifact, h.last, in.count, in.clause[h.first]) != nullptr) return false;
    const Token& next = in.at[h.last + 1];
    const auto explains = [&](const Hit& s) { return s.kind() == Kind::explains && s.first >= h.first && s.first <= h.last && s.last > h.last + 1; };  // "is likely due to"
    if (std::any_of(in.side.begin(), in.side.end(), explains)) return true;
    if (std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return o.first == h.last + 1; })) return false;  // "is possible but not certain"
    return in.is(next, Role::joining) && !in.is(next, Role::preposition | Role::conjunction | Role::alternative | Role::range | Role::segment | Role::accompanying | Role::origin) && in.find_hit(Kind::wall, h.last, in.count, in.clause[h.first]) == nullptr;
}

/// "Presumed old infarct: LGE of the inferior wall": a colon parts the mention from the infarct that is in doubt.
bool doubts_label(const Passage& in, const Hit& hedge, std::size_t n) {
    if (!in.has_colon || n == 0 || in.targets[n].infarct) return false;
    const Target& before = in.targets[n - 1];
    return before.infarct && before.first > hedge.last && std::any_of(in.at + before.last, in.at + in.targets[n].first, [](const Token& k) { return sign(k, ':'); });
}

/// "; the readers disagreed", "; it remained in doubt": whether nothing but small words stands between a semicolon and a token.
bool only_small_words_behind(const Passage& in, std::uint32_t token) {
    std::uint32_t i = token;
    while (i > 0 && (in.is(in.at[i - 1], Role::joining | Role::possessive) || is_pronoun(in, i - 1))) --i;
    return i > 0 && sign(in.at[i - 1], ';');
}

}  // namespace

bool withdrawn(const Passage& in, const Target& t, const Hit& doubt) {
    const bool noun = doubt.first < doubt.last && doubt.last < t.first && in.is(in.at[doubt.last], Role::preposition);
    return noun && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::negated && h.first > t.last && in.clause[h.first] == t.clause && in.starts_at(Kind::explains, h.first); });
}

bool placed_apart(const Passage& in, std::size_t n, std::uint32_t doubt) {
    if (n + 1 == in.targets.size() || in.targets[n + 1].last >= doubt) return false;
    const Target& next = in.targets[n + 1];
    return in.find_hit(Kind::wall, in.targets[n].last, next.first) != nullptr && in.find_hit(Kind::wall, next.last, doubt) != nullptr;
}

namespace {

/// "Acute myocarditis likely, with LGE of the septum": the doubt is about a diagnosis before it.
bool doubts_diagnosis(const Passage& in, const Hit& h) {
    const std::uint32_t behind = h.last + 1 < in.count && sign(in.at[h.last + 1], ',') ? h.last + 2 : h.last + 1;
    if (behind >= in.count || !in.is(in.at[behind], Role::accompanying)) return false;
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::dx && s.last + 1 == h.first && !infarct_name(s.entry->name); });
}

/// "The only abnormality on the late images was equivocal subepicardial LGE": a verb and a doubt right before the only mention, but
/// for its layer.
bool doubts_complement(const Passage& in, const Hit& h, const Target& t) {
    constexpr std::uint32_t reach = 3;  // tokens of a layer
    if (h.kind() != Kind::hedged || h.last == h.first || h.last >= t.first || t.first > h.last + 1 + reach || !in.starts_at(Kind::explains, h.first) || in.is(in.at[h.last], Role::preposition)) return false;
    if (std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& o) { return o.first < h.first && o.clause == t.clause && !o.weak && !o.implicit; })) return false;
    const auto layer = [&](std::uint32_t i) { return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return o.kind() == Kind::pattern && o.first <= i && o.last >= i; }); };
    for (std::uint32_t i = h.last + 1; i < t.first; ++i)
        if (!layer(i)) return false;
    return true;
}

/// "Suspected LGE of the septum was confirmed on the repeat": what was in doubt is told to be there, and no denial stands between.
bool confirmed_later(const Passage& in, const Target& t) {
    const auto confirms = [&](const Hit& s) {
        if (s.kind() != Kind::certainty || s.first != s.last || s.entry->code != static_cast<std::uint32_t>(anatomy::Certainty::definite) || s.first <= t.last + 1 || in.clause[s.first] != t.clause) return false;
        const bool said = in.starts_at(Kind::explains, s.first - 1) || sign(in.at[s.first - 1], ',');
        const bool by = s.last + 1 == in.count || in.at[s.last + 1].kind == Token::Kind::sign || in.is(in.at[s.last + 1], Role::preposition) || in.at[s.last + 1].word == in.lexicon.by;
        return said && by && in.find_hit(Kind::negation, t.last, s.first) == nullptr && in.find_hit(Kind::negated, t.last, s.first) == nullptr;
    };
    return in.any(Kind::certainty) && std::any_of(in.side.begin(), in.side.end(), confirms);
}

/// "possible LGE", "the signal is possible LGE": a doubt before mention `n`, about it and nothing between.
bool doubts_what_follows(const Passage& in, std::size_t n, const Hit& h) {
    constexpr std::uint32_t reach = 14, reach_either = 16;
    const Target& t = in.targets[n];
    const auto named = [&](const Hit& o) { return o.kind() == Kind::weak && o.last + 1 == h.first && h.last + 1 == t.first; };
    if (!(h.kind() == Kind::hedge || (h.kind() == Kind::hedged && (t.implicit || std::any_of(in.hits.begin(), in.hits.end(), named) || doubts_complement(in, h, t)))) || h.last >= t.first || t.first - h.last > (h.entry->code == hedge_either ? reach_either : reach)) return false;
    const auto certain = [&](const Hit& s) {  // "possible septal LGE and definite lateral LGE"
        const bool definite = s.kind() == Kind::certainty && s.entry->code == static_cast<std::uint32_t>(anatomy::Certainty::definite);
        return definite && s.first > h.last + 1 && s.last < t.first && (sign(in.at[s.first - 1], ',') || in.is(in.at[s.first - 1], Role::conjunction | Role::possessive));
    };
    if (std::any_of(in.side.begin(), in.side.end(), certain)) return false;
    return !confirmed_later(in, t) && !withdrawn(in, t, h) && !dx_between(in, h.last + 1, t.first, t) && !doubts_diagnosis(in, h) && !weak_end(in, h) && !in.opens_bracket(h.last, t.first) && !doubts_label(in, h, n);
}

/// "LGE read 1 (KS): probable stripe of the lateral wall": a doubt right behind the colon of a label that names the images.
bool doubts_labelled(const Passage& in, const Target& t, const Hit& h) {
    constexpr std::uint32_t longest = 8;  // tokens
    return in.has_colon && t.images && t.first <= 1 && (h.kind() == Kind::hedge || h.kind() == Kind::hedged) && h.first > t.last + 1 && h.first <= t.last + longest && sign(in.at[h.first - 1], ':');
}

/// "LGE is equivocal": a doubt behind mention `n`, about it and no cause of it.
bool doubts_what_precedes(const Passage& in, std::size_t n, const Hit& h) {
    constexpr std::uint32_t reach = 40;
    const Target& t = in.targets[n];
    if (h.kind() != Kind::hedged || h.first <= t.last || h.first - t.last > reach || placed_apart(in, n, h.first) || names_next(in, h)) return false;
    if (dx_between(in, t.last + 1, h.first, t) && !in.is(in.at[t.last + 1], Role::versus)) return false;
    const std::uint32_t next = h.last + 1;
    if (h.last > h.first || next == in.count || in.at[next].kind != Token::Kind::word) return true;
    if (t.implicit && sign(in.at[h.first - 1], ':') && std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return o.first > h.last; })) return true;  // "Mid inferolateral: possible small extension"
    if (in.starts_at(Kind::explains, next) && (next + 1 == in.count || in.at[next + 1].kind == Token::Kind::sign)) return true;  // "is probable only"
    return (h.first == t.last + 1 && in.is(in.at[next], Role::preposition)) || in.starts_at(Kind::opening, next) || (in.is(in.at[next], Role::conjunction) && in.starts_at(Kind::explains, next + 1));  // "LGE equivocal at the apex", "... because of motion", "... suspected and was left for the next scan"
}

}  // namespace

void doubt(Passage& in, std::size_t n) {
    Target& t = in.targets[n];
    if (!in.any(Kind::hedge, Kind::hedged)) return;
    for (const Hit& h : in.hits) {
        if (in.clause[h.first] != t.clause) continue;
        if (h.kind() == Kind::hedge && h.first == t.first) {  // "may enhance"
            t.presence = Presence::uncertain;
            t.rule = "hedge";
            t.hedges.emplace_back(h.first, h.last);
            continue;
        }
        if (doubts_what_follows(in, n, h)) {
            if (affirmed_before(in, n, h) && (h.entry->code == hedge_artifact || !place_behind(in, h) || in_apposition(in, n, h))) {  // a doubt about the cause
                t.skip = t.interprets = true;
                return;
            }
            t.presence = Presence::uncertain;
            t.rule = "hedge";
            t.from = std::min(t.from, h.first);
            t.hedges.emplace_back(h.first, h.last);
        }
        if (doubts_what_precedes(in, n, h) || doubts_labelled(in, t, h)) {
            t.presence = Presence::uncertain;
            t.rule = "hedge behind";
            t.to = std::max(t.to, h.last);
            t.hedges.emplace_back(h.first, h.last);
        }
    }
}

void doubt_later(const Passage& in, Target& t) {
    if (t.presence != Presence::present || !in.any(Kind::hedged)) return;
    const Hit* later = nullptr;
    bool stop = false, artifact = false;
    for (const Hit& h : in.hits) {
        if (in.clause[h.first] != t.clause + 1) continue;
        stop = stop || h.kind() == Kind::stop || only_small_words_behind(in, h.first);
        if ((is_head(h.kind()) && h.kind() != Kind::artifact) || is_place(h.kind()) || h.kind() == Kind::organ) return;
        artifact = artifact || h.kind() == Kind::artifact;
        if (h.kind() == Kind::hedged) later = &h;
    }
    const bool of_cause = later != nullptr && !artifact && later->first > 1 && in.clause[later->first - 2] == in.clause[later->first] && dx_between(in, t.last, later->first, t);  // "may be sarcoid, although PET makes this speculative"
    if (later == nullptr || !stop || of_cause || (artifact && later->entry->code != hedge_artifact) || std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::dx && in.clause[s.first] == t.clause + 1; })) return;
    t.presence = Presence::uncertain;
    t.rule = "hedge behind";
    t.to = std::max(t.to, later->last);
    t.hedges.emplace_back(later->first, later->last);
}

void doubt_before(Passage& in) {
    constexpr std::uint32_t reach = 5;
    for (std::size_t n = 1; n < in.targets.size(); ++n) {
        Target &t = in.targets[n], &before = in.targets[n - 1];
        if (t.skip || before.skip || t.presence != Presence::uncertain || before.presence != Presence::present || t.first == 0) continue;
        const auto judges = [&](const Hit& s) { return s.kind() == Kind::explains && s.first > before.last && !t.hedges.empty() && s.first <= t.hedges.front().first && s.last + 1 >= t.hedges.front().first; };
        const bool judged = before.clause == t.clause && before.weak && std::any_of(in.side.begin(), in.side.end(), judges);  // "the signal was interpreted as equivocal for fibrosis"
        bool pronoun = false;
        for (std::uint32_t i = t.first; i > 0 && i + reach > t.first && in.clause[i - 1] == t.clause; --i) pronoun = pronoun || is_pronoun(in, i - 1);
        const auto place = [&](const Hit& h) { return is_place(h.kind()) && in.clause[h.first] == t.clause; };
        const bool meant = before.clause < t.clause && pronoun && std::none_of(in.hits.begin(), in.hits.end(), place);
        if (!judged && !meant) continue;
        const bool artifact = in.any(Kind::artifact) || std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::hedged && h.entry->code == hedge_artifact; });
        const auto origin = [&](const Hit& s) { return s.kind() == Kind::dx && s.first > t.last + 1 && s.first <= t.last + reach && in.is(in.at[t.last + 1], Role::possessive) && in.is(in.at[t.last + 1], Role::preposition); };  // "; they may represent fibrosis of systemic sclerosis"
        if (!judged && !artifact && ((before.images && !t.images) || std::any_of(in.side.begin(), in.side.end(), origin))) {  // "LGE of the septum; this may be an old infarct"
            t.skip = t.interprets = true;
            continue;
        }
        before.presence = Presence::uncertain;
        before.rule = t.rule;
        before.hedges = t.hedges;
        t.skip = t.interprets = true;
    }
}

bool doubted_before(const Target& t) {
    return std::all_of(t.hedges.begin(), t.hedges.end(), [&](const auto& h) { return h.second < t.first && h.first == h.second; });
}

}  // namespace lge::report
