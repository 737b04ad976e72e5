#include "lge/report/gathered.hpp"

#include <algorithm>
#include <array>

namespace lge::report {

namespace {

constexpr std::uint32_t stands_for_noun = 2;  // code of "that in"
// by the value of the ellipsis: "... does", "... does not"
const std::array<Entry, 2> filled{Entry{.kind = Kind::target, .value = {}, .name = {}}, Entry{.kind = Kind::negated, .value = {}, .name = {}, .code = negated_enhancing}};

const Entry everything{.kind = Kind::all, .value = {}, .name = {}};

bool is_subject(Kind k) { return is_place(k) || k == Kind::lv || k == Kind::all || k == Kind::all17; }

bool ends(const Passage& in, std::uint32_t last) {
    return last + 1 == in.count || in.starts_at(Kind::pattern, last + 1) || (in.at[last + 1].kind == Token::Kind::sign && !sign(in.at[last + 1], '-')) || in.is(in.at[last + 1], Role::conjunction);
}

/// "segments 5, 6 and 11 do not", "the anterior and inferior walls do not": whether a comma or "and" stands between two numbers,
/// or an "and" between two places; before the verb of several, "do", also where the second has an article.
bool joins_subject(const Passage& in, std::uint32_t joint, bool several) {
    if (joint == 0 || joint + 1 >= in.count) return false;
    if (in.at[joint - 1].kind == Token::Kind::number && in.at[joint + 1].kind == Token::Kind::number) return true;
    const auto before = [&](const Hit& h) { return is_place(h.kind()) && h.last + 1 == joint; };
    const bool article = several && in.is(in.at[joint + 1], Role::possessive) && !in.is(in.at[joint + 1], Role::preposition);
    const auto behind = [&](const Hit& h) { return is_place(h.kind()) && h.first == joint + (article ? 2 : 1); };
    return in.is(in.at[joint], Role::conjunction) && std::any_of(in.hits.begin(), in.hits.end(), before) && std::any_of(in.hits.begin(), in.hits.end(), behind);
}

/// The first token of the part of the sentence that a token stands in, behind a comma, a semicolon, "and" or a word that parts
/// clauses; 0 where it is the sentence's first part.
std::uint32_t part_of(const Passage& in, std::uint32_t token) {
    bool bracket = false;
    const bool several = in.one_of(in.at[token], in.lexicon.several);
    for (std::uint32_t i = token; i > 0; --i) {
        const Token& t = in.at[i - 1];
        if (sign(t, ')')) bracket = true;
        if (sign(t, '(')) bracket = false;
        if (bracket || joins_subject(in, i - 1, several)) continue;
        if (sign(t, ',') || sign(t, ';') || in.is(t, Role::conjunction)) return i;
        if (std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::stop && h.last == i - 1; })) return i;
    }
    return 0;
}

/// "LGE in the septum has resolved, that in the lateral wall persists": behind a comma, "and" or a word that parts clauses
/// it stands for the mention before, of another place.
void name_again(Passage& in, const Hit& h) {
    const std::uint32_t part = part_of(in, h.first);
    if (h.first == 0 || part == 0 || !(part == h.first || (part + 1 == h.first && in.is(in.at[part], Role::joining)))) return;  // ", only that of"
    const auto mention = [&](const Hit& x) { return (x.kind() == Kind::target || x.kind() == Kind::before) && x.last < h.first; };
    const auto place = [&](const Hit& x) { return is_place(x.kind()) && x.first > h.last && x.first <= h.last + 3; };
    if ((std::none_of(in.hits.begin(), in.hits.end(), mention) && std::none_of(in.side.begin(), in.side.end(), mention)) || std::none_of(in.hits.begin(), in.hits.end(), place)) return;
    in.insert(filled[0], h.first, h.first);
    in.insert(parting, part - 1, part - 1);
}

/// The name of a segment, for the number it has.
const std::array<Entry, 18> numbered = [] {
    std::array<Entry, 18> out;
    for (std::uint32_t i = 0; i < out.size(); ++i) out[i] = {.kind = Kind::segmentword, .value = {}, .name = {}, .code = i};
    return out;
}();

