#include "lge/nn/train/distributed.hpp"

#include "lge/base/error.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace lge::nn {
namespace {

[[noreturn]] void refuse(const std::string& reason) { throw Error(ExitCode::usage, reason); }

std::int64_t number(const char* name, std::string_view text, std::int64_t low, std::int64_t high) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high)
        refuse(fmt::format("{}: wanted a number from {} to {}", name, low, high));
    return value;
}

/// The variables of one way to start processes.
struct Launcher {
    const char *sign, *rank, *size, *local;  // `sign` is there when it started this process
};
constexpr std::array<Launcher, 3> launchers{{
    {"RANK", "RANK", "WORLD_SIZE", "LOCAL_RANK"},
    // A batch script has the other variables too, but no step: only srun makes one.
    {"SLURM_STEP_ID", "SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID"},
    {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK"},
}};

}  // namespace

std::string first_host(std::string_view list) {
    const auto bracket = list.find('['), comma = list.find(',');
    if (bracket == std::string_view::npos || comma < bracket) return std::string(list.substr(0, comma));
    const auto close = list.find(']', bracket), first_end = list.find_first_of(",-]", bracket);
    if (close == std::string_view::npos || first_end == std::string_view::npos) return {};
    auto end = list.find_first_of(",[", close);
    return fmt::format("{}{}{}", list.substr(0, bracket), list.substr(bracket + 1, first_end - bracket - 1), list.substr(close + 1, std::min(end, list.size()) - close - 1));
}

World world_of(const std::function<const char*(const char*)>& variable) {
    const auto find = [&](const char* name) -> std::optional<std::string> {
        const char* value = variable(name);
        return value && *value ? std::optional<std::string>(value) : std::nullopt;
    };
    const auto get = [&](const char* name) {
        if (const auto value = find(name)) return *value;
        refuse(fmt::format("{} is not set, though other variables say that this process is one of several", name));
    };
    for (const auto& launcher : launchers) {
        if (!find(launcher.sign) || !find(launcher.size)) continue;
        World w;
        w.size = static_cast<int>(number(launcher.size, get(launcher.size), 1, 65536));
        if (w.size == 1) return w;
        w.rank = static_cast<int>(number(launcher.rank, get(launcher.rank), 0, w.size - 1));
        w.local = static_cast<int>(number(launcher.local, get(launcher.local), 0, w.size - 1));
        if (const auto address = find("MASTER_ADDR")) w.address = *address;
        else if (const auto nodes = find("SLURM_JOB_NODELIST")) w.address = first_host(*nodes);
        else if (find("OMPI_COMM_WORLD_LOCAL_SIZE") == find("OMPI_COMM_WORLD_SIZE") && find("OMPI_COMM_WORLD_SIZE")) w.address = "127.0.0.1";
        if (w.address.empty()) refuse("MASTER_ADDR is not set: wanted the host of process 0");
        if (const auto port = find("MASTER_PORT")) w.port = static_cast<std::uint16_t>(number("MASTER_PORT", *port, 1, 65535));
        else if (const auto job = find("SLURM_JOB_ID")) w.port = static_cast<std::uint16_t>(20000 + number("SLURM_JOB_ID", *job, 0, INT64_MAX) % 10000);
        else w.port = 29500;
        return w;
    }
    return {};
}

World world_of_environment() { return world_of([](const char* name) { return std::getenv(name); }); }

}  // namespace lge::nn
