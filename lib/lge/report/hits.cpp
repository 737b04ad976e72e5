#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

const Entry question{.kind = Kind::hedge, .value = {}, .name = {}};   // "?LGE"
const Entry doubted{.kind = Kind::hedged, .value = {}, .name = {}};    // "LGE (?)"
const Entry nothing{.kind = Kind::negated, .value = {}, .name = {}};  // "anterior: -", "septal 0"

const Entry without{.kind = Kind::negation, .value = {}, .name = {}};
const Entry rather_than{.kind = Kind::negation, .value = {}, .name = {}, .code = 1};  // "favours myocarditis over infarction"

/// "0/17 segments with LGE": whether a sentence begins with a count of segments.
bool counts_segments(const Passage& in) { return in.count > 3 && in.is(in.at[3], Role::segment); }

/// A dash or zero that stands alone at the end of a row.
bool marks_nothing(const Passage& in, std::uint32_t i) {
    const Token& t = in.at[i];
    if (i == 0 && (in.count == 3 || counts_segments(in)) && t.kind == Token::Kind::number && t.value == 0 && in.at[2].kind == Token::Kind::number) return sign(in.at[1], '/') || in.is(in.at[1], Role::possessive);  // "LGE: 0 of 22"
    if (in.count == 1) return sign(t, '-') || (t.kind == Token::Kind::number && t.value == 0);  // behind a heading
    if (i == 0 && t.kind == Token::Kind::number && t.value == 0 && in.count > 2 && sign(in.at[1], '%')) return sign(in.at[2], ',') || sign(in.at[2], ';') || sign(in.at[2], '-') || sign(in.at[2], '(');  // "LGE: 0 % - not seen in ..."
    const bool ends = i + 1 == in.count || sign(in.at[i + 1], ',') || sign(in.at[i + 1], ';');
    if (i > 0 && sign(t, '-') && i + 1 < in.count && sign(in.at[i + 1], ':')) return true;  // "LGE -: septum"
    if (i > 0 && sign(t, '-') && !t.spaced && ends && !in.hits.empty() && in.hits.back().kind() == Kind::target && in.hits.back().last + 1 == i) return true;  // "septum LGE-"
    if (i > 0 && sign(t, '-') && !t.spaced && i + 1 < in.count && in.at[i + 1].spaced && !in.hits.empty() && in.hits.back().kind() == Kind::target && in.hits.back().last + 1 == i)
        return std::any_of(in.at, in.at + i, [](const Token& k) { return sign(k, '+'); });  // "LGE+ septum, LGE- lateral wall"
    if (i > 0 && t.kind == Token::Kind::number && t.value == 0 && (i + 3 == in.count || (i + 4 == in.count && sign(in.at[i + 3], '|'))) && sign(in.at[i + 1], '/') && in.at[i + 2].kind == Token::Kind::number) return sign(in.at[i - 1], ':') || sign(in.at[i - 1], '|') || sign(in.at[i - 1], '=');  // "segments with LGE: 0/17"
    if (i > 0 && t.kind == Token::Kind::number && t.value == 0 && i + 1 < in.count && sign(in.at[i + 1], '%') && (i + 2 == in.count || sign(in.at[i + 2], ',') || sign(in.at[i + 2], ';') || sign(in.at[i + 2], '|'))) {  // "inferior, basal: 0 %"
        const bool row = sign(in.at[i - 1], ':') || sign(in.at[i - 1], '=');
        const std::uint32_t label = row ? i - 1 : i;
        return !in.hits.empty() && is_place(in.hits.back().kind()) && in.hits.back().last + 1 == label;
    }
    constexpr std::uint32_t longest_row = 4;
    if (i > 0 && sign(t, '-') && !t.spaced && i + 1 == in.count && in.count <= longest_row && in.at[i - 1].kind == Token::Kind::number) return true;  // "Tip 17-"
    if (i == 0 || (i + 1 < in.count && !sign(in.at[i + 1], ',') && !sign(in.at[i + 1], ';') && !sign(in.at[i + 1], ')') && !sign(in.at[i + 1], '|'))) return false;
    const Token& before = in.at[i - 1];
    if (i > 1 && t.kind == Token::Kind::number && t.value == 0 && before.kind == Token::Kind::number && t.spaced && in.is(in.at[i - 2], Role::segment)) return true;  // "seg 5 0"
    if (sign(t, '-') && sign(before, '(') && i + 1 < in.count && sign(in.at[i + 1], ')')) return true;  // "LGE (-)"
    if (sign(t, '-')) return ends && t.spaced && ((before.kind == Token::Kind::word && (i + 1 < in.count || (i > 1 && sign(in.at[i - 2], ':')) || (!in.hits.empty() && in.hits.back().last + 1 == i))) || sign(before, ':') || sign(before, ')'));  // not "LGE as follows -"
    return t.kind == Token::Kind::number && t.value == 0 && (sign(before, ':') || sign(before, '/') || sign(before, '=') || sign(before, '|') || (sign(before, '-') && before.spaced) || (before.kind == Token::Kind::word && t.spaced));
}

