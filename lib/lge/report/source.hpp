#pragma once
// Reports out of JSON Lines, plain text files, folders of these and standard input, in batches for many threads.
#include "lge/base/error.hpp"
#include "lge/base/stream.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lge::report {

struct Keys { std::string id = "id", text = "text"; };

/// Whole lines of a JSON Lines file, or one plain text report.
struct Batch {
    std::string file;        // for messages
    std::string bytes;
    std::size_t first_line = 1;
    std::string plain_id;    // set: bytes are one plain report with this id
};

/// One report of a batch; `text` lives as long as the call.
using TakeReport = std::function<void(std::string_view id, std::string_view text)>;

inline constexpr std::size_t longest_report = std::size_t{64} << 20U;  // bytes of a line or plain file

/// Reads operands one after the other. A file whose first character is '{' is JSON Lines, any other is one plain text
/// report named after the file; a folder stands for its files in the order of their names. Memory is a few batches.
class Source {
public:
    explicit Source(std::vector<std::string> operands);
    ~Source();
    Source(Source&&) noexcept;
    /// Whole lines as far as they have come, so that a pipe is answered at once; none yet where the input stops within a
    /// line. Throws bad_data for a byte order mark, a line past longest_report, and a last line that is cut short.
    std::optional<Batch> next();
    /// Whether next would have to wait for its input.
    [[nodiscard]] bool waits() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

enum class BadText { refuse, replace };

/// Hands each report of a batch to `take`. Bad records throw bad_data "FILE:LINE: reason" (not UTF-8: "FILE:LINE: ID: byte
/// N of KEY: reason", N in the report's text, where the id can be read; plain text: "FILE: byte N: reason"), or with `bad` go there with the message and the batch goes on.
void read_batch(const Batch& batch, const Keys& keys, BadText bad_text, const TakeReport& take, const std::function<void(const Error&)>& bad = {});

}  // namespace lge::report
