#include "lge/nn/train.hpp"

#include "lge/nn/align_samples.hpp"
#include "lge/nn/forward.hpp"
#include "lge/nn/history.hpp"
#include "lge/nn/loss.hpp"
#include "lge/nn/thresholds.hpp"

#include <fmt/format.h>

#include <cmath>

namespace lge::nn {
namespace {

using Part = AlignSamples::Part;

constexpr double largest_scale = 100;  // of similarities, as CLIP has it

Tensor scale_of(const AlignNet& net) { return net.log_scale.clamp_max(std::log(largest_scale)).exp(); }

/// Which texts are true of which images, [N,N] each.
struct Relations {
    Tensor positive, negative;
};
Relations relations_of(const Tensor& meanings) {
    const Tensor table = meanings.to(torch::kCPU).contiguous();
    const std::int64_t n = table.size(0);
    Relations r{at::zeros({n, n}, torch::kBool), at::zeros({n, n}, torch::kBool)};
    const auto* m = table.const_data_ptr<std::int64_t>();
    const auto meaning = [&](std::int64_t i) { return Meaning{m[3 * i] != 0, static_cast<std::uint32_t>(m[3 * i + 1]), static_cast<std::uint32_t>(m[3 * i + 2])}; };
    for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t t = 0; t < n; ++t) {
            const Relation relation = i == t ? Relation::positive : relate(meaning(i), meaning(t));
            r.positive.mutable_data_ptr<bool>()[i * n + t] = relation == Relation::positive;
            r.negative.mutable_data_ptr<bool>()[i * n + t] = relation == Relation::negative;
        }
    return r;
}

/// Cross entropy of the answer along the direction from the batch's sentences of absence to those of presence.
/// Labels are smoothed, since sentences are sometimes wrong.
Tensor answer_loss(const AlignNet& net, const Tensor& images, const Tensor& texts, const Tensor& present, const Tensor& said) {
    constexpr double doubt = 0.05;
    const Tensor yes = said.unsqueeze(1), no = 1 - yes;
    const Tensor direction = (texts * yes).sum(0) / yes.sum().clamp_min(1) - (texts * no).sum(0) / no.sum().clamp_min(1);
    const Tensor margin = scale_of(net) * at::mv(images, direction) + net.offset;
    return at::binary_cross_entropy_with_logits(margin, present * (1 - 2 * doubt) + doubt);
}

/// Cuts off columns that are padding in every row.
Tensor without_padding(const Tensor& tokens) {
    const auto used = tokens.ne(Tokenizer::pad).any(0).sum().item<std::int64_t>();
    return tokens.slice(1, 0, used);
}

struct Thresholds {
    Cut slice, whole;
};
/// Sets the thresholds on `trials`.
Thresholds set_thresholds(const AlignNet& net, const std::vector<KnownCase>& trials, const Prompts& prompts, torch::Device device, Description& d) {
    const Tensor direction = prompt_direction(net, d, prompts, device);
    Judged slices, cases;
    for (const auto& trial : trials) {
        const CaseScores scores = score_case(net, d, trial.view, direction);
        if (scores.whole && !trial.told.whole.empty()) cases.emplace_back(probability_of(*scores.whole, d), trial.told.present);
        for (std::size_t k = 0; k < scores.slices.size(); ++k)
            if (scores.slices[k] && !trial.told.slices[k].empty()) slices.emplace_back(probability_of(*scores.slices[k], d), trial.told.slices[k].front().meaning.present);
    }
    const Thresholds found{best_cut(std::move(slices)), best_cut(std::move(cases))};
    d.slice_threshold = found.slice.threshold;
    d.case_threshold = found.whole.threshold;
    return found;
}

}  // namespace