/// "?epicardial fat": a phrase that begins with a question mark.
bool doubts_by_name(const Passage& in, std::uint32_t i, std::uint32_t first) {
    if (first == 0) return false;
    const Trie::Match m = in.lexicon.main.find_both(in.at + i, in.at + in.count, first).main;
    return m.list != 0 && in.lexicon.meaning(m).kind == Kind::hedged;
}

/// "50 % transmural at most": a bound right behind an amount.
bool bounds_before(const Passage& in, const Hit& h) {
    constexpr std::uint32_t reach = 2;
    if (h.last != h.first + 1 || !in.is(in.at[h.first], Role::preposition)) return false;
    for (std::uint32_t i = h.first; i-- > 0 && i + reach >= h.first;)
        if (sign(in.at[i], '%')) return true;
    return false;
}

/// "favours myocarditis over infarction": behind a judgement and a cause, the word that sets another cause against it denies that.
void read_preference(Passage& in) {
    constexpr std::uint32_t judgement_reach = 12, reach = 3;  // tokens
    const auto cause = [&](std::uint32_t from, std::uint32_t to) {
        const auto within = [&](const Hit& h) { return (h.kind() == Kind::dx || (h.kind() == Kind::target && h.entry->code == 1)) && h.first >= from && h.first <= to; };
        return std::any_of(in.side.begin(), in.side.end(), within) || std::any_of(in.hits.begin(), in.hits.end(), within);
    };
    for (const Hit& y : in.side) {
        if (y.kind() != Kind::certainty) continue;
        for (std::uint32_t k = y.last + 2; k + 1 < std::min(in.count, y.last + judgement_reach); ++k)
            if (in.is(in.at[k], Role::above) && in.is(in.at[k], Role::preposition) && cause(y.last + 1, k - 1) && cause(k + 1, k + reach)) {
                in.insert(rather_than, k, k);
                return;
            }
    }
}

/// "a mid-wall (not subendocardial) stripe": leaves out a layer that is denied in brackets.
void drop_corrections(Passage& in) {
    for (std::size_t k = 0; k + 1 < in.hits.size(); ++k) {
        const Hit& no = in.hits[k];
        if (no.kind() != Kind::negation || no.first == 0 || !sign(in.at[no.first - 1], '(')) continue;
        std::size_t next = k + 1;
        while (next < in.hits.size() && in.hits[next].first == no.first) ++next;
        if (next == in.hits.size() || in.hits[next].kind() != Kind::pattern || in.hits[next].first != no.last + 1) continue;
        const std::uint32_t close = in.hits[next].last + 1;
        if (close < in.count && sign(in.at[close], ')')) in.hits.erase(in.hits.begin() + static_cast<std::ptrdiff_t>(k), in.hits.begin() + static_cast<std::ptrdiff_t>(next) + 1);
    }
}

/// Whether a number stands at a token, which may lie outside the sentence.
bool number_at(const Passage& in, std::uint32_t i) { return i < in.count && in.at[i].kind == Token::Kind::number; }

