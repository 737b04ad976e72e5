#pragma once
// Sentences from templates with alternatives.
#include "lge/base/random.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::synth {

using Slots = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// One wording of a template: "[a|b|]" stands for one of its alternatives, drawn at random (they may nest), "$name" for
/// the slot of that name.
std::string spin(std::string_view pattern, Slots slots, Random& random);

/// "a", "a and b", "a, b and c".
std::string joined(const std::vector<std::string>& items, std::string_view last = " and ");
std::string capital(std::string text);

}  // namespace lge::synth
