#pragma once
// Vocabularies: trained from words, and read from files.
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lge::nn {

using WordCounts = std::map<std::string, std::uint64_t>;

/// Up to `size` pieces for words as split_words makes them: every ASCII letter and digit, at the start of a word and inside
/// ("##x"), every ASCII mark, and what comes of joining the most frequent neighbours again and again (Sennrich et al., ACL
/// 2016, as Hugging Face trains WordPiece). Words with other bytes are passed over. The same words give the same pieces.
std::vector<std::string> train_pieces(const WordCounts& words, std::size_t size);

/// Without their ends (LF or CRLF).
std::vector<std::string> lines_of(std::string_view text);

/// The pieces of a vocabulary file: one a line, the first four being [PAD], [UNK], [CLS] and [SEP], as BERT's vocab.txt of
/// lower-case text may be; bad_data when they are not.
std::vector<std::string> read_pieces(const std::filesystem::path& path);
/// The text of such a file.
std::string write_pieces(const std::vector<std::string>& pieces);

}  // namespace lge::nn
