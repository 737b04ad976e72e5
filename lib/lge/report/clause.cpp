#include "lge/report/gathered.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lge::report {

namespace {

constexpr std::array<bool, 256> may_part = [] {
    std::array<bool, 256> t{};
    for (const char c : {';', '|', ',', ':', '-'}) t[static_cast<unsigned char>(c)] = true;
    return t;
}();

/// "LGE of the pericardium - the myocardium does not enhance": a dash between blanks.
bool is_dash(const Passage& in, std::uint32_t i) { return sign(in.at[i], '-') && in.at[i].spaced && i + 1 < in.count && in.at[i + 1].spaced; }

/// "no oedema and subepicardial LGE in the lateral wall": what follows "and" is located, what is denied is no LGE.
bool affirms_after(const Passage& in, std::uint32_t conjunction, std::uint32_t negation, bool comma = false) {
    constexpr std::uint32_t reach = 2;
    bool other = false, target = false, place = false, pattern = false, before = false, verb = false;  // before: a mention that is denied
    for (const Hit& h : in.hits) {
        if (h.first <= negation) continue;
        if (h.last < conjunction) {
            before = before || h.kind() == Kind::target || h.kind() == Kind::weak || h.kind() == Kind::sequence;
            other = other || is_head(h.kind());
            continue;
        }
        if (h.kind() == Kind::stop || h.kind() == Kind::negation || h.kind() == Kind::negated) break;
        verb = verb || (!target && h.kind() == Kind::target && h.first <= conjunction + reach && in.starts_at(Kind::explains, h.last + 1));
        target = target || h.kind() == Kind::target || h.kind() == Kind::weak;
        place = place || h.kind() == Kind::wall || h.kind() == Kind::segmentword;
        pattern = pattern || h.kind() == Kind::pattern;
    }
    if (before) return verb && !comma && (place || pattern);  // "free of scar, and LGE was confined to the papillary muscle"
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
            if (k == Kind::wall || k == Kind::pattern || k == Kind::level || k == Kind::segmentword) place = true;
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
    if (const auto nor = behind(Kind::negation, *layer); nor != in.hits.end() && in.is(in.at[nor->first], Role::alternative) && corrected(in, *nor)) return true;  // "neither endocardial nor epicardial but midwall"
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

/// "seg 5 0, seg 4 100 %": behind a comma a segment's number and the first of its amount.
bool starts_numbered_row(const Passage& in, std::uint32_t i) {
    if (i + 2 >= in.count || !in.is(in.at[i], Role::segment) || in.at[i + 1].kind != Token::Kind::number || in.at[i + 2].kind != Token::Kind::number || !in.at[i + 2].spaced) return false;
    return in.at[i + 2].value == 0 || (i + 3 < in.count && (sign(in.at[i + 3], '%') || sign(in.at[i + 3], '-')));
}

/// "... and not seen elsewhere", "... and none was found in the remaining segments"
bool rest_behind(const Passage& in, const Hit& denial) {
    constexpr std::uint32_t reach = 5;
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::qualifier && s.entry->code == 1 && s.first > denial.last && s.first <= denial.last + reach && std::none_of(in.at + denial.last, in.at + s.first, [](const Token& t) { return sign(t, ','); }); });
}

/// "the lateral scar is smaller and the septal one has vanished": behind "and" or a comma another place, and what became of it,
/// where a change is told before.
bool tells_fate(const Passage& in, std::uint32_t i) {
    if (!in.any(Kind::temporal)) return false;
    const auto place = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_place(h.kind()) && (h.first == i + 1 || (h.first > i + 1 && h.first <= i + 3 && in.is(in.at[i + 1], Role::possessive))); });  // "the former lateral focus"
    if (place == in.hits.end()) return false;
    const std::uint32_t noun = place->last + 1;
    const Hit* scar = in.find_hit(Kind::target, noun, in.count);
    const std::uint32_t verb = (scar != nullptr && scar->first == noun ? scar->last : noun) + 1;  // behind "scar", "one"
    const bool gone = in.starts_at(Kind::negated, verb) || (verb < in.count && in.is(in.at[verb], Role::joining) && in.starts_at(Kind::negated, verb + 1));
    return gone && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::temporal && s.last < i; });
}

