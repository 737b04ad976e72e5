#include "lge/nn/train/trainer.hpp"

#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"
#include "lge/json/writer.hpp"
#include "lge/nn/train/budget.hpp"
#include "lge/nn/train/checkpoint.hpp"
#include "lge/nn/train/peers.hpp"
#include "lge/nn/train/run_log.hpp"
#include "lge/nn/train/stepper.hpp"

#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <chrono>
#include <cmath>

namespace lge::nn {
namespace {

constexpr unsigned missed_saves_limit = 3;

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void copy(const NamedTensors& from, const NamedTensors& to) {
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < to.size(); ++i) to[i].second.copy_(from[i].second);
}
NamedTensors clone(const NamedTensors& tensors) {
    NamedTensors copies;
    for (const auto& [name, t] : tensors) copies.emplace_back(name, t.detach().clone());
    return copies;
}

/// config.json: the options in force, what they were run with, and the hash that a resumed run must share.
void write_config(const Recipe& recipe, const std::string& identity) {
    json::Writer w;
    w.object().key("schema").text("lge.config/1").key("id").text("config").key("run").raw(recipe.config.empty() ? "{}" : recipe.config).key("libtorch").text(TORCH_VERSION)
        .key("identity").text(identity).end();
    write_file((recipe.folder / "config.json").string(), Overwrite::yes, as_bytes(w.take_line()));
}

/// What training has come to.
struct State {
    Optimiser optimiser;
    NamedTensors best;  // averaged weights of the best validation; empty before the first
    Progressed done;
};

/// All processes begin from what the first one has loaded or made.
void share(State& state, Peers& peers) {
    Progressed& p = state.done;
    const std::vector<std::uint64_t*> counts{&p.step, &p.skipped, &p.bad_in_row, &p.metrics_bytes, &p.best_step, &p.since_best};
    Tensor known = at::zeros({static_cast<std::int64_t>(counts.size()) + 2}, torch::kFloat64);
    auto* values = known.mutable_data_ptr<double>();
    for (std::size_t i = 0; i < counts.size(); ++i) values[i] = static_cast<double>(*counts[i]);
    values[counts.size()] = p.best_score;
    values[counts.size() + 1] = state.best.empty() ? 0 : 1;
    peers.share({known});
    for (std::size_t i = 0; i < counts.size(); ++i) *counts[i] = static_cast<std::uint64_t>(values[i]);
    p.best_score = values[counts.size()];
    if (values[counts.size() + 1] != 0 && state.best.empty()) state.best = clone(state.optimiser.average);
    std::vector<Tensor> all;
    for (const auto* tensors : {&state.optimiser.parameters, &state.optimiser.first, &state.optimiser.second, &state.optimiser.average, &state.best})
        for (const auto& [name, t] : *tensors) all.push_back(t.detach());
    peers.share(all);
}

/// The score of the averaged weights; they are kept when it is the best so far.
Score validate(const Learner& learner, State& state, Peers* peers) {
    const NamedTensors own = clone(state.optimiser.parameters);
    copy(state.optimiser.average, state.optimiser.parameters);
    Score found = learner.validate();
    Tensor score = at::full({1}, found.value, torch::kFloat64);
    copy(own, state.optimiser.parameters);
    if (peers) peers->share({score});
    const double value = found.value = score.item<double>();
    if (state.best.empty() || value > state.done.best_score || (std::isnan(state.done.best_score) && !std::isnan(value))) {
        state.best = clone(state.optimiser.average);
        state.done.best_score = value;
        state.done.best_step = state.done.step;
        state.done.since_best = 0;
    } else {
        ++state.done.since_best;
    }
    return found;
}

bool out_of_patience(const Progressed& done, const Recipe& recipe) { return recipe.patience > 0 && done.since_best >= recipe.patience; }

}  // namespace

torch::Device own_device(torch::Device device, int local) {
    return device.is_cuda() ? torch::Device(device.type(), static_cast<c10::DeviceIndex>(local % static_cast<int>(torch::cuda::device_count()))) : device;
}

