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
