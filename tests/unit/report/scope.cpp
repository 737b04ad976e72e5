// How far numbers, denials, exceptions, doubts and what others said reach.
#include "reading.hpp"

using namespace lge;
using anatomy::Presence;
using anatomy::Segments;

TEST_CASE("numbers of segments are known without their word") {
    check({{"LGE: transmural infarct in 4 and 10; 51-75% in 15.", Segments::of({4, 10, 15})}, {"Scar: 100% in 4, 75% in 10, 25% in 15.", Segments::of({4, 10, 15})},
           {"Late enhancement by bullseye: 4 and 10 transmural, 15 subendocardial.", Segments::of({4, 10, 15})}, {"LGE: only 13 and 14 show scar.", Segments::of({13, 14})},
           {"Ischaemia 4, 10, 15; scar 10.", Segments::of({10})}, {"Oedema in 4, 10, 15 but LGE in 10 only.", Segments::of({10})},
           {"LGE: seg 10 (75%), seg 11 (50%), seg 16 (0%).", Segments::of({10, 11})}});
}

TEST_CASE("a denial takes in what it includes, and one of the rest only leaves what was told") {
    check(Presence::absent, {"LGE: negative, incl. the inferior wall and the papillary muscles.", "LGE: none, including the insertion points.", "Late enhancement neither in the septum nor in the lateral wall.",
                             "LGE: no (inferolateral wall carefully checked).", "No substrate for VT was found on late enhancement.", "There is nothing on LGE."});
    check({{"There is subepicardial enhancement of all basal segments; nothing is seen further down.", Segments::of({1, 2, 3, 4, 5, 6})},
           {"LGE: present at both RV insertion points, basal level. Remainder of the septum unremarkable.", Segments::of({2, 3})},
           {"LGE of the basal inferior wall; septum, anterior wall and lateral wall free.", Segments::of({4})},
           {"LGE: basal inferior scar; no scar at mid level.", Segments::of({4})},
           {"LGE: basal inferior wall; septum, anterior wall and lateral wall free.", Segments::of({4})},
           {"LGE: mid ant 50-75%, apical ant 75-100%, rest of LV no LGE.", Segments::of({7, 13})},
           {"Inferior LGE at basal, mid and apical level, nowhere deeper than 50% of the wall.", Segments::of({4, 10, 15})},
           {"LGE basal and mid inferolateral. The anterior segments are oedematous but not infarcted.", Segments::of({5, 11})}});
    CHECK(read("No LGE performed.").lge == Presence::not_stated);
}

TEST_CASE("a denial behind the name of the images is one, of whichever segments it speaks") {
    check(Presence::absent, {"LGE: not present in any segment.", "LGE: not detected in any of the 17 segments.", "LGE: not seen in the septum.", "LGE: no segment involved.", "Late enhancement: not visible in these or other segments.",
                             "LGE is otherwise negative."});
    check({{"LGE: not seen in the septum; present in the inferior wall.", Segments::of({4, 10, 15})}, {"LGE in the mid septum. LGE is otherwise negative.", Segments::of({8, 9})}});
}

TEST_CASE("exceptions from everything and sparing of nothing are read") {
    check({{"Everything but the anterior and inferior wall enhances at the base.", Segments::of({2, 3, 5, 6})}, {"Of the basal segments all but the inferior enhance.", Segments::of({1, 2, 3, 5, 6})},
           {"Transmural LGE of the whole LV; no segment spared.", Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})},
           {"Global LGE, every one of the 17 segments.", Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17})},
           {"Anterior LGE, its apical third excepted.", Segments::of({1, 7})}});
}

TEST_CASE("what others said is no finding of this examination") {
    check(Presence::absent, {"The ECG machine printed 'old inferior infarct'. No late enhancement.", "I could not find the infarct that the ECG promised; LGE is nil.", "The outside radiologist thought the septum was scarred. We see no late enhancement.",
                             "\"Lateral fibrosis\" on the outside report. No late enhancement in our study.", "Coded as inferior MI since 2011. Late enhancement images show no scar."});
    check({{"Whereas the ECG printed anterior infarct, LGE is in the basal inferior wall.", Segments::of({4})}});
}

