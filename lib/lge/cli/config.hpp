#pragma once
// Options kept in a file, one "name = value" a line. "#" at the start of a line or after a blank begins a comment;
// a value in double quotes is taken as it stands, with \n, \t, \" and \\ inside.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lge::cli {

struct Setting {
    std::string name;
    std::string value;
    std::size_t line = 0;
};

/// "-" is standard input. no_input when it cannot be read; usage "FILE:LINE: reason" when a line is neither a setting,
/// a comment nor blank.
std::vector<Setting> read_config(const std::string& path);

/// A line that read_config gives back as it was, quoted where it must be.
std::string config_line(std::string_view name, std::string_view value);

}  // namespace lge::cli
