#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace lge::metrics {

/// How figures are written.
enum class Format : std::uint8_t { jsonl, csv, table };
constexpr std::array<std::pair<std::string_view, Format>, 3> choices(Format) {
    return {{{"jsonl", Format::jsonl}, {"csv", Format::csv}, {"table", Format::table}}};
}

/// What was asked for, else what the suffix of the output says (.csv; .txt: a table), else a table on a terminal and
/// JSON Lines elsewhere.
constexpr Format format_for(std::optional<Format> asked, std::string_view output, bool terminal) {
    if (asked) return *asked;
    if (output.ends_with(".csv")) return Format::csv;
    if (output.ends_with(".txt")) return Format::table;
    return terminal ? Format::table : Format::jsonl;
}

}  // namespace lge::metrics
