#pragma once
// Training from start to finished model file, for each task.
#include "lge/base/log.hpp"
#include "lge/base/random.hpp"
#include "lge/io/cohort.hpp"
#include "lge/io/records.hpp"
#include "lge/nn/detector.hpp"
#include "lge/nn/model.hpp"
#include "lge/nn/recipe.hpp"
#include "lge/nn/segmenter.hpp"
#include "lge/synth/phantom.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lge::nn {

/// What both tasks learn from and how they run.
struct TrainInput {
    std::vector<io::Cohort> cohorts;
    std::string inputs_hash;                       // SHA-256 of what was read, for the run's identity
    std::optional<synth::Population> population;   // phantoms drawn as training goes
    double phantom_share = 0.5;                    // of the samples, where there are cohorts too
    std::vector<io::CaptionRecord> captions;       // instead of the cohorts' own (align)
    std::optional<io::Safetensors> encoder;        // a segmentation model to start from (align)
    std::shared_ptr<const Segmenter> segmenter;    // draws the outlines of phantoms as it will those of patients (align)
    double hold_out = 0.15;                        // share of the cases kept for the measured figures and thresholds
    DeviceChoice device = DeviceChoice::automatic;
    unsigned threads = 0;
};

/// True for the `share` of cases that are held out; decided by the id alone.
inline bool held_out(std::string_view id, double share) { return Random(0, hash_name(id), "held out").uniform() < share; }

/// The bytes of the model file, or nothing when a stop signal (or `stop_after`) left a checkpoint instead.
/// `description` says what to build; tokenizer, thresholds and history are filled in here.
std::optional<Bytes> train_segment(const TrainInput& input, const Recipe& recipe, Description description, const Log& log);
/// `prompts`: what the thresholds are set for.
std::optional<Bytes> train_align(const TrainInput& input, const Recipe& recipe, Description description, const Prompts& prompts, const Log& log);

}  // namespace lge::nn
