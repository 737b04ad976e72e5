#pragma once
// The words that a lexicon knows, by number.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lge::report {

inline constexpr std::size_t longest_word = 32;  // letters; no word of the field is longer

/// The letters of a word of up to 32, padded with zeros: compared and hashed as four numbers.
struct WordKey {
    std::array<std::uint64_t, 4> part{};
    /// All letters reach the highest bits, so a place in a table is taken from there.
    [[nodiscard]] std::uint64_t hash() const {
        return (part[0] ^ part[1] * 0x9e3779b97f4a7c15ULL ^ part[2] * 0xc2b2ae3d27d4eb4fULL ^ part[3] * 0x165667b19e3779f9ULL) * 0xd6e8feb86659fd93ULL;
    }
    /// What tells words apart that begin alike and share a place.
    static std::uint32_t rest_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash ^ hash >> 32U); }
    static WordKey of(std::string_view word);
};

/// Words numbered from 1. Plurals and, for words of eight letters and more, spellings one edit away (a letter too much,
/// too little, wrong, or two swapped, after the first letter) find the word they stand for.
class Vocabulary {
public:
    Vocabulary();
    /// Adds a word of at most longest_word letters if it is new, and gives its number.
    std::uint32_t add(std::string_view word);
    /// Lets each plural stand for its singular, where that was added, but for the words in `distinct` (parted and
    /// enclosed by blanks), and prepares the look-up of misspellings. To be called once, after the last add.
    void finish(std::string_view distinct);
    /// The number of words.
    [[nodiscard]] std::size_t size() const { return words_.size() - 1; }
    /// 0 when the word is not known as it is written.
    [[nodiscard]] std::uint32_t exact(const WordKey& key) const {
        const std::uint64_t hash = key.hash();
        const std::uint32_t rest = WordKey::rest_of(hash);
        for (std::size_t i = hash >> shift_;; i = (i + 1) & mask_) {
            const Slot& s = slots_[i];
            if (s.word == 0 || (s.start == key.part[0] && s.rest == rest)) return s.word;
        }
    }
    /// The word that a long unknown word misspells, or 0.
    [[nodiscard]] std::uint32_t near(std::string_view word) const;

private:
    struct Slot { std::uint64_t start = 0; std::uint32_t rest = 0, word = 0; };  // the first letters, and a hash of all
    struct Wildcard { std::uint64_t hash; std::uint32_t word; };
    void empty(std::size_t slots);
    void put(const WordKey& key, std::uint32_t word);
    void place(const WordKey& key, std::uint32_t word);
    [[nodiscard]] std::uint32_t find_wildcard(std::uint64_t hash) const;
    std::vector<Slot> slots_;           // open addressing, a power of two; a quarter full, so that most words take one look
    std::size_t mask_ = 0, used_ = 0;
    unsigned shift_ = 0;                // leaves as many bits of a hash as a place in the table has
    std::vector<std::string> words_;
    std::vector<Wildcard> wildcards_;   // sorted hashes of the long words with one letter left out or replaced
    std::vector<std::uint64_t> sieve_;  // bits of the wildcards' hashes, so that most words miss quickly
};

/// What long unknown words turned out to be, for one reader of many reports.
class Misspellings {
public:
    explicit Misspellings(const Vocabulary& vocabulary) : vocabulary_(vocabulary), slots_(std::size_t{1} << bits) {}
    std::uint32_t find(std::string_view word, const WordKey& key) {
        const std::uint64_t hash = key.hash();
        Slot& s = slots_[hash >> (64 - bits)];
        const std::uint32_t rest = WordKey::rest_of(hash);
        if (s.start != key.part[0] || s.rest != rest) s = {key.part[0], rest, vocabulary_.near(word)};
        return s.word;
    }

private:
    static constexpr unsigned bits = 11;
    struct Slot { std::uint64_t start = 0; std::uint32_t rest = 0, word = 0; };
    const Vocabulary& vocabulary_;
    std::vector<Slot> slots_;
};

}  // namespace lge::report
