#include "lge/nn/tokenizer.hpp"

#include "lge/base/error.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

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

Tokenizer Tokenizer::from_texts(std::span<const std::string> texts, std::size_t max_words) {
    std::map<std::string, std::size_t> texts_with;
    for (const auto& text : texts) {
        const auto words = split_words(text);
        for (const auto& word : std::set<std::string>(words.begin(), words.end())) ++texts_with[word];
    }
    std::vector<std::pair<std::string, std::size_t>> words;
    for (const auto& [word, count] : texts_with)
        if (count >= 2) words.emplace_back(word, count);
    std::stable_sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    words.resize(std::min(words.size(), max_words));

    std::set<std::string> pieces;
    for (const auto& entry : words) pieces.insert(entry.first);
    for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyz0123456789")) {
        pieces.insert(std::string(1, c));
        pieces.insert(std::string("##") + c);
    }
    return Tokenizer(std::vector<std::string>(pieces.begin(), pieces.end()));
}

std::vector<std::int64_t> Tokenizer::encode(std::string_view text, std::size_t length) const {
    std::vector<std::int64_t> numbers{marks_.start};
    for (const auto& word : split_words(text)) {
        const auto before = numbers.size();
        for (std::size_t from = 0; from < word.size();) {
            std::size_t to = word.size();
            auto found = number_.end();
            for (; to > from; --to) {
                found = number_.find((from ? "##" : "") + word.substr(from, to - from));
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
    for (const std::int64_t n : numbers) {
        if (n < 4 || n >= static_cast<std::int64_t>(size())) continue;
        const std::string& piece = pieces_[static_cast<std::size_t>(n - 4)];
        if (piece.size() > 2 && piece.starts_with("##") && !words.empty()) words.back() += piece.substr(2);
        else words.push_back(piece);
    }
    return join_words(words);
}

}  // namespace lge::nn
