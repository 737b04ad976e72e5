#include "lge/nn/train/run_log.hpp"

#include "lge/base/stream.hpp"
#include "lge/json/writer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace lge::nn {
namespace {

constexpr double between_lines = 10;  // seconds

double wall_time() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

}  // namespace

RunLog::RunLog(const Recipe& recipe, const Progressed& done, bool writes, bool on_gpu, unsigned threads, const Log& log)
    : recipe_(recipe), log_(log), writes_(writes), on_gpu_(on_gpu), threads_(threads),
      metrics_(writes ? recipe.folder / "metrics.jsonl" : std::filesystem::path(), done.metrics_bytes),
      events_(writes ? recipe.folder : std::filesystem::path(), done.step, wall_time()), said_(wall_time()) {}

void RunLog::Sum::add(double more_seconds, const Spent& more) {
    ++steps;
    seconds += more_seconds;
    spent.drawing += more.drawing;
    spent.network += more.network;
    spent.joint += more.joint;
    spent.starved += more.starved;
}

double RunLog::wait_share(const Sum& sum) const {
    if (sum.seconds <= 0) return 0;
    if (on_gpu_) return sum.spent.starved / sum.seconds;
    return std::clamp(1 - (sum.spent.drawing + sum.spent.network + sum.spent.joint) / (sum.seconds * threads_), 0.0, 1.0);
}

void RunLog::add(const StepReport& r, double seconds, const Spent& spent) {
    all_.add(seconds, spent);
    lately_.add(seconds, spent);
    if (!writes_) return;

    json::Writer record;
    record.object().key("schema").text("lge.train/1").key("id").text(fmt::format("step-{}", r.step)).key("step").integer(static_cast<std::int64_t>(r.step));
    for (const auto& [name, value] : r.losses) record.key(name).number(value);
    record.key("gradient_norm").number(r.gradient_norm).key("learning_rate").number(r.learning_rate).key("skipped").integer(static_cast<std::int64_t>(r.skipped));
    if (r.validation) {
        record.key("validation").number(r.validation->value);
        for (const auto& [name, value] : r.validation->figures) record.key(name).number(value);
    }
    record.end();
    metrics_.add(record.take_line());

    const double now = wall_time(), rate = static_cast<double>(recipe_.batch) / std::max(seconds, 1e-9);
    auto scalars = r.losses;
    scalars.emplace_back("gradient_norm", r.gradient_norm);
    scalars.emplace_back("learning_rate", r.learning_rate);
    scalars.emplace_back("samples_per_second", rate);
    if (r.validation) {
        scalars.emplace_back("validation", r.validation->value);
        scalars.insert(scalars.end(), r.validation->figures.begin(), r.validation->figures.end());
    }
    events_.add(r.step, now, scalars);

    const bool last = r.step == recipe_.steps, verbose = log_.verbosity() == Verbosity::verbose;
    if (!verbose && !last && now - said_ < between_lines) return;
    said_ = now;
    std::string parts;
    for (std::size_t i = 1; i < r.losses.size(); ++i) parts += fmt::format("{}{} {:.3f}", i > 1 ? ", " : " (", r.losses[i].first, r.losses[i].second);
    if (!parts.empty()) parts += ")";
    const double each = all_.seconds / static_cast<double>(all_.steps);
    log_.note("step {}/{}: loss {:.3f}{}, gradient {:.2f}, rate {:.1e}, {:.0f} samples/s, waits {:.0f} %, {:.0f} s left", r.step, recipe_.steps, r.losses[0].second, parts,
              r.gradient_norm, r.learning_rate, static_cast<double>(recipe_.batch * lately_.steps) / std::max(lately_.seconds, 1e-9), 100 * wait_share(lately_),
              each * static_cast<double>(recipe_.steps - r.step));
    if (r.validation) {
        std::string figures;
        for (const auto& [name, value] : r.validation->figures) figures += fmt::format(", {} {:.3f}", name, value);
        log_.note("step {}/{}: validation {:.4f}{}", r.step, recipe_.steps, r.validation->value, figures);
    }
    lately_ = {};
    events_.flush();
}

void RunLog::sync() {
    events_.flush();
    metrics_.sync();
}

void RunLog::finish(std::string_view ended, const Progressed& done) const {
    if (!writes_) return;
    const double thread_seconds = std::max(all_.seconds * threads_, 1e-9);
    json::Writer w;
    w.object().key("schema").text("lge.train-summary/1").key("id").text("summary").key("ended").text(ended).key("step").integer(static_cast<std::int64_t>(done.step))
        .key("skipped").integer(static_cast<std::int64_t>(done.skipped)).key("steps_of_call").integer(static_cast<std::int64_t>(all_.steps)).key("seconds").number(all_.seconds)
        .key("samples_per_second").number(static_cast<double>(recipe_.batch * all_.steps) / std::max(all_.seconds, 1e-9))
        .key("threads").integer(threads_).key("draw_share").number(all_.spent.drawing / thread_seconds).key("network_share").number(all_.spent.network / thread_seconds)
        .key("wait_share").number(wait_share(all_));
    if (!std::isnan(done.best_score)) w.key("best_score").number(done.best_score).key("best_step").integer(static_cast<std::int64_t>(done.best_step));
    w.end();
    try {
        write_file((recipe_.folder / "summary.json").string(), Overwrite::yes, as_bytes(w.take_line()));
    } catch (const Error& e) {
        log_.warn("{}", e.what());
    }
}

}  // namespace lge::nn