/// "Neither LGE nor perfusion was interpretable": readable behind a denial is unreadable, and the denial says nothing more.
void read_readable(Passage& in) {
    constexpr std::uint32_t reach = 9;
    for (std::size_t k = in.hits.size(); k-- > 0;) {
        const Hit readable = in.hits[k];
        if (readable.kind() != Kind::unreadable || readable.entry->code != unreadable_denied) continue;
        const auto denies = [&](const Hit& h) { return h.kind() == Kind::negation && h.entry->code == 0 && h.last < readable.first && h.last + reach >= readable.first; };
        const bool denied = std::any_of(in.hits.begin(), in.hits.end(), denies) && std::none_of(in.at + (readable.first < reach ? 0 : readable.first - reach), in.at + readable.first, [&](const Token& t) { return in.is(t, Role::showing) || sign(t, ','); });
        if (denied) k -= std::erase_if(in.hits, denies);
        else in.hits.erase(in.hits.begin() + static_cast<std::ptrdiff_t>(k));
    }
    if (std::none_of(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::unreadable; })) in.unmark(Kind::unreadable);
}

/// "RV dilated, LGE along its free wall", "unlike the outflow tract, whose anterior wall enhanced": the wall of the organ that is
/// named before.
void name_own_wall(Passage& in) {
    const auto organ = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::organ && h.entry->value == "rv_enhancement"; });
    if (organ == in.hits.end()) return;
    const auto its = [&](const Token& t) { return in.is(t, Role::possessive) && in.is(t, Role::joining) && t.end - t.start == 3; };
    const auto whose = [&](const Hit& h) { return in.lexicon.whose != 0 && in.at[h.first - 1].word == in.lexicon.whose && h.first <= organ->last + 3; };
    for (auto h = organ + 1; h != in.hits.end() && h->kind() != Kind::lv; ++h)
        if (h->kind() == Kind::wall && ((h->entry->code == free_wall && its(in.at[h->first - 1])) || whose(*h))) *h = Hit(organ->entry, h->first, h->last, Kind::organ);
}

/// "Subepicardial LGE confirmed myocarditis": behind a layer stands what was seen, not the images that show it.
void name_seen(Passage& in) {
    for (std::size_t k = 0; k < in.hits.size(); ++k) {
        Hit& images = in.hits[k];
        if (images.kind() != Kind::sequence || images.last == images.first) continue;
        if (std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_layer(h) && h.last + 1 == images.first; })) continue;
        const Entry* seen = in.lexicon.meaning(in.lexicon.main, in.lexicon.main.find(in.at + images.first, in.at + images.first + 1), [](const Entry& e) { return e.kind == Kind::target; });
        if (seen == nullptr) continue;
        images = Hit(seen, images.first, images.first, Kind::target);
        in.mark(Kind::target);
    }
}

/// "Pericardium: trace effusion, enhancing over the lateral wall": the organ that labels the line, which the finding has in it.
void name_label(Passage& in) {
    if (in.hits.empty() || in.hits[0].kind() != Kind::finding || in.hits[0].first != 0 || in.hits[0].last < 2 || !sign(in.at[1], ':')) return;
    const Entry* organ = in.lexicon.meaning(in.lexicon.main, in.lexicon.main.find(in.at, in.at + 1), [](const Entry& e) { return e.kind == Kind::organ; });
    if (organ != nullptr) in.insert(*organ, 0, 0);
}

}  // namespace

bool stands_beside(const Passage& in, const Hit& thing) {
    constexpr std::uint32_t adjectives = 2, verb = 3;
    std::uint32_t i = thing.first;
    while (i > 0 && i + adjectives > thing.first && in.at[i - 1].kind == Token::Kind::word && !in.is(in.at[i - 1], Role::accompanying | Role::preposition)) --i;
    if (i < 2 || !in.is(in.at[i - 1], Role::accompanying)) return false;
    const auto enhances = [&](const Hit& h) { return (is_head(h.kind()) || h.kind() == Kind::weak || h.kind() == Kind::answer || h.kind() == Kind::negated) && h.first > thing.last && h.first <= thing.last + verb; };
    const auto placed = [&](const Hit& h) { return is_place(h.kind()) && h.last < thing.first; };
    return std::any_of(in.hits.begin(), in.hits.end(), placed) && std::none_of(in.hits.begin(), in.hits.end(), enhances);
}

