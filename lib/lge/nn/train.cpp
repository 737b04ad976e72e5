#include "lge/nn/train.hpp"

#include "lge/base/hash.hpp"
#include "lge/base/parallel.hpp"
#include "lge/json/writer.hpp"
#include "lge/nn/forward.hpp"
#include "lge/nn/loss.hpp"
#include "lge/nn/trainer.hpp"
#include "lge/synth/draw.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace lge::nn {
namespace {

struct SliceRef {
    std::size_t cohort = 0, slice = 0;
};

/// The slices of the cases that are held out, or of those that are not.
std::vector<SliceRef> slices_of(const TrainInput& input, bool kept_back) {
    std::vector<SliceRef> refs;
    for (std::size_t c = 0; c < input.cohorts.size(); ++c)
        for (const auto& one : input.cohorts[c].cases)
            if (held_out(one.id, input.hold_out) == kept_back)
                for (std::size_t k = 0; k < one.slice_count; ++k) refs.push_back({c, one.first_slice + k});
    return refs;
}

/// What a resumed run must share with the one before it.
std::string identity_of(const TrainInput& input, const Recipe& r, const Description& d) {
    std::string all = fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", r.seed, r.steps, r.batch, r.learning_rate, r.warm_up, r.weight_decay, r.clip, r.average,
                                  static_cast<int>(r.precision), input.inputs_hash, input.phantom_share, input.hold_out);
    if (input.population) all += "|" + input.population->name;
    for (const auto& [key, value] : to_metadata(d)) all += "|" + key + "=" + value;
    return sha256(as_bytes(all));
}

/// One square of the images [B,1,S,S], for each sample on its own.
std::span<float> window_of(Tensor& images, std::size_t i) {
    const auto pixels = static_cast<std::size_t>(images.size(2) * images.size(3));
    return {images.mutable_data_ptr<float>() + i * pixels, pixels};
}

/// Dice of the classes but background, over all pixels of all windows.
std::vector<double> dice_of(const Tensor& shares, const Tensor& target) {
    const Tensor found = shares.argmax(1);
    std::vector<double> dice;
    for (std::int64_t c = 1; c < shares.size(1); ++c) {
        const Tensor f = found.eq(c), t = target.eq(c);
        const double both = f.logical_and(t).sum().item<double>(), sizes = f.sum().item<double>() + t.sum().item<double>();
        dice.push_back(sizes > 0 ? 2 * both / sizes : NAN);
    }
    return dice;
}

/// Samples for segmentation: windows of cohort slices and of phantoms, in any pose.
struct SegmentSamples {
    const TrainInput& input;
    const Description& description;
    std::uint64_t seed;
    std::vector<SliceRef> slices;
    std::optional<synth::Settings> phantoms;
    std::array<std::uint8_t, anatomy::label_count> class_of{};

    static constexpr std::size_t slices_of_phantom = 4;  // a whole stack is drawn at a time: use some of it

    SegmentSamples(const TrainInput& in, const Description& d, std::uint64_t s, bool kept_back) : input(in), description(d), seed(s), slices(slices_of(in, kept_back)) {
        for (std::size_t c = 0; c < d.labels.size(); ++c) class_of[d.labels[c]] = static_cast<std::uint8_t>(c);
        for (const std::size_t label : {3, 4})
            if (std::find(d.labels.begin(), d.labels.end(), static_cast<std::uint8_t>(label)) == d.labels.end()) class_of[label] = class_of[2];
        if (in.population) {
            phantoms.emplace();
            phantoms->population = *in.population;
            phantoms->spacing_mm = d.spacing_mm;
            phantoms->size = d.size + d.size / 4;  // so that a turned and shifted window finds pixels in its corners
            phantoms->captions = 0;
            phantoms->gate = false;  // the outlines are what is learned: faint scars belong to them
        }
    }

