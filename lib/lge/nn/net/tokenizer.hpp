#pragma once
// Text to numbers: words and, for words that the vocabulary lacks, their longest pieces (WordPiece: Schuster and
// Nakajima, ICASSP 2012, in the greedy form of BERT).
#include "lge/nn/net/bert_words.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lge::nn {

class Tokenizer {
public:
    static constexpr std::int64_t pad = 0;
    /// The numbers of the other special pieces.
    struct Marks {
        std::int64_t unknown = 1, start = 2, end = 3;
    };

    Tokenizer() : Tokenizer(std::vector<std::string>{}) {}
    /// `pieces` beside the four special ones; "##x" goes on inside a word. Throws bad_data for an empty or double piece.
    explicit Tokenizer(std::vector<std::string> pieces);
    /// A tokenizer of BERT's family: `pieces` by their numbers, the special ones among them. bad_data when [PAD] is not
    /// number 0, or a special piece of the rules is missing.
    static Tokenizer bert(std::vector<std::string> pieces, BertRules rules);

    /// start, pieces, end, pad ...: exactly `length` numbers; a text that is too long is cut before `end`.
    [[nodiscard]] std::vector<std::int64_t> encode(std::string_view text, std::size_t length) const;
    /// The text of such a row, as join_words writes it; special pieces say nothing.
    [[nodiscard]] std::string decode(std::span<const std::int64_t> numbers) const;
    [[nodiscard]] Marks marks() const { return marks_; }
    [[nodiscard]] const std::vector<std::string>& pieces() const { return pieces_; }
    /// Of a BERT tokenizer.
    [[nodiscard]] const std::optional<BertRules>& rules() const { return rules_; }
    /// With the special ones.
    [[nodiscard]] std::size_t size() const { return pieces_.size() + first_; }

private:
    std::vector<std::string> pieces_;
    Marks marks_;
    std::size_t first_ = 4;  // number of the first of pieces_
    std::optional<BertRules> rules_;
    std::unordered_map<std::string, std::int64_t> number_;
};

/// Lower-case words; every punctuation mark is a word of its own.
std::vector<std::string> split_words(std::string_view text);
/// Words and punctuation marks as a sentence: capitals at its start and for abbreviations, spaces where English has them.
std::string join_words(std::span<const std::string> words);

}  // namespace lge::nn