void find_hits(Passage& in, std::vector<Note>* notes) {
    in.hits.clear();
    in.side.clear();
    in.clause.clear();
    in.kinds = 0;
    in.weight = 0;
    in.has_semicolon = in.has_colon = in.has_number = false;
    const auto take = [&](Trie::Match m, std::uint32_t i, std::vector<Hit>& out) {
        for (const auto e : in.lexicon.main.entries(m)) {
            const Entry& entry = in.lexicon.entries[e];
            if (entry.kind == Kind::target && entry.code == target_images && m.tokens == 1 && !in.at[i].upper && in.at[i].end - in.at[i].start == 2) continue;  // "Hospital de ...", not "DE"
            out.emplace_back(&entry, i, i + m.tokens - 1, entry.kind);
            in.mark(entry.kind);
            in.weight |= entry.weight;
            if (notes != nullptr) {
                const auto [start, end] = bytes_of(in.at[i], in.at[i + m.tokens - 1]);
                notes->push_back({start, end, &entry});
            }
        }
        return i + m.tokens;
    };
    in.starts.resize(in.count);
    std::uint32_t starts = 0;
    for (std::uint32_t i = 0; i < in.count; ++i) {  // without a branch: which words start phrases is hard to foresee
        const std::uint32_t symbol = in.at[i].symbol, start = in.lexicon.starts[symbol];
        in.starts[starts] = {i, start};
        starts += static_cast<std::uint32_t>(start != 0);
        in.has_semicolon |= symbol == ';';
        in.has_colon |= symbol == ':';
        in.has_number |= in.at[i].kind == Token::Kind::number;
    }
    const auto mark = [&](const Entry& entry, std::uint32_t i) {
        in.hits.emplace_back(&entry, i, i, entry.kind);
        in.mark(entry.kind);
    };
    std::uint32_t main_from = 0, side_from = 0;  // behind the last phrase of each sort
    for (std::uint32_t k = 0; k < starts; ++k) {
        const auto [i, start] = in.starts[k];
        if (sign(in.at[i], '|')) {
            in.has_semicolon = true;  // parts like one
            continue;
        }
        if (i < main_from && i < side_from) continue;
        if (sign(in.at[i], '?') && !(i >= main_from && doubts_by_name(in, i, start & ~Lexicon::marks_by_itself))) {
            if (i >= main_from && i + 1 < in.count && in.at[i + 1].kind == Token::Kind::word) mark(question, i);
            if (i > 0 && sign(in.at[i - 1], '(') && i + 1 < in.count && sign(in.at[i + 1], ')')) mark(doubted, i);  // "scar (?)"
            continue;
        }
        if ((start & Lexicon::marks_by_itself) != 0 && marks_nothing(in, i)) {
            const bool heads = i == 1 && sign(in.at[i], '-') && sign(in.at[0], '(') && in.count > 3 && in.at[3].kind == Token::Kind::word;  // "(-) LGE"
            const auto deny = [&](std::uint32_t from, std::uint32_t last) {
                in.hits.emplace_back(&without, from, last, without.kind);
                in.mark(without.kind);
            };
            if (heads) deny(0, 2);
            else if (i == 0 && counts_segments(in)) {
                deny(0, 3);
                main_from = 4;
            } else if (i >= main_from) mark(nothing, i);
            continue;
        }
        const std::uint32_t first = start & ~Lexicon::marks_by_itself;
        if (first == 0) continue;
        const Trie::Matches m = in.lexicon.main.find_both(in.at + i, in.at + in.count, first);
        if (m.main.list != 0 && i >= main_from) main_from = take(m.main, i, in.hits);
        if (m.side.list != 0 && i >= side_from) side_from = take(m.side, i, in.side);
    }
    if (in.any(Kind::anaphor) && std::erase_if(in.hits, [&](const Hit& h) { return h.kind() == Kind::anaphor && h.entry->code == anaphor_wall && !in.starts_at(Kind::wall, h.last + 1); }) > 0)  // "the same look"
        if (std::none_of(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::anaphor; })) in.unmark(Kind::anaphor);
    if (in.any(Kind::unreadable)) read_readable(in);
    if (in.has_number && in.any(Kind::wall))  // "12 Sep 2023"
        std::erase_if(in.hits, [&](const Hit& h) { return h.kind() == Kind::wall && h.first == h.last && in.is(in.at[h.first], Role::month) && (number_at(in, h.first - 1) || number_at(in, h.last + 1)); });
    if (in.has_number && in.any(Kind::organ))  // "Mass (g): 8.4"
        std::erase_if(in.hits, [&](const Hit& h) { return h.kind() == Kind::organ && h.entry->code == organ_mass && h.last + 2 < in.count && sign(in.at[h.last + 1], '(') && in.is(in.at[h.last + 2], Role::gram); });
    if (in.any(Kind::sequence) && in.any(Kind::pattern)) name_seen(in);
    if (in.has_colon && in.any(Kind::finding) && in.any(Kind::target)) name_label(in);
    if (in.any(Kind::organ) && in.any(Kind::wall)) name_own_wall(in);
    if (in.any(Kind::organ) && in.any(Kind::finding))
        std::erase_if(in.hits, [&](const Hit& h) { return h.kind() == Kind::organ && h.entry->value == "thrombus_enhancement" && stands_beside(in, h); });
    find_earlier_examinations(in);
    if (in.any(Kind::certainty) && in.any(Kind::dx)) read_preference(in);
    if (in.any(Kind::negation) && in.any(Kind::pattern)) drop_corrections(in);
    if (in.has_number && in.any(Kind::hedged))  // "at most 25 %"
        std::erase_if(in.hits, [&](const Hit& h) { return h.kind() == Kind::hedged && ((h.last + 1 < in.count && in.at[h.last + 1].kind == Token::Kind::number && !in.is(in.at[h.last], Role::preposition)) || bounds_before(in, h)); });
}

