#include "lge/base/error.hpp"
#include "lge/report/unicode.hpp"
#include "reading.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace lge;
using anatomy::Certainty;
using anatomy::Finding;
using anatomy::Pattern;
using anatomy::Presence;
using anatomy::Segments;

namespace {

struct Case {
    const char* text;
    Presence lge;
    std::optional<Segments> segments;
};

const std::vector<Case> cases{
    {"Subendocardial scar in the basal to mid inferior and inferolateral walls with 50-75% transmurality.", Presence::present, Segments::of({4, 5, 10, 11})},
    {"There is no change in the transmural infarct of the mid-apical anteroseptum and true apex.", Presence::present, Segments::of({8, 14, 17})},
    {"LGE in segments 1, 2 and 7-9.", Presence::present, Segments::of({1, 2, 7, 8, 9})},
    {"Late gadolinium enhancement is seen in all segments except 4 and 10.", Presence::present, Segments::of({1, 2, 3, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16})},
    {"No LGE except at the inferior RV insertion point.", Presence::present, Segments::of({3, 9})},
    {"Without edema but with midwall enhancement of the basal septum.", Presence::present, Segments::of({2, 3})},
    {"Late gadolinium enhancement was not seen.", Presence::absent, Segments::of({})},
    {"Scar is absent.", Presence::absent, Segments::of({})},
    {"Previously noted lateral LGE is no longer seen.", Presence::absent, Segments::of({})},
    {"Possible subtle midwall LGE in the basal inferolateral wall.", Presence::uncertain, Segments::of({})},
    {"Probable small subendocardial infarct in the apical inferior wall.", Presence::uncertain, Segments::of({})},
    {"Midwall LGE in the basal septum may represent prior myocarditis.", Presence::present, Segments::of({2, 3})},
    {"Faint, nonspecific enhancement in the mid inferior wall.", Presence::present, Segments::of({10})},
    {"LGE imaging was not performed due to renal failure.", Presence::not_stated, std::nullopt},
    {"LGE images were nondiagnostic because of arrhythmia.", Presence::uncertain, std::nullopt},
    {"INDICATION: Known prior infarct, evaluate scar.\nFINDINGS: LVEF 45%. No wall motion abnormality.", Presence::not_stated, std::nullopt},
    {"The pattern of enhancement is not suggestive of amyloid.", Presence::present, std::nullopt},
    {"Pericardial enhancement is present. No myocardial late enhancement.", Presence::absent, Segments::of({})},
    {"There is pericardial late enhancement.", Presence::not_stated, std::nullopt},
    {"Dense transmural scar in the LAD territory involving 12% of LV mass.", Presence::present, std::nullopt},
    {"LGE: 26-50% transmurality mid anterior, >75% apical anterior and apex. Microvascular obstruction is present.", Presence::present, Segments::of({7, 13, 17})},
    {"No evidence of microvascular obstruction. Acute transmural infarct of the basal and mid inferior wall.", Presence::present, Segments::of({4, 10})},
    {"Papillary muscle enhancement is noted; no other LGE.", Presence::present, Segments::of({})},
    {"DELAYED ENHANCEMENT: THERE IS SUBEPICARDIAL LATE GADOLINIUM ENHANCEMENT OF THE BASAL LATERAL WALL.", Presence::present, Segments::of({5, 6})},
    {"Delayed enhancement:\nMid wall striae in the basal and mid septum.\nImpression:\nDilated cardiomyopathy with septal fibrosis", Presence::present, Segments::of({2, 3, 8, 9})},
    {"Hypokinesis of the anterior wall. Subendocardial enhancement in the inferior wall at the mid level, viable.", Presence::present, Segments::of({10})},
    {"Circumferential subendocardial LGE sparing the apex, typical of amyloidosis.", Presence::present, Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})},
    {"Scar in the inferior wall from base to apex.", Presence::present, Segments::of({4, 10, 15})},
    {"LGE of the posterior wall, basal and mid.", Presence::present, Segments::of({5, 11})},
    {"The septum and lateral wall show no late enhancement, but there is LGE in the mid anterior wall.", Presence::present, Segments::of({7})},
    {"A small infarct cannot be excluded in the mid inferior wall.", Presence::uncertain, Segments::of({})},
    {"Subendocardial hyperenhancment of the mid anterolatral wall.", Presence::present, Segments::of({12})},
    {"LGE in the anterior wall and possible LGE in the inferior wall.", Presence::present, Segments::of({1, 7, 13})},
    {"No scar, fibrosis or infarction.", Presence::absent, Segments::of({})},
    {"Normal perfusion. No late gadolinium enhancement to suggest infarction or fibrosis. Normal myocardium.", Presence::absent, Segments::of({})},
    {"LGE shows enhancement of the basal anterolateral wall.", Presence::present, Segments::of({6})},
    {"Mid-wall LGE, basal inferoseptum and basal anteroseptum, in keeping with DCM.", Presence::present, Segments::of({2, 3})},
    {"Myocardial scar was ruled out.", Presence::absent, Segments::of({})},
    {"Evaluate for scar. Function is normal.", Presence::not_stated, std::nullopt},
    {"LGE in 3 of 17 segments, mainly basal inferior.", Presence::present, Segments::of({4})},
    {"Near-transmural LGE of the mid to apical anteroseptum with no-reflow.", Presence::present, Segments::of({8, 14})},
    {"Basal anterior, inferior and lateral subepicardial enhancement.", Presence::present, Segments::of({1, 4, 5, 6})},
    {"Enhancement at the superior and inferior RV hinge points.", Presence::present, Segments::of({2, 3, 8, 9})},
    {"RV insertion point LGE at the base.", Presence::present, Segments::of({2, 3})},
    {"Thickened pericardium with enhancement. Myocardium without LGE.", Presence::absent, Segments::of({})},
    {"Subendocardial scar, mid inferior (25-50%) and apical inferior (>75%).", Presence::present, Segments::of({10, 15})},
    {"Total LGE burden 14 g (11% of LV mass). LV mass 180 g. Patchy midwall LGE of the septum.", Presence::present, Segments::of({2, 3, 8, 9, 14})},
    {"Equivocal LGE at the inferior insertion point, possibly artifact.", Presence::uncertain, Segments::of({})},
    {"LGE vs artifact in the basal lateral wall.", Presence::uncertain, Segments::of({})},
    {"Findings: LVEF 60%. No LGE.\nImpression: Normal study.", Presence::absent, Segments::of({})},
    {"There is no definite late gadolinium enhancement.", Presence::absent, Segments::of({})},
    {"Subendocardial LGE in the mid lateral wall, most likely ischemic.", Presence::present, Segments::of({11, 12})},
    {"Liver: segment 4 cyst. Midwall LGE basal septum.", Presence::present, Segments::of({2, 3})},
    {"Focal LGE in mid inferior segment. Similar to prior.", Presence::present, Segments::of({10})},
    {"Patchy fibrosis.", Presence::present, std::nullopt},
    {"Late gadolinium enhancement: absent. T2: normal.", Presence::absent, Segments::of({})},
    {"Late gadolinium enhancement: None", Presence::absent, Segments::of({})},
    {"There is no late gadolinium enhancement in the septum. Subepicardial enhancement is present in the basal inferolateral wall.", Presence::present, Segments::of({5})},
    {"No significant abnormal delayed enhancement of the left ventricular myocardium is identified.", Presence::absent, Segments::of({})},
    {"Small focus of delayed enhancement in the mid inferoseptal wall is unchanged compared to 2018.", Presence::present, Segments::of({9})},
    {"The previously described enhancement in the anterior wall is artifact.", Presence::absent, Segments::of({})},
    {"At the apex there was no LGE.", Presence::absent, Segments::of({})},
    {"In the basal septum there is midwall LGE.", Presence::present, Segments::of({2, 3})},
    {"Chronic infarct in the RCA territory with thinned, akinetic basal inferior wall.", Presence::present, std::nullopt},
    {"LGE  [ ] yes  [x] no\n Subendocardial [ ]\n Midwall [ ]\nMVO [ ] yes [x] no", Presence::absent, Segments::of({})},
    {"Late enhancement\n \u2611 present \u2610 absent\nSegments: 4, 10", Presence::present, Segments::of({4, 10})},
    {"LGE ....... Yes\nSegments ....... 1, 7", Presence::present, Segments::of({1, 7})},
    {"LGE: S4 76-100 %, S10 25 %; S5 none.", Presence::present, Segments::of({4, 10})},
    {"Midwall LGE of S1-S3.", Presence::present, Segments::of({1, 2, 3})},
    {"Scar of segments two, three and eight.", Presence::present, Segments::of({2, 3, 8})},
    {"Late enhancement checklist\nanterior   -\nseptal     -\n", Presence::absent, Segments::of({})},
    {"LGE (-)", Presence::absent, Segments::of({})},
    {"LGE 0 g.", Presence::absent, Segments::of({})},
    {"Fibrosis is seen at these sites:\n (1) basal septum\n (2) mid inferior wall\nLVEF 50 %.", Presence::present, Segments::of({2, 3, 10})},
    {"Segmental analysis (motion / LGE)\nS4 akinetic / 51-75%\nS5 hypokinetic / 0", Presence::present, Segments::of({4})},
    {"Basal short-axis PSIR slice: subepicardial enhancement, inferolateral.", Presence::present, Segments::of({5})},
    {"Segments 4 and 10 and the true apex enhance.", Presence::present, Segments::of({4, 10, 17})},
    {"LGE of the anterior and inferior septum at mid level.", Presence::present, Segments::of({8, 9})},
    {"LGE at the ant & inf hinge points, mid.", Presence::present, Segments::of({8, 9})},
    {"LGE at the base and mid level, anterior wall.", Presence::present, Segments::of({1, 7})},
    {"Scar in the septum; the remaining segments are clean.", Presence::present, Segments::of({2, 3, 8, 9, 14})},
    {"Enhancement of the pericardium over the lateral wall.", Presence::not_stated, std::nullopt},
    {"LGE of the RVOT patch and of the anterior RV free wall.", Presence::not_stated, std::nullopt},
    {"A known anterior scar on an earlier MRI. No contrast was given today.", Presence::not_stated, std::nullopt},
    {"The scar reported elsewhere is confirmed: mid inferior wall.", Presence::present, Segments::of({10})},
    {"A subepicardial line on LGE in the basal lateral wall is suspected but could not be reproduced.", Presence::uncertain, Segments::of({})},
    {"Bright subendocardial signal in segment 16: scar or artefact?", Presence::uncertain, Segments::of({})},
    {"LGE: a bright dot in the mid septum. It may be fibrosis.", Presence::uncertain, Segments::of({})},
    {"Findings: LGE in segment 5.\nImpression: equivocal scar, basal inferolateral.", Presence::uncertain, Segments::of({})},
    {"Outside read: patchy septal LGE.\nFinal: no LGE.", Presence::absent, Segments::of({})},
    {"LGE: none in the lateral wall. Septum: midwall fibrosis, basal.", Presence::present, Segments::of({2, 3})},
    {"Scar of the inferior wall, so recovery is unlikely.", Presence::present, Segments::of({4, 10, 15})},
    {"Q waves suggested infarction. No scar.", Presence::absent, Segments::of({})},
    {"Myocardial scar is neither proven nor excluded.", Presence::uncertain, Segments::of({})},
    {"Indication: chest pain. LGE in the mid inferior wall.", Presence::present, Segments::of({10})},
    {"The left ventricle\nshows no\nlate gadolinium\nenhancement.", Presence::absent, Segments::of({})},
    {"LGE segment 4 yes. Corridor mapping: artefact mimicking scar at the apex.", Presence::present, Segments::of({4})},
};

