#include "reading.hpp"

using namespace lge;
using anatomy::Presence;
using anatomy::Segments;

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
             "Observer 1: scar in the septum. Observer 2: no scar. Consensus: no scar.", "There isn't any scar.", "LGE wasn't seen.", "Zero of 17 segments enhance.", "Signal is evenly suppressed on the late images of the whole LV.",
             "The late images were unrevealing.", "LGE did not bring out any abnormality.", "The whole ventricle is spared from enhancement.", "No storage of contrast medium.", "Without detection of late enhancement.",
             "No areas of pathological impregnation in the late sequences.", "LGE acquired: yes\nLGE result: negative", "LGE: nil, MVO: nil", "LGE mass: 0 g",
             "LGE by segment: S1 0, S2 0, S3 0, S4 0", "What had been called an apical scar proved to be slow flow.", "The suspected septal scar is not confirmed on LGE.", "The suspicion of infarction is not supported: no scar.",
             "Complete regression of the late enhancement.", "SPECT scar of the inferior wall; our images show none.", "The pericardium took up contrast, the myocardium did not.", "Pericardium 4 mm, enhancing along the lateral wall of the LV. The myocardium is without late enhancement.", "The scar expected at the apex has not developed.", "LGE: all dark.",
             "The lateral wall, thin on echo, failed to enhance on the late images.", "Normal CMR including late enhancement.", "In contrast to the outside report no scar is found."}) {
        CAPTURE(text);
        CHECK(read(text).lge == Presence::absent);
    }
}

TEST_CASE("doubt is told in many forms, and of one place of a list only") {
    for (const auto* text : {
             "LGE of the basal inferolateral wall is not certain.", "The basal inferolateral wall may enhance.", "LGE seems to be present in the basal inferolateral wall.", "Possibly there is scar in the basal inferolateral wall.",
             "We cannot decide between LGE and artefact in the basal inferolateral wall.", "Low-confidence LGE, basal inferolateral.", "Basal inferolateral: LGE?", "The basal inferolateral wall shows LGE, but an artefact is possible.",
             "Reader 1 sees a subepicardial stripe of LGE in the basal inferolateral wall, reader 2 does not.",
             "Basal inferolateral wall: LGE vs. Gibbs ringing.", "LGE of the basal inferolateral wall or epicardial fat.", "I suspect LGE of the basal inferolateral wall.", "LGE of the basal inferolateral wall remains a possibility.",
             "Unsure about LGE of the basal inferolateral wall.", "The basal inferolateral wall may be scarred.", "Only one of the two readers sees LGE in the basal inferolateral wall.", "Basal inferolateral wall bright on LGE. Likely artefact."}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK(f.lge == Presence::uncertain);
        CHECK(f.segments_possible == Segments::of({5}));
    }
    for (const auto* text : {
             "LGE basal inferior, ?basal inferolateral.", "Definite LGE basal inferior, questionable basal inferolateral.", "LGE: basal inferior (certain), basal inferolateral (uncertain).",
             "LGE of the basal inferior wall. Perhaps also basal inferolateral.", "LGE of the basal inferior wall, possibly extending into the basal inferolateral wall.",
             "LGE of the basal inferior wall with possible involvement of the basal inferolateral wall.", "LGE of the basal inferior wall. Suspected further involvement of the basal inferolateral wall."}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK((f.segments == Segments::of({4})));
        CHECK(f.segments_possible == Segments::of({5}));
    }
}

TEST_CASE("what a sentence leaves out is taken from its other part") {
    for (const auto* text : {"The anterior wall does not enhance, whereas the basal inferior wall does.", "LGE has faded but is still visible in the basal inferior wall.", "In 2019 LGE involved segments 4, 5 and 10; today only segment 4.",
                             "Akinesia of the basal inferior wall, which is scarred.", "The oedema of the basal inferior wall was matched by LGE of the same area.", "The basal inferior wall fails to null.", "Contrast is trapped in the basal inferior wall.",
                             "Base normal but for scar of the basal inferior wall, apex normal.", "LGE of the basal inferior wall, with normal mid and apical slices.", "T2 raised in the basal inferior and basal lateral walls. Of these segments only the inferior shows LGE.",
                             "LGE of the basal inferior wall; all other segments were unaffected.", "It was the basal inferior wall, not the hypertrophied septum, that carried the scar.", "LGE of the basal lateral, correction, basal inferior wall.",
                             "With the exception of the basal inferior wall no segment enhances.", "All but the basal inferior segment are free of scar.", "All segments null except segment 4.", "Sparing the septum, late enhancement occupies the basal inferior wall.",
                             "LGE was not absent, as reported, but restricted to the basal inferior segment.", "No MVO was found within the basal inferior infarct.", "LGE of the inferior wall has regressed but can still be discerned at basal level.",
                             "LGE: the lateral wall is dark at the base, LGE of the inferior wall at the same level.", "LGE of the basal inferior wall: Fabry disease?", "LGE by segment: S1 0, S2 0, S3 0, S4 3, S5 0", "LGE scores\n1: 0, 2: 0, 3: 0, 4: 2, 5: 0\n6: 0, 7: 0, 8: 0, 9: 0"}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK(f.lge == Presence::present);
        CHECK((f.segments == Segments::of({4})));
    }
}

