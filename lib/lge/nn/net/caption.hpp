#pragma once
// Sentences from what a vision tower sees. For use inside nn and its tests.
#include "lge/nn/net/align_net.hpp"
#include "lge/nn/net/tokenizer.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lge::nn {

struct Written {
    std::string text;
    double log_probability = 0;  // natural logarithm, of all its tokens together
};

/// How sentences are sought.
struct Writing {
    std::size_t beams = 4, length = 48;                // 1 beam is greedy; at most so many tokens
    std::function<bool(const std::string&)> allowed;  // of a whole sentence; empty: all are
};

/// For each slice of `seen` [B,K,W] the most probable sentence that beam search finds and `allowed` lets pass; nothing
/// where there is none of that length.
std::vector<std::optional<Written>> generate(const CaptionDecoder& decoder, const Tokenizer& tokenizer, const Tensor& seen, const Writing& writing);

/// For each slice of `seen` the most probable of `sentences` (at least one).
std::vector<Written> choose(const CaptionDecoder& decoder, const Tokenizer& tokenizer, const Tensor& seen, const std::vector<std::string>& sentences, std::size_t length = 48);

}  // namespace lge::nn
