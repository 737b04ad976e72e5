#pragma once
// What aligning learns from: the slices of cases as a tower takes them, and what sentences say of them.
// For use inside nn and its tests.
#include "lge/anatomy/finding.hpp"
#include "lge/io/cohort.hpp"
#include "lge/io/records.hpp"
#include "lge/nn/net/layers.hpp"
#include "lge/nn/net/model.hpp"
#include "lge/synth/draw.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace lge::nn {

/// The slices of a case in the canonical pose; the pixels belong to a cohort or a drawn case.
struct CaseView {
    struct Slice {
        volume::Slice<const float> image;
        volume::Slice<const std::uint8_t> label;  // without pixels where the cohort has no labels
        anatomy::Level level = anatomy::Level::unknown;
    };
    std::vector<Slice> slices;
    double spacing_mm = 1;
};
CaseView view_of(const io::Cohort& cohort, std::size_t c);
CaseView view_of(const synth::DrawnCase& drawn);

/// What a vision tower is given of a case.
struct CaseInput {
    std::vector<std::size_t> slices;  // those that the tower can read, in order
    Tensor rows;                      // [R,...] their images or strips
    Tensor scar;                      // [R,h,w] shares of scar on the tower's scar grid; undefined for images
};
/// How far the looks of a case are varied: not at all; as far as sentences stay true; or in any turn and mirrored, after
/// which no wall can be told by its place.
enum class Looks : std::uint8_t { plain, posed, any_pose };
/// The slices `which` of a case for the model's kind of input. bad_data when strips are wanted of a case without labels.
CaseInput input_of(const CaseView& view, const Description& d, std::vector<std::size_t> which, Looks looks, Random& random);
/// The same as they are.
CaseInput input_of(const CaseView& view, const Description& d, std::vector<std::size_t> which);
/// All slices of a case that can be read as strips (or, for images, all).
std::vector<std::size_t> readable_slices(const CaseView& view, const Description& d);

/// What a sentence says, or a slice shows, as far as aligning cares.
struct Meaning {
    bool present = false;
    std::uint32_t segments = 0;  // AHA bits; 0: somewhere
    std::uint32_t patterns = 0;  // bits of the patterns; 0: any
};
Meaning meaning_of(const anatomy::Finding& finding);

/// Is a text true of an image whose own text means `image`? Texts that say the same or less are positives, contradictions
/// are negatives, and what may or may not be true of it is left out of the loss.
enum class Relation : std::uint8_t { negative, positive, open };
Relation relate(const Meaning& image, const Meaning& text);

struct Sentence {
    std::string text;
    Meaning meaning;
    anatomy::Finding finding;  // what `meaning` was taken from
};
/// The sentences of a case.
struct Told {
    std::vector<std::vector<Sentence>> slices;  // may be empty for a slice
    std::vector<Sentence> whole;                // true of the case as a whole
    bool present = false;
};
/// What a slice shows by all that its sentences say; nothing where they leave its segments open.
std::optional<Meaning> shown_by(const std::vector<Sentence>& sentences);
/// From `captions` where any is given, else from the cohort's own /captions and /findings; a case by its number.
/// A sentence that names a slice or level belongs to those slices; one that names neither belongs to the case, and, when
/// it names segments, to the slices of their levels, when it denies scar, to all. bad_data when a cohort has none.
std::vector<Told> told_of(const io::Cohort& cohort, const std::vector<io::CaptionRecord>& captions);
Told told_of(const synth::DrawnCase& drawn);

}  // namespace lge::nn