/// Why rules are refused; empty where they are taken.
std::string message(std::string_view rules) {
    try {
        lge::report::read_lexicon(rules, "rules");
    } catch (const lge::Error& e) {
        return e.what();
    }
    return {};
}

}  // namespace

TEST_CASE("presence and segments follow the guideline") {
    for (const auto& c : cases) {
        CAPTURE(c.text);
        const auto f = read(c.text);
        CHECK(f.lge == c.lge);
        CHECK((f.segments == c.segments));
    }
}

TEST_CASE("capitals, dashes, blanks and invisible characters change nothing") {
    const auto plain = read("No scar except in the mid-apical septum.");
    CHECK(plain.segments == Segments::of({8, 9, 14}));
    for (const auto* text : {"NO SCAR EXCEPT IN THE MID-APICAL SEPTUM.", "No sc\u00adar except in the mid\u2013apical sep\u200btum.",
                             "No\u00a0scar\u2009except in\r\nthe mid-apical septum.", "No scar except in the mid\u2011apical\tseptum.", "N\u202eo scar except in the mid-apical septum."}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK(f.lge == plain.lge);
        CHECK(f.segments == plain.segments);
    }
}

TEST_CASE("another sentence, line break or list mark changes no finding") {
    const std::pair<std::string_view, Presence> findings[] = {{"Subendocardial LGE in the mid inferior wall.", Presence::present}, {"No late gadolinium enhancement.", Presence::absent},
                                                              {"Possible midwall LGE in the basal septum.", Presence::uncertain}};
    for (const auto& [finding, presence] : findings) {
        const auto alone = read(std::string(finding));
        CHECK(alone.lge == presence);
        for (const auto* other : {"LVEF 55%.", "Inducible perfusion defect in the anterior wall and septum.", "T2 mapping shows oedema in the lateral wall.", "The anterior wall and apex are hypokinetic.",
                                  "No thrombus.", "The pericardium is thickened without enhancement.", "LV mass 140 g.", "Global longitudinal strain -14 %.", "Known LAD stenosis of 70%.", "Liver segment 4 cyst."})
            for (const auto& text : {fmt::format("{} {}", other, finding), fmt::format("{} {}", finding, other), fmt::format("- {}\n- {}", other, finding), fmt::format("Other: {}\nLGE: {}", other, finding)}) {
                CAPTURE(text);
                const auto f = read(text);
                CHECK(f.lge == alone.lge);
                CHECK(f.segments == alone.segments);
                CHECK(f.segments_possible == alone.segments_possible);
                CHECK(f.pattern == alone.pattern);
            }
    }
}

