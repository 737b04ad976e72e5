#include "reading.hpp"

using namespace lge;
using anatomy::Presence;
using anatomy::Segments;

TEST_CASE("what is told of kin, specimens and patients at large is not the patient's") {
    for (const auto* text : {"At autopsy, the posterior wall showed transmural fibrosis.", "Endomyocardial biopsy specimens of the septum showed interstitial fibrosis.", "On microscopic examination there was replacement fibrosis of the inferior wall.",
                             "In Fabry disease, LGE of the basal inferolateral wall is usual.", "Subepicardial LGE of the lateral wall is a common finding in myocarditis.", "LGE has been described in the septum of up to 30% of patients with dilated cardiomyopathy.",
                             "The presence of LGE in the septum doubles the risk of ventricular arrhythmia.", "In previously published cases, LGE was confined to the inferolateral wall.", "Electroanatomical mapping revealed a scar of the basal lateral wall; CMR had not been feasible.",
                             "The 2-cm apical mass showed no late enhancement and was taken for a thrombus.", "Enhanced CT showed calcification of the anterior wall.", "Function of the lateral wall was enhanced by dobutamine."}) {
        CAPTURE(text);
        CHECK(read(text).lge == Presence::not_stated);
    }
    for (const auto* text : {"None of the eight siblings who underwent contrast CMR had LGE.", "In contrast to his father, whose septum showed extensive LGE, the proband had no LGE.", "Whereas LGE is found in most patients with this mutation, our patient had none.",
                             "No late enhancement was found, although LGE of the inferolateral wall is common in this disease.", "CMR, undertaken because the echocardiogram suggested a scar of the inferior wall, was unremarkable with regard to LGE.",
                             "The referring centre had reported LGE of the lateral wall; our review of the images did not confirm it.", "While the RV free wall enhanced vividly, the left ventricle was devoid of it.", "None of the 16 segments enhanced.",
                             "The basal septum was 19 mm thick. It did not enhance."}) {
        CAPTURE(text);
        CHECK(read(text).lge == Presence::absent);
    }
}

TEST_CASE("asides, opening clauses and artefacts leave a scar its place") {
    for (const auto* text : {"A subendocardial scar, albeit small, was evident in the basal inferior segment.", "Having excluded coronary embolism by CT, we attributed the LGE of the basal inferior wall to myocarditis.", "In the absence of oedema, the LGE of the basal inferior segment was considered old.",
                             "Despite ghosting over the anterior wall and septum, LGE of the basal inferior segment was unmistakable.", "Although the ICD artefact concealed the anterior wall, LGE was visible in the basal inferior segment.", "The basal inferior wall enhanced subendocardially.",
                             "Not the septum but the basal inferior wall enhanced.", "A scar of 8 g (6% of the left ventricle; LV mass, 130 g) in the basal inferior wall.", "Explant histology confirmed the fibrosis that CMR had shown in the basal inferior wall.",
                             "As the ECG suggested, an infarct of the basal inferior wall was present on LGE.", "The basal inferior wall, thinned and akinetic, contained transmural scar.", "Enhancement, which spared the subendocardium, was localised to the basal inferior wall.",
                             "LGE in segment 4; the septum, in contrast, was free.", "Coronary angiography having shown no obstruction, CMR on day 5 revealed an infarct of the basal inferior wall.", "As on the first examination, LGE was confined to the basal inferior wall."}) {
        CAPTURE(text);
        const auto f = read(text);
        CHECK(f.lge == Presence::present);
        CHECK((f.segments == Segments::of({4})));
    }
}

