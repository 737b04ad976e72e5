// Sentences and short reports with places put into them: which of the places hold enhancement, or may, follows from the wording.
#include "reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

using namespace lge;
using anatomy::Presence;
using anatomy::Segments;

namespace {

struct Part { std::string words; Segments segments; };

struct Wall { std::string_view name; std::array<int, 3> rings; };
constexpr std::array<Wall, 6> walls{{{"anterior", {1, 7, 13}}, {"anteroseptal", {2, 8, 14}}, {"inferoseptal", {3, 9, 14}}, {"inferior", {4, 10, 15}}, {"inferolateral", {5, 11, 16}}, {"anterolateral", {6, 12, 16}}}};
constexpr std::array<std::string_view, 3> levels{"basal", "mid", "apical"};

template <class List>
const auto& any(const List& list, std::mt19937& random) { return list[random() % list.size()]; }

/// A wall at one level or two.
Part place(const Wall& w, std::mt19937& random) {
    const std::size_t level = random() % levels.size();
    switch (random() % 5) {
        case 0: return {fmt::format("the {} {} wall", levels[level], w.name), Segments::of({w.rings[level]})};
        case 1: return {fmt::format("the {} wall at the base", w.name), Segments::of({w.rings[0]})};
        case 2: return {fmt::format("the {} wall at mid level", w.name), Segments::of({w.rings[1]})};
        case 3: return {fmt::format("the basal and mid {} wall", w.name), Segments::of({w.rings[0], w.rings[1]})};
        default: return {fmt::format("the mid to apical {} wall", w.name), Segments::of({w.rings[1], w.rings[2]})};
    }
}

std::string capital(std::string words) {
    words[0] = static_cast<char>(words[0] & ~0x20);
    return words;
}

/// {0} to {2}: three places, {3} to {5} with a capital, {6} to {8} without their article, {9} a mention of enhancement, {10} with a
/// capital. `seen` and `doubted` name the places that hold it and that may.
struct Wording { std::string_view text, seen, doubted = {}; };
constexpr std::array<Wording, 68> wordings{{
    {"No {9} of {0}; {1} shows {9}.", "1"},
    {"{10} of {0} but not of {1}.", "0"},
    {"{10} of {0}, sparing {1}.", "0"},
    {"{10} of {0}, with normal signal in {1}.", "0"},
    {"Apart from {9} of {0}, the myocardium nulls normally.", "0"},
    {"{3} shows {9}; {1} and {2} do not.", "0"},
    {"In {0} there is {9}, in {1} there is none.", "0"},
    {"{10} in {0}; possible {9} in {1}.", "0", "1"},
    {"{10} in {0} and perhaps in {1}.", "0", "1"},
    {"{10} is present in {0}, questionable in {1} and absent in {2}.", "0", "1"},
    {"{10} in {0} (definite) and {1} (doubtful).", "0", "1"},
    {"Oedema of {0} without {9}; {9} of {1}.", "1"},
    {"{3} is thinned and shows {9}.", "0"},
    {"{3}, which is akinetic, shows {9}.", "0"},
    {"{10} of {0} and of the RV free wall.", "0"},
    {"{10} limited to {0}, {1} being free.", "0"},
    {"Neither {0} nor {1} enhances; {2} shows {9}.", "2"},
    {"The {9} of {0} seen in 2019 is unchanged; there is new {9} of {1}.", "01"},
    {"While {0} nulls, {1} shows {9}.", "1"},
    {"All segments null except for {0}, which shows {9}.", "0"},
    {"{10} was found exclusively in {0}.", "0"},
    {"Hypokinesia of {0} and {1}. {10} of {2}.", "2"},
    {"{3} is akinetic without {9}. {4} is hypokinetic with {9}.", "1"},
    {"{10} of {0}. {4} is normal.", "0"},
    {"{10} of {0}. There is none in {1} or {2}.", "0"},
    {"{10} of {0}; {1}, by contrast, is free of it.", "0"},
    {"{10} affects {0} and, to a lesser degree, {1}, but leaves {2} untouched.", "01"},
    {"A perfusion defect of {0} matches {9} of the same area.", "0"},
    {"The {9}, located in {0}, is unrelated to the hypokinesia of {1}.", "0"},
    {"Stress perfusion: defect in {0}. LGE: {9} in {1}.", "1"},
    {"T2 is raised in {0}; {9} is found in {1}.", "1"},
    {"Scar was suspected in {0} on echocardiography; on CMR there is {9} of {1} only.", "1"},
    {"Of the walls only {0} enhances.", "0"},
    {"{3} carries {9}, {1} does not.", "0"},
    {"Late images show {9} of {0} but a normal signal of {1}.", "0"},
    {"The akinesia of {0} is not explained by scar: {9} is confined to {1}.", "1"},
    {"{10} of {0} was described elsewhere but cannot be confirmed; {1} shows {9}.", "1"},
    {"Following contrast {0} enhances, and so does {1}.", "01"},
    {"There was no {9} in {0}, {1} or {2}.", ""},
    {"{3}: {9}. {4}: no {9}. {5}: {9}.", "02"},
    {"LGE images. Two lesions: one in {0}, the other in {1}.", "01"},
    {"{10} is confined to {0} and to {1}.", "01"},
    {"FINDINGS: LV normal, EF 60%.\nLGE: {9} of {0}.\nIMPRESSION: scar of {0}.", "0"},
    {"Findings\n- Function: EF 52%, {7} hypokinetic\n- LGE: {9}, {6}\n- Perfusion: defect in {2}\nConclusion: scar as described", "0"},
    {"LGE: negative.\nPerfusion: defect in {0} and {1}.\nImpression: ischaemia, no scar.", ""},
    {"Reason: scar of {1} on echo?\nResult: {9} in {0}. {4} is free of scar.", "0"},
    {"Cine: {7} akinetic.\nLate enhancement: {6} {9}.\nRest of the myocardium unremarkable.", "0"},
    {"1. {10} of {0}.\n2. {10} of {1}.\n3. No scar in {2}.", "01"},
    {"Comparison: MRI of 2019 with {9} of {1}.\nToday {9} of {0}; {1} no longer enhances.", "0"},
    {"LGE\n  {6}: {9}\n  {7}: none\n  {8}: {9}", "02"},
    {"LGE: {3} - {9}. {4} - normal.", "0"},
    {"{10} was reported in {1} at another hospital. We find {9} of {0} only.", "0"},
    {"IMPRESSION:\n1. Ischaemic cardiomyopathy with {9} of {0}.\n2. Viable {7}.\n3. Mild mitral regurgitation.", "0"},
    {"Scar? Yes, {9} of {0}. Scar elsewhere? No.", "0"},
    {"LGE images: artefact over {1}; {9} of {0}.", "0"},
    {"Motion artefact limits {1}. In the remaining segments there is {9} of {0}.", "0"},
    {"Hypertrophy of {1} (18 mm). LGE in {0}. ECV of {2} 34 %.", "0"},
    {"{10} of {0} (25-50 % of the wall), EF 45 %, strain reduced in {1}.", "0"},
    {"A thrombus lies on {1}. {10} is seen in {0}. Pericardial effusion behind {2}.", "0"},
    {"Acute infarct of {0} with MVO. Oedema reaches {1}.", "0"},
    {"On first pass {1} is hypoperfused; ten minutes later {0} shows {9}.", "0"},
    {"Segmental LGE - {6}: yes; {7}: no; {8}: no.", "0"},
    {"dictated: there is {9} in {0} and there is none in {1} and the rv is fine", "0"},
    {"{10} of {0}, new since the last scan; that of {1} is unchanged.", "01"},
    {"The patient has {9} in {0}. His brother had {9} in {1}.", "0"},
    {"If {9} of {1} were present, sarcoidosis would be likely. There is {9} of {0}.", "0"},
    {"{10} is typically found in {1} in this disease; here it is found in {0}.", "0"},
    {"Known {9} of {0}, confirmed today. Cine: {7} hypokinetic.", "0"},
}};

}  // namespace

