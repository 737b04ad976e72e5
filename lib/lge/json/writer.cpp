#include "lge/json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace lge::json {
namespace {
constexpr std::array<bool, 256> needs_escape = [] {
    std::array<bool, 256> t{};
    for (std::size_t c = 0; c < 256; ++c) t[c] = c < 0x20 || c == '"' || c == '\\' || c == 0x7f;
    return t;
}();

constexpr std::size_t slack = 8;  // bytes behind a text that may be read

/// The bytes before the first of `size` that needs an escape, looked at eight at a time.
std::size_t plain_of(const char* text, std::size_t size) {
    std::size_t n = 0;
    if constexpr (std::endian::native == std::endian::little) {
        constexpr std::uint64_t each = 0x0101010101010101ULL, high = each * 0x80;
        const auto zero = [](std::uint64_t x) { return (x - each) & ~x; };  // the high bit of the lowest byte that is 0, if any
        for (std::uint64_t x = 0; n < size; n += sizeof x) {
            std::memcpy(&x, text + n, sizeof x);
            const std::uint64_t found = (((x - each * 0x20) & ~x) | zero(x ^ each * '"') | zero(x ^ each * '\\') | zero(x ^ each * 0x7f)) & high;
            if (found != 0) return std::min(size, n + static_cast<std::size_t>(std::countr_zero(found)) / 8);
        }
        return size;
    }
    while (n < size && !needs_escape[static_cast<unsigned char>(text[n])]) ++n;
    return n;
}
}  // namespace

void Writer::grow(std::size_t bytes) { out_.resize(std::max({out_.size() * 2, used_ + bytes, std::size_t{64}})); }

inline void Writer::put(char c) {
    *room(1) = c;
    ++used_;
}

inline void Writer::put(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(room(text.size()), text.data(), text.size());
    used_ += text.size();
}

/// A comma before every member but the first.
inline void Writer::separate() {
    if (!first_) put(',');
    first_ = false;
}

Writer& Writer::object() {
    separate();
    put('{');
    closers_ += '}';
    first_ = true;
    return *this;
}

Writer& Writer::array() {
    separate();
    put('[');
    closers_ += ']';
    first_ = true;
    return *this;
}

Writer& Writer::end() {
    put(closers_.back());
    closers_.pop_back();
    first_ = false;
    return *this;
}

Writer& Writer::key(std::string_view name) {
    text(name);
    put(':');
    first_ = true;  // no comma between the key and its value
    return *this;
}

Writer& Writer::text(std::string_view value) {
    separate();
    put('"');
    constexpr std::size_t piece = 64;  // so that what stands behind an escape is not copied again and again
    while (!value.empty()) {
        const std::size_t size = std::min(value.size(), piece);
        char* const to = room(size + slack);  // looked at where it is copied to, since there the bytes behind it may be read
        std::memcpy(to, value.data(), size);
        const std::size_t plain = plain_of(to, size);
        used_ += plain;
        value.remove_prefix(plain);
        if (plain == size) continue;
        switch (const char c = value.front()) {
            case '"': put("\\\""); break;
            case '\\': put("\\\\"); break;
            case '\n': put("\\n"); break;
            case '\r': put("\\r"); break;
            case '\t': put("\\t"); break;
            default: put(fmt::format("\\u{:04x}", static_cast<unsigned>(c)));
        }
        value.remove_prefix(1);
    }
    put('"');
    return *this;
}

Writer& Writer::number(double value) {
    if (!std::isfinite(value)) return null();
    if (value == 0 && std::signbit(value)) return raw("-0.0");  // "-0" would read as a whole number, without its sign
    constexpr double digits = 1e15;  // up to here a whole number is written as one
    if (std::abs(value) < digits && value == std::trunc(value)) return integer(static_cast<std::int64_t>(value));
    separate();
    put(fmt::format("{}", value));
    return *this;
}

Writer& Writer::integer(std::int64_t value) {
    separate();
    constexpr std::size_t longest = 20;
    char* const to = room(longest);
    used_ += static_cast<std::size_t>(std::to_chars(to, to + longest, value).ptr - to);
    return *this;
}

Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }
Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(std::string_view json) {
    separate();
    put(json);
    return *this;
}

Writer& Writer::end_line() {
    put('\n');
    first_ = true;
    return *this;
}

std::string Writer::take() {
    out_.resize(used_);
    std::string text = std::move(out_);
    *this = Writer();
    return text;
}

std::string Writer::take_line() { return end_line().take(); }

}  // namespace lge::json
