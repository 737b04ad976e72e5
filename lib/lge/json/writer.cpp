#include "lge/json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace lge::json {
namespace {
bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7f; }
}  // namespace

/// A comma before every member but the first.
void Writer::separate() {
    if (!first_) out_ += ',';
    first_ = false;
}

Writer& Writer::object() {
    separate();
    out_ += '{';
    closers_ += '}';
    first_ = true;
    return *this;
}

Writer& Writer::array() {
    separate();
    out_ += '[';
    closers_ += ']';
    first_ = true;
    return *this;
}

Writer& Writer::end() {
    out_ += closers_.back();
    closers_.pop_back();
    first_ = false;
    return *this;
}

Writer& Writer::key(std::string_view name) {
    text(name);
    out_ += ':';
    first_ = true;  // no comma between the key and its value
    return *this;
}

Writer& Writer::text(std::string_view value) {
    separate();
    out_ += '"';
    while (!value.empty()) {
        const auto plain = std::find_if(value.begin(), value.end(), needs_escape);
        out_.append(value.begin(), plain);
        value.remove_prefix(static_cast<std::size_t>(plain - value.begin()));
        if (value.empty()) break;
        switch (const char c = value.front()) {
            case '"': out_ += "\\\""; break;
            case '\\': out_ += "\\\\"; break;
            case '\n': out_ += "\\n"; break;
            case '\r': out_ += "\\r"; break;
            case '\t': out_ += "\\t"; break;
            default: fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<unsigned>(c));
        }
        value.remove_prefix(1);
    }
    out_ += '"';
    return *this;
}

Writer& Writer::number(double value) {
    if (!std::isfinite(value)) return null();
    if (value == 0 && std::signbit(value)) return raw("-0.0");  // "-0" would read as a whole number, without its sign
    separate();
    fmt::format_to(std::back_inserter(out_), "{}", value);
    return *this;
}

Writer& Writer::integer(std::int64_t value) {
    separate();
    fmt::format_to(std::back_inserter(out_), "{}", value);
    return *this;
}

Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }
Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

std::string Writer::take_line() {
    std::string line = std::move(out_) + '\n';
    *this = Writer();
    return line;
}

}  // namespace lge::json
