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

}  // namespace

struct Source::State {
    std::vector<std::string> paths;
    std::size_t next_path = 0;
    std::optional<Input> input;
    std::string id;          // of a plain report from this input
    std::string held;        // bytes read and not yet given
    std::size_t line = 1;
    bool ended = false, json = false, judged = false;

    void open() {
        const std::string& path = paths[next_path++];
        input.emplace(path);
        id = path == "-" ? "-" : std::filesystem::path(path).stem().string();
        held.clear();
        line = 1;
        ended = judged = json = false;
    }
    void fill(std::size_t wanted) {
        const std::size_t before = held.size();
        if (ended || before >= wanted) return;
        held.resize(wanted);
        const std::size_t got = input->read(std::as_writable_bytes(std::span(held.data() + before, wanted - before)));
        held.resize(before + got);
        ended = before + got < wanted;
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

std::optional<Batch> Source::next() {
    State& s = *state_;
    for (;;) {
        if (!s.input) {
            if (s.next_path == s.paths.size()) return std::nullopt;
            s.open();
        }
        s.fill(batch_bytes);
        if (!s.judged) {
            s.judged = true;
            if (s.held.starts_with("\xef\xbb\xbf")) refuse(s.input->name(), 1, "byte order mark");
            const auto first = s.held.find_first_not_of(" \t\r\n");
            s.json = first != std::string::npos && s.held[first] == '{';
        }
        Batch batch{.file = s.input->name(), .bytes = {}, .first_line = s.line, .plain_id = {}};
        if (!s.json) {
            s.fill(longest_report + 1);
            if (s.held.size() > longest_report) refuse(batch.file, 1, fmt::format("longer than {} MiB", longest_report >> 20U));
            batch.plain_id = s.id;
            batch.bytes.swap(s.held);
            s.input.reset();
            if (blank(batch.bytes)) throw Error(ExitCode::bad_data, batch.file + ": no report in it");
            return batch;
        }
        std::size_t cut = s.held.rfind('\n');
        for (std::size_t wanted = batch_bytes; cut == std::string::npos && !s.ended;) {
            if (s.held.size() > longest_report) refuse(batch.file, s.line, fmt::format("line longer than {} MiB", longest_report >> 20U));
            const std::size_t searched = s.held.size();
            wanted = std::min(wanted * 2, longest_report + 1);
            s.fill(wanted);
            cut = s.held.find('\n', searched) == std::string::npos ? std::string::npos : s.held.rfind('\n');
        }
        if (cut == std::string::npos) {
            if (!blank(s.held)) refuse(batch.file, s.line, "cut short: no newline at the end");
            s.input.reset();
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
            std::string repaired;
            const auto at = find_bad_utf8(text);
            if (at && bad_text == BadText::replace) text = repaired = replace_bad_utf8(text);
            else if (at) refuse(batch.file, line, fmt::format("byte {}: not UTF-8", *at));
            std::string_view id, report;
            try {
                const auto record = document.parse(text);
                if (record.kind() != json::Value::Kind::object) throw Error(ExitCode::bad_data, "not a JSON object");
                id = record.text(keys.id);
                report = record.text(keys.text);
            } catch (const Error& e) {
                refuse(batch.file, line, e.what());
            }
            if (id.empty()) refuse(batch.file, line, keys.id + ": empty");
            take(id, report);
        });
    }
}

}  // namespace lge::report
