#pragma once
// The words and rules by which reports are read: data, in share/report/lexicon.txt.
#include "lge/report/trie.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace lge::report {

/// What a phrase does; the lexicon's file says it for each.
enum class Kind : std::uint8_t {
    section, context,
    target, answer, emphasis, anaphor, weak, sequence, negation, negated, pseudo, stop, except_, hedge, hedged, hypothetical, history, notdone, unreadable, study,
    artifact, organ, lv, level, wall, segmentword, all, all17, view, pattern, modality, finding, mvo, spared, observer, before, ignore, benign, technique,
    qualifier, ellipsis, opening, imaging, examination, verb, explains, near_transmural, transmurality, quantity, measure, viability, temporal, temporal_not, fraction, numeral, territory, dx, notdx, certainty, raised, hides, patient, culprit, role,
};

/// Whether phrases of a kind stand beside the main ones, which they may overlap.
constexpr bool on_side(Kind k) { return k >= Kind::qualifier; }

/// What small words do in the grammar of places, causes and sentences; a word may do several.
enum Role : std::uint32_t {
    preposition = 1, joining = 2, abbreviation = 4, title = 8, range = 16, conjunction = 32, alternative = 64, old = 128, fresh = 256,
    percent = 512, gram = 1024, between = 2048, accompanying = 4096, versus = 8192, showing = 16384, below = 32768, above = 65536, than = 131072, involved = 262144, possessive = 1U << 19U, stenosis = 1U << 20U, segment = 1U << 21U, distinct = 1U << 22U, month = 1U << 23U, record = 1U << 24U, person = 1U << 25U, known = 1U << 26U,
    pronoun = 1U << 27U, both = 1U << 28U, reported = 1U << 29U, origin = 1U << 30U,
    anchor = 1U << 31U,  // set by the lexicon: ends a phrase that can matter by itself
};
inline constexpr std::array<std::string_view, 31> role_words{
    "preposition", "joining", "abbreviation", "title", "range", "conjunction", "alternative", "old", "fresh", "percent", "gram", "between", "accompanying", "versus", "showing", "below", "above", "than", "involved", "possessive", "stenosis", "segment", "distinct", "month", "record", "person", "known", "pronoun", "both", "reported", "origin"};

std::string_view word(Kind kind);

/// What a phrase can do in a sentence that has nothing else of LGE.
enum Weight : std::uint8_t {
    states = 1,  // says something of LGE, or for `other`
    names = 2,   // a cause, viability, a change: of the heart that LGE is told of later or before
    adds = 4,    // a place, a depth, an answer: goes on with what a sentence before says
};

/// One meaning of a phrase. `value` is the text behind the kind; `line` is where the file says it.
struct Entry {
    Kind kind{};
    std::string value;
    std::string name;        // of a cause, where the value names one
    std::uint32_t code = 0;  // of the value: walls as bits, levels, patterns, ... (places.hpp)
    std::uint32_t line = 0;
    std::uint8_t weight = 0;  // Weight
};

struct Lexicon {
    /// Of '?', '-', '|' and 0, which can mean something without a phrase.
    static constexpr std::uint32_t marks_by_itself = 1U << 31U;
    Vocabulary vocabulary;
    std::vector<std::uint32_t> roles;  // by word; none for 0
    std::vector<Entry> entries;
    std::uint32_t there = 0, previous = 0, segment = 0, by = 0, who = 0, supposing = 0, also = 0, that = 0, its = 0, finding = 0, same = 0, whose = 0, still = 0;  // the words
    std::vector<std::uint32_t> apart;  // "the other", "as does": the place behind it is told apart from that before
    std::vector<std::uint32_t> more;  // "further", "another": say that there is one more
    std::vector<std::uint32_t> besides;  // "also", "too": what stands beside it is told on top of the rest
    std::vector<std::uint32_t> several;  // "do", "are": verbs of more than one subject
    std::vector<std::uint32_t> around;   // "around", "beyond": the muscle before it is that outside of what stands behind
    std::vector<std::uint32_t> explanations;  // "explanation", "cause"
    std::vector<std::uint32_t> enhancing;  // as an adjective
    std::vector<std::uint32_t> grounds;  // "since", "as": begin a clause that says why
    std::vector<std::uint32_t> reasons;  // "for", "given": what stands behind says of what, or why
    std::vector<std::uint32_t> starts;  // by symbol: the first node in `main` of a word, a number or '+', and marks_by_itself; 0: none
    Trie heads;  // headings, looked for at the start of lines
    Trie main;   // what sentences are made of; on the side causes, amounts and change, which may overlap it
    [[nodiscard]] bool is(const Token& t, std::uint32_t role) const { return (roles[t.word] & role) != 0; }
    /// The first meaning of a phrase that `main` found.
    [[nodiscard]] const Entry& meaning(Trie::Match m) const { return entries[main.entries(m)[0]]; }
    /// The first meaning of a match in one of the tries that is wanted, or null.
    template <class Wanted>
    [[nodiscard]] const Entry* meaning(const Trie& trie, Trie::Match m, Wanted wanted) const {
        if (m.list == 0) return nullptr;
        for (const auto e : trie.entries(m))
            if (wanted(entries[e])) return &entries[e];
        return nullptr;
    }
};

/// Reads a lexicon. bad_data "FILE:LINE: reason" for a kind or value that does not exist, or a phrase outside a group;
/// "FILE: no phrase in it" for an empty one.
Lexicon read_lexicon(const std::string& path);
Lexicon read_lexicon(std::string_view text, const std::string& name);
/// The one shipped with the tools.
Lexicon shipped_lexicon();

}  // namespace lge::report
