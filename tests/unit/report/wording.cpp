#include "reading.hpp"

using namespace lge;
using anatomy::Pattern;
using anatomy::Presence;
using anatomy::Segments;

TEST_CASE("what is excepted from all is left out, wherever the exception stands") {
    check({{"LGE in all basal segments but the inferior one.", Segments::of({1, 2, 3, 5, 6})},
           {"Save for the septum, every mid segment enhances.", Segments::of({7, 10, 11, 12})},
           {"All apical segments apart from the septal one show patchy LGE.", Segments::of({13, 15, 16})},
           {"Every segment bar the apical inferior takes up contrast.", Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16})},
           {"Circumferential LGE at mid level, sparing only the anterior wall.", Segments::of({8, 9, 10, 11, 12})},
           {"Apart from a thin streak in the basal inferoseptum, the myocardium nulled well.", Segments::of({3})},
           {"LGE: the lateral wall is clear apart from a spot in the mid anterolateral segment.", Segments::of({12})},
           {"Late enhancement of the anterior and lateral walls, lateral wall spared apically.", Segments::of({1, 5, 6, 7, 11, 12, 13})}});
}

TEST_CASE("a place that is only set against another is left out") {
    check({{"The mid inferior wall rather than the septum is scarred.", Segments::of({10})}, {"Unlike the septum, the mid inferior wall shows LGE.", Segments::of({10})},
           {"The mid inferior wall, unlike the lateral wall, shows LGE.", Segments::of({10})}, {"LGE stops short of the apical segments and is confined to the mid inferior wall.", Segments::of({10})},
           {"The mid inferior LGE does not suggest septal infarction.", Segments::of({10})}});
}

TEST_CASE("a global scar stands where more of it is told of some walls") {
    const Segments all = Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    check({{"Diffuse LGE, most pronounced in the lateral wall.", all}, {"Global subendocardial LGE, becoming transmural in the basal inferior wall.", all},
           {"LGE of the left ventricle in its entirety.", all}, {"LGE through all segments but most prominently at the base.", all}, {"Diffuse LGE of the septum.", Segments::of({2, 3, 8, 9, 14})},
           {"At mid level the entire circumference enhances.", Segments::of({7, 8, 9, 10, 11, 12})}});
}

TEST_CASE("the former and the latter are one of the places before") {
    check({{"The mid anterior wall and the basal septum are thinned. Only the latter shows late enhancement.", Segments::of({2, 3})},
           {"The mid anterior and the basal inferior wall are akinetic; the former enhances, the latter does not.", Segments::of({7})},
           {"The basal septum and the apex are hypokinetic, but only the latter is scarred.", Segments::of({17})}});
}

TEST_CASE("that in another place stands for the enhancement before") {
    check({{"LGE in the basal septum has resolved, that in the mid inferior wall has not.", Segments::of({10})}, {"The scar of the apex is old while that of the mid inferior wall is new.", Segments::of({10, 17})},
           {"The LGE of the septum has gone but that in the mid inferior wall persists.", Segments::of({10})}});
}

TEST_CASE("segments are numbered in figures, words, roman and as ordinals") {
    check({{"LGE in segments IV and X.", Segments::of({4, 10})}, {"LGE in segments IV-VI.", Segments::of({4, 5, 6})}, {"LGE of the fourth and tenth segments.", Segments::of({4, 10})},
           {"The 4th and 10th segments are scarred.", Segments::of({4, 10})}, {"Segments with LGE: 4 10", Segments::of({4, 10})}, {"LGE, segments 1 to 3 (midwall) and 7-9.", Segments::of({1, 2, 3, 7, 8, 9})},
           {"Segments with LGE: 4;10", Segments::of({4, 10})}, {"Segments with scar > 50 %: 4, 10.", Segments::of({4, 10})}, {"Scar in a second segment, the mid inferior.", Segments::of({10})},
           {"Of 17 segments, two show LGE: 4 and 10.", Segments::of({4, 10})}, {"LGE scores: 1=0 2=0 3=0 4=2 5=0 10=3", Segments::of({4, 10})}, {"Scar seg 4: 3; seg 10: 2; others nil", Segments::of({4, 10})},
           {"Scar (0 = none, 1 = < 25 %, 2 = 25-50 %): seg 4: 1; seg 10: 2.", Segments::of({4, 10})}, {"Segmental infarct transmurality:\nseg 3: 0 | seg 4: 51-75 | seg 10: 26-50", Segments::of({4, 10})}});
}

TEST_CASE("levels belong to the wall that they stand by") {
    check({{"LGE of the mid anteroseptum, the anterior insertion point at basal level and the apical septum.", Segments::of({2, 8, 14})}, {"LGE: inferior wall - base transmural, mid patchy, apex level 50 %.", Segments::of({4, 10, 15})},
           {"LGE of the mid inferoseptum and, at the apex, the inferior wall.", Segments::of({9, 15})}, {"Base - normal. Apex - subepicardial lateral LGE.", Segments::of({16})},
           {"LGE starts in the basal inferolateral wall and extends distally to the mid segment.", Segments::of({5, 11})}, {"Subendocardial LGE of the mid anterior wall, becoming transmural towards the apex.", Segments::of({7, 13})},
           {"A scar in the basal inferior wall and a patchy one in the septum.", Segments::of({2, 3, 4, 8, 9, 14})}, {"LGE is lateral at basal level and absent distally.", Segments::of({5, 6})},
           {"At the base the enhancement is inferolateral, in the apical slices it is absent.", Segments::of({5})}, {"Fibrosis, inferobasal lateral.", Segments::of({5})}, {"LGE mass 7 g (base 6 g), segment 4.", Segments::of({4})}});
}