TEST_CASE("doubtful places stand apart from certain ones") {
    const auto f = read("LGE in the anterior wall and possible LGE in the inferior wall.");
    CHECK(f.segments == Segments::of({1, 7, 13}));
    CHECK(f.segments_possible == Segments::of({4, 10, 15}));
    CHECK(f.uncertainty == std::vector<std::string>{"possible"});
    CHECK(read("Possible subtle midwall LGE in the basal inferolateral wall.").pattern == std::vector{Pattern::midwall});
}

TEST_CASE("fractions in words, changes and bare amounts are read") {
    const auto half = read("Scar of the mid inferior wall, less than half of the wall thickness.");
    REQUIRE(half.transmurality);
    CHECK_FALSE(half.transmurality->min_pct);
    CHECK(half.transmurality->max_pct == 50.0);
    CHECK(read("LGE of the septum. The extent has fallen from 21 g to 13 g.").mass_g == 13.0);
    CHECK(read("Fibrosis of the apex. 26 g.").mass_g == 26.0);
    CHECK(read("Infarct of the apex. MVO: yes, 1.8 g. Infarct mass 21 g.").mass_g == 21.0);
    CHECK_FALSE(read("Subepicardial LGE in the outer half of the wall, segment 5.").transmurality);
    CHECK(read("LGE basal inferolateral: not subendocardial but mid-wall.").pattern == std::vector{Pattern::midwall});
}

