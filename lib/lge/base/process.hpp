#pragma once
#include <filesystem>
#include <string_view>

namespace lge {

/// To be called first in main. A standard stream that is closed is opened so that its use fails with an error
/// (else the next file opened would take its number); SIGXFSZ is ignored, so that a file-size limit is a write error;
/// the locale stays "C", whatever the environment says.
void prepare_process() noexcept;

/// What stop signals do while one of these lives: the first is remembered, the second ends the process at once.
/// Without one, they end the process by that signal; output files leave nothing behind (see Output).
class StopSignals {
public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    /// SIGTERM, SIGINT or SIGUSR2 came: finish the step, save, end with ExitCode::try_again.
    [[nodiscard]] static bool stop_requested() noexcept;
    /// SIGUSR1 came since the last call: save and go on.
    [[nodiscard]] static bool take_save_request() noexcept;
};

/// The version of the suite, "0.1.0".
std::string_view version() noexcept;

/// A file or folder shipped with the tools, such as "report/lexicon.tsv": beside the running binary's prefix
/// (PREFIX/share/lge), else the source tree that the build came from. LGE_SHARE in the environment goes first.
/// Throws no_input when it is nowhere.
std::filesystem::path shared_file(std::string_view name);

}  // namespace lge
