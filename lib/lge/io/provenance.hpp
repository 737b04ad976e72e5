#pragma once
#include "lge/base/stream.hpp"
#include "lge/json/reader.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace lge::io {

/// What made a file: written into every output. No clock, no host, no path: the same run gives the same bytes.
struct History {
    std::string tool, version;
    std::vector<std::pair<std::string, std::string>> options;  // in force, with their values
    std::vector<std::string> inputs;                            // SHA-256 of each, in the order read
    /// {"tool", "version", "options": {name: value, or an array where an option stands several times}, "inputs": [...]}.
    [[nodiscard]] std::string json() const;
};
/// The history that json() wrote.
History parse_history(const json::Value& v);

}  // namespace lge::io
