#include "lge/report/source.hpp"

#include "lge/json/reader.hpp"
#include "lge/report/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace lge::report {

namespace {

constexpr std::size_t batch_bytes = std::size_t{256} << 10U;

[[noreturn]] void refuse(const std::string& file, std::size_t line, std::string_view reason) {
    throw Error(ExitCode::bad_data, fmt::format("{}:{}: {}", file, line, reason));
}

std::string_view without_return(std::string_view line) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
}

bool blank(std::string_view t) {
    return std::all_of(t.begin(), t.end(), [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
}

/// The record of a line with its bad UTF-8 replaced: its id, and where the first bad byte stands in its text. Two readings
/// that differ in nothing but that byte show whether it is of the text or the id.
struct Misplaced { std::string id; std::size_t byte; };
std::optional<Misplaced> find_misplaced(std::string line, std::size_t bad, const Keys& keys) {
    struct Record { std::string id, text; };
    json::Document document(json::Limits{.line_bytes = longest_report});
    const auto record_with = [&](char stand_in) {
        line[bad] = stand_in;
        const auto record = document.parse(line);
        return Record{std::string(record.text(keys.id)), std::string(record.text(keys.text))};
    };
    try {
        const Record a = record_with('?'), b = record_with('!');
        const auto differs = std::mismatch(a.text.begin(), a.text.end(), b.text.begin(), b.text.end()).first;
        const bool readable = !a.id.empty() && a.id == b.id && std::none_of(a.id.begin(), a.id.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
        if (!readable || differs == a.text.end()) return std::nullopt;
        return Misplaced{a.id, static_cast<std::size_t>(differs - a.text.begin())};
    } catch (const Error&) {
        return std::nullopt;
    }
}

}  // namespace

struct Source::State {
    std::vector<std::string> paths;
    std::size_t next_path = 0;
    std::optional<Input> input;
    std::string id;          // of a plain report from this input
    std::string held;        // bytes read and not yet given
    std::size_t line = 1;
    std::size_t searched = 0;  // of what is held: no newline there
    bool ended = false, json = false, judged = false;

    void open() {
        const std::string& path = paths[next_path++];
        input.emplace(path);
        id = path == "-" ? "-" : std::filesystem::path(path).stem().string();
        held.clear();
        line = 1;
        searched = 0;
        ended = judged = json = false;
    }
    /// Reads on to `wanted` bytes, or as far as there is something without waiting: at least a byte, or the input has ended.
    void fill(std::size_t wanted) {
        std::size_t filled = held.size();
        if (ended || filled >= wanted) return;
        held.resize(wanted);
        do {
            const std::size_t got = input->read_some(std::as_writable_bytes(std::span(held.data() + filled, wanted - filled)));
            ended = got == 0;
            filled += got;
        } while (!ended && filled < wanted && !input->waits());
        held.resize(filled);
    }
    void fill_all(std::size_t wanted) {
        while (!ended && held.size() < wanted) fill(wanted);
    }
    /// Tells by the first character what the input is, waiting for it.
    void judge() {
        constexpr std::string_view mark = "\xef\xbb\xbf", space = " \t\r\n";
        const auto open_still = [&] { return mark.starts_with(held) || held.find_first_not_of(space) == std::string::npos; };
        while (!ended && open_still()) fill(std::max(batch_bytes, held.size() + 1));
        if (held.starts_with(mark)) refuse(input->name(), 1, "byte order mark");
        const auto first = held.find_first_not_of(space);
        json = first != std::string::npos && held[first] == '{';
        judged = true;
    }
};

Source::Source(std::vector<std::string> operands) : state_(std::make_unique<State>()) {
    namespace fs = std::filesystem;
    for (auto& operand : operands) {
        std::error_code failed;
        if (operand == "-" || !fs::is_directory(operand, failed)) {
            state_->paths.push_back(std::move(operand));
            continue;
        }
        std::vector<std::string> files;
        fs::directory_iterator it(operand, failed);
        if (failed) throw Error(ExitCode::no_input, display_name(operand) + ": " + failed.message());
        for (const fs::directory_iterator end; it != end; it.increment(failed)) {
            if (failed) throw Error(ExitCode::io_error, display_name(operand) + ": " + failed.message());
            if (it->is_regular_file(failed) && it->path().filename().string().front() != '.') files.push_back(it->path().string());
        }
        if (files.empty()) throw Error(ExitCode::no_input, display_name(operand) + ": no file in this folder");
        std::sort(files.begin(), files.end());
        std::move(files.begin(), files.end(), std::back_inserter(state_->paths));
    }
}
Source::~Source() = default;
Source::Source(Source&&) noexcept = default;

bool Source::waits() const { return state_->input && !state_->ended && state_->input->waits(); }

std::optional<Batch> Source::next() {
    State& s = *state_;
    for (;;) {
        if (!s.input) {
            if (s.next_path == s.paths.size()) return std::nullopt;
            s.open();
        }
        if (!s.judged) s.judge();
        Batch batch{.file = s.input->name(), .bytes = {}, .first_line = s.line, .plain_id = {}};
        if (!s.json) {
            s.fill_all(longest_report + 1);
            if (s.held.size() > longest_report) refuse(batch.file, 1, fmt::format("longer than {} MiB", longest_report >> 20U));
            batch.plain_id = s.id;
            batch.bytes.swap(s.held);
            s.input.reset();
            if (blank(batch.bytes)) throw Error(ExitCode::bad_data, batch.file + ": no report in it");
            return batch;
        }
        const std::size_t searched = s.searched;
        const bool whole = s.held.find('\n', searched) != std::string::npos;  // a line, read when the input was judged
        if (!whole || !s.input->waits()) s.fill(s.held.size() < batch_bytes ? batch_bytes : std::min(s.held.size() * 2, longest_report + 1));
        const std::size_t cut = s.held.find('\n', searched) == std::string::npos ? std::string::npos : s.held.rfind('\n');
        s.searched = cut == std::string::npos ? s.held.size() : 0;
        if (cut == std::string::npos && s.ended) {
            if (!blank(s.held)) refuse(batch.file, s.line, "cut short: no newline at the end");
            s.input.reset();
            continue;
        }
        if (cut == std::string::npos) {
            if (s.held.size() > longest_report) refuse(batch.file, s.line, fmt::format("line longer than {} MiB", longest_report >> 20U));
            if (s.input->waits()) return batch;
            continue;
        }
        std::string behind(s.held, cut + 1);
        s.held.resize(cut + 1);
        batch.bytes.swap(s.held);
        s.held.swap(behind);
        for (auto i = batch.bytes.find('\n'); i != std::string::npos; i = batch.bytes.find('\n', i + 1)) ++s.line;
        return batch;
    }
}

void read_batch(const Batch& batch, const Keys& keys, BadText bad_text, const TakeReport& take, const std::function<void(const Error&)>& bad) {
    const auto guarded = [&](auto work) {
        try {
            work();
        } catch (const Error& e) {
            if (!bad || e.code() != ExitCode::bad_data) throw;
            bad(e);
        }
    };
    if (!batch.plain_id.empty()) {
        guarded([&] {
            const auto at = find_bad_utf8(batch.bytes);
            if (at && bad_text == BadText::refuse) throw Error(ExitCode::bad_data, fmt::format("{}: byte {}: not UTF-8", batch.file, *at));
            take(batch.plain_id, at ? std::string_view(replace_bad_utf8(batch.bytes)) : std::string_view(batch.bytes));
        });
        return;
    }
    json::Document document(json::Limits{.line_bytes = longest_report});
    std::size_t line = batch.first_line;
    for (std::string_view rest = batch.bytes; !rest.empty(); ++line) {
        const auto end = std::min(rest.find('\n'), rest.size());
        std::string_view text = without_return(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (blank(text)) continue;
        guarded([&] {
            std::string_view id, report;
            const auto parse = [&](std::string_view json) {
                const auto record = document.parse(json);
                if (record.kind() != json::Value::Kind::object) throw Error(ExitCode::bad_data, "not a JSON object");
                id = record.text(keys.id);
                report = record.text(keys.text);
            };
            std::string repaired;
            try {
                try {
                    parse(text);
                } catch (const Error&) {  // the parser tells that UTF-8 is bad, not where
                    const auto at = find_bad_utf8(text);
                    if (!at) throw;
                    repaired = replace_bad_utf8(text);
                    if (bad_text == BadText::replace) parse(repaired);
                    else if (const auto m = find_misplaced(repaired, *at, keys)) throw Error(ExitCode::bad_data, fmt::format("{}: byte {} of {}: not UTF-8", m->id, m->byte, keys.text));
                    else throw Error(ExitCode::bad_data, fmt::format("byte {}: not UTF-8", *at));
                }
            } catch (const Error& e) {
                refuse(batch.file, line, e.what());
            }
            if (id.empty()) refuse(batch.file, line, keys.id + ": empty");
            take(id, report);
        });
    }
}

}  // namespace lge::report
