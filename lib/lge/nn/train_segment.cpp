#include "lge/nn/train.hpp"

#include "lge/base/parallel.hpp"
#include "lge/nn/forward.hpp"
#include "lge/nn/history.hpp"
#include "lge/nn/segment_samples.hpp"

#include <fmt/format.h>

#include <cmath>

namespace lge::nn {
namespace {

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

/// Slices held out, drawn once, and how well a net outlines them.
struct Trials {
    static constexpr std::size_t count = 96;
    Tensor images, classes;

    explicit Trials(const SegmentSamples& samples) {
        Tensors some_images, some_classes;
        for (std::uint64_t t = 0; t < count / SegmentSamples::shard; ++t) {
            const Tensors some = samples.draw(t, SegmentSamples::shard, false);
            some_images.push_back(some[0]);
            some_classes.push_back(some[1]);
        }
        images = at::cat(some_images);
        classes = at::cat(some_classes);
    }
    [[nodiscard]] std::vector<double> dice(const UNet& net, torch::Device device, unsigned threads) const {
        ThreadPool pool(thread_count(threads));
        return dice_of(class_shares(net, images, {device, SegmentSamples::shard, pool}), classes);
    }
};

/// NaN, for a class that is nowhere, is passed over.
double mean(const std::vector<double>& values) {
    double sum = 0, count = 0;
    for (const double v : values)
        if (!std::isnan(v)) {
            sum += v;
            ++count;
        }
    return count > 0 ? sum / count : NAN;
}

}  // namespace

std::optional<Bytes> train_segment(const TrainInput& input, const Recipe& recipe, Description d, const Log& log) {
    d.task = Task::segment;
    check(d);
    for (const auto& cohort : input.cohorts)
        if (cohort.label.empty()) throw Error(ExitCode::bad_data, "a cohort has no label maps; --task segment learns from them");
    refuse_leaks(input);
    const SegmentSamples samples(input, d, recipe, false);
    if (samples.empty()) throw Error(ExitCode::bad_data, "nothing to learn from: no case is left for training");
    return guard_torch([&]() -> std::optional<Bytes> {
        const torch::Device device = own_device(prepare_torch(input.device, 1), input.world.local);  // the trainer's threads are its own
        const auto net = make_unet(d);
        initialise(*net, recipe.seed);
        std::optional<Trials> trials;
        const bool can_try = !SegmentSamples(input, d, recipe, true).empty();
        const auto trial_dice = [&] {
            if (!trials) trials.emplace(SegmentSamples(input, d, recipe, true));
            return trials->dice(*net, device, input.threads);
        };
        Learner learner = segment_learner(net, samples, recipe, identity_of(input, recipe, d));
        if (can_try) learner.validate = [&] { return mean(trial_dice()); };
        if (train(learner, recipe, device, input.threads, log, input.peers.get()) != Ended::finished) return std::nullopt;

        json::Writer history = begin_history(input, recipe, fmt::format("{} slices", samples.slice_count()));
        if (can_try) {
            const auto dice = trial_dice();
            history.key("held_out_dice").object();
            std::string said;
            for (std::size_t c = 0; c < dice.size(); ++c) {
                const auto word = anatomy::word(static_cast<anatomy::Label>(d.labels[c + 1]));
                history.key(std::string(word)).number(dice[c]);
                said += fmt::format("{} {} {:.3f}", c ? "," : "", word, dice[c]);
            }
            history.end();
            log.note("Dice on {} slices held out:{}", Trials::count, said);
        }
        d.history = history.end().take();
        return encode_tensors(parameters_of(*net), to_metadata(d));
    });
}

}  // namespace lge::nn
