#pragma once
// Where an image-text model makes its calls, set on cases whose answers are known.
#include "lge/base/log.hpp"
#include "lge/io/cohort.hpp"
#include "lge/io/safetensors.hpp"
#include "lge/nn/infer/detector.hpp"

#include <string>
#include <vector>

namespace lge::nn {

struct Calibrated {
    Bytes model;                     // the file with its temperature, offset and thresholds set
    std::size_t cases = 0;           // that had an answer and a wall to judge
    double balanced_accuracy = 0.5;  // of those cases, at the threshold set
};
/// Temperature and offset such that probabilities of cases are right on the whole (Platt, 1999), and the thresholds of
/// cases, slices and segments with the best balanced accuracy, for the pooling that was asked for. The answers are the
/// cohort's /findings, or what `captions` say of its cases where there are any. The copy's metadata tell of the cases, by
/// `sha256` of the cohort's file, and of the prompts. bad_data when there are no answers, or only one. `name`: the model's, for messages.
Calibrated calibrate(const io::Safetensors& model, const std::string& name, const io::Cohort& cohort, const std::string& sha256, const std::vector<io::CaptionRecord>& captions,
                     const Questions& questions, DeviceChoice device);

}  // namespace lge::nn
