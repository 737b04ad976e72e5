#include "lge/base/stream.hpp"

#include "lge/base/error.hpp"

#include <fmt/format.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <climits>
#include <cstring>
#include <utility>

namespace lge {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 16;
constexpr std::string_view temporary_suffix = ".tmp";

[[noreturn]] void fail(ExitCode code, const std::string& name, std::string_view what, int error_number) {
    throw Error(code, fmt::format("{}: {}: {}", name, what, std::strerror(error_number)));
}

mode_t file_mode() {
    const mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/// The pid in ".NAME.PID.RANDOM.tmp", 0 for other names.
pid_t writer_of(std::string_view name) {
    if (name.size() < 8 || name.front() != '.' || !name.ends_with(temporary_suffix)) return 0;
    name.remove_suffix(temporary_suffix.size());
    const auto random = name.rfind('.');
    if (random == std::string_view::npos || name.size() - random != 17) return 0;
    const auto pid = name.substr(0, random).rfind('.');
    if (pid == std::string_view::npos) return 0;
    pid_t value = 0;
    const auto [end, error] = std::from_chars(name.data() + pid + 1, name.data() + random, value);
    return error == std::errc{} && end == name.data() + random ? value : 0;
}

/// Removes the temporaries in `folder` whose process has died.
void sweep(int folder) {
    const int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0) return;
    DIR* dir = fdopendir(copy);
    if (!dir) {
        close(copy);
        return;
    }
    while (const dirent* entry = readdir(dir)) {
        const pid_t pid = writer_of(entry->d_name);
        if (pid > 0 && kill(pid, 0) != 0 && errno == ESRCH) unlinkat(folder, entry->d_name, 0);
    }
    closedir(dir);
}

std::string temporary_name(const std::string& final_name) {
    std::uint64_t random = 0;
    if (getrandom(&random, sizeof random, 0) != sizeof random) random = static_cast<std::uint64_t>(getpid()) * 0x9E3779B97F4A7C15;
    return fmt::format(".{}.{}.{:016x}{}", final_name, getpid(), random, temporary_suffix);
}

// The handler of stop signals can reach only statics: the named temporary in use, where the file system has no
// nameless ones. Its name is published before the file exists, so that no moment is left uncovered.
struct NamedTemporary {
    volatile std::sig_atomic_t live = 0;
    int folder = -1;
    char name[NAME_MAX + 1] = {};
};
NamedTemporary named_temporary;

extern "C" void lge_on_death(int signal_number) {
    if (named_temporary.live != 0) unlinkat(named_temporary.folder, named_temporary.name, 0);
    std::signal(signal_number, SIG_DFL);
    std::raise(signal_number);
}

void guard_temporary(int folder, const std::string& name) {
    named_temporary.live = 0;
    named_temporary.folder = folder;
    std::strncpy(named_temporary.name, name.c_str(), NAME_MAX);
    named_temporary.live = 1;
    for (const int s : {SIGTERM, SIGINT, SIGHUP}) {
        struct sigaction old = {};
        sigaction(s, nullptr, &old);
        if (old.sa_handler == SIG_DFL) std::signal(s, lge_on_death);
    }
}

void forget_temporary(const std::string& name) {
    if (named_temporary.live != 0 && name == named_temporary.name) named_temporary.live = 0;
}

}  // namespace

std::string display_name(std::string_view path) {
    if (path == "-") return "standard input";
    std::string name = std::filesystem::path(path).filename().string();
    return name.empty() ? std::string(path) : name;
}

Input::Input(const std::string& path) : fd_(STDIN_FILENO), name_(display_name(path)) {
    if (path == "-") {
        if (isatty(STDIN_FILENO)) throw Error(ExitCode::usage, "standard input is a terminal; name a file or use a pipe");
        return;
    }
    fd_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd_ < 0) fail(ExitCode::no_input, name_, "cannot open", errno);
    struct stat st = {};
    if (fstat(fd_, &st) != 0 || S_ISDIR(st.st_mode)) {
        close(fd_);
        fail(ExitCode::no_input, name_, "cannot read", S_ISDIR(st.st_mode) ? EISDIR : errno);
    }
    posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

Input::Input(Input&& o) noexcept : fd_(std::exchange(o.fd_, -1)), name_(std::move(o.name_)), ahead_(std::move(o.ahead_)) {}

Input::~Input() {
    if (fd_ > STDERR_FILENO) close(fd_);
}

std::size_t Input::read_some(std::span<std::byte> to) {
    std::size_t done = std::min(ahead_.size(), to.size());
    std::copy_n(ahead_.begin(), done, to.begin());
    ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(done));
    while (done == 0 && !to.empty()) {
        const ssize_t n = ::read(fd_, to.data(), to.size());
        if (n == 0) break;
        if (n < 0) {
            if (errno == EINTR) continue;
            fail(ExitCode::io_error, name_, "read failed", errno);
        }
        done = static_cast<std::size_t>(n);
    }
    return done;
}

