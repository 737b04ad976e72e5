#include "lge/nn/checkpoint.hpp"

#include "lge/base/stream.hpp"
#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace lge::nn {
namespace {

namespace fs = std::filesystem;

std::string checkpoint_name(std::uint64_t step) { return fmt::format("step-{}.safetensors", step); }

/// The steps of the folder's checkpoints, newest first.
std::vector<std::uint64_t> saved_steps(const fs::path& folder) {
    std::vector<std::uint64_t> steps;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string file = entry.path().filename().string();
        if (!file.starts_with("step-") || !file.ends_with(".safetensors")) continue;
        const std::string digits = file.substr(5, file.size() - 5 - 12);
        if (!digits.empty() && digits.size() < 19 && digits.find_first_not_of("0123456789") == std::string::npos) steps.push_back(std::stoull(digits));
    }
    std::sort(steps.rbegin(), steps.rend());
    return steps;
}

Progressed read_checkpoint(const fs::path& path, Optimiser& o, const std::string& identity) {
    const std::string name = path.filename().string();
    const io::Safetensors file = io::read_safetensors(path.string());
    const auto entry = [&](const char* key) {
        const auto found = file.metadata.find(key);
        if (found == file.metadata.end()) throw Error(ExitCode::bad_data, fmt::format("{}: not a checkpoint: no {}", name, key));
        return found->second;
    };
    if (entry("schema") != "lge.checkpoint/1") throw Error(ExitCode::bad_data, name + ": schema is not lge.checkpoint/1");
    if (entry("identity") != identity)
        throw Error(ExitCode::usage, fmt::format("{}: made with other options or data; give the run a folder of its own", name));
    json::Document document;
    const json::Value state = document.parse(entry("state"));
    const Progressed p{static_cast<std::uint64_t>(state.integer("step")), static_cast<std::uint64_t>(state.integer("skipped")),
                       static_cast<std::uint64_t>(state.integer("metrics_bytes"))};
    torch::NoGradGuard no_grad;
    const std::array<std::pair<const char*, NamedTensors*>, 4> parts{{{"net.", &o.parameters}, {"first.", &o.first}, {"second.", &o.second}, {"average.", &o.average}}};
    for (const auto& [prefix, tensors] : parts)
        for (auto& [tensor, value] : *tensors) value.copy_(tensor_of(file, prefix + tensor, value.sizes(), name));
    return p;
}

}  // namespace

void save_checkpoint(const fs::path& folder, const Optimiser& o, const Progressed& p, const std::string& identity) {
    NamedTensors all;
    const std::array<std::pair<const char*, const NamedTensors*>, 4> parts{{{"net.", &o.parameters}, {"first.", &o.first}, {"second.", &o.second}, {"average.", &o.average}}};
    for (const auto& [prefix, tensors] : parts)
        for (const auto& [name, value] : *tensors) all.emplace_back(prefix + name, value);
    json::Writer state;
    state.object().key("step").integer(static_cast<std::int64_t>(p.step)).key("skipped").integer(static_cast<std::int64_t>(p.skipped))
        .key("metrics_bytes").integer(static_cast<std::int64_t>(p.metrics_bytes)).end();
    const Bytes file = encode_tensors(all, {{"schema", "lge.checkpoint/1"}, {"identity", identity}, {"state", state.take()}});
    write_file((folder / checkpoint_name(p.step)).string(), Overwrite::yes, file);
    write_file((folder / "latest").string(), Overwrite::yes, as_bytes(checkpoint_name(p.step) + "\n"));
    const auto steps = saved_steps(folder);
    for (std::size_t i = 2; i < steps.size(); ++i) {
        std::error_code error;
        fs::remove(folder / checkpoint_name(steps[i]), error);  // an old one that stays does no harm
    }
}

std::optional<Progressed> load_checkpoint(const fs::path& folder, Optimiser& o, const std::string& identity, const Log& log) {
    for (const auto step : saved_steps(folder)) {
        try {
            return read_checkpoint(folder / checkpoint_name(step), o, identity);
        } catch (const Error& e) {
            if (e.code() != ExitCode::bad_data) throw;
            log.warn("{}; trying the one before", e.what());
        }
    }
    return std::nullopt;
}

}  // namespace lge::nn
