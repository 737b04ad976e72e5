#pragma once
// What segmentation learns from: windows of cohort slices and of phantoms, in any pose. For use inside nn and its tests.
#include "lge/nn/net/image.hpp"
#include "lge/nn/train/train.hpp"
#include "lge/nn/train/trainer.hpp"
#include "lge/synth/draw.hpp"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace lge::nn {

class SegmentSamples {
public:
    static constexpr std::size_t shard = 4;  // samples

    /// Of the cases that are held out, or of those that are not. `input` and `d` must live as long.
    SegmentSamples(const TrainInput& input, const Description& d, const Recipe& recipe, bool kept_back);
    [[nodiscard]] bool empty() const { return slices_.empty() && !phantoms_; }
    [[nodiscard]] std::size_t slice_count() const { return slices_.size(); }
    [[nodiscard]] double spacing_mm() const { return description_.spacing_mm; }

    /// images [n,1,S,S] and classes [n,S,S], n <= shard, of part `number` of what there is to draw; the same number gives the same.
    /// For heads of the description, behind them: the insertions [n,2,2] (anterior, inferior; x, y in pixels of the window, NaN
    /// where there is none or nobody knows), and the shares of the poses [n,8]. Where nothing is varied such samples stand
    /// in the eight poses in turn, others as they are.
    [[nodiscard]] Tensors draw(std::uint64_t number, std::size_t count, bool varied) const;

private:
    enum class Variation { none, pose, pose_and_intensity };
    struct SliceRef {
        std::size_t cohort = 0, slice = 0;
        std::optional<synth::Insertions> insertions;
    };
    struct Heart {
        volume::Slice<const float> image;
        volume::Slice<const std::uint8_t> label;
        double spacing_mm;
        std::optional<synth::Insertions> insertions;
    };
    /// Draws sample `i` of `sample`, the tensors that draw() gives.
    void fill(const Heart& heart, std::size_t pose, Variation variation, Random& random, Tensors& sample, std::size_t i) const;
    void add_slices(std::size_t cohort, const io::CohortCase& one);
    const TrainInput& input_;
    const Description& description_;
    std::uint64_t seed_, views_;
    double odd_contrast_;
    std::vector<SliceRef> slices_;
    std::optional<synth::Settings> phantoms_;
    std::array<std::uint8_t, anatomy::label_count> class_of_{};
};

/// `net` learning from `samples` with the loss of the recipe; all must live as long as the learner.
Learner segment_learner(std::shared_ptr<UNet> net, const SegmentSamples& samples, const Recipe& recipe, std::string identity);

}  // namespace lge::nn