/// "LGE is absent from the septum and present in the lateral wall", "... present in one wall and absent from another":
/// behind "and" or a comma the same thing is told of another place. `from`: the first hit that can stand behind the token.
bool turns(const Passage& in, std::uint32_t i, std::size_t from) {
    if (!in.any(Kind::negated) || !(sign(in.at[i], ',') || in.is(in.at[i], Role::conjunction))) return false;
    if (tells_fate(in, i)) return true;
    constexpr std::uint32_t reach = 3;
    std::uint32_t edge = i;  // "..., in the apical slices it is absent"
    for (std::size_t k = from; k < in.hits.size() && in.hits[k].first <= edge + reach; ++k) {
        const Hit& h = in.hits[k];
        if (h.first <= i) continue;
        for (std::uint32_t t = edge + 1; t < h.first; ++t)
            if (sign(in.at[t], ',')) return false;
        if (edge > i && h.kind() == Kind::negated && (is_pronoun(in, h.first - 1) || (h.first > edge + 2 && is_pronoun(in, h.first - 2)) || (h.first == edge + 1 && in.is(in.at[h.first], Role::accompanying)))) return true;  // "... and apically there is nothing left of it"
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
    const std::uint32_t also = hedge.first > 1 && in.at[hedge.first - 1].word == in.lexicon.also ? 2 : 1;  // ", also a questionable focus of ..."
    const Token& before = in.at[hedge.first - also];
    if (hedge.first > 1 && in.at[hedge.first - 2].kind == Token::Kind::number && (sign(before, ',') || in.is(before, Role::conjunction)) && doubts_number(in, hedge)) return true;  // "4, 10 and possibly 15"
    if (!place_before) return false;
    const auto joint = [&](const Token& t) { return sign(t, ',') || in.is(t, Role::conjunction); };
    const bool adverb = hedge.first > 1 && joint(in.at[hedge.first - 2]) && in.starts_at(Kind::explains, hedge.first - 1) && !in.is(before, Role::preposition);  // "and merely possible in ..."
    if (!adverb && !(sign(before, ',') || sign(before, '(') || in.is(before, Role::conjunction | Role::accompanying)) && !sign(in.at[hedge.first], '?')) return false;
    if (doubts_number(in, hedge)) return true;
    std::uint32_t edge = hedge.last;
    for (std::size_t n = k + 1; n < in.hits.size(); ++n) {
        const Hit& h = in.hits[n];
        if (h.first <= hedge.last) continue;
        if (h.first - edge > reach) break;
        const bool focus = h.kind() == Kind::weak && h.first == edge + 1 && sign(before, ',') && std::none_of(in.hits.begin(), in.hits.begin() + static_cast<std::ptrdiff_t>(k), [](const Hit& o) { return o.kind() == Kind::target || o.kind() == Kind::weak; });  // "LGE: septum, also a questionable focus at the apex"
        if (focus || (h.kind() == Kind::weak && in.is(in.at[h.first], Role::involved))) {  // "with possible involvement of the septum"
            edge = h.last;
            continue;
        }
        if (is_head(h.kind()) || h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::stop || h.kind() == Kind::organ) return false;
        if (is_place(h.kind())) return std::none_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::dx && s.first > hedge.last && s.first < h.first; });
        edge = h.last;
    }
    return false;
}

/// "T2 was normal and no segment showed LGE": a verb stands right behind what is denied, and a mention.
bool denies_subject(const Passage& in, const Hit& denial) {
    constexpr std::uint32_t reach = 4;
    if (denial.first == denial.last) return false;
    const auto mention = [&](const Hit& h) { return h.kind() == Kind::target && h.first > denial.last && (h.first == denial.last + 1 || (h.first <= denial.last + reach && in.is(in.at[denial.last + 1], Role::showing))); };
    return std::any_of(in.hits.begin(), in.hits.end(), mention);
}

/// "On the previous scan there was LGE": whether nothing but an earlier examination stands in the clause before a token.
bool behind_history(const Passage& in, std::uint32_t begin, const Hit& stop) {
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::history && h.first == begin && h.last + 1 == stop.first && stop.last > stop.first; });
}

