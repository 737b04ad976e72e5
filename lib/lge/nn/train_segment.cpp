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
        const torch::Device device = prepare_torch(input.device, 1);  // the trainer's threads are its own
        const auto net = make_unet(d);
        initialise(*net, recipe.seed);
        Learner learner = segment_learner(net, samples, recipe, identity_of(input, recipe, d));
        if (train(learner, recipe, device, input.threads, log) == Ended::stopped) return std::nullopt;

        const SegmentSamples trials(input, d, recipe, true);
        json::Writer history = begin_history(input, recipe, fmt::format("{} slices", samples.slice_count()));
        if (!trials.empty()) {
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