std::optional<Bytes> train_align(const TrainInput& input, const Recipe& recipe, Description d, const Prompts& prompts, const Log& log) {
    d.task = Task::align;
    if (input.encoder) {
        if (d.input != InputKind::image) throw Error(ExitCode::usage, "--init-encoder goes with --input image: a strip has no image encoder");
        d.widths = parse_description(input.encoder->metadata, Task::segment, "the model of --init-encoder").widths;
    }
    std::vector<std::vector<Told>> told;
    for (const auto& cohort : input.cohorts) told.push_back(told_of(cohort, input.captions));
    const auto trials = trials_of(input, told, recipe.seed);
    const AlignSamples samples(input, d, std::move(told), recipe.seed);
    std::vector<std::string> texts = samples.texts();
    texts.insert(texts.end(), prompts.present.begin(), prompts.present.end());
    texts.insert(texts.end(), prompts.absent.begin(), prompts.absent.end());
    d.tokenizer = Tokenizer::from_texts(texts);
    check(d);

    return guard_torch([&]() -> std::optional<Bytes> {
        const torch::Device device = prepare_torch(input.device, 1);  // the trainer's threads are its own
        const auto net = make_align_net(d);
        initialise(*net, recipe.seed);
        if (input.encoder) load_parameters(*dynamic_cast<ImageTower&>(*net->vision).encoder, *input.encoder, "encoder.", "the model of --init-encoder");
        const std::size_t shards = (recipe.batch + AlignSamples::cases_of_shard - 1) / AlignSamples::cases_of_shard;
        const AlignLosses& weights = recipe.align;
        enum Output : std::size_t { features, text, case_text, scar };
        Learner learner{net, shards, [&](std::uint64_t step, std::size_t shard) { return samples.draw(step, shard, shards); },
                        [&](const Tensors& drawn) -> Tensors {
                            const SliceFeatures seen = net->vision->forward(drawn[Part::rows]);
                            Tensors out{seen.features, net->text->forward(without_padding(drawn[Part::tokens])), net->text->forward(without_padding(drawn[Part::case_tokens]))};
                            if (seen.scar.defined()) out.push_back(seen.scar);
                            return out;
                        },
                        [&](const Tensors& drawn, const Tensors& out) -> Losses {
                            const Tensor cases = net->case_pool->forward(out[features], drawn[Part::level], drawn[Part::of_case], out[case_text].size(0));
                            const Tensor slices = net->slice_vectors(out[features]);
                            const Tensor slice_present = drawn[Part::meaning].select(1, 0).to(torch::kFloat32), case_present = drawn[Part::case_meaning].select(1, 0).to(torch::kFloat32);
                            const Tensor vectors = at::cat({slices, cases}), sentences = at::cat({out[text], out[case_text]});
                            const Tensor said = at::cat({slice_present, case_present});
                            const Relations truth = relations_of(at::cat({drawn[Part::meaning], drawn[Part::case_meaning]}));
                            const Tensor finding = contrastive_loss(scale_of(*net) * at::matmul(vectors, sentences.t()), truth.positive.to(vectors.device()), truth.negative.to(vectors.device()));
                            const Tensor answer = answer_loss(*net, slices, sentences, slice_present, said) + answer_loss(*net, cases, sentences, case_present, said);
                            Losses losses{{"loss", weights.finding * finding + weights.answer * answer}, {"finding_loss", finding}, {"answer_loss", answer}};
                            if (out.size() > scar && weights.scar > 0) {
                                losses.emplace_back("scar_loss", scar_loss(out[scar], drawn[Part::scar]));
                                losses.front().second = losses.front().second + weights.scar * losses.back().second;
                            }
                            losses.emplace_back("log_scale", net->log_scale.detach().clone());
                            return losses;
                        },
                        identity_of(input, recipe, d)};
        if (train(learner, recipe, device, input.threads, log) == Ended::stopped) return std::nullopt;

        d.temperature = std::min(largest_scale, std::exp(net->log_scale.item<double>()));
        d.offset = net->offset.item<double>();
        const Thresholds set = set_thresholds(*net, trials, prompts, device, d);
        if (std::isnan(set.slice.balanced_accuracy) || std::isnan(set.whole.balanced_accuracy))
            log.warn("the cases held out do not show both answers; a threshold stays at 0.5 where it could not be set");
        else
            log.note("zero-shot balanced accuracy where the thresholds were set ({} cases held out): slices {:.3f}, cases {:.3f}", trials.size(),
                     set.slice.balanced_accuracy, set.whole.balanced_accuracy);
        d.history = begin_history(input, recipe, fmt::format("{} cases", samples.case_count())).key("held_out_balanced_accuracy").object().key("slice").number(set.slice.balanced_accuracy)
                        .key("case").number(set.whole.balanced_accuracy).end().end().str();
        return encode_tensors(parameters_of(*net), to_metadata(d));
    });
}

}  // namespace lge::nn
