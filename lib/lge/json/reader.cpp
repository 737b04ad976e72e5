#include "lge/json/reader.hpp"

#include "lge/base/error.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>
#include <type_traits>
#include <vector>

namespace lge::json {

namespace dom = simdjson::dom;

static_assert(sizeof(dom::element) <= sizeof(Value) && std::is_trivially_copyable_v<dom::element>);

/// From and to the parser's handle.
struct Access {
    static dom::element element(const Value& v) {
        dom::element e;
        std::memcpy(static_cast<void*>(&e), v.handle_, sizeof e);
        return e;
    }
    static Value value(const dom::element& e) {
        Value v;
        std::memcpy(v.handle_, static_cast<const void*>(&e), sizeof e);
        return v;
    }
};

namespace {

[[noreturn]] void bad_data(const std::string& reason) { throw Error(ExitCode::bad_data, reason); }

template <class T>
T wanted(simdjson::simdjson_result<T> result, const char* what) {
    T value;
    if (std::move(result).get(value) != simdjson::SUCCESS) bad_data(fmt::format("wanted {}", what));
    return value;
}

/// `read(member)` with the key in front of its message.
template <class Read>
auto keyed(std::string_view key, const Value& member, Read read) {
    try {
        return read(member);
    } catch (const Error& e) {
        bad_data(fmt::format("{}: {}", key, e.what()));
    }
}

template <class Read>
auto keyed_if(const Value& object, std::string_view key, Read read) -> std::optional<decltype(read(object))> {
    const auto member = object.find(key);
    if (!member) return std::nullopt;
    return keyed(key, *member, read);
}

constexpr auto as_string = [](const Value& v) { return v.text(); };
constexpr auto as_number = [](const Value& v) { return v.number(); };
constexpr auto as_integer = [](const Value& v) { return v.integer(); };
constexpr auto as_boolean = [](const Value& v) { return v.boolean(); };

}  // namespace

Value::Kind Value::kind() const {
    switch (Access::element(*this).type()) {
        case dom::element_type::ARRAY: return Kind::array;
        case dom::element_type::OBJECT: return Kind::object;
        case dom::element_type::STRING: return Kind::string;
        case dom::element_type::BOOL: return Kind::boolean;
        case dom::element_type::NULL_VALUE: return Kind::null;
        default: return Kind::number;
    }
}

std::string_view Value::text() const { return wanted(Access::element(*this).get_string(), "a string"); }
double Value::number() const { return wanted(Access::element(*this).get_double(), "a number"); }
bool Value::boolean() const { return wanted(Access::element(*this).get_bool(), "true or false"); }

std::int64_t Value::integer() const {
    const dom::element e = Access::element(*this);
    std::int64_t whole = 0;
    if (e.get_int64().get(whole) == simdjson::SUCCESS) return whole;
    const double v = wanted(e.get_double(), "a whole number");
    constexpr double exact = 9007199254740992.0;  // 2^53: above it a double is not one whole number
    if (v != std::trunc(v) || std::abs(v) > exact) bad_data("wanted a whole number");
    return static_cast<std::int64_t>(v);
}

std::size_t Value::size() const { return wanted(Access::element(*this).get_array(), "an array").size(); }

void Value::each(const std::function<void(Value)>& f) const {
    for (const dom::element e : wanted(Access::element(*this).get_array(), "an array")) f(Access::value(e));
}

void Value::each_member(const std::function<void(std::string_view key, Value)>& f) const {
    for (const auto member : wanted(Access::element(*this).get_object(), "an object")) f(member.key, Access::value(member.value));
}

std::optional<Value> Value::find(std::string_view key) const {
    dom::element e;
    if (wanted(Access::element(*this).get_object(), "an object").at_key(key).get(e) != simdjson::SUCCESS || e.is_null()) return std::nullopt;
    return Access::value(e);
}

Value Value::get(std::string_view key) const {
    if (const auto member = find(key)) return *member;
    bad_data(fmt::format("no {}", key));
}

std::string_view Value::text(std::string_view key) const { return keyed(key, get(key), as_string); }
double Value::number(std::string_view key) const { return keyed(key, get(key), as_number); }
std::int64_t Value::integer(std::string_view key) const { return keyed(key, get(key), as_integer); }
std::optional<std::string_view> Value::text_if(std::string_view key) const { return keyed_if(*this, key, as_string); }
std::optional<double> Value::number_if(std::string_view key) const { return keyed_if(*this, key, as_number); }
std::optional<std::int64_t> Value::integer_if(std::string_view key) const { return keyed_if(*this, key, as_integer); }
std::optional<bool> Value::boolean_if(std::string_view key) const { return keyed_if(*this, key, as_boolean); }

struct Document::State {
    explicit State(Limits l) : limits(l) {
        // The parser counts the root as one level, and an empty array or object as none: check() is exact.
        if (parser.allocate(std::size_t{1} << 12, limits.depth + 1) != simdjson::SUCCESS) throw std::bad_alloc();
    }

