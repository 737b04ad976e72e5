#pragma once
// Windows and cases through networks, for training's own figures and for prediction alike. For use inside nn and its tests.
#include "lge/base/parallel.hpp"
#include "lge/nn/align_data.hpp"
#include "lge/nn/detector.hpp"
#include "lge/nn/image.hpp"
#include "lge/nn/weights.hpp"

#include <optional>
#include <span>
#include <vector>

namespace lge::nn {

/// A slice's window as the networks take it: cut, stretched, standardised.
void fill_window(volume::Slice<const float> slice, const WindowMap& map, std::size_t size, std::span<float> out);

/// Where and how a network runs: `batch` windows at a time, each batch on one thread of the pool (on a CPU), so that the
/// number of threads does not show in the result.
struct Engine {
    torch::Device device;
    std::size_t batch;
    ThreadPool& pool;
};

/// Shares of the classes [N,C,S,S] for windows [N,1,S,S], in single precision, on the CPU.
Tensor class_shares(const UNet& net, const Tensor& windows, const Engine& engine);

/// Label maps of the slices (k-planes) of a volume.
volume::Volume<std::uint8_t> segment_volume(const UNet& net, const Description& d, const volume::Volume<float>& image, const Engine& engine);

/// The direction [E] whose product with an image's vector is its score; on `device`.
Tensor prompt_direction(const AlignNet& net, const Description& d, const Prompts& prompts, torch::Device device);

/// Cuts off columns of tokens [N,L] that are padding in every row; at least one stays.
Tensor without_padding(const Tensor& tokens);

/// Token numbers of every clause about every segment, in the order of each_clause [3 x 16 x 5, L].
Tensor clause_tokens(const Description& d);
/// Unit vectors [16,5,E] of the clauses about each segment, the mean over their wordings.
Tensor clause_vectors(const AlignNet& net, const Tensor& tokens);

/// Scores of a case and its slices; nothing where no wall can be read.
struct CaseScores {
    std::optional<double> whole;
    std::vector<std::optional<double>> slices;
};
CaseScores score_case(const AlignNet& net, const Description& d, const CaseView& view, const Tensor& direction);

double probability_of(double score, const Description& d);

}  // namespace lge::nn