TEST_CASE("layers of the second half of a sentence are read") {
    const auto f = read("The scar is midwall in the septum but subepicardial in the lateral wall.");
    CHECK(f.pattern == std::vector{Pattern::midwall, Pattern::subepicardial});
    CHECK(read("Mid-to-epicardial enhancement of the septum.").pattern == std::vector{Pattern::midwall, Pattern::subepicardial});
    CHECK(read("An endocardially based scar of the inferior wall.").pattern == std::vector{Pattern::subendocardial});
    CHECK(read("LGE of the inferior wall is subendocardial and probably reflects embolic infarction.").pattern == std::vector{Pattern::subendocardial});
}

TEST_CASE("a doubtful place stands apart from a certain one in many words") {
    for (const auto* text : {"LGE in segments 4 and 10; segment 15 is equivocal.", "Scar of the basal and mid inferior wall, with a further uncertain focus in the apical inferior segment.", "LGE is definite in segments 4 and 10 and doubtful in segment 15."}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK((f.segments == Segments::of({4, 10})));
        CHECK(f.segments_possible == Segments::of({15}));
    }
    CHECK(read("Whether there is fibrosis of the septum is hard to tell.").lge == Presence::uncertain);
    CHECK(read("LGE: possible midwall fibrosis of the septum. No infarct.").lge == Presence::uncertain);
    CHECK(read("LGE images run; ectopy rendered them uninterpretable.").lge == Presence::uncertain);
}

TEST_CASE("what is answered, refuted, explained or told of another tissue is no LGE") {
    for (const auto* text : {"Hinge point enhancement, no.", "LGE (Y/N): N", "Late enhancement: 0 segments.", "The septal LGE noted elsewhere could not be confirmed today.", "The outside report of an apical scar was not borne out.",
                             "No scar; the previously suspected septal line was not reproduced.", "Enhancement of the septum, on review felt to be artefactual.", "Neg for LGE.", "Biopsy showed fibrosis. CMR without LGE."}) {
        CAPTURE(text);
        CHECK(read(text).lge == Presence::absent);
    }
    for (const auto* text : {"A mass of the lateral wall with intense late enhancement.", "Myxoma with rim enhancement and central necrosis.", "Diffuse LGE of the RV with sparing of the LV.", "LGE in the free wall of the systemic right ventricle.",
                             "The pericardium is thickened along the inferior LV surface with late enhancement of both layers.", "LGE was attempted but the patient left.", "Wideband LGE is diagnostic for all segments except 13.",
                             "Previous CMR elsewhere reportedly showed a septal scar.", "If LGE were present, sarcoidosis would be likely.", "Diffuse fibrosis on T1 mapping.", "? scar. No contrast as patient pregnant."}) {
        CAPTURE(text);
        CHECK(read(text).lge == Presence::not_stated);
    }
    for (const auto* text : {"No MVO within the acute lateral infarct.", "No MVO is seen within the area of necrosis of the anterior wall.", "No viability in the inferior wall (100 % scar)."}) {
        CAPTURE(text);
        CHECK(read(text).lge == Presence::present);
    }
}

TEST_CASE("amounts are read without their sign, before it and in fractions of the ventricle") {
    for (const auto* text : {"LGE % 12", "Scar (% of LV): 12", "LGE of the septum. ~12% LV.", "LGE/LV mass: 12 %", "LV scar: 12 %"}) {
        CAPTURE(text);
        CHECK(read(text).extent_percent == std::pair(12.0, 12.0));
    }
    CHECK(read("Scar accounts for one fifth of the left ventricle.").extent_percent == std::pair(20.0, 20.0));
    const auto f = read("LGE table\nBasal inferior: 26-50\nMid inferior: 51-75");
    REQUIRE(f.transmurality);
    CHECK(f.transmurality->min_pct == 26);
    CHECK(f.transmurality->max_pct == 75);
    CHECK_FALSE(read("MVO occupies 4 % of LV mass within the LAD infarct.").extent_percent);
}

TEST_CASE("causes that are open, alternative or only beside are kept apart") {
    const auto certainty = [](const char* text) {
        const auto f = read(text);
        REQUIRE(f.etiology);
        return f.etiology->certainty;
    };
    CHECK(certainty("Septal LGE: hypertensive heart disease or mild HCM.") == anatomy::Certainty::possible);
    CHECK(certainty("Septal LGE. Myocarditis and cardiac sarcoid are both possible.") == anatomy::Certainty::possible);
    CHECK(certainty("LGE of the inferior wall that looks like an old infarct.") == anatomy::Certainty::probable);
    CHECK(read("Lateral LGE; myocarditis is thought unlikely but is not ruled out.").etiology_excluded.empty());
    CHECK(read("Septal LGE favours dilated cardiomyopathy rather than ischaemia.").etiology_excluded == std::vector<std::string>{"ischemic"});
    CHECK(read("Septal midwall LGE of dilated cardiomyopathy; the inferior infarct is a bystander.").etiology_excluded.empty());
}

