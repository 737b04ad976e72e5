#include "lge/report/areas.hpp"
#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

bool article(const Passage& in, std::uint32_t i) { return i < in.count && in.is(in.at[i], Role::possessive) && !in.is(in.at[i], Role::preposition); }

/// The hits that start within tokens [begin, end); all stand in the order of their first tokens.
std::span<const Hit> hits_within(const Passage& in, std::uint32_t begin, std::uint32_t end) {
    const auto before = [](const Hit& h, std::uint32_t token) { return h.first < token; };
    const auto first = std::lower_bound(in.hits.begin(), in.hits.end(), begin, before);
    auto last = first;
    while (last != in.hits.end() && last->first < end) ++last;
    return {first, last};
}

/// The first hit from a token on.
const Hit* hit_from(const Passage& in, std::uint32_t i) {
    const auto h = std::lower_bound(in.hits.begin(), in.hits.end(), i, [](const Hit& x, std::uint32_t token) { return x.first < token; });
    return h == in.hits.end() ? nullptr : &*h;
}

const Hit* place_at(const Passage& in, std::uint32_t i) {
    const auto at = hits_within(in, i, i + 1);
    const auto place = std::find_if(at.begin(), at.end(), [](const Hit& h) { return is_place(h.kind()); });
    return place == at.end() ? nullptr : &*place;
}

/// The token behind the places that begin at a token, numbers and brackets included; the token itself where none does. Commas
/// stand between numbers only: behind another one other places may belong to what stands before.
std::uint32_t behind_places(const Passage& in, std::uint32_t i) {
    std::uint32_t end = i;
    bool number = false;
    for (std::uint32_t k = i; k < in.count;) {
        if (const Hit* place = place_at(in, k); place != nullptr) {
            number = place->kind() == Kind::segmentword;
            k = end = place->last + 1;
        } else if (number && in.at[k].kind == Token::Kind::number) end = ++k;
        else if ((sign(in.at[k], ',') && number) || sign(in.at[k], '(') || sign(in.at[k], ')') || sign(in.at[k], '-') || sign(in.at[k], '/') || in.is(in.at[k], Role::joining)) {
            ++k;
            if (end > i && sign(in.at[k - 1], ')')) end = k;
        } else break;
    }
    return end;
}

/// Whether a mention stands within a few words of a token, no sign between.
bool mention_within(const Passage& in, std::uint32_t from, std::uint32_t reach) {
    for (std::uint32_t i = from; i < std::min(in.count, from + reach); ++i) {
        if (in.at[i].kind != Token::Kind::word) return false;
        for (const Hit& h : hits_within(in, i, i + 1))
            if (h.kind() == Kind::target || h.kind() == Kind::weak) return true;
    }
    return false;
}

/// "... is spared", "... null normally", "... shows no LGE", "... are scarred": whether what is told of places begins at the token
/// behind them.
bool predicate_at(const Passage& in, std::uint32_t i) {
    constexpr std::uint32_t verb = 3, object = 6;  // tokens
    const Hit* h = hit_from(in, i);
    if (h == nullptr || h->first > i + verb || std::any_of(in.at + i, in.at + h->first, [](const Token& t) { return t.kind != Token::Kind::word; })) return false;
    const bool shows = std::any_of(in.at + i, in.at + h->first, [&](const Token& t) { return in.is(t, Role::showing); });
    const bool is = in.starts_at(Kind::explains, i);
    const auto tells = [&](const Hit& x) {
        switch (x.kind()) {
            case Kind::spared: return x.entry->code != spared_after && x.entry->code != spared_beside;
            case Kind::answer: return is_nulling(x);
            case Kind::negated: return x.entry->code == negated_enhancing;
            case Kind::negation: return ((x.first == i ? x.last > x.first : shows || is) && mention_within(in, x.last + 1, object)) || (x.first == i && x.last + 1 == in.count);  // "the apex without"
            case Kind::hedge: case Kind::pattern: return shows && mention_within(in, x.last + 1, object);
            case Kind::target: return shows || (is && x.first == i + 1) || (x.first == i && in.is(in.at[i], Role::involved));
            default: return false;
        }
    };
    const auto at = hits_within(in, h->first, h->first + 1);
    return std::any_of(at.begin(), at.end(), tells);
}

/// Whether tokens [begin, end) tell something of a place.
bool tells_of_place(const Passage& in, std::uint32_t begin, std::uint32_t end) {
    bool place = false, told = false;
    for (const Hit& h : hits_within(in, begin, end)) {
        if (h.last >= end) continue;
        place = place || is_place(h.kind());
        told = told || h.kind() == Kind::target || h.kind() == Kind::weak || (place && (h.kind() == Kind::spared || is_nulling(h) || (h.kind() == Kind::negated && h.entry->code == negated_enhancing)));
    }
    return place && told;
}

