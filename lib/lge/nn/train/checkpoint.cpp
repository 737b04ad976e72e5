#include "lge/nn/train/checkpoint.hpp"

#include "lge/base/hash.hpp"
#include "lge/base/stream.hpp"
#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace lge::nn {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kept = 3;
constexpr std::string_view schema = "lge.checkpoint/1", temporary = ".tmp";

std::string checkpoint_name(std::uint64_t step) { return fmt::format("step-{}", step); }

/// The steps of the folder's checkpoints, newest first.
std::vector<std::uint64_t> saved_steps(const fs::path& folder) {
    std::vector<std::uint64_t> steps;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("step-")) continue;
        const std::string digits = name.substr(5);
        if (!digits.empty() && digits.size() < 19 && digits.find_first_not_of("0123456789") == std::string::npos) steps.push_back(std::stoull(digits));
    }
    std::sort(steps.rbegin(), steps.rend());
    return steps;
}

/// Folders that a run which was killed left half written.
void sweep(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> left;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("step-") && name.ends_with(temporary)) left.push_back(entry.path());
    }
    for (const auto& path : left) fs::remove_all(path, error);
}

/// Under the name of what is half written first, so that a run which is killed meanwhile leaves no half of a checkpoint.
void remove_checkpoint(const fs::path& folder, std::uint64_t step) {
    const fs::path whole = folder / checkpoint_name(step), going = whole.string() + std::string(temporary);
    std::error_code error;
    fs::rename(whole, going, error);
    fs::remove_all(going, error);  // one that stays does no harm
}

void sync_folder(const fs::path& folder) {
    const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool done = fd >= 0 && fsync(fd) == 0;
    const int error = errno;
    if (fd >= 0) close(fd);
    if (!done) throw Error(ExitCode::io_error, fmt::format("{}: cannot save the folder: {}", display_name(folder.string()), std::strerror(error)));
}

/// The last key of state.json is the hash of all text before it, so that no bit of it can change unseen.
std::string sealed(std::string object) {
    object.pop_back();  // the closing brace
    return fmt::format("{},\"sha256\":\"{}\"}}\n", object, sha256(as_bytes(object)));
}
bool is_sealed(std::string_view text) {
    constexpr std::size_t seal = std::string_view(",\"sha256\":\"\"}\n").size() + 64;
    return text.size() > seal && sealed(std::string(text.substr(0, text.size() - seal)) + "}") == text;
}

struct File {
    std::string name;
    std::vector<std::pair<std::string, const NamedTensors*>> parts;  // with the prefix of their names
};
std::vector<File> files_of(const Optimiser& o, const NamedTensors& best) {
    std::vector<File> files{{"average.safetensors", {{"", &o.average}}}, {"model.safetensors", {{"", &o.parameters}}}, {"optimiser.safetensors", {{"first.", &o.first}, {"second.", &o.second}}}};
    if (!best.empty()) files.push_back({"best.safetensors", {{"", &best}}});
    return files;
}

void write_checkpoint(const fs::path& folder, const Optimiser& o, const NamedTensors& best, const Progressed& p, const std::string& identity) {
    json::Writer state;
    state.object().key("schema").text(schema).key("id").text(checkpoint_name(p.step)).key("identity").text(identity);
    const auto count = [&](const char* key, std::uint64_t value) { state.key(key).integer(static_cast<std::int64_t>(value)); };
    count("step", p.step);
    count("skipped", p.skipped);
    count("bad_in_row", p.bad_in_row);
    count("metrics_bytes", p.metrics_bytes);
    if (!best.empty()) {
        state.key("best_score").number(p.best_score);
        count("best_step", p.best_step);
        count("since_best", p.since_best);
    }
    state.key("files").object();
    for (const auto& file : files_of(o, best)) {
        NamedTensors all;
        for (const auto& [prefix, tensors] : file.parts)
            for (const auto& [name, value] : *tensors) all.emplace_back(prefix + name, value);
        const Bytes bytes = encode_tensors(all, {});
        write_file((folder / file.name).string(), Overwrite::yes, bytes);
        state.key(file.name).text(sha256(bytes));
    }
    state.end().end();
    write_file((folder / "state.json").string(), Overwrite::yes, as_bytes(sealed(state.take())));
}

