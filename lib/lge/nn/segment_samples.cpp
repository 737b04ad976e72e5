#include "lge/nn/segment_samples.hpp"

#include "lge/nn/loss.hpp"

#include <torch/types.h>

#include <algorithm>

namespace lge::nn {
namespace {

/// One square of the images [B,1,S,S], for each sample on its own.
std::span<float> window_of(Tensor& images, std::size_t i) {
    const auto pixels = static_cast<std::size_t>(images.size(2) * images.size(3));
    return {images.mutable_data_ptr<float>() + i * pixels, pixels};
}

}  // namespace

SegmentSamples::SegmentSamples(const TrainInput& input, const Description& d, const Recipe& recipe, bool kept_back)
    : input_(input), description_(d), seed_(recipe.seed), views_(recipe.views), odd_contrast_(recipe.odd_contrast) {
    for (std::size_t c = 0; c < input.cohorts.size(); ++c)
        for (const auto& one : input.cohorts[c].cases)
            if (held_out(one.id, input) == kept_back)
                for (std::size_t k = 0; k < one.slice_count; ++k) slices_.push_back({c, one.first_slice + k});
    for (std::size_t c = 0; c < d.labels.size(); ++c) class_of_[d.labels[c]] = static_cast<std::uint8_t>(c);
    for (const std::size_t label : {3, 4})
        if (std::find(d.labels.begin(), d.labels.end(), static_cast<std::uint8_t>(label)) == d.labels.end()) class_of_[label] = class_of_[2];
    if (input.population) {
        phantoms_.emplace();
        phantoms_->population = *input.population;
        phantoms_->spacing_mm = d.spacing_mm;
        phantoms_->size = d.size + d.size / 4;  // so that a turned and shifted window finds pixels in its corners
        phantoms_->captions = 0;
        phantoms_->gate_sd = 0;            // the outlines are what is learned: faint scars belong to them,
        phantoms_->normal_fraction = 0.2;  // and scars are where outlines are hard to see
    }
}

void SegmentSamples::fill(volume::Slice<const float> image, volume::Slice<const std::uint8_t> label, double spacing_mm, Variation variation, Random& random,
                          std::span<float> window, std::int64_t* target) const {
    const std::size_t size = description_.size;
    WindowMap map = upright({(static_cast<double>(image.width) - 1) / 2, (static_cast<double>(image.height) - 1) / 2}, {spacing_mm, spacing_mm}, description_.spacing_mm);
    // The segmenter meets images before anyone has turned them: every turn, and mirrored ones too.
    if (variation != Variation::none) map = vary(map, {.turn_deg = 180, .log_scale = 0.15, .shift_px = 0.12 * static_cast<double>(size), .mirror = true}, random);
    cut_image(image, map, size, window);
    stretch(window);
    if (variation == Variation::pose_and_intensity) vary_intensity(window, size, random);
    if (variation != Variation::none && odd_contrast_ > 0 && random.chance(odd_contrast_)) make_odd_contrast(window, size, random);
    standardise(window);
    std::vector<std::uint8_t> cut(size * size);
    cut_label(label, map, size, cut);
    for (std::size_t p = 0; p < cut.size(); ++p) target[p] = class_of_[cut[p]];
}

Tensors SegmentSamples::draw(std::uint64_t number, std::size_t count, bool varied) const {
    const auto side = static_cast<std::int64_t>(description_.size), n = static_cast<std::int64_t>(count);
    Tensor images = at::empty({n, 1, side, side}, torch::kFloat32), classes = at::empty({n, side, side}, torch::kInt64);
    const std::size_t pixels = description_.size * description_.size;
    std::optional<synth::DrawnSlice> phantom;
    std::uint64_t heart = 0;
    for (std::size_t i = 0; i < count; ++i) {
        Random random(seed_, number * shard + i, varied ? "segment sample" : "segment trial");
        auto* target = classes.mutable_data_ptr<std::int64_t>() + i * pixels;
        if (phantoms_ && (slices_.empty() || random.chance(input_.mix.phantom / (input_.mix.real + input_.mix.phantom)))) {
            // Its population has varied the intensities already.
            if (const std::uint64_t wanted = number * shard + (varied ? i / views_ * views_ : i); !phantom || heart != wanted)
                phantom = synth::draw_slice(*phantoms_, seed_ ^ hash_name(varied ? "train" : "trial"), heart = wanted);
            fill(phantom->image.slice(0), phantom->label.slice(0), description_.spacing_mm, varied ? Variation::pose : Variation::none, random, window_of(images, i), target);
        } else {
            const SliceRef ref = slices_[random.below(static_cast<std::uint32_t>(slices_.size()))];
            const io::Cohort& cohort = input_.cohorts[ref.cohort];
            fill(cohort.image_slice(ref.slice), cohort.label_slice(ref.slice), cohort.spacing_mm, varied ? Variation::pose_and_intensity : Variation::none,
                 random, window_of(images, i), target);
        }
    }
    return {images, classes};
}

Learner segment_learner(std::shared_ptr<UNet> net, const SegmentSamples& samples, const Recipe& recipe, std::string identity) {
    const std::size_t batch = recipe.batch, shards = (batch + SegmentSamples::shard - 1) / SegmentSamples::shard;
    return {net, shards,
            [=, &samples](std::uint64_t step, std::size_t shard) {
                return samples.draw(step * shards + shard, std::min<std::size_t>(SegmentSamples::shard, batch - shard * SegmentSamples::shard), true);
            },
            [net, smoothing = recipe.label_smoothing](const Tensors& drawn) -> Tensors {
                const SegmentLoss loss = segment_loss(net->forward(drawn[0]).to(torch::kFloat32), drawn[1], smoothing);
                return {loss.dice, loss.cross_entropy};
            },
            [](const Tensors&, const Tensors& loss) -> Losses {
                const Tensor dice = loss[0].mean(), cross_entropy = loss[1].mean();
                return {{"loss", dice + cross_entropy}, {"dice_loss", dice}, {"cross_entropy", cross_entropy}};
            },
            std::move(identity)};
}

}  // namespace lge::nn
