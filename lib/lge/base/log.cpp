#include "lge/base/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace lge {
namespace {

double now() {
    using namespace std::chrono;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
}

/// Escapes what could move a terminal's cursor or reorder the text: C0, DEL, C1, and U+200B-200F, 202A-202E,
/// 2060-2069, FEFF. Bytes that are not UTF-8 pass: a file name may be any bytes.
std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U; };
        const unsigned a = byte(i), b = byte(i + 1), c = byte(i + 2);
        if (a < 0x20 || a == 0x7f) {
            out += fmt::format("\\x{:02x}", a);
        } else if (a == 0xC2 && b >= 0x80 && b < 0xA0) {
            out += fmt::format("\\u00{:02x}", b);
            i += 1;
        } else if ((a == 0xE2 && b == 0x80 && ((c >= 0x8B && c <= 0x8F) || (c >= 0xA8 && c <= 0xAE))) ||
                   (a == 0xE2 && b == 0x81 && c >= 0xA0 && c <= 0xA9) || (a == 0xEF && b == 0xBB && c == 0xBF)) {
            out += fmt::format("\\u{:04x}", (a & 0x0FU) << 12 | (b & 0x3FU) << 6 | (c & 0x3FU));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

void write_stderr(std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
        if (n <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace

void write_line_to_stderr(std::string_view program, std::string_view text) noexcept {
    try {
        write_stderr(fmt::format("{}: {}\n", program, printable(text)));
    } catch (...) {
        write_stderr("out of memory\n");
    }
}

Progress::Progress(const Log& log, std::string_view what, std::size_t total)
    : log_(log), what_(what), total_(total), next_(now() + (isatty(STDERR_FILENO) ? 0.5 : 30.0)), start_(now()),
      terminal_(isatty(STDERR_FILENO) != 0) {}

void Progress::add(std::size_t n) {
    done_ += n;
    if (log_.verbosity() == Verbosity::quiet) return;
    const double t = now();
    double due = next_.load();
    if (t < due || !next_.compare_exchange_strong(due, t + (terminal_ ? 0.2 : 30.0))) return;
    show(t - start_);
}

void Progress::show(double seconds) const {
    const std::size_t done = done_;
    const double left = total_ && done ? seconds * static_cast<double>(total_ - std::min(done, total_)) / static_cast<double>(done) : 0.0;
    const std::string text = total_ ? fmt::format("{} {}/{}, {:.0f} s left", what_, done, total_, left) : fmt::format("{} {}", what_, done);
    if (!terminal_) {
        log_.note("{}", text);
        return;
    }
    std::string bar;
    if (total_) {
        const std::size_t filled = 24 * std::min(done, total_) / total_;
        bar = " [" + std::string(filled, '=') + std::string(24 - filled, ' ') + "]";
    }
    write_stderr(fmt::format("\r{}:{} {}\033[K", log_.program(), bar, text));
}

Progress::~Progress() {
    if (terminal_ && log_.verbosity() != Verbosity::quiet) write_stderr("\r\033[K");
}

}  // namespace lge