    /// `padded`: SIMDJSON_PADDING bytes behind the text may be read.
    dom::element parse(std::string_view text, bool padded) {
        if (text.empty()) bad_data("is empty");
        dom::element root;
        if (const auto error = parser.parse(text.data(), text.size(), !padded).get(root)) bad_data(reason(error, text));
        // An escape can put into a string what the text itself must not hold.
        escaped = std::memchr(text.data(), '\\', text.size()) != nullptr;
        check();
        return root;
    }

    [[nodiscard]] std::string too_deep() const { return fmt::format("is nested deeper than {} levels", limits.depth); }

    [[nodiscard]] std::string reason(simdjson::error_code error, std::string_view text) const {
        if (error == simdjson::MEMALLOC) throw std::bad_alloc();
        if (text.find('\0') != std::string_view::npos) return "holds a NUL byte";
        switch (error) {
            case simdjson::UTF8_ERROR: return "is not UTF-8";
            case simdjson::DEPTH_ERROR: return too_deep();
            case simdjson::NUMBER_ERROR: return "has a number that is malformed or out of range";
            case simdjson::EMPTY: return "is empty";
            case simdjson::UNESCAPED_CHARS: return "has a control character in a string";
            case simdjson::UNCLOSED_STRING: return "has a string without an end";
            case simdjson::STRING_ERROR: return "has a bad escape in a string";
            case simdjson::CAPACITY: return "is too long";
            default: return "is not JSON";
        }
    }

    /// Walks the parser's tape, one pass over all values: a word for each, its type in the top byte.
    void check() {
        keys.clear();
        scopes.assign(1, Scope{});
        const std::uint64_t* const tape = parser.doc.tape.get();
        const std::size_t end = payload(tape[0]) - 1;
        for (std::size_t i = 1; i < end; ++i) {
            Scope* top = &scopes.back();
            switch (static_cast<char>(tape[i] >> 56)) {
                case '"': {
                    const std::string_view s = string_at(payload(tape[i]));
                    if (escaped) check_string(s);
                    if (top->key_next) {
                        add_key(*top, s);
                        continue;
                    }
                    break;
                }
                case '{':
                case '[': {
                    top->key_next = top->object;
                    const bool object = static_cast<char>(tape[i] >> 56) == '{';
                    if (scopes.size() > limits.depth) bad_data(too_deep());
                    scopes.push_back({keys.size(), 0, object, object, false});
                    continue;
                }
                case '}': check_keys(*top); [[fallthrough]];
                case ']': scopes.pop_back(); continue;
                case 'l':
                case 'u':
                case 'd': ++i; break;  // the number stands in the next word
                default: break;
            }
            top->key_next = top->object;
        }
    }

    /// The parser lets "\u0000" and a lone low surrogate pass.
    static void check_string(std::string_view s) {
        if (s.find('\0') != std::string_view::npos) bad_data("has an escaped NUL in a string");
        for (auto i = s.find('\xED'); i != std::string_view::npos; i = s.find('\xED', i + 1))
            if (i + 1 < s.size() && static_cast<unsigned char>(s[i + 1]) >= 0xA0) bad_data("has half a surrogate pair in a string");
    }

    struct Key {
        std::uint64_t hash;
        std::string_view name;
        auto operator<=>(const Key&) const = default;
    };
    struct Scope {
        std::size_t first_key = 0;
        std::uint64_t seen = 0;  // one bit for six of the hash
        bool object = false, key_next = false, hit = false;
    };