TEST_CASE("doubt lasts where a concession, a differential with artefact or the impression says so") {
    check(Presence::uncertain, {"LGE: probable but very thin subepicardial signal, basal inferior.", "LGE: faint brightness, mid anterolateral wall. Differential: small scar versus partial-volume artefact.",
                                "LGE: tiny bright area basal inferior. DD: scar, artefact.", "Findings\nLGE: faint line, mid septum.\nImpression: indeterminate LGE.", "Mid septal LGE is suggested but not confirmed."});
    check({{"LGE: mid septal line. Differential: myocarditis versus sarcoidosis.", Segments::of({8, 9})}, {"Mid septal infarct, embolic?", Segments::of({8, 9})}});
}

TEST_CASE("a mention takes the wall that describes it, and its part of a wall named before") {
    check({{"The thickened anterior septum carries patchy LGE at basal and mid level.", Segments::of({2, 8})}, {"Transmural LGE of the thinned and akinetic mid inferior wall.", Segments::of({10})},
           {"Basal lateral wall thinned to 3 mm and fully scarred.", Segments::of({5, 6})}, {"Oedema of the basal and mid inferolateral wall, LGE of the basal part only.", Segments::of({5})},
           {"LGE inferior mid & apical lateral.", Segments::of({10, 16})}, {"ECV 55 % in the mid inferior scar.", Segments::of({10})},
           {"Scar in the mid (anterior, anteroseptal) and apical (anterior, septal) segments.", Segments::of({7, 8, 13, 14})}, {"LGE of the inferior wall base-mid-apex.", Segments::of({4, 10, 15})}});
    check(Presence::absent, {"LGE is limited to the RVOT patch; LV myocardium shows none.", "LGE: right ventricular outflow tract patch only. LV: none."});
}

TEST_CASE("depths in fractions follow each other, and territories end a sentence") {
    const auto f = read("Endocardial scar of the inferolateral wall, about half the wall at the base and three quarters at mid level.");
    REQUIRE(f.transmurality);
    CHECK(f.transmurality->min_pct == std::optional(50.0));
    CHECK(f.transmurality->max_pct == std::optional(75.0));
    CHECK(read("Old apical infarct with thrombus, LAD.").territory == std::vector{anatomy::Territory::lad});
}

TEST_CASE("segments behind an exception are named by their numbers, where something is denied") {
    check({{"No LGE in segments other than 7 and 8.", Segments::of({7, 8})},
           {"No segment except 7 and 8 enhances.", Segments::of({7, 8})},
           {"In none of the segments other than 7 and 8 was LGE seen.", Segments::of({7, 8})},
           {"LGE in all segments other than 13 and 17.", Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16})}});
}

TEST_CASE("what is told of one thing alike is told of the next") {
    check({{"The septum is scarred and so is the apex.", Segments::of({2, 3, 8, 9, 14, 17})},
           {"The septum is spared and so is the apex. The lateral wall is scarred.", Segments::of({5, 6, 11, 12, 16})},
           {"LGE of the anterior wall: no. Of the septum: no. Of the lateral wall: yes, mid-myocardial.", Segments::of({5, 6, 11, 12, 16})},
           {"LGE anterior: no. Septal: no. Lateral: yes.", Segments::of({5, 6, 11, 12, 16})}});
    check(Presence::absent, {"Oedema, late enhancement, MVO: none.", "LGE, oedema, thrombus: all absent.", "Question: scar as substrate for the VT? Answer: none found."});
}

TEST_CASE("an alternative to an artefact leaves a scar open, and a signal may be one") {
    check(Presence::uncertain, {"Bright rim at the apex: fat vs. subepicardial LGE.", "Increased signal in the anterior wall at the base: LGE versus inflow artefact.",
                                "High signal at the apex: slow flow along the trabeculae vs. subendocardial enhancement.", "In the basal inferior segment a weaker signal is possible enhancement.",
                                "Probable late enhancement of the mid septum, though contamination from the blood pool is not excluded."});
}

