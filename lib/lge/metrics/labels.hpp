#pragma once
#include <array>
#include <bitset>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lge::metrics {

/// Label numbers that count as one structure.
struct LabelSet {
    std::string name;
    std::bitset<256> numbers;
};

/// myocardium 2,3,4; lv_cavity 1; scar 3,4; rv_cavity 5.
std::vector<LabelSet> default_label_sets();

/// "NAME=2,3,4" with numbers or the words of anatomy::Label; "NAME" alone is one of the default sets or a label word.
/// usage for anything else.
LabelSet parse_label_set(std::string_view text);

/// What each number of a label map is read as.
using LabelMap = std::array<std::uint8_t, 256>;
LabelMap unchanged_labels();
/// "1=5,3=1": numbers named become others, the rest stay. Numbers or label words. usage for anything else.
LabelMap parse_label_map(std::string_view text);

}  // namespace lge::metrics
