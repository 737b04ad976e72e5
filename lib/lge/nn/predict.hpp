#pragma once
// Trained networks at work.
#include "lge/io/cohort.hpp"
#include "lge/nn/device.hpp"
#include "lge/nn/model.hpp"

#include <memory>
#include <string>
#include <vector>

namespace lge::nn {

/// Labels for images that no one has turned or cropped yet.
class Segmenter {
public:
    /// no_input or bad_data when the model cannot be used; unavailable when the device cannot.
    Segmenter(const std::string& model, DeviceChoice device, unsigned threads, std::size_t batch = 16);
    ~Segmenter();
    Segmenter(Segmenter&&) noexcept;

    /// The label map on the image's own grid. Slices are k-planes, any in-plane spacing and turn. A first look at a wide
    /// window finds the heart, a second at its centre draws it; of wall and cavity, and of the RV, the largest component
    /// in 3-D is kept.
    [[nodiscard]] volume::Volume<std::uint8_t> segment(const volume::Volume<float>& image) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Pairs of sentence sets that stand for "present" and "absent".
struct Prompts {
    std::vector<std::string> present, absent;
};
/// One sentence a line; blank lines and lines with # at the start do not count. bad_data when none is left.
std::vector<std::string> read_prompts(const std::string& path);

struct Call {
    double score = 0, probability = 0, threshold = 0;
    bool present = false;
};

/// Zero-shot answers to "is there enhancement?" for slices in the canonical pose.
class Detector {
public:
    Detector(const std::string& model, const Prompts& prompts, DeviceChoice device, unsigned threads, std::size_t batch = 64);
    ~Detector();
    Detector(Detector&&) noexcept;

    /// A score a slice of the cohort: mean similarity to the prompts of presence less that to those of absence.
    [[nodiscard]] std::vector<double> slice_scores(const io::Cohort& cohort) const;
    [[nodiscard]] Call slice_call(double score) const;
    /// Of the mean of the slices' scores, which is steadier than their maximum.
    [[nodiscard]] Call case_call(std::span<const double> slice_scores) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lge::nn