TEST_CASE("change is that of LGE, in many words") {
    const std::vector<std::pair<const char*, const char*>> cases{
        {"LGE of the septum, not visibly changed.", "unchanged"}, {"LGE of the septum. Change from previous: none.", "unchanged"}, {"The enhancement persists, albeit less extensive.", "decreased"},
        {"LGE of the septum, now confined to the base.", "decreased"}, {"LGE rose from 6 % to 9 % of LV mass.", "increased"}, {"LGE newly detected in the mid septum.", "new"}};
    for (const auto& [text, change] : cases) {
        CAPTURE(text);
        CHECK(read(text).temporal == change);
    }
    CHECK(read("LGE in the lateral region without viability, preserved viability at the apex.").viability == "mixed");
    CHECK(read("LGE of segments 4 and 10. LAD territory viable.").territory.empty());
}

TEST_CASE("several scars are counted over sentences") {
    using lge::anatomy::Segments;
    check({{"There are two scars. One is in the basal anterior wall, the other in the apical lateral wall.", Segments::of({1, 16})},
           {"Two foci of LGE. The larger is in the mid septum. The smaller lies in the basal inferior wall.", Segments::of({4, 8, 9})},
           {"LGE in the basal septum. There are two cysts in the liver; the larger is in segment 4.", Segments::of({2, 3})},
           {"There is LGE of the mid septum. Two perfusion defects are seen. The first is in the inferior wall.", Segments::of({8, 9})}});
    CHECK_FALSE(read("Two foci of LGE. The larger is in the mid septum.").temporal);
}

TEST_CASE("a place that is stressed is no other extent") {
    using lge::anatomy::Segments;
    check({{"Diffuse subendocardial LGE, more so at the base.", Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})},
           {"LGE is seen within the thickened areas, predominantly the basal anteroseptum.", Segments::of({2})}});
    CHECK_FALSE(read("Circumferential LGE, more marked basally.").temporal);
    CHECK(read("CMR three months later: no more LGE.").temporal == "resolved");
}

TEST_CASE("little is told apart from none and from doubt") {
    check(Presence::absent, {"There was hardly any LGE.", "Barely any scar."});
    check(Presence::uncertain, {"Little if any LGE.", "LGE, if any, is minimal."});
    check(Presence::present, {"No more than mild LGE of the septum.", "LGE of the septum was all but absent.", "There was hardly any LGE except in the inferior wall."});
}

TEST_CASE("places that stand beside one another keep to what they are of") {
    using lge::anatomy::Segments;
    check({{"Midwall LGE of lateral and apical walls.", Segments::of({5, 6, 11, 12, 13, 14, 15, 16})},
           {"LGE in the septal basal and apical segments.", Segments::of({2, 3, 14})},
           {"Focal fibrosis anteroseptally at the RV insertion site.", Segments::of({2, 8})},
           {"Patchy LGE of the right ventricular border of the septum.", Segments::of({2, 3, 8, 9, 14})},
           {"LGE of the inferior wall and of the posterior LA wall.", Segments::of({4, 10, 15})}});
    for (const auto* text : {"CMR revealed an apical aneurysm and extensive LGE.", "CMR showed inferior hypokinesis, normal T1 and T2 values with persistence of LGE."}) {
        CAPTURE(text);
        CHECK(read(text).lge == Presence::present);
        CHECK_FALSE(read(text).segments);
    }
}

TEST_CASE("what is no scar of this heart asserts none") {
    check(Presence::not_stated, {"CMR is able to detect fibrosis.", "CMR can accurately identify fibrosis in the basal inferior wall.", "There was hyperenhancement of the adherent pericardium.",
                                 "Fibrosis within the inferior aspect of the posterior LA.", "She had a cerebellar infarct and a splenic infarct.", "Late gadolinium enhancement (LGE) characteristically occurs in the basal septum."});
    check(Presence::present, {"We can identify LGE in the septum.", "A scar could be seen in the long axis view.", "There also was LGE of the septum.", "The patient, found by family screening, presented with LGE of the inferolateral wall."});
}

TEST_CASE("a caption tells the cause by its patient") {
    const auto f = read("CMR in a patient with acute myocarditis. (A) Cine. (B) LGE of the lateral wall.");
    REQUIRE(f.etiology);
    CHECK(f.etiology->diagnosis == "myocarditis");
    CHECK(f.etiology->certainty == lge::anatomy::Certainty::probable);
    CHECK_FALSE(read("After exclusion of an ischaemic cause, CMR showed LGE of the septum.").etiology);
}

TEST_CASE("images that suffer hold nothing where they do") {
    check(Presence::absent, {"LGE limited by ICD artefact over the anterior wall; no enhancement in the visible segments.", "LGE: susceptibility artefact anteriorly. Otherwise negative.", "LGE: artefact in the anterior wall, otherwise normal."});
    check({{"LGE is affected by artefact in the anterior wall; scar in the inferior wall.", lge::anatomy::Segments::of({4, 10, 15})}});
}

TEST_CASE("layers in a list are those of the mention behind it") {
    const auto f = read("CMR showed reduced systolic function with near circumferential, subepicardial to midwall delayed enhancement.");
    CHECK(f.pattern == std::vector{lge::anatomy::Pattern::midwall, lge::anatomy::Pattern::subepicardial, lge::anatomy::Pattern::diffuse});
    CHECK(read("Anterior infarct with transmurality in the mid septum.").pattern == std::vector{lge::anatomy::Pattern::transmural});
}

