#pragma once
// For use inside nn and its tests.
#include "lge/base/log.hpp"
#include "lge/nn/optimiser.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace lge::nn {

/// What a checkpoint knows beside tensors.
struct Progressed {
    std::uint64_t step = 0;      // steps done
    std::uint64_t skipped = 0;   // batches whose loss was not finite
    std::uint64_t metrics_bytes = 0;
};
/// step-N.safetensors, and `latest` that names it; the two newest are kept.
void save_checkpoint(const std::filesystem::path& folder, const Optimiser& o, const Progressed& p, const std::string& identity);
/// The newest that is whole, loaded into `o`; nothing when there is none. usage when it belongs to another run.
std::optional<Progressed> load_checkpoint(const std::filesystem::path& folder, Optimiser& o, const std::string& identity, const Log& log);

}  // namespace lge::nn