TEST_CASE("what is denied inside a scar, or told of it by another report, leaves the scar as it is") {
    check({{"LGE of the anterior wall. MVO within the infarct is no longer seen.", Segments::of({1, 7, 13})},
           {"MVO within the anterior scar was not found.", Segments::of({1, 7, 13})},
           {"No ischaemia adjacent to the inferior scar.", Segments::of({4, 10, 15})},
           {"The inferolateral wall is viable despite its scar.", Segments::of({5, 11})},
           {"The inferior wall is viable although it is scarred.", Segments::of({4, 10, 15})}});
    check(Presence::absent, {"Contrary to the previous report of lateral scar, no LGE is seen.", "In contrast to the outside report, which described lateral scar, no LGE is seen.", "Anterior scar known from CMR 2014. No LGE."});
    CHECK(read("Thrombus over the apical scar was not seen.").other.empty());
}

TEST_CASE("the rest of the ventricle is told apart from the places before it") {
    check({{"LGE: basal anteroseptum, all other segments clear.", Segments::of({2})}, {"LGE: basal anteroseptum\nall other segments clear.", Segments::of({2})},
           {"LGE: mid anterior 50 %, apex 100 %, rest: none.", Segments::of({7, 17})}, {"LGE transmurality: basal anterior 0 %, mid anterior 50 %, apex 100 %, all remaining segments 0 %.", Segments::of({7, 17})},
           {"LGE: lateral wall, remaining myocardium nulled.", Segments::of({5, 6, 11, 12, 16})}, {"LGE: lateral subepicardial, septal midwall, RV neg.", Segments::of({2, 3, 5, 6, 8, 9, 11, 12, 14, 16})},
           {"LGE: interpretable for the septum and the inferior wall.\nBasal inferolateral     subendocardial\nSeptum                  negative", Segments::of({5})}});
    check(Presence::absent, {"LGE of the right atrium, none in the left ventricle.", "LGE: myocardium including trabeculae non-enhancing."});
}

TEST_CASE("one more number behind a list may be in doubt, and numbers may open a sentence") {
    for (const char* text : {"LGE in segments 5 and 11, possibly 12.", "LGE in segments 5 and 11, possibly in 12.", "LGE in segments 5, 11; possibly 12."}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK(f.segments == Segments::of({5, 11}));
        CHECK(f.segments_possible == Segments::of({12}));
    }
    check({{"In 4, 10 and 15 the scar takes up more than half of the wall.", Segments::of({4, 10, 15})}, {"Is there LGE in the septum? Yes.", Segments::of({2, 3, 8, 9, 14})}});
}

TEST_CASE("layers behind an exception and bounds behind an amount are those of the mention") {
    CHECK(read("LGE in all mid segments but the inferolateral one, always in the middle layer of the wall.").pattern == std::vector{anatomy::Pattern::midwall});
    CHECK(read("LGE of the lateral wall. The affected layer is the outermost one.").pattern == std::vector{anatomy::Pattern::subepicardial});
    const auto less = read("LGE in the apical lateral segment, 25 % or less of the wall."), more = read("LGE of the septum, 50 % or more of the wall.");
    REQUIRE(less.transmurality);
    CHECK(!less.transmurality->min_pct);
    CHECK(less.transmurality->max_pct == 25.0);
    REQUIRE(more.transmurality);
    CHECK(more.transmurality->min_pct == 50.0);
    CHECK(!more.transmurality->max_pct);
}