bool may_matter(const Lexicon& lexicon, const Token* begin, const Token* end) {
    return std::any_of(begin, end, [&](const Token& t) { return lexicon.is(t, Role::anchor); });
}

void Passage::insert(const Entry& entry, std::uint32_t first, std::uint32_t last) {
    hits.emplace(std::find_if(hits.begin(), hits.end(), [&](const Hit& h) { return h.first >= first; }), &entry, first, last, entry.kind);
    mark(entry.kind);
}

const Hit* Passage::find_hit(Kind kind, std::uint32_t from, std::uint32_t to, std::uint32_t in_clause) const {
    if (!any(kind)) return nullptr;
    for (const Hit& h : hits)
        if (h.kind() == kind && h.first >= from && h.last <= to && (in_clause == nowhere || clause[h.first] == in_clause)) return &h;
    return nullptr;
}

bool Passage::starts_at(Kind kind, std::uint32_t token) const {
    const auto& list = on_side(kind) ? side : hits;
    return any(kind) && std::any_of(list.begin(), list.end(), [&](const Hit& h) { return h.kind() == kind && h.first == token; });
}

const Hit* Passage::find_mapping(std::uint32_t before, std::uint32_t in_clause) const {
    if (!any(Kind::modality)) return nullptr;
    for (const Hit& h : hits)
        if (h.kind() == Kind::modality && h.entry->code == modality_mapping && h.last < before && clause[h.first] == in_clause) return &h;
    return nullptr;
}

bool Passage::joined(std::uint32_t a, std::uint32_t b) const {
    if (b <= a) return true;
    if (b - a > 9) return false;
    for (std::uint32_t i = a + 1; i < b; ++i) {
        const Token& t = at[i];
        if (t.kind == Token::Kind::newline || t.kind == Token::Kind::number || is(t, Role::joining)) continue;
        if (t.kind == Token::Kind::sign && (t.sign == ',' || t.sign == '-' || t.sign == '>' || t.sign == '/' || t.sign == '+' || t.sign == '(' || t.sign == ')' || t.sign == '%')) continue;
        return false;
    }
    return true;
}

}  // namespace lge::report
