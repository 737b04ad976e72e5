#include "lge/json/reader.hpp"
#include "lge/report/evaluate.hpp"
#include "lge/report/parse.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace lge;

TEST_CASE("every invented report is read as the annotation guideline labels it") {
    const char* tests = std::getenv("LGE_TESTS");
    REQUIRE(tests != nullptr);
    const auto lexicon = report::shipped_lexicon();
    report::Parser parser(lexicon);
    json::Lines lines{Input(std::string(tests) + "/golden/reports.jsonl")};
    std::size_t reports = 0;
    while (const auto record = lines.next()) {
        ++reports;
        const auto gold = report::answer_of(*record);
        const auto found = report::answer_of(parser.read(record->text("text")).finding);
        for (std::size_t field = 0; field < report::scored_fields.size(); ++field) {
            CAPTURE(std::string(record->text("id")), std::string(record->text("text")), std::string(report::scored_fields[field]));
            CHECK(found[field] == gold[field]);
        }
    }
    CHECK(reports >= 300);
}
