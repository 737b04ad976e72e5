#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"

#include "lge/base/error.hpp"
#include "lge/base/random.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <bit>
#include <cmath>
#include <fstream>
#include <limits>
#include <utility>
#include <vector>

using lge::json::Document;
using lge::json::Limits;
using lge::json::Lines;
using lge::json::Value;
using lge::json::Writer;

namespace {

/// Why parsing fails, or "" when it does not.
std::string refusal(std::string_view text, Limits limits = {}) {
    Document d(limits);
    try {
        d.parse(text);
    } catch (const lge::Error& e) {
        CHECK(e.code() == lge::ExitCode::bad_data);
        return e.what();
    }
    return "";
}

class TempFile {
public:
    explicit TempFile(std::string_view content) { std::ofstream(path(), std::ios::binary) << content; }
    [[nodiscard]] std::string path() const { return (folder_.path / "lines.jsonl").string(); }

private:
    TemporaryFolder folder_;
};

/// "n=K" for a record with the integer n, "LINE: reason" for a bad line.
std::vector<std::string> read_lines(std::string_view content, Limits limits = {}) {
    const TempFile file(content);
    Lines lines(lge::Input(file.path()), limits);
    std::vector<std::string> seen;
    for (;;) {
        try {
            const auto record = lines.next();
            if (!record) return seen;
            seen.push_back("n=" + std::to_string(record->integer("n")));
        } catch (const lge::Error& e) {
            const std::string what = e.what();
            CHECK(what.starts_with(lines.where() + ": "));
            seen.push_back(what.substr(what.find(':') + 1));
        }
    }
}
using Seen = std::vector<std::string>;

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("a writer keeps the order of the calls and adds no spaces") {
    Writer w;
    w.object().key("schema").text("lge.dice/1").key("dice").number(0.5).key("list").array().integer(1).null().object().end().array().end().end();
    w.key("last").boolean(true).key("raw").raw("[1]").end();
    CHECK(w.str() == R"({"schema":"lge.dice/1","dice":0.5,"list":[1,null,{},[]],"last":true,"raw":[1]})");
    CHECK(w.take_line().ends_with("}\n"));
    CHECK(w.object().end().take_line() == "{}\n");
    w.object().end().end_line().integer(-12).end_line();
    CHECK(w.take() == "{}\n-12\n");
    CHECK(w.take().empty());
}

TEST_CASE("a writer finds what to escape wherever it stands in a long text") {
    for (std::size_t at = 0; at < 40; ++at) {
        std::string text(40, 'a');
        text[at] = '"';
        Writer w;
        w.text(text);
        CHECK(w.str() == '"' + text.substr(0, at) + "\\\"" + text.substr(at + 1) + '"');
    }
}

TEST_CASE("a writer gives null for what JSON has no number for") {
    Writer w;
    w.array().number(std::nan("")).number(INFINITY).number(-INFINITY).end();
    CHECK(w.str() == "[null,null,null]");
}

TEST_CASE("a writer escapes quotes, backslashes and control characters, and keeps UTF-8") {
    Writer w;
    w.text(std::string_view("a\"b\\c\n\t\x01\0\x7f é", 13));
    CHECK(w.str() == "\"a\\\"b\\\\c\\n\\t\\u0001\\u0000\\u007f é\"");
}

TEST_CASE("every double reads back bit for bit") {
    lge::Random random(7, 0, "json");
    Document d;
    const std::vector<double> edges = {0.0, -0.0, 1e20, 1e-7, 5e-324, 1.7976931348623157e308, 9007199254740993.0, 0.1};
    for (std::size_t i = 0; i < 20000; ++i) {
        double v = i < edges.size() ? edges[i] : std::bit_cast<double>(std::uint64_t{random.next()} << 32 | random.next());
        if (!std::isfinite(v)) continue;
        Writer w;
        w.array().number(v).end();
        double back = 0;
        d.parse(w.str()).each([&](Value e) { back = e.number(); });
        INFO(w.str());
        REQUIRE(std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(v));
    }
}

TEST_CASE("values are read by kind, and a wrong kind is named by its key") {
    Document d;
    const Value v = d.parse(R"({"t":"x\u00e9","d":1.5,"i":-3,"w":4.0,"b":false,"n":null,"a":[1,2],"o":{"k":1},"big":9223372036854775807})");
    CHECK(v.text("t") == "xé");
    CHECK(v.number("d") == 1.5);
    CHECK(v.number("i") == -3.0);
    CHECK(v.integer("i") == -3);
    CHECK(v.integer("w") == 4);
    CHECK(v.integer("big") == std::numeric_limits<std::int64_t>::max());
    CHECK(v.boolean_if("b") == false);
    CHECK(v.get("a").size() == 2);
    CHECK_FALSE(v.find("n"));
    CHECK_FALSE(v.text_if("absent"));
    CHECK(v.get("o").integer("k") == 1);
    std::string order;
    v.each_member([&](std::string_view key, Value) { order += key; });
    CHECK(order == "tdiwbnaobig");
    CHECK_THROWS_WITH(v.text("d"), "d: wanted a string");
    CHECK_THROWS_WITH(v.integer("d"), "d: wanted a whole number");
    CHECK_THROWS_WITH(v.number_if("t"), "t: wanted a number");
    CHECK_THROWS_WITH(v.text("n"), "no n");
    CHECK_THROWS_WITH(v.get("absent"), "no absent");
    CHECK_THROWS_WITH(v.get("a").find("x"), "wanted an object");
}

TEST_CASE("what is not JSON is refused") {
    for (const std::string text : {"", " ", "{", "}", "[1,]", "{\"a\":1,}", "{a:1}", "'x'", "nul", "01", "1.", "+1", "NaN", "Infinity", "-", "{}{}", "1 2",
                                   "\"", "\"\\x\"", "\"\\u12\"", "[1 2]", "\"a\nb\"", "{\"a\" 1}", "// x\n1", "\xEF\xBB\xBF{}"})
        CHECK_FALSE(refusal(text).empty());
    CHECK(refusal({}) == "is empty");
    for (const std::string text : {"{}", "[]", " 1 ", "\"\"", "null", "true", "-0.0e-1", "{\"\":{\"\":0}}"}) CHECK(refusal(text).empty());
}

TEST_CASE("numbers that a double cannot hold are refused") {
    CHECK_FALSE(refusal("1e309").empty());
    CHECK_FALSE(refusal("[-1e999]").empty());
    CHECK_FALSE(refusal("123456789012345678901234567890").empty());
    CHECK(refusal("1e308").empty());
    CHECK(refusal("18446744073709551615").empty());
}

TEST_CASE("text that is not Unicode is refused") {
    for (const std::string bytes : {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3", "\xFF", "\\ud800", "\\udc00", "\\udc00\\ud800",
                                    "\\ud800x", "\\u0000"}) {
        CHECK_FALSE(refusal("\"" + bytes + "\"").empty());
        CHECK_FALSE(refusal("{\"" + bytes + "\":1}").empty());
    }
    CHECK(refusal("\"\\ud83d\\ude00 \xF0\x9F\x98\x80\"").empty());
    CHECK(refusal(std::string_view("{}\0", 3)) == "holds a NUL byte");
    CHECK(refusal(std::string_view("\"a\0b\"", 5)) == "holds a NUL byte");
}

TEST_CASE("a key that an object has twice is refused, at any depth and however it is spelt") {
    CHECK(refusal(R"({"a":1,"b":2,"a":3})") == "has a key twice in one object");
    CHECK(refusal(R"({"a":1,"\u0061":3})") == "has a key twice in one object");
    CHECK(refusal(R"([{"x":{"b":1,"c":[{"k":1,"k":1}]}}])") == "has a key twice in one object");
    CHECK(refusal(R"({"a":{"a":1},"b":{"a":1}})").empty());
    std::string many = "{";
    for (int i = 0; i < 3000; ++i) many += "\"key" + std::to_string(i) + "\":1,";
    CHECK(refusal(many + "\"x\":1}").empty());
    CHECK_FALSE(refusal(many + "\"key1500\":1}").empty());
}

TEST_CASE("nesting is taken to the limit and no deeper") {
    const Limits limits{.line_bytes = 1 << 20, .depth = 64};
    CHECK(refusal(nested(64), limits).empty());
    CHECK(refusal("{\"a\":" + nested(63) + "}", limits).empty());
    CHECK(refusal("{\"a\":" + nested(64) + "}", limits) == "is nested deeper than 64 levels");
    CHECK(refusal(nested(65), limits) == "is nested deeper than 64 levels");
    CHECK_FALSE(refusal(std::string(1000000, '['), limits).empty());
}

TEST_CASE("no message quotes what was read") {
    for (const std::string text : {R"({"SECRET":SECRET})", R"({"SECRET":1,"SECRET":2})", "\"SECRET\xff\"", R"(["SECRET"] SECRET)", R"("SECRET\q")"})
        CHECK(refusal(text).find("SECRET") == std::string::npos);
}

TEST_CASE("a document can be parsed again and again") {
    Document d;
    for (int i = 0; i < 100; ++i) {
        CHECK(d.parse("{\"n\":" + std::to_string(i) + "}").integer("n") == i);
        CHECK_THROWS(d.parse("{\"n\":{\"a\":1,\"a\":2}}"));
    }
}

TEST_CASE("records come line by line; blank lines and CRLF are taken") {
    CHECK(read_lines("") == Seen{});
    CHECK(read_lines("\n \t\n\r\n") == Seen{});
    CHECK(read_lines("{\"n\":1}\n\n  {\"n\":2}\r\n{\"n\":3}\n") == Seen{"n=1", "n=2", "n=3"});
}

TEST_CASE("a bad line is named, and the next is read") {
    CHECK(read_lines("{\"n\":1}\n{\n[1]\n{\"n\":4}\n{\"n\":1,\"n\":1}\n\"x\"\n{\"n\":7}\n") ==
          Seen{"n=1", "2: is not JSON", "3: is not an object", "n=4", "5: has a key twice in one object", "6: is not an object", "n=7"});
    CHECK(read_lines("\xEF\xBB\xBF{\"n\":1}\n{\"n\":2}\n") == Seen{"1: begins with a byte order mark", "n=2"});
    CHECK(read_lines("{\"n\":1} {\"n\":2}\n").size() == 1);
}

TEST_CASE("a record does not go on in the next line") {
    CHECK(read_lines("{\"n\":1,\n\"m\":2}\n") == Seen{"1: is not JSON", "2: is not JSON"});
}

TEST_CASE("a last line without a newline is refused, so that every cut shows") {
    const std::string whole = "{\"n\":1}\n{\"n\":2}\n";
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        const bool at_line_end = cut == 0 || whole[cut - 1] == '\n';
        const auto seen = read_lines(whole.substr(0, cut));
        CHECK((!seen.empty() && seen.back().find("cut short") != std::string::npos) == !at_line_end);
    }
}

