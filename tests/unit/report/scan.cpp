#include "lge/base/random.hpp"
#include "lge/report/letters.hpp"
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
    Tokens t;
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
    Tokens t;
    scan("M\u200bid\u2011wall 2.5 %", v, nullptr, t);
    REQUIRE(t.size() == 4);
    CHECK(t[0].word == mid);
    CHECK(t[0].end == 6);
    CHECK(t[1].word == wall);
    CHECK(t[1].start == 9);
    CHECK(t[2].value == 2.5F);
    CHECK(t[3].sign == '%');
}

TEST_CASE("characters and breaks of a page of the web stand for themselves") {
    Vocabulary v;
    const auto wall = v.add("wall"), conjunction = v.add("and");
    v.finish(" ");
    Tokens t;
    scan("&gt;50&#37;<br/>wall&nbsp;<b>wall</b> <5 &c", v, nullptr, t);
    REQUIRE(t.size() == 10);
    CHECK(t[0].sign == '>');
    CHECK(t[0].end == 4);
    CHECK(t[2].sign == '%');
    CHECK(t[3].kind == Token::Kind::newline);
    CHECK(t[4].word == wall);
    CHECK(t[5].word == wall);
    CHECK(t[6].sign == '<');
    CHECK(t[8].word == conjunction);
}

TEST_CASE("words that stand for another are read as it") {
    Vocabulary v;
    const auto conjunction = v.add("and"), is = v.add("is"), denial = v.add("not"), wall = v.add("wall"), showed = v.add("showed");
    v.add_same({"as", "well", "as"}, "and");
    v.add_same({"can", "not"}, "cannot");
    v.add_same({"disclosed"}, "showed");
    v.finish(" ");
    const auto unable = v.exact(WordKey::of("cannot"));
    Tokens t;
    const auto words = [&](std::string_view text) {
        scan(text, v, nullptr, t);
        std::vector<std::uint32_t> found;
        for (const Token& k : t) found.push_back(k.word);
        return found;
    };
    using Words = std::vector<std::uint32_t>;
    CHECK(words("wall as well as wall") == Words{wall, conjunction, wall});
    CHECK(words("wall as well\nas wall") == Words{wall, conjunction, 0, wall});
    CHECK(t[2].kind == Token::Kind::newline);
    CHECK(words("wall as well") == Words{wall, v.exact(WordKey::of("as")), v.exact(WordKey::of("well"))});
    CHECK(words("isn't") == Words{is, denial});
    CHECK(t[1].start == 2);
    CHECK(t[1].end == 5);
    CHECK(words("ISN\u2019T wall") == Words{is, denial, wall});
    CHECK(words("can't") == Words{unable});
    CHECK(words("disclosed") == Words{showed});
    CHECK(words("the 'wall' & \"wall\"") == Words{0, wall, conjunction, wall});
}

TEST_CASE("sixteen letters at once are those found one by one") {
    lge::Random random(3, 0, "letters");
    for (int n = 0; n < 100000; ++n) {
        std::array<char, 16> text{};
        for (char& c : text) c = static_cast<char>(random.next() % 4 != 0 ? "azAZ09mM"[random.next() % 8] : random.next() % 256);
        std::array<char, 16> lower{};
        std::size_t count = 0;
        for (; count < text.size(); ++count) {
            const char c = text[count];
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) break;
            lower[count] = static_cast<char>(c | 0x20);
        }
        const auto found = letters_of(text.data());
        REQUIRE(found == plain_letters_of(text.data()));
        REQUIRE(found.count == count);
        REQUIRE(std::memcmp(&found.low, lower.data(), 8) == 0);
        REQUIRE(std::memcmp(&found.high, lower.data() + 8, 8) == 0);
    }
}

TEST_CASE("words of up to 32 letters that begin alike are told apart") {
    Vocabulary v;
    const std::vector<std::string> words{"hyperenhancement", "hyperenhancing", "hyperenhanced", "hyperenhancementsinthemidwall", "abcdefghijklmnopqrstuvwxyzabcdef", "abcdefghijklmnopqrstuvwxyzabcdeg", "e", "en"};
    std::vector<std::uint32_t> numbers;
    for (const auto& w : words) numbers.push_back(v.add(w));
    v.finish(" ");
    Tokens t;
    for (const std::string_view behind : {"", " and what follows is long enough for whole blocks"})
        for (std::size_t k = 0; k < words.size(); ++k) {
            scan(words[k] + std::string(behind), v, nullptr, t);
            CHECK(t.at(0).word == numbers[k]);
            CHECK(t.at(0).symbol == word_symbol + numbers[k]);
            CHECK(t.at(0).end == words[k].size());
        }
    scan(words[4] + "x", v, nullptr, t);
    CHECK(t.at(0).word == 0);
}

TEST_CASE("numbers are read to the digits that can matter") {
    Vocabulary v;
    Tokens t;
    scan("0 17 4095 4096 0.25 12.50 000000000000000000050 123456789012345678901234567890 1.2.3", v, nullptr, t);
    REQUIRE(t.size() == 11);
    const std::vector<float> values{0, 17, 4095, 4096, 0.25F, 12.5F, 50};
    for (std::size_t k = 0; k < values.size(); ++k) CHECK(t[k].value == values[k]);
    CHECK(t[1].symbol == number_symbol + 17);
    CHECK(t[3].symbol == 0);
    CHECK(t[4].symbol == 0);
    CHECK(t[7].value > 1e9F);
    CHECK(t[8].value == 1.2F);
}