    void fill(volume::Slice<const float> image, volume::Slice<const std::uint8_t> label, double spacing_mm, bool varied, Random& random,
              std::span<float> window, std::int64_t* target) const {
        const std::size_t size = description.size;
        WindowMap map = upright({(static_cast<double>(image.width) - 1) / 2, (static_cast<double>(image.height) - 1) / 2}, {spacing_mm, spacing_mm}, description.spacing_mm);
        // The segmenter meets images before anyone has turned them: every turn, and mirrored ones too.
        if (varied) map = vary(map, {.turn_deg = 180, .log_scale = 0.2, .shift_px = 0.08 * static_cast<double>(size), .mirror = true}, random);
        cut_image(image, map, size, window);
        stretch(window);
        if (varied) vary_intensity(window, size, random);
        standardise(window);
        std::vector<std::uint8_t> cut(size * size);
        cut_label(label, map, size, cut);
        for (std::size_t p = 0; p < cut.size(); ++p) target[p] = class_of[cut[p]];
    }

    /// images [B,1,S,S] and classes [B,S,S] of batch number `number`.
    [[nodiscard]] Batch draw(std::uint64_t number, std::size_t count, bool varied) const {
        const auto side = static_cast<std::int64_t>(description.size), n = static_cast<std::int64_t>(count);
        Tensor images = at::empty({n, 1, side, side}, torch::kFloat32), classes = at::empty({n, side, side}, torch::kInt64);
        const std::size_t pixels = description.size * description.size;
        std::optional<synth::DrawnCase> phantom;
        for (std::size_t i = 0; i < count; ++i) {
            Random random(seed, number * count + i, varied ? "segment sample" : "segment trial");
            auto* target = classes.mutable_data_ptr<std::int64_t>() + i * pixels;
            if (i % slices_of_phantom == 0) phantom.reset();
            if (phantoms && (slices.empty() || random.chance(input.phantom_share))) {
                if (!phantom) {
                    const std::uint64_t index = number * ((count + slices_of_phantom - 1) / slices_of_phantom) + i / slices_of_phantom;
                    phantom = synth::draw_case(*phantoms, seed ^ hash_name(varied ? "train" : "trial"), index);
                }
                const std::size_t k = random.below(static_cast<std::uint32_t>(phantom->level.size()));
                fill(std::as_const(phantom->image).slice(k), std::as_const(phantom->label).slice(k), description.spacing_mm, varied, random, window_of(images, i), target);
            } else {
                const SliceRef ref = slices[random.below(static_cast<std::uint32_t>(slices.size()))];
                const io::Cohort& cohort = input.cohorts[ref.cohort];
                fill(cohort.image_slice(ref.slice), cohort.label_slice(ref.slice), cohort.spacing_mm, varied, random, window_of(images, i), target);
            }
        }
        return {images, classes};
    }
};

json::Writer begin_history(const TrainInput& input, const Recipe& r, std::size_t slices) {
    json::Writer w;
    w.object().key("steps").integer(static_cast<std::int64_t>(r.steps)).key("batch").integer(static_cast<std::int64_t>(r.batch))
        .key("learning_rate").number(r.learning_rate).key("seed").integer(static_cast<std::int64_t>(r.seed)).key("inputs").text(input.inputs_hash)
        .key("slices").integer(static_cast<std::int64_t>(slices));
    if (input.population) w.key("population").text(input.population->name);
    return w;
}

struct Example {
    SliceRef ref;
    const std::vector<Sentence>* sentences = nullptr;
    bool present = false;
};

/// Every slice that has sentences, of the cases held out or of the others.
std::vector<Example> examples_of(const TrainInput& input, const std::vector<std::vector<std::vector<Sentence>>>& sentences, bool kept_back) {
    std::vector<Example> examples;
    for (const SliceRef ref : slices_of(input, kept_back)) {
        const auto& own = sentences[ref.cohort][ref.slice];
        if (!own.empty()) examples.push_back({ref, &own, own.front().present});
    }
    return examples;
}

/// The threshold in (0, 1) with the best balanced accuracy: halfway between neighbouring probabilities, the middle one
/// of equals.
double best_threshold(const std::vector<std::pair<double, bool>>& judged, double& accuracy) {
    auto sorted = judged;
    std::sort(sorted.begin(), sorted.end());
    double positives = 0;
    for (const auto& [p, present] : sorted) positives += present ? 1 : 0;
    const double negatives = static_cast<double>(sorted.size()) - positives;
    double missed = 0, spared = 0;
    std::vector<double> best{0};
    accuracy = 0.5;
    for (std::size_t i = 0; i + 1 < sorted.size(); ++i) {
        (sorted[i].second ? missed : spared) += 1;
        if (sorted[i].first == sorted[i + 1].first) continue;
        const double here = ((positives - missed) / positives + spared / negatives) / 2, between = (sorted[i].first + sorted[i + 1].first) / 2;
        if (here > accuracy + 1e-12) {
            accuracy = here;
            best.assign(1, between);
        } else if (here > accuracy - 1e-12) {
            best.push_back(between);
        }
    }
    return best[best.size() / 2];
}

