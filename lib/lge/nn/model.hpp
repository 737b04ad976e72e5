#pragma once
// The model file: one safetensors file, schema lge.model/1, whose metadata says all that is needed to use the weights.
#include "lge/base/error.hpp"
#include "lge/io/safetensors.hpp"
#include "lge/nn/unet_kind.hpp"
#include "lge/nn/tokenizer.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::nn {

enum class Task : std::uint8_t { segment, align };
constexpr std::array<std::pair<std::string_view, Task>, 2> choices(Task) { return {{{"segment", Task::segment}, {"align", Task::align}}}; }

/// What a vision tower looks at: the canonical image, or the wall unwrapped into a strip by a label map.
enum class InputKind : std::uint8_t { image, strip };
constexpr std::array<std::pair<std::string_view, InputKind>, 2> choices(InputKind) { return {{{"image", InputKind::image}, {"strip", InputKind::strip}}}; }

/// How a case's score comes from its slices: by the vector that the model makes of the case, or as the mean, the highest,
/// or the mean of the three highest of its slices' scores.
enum class Pooling : std::uint8_t { model, mean, max, top };
constexpr std::array<std::pair<std::string_view, Pooling>, 4> choices(Pooling) { return {{{"model", Pooling::model}, {"mean", Pooling::mean}, {"max", Pooling::max}, {"top", Pooling::top}}}; }

/// Everything of a model but its weights.
struct Description {
    Task task = Task::segment;
    std::vector<std::int64_t> widths{24, 48, 96, 128};  // channels of the encoder's stages
    NormKind norm = NormKind::instance;                 // of the U-Net and its encoder
    std::size_t size = 128;                             // pixels of a window's side, a multiple of 2^stages
    double spacing_mm = 1.5;
    // segment
    std::vector<std::uint8_t> labels{0, 1, 2, 5};       // the label number of each class; scar and no-reflow count as wall (2)
    // align
    InputKind input = InputKind::strip;
    std::int64_t embedding = 64, text_layers = 2, text_length = 48;
    std::int64_t decoder_layers = 0;                    // of the caption decoder; 0: there is none
    Tokenizer tokenizer;
    double temperature = 1, offset = 0;                 // probability = sigmoid(temperature x margin of similarities + offset)
    double slice_threshold = 0.5, case_threshold = 0.5; // of the probability
    double segment_threshold = 0.5;                     // of a segment's score
    Pooling pooling = Pooling::model;                   // that the case's threshold is meant for
    std::string history;                                // JSON: what trained it, on what, for how long
};

/// Checks that the numbers make a network: widths, size, labels; throws usage.
void check(const Description& d);

std::map<std::string, std::string> to_metadata(const Description& d);
/// bad_data "NAME: reason" when the metadata is not of schema lge.model/1, of the wanted task, or not whole.
Description parse_description(const std::map<std::string, std::string>& metadata, Task wanted, const std::string& name);

}  // namespace lge::nn
