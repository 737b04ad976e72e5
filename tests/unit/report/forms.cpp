#include "lge/report/parse.hpp"

#include <catch2/catch.hpp>

using namespace lge;
using anatomy::Presence;
using anatomy::Segments;

namespace {

anatomy::Finding read(std::string_view text) {
    static const auto lexicon = report::shipped_lexicon();
    static report::Parser parser(lexicon);
    return parser.read(text).finding;
}

}  // namespace

TEST_CASE("one scar told in many forms has the same segments") {
    for (const auto* text : {
             "Subendocardial LGE of the basal and mid inferior wall.", "LGE: inferior, basal and mid.", "Basal and mid inferior LGE.", "LGE in segments 4 and 10.", "LGE S4+S10.",
             "LGE: 4, 10.", "LGE 4/10: 75/50 %", "LGE (basal/mid/apical): anterior 0/0/0, inferior 50/75/0, lateral 0/0/0.", "Scar in #4 and #10.", "Enhancing segments: 4 (50%), 10 (75%).",
             "LGE\n          basal   mid   apical\nseptal     -      -     -\ninferior   +      +     -\nlateral    -      -     -",
             "Segment | motion | LGE %\n3 | 1 | 0\n4 | 2 | 50\n10 | 2 | 75\n11 | 1 | 0", "LGE: yes\nWalls: inferior\nLevel: basal, mid", "LGE\nLevel: basal and mid\nWalls: inferior", "[LGE]\nstatus=positive\nlevel=basal, mid\nwall=inferior",
             "There is a scar. It involves the inferior wall from base to mid. Transmurality is about 75 %.", "We saw LGE. The inferior wall (base, mid) is affected. The other walls are not.",
             "Positive LGE study. Affected are the basal and the mid inferior wall.", "There is a scar in the inferior wall. It is transmural at the base and thins out at mid level.",
             "The basal and mid inferior wall takes up contrast.", "Inferiorly, at base and mid level, there is subendocardial LGE.", "LGE in the proximal two thirds of the inferior wall."}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK(f.lge == Presence::present);
        CHECK((f.segments == Segments::of({4, 10})));
    }
}

TEST_CASE("absence is told in many forms") {
    for (const auto* text : {
             "LGE normal.", "LGE: clean.", "LGE within normal limits.", "All segments null.", "On late images the whole myocardium is black.", "No area of the myocardium takes up contrast.", "LGE in 0 of 17 segments.",
             "The LV is scar-free.", "There was failure to demonstrate any scar.", "Myocardial fibrosis has not been found.", "The search for scar was negative.", "Hyperenhancement is missing.", "None of the 17 segments shows enhancement.",
             "Scar table\n          base   mid   apex\nanterior   0     0     0\ninferior   0     0     0", "Late enhancement score\n1:0 2:0 3:0 4:0 5:0 6:0", "Late enhancement   present [ ]   absent [X]", "Bright spot in the septum on LGE is a vessel.",
             "Observer 1: scar in the septum. Observer 2: no scar. Consensus: no scar."}) {
        CAPTURE(text);
        CHECK(read(text).lge == Presence::absent);
    }
}

TEST_CASE("doubt is told in many forms, and of one place of a list only") {
    for (const auto* text : {
             "LGE of the basal inferolateral wall is not certain.", "The basal inferolateral wall may enhance.", "LGE seems to be present in the basal inferolateral wall.", "Possibly there is scar in the basal inferolateral wall.",
             "We cannot decide between LGE and artefact in the basal inferolateral wall.", "Low-confidence LGE, basal inferolateral.", "Basal inferolateral: LGE?", "The basal inferolateral wall shows LGE, but an artefact is possible.",
             "Reader 1 sees a subepicardial stripe of LGE in the basal inferolateral wall, reader 2 does not."}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK(f.lge == Presence::uncertain);
        CHECK(f.segments_possible == Segments::of({5}));
    }
    for (const auto* text : {
             "LGE basal inferior, ?basal inferolateral.", "Definite LGE basal inferior, questionable basal inferolateral.", "LGE: basal inferior (certain), basal inferolateral (uncertain).",
             "LGE of the basal inferior wall. Perhaps also basal inferolateral.", "LGE of the basal inferior wall, possibly extending into the basal inferolateral wall."}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK((f.segments == Segments::of({4})));
        CHECK(f.segments_possible == Segments::of({5}));
    }
}