/// Sets the thresholds on `examples`; gives the balanced accuracies of slices and cases, NaN where one class is missing.
std::pair<double, double> set_thresholds(const AlignNet& net, const TrainInput& input, const std::vector<Example>& examples, const Prompts& prompts,
                                         torch::Device device, Description& d) {
    const Tensor direction = prompt_direction(net, d, prompts, device);
    std::vector<std::pair<double, bool>> slices, cases;
    for (std::size_t c = 0; c < input.cohorts.size(); ++c) {
        const io::Cohort& cohort = input.cohorts[c];
        std::vector<std::size_t> which;
        std::vector<bool> present;
        for (const Example& e : examples)
            if (e.ref.cohort == c) {
                which.push_back(e.ref.slice);
                present.push_back(e.present);
            }
        const Tensor scores = at::mv(embed_slices(net, d, cohort, which, device, 64), direction);
        const auto* score = scores.const_data_ptr<float>();
        for (std::size_t i = 0; i < which.size(); ++i) slices.emplace_back(probability_of(score[i], d.temperature), present[i]);
        for (const auto& one : cohort.cases) {
            double sum = 0, count = 0;
            bool any = false;
            for (std::size_t i = 0; i < which.size(); ++i)
                if (which[i] >= one.first_slice && which[i] < one.first_slice + one.slice_count) {
                    sum += score[i];
                    ++count;
                    any = any || present[i];
                }
            if (count > 0) cases.emplace_back(probability_of(sum / count, d.temperature), any);
        }
    }
    const auto judge = [](const std::vector<std::pair<double, bool>>& judged, double& threshold) {
        const auto positives = std::count_if(judged.begin(), judged.end(), [](const auto& j) { return j.second; });
        if (positives == 0 || positives == static_cast<std::ptrdiff_t>(judged.size())) return static_cast<double>(NAN);
        double accuracy = 0;
        threshold = best_threshold(judged, accuracy);
        return accuracy;
    };
    const double slice_accuracy = judge(slices, d.slice_threshold), case_accuracy = judge(cases, d.case_threshold);
    return {slice_accuracy, case_accuracy};
}

std::string key_of(const anatomy::Finding& f) {
    auto pattern = f.pattern;
    std::sort(pattern.begin(), pattern.end());
    std::string key = fmt::format("{}/{}", static_cast<int>(f.lge), f.segments ? f.segments->bits : ~0U);
    for (const auto p : pattern) key += fmt::format("/{}", static_cast<int>(p));
    return key;
}

/// Sentences that neither affirm nor deny teach nothing here.
bool says_something(const anatomy::Finding& f) { return f.lge == anatomy::Presence::present || f.lge == anatomy::Presence::absent; }
Sentence sentence(std::string text, const anatomy::Finding& f) { return {std::move(text), key_of(f), f.lge == anatomy::Presence::present}; }

}  // namespace

bool held_out(std::string_view id, double share) { return Random(0, hash_name(id), "held out").uniform() < share; }

