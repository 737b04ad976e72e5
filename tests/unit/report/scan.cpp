#include "lge/report/scan.hpp"
#include "lge/report/unicode.hpp"

#include <catch2/catch.hpp>

using namespace lge::report;

TEST_CASE("long words are known with one letter wrong, short ones are not") {
    Vocabulary v;
    const auto inferolateral = v.add("inferolateral"), scar = v.add("scar"), segment = v.add("segment");
    v.add("segments");
    v.finish(" ");
    Misspellings misspellings(v);
    std::vector<Token> t;
    const auto find = [&](std::string_view w) {
        scan(w, v, &misspellings, t);
        return t.at(0).word;
    };
    for (const auto* w : {"inferolateral", "inferolaterl", "inferollateral", "inferolaterel", "infrolateral", "inferolatearl"}) CHECK(find(w) == inferolateral);
    CHECK(find("anferolateral") == 0);
    CHECK(find("infrolaterl") == 0);
    CHECK(find("scar") == scar);
    CHECK(find("scars") == scar);
    CHECK(find("scat") == 0);
    CHECK(find("segments") == segment);
}

TEST_CASE("bytes that are not UTF-8 are found where they stand") {
    CHECK_FALSE(find_bad_utf8("caf\u00e9 \U0001f600"));
    CHECK(find_bad_utf8("ab\xff") == 2U);
    CHECK(find_bad_utf8("\xc0\x80") == 0U);
    CHECK(find_bad_utf8("a\xed\xa0\x80") == 1U);
    CHECK(find_bad_utf8("a\xe2\x80") == 1U);
    const auto repaired = replace_bad_utf8("a\xff\xe2\x80z");
    CHECK(repaired == "a???z");
}

TEST_CASE("tokens keep the offsets of the text") {
    Vocabulary v;
    const auto mid = v.add("mid"), wall = v.add("wall");
    v.finish(" ");
    std::vector<Token> t;
    scan("M\u200bid\u2011wall 2.5 %", v, nullptr, t);
    REQUIRE(t.size() == 4);
    CHECK(t[0].word == mid);
    CHECK(t[0].end == 6);
    CHECK(t[1].word == wall);
    CHECK(t[1].start == 9);
    CHECK(t[2].value == 2.5F);
    CHECK(t[3].sign == '%');
}
