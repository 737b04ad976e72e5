// Headings, lines of technique, tables and fields around what is told.
#include "reading.hpp"

using namespace lge;
using anatomy::Presence;
using anatomy::Segments;

TEST_CASE("places that the planes of images run through are those of no finding") {
    check({{"Technical: late enhancement 10 minutes after 12 mL Dotarem; apical slices repeated because of breathing.\nLGE: basal septum.", Segments::of({2, 3})},
           {"Technical notes: late enhancement with extra slices through the lateral wall.\nMidwall LGE of the basal septum.", Segments::of({2, 3})},
           {"LGE acquired with additional slices through the anterior and inferior walls. Midwall LGE of the basal septum.", Segments::of({2, 3})},
           {"Late gadolinium images planned parallel to the inferior wall and repeated once. Midwall LGE of the basal septum.", Segments::of({2, 3})},
           {"How the scan was done: 3T, LGE in short axis incl. the apex.\nMidwall LGE of the basal septum.", Segments::of({2, 3})},
           {"LGE of the basal septum, confirmed on additional slices.", Segments::of({2, 3})}});
}

TEST_CASE("headings are known with a full stop, a date, a sign or what they tell of contrast") {
    check({{"Concl.: basal inferolateral scar.", Segments::of({5})},
           {"Contrast: midwall streak in the basal inferolateral wall.", Segments::of({5})},
           {"LGE+: basal and mid inferolateral\nLGE-: septum, apex", Segments::of({5, 11})},
           {"LGE (+): basal and mid inferolateral\nLGE (-): septum, apical slices", Segments::of({5, 11})},
           {"Comparison 03.11.: LGE of the apex.\nNow: LGE of the basal septum.", Segments::of({2, 3})},
           {"Prior: LGE basal inferior.\nNow: same, slightly smaller.", Segments::of({4})},
           {"Inf. and infsept. LGE, bas. and mid.", Segments::of({3, 4, 9, 10})},
           {"T2: normal.\nSegment 10: transmural LGE. Segment 16: normal.", Segments::of({10})},
           {"Clinical question: septal fibrosis?\nAnswer: yes, mid septum, midwall.", Segments::of({8, 9})}});
    CHECK(read("Contrast: none.").lge == Presence::not_stated);
    CHECK(read("Contrast: no enhancement of the myocardium.").lge == Presence::absent);
    CHECK(read("Sports screening, ?scar\nMeasurements: septum 11 mm, apex 8 mm.\nLGE: none.").lge == Presence::absent);
}

TEST_CASE("a column of depths belongs to the title above it, unless that denies or names something else") {
    const auto table = [](const char* title, const char* head) { return std::string(title) + "\n" + head + "\n1    0\n4    75%\n5    50%\n6    0\n"; };
    CHECK((read(table("LGE transmurality per segment", "segment  depth")).segments == anatomy::Segments::of({4, 5})));
    CHECK((read(table("Hyperenhancement by AHA segment", "seg  depth")).segments == anatomy::Segments::of({4, 5})));
    CHECK(read(table("No LGE", "seg  motion")).lge == anatomy::Presence::absent);
    CHECK(read(table("Wall motion by segment", "seg  score")).lge == anatomy::Presence::not_stated);
}

TEST_CASE("tables whose columns are not parted alike, marks and fields on one line are read") {
    check({{"Segment / motion / LGE (%)\n3 normal 0 | 4 akinetic 75 | 10 hypokinetic 50 | 15 normal 0", Segments::of({4, 10})},
           {"Seg; wall motion; LGE transmurality\n3; normal; 0\n4; akinetic; 75\n10; hypo; 50\n15; normal; 0", Segments::of({4, 10})},
           {"LGE sheet\nbasal:   ant -   sept -   inf +   lat -\nmid:     ant -   sept -   inf +   lat -\napical:  ant -   sept -   inf -   lat -", Segments::of({4, 10})},
           {"LGE transmural extent by territory\n  LAD: basal ant 0, mid ant 0, septal 0\n  RCA: basal inf 51-75%, mid inf 26-50%", Segments::of({4, 10})},
           {"LGE: Y   Segments: 4, 10   MVO: N", Segments::of({4, 10})}, {"Viability: mid anterior <25 %, apical anterior 51-75 %, all other segments 0.", Segments::of({7, 13})}});
    CHECK(read("LGE: N  MVO: N  Thrombus: N").lge == Presence::absent);
    CHECK(read("LGE: N / MVO: N / thrombus: N").mvo == std::optional(false));
    CHECK(read("All segments 0 on the LGE score.").lge == Presence::absent);
}

