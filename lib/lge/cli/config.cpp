#include "lge/cli/config.hpp"

#include "lge/base/error.hpp"
#include "lge/base/stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace lge::cli {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::array<std::pair<char, char>, 5> escapes = {{{'\n', 'n'}, {'\t', 't'}, {'\r', 'r'}, {'"', '"'}, {'\\', '\\'}}};

std::string_view trim(std::string_view t) {
    const auto first = t.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return t.substr(first, t.find_last_not_of(blanks) - first + 1);
}

std::string_view without_comment(std::string_view t) {
    for (std::size_t i = 0; i < t.size(); ++i)
        if (t[i] == '#' && (i == 0 || blanks.find(t[i - 1]) != std::string_view::npos)) return trim(t.substr(0, i));
    return trim(t);
}

/// The text between quotes; nothing when it is not well formed.
std::optional<std::string> unquote(std::string_view t) {
    std::string out;
    for (std::size_t i = 1; i < t.size(); ++i) {
        if (t[i] == '"') {
            if (!without_comment(t.substr(i + 1)).empty()) return std::nullopt;
            return out;
        }
        if (t[i] != '\\') {
            out += t[i];
            continue;
        }
        if (++i == t.size()) return std::nullopt;
        const auto known = std::find_if(escapes.begin(), escapes.end(), [&](const auto& e) { return e.second == t[i]; });
        if (known == escapes.end()) return std::nullopt;
        out += known->first;
    }
    return std::nullopt;
}

}  // namespace

std::vector<Setting> read_config(const std::string& path) {
    const Bytes bytes = read_file(path, std::size_t{1} << 20);
    std::string_view rest = as_text(bytes);
    std::vector<Setting> settings;
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = trim(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (without_comment(line).empty()) continue;
        const auto refuse = [&](std::string_view reason) {
            throw Error(ExitCode::usage, fmt::format("{}:{}: {}", display_name(path), number, reason));
        };
        const auto equals = line.find('=');
        const std::string_view name = trim(line.substr(0, equals));
        if (equals == std::string_view::npos || name.empty()) refuse("wanted name = value");
        std::string_view value = trim(line.substr(equals + 1));
        if (!value.starts_with('"')) {
            settings.push_back({std::string(name), std::string(without_comment(value)), number});
        } else if (auto text = unquote(value)) {
            settings.push_back({std::string(name), std::move(*text), number});
        } else {
            refuse("the quotes of the value are wrong");
        }
    }
    return settings;
}

std::string config_line(std::string_view name, std::string_view value) {
    const bool plain = trim(value) == value && !value.starts_with('"') && value.find_first_of("#\n\t\r") == std::string_view::npos;
    if (plain) return fmt::format("{} = {}\n", name, value);
    std::string quoted;
    for (const char c : value) {
        const auto known = std::find_if(escapes.begin(), escapes.end(), [&](const auto& e) { return e.first == c; });
        if (known == escapes.end()) quoted += c;
        else (quoted += '\\') += known->second;
    }
    return fmt::format("{} = \"{}\"\n", name, quoted);
}

}  // namespace lge::cli
