#include "lge/base/process.hpp"

#include "lge/base/error.hpp"

#include <fmt/format.h>
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <vector>
#include <string>

namespace lge {
namespace {

// A signal handler can reach nothing but statics.
volatile std::sig_atomic_t stop_flag = 0;
volatile std::sig_atomic_t save_flag = 0;
constexpr int stop_signals[] = {SIGTERM, SIGINT, SIGUSR2};

extern "C" void lge_on_stop(int signal_number) {
    if (stop_flag != 0) _exit(128 + signal_number);
    stop_flag = 1;
}
extern "C" void lge_on_save(int) { save_flag = 1; }

void handle(int signal_number, void (*handler)(int)) {
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigaction(signal_number, &action, nullptr);
}

}  // namespace

void prepare_process() noexcept {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (fcntl(fd, F_GETFD) == -1)  // the lowest free number is fd itself; opened the wrong way round on purpose
            if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) _exit(static_cast<int>(ExitCode::io_error));
    std::signal(SIGXFSZ, SIG_IGN);
}

StopSignals::StopSignals() {
    stop_flag = 0;
    save_flag = 0;
    for (const int s : stop_signals) handle(s, lge_on_stop);
    handle(SIGUSR1, lge_on_save);
}
StopSignals::~StopSignals() {
    for (const int s : stop_signals) handle(s, SIG_DFL);
    handle(SIGUSR1, SIG_DFL);
}
bool StopSignals::stop_requested() noexcept { return stop_flag != 0; }
bool StopSignals::take_save_request() noexcept {
    const bool asked = save_flag != 0;
    save_flag = 0;
    return asked;
}

std::string_view version() noexcept { return LGE_VERSION; }

std::filesystem::path shared_file(std::string_view name) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    std::vector<fs::path> roots;
    if (const char* own = std::getenv("LGE_SHARE"); own && *own) roots.emplace_back(own);
    const fs::path self = fs::read_symlink("/proc/self/exe", ignored);
    if (!self.empty()) roots.push_back(self.parent_path().parent_path() / "share" / "lge");
    roots.emplace_back(LGE_SHARE);
    roots.emplace_back(LGE_SOURCE_SHARE);
    for (const fs::path& root : roots)
        if (fs::exists(root / name, ignored)) return root / name;
    throw Error(ExitCode::no_input, fmt::format("{}: not found in share/; set LGE_SHARE to the folder that holds it", name));
}

}  // namespace lge
