#include "lge/json/writer.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <iterator>

namespace lge::json {
namespace {
constexpr std::array<bool, 256> needs_escape = [] {
    std::array<bool, 256> t{};
    for (std::size_t c = 0; c < 256; ++c) t[c] = c < 0x20 || c == '"' || c == '\\' || c == 0x7f;
    return t;
}();
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
    for (;;) {
        std::size_t plain = 0;
        while (plain < value.size() && !needs_escape[static_cast<unsigned char>(value[plain])]) ++plain;
        out_.append(value.data(), plain);
        value.remove_prefix(plain);
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
    constexpr double digits = 1e15;  // up to here a whole number is written as one
    if (std::abs(value) < digits && value == std::trunc(value)) return integer(static_cast<std::int64_t>(value));
    separate();
    fmt::format_to(std::back_inserter(out_), "{}", value);
    return *this;
}

Writer& Writer::integer(std::int64_t value) {
    separate();
    std::array<char, 24> digits;
    out_.append(digits.data(), std::to_chars(digits.begin(), digits.end(), value).ptr);
    return *this;
}

Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }
Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
}

Writer& Writer::end_line() {
    out_ += '\n';
    first_ = true;
    return *this;
}

std::string Writer::take() {
    std::string text = std::move(out_);
    *this = Writer();
    return text;
}

std::string Writer::take_line() { return end_line().take(); }

}  // namespace lge::json
