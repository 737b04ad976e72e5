#pragma once
// Text to words as BERT's tokenizers make them (Devlin et al., NAACL 2019; normaliser and pre-tokeniser of Hugging Face's
// tokenizers library).
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lge::nn {

struct BertRules {
    bool clean = true;          // controls and broken characters go, white space becomes spaces
    bool part_chinese = true;   // every Chinese character is a word
    bool lower = true;
    bool strip_accents = true;
    std::string unknown = "[UNK]", start = "[CLS]", end = "[SEP]", inside = "##";  // `inside` begins a piece that goes on in a word
    std::size_t longest_word = 100;                                                // characters; longer ones are unknown
    std::vector<std::string> special{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};  // stand for themselves wherever they occur
};

/// Words and punctuation marks, in order. Bytes that are not UTF-8 count as broken characters.
std::vector<std::string> bert_words(std::string_view text, const BertRules& rules);

/// Characters of UTF-8 text.
std::size_t count_characters(std::string_view text);

}  // namespace lge::nn
