// Every record can be walked, and what the writer makes of it must parse to the same text again.
#include "lge/base/error.hpp"
#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

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
    const int fd = memfd_create("json-lines", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != static_cast<ssize_t>(size)) std::abort();
    lge::json::Lines lines(lge::Input("/proc/self/fd/" + std::to_string(fd)), {.line_bytes = 2000, .depth = 16});
    close(fd);
    lge::json::Document d;
    for (std::size_t errors = 0;;) {
        Writer first, second;
        try {
            const auto record = lines.next();
            if (!record) return 0;
            copy(first, *record);
        } catch (const lge::Error&) {
            if (++errors > size) std::abort();  // no line is refused twice
            continue;
        }
        copy(second, d.parse(first.str()));  // an exception is a finding
        if (first.str() != second.str()) std::abort();
    }
}
