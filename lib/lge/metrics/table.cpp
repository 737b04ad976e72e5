#include "lge/metrics/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lge::metrics {
namespace {

/// Characters, not bytes: continuation bytes of UTF-8 take no room.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_number(const std::string& text) {
    return text == "-" || text.find_first_not_of("0123456789.-+e") == std::string::npos;
}

}  // namespace

std::string align(const Table& table) {
    const std::size_t columns = table.header.size();
    std::vector<std::size_t> widths(columns);
    std::vector<bool> right(columns, true);
    for (std::size_t c = 0; c < columns; ++c) {
        widths[c] = width(table.header[c]);
        for (const auto& row : table.rows) {
            widths[c] = std::max(widths[c], width(row[c]));
            if (!is_number(row[c])) right[c] = false;
        }
    }
    std::string out;
    const auto line = [&](const std::vector<std::string>& row) {
        std::string text;
        for (std::size_t c = 0; c < columns; ++c) {
            const std::string pad(widths[c] - width(row[c]), ' ');
            if (c > 0) text += "  ";
            text += right[c] ? pad + row[c] : row[c] + pad;
        }
        text.erase(text.find_last_not_of(' ') + 1);
        out += text + '\n';
    };
    line(table.header);
    for (const auto& row : table.rows) line(row);
    return out;
}

std::string csv(const Table& table) {
    std::string out;
    const auto line = [&](const std::vector<std::string>& row) {
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (c > 0) out += ',';
            if (row[c].find_first_of(",\"\r\n") == std::string::npos) {
                out += row[c];
                continue;
            }
            out += '"';
            for (const char ch : row[c]) out += ch == '"' ? std::string("\"\"") : std::string(1, ch);
            out += '"';
        }
        out += '\n';
    };
    line(table.header);
    for (const auto& row : table.rows) line(row);
    return out;
}

std::string shown(std::optional<double> value) {
    if (!value || !std::isfinite(*value)) return "-";
    const auto text = fmt::format("{:.3f}", *value);
    return text == "-0.000" ? "0.000" : text;
}
std::string exact(std::optional<double> value) { return value && std::isfinite(*value) ? fmt::format("{}", *value) : ""; }

}  // namespace lge::metrics
