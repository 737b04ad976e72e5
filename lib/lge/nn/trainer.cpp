#include "lge/nn/trainer.hpp"

#include "lge/base/parallel.hpp"
#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"
#include "lge/json/writer.hpp"
#include "lge/nn/checkpoint.hpp"

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <chrono>
#include <cmath>

namespace lge::nn {
namespace {

namespace fs = std::filesystem;

/// Mixed precision while it lives.
class Autocast {
public:
    Autocast(torch::Device device, Precision precision) : type_(device.type()), was_(at::autocast::is_autocast_enabled(type_)) {
        at::autocast::set_autocast_dtype(type_, at::kBFloat16);
        at::autocast::set_autocast_enabled(type_, precision == Precision::bf16);
    }
    ~Autocast() {
        at::autocast::clear_cache();
        at::autocast::set_autocast_enabled(type_, was_);
    }
    Autocast(const Autocast&) = delete;
    Autocast& operator=(const Autocast&) = delete;

private:
    at::DeviceType type_;
    bool was_;
};

/// metrics.jsonl, cut back to where the checkpoint knew it, so that a resumed run writes the file a straight one would.
class Metrics {
public:
    Metrics(fs::path path, std::uint64_t keep) : path_(std::move(path)) {
        if (fs::exists(path_)) {
            const Bytes old = read_file(path_.string());
            text_.assign(as_text(old).substr(0, keep));
        }
    }
    void add(json::Writer& record) { text_ += record.take_line(); }
    void save() const { write_file(path_.string(), Overwrite::yes, as_bytes(text_)); }
    [[nodiscard]] std::uint64_t bytes() const { return text_.size(); }

private:
    fs::path path_;
    std::string text_;
};

double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// A part of a batch on its way.
struct Shard {
    Tensors drawn, outputs;
};

/// The same tensor of every shard, one under another.
template <class Member>
Tensors join(const std::vector<Shard>& shards, Member member) {
    Tensors joined;
    for (std::size_t t = 0; t < (shards[0].*member).size(); ++t) {
        Tensors parts;
        for (const auto& s : shards) parts.push_back((s.*member)[t]);
        joined.push_back(parts.size() == 1 ? parts[0] : at::cat(parts));
    }
    return joined;
}

/// The work of one step, for a number of threads that does not show in the result.
class Stepper {
public:
    Stepper(const Learner& learner, const NamedTensors& parameters, Precision precision, torch::Device device, unsigned threads)
        : learner_(learner), precision_(precision), device_(device), pool_(thread_count(threads)) {
        for (const auto& [name, p] : parameters) parameters_.push_back(p);
    }

    /// The losses of `step`; where the first is finite, the parameters' gradients are set.
    Losses run(std::uint64_t step) {
        for (auto& p : parameters_) p.mutable_grad().reset();
        const auto shards = device_.is_cpu() ? each<Shard>(learner_.shards, [&](std::size_t i) { return forward(learner_.draw(step, i)); }) : drawn_ahead(step);
        Tensors outputs = join(shards, &Shard::outputs);
        for (auto& t : outputs) t = t.detach().requires_grad_(true);
        Losses losses = learner_.losses(join(shards, &Shard::drawn), outputs);
        if (!std::isfinite(losses.front().second.item<double>())) return losses;
        losses.front().second.backward();  // down to the outputs, and what the joint loss itself has to learn

        std::vector<Tensors> slopes(shards.size());
        for (const auto& t : outputs) {
            const Tensor slope = t.grad().defined() ? t.grad() : at::zeros_like(t);
            std::int64_t row = 0;
            for (std::size_t i = 0; i < shards.size(); ++i) {
                const auto rows = shards[i].outputs[slopes[i].size()].size(0);
                slopes[i].push_back(slope.slice(0, row, row + rows));
                row += rows;
            }
        }
        const auto gradients = each<Tensors>(shards.size(), [&](std::size_t i) { return torch::autograd::grad(shards[i].outputs, parameters_, slopes[i], false, false, true); });
        torch::NoGradGuard no_grad;
        for (const auto& some : gradients)
            for (std::size_t p = 0; p < parameters_.size(); ++p) {
                if (!some[p].defined()) continue;
                if (auto& g = parameters_[p].mutable_grad(); g.defined()) g.add_(some[p]);
                else g = some[p];
            }
        return losses;
    }

private:
    /// f(0), f(1), ... on the pool, each on one thread of LibTorch's.
    template <class Result, class F>
    std::vector<Result> each(std::size_t count, F f) {
        std::vector<std::future<Result>> pending;
        for (std::size_t i = 0; i < count; ++i)
            pending.push_back(pool_.run([&f, i] {
                at::set_num_threads(1);
                return f(i);
            }));
        for (auto& p : pending) p.wait();  // all have let go of what they refer to before one of them may throw
        std::vector<Result> results;
        for (auto& p : pending) results.push_back(p.get());
        return results;
    }

    Shard forward(Tensors drawn) const {
        for (auto& t : drawn) t = t.to(device_, true);
        const Autocast autocast(device_, precision_);
        Tensors outputs = learner_.forward(drawn);
        return {std::move(drawn), std::move(outputs)};
    }