std::vector<std::vector<Sentence>> sentences_of(const io::Cohort& cohort, const std::vector<io::CaptionRecord>& captions) {
    std::vector<std::vector<Sentence>> sentences(cohort.slice_count());
    if (!captions.empty()) {
        std::map<std::string_view, const io::CohortCase*> by_id;
        for (const auto& one : cohort.cases) by_id[one.id] = &one;
        for (const auto& record : captions) {
            const auto found = by_id.find(record.id);
            if (found == by_id.end() || !says_something(record.finding)) continue;
            const io::CohortCase& one = *found->second;
            if (record.slice && (*record.slice < 0 || *record.slice >= static_cast<std::int64_t>(one.slice_count)))
                throw Error(ExitCode::bad_data, fmt::format("captions: a slice number is {}, but its case has {} slices", *record.slice, one.slice_count));
            for (std::uint32_t k = 0; k < one.slice_count; ++k) {
                const std::size_t n = one.first_slice + k;
                if (record.slice ? *record.slice == k : record.level.empty() || record.level == anatomy::word(cohort.level[n]))
                    sentences[n].push_back(sentence(record.text, record.finding));
            }
        }
        return sentences;
    }
    if (cohort.captions.empty() || cohort.findings.empty()) throw Error(ExitCode::bad_data, "a cohort has no captions or no findings; wanted both, or --captions");
    json::Document texts, findings;
    for (std::size_t n = 0; n < cohort.slice_count(); ++n) {
        if (cohort.captions[n].empty() || cohort.findings[n].empty()) continue;
        const anatomy::Finding finding = io::parse_finding(findings.parse(cohort.findings[n]));
        if (!says_something(finding)) continue;
        texts.parse(cohort.captions[n]).each([&](const json::Value& v) { sentences[n].push_back(sentence(std::string(v.text()), finding)); });
    }
    return sentences;
}

std::optional<Bytes> train_segment(const TrainInput& input, const Recipe& recipe, Description d, const Log& log) {
    d.task = Task::segment;
    check(d);
    for (const auto& cohort : input.cohorts)
        if (cohort.label.empty()) throw Error(ExitCode::bad_data, "a cohort has no label maps; --task segment learns from them");
    const SegmentSamples samples(input, d, recipe.seed, false);
    if (samples.slices.empty() && !samples.phantoms) throw Error(ExitCode::bad_data, "nothing to learn from: no case is left for training");
    return guard_torch([&]() -> std::optional<Bytes> {
        const torch::Device device = prepare_torch(input.device, input.threads);
        const auto net = make_unet(d);
        initialise(*net, recipe.seed);
        Learner learner{net,
                        [&](std::uint64_t step) { return samples.draw(step, recipe.batch, true); },
                        [&](const Batch& b) -> Losses {
                            const SegmentLoss loss = segment_loss(net->forward(b[0]).to(torch::kFloat32), b[1]);
                            return {{"loss", loss.total}, {"dice_loss", loss.dice}, {"cross_entropy", loss.cross_entropy}};
                        },
                        identity_of(input, recipe, d)};
        if (train(learner, recipe, device, log) == Ended::stopped) return std::nullopt;

        const SegmentSamples trials(input, d, recipe.seed, true);
        json::Writer history = begin_history(input, recipe, samples.slices.size());
        if (!trials.slices.empty() || trials.phantoms) {
            constexpr std::size_t trial_count = 96;
            const Batch trial = trials.draw(0, trial_count, false);
            const auto dice = dice_of(class_shares(*net, trial[0], device, 16), trial[1]);
            history.key("held_out_dice").object();
            std::string said;
            for (std::size_t c = 0; c < dice.size(); ++c) {
                const auto word = anatomy::word(static_cast<anatomy::Label>(d.labels[c + 1]));
                history.key(std::string(word)).number(dice[c]);
                said += fmt::format("{} {} {:.3f}", c ? "," : "", word, dice[c]);
            }
            history.end();
            log.note("Dice on {} slices held out:{}", trial_count, said);
        }
        d.history = history.end().str();
        return encode_tensors(parameters_of(*net), to_metadata(d));
    });
}

