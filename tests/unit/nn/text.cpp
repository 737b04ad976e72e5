#include "lge/base/error.hpp"
#include "lge/nn/tokenizer.hpp"

#include <catch2/catch.hpp>

using lge::nn::Tokenizer;

namespace {
const std::vector<std::string> texts{"No late gadolinium enhancement.", "Late enhancement of the septal wall.", "No enhancement; Smith."};
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
    CHECK(t.encode("No scar", 6) == std::vector<std::int64_t>{Tokenizer::start, 4, 5, Tokenizer::end, Tokenizer::pad, Tokenizer::pad});
    CHECK(t.encode("scars", 5) == std::vector<std::int64_t>{Tokenizer::start, 5, 8, Tokenizer::end, Tokenizer::pad});
    CHECK(t.encode("scas no", 4) == std::vector<std::int64_t>{Tokenizer::start, Tokenizer::unknown, 4, Tokenizer::end});
}

TEST_CASE("a text that is too long is cut and still ends with the end token") {
    const auto row = Tokenizer::from_texts(texts).encode("no no no no no no no no", 5);
    CHECK(row.size() == 5);
    CHECK(row.back() == Tokenizer::end);
}

TEST_CASE("any ASCII word has pieces even when the vocabulary lacks it") {
    const auto row = Tokenizer::from_texts(texts).encode("zebra7", 16);
    CHECK(std::count(row.begin(), row.end(), Tokenizer::unknown) == 0);
}

TEST_CASE("a vocabulary with the same piece twice is refused") {
    CHECK_THROWS_AS(Tokenizer({"a", "a"}), lge::Error);
}