TEST_CASE("beside the patient, kin and counted patients tell nothing") {
    for (const auto* text : {"His brother has extensive septal LGE. Our patient's own late gadolinium study was negative.", "His sister had inferolateral LGE; he himself had none.", "The index patient's father showed lateral LGE. LGE was absent in the index patient.",
                             "In 12 of 30 patients LGE was found in the septum; in the present case it was absent.", "In a series of 40 patients with Fabry disease, 20 had LGE in the inferolateral wall. In our patient LGE was absent.", "LGE was found in 14 of 20 carriers, but none was seen in our patient."}) {
        CAPTURE(text);
        CHECK(read(text).lge == Presence::absent);
    }
    CHECK(read("The father's scan had displayed inferolateral late enhancement; the boy was studied by echocardiography, which was normal.").lge == Presence::not_stated);
    for (const auto* text : {"The brother had no LGE. The patient had LGE of the basal inferior wall.", "The patient and her sister both had LGE of the basal inferior wall.", "Of 64 athletes, 4 had septal LGE. Our athlete had LGE of the basal inferior wall.", "A 45-year-old patient, brother of a transplant recipient, showed LGE of the basal inferior wall."}) {
        CAPTURE(text);
        CHECK(*read(text).segments == Segments::of({4}));
    }
}

TEST_CASE("what the grammar of a sentence leaves out or sets apart is read") {
    for (const auto* text : {"The mass did not enhance, and nor did the left ventricular myocardium.", "Neither the mass nor the myocardium enhanced.", "There was enhancement exclusively of the pericardium; the myocardium was free."}) {
        CAPTURE(text);
        CHECK(read(text).lge == Presence::absent);
    }
    for (const auto* text : {"Short-axis late enhancement at basal level. The inferior wall is enhanced.", "LGE, while absent from the septum, is present in the basal inferior wall.", "LGE, which was absent from the septum, was found in the basal inferior wall.", "LGE of the basal inferior wall. Segments 7 and 13 were obscured by the generator artefact.",
                             "LGE was seen in segment 4 and not seen elsewhere.", "Unlike the basal inferior wall, which was scarred, the anterior wall showed no LGE.", "LGE, initially extending over the inferior wall, was confined to segment 4."}) {
        CAPTURE(text);
        CHECK(*read(text).segments == Segments::of({4}));
    }
    CHECK(*read("LGE extended from the inferoseptal to the inferolateral wall at basal level.").segments == Segments::of({3, 4, 5}));
    CHECK(*read("LGE from the mid inferior to the mid inferolateral segment.").segments == Segments::of({10, 11}));
    CHECK(*read("The septum is enhanced in its anterior half at basal level.").segments == Segments::of({2}));
    CHECK(*read("LGE with a ring-like pattern at mid level, affecting all segments.").segments == Segments::of({7, 8, 9, 10, 11, 12}));
    for (const auto* text : {"LGE: 5 (definite), 11 (possible).", "LGE: 11 (possible), 5 (definite).", "LGE in segment 5 (definite) and 11 (possible).", "Scar: 5 and possibly 11."}) {
        CAPTURE(text);
        CHECK(*read(text).segments == Segments::of({5}));
        CHECK(read(text).segments_possible == Segments::of({11}));
    }
}

TEST_CASE("what is told of other examinations, tissue, animals and people is none of this heart") {
    for (const auto* text : {"Scar in the lateral wall on previous MRI.", "Endomyocardial biopsy, taken from the right side of the septum, contained interstitial fibrosis.", "In rats with coronary ligation transmural infarcts covered 31% of the left ventricle.",
                             "Replacement fibrosis is found by CMR in roughly a third of patients with dilated cardiomyopathy.", "STUDY: CMR stress/rest + LGE", "LGE (PSIR + magnitude, 10 and 18 min).", "A pedunculated mass of 31 x 22 mm that took up contrast on the late images lay in the apical cavity of the left ventricle.",
                             "The 31 mm tumour was dark on first pass but enhanced intensely at 10 min.", "LGE to be repeated when the patient can hold breath."}) {
        CAPTURE(text);
        CHECK(read(text).lge == Presence::not_stated);
    }
    CHECK(*read("At presentation, LGE occupied the entire lateral wall. Repeat imaging six months later showed only a thin subepicardial stripe in the mid inferolateral segment.").segments == Segments::of({11}));
    CHECK(*read("Of the two brothers, only the elder showed fibrosis, which lay in the basal inferior segment.").segments == Segments::of({4}));
    CHECK(read("Late gadolinium slices. Top: our patient, with no enhancement. Bottom: an unrelated man with a transmural inferior infarction.").lge == Presence::absent);
}
