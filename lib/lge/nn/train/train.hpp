#pragma once
// Training from start to finished model file, for each task.
#include "lge/base/log.hpp"
#include "lge/base/random.hpp"
#include "lge/io/cohort.hpp"
#include "lge/io/records.hpp"
#include "lge/nn/infer/prompts.hpp"
#include "lge/nn/net/bert_folder.hpp"
#include "lge/nn/net/device.hpp"
#include "lge/nn/net/model.hpp"
#include "lge/nn/train/distributed.hpp"
#include "lge/nn/train/recipe.hpp"
#include "lge/synth/phantom.hpp"
#include "lge/synth/prior.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace lge::nn {

/// Where samples come from, by weight.
struct Mix {
    double real = 1;     // cases of the cohorts as they are
    double synth = 0;    // scars drawn into the cohorts' scar-free cases as training goes (align)
    double phantom = 1;  // phantoms of the population, drawn as training goes
};
/// "real=1,synth=2,phantom=1"; what is not named has weight 0. usage when it is not so.
Mix parse_mix(std::string_view text);

/// One id a line; blank lines and lines that begin with # do not count. bad_data when none is left.
std::set<std::string, std::less<>> read_ids(const std::string& path);

/// What both tasks learn from and how they run.
struct TrainInput {
    std::vector<io::Cohort> cohorts;
    std::string inputs_hash;                       // SHA-256 of what was read, for the run's identity
    std::optional<synth::Population> population;   // phantoms drawn as training goes
    synth::Prior prior;                            // of the scars that are drawn (align)
    double gate_sd = 3;                            // contrast of drawn scars over remote wall (align)
    Mix mix;                                       // as it was asked for
    std::vector<io::CaptionRecord> captions;       // instead of the cohorts' own (align)
    std::optional<BertFolder> text_encoder;        // instead of the small transformer (align)
    bool freeze_text = false;                      // it keeps its weights
    std::optional<io::Safetensors> start;          // a model of the same task to start from
    std::optional<io::Safetensors> encoder;        // a segmentation model whose encoder is the start (align)
    double hold_out = 0.15;                        // share of the cases kept for the measured figures and thresholds,
    std::set<std::string, std::less<>> held_out_ids;  // or their ids
    DeviceChoice device = DeviceChoice::automatic;
    unsigned threads = 0;
    World world;                                   // of the processes that share the batches
    std::shared_ptr<Peers> peers;                  // null for one alone

    /// The mix of what there is: nothing of cohorts or phantoms where there are none.
    [[nodiscard]] Mix sources() const;
};

/// Is a case held out? Decided by the list where there is one, else by the id alone.
inline bool held_out(std::string_view id, const TrainInput& input) {
    return input.held_out_ids.empty() ? Random(0, hash_name(id), "held out").uniform() < input.hold_out : input.held_out_ids.contains(id);
}
/// bad_data when a case occurs twice, in one cohort or in two: it could be learned from and judged; and when no case of the
/// cohorts is on the list of those to hold out, or none is spoken of in the captions. Tells how many of either are of no case.
void check_cases(const TrainInput& input, const Log& log);

/// What a run learns from, by path; an empty one is not there.
struct TrainFiles {
    std::string captions;              // lge.caption/1 records
    std::vector<std::string> cohorts;
    std::string population;            // or its name
    std::string start;                 // a model of the same task
    std::string encoder;               // a segmentation model
    std::string text_encoder;          // folder of a BERT-family encoder
};
/// Reads them into `input`, and what all of them hash to; gives the SHA-256 of captions, cohorts and models, each by itself.
/// Captions come first: from a pipe, they end when all before them has been written, the cohorts perhaps among it.
std::vector<std::string> read_files(const TrainFiles& files, TrainInput& input);

/// The bytes of the model file, or nothing when a stop signal (or `stop_after`) left a checkpoint instead, and after a dry run.
/// `description` says what to build; thresholds and history are filled in here.
std::optional<Bytes> train_segment(const TrainInput& input, const Recipe& recipe, Description description, const Log& log);
/// `prompts`: what the thresholds are set for.
std::optional<Bytes> train_align(const TrainInput& input, const Recipe& recipe, Description description, const Prompts& prompts, const Log& log);

}  // namespace lge::nn
