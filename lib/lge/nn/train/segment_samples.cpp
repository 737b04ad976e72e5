#include "lge/nn/train/segment_samples.hpp"

#include "lge/nn/infer/clean.hpp"
#include "lge/nn/infer/framing.hpp"
#include "lge/nn/net/heads.hpp"
#include "lge/nn/net/loss.hpp"

#include <torch/types.h>

#include <algorithm>
#include <cmath>

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
            if (held_out(one.id, input) == kept_back) add_slices(c, one);
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

/// A case's landmarks name the insertions of one slice.
void SegmentSamples::add_slices(std::size_t cohort, const io::CohortCase& one) {
    const auto to_index = one.canonical_to_lps.inverse();
    const auto anterior = to_index(one.landmarks.rv_anterior), inferior = to_index(one.landmarks.rv_inferior);
    for (std::size_t k = 0; k < one.slice_count; ++k) {
        const std::size_t slice = one.first_slice + k;
        const auto here = [&](const volume::Vec3& p) { return std::abs(p[2] - static_cast<double>(k)) < 0.5; };  // false for NaN
        slices_.push_back({cohort, slice, std::nullopt});
        const auto pixels = input_.cohorts[cohort].label_slice(slice).span();
        if (here(anterior) && here(inferior) && std::any_of(pixels.begin(), pixels.end(), is_right))
            slices_.back().insertions = synth::Insertions{{anterior[0], anterior[1]}, {inferior[0], inferior[1]}};
    }
}

void SegmentSamples::fill(const Heart& heart, std::size_t pose, Variation variation, Random& random, Tensors& sample, std::size_t i) const {
    const auto& [image, label, spacing_mm, insertions] = heart;
    const std::size_t size = description_.size;
    const auto window = window_of(sample[0], i);
    WindowMap map = upright({(static_cast<double>(image.width) - 1) / 2, (static_cast<double>(image.height) - 1) / 2}, {spacing_mm, spacing_mm}, description_.spacing_mm);
    // The segmenter looks twice: the second time at a heart made round by what it saw the first time.
    if (variation != Variation::none && random.chance(0.5))
        if (const auto left = ellipse_of_left({&label, 1}, {spacing_mm, spacing_mm})) map = rounded(*left, {spacing_mm, spacing_mm}, description_.spacing_mm, random.uniform(0.6, 1));
    map = in_pose(map, pose);
    // It meets images before anyone has turned them: every turn, and mirrored ones too.
    if (variation != Variation::none) map = vary(map, {.turn_deg = 180, .log_scale = 0.15, .shift_px = 0.12 * static_cast<double>(size), .mirror = true}, random);
    cut_image(image, map, size, window);
    stretch(window);
    if (variation == Variation::pose_and_intensity) vary_intensity(window, size, random);
    if (variation != Variation::none && odd_contrast_ > 0 && random.chance(odd_contrast_)) make_odd_contrast(window, size, random);
    standardise(window);
    std::vector<std::uint8_t> cut(size * size);
    cut_label(label, map, size, cut);
    auto* target = sample[1].mutable_data_ptr<std::int64_t>() + i * size * size;
    for (std::size_t p = 0; p < cut.size(); ++p) target[p] = class_of_[cut[p]];
    if (description_.heads.insertions && insertions) {
        auto* point = sample[2].mutable_data_ptr<float>() + i * 4;
        const double last = static_cast<double>(size) - 1;
        const WindowMap back = back_of(map, size);
        for (const auto& p : {insertions->anterior, insertions->inferior}) {
            const auto [u, v] = in_slice(back, {p.x, p.y});
            const bool inside = u >= 0 && v >= 0 && u <= last && v <= last;
            *point++ = inside ? static_cast<float>(u) : NAN;
            *point++ = inside ? static_cast<float>(v) : NAN;
        }
    }
    if (description_.heads.pose) {
        const auto shares = pose_shares(map);
        std::copy(shares.begin(), shares.end(), sample.back().mutable_data_ptr<float>() + i * pose_count);
    }
}

