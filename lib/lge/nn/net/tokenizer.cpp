#include "lge/nn/net/tokenizer.hpp"

#include "lge/base/error.hpp"

#include <algorithm>
#include <array>

namespace lge::nn {
namespace {

constexpr std::array<std::string_view, 12> abbreviations{"aha", "cmr", "lad", "lcx", "lge", "lv", "lvef", "mri", "mvo", "psir", "rca", "rv"};

bool is_word_byte(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80; }

}  // namespace

std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> words;
    bool inside = false;
    for (char c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (is_word_byte(c)) {
            if (!inside) words.emplace_back();
            words.back() += c;
        } else if (c > ' ' && c != 0x7f) {
            words.emplace_back(1, c);
        }
        inside = is_word_byte(c);
    }
    return words;
}

std::string join_words(std::span<const std::string> words) {
    const auto one_of = [](std::string_view word, std::string_view marks) { return word.size() == 1 && marks.find(word[0]) != std::string_view::npos; };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto upper = [](char& c) { if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A'); };
    std::string text;
    bool sentence_starts = true, glued = true;
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::string word = words[i];
        if (word.empty()) continue;
        if (!glued && !one_of(word, ",.;:!?)]}%'-/")) text += ' ';
        if (std::find(abbreviations.begin(), abbreviations.end(), word) != abbreviations.end()) std::for_each(word.begin(), word.end(), upper);
        if (sentence_starts) upper(word.front());
        const bool point_of_number = word == "." && !text.empty() && digit(text.back()) && i + 1 < words.size() && !words[i + 1].empty() && digit(words[i + 1].front());
        sentence_starts = one_of(word, ".!?") && !point_of_number;
        glued = one_of(word, "([{~'-/") || point_of_number;
        text += word;
    }
    return text;
}

Tokenizer::Tokenizer(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {
    std::int64_t next = 4;
    for (const auto& piece : pieces_)
        if (piece.empty() || !number_.emplace(piece, next++).second) throw Error(ExitCode::bad_data, "vocabulary has an empty or double piece");
}

Tokenizer Tokenizer::bert(std::vector<std::string> pieces, BertRules rules) {
    Tokenizer t;
    t.first_ = 0;
    for (std::size_t n = 0; n < pieces.size(); ++n)
        if (pieces[n].empty() || !t.number_.emplace(pieces[n], static_cast<std::int64_t>(n)).second) throw Error(ExitCode::bad_data, "vocabulary has an empty or double piece");
    const auto number_of = [&](const std::string& piece) {
        const auto found = t.number_.find(piece);
        if (found == t.number_.end()) throw Error(ExitCode::bad_data, "vocabulary lacks a special piece");
        return found->second;
    };
    if (number_of("[PAD]") != pad) throw Error(ExitCode::bad_data, "vocabulary does not begin with [PAD]");
    std::erase_if(rules.special, [&](const std::string& piece) { return !t.number_.contains(piece); });
    t.marks_ = {number_of(rules.unknown), number_of(rules.start), number_of(rules.end)};
    t.pieces_ = std::move(pieces);
    t.rules_ = std::move(rules);
    return t;
}

std::vector<std::int64_t> Tokenizer::encode(std::string_view text, std::size_t length) const {
    std::vector<std::int64_t> numbers{marks_.start};
    const std::string inside = rules_ ? rules_->inside : "##";
    for (const auto& word : rules_ ? bert_words(text, *rules_) : split_words(text)) {
        const auto before = numbers.size();
        if (rules_ && count_characters(word) > rules_->longest_word) {
            numbers.push_back(marks_.unknown);
            continue;
        }
        for (std::size_t from = 0; from < word.size();) {
            std::size_t to = word.size();
            auto found = number_.end();
            for (; to > from; --to) {
                found = number_.find((from ? inside : "") + word.substr(from, to - from));
                if (found != number_.end()) break;
            }
            if (to == from) {
                numbers.resize(before);
                numbers.push_back(marks_.unknown);
                break;
            }
            numbers.push_back(found->second);
            from = to;
        }
    }
    numbers.resize(std::min(numbers.size(), length - 1));
    numbers.push_back(marks_.end);
    numbers.resize(length, pad);
    return numbers;
}

std::string Tokenizer::decode(std::span<const std::int64_t> numbers) const {
    std::vector<std::string> words;
    const std::string inside = rules_ ? rules_->inside : "##";
    for (const std::int64_t n : numbers) {
        if (n < static_cast<std::int64_t>(first_) || n >= static_cast<std::int64_t>(size()) || n == pad || n == marks_.start || n == marks_.end || n == marks_.unknown) continue;
        const std::string& piece = pieces_[static_cast<std::size_t>(n) - first_];
        if (piece.size() > inside.size() && piece.starts_with(inside) && !words.empty()) words.back() += piece.substr(inside.size());
        else words.push_back(piece);
    }
    return join_words(words);
}

}  // namespace lge::nn
