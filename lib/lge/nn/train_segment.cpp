#include "lge/nn/train.hpp"

#include "lge/base/parallel.hpp"
#include "lge/nn/forward.hpp"
#include "lge/nn/history.hpp"
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
            if (held_out(one.id, input) == kept_back)
                for (std::size_t k = 0; k < one.slice_count; ++k) refs.push_back({c, one.first_slice + k});
    return refs;
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

    static constexpr std::size_t shard = 4;

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
            phantoms->gate_sd = 0;           // the outlines are what is learned: faint scars belong to them,
            phantoms->normal_fraction = 0.2; // and scars are where outlines are hard to see
        }
    }

    enum class Variation { none, pose, pose_and_intensity };

    void fill(volume::Slice<const float> image, volume::Slice<const std::uint8_t> label, double spacing_mm, Variation variation, Random& random,
              std::span<float> window, std::int64_t* target) const {
        const std::size_t size = description.size;
        WindowMap map = upright({(static_cast<double>(image.width) - 1) / 2, (static_cast<double>(image.height) - 1) / 2}, {spacing_mm, spacing_mm}, description.spacing_mm);
        // The segmenter meets images before anyone has turned them: every turn, and mirrored ones too.
        if (variation != Variation::none) map = vary(map, {.turn_deg = 180, .log_scale = 0.15, .shift_px = 0.12 * static_cast<double>(size), .mirror = true}, random);
        cut_image(image, map, size, window);
        stretch(window);
        if (variation == Variation::pose_and_intensity) vary_intensity(window, size, random);
        standardise(window);
        std::vector<std::uint8_t> cut(size * size);
        cut_label(label, map, size, cut);
        for (std::size_t p = 0; p < cut.size(); ++p) target[p] = class_of[cut[p]];
    }

    /// images [n,1,S,S] and classes [n,S,S] of part `number` of what there is to draw.
    [[nodiscard]] Tensors draw(std::uint64_t number, std::size_t count, bool varied) const {
        const auto side = static_cast<std::int64_t>(description.size), n = static_cast<std::int64_t>(count);
        Tensor images = at::empty({n, 1, side, side}, torch::kFloat32), classes = at::empty({n, side, side}, torch::kInt64);
        const std::size_t pixels = description.size * description.size;
        for (std::size_t i = 0; i < count; ++i) {
            Random random(seed, number * count + i, varied ? "segment sample" : "segment trial");
            auto* target = classes.mutable_data_ptr<std::int64_t>() + i * pixels;
            if (phantoms && (slices.empty() || random.chance(input.mix.phantom / (input.mix.real + input.mix.phantom)))) {
                // Every sample another heart; its population has varied the intensities already.
                const auto phantom = synth::draw_slice(*phantoms, seed ^ hash_name(varied ? "train" : "trial"), number * count + i);
                fill(phantom.image.slice(0), phantom.label.slice(0), description.spacing_mm, varied ? Variation::pose : Variation::none, random, window_of(images, i), target);
            } else {
                const SliceRef ref = slices[random.below(static_cast<std::uint32_t>(slices.size()))];
                const io::Cohort& cohort = input.cohorts[ref.cohort];
                fill(cohort.image_slice(ref.slice), cohort.label_slice(ref.slice), cohort.spacing_mm, varied ? Variation::pose_and_intensity : Variation::none,
                     random, window_of(images, i), target);
            }
        }
        return {images, classes};
    }
};

}  // namespace

std::optional<Bytes> train_segment(const TrainInput& input, const Recipe& recipe, Description d, const Log& log) {
    d.task = Task::segment;
    check(d);
    for (const auto& cohort : input.cohorts)
        if (cohort.label.empty()) throw Error(ExitCode::bad_data, "a cohort has no label maps; --task segment learns from them");
    refuse_leaks(input);
    const SegmentSamples samples(input, d, recipe.seed, false);
    if (samples.slices.empty() && !samples.phantoms) throw Error(ExitCode::bad_data, "nothing to learn from: no case is left for training");
    return guard_torch([&]() -> std::optional<Bytes> {
        const torch::Device device = prepare_torch(input.device, 1);  // the trainer's threads are its own
        const auto net = make_unet(d);
        initialise(*net, recipe.seed);
        Learner learner{net, (recipe.batch + SegmentSamples::shard - 1) / SegmentSamples::shard,
                        [&](std::uint64_t step, std::size_t shard) {
                            const std::size_t first = shard * SegmentSamples::shard, shards = (recipe.batch + SegmentSamples::shard - 1) / SegmentSamples::shard;
                            return samples.draw(step * shards + shard, std::min<std::size_t>(SegmentSamples::shard, recipe.batch - first), true);
                        },
                        [&](const Tensors& drawn) -> Tensors {
                            const SegmentLoss loss = segment_loss(net->forward(drawn[0]).to(torch::kFloat32), drawn[1]);
                            return {loss.dice, loss.cross_entropy};
                        },
                        [](const Tensors&, const Tensors& loss) -> Losses {
                            const Tensor dice = loss[0].mean(), cross_entropy = loss[1].mean();
                            return {{"loss", dice + cross_entropy}, {"dice_loss", dice}, {"cross_entropy", cross_entropy}};
                        },
                        identity_of(input, recipe, d)};
        if (train(learner, recipe, device, input.threads, log) == Ended::stopped) return std::nullopt;

        const SegmentSamples trials(input, d, recipe.seed, true);
        json::Writer history = begin_history(input, recipe, fmt::format("{} slices", samples.slices.size()));
        if (!trials.slices.empty() || trials.phantoms) {
            constexpr std::size_t trial_count = 96;
            Tensors images, classes;
            for (std::uint64_t t = 0; t < trial_count / SegmentSamples::shard; ++t) {
                const Tensors some = trials.draw(t, SegmentSamples::shard, false);
                images.push_back(some[0]);
                classes.push_back(some[1]);
            }
            ThreadPool pool(thread_count(input.threads));
            const auto dice = dice_of(class_shares(*net, at::cat(images), {device, SegmentSamples::shard, pool}), at::cat(classes));
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
        d.history = history.end().take();
        return encode_tensors(parameters_of(*net), to_metadata(d));
    });
}

}  // namespace lge::nn