TEST_CASE("nearly gone is there still, and a place that predominates is a part") {
    for (const auto* text : {"The delayed-enhanced lesion on the cardiac MRI nearly disappeared.", "LGE had almost completely resolved.", "Near-complete resolution of the LGE."}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK(f.lge == Presence::present);
        CHECK(f.temporal == "decreased");
    }
    check({{"Circumferential LGE with lateral wall predominance.", lge::anatomy::Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})}});
    check(Presence::absent, {"There was no LGE. The abnormalities were consistent with LV apical hypoplasia.", "CMR showed resolution of both oedema and LGE."});
}

TEST_CASE("both papillary muscles are no walls") {
    for (const auto* text : {"LGE of both the anterolateral and posteromedial papillary muscles.", "LGE in the anterior & posterior papillary muscles."}) {
        CAPTURE(text);
        CHECK((read(text).segments == lge::anatomy::Segments{}));
    }
    check({{"LGE of the anterior and posterior papillary muscles and adjacent lateral wall.", lge::anatomy::Segments::of({5, 6, 11, 12, 16})}, {"LGE in the anterior two-thirds of the septum.", lge::anatomy::Segments::of({2, 8})}});
}

TEST_CASE("what stands beside the myocardium keeps its own enhancement") {
    using lge::anatomy::Segments;
    check(Presence::not_stated, {"Pericardium: thickened up to 9 mm over RV and inferior LV surface, with avid late enhancement along its whole circumference.", "CMR confirmed a pericardium 8 mm thick, strongly enhancing after gadolinium and adherent to the lateral left ventricular wall.",
                                 "CMR disclosed a lipomatous mass of the interventricular groove; after contrast it enhanced only along its capsule.", "Wall enhancement: 24% of the LA wall, mainly posterior wall and around the left pulmonary veins."});
    check(Presence::absent, {"The pericardial layers, but not the myocardium itself, displayed avid late enhancement.", "Dad died suddenly at 50 (MI).\nLGE -ve.", "Despite a troponin peak of 48 ng/mL, CMR failed to demonstrate late enhancement, necrosis or microvascular obstruction."});
    check(Presence::uncertain, {"LGE: suspected small patchy focus at the basal anteroseptum. The magnitude images do not confirm it.", "Susceptibility from the generator wiped out the anterior wall and rendered the LGE series nondiagnostic.",
                                "Cannot rule out subendocardial scarring of the apical lateral segment on LGE, as trabeculae and slow-flowing blood mimic scar in this location."});
    check({{"Subendocardial enhancement of all basal segments, becoming transmural in the basal inferolateral wall.", Segments::of({1, 2, 3, 4, 5, 6})},
           {"LGE displays hinge-point enhancement at the inferior septal junction of the basal slice.", Segments::of({3})},
           {"Subendocardial (25-50 %) enhancement in the basal inferoseptal segment - viable.", Segments::of({3})},
           {"LGE (17-segment model): transmural 75-100%: 5, 11. Subendocardial 25-50%: 6, 12, 16. Others 0%.", Segments::of({5, 6, 11, 12, 16})}});
}

TEST_CASE("how well LGE could be judged is no LGE") {
    using lge::anatomy::Segments;
    check(Presence::absent, {"LGE assessment is limited. No scar seen.", "LGE suboptimal but no obvious scar."});
    check(Presence::uncertain, {"LGE evaluation limited; scar of the mid inferior wall possible."});
    check({{"LGE evaluation showed a septal scar.", Segments::of({2, 3, 8, 9, 14})},
           {"LGE in the septum, basal and mid (white arrows).", Segments::of({2, 3, 8, 9})},
           {"LGE in the anteroseptal and anterior segments at mid-ventricular level and the apical septum.", Segments::of({7, 8, 14})}});
    CHECK((read("In the anterolateral papillary muscle there is LGE.").segments == Segments{}));
}

TEST_CASE("numbers behind the verb of segments are theirs, and those of a count are not") {
    check({{"Segments with scar were 1, 2, 7 and 8; segment 13 was viable.", lge::anatomy::Segments::of({1, 2, 7, 8})}, {"LGE segments: 3, 9\nLGE %: 2", lge::anatomy::Segments::of({3, 9})}});
    CHECK_FALSE(read("Number of segments with LGE was 3.").segments);
}

TEST_CASE("walls that scar replaces, what is left of LGE, and exceptions with a measure") {
    using lge::anatomy::Segments;
    check({{"The apex proper is thinned, aneurysmal and replaced by transmural scar.", Segments::of({17})},
           {"Compared with 2024, when LGE was seen in segments 4, 5, 6, 11 and 12.\nToday: LGE has regressed markedly; a thin rim persists in segments 5 and 11 only.", Segments::of({5, 11})},
           {"No enhancement was found other than a nodular subepicardial deposit of the mid inferior wall, where it measured 6 mm.", Segments::of({10})},
           {"Late enhancement in the hinge regions, both anterior and inferior, of the mid ventricle.", Segments::of({8, 9})}});
    check(Presence::absent, {"LGE-negative CMR and a normal biopsy prompted us to search for a channelopathy.", "LGE: A bright band across the mid anterior wall is absent in the long axis, i.e. a ghosting artefact. There is no true enhancement."});
}

