#include "lge/nn/train/train.hpp"

#include "lge/base/parallel.hpp"
#include "lge/nn/infer/forward.hpp"
#include "lge/nn/net/heads.hpp"
#include "lge/nn/train/history.hpp"
#include "lge/nn/train/segment_samples.hpp"
#include "lge/nn/train/stepper.hpp"

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

/// Mean distance in mm of the heat maps' peaks from the insertions [N,2,2] (pixels of the window) that are known; NaN without any.
double insertion_error_mm(const Tensor& maps, const Tensor& points, double spacing_mm) {
    const auto size = static_cast<std::size_t>(maps.size(3)), count = static_cast<std::size_t>(points.numel() / 2);
    double sum = 0, known = 0;
    for (std::size_t m = 0; m < count; ++m) {
        const auto* point = points.const_data_ptr<float>() + 2 * m;
        if (std::isnan(point[0])) continue;
        const Peak p = find_peak(maps.const_data_ptr<float>() + m * size * size, size, insertion_reach_mm / spacing_mm);
        sum += spacing_mm * std::hypot(p.x - static_cast<double>(point[0]), p.y - static_cast<double>(point[1]));
        ++known;
    }
    return known > 0 ? sum / known : NAN;
}

/// Slices held out, drawn once, and how well a net outlines them, finds their insertions and tells their poses.
struct Trials {
    static constexpr std::size_t count = 96;
    Tensors drawn;
    double spacing_mm;

    explicit Trials(const SegmentSamples& samples) : spacing_mm(samples.spacing_mm()) {
        std::vector<Tensors> some;
        for (std::uint64_t t = 0; t < count / SegmentSamples::shard; ++t) some.push_back(samples.draw(t, SegmentSamples::shard, false));
        drawn = Stepper::join(some);
    }
    struct Result {
        std::vector<double> dice;
        std::vector<std::pair<std::string, double>> of_heads;
    };
    [[nodiscard]] Result judge(const UNet& net, torch::Device device, unsigned threads) const {
        ThreadPool pool(thread_count(threads));
        const WindowShares shares = window_shares(net, drawn[0], {device, SegmentSamples::shard, pool});
        Result r{dice_of(shares.classes, drawn[1]), {}};
        if (net.insertions) r.of_heads.emplace_back("insertion_error_mm", insertion_error_mm(shares.insertions, drawn[2], spacing_mm));
        if (net.pose) r.of_heads.emplace_back("pose_accuracy", shares.pose.argmax(1).eq(drawn.back().argmax(1)).to(torch::kFloat64).mean().item<double>());
        return r;
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
    check_cases(input, log);
    const SegmentSamples samples(input, d, recipe, false);
    if (samples.empty()) throw Error(ExitCode::bad_data, "nothing to learn from: no case is left for training");
    return guard_torch([&]() -> std::optional<Bytes> {
        const torch::Device device = own_device(prepare_torch(input.device, 1), input.world.local);  // the trainer's threads are its own
        const auto net = make_unet(d);
        initialise(*net, recipe.seed);
        if (input.start) log.note("--init: {}", load_start(*net, *input.start, "the model of --init"));
        std::optional<Trials> trials;
        const bool can_try = !SegmentSamples(input, d, recipe, true).empty();
        const auto judge = [&] {
            if (!trials) trials.emplace(SegmentSamples(input, d, recipe, true));
            return trials->judge(*net, device, input.threads);
        };
        Learner learner = segment_learner(net, samples, recipe, identity_of(input, recipe, d));
        if (can_try)
            learner.validate = [&] {
                auto [dice, of_heads] = judge();
                return Score(mean(dice), std::move(of_heads));
            };
        if (train(learner, recipe, device, input.threads, log, input.peers.get()) != Ended::finished) return std::nullopt;

        json::Writer history = begin_history(input, recipe, fmt::format("{} slices", samples.slice_count()));
        if (can_try) {
            const auto [dice, of_heads] = judge();
            history.key("held_out_dice").object();
            std::string said;
            for (std::size_t c = 0; c < dice.size(); ++c) {
                const auto word = anatomy::word(static_cast<anatomy::Label>(d.labels[c + 1]));
                history.key(std::string(word)).number(dice[c]);
                said += fmt::format("{} {} {:.3f}", c ? "," : "", word, dice[c]);
            }
            history.end();
            for (const auto& [name, value] : of_heads) {
                history.key("held_out_" + name).number(value);
                said += fmt::format("; {} {:.3f}", name, value);
            }
            log.note("Dice on {} slices held out:{}", Trials::count, said);
        }
        d.history = history.end().take();
        return encode_tensors(parameters_of(*net), to_metadata(d));
    });
}

}  // namespace lge::nn