/// "probable but thin LGE": whether a word that parts clauses only follows a doubt about what is still to come.
bool concedes(const Passage& in, std::size_t k) {
    if (k == 0 || in.hits[k].entry->code != 0) return false;
    const Hit& before = in.hits[k - 1];
    if (before.kind() != Kind::hedge && before.kind() != Kind::hedged) return false;
    return before.last + 1 == in.hits[k].first || (before.last + 2 == in.hits[k].first && sign(in.at[before.last + 1], ','));
}

/// "LGE: mid anterior wall, subendocardial, no oedema": behind a comma another thing is denied and ends the sentence, where places
/// alone stand before it.
bool ends_with_company(const Passage& in, std::uint32_t begin, std::size_t k) {
    constexpr std::uint32_t adjectives = 2;
    const Hit& denial = in.hits[k];
    if (denial.first < 2 || !(sign(in.at[denial.first - 1], ',') || is_dash(in, denial.first - 1))) return false;
    const auto thing = std::find_if(in.hits.begin() + static_cast<std::ptrdiff_t>(k) + 1, in.hits.end(), [&](const Hit& h) { return h.first > denial.last; });
    if (thing == in.hits.end() || !(thing->kind() == Kind::modality || thing->kind() == Kind::finding) || thing->first > denial.last + adjectives || thing->last + 2 < in.count) return false;
    const auto place = [&](const Hit& h) { return h.first >= begin && h.last < denial.first && is_place(h.kind()); };
    return std::any_of(in.hits.begin(), in.hits.end(), place);
}

/// "mid anterior 50 %, apical 75 %, rest of the LV no LGE", "basal septum, all other segments clear": a comma behind which the rest
/// is denied.
bool begins_rest(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t reach = 3, denial_reach = 5;
    const bool denial = in.starts_at(Kind::negation, comma + 1);  // "basal inferior wall, no fibrosis elsewhere"
    const auto rest = std::find_if(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::qualifier && s.entry->code == 1 && s.first > comma && s.first <= comma + (denial ? denial_reach : reach); });
    if (rest == in.side.end() || std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.last < comma && is_place(h.kind()); })) return false;
    if (denial) return true;
    const auto apart = [&](const Hit& h) {  // not "the septum, like all others, nulls"
        if (std::any_of(in.at + comma + 1, in.at + rest->first, [&](const Token& t) { return in.is(t, Role::conjunction); })) return false;
        return std::none_of(in.at + rest->last, in.at + std::max(rest->last, h.first), [](const Token& t) { return sign(t, ','); });
    };
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) {
        const bool names_rest = h.kind() == Kind::answer && h.first >= rest->first && h.last > rest->last;  // "remaining myocardium nulled", as one phrase
        if (!names_rest && (h.first <= rest->last || h.first > rest->last + denial_reach)) return false;
        if (h.kind() == Kind::negation || h.kind() == Kind::negated) return true;
        return (h.kind() == Kind::answer || (h.kind() == Kind::spared && h.entry->code == spared_clean)) && apart(h);
    });
}

/// "subendocardial mid anterior, transmural apical anterior, none in the apical septum", "..., in the apical septum none": behind a
/// comma or "and", with places before it, nothing but places and a word of absence, up to the next comma.
bool none_in_next(const Passage& in, std::uint32_t begin, std::uint32_t joint) {
    std::uint32_t i = joint + 1;
    if (sign(in.at[joint], ',') && i < in.count && in.is(in.at[i], Role::conjunction)) ++i;
    const bool aside = i < in.count && sign(in.at[i], ',');  // "and, at the apex, nothing"
    if (aside) ++i;
    const std::uint32_t from = i;
    bool none = false, place = false, verb = false, joined = false;
    const auto before = [&](const Hit& h) { return is_place(h.kind()) && h.first >= begin && h.last < joint; };
    if (std::none_of(in.hits.begin(), in.hits.end(), before)) return false;
    for (; i < in.count && !sign(in.at[i], ';');) {
        if (sign(in.at[i], ',')) {
            if (!aside || none || !place) break;
            ++i;
            continue;
        }
        auto here = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first == i; });
        if (here != in.hits.end() && here->kind() == Kind::negation && here + 1 != in.hits.end() && here[1].first == i && here[1].kind() == Kind::negated) ++here;  // "absent" is both
        if (here == in.hits.end()) {
            const bool shows = place && in.is(in.at[i], Role::showing) && in.starts_at(Kind::negated, i + 1);  // "and the lateral wall contains none"
            verb = verb || shows;
            joined = joined || (place && in.is(in.at[i], Role::conjunction));
            if (!shows && (!in.is(in.at[i], Role::preposition | Role::possessive | Role::joining | Role::segment) || in.is(in.at[i], Role::accompanying))) return false;
            ++i;
        } else if (is_place(here->kind()) || here->kind() == Kind::lv) {
            place = true;
            i = here->last + 1;
        } else if (here->kind() == Kind::negated && (here->entry->code == 0 || (here->entry->code == negated_gone && i == from && here->last + 1 < in.count && in.is(in.at[here->last + 1], Role::preposition))) && !none) {
            none = i == from || place;
            if (!none) return false;
            i = here->last + 1;
        } else return false;
    }
    if (verb && joined) return false;  // "at basal and mid level and the lateral wall contains none" parts at the last
    return none && place && (verb || in.is(in.at[from], Role::preposition) || in.starts_at(Kind::negated, from));
}

