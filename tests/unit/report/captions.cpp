#include "lge/report/captions.hpp"
#include "lge/report/deidentify.hpp"

#include <catch2/catch.hpp>

using namespace lge;

namespace {

std::vector<report::Caption> captions(std::string_view text) {
    static const auto lexicon = report::shipped_lexicon();
    static report::Parser parser(lexicon);
    return report::captions(text, parser.read(text), lexicon);
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

TEST_CASE("dates, record numbers and persons are taken out, amounts stay") {
    const auto lexicon = report::shipped_lexicon();
    const auto without = [&](std::string_view text) { return report::deidentified(text, lexicon); };
    CHECK(without("seen on 12/03/2019 at 10:45") == "seen on [...] at [...]");
    CHECK(without("Dr. Jane van Roe and Mrs Smith-Jones agree") == "[...] and [...] agree");
    CHECK(without("March 2019, MRN AB1234567") == "[...], MRN [...]");
    CHECK(without("on 3 May, by j.roe@clinic.org") == "on [...], by [...]");
    for (const auto* text : {"25-50% of 12.5 g in segments 7-9", "LGE in segments 4/5/10/11", "12% of LV by FWHM"}) CHECK(without(text) == text);
    CHECK(without("  two \n lines\t") == "two lines");
}

TEST_CASE("names without a title are taken out, words of the field are not") {
    const auto lexicon = report::shipped_lexicon();
    const auto without = [&](std::string_view text) { return report::deidentified(text, lexicon); };
    CHECK(without("LGE in the septum, discussed with Margaret Thornbury.") == "LGE in the septum, discussed with [...].");
    CHECK(without("Thornbury has LGE in the mid inferior wall") == "[...] has LGE in the mid inferior wall");
    CHECK(without("Margaret Thornbury: LGE in the septum") == "[...]: LGE in the septum");
    CHECK(without("LGE of the apex (M. Thornbury)") == "LGE of the apex ([...])");
    CHECK(without("LGE seen by Özdemir in the apex") == "LGE seen by [...] in the apex");
    CHECK(without("PATIENT THORNBURY MARGARET HAS LGE IN THE BASAL SEPTUM") == "PATIENT [...] HAS LGE IN THE BASAL SEPTUM");
    for (const auto* text : {"Prominent LGE of the basal septum in Fabry disease, FWHM method", "Midwall LGE, Lake Louise criteria met", "Loeffler endocarditis with apical LGE",
                             "Subendocardial LGE in the RCA territory", "DIFFUSE SUBENDOCARDIAL LGE", "Basal Inferior Wall: Transmural Scar"})
        CHECK(without(text) == text);
}

TEST_CASE("a row of a table is told from its label on, in whatever order it is read") {
    const auto lexicon = report::shipped_lexicon();
    report::Parser parser(lexicon);
    const std::string text = "SCAR DEPTH (17-segment):\n anterior      basal 0   mid 0   apical 30%\n inferior      basal 0   mid 0\n";
    const auto& reading = parser.read(text, true);
    REQUIRE(reading.finding.evidence.size() == 1);
    CHECK(text.substr(reading.finding.evidence[0].start, 8) == "anterior");
    for (const auto& e : reading.finding.evidence) CHECK(e.start < e.end);
    for (const auto& n : reading.notes) CHECK(n.start < n.end);
    for (const auto& s : reading.sentences) CHECK(s.start < s.end);
    CHECK(captions(text)[0].text == "anterior basal 0 mid 0 apical 30%");
}
