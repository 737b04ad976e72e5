#pragma once
// Checkpoints: folders that are there whole or not at all. For use inside nn and its tests.
#include "lge/base/log.hpp"
#include "lge/nn/train/optimiser.hpp"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace lge::nn {

/// What a checkpoint knows beside tensors. Random numbers and the place in the data follow from the seed and the step,
/// since they are drawn by counters.
struct Progressed {
    std::uint64_t step = 0;      // steps done
    std::uint64_t skipped = 0;   // batches whose loss was not finite
    std::uint64_t bad_in_row = 0;
    std::uint64_t metrics_bytes = 0;
    double best_score = NAN;     // of the validations, higher is better; NaN before the first
    std::uint64_t best_step = 0;
    std::uint64_t since_best = 0;  // validations
};

/// step-N/ in `folder`: model, optimiser and average.safetensors, best.safetensors if `best` holds any, and state.json with
/// the SHA-256 of each and of itself; then `latest`, which names it. It is made under another name and renamed when all
/// of it is on the disk. The three newest are kept. bad_data, and nothing is written, when a weight is not finite.
void save_checkpoint(const std::filesystem::path& folder, const Optimiser& o, const NamedTensors& best, const Progressed& p, const std::string& identity);

/// The newest whose hashes agree, loaded into `o` and `best`; nothing when there is none. usage when it belongs to another
/// run; bad_data when there are checkpoints and none is whole.
std::optional<Progressed> load_checkpoint(const std::filesystem::path& folder, Optimiser& o, NamedTensors& best, const std::string& identity, const Log& log);

}  // namespace lge::nn
