#pragma once
#include <optional>
#include <string>
#include <vector>

namespace lge::metrics {

/// Rows of text under a header; every row as long as the header.
struct Table {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
};

/// Columns padded with spaces, two between them; a column of numbers is set flush right.
std::string align(const Table& table);
/// RFC 4180, lines ended by a bare newline.
std::string csv(const Table& table);

/// Three decimals for people, "-" where there is no value.
std::string shown(std::optional<double> value);
/// The shortest text that reads back equal, empty where there is no value.
std::string exact(std::optional<double> value);

}  // namespace lge::metrics