TEST_CASE("percentages are depth, share of the ventricle or neither by what stands beside them") {
    const auto depth = read("Subendocardial scar in the mid inferior wall with 25-50% transmurality. LVEF 35%.");
    REQUIRE(depth.transmurality);
    CHECK(depth.transmurality->min_pct == 25.0);
    CHECK(depth.transmurality->max_pct == 50.0);
    CHECK_FALSE(depth.extent_percent);
    const auto share = read("Total LGE burden 14 g (11% of LV mass). LV mass 180 g. Patchy midwall LGE of the septum.");
    CHECK(share.mass_g == 14.0);
    CHECK(share.extent_percent == std::pair{11.0, 11.0});
    CHECK_FALSE(share.transmurality);
    const auto open = read("Subendocardial scar, mid inferior (25-50%) and apical inferior (>75%).");
    CHECK(open.transmurality->min_pct == 25.0);
    CHECK_FALSE(open.transmurality->max_pct);
    CHECK(read("Near-transmural LGE of the mid anteroseptum.").transmurality->grade == "near_transmural");
}

TEST_CASE("causes come with their certainty, and what is rejected is kept apart") {
    const auto certain = read("Midwall LGE of the basal septum due to sarcoidosis.");
    REQUIRE(certain.etiology);
    CHECK(certain.etiology->diagnosis == "sarcoidosis");
    CHECK(certain.etiology->certainty == Certainty::definite);
    CHECK(read("Midwall LGE of the basal septum, consistent with sarcoidosis.").etiology->certainty == Certainty::probable);
    CHECK(read("Midwall LGE of the basal septum, may represent sarcoidosis.").etiology->certainty == Certainty::possible);
    const auto rejected = read("The pattern of enhancement is not suggestive of amyloid.");
    CHECK_FALSE(rejected.etiology);
    CHECK(rejected.etiology_excluded == std::vector<std::string>{"amyloidosis"});
    CHECK_FALSE(read("INDICATION: sarcoidosis\nFINDINGS: No LGE.").etiology);
}