/// "no LGE in segments other than 7 and 8": the number behind the exception is that of a segment.
void name_excepted(Passage& in) {
    bool denied = false;
    for (std::size_t k = 0; k < in.hits.size(); ++k) {
        const Hit h = in.hits[k];
        denied = denied || h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::answer;
        if (!denied || h.kind() != Kind::except_ || h.first == 0 || h.last + 1 >= in.count) continue;
        const Token& n = in.at[h.last + 1];
        const bool segment = n.kind == Token::Kind::number && n.value >= 1 && n.value < numbered.size() && n.value == static_cast<float>(static_cast<int>(n.value));
        if (segment && in.is(in.at[h.first - 1], Role::segment)) in.insert(numbered[static_cast<std::size_t>(n.value)], h.last + 1, h.last + 1);
    }
}

/// "LGE in all but the lateral segments": before the exception stands what it is taken from, where that is not denied.
void name_all(Passage& in) {
    const auto of_all = [&](const Hit& h) { return h.kind() == Kind::except_ && h.first > 0 && in.is(in.at[h.first], Role::both); };
    const auto exception = std::find_if(in.hits.begin(), in.hits.end(), of_all);
    const auto denies = [&](const Hit& h) { return (h.kind() == Kind::negation || h.kind() == Kind::negated) && h.last < exception->first; };
    if (exception == in.hits.end() || std::any_of(in.hits.begin(), in.hits.end(), denies)) return;
    const auto zero = [](const Token& t) { return t.kind == Token::Kind::number && t.value == 0; };  // "score 0 in all but segment 3"
    if (std::none_of(in.at, in.at + exception->first, zero)) in.insert(everything, exception->first - 1, exception->first - 1);
}

/// "The inferior wall enhanced at the base", not "enhanced CT": whether the past tense is a verb, whose subject stands before it.
bool is_verb(const Passage& in, const Hit& past) {
    constexpr std::uint32_t reach = 12;
    const std::uint32_t next = past.last + 1;
    if (past.first == 0 || in.at[past.first - 1].kind == Token::Kind::number) return false;
    const auto goes_on = [&](const Hit& h) { return h.first == next && (h.kind() == Kind::sequence || h.kind() == Kind::explains || h.kind() == Kind::except_ || h.kind() == Kind::stop || (h.kind() == Kind::pattern && h.entry->code == static_cast<std::uint32_t>(anatomy::Pattern::diffuse))); };  // "after gadolinium", "except", "the segments that enhanced were ..."
    if (std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::pattern && h.last + 1 == past.first; })) return true;  // "transmurally enhanced"
    const bool measured = next < in.count && in.at[next].kind == Token::Kind::number && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::explains && s.last + 1 == past.first; });  // "is enhanced 50-75 %"
    if (past.last == past.first && next < in.count && !measured && in.at[next].kind != Token::Kind::sign && !in.is(in.at[next], Role::preposition | Role::conjunction) && std::none_of(in.hits.begin(), in.hits.end(), goes_on) && std::none_of(in.side.begin(), in.side.end(), goes_on)) return false;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.last < past.first && h.last + reach > past.first && (is_subject(h.kind()) || h.kind() == Kind::organ || h.kind() == Kind::answer || h.kind() == Kind::ignore || h.kind() == Kind::pattern || h.kind() == Kind::negation); });
}

/// "The mass did not enhance, nor did the myocardium", "..., and so did the septum": the subject stands behind the verb.
bool fill_inverted(Passage& in, const Hit& verb) {
    constexpr std::uint32_t reach = 4;
    const auto leads = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& x) { return x.last + 1 == verb.first && (x.kind() == Kind::negation || x.kind() == Kind::stop); });
    if (leads == in.hits.end() || leads->first == 0) return false;
    const auto subject = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& x) { return x.first > verb.last; });
    if (subject == in.hits.end() || !is_subject(subject->kind()) || subject->first > verb.last + reach) return false;
    const std::uint32_t first = leads->first;
    const auto told = [&](const Hit& x) { return x.last < first && (x.kind() == Kind::target || (x.kind() == Kind::negated && x.entry->code == negated_enhancing)); };
    if (std::none_of(in.hits.begin(), in.hits.end(), told)) return false;
    const Entry& entry = filled[leads->kind() == Kind::negation ? 1 : 0];
    std::erase_if(in.hits, [&](const Hit& x) { return x.first >= first && x.last <= verb.last; });
    in.insert(parting, first, first);
    in.insert(entry, verb.first, verb.last);
    return true;
}

