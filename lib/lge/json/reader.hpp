#pragma once
#include "lge/base/stream.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace lge::json {

class Value;
struct Access;

/// Limits that keep hostile input from costing more than its size.
struct Limits {
    std::size_t line_bytes = std::size_t{8} << 20;
    std::size_t depth = 64;
};

/// A parsed JSON value; valid while the Document or record it came from lives. Cheap to copy.
/// The typed readers throw bad_data naming the key, never its content.
class Value {
public:
    enum class Kind { null, boolean, number, string, array, object };
    [[nodiscard]] Kind kind() const;
    [[nodiscard]] bool is_null() const { return kind() == Kind::null; }

    /// Throw bad_data "wanted a string" and the like when the kind differs; integer() also when not whole or out of range.
    [[nodiscard]] std::string_view text() const;
    [[nodiscard]] double number() const;
    [[nodiscard]] std::int64_t integer() const;
    [[nodiscard]] bool boolean() const;

    /// Of an array.
    [[nodiscard]] std::size_t size() const;
    void each(const std::function<void(Value)>& f) const;
    /// Of an object; members in the order of the text.
    void each_member(const std::function<void(std::string_view key, Value)>& f) const;
    /// The member, or nothing when it is absent or null.
    [[nodiscard]] std::optional<Value> find(std::string_view key) const;
    /// The member; throws bad_data "no KEY" when it is absent or null.
    [[nodiscard]] Value get(std::string_view key) const;

    /// find/get and the typed reader in one, with the key in the message.
    [[nodiscard]] std::string_view text(std::string_view key) const;
    [[nodiscard]] double number(std::string_view key) const;
    [[nodiscard]] std::int64_t integer(std::string_view key) const;
    [[nodiscard]] std::optional<std::string_view> text_if(std::string_view key) const;
    [[nodiscard]] std::optional<double> number_if(std::string_view key) const;
    [[nodiscard]] std::optional<std::int64_t> integer_if(std::string_view key) const;
    [[nodiscard]] std::optional<bool> boolean_if(std::string_view key) const;

private:
    friend struct Access;
    alignas(void*) std::byte handle_[16];  // the parser's own handle: only reader.cpp knows its type
};

/// One JSON text and its parser; reparse to reuse the memory.
class Document {
public:
    explicit Document(Limits limits = {});
    ~Document();
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    /// Parses one value that fills the whole text. bad_data for bad JSON, bad UTF-8, NUL, a duplicate key in any object,
    /// and nesting past the limit; the message quotes nothing.
    Value parse(std::string_view text);

private:
    friend class Lines;
    struct State;
    std::unique_ptr<State> state_;
};

/// The records of a JSON Lines stream, one object a line, read in blocks (memory is a block plus a line).
/// A blank line is skipped; CRLF is taken; a BOM, a last line without newline and a line past the limit are refused.
class Lines {
public:
    explicit Lines(Input input, Limits limits = {});
    /// Of a text that was read already; `name` is for messages.
    Lines(Bytes text, std::string name, Limits limits = {});
    ~Lines();
    Lines(Lines&&) noexcept;

    /// The next record, or nothing at the end. bad_data "FILE:LINE: reason" for a bad line; the call after it goes on
    /// with the next line, so that a caller may keep going. The value lives until the next call.
    std::optional<Value> next();
    /// The next line's raw text without parsing (for callers that parse on other threads).
    std::optional<std::string_view> next_line();
    /// Of the record that next() gave, from 1.
    [[nodiscard]] std::size_t line() const;
    /// "FILE:LINE"
    [[nodiscard]] std::string where() const;
    /// Throws bad_data "FILE:LINE: reason".
    [[noreturn]] void refuse(std::string_view reason) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lge::json