TEST_CASE("a level between commas, an exception and a doubt are of their own place alone") {
    check({{"LGE of the inferior wall from base to apex and, at mid level only, of the inferior septum.", Segments::of({4, 9, 10, 15})},
           {"LGE:\n(a) transmural, all apical segments except the lateral one\n(b) thin subendocardial scar of the basal inferolateral segment", Segments::of({5, 13, 14, 15})},
           {"Fibrosis had progressed and now reached the apical septum in addition to the basal and mid septum.", Segments::of({2, 3, 8, 9, 14})},
           {"Fibrosis involved the apex, where it was transmural and aneurysmal, and the basal inferolateral wall.", Segments::of({5, 17})},
           {"Transmural scar of the left ventricular apex, with adherent thrombus, and of the basal inferolateral wall.", Segments::of({5, 17})},
           {"LGE is limited to both RV insertion points on the basal slice, while the septum between them is normal.", Segments::of({2, 3})},
           {"LGE: + basal inferolateral, mid inferior, also questionable tiny focus anterior RV insertion, mid level.", Segments::of({5, 10})},
           {"LGE: mid anterior wall, subendocardial, no oedema.", Segments::of({7})},
           {"LGE: basal inferior wall, in continuity with bright pericardium.", Segments::of({4})},
           {"In the late enhancement the inferior wall shows, basal and midventricular, a transmural scar.", Segments::of({4, 10})},
           {"Two infarcts: a fresh one, subendocardial and oedematous, in the basal anterolateral segment, and an old one in the mid inferior segment.", Segments::of({6, 10})}});
}

TEST_CASE("a denial is of its own subject or object") {
    check({{"The scar in the mid lateral wall crossed coronary boundaries, which ruled out a previous infarct.", Segments::of({11, 12})},
           {"LGE of the basal inferior wall was found even though two biopsies had been negative.", Segments::of({4})},
           {"LGE of the basal inferior wall. None elsewhere, in particular none in the lateral wall.", Segments::of({4})},
           {"Dense scar was nonetheless clear in the basal inferior wall.", Segments::of({4})},
           {"The working diagnosis was abandoned, because the LGE was transmural, restricted to the basal inferior wall.", Segments::of({4})}});
    check(Presence::absent, {"LGE of the RV was seen, whereas no uptake was found in the left ventricle.", "LGE had not yet developed.", "No other part of the ventricle enhanced.", "Late gadolinium imaging, performed nine weeks before, had been negative.",
                             "On PSIR images there was no scar; a bright dot in the lateral wall, visible on one slice only, was attributed to wrap-around artifact.", "Faint LGE at the apex; the enhancement had gone when imaging was repeated."});
    check(Presence::uncertain, {"A scar in the inferior wall prompted coronary angiography, which was normal, and remained questionable.", "LGE suspected but not proven.",
                                "A slightly bright area in the basal septum was noted. As it was reproduced neither in the long axis nor after a repeat, it remained unclear whether this was a small scar.",
                                "LGE read 1 (KS): probable subepicardial stripe, mid inferolateral wall."});
}

TEST_CASE("items, subjects and masses keep their own places") {
    check({{"LGE x3:\n (i) apical anterior, transmural\n (ii) basal inferolateral, thin wall, no T2 change\n (iii) mid inferior, subendocardial", Segments::of({5, 10, 13})},
           {"LGE: basal inferolateral. The basal anterolateral segment, although oedematous, has no LGE.", Segments::of({5})},
           {"LGE by vessel:\nLCX bed - no scar.\nRCA bed - transmural, in the inferior wall, basal and mid.", Segments::of({4, 10})},
           {"LGE of the inferior wall, inferobasally only.", Segments::of({4})}});
    check(Presence::absent, {"Intense late enhancement of the tumour: fibroma. Myocardium outside of the tumour is without late enhancement, also at its margin.",
                             "The myocardium around the tumour shows no late enhancement."});
    CHECK(read("The tumour within the basal septum shows late enhancement.").lge != Presence::present);
    CHECK(read("Scar status could not be updated.").lge == Presence::not_stated);
}