TEST_CASE("what is only asked, retold, planned or of the patient's past says nothing") {
    for (const auto* text : {"Patient with an inferior infarct (2011). Stress perfusion normal.", "He has had a heart attack.", "LGE is a marker of poor outcome.", "Cannulation failed, so no contrast images.", "LGE was planned but not carried out.", "LGE acquired: no",
                             "Known anterior infarct. Cine and T2 only.", "The mitral valve opens well, it does not leak.", "The inferior wall moves well, the anterior wall does not.",
                             "A 3 x 2 cm mass in the right atrium, broad-based. Late phase: heterogeneous uptake.", "LGE of the right ventricular outflow tract and the free wall.", "Biopsy was deferred.",
                             "The pericardium is thickened to 5 mm and enhances over the lateral wall.", "Thickened, enhancing pericardium with septal bounce.", "Study terminated before contrast. Whether there is scar could not be answered."}) {
        CAPTURE(text);
        CHECK(read(text).lge == Presence::not_stated);
    }
}

TEST_CASE("a doubt behind a list of numbers is about all of them, one behind a single number about that") {
    check(Presence::uncertain, {"LGE in segments 4 and 10 is questionable.", "LGE in segments 7, 8 and 9 cannot be excluded.", "Scar of AHA segments 4, 5 and 6 is equivocal."});
    check({{"LGE: 5 definite, 11 possible.", Segments::of({5})}});
}

TEST_CASE("amounts of walls are read with the apex among them and with one zero") {
    using lge::anatomy::Segments;
    check({{"LGE transmurality (%): ant 0, sept 0, inf 50, apex 100", Segments::of({4, 10, 15, 17})},
           {"LGE (%): anterior 0, inferior 50, lateral 30", Segments::of({4, 5, 6, 10, 11, 12, 15, 16})},
           {"Scar transmurality: inferior 50-75, anterior 0.", Segments::of({4, 10, 15})},
           {"LGE: [x] present [ ] absent\nLocation: [ ] anterior [x] septal [ ] lateral [x] inferior", Segments::of({2, 3, 4, 8, 9, 10, 14, 15})},
           {"Late gadolinium enhancement:\n  Ischemic pattern: No\n  Non-ischemic pattern: Yes\n  Location: RV insertion points", Segments::of({2, 3, 8, 9})}});
    check(lge::anatomy::Presence::absent, {"Late gadolinium enhancement:\n  Ischemic pattern: No\n  Non-ischemic pattern: No"});
}

TEST_CASE("codes of walls head the columns of a grid") {
    using lge::anatomy::Segments;
    check({{"LGE transmurality\n        A   AS  IS  I   IL  AL\nBasal   0   0   0   75  50  0\nMid     0   0   0   50  25  0", Segments::of({4, 5, 10, 11})},
           {"LGE\nBasal: A 0, AS 0, IS 2, I 3, IL 1, AL 0", Segments::of({3, 4, 5})},
           {"LGE: +ve basal septum, -ve elsewhere", Segments::of({2, 3})}});
    CHECK_FALSE(read("Severe AS, moderate AR, mild MR. LGE of the LV.").segments);
}

