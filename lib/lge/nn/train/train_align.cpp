#include "lge/nn/train/train.hpp"

#include "lge/nn/infer/forward.hpp"
#include "lge/nn/net/bert.hpp"
#include "lge/nn/net/clauses.hpp"
#include "lge/nn/net/loss.hpp"
#include "lge/nn/net/vit.hpp"
#include "lge/nn/train/align_samples.hpp"
#include "lge/nn/train/history.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <set>

namespace lge::nn {
namespace {

using Part = AlignSamples::Part;

/// Meanings as rows of numbers [N,3].
std::vector<Meaning> meanings_of(const Tensor& rows) {
    const Tensor table = rows.to(torch::kCPU).contiguous();
    const auto* m = table.const_data_ptr<std::int64_t>();
    std::vector<Meaning> meanings;
    for (std::int64_t i = 0; i < table.size(0); ++i)
        meanings.push_back({m[3 * i] != 0, static_cast<std::uint32_t>(m[3 * i + 1]), static_cast<std::uint32_t>(m[3 * i + 2])});
    return meanings;
}

/// Which texts are true of which images, [images,texts] each. Text i is image i's own; with `own_only` it is the only
/// one that is true of it.
struct Relations {
    Tensor positive, negative;
};
Relations relations_of(const Tensor& seen, const Tensor& said, bool own_only) {
    const auto images = meanings_of(seen), texts = meanings_of(said);
    const auto n = static_cast<std::int64_t>(images.size()), m = static_cast<std::int64_t>(texts.size());
    Relations r{at::zeros({n, m}, torch::kBool), at::zeros({n, m}, torch::kBool)};
    for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t t = 0; t < m; ++t) {
            Relation relation = relate(images[static_cast<std::size_t>(i)], texts[static_cast<std::size_t>(t)]);
            if (own_only) relation = i == t ? Relation::positive : Relation::negative;
            r.positive.mutable_data_ptr<bool>()[i * m + t] = relation == Relation::positive;
            r.negative.mutable_data_ptr<bool>()[i * m + t] = relation == Relation::negative;
        }
    return {r.positive.to(seen.device()), r.negative.to(seen.device())};
}

/// Sectors of the batch against the clauses about their own segments: vectors [R,6,E], clauses [16,5,E].
Tensor sector_loss(const AlignNet& net, const Tensor& vectors, const Tensor& clauses, const Tensor& state, const Tensor& level) {
    const Tensor known = state.ge(0).nonzero();  // rows of (slice, sector)
    if (known.size(0) == 0) return vectors.sum() * 0;
    const Tensor slice = known.select(1, 0), sector = known.select(1, 1);
    std::vector<std::int64_t> segment;  // of (level, sector)
    for (std::int64_t l = 0; l < 5; ++l)
        for (std::int64_t s = 0; s < most_sectors; ++s) segment.push_back(std::max(0, segment_of_sector(static_cast<anatomy::Level>(l), s) - 1));
    const Tensor number = torch::tensor(segment, torch::kInt64).to(level.device()).index_select(0, level.index_select(0, slice) * most_sectors + sector);
    const Tensor about = clauses.index_select(0, number);  // [K,5,E]
    const Tensor logits = net.scale() * (about * vectors.index({slice, sector}).unsqueeze(1)).sum(2) + net.clause_offset;
    return clause_loss(logits, state.index({slice, sector}));
}

/// Which slices' sentences [R] can be written from what is seen: where a heart's pose is lost, none that names a place.
Tensor can_be_written(const Tensor& seen, const Tensor& meaning) { return at::logical_or(seen.select(1, 1).ne(0), meaning.select(1, 1).eq(0)).to(torch::kFloat32); }

/// Loads --init-encoder and says what came of it.
std::string load_encoder(VisionTower& tower, const io::Safetensors& file) {
    constexpr const char* name = "the model of --init-encoder";
    if (auto* transformer = dynamic_cast<ViTTower*>(&tower)) return load_timm(*transformer->vit, file, name);
    Encoder& encoder = *dynamic_cast<ImageTower&>(tower).encoder;
    load_parameters(encoder, file, "encoder.", name);
    std::vector<std::string> left_out;
    for (const auto& [key, view] : file.tensors)
        if (!key.starts_with("encoder.")) left_out.push_back(key);
    return fmt::format("{} tensors; left out: {}", encoder.parameters().size(), parts_of(left_out));
}

struct Thresholds {
    Cut slice, whole;
};
/// Sets the thresholds on `trials`.
Thresholds set_thresholds(const AlignNet& net, const std::vector<KnownCase>& trials, const Prompts& prompts, torch::Device device, Description& d) {
    const Tensor direction = prompt_direction(net, d, prompts, device);
    Judged slices, cases;
    for (const auto& trial : trials) add_known(look_at(net, d, trial.view, device), trial.told, direction, d.pooling, slices, cases);
    for (auto* judged : {&slices, &cases})
        for (auto& [score, present] : *judged) score = probability_of(score, d);
    const Thresholds found{best_cut(std::move(slices)), best_cut(std::move(cases))};
    d.slice_threshold = found.slice.threshold;
    d.case_threshold = found.whole.threshold;
    return found;
}

/// Mean of what is known of slices and cases; NaN when it is neither.
double balanced_accuracy(const Thresholds& t) {
    if (std::isnan(t.slice.balanced_accuracy)) return t.whole.balanced_accuracy;
    return std::isnan(t.whole.balanced_accuracy) ? t.slice.balanced_accuracy : (t.slice.balanced_accuracy + t.whole.balanced_accuracy) / 2;
}

}  // namespace

