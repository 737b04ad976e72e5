#pragma once
// Sentences from findings: captions of slices and reports of cases, in many wordings.
#include "lge/anatomy/finding.hpp"
#include "lge/base/random.hpp"

#include <string>
#include <vector>

namespace lge::synth {

enum class Style : std::uint8_t { clinical, plain };
constexpr std::array<std::pair<std::string_view, Style>, 2> choices(Style) { return {{{"clinical", Style::clinical}, {"plain", Style::plain}}}; }

/// One sentence that says exactly what the finding says of presence, segments and pattern. `level` names the slice.
std::string caption(const anatomy::Finding& finding, anatomy::Level level, Style style, Random& random);
/// A few sentences with headings that do the same for a case, and say no-reflow and extent where the finding has them.
std::string report(const anatomy::Finding& finding, Style style, Random& random);

/// The walls that name exactly `segments` of one level: {2,3} -> {septal}, {2,4} -> {anteroseptal, inferior}.
std::vector<anatomy::Wall> walls_of(anatomy::Segments segments, anatomy::Level level);

/// The words under "walls" of a finding with these segments, each once.
std::vector<std::string> wall_words(anatomy::Segments segments);

}  // namespace lge::synth