/// "the septum shows no LGE": whether a place is the subject of what is told in tokens [begin, end).
bool begins_with_place(const Passage& in, std::uint32_t begin, std::uint32_t end) {
    const Hit* h = hit_from(in, begin);
    return h != nullptr && h->last < end && is_place(h->kind()) && !in.is(in.at[begin], Role::preposition);
}

/// "basal and mid septum": whether the word before a conjunction only describes the place behind it.
bool describes_next(const Passage& in, std::uint32_t joint) {
    if (joint == 0) return true;
    const auto ends = [&](const Hit& h) { return h.last + 1 == joint && h.first == h.last && ((h.kind() == Kind::level && !is_noun(h.entry->code) && static_cast<LevelWord>(h.entry->code) != LevelWord::apex) || h.kind() == Kind::wall); };
    return std::any_of(in.hits.begin(), in.hits.end(), ends);
}

/// Whether another mention is brought up at a token, "there is", "we note": the token behind it, or the token itself.
std::uint32_t behind_there(const Passage& in, std::uint32_t i) {
    constexpr std::uint32_t verb = 3;  // tokens: "may be"
    if (in.lexicon.there != 0 && in.at[i].word == in.lexicon.there) {
        std::uint32_t k = i + 1;
        while (k < in.count && k < i + verb && (in.starts_at(Kind::verb, k) || in.starts_at(Kind::explains, k))) ++k;
        return k;
    }
    const auto brings = [&](const Hit& s) { return s.kind() == Kind::verb && s.entry->code == verb_there && s.first == i; };
    const auto found = std::find_if(in.side.begin(), in.side.end(), brings);
    return found == in.side.end() ? i : found->last + 1;
}

/// "there may be LGE in the apex", "possible LGE in the apex", "no LGE in the apex", "transmural LGE involves the apex",
/// "LGE in the apex is questionable": a mention with a place of its own, and a doubt, a denial or a verb; behind what is closed,
/// "the septum shows no LGE, and transmural LGE of the apex", a layer as well.
bool mentions_another(const Passage& in, std::uint32_t from, bool closed) {
    constexpr std::uint32_t subject = 7, reach = 4;  // tokens
    std::uint32_t i = behind_there(in, from);
    bool marked = i > from;
    const Hit* mention = nullptr;
    for (const std::uint32_t end = std::min(in.count, i + subject); i < end && mention == nullptr; ++i) {
        if (in.at[i].kind != Token::Kind::word) return false;
        for (const Hit& h : hits_within(in, i, i + 1)) {
            if (h.kind() == Kind::target || h.kind() == Kind::weak) mention = &h;
            else if (h.kind() == Kind::hedge || h.kind() == Kind::negation || (closed && h.kind() == Kind::pattern)) marked = true;
            else if (h.kind() != Kind::pattern && h.kind() != Kind::ignore && h.kind() != Kind::hedged) return false;
        }
    }
    if (mention == nullptr) return false;
    if (mention->kind() == Kind::weak && mention->last + 1 < in.count && in.is(in.at[mention->last + 1], Role::preposition))  // "a band of LGE runs along the apex"
        if (const Hit* of = hit_from(in, mention->last + 1); of != nullptr && of->kind() == Kind::target && of->first == mention->last + 2) mention = of;
    const std::uint32_t next = mention->last + 1;
    const bool verb = in.starts_at(Kind::verb, next) || in.starts_at(Kind::explains, next);
    std::uint32_t place = next;
    while (place < std::min(in.count, next + reach) && in.at[place].kind == Token::Kind::word && place_at(in, place) == nullptr) ++place;
    const std::uint32_t behind = behind_places(in, place);
    if (behind == place) return false;
    if (marked || verb) return true;
    const Hit* told = hit_from(in, behind);
    return told != nullptr && told->first <= behind + 1 && ((told->kind() == Kind::negated && told->entry->code == 0) || told->kind() == Kind::hedged || told->kind() == Kind::hedge);
}

/// "infarct-type enhancement of the apex, and septal mid-wall enhancement at the base": behind a comma and a place as an adjective
/// another mention by name, where nothing is denied.
bool describes_mention(const Passage& in, std::uint32_t begin, std::uint32_t joint, std::uint32_t behind) {
    constexpr std::uint32_t layers = 3;
    if (!sign(in.at[joint], ',') || in.is(in.at[behind - 1], Role::segment)) return false;
    const auto before = hits_within(in, begin, joint);
    const auto named = [](const Hit& h) { return h.kind() == Kind::target && h.entry->code != 1; };
    if (std::any_of(before.begin(), before.end(), [](const Hit& h) { return h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::hedge || h.kind() == Kind::hedged; }) || std::none_of(before.begin(), before.end(), named)) return false;
    std::uint32_t i = behind;
    for (const Hit& h : hits_within(in, behind, std::min(in.count, behind + layers)))
        if (h.first == i && h.kind() == Kind::pattern) i = h.last + 1;
        else return h.first == i && named(h);
    return false;
}