TEST_CASE("no-reflow, viability, change and territory are read") {
    CHECK(read("Acute transmural infarct of the inferior wall with no-reflow.").mvo == true);
    CHECK(read("Acute infarct of the inferior wall. No microvascular obstruction.").mvo == false);
    CHECK_FALSE(read("Acute infarct of the inferior wall.").mvo);
    CHECK(read("Subendocardial scar of the inferior wall, viable.").viability == "viable");
    CHECK(read("The scar in the apex is unchanged.").temporal == "unchanged");
    CHECK(read("Scar in the RCA territory.").territory == std::vector{anatomy::Territory::rca});
}

TEST_CASE("evidence points at the words it stands on") {
    const std::string text = "FINDINGS: EF 55%. Midwall LGE in the basal septum. Normal valves.";
    const auto f = read(text);
    REQUIRE(f.evidence.size() == 1);
    const auto& e = f.evidence.front();
    CHECK(text.substr(e.start, e.end - e.start) == "Midwall LGE in the basal septum");
    CHECK(e.section == "findings");
}

TEST_CASE("every prefix of a report can be read") {
    const std::string text = "FINDINGS:\nLGE (PSIR): patchy midwall, basal to mid septum (25-50%), 6 g (4%); segments 1, 2 and 7-9.\nImpression: 1. No MVO, but scar except\u2013apex?";
    for (std::size_t n = 0; n <= text.size(); ++n) {
        const auto cut = report::replace_bad_utf8(std::string_view(text).substr(0, n));
        for (const auto& e : read(cut).evidence) CHECK(e.end <= cut.size());
    }
}