Ended train(Learner& learner, const Recipe& recipe, torch::Device device, unsigned threads, const Log& log, Peers* peers) {
    const StopSignals signals;
    if (recipe.validate_every > 0 && !learner.validate) throw Error(ExitCode::usage, "there is nothing to validate on");
    const bool writes = !peers || peers->rank() == 0;
    learner.net->to(device);
    State state{Optimiser(*learner.net), {}, {}};
    auto& [optimiser, best, done] = state;
    if (recipe.dry_run) {
        say(budget_of(learner, optimiser.parameters, recipe, device, threads), log);
        return Ended::tried;
    }
    if (writes) {
        make_folder(recipe.folder);
        if (const auto found = load_checkpoint(recipe.folder, optimiser, best, learner.identity, log)) {
            done = *found;
            log.note("goes on after step {} of {}", done.step, recipe.steps);
        }
        write_config(recipe, learner.identity);
    }
    if (peers) share(state, *peers);
    Stepper stepper(learner, optimiser.parameters, recipe, device, threads, peers);
    RunLog said(recipe, done, writes, !device.is_cpu(), stepper.threads(), log);
    const std::uint64_t begin = done.step;
    unsigned missed_saves = 0;
    bool saved = true, stop = false;
    const auto write = [&] {
        try {
            done.metrics_bytes = said.metrics_bytes();
            said.sync();
            save_checkpoint(recipe.folder, optimiser, best, done, learner.identity);
            missed_saves = 0;
        } catch (const Error& e) {
            saved = false;
            if (e.code() == ExitCode::bad_data || ++missed_saves == missed_saves_limit || stop) throw;
            log.warn("step {}: no checkpoint: {}; goes on to the next", done.step, e.what());
        }
    };
    const auto save = [&] {
        saved = true;
        if (writes) write();
        if (peers) saved = peers->hear_first(saved);
    };

    while (done.step < recipe.steps && !out_of_patience(done, recipe)) {
        const double began = seconds();
        const Losses losses = stepper.run(done.step);
        StepReport report;
        for (const auto& [name, value] : losses) report.losses.emplace_back(name, value.item<double>());
        report.gradient_norm = std::isfinite(report.losses[0].second) ? clip_gradients(optimiser.parameters, recipe.clip) : NAN;
        report.learning_rate = rate_at(done.step, recipe);
        if (std::isfinite(report.gradient_norm)) {
            done.bad_in_row = 0;
            optimiser.update(done.step, report.learning_rate, recipe);
        } else {
            ++done.skipped;
            if (writes) log.warn("step {}: loss or gradient is not finite; the batch is skipped", done.step + 1);
            if (++done.bad_in_row >= recipe.nan_limit)
                throw Error(ExitCode::bad_data, fmt::format("no finite loss in {} steps in a row, the last of them step {}", done.bad_in_row, done.step + 1));
        }
        ++done.step;
        saved = false;
        const double took = seconds() - began;
        if (recipe.validate_every > 0 && (done.step % recipe.validate_every == 0 || done.step == recipe.steps)) report.validation = validate(learner, state, peers);
        report.step = done.step;
        report.skipped = done.skipped;
        said.add(report, took, stepper.take_spent());

        stop = StopSignals::stop_requested();
        bool asked = StopSignals::take_save_request();
        if (peers) {
            const auto flags = peers->any({stop, asked});
            stop = flags[0];
            asked = flags[1];
        }
        if (recipe.stop_after && done.step - begin == recipe.stop_after && done.step < recipe.steps) stop = true;
        if (stop) {
            save();
            said.finish("stopped", done);
            return Ended::stopped;
        }
        if (asked || done.step % recipe.save_every == 0) save();
    }
    if (!saved) save();
    if (out_of_patience(done, recipe) && writes) log.note("ends after step {}: no better validation than that of step {}", done.step, done.best_step);
    said.finish(out_of_patience(done, recipe) ? "early" : "finished", done);
    copy(best.empty() ? optimiser.average : best, optimiser.parameters);
    return Ended::finished;
}

}  // namespace lge::nn
