#pragma once
// The jobs of lge-synth: draw many cases, draw recorded ones again, fit a prior.
#include "lge/base/error.hpp"
#include "lge/base/log.hpp"
#include "lge/synth/store.hpp"

#include <optional>
#include <string>

namespace lge::synth {

struct Run {
    Settings settings;
    Destinations destinations;
    io::History history;
    std::uint64_t seed = 1;
    std::optional<std::size_t> count;      // by default 100 phantoms, or each case of a cohort once
    std::size_t shard_index = 0, shard_count = 1;
    unsigned threads = 1;
};

/// Draws cases `shard_index`, + `shard_count`, ... below the count: phantoms, or scars into the cohort's cases in turn.
void draw(const Run& run, const io::Cohort* source, const Log& log);

/// Draws the cases of a file of lge.synth/1 records again, with the history that its first record holds. bad_data for a
/// record that is damaged, or needs a cohort that is not given or has too few cases, or slices of another size.
void replay(const Run& run, const std::string& records, const io::Cohort* source, const Log& log);

/// Writes a prior from the scars of a cohort's labels. The answer is no where there are none.
ExitCode fit(const io::Cohort& source, const std::string& output, Overwrite overwrite, const Log& log);

}  // namespace lge::synth