/// "in the apex there is LGE": a place before what brings up another mention.
bool there_behind(const Passage& in, std::uint32_t from) {
    if (!in.is(in.at[from], Role::preposition)) return false;
    const std::uint32_t subject = article(in, from + 1) ? from + 2 : from + 1, behind = behind_places(in, subject);
    return behind > subject && behind < in.count && behind_there(in, behind) > behind;
}

/// "T1 was normal, and late enhancement imaging was unremarkable": the images, and an answer right behind them.
bool answers_images(const Passage& in, std::uint32_t from) {
    constexpr std::uint32_t noun = 2;  // tokens
    const Hit* images = hit_from(in, article(in, from) ? from + 1 : from);
    if (images == nullptr || !is_images(*images) || images->first > from + 1) return false;
    const Hit* answer = hit_from(in, images->last + 1);
    return answer != nullptr && answer->first <= images->last + noun && (answer->kind() == Kind::answer || is_nulling(*answer)) && in.starts_at(Kind::explains, answer->first);
}

/// "The myocardium nulls and lymph nodes enhance", "T1 is raised and the myocardium nulls": behind "and" another thing than the
/// myocardium that nulls, or that myocardium.
bool parts_nulling(const Passage& in, std::uint32_t begin, std::uint32_t conjunction) {
    constexpr std::uint32_t reach = 3;
    if (!in.any(Kind::answer)) return false;
    const auto other = [](const Hit& h) { return h.kind() == Kind::organ || h.kind() == Kind::modality || h.kind() == Kind::finding; };
    const auto nulls = [](const Hit& h) { return h.kind() == Kind::answer && (h.entry->code == answer_nulling || h.entry->code == 0) && h.last > h.first; };
    const Hit *null = nullptr, *rest = nullptr;
    bool null_before = false, other_before = false;
    for (const Hit& h : in.hits) {
        if (h.first < begin) continue;
        if (h.last < conjunction) null_before = null_before || nulls(h), other_before = other_before || other(h) || is_head(h.kind());
        else if (h.first > conjunction) {
            if (null == nullptr && nulls(h)) null = &h;
            if (rest == nullptr && other(h)) rest = &h;
        }
    }
    if (null_before) return rest != nullptr && rest->first <= conjunction + reach;
    return other_before && null != nullptr && null->entry->code == answer_nulling && null->first <= conjunction + reach;
}

/// "..., the septum and the RV are spared": whether a place right before a conjunction begins a part of the sentence.
bool begins_subject(const Passage& in, std::uint32_t conjunction) {
    std::uint32_t first = conjunction;
    for (auto h = in.hits.rbegin(); h != in.hits.rend(); ++h)
        if (is_place(h->kind()) && h->last + 1 == first) first = h->first;
    if (first > 1 && article(in, first - 1)) --first;
    const auto turns = [&](const Hit& h) { return h.kind() == Kind::stop && h.last + 1 == first; };  // "whereas the septum and the RV are spared"
    return first < conjunction && first > 0 && (sign(in.at[first - 1], ',') || sign(in.at[first - 1], ';') || std::any_of(in.hits.begin(), in.hits.end(), turns));
}

/// "LGE in the lateral wall and RV function is normal": behind "and" another subject, which is healthy.
bool begins_foreign(const Passage& in, std::uint32_t conjunction) {
    if (!in.any(Kind::spared)) return false;
    const auto subject = [&](const Hit& h) { return (h.kind() == Kind::organ || h.kind() == Kind::measure || h.kind() == Kind::ignore) && h.first > conjunction && h.first <= conjunction + 2 && in.starts_at(Kind::spared, h.last + 1); };
    if (std::none_of(in.hits.begin(), in.hits.end(), subject) && std::none_of(in.side.begin(), in.side.end(), subject)) return false;
    return in.find_hit(Kind::target, 0, conjunction) != nullptr && !begins_subject(in, conjunction);
}

/// "a mid-wall stripe of the septum, and biventricular function was normal": behind "and" the subject of a verb is another observation.
bool begins_observation(const Passage& in, std::uint32_t conjunction) {
    constexpr std::uint32_t reach = 3;  // tokens: "and left ventricular function"
    if (!in.any(Kind::modality) || conjunction == 0) return false;
    const Hit* told = hit_from(in, conjunction + 1);
    if (told != nullptr && told->kind() == Kind::lv) told = hit_from(in, told->last + 1);
    if (told == nullptr || told->kind() != Kind::modality || told->entry->code != modality_unnamed || told->first > conjunction + reach || told->last + 1 >= in.count) return false;
    const std::uint32_t verb = told->last + 1;
    const auto plain = [&](const Token& t) { return t.kind == Token::Kind::word && !in.is(t, Role::preposition | Role::conjunction | Role::accompanying | Role::possessive) && hit_from(in, verb) == nullptr; };
    if (!in.starts_at(Kind::explains, verb) && !(sign(in.at[conjunction - 1], ',') && plain(in.at[verb]))) return false;  // "..., and function had recovered"
    const auto seen = [&](const Hit& h) { return (h.kind() == Kind::weak || h.kind() == Kind::target) && h.last < conjunction; };
    return std::any_of(in.hits.begin(), in.hits.end(), seen);
}