TEST_CASE("nodes, implants and the pericardium beside a layer") {
    using lge::anatomy::Segments;
    check({{"Pericardial and subepicardial LGE of the inferolateral wall.", Segments::of({5, 11})}, {"LGE in the basal septum and elsewhere.", Segments::of({2, 3})}});
    check(Presence::absent, {"Enhancing nodes; no myocardial LGE.", "Breast implant artefact over the anterior wall; LGE elsewhere negative."});
}

TEST_CASE("a definite scar beside a doubtful one is there") {
    for (const auto* text : {"Possible inferolateral LGE and definite LGE in the septum.", "Probable LGE inferolateral, definite LGE in the septum."}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK(f.lge == Presence::present);
        CHECK((f.segments_possible == lge::anatomy::Segments::of({5, 11})));
    }
    check(Presence::uncertain, {"Probable but not definite LGE of the septum.", "Possible LGE, not definite, in the septum."});
    check(Presence::absent, {"LGE could not be confidently identified in the septum."});
}

TEST_CASE("a mention with a verb of its own behind and is not denied") {
    using lge::anatomy::Segments;
    check({{"The septum was free of scar and LGE was confined to the lateral wall.", Segments::of({5, 6, 11, 12, 16})},
           {"Full-thickness enhancement of the basal and mid inferior wall, thinning to a subendocardial rim at the apical inferior segment.", Segments::of({4, 10, 15})},
           {"Ablation lesion: small focus of LGE at basal anterior wall.", Segments::of({1})}});
    check(Presence::absent, {"No scar and LGE was absent in the septum.", "No scar, and LGE was not seen in any wall.", "Hyperenhancement of the thickened parietal and visceral pericardium, whereas no enhancement was seen in the underlying myocardium."});
    check(Presence::not_stated, {"Late enhancement of LV: not commented.", "Patient with previous myocarditis and LGE in 2019."});
}

TEST_CASE("slices of a whole wall, one after the other") {
    using lge::anatomy::Segments;
    check({{"LGE on the basal SAX slice: inferoseptal. On the mid SAX slice: inferior.", Segments::of({3, 10})},
           {"In the basal slices the whole septum enhances.", Segments::of({2, 3})},
           {"Enhancement begins at the base of the lateral wall and ends before the apex.", Segments::of({5, 6})}});
}

TEST_CASE("what a later scan left as it was, and pairs set off by slashes") {
    using lge::anatomy::Segments;
    check({{"LE of the hypertrophied septum anteriorly, segments 2 and 8.", Segments::of({2, 8})},
           {"At the one-year scan LGE had neither regressed nor extended and still involved the basal anterior, inferior and lateral walls.", Segments::of({1, 4, 5, 6})},
           {"[LGE, transmurality by segment] 4: 60 % / 5: 20 % / 10: 70 % / 15: 40 % / all others: 0 %", Segments::of({4, 5, 10, 15})}});
    check(Presence::absent, {"After contrast homogeneous low signal, no zones of pathological late imbibition."});
}

TEST_CASE("what another reader told and the images of today do not show") {
    using lge::anatomy::Segments;
    check(Presence::absent, {"LGE was described in the lateral wall. Today it is not seen.", "LGE was described in the lateral wall. Today, it is not seen.",
                             "LGE was described in the lateral wall; today it is not seen.", "LGE was described in the lateral wall. It is absent on these images.",
                             "LGE was described in the lateral wall. On today's images I cannot see it.", "LGE was described in the lateral wall. No longer seen today.",
                             "LGE was described in the septum, which we do not see.", "LGE was described in the septum but we could not find it."});
    check({{"LGE is seen in the lateral wall. On today's images it is not seen in the septum.", Segments::of({5, 6, 11, 12, 16})},
           {"There is LGE in the septum. Oedema: we do not see it.", Segments::of({2, 3, 8, 9, 14})},
           {"LGE is seen in the lateral wall. T2: oedema of the septum was reported; today it is not seen.", Segments::of({5, 6, 11, 12, 16})}});
}

TEST_CASE("a question mark behind a conclusion doubts it") {
    check(Presence::uncertain, {"Conclusion: subtle LGE in the septum?", "LGE: septal ?"});
    check(Presence::not_stated, {"Clinical question: septal scar?", "Clinical question: septal scar ?"});
}

TEST_CASE("rings that are named whole, most marked in a wall") {
    using lge::anatomy::Segments;
    check({{"LGE in all apical segments, most marked inferiorly.", Segments::of({13, 14, 15, 16})},
           {"LGE in all basal and mid segments, worst in the lateral wall.", Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})},
           {"LGE involving the entire mid ventricle circumferentially, worst inferolaterally.", Segments::of({7, 8, 9, 10, 11, 12})},
           {"Scar at the base, mainly lateral.", Segments::of({5, 6})}});
}

TEST_CASE("a field of LGE that names nothing but a vessel") {
    for (const auto* text : {"LGE: LAD territory.", "LGE: in the LAD and RCA territories", "Scar: LAD"}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK(f.lge == Presence::present);
        CHECK(!f.territory.empty());
    }
    check(Presence::not_stated, {"LGE: LAD stenosis.", "LGE: not done. Coronary anatomy: LAD."});
}

