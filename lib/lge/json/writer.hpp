#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace lge::json {

/// Writes one JSON value into a string: keys in the order of the calls, the shortest numbers that read back equal,
/// null for NaN and infinities, no spaces. Text must be UTF-8 (not checked).
///   Writer w; w.object().key("schema").text("lge.dice/1").key("dice").number(0.5).end();  // {"schema":"lge.dice/1","dice":0.5}
class Writer {
public:
    Writer& object();
    Writer& array();
    Writer& end();  ///< of the innermost object or array
    Writer& key(std::string_view name);
    /// The same for a literal of the source, which holds nothing to escape.
    template <std::size_t N>
    Writer& key(const char (&name)[N]) {
        char* to = room(N + 4);
        if (!first_) *to++ = ',';
        *to++ = '"';
        std::memcpy(to, name, N - 1);
        to += N - 1;
        *to++ = '"';
        *to++ = ':';
        used_ = static_cast<std::size_t>(to - out_.data());
        first_ = true;  // no comma between the key and its value
        return *this;
    }
    Writer& text(std::string_view value);
    Writer& number(double value);
    Writer& integer(std::int64_t value);
    Writer& boolean(bool value);
    Writer& null();
    /// A value that is JSON already.
    Writer& raw(std::string_view json);

    /// A newline behind what was written; another value may follow on the next line.
    Writer& end_line();

    [[nodiscard]] std::string_view str() const { return {out_.data(), used_}; }
    /// What was written; the writer is empty again.
    std::string take();
    /// The same with a newline behind it.
    std::string take_line();

private:
    void separate();
    void grow(std::size_t bytes);
    /// Behind what was written.
    char* room(std::size_t bytes) {
        if (out_.size() - used_ < bytes) grow(bytes);
        return out_.data() + used_;
    }
    void put(char c);
    void put(std::string_view text);
    std::string out_;  // longer than what was written
    std::size_t used_ = 0;
    std::string closers_;
    bool first_ = true;
};

}  // namespace lge::json
