#include "lge/report/vocabulary.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

namespace lge::report {

namespace {

constexpr std::size_t long_word = 8;  // words of the lexicon from here on are known with one letter wrong
constexpr std::size_t sieve_bits = 1U << 19;

// FNV-1a, letter by letter, so that the forms of a word share the hash of their beginning.
constexpr std::uint64_t hash_start = 0xcbf29ce484222325ULL;
constexpr std::uint64_t step(std::uint64_t h, char c) { return (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL; }

}  // namespace

WordKey WordKey::of(std::string_view word) {
    WordKey key;
    std::memcpy(key.part.data(), word.data(), std::min(word.size(), longest_word));
    return key;
}

Vocabulary::Vocabulary() : words_(1) { empty(1024); }

void Vocabulary::empty(std::size_t slots) {
    slots_.assign(slots, {});
    mask_ = slots - 1;
    shift_ = static_cast<unsigned>(64 - std::countr_zero(slots));
}

void Vocabulary::put(const WordKey& key, std::uint32_t word) {
    if (++used_ * 2 > slots_.size()) {  // before the plurals are put in, each slot is a word of the list
        empty(slots_.size() * 2);
        for (std::uint32_t w = 1; w < words_.size(); ++w)
            if (w != word) place(WordKey::of(words_[w]), w);
    }
    place(key, word);
}

void Vocabulary::place(const WordKey& key, std::uint32_t word) {
    const std::uint64_t hash = key.hash();
    std::size_t i = hash >> shift_;
    while (slots_[i].bits != 0) i = (i + 1) & mask_;
    slots_[i] = {hash, word};
}

std::uint32_t Vocabulary::add(std::string_view word) {
    const WordKey key = WordKey::of(word);
    if (const auto known = exact(key)) return known;
    const auto number = static_cast<std::uint32_t>(words_.size());
    words_.emplace_back(word);
    put(key, number);
    return number;
}

void Vocabulary::add_same(const std::vector<std::string_view>& words, std::string_view meant) {
    if (words.size() == 1) {
        const std::uint32_t word = add(words[0]);
        same_.emplace_back(word, add(meant));
        return;
    }
    Joint& joint = joints_.emplace_back();
    for (const auto word : words) joint.words.push_back(add(word));
    joint.meant = add(meant);
}

// A word and its misspelling share a form with one letter replaced by '*' (substitution), or one of them with a letter
// taken out is the other: so both forms of each long word are kept. The first letter is taken to be right.
void Vocabulary::finish(std::string_view distinct) {
    std::vector<std::uint32_t> meant(words_.size());
    for (std::uint32_t w = 1; w < words_.size(); ++w) {
        std::string_view word = words_[w];
        meant[w] = w;
        if (word.size() <= 3 || word.back() != 's' || distinct.find(" " + std::string(word) + " ") != std::string_view::npos) continue;
        word.remove_suffix(1);
        if (const auto singular = exact(WordKey::of(word))) meant[w] = singular;
    }
    for (const auto& [word, other] : same_) meant[word] = other;
    std::vector<std::pair<WordKey, std::uint32_t>> forms;
    for (std::uint32_t w = 1; w < words_.size(); ++w) {
        forms.emplace_back(WordKey::of(words_[w]), meant[meant[w]]);
        if (words_[w].size() < 3 || words_[w].size() >= longest_word) continue;
        const WordKey plural = WordKey::of(words_[w] + 's');
        if (exact(plural) == 0) forms.emplace_back(plural, meant[meant[w]]);
    }
    for (Joint& joint : joints_) {
        for (auto& word : joint.words) word = meant[meant[word]];
        joint.meant = meant[meant[joint.meant]];
    }
    std::stable_sort(joints_.begin(), joints_.end(), [](const Joint& a, const Joint& b) { return a.words.back() < b.words.back(); });
    joints_from_.assign(joints_.empty() ? 0 : joints_.back().words.back() + 2, 0);
    for (const Joint& joint : joints_) ++joints_from_[joint.words.back() + 1];
    std::partial_sum(joints_from_.begin(), joints_from_.end(), joints_from_.begin());
    empty(std::bit_ceil(forms.size() * 3));
    for (const auto& [key, word] : forms) place(key, word);
    std::size_t count = 0;
    for (const std::string& word : words_)
        if (word.size() >= long_word) count += 2 * (word.size() - 1);
    wildcards_.assign(std::bit_ceil(count * 2 + 2), {});
    sieve_.assign(sieve_bits / 64, 0);
    for (std::uint32_t w = 1; w < words_.size(); ++w) {
        const std::string& word = words_[w];
        if (word.size() < long_word) continue;
        std::uint64_t prefix = step(hash_start, word[0]);
        for (std::size_t k = 1; k < word.size(); ++k) {
            std::uint64_t replaced = step(prefix, '*'), erased = prefix;
            for (std::size_t j = k + 1; j < word.size(); ++j) {
                replaced = step(replaced, word[j]);
                erased = step(erased, word[j]);
            }
            put_wildcard(replaced, w);
            put_wildcard(erased, w);
            prefix = step(prefix, word[k]);
        }
    }
}

std::size_t Vocabulary::wildcard_slot(std::uint64_t hash) const {
    const std::size_t mask = wildcards_.size() - 1;
    std::size_t i = (hash ^ hash >> 32U) & mask;
    while (wildcards_[i].bits != 0 && !wildcards_[i].of(hash)) i = (i + 1) & mask;
    return i;
}

void Vocabulary::put_wildcard(std::uint64_t hash, std::uint32_t word) {
    KeptWord& slot = wildcards_[wildcard_slot(hash)];
    if (slot.bits == 0) slot = {hash, word};  // of several words the first
    sieve_[hash % sieve_bits / 64] |= 1ULL << (hash % 64);
}

std::uint32_t Vocabulary::find_wildcard(std::uint64_t hash) const {
    if ((sieve_[hash % sieve_bits / 64] >> (hash % 64) & 1U) == 0) return 0;
    const std::uint32_t word = wildcards_[wildcard_slot(hash)].word();
    return word != 0 ? exact(WordKey::of(words_[word])) : 0;
}

std::uint32_t Vocabulary::near(std::string_view word) const {
    if (word.size() + 1 < long_word || word.size() > longest_word || sieve_.empty()) return 0;
    const auto known = [&](std::string_view w) -> std::uint32_t { return w.size() < long_word ? 0 : exact(WordKey::of(w)); };
    std::uint64_t whole = hash_start;
    for (const char c : word) whole = step(whole, c);
    if (const auto w = find_wildcard(whole)) return w;  // a letter was left out
    std::uint64_t prefix = step(hash_start, word[0]);
    std::string other(word);
    for (std::size_t k = 1; k < word.size(); ++k) {
        std::uint64_t replaced = step(prefix, '*');
        for (std::size_t j = k + 1; j < word.size(); ++j) replaced = step(replaced, word[j]);
        if (const auto w = find_wildcard(replaced)) return w;
        prefix = step(prefix, word[k]);
        other.erase(k, 1);
        if (const auto w = known(other)) return w;
        other.insert(k, 1, word[k]);
        if (k + 1 < word.size()) {
            std::swap(other[k], other[k + 1]);
            if (const auto w = known(other)) return w;
            std::swap(other[k], other[k + 1]);
        }
    }
    return 0;
}

}  // namespace lge::report
