#include "lge/nn/net/vocabulary.hpp"

#include "lge/base/error.hpp"
#include "lge/base/stream.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace lge::nn {
namespace {

constexpr std::array<std::string_view, 4> first_lines{"[PAD]", "[UNK]", "[CLS]", "[SEP]"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

struct Word {
    std::vector<std::string> pieces;
    std::uint64_t count;
};

std::string joined(const std::string& left, const std::string& right) { return left + right.substr(2); }

}  // namespace

std::vector<std::string> train_pieces(const WordCounts& counts, std::size_t size) {
    std::vector<std::string> pieces;
    for (char c = '!'; c <= '~'; ++c) {
        if (c >= 'A' && c <= 'Z') continue;
        pieces.emplace_back(1, c);
        if (is_letter(c)) pieces.push_back(std::string("##") + c);
    }
    std::set<std::string> known(pieces.begin(), pieces.end());

    std::vector<Word> words;
    for (const auto& [word, count] : counts) {
        if (word.size() < 2 || !std::all_of(word.begin(), word.end(), is_letter)) continue;
        words.push_back({{}, count});
        for (const char c : word) words.back().pieces.push_back((words.back().pieces.empty() ? "" : "##") + std::string(1, c));
    }
    while (pieces.size() < size) {
        std::map<std::pair<std::string, std::string>, std::uint64_t> neighbours;
        for (const auto& word : words)
            for (std::size_t i = 0; i + 1 < word.pieces.size(); ++i) neighbours[{word.pieces[i], word.pieces[i + 1]}] += word.count;
        const auto most = std::max_element(neighbours.begin(), neighbours.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
        if (most == neighbours.end()) break;
        const auto [left, right] = most->first;
        const std::string piece = joined(left, right);
        if (known.insert(piece).second) pieces.push_back(piece);
        for (auto& word : words)
            for (std::size_t i = 0; i + 1 < word.pieces.size(); ++i)
                if (word.pieces[i] == left && word.pieces[i + 1] == right) {
                    word.pieces[i] = piece;
                    word.pieces.erase(word.pieces.begin() + static_cast<std::ptrdiff_t>(i) + 1);
                }
    }
    return pieces;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.emplace_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::vector<std::string> read_pieces(const std::filesystem::path& path) {
    const Bytes file = read_file(path.string());
    auto lines = lines_of(as_text(file));
    if (lines.size() <= first_lines.size() || !std::equal(first_lines.begin(), first_lines.end(), lines.begin()))
        throw Error(ExitCode::bad_data, display_name(path.string()) + ": not a vocabulary: its first lines are not [PAD], [UNK], [CLS] and [SEP], with pieces below");
    lines.erase(lines.begin(), lines.begin() + first_lines.size());
    return lines;
}

std::string write_pieces(const std::vector<std::string>& pieces) {
    std::string text;
    for (const auto piece : first_lines) text += std::string(piece) + "\n";
    for (const auto& piece : pieces) text += piece + "\n";
    return text;
}

}  // namespace lge::nn