/// "LGE of the septum and pericardial LGE": behind "and" the enhancement of an organ.
bool begins_organ(const Passage& in, std::uint32_t conjunction) {
    if (!in.any(Kind::organ) || std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::pattern && h.last + 1 == conjunction; })) return false;  // not "epicardial and pericardial fibrosis"
    const auto organ = [&](const Hit& h) { return h.kind() == Kind::organ && h.first == conjunction + 1 && in.find_hit(Kind::target, h.last + 1, h.last + 2) != nullptr; };
    const auto before = [&](Kind k) { return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == k && h.last < conjunction; }); };
    return before(Kind::target) && !before(Kind::organ) && std::any_of(in.hits.begin(), in.hits.end(), organ);
}

/// "LGE of the pericardium, the underlying myocardium does not enhance": behind the LGE of an organ the ventricle, and what is told of it.
bool begins_with_ventricle(const Passage& in, std::uint32_t begin, std::uint32_t joint, std::uint32_t from) {
    constexpr std::uint32_t noun = 2;  // tokens: "the underlying"
    const Hit* lv = in.any(Kind::organ, Kind::lv) ? hit_from(in, from) : nullptr;
    if (lv == nullptr || lv->kind() != Kind::lv || lv->first > from + noun || !predicate_at(in, lv->last + 1)) return false;
    const auto before = hits_within(in, begin, joint);
    const auto has = [&](Kind kind) { return std::any_of(before.begin(), before.end(), [&](const Hit& h) { return h.kind() == kind; }); };
    return has(Kind::organ) && has(Kind::target) && !has(Kind::lv);
}

}  // namespace

bool begins_other_thing(const Passage& in, std::uint32_t begin, std::uint32_t conjunction) { return parts_nulling(in, begin, conjunction) || begins_organ(in, conjunction) || begins_observation(in, conjunction) || begins_foreign(in, conjunction); }

bool begins_clause(const Passage& in, std::uint32_t begin, std::uint32_t joint) {
    std::uint32_t from = joint + 1;
    if (sign(in.at[joint], ',') && from < in.count && in.is(in.at[from], Role::conjunction)) ++from;
    if (from >= in.count) return false;
    if (answers_images(in, from) || begins_with_ventricle(in, begin, joint, from)) return true;
    if (!tells_of_place(in, begin, joint) || sign(in.at[joint], '-')) return false;
    if (there_behind(in, from)) return true;
    const bool own = article(in, from);
    const std::uint32_t subject = own ? from + 1 : from;
    if (const std::uint32_t behind = behind_places(in, subject); behind > subject && describes_mention(in, begin, joint, behind)) return true;
    if (const std::uint32_t behind = behind_places(in, subject); behind > subject) return (own || in.starts_at(Kind::segmentword, from) || !describes_next(in, joint)) && !in.opens_bracket(from, behind) && predicate_at(in, behind);  // not "..., the inferior wall (apex spared)"
    const auto outside = [&](const Hit& h) { return h.kind() == Kind::organ && h.entry->code == organ_outside && h.first >= begin && h.last < joint; };
    return std::none_of(in.hits.begin(), in.hits.end(), outside) && mentions_another(in, from, begins_with_place(in, begin, joint));
}

bool parts_places(const Passage& in, std::uint32_t comma) {
    if (comma == 0 || std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_place(h.kind()) && h.last + 1 == comma; })) return false;
    bool closed = false;  // a conjunction came
    for (std::uint32_t k = comma + 1; k < in.count;) {
        if (const Hit* place = place_at(in, k); place != nullptr) {
            if (closed) return true;
            k = place->last + 1;
        } else if (sign(in.at[k], ',') || in.is(in.at[k], Role::joining | Role::conjunction)) {
            closed = in.is(in.at[k], Role::conjunction) || (closed && !sign(in.at[k], ','));
            ++k;
        } else return false;
    }
    return false;
}

bool brings_up(const Passage& in, const Hit& except) {
    const std::uint32_t behind = behind_places(in, except.last + 1);
    return except.first > 0 && behind > except.last + 1 && behind < in.count && behind_there(in, behind) > behind;
}

}  // namespace lge::report
