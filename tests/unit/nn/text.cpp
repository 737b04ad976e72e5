#include "lge/base/error.hpp"
#include "lge/base/process.hpp"
#include "lge/nn/infer/prompts.hpp"
#include "lge/nn/net/clauses.hpp"
#include "lge/nn/net/tokenizer.hpp"
#include "lge/nn/net/vocabulary.hpp"
#include "lge/synth/draw.hpp"

#include <catch2/catch.hpp>

using lge::nn::Tokenizer;

namespace {
const Tokenizer shipped(lge::nn::read_pieces(lge::shared_file("text/vocabulary.txt")));
constexpr Tokenizer::Marks mark;
}

TEST_CASE("words are split at spaces and punctuation and lowered") {
    CHECK(lge::nn::split_words("No LGE, mid-wall.") == std::vector<std::string>{"no", "lge", ",", "mid", "-", "wall", "."});
}

TEST_CASE("a token row has the start, the pieces, the end and padding up to its length") {
    const Tokenizer t({"no", "scar", "sc", "##ar", "##s"});
    CHECK(t.encode("No scar", 6) == std::vector<std::int64_t>{mark.start, 4, 5, mark.end, Tokenizer::pad, Tokenizer::pad});
    CHECK(t.encode("scars", 5) == std::vector<std::int64_t>{mark.start, 5, 8, mark.end, Tokenizer::pad});
    CHECK(t.encode("scas no", 4) == std::vector<std::int64_t>{mark.start, mark.unknown, 4, mark.end});
}

TEST_CASE("a text that is too long is cut and still ends with the end token") {
    const auto row = shipped.encode("no no no no no no no no", 5);
    CHECK(row.size() == 5);
    CHECK(row.back() == mark.end);
}

TEST_CASE("any ASCII word has pieces even when the vocabulary lacks it") {
    const auto row = shipped.encode("zebra7", 16);
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

TEST_CASE("pieces are letters, marks and what stands together most often") {
    const auto pieces = lge::nn::train_pieces({{"scar", 5}, {"scars", 3}, {"wall", 1}, {"sc\xc3\xa4r", 9}}, 36 * 2 + 32 + 4);
    const std::vector<std::string> joined(pieces.end() - 4, pieces.end());
    CHECK(joined == std::vector<std::string>{"##ar", "##car", "scar", "scars"});
    for (const char* piece : {"a", "##a", "z", "9", "##9", "-", "~"}) CHECK(std::count(pieces.begin(), pieces.end(), piece) == 1);
}

TEST_CASE("captions, clauses and prompts have no unknown piece in the shipped vocabulary, and come back from their numbers") {
    const auto lower = [](std::string text) {
        for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        return text;
    };
    std::vector<std::string> texts = lge::nn::shipped_prompts().presence.present;
    lge::nn::each_clause([&](int segment, lge::nn::Clause what, std::size_t wording) { texts.push_back(lge::nn::clause(segment, what, wording)); });
    lge::synth::Settings settings;
    settings.population = lge::synth::load_population("mild");
    settings.size = 64;
    for (std::uint64_t i = 0; i < 30; ++i)
        for (const auto& slice : lge::synth::draw_case(settings, 3, i).captions) texts.insert(texts.end(), slice.begin(), slice.end());
    std::size_t pieces = 0, words = 0;
    for (const auto& text : texts) {
        const auto row = shipped.encode(text, 200);
        REQUIRE(std::count(row.begin(), row.end(), mark.unknown) == 0);
        CHECK(lower(shipped.decode(row)) == lower(text));
        pieces += row.size() - static_cast<std::size_t>(std::count(row.begin(), row.end(), Tokenizer::pad)) - 2;
        words += lge::nn::split_words(text).size();
    }
    CHECK(static_cast<double>(pieces) < 1.1 * static_cast<double>(words));
}
