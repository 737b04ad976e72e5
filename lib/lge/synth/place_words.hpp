#pragma once
// The places of a finding in words.
#include "lge/anatomy/heart.hpp"
#include "lge/synth/sentence.hpp"

#include <string>

namespace lge::synth {

/// Words that name exactly these segments, and whether a verb behind them stands in the plural.
struct PlaceWords { std::string text; bool plural = false; };

/// `article`: "the mid inferior wall", else "mid inferior wall".
PlaceWords place_words(anatomy::Segments segments, Style style, bool article, Random& random);

std::string level_word(anatomy::Level level, Style style, Random& random);

}  // namespace lge::synth
