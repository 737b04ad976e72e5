#pragma once
// Training from start to finished model file, for each task.
#include "lge/base/log.hpp"
#include "lge/io/cohort.hpp"
#include "lge/io/records.hpp"
#include "lge/nn/device.hpp"
#include "lge/nn/model.hpp"
#include "lge/nn/recipe.hpp"
#include "lge/synth/phantom.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lge::nn {

/// A sentence about a slice, and what it says: sentences with equal keys say the same.
struct Sentence {
    std::string text;
    std::string key;       // of presence, segments and pattern
    bool present = false;
};

/// What both tasks learn from and how they run.
struct TrainInput {
    std::vector<io::Cohort> cohorts;
    std::string inputs_hash;                       // SHA-256 of what was read, for the run's identity
    std::optional<synth::Population> population;   // phantoms drawn as training goes (segment)
    double phantom_share = 0.5;                    // of the samples, where there are cohorts too
    std::vector<io::CaptionRecord> captions;       // instead of the cohorts' own (align)
    std::optional<io::Safetensors> encoder;        // a segmentation model to start from (align)
    double hold_out = 0.15;                        // share of the cases kept for the measured figures and thresholds
    DeviceChoice device = DeviceChoice::automatic;
    unsigned threads = 0;
};

/// True for the `share` of cases that are held out; decided by the id alone.
bool held_out(std::string_view id, double share);

/// The slices of each case that have sentences: from `captions` where given (by slice, else level, else the whole
/// case), else from the cohort's own /captions and /findings. bad_data when a cohort has none.
std::vector<std::vector<Sentence>> sentences_of(const io::Cohort& cohort, const std::vector<io::CaptionRecord>& captions);

/// The bytes of the model file, or nothing when a stop signal (or `stop_after`) left a checkpoint instead.
/// `description` says what to build; tokenizer, thresholds and history are filled in here.
std::optional<Bytes> train_segment(const TrainInput& input, const Recipe& recipe, Description description, const Log& log);
/// `prompts`: see Detector.
struct Prompts;
std::optional<Bytes> train_align(const TrainInput& input, const Recipe& recipe, Description description, const Prompts& prompts, const Log& log);

}  // namespace lge::nn