std::size_t Input::read(std::span<std::byte> to) {
    std::size_t done = 0;
    while (done < to.size()) {
        const std::size_t n = read_some(to.subspan(done));
        if (n == 0) break;
        done += n;
    }
    return done;
}

bool Input::waits() const {
    pollfd input{.fd = fd_, .events = POLLIN, .revents = 0};
    return ahead_.empty() && poll(&input, 1, 0) == 0;
}

std::span<const std::byte> Input::peek(std::size_t n) {
    if (ahead_.size() < n) {
        Bytes more(n);
        more.resize(read(more));
        ahead_ = std::move(more);
    }
    return std::span(ahead_).first(std::min(n, ahead_.size()));
}

std::optional<std::uint64_t> Input::size() const {
    struct stat st = {};
    if (fstat(fd_, &st) != 0 || !S_ISREG(st.st_mode)) return std::nullopt;
    return static_cast<std::uint64_t>(st.st_size);
}

void Input::refuse(std::string_view reason) const { throw Error(ExitCode::bad_data, fmt::format("{}: {}", name_, reason)); }

Bytes read_all(Input& input, std::size_t limit) {
    if (const auto size = input.size()) {
        if (*size > limit) input.refuse(fmt::format("{} bytes, wanted at most {}", *size, limit));
        Bytes all(static_cast<std::size_t>(*size));
        const std::size_t got = input.read(all);
        std::byte more;
        if (got != all.size() || input.read({&more, 1}) != 0 || input.size() != size)
            throw Error(ExitCode::io_error, input.name() + ": changed while it was read");
        return all;
    }
    Bytes all;
    std::size_t done = 0;
    for (std::size_t chunk = buffer_bytes; ; chunk = std::max(chunk, done)) {
        all.resize(std::min(done + chunk, limit + 1));
        const std::size_t wanted = all.size() - done;
        const std::size_t got = input.read(std::span(all).subspan(done));
        done += got;
        if (done > limit) input.refuse(fmt::format("longer than {} bytes", limit));
        if (got < wanted) break;
    }
    all.resize(done);
    return all;
}

Bytes read_file(const std::string& path, std::size_t limit) {
    Input input(path);
    return read_all(input, limit);
}

Output::Output(const std::string& path, Overwrite overwrite) : name_(path == "-" ? "standard output" : display_name(path)), overwrite_(overwrite) {
    buffer_.reserve(buffer_bytes);
    if (path == "-") {
        fd_ = STDOUT_FILENO;
        return;
    }
    struct stat st = {};
    if (stat(path.c_str(), &st) == 0) {
        if (S_ISDIR(st.st_mode)) throw Error(ExitCode::cannot_create, name_ + ": is a folder");
        if (!S_ISREG(st.st_mode)) {  // a device or FIFO is written as it is
            fd_ = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
            if (fd_ < 0) fail(ExitCode::cannot_create, name_, "cannot open", errno);
            return;
        }
        if (overwrite == Overwrite::no) throw Error(ExitCode::cannot_create, name_ + ": exists; --force replaces it");
    }
    const std::filesystem::path target(path);
    final_ = target.filename().string();
    if (final_.empty() || final_ == "." || final_ == "..") throw Error(ExitCode::cannot_create, name_ + ": is not a file name");
    const std::string parent = target.has_parent_path() ? target.parent_path().string() : ".";
    folder_ = open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder_ < 0) fail(ExitCode::cannot_create, name_, "cannot open its folder", errno);
    sweep(folder_);
    fd_ = openat(folder_, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (fd_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT)) {
        temporary_ = temporary_name(final_);
        guard_temporary(folder_, temporary_);
        fd_ = openat(folder_, temporary_.c_str(), O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0600);
    }
    if (fd_ < 0) {
        const int error = errno;
        temporary_.clear();
        close(std::exchange(folder_, -1));
        fail(ExitCode::cannot_create, name_, "cannot create", error);
    }
}

Output::Output(Output&& o) noexcept
    : fd_(std::exchange(o.fd_, -1)), folder_(std::exchange(o.folder_, -1)), name_(std::move(o.name_)), final_(std::move(o.final_)),
      temporary_(std::move(o.temporary_)), overwrite_(o.overwrite_), buffer_(std::move(o.buffer_)) {
    o.temporary_.clear();
}

Output::~Output() { abandon(); }

void Output::abandon() noexcept {
    if (fd_ > STDERR_FILENO) close(fd_);
    fd_ = -1;
    if (!temporary_.empty()) {
        unlinkat(folder_, temporary_.c_str(), 0);
        forget_temporary(temporary_);
        temporary_.clear();
    }
    if (folder_ >= 0) close(std::exchange(folder_, -1));
}

