#pragma once
// Windows and cases through networks, for training's own figures and for prediction alike. For use inside nn and its tests.
#include "lge/base/parallel.hpp"
#include "lge/nn/infer/prompts.hpp"
#include "lge/nn/infer/segmenter.hpp"
#include "lge/nn/infer/thresholds.hpp"
#include "lge/nn/net/align_data.hpp"
#include "lge/nn/net/image.hpp"
#include "lge/nn/net/weights.hpp"

#include <span>
#include <string>
#include <vector>

namespace lge::nn {

/// A slice's window as the networks take it: cut, stretched, standardised.
void fill_window(volume::Slice<const float> slice, const WindowMap& map, std::size_t size, std::span<float> out);

/// Where and how a network runs: at most `batch` windows at a time, each batch on one thread of the pool (on a CPU), so that
/// the number of threads does not show in the result.
struct Engine {
    torch::Device device;
    std::size_t batch;
    ThreadPool& pool;
    Precision precision = Precision::fp32;
};

/// What a network tells of windows [N,1,S,S], in single precision, on the CPU; undefined where it has no such head.
struct WindowShares {
    Tensor classes;     // [N,C,S,S], at each pixel
    Tensor insertions;  // [N,2,S,S], of each map over its pixels
    Tensor pose;        // [N,8]
};
WindowShares window_shares(const UNet& net, const Tensor& windows, const Engine& engine);
/// The same with the maps as the mean over views of the windows; poses are those of the windows as they are.
WindowShares mean_shares(const UNet& net, const Tensor& windows, const Engine& engine, Views views);

/// Label maps of the slices (k-planes) of a volume.
Segmented draw_volume(const UNet& net, const Description& d, const volume::Volume<float>& image, const Engine& engine, const SegmentChoice& choice);

/// Unit vectors [T,E] of sentences, on `device`.
Tensor sentence_vectors(const AlignNet& net, const Description& d, const std::vector<std::string>& sentences, torch::Device device);
/// The direction [E] whose product with an image's vector is its score: the mean of the sentences that are true where the
/// thing is there, less that of the others; on `device`.
Tensor prompt_direction(const AlignNet& net, const Description& d, const Prompts& prompts, torch::Device device);

/// Cuts off columns of tokens [N,L] that are padding in every row; at least one stays.
Tensor without_padding(const Tensor& tokens);

/// Token numbers of every clause about every segment, in the order of each_clause [3 x 16 x 5, L].
Tensor clause_tokens(const Description& d);
/// Unit vectors [16,5,E] of the clauses about each segment, the mean over their wordings.
Tensor clause_vectors(const AlignNet& net, const Tensor& tokens);

/// What a model makes of a case.
struct CaseLook {
    std::vector<std::size_t> which;  // R slices that it can read; where there are none, the rest is undefined
    SliceFeatures seen;
    Tensor level;                    // [R]
    Tensor slices;                   // [R,E] unit vectors
    Tensor whole;                    // [E] unit vector
};
CaseLook look_at(const AlignNet& net, const Description& d, const CaseView& view, torch::Device device);

/// Scores of a case [K] from those of its slices [R,K] and those of its own vector [K].
Tensor pool_scores(const Tensor& slices, const Tensor& whole, Pooling pooling);

/// Adds the scores along `direction` of a case and its slices, where `told` says what is true of them.
void add_known(const CaseLook& look, const Told& told, const Tensor& direction, Pooling pooling, Judged& slices, Judged& cases);

double probability_of(double score, const Description& d);

}  // namespace lge::nn