TEST_CASE("layers and rings in other words, and what might have been") {
    using lge::anatomy::Segments;
    check({{"Neither subendocardial nor mid-wall enhancement was present, but a subepicardial pattern was seen in the mid and basal inferior segments.", Segments::of({4, 10})},
           {"The enhancement was ring-like at the mid-ventricular level, occupying the subepicardium of every segment.", Segments::of({7, 8, 9, 10, 11, 12})},
           {"Diffuse myocardial fibrosis on late images.", Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})},
           {"CMR viability\nAnterior wall: transmural at mid and apical, 100%.\nSeptum: none.\nLateral: subendocardial, basal, 25%.", Segments::of({5, 6, 7, 13})}});
    check(Presence::absent, {"Had there been subepicardial enhancement, we would have favoured myocarditis; however, the late images were blank.",
                             "Native T1 is raised, suggesting diffuse myocardial fibrosis. No LGE."});
    check(Presence::not_stated, {"Had there been LGE in the septum, we would have implanted an ICD."});
}

TEST_CASE("one scar is smaller and another has vanished") {
    using lge::anatomy::Segments;
    const auto lateral = Segments::of({5, 6, 11, 12, 16});
    check({{"The lateral scar is smaller and the septal one has vanished.", lateral},
           {"The lateral scar is smaller and the septal scar has vanished.", lateral},
           {"The lateral scar persists and the septal one has vanished.", lateral},
           {"Two scars: the lateral one persists, the septal one has gone.", lateral}});
    check(Presence::absent, {"The lateral and the septal scar have vanished.", "The scar in the lateral wall and the septal one have vanished."});
}

TEST_CASE("walls that cannot be assessed, scans from outside and results that nobody wrote down") {
    using lge::anatomy::Segments;
    check({{"LGE: lateral wall non assessable. Midmyocardial stripe in basal anteroseptal segment.", Segments::of({2})}});
    check(Presence::absent, {"CMR (outside, 2 wks earlier) was read as lateral infarct. After joint review the lateral brightness was felt to be a coil-sensitivity artefact, and no late enhancement is present."});
    check(Presence::present, {"The distribution of late enhancement was not that of amyloid."});
    check(Presence::not_stated, {"Gadolinium kinetics suggested infiltrative disease, but no LGE readout was documented."});
}

TEST_CASE("an adjective of absence denies the LGE behind it, and a subject of its own does not") {
    using lge::anatomy::Segments;
    check(Presence::absent, {"The negative LGE argues against myocarditis.", "With negative LGE and normal T2, myocarditis is unlikely.", "LGE: normal. Negative LGE is reassuring.",
                             "LGE: clear of enhancement, incl. the anterior wall and both papillary muscles.", "Late gad: nothing to suggest previous infarction or fibrosis.",
                             "Lateral subepicardial LGE, reported in 2021 together with oedema, is not seen any longer.", "LGE: the septum, which was looked at with care, is dark.",
                             "LGE carried out in light of ectopy: papillary muscles dark, basal inferolateral wall dark, no fibrosis."});
    check(Presence::present, {"STIR: negative, LGE: septum.", "The distribution of late enhancement argues against amyloid, and monoclonal protein was absent.",
                              "The carrier, still free of symptoms, already had enhancement of the basal inferoseptum."});
    check(Presence::uncertain, {"Equivocal basal inferolateral LGE. Repeat the LGE with arrhythmia rejection.", "LGE: the images are non-diagnostic. Tissue characterisation not possible.",
                                "LGE: in the apical inferior segment there is a bright spot. It may be a small infarct, but slow flow gives the same look."});
    check(Presence::not_stated, {"The right atrial mass takes up contrast and shows delayed enhancement.", "Late imaging was not repeated as infarct size is known."});
}

TEST_CASE("levels beside another scar, a ring above them and brackets that narrow a wall") {
    using lge::anatomy::Segments;
    check({{"LGE: infarct of the inferior and inferolateral walls at the basal level and the inferior wall mid. Transmural basally, 50% mid.", Segments::of({4, 5, 10})},
           {"LGE in the lateral wall at basal and mid level (inferolateral only).", Segments::of({5, 11})},
           {"LGE:\nApical: anterior, septal - 76-100% thickness; inferior - 25-50%; lateral - no enhancement.", Segments::of({13, 14, 15})},
           {"LGE: at mid level there is a circumferential band; at the base the process narrows down to the inferior wall, and apically it is not present.", Segments::of({4, 7, 8, 9, 10, 11, 12})},
           {"Scar reaches from the mid anterior segment across all four apical segments to the apical cap.", Segments::of({7, 13, 14, 15, 16, 17})},
           {"LGE is visible in every basal segment apart from the anterior one; further apically the mid inferior segment shows it.", Segments::of({2, 3, 4, 5, 6, 10})},
           {"Infarct, mostly non viable (apical anterior, apical septal, apex), mid segments partially viable.", Segments::of({13, 14, 17})},
           {"Late enhancement: transmural in the basal and mid inferior segments, less widespread than the oedema.", Segments::of({4, 10})}});
}

