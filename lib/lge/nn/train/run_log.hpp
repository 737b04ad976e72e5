#pragma once
// What a run says of itself: metrics.jsonl, TensorBoard's event files, lines on standard error, and a summary at the end.
// For use inside nn and its tests.
#include "lge/base/log.hpp"
#include "lge/nn/train/checkpoint.hpp"
#include "lge/nn/train/metrics.hpp"
#include "lge/nn/train/stepper.hpp"
#include "lge/nn/train/tensorboard.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lge::nn {

/// One step in numbers.
struct StepReport {
    std::uint64_t step = 0, skipped = 0;
    std::vector<std::pair<std::string, double>> losses;
    double gradient_norm = 0, learning_rate = 0;
    std::optional<Score> validation;
};

class RunLog {
public:
    /// Goes on after `done`. A process that does not write (`writes` false) is silent too.
    RunLog(const Recipe& recipe, const Progressed& done, bool writes, bool on_gpu, unsigned threads, const Log& log);
    /// `seconds`: what the step took, validation and checkpoints aside.
    void add(const StepReport& report, double seconds, const Spent& spent);
    void sync();  ///< io_error when the metrics cannot be saved
    [[nodiscard]] std::uint64_t metrics_bytes() const { return metrics_.bytes(); }
    /// summary.json: how the call ended, its speed, and where its time went.
    void finish(std::string_view ended, const Progressed& done) const;

private:
    /// Steps, their seconds, and what was done in them.
    struct Sum {
        std::uint64_t steps = 0;
        double seconds = 0;
        Spent spent;
        void add(double more_seconds, const Spent& more);
    };
    /// The share of the threads' time in which they waited; on a GPU, of the time in which it waited for samples.
    [[nodiscard]] double wait_share(const Sum& sum) const;

    const Recipe& recipe_;
    const Log& log_;
    bool writes_, on_gpu_;
    unsigned threads_;
    Metrics metrics_;
    EventFile events_;
    Sum all_, lately_;
    double said_;
};

}  // namespace lge::nn
