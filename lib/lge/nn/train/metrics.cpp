#include "lge/nn/train/metrics.hpp"

#include "lge/base/error.hpp"

#include <fmt/format.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace lge::nn {

Metrics::Metrics(const std::filesystem::path& path, std::uint64_t keep) {
    if (path.empty()) return;
    fd_ = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    struct stat st = {};
    if (fd_ >= 0 && fstat(fd_, &st) == 0) {
        written_ = std::min<std::uint64_t>(keep, static_cast<std::uint64_t>(st.st_size));
        if (ftruncate(fd_, static_cast<off_t>(written_)) == 0) return;
    }
    const int error = errno;
    if (fd_ >= 0) close(fd_);
    throw Error(ExitCode::cannot_create, fmt::format("{}: cannot open: {}", path.filename().string(), std::strerror(error)));
}

Metrics::~Metrics() {
    if (fd_ >= 0) close(fd_);
}

void Metrics::add(std::string_view line) {
    if (fd_ < 0) return;
    waiting_ += line;
    write_waiting();
}

int Metrics::write_waiting() {
    while (!waiting_.empty()) {
        const ssize_t n = pwrite(fd_, waiting_.data(), waiting_.size(), static_cast<off_t>(written_));
        if (n < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        written_ += static_cast<std::uint64_t>(n);
        waiting_.erase(0, static_cast<std::size_t>(n));
    }
    return 0;
}

void Metrics::sync() {
    if (fd_ < 0) return;
    int error = write_waiting();
    if (error == 0 && fsync(fd_) != 0) error = errno;
    if (error != 0) throw Error(ExitCode::io_error, fmt::format("metrics.jsonl: write failed: {}", std::strerror(error)));
}

}  // namespace lge::nn