TEST_CASE("places put into sentences hold enhancement where the wording says so") {
    constexpr std::array<std::string_view, 6> layers{"", "subendocardial ", "midwall ", "subepicardial ", "transmural ", "patchy "};
    constexpr std::array<std::string_view, 5> things{"late enhancement", "LGE", "scar", "fibrosis", "delayed enhancement"};
    constexpr int each = 15;
    std::mt19937 random(1);
    for (const Wording& wording : wordings)
        for (int n = 0; n < each; ++n) {
            const std::size_t first = random() % walls.size();  // three walls, no two of which share an apical segment
            std::array<Part, 3> parts;
            for (std::size_t k = 0; k < parts.size(); ++k) parts[k] = place(walls[(first + 2 * k) % walls.size()], random);
            const std::string thing = fmt::format("{}{}", any(layers, random), any(things, random));
            const auto [a, b, c] = std::tuple(parts[0].words, parts[1].words, parts[2].words);
            constexpr std::size_t article = 4;  // "the "
            const std::string text = fmt::format(fmt::runtime(wording.text), a, b, c, capital(a), capital(b), capital(c), a.substr(article), b.substr(article), c.substr(article), thing, capital(thing));
            const auto of = [&](std::string_view named) {
                Segments out;
                for (const char k : named) out = out | parts[static_cast<std::size_t>(k - '0')].segments;
                return out;
            };
            CAPTURE(text);
            const auto f = read(text);
            CHECK(f.lge == (wording.seen.empty() ? Presence::absent : Presence::present));
            CHECK((f.segments == of(wording.seen)));
            CHECK((f.segments_possible == of(wording.doubted)));
        }
}