TEST_CASE("labels and amounts parted by gaps, bars or dashes are rows of their own") {
    check({{"LGE table\n basal anteroseptal     midwall, bright\n basal anterior         none\n basal inferior         subepicardial", Segments::of({2, 4})},
           {"PSIR LGE\n  mid septum: Y       basal inferior: N\n  mid inferior: Y     apex: N", Segments::of({8, 9, 10})},
           {"LATE ENHANCEMENT BY SEGMENT\n #1  basal anterior   0\n #2  basal anteroseptal   25-50\n #3 to #6   0\n #7  mid anterior   75-100\n #8 to #17   0", Segments::of({2, 7})},
           {"Segment table (LGE transmurality)\n 1  0     7  0     13 75-100%\n 2  0     8  0     14 0\n 4  25-50%  10 25-50%  16 0", Segments::of({4, 10, 13})},
           {"LGE\n seg 1   0      seg 7   0\n seg 4  76-100  seg 10 76-100\n seg 5  51-75   seg 11  0", Segments::of({4, 5, 10})},
           {"LGE map\nBasal ring   1-  2-  3-  4-  5+  6+\nMid ring     7-  8-  9-  10- 11+ 12+\nTip          17-", Segments::of({5, 6, 11, 12})},
           {"Segment              WM        LGE\n------------------------------\nBasal inferior       hypo      50-75%\nMid inferior         hypo      25-50%\nMid septum           normal    -", Segments::of({4, 10})},
           {"LGE segments (17-segment model): 7 - 26-50%; 13 - 76-100%; the others 0%.", Segments::of({7, 13})},
           {"LGE: [apical cap: transmural] [basal inferolateral: mid-wall] [rest: nil]", Segments::of({5, 17})},
           {"LGE % of wall: basal anterior 0, basal inferior 100, mid inferior 75, other apical 0, all septal segments 0.", Segments::of({4, 10})}});
    check(Presence::absent, {"LGE checklist\n   midwall              no\n   insertion point      no\n   apical               no", "LGE, LV           No\nLGE, RV           No", "item             | result\n LV myocardial LGE| -ve\n LAA              | no thrombus",
                             "Drawing\n--- LGE -------\nnone\n--- RV --------\nnormal", "(+) wall thickness 14 mm\n(-) LGE\n(-) effusion", "segments with LGE: 0/17", "Late enhancement \u00f8"});
}

TEST_CASE("legends, captions and what was before belong to the table that they stand at") {
    check({{"|Level |Ant |AntSept|InfSept|Inf |InfLat|AntLat|\n|Basal | -  | -     | M     | -  | -    | -    |\n|Mid   | -  | -     | M     | -  | -    | -    |\nLGE code: S subendocardial, M mid-wall, E subepicardial, - none", Segments::of({3, 9})},
           {"LGE SCORE SHEET\nScale: 0 none / 1 = 1-25 % / 2 = 26-50 %\n            ant   antsep  infsep  inf\n basal       0      0       0      3\n mid         0      0       1      4", Segments::of({4, 9, 10})},
           {"                2023      now\nLVEF            58 %      51 %\nLGE segments    5         5, 6, 11\nMVO             no        no", Segments::of({5, 6, 11})}});
    CHECK(read("LGE\n  Basal       ant [ ]  sept [x]  inf [ ]  lat [ ]\n  Apical      ant [ ]  sept [ ]  inf [ ]  lat [ ]").segments == Segments::of({2, 3}));
}

TEST_CASE("observations of HL7 are fields") {
    CHECK(read("OBX|1|NM|LVEF||65|%||||F\nOBX|4|TX|LGE||None||||F\nOBX|5|TX|MVO||None||||F").lge == Presence::absent);
    CHECK(read("OBX|4|TX|LGE||subepicardial, mid inferolateral||||F").segments == Segments::of({11}));
}

namespace {

/// A text of one line broken at blanks so that no line has more than `width` bytes.
std::string wrapped(std::string_view text, std::size_t width) {
    std::string out;
    std::size_t line = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (line > 0 && line + 1 + end - at > width) out += '\n', line = 0;
        else if (line > 0) out += ' ', ++line;
        out += text.substr(at, end - at);
        line += end - at;
        at = end + 1;
    }
    return out;
}

}  // namespace