Tensors SegmentSamples::draw(std::uint64_t number, std::size_t count, bool varied) const {
    const auto side = static_cast<std::int64_t>(description_.size), n = static_cast<std::int64_t>(count);
    Tensors sample{at::empty({n, 1, side, side}, torch::kFloat32), at::empty({n, side, side}, torch::kInt64)};
    if (description_.heads.insertions) sample.push_back(at::full({n, 2, 2}, NAN, torch::kFloat32));
    if (description_.heads.pose) sample.push_back(at::empty({n, static_cast<std::int64_t>(pose_count)}, torch::kFloat32));
    std::optional<synth::DrawnSlice> phantom;
    std::uint64_t heart = 0;
    for (std::size_t i = 0; i < count; ++i) {
        Random random(seed_, number * shard + i, varied ? "segment sample" : "segment trial");
        const std::size_t pose = description_.heads.any() && !varied ? (number * shard + i) % pose_count : 0;
        if (phantoms_ && (slices_.empty() || random.chance(input_.mix.phantom / (input_.mix.real + input_.mix.phantom)))) {
            // Its population has varied the intensities already.
            if (const std::uint64_t wanted = number * shard + (varied ? i / views_ * views_ : i); !phantom || heart != wanted)
                phantom = synth::draw_slice(*phantoms_, seed_ ^ hash_name(varied ? "train" : "trial"), heart = wanted);
            fill({std::as_const(phantom->image).slice(0), std::as_const(phantom->label).slice(0), description_.spacing_mm, phantom->insertions}, pose,
                 varied ? Variation::pose : Variation::none, random, sample, i);
        } else {
            const SliceRef& ref = slices_[random.below(static_cast<std::uint32_t>(slices_.size()))];
            const io::Cohort& cohort = input_.cohorts[ref.cohort];
            fill({cohort.image_slice(ref.slice), cohort.label_slice(ref.slice), cohort.spacing_mm, ref.insertions}, pose,
                 varied ? Variation::pose_and_intensity : Variation::none, random, sample, i);
        }
    }
    return sample;
}

Learner segment_learner(std::shared_ptr<UNet> net, const SegmentSamples& samples, const Recipe& recipe, std::string identity) {
    const double sigma = insertion_sigma_mm / samples.spacing_mm();
    const std::size_t batch = recipe.batch, shards = (batch + SegmentSamples::shard - 1) / SegmentSamples::shard;
    return {net, shards,
            [=, &samples](std::uint64_t step, std::size_t shard) {
                return samples.draw(step * shards + shard, std::min<std::size_t>(SegmentSamples::shard, batch - shard * SegmentSamples::shard), true);
            },
            [net, smoothing = recipe.label_smoothing, sigma](const Tensors& drawn) -> Tensors {
                const UNetAnswer told = net->answer(drawn[0]);
                const SegmentLoss loss = segment_loss(told.classes.to(torch::kFloat32), drawn[1], smoothing);
                Tensors costs{loss.dice, loss.cross_entropy};
                if (net->insertions) costs.push_back(insertion_costs(told.insertions.to(torch::kFloat32), drawn[2], sigma));
                if (net->pose) costs.push_back(pose_costs(told.pose.to(torch::kFloat32), drawn.back()));
                return costs;
            },
            [net, of_insertions = recipe.insertion_weight, of_pose = recipe.pose_weight](const Tensors& drawn, const Tensors& costs) -> Losses {
                const Tensor dice = costs[0].mean(), cross_entropy = costs[1].mean();
                Losses losses{{"loss", dice + cross_entropy}, {"dice_loss", dice}, {"cross_entropy", cross_entropy}};
                const auto add = [&](const char* name, const Tensor& loss, double weight) {
                    losses.emplace_back(name, loss);
                    losses[0].second = losses[0].second + weight * loss;
                };
                if (net->insertions) add("insertion_loss", costs[2].sum() / drawn[2].isfinite().all(2).sum().clamp_min(1), of_insertions);
                if (net->pose) add("pose_loss", costs.back().mean(), of_pose);
                return losses;
            },
            std::move(identity), net->insertions ? std::vector<std::size_t>{2} : std::vector<std::size_t>{}};
}

}  // namespace lge::nn
