#include "reading.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

using namespace lge;
using anatomy::Presence;
using anatomy::Segments;

namespace {

struct Named {
    std::string_view words;
    Segments segments;
    bool plural = false;
};

// no two of them next to each other share a segment
const std::vector<Named> places{
    {"the mid inferior wall", Segments::of({10})}, {"the basal and mid anteroseptum", Segments::of({2, 8})}, {"the apex", Segments::of({17})}, {"segments 5, 11 and 12", Segments::of({5, 11, 12}), true},
    {"the anterior wall from base to apex", Segments::of({1, 7, 13})}, {"the apical septum", Segments::of({14})}, {"the basal inferior and mid inferolateral segments", Segments::of({4, 11}), true}, {"segment 16", Segments::of({16})},
    {"the inferoseptum at mid level", Segments::of({9})}, {"the lateral wall (basal and mid)", Segments::of({5, 6, 11, 12})}, {"the mid anterior segment", Segments::of({7})},
};

// {0}: a place; {1}: the s of a verb; {2}: is or are
const std::vector<std::string_view> affirmed{
    "there is patchy late enhancement in {0}", "subepicardial LGE is seen in {0}", "mid-wall scar of {0}", "{0} show{1} transmural delayed enhancement", "{0} enhance{1}", "{0} {2} scarred", "in {0} there is intramural fibrosis",
    "subendocardial LGE involves {0}", "patchy fibrosis is confined to {0}", "a mid-wall band of LGE runs along {0}", "we note subepicardial hyperenhancement of {0}", "{0} contain{1} patchy LGE",
};
const std::vector<std::string_view> denied{
    "{0} {2} spared", "{0} null{1} normally", "{0} show{1} no LGE", "no scar in {0}", "there is no late enhancement in {0}", "LGE is absent in {0}", "fibrosis is not seen in {0}", "{0} {2} without LGE", "{0} {2} free of scar", "{0} {2} not involved",
};
const std::vector<std::string_view> doubted{
    "there is questionable LGE in {0}", "LGE in {0} is equivocal", "scar in {0} cannot be excluded", "there may be fibrosis in {0}", "{0} show{1} possible LGE", "it is unclear whether there is LGE in {0}", "signal in {0} suspicious for scar",
};
const std::vector<std::string_view> joints{". ", "; ", ", ", " and ", ", and ", " while ", ", whereas ", ", but "};

std::string clause(std::string_view frame, const Named& place) { return fmt::format(fmt::runtime(frame), place.words, place.plural ? "" : "s", place.plural ? "are" : "is"); }

std::string sentence(std::string first, std::string_view joint, std::string second) {
    const auto raise = [](std::string& s) { s[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(s[0]))); };
    raise(first);
    if (joint.starts_with('.')) raise(second);
    return first + std::string(joint) + second + ".";
}

/// Calls `check` with each pair of frames in each order of joints, on places that go round.
template <class Check>
void each_pair(const std::vector<std::string_view>& first, const std::vector<std::string_view>& second, const Check& check) {
    std::size_t n = 0;
    for (const auto a : first)
        for (const auto b : second)
            for (const auto joint : joints) {
                const Named &p = places[n % places.size()], &q = places[(n + 1) % places.size()];
                n += 3;
                const std::string text = sentence(clause(a, p), joint, clause(b, q));
                CAPTURE(text);
                check(read(text), p.segments, q.segments);
            }
}

}  // namespace