TEST_CASE("numbers of segments put into sentences") {
    struct Numbered { std::string_view text; bool all_but = false; };  // {0}: the scarred ones, {1}: others
    constexpr std::array<Numbered, 14> texts{{{"LGE of segments {0}."}, {"Scar in segments {0}; none in segments {1}."}, {"LGE (segments {0})."}, {"All segments show fibrosis except segments {1}.", true}, {"No late enhancement except in segments {0}."}, {"All segments null normally except segments {0}."}, {"Oedema of segments {1}; scar of segments {0}."}, {"Perfusion defect: segments {1}. LGE: segments {0}."}, {"LGE segments {0}, hypokinesia segments {1}."}, {"Segments {0}: subendocardial LGE. Segments {1}: no scar."}, {"Segments {0} enhance; segments {1} do not."}, {"Scar (segments {0}) with 25-50 % depth, EF 45 %."}, {"Segments with LGE 51-75 % thickness: {0}\nMVO: none"}, {"Area at risk (T2): segments {1} = 41% LV\nInfarct (LGE): transmural in {0} = 28% LV, 34 g"}}};
    std::mt19937 random(2);
    const Segments all = Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    for (const Numbered& numbered : texts)
        for (int n = 0; n < 20; ++n) {
            std::vector<int> ids(16);
            for (int k = 0; k < 16; ++k) ids[static_cast<std::size_t>(k)] = k + 1;
            std::shuffle(ids.begin(), ids.end(), random);
            const auto list = [&](std::size_t from, std::size_t count, Segments& out) {
                std::sort(ids.begin() + static_cast<std::ptrdiff_t>(from), ids.begin() + static_cast<std::ptrdiff_t>(from + count));
                std::string words;
                for (std::size_t k = from; k < from + count; ++k) {
                    words += fmt::format("{}{}", k == from ? "" : k + 1 == from + count ? " and " : ", ", ids[k]);
                    out = out | Segments::of({ids[k]});
                }
                return words;
            };
            Segments seen, others;
            const std::string a = list(0, 2 + random() % 3, seen), b = list(6, 2 + random() % 3, others), text = fmt::format(fmt::runtime(numbered.text), a, b);
            CAPTURE(text);
            CHECK((read(text).segments == (numbered.all_but ? all - others : seen)));
        }
}
