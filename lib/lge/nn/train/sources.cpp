// Where samples come from, and which cases are held out.
#include "lge/base/error.hpp"
#include "lge/nn/train/train.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>

namespace lge::nn {

Mix parse_mix(std::string_view text) {
    Mix mix{0, 0, 0};
    std::set<std::string_view> named;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size()), equals = std::min(text.find('=', begin), end);
        const std::string_view name = text.substr(begin, equals - begin), number = equals < end ? text.substr(equals + 1, end - equals - 1) : std::string_view{};
        double* const weight = name == "real" ? &mix.real : name == "synth" ? &mix.synth : name == "phantom" ? &mix.phantom : nullptr;
        double value = -1;
        const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
        if (!weight || read.ec != std::errc() || read.ptr != number.data() + number.size() || !(value >= 0 && value <= 1e6))
            throw Error(ExitCode::usage, fmt::format("--mix: '{}' is not real, synth or phantom = a weight", text.substr(begin, end - begin)));
        if (!named.insert(name).second) throw Error(ExitCode::usage, fmt::format("--mix: {} stands there twice", name));
        *weight = value;
        begin = end + 1;
    }
    if (mix.real + mix.synth + mix.phantom <= 0) throw Error(ExitCode::usage, "--mix: every weight is 0");
    return mix;
}

std::set<std::string, std::less<>> read_ids(const std::string& path) {
    const auto lines = read_lines(path);
    return {lines.begin(), lines.end()};
}

void check_cases(const TrainInput& input, const Log& log) {
    std::set<std::string_view> seen;
    for (const auto& cohort : input.cohorts)
        for (const auto& one : cohort.cases)
            if (!seen.insert(one.id).second) throw Error(ExitCode::bad_data, "a case id occurs twice in the cohorts: one copy could be learned from and the other judged");
    const auto match = [&](const auto& all, const auto& id_of, const char* what) {
        const auto strange = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& one) { return !seen.contains(id_of(one)); }));
        if (strange > 0 && strange == all.size()) throw Error(ExitCode::bad_data, fmt::format("{}: none is of a case in the cohorts", what));
        if (strange > 0) log.note("{}: {} of {} are of no case in the cohorts", what, strange, all.size());
    };
    match(input.held_out_ids, [](const std::string& id) { return std::string_view(id); }, "the ids to hold out");
    match(input.captions, [](const io::CaptionRecord& c) { return std::string_view(c.id); }, "the captions");
}

Mix TrainInput::sources() const {
    return {cohorts.empty() ? 0 : mix.real, cohorts.empty() ? 0 : mix.synth, population ? mix.phantom : 0};
}

}  // namespace lge::nn