std::optional<Bytes> train_align(const TrainInput& input, const Recipe& recipe, Description d, const Prompts& prompts, const Log& log) {
    d.task = Task::align;
    if (input.encoder) d.widths = parse_description(input.encoder->metadata, Task::segment, "the model of --init-encoder").widths;
    std::vector<std::vector<std::vector<Sentence>>> sentences;
    for (const auto& cohort : input.cohorts) sentences.push_back(sentences_of(cohort, input.captions));
    const auto examples = examples_of(input, sentences, false), trials = examples_of(input, sentences, true);
    std::array<std::vector<const Example*>, 2> by_presence;
    std::vector<std::string> texts = prompts.present;
    texts.insert(texts.end(), prompts.absent.begin(), prompts.absent.end());
    for (const auto& e : examples) {
        by_presence[e.present].push_back(&e);
        for (const auto& s : *e.sentences) texts.push_back(s.text);
    }
    if (by_presence[0].empty() || by_presence[1].empty())
        throw Error(ExitCode::bad_data, fmt::format("{} slices with enhancement and {} without; wanted some of both", by_presence[1].size(), by_presence[0].size()));
    d.tokenizer = Tokenizer::from_texts(texts);
    check(d);

    const auto draw = [&](std::uint64_t step) -> Batch {
        const auto n = static_cast<std::int64_t>(recipe.batch), side = static_cast<std::int64_t>(d.size);
        Tensor images = at::empty({n, 1, side, side}, torch::kFloat32), tokens = at::empty({n, d.text_length}, torch::kInt64);
        Tensor same_finding = at::empty({n, n}, torch::kBool), same_answer = at::empty({n, n}, torch::kBool);
        std::vector<const Sentence*> chosen;
        for (std::size_t i = 0; i < recipe.batch; ++i) {
            Random random(recipe.seed, step * recipe.batch + i, "align sample");
            const Example& e = *random.pick(by_presence[random.chance(0.5)]);
            const io::Cohort& cohort = input.cohorts[e.ref.cohort];
            // No mirror and no large turn: they would make the sentence wrong.
            const PoseRange pose{.turn_deg = 8, .log_scale = 0.08, .shift_px = 0.03 * static_cast<double>(d.size), .mirror = false};
            const auto window = window_of(images, i);
            cut_image(cohort.image_slice(e.ref.slice), vary(middle(cohort, d.spacing_mm), pose, random), d.size, window);
            stretch(window);
            vary_intensity(window, d.size, random);
            standardise(window);
            chosen.push_back(&random.pick(*e.sentences));
            const auto row = d.tokenizer.encode(chosen.back()->text, static_cast<std::size_t>(d.text_length));
            std::copy(row.begin(), row.end(), tokens.mutable_data_ptr<std::int64_t>() + static_cast<std::ptrdiff_t>(i) * d.text_length);
        }
        for (std::size_t i = 0; i < recipe.batch; ++i)
            for (std::size_t j = 0; j < recipe.batch; ++j) {
                same_finding.mutable_data_ptr<bool>()[i * recipe.batch + j] = chosen[i]->key == chosen[j]->key;
                same_answer.mutable_data_ptr<bool>()[i * recipe.batch + j] = chosen[i]->present == chosen[j]->present;
            }
        return {images, tokens, same_finding, same_answer};
    };
    return guard_torch([&]() -> std::optional<Bytes> {
        const torch::Device device = prepare_torch(input.device, input.threads);
        const auto net = make_align_net(d);
        initialise(*net, recipe.seed);
        if (input.encoder) load_parameters(*net->vision->encoder, *input.encoder, "encoder.", "the model of --init-encoder");
        Learner learner{net, draw,
                        [&](const Batch& b) -> Losses {
                            const Tensor similarity = (net->log_scale.clamp_max(std::log(100.0)).exp() *
                                                       at::matmul(net->vision->forward(b[0]), net->text->forward(b[1]).t())).to(torch::kFloat32);
                            // First whether there is enhancement at all, which the prompts ask, then which.
                            const Tensor finding = contrastive_loss(similarity, b[2]), answer = contrastive_loss(similarity, b[3]);
                            return {{"loss", finding + answer}, {"finding_loss", finding}, {"answer_loss", answer}, {"log_scale", net->log_scale.detach().clone()}};
                        },
                        identity_of(input, recipe, d)};
        if (train(learner, recipe, device, log) == Ended::stopped) return std::nullopt;

        d.temperature = std::min(100.0, std::exp(net->log_scale.item<double>()));
        const auto [slice_accuracy, case_accuracy] = set_thresholds(*net, input, trials, prompts, device, d);
        if (std::isnan(slice_accuracy) || std::isnan(case_accuracy))
            log.warn("the cases held out do not show both answers; a threshold stays at 0.5 where it could not be set");
        else
            log.note("zero-shot balanced accuracy where the thresholds were set ({} slices held out): slices {:.3f}, cases {:.3f}", trials.size(), slice_accuracy, case_accuracy);
        d.history = begin_history(input, recipe, examples.size()).key("held_out_balanced_accuracy").object().key("slice").number(slice_accuracy)
                        .key("case").number(case_accuracy).end().end().str();
        return encode_tensors(parameters_of(*net), to_metadata(d));
    });
}

}  // namespace lge::nn