TEST_CASE("what is clean but for an exception, measured or denied of the ventricle") {
    check({{"LGE: apical segments. Basal and mid segments clean except a focus in the mid inferior wall.", Segments::of({10, 13, 14, 15, 16})},
           {"Late enhancement:\n anterior - clean\n inferior - basal and mid 75-100%, apical clean", Segments::of({4, 10})},
           {"The focus of late enhancement, 14 \u00d7 6 mm in size and located in the basal inferior wall, was the exit site.", Segments::of({4})},
           {"LV mass 71 g/m\u00b2 with late enhancement in the basal septum.", Segments::of({2, 3})},
           {"Hyperenhancement was confined to the two hinge points of the septum.", Segments::of({2, 3, 8, 9})},
           {"LGE of the basal inferior wall. It has spread to the mid inferior wall as well.", Segments::of({4, 10})},
           {"LGE\nResult: positive\nSegments: 13, 14", Segments::of({13, 14})},
           {"LGE by segment (%): 4 = 70; 5 = 40; all other segments = 0", Segments::of({4, 5})}});
    check(Presence::absent, {"Late enhancement of the RV free wall. It is not seen in the LV.", "Late gad negative throughout the LV"});
    check(Presence::uncertain, {"MRI suggested, but could not prove, a minor scar at the apex.", "LGE: a faint haze of the apical anterior segment is of uncertain reality; no infarct."});
    CHECK(read("LGE burden 14 \u00b1 2 % of the LV.").extent_percent == std::pair(14.0, 14.0));
    CHECK(read("            Day 4        Month 6\nEF          41           52\nLGE         23 %         14 %").extent_percent == std::pair(14.0, 14.0));
}

TEST_CASE("items, forms and levels of many layouts") {
    check({{"LGE unchanged in number, three lesions:\n i. basal inferoseptum, mid-wall\n ii. mid inferolateral\n iii. apical anterior", Segments::of({3, 11, 13})},
           {"LGE +. Apical lateral: subepi. Basal anterolateral: nil.", Segments::of({16})},
           {"--- LGE ---\nacquired: yes\npresence: yes\nlocation: basal inferior", Segments::of({4})},
           {"LGE segments: [4, 10]", Segments::of({4, 10})}, {"LGE in segments 4 and 5 [12, 13].", Segments::of({4, 5})},
           {"LGE of the mid lateral wall and, at the same level, of the septum.", Segments::of({8, 9, 11, 12})},
           {"LGE of the septum from the base down to and including its apical portion.", Segments::of({2, 3, 8, 9, 14})},
           {"Late images: rim along the inferolateral wall at basal level and at the papillary level (mid cavity).", Segments::of({5, 11})},
           {"LGE: both hinge points at mid level. Septal midportion unremarkable.", Segments::of({8, 9})}});
    check(Presence::absent, {"LGE at 10 and 20 min, both PSIR and magnitude: not a trace of hyperenhancement.", "LGE\nacquired: yes\npresence: no",
                             "LGE: All 17 segments examined. The myocardium nulls homogeneously throughout.",
                             "Jan scan: subtle LGE mid anterior.\nCurrent scan: no enhancement anywhere in the LV."});
    check(Presence::uncertain, {"There may be a band in the basal inferolateral wall, but chemical shift cannot be separated from true enhancement.",
                                "A similar scar in the basal inferior wall is suspected only."});
    CHECK(read("Late enhancement: nil in the LV. There is an enhancing soft tissue mass in the AV groove.").lge == Presence::absent);
    CHECK(read("LGE\nacquired: no").lge == Presence::not_stated);
}

