#include "lge/nn/train/stepper.hpp"

#include "lge/nn/net/autocast.hpp"
#include "lge/nn/train/peers.hpp"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>

#include <chrono>
#include <cmath>
#include <deque>
#include <utility>

namespace lge::nn {
namespace {

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Adds the seconds that it lived.
template <class Sum>
struct Stopwatch {
    explicit Stopwatch(Sum& to) : sum(to), begin(seconds()) {}
    ~Stopwatch() { sum += seconds() - begin; }
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;
    Sum& sum;
    double begin;
};

constexpr std::size_t none = ~std::size_t{0};
/// The unit whose backward pass this thread runs: a hook of autograd's knows its parameter, not the pass.
thread_local std::size_t unit_of_thread = none;

/// Of `count` things, how many stand before part `i` of `parts` that are as equal as can be.
std::size_t before_part(std::size_t count, std::size_t parts, std::size_t i) { return count * i / parts; }

}  // namespace

Stepper::Stepper(const Learner& learner, const NamedTensors& parameters, const Recipe& recipe, torch::Device device, unsigned threads, Peers* peers)
    : learner_(learner), device_(device), precision_(recipe.precision), one_batch_(recipe.overfit_one_batch), steps_(recipe.steps), parts_(recipe.accumulate), peers_(peers),
      first_shard_(0), shard_count_(learner.shards), threads_(thread_count(threads)), unit_here_(none), pool_(threads_) {
    for (const auto& [name, p] : parameters) parameters_.push_back(p);
    if (!peers) return;
    const auto rank = static_cast<std::size_t>(peers->rank()), size = static_cast<std::size_t>(peers->size());
    if (learner.shards < size)
        throw Error(ExitCode::usage, "the batch has fewer parts than there are processes; a larger --batch or fewer processes");
    first_shard_ = before_part(learner.shards, size, rank);
    shard_count_ = before_part(learner.shards, size, rank + 1) - first_shard_;
    // With other processes to tell, a gradient goes on its way when it is known, not when its whole pass is done.
    for (std::size_t i = 0; i < parameters_.size(); ++i)
        hooks_.push_back(parameters_[i].register_hook([this, i](const Tensor& gradient) {
            const std::size_t unit = device_.is_cpu() ? unit_of_thread : unit_here_;
            if (unit != none) sum_->add(unit, i, gradient);
        }));
}

Stepper::~Stepper() {
    for (std::size_t i = 0; i < hooks_.size(); ++i) parameters_[i].remove_hook(hooks_[i]);
}

Spent Stepper::take_spent() { return {drawing_.exchange(0), network_.exchange(0), std::exchange(joint_, 0), std::exchange(starved_, 0)}; }

/// make(0), make(1), ... on the pool, each on one thread of LibTorch's, and take(result) here in that order; on a GPU all of it here.
/// What waits to be taken is bounded, so that memory does not grow with the batch.
template <class Result, class Make, class Take>
void Stepper::in_order(std::size_t count, Make make, Take take) {
    if (!device_.is_cpu()) {
        for (std::size_t i = 0; i < count; ++i) take(make(i));
        return;
    }
    std::deque<std::future<Result>> pending;
    try {
        for (std::size_t next = 0; next < count || !pending.empty();) {
            for (; next < count && pending.size() < 2 * std::size_t{threads_}; ++next)
                pending.push_back(pool_.run([&make, next] {
                    at::set_num_threads(1);
                    return make(next);
                }));
            auto first = std::move(pending.front());
            pending.pop_front();
            take(first.get());
        }
    } catch (...) {
        for (auto& p : pending) p.wait();  // all have let go of what they refer to
        throw;
    }
}

Tensors Stepper::draw(std::uint64_t step, std::size_t i) const {
    const Stopwatch watch(drawing_);
    Tensors drawn = learner_.draw(one_batch_ ? 0 : step, first_shard_ + i);
    if (!device_.is_cpu())
        for (auto& t : drawn) t = t.pin_memory();
    return drawn;
}

Tensors Stepper::forward(const Tensors& drawn) const {
    const Autocast autocast(device_, precision_);
    return learner_.forward(drawn);
}

Tensors Stepper::join(const std::vector<Tensors>& parts) {
    Tensors joined;
    for (std::size_t t = 0; t < parts[0].size(); ++t) {
        Tensors some;
        for (const auto& p : parts) some.push_back(p[t]);
        joined.push_back(some.size() == 1 || !some[0].defined() ? some[0] : at::cat(some));
    }
    return joined;
}

/// Shards of a step, up to `count` of them, are drawn by threads that have nothing else to do, after what they were given before.
void Stepper::begin_drawing(std::uint64_t step, std::size_t count) {
    if (step >= steps_) return;
    for (std::size_t i = ahead_.size(); i < count; ++i) ahead_.push_back(pool_.run([this, step, i] { return draw(step, i); }));
}

/// The shards of a step, which the step before began to draw.
std::vector<std::future<Tensors>> Stepper::drawn_ahead(std::uint64_t step) {
    begin_drawing(step, shard_count_);
    return std::exchange(ahead_, {});
}

/// Shards on their way to the GPU.
std::vector<Tensors> Stepper::on_device(std::vector<std::future<Tensors>> shards) {
    std::vector<Tensors> sent;
    for (auto& shard : shards) {
        {
            const Stopwatch watch(starved_);
            shard.wait();
        }
        sent.push_back(shard.get());
        for (auto& t : sent.back()) t = t.to(device_, true);
    }
    return sent;
}

std::vector<Stepper::Unit> Stepper::first_pass(std::uint64_t step) {
    const auto through = [&](Tensors drawn) {
        const Stopwatch watch(network_);
        const at::AutoGradMode graph(parts_ == 1);
        Tensors outputs = forward(drawn);
        return Unit{std::move(drawn), std::move(outputs)};
    };
    std::vector<Unit> units;
    const auto take = [&](Unit unit) { units.push_back(std::move(unit)); };
    auto drawn = drawn_ahead(step);
    if (device_.is_cpu()) {
        in_order<Unit>(shard_count_, [&](std::size_t i) { return through(drawn[i].get()); }, take);
        begin_drawing(step + 1, shard_count_ / 2);  // while the joint loss keeps one thread busy
    } else {
        begin_drawing(step + 1, shard_count_);
        const auto shards = on_device(std::move(drawn));
        const std::size_t count = std::min(parts_, shards.size());
        for (std::size_t i = 0; i < count; ++i)
            take(through(join({shards.begin() + static_cast<std::ptrdiff_t>(before_part(shards.size(), count, i)),
                               shards.begin() + static_cast<std::ptrdiff_t>(before_part(shards.size(), count, i + 1))})));
    }
    return units;
}

/// Takes the slopes of the outputs back to the weights; outputs whose graph was not kept are made again.
void Stepper::second_pass(std::uint64_t step, std::vector<Unit>& units, const std::vector<Tensors>& slopes, const std::vector<bool>& joint) {
    GradientSum sum(parameters_, joint, units.size(), peers_);
    sum_ = &sum;
    const auto back = [&](std::size_t i) {
        const Stopwatch watch(network_);
        Unit unit = std::move(units[i]);  // its graph goes with it
        if (parts_ > 1) unit.outputs = forward(unit.drawn);
        std::size_t& running = device_.is_cpu() ? unit_of_thread : unit_here_;
        running = i;
        const Tensors gradients = torch::autograd::grad(unit.outputs, parameters_, slopes[i], false, false, true);
        running = none;
        for (std::size_t p = 0; p < gradients.size(); ++p) sum.add(i, p, gradients[p]);
        return true;
    };
    in_order<bool>(units.size(), back, [](bool) {});
    begin_drawing(step + 1, shard_count_);  // while the optimiser does
    {
        const Stopwatch watch(joint_);
        sum.finish();
    }
    sent_early_ += sum.sent_early();
    sum_ = nullptr;
}

Losses Stepper::run(std::uint64_t step) {
    for (auto& p : parameters_) p.mutable_grad().reset();
    std::vector<Unit> units = first_pass(step);

    std::vector<std::size_t> read = learner_.loss_reads;
    std::erase_if(read, [&](std::size_t part) { return part >= units[0].drawn.size(); });  // what only some learners draw
    std::vector<Tensors> facts, results;
    for (const auto& u : units) {
        facts.emplace_back();
        for (const std::size_t part : read) facts.back().push_back(u.drawn[part]);
        results.push_back(u.outputs);
    }
    Tensors seen = join(facts), outputs = join(results);
    results.clear();
    std::vector<std::int64_t> rows_before(outputs.size());
    if (peers_) {
        seen = peers_->gather(seen).whole;
        auto all = peers_->gather(outputs);
        outputs = std::move(all.whole);
        rows_before = std::move(all.rows_before);
    }
    Tensors drawn(units[0].drawn.size());
    for (std::size_t i = 0; i < read.size(); ++i) drawn[read[i]] = seen[i];
    for (auto& t : outputs) t = t.detach().requires_grad_(true);
    Losses losses;
    std::vector<bool> joint;
    {
        const Stopwatch watch(joint_);
        losses = learner_.losses(drawn, outputs);
        bool bad = !std::isfinite(losses.front().second.item<double>());
        if (peers_) bad = peers_->any({bad})[0];
        if (bad) {
            losses.front().second = at::full({}, NAN);
            return losses;
        }
        losses.front().second.backward();  // down to the outputs, and what the joint loss itself has to learn
        for (const auto& p : parameters_) joint.push_back(p.grad().defined());
        // Every process has seen the whole batch there; one of them says so.
        if (peers_ && peers_->rank() != 0)
            for (auto& p : parameters_) p.mutable_grad().reset();
    }

    std::vector<Tensors> slopes(units.size());
    for (std::size_t t = 0; t < outputs.size(); ++t) {
        const Tensor slope = outputs[t].grad().defined() ? outputs[t].grad() : at::zeros_like(outputs[t]);
        std::int64_t row = rows_before[t];
        for (std::size_t i = 0; i < units.size(); ++i) {
            const auto rows = units[i].outputs[t].size(0);
            slopes[i].push_back(slope.slice(0, row, row + rows));
            row += rows;
        }
    }
    second_pass(step, units, slopes, joint);
    return losses;
}

Losses losses_at(const Learner& learner, std::uint64_t step) {
    const torch::NoGradGuard no_grad;
    std::vector<Tensors> drawn, outputs;
    for (std::size_t i = 0; i < learner.shards; ++i) {
        drawn.push_back(learner.draw(step, i));
        outputs.push_back(learner.forward(drawn.back()));
    }
    return learner.losses(Stepper::join(drawn), Stepper::join(outputs));
}

}  // namespace lge::nn
