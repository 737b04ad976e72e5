#include "lge/base/error.hpp"
#include "lge/nn/tokenizer.hpp"

#include <catch2/catch.hpp>

using lge::nn::Tokenizer;

namespace {
const std::vector<std::string> texts{"No late gadolinium enhancement.", "Late enhancement of the septal wall.", "No enhancement; Smith."};
constexpr Tokenizer::Marks mark;
}

TEST_CASE("words are split at spaces and punctuation and lowered") {
    CHECK(lge::nn::split_words("No LGE, mid-wall.") == std::vector<std::string>{"no", "lge", ",", "mid", "-", "wall", "."});
}

TEST_CASE("a word of one text alone is not in the vocabulary, since it may be a name") {
    const auto pieces = Tokenizer::from_texts(texts).pieces();
    CHECK(std::count(pieces.begin(), pieces.end(), "enhancement") == 1);
    CHECK(std::count(pieces.begin(), pieces.end(), "smith") == 0);
}

TEST_CASE("a token row has the start, the pieces, the end and padding up to its length") {
    const Tokenizer t({"no", "scar", "sc", "##ar", "##s"});
    CHECK(t.encode("No scar", 6) == std::vector<std::int64_t>{mark.start, 4, 5, mark.end, Tokenizer::pad, Tokenizer::pad});
    CHECK(t.encode("scars", 5) == std::vector<std::int64_t>{mark.start, 5, 8, mark.end, Tokenizer::pad});
    CHECK(t.encode("scas no", 4) == std::vector<std::int64_t>{mark.start, mark.unknown, 4, mark.end});
}

TEST_CASE("a text that is too long is cut and still ends with the end token") {
    const auto row = Tokenizer::from_texts(texts).encode("no no no no no no no no", 5);
    CHECK(row.size() == 5);
    CHECK(row.back() == mark.end);
}

TEST_CASE("any ASCII word has pieces even when the vocabulary lacks it") {
    const auto row = Tokenizer::from_texts(texts).encode("zebra7", 16);
    CHECK(std::count(row.begin(), row.end(), mark.unknown) == 0);
}

TEST_CASE("a vocabulary with the same piece twice is refused") {
    CHECK_THROWS_AS(Tokenizer({"a", "a"}), lge::Error);
}

TEST_CASE("words become a sentence with the spaces and capitals of English") {
    const auto written = [](const char* text) { return lge::nn::join_words(lge::nn::split_words(text)); };
    for (const char* text : {"No LGE, mid-wall.", "About 25-50% of the wall thickness (segments 7, 8); LV.", "MVO: 3.5 g. The patient's RV/LV is ~50%.", "Scar? Yes."})
        CHECK(written(text) == text);
}

TEST_CASE("a token row becomes the text that it came from") {
    const Tokenizer t({"no", "scar", "sc", "##ar", "##s", ",", "wall"});
    CHECK(t.decode(t.encode("No scars, wall", 12)) == "No scars, wall");
    CHECK(t.decode(t.encode("", 4)).empty());
}
