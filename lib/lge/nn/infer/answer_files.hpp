#pragma once
// Detections, captions and vectors of the cases that inputs name, as files and streams.
#include "lge/io/provenance.hpp"
#include "lge/nn/infer/detector.hpp"
#include "lge/nn/infer/inputs.hpp"
#include "lge/nn/infer/segment_files.hpp"

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::nn {

/// What gets a record.
enum class Unit : std::uint8_t { both, one_case, slice };
constexpr std::array<std::pair<std::string_view, Unit>, 3> choices(Unit) { return {{{"case", Unit::one_case}, {"slice", Unit::slice}, {"both", Unit::both}}}; }

struct AnswerTargets {
    std::string output = "-";
    Unit unit = Unit::both;
    bool summary = false;               // a line a case for people, in place of the records
    std::string heat;                   // folder of heat maps; empty: none
    std::vector<std::string> heat_of;   // what they show; empty: what the model has
    std::string label_folder;           // of label maps that the segmenter drew; empty: they are not kept
};

/// Where cases come from: `segmenter` draws the label maps of images that have none, or is null.
struct AnswerSource {
    Inputs& inputs;
    const Segmenter* segmenter = nullptr;
};

/// Calls for one case of a cohort in the canonical pose.
using Judge = std::function<OfCase<io::DetectionRecord>(const io::Cohort& cohort, std::size_t c)>;
/// lge.detection/1 records, flushed case by case. Heat maps are `detector`'s, null where none are asked for.
ExitCode detect_files(const Judge& judge, const Detector* detector, const AnswerSource& source, const AnswerTargets& targets, const RunChoice& run, const io::History& history, const Log& log);
/// Captions are the nearest of known sentences, or the model's own.
enum class Wording : std::uint8_t { nearest, written };
constexpr std::array<std::pair<std::string_view, Wording>, 2> choices(Wording) { return {{{"nearest", Wording::nearest}, {"written", Wording::written}}}; }
/// lge.caption/1 records.
ExitCode caption_files(const Detector& detector, Wording wording, const AnswerSource& source, const AnswerTargets& targets, const RunChoice& run, const io::History& history, const Log& log);
/// lge.embedding/1 records of cases, slices and `sentences`; into a file in .safetensors their tensors instead.
ExitCode embed_files(const Detector& detector, const AnswerSource& source, const std::vector<std::string>& sentences, const AnswerTargets& targets, const RunChoice& run,
                     const io::History& history, const Log& log);

}  // namespace lge::nn