TEST_CASE("what stands around the mention: headings behind a gap, other organs, a scan read elsewhere") {
    using lge::anatomy::Segments;
    check({{"LGE : inferior wall basal-mid-apical and basal inferoseptum, subendocardial.", Segments::of({3, 4, 10, 15})},
           {"LV normal thickness, no MAD\nOn PSIR, tiny focus of mid-myocardial enhancement within basal anterolateral segment", Segments::of({6})},
           {"LGE has increased. It now occupies the basal and mid inferoseptum in a confluent midwall distribution.", Segments::of({3, 9})},
           {"There was global subendocardial late enhancement of all segments, at the base amounting to transmural uptake.", Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})},
           {"3. LGE\n\n          Anterior  Septal  Inferior  Lateral\nBasal     0%        0%      50-75%    0%\nMid       1-25%     0%      50-75%    0%", Segments::of({4, 7, 10})}});
    check(Presence::absent, {"REQUEST  Known CAD, old ECG thought to be inferior infarct.\nLATE GAD  none seen.", "Meets the Petersen ratio but with normal function, negative LGE and pretest probability low.",
                             "FUNCTION + LGE, sickle cell disease 33F\nAfter contrast no areas of late enhancement.", "The queried scar is not confirmed.",
                             "PSIR SAX/LAX: negative x 17 segments. Lateral hyperintensity = slow flow under trabeculae, gone on dark-blood.",
                             "Enhancement is confined to normal fibrous structures (mitral annulus, right trigone); the LV myocardium shows no scar.",
                             "Delayed enhancement: none\nLungs (limited): scarring right apex, advise correlation with CXR"});
    check(Presence::present, {"LGE: single subendocardial focus in the mid inferolateral wall, likely a silent infarct from cardiac allograft vasculopathy."});
}

TEST_CASE("organs, scans and infarcts that are not the myocardium of this examination") {
    using lge::anatomy::Segments;
    check({{"DE: enhancement of mid anterior and all apical segments. Microvascular obstruction in the apical septum.", Segments::of({7, 13, 14, 15, 16})},
           {"LGE of the anterior and septal walls of the basal third and the inferior wall of the middle third.", Segments::of({1, 2, 3, 10})},
           {"Transmural infarction of the mid anterior segment and of all apical segments but the lateral one; the apical cap is involved as well.", Segments::of({7, 13, 14, 15, 17})},
           {"LGE: septal with MVO in segments 8 and 9.", Segments::of({2, 3, 8, 9, 14})},
           {"Infarct scar of the inferior wall except for its apical segment, 1/2 to 3/4 of the thickness.", Segments::of({4, 10})},
           {"LGE: a mid-wall focus in the basal inferolateral segment and a small one at the inferior RV insertion point at mid level.", Segments::of({5, 9})},
           {"Scar in the mid anterior segment, none any more in the apical anterior wall.", Segments::of({7})}});
    check(Presence::absent, {"There was no late gadolinium enhancement of the myocardium, but the liver contained a delayed-enhancing lesion in segments 5 and 6.",
                             "Prior, 11 Jan: subepicardial LGE of the lateral wall at base and mid level.\nToday: asymptomatic. Late enhancement: normal."});
    check(Presence::not_stated, {"Aortic root: abscess cavity 12 mm posterior, rim enhancement, no fistula.", "71F, atypical chest pain, prior silent MI.", "Lungs: fibrosis at both bases, scarring at the right apex.",
                                 "A lesion lies on the aortic side of the cusp: papillary fibroelastoma most probable; enhances on LGE.", "Previous scan at another provider (2021) reported \"inferior scar\".",
                                 "A 34 x 22 mm pedunculated mass arises from the interatrial septum, left side, T2 bright, heterogeneous first-pass perfusion, and patchy late enhancement."});
    check(Presence::absent, {"The formerly involved apical segments no longer enhance.", "MRI gives no support for infarction or myocarditis.",
                             "Her father has HCM with extensive septal LGE and an ICD. Late gadolinium enhancement: none.",
                             "CAD with inferior MI 2009 and PCI.\nFunction normal. LGE: none.", "Previous 'scar of the heart' told by a clinic abroad. There is no scar at all."});
    check(Presence::present, {"There is a scar of 6 g. No LGE outside the scar.", "Infarct scar, 12 g. No LGE in the septum.", "Inferior infarct is seen.\nLGE: no enhancement of the RV."});
    check(Presence::uncertain, {"A wideband sequence was not available. Late gadolinium images were acquired but are non-diagnostic throughout; scar can be neither confirmed nor refuted."});
}

TEST_CASE("what one sentence tells of another's places is read there") {
    check({{"Hypokinesia of the apical lateral wall.\nT2: focal oedema.\nLGE: a transmural focus in the same segment.", Segments::of({16})},
           {"Akinesia of the inferior wall at basal and mid level. After gadolinium the same inferior segments show enhancement.", Segments::of({4, 10})},
           {"LGE distribution. Basal: inferior and inferolateral. Mid: inferolateral. At the apical level it is confined to the lateral wall.", Segments::of({4, 5, 11, 16})},
           {"Cine: aneurysm of the LV tip; akinetic basal posterior wall.\nPSIR: scar in both these places.", Segments::of({5, 17})},
           {"Two scars were known: one in the mid inferior wall and one in the basal anterolateral wall. The former is unchanged. The latter cannot be reproduced today.", Segments::of({10})},
           {"LGE at the inferior hinge point of the basal septum.", Segments::of({3})},
           {"Hinge-point LGE persists at mid level inferiorly.", Segments::of({9})},
           {"LGE of the inferolateral wall, all three levels.", Segments::of({5, 11, 16})},
           {"LGE of the LV tip and of apical segments 15 and 16.", Segments::of({15, 16, 17})},
           {"LGE in segments 3-5 and 9-11 sparing 4.", Segments::of({3, 5, 9, 10, 11})},
           {"Global transmural enhancement except for the basal anterior segment, where it is subendocardial.", Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})},
           {"Subendocardial bright signal in the basal and mid inferior segments on the late images, and the anterior and lateral walls null well.", Segments::of({4, 10})},
           {"LGE: subendocardial mid anterior, transmural apical anterior, none in the apical septum.", Segments::of({7, 13})},
           {"Transmural scar of the basal and mid inferior wall reaching into the inferolateral wall only basally.", Segments::of({4, 5, 10})}});
}