TEST_CASE("lines that are filled to one width say what one line says") {
    for (const std::string_view text : {
             "The left ventricle is mildly dilated with an ejection fraction of 46 %. Late gadolinium enhancement is seen in the mid-wall of the basal and mid septum, segments 2, 3, 8 and 9. There is no enhancement of the lateral wall. No "
             "microvascular obstruction was found. The pericardium is normal.",
             "LEFT VENTRICLE NORMAL IN SIZE, EF 61 PERCENT. DELAYED ENHANCEMENT OF THE BASAL INFEROLATERAL WALL, SUBEPICARDIAL, WITHOUT INVOLVEMENT OF THE ANTERIOR WALL OR OF THE APEX. SMALL LEFT PLEURAL EFFUSION. NO THROMBUS.",
             "FINDINGS: Normal biventricular volumes and function. T2 imaging shows no oedema. On the late images the whole myocardium nulls uniformly and there is no late gadolinium enhancement in any segment. The atria are normal in size.",
             "A 61-year-old man was referred after an episode of ventricular tachycardia. CMR showed a transmural scar of the mid and apical inferior wall (segments 10 and 15) and a second, subendocardial one in the basal anterolateral wall. "
             "Angiography had shown an occluded right coronary artery.",
             "Stress perfusion showed an inducible defect of the mid anterior wall. In the same region there was no scar, so that the anterior wall was considered to be viable. LGE of the basal inferior segment with a depth of 25 to 50 % was an "
             "incidental finding.",
         }) {
        const auto whole = read(text);
        for (std::size_t width = 45; width <= 100; ++width) {
            const std::string lines = wrapped(text, width);
            CAPTURE(lines);
            const auto f = read(lines);
            CHECK(f.lge == whole.lge);
            CHECK(f.segments == whole.segments);
        }
    }
}

TEST_CASE("blanks that were lost, doubled or not broken, and quotation marks change nothing") {
    const auto replaced = [](std::string text, std::string_view from, std::string_view to) {
        for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
        return text;
    };
    for (const std::string text : {
             "LGE: The septum is normal. Midwall enhancement of the basal inferolateral wall. No thrombus.",
             "Findings: No oedema. Transmural scar of segments 4 and 10 (75 %). The lateral wall is viable.\nImpression: Old inferior infarct.",
             "Normal volumes. EF 61 %. No late gadolinium enhancement. The pericardium is thin.",
         }) {
        const auto whole = read(text);
        for (const std::string& other : {replaced(text, ". ", "."), replaced(text, " ", "\u00a0"), replaced(text, " ", "  "), replaced(text, ". ", ".\n"), "\"" + text + "\"", replaced(text, "\n", "\r\n")}) {
            CAPTURE(other);
            const auto f = read(other);
            CHECK(f.lge == whole.lge);
            CHECK(f.segments == whole.segments);
        }
    }
    check({{"LGE\tbasal\tmid\tapical\nseptal\t-\t-\t-\ninferior\t+\t+\t-\nlateral\t-\t-\t-", Segments::of({4, 10})}});
}

TEST_CASE("places with an amount or a word for each level, and segments for each depth") {
    check({{"LGE\nAnterior wall: basal normal, mid 25-50%, apical 50-75%.", Segments::of({7, 13})},
           {"LGE\nAnterior wall: basal - none, mid - 25 to 50%, apical - 50 to 75%\nLateral wall: none at any level", Segments::of({7, 13})},
           {"LGE\nInferior wall: normal at base, 50% mid.", Segments::of({10})},
           {"LGE\nant   b 0   m 0   a 0\ninf   b 1   m 0   a 0\nlat   b 2   m 2   a 0", Segments::of({4, 5, 6, 11, 12})},
           {"LGE\nANT   basal -   mid ++   apical +++\nAS    basal -   mid +++\nIS    basal -   mid -\nAL    basal -   mid +\nCAP   +++", Segments::of({7, 8, 12, 13, 17})},
           {"Scar map\nSegment   Score\n1         1\n5         3\n11        3\n12        2\nScore 1 = normal myocardium, 2 = patchy LGE, 3 = confluent subepicardial LGE", Segments::of({5, 11, 12})},
           {"LGE by segment\nSeg 1   0\nSeg 7   76-100 %, transmural\nAll other segments 0", Segments::of({7})},
           {"LGE\nseptal: basal mid-wall | mid mid-wall | apical n/a\nlateral: basal no | mid no | apical n/a", Segments::of({2, 3, 8, 9})},
           {"Segments by transmural extent of LGE:\n no scar: 1, 2, 3, 6-9, 12-14, 17\n 1-25 %: 16\n 26-50 %: 5, 11\n 76-100 %: 4, 10", Segments::of({4, 5, 10, 11, 16})},
           {"Scar depth classes\nA. No scar: segments 1-6, 9-12, 16\nB. < 25 %: none\nC. 25-50 %: segments 7, 8, 15\nD. 50-75 %: segments 13, 14", Segments::of({7, 8, 13, 14, 15})},
           {"LGE\n* Anterior\n    o basal: 0 %\n    o apical: 50-75 %\n* Lateral\n    o basal: 0 %\n    o apical: 0 %\n* Apical cap: 75-100 %", Segments::of({13, 17})},
           {"             LGE%     Motion     Viable\nANTERIOR\n  basal       0        normal     y\n  apical      30       hypo       y\nINFERIOR\n  basal       90       akin       n\n  apical      60       akin       n", Segments::of({4, 13, 15})},
           {"17-segment LGE score: 0-0-0-0-0-0 / 2-3-0-0-0-0 / 4-4-2-0 / 4", Segments::of({7, 8, 13, 14, 15, 17})}});
    check(Presence::absent, {"Late phase, 16 segments + apex (grade 0-4):\nS01 0 S02 0 S03 0 S04 0 S05 0 S06 0\nS07 0 S08 0 S09 0 S10 0 S11 0 S12 0\nS13 0 S14 0 S15 0 S16 0 S17 0"});
}