std::optional<Bytes> train_align(const TrainInput& input, const Recipe& recipe, Description d, const Prompts& prompts, const Log& log) {
    d.task = Task::align;
    if (input.encoder) {
        if (d.input != InputKind::image) throw Error(ExitCode::usage, "--init-encoder goes with --input image: a strip has no image encoder");
        if (d.tower == Tower::unet) {
            const Description start = parse_description(input.encoder->metadata, Task::segment, "the model of --init-encoder");
            d.widths = start.widths;
            d.norm = start.norm;
        }
    }
    check_cases(input, log);
    if (recipe.batch % AlignSamples::cases_of_shard != 0) throw Error(ExitCode::usage, fmt::format("--batch: cases go {} at a time; wanted a multiple of that", AlignSamples::cases_of_shard));
    std::vector<std::vector<Told>> told;
    for (const auto& cohort : input.cohorts) told.push_back(input.mix.real > 0 || !input.captions.empty() ? told_of(cohort, input.captions) : std::vector<Told>(cohort.cases.size()));
    const auto trials = recipe.dry_run ? std::vector<KnownCase>() : trials_of(input, d, told, recipe.seed);
    const AlignSamples samples(input, d, std::move(told), recipe);
    if (input.text_encoder) {
        d.bert = input.text_encoder->shape;
        d.bert->frozen = input.freeze_text;
        d.tokenizer = input.text_encoder->tokenizer;
        d.text_length = std::min<std::int64_t>(64, d.bert->places);
    }
    d.decoder_layers = recipe.caption > 0 ? 2 : 0;
    check(d);

    return guard_torch([&]() -> std::optional<Bytes> {
        const torch::Device device = own_device(prepare_torch(input.device, 1), input.world.local);  // the trainer's threads are its own
        const auto net = make_align_net(d);
        initialise(*net, recipe.seed);
        if (input.start) log.note("--init: {}", load_start(*net, *input.start, "the model of --init"));
        if (input.encoder) log.note("--init-encoder: {}", load_encoder(*net->vision, *input.encoder));
        if (input.text_encoder) load_bert(*dynamic_cast<BertTower&>(*net->text).bert, input.text_encoder->weights, "the model of --text-encoder");
        const std::size_t shards = recipe.batch / AlignSamples::cases_of_shard;
        const AlignLosses& weights = recipe;
        const Tensor clauses = without_padding(clause_tokens(d)).to(device);
        enum Output : std::size_t { features, text, case_text, hard_text, sectors, scar };  // scar for strips; last, with a decoder, the captions' costs
        Learner learner{net, shards, [&](std::uint64_t step, std::size_t shard) { return samples.draw(step, shard, shards); },
                        [&](const Tensors& drawn) -> Tensors {
                            const SliceFeatures seen = net->vision->forward(drawn[Part::rows]);
                            const auto say = [&](const Tensor& tokens) { return net->text->forward(without_padding(tokens)); };
                            Tensors out{seen.features, say(drawn[Part::tokens]), say(drawn[Part::case_tokens]), say(drawn[Part::hard_tokens]),
                                        net->sector_vectors(seen.tokens, drawn[Part::level])};
                            if (seen.scar.defined()) out.push_back(seen.scar);
                            const Tensor tokens = without_padding(drawn[Part::tokens]);
                            if (net->decoder) out.push_back(caption_costs(net->decoder->forward(tokens, seen.tokens), tokens, Tokenizer::pad));
                            return out;
                        },
                        [&](const Tensors& drawn, const Tensors& out) -> Losses {
                            const Tensor cases = net->case_pool->forward(out[features], drawn[Part::level], drawn[Part::of_case], out[case_text].size(0));
                            const Tensor slices = net->slice_vectors(out[features]);
                            const auto present = [](const Tensor& meaning) { return meaning.select(1, 0).to(torch::kFloat32); };
                            const Tensor vectors = at::cat({slices, cases}), sentences = at::cat({out[text], out[case_text]});
                            const Tensor seen = at::cat({drawn[Part::seen], drawn[Part::case_seen]}), said = at::cat({drawn[Part::meaning], drawn[Part::case_meaning]});
                            const Tensor changed = drawn[Part::hard_tokens].ne(Tokenizer::pad).any(1).nonzero().squeeze(1);
                            const Tensor all_sentences = at::cat({sentences, out[hard_text].index_select(0, changed)});
                            const Relations truth = relations_of(seen, at::cat({said, drawn[Part::hard_meaning].index_select(0, changed)}), weights.own_only);
                            const Tensor similarity = net->scale() * at::matmul(vectors, all_sentences.t());
                            const Tensor finding = d.contrast == Contrast::sigmoid ? sigmoid_loss(similarity + net->contrast_offset, truth.positive, truth.negative)
                                                                                  : contrastive_loss(similarity, truth.positive, truth.negative);
                            const Tensor answer = answer_loss(slices, sentences, present(drawn[Part::seen]), present(said), net->scale(), net->offset) +
                                                  answer_loss(cases, sentences, present(drawn[Part::case_seen]), present(said), net->scale(), net->offset);
                            Losses losses{{"loss", weights.finding * finding + weights.answer * answer}, {"finding_loss", finding}, {"answer_loss", answer}};
                            const auto add = [&](const char* name, double weight, const Tensor& loss) {
                                losses.emplace_back(name, loss);
                                losses.front().second = losses.front().second + weight * loss;
                            };
                            if (weights.clause > 0)
                                add("clause_loss", weights.clause, sector_loss(*net, out[sectors], clause_vectors(*net, clauses), drawn[Part::sectors], drawn[Part::level]));
                            if (drawn.size() > Part::scar && weights.scar > 0) add("scar_loss", weights.scar, scar_loss(out[scar], drawn[Part::scar]));
                            if (net->decoder) add("caption_loss", weights.caption, mean_caption_cost(out.back(), drawn[Part::tokens], Tokenizer::pad, can_be_written(drawn[Part::seen], drawn[Part::meaning])));
                            losses.emplace_back("log_scale", net->log_scale.detach().clone());
                            return losses;
                        },
                        identity_of(input, recipe, d),
                        {Part::seen, Part::tokens, Part::meaning, Part::hard_tokens, Part::hard_meaning, Part::sectors, Part::level, Part::of_case, Part::case_seen,
                         Part::case_meaning, Part::scar},
                        {}};
        const auto shows = [&](bool present) { return std::any_of(trials.begin(), trials.end(), [&](const KnownCase& t) { return t.told.present == present; }); };
        if (recipe.dry_run || (shows(true) && shows(false)))
            learner.validate = [&] { return balanced_accuracy(set_thresholds(*net, trials, prompts, device, d)); };
        if (train(learner, recipe, device, input.threads, log, input.peers.get()) != Ended::finished) return std::nullopt;

        d.temperature = std::min(AlignNet::largest_scale, std::exp(net->log_scale.item<double>()));
        d.offset = net->offset.item<double>();
        const Thresholds set = set_thresholds(*net, trials, prompts, device, d);
        if (std::isnan(set.slice.balanced_accuracy) || std::isnan(set.whole.balanced_accuracy))
            log.warn("the cases held out do not show both answers; a threshold stays at 0.5 where it could not be set");
        else
            log.note("zero-shot balanced accuracy where the thresholds were set ({} cases held out): slices {:.3f}, cases {:.3f}", trials.size(),
                     set.slice.balanced_accuracy, set.whole.balanced_accuracy);
        d.prompts = identity_of(prompts);
        d.calibration.clear();
        d.history = begin_history(input, recipe, fmt::format("{} cases", samples.case_count())).key("held_out_balanced_accuracy").object().key("slice").number(set.slice.balanced_accuracy)
                        .key("case").number(set.whole.balanced_accuracy).end().end().take();
        return encode_tensors(tensors_of(*net), to_metadata(d));
    });
}

}  // namespace lge::nn