/// "in the apical segments none, in the mid inferior wall subendocardial enhancement": a word of absence right behind a place ends
/// at a comma that another place follows.
bool none_before(const Passage& in, std::uint32_t comma) {
    if (comma < 2 || comma + 2 >= in.count || !in.is(in.at[comma + 1], Role::preposition)) return false;
    const auto none = [&](const Hit& h) { return h.kind() == Kind::negated && h.first + 1 == comma && h.last == h.first; };
    const auto place = [&](const Hit& h) { return is_place(h.kind()) && h.last + 2 == comma; };
    const auto other = [&](const Hit& h) { return is_place(h.kind()) && h.first > comma && h.first <= comma + 4; };
    return std::any_of(in.hits.begin(), in.hits.end(), none) && std::any_of(in.hits.begin(), in.hits.end(), place) && std::any_of(in.hits.begin(), in.hits.end(), other);
}

/// "none at the base, patchy at mid level", "none septal, lateral 50 %": nothing at the place before a comma, and behind it a
/// layer, or a place and its amount.
bool none_at_this(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t reach = 4, behind_place = 4;
    const bool amount = in.has_number && (in.starts_at(Kind::wall, comma + 1) || in.starts_at(Kind::level, comma + 1)) &&
                        std::any_of(in.at + comma + 1, in.at + std::min(in.count, comma + 1 + behind_place), [](const Token& t) { return t.kind == Token::Kind::number; });
    if (!amount && !in.starts_at(Kind::pattern, comma + 1)) return false;
    const auto none = [&](const Hit& h) {
        return h.kind() == Kind::negated && h.last == h.first && h.first + reach >= comma && h.last + 1 < comma && (in.is(in.at[h.last + 1], Role::preposition | Role::range) || in.starts_at(Kind::wall, h.last + 1) || in.starts_at(Kind::level, h.last + 1));
    };
    const auto place = [&](const Hit& h) { return is_place(h.kind()) && h.last + 1 == comma; };
    return std::any_of(in.hits.begin(), in.hits.end(), none) && std::any_of(in.hits.begin(), in.hits.end(), place);
}

/// "LGE of all apical segments but the lateral one, and of the tip": a comma ends an exception to what is told, where "and" and a
/// preposition lead to another place.
bool resumes(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t reach = 3;
    const std::uint32_t of = comma + 2;
    if (of >= in.count || !in.is(in.at[comma + 1], Role::conjunction) || !in.is(in.at[of], Role::preposition) || in.is(in.at[of], Role::conjunction)) return false;
    const auto denial = [&](const Hit& h) { return h.first < comma && (h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::answer); };
    const auto place = [&](const Hit& h) { return is_place(h.kind()) && h.first > of && h.first <= of + reach; };
    return std::none_of(in.hits.begin(), in.hits.end(), denial) && std::any_of(in.hits.begin(), in.hits.end(), place);
}

/// "LGE in the inferior wall, and the anterior and lateral walls null well": behind a comma nothing but places, and then that
/// they null.
bool walls_null(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t reach = 3;
    std::uint32_t edge = comma;
    for (const Hit& h : in.hits) {
        if (h.first <= comma) continue;
        if (h.first > edge + reach || std::any_of(in.at + edge + 1, in.at + h.first, [](const Token& t) { return sign(t, ';') || sign(t, ':'); })) return false;
        if (is_nulling(h)) return edge > comma && h.entry->code == answer_nulling;
        if (!is_place(h.kind())) return false;
        edge = h.last;
    }
    return false;
}