TEST_CASE("scores in brackets, behind dashes and in a row of all segments") {
    using lge::anatomy::Segments;
    check({{"Segments with LGE: 2(3), 3(2), 8(3), 9(1); rest 0.", Segments::of({2, 3, 8, 9})},
           {"LGE score: 2 (3), 3 (2), 8 (3), 9 (1); others 0.", Segments::of({2, 3, 8, 9})},
           {"LGE in segments 4 (1), 5 (2) and 10 (2).", Segments::of({4, 5, 10})},
           {"LGE segments: 4 (75), 5 (50), 10 (25)", Segments::of({4, 5, 10})},
           {"Hyperenhancement score: seg1-0, seg2-0, seg3-2, seg4-3, seg5-0, all other 0.", Segments::of({3, 4})},
           {"LGE score: seg1=0, seg2=0, seg3=2, seg4=3, seg5=0, all other 0.", Segments::of({3, 4})},
           {"LGE: 1-0 2-0 3-2 4-3 5-0 6-0 7-0 8-0 9-2 10-3", Segments::of({3, 4, 9, 10})},
           {"LGE segments 3-4, 9-10.", Segments::of({3, 4, 9, 10})},
           {"LGE score by segment (1-17): 0,0,1,2,0,0,0,0,1,2,0,0,0,0,1,0,0", Segments::of({3, 4, 9, 10, 15})},
           {"LGE (segments 1 to 16): 0/0/1/2/0/0/0/0/1/2/0/0/0/0/1/0", Segments::of({3, 4, 9, 10, 15})},
           {"Late Gd enhancement by segment (17): 0% 0% 25% 75% 50% 0% 0% 0% 0% 75% 0% 0% 0% 0% 0% 0% 0%", Segments::of({3, 4, 5, 10})}});
    check(Presence::absent, {"LGE per segment 1-16: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"});
    check(Presence::not_stated, {"Wall motion by segment (1-17): 0,0,1,2,0,0,0,0,1,2,0,0,0,0,1,0,0"});
}

TEST_CASE("signs and depths among the zeros of a list") {
    using lge::anatomy::Segments;
    check({{"LGE, LV: 16-segment read: 1 0, 2 +, 3 +, 4 0, 5 0, 6 0, 7 0, 8 +, 9 0, 10-16 0. Pattern intramural.", Segments::of({2, 3, 8})},
           {"Scar: anterior (transmural), inferior (subendo), septum 0, lateral 0.", Segments::of({1, 4, 7, 10, 13, 15})},
           {"Scar: anterior transmural, inferior subendo, septum patchy.", Segments::of({1, 2, 3, 4, 7, 8, 9, 10, 13, 14, 15})}});
}

TEST_CASE("a bracket heads a line, and a dash parts a segment from its depth") {
    using lge::anatomy::Segments;
    check({{"[LGE] mid inferior segment; subendocardial\n[MVO] no\n[LGE mass] 1.8 g", Segments::of({10})},
           {"Scar depth in percent of wall thickness (AHA-17):\n seg. 4 - 60 %\n seg. 5 - 80 %\n other segments: free of scar", Segments::of({4, 5})},
           {"LGE:\nsegment 4 - 60 %\nsegment 10 - 25 %\nsegment 12 - 0 %", Segments::of({4, 10})}});
}

