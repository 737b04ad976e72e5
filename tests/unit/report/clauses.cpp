#include "reading.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

using namespace lge;
using anatomy::Presence;
using anatomy::Segments;

namespace {

struct Told {
    std::string_view clause;
    Presence presence;
    Segments segments;
};

const std::vector<Told> of_lge{
    {"late enhancement was found in the mid inferolateral wall", Presence::present, Segments::of({11})},
    {"LGE involved segments 4 and 10", Presence::present, Segments::of({4, 10})},
    {"there was subepicardial LGE in the apical lateral wall", Presence::present, Segments::of({16})},
    {"a transmural scar occupied the mid and apical inferior wall", Presence::present, Segments::of({10, 15})},
    {"no late enhancement was found", Presence::absent, {}},
    {"LGE was absent", Presence::absent, {}},
    {"the myocardium nulled completely without any scar", Presence::absent, {}},
    {"late enhancement could not be detected", Presence::absent, {}},
    {"possible scar was noted in the basal inferior wall", Presence::uncertain, {}},
    {"LGE of the apex could not be excluded", Presence::uncertain, {}},
};

const std::vector<std::string_view> of_others{
    "T2 signal was raised in the anterior wall", "the lateral wall was hypokinetic", "stress perfusion was reduced in the inferior wall", "native T1 of the septum was 1,120 ms",
    "the apex was akinetic and thinned", "oedema was seen in the basal anterior segment", "the pericardium enhanced along the lateral wall", "the RV free wall showed enhancement",
    "the left atrial wall enhanced after ablation", "wall motion of segments 7 and 8 was reduced", "a thrombus was attached to the apical cap", "ECV of the lateral wall was 38 %",
    "coronary angiography showed an occluded LAD", "the ECG showed Q waves in the inferior leads", "echocardiography had shown inferior akinesia", "the first MRI had shown fibrosis of the septum",
};

// {0}: what is told of something else, {1}: of LGE
const std::vector<std::string_view> joined{
    "{0}; {1}.", "{0}, whereas {1}.", "{0}, while {1}.", "{0}, but {1}.", "Although {0}, {1}.", "While {0}, {1}.", "Even though {0}, {1}.", "Despite the fact that {0}, {1}.", "{0}; however, {1}.", "{0}. However, {1}.",
    "{0}. In contrast, {1}.", "{1}, whereas {0}.", "{1}, while {0}.", "{1}, although {0}.", "{1}, but {0}.", "{1}. {0}.", "{1} even though {0}.", "Because {0}, the patient underwent CMR, in which {1}.", "In this patient, in whom {0}, {1}.",
    "Cine: {0}. LGE: {1}.", "{0}, yet {1}.", "On admission {0}. Six months later {1}.", "{1}. Notably, {0}.",
};

}  // namespace

TEST_CASE("what another clause tells is not told of LGE, however the two are joined") {
    for (const auto& frame : joined)
        for (const auto& other : of_others)
            for (const Told& told : of_lge) {
                const std::string text = fmt::format(fmt::runtime(frame), other, told.clause);
                CAPTURE(text);
                const auto f = read(text);
                CHECK(f.lge == told.presence);
                if (told.presence == Presence::present) CHECK(f.segments == told.segments);
            }
}

