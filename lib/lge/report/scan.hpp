#pragma once
// Report text as tokens: lower case, look-alike characters folded, invisible ones dropped, offsets of the original kept.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lge::report {

/// A word, number or sign. `start` and `end` are bytes of the original text.
struct Token {
    enum class Kind : std::uint8_t { word, number, sign, newline };
    std::uint32_t start = 0, end = 0;
    std::uint32_t word = 0;      // number of the word in a Vocabulary; 0: not in it
    float value = 0;             // of a number
    Kind kind = Kind::word;
    char sign = 0;               // '.', ',', ';', ':', '?', '-', '>', ... of a sign
    bool upper = false;          // a word that starts with a capital
    bool spaced = false;         // white space (or the start of the text) before it
};

/// The words that a lexicon knows, numbered from 1. Plurals and, for words of eight letters and more, spellings one
/// edit away (insertion, deletion, substitution after the first letter) find the word they stand for.
class Vocabulary {
public:
    Vocabulary();
    /// Adds a word if it is new and gives its number.
    std::uint32_t add(std::string_view word);
    /// Lets each plural that was added stand for its singular, where that was added too, but for the words in `distinct`
    /// (parted and enclosed by blanks).
    void merge_plurals(std::string_view distinct);
    /// To be called after the last add: prepares the look-up of misspellings.
    void finish();
    /// The number of words; they are numbered from 1.
    [[nodiscard]] std::size_t size() const { return words_.size() - 1; }
    /// 0 when the word is not known.
    [[nodiscard]] std::uint32_t exact(std::string_view word, std::uint64_t hash) const;
    [[nodiscard]] std::uint32_t find(std::string_view word, std::uint64_t hash) const;

    static constexpr std::uint64_t hash_start = 0xcbf29ce484222325ULL;
    static constexpr std::uint64_t hash_step(std::uint64_t h, unsigned char c) { return (h ^ c) * 0x100000001b3ULL; }
    static std::uint64_t hash_of(std::string_view word);

private:
    [[nodiscard]] std::uint32_t near(std::string_view word) const;
    void grow();
    struct Slot { std::uint64_t hash = 0; std::uint32_t word = 0; };
    std::vector<Slot> slots_;           // open addressing, a power of two
    std::vector<std::string> words_;
    struct Wildcard { std::uint64_t hash; std::uint32_t word; };
    std::vector<Wildcard> wildcards_;   // sorted hashes of the long words with one letter left out
    std::vector<std::uint64_t> sieve_;  // bits of the wildcards' hashes, so that most words miss quickly
};

/// The offset of the first byte that is not UTF-8, or nothing.
std::optional<std::size_t> find_bad_utf8(std::string_view text);
/// The text with each bad byte replaced by '?', so that offsets stay.
std::string replace_bad_utf8(std::string_view text);

/// Tokens of a UTF-8 text into `out` (cleared first). Time is linear in the length.
/// Dashes, quotes and spaces of all kinds become the plain ones, accents go, and soft hyphens, zero-width,
/// bidirectional and control characters vanish from within words. A hyphen between letters parts words and is no token.
void scan(std::string_view text, const Vocabulary& vocabulary, std::vector<Token>& out);

}  // namespace lge::report
