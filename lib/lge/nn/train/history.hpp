#pragma once
// What a run was, for resuming it and for the model it leaves. For use inside nn.
#include "lge/json/writer.hpp"
#include "lge/nn/train/train.hpp"

#include <string>

namespace lge::nn {

/// What a resumed run must share with the one before it.
std::string identity_of(const TrainInput& input, const Recipe& recipe, const Description& d);
/// An open object with the recipe and the data; `samples` says what was learnt from.
json::Writer begin_history(const TrainInput& input, const Recipe& recipe, const std::string& samples);

}  // namespace lge::nn
