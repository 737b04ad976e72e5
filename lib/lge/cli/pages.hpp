#pragma once
// What a tool says of itself, made from its table.
#include "lge/cli/program.hpp"

namespace lge::cli {

/// --help: groups of options in the order of the table, at most 80 columns.
std::string help_page(const ProgramDoc& doc);
/// The list of options for its man page, as mdoc.
std::string mdoc_options(const ProgramDoc& doc);
/// A bash function that completes its options, their choices, and file names.
std::string bash_completion(const ProgramDoc& doc);

}  // namespace lge::cli
