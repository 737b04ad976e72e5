#pragma once
#include "lge/base/array.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lge {

/// How a file is named in messages: the last part of its path, or "standard input" / "standard output" for "-".
std::string display_name(std::string_view path);

/// A file or standard input, read from start to end. Short reads and EINTR are handled here.
class Input {
public:
    /// "-" is standard input, refused (usage) when it is a terminal. no_input when it cannot be opened or is a folder.
    explicit Input(const std::string& path);
    ~Input();
    Input(Input&&) noexcept;
    Input& operator=(Input&&) = delete;

    /// Fills as much of `to` as there is; less than all of it only at the end. io_error when reading fails.
    std::size_t read(std::span<std::byte> to);
    /// What is there of `to`, for an input that comes by and by: at least a byte, for which it waits, or none at the end.
    std::size_t read_some(std::span<std::byte> to);
    /// Whether read_some would have to wait: a pipe or terminal into which nothing was written.
    [[nodiscard]] bool waits() const;
    /// The next bytes, `n` or all that there are, which the next read gives again: to tell what an input holds.
    std::span<const std::byte> peek(std::size_t n);
    /// The size of a regular file; nothing for pipes.
    [[nodiscard]] std::optional<std::uint64_t> size() const;
    /// For messages.
    [[nodiscard]] const std::string& name() const { return name_; }
    /// Throws bad_data "NAME: reason".
    [[noreturn]] void refuse(std::string_view reason) const;

private:
    int fd_;
    std::string name_;
    Bytes ahead_;  // peeked at and not yet read
};

inline constexpr std::size_t default_read_limit = std::size_t{8} << 30;

/// Everything, at most `limit` bytes (more is bad_data; a regular file is judged by its size before it is read).
/// A regular file that changes its size while it is read is an io_error.
Bytes read_all(Input& input, std::size_t limit = default_read_limit);
Bytes read_file(const std::string& path, std::size_t limit = default_read_limit);

inline std::string_view as_text(std::span<const std::byte> b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }
inline std::span<const std::byte> as_bytes(std::string_view t) { return std::as_bytes(std::span(t.data(), t.size())); }

enum class Overwrite { no, yes };

/// Where a result goes. A regular file is written whole or not at all: the bytes go to a nameless temporary in the
/// same folder, and commit() gives it its name after fsync. "-" is standard output; a device or FIFO is streamed to.
/// Nothing is left behind by an error, a signal or a crash: where the file system has no nameless files, the
/// temporary is ".NAME.PID.RANDOM.tmp", and the next writer in that folder sweeps those whose process is gone.
class Output {
public:
    /// Opens at once, so that a missing folder or a file in the way is known before long work starts:
    /// cannot_create when the folder is missing or read-only, or the file exists and `overwrite` is no.
    Output(const std::string& path, Overwrite overwrite);
    ~Output();
    Output(Output&&) noexcept;
    Output& operator=(Output&&) = delete;

    /// Buffered. io_error when writing fails.
    void write(std::span<const std::byte> bytes);
    void write(std::string_view text) { write(as_bytes(text)); }
    /// Sends on what is buffered: for records that a reader waits for.
    void flush();
    /// Ends the output: flush, fsync, rename, fsync of the folder. Without it the destructor abandons the file.
    void commit();
    /// Throws usage when this is a terminal; binary formats call it.
    void refuse_terminal() const;
    [[nodiscard]] bool is_terminal() const;
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    void abandon() noexcept;
    void write_now(std::span<const std::byte> bytes);
    int fd_ = -1;
    int folder_ = -1;            // of a regular file
    std::string name_;           // for messages
    std::string final_;          // file name in the folder; empty when streamed
    std::string temporary_;      // its name in the folder, empty while nameless
    Overwrite overwrite_ = Overwrite::no;
    Bytes buffer_;
};

/// write and commit in one go.
void write_file(const std::string& path, Overwrite overwrite, std::span<const std::byte> bytes);

/// Throws usage when `output` names the same existing file as `input`: a tool never overwrites what it reads.
void refuse_same_file(const std::string& input, const std::string& output);

/// Throws usage when two of `outputs` name one file, or standard output both; an empty name is no output.
void refuse_shared_outputs(std::vector<std::string> outputs);

/// A folder is made (with its parents) when it is missing; cannot_create when that fails.
void make_folder(const std::filesystem::path& folder);

/// `path` below `root`, as a manifest names it: relative, no "..", and no link that leads out of the root.
/// Throws bad_data otherwise.
std::filesystem::path beneath(const std::filesystem::path& root, std::string_view path);

}  // namespace lge