void Output::write_now(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
        if (n < 0) {
            if (errno == EINTR) continue;
            fail(ExitCode::io_error, name_, "write failed", errno);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
}

void Output::write(std::span<const std::byte> bytes) {
    if (buffer_.size() + bytes.size() > buffer_bytes) flush();
    if (bytes.size() > buffer_bytes) write_now(bytes);
    else buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void Output::flush() {
    write_now(buffer_);
    buffer_.clear();
}

void Output::commit() {
    flush();
    if (final_.empty()) {
        // A duplicate is closed, so that an error that only close reports is seen while the stream stays open.
        const int copy = dup(fd_);
        if (copy < 0 || close(copy) != 0) fail(ExitCode::io_error, name_, "write failed", errno);
        if (fd_ > STDERR_FILENO) close(std::exchange(fd_, -1));
        return;
    }
    // A failed fsync is final: a second one would report success for lost pages.
    if (fchmod(fd_, file_mode()) != 0 || fsync(fd_) != 0) fail(ExitCode::io_error, name_, "write failed", errno);
    if (temporary_.empty()) {
        const std::string own = fmt::format("/proc/self/fd/{}", fd_);
        if (overwrite_ == Overwrite::no && linkat(AT_FDCWD, own.c_str(), folder_, final_.c_str(), AT_SYMLINK_FOLLOW) == 0) {
            if (close(std::exchange(fd_, -1)) != 0 || fsync(folder_) != 0) fail(ExitCode::io_error, name_, "write failed", errno);
            close(std::exchange(folder_, -1));
            return;
        }
        if (overwrite_ == Overwrite::no && errno == EEXIST) throw Error(ExitCode::cannot_create, name_ + ": exists; --force replaces it");
        const std::string name = temporary_name(final_);
        guard_temporary(folder_, name);
        if (linkat(AT_FDCWD, own.c_str(), folder_, name.c_str(), AT_SYMLINK_FOLLOW) != 0) fail(ExitCode::io_error, name_, "cannot name", errno);
        temporary_ = name;
    }
    const int closed = close(std::exchange(fd_, -1));
    if (closed != 0) fail(ExitCode::io_error, name_, "close failed", errno);
    if (overwrite_ == Overwrite::no && faccessat(folder_, final_.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        throw Error(ExitCode::cannot_create, name_ + ": exists; --force replaces it");
    if (renameat(folder_, temporary_.c_str(), folder_, final_.c_str()) != 0) fail(ExitCode::io_error, name_, "cannot rename", errno);
    forget_temporary(temporary_);
    temporary_.clear();
    if (fsync(folder_) != 0) fail(ExitCode::io_error, name_, "cannot save its folder", errno);
    close(std::exchange(folder_, -1));
}

bool Output::is_terminal() const { return fd_ >= 0 && isatty(fd_) != 0; }

void Output::refuse_terminal() const {
    if (is_terminal()) throw Error(ExitCode::usage, "will not write binary data to a terminal; use -o file or a pipe");
}

void write_file(const std::string& path, Overwrite overwrite, std::span<const std::byte> bytes) {
    Output out(path, overwrite);
    out.refuse_terminal();
    out.write(bytes);
    out.commit();
}

void refuse_same_file(const std::string& input, const std::string& output) {
    if (input == "-" || output == "-") return;
    struct stat a = {}, b = {};
    if (stat(input.c_str(), &a) != 0 || stat(output.c_str(), &b) != 0 || !S_ISREG(a.st_mode)) return;
    if (a.st_dev == b.st_dev && a.st_ino == b.st_ino)
        throw Error(ExitCode::usage, fmt::format("{}: is an input too; write the output elsewhere", display_name(output)));
}

void refuse_shared_outputs(std::vector<std::string> outputs) {
    std::erase_if(outputs, [](const std::string& path) { return path.empty(); });
    for (auto& path : outputs)
        if (path != "-") path = std::filesystem::absolute(path).lexically_normal().string();
    std::sort(outputs.begin(), outputs.end());
    if (const auto twice = std::adjacent_find(outputs.begin(), outputs.end()); twice != outputs.end())
        throw Error(ExitCode::usage, (*twice == "-" ? "standard output" : display_name(*twice)) + " takes one result only");
}

void make_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || !std::filesystem::is_directory(folder, error))
        throw Error(ExitCode::cannot_create, fmt::format("{}: cannot create the folder", display_name(folder.string())));
}

std::filesystem::path beneath(const std::filesystem::path& root, std::string_view path) {
    namespace fs = std::filesystem;
    const fs::path relative(path);
    const bool climbs = std::any_of(relative.begin(), relative.end(), [](const fs::path& part) { return part == ".."; });
    if (relative.empty() || relative.is_absolute() || climbs || path.find('\0') != std::string_view::npos)
        throw Error(ExitCode::bad_data, "path must be relative and without ..");
    std::error_code error;
    const fs::path top = fs::weakly_canonical(root.empty() ? fs::path(".") : root, error);
    const fs::path full = fs::weakly_canonical(top / relative, error);
    const auto [a, b] = std::mismatch(top.begin(), top.end(), full.begin(), full.end());
    if (error || a != top.end()) throw Error(ExitCode::bad_data, "path leads out of its folder");
    return top / relative;
}

}  // namespace lge