    /// On a GPU the whole batch goes through the network at once, while the next one is drawn.
    std::vector<Shard> drawn_ahead(std::uint64_t step) {
        const auto draw = [&](std::uint64_t s) {
            std::vector<std::future<Tensors>> parts;
            for (std::size_t i = 0; i < learner_.shards; ++i) parts.push_back(pool_.run([this, s, i] { return learner_.draw(s, i); }));
            return parts;
        };
        if (ahead_.empty()) ahead_ = draw(step);
        std::vector<Shard> parts;
        for (auto& p : ahead_) parts.push_back({p.get(), {}});
        ahead_ = draw(step + 1);
        std::vector<Shard> whole;
        whole.push_back(forward(join(parts, &Shard::drawn)));
        return whole;
    }

    const Learner& learner_;
    Tensors parameters_;
    Precision precision_;
    torch::Device device_;
    std::vector<std::future<Tensors>> ahead_;
    ThreadPool pool_;
};

}  // namespace

Ended train(Learner& learner, const Recipe& recipe, torch::Device device, unsigned threads, const Log& log) {
    const StopSignals signals;
    make_folder(recipe.folder);
    learner.net->to(device);
    Optimiser optimiser(*learner.net);
    Progressed done;
    if (const auto found = load_checkpoint(recipe.folder, optimiser, learner.identity, log)) {
        done = *found;
        log.note("goes on after step {} of {}", done.step, recipe.steps);
    }
    Metrics metrics(recipe.folder / "metrics.jsonl", done.metrics_bytes);
    const std::uint64_t begin = done.step;
    const double start = seconds();
    double said = start;
    unsigned bad_in_row = 0, missed_saves = 0;
    const auto save = [&] {
        try {
            done.metrics_bytes = metrics.bytes();
            metrics.save();
            save_checkpoint(recipe.folder, optimiser, done, learner.identity);
            missed_saves = 0;
        } catch (const Error& e) {
            if (++missed_saves == 3 || StopSignals::stop_requested()) throw;
            log.warn("step {}: no checkpoint: {}; goes on to the next", done.step, e.what());
        }
    };

    Stepper stepper(learner, optimiser.parameters, recipe.precision, device, threads);
    bool saved = true;
    while (done.step < recipe.steps) {
        const Losses losses = stepper.run(done.step);
        const double loss = losses.front().second.item<double>();
        const double norm = std::isfinite(loss) ? clip_gradients(optimiser.parameters, recipe.clip) : NAN;
        const double rate = rate_at(done.step, recipe);
        if (std::isfinite(norm)) {
            bad_in_row = 0;
            optimiser.update(done.step, rate, recipe);
        } else {
            ++done.skipped;
            log.warn("step {}: loss or gradient is not finite; the batch is skipped", done.step + 1);
            if (++bad_in_row >= recipe.nan_limit)
                throw Error(ExitCode::bad_data, fmt::format("no finite loss in {} steps in a row, the last of them step {}", bad_in_row, done.step + 1));
        }
        ++done.step;
        saved = false;

        json::Writer record;
        record.object().key("schema").text("lge.train/1").key("id").text(fmt::format("step-{}", done.step)).key("step").integer(static_cast<std::int64_t>(done.step));
        for (const auto& [name, value] : losses) record.key(name).number(value.item<double>());
        record.key("gradient_norm").number(norm).key("learning_rate").number(rate).key("skipped").integer(static_cast<std::int64_t>(done.skipped)).end();
        metrics.add(record);
        const double now = seconds();
        if (now - said > 10 || done.step == recipe.steps) {
            said = now;
            const double each = (now - start) / static_cast<double>(done.step - begin);
            log.note("step {}/{}: loss {:.3f}, gradient {:.2f}, rate {:.1e}, {:.0f} samples/s, {:.0f} s left", done.step, recipe.steps, loss, norm, rate,
                     static_cast<double>(recipe.batch) / each, each * static_cast<double>(recipe.steps - done.step));
        }
        if (StopSignals::stop_requested() || (recipe.stop_after && done.step - begin == recipe.stop_after && done.step < recipe.steps)) {
            save();
            return Ended::stopped;
        }
        if (StopSignals::take_save_request() || done.step % recipe.save_every == 0) {
            save();
            saved = missed_saves == 0;
        }
    }
    if (!saved) save();
    torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < optimiser.parameters.size(); ++i) optimiser.parameters[i].second.copy_(optimiser.average[i].second);
    return Ended::finished;
}

Losses losses_at(const Learner& learner, std::uint64_t step) {
    torch::NoGradGuard no_grad;
    std::vector<Shard> shards;
    for (std::size_t i = 0; i < learner.shards; ++i) {
        Tensors drawn = learner.draw(step, i), outputs = learner.forward(drawn);
        shards.push_back({std::move(drawn), std::move(outputs)});
    }
    return learner.losses(join(shards, &Shard::drawn), join(shards, &Shard::outputs));
}

}  // namespace lge::nn
