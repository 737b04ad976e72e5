#pragma once
// One sentence while it is read: its phrases, clauses, what it says of LGE and where.
#include "lge/report/lexicon.hpp"
#include "lge/report/parse.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::report {

inline constexpr std::uint32_t nowhere = ~0U;  // no token, clause or head

/// What the text above a sentence is about: nothing in particular, LGE, or another organ or sequence.
enum class Topic : std::uint8_t { none, lge, other };

/// A phrase of the lexicon in the sentence; tokens [first, last].
struct Hit {
    Hit(const Entry* e, std::uint32_t f, std::uint32_t l, Kind k) : entry(e), first(f), last(l), kind_(k) {}
    const Entry* entry;
    std::uint32_t first, last;
    [[nodiscard]] Kind kind() const { return kind_; }

private:
    Kind kind_;  // of the entry, which is read less often
};

/// A mention of LGE, and what its clause does to it.
struct Target {
    std::uint32_t first, last, clause;
    bool implicit = false, infarct = false, images = false, weak = false;
    anatomy::Presence presence = anatomy::Presence::present;
    bool skip = false, qualified = false, artifact = false, excepted = false;
    bool interprets = false;  // "scar, probably an old infarct": another name for the mention before
    bool has_lv = false, has_organ = false, of_organ = false;
    std::uint32_t explained = nowhere;  // the token by which an artifact explains it for certain
    std::uint32_t from, to;  // tokens of the evidence
    std::vector<std::pair<std::uint32_t, std::uint32_t>> hedges;
    std::string_view rule = "target";
};

/// What the walls of a clause can belong to.
struct Head {
    enum class Type : std::uint8_t { target, other, spared };
    std::uint32_t first, last;
    Type type;
    std::uint32_t target = nowhere;
    bool object_behind = false;  // "sparing the septum", not "septum spared"
    bool viable = false;         // called viable, which scar of little depth can be
};

/// A wall, level, segment number or "all" in a clause.
struct Spot {
    enum class Type : std::uint8_t { wall, level, segments, all };
    std::uint32_t first, last, code, head;
    Type type;
    bool listed = false;  // "all segments", not "diffuse"
};

/// An artifact, and the words before it by which something is explained by it for certain or perhaps.
struct Explanation {
    const Hit* artifact = nullptr;
    const Hit* certain = nullptr;
    std::uint32_t open_first = nowhere, open_last = nowhere;  // tokens; a hedge, or "versus"
    [[nodiscard]] bool open() const { return open_first != nowhere; }
};

struct Passage {
    explicit Passage(const Lexicon& l) : lexicon(l) {}

    const Lexicon& lexicon;
    const Token* at = nullptr;
    std::uint32_t count = 0;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> starts;  // tokens that can start a phrase, each with its entry of Lexicon::starts
    std::vector<Hit> hits, side;        // of the main and the side trie, in the order of the tokens
    std::uint64_t kinds = 0;            // bits of the kinds in both
    std::uint8_t weight = 0;            // and of what they can do
    bool has_semicolon = false, has_colon = false, has_number = false;
    std::vector<std::uint32_t> clause;  // by token
    std::vector<bool> excepting;        // by clause: begins with an exception
    std::vector<Target> targets;
    std::vector<Explanation> explanations;
    std::vector<Head> heads;
    std::vector<Spot> spots;

    [[nodiscard]] bool is(const Token& t, std::uint32_t role) const { return lexicon.is(t, role); }
    /// Whether a token is one of some words of the lexicon.
    [[nodiscard]] static bool one_of(const Token& t, const std::vector<std::uint32_t>& words) { return std::find(words.begin(), words.end(), t.word) != words.end(); }
    /// Whether there is a phrase of one of these kinds.
    template <class... Kinds>
    [[nodiscard]] bool any(Kinds... wanted) const { return (kinds & ((1ULL << static_cast<unsigned>(wanted)) | ...)) != 0; }
    void mark(Kind kind) { kinds |= 1ULL << static_cast<unsigned>(kind); }
    void unmark(Kind kind) { kinds &= ~(1ULL << static_cast<unsigned>(kind)); }
    /// Puts a phrase that the text leaves out or writes otherwise before the main ones that start at its first token.
    void insert(const Entry& entry, std::uint32_t first, std::uint32_t last);
    /// The first hit of a kind within tokens [from, to] (and a clause).
    [[nodiscard]] const Hit* find_hit(Kind kind, std::uint32_t from, std::uint32_t to, std::uint32_t in_clause = nowhere) const;
    /// Whether a phrase of a kind starts at a token.
    [[nodiscard]] bool starts_at(Kind kind, std::uint32_t token) const;
    /// A mapping sequence or value before a token in a clause.
    [[nodiscard]] const Hit* find_mapping(std::uint32_t before, std::uint32_t in_clause) const;
    /// Whether a bracket that opens between two tokens is open at the second: "?old infarct (LGE inferior)".
    [[nodiscard]] bool opens_bracket(std::uint32_t a, std::uint32_t b) const {
        bool open = false;
        for (std::uint32_t i = a + 1; i < b; ++i)
            if (at[i].kind == Token::Kind::sign && (at[i].sign == '(' || at[i].sign == ')')) open = at[i].sign == '(';
        return open;
    }
    /// Whether only small words, commas and signs stand between two tokens.
    [[nodiscard]] bool joined(std::uint32_t a, std::uint32_t b) const;
};

constexpr bool sign(const Token& t, char c) { return t.sign == c; }
constexpr bool names_year(const Token& t) { return t.kind == Token::Kind::number && t.value >= 1990 && t.value < 2100; }
/// Whether a phrase is a thing that is seen, which a denial, a place or an amount can belong to.
constexpr bool is_head(Kind k) {
    return k == Kind::target || k == Kind::modality || k == Kind::finding || k == Kind::mvo || k == Kind::weak || k == Kind::artifact;
}

constexpr bool is_place(Kind k) { return k == Kind::wall || k == Kind::level || k == Kind::segmentword; }
/// "midwall", "subendocardial", "transmural": a layer of the wall, or all of them.
inline bool is_layer(const Hit& h) { return h.kind() == Kind::pattern && h.entry->code <= static_cast<std::uint32_t>(anatomy::Pattern::subepicardial); }
/// "LGE images", "PSIR": the name of the images, which may stand for what they show.
inline bool is_nulling(const Hit& h) { return h.kind() == Kind::answer && (h.entry->code == answer_nulling || h.entry->code == answer_images); }
inline bool is_images(const Hit& h) { return h.kind() == Kind::sequence || (h.kind() == Kind::target && h.entry->code == target_images); }
/// A word that parts clauses, where a sentence is parted without one.
inline const Entry parting{.kind = Kind::stop, .value = {}, .name = {}};

template <class T>
void add_new(std::vector<T>& list, const T& value) {
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

}  // namespace lge::report
