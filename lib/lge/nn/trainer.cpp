#include "lge/nn/trainer.hpp"

#include "lge/base/hash.hpp"
#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"
#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"

#include <ATen/autocast_mode.h>
#include <fmt/format.h>

#include "lge/base/parallel.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

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

NamedTensors zeros_like(const NamedTensors& named) {
    NamedTensors out;
    for (const auto& [name, tensor] : named) out.emplace_back(name, at::zeros_like(tensor));
    return out;
}

std::string checkpoint_name(std::uint64_t step) { return fmt::format("step-{}.safetensors", step); }

/// The steps of the folder's checkpoints, newest first.
std::vector<std::uint64_t> saved_steps(const fs::path& folder) {
    std::vector<std::uint64_t> steps;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string file = entry.path().filename().string();
        if (!file.starts_with("step-") || !file.ends_with(".safetensors")) continue;
        const std::string digits = file.substr(5, file.size() - 5 - 12);
        if (!digits.empty() && digits.size() < 19 && digits.find_first_not_of("0123456789") == std::string::npos) steps.push_back(std::stoull(digits));
    }
    std::sort(steps.rbegin(), steps.rend());
    return steps;
}

Progressed read_checkpoint(const fs::path& path, Optimiser& o, const std::string& identity) {
    const std::string name = path.filename().string();
    const io::Safetensors file = io::read_safetensors(path.string());
    const auto entry = [&](const char* key) {
        const auto found = file.metadata.find(key);
        if (found == file.metadata.end()) throw Error(ExitCode::bad_data, fmt::format("{}: not a checkpoint: no {}", name, key));
        return found->second;
    };
    if (entry("schema") != "lge.checkpoint/1") throw Error(ExitCode::bad_data, name + ": schema is not lge.checkpoint/1");
    if (entry("identity") != identity)
        throw Error(ExitCode::usage, fmt::format("{}: made with other options or data; give the run a folder of its own", name));
    json::Document document;
    const json::Value state = document.parse(entry("state"));
    const Progressed p{static_cast<std::uint64_t>(state.integer("step")), static_cast<std::uint64_t>(state.integer("skipped")),
                       static_cast<std::uint64_t>(state.integer("metrics_bytes"))};
    torch::NoGradGuard no_grad;
    const std::array<std::pair<const char*, NamedTensors*>, 4> parts{{{"net.", &o.parameters}, {"first.", &o.first}, {"second.", &o.second}, {"average.", &o.average}}};
    for (const auto& [prefix, tensors] : parts)
        for (auto& [tensor, value] : *tensors) value.copy_(tensor_of(file, prefix + tensor, value.sizes(), name));
    return p;
}

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

}  // namespace

Optimiser::Optimiser(const torch::nn::Module& net) : parameters(parameters_of(net)), first(zeros_like(parameters)), second(zeros_like(parameters)) {
    for (const auto& [name, tensor] : parameters) average.emplace_back(name, tensor.detach().clone());
}

void Optimiser::update(std::uint64_t step, double rate, const Recipe& recipe) {
    torch::NoGradGuard no_grad;
    constexpr double keep_first = 0.9, keep_second = 0.99;
    const auto n = static_cast<double>(step + 1);
    const double correct_first = 1 - std::pow(keep_first, n), correct_second = 1 - std::pow(keep_second, n);
    const double keep_average = std::min(recipe.average, n / (n + 9));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        Tensor& p = parameters[i].second;
        if (p.grad().defined()) {
            const Tensor& g = p.grad();
            if (p.dim() >= 2) p.mul_(1 - rate * recipe.weight_decay);
            first[i].second.lerp_(g, 1 - keep_first);
            second[i].second.mul_(keep_second).addcmul_(g, g, 1 - keep_second);
            p.addcdiv_(first[i].second, (second[i].second / correct_second).sqrt_().add_(1e-8), -rate / correct_first);
        }
        average[i].second.lerp_(p, 1 - keep_average);
    }
}

double rate_at(std::uint64_t step, const Recipe& recipe) {
    const double warm = std::max(1.0, recipe.warm_up * static_cast<double>(recipe.steps)), at = static_cast<double>(step);
    if (at < warm) return recipe.learning_rate * (at + 1) / warm;
    const double share = (at - warm) / std::max(1.0, static_cast<double>(recipe.steps) - warm);
    return recipe.learning_rate * 0.5 * (1 + std::cos(std::numbers::pi * share));
}

double clip_gradients(const NamedTensors& parameters, double limit) {
    torch::NoGradGuard no_grad;
    double squares = 0;
    for (const auto& entry : parameters)
        if (entry.second.grad().defined()) squares += entry.second.grad().to(torch::kFloat64).square().sum().item<double>();
    const double norm = std::sqrt(squares);
    if (norm > limit)
        for (const auto& entry : parameters)
            if (entry.second.grad().defined()) entry.second.grad().mul_(limit / norm);
    return norm;
}

void save_checkpoint(const fs::path& folder, const Optimiser& o, const Progressed& p, const std::string& identity) {
    NamedTensors all;
    const std::array<std::pair<const char*, const NamedTensors*>, 4> parts{{{"net.", &o.parameters}, {"first.", &o.first}, {"second.", &o.second}, {"average.", &o.average}}};
    for (const auto& [prefix, tensors] : parts)
        for (const auto& [name, value] : *tensors) all.emplace_back(prefix + name, value);
    json::Writer state;
    state.object().key("step").integer(static_cast<std::int64_t>(p.step)).key("skipped").integer(static_cast<std::int64_t>(p.skipped))
        .key("metrics_bytes").integer(static_cast<std::int64_t>(p.metrics_bytes)).end();
    const Bytes file = encode_tensors(all, {{"schema", "lge.checkpoint/1"}, {"identity", identity}, {"state", state.str()}});
    write_file((folder / checkpoint_name(p.step)).string(), Overwrite::yes, file);
    write_file((folder / "latest").string(), Overwrite::yes, as_bytes(checkpoint_name(p.step) + "\n"));
    const auto steps = saved_steps(folder);
    for (std::size_t i = 2; i < steps.size(); ++i) {
        std::error_code error;
        fs::remove(folder / checkpoint_name(steps[i]), error);  // an old one that stays does no harm
    }
}

std::optional<Progressed> load_checkpoint(const fs::path& folder, Optimiser& o, const std::string& identity, const Log& log) {
    for (const auto step : saved_steps(folder)) {
        try {
            return read_checkpoint(folder / checkpoint_name(step), o, identity);
        } catch (const Error& e) {
            if (e.code() != ExitCode::bad_data) throw;
            log.warn("{}; trying the one before", e.what());
        }
    }
    return std::nullopt;
}

Ended train(Learner& learner, const Recipe& recipe, torch::Device device, const Log& log) {
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

    ThreadPool ahead(1);
    auto next = ahead.run([&, step = done.step] { return learner.batch(step); });
    bool saved = true;
    while (done.step < recipe.steps) {
        Batch batch = next.get();
        if (done.step + 1 < recipe.steps) next = ahead.run([&, step = done.step + 1] { return learner.batch(step); });
        for (auto& tensor : batch) tensor = tensor.to(device);
        for (auto& entry : optimiser.parameters) entry.second.mutable_grad().reset();
        Losses losses;
        {
            const Autocast autocast(device, recipe.precision);
            losses = learner.losses(batch);
        }
        const double loss = losses.front().second.item<double>();
        double norm = NAN;
        if (std::isfinite(loss)) {
            losses.front().second.backward();
            norm = clip_gradients(optimiser.parameters, recipe.clip);
        }
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

}  // namespace lge::nn