TEST_CASE("a line past the limit is refused whatever its length, and the next is read") {
    const Limits limits{.line_bytes = 20, .depth = 8};
    const std::string fits = "{\"n\":1,\"x\":12345678}";
    REQUIRE(fits.size() == 20);
    CHECK(read_lines(fits + "\n", limits) == Seen{"n=1"});
    for (const std::size_t length : {21u, 22u, 5000u, (1u << 18) - 1, 1u << 18, (1u << 18) + 1, 3u << 18})
        CHECK(read_lines("{\"n\":0}\n" + std::string(length, ' ') + "\n{\"n\":2}\n", limits) == Seen{"n=0", "2: is longer than 20 bytes", "n=2"});
}

TEST_CASE("lines that cross the blocks of the reader come whole") {
    std::string content;
    Seen wanted;
    lge::Random random(3, 0, "lines");
    for (int i = 0; i < 300; ++i) {
        content += "{\"n\":" + std::to_string(i) + ",\"pad\":\"" + std::string(random.below(i % 50 == 0 ? 600000 : 5000), 'x') + "\"}\n";
        wanted.push_back("n=" + std::to_string(i));
    }
    CHECK(read_lines(content) == wanted);
}

TEST_CASE("a raw line is given as it stands") {
    const TempFile file("{\"n\": 1}\r\n\nnot json\n");
    Lines lines{lge::Input(file.path())};
    CHECK(lines.next_line() == "{\"n\": 1}");
    CHECK(lines.next_line() == "not json");
    CHECK(lines.line() == 3);
    CHECK_FALSE(lines.next_line());
}

TEST_CASE("lines of a text in memory are read as those of a file, and named alike") {
    const auto lines_of = [](std::string_view text) {
        const auto bytes = lge::as_bytes(text);
        return Lines(lge::Bytes(bytes.begin(), bytes.end()), "memory");
    };
    auto lines = lines_of("{\"a\":1}\r\n\n{\"a\":2}\n");
    CHECK(lines.next()->integer("a") == 1);
    CHECK(lines.next()->integer("a") == 2);
    CHECK(lines.where() == "memory:3");
    CHECK_FALSE(lines.next());
    CHECK_FALSE(lines_of("").next());
    auto cut = lines_of("{\"a\":1}\n{\"a\":");
    CHECK(cut.next());
    CHECK_THROWS_AS(cut.next(), lge::Error);
}
