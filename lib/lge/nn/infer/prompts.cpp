#include "lge/nn/infer/prompts.hpp"

#include "lge/anatomy/heart.hpp"
#include "lge/base/error.hpp"
#include "lge/base/hash.hpp"
#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace lge::nn {
namespace {

std::string_view trim(std::string_view t) {
    const auto first = t.find_first_not_of(" \t\r"), last = t.find_last_not_of(" \t\r");
    return first == std::string_view::npos ? std::string_view{} : t.substr(first, last - first + 1);
}

/// Each line that counts, trimmed, with its number from 1.
template <class F>
void each_line(std::string_view text, F f) {
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty() && line.front() != '#') f(number, line);
    }
}

bool known(Aspect aspect, std::string_view name) {
    return aspect == Aspect::wall ? anatomy::from_word<anatomy::Wall>(name).has_value()
           : aspect == Aspect::level ? anatomy::from_word<anatomy::Level>(name).has_value() : anatomy::from_word<anatomy::Extent>(name).has_value();
}

}  // namespace

std::string identity_of(const Prompts& prompts) {
    std::string all;
    for (const auto& sentence : prompts.present) all += "+" + sentence + "\n";
    for (const auto& sentence : prompts.absent) all += "-" + sentence + "\n";
    return sha256(as_bytes(all));
}

PromptSet read_prompts(const std::string& path) {
    constexpr std::size_t limit = std::size_t{1} << 20;
    const Bytes file = read_file(path, limit);
    const std::string name = display_name(path);
    PromptSet set;
    Prompts* open = nullptr;
    each_line(as_text(file), [&](std::size_t number, std::string_view line) {
        const auto refuse = [&](const char* reason) { throw Error(ExitCode::bad_data, fmt::format("{}:{}: {}", name, number, reason)); };
        if (line.front() == '[') {
            if (line.back() != ']') refuse("a class without ]");
            const auto words = trim(line.substr(1, line.size() - 2));
            const auto space = std::min(words.find(' '), words.size());
            const auto kind = words.substr(0, space), which = trim(words.substr(space));
            if (kind == "presence" && which.empty()) {
                if (!set.presence.present.empty() || !set.presence.absent.empty()) refuse("a class that stands above already");
                open = &set.presence;
                return;
            }
            std::optional<Aspect> found;
            for (const auto& [word, value] : choices(Aspect{}))
                if (word == kind) found = value;
            if (!found || !known(*found, which)) refuse("not a class; wanted presence, or wall, level or extent with its word");
            for (const auto& c : set.classes)
                if (c.aspect == *found && c.name == which) refuse("a class that stands above already");
            set.classes.push_back({*found, std::string(which), {}});
            open = &set.classes.back().prompts;
            return;
        }
        const auto sentence = trim(line.substr(1));
        if ((line.front() != '+' && line.front() != '-') || sentence.empty()) refuse("wanted [class], + sentence or - sentence");
        if (open == nullptr) refuse("a sentence before the first [class]");
        (line.front() == '+' ? open->present : open->absent).emplace_back(sentence);
    });
    if (set.presence.present.empty() || set.presence.absent.empty()) throw Error(ExitCode::bad_data, name + ": [presence] needs sentences with + and with -");
    for (auto& c : set.classes) {
        if (c.prompts.present.empty()) throw Error(ExitCode::bad_data, fmt::format("{}: no sentence with + for {}", name, c.name));
        if (c.prompts.absent.empty()) c.prompts.absent = set.presence.absent;
    }
    return set;
}

PromptSet shipped_prompts() { return read_prompts(shared_file("prompts/prompts.txt").string()); }

std::vector<std::string> sentence_lines(std::string_view text) {
    std::vector<std::string> sentences;
    each_line(text, [&](std::size_t, std::string_view line) { sentences.emplace_back(line); });
    return sentences;
}

std::vector<std::string> read_lines(const std::string& path) {
    const Bytes file = read_file(path);
    auto lines = sentence_lines(as_text(file));
    if (lines.empty()) throw Error(ExitCode::bad_data, display_name(path) + ": no line in it but blank ones and comments");
    return lines;
}

}  // namespace lge::nn