/// "basal inferior (certain), basal inferolateral (uncertain)": the place behind a comma has a doubt of its own in brackets.
bool doubts_in_brackets(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t reach = 12;
    if (!(sign(in.at[comma], ',') || in.is(in.at[comma], Role::conjunction))) return false;
    const auto level = [&](const Hit& h) { return h.kind() == Kind::level && h.last + 1 == comma && in.starts_at(Kind::level, comma + 1); };
    if (std::any_of(in.hits.begin(), in.hits.end(), level)) return false;  // "... and the basal and mid septum (doubtful)"
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

/// "no defect, scar or thrombus": a comma before things that "or" closes, within what is denied.
bool parts_denied(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t longest = 8;  // tokens
    for (std::uint32_t i = comma + 1; i < std::min(in.count, comma + longest); ++i) {
        if (in.at[i].kind != Token::Kind::word && !sign(in.at[i], ',')) return false;
        if (in.is(in.at[i], Role::alternative)) return true;
        if (in.starts_at(Kind::explains, i) || in.starts_at(Kind::verb, i) || in.is(in.at[i], Role::showing)) return false;
    }
    return false;
}

/// "in the apex there is LGE": "there" behind nothing but a place, which what follows is told of.
bool behind_place_alone(const Passage& in, std::uint32_t begin, std::uint32_t there) {
    if (in.lexicon.there == 0 || in.at[there].word != in.lexicon.there || there <= begin) return false;
    std::uint32_t first = begin;
    while (first < there && (in.is(in.at[first], Role::conjunction) || sign(in.at[first], ',') || in.starts_at(Kind::stop, first) || in.starts_at(Kind::except_, first))) ++first;
    bool place = false;
    for (const Hit& h : in.hits) {
        if (h.first < begin || h.last >= there) continue;
        if ((h.kind() == Kind::stop || h.kind() == Kind::except_) && h.first < first) continue;
        if (!is_place(h.kind())) return false;
        place = true;
    }
    return place && in.is(in.at[first], Role::preposition);
}

/// "Except for the septum there is diffuse LGE", "With the exception of segment 8 all segments enhance": the token behind the
/// places that an exception at the start leaves out, where no comma ends them; else `nowhere`.
std::uint32_t behind_opening_exception(const Passage& in) {
    const auto opening = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::except_; });
    if (opening == in.hits.end() || opening->first > 0) return nowhere;
    const std::uint32_t begin = opening->last + 1;
    std::uint32_t i = begin;
    bool any = false;
    for (; i < in.count; ++i) {
        const auto place = [&](const Hit& h) { return h.first <= i && h.last >= i && (h.kind() == Kind::wall || h.kind() == Kind::level || h.kind() == Kind::segmentword); };
        const bool whole = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first == i && (h.kind() == Kind::all || h.kind() == Kind::all17 || h.kind() == Kind::stop); });
        const bool named = std::any_of(in.hits.begin(), in.hits.end(), place);
        const bool article = in.is(in.at[i], Role::possessive) && i > begin && !in.is(in.at[i - 1], Role::preposition | Role::conjunction) && !in.is(in.at[i], Role::preposition);  // "the septum the whole LV enhances"
        any = any || named;
        if (whole || article || !(named || in.at[i].kind == Token::Kind::number || in.is(in.at[i], Role::joining | Role::possessive | Role::conjunction))) break;
    }
    return any && i < in.count && in.at[i].kind == Token::Kind::word ? i : nowhere;
}

/// "The MRI of 2019 had shown septal LGE, today the myocardium nulls": behind a comma the examination reported.
bool turns_to_present(const Passage& in, std::uint32_t begin, std::uint32_t comma) {
    const auto present = [&](const Hit& s) { return s.kind() == Kind::examination && s.entry->code == examination_now && s.first == comma + 1; };
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::history && h.first >= begin && h.last < comma; }) && std::any_of(in.side.begin(), in.side.end(), present);
}

}  // namespace

