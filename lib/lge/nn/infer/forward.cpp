#include "lge/nn/infer/forward.hpp"

#include "lge/nn/net/clauses.hpp"

#include <torch/types.h>

#include <algorithm>
#include <cmath>

namespace lge::nn {

Tensor sentence_vectors(const AlignNet& net, const Description& d, const std::vector<std::string>& sentences, torch::Device device) {
    torch::NoGradGuard no_grad;
    std::vector<std::int64_t> tokens;
    for (const auto& s : sentences) {
        const auto row = d.tokenizer.encode(s, static_cast<std::size_t>(d.text_length));
        tokens.insert(tokens.end(), row.begin(), row.end());
    }
    const Tensor rows = at::from_blob(tokens.data(), {static_cast<std::int64_t>(sentences.size()), d.text_length}, torch::kInt64).to(device);
    return net.text->forward(rows);
}

Tensor prompt_direction(const AlignNet& net, const Description& d, const Prompts& prompts, torch::Device device) {
    return sentence_vectors(net, d, prompts.present, device).mean(0) - sentence_vectors(net, d, prompts.absent, device).mean(0);
}

Tensor without_padding(const Tensor& tokens) {
    const auto used = tokens.ne(Tokenizer::pad).any(0).sum().item<std::int64_t>();
    return tokens.slice(1, 0, std::max<std::int64_t>(used, 1));
}

Tensor clause_tokens(const Description& d) {
    std::vector<std::int64_t> tokens;
    each_clause([&](int segment, Clause what, std::size_t wording) {
        const auto row = d.tokenizer.encode(clause(segment, what, wording), static_cast<std::size_t>(d.text_length));
        tokens.insert(tokens.end(), row.begin(), row.end());
    });
    return torch::tensor(tokens, torch::kInt64).view({-1, d.text_length});
}

Tensor clause_vectors(const AlignNet& net, const Tensor& tokens) {
    return to_unit(net.text->forward(tokens).view({static_cast<std::int64_t>(clause_wordings), clause_segments, clause_count, -1}).mean(0));
}

CaseLook look_at(const AlignNet& net, const Description& d, const CaseView& view, torch::Device device) {
    torch::NoGradGuard no_grad;
    CaseLook look;
    look.which = readable_slices(view, d);
    if (look.which.empty()) return look;
    const CaseInput in = input_of(view, d, look.which);
    std::vector<std::int64_t> levels;
    for (const std::size_t k : look.which) levels.push_back(static_cast<std::int64_t>(view.slices[k].level));
    look.level = torch::tensor(levels, torch::kInt64).to(device);
    look.seen = net.vision->forward(in.rows.to(device));
    look.slices = net.slice_vectors(look.seen.features);
    look.whole = net.case_pool->forward(look.seen.features, look.level, at::zeros_like(look.level), 1)[0];
    return look;
}

Tensor pool_scores(const Tensor& slices, const Tensor& whole, Pooling pooling) {
    constexpr std::int64_t highest = 3;
    switch (pooling) {
        case Pooling::mean: return slices.mean(0);
        case Pooling::max: return slices.amax(0);
        case Pooling::top: return std::get<0>(slices.topk(std::min(highest, slices.size(0)), 0)).mean(0);
        case Pooling::model: break;
    }
    return whole;
}

void add_known(const CaseLook& look, const Told& told, const Tensor& direction, Pooling pooling, Judged& slices, Judged& cases) {
    torch::NoGradGuard no_grad;
    if (look.which.empty()) return;
    const Tensor of_slices = at::mv(look.slices, direction).to(torch::kCPU), of_whole = at::dot(look.whole, direction).unsqueeze(0).to(torch::kCPU);
    if (!told.whole.empty()) cases.emplace_back(pool_scores(of_slices.unsqueeze(1), of_whole, pooling).item<double>(), told.present);
    for (std::size_t i = 0; i < look.which.size(); ++i)
        if (const auto& said = told.slices[look.which[i]]; !said.empty()) slices.emplace_back(of_slices.const_data_ptr<float>()[i], said.front().meaning.present);
}

double probability_of(double score, const Description& d) { return 1 / (1 + std::exp(-(score * d.temperature + d.offset))); }

}  // namespace lge::nn
