#pragma once
// Batches for aligning. For use inside nn and its tests.
#include "lge/nn/align_data.hpp"
#include "lge/nn/train.hpp"
#include "lge/nn/trainer.hpp"

#include <array>
#include <optional>
#include <vector>

namespace lge::nn {

/// A case and what is true of it.
struct KnownCase {
    CaseView view;
    Told told;
    synth::DrawnCase drawn;              // what the view looks at, for a phantom,
    volume::Volume<std::uint8_t> seen;   // and its outlines by a network's eyes, where one was given
};

/// Cases of cohorts and phantoms drawn as training goes, a few to a shard, half of them with scar.
class AlignSamples {
public:
    static constexpr std::size_t cases_of_shard = 2, most_slices = 8;

    /// What a shard holds: R slices and K cases.
    enum Part : std::size_t {
        rows,           // [R,...] images or strips
        tokens,         // [R,L] a sentence of each slice
        meaning,        // [R,3] of the sentence: present, segments, patterns
        level,          // [R]
        of_case,        // [R] number of its case in the whole batch
        case_tokens,    // [K,L]
        case_meaning,   // [K,3]
        scar,           // [R,h,w] shares of scar; strips only
    };

    /// `told` says of the cohorts' cases in their order, [cohort][case].
    AlignSamples(const TrainInput& input, const Description& d, std::vector<std::vector<Told>> told, std::uint64_t seed);
    [[nodiscard]] Tensors draw(std::uint64_t step, std::size_t shard, std::size_t shards) const;
    /// The cohorts' cases to learn from.
    [[nodiscard]] std::size_t case_count() const { return cases_.size(); }
    /// Every sentence of the cases to learn from, and some of the phantoms'.
    [[nodiscard]] std::vector<std::string> texts() const;

private:
    struct Case : KnownCase {
        std::vector<std::size_t> slices;  // that can be read and have sentences
    };
    [[nodiscard]] Case with_slices(KnownCase known) const;

    const Description& description_;
    std::uint64_t seed_;
    double phantom_share_;
    std::vector<Case> cases_;
    std::array<std::vector<const Case*>, 2> by_presence_;
    std::optional<synth::Settings> phantoms_;
    const Segmenter* segmenter_;
};

/// The held-out cases, or phantoms that are not trained on where there are no cohorts.
std::vector<KnownCase> trials_of(const TrainInput& input, const std::vector<std::vector<Told>>& told, std::uint64_t seed);

}  // namespace lge::nn