void part_clauses(Passage& in) {
    in.clause.assign(in.count, 0);
    in.excepting.assign(1, false);
    const bool nulls = in.any(Kind::answer) && in.any(Kind::wall);
    const bool two = std::count_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::target; }) > 1;
    if (!two && !in.any(Kind::spared, Kind::stop, Kind::except_, Kind::negation, Kind::negated, Kind::hedge, Kind::hedged, Kind::observer, Kind::opening, Kind::history, Kind::modality, Kind::finding, Kind::organ, Kind::hypothetical) && !in.has_semicolon && !in.has_colon && !nulls) return;
    if (in.any(Kind::stop)) drop_turns(in);
    if (in.any(Kind::organ) && in.any(Kind::lv)) drop_surrounded(in);
    if (in.any(Kind::except_) && in.any(Kind::modality)) drop_described_ventricle(in);
    if (in.any(Kind::stop))  // "LGE of our patient" goes on
        std::erase_if(in.hits, [&](const Hit& h) { return h.kind() == Kind::stop && h.entry->code == stop_own && (h.first == 0 || !(sign(in.at[h.first - 1], ',') || (h.first > 2 && sign(in.at[h.first - 3], ',') && in.is(in.at[h.first - 2], Role::conjunction) && in.is(in.at[h.first - 1], Role::preposition)))); });
    const bool numbers = in.has_number && in.any(Kind::hedge, Kind::hedged) && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return doubted_number(in, h) != nowhere || (h.kind() == Kind::hedge && doubts_number(in, h)); });
    const bool doubts = numbers || (in.any(Kind::hedge, Kind::hedged) && in.any(Kind::wall, Kind::level, Kind::segmentword));
    const bool now = in.any(Kind::examination) && in.any(Kind::history);
    const bool rests = in.any(Kind::qualifier) && in.any(Kind::negation, Kind::negated, Kind::answer, Kind::spared);
    std::uint32_t current = 0, begin = 0, open_negation = nowhere, label = 0, aside_of = nowhere;  // label: current, or the clause that goes on behind a concession
    const bool joins = in.any(Kind::organ, Kind::history, Kind::modality, Kind::finding);
    const std::uint32_t turn = in.any(Kind::opening) && in.any(Kind::history, Kind::notdone, Kind::negated) ? examination_behind(in) : nowhere;
    if (in.any(Kind::negation, Kind::negated) || turn != nowhere) part_denials(in, turn);
    const bool places = in.any(Kind::negated) && in.any(Kind::wall, Kind::level, Kind::segmentword);
    const bool denied = in.any(Kind::negated, Kind::hypothetical);
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
    const std::uint32_t told_behind = in.any(Kind::except_) ? behind_opening_exception(in) : nowhere;
    const Hit* const hits = in.hits.data();
    const std::size_t count = in.hits.size();
    for (std::uint32_t i = 0; i < in.count; ++i) {
        const bool parts = may_part[static_cast<unsigned char>(in.at[i].sign)] || in.is(in.at[i], Role::conjunction);
        if (!parts && i != turn && i != told_behind && (h == count || hits[h].first != i)) {  // most tokens
            in.clause[i] = label;
            continue;
        }
        const std::uint32_t before = current;
        if ((sign(in.at[i], ';') && !measures_in_bracket(in, i)) || sign(in.at[i], '|') || (sign(in.at[i], ',') && ((colon && starts_row(in, i + 1) && !lists_labels(in, i)) || (in.has_number && starts_numbered_row(in, i + 1))))) next_clause(false);
        if (i == told_behind) next_clause(false);
        if (i == turn || (head && turns(in, i, h) && !(sign(in.at[i], ',') && aside_of == nowhere && tells_aside(in, i)))) next_clause(false);
        const bool list = sign(in.at[i], ',') && (opens || open_negation != nowhere) && (parts_places(in, i) || (open_negation != nowhere && parts_denied(in, i)));
        const bool relative = denied && head && sign(in.at[i], ',') && is_relative(in, i);
        if (sign(in.at[i], ',') && !list && !relative && ((opens && (ends_opening(in, begin, i) || begins_reason(in, i))) || (in.any(Kind::organ) && turns_to_ventricle(in, i)) || (in.any(Kind::pseudo) && persists(in, i)))) next_clause(false);
        if (head && nulls && sign(in.at[i], ',') && walls_null(in, i)) next_clause(false);
        if (in.excepting.back() && sign(in.at[i], ',') && resumes(in, i)) next_clause(false);
        if ((sign(in.at[i], ',') || in.is(in.at[i], Role::conjunction)) && open_negation != nowhere && i + 1 < in.count && is_pronoun(in, i + 1) && (in.starts_at(Kind::hedge, i + 1) || in.starts_at(Kind::hedge, i + 2))) next_clause(false);  // "As it was reproduced neither ... nor ..., it remained unclear whether ..."
        if (places && sign(in.at[i], ',') && (none_before(in, i) || none_at_this(in, i))) next_clause(false);
        if (places && (sign(in.at[i], ',') || in.is(in.at[i], Role::conjunction)) && current == before && none_in_next(in, begin, i)) next_clause(false);
        if (sign(in.at[i], ',') && aside_of != nowhere) label = std::exchange(aside_of, nowhere), open_negation = nowhere;
        else if (sign(in.at[i], ',') && head && (relative || (in.any(Kind::negated) && tells_aside(in, i)))) {
            const std::uint32_t main = label;
            next_clause(false);
            head = true;
            aside_of = main;
        }
        if (sign(in.at[i], ',') && begin > 0 && ends_concession(in, begin, i)) label = in.clause[begin - 1];
        if (current == before && in.is(in.at[i], Role::conjunction) && begins_other_thing(in, begin, i)) next_clause(false);
        if (joins && in.is(in.at[i], Role::conjunction) && begins_sentence(in, begin, i)) next_clause(false);
        if (rests && sign(in.at[i], ',') && begins_rest(in, i)) next_clause(false);
        if (now && sign(in.at[i], ',') && current == before && turns_to_present(in, begin, i)) next_clause(false);
        if ((sign(in.at[i], ',') || is_dash(in, i) || in.is(in.at[i], Role::conjunction)) && begin < i && current == before && begins_clause(in, begin, i)) next_clause(false);
        if (doubts && ((numbers && parts_doubt(in, i)) || doubts_in_brackets(in, i))) next_clause(false);
        colon = colon || sign(in.at[i], ':');
        if (sign(in.at[i], ',') && !list && open_negation != nowhere && (!list_goes_on(in, i, head) || (head && i + 1 < in.count && in.is(in.at[i + 1], Role::conjunction) && affirms_after(in, i + 1, open_negation, true)) || (!head && (turns_to_finding(in, open_negation, i) || opens_sentence(in, open_negation, i))))) next_clause(false);
        if (open_negation != nowhere && head && in.is(in.at[i], Role::conjunction) && affirms_after(in, i, open_negation)) next_clause(false);
        for (std::size_t k = h; k < count && hits[k].first == i; ++k) {
            const Kind kind = hits[k].kind();
            const bool corrects = std::exchange(correcting, correcting && kind != Kind::stop);
            if (kind == Kind::stop && i != told_behind && !corrects && !(!head && behind_place_alone(in, begin, i)) && !behind_history(in, begin, hits[k]) && !(!head && open_negation == nowhere && concedes(in, k)) && !(open_negation == nowhere && is_aside(in, hits[k]))) next_clause(false);
            else if (kind == Kind::except_) next_clause(!brings_up(in, hits[k]));
            else if (kind == Kind::observer && head) next_clause(false);
            else if ((kind == Kind::hedge || kind == Kind::hedged) && doubts && doubts_next(in, k)) next_clause(false);
            else if (kind == Kind::negation && in.hits[k].entry->code == 0) {
                const bool behind = (k > 0 && in.hits[k - 1].first == i && in.hits[k - 1].kind() == Kind::negated) || (k + 1 < in.hits.size() && in.hits[k + 1].first == i && in.hits[k + 1].kind() == Kind::negated);
                if (head ? (!behind || denies_subject(in, in.hits[k])) && !is_answer(in, i) && !corrected(in, in.hits[k]) : ends_with_company(in, begin, k)) next_clause(false);
                open_negation = i;
                correcting = correcting || corrected(in, in.hits[k]);
            } else if (is_head(kind)) head = true;
        }
        while (h < count && hits[h].first <= i) ++h;
        if (current != before) begin = i;
        in.clause[i] = label;
    }
}

}  // namespace lge::report
