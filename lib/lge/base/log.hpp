#pragma once
#include <fmt/format.h>

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

namespace lge {

enum class Verbosity { quiet, normal, verbose };

/// One line to standard error, whole in one write, so that the lines of a pipeline's tools do not interleave.
/// Control and bidirectional characters are escaped. A failed write is ignored: notes never change a result.
void write_line_to_stderr(std::string_view program, std::string_view text) noexcept;

/// What a tool says about its work. Messages carry file names (basename), record numbers, offsets and reasons;
/// report text, names and header strings are patient data and never go in.
class Log {
public:
    Log(std::string program, Verbosity verbosity) : program_(std::move(program)), verbosity_(verbosity) {}

    /// Something looks wrong but the result stands; silent only with --quiet.
    template <class... A>
    void warn(fmt::format_string<A...> format, A&&... args) const {
        if (verbosity_ != Verbosity::quiet) write_line_to_stderr(program_, "warning: " + fmt::format(format, std::forward<A>(args)...));
    }
    /// What a user wants to know of a normal run.
    template <class... A>
    void note(fmt::format_string<A...> format, A&&... args) const {
        if (verbosity_ != Verbosity::quiet) write_line_to_stderr(program_, fmt::format(format, std::forward<A>(args)...));
    }
    /// Said with --verbose only.
    template <class... A>
    void detail(fmt::format_string<A...> format, A&&... args) const {
        if (verbosity_ == Verbosity::verbose) write_line_to_stderr(program_, fmt::format(format, std::forward<A>(args)...));
    }

    [[nodiscard]] const std::string& program() const { return program_; }
    [[nodiscard]] Verbosity verbosity() const { return verbosity_; }

private:
    std::string program_;
    Verbosity verbosity_;
};

/// How far a long job is: a bar on a terminal, a line every 30 s elsewhere, nothing with --quiet.
/// `add` may be called from any thread; what is drawn never touches standard output.
class Progress {
public:
    /// `total` 0: not known beforehand, only the count is shown.
    Progress(const Log& log, std::string_view what, std::size_t total);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    void add(std::size_t n = 1);

private:
    void show(double seconds) const;
    const Log& log_;
    std::string what_;
    std::size_t total_;
    std::atomic<std::size_t> done_{0};
    std::atomic<double> next_;
    double start_;
    bool terminal_;
};

}  // namespace lge
