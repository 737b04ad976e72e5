#include "lge/nn/detector.hpp"

#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"
#include "lge/nn/clauses.hpp"
#include "lge/nn/forward.hpp"

#include <ATen/Parallel.h>

#include <cmath>

namespace lge::nn {

std::vector<std::string> read_prompts(const std::string& path) {
    constexpr std::size_t limit = std::size_t{1} << 20;
    const Bytes file = read_file(path, limit);
    std::vector<std::string> sentences;
    for (std::string_view rest = as_text(file); !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
        if (!line.empty() && line.front() != '#') sentences.emplace_back(line);
    }
    if (sentences.empty()) throw Error(ExitCode::bad_data, display_name(path) + ": no sentence in it");
    return sentences;
}

Tensor prompt_direction(const AlignNet& net, const Description& d, const Prompts& prompts, torch::Device device) {
    torch::NoGradGuard no_grad;
    const auto mean = [&](const std::vector<std::string>& sentences) {
        std::vector<std::int64_t> tokens;
        for (const auto& s : sentences) {
            const auto row = d.tokenizer.encode(s, static_cast<std::size_t>(d.text_length));
            tokens.insert(tokens.end(), row.begin(), row.end());
        }
        const Tensor rows = at::from_blob(tokens.data(), {static_cast<std::int64_t>(sentences.size()), d.text_length}, torch::kInt64).to(device);
        return net.text->forward(rows).mean(0);
    };
    return mean(prompts.present) - mean(prompts.absent);
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

CaseScores score_case(const AlignNet& net, const Description& d, const CaseView& view, const Tensor& direction) {
    torch::NoGradGuard no_grad;
    CaseScores scores;
    scores.slices.resize(view.slices.size());
    const auto which = readable_slices(view, d);
    if (which.empty()) return scores;
    const CaseInput in = input_of(view, d, which);
    std::vector<std::int64_t> levels;
    for (const std::size_t k : which) levels.push_back(static_cast<std::int64_t>(view.slices[k].level));
    const auto device = direction.device();
    const Tensor features = net.vision->forward(in.rows.to(device)).features;
    const Tensor level = torch::tensor(levels, torch::kInt64).to(device), of_case = at::zeros_like(level);
    const Tensor slice = at::mv(net.slice_vectors(features), direction).to(torch::kCPU), whole = at::mv(net.case_pool->forward(features, level, of_case, 1), direction);
    for (std::size_t i = 0; i < which.size(); ++i) scores.slices[which[i]] = slice.const_data_ptr<float>()[i];
    scores.whole = whole.item<double>();
    return scores;
}

double probability_of(double score, const Description& d) { return 1 / (1 + std::exp(-(score * d.temperature + d.offset))); }

struct Detector::State {
    Description description;
    std::shared_ptr<AlignNet> net;
    Tensor direction;
};

Detector::Detector(const std::string& model, const Prompts& prompts, DeviceChoice device) {
    const io::Safetensors file = io::read_safetensors(model);
    const std::string name = display_name(model);
    Description d = parse_description(file.metadata, Task::align, name);
    state_ = guard_torch([&] {
        const torch::Device where = prepare_torch(device, 1);  // cases are judged side by side instead
        auto net = make_align_net(d);
        load_parameters(*net, file, "", name);
        net->to(where);
        Tensor direction = prompt_direction(*net, d, prompts, where);
        return std::make_unique<State>(State{std::move(d), std::move(net), std::move(direction)});
    });
}
Detector::~Detector() = default;
Detector::Detector(Detector&&) noexcept = default;

CaseCalls Detector::judge(const io::Cohort& cohort, std::size_t c) const {
    const Description& d = state_->description;
    const CaseScores scores = guard_torch([&] {
        at::set_num_threads(1);
        return score_case(*state_->net, d, view_of(cohort, c), state_->direction);
    });
    const auto call = [&](double score, double threshold) {
        const double p = probability_of(score, d);
        return Call{score, p, threshold, p >= threshold};
    };
    CaseCalls calls;
    if (scores.whole) calls.whole = call(*scores.whole, d.case_threshold);
    for (const auto& s : scores.slices) calls.slices.push_back(s ? std::optional(call(*s, d.slice_threshold)) : std::nullopt);
    return calls;
}

}  // namespace lge::nn
