#pragma once
// Batches for aligning. For use inside nn and its tests.
#include "lge/nn/net/align_data.hpp"
#include "lge/nn/train/train.hpp"
#include "lge/nn/train/trainer.hpp"

#include <array>
#include <vector>

namespace lge::nn {

/// A case and what is true of it.
struct KnownCase {
    CaseView view;
    Told told;
    synth::DrawnCase drawn;  // what the view looks at, where it was drawn
};

/// Cases of cohorts, scars drawn into scar-free hearts of cohorts, and phantoms, the drawn ones as training goes; a few to
/// a shard, half of them with scar.
class AlignSamples {
public:
    static constexpr std::size_t cases_of_shard = 2, most_slices = 8;

    /// What a shard holds: R slices and K cases.
    enum Part : std::size_t {
        rows,           // [R,...] images or strips
        seen,           // [R,3] what the slice shows: present, segments (0 where its pose was lost), patterns
        tokens,         // [R,L] a sentence of each slice
        meaning,        // [R,3] of the sentence
        hard_tokens,    // [R,L] the same changed in one field; only padding where nothing could be changed
        hard_meaning,   // [R,3]
        sectors,        // [R,6] what is known of each AHA sector (sector_state)
        level,          // [R]
        of_case,        // [R] number of its case in the whole batch
        case_seen,      // [K,3]
        case_tokens,    // [K,L]
        case_meaning,   // [K,3]
        scar,           // [R,h,w] shares of scar; strips only
    };

    /// `told` says of the cohorts' cases in their order, [cohort][case].
    AlignSamples(const TrainInput& input, const Description& d, std::vector<std::vector<Told>> told, const Recipe& recipe);
    [[nodiscard]] Tensors draw(std::uint64_t step, std::size_t shard, std::size_t shards) const;
    /// The cohorts' cases to learn from.
    [[nodiscard]] std::size_t case_count() const { return cases_.size(); }

    struct KnownSlices : KnownCase {
        std::vector<std::size_t> slices;  // that can be read and have sentences
    };

private:
    using Case = KnownSlices;
    enum class Source : std::uint8_t { real, synth, phantom };
    [[nodiscard]] Case with_slices(KnownCase known) const;
    /// Case `number` as draw(number) gives it, of the wanted answer where a few draws give one.
    template <class Draw>
    [[nodiscard]] Case drawn(bool present, std::uint64_t number, Draw draw) const;
    [[nodiscard]] Case drawn_case(Source source, bool present, std::uint64_t number, Random& random) const;

    const Description& description_;
    std::uint64_t seed_;
    Mix mix_;
    double any_pose_;
    bool hard_;
    std::vector<Case> cases_;
    std::array<std::vector<const Case*>, 2> by_presence_;
    std::vector<synth::Canvas> canvases_;  // scar-free hearts to draw into
    synth::Settings settings_;
    std::array<synth::Settings, 2> phantoms_;  // without scar, with scar
};

/// The held-out cases, with scars drawn into the scar-free ones where training draws such; or phantoms that are not trained
/// on where there are no cohorts.
std::vector<KnownCase> trials_of(const TrainInput& input, const Description& d, const std::vector<std::vector<Told>>& told, std::uint64_t seed);

}  // namespace lge::nn
