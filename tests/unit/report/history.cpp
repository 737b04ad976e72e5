#include "reading.hpp"

#include <string>

using namespace lge;
using anatomy::Presence;
using anatomy::Segments;

TEST_CASE("a label of another examination heads history, and a later one what was seen") {
    check(Presence::absent, {"Prior MRI 11 months ago: LGE in the septum. Today: no LGE.", "Baseline 6 months ago: LGE of the lateral wall.\nToday's scan: no LGE.",
                             "Prelim (resident): LGE basal anterolateral. Final (attending): there is no LGE.", "An outside MRI described inferolateral enhancement. On the present exam there is no enhancement."});
    check({{"Cardiac MRI in the acute phase: LGE of the apex.", Segments::of({17})}, {"MRI at baseline: LGE of the apex.", Segments::of({17})}});
    check(Presence::not_stated, {"PET of July showed lateral scar. CMR without contrast.", "Given a history of inferior infarction, he was referred for CMR."});
}

TEST_CASE("what was believed, reported or seen at another time is not seen") {
    check({{"LGE of the basal septum. At that time four segments in the lateral wall had shown LGE.", Segments::of({2, 3})},
           {"We all assumed that he had infarcted the anterior wall. There is a scar of the basal inferior segment.", Segments::of({4})},
           {"LGE positive: mid anterolateral wall. The inferoseptum was queried by the technologist but I see no enhancement there.", Segments::of({12})}});
    check(Presence::absent, {"The CMR of 8 January was originally reported as showing an anteroseptal infarct. There is no LGE.", "The indication states known anterior infarct. There is no scar."});
}

TEST_CASE("the culprit of an infarct is its vessel where no statement names one") {
    const auto vessels = [](const char* text) { return read(text).territory; };
    using anatomy::Territory;
    CHECK(vessels("Day 4 after primary PCI of the LAD. LGE: infarct of the mid anterior wall.") == std::vector{Territory::lad});
    CHECK(vessels("Culprit: RCA. LGE: infarct of the basal inferior wall.") == std::vector{Territory::rca});
    CHECK(vessels("Infarct of the basal inferior wall, corresponding to the occluded right coronary artery.") == std::vector{Territory::rca});
    CHECK(vessels("PCI to CTO of RCA? LGE: infarct of the basal inferior wall.").empty());
    CHECK(vessels("Culprit LAD. LGE: midwall stripe of the septum, dilated cardiomyopathy.").empty());
}

TEST_CASE("the age of an infarct may stand in the history") {
    const auto diagnosis = [](const std::string& text) { return read(text).etiology.value_or(anatomy::Etiology{}).diagnosis; };
    const std::string infarct = " LGE: infarct of the basal inferior wall.";
    for (const auto* before : {"60M, dyspnoea, old lateral MI.", "Inferior STEMI 2009.", "Control 4 months after STEMI.", "Prior NSTEMI."}) {
        CAPTURE(before);
        CHECK(diagnosis(before + infarct) == "prior_mi");
    }
    for (const auto* before : {"CMR day 3.", "Inferior MI 9 days ago.", "Day 4 after primary PCI of the RCA."}) {
        CAPTURE(before);
        CHECK(diagnosis(before + infarct) == "acute_mi");
    }
    for (const auto* before : {"Chest pain.", "?old MI.", "Known RCA stent."}) {
        CAPTURE(before);
        CHECK(diagnosis(before + infarct) == "mi");
    }
}