TEST_CASE("of two places those count that LGE is told of") {
    const std::vector<std::pair<std::string_view, Segments>> walls{{"mid inferolateral wall", Segments::of({11})}, {"basal septum", Segments::of({2, 3})}, {"basal inferior wall", Segments::of({4})}, {"apical lateral wall", Segments::of({16})}};
    const std::vector<std::string_view> of_first{
        "LGE in the {0} but not in the {1}.", "LGE is confined to the {0}; the {1} is spared.", "The {0}, but not the {1}, shows LGE.", "While the {1} is normal, LGE is seen in the {0}.", "In contrast to the {1}, the {0} shows LGE.",
        "LGE of the {0} is definite, that of the {1} questionable.", "LGE in the {0}; whether the {1} is also involved is unclear.", "LGE of the {0} without involvement of the {1}.", "The {1} is hypokinetic and the {0} shows LGE.",
        "Oedema in the {1} and LGE in the {0}.", "LGE in the {0} with hypokinesia of the {1}.", "Previously LGE in the {1}; now LGE in the {0} only.", "The LGE in the {1} described in 2019 is no longer visible, whereas the {0} now shows LGE.",
        "LGE of the {0}, while the signal in the {1} reflects artefact.", "In addition to LGE in the {0}, the {1} is thickened.", "LGE spares the {1} and involves the {0}.", "The {0} shows LGE, the {1} does not.", "Scar of the {0}. It does not reach the {1}.",
        "The hypokinetic {1} has no LGE; LGE is present in the {0}.", "Aneurysm of the {1} without thrombus; LGE of the {0}."};
    const std::vector<std::string_view> of_both{
        "LGE of the {0}, and to a lesser extent of the {1}.", "LGE in the {0}. A second scar is found in the {1}.", "Two scars: one in the {0}, the other in the {1}.", "LGE of the {0} with extension into the {1}.", "Not only the {0} but also the {1} shows LGE.",
        "LGE was found in the {0} (transmural) and in the {1} (subendocardial).", "The {0} enhances; likewise the {1}.", "The {0} shows LGE, as does the {1}.", "LGE is most marked in the {0} but is also seen in the {1}.", "Scar of the {0} that just reaches the {1}."};
    for (const auto& [a, in_a] : walls)
        for (const auto& [b, in_b] : walls) {
            if (a == b) continue;
            for (const auto& frame : of_first) {
                const std::string text = fmt::format(fmt::runtime(frame), a, b);
                CAPTURE(text);
                CHECK(read(text).segments == in_a);
            }
            for (const auto& frame : of_both) {
                const std::string text = fmt::format(fmt::runtime(frame), a, b);
                CAPTURE(text);
                CHECK(read(text).segments == (in_a | in_b));
            }
        }
}

TEST_CASE("a denial goes on behind what is told between commas") {
    for (const std::string aside : {"which would explain the ECG", "the earliest sign in this family", "where it would matter", "as seen in 2019"}) {
        CAPTURE(aside);
        CHECK(read("Scar of the lateral wall, " + aside + ", was not found.").lge == Presence::absent);
        CHECK(read("Septal enhancement, " + aside + ", was looked for. None was found.").lge == Presence::absent);
    }
    check(Presence::absent, {"I looked for scar in the lateral wall, as this is where it would matter, and found none."});
    check({{"Scar of the lateral wall, which explains the ECG, was found.", Segments::of({5, 6, 11, 12, 16})}});
}

TEST_CASE("one wall has it and the other none") {
    for (const std::string verb : {"shows", "contains"})
        for (const std::string joint : {" and ", ", ", "; "}) {
            const std::string text = "The inferior wall " + verb + " fibrosis at basal level" + joint + "the lateral wall " + verb + " none.";
            CAPTURE(text);
            CHECK((read(text).segments == Segments::of({4})));
        }
    check({{"The inferior wall contains fibrosis at basal and mid level and the lateral wall contains none.", Segments::of({4, 10})},
           {"LGE: apical segments bright; none at base, none mid.", Segments::of({13, 14, 15, 16})},
           {"The LGE of the basal posterolateral wall ruled out an ischemic origin.", Segments::of({5})},
           {"LGE of the lateral wall, whereas the septum and the right ventricle were unaffected.", Segments::of({5, 6, 11, 12, 16})}});
    check(Presence::absent, {"LGE in neither the septum nor the lateral wall.", "Neither the septum nor the lateral wall shows LGE.", "LGE in no segment."});
}

TEST_CASE("what is readable of none is unreadable") {
    check(Presence::uncertain, {"Neither LGE nor perfusion was interpretable.", "No LGE image was of diagnostic quality.", "None of the LGE images is diagnostic.", "LGE not interpretable in any segment."});
    check({{"The LGE images are of diagnostic quality and show scar of the apex.", Segments::of({17})}});
}

TEST_CASE("an exception is told again behind where") {
    check({{"No LGE apart from the inferior wall, where there is a small focus at mid level.", Segments::of({10})},
           {"Late enhancement negative with the exception of the lower insertion point of the right ventricle, where there is a dot at mid level.", Segments::of({9})}});
}

TEST_CASE("a sum before a colon gives way to the places behind it") {
    check({{"LGE: a septal and anterior infarct: anteroseptal, basal and mid; anterior, mid; septal apical.", Segments::of({2, 7, 8, 14})},
           {"LGE: anteroseptum basal and mid, apical septum.", Segments::of({2, 8, 14})},
           {"LGE in the inferior wall, basal (25-50% of wall thickness) and mid (1-25%).", Segments::of({4, 10})},
           {"LGE of the entire lateral wall and the inferior wall at basal and mid levels.", Segments::of({4, 5, 6, 10, 11, 12, 16})}});
}
