#pragma once
// lge.synth/1: everything that was drawn of a case, one JSON line, from which the same case is drawn again.
#include "lge/synth/draw.hpp"

#include <optional>
#include <string>

namespace lge::synth {

/// `history`: of the run, in its first record.
std::string write_recipe(const DrawnCase& c, const Settings& settings, std::optional<std::string_view> history);

/// What a record says; settings hold only style and number of captions.
struct Replay {
    Recipe recipe;
    Settings settings;
    unsigned refused = 0;  // as of DrawnCase
    bool gave_up = false;
    std::optional<io::History> history;
};
/// bad_data for a record that is not lge.synth/1 or lacks a key.
Replay parse_recipe(const json::Value& record);

}  // namespace lge::synth