    static std::size_t payload(std::uint64_t word) { return static_cast<std::size_t>(word & 0x00FF'FFFF'FFFF'FFFF); }

    /// In the string buffer: the length in 4 bytes, the text, and a NUL.
    [[nodiscard]] std::string_view string_at(std::size_t offset) const {
        const auto* const p = reinterpret_cast<const char*>(parser.doc.string_buf.get()) + offset;
        std::uint32_t length = 0;
        std::memcpy(&length, p, sizeof length);
        return {p + sizeof length, length};
    }

    /// Of the length and the first and last 8 bytes. Of a short key the bytes behind it are read too (the parser pads
    /// its string buffer) and masked: a copy of as many bytes as it has takes longer than all the rest.
    static std::uint64_t hash_of(std::string_view key) {
        std::uint64_t first = 0, last = 0;
        std::memcpy(&first, key.data(), 8);
        if (key.size() < 8) first &= (std::uint64_t{1} << 8 * key.size()) - 1;
        else std::memcpy(&last, key.data() + key.size() - 8, 8);
        return (first ^ key.size()) * 0x9E3779B97F4A7C15u ^ last * 0xC2B2AE3D27D4EB4Fu;
    }

    void add_key(Scope& scope, std::string_view name) {
        const std::uint64_t hash = hash_of(name);
        const std::uint64_t bit = std::uint64_t{1} << (hash >> 58);
        scope.hit |= (scope.seen & bit) != 0;
        scope.seen |= bit;
        scope.key_next = false;
        keys.push_back({hash, name});
    }

    void check_keys(const Scope& scope) {
        const auto first = keys.begin() + static_cast<std::ptrdiff_t>(scope.first_key);
        constexpr std::ptrdiff_t few = 48;
        bool twice = false;
        if (scope.hit && keys.end() - first <= few) {
            for (auto a = first; a != keys.end(); ++a)
                for (auto b = first; b != a; ++b) twice |= a->hash == b->hash && a->name == b->name;
        } else if (scope.hit) {
            std::sort(first, keys.end());
            twice = std::adjacent_find(first, keys.end()) != keys.end();
        }
        if (twice) bad_data("has a key twice in one object");
        keys.resize(scope.first_key);
    }

    Limits limits;
    dom::parser parser;
    std::vector<Key> keys;      // of the objects that check() is inside of
    std::vector<Scope> scopes;  // the root, then the arrays and objects that check() is inside of
    bool escaped = false;
};

Document::Document(Limits limits) : state_(std::make_unique<State>(limits)) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Value Document::parse(std::string_view text) {
    return Access::value(state_->parse(text, false));
}

struct Lines::State {
    State(Input i, Limits l) : name(i.name()), input(std::move(i)), limits(l), document(l) {}
    State(Bytes text, std::string n, Limits l) : name(std::move(n)), limits(l), document(l), buffer(std::move(text)), end(buffer.size()) {
        buffer.resize(end + simdjson::SIMDJSON_PADDING);
    }

    static constexpr std::size_t block = std::size_t{1} << 18;

    /// Reads one block behind what is pending; false at the end of the input.
    bool refill() {
        if (!input) return false;
        if (begin > 0) std::memmove(buffer.data(), buffer.data() + begin, end - begin);
        end -= begin;
        begin = 0;
        if (buffer.size() < end + block + simdjson::SIMDJSON_PADDING) buffer.resize(end + block + simdjson::SIMDJSON_PADDING);
        const std::size_t got = input->read(std::span(buffer).subspan(end, block));
        end += got;
        return got > 0;
    }

    /// The next line without its newline, or nothing at the end.
    std::optional<std::string_view> take() {
        ++number;
        std::size_t searched = 0;  // of what is pending
        for (;;) {
            const char* const from = reinterpret_cast<const char*>(buffer.data()) + begin;
            const std::size_t pending = end - begin;
            const auto* newline = pending > searched ? static_cast<const char*>(std::memchr(from + searched, '\n', pending - searched)) : nullptr;
            const std::size_t length = newline ? static_cast<std::size_t>(newline - from) : pending;
            if (length > limits.line_bytes) {
                skip_line();
                refuse_line(fmt::format("is longer than {} bytes", limits.line_bytes));
            }
            if (newline) {
                begin += length + 1;
                std::string_view line(from, length);
                if (line.ends_with('\r')) line.remove_suffix(1);
                return line;
            }
            searched = pending;
            if (!refill()) {
                if (pending == 0) return std::nullopt;
                begin = end;
                refuse_line("does not end with a newline: the input is cut short");
            }
        }
    }

    void skip_line() {
        for (;;) {
            const auto* from = buffer.data() + begin;
            if (const void* newline = std::memchr(from, '\n', end - begin)) {
                begin += static_cast<std::size_t>(static_cast<const std::byte*>(newline) - from) + 1;
                return;
            }
            begin = end;
            if (!refill()) return;
        }
    }

    [[nodiscard]] std::string where() const { return fmt::format("{}:{}", name, number); }
    [[noreturn]] void refuse_line(std::string_view reason) const { bad_data(fmt::format("{}: {}", where(), reason)); }

    std::string name;
    std::optional<Input> input;  // nothing: all is in the buffer
    Limits limits;
    Document document;
    Bytes buffer = Bytes(block + simdjson::SIMDJSON_PADDING);
    std::size_t begin = 0, end = 0;  // what is pending in the buffer
    std::size_t number = 0;
};

Lines::Lines(Input input, Limits limits) : state_(std::make_unique<State>(std::move(input), limits)) {}
Lines::Lines(Bytes text, std::string name, Limits limits) : state_(std::make_unique<State>(std::move(text), std::move(name), limits)) {}
Lines::~Lines() = default;
Lines::Lines(Lines&&) noexcept = default;

std::optional<std::string_view> Lines::next_line() {
    for (;;) {
        const auto line = state_->take();
        if (!line) return std::nullopt;
        if (state_->number == 1 && line->starts_with("\xEF\xBB\xBF")) state_->refuse_line("begins with a byte order mark");
        if (line->find_first_not_of(" \t\r") != std::string_view::npos) return line;
    }
}

std::optional<Value> Lines::next() {
    const auto line = next_line();
    if (!line) return std::nullopt;
    try {
        const Value record = Access::value(state_->document.state_->parse(*line, true));
        if (record.kind() != Value::Kind::object) bad_data("is not an object");
        return record;
    } catch (const Error& e) {
        state_->refuse_line(e.what());
    }
}

std::size_t Lines::line() const { return state_->number; }
std::string Lines::where() const { return state_->where(); }
void Lines::refuse(std::string_view reason) const { state_->refuse_line(reason); }

}  // namespace lge::json