TEST_CASE("what is explained away, taken back or of another examination leaves nothing") {
    check(Presence::absent, {"LGE: a bright rim runs along the lateral wall. It vanishes on wideband and is therefore not scar.", "LGE: a bright line along the septum. The line is fat caught by partial volume.",
                             "There is extensive late enhancement - sorry, wrong patient, delete that. There is no late enhancement.", "On LGE the slow-flowing blood between the trabeculae of the apical lateral wall is bright and mimics scar. No convincing LGE.",
                             "At diagnosis there had been subendocardial enhancement at the apex. The earlier enhancement is no longer seen.", "Neither thrombus nor late enhancement.", "LGE: focus in the septum. The magnitude images fail to show it. No LGE."});
    check(Presence::uncertain, {"Septal perforator versus early mid-wall fibrosis of the mid anteroseptum.", "LGE: equivocal\nLGE site: mid anterolateral\nLGE layer: midwall", "Late images: whether there is scar or not I cannot tell."});
    check(Presence::present, {"LGE: a midwall focus in the basal inferolateral wall. It may represent fibrosis from volume overload.", "EF 39% (44% two years ago), with subepicardial fibrosis of the lateral wall.", "LGE subepicardial inferior. Infarct-typical late enhancement not present."});
    check(Presence::not_stated, {"A 31 x 22 mm lobulated mass is attached to the RV free wall; perfuses early and shows heterogeneous late enhancement.", "Lobulated 34 x 28 mm mass on the interatrial septum with patchy late enhancement.", "No perfusion and no late enhancement because contrast was not given: native examination only.",
                                 "Fibrosis shown as late enhancement of the RV outflow tract.", "The left atrium is big and its posterior wall enhances."});
}

TEST_CASE("the age of an infarct is told by its adjectives, in whatever sentence") {
    const auto age = [](const char* text) { return read(text).etiology.value().diagnosis; };
    CHECK(age("Acute transmural LAD territory infarction.") == "acute_mi");
    CHECK(age("LGE shows transmural infarction of the inferior wall. In summary, an old infarct.") == "prior_mi");
    CHECK(age("Infarct of the inferior wall.") == "mi");
}

TEST_CASE("exceptions, absences and vessels take the walls that they are told of") {
    check({{"No LGE in the inferior wall apart from a thin line at the base.", Segments::of({4})},
           {"There is no LGE in the septum, nor in the inferior wall apart from a thin line at the base, which carries on into the basal inferolateral segment.", Segments::of({4, 5})},
           {"LGE absent from the lateral wall; minor enhancement of the septum at mid level.", Segments::of({8, 9})},
           {"LGE: basal lateral; none septal.", Segments::of({5, 6})},
           {"LGE: none at the base, patchy in the mid septum.", Segments::of({8, 9})},
           {"LGE in mid anterior and mid anteroseptal segments.\nIMPRESSION\nLarge anterior infarct, proximal LAD", Segments::of({7, 8})},
           {"LGE: anterior and lateral wall basal-mid, all apical segments.", Segments::of({1, 5, 6, 7, 11, 12, 13, 14, 15, 16})},
           {"The inferior wall was thinned and more than 75% of its thickness was hyperenhanced. LGE of the mid septum.", Segments::of({4, 8, 9, 10, 15})},
           {"LGE: thinned lateral wall, transmurally enhanced.", Segments::of({5, 6, 11, 12, 16})},
           {"LGE: 5 and 11, subendocardial.", Segments::of({5, 11})}});
    check(Presence::absent, {"LGE absent from the lateral wall.", "All apical segments with transmural oedema but not a trace of LGE.", "LGE: clean. Septum and lateral wall were inspected on long-axis slices."});
}

TEST_CASE("an earlier scan is told apart from this one, within a sentence as well") {
    check(Presence::not_stated, {"On the previous scan there was scar in the septum."});
    check(Presence::absent, {"The scan of 2019 showed LGE in the septum; today there is none.", "Previous scan: subepicardial LGE mid inferior.\nLGE: none.", "Comparison March 2021: LGE of the lateral wall.\nLGE: none.",
                             "Resident read: LGE of the basal inferior wall.\nFinal read: the bright signal is incomplete fat suppression. There is no infarct."});
    check(Presence::present, {"On the previous scan there was LGE in the septum, and it is unchanged.", "PRELIMINARY REPORT\nLGE of the mid septum.", "Acute myocarditis likely, with basal inferolateral LGE."});
}
