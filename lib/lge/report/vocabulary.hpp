#pragma once
// The words that a lexicon knows, by number.
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lge::report {

inline constexpr std::size_t longest_word = 32;  // letters; no word of the field is longer

/// The letters of a word of up to 32, padded with zeros: compared and hashed as four numbers.
struct WordKey {
    std::array<std::uint64_t, 4> part{};
    /// Different for different words of up to eight letters, and as good as different for longer ones: words are told apart
    /// by it. All letters reach the highest bits, from where a place in a table is taken; the lowest 48 tell those apart that
    /// share one (KeptWord).
    [[nodiscard]] std::uint64_t hash() const { return hash(part[0] ^ part[2] * 0xc2b2ae3d27d4eb4fULL ^ part[3] * 0x165667b19e3779f9ULL, part[1]); }
    /// Of a word of up to sixteen letters.
    static std::uint64_t hash(std::uint64_t first, std::uint64_t second) {
        const std::uint64_t mixed = (first ^ second * 0x9e3779b97f4a7c15ULL) * 0xd6e8feb86659fd93ULL;
        return mixed ^ mixed >> 32U;
    }
    static WordKey of(std::string_view word);
};

/// The number of a word beside the lowest 48 bits of its hash: eight bytes, so that a table of all words stays near.
struct KeptWord {
    std::uint64_t bits = 0;
    static constexpr std::uint32_t most_words = 0xffff;
    KeptWord() = default;
    KeptWord(std::uint64_t hash, std::uint32_t word) : bits(hash << 16U | word) {}
    [[nodiscard]] std::uint32_t word() const { return static_cast<std::uint32_t>(bits & most_words); }
    [[nodiscard]] bool of(std::uint64_t hash) const { return (bits ^ hash << 16U) <= most_words; }
};

/// Words numbered from 1. Plurals and, for words of eight letters and more, spellings one edit away (a letter too much,
/// too little, wrong, or two swapped, after the first letter) find the word they stand for.
class Vocabulary {
public:
    Vocabulary();
    /// Adds a word of at most longest_word letters if it is new, and gives its number; there must be no more than
    /// KeptWord::most_words.
    std::uint32_t add(std::string_view word);
    /// Lets a word, or several in a row, stand for another: "as well as" for "and". All are added. Before finish.
    void add_same(const std::vector<std::string_view>& words, std::string_view meant);
    /// Lets each plural stand for its singular, where that was added, but for the words in `distinct` (parted and
    /// enclosed by blanks), and prepares the look-up of misspellings. To be called once, after the last add.
    void finish(std::string_view distinct);
    /// Several words that stand for one.
    struct Joint { std::vector<std::uint32_t> words; std::uint32_t meant = 0; };
    /// Those that end with a word.
    [[nodiscard]] std::span<const Joint> joints(std::uint32_t last) const { return std::span(joints_).subspan(joints_from_[last], joints_from_[last + 1] - joints_from_[last]); }
    [[nodiscard]] bool ends_joint(std::uint32_t word) const { return word + 1 < joints_from_.size() && joints_from_[word] != joints_from_[word + 1]; }
    /// The number of words.
    [[nodiscard]] std::size_t size() const { return words_.size() - 1; }
    /// The word of a hash; 0 when it is not known as it is written.
    [[nodiscard]] std::uint32_t exact(std::uint64_t hash) const {
        for (std::size_t i = hash >> shift_;; i = (i + 1) & mask_)
            if (const KeptWord s = slots_[i]; s.bits == 0 || s.of(hash)) return s.word();
    }
    [[nodiscard]] std::uint32_t exact(const WordKey& key) const { return exact(key.hash()); }
    /// The word that a long unknown word misspells, or 0.
    [[nodiscard]] std::uint32_t near(std::string_view word) const;

private:
    void empty(std::size_t slots);
    void put(const WordKey& key, std::uint32_t word);
    void place(const WordKey& key, std::uint32_t word);
    void put_wildcard(std::uint64_t hash, std::uint32_t word);
    [[nodiscard]] std::size_t wildcard_slot(std::uint64_t hash) const;
    [[nodiscard]] std::uint32_t find_wildcard(std::uint64_t hash) const;
    std::vector<KeptWord> slots_;       // open addressing, a power of two; a quarter full, so that most words take one look
    std::size_t mask_ = 0, used_ = 0;
    unsigned shift_ = 0;                // leaves as many bits of a hash as a place in the table has
    std::vector<std::string> words_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> same_;  // a word, and the one it stands for
    std::vector<Joint> joints_;
    std::vector<std::uint32_t> joints_from_;  // by the last word: the first of its joints, from finish on
    std::vector<KeptWord> wildcards_;   // the long words by their hashes with one letter left out or replaced; open addressing
    std::vector<std::uint64_t> sieve_;  // bits of the wildcards' hashes, so that most words miss quickly
};

/// What long unknown words turned out to be, for one reader of many reports.
class Misspellings {
public:
    explicit Misspellings(const Vocabulary& vocabulary) : vocabulary_(vocabulary), slots_(std::size_t{1} << bits) {}
    std::uint32_t find(std::string_view word, std::uint64_t hash) {
        KeptWord& s = slots_[hash >> (64 - bits)];
        if (!s.of(hash)) s = {hash, vocabulary_.near(word)};
        return s.word();
    }

private:
    static constexpr unsigned bits = 12;
    const Vocabulary& vocabulary_;
    std::vector<KeptWord> slots_;
};

}  // namespace lge::report