Progressed read_checkpoint(const fs::path& folder, Optimiser& o, NamedTensors& best, const std::string& identity) {
    const std::string name = folder.filename().string();
    const auto refuse = [&](const std::string& reason) { throw Error(ExitCode::bad_data, name + ": " + reason); };
    const auto read = [&](const std::string& file) {
        try {
            return read_file((folder / file).string());
        } catch (const Error& e) {
            if (e.code() == ExitCode::no_input) refuse(fmt::format("no {}", file));
            throw;
        }
    };
    const Bytes text = read("state.json");
    if (!is_sealed(as_text(text))) refuse("state.json does not have the hash that it names");
    json::Document document;
    const json::Value state = document.parse(as_text(text).substr(0, text.size() - 1));
    if (state.text("schema") != schema) refuse(fmt::format("schema is not {}", schema));
    const json::Value hashes = state.get("files");
    const auto count = [&](const char* key) { return static_cast<std::uint64_t>(state.integer(key)); };
    Progressed p{count("step"), count("skipped"), count("bad_in_row"), count("metrics_bytes"), NAN, 0, 0};
    NamedTensors found_best;
    if (hashes.find("best.safetensors")) {
        p.best_score = state.number_if("best_score").value_or(NAN);
        p.best_step = count("best_step");
        p.since_best = count("since_best");
        for (const auto& [tensor, value] : o.average) found_best.emplace_back(tensor, at::empty_like(value));
    }
    // All files are known to be whole before the first weight changes.
    std::vector<std::pair<File, io::Safetensors>> whole;
    for (auto& file : files_of(o, found_best)) {
        Bytes bytes = read(file.name);
        if (sha256(bytes) != hashes.text(file.name)) refuse(fmt::format("{} does not have the hash that state.json names", file.name));
        whole.emplace_back(file, io::decode_safetensors(std::move(bytes), name + "/" + file.name));
    }
    if (state.text("identity") != identity) throw Error(ExitCode::usage, fmt::format("{}: made with other options or data; give the run a folder of its own", name));
    torch::NoGradGuard no_grad;
    for (const auto& [file, content] : whole)
        for (const auto& [prefix, tensors] : file.parts)
            for (const auto& [tensor, value] : *tensors) Tensor(value).copy_(tensor_of(content, prefix + tensor, value.sizes(), name + "/" + file.name));
    best = std::move(found_best);
    return p;
}

}  // namespace

void save_checkpoint(const fs::path& folder, const Optimiser& o, const NamedTensors& best, const Progressed& p, const std::string& identity) {
    for (const auto* tensors : {&o.parameters, &o.average, &best})
        for (const auto& [name, value] : *tensors)
            if (!value.isfinite().all().item<bool>()) throw Error(ExitCode::bad_data, fmt::format("step {}: weights are not finite any more", p.step));
    sweep(folder);
    const fs::path final = folder / checkpoint_name(p.step), making = final.string() + std::string(temporary);
    std::error_code error;
    try {
        make_folder(making);
        write_checkpoint(making, o, best, p, identity);
        sync_folder(making);
        fs::remove_all(final, error);  // one of the same step can be there only if it is damaged
        fs::rename(making, final, error);
        if (error) throw Error(ExitCode::io_error, fmt::format("{}: cannot rename: {}", checkpoint_name(p.step), error.message()));
        sync_folder(folder);
    } catch (...) {
        fs::remove_all(making, error);
        throw;
    }
    write_file((folder / "latest").string(), Overwrite::yes, as_bytes(checkpoint_name(p.step) + "\n"));
    const auto steps = saved_steps(folder);
    for (std::size_t i = kept; i < steps.size(); ++i) remove_checkpoint(folder, steps[i]);
}

std::optional<Progressed> load_checkpoint(const fs::path& folder, Optimiser& o, NamedTensors& best, const std::string& identity, const Log& log) {
    const auto steps = saved_steps(folder);
    for (const auto step : steps) {
        try {
            return read_checkpoint(folder / checkpoint_name(step), o, best, identity);
        } catch (const Error& e) {
            if (e.code() != ExitCode::bad_data) throw;
            log.warn("{}; trying the one before", e.what());
        }
    }
    if (!steps.empty()) throw Error(ExitCode::bad_data, "none of the run's checkpoints is whole; give the run a folder of its own");
    return std::nullopt;
}

}  // namespace lge::nn
