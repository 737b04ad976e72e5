#pragma once
// Captions that are wrong by one field: hard negatives for contrastive learning.
#include "lge/synth/draw.hpp"

#include <optional>
#include <string>

namespace lge::synth {

enum class Changed : std::uint8_t { presence, certainty, wall, level, extent };
constexpr std::array<std::pair<std::string_view, Changed>, 5> choices(Changed) {
    return {{{"presence", Changed::presence}, {"certainty", Changed::certainty}, {"wall", Changed::wall}, {"level", Changed::level}, {"extent", Changed::extent}}};
}

/// A finding that differs from `finding` (of a slice at `level`) in exactly one field: present against absent;
/// present against in doubt; all segments moved by the same turn of the ring; the same walls at another level; one pattern for another. Nothing when
/// the field cannot be changed so (no walls at the apex, the walls do not exist at another level).
std::optional<anatomy::Finding> change(const anatomy::Finding& finding, anatomy::Level level, Changed field, Random& random);

/// lge.caption/1 lines with a key "changed": one for each slice, what is changed drawn at random.
std::string hard_caption_lines(const DrawnCase& c, Style style);

}  // namespace lge::synth
