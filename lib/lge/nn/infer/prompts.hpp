#pragma once
// Sentences that stand for answers: the classes of zero-shot inference.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::nn {

/// Sentences that are true where something is there, and where it is not.
struct Prompts {
    std::vector<std::string> present, absent;
};

/// A hash of the sentences: thresholds that were set with some are not meant for others.
std::string identity_of(const Prompts& prompts);

/// What of a scar a class names; of each kind one class is named.
enum class Aspect : std::uint8_t { wall, level, extent };
constexpr std::array<std::pair<std::string_view, Aspect>, 3> choices(Aspect) { return {{{"wall", Aspect::wall}, {"level", Aspect::level}, {"extent", Aspect::extent}}}; }

/// A wall, level or extent in the words of the suite, and its sentences.
struct PromptClass {
    Aspect aspect{};
    std::string name;
    Prompts prompts;
};
struct PromptSet {
    Prompts presence;
    std::vector<PromptClass> classes;
};

/// The sections of a file: "[presence]" or "[wall anterior]" and the like open a class, "+ sentence" and "- sentence" are
/// its sentences; blank lines and lines with # at the start do not count. A class without - takes those of presence.
/// bad_data "FILE:LINE: reason" for other lines, unknown or double classes, and "FILE: ..." where presence lacks a side.
PromptSet read_prompts(const std::string& path);
/// The prompts shipped with the tools.
PromptSet shipped_prompts();

/// The lines of a text that are sentences: blank lines and lines with # at the start do not count.
std::vector<std::string> sentence_lines(std::string_view text);
/// Those of a file (path or "-"); bad_data when none is left.
std::vector<std::string> read_lines(const std::string& path);

}  // namespace lge::nn