TEST_CASE("two clauses of LGE in two places are told apart, however they are joined") {
    each_pair(affirmed, denied, [](const anatomy::Finding& f, Segments first, Segments) {
        CHECK(f.lge == Presence::present);
        CHECK(f.segments == first);
    });
    each_pair(affirmed, doubted, [](const anatomy::Finding& f, Segments first, Segments second) {
        CHECK(f.lge == Presence::present);
        CHECK(f.segments == first);
        CHECK(f.segments_possible == second);
    });
    each_pair(affirmed, affirmed, [](const anatomy::Finding& f, Segments first, Segments second) {
        CHECK(f.lge == Presence::present);
        CHECK(f.segments == (first | second));
    });
    each_pair(doubted, denied, [](const anatomy::Finding& f, Segments first, Segments) {
        CHECK(f.lge == Presence::uncertain);
        CHECK(f.segments_possible == first);
    });
    each_pair(denied, doubted, [](const anatomy::Finding& f, Segments, Segments second) {
        CHECK(f.lge == Presence::uncertain);
        CHECK(f.segments_possible == second);
    });
}

TEST_CASE("an answer below a heading of LGE is none where its subject is another") {
    for (const auto* other : {"RV function is normal.", "The coronary arteries are normal.", "RV volumes are normal.", "The thoracic duct is normal."}) {
        CAPTURE(other);
        CHECK(read("LGE: possible scar of the septum. " + std::string(other)).lge == Presence::uncertain);
    }
    CHECK(read("LGE: Possible scar of the septum. Pericardium normal.").other.empty());
    CHECK(read("LGE: the lateral wall is spared.").lge == Presence::absent);
    CHECK(read("LGE: segments 3, 7 and 16 are clear.").lge == Presence::absent);
}

TEST_CASE("a list of walls parts no clauses") {
    check(Presence::absent, {"The fibrosis of the mid anterior, inferior and anterolateral segments is no longer visible.", "Neither the septum nor the apical anterior, inferior and anterolateral segments show LGE."});
    check({{"Despite akinesia of the mid anterior, inferior and anterolateral segments there is scar only in the apex.", Segments::of({17})},
           {"Patchy LGE of the septum; the apex, lateral wall and inferior wall are free.", Segments::of({2, 3, 8, 9, 14})},
           {"LGE of the basal septum. It extends into the apex.", Segments::of({2, 3, 17})},
           {"LGE of the basal septum. It extends to the mid level.", Segments::of({2, 3, 8, 9})}});
}

TEST_CASE("an addendum is the last word") {
    CHECK(read("LGE: mid-wall LGE, basal anteroseptum.\nConclusion: septal fibrosis.\nADDENDUM (senior review): There is no fibrosis.").lge == Presence::absent);
    CHECK(read("LGE: no late enhancement.\nConclusion: no scar.\nAddendum: the long axis stack shows an intramural focus in the basal inferoseptum.").segments == Segments::of({3}));
}

TEST_CASE("what is so too is what the sentence before told") {
    CHECK(read("The lateral wall is free of enhancement. So are the septum and the inferior wall.").lge == Presence::absent);
    CHECK(read("The lateral wall is scarred. So is the septum.").segments == Segments::of({2, 3, 5, 6, 8, 9, 11, 12, 14, 16}));
}

TEST_CASE("an addendum above what it amends is the last word") {
    const std::string_view original = "Findings: Mid-wall late enhancement in the mid anteroseptum.\nImpression: Septal mid-wall fibrosis.";
    for (const std::string_view head : {"ADDENDUM: ", "ADDENDUM\n", "*** ADDENDUM 03 June, Dr. M. Halvorsen ***\nCorrected impression: "})
        for (const std::string_view rest : {"\n\nORIGINAL REPORT\n", "\n--- Original report 02 June ---\n", "\n\nOriginal report of 2 June\nIndication: syncope.\n", "\n\nIndication: syncope.\n"}) {
            CAPTURE(head, rest);
            CHECK(read(fmt::format("{}No late gadolinium enhancement.{}{}", head, rest, original)).lge == Presence::absent);
            CHECK(read(fmt::format("{}T2 mapping is normal.{}{}", head, rest, original)).segments == Segments::of({8}));
        }
    CHECK(read("Original report: LGE in the septum.\nThis examination: no LGE.").lge == Presence::absent);
}