TEST_CASE("grids with empty cells, columns of then and today, keys and titles between rules") {
    check({{"LGE (x = mid-wall enhancement)\n|              | basal | mid | apical |\n| anterior     |       |     |        |\n| anteroseptal |   x   |  x  |        |\n| inferior     |       |     |        |", Segments::of({2, 8})},
           {"LGE comparison\nSegment              first scan    today\nbasal inferior       yes           no\nbasal inferolateral  yes           yes\nother segments       no            no", Segments::of({5})},
           {"LGE\n  Level     Extent            Depth\n  basal     circumferential   subendocardial\n  apical    none              -", Segments::of({1, 2, 3, 4, 5, 6})},
           {"Wall | LGE\nAnteroseptal | mid-wall, basal\nInferolateral | mid-wall, basal and mid\nInferior | no", Segments::of({2, 5, 11})},
           {"LGE: 7=2 8=3 13=4 rest=0\nLGE key: 1: 1-25 %; 2: 26-50 %; 3: 51-75 %; 4: 76-100 %", Segments::of({7, 8, 13})},
           {"Infarct by wall (mean transmurality, number of segments)\nAnterior wall: 0 %, 0/3\nInferior wall: 85 %, 3/3 (basal, mid, apical)", Segments::of({4, 10, 15})}});
    check(Presence::absent, {"--- LGE ------------\nsilent in all 17 segments\n--- RV -------------\napex also ballooned"});
}

TEST_CASE("parts numbered in Roman figures, keys above and below, questions of the images and empty boxes") {
    check({{"II. DELAYED ENHANCEMENT\n   - Apex: transmural, lining the aneurysm\n   - Basal inferolateral wall: epicardial\n   - Remaining walls: free\nIII. THROMBUS\n   Laminar.", Segments::of({5, 17})},
           {"LGE (0 none; 1, 1-25 %; 2, 26-50 %)\nBasal: inferior 2, septum 0", Segments::of({4})},
           {"Scar score per segment: 0 = no scar, 1 = 1-25 %, 2 = 26-50 %\nBasal: inferior 2, septum 0", Segments::of({4})},
           {"Wall | Basal | Mid | Apical\nAnterior | 0 | 0 | 1\nSeptal | 0 | 2 | 2\nLateral | 0 | 0 | 0\nLGE score: 0 none, 1 <25%, 2 25-50%", Segments::of({8, 9, 13, 14})},
           {"LGE\nAnterior wall: base none, mid 1-25 %, apical 26-50 %; subendocardial.", Segments::of({7, 13})},
           {"LGE\nSeptum                        [X] basal  [X] mid  [ ] apical\nLateral wall                  [ ] basal  [ ] mid  [ ] apical", Segments::of({2, 3, 8, 9})},
           {"LGE (Y/N)\nS1 N   S2 N   S3 N   S4 Y   S5 Y   S6 N\nS7 N   S8 N   S9 N   S10 Y", Segments::of({4, 5, 10})},
           {"Polar map of scar\n Base   | A 0 | AS 0 | IS 1 | I 3 | IL 2 | AL 0 |\n Apical | A 0 | S 0  | I 1  | L 0 |\n Cap    | 0 |", Segments::of({3, 4, 5, 15})},
           {"lge_status=POSITIVE\nlge_layer=SUBEPICARDIAL\nlge_aha=5|11|12", Segments::of({5, 11, 12})},
           {"Wall            LGE?   Extent in wall thickness\nanterior        no\ninferior        yes    outer third, basal and mid", Segments::of({4, 10})},
           {"Inferior wall       basal + mid: scar, subendocardial\nAnteroseptum        mid: intramural stripe\nLateral wall        scar free", Segments::of({4, 8, 10})}});
    check(Presence::uncertain, {"LGE acquired? yes\nLGE usable? NO - non-diagnostic, repeated mistriggering", "LGE acquired: yes\nLGE usable: no"});
    check(Presence::absent, {"LGE: 0 % - not seen in any segment, RV hinge points included.", "Item                       Baseline        Today\nLGE basal inferolat.       yes             no"});
    const auto f = read("Segmental LGE\nmid       ant -   antsept -   infsept -   inf ?   inflat -   antlat -");
    CHECK(f.lge == Presence::uncertain);
    CHECK(f.segments_possible == Segments::of({10}));
}