TEST_CASE("a lexicon is refused at the line that is wrong") {
    const auto message = [](std::string_view text) {
        try {
            report::read_lexicon(text, "rules");
        } catch (const Error& e) {
            return std::string(e.what());
        }
        return std::string();
    };
    CHECK(message("lge\n") == "rules:1: a phrase before the first [kind]");
    CHECK(message("[target\n") == "rules:1: no ] at the end of the kind");
    CHECK(message("# words\n[targets]\n") == "rules:2: no such kind");
    CHECK(message("[level highest]\n") == "rules:1: no such value of this kind");
    CHECK(message("[target]\nscar | | fibrosis\n") == "rules:2: an empty phrase");
    CHECK(message("# nothing\n") == "rules: no phrase in it");
    CHECK(message("[same]\nplus\n") == "rules:1: [same] takes a word");
    CHECK(message("[same and]\nas well as | +\n") == "rules:2: what stands for a word is made of words");
    CHECK(message("[target]\nscar\n").empty());
}

TEST_CASE("braces in a lexicon stand for choices of whole words") {
    const auto lexicon = report::read_lexicon("[target]\n{bright,glowing} {,tiny} sparkle {of,in} {} wall\n[negation]\nno {,clear}\n", "rules");
    report::Parser parser(lexicon);
    for (const auto* text : {"A bright sparkle of wall.", "Glowing tiny sparkle in wall"}) CHECK(parser.read(text).finding.lge == Presence::present);
    CHECK(parser.read("no clear bright sparkle of wall").finding.lge == Presence::absent);
    CHECK(parser.read("A sparkle of wall.").finding.lge == Presence::not_stated);
    CHECK(message("[target]\nscar\n{a,b c\n") == "rules:3: a { without its }");
    CHECK(message("[target]\nscar}\n") == "rules:2: a } without its {");
    CHECK(message("[target]\n{a,{b,c}}\n") == "rules:2: braces within braces");
    CHECK(message("[target]\nScar\n") == "rules:2: a word with a capital, an accent or a digit in it");
    CHECK(message("[target]\nscar 1.5\n") == "rules:2: a number that is not whole or not below 4096");
    CHECK(message("[target]\n{,a} {,b}\n").starts_with("rules:2: "));
    CHECK(message("[role joining]\nin the\n").starts_with("rules:2: "));
}

TEST_CASE("a list in a lexicon stands for its phrases, in braces or by itself") {
    const auto lexicon = report::read_lexicon("[list glow]\nsparkle | bright glow\n[list all]\n<glow> | shine\n[target]\n{,tiny} <all> of wall\n{faint,<glow>} ring\n", "rules");
    report::Parser parser(lexicon);
    for (const auto* text : {"A tiny sparkle of wall.", "Bright glow of wall", "Shine of wall", "A faint ring", "a bright glow ring"}) CHECK(parser.read(text).finding.lge == Presence::present);
    CHECK(parser.read("A shine ring").finding.lge == Presence::not_stated);
    CHECK(message("[target]\n<glow> ring\n") == "rules:2: no list of this name before");
    CHECK(message("[list glow]\nsparkle\n[target]\n<glow ring\n") == "rules:4: a < without its >");
    CHECK(message("[list]\nglow\n") == "rules:1: a list without a name");
    CHECK(message("[list glow]\nbright {a,b} glow\n[target]\n<glow>\n").starts_with("rules:4: "));
}

TEST_CASE("a sentence is cut after 128 words and signs, so that time stays linear") {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "LGE ? ";
    const auto& sentences = read_all(text).sentences;
    CHECK(sentences.size() == 16);
    for (const auto& s : sentences) CHECK(s.end - s.start < 64 * 6);
}
