#pragma once
// The model file: one safetensors file, schema lge.model/1, whose metadata says all that is needed to use the weights.
#include "lge/base/error.hpp"
#include "lge/io/safetensors.hpp"
#include "lge/nn/net/tokenizer.hpp"
#include "lge/nn/net/unet_kind.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
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

/// What looks at canonical images: the segmentation network's encoder, or a vision transformer.
enum class Tower : std::uint8_t { unet, vit_s, vit_b };
constexpr std::array<std::pair<std::string_view, Tower>, 3> choices(Tower) { return {{{"unet", Tower::unet}, {"vit-s", Tower::vit_s}, {"vit-b", Tower::vit_b}}}; }

/// How a sentence and an image are told to belong together: softmax over the batch, or each pair by itself.
enum class Contrast : std::uint8_t { softmax, sigmoid };
constexpr std::array<std::pair<std::string_view, Contrast>, 2> choices(Contrast) { return {{{"softmax", Contrast::softmax}, {"sigmoid", Contrast::sigmoid}}}; }

/// How a BERT-family encoder makes one vector of a sentence: the mean over its tokens, or the first token's.
enum class TextPooling : std::uint8_t { mean, first };
constexpr std::array<std::pair<std::string_view, TextPooling>, 2> choices(TextPooling) { return {{{"mean", TextPooling::mean}, {"first", TextPooling::first}}}; }

struct BertShape {
    std::int64_t vocabulary = 0, width = 0, layers = 0, heads = 0, wide = 0;
    std::int64_t places = 512, kinds = 2;  // longest text; token types
    double epsilon = 1e-12;
    bool relu = false;                     // instead of GELU
    TextPooling pooling = TextPooling::mean;
    bool frozen = false;                   // keeps the weights it came with
};

/// Everything of a model but its weights.
struct Description {
    Task task = Task::segment;
    std::vector<std::int64_t> widths{24, 48, 96, 128};  // channels of the encoder's stages
    NormKind norm = NormKind::instance;                 // of the U-Net and its encoder
    std::size_t size = 128;                             // pixels of a window's side, a multiple of 2^stages
    double spacing_mm = 1.5;
    // segment
    Heads heads;                                        // beside the classes
    std::vector<std::uint8_t> labels{0, 1, 2, 5};       // the label number of each class; scar and no-reflow count as wall (2)
    // align
    InputKind input = InputKind::strip;
    Tower tower = Tower::unet;                          // for images
    Contrast contrast = Contrast::softmax;
    std::optional<BertShape> bert;                      // the text encoder, instead of a small transformer
    std::int64_t embedding = 64, text_layers = 2, text_length = 48;
    std::int64_t decoder_layers = 0;                    // of the caption decoder; 0: there is none
    Tokenizer tokenizer;
    double temperature = 1, offset = 0;                 // probability = sigmoid(temperature x margin of similarities + offset)
    double slice_threshold = 0.5, case_threshold = 0.5; // of the probability
    double segment_threshold = 0.5;                     // of a segment's score
    Pooling pooling = Pooling::model;                   // that the case's threshold is meant for
    std::string prompts;                                // identity of the sentences that the thresholds were set with; empty: not told
    std::string calibration;                            // JSON: the cases they were set on later than in training; empty: none
    std::string history;                                // JSON: what trained it, on what, for how long
};

/// What suits the task: canonical images are seen as 96 x 96 pixels of 1 mm, stacks as they are stored in larger windows.
Description usual_description(Task task);

/// Checks that the numbers make a network: widths, size, labels; throws usage.
void check(const Description& d);

std::map<std::string, std::string> to_metadata(const Description& d);
/// bad_data "NAME: reason" when the metadata is not of schema lge.model/1, of the wanted task, or not whole.
Description parse_description(const std::map<std::string, std::string>& metadata, Task wanted, const std::string& name);

}  // namespace lge::nn
