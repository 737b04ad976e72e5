#include "lge/nn/net/caption.hpp"

#include "lge/base/error.hpp"
#include "lge/nn/net/loss.hpp"

#include <torch/types.h>

#include <algorithm>
#include <cmath>

namespace lge::nn {
namespace {

struct Beam {
    std::vector<std::int64_t> tokens;
    double log_probability = 0;
};

/// Log shares [beams,V] of the token after each beam; the beams have one length.
Tensor next_of(const CaptionDecoder& decoder, const std::vector<Beam>& beams, const Tensor& seen) {
    std::vector<std::int64_t> rows;
    for (const auto& beam : beams) rows.insert(rows.end(), beam.tokens.begin(), beam.tokens.end());
    const auto count = static_cast<std::int64_t>(beams.size());
    const Tensor tokens = torch::tensor(rows, torch::kInt64).view({count, -1}).to(seen.device());
    const Tensor last = decoder.forward(tokens, seen.expand({count, -1, -1})).select(1, -1);
    return at::log_softmax(last.to(torch::kFloat32), 1).to(torch::kCPU).contiguous();
}

std::optional<Written> write_one(const CaptionDecoder& decoder, const Tokenizer& tokenizer, const Tensor& seen, const Writing& writing) {
    const auto marks = tokenizer.marks();
    const auto length = std::min(static_cast<std::int64_t>(writing.length), decoder.places_table.size(1));
    std::vector<Beam> beams{{{marks.start}, 0}};
    std::optional<Written> best;
    for (std::int64_t n = 1; n < length && !beams.empty() && !(best && best->log_probability >= beams.front().log_probability); ++n) {
        Tensor shares = next_of(decoder, beams, seen);
        for (const auto token : {Tokenizer::pad, marks.unknown, marks.start}) shares.select(1, token).fill_(-INFINITY);
        for (std::size_t b = 0; b < beams.size(); ++b) shares[static_cast<std::int64_t>(b)] += beams[b].log_probability;
        // Twice as many as there are beams, since as many of them may be ends.
        const auto vocabulary = shares.size(1);
        const auto [value, index] = shares.flatten().topk(std::min<std::int64_t>(2 * static_cast<std::int64_t>(writing.beams), shares.numel()));
        std::vector<Beam> next;
        for (std::int64_t i = 0; i < value.size(0) && next.size() < writing.beams; ++i) {
            const double log_probability = value.const_data_ptr<float>()[i];
            if (!std::isfinite(log_probability)) break;
            Beam beam = beams[static_cast<std::size_t>(index.const_data_ptr<std::int64_t>()[i] / vocabulary)];
            beam.log_probability = log_probability;
            const auto token = index.const_data_ptr<std::int64_t>()[i] % vocabulary;
            if (token != marks.end) {
                beam.tokens.push_back(token);
                next.push_back(std::move(beam));
                continue;
            }
            Written written{tokenizer.decode(beam.tokens), log_probability};
            if ((!best || log_probability > best->log_probability) && (!writing.allowed || writing.allowed(written.text))) best = std::move(written);
        }
        beams = std::move(next);
    }
    return best;
}

}  // namespace

std::vector<std::optional<Written>> generate(const CaptionDecoder& decoder, const Tokenizer& tokenizer, const Tensor& seen, const Writing& writing) {
    if (writing.beams == 0) throw Error(ExitCode::internal, "sentences need a beam");
    torch::NoGradGuard no_grad;
    std::vector<std::optional<Written>> all;
    for (std::int64_t b = 0; b < seen.size(0); ++b) all.push_back(write_one(decoder, tokenizer, seen.slice(0, b, b + 1), writing));
    return all;
}

std::vector<Written> choose(const CaptionDecoder& decoder, const Tokenizer& tokenizer, const Tensor& seen, const std::vector<std::string>& sentences, std::size_t length) {
    if (sentences.empty()) throw Error(ExitCode::internal, "no sentences to choose from");
    torch::NoGradGuard no_grad;
    length = std::min(length, static_cast<std::size_t>(decoder.places_table.size(1)));
    std::vector<std::int64_t> rows;
    for (const auto& sentence : sentences) {
        const auto row = tokenizer.encode(sentence, length);
        rows.insert(rows.end(), row.begin(), row.end());
    }
    const auto count = static_cast<std::int64_t>(sentences.size());
    const Tensor tokens = torch::tensor(rows, torch::kInt64).view({count, -1}).to(seen.device());
    std::vector<Written> all;
    for (std::int64_t b = 0; b < seen.size(0); ++b) {
        const Tensor costs = caption_costs(decoder.forward(tokens, seen.slice(0, b, b + 1).expand({count, -1, -1})), tokens, Tokenizer::pad);
        const auto best = costs.argmin().item<std::int64_t>();
        all.push_back({sentences[static_cast<std::size_t>(best)], -costs[best].item<double>()});
    }
    return all;
}

}  // namespace lge::nn