TEST_CASE("a denial ends where another subject, a reason or what is known already begins") {
    check(Presence::present, {"LGE was attributed to myocarditis and infarction was excluded.", "Subepicardial LGE confirmed myocarditis and excluded infarction.", "LGE indicated sarcoidosis and amyloid was considered unlikely.",
                              "The scar was attributed to an old infarct and viability was absent.", "Myocarditis was diagnosed from subepicardial LGE, and infarction could be excluded.",
                              "No recovery is expected since the scar is transmural.", "No oedema was present and the enhancement is therefore chronic.", "Without oedema, the enhancement must be chronic.",
                              "There is no segment free of LGE.", "Infarct with resolved MVO.", "Suspected LGE in the septum was confirmed on the repeat acquisition."});
    check({{"The absence of LGE in the septum contrasts with the extensive LGE in the lateral wall.", Segments::of({5, 6, 11, 12, 16})},
           {"Apart from the inferior septal junction, the hypertrophied myocardium was devoid of late enhancement.", Segments::of({3, 9})},
           {"LGE no longer present in the lateral wall but still in the septum.", Segments::of({2, 3, 8, 9, 14})},
           {"LGE is questionable in the septum but definite in the lateral wall.", Segments::of({5, 6, 11, 12, 16})}});
    check(Presence::absent, {"LGE: a bright line along the lateral wall. It is therefore not real.", "I am not convinced that there is LGE in the septum.", "Normal LV, RV, LGE."});
    check(Presence::uncertain, {"The only abnormality on the delayed images was equivocal subepicardial enhancement of the basal inferolateral wall.",
                                "LGE: signal over the basal anterior wall, ghosting from the tissue expander versus subepicardial fibrosis."});
    check(Presence::not_stated, {"Scar must be excluded.", "Pericardium: trace effusion, layers enhance over the lateral wall.", "Enhancing mass in the LV apex.", "Late enhancement around the RVOT patch."});
}

TEST_CASE("walls told again, places of another sentence and the rest") {
    check({{"LGE of the basal anterior and anteroseptal segments and of the same two segments at mid level.", Segments::of({1, 2, 7, 8})},
           {"LGE in the basal inferior and inferolateral segments, and at mid level in the same walls.", Segments::of({4, 5, 10, 11})},
           {"The LGE, earlier limited to segments 5 and 11, now also takes in segment 12.", Segments::of({5, 11, 12})},
           {"LGE took up 31% of the left ventricle. On the present study it has fallen to 12%, still located in the lateral wall.", Segments::of({5, 6, 11, 12, 16})},
           {"LGE mid inferior transmural rest neg", Segments::of({10})}, {"LGE mid septum (rest clear).", Segments::of({8, 9})},
           {"LGE mid septum, lateral wall neg.", Segments::of({8, 9})}, {"LGE mid septum, apex neg, RV neg.", Segments::of({8, 9})},
           {"LGE: mid inferior wall at these sites:\n(a) basal anteroseptum;\n(b) mid inferior wall.\nThe liver shows nodules in segments 5 and 8.", Segments::of({2, 10})},
           {"LGE  Anterior: transmural, basal/mid/apical. Anteroseptum: transmural, mid; spared at base.", Segments::of({1, 7, 8, 13})},
           {"On LGE there is a mid-wall streak in the basal inferoseptum, confirmed on a long-axis view.", Segments::of({3})},
           {"LGE: late gad pos basal lateral", Segments::of({5, 6})}, {"LGE Present / Absent: Present. Location: mid septum.", Segments::of({8, 9})},
           {"LGE_SEGMENTS_DEFINITE: 3, 4\nLGE_SEGMENTS_POSSIBLE: 9", Segments::of({3, 4})}, {"LGE segments (definite): 3, 4\nLGE segments (possible): 9", Segments::of({3, 4})},
           {"Scars:\n A - LAD: apical anterior, 51-75%\n B - LCx: basal inferolateral, 76-100%\n C - RCA: none", Segments::of({5, 13})}});
    CHECK(read("LGE was 31% of the LV at baseline. It has fallen to 12%.").extent_percent == std::pair(12.0, 12.0));
    const auto graded = read("LGE score (0 none, 1 1-25%, 2 26-50%, 3 51-75%, 4 76-100%)\nSegment 3: 3\nSegment 4: 1").transmurality;
    REQUIRE(graded);
    CHECK(graded->min_pct == 1);
    CHECK(graded->max_pct == 75);
}
