#pragma once
// metrics.jsonl: a record a step, appended as training goes.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace lge::nn {

class Metrics {
public:
    /// Opens `path` and cuts it back to `keep` bytes, where the checkpoint knew it, so that a resumed run writes the file
    /// that a straight one would. cannot_create when that fails. An empty path: nothing is written.
    Metrics(const std::filesystem::path& path, std::uint64_t keep);
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;
    /// A line. What the disk has no room for waits for the next call.
    void add(std::string_view line);
    /// All lines are on the disk, or io_error.
    void sync();
    /// The file's length with all lines.
    [[nodiscard]] std::uint64_t bytes() const { return written_ + waiting_.size(); }

private:
    /// Gives 0 or an error number.
    int write_waiting();
    int fd_ = -1;
    std::uint64_t written_ = 0;
    std::string waiting_;
};

}  // namespace lge::nn
