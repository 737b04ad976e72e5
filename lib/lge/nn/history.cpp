#include "lge/nn/history.hpp"

#include "lge/base/hash.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>
#include <string_view>

namespace lge::nn {

std::string identity_of(const TrainInput& input, const Recipe& r, const Description& d) {
    std::string all = fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", r.seed, r.steps, r.batch, r.learning_rate, r.warm_up, r.weight_decay, r.clip, r.average,
                                  static_cast<int>(r.precision), r.align.finding, r.align.answer, r.align.scar, input.inputs_hash, input.mix.real, input.hold_out);
    all += fmt::format("|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", r.align.clause, r.align.caption, r.align.hard, r.align.own_only, r.align.any_pose, input.mix.synth, input.mix.phantom, input.gate_sd,
                       static_cast<int>(input.prior.kind), input.prior.sha256, r.label_smoothing, r.odd_contrast, r.views);
    all += fmt::format("|{}|{}|{}", r.validate_every, r.patience, r.overfit_one_batch);
    for (const auto& id : input.held_out_ids) all += "|" + id;
    if (input.population) all += "|" + input.population->sha256;
    for (const auto& [key, value] : to_metadata(d)) all += "|" + key + "=" + value;
    return sha256(as_bytes(all));
}

Mix parse_mix(std::string_view text) {
    Mix mix{0, 0, 0};
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size()), equals = std::min(text.find('=', begin), end);
        const std::string_view name = text.substr(begin, equals - begin), number = equals < end ? text.substr(equals + 1, end - equals - 1) : std::string_view{};
        double* const weight = name == "real" ? &mix.real : name == "synth" ? &mix.synth : name == "phantom" ? &mix.phantom : nullptr;
        double value = -1;
        const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
        if (!weight || read.ec != std::errc() || read.ptr != number.data() + number.size() || !(value >= 0 && value <= 1e6))
            throw Error(ExitCode::usage, fmt::format("--mix: '{}' is not real, synth or phantom = a weight", text.substr(begin, end - begin)));
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

void refuse_leaks(const TrainInput& input) {
    std::set<std::string_view> seen;
    for (const auto& cohort : input.cohorts)
        for (const auto& one : cohort.cases)
            if (!seen.insert(one.id).second) throw Error(ExitCode::bad_data, "a case id occurs twice in the cohorts: one copy could be learned from and the other judged");
}

json::Writer begin_history(const TrainInput& input, const Recipe& r, const std::string& samples) {
    json::Writer w;
    w.object().key("steps").integer(static_cast<std::int64_t>(r.steps)).key("batch").integer(static_cast<std::int64_t>(r.batch))
        .key("learning_rate").number(r.learning_rate).key("seed").integer(static_cast<std::int64_t>(r.seed)).key("inputs").text(input.inputs_hash)
        .key("samples").text(samples);
    if (input.population) w.key("population").text(input.population->name);
    return w;
}

}  // namespace lge::nn