TEST_CASE("rows of a place and its levels") {
    using lge::anatomy::Segments;
    check({{"LGE:\napex - transmural\ninferolateral wall, basal - epicardial\ninferolateral wall, mid - epicardial\nother walls - preserved", Segments::of({5, 11, 17})},
           {"LGE:\nlateral basal +++ mid +++ apical +\ninferior basal ++ mid +\nseptum 0\nanterior 0", Segments::of({4, 5, 6, 10, 11, 12, 16})},
           {"LGE:\nBase - none.\nMid - anterior and anteroseptal, > 75%; inferoseptal, 25-50%.", Segments::of({7, 8, 9})},
           {"LGE:\n- anterior, mid: 25-50%\n- apex: 100%, thinned\n- inferior, all levels: 0%", Segments::of({7, 17})},
           {"Scar 41 g\nLoc: ant base no / ant mid yes / ant ap yes / inf no / lat no / apex yes", Segments::of({7, 13, 17})},
           {"a) oedema - absent\nb) fat - absent\nc) LGE - present, subepicardial: basal and mid inferior segments.", Segments::of({4, 10})},
           {"Two scars. (a) Mid anterolateral wall. (b) Linear, septum at the base, not arterial.", Segments::of({2, 3, 12})},
           {"        LGE%   WMSI\nS1      0      2\nS2      30     3\nS3      10     3\nS4      0      2", Segments::of({2, 3})},
           {"LGE\nBasal:   1 0  2 0  3 0  4 +  5 +  6 0\nMid:     7 0  8 0  9 0  10 +  11 +  12 0\nApical:  13 0  14 0  15 +  16 0", Segments::of({4, 5, 10, 11, 15})},
           {"LGE\nBasal 1 0% 2 0% 3 25% 4 50% 5 0% 6 0%", Segments::of({3, 4})},
           {"LGE:\nBasal: anterior nil, inferior 26-50%, lateral nil", Segments::of({4})},
           {"LGE\n1: 0  2: 0  3: 0  4: 0  5: 0  6: 0\n7: <25%  8: 0  9: 0  10: 0  11: 50-75%  12: 0\n13: 0  14: 0  15: 0  16: >=50%  17: 0", Segments::of({7, 11, 16})},
           {"LGE: 1: 0  2: 0  3: <25%  4: 0  5: 0  6: 0", Segments::of({3})},
           {"LGE\n       Basal Mid Apical\nanterior  <25%  0  0\nseptal  0  >50%  0\ninferior 0 0 <=25%", Segments::of({1, 8, 9, 15})},
           {"Late enhancement segments [5, 11]  MVO [no]", Segments::of({5, 11})},
           {"LGE score (0 = none; 1 = 1-25%; 4 = 76-100%)\nBasal   1:0  2:0  3:0  4:0  5:0  6:0\nMid     7:2  8:3  9:0  10:0  11:0  12:0\nApical  13:3  14:3  15:0  16:0\nApex    17:4", Segments::of({7, 8, 13, 14, 17})},
           {"             | PRIOR (Jan 2022)        | CURRENT (Feb 2024)\nLGE location | lateral wall, basal-mid | lateral wall, basal\nLGE pattern  | subepicardial           | subepicardial", Segments::of({5, 6})},
           {"LGE: both RV insertion points [+]   septum [-]   free wall LV [-]", Segments::of({2, 3, 8, 9})},
           {"LGE: septum [-]   lateral wall [+]   inferior wall [-]", Segments::of({5, 6, 11, 12, 16})},
           {"LGE results:\nAnterior wall basal: no scar\nAnterior wall mid + apical: subendocardial, 26-50%, viable\nInferior wall basal + mid: transmural, 76-100%, nonviable", Segments::of({4, 7, 10, 13})},
           {"Late enhancement        O absent   X present   O uncertain\nWall                    basal posterolateral", Segments::of({5})},
           {"Late enhancement:  o absent   x present\nSegments:  5, 11", Segments::of({5, 11})},
           {"LGE score\nKey: 0 = none, 1 = 1-25%, 2 = 26-50%\nSeg 7: 2\nSeg 8: 3\nSeg 13: 3\nAll other segments: 0", Segments::of({7, 8, 13})},
           {"Delayed enhancement\n  Base: inferior and inferoseptal, 26-50%.\n  Mid: inferior 51-75%; inferoseptal spared.", Segments::of({3, 4, 10})},
           {"LGE: basal inferior wall; no fibrosis elsewhere.", Segments::of({4})},
           {"LGE: basal inferior wall, no fibrosis elsewhere.", Segments::of({4})},
           {"LGE of the mid anterolateral segment, 8 x 12 mm, sharply marginated.", Segments::of({12})},
           {"LGE\n#4 subepicardial\n#5 subepicardial, dense\n#11 subepicardial", Segments::of({4, 5, 11})},
           {"LGE by segment\n1: neg\n2: neg\n3: pos\n4: pos", Segments::of({3, 4})},
           {"segments with scar: 4 (50-75), 5 (25-50), 10 (50-75), 11 (1-25)", Segments::of({4, 5, 10, 11})}});
    check(Presence::absent, {"LGE: basal inferior: 0%", "LGE: inferior, basal 0%"});
}

TEST_CASE("answers and units of a form") {
    CHECK(read("Thrombus: N").other == std::vector<std::string>{"no_lge_statement"});
    CHECK(read("Resting perfusion defect: N").other == std::vector<std::string>{"no_lge_statement"});
    CHECK(read("Thrombus: Y").other == std::vector<std::string>{"thrombus"});
    CHECK(read("LGE: Y\nMass (g): 8.4").mass_g == 8.4);
    CHECK(read("LGE: none. T1 1010, ECV 27").other == std::vector<std::string>{"mapping"});
    CHECK(read("LGE: none. The lateral wall is bright on STIR.").other == std::vector<std::string>{"edema"});
}

TEST_CASE("scores are as deep as their legend says, and ranges of segments name the columns of a row") {
    const auto f = read("LGE score (0 none, 1 = 1-25%, 2 = 26-50%, 3 = 51-75%, 4 = 76-100%)\n4:4  5:2  6:0\n10:3  11:0  12:0");
    CHECK(*f.segments == Segments::of({4, 5, 10}));
    REQUIRE(f.transmurality);
    CHECK(f.transmurality->min_pct == 26);
    CHECK(f.transmurality->max_pct == 100);
    check({{"LGE % of wall\nBasal (1-6): 0 / 0 / 1-25 / 76-100 / 0 / 0\nMid (7-12): 0 / 0 / 0 / 51-75 / 0 / 0", Segments::of({3, 4, 10})},
           {"Region            2019        now\nbasal ant-septum  midwall     midwall\nbasal inf-lat     subepi      none visible\nLGE %             17          15", Segments::of({2})},
           {"LVEF 31% \u2014 LGE: yes, basal inferior, 9% of LV \u2014 ICD therapies: 2 \u2014 transplant: no", Segments::of({4})}});
}
