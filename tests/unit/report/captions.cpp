#include "lge/report/captions.hpp"

#include <catch2/catch.hpp>

using namespace lge;

namespace {

std::vector<report::Caption> captions(std::string_view text) {
    static const auto lexicon = report::shipped_lexicon();
    static report::Parser parser(lexicon);
    return report::captions(text, parser.read(text));
}

}  // namespace

TEST_CASE("captions are the sentences about LGE, each with its own finding") {
    const auto c = captions("EF 55%. Midwall LGE in the basal septum. No LGE in the apical segments. Normal valves.");
    REQUIRE(c.size() == 2);
    CHECK(c[0].text == "Midwall LGE in the basal septum");
    CHECK(c[0].level == "basal");
    CHECK(c[0].finding.segments == anatomy::Segments::of({2, 3}));
    CHECK(c[1].finding.lge == anatomy::Presence::absent);
    CHECK(c[1].level == "apical");
    CHECK(captions("INDICATION: scar?\nEF 55%.").empty());
    CHECK(captions("No LGE. No LGE.").size() == 1);
}

TEST_CASE("dates, record numbers and named persons are taken out, amounts stay") {
    CHECK(report::deidentified("seen on 12/03/2019 at 10:45") == "seen on [...] at [...]");
    CHECK(report::deidentified("Dr. Jane van Roe and Mrs Smith-Jones agree") == "[...] van Roe and [...] agree");
    CHECK(report::deidentified("March 2019, MRN AB1234567") == "[...], MRN [...]");
    CHECK(report::deidentified("25-50% of 12.5 g in segments 7-9") == "25-50% of 12.5 g in segments 7-9");
    CHECK(report::deidentified("  two \n lines\t") == "two lines");
}