/// "..., the septum is not": the words that stand for what is told of the part before, where they end a part of their own.
void fill(Passage& in, std::uint32_t first, std::uint32_t last, std::uint32_t code) {
    if (!ends(in, last)) return;
    const std::uint32_t part = part_of(in, first);
    const auto within = [&](const Hit& x) { return x.first >= part && x.last < first; };
    const bool subject = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& x) { return within(x) && is_subject(x.kind()); });
    const bool verb = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& x) { return x.last < part && (x.kind() == Kind::target || x.kind() == Kind::weak || (x.kind() == Kind::negated && x.entry->code == negated_enhancing)); });  // or "is bright"
    const bool own = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& x) { return within(x) && (x.kind() == Kind::target || x.kind() == Kind::organ); });
    const bool nulls = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& x) { return x.last < part && is_nulling(x); });
    if (part == 0 || !subject || !(verb || nulls) || own) return;
    const Entry& entry = filled[nulls && !verb ? 1 - code : code];
    std::erase_if(in.hits, [&](const Hit& x) { return x.first >= first && x.last <= last; });
    in.insert(parting, part - 1, part - 1);
    in.insert(entry, first, last);
}

/// "..., the lateral wall is not." ends a sentence; not "the septum, the apex and the inferior wall are not".
void fill_denied(Passage& in, const Hit& verb) {
    if (verb.first != verb.last || verb.last + 2 != in.count - (sign(in.at[in.count - 1], '.') ? 1 : 0)) return;
    const Hit* no = in.find_hit(Kind::negation, verb.last + 1, verb.last + 1);
    if (no == nullptr || no->last != no->first) return;
    const std::uint32_t part = part_of(in, verb.first);
    const bool list = part > 1 && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& x) { return is_place(x.kind()) && x.last + 2 == part; });
    if (!list) fill(in, verb.first, no->last, 1);
}

/// "Scar was not seen in the inferior wall but was found in the septum": behind a word that parts clauses the verb stands for the
/// mention before.
void find_again(Passage& in) {
    constexpr std::uint32_t reach = 4;  // tokens: "in the"
    for (std::size_t k = 0; k < in.hits.size(); ++k) {
        const Hit stop = in.hits[k];
        std::uint32_t i = stop.last + 1;
        if (stop.kind() != Kind::stop || stop.entry->code != 0 || i + 2 >= in.count) continue;
        if (is_pronoun(in, i)) ++i;
        const std::uint32_t verb = i + 1;
        if (verb + 1 >= in.count || !in.starts_at(Kind::explains, i) || !in.is(in.at[verb], Role::showing) || !in.is(in.at[verb + 1], Role::preposition)) continue;
        const auto mention = [&](const Hit& x) { return x.kind() == Kind::target && x.last < stop.first; };
        const auto denial = [&](const Hit& x) { return (x.kind() == Kind::negated || x.kind() == Kind::negation) && x.last < stop.first; };
        const auto next = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& x) { return x.first > verb; });
        if (next == in.hits.end() || !is_place(next->kind()) || next->first > verb + reach || std::none_of(in.hits.begin(), in.hits.end(), mention) || std::none_of(in.hits.begin(), in.hits.end(), denial)) continue;
        std::erase_if(in.hits, [&](const Hit& x) { return x.first > stop.last && x.first <= verb; });  // "was found in" tells how images were made
        in.insert(filled[0], verb, verb);
        return;
    }
}

}  // namespace

void read_past(Passage& in) {
    if (in.any(Kind::target)) std::erase_if(in.hits, [&](const Hit& h) { return h.kind() == Kind::target && h.entry->code == target_past && !is_verb(in, h); });
}

void fill_ellipses(Passage& in) {
    if (in.any(Kind::except_)) {
        name_all(in);
        if (in.has_number) name_excepted(in);
    }
    if (in.any(Kind::stop) && in.any(Kind::negation, Kind::negated)) find_again(in);
    if (!in.any(Kind::ellipsis, Kind::negation)) return;
    for (const Hit& h : in.side) {
        if (h.kind() == Kind::explains) fill_denied(in, h);
        if (h.kind() != Kind::ellipsis) continue;
        if (h.entry->code == stands_for_noun) {
            name_again(in, h);
            continue;
        }
        if (h.entry->code == 0 && fill_inverted(in, h)) continue;
        fill(in, h.first, h.last, h.entry->code);
    }
}

}  // namespace lge::report
