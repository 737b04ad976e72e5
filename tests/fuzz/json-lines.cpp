// Whatever is parsed must be walkable, and what the writer makes of it must parse to the same text again.
#include "lge/base/error.hpp"
#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using lge::json::Value;
using lge::json::Writer;

void copy(Writer& w, const Value& v) {
    switch (v.kind()) {
        case Value::Kind::null: w.null(); break;
        case Value::Kind::boolean: w.boolean(v.boolean()); break;
        case Value::Kind::number: w.number(v.number()); break;
        case Value::Kind::string: w.text(v.text()); break;
        case Value::Kind::array:
            w.array();
            v.each([&](Value item) { copy(w, item); });
            w.end();
            break;
        case Value::Kind::object:
            w.object();
            v.each_member([&](std::string_view key, Value item) { copy(w.key(key), item); });
            w.end();
            break;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    lge::json::Document d;
    while (!text.empty()) {
        const auto end = text.find('\n');
        Writer first, second;
        try {
            copy(first, d.parse(text.substr(0, end)));
        } catch (const lge::Error&) {
            first = Writer();
        }
        if (!first.str().empty()) {  // an exception from here on is a finding
            copy(second, d.parse(first.str()));
            if (first.str() != second.str()) std::abort();
        }
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return 0;
}