TEST_CASE("percentages in words are those in figures") {
    for (const char* text : {"LGE of the inferior wall, 50 to 75 per cent of the wall thickness.", "LGE of the inferior wall, fifty to seventy five percent of the wall thickness.", "LGE OF THE INFERIOR WALL, BETWEEN FIFTY AND SEVENTY FIVE PER CENT OF THE WALL."}) {
        CAPTURE(text);
        const auto f = read(text);
        REQUIRE(f.transmurality);
        CHECK(f.transmurality->min_pct == 50.0);
        CHECK(f.transmurality->max_pct == 75.0);
    }
    CHECK(read("LGE of the septum; heart rate 72 per minute.").extent_percent == std::nullopt);
}

TEST_CASE("titles of parts of the heart, of oedema and with a bare number stand for what is below them") {
    for (const char* text : {"Right ventricle\n- EF 39 %\n- positive late enhancement along the free wall\nLeft ventricle\n- no late enhancement", "RIGHT VENTRICLE\nEF 39 %. Late enhancement along the free wall.\nLEFT VENTRICLE\nEF 60 %. No late enhancement."}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK(f.lge == Presence::absent);
        CHECK(f.other == std::vector<std::string>{"rv_enhancement"});
    }
    CHECK(read("Oedema\n  None\nLGE\n  None").other.empty());
    CHECK(read("Oedema\n  High signal in the lateral wall\nLGE\n  None").other == std::vector<std::string>{"edema"});
    CHECK(read("EDEMA     T2 map 46-49 ms, homogeneous.\nLGE none").other == std::vector<std::string>{"mapping"});
    check(Presence::absent, {"3 Function\n  Normal\n4 LGE\n   None"});
}

TEST_CASE("bullets within a line and several fields of boxes part it") {
    check({{"Distribution of scar (percentage of wall thickness)\n\u2022 Basal anterior: nil \u2022 Mid anterior: nil \u2022 Apical anterior: 25%\n\u2022 Basal inferior: 100% \u2022 Apex: nil", Segments::of({4, 13})},
           {"LGE: (x) yes ( ) no   Segments: 5, 11", Segments::of({5, 11})},
           {"Scar: [x] yes [ ] no. Lateral wall.", Segments::of({5, 6, 11, 12, 16})}});
    const auto f = read("LGE: [x] yes   [ ] no   MVO: [ ] yes   [x] no");
    CHECK(f.lge == Presence::present);
    CHECK(f.mvo == std::optional(false));
}

TEST_CASE("values in the order of the walls that a bracket names") {
    check({{"LGE\nBasal (ant/as/is/inf/il/al): 0/0/25/50/0/0\nMid (ant/as/is/inf/il/al): 0/0/0/50/0/0", Segments::of({3, 4, 10})},
           {"LGE basal (ant/antsept/infsept/inf/inflat/antlat): - / - / + / + / - / -", Segments::of({3, 4})},
           {"LGE\nMid (ant/antsept/infsept/inf/inflat/antlat) - none / no scar / subendo 25-50 % / none / none / none", Segments::of({9})}});
    check(Presence::absent, {"LGE\nBasal (ant/as/is/inf/il/al): 0/0/0/0/0/0"});
}

TEST_CASE("answers to labels of the images and a place, and questions about images, deny") {
    check(Presence::absent, {"LGE septum: normal", "LGE basal   none\nLGE mid   Normal\nLGE apical   Normal", "LGE septum: clear", "LGE septum, apex: normal", "Is there replacement fibrosis on the late images? No."});
    check({{"LGE mid inferior, apex normal", Segments::of({10})}, {"LGE basal: inferior subendocardial\nLGE mid: normal\nLGE apical: normal", Segments::of({4})},
           {"Delayed images at 8 and 15 minutes: midwall stripe of the mid inferoseptum.", Segments::of({9})}});
}
