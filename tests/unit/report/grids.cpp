// Wordings built from parts, whose truth follows from the parts: places before what is told of them, lists of places, other
// examinations, exceptions and numbers.
#include "reading.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace lge;
using anatomy::Presence;
using anatomy::Segments;

namespace {

struct Part { std::string words; Segments segments; };

constexpr std::array<std::string_view, 3> levels{"basal", "mid", "apical"};
constexpr std::array<std::string_view, 6> names{"anterior", "anteroseptal", "inferoseptal", "inferior", "inferolateral", "anterolateral"};  // of the walls of a ring
struct Wall { std::string_view name; std::array<int, 3> rings; };
constexpr std::array<Wall, 4> walls{{{"anterior", {1, 7, 13}}, {"inferoseptal", {3, 9, 14}}, {"inferior", {4, 10, 15}}, {"anterolateral", {6, 12, 16}}}};

/// A wall at some of its levels, told in each of the orders that reports use.
std::vector<Part> walls_at_levels() {
    constexpr std::array<std::string_view, 7> forms{"{0} {1} wall", "{1} wall, {0}", "{1} wall ({0})", "{1} wall at {0} level", "{1} wall in its {0} portion", "{0} segment of the {1} wall", "{0} {1} segment"};
    std::vector<Part> out;
    for (const Wall& w : walls)
        for (std::size_t l = 0; l < levels.size(); ++l)
            for (const auto form : forms) out.push_back({fmt::format(fmt::runtime(form), levels[l], w.name), Segments::of({w.rings[l]})});
    for (const Wall& w : walls) {
        out.push_back({fmt::format("{} wall from base to mid", w.name), Segments::of({w.rings[0], w.rings[1]})});
        out.push_back({fmt::format("mid and apical {} segments", w.name), Segments::of({w.rings[1], w.rings[2]})});
    }
    return out;
}

}  // namespace

TEST_CASE("what is told behind a place does not move it, whatever place comes next") {
    const auto parts = walls_at_levels();
    constexpr std::array<std::string_view, 8> told{"", " (transmural)", " (25-50%)", ", subendocardial", " (arrows)", " with microvascular obstruction", ", up to 50% of wall thickness", " [midwall]"};
    constexpr std::array<std::string_view, 4> joints{"; ", " and in the ", ", and the ", ". There is also LGE in the "};
    std::size_t n = 0;
    for (const Part& first : parts)
        for (const auto behind : told) {
            const Part& second = parts[(n * 7 + 5) % parts.size()];
            const std::string text = fmt::format("LGE in the {}{}{}{}{}.", first.words, behind, joints[n % joints.size()], second.words, told[(n / 3) % told.size()]);
            ++n;
            CAPTURE(text);
            const auto f = read(text);
            CHECK(f.lge == Presence::present);
            CHECK((f.segments == (first.segments | second.segments)));
        }
}

TEST_CASE("a list of places tells of each what stands beside it") {
    constexpr std::array<std::string_view, 5> separators{", ", "; ", " | ", "\n", ". "}, signs{" ", ": ", " = ", " - ", " ("};
    constexpr std::array<std::string_view, 9> nothing{"nil", "0", "-", "clear", "no LGE", "normal", "spared", "not involved", "negative"};
    constexpr std::array<std::string_view, 7> something{"transmural", "50%", "25-50%", "<50%", "linear midwall", "yes", "up to 50%"};
    std::size_t n = 0;
    for (const auto separator : separators)
        for (const auto sign : signs)
            for (const auto none : nothing) {
                const auto some = something[n % something.size()];
                const std::string_view end = sign == " (" ? ")" : "";
                const auto item = [&](std::string_view place, std::string_view value) { return fmt::format("{}{}{}{}", place, sign, value, end); };
                const std::string text = fmt::format("EF 45%. LGE: {1}{0}{2}{0}{3}{0}{4}.\nNo thrombus.", separator, item("basal anterior", none), item("mid inferior wall", some), item("apical anterolateral", none), item("basal anteroseptum", some));
                ++n;
                CAPTURE(text);
                const auto f = read(text);
                CHECK(f.lge == Presence::present);
                CHECK((f.segments == Segments::of({2, 10})));
            }
}

TEST_CASE("numbers of segments are told of like places") {
    check({{"LGE: 4,5,10 subendo, 50-75% TM; 11 10-25%", Segments::of({4, 5, 10, 11})},
           {"LGE transmurality (segment - %): 3 - 26-50; 4 - 76-100; 9 - 1-25; 10 - 51-75. Remaining segments 0.", Segments::of({3, 4, 9, 10})},
           {"LGE: 10 and 13 positive, 1 and 14 negative.", Segments::of({10, 13})},
           {"LGE\n3: patchy\n12: transmural", Segments::of({3, 12})},
           {"LGE +: 13", Segments::of({13})},
           {"LGE in segments 1/4/11.", Segments::of({1, 4, 11})},
           {"LGE of segments four (4), ten (10) and eleven (11).", Segments::of({4, 10, 11})},
           {"Among the 17 segments only three (7, 8 and 14) bore scar.", Segments::of({7, 8, 14})},
           {"Segments 4 and 10 enhance, segments 5 and 6 do not.", Segments::of({4, 10})},
           {"LGE by segment (% wall): 1: 0 | 2: 0 | 3: 0 | 4: 60 | 5: 30 | 6: 0", Segments::of({4, 5})},
           {"LGE: yes | Site: basal septum | MVO: no | EF: 45%", Segments::of({2, 3})}});
}

TEST_CASE("what another examination showed is told of that one alone") {
    constexpr std::array<std::string_view, 12> subjects{"The previous MRI", "The scan of 2019", "Last year's CMR", "The outside report", "The 2018 examination", "Her earlier scan", "The initial CMR", "CMR from March 2020", "A CMR done elsewhere", "The previous examination (12/03/2021)", "The study six months ago", "The CMR of last autumn"};
    constexpr std::array<std::string_view, 6> verbs{"described", "showed", "had shown", "had reported", "documented", "found"}, findings{"inferolateral epicardial LGE", "a basal septal scar", "mid-wall fibrosis in the septum", "LGE in the lateral wall", "an infarct of the anterior wall", "late enhancement of the inferior wall"};
    constexpr std::array<std::string_view, 8> gone{"; on today's images there is none.", ". Today there is no LGE.", ", no longer seen.", ", not seen today.", "; on the present study the myocardium nulls.", ". The current study shows no late enhancement.", "; on today's images that region is dark.", ", since resolved."};
    constexpr std::array<std::string_view, 3> moved{". Today there is LGE in the mid inferior wall only.", "; today LGE is confined to the mid inferior wall.", ", now replaced by a small scar of the mid inferior wall."};
    std::size_t n = 0;
    for (const auto subject : subjects)
        for (const auto verb : verbs) {
            const auto told = fmt::format("{} {} {}", subject, verb, findings[n % findings.size()]);
            const std::string absent = told + std::string(gone[n % gone.size()]), present = told + std::string(moved[n % moved.size()]);
            n += 1;
            CAPTURE(absent, present);
            CHECK(read(absent).lge == Presence::absent);
            const auto f = read(present);
            CHECK(f.lge == Presence::present);
            CHECK((f.segments == Segments::of({10})));
        }
}

TEST_CASE("the date of an examination tells that it is another one") {
    for (const auto* scan : {"the MRI of 2019", "the CMR (March 2020)", "the 2018 study", "the scan of 12 May 2021", "last year's scan", "the outside MRI of 2021"}) {
        const std::string kept = fmt::format("LGE of the mid septum, unchanged since {}.", scan), gone = fmt::format("The septal LGE seen on {} is no longer visible.", scan), first = fmt::format("LGE of the mid septum, not present on {}.", scan);
        CAPTURE(kept);
        CHECK((read(kept).segments == Segments::of({8, 9})));
        CHECK(read(gone).lge == Presence::absent);
        CHECK((read(first).segments == Segments::of({8, 9})));
    }
    CHECK((read("Cardiac MRI 12/03/2024\nLGE of the mid septum.").segments == Segments::of({8, 9})));  // that of a title is the one reported
}

TEST_CASE("what is denied of a part, or left out first, is no scar") {
    const auto all = Segments::of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    const Part parts[]{{"the mid inferior wall", Segments::of({10})}, {"segment 8", Segments::of({8})}, {"the septum", Segments::of({2, 3, 8, 9, 14})}};
    for (const Part& part : parts)
        for (const auto* form : {"Diffuse LGE. No LGE in {}.", "There is global LGE; no enhancement of {}.", "Except for {} there is diffuse LGE.", "With the exception of {} all segments show LGE.", "Apart from {}, there is diffuse LGE.", "All segments enhance except {}."}) {
            const std::string text = fmt::format(fmt::runtime(form), part.words);
            CAPTURE(text);
            CHECK((read(text).segments == all - part.segments));
        }
    check({{"LGE of the septum. No LGE in segment 8.", Segments::of({2, 3, 9, 14})}, {"LGE: apical anteroseptal transmural, apical inferoseptal clear.", Segments::of({14})}});
}

TEST_CASE("why an examination was asked for is no finding of it") {
    constexpr std::array<std::string_view, 8> requests{"previous inferior MI", "known anterior infarct 2015", "suspected myocarditis, rule out LGE", "old lateral scar on echo", "inferior infarct on SPECT", "prior MRI with septal LGE", "VT from a presumed inferolateral scar", "history of anteroseptal MI"};
    constexpr std::array<std::string_view, 8> frames{"Indication: {}.", "Clinical history: {}.", "Hx: {}", "Request: {}", "68-year-old man with {}.", "54M, {}.", "A 45-year-old woman with {}.", "Dear colleague, thank you for referring this patient with {}."};
    for (const auto frame : frames)
        for (const auto request : requests) {
            const std::string asked = fmt::format(fmt::runtime(frame), request);
            CAPTURE(asked);
            CHECK(read(asked + "\nFindings: No late gadolinium enhancement.").lge == Presence::absent);
            CHECK((read(asked + "\nFindings: LGE in the mid septum.\nImpression: Scar as described.").segments == Segments::of({8, 9})));
        }
}

TEST_CASE("what could not be judged apart from the rest is no LGE, and LGE that is hard to judge keeps its place") {
    check(Presence::absent, {"LGE: Apart from the inferior segments, which cannot be judged owing to wrap-around, the LV is without enhancement."});
    check({{"There is LGE in the mid septum, which is hard to evaluate.", Segments::of({8, 9})}});
}

TEST_CASE("what late images show is LGE, and one wall is not what another is") {
    check(Presence::present, {"Late gadolinium images show scattered tiny foci.", "LGE images show scattered foci."});
    check(Presence::absent, {"LGE images show no foci.", "Pericardial late enhancement. The myocardium beneath is uniformly dark on the same images."});
    check({{"On late images the lateral wall is bright, the anterior wall and septum are not.", Segments::of({5, 6, 11, 12, 16})}, {"The septum is scarred, the lateral wall is not.", Segments::of({2, 3, 8, 9, 14})}});
}

namespace {

struct Grid { std::string text; Segments segments; };

/// Adds a line of cells to a table, which bars frame where they part it.
void put_line(std::string& text, std::string_view parting, const std::vector<std::string>& cells) {
    const bool barred = parting == " | ";
    text += fmt::format("{}{}{}{}", text.empty() ? "" : "\n", barred ? "| " : "", fmt::join(cells, parting), barred ? " |" : "");
}

constexpr std::array<std::string_view, 3> partings{"   ", "\t", " | "};

/// A table of the basal and mid segments with one of the marks in each cell, in one of the forms that reports use.
Grid any_grid(std::mt19937& random) {
    constexpr std::array<std::array<std::string_view, 2>, 11> marks{{{"+", "-"}, {"1", "0"}, {"x", "-"}, {"yes", "no"}, {"Y", "N"}, {"+", "0"}, {"50%", "0%"}, {"++", "-"}, {"pos", "neg"}, {"25-50", "0"}, {"subendo", "nil"}}};
    constexpr std::array<std::string_view, 6> titles{"LGE", "LGE grid", "LGE:", "Late gadolinium enhancement", "Scar by segment", "LGE (17 segments)"};
    enum Form : std::uint8_t { walls_down, levels_down, list, numbered_list, forms };
    const auto any = [&](std::size_t n) { return random() % n; };
    const auto& mark = marks[any(marks.size())];
    const auto form = static_cast<Form>(any(forms));
    const std::string_view parting = partings[any(partings.size())];
    Grid g;
    const auto cell = [&](std::size_t level, std::size_t wall) {
        const bool scar = any(3) == 0;
        if (scar) g.segments = g.segments | Segments::of({static_cast<int>(level * names.size() + wall) + 1});
        return mark[scar ? 0 : 1];
    };
    g.text = titles[any(titles.size())];
    if (form == walls_down) {
        put_line(g.text, parting, {"Wall", "Basal", "Mid"});
        for (std::size_t w = 0; w < names.size(); ++w) {
            std::vector<std::string> row{std::string(names[w])};
            for (std::size_t l = 0; l < 2; ++l) row.emplace_back(cell(l, w));
            put_line(g.text, parting, row);
        }
    } else if (form == levels_down) {
        std::vector<std::string> head{"Level"};
        head.insert(head.end(), names.begin(), names.end());
        put_line(g.text, parting, head);
        for (std::size_t l = 0; l < 2; ++l) {
            std::vector<std::string> row{std::string(levels[l])};
            for (std::size_t w = 0; w < names.size(); ++w) row.emplace_back(cell(l, w));
            put_line(g.text, parting, row);
        }
    } else
        for (std::size_t l = 0; l < 2; ++l)
            for (std::size_t w = 0; w < names.size(); ++w) {
                std::vector<std::string> row;
                if (form == numbered_list) row.push_back(std::to_string(l * names.size() + w + 1));
                row.push_back(fmt::format("{} {}", levels[l], names[w]));
                row.emplace_back(cell(l, w));
                put_line(g.text, parting, row);
            }
    return g;
}

}  // namespace

TEST_CASE("tables of segments are read whatever their form, parting and marks") {
    std::mt19937 random(20240611);
    for (int n = 0; n < 2000; ++n) {
        const Grid g = any_grid(random);
        CAPTURE(g.text);
        const auto f = read(g.text);
        REQUIRE(f.lge == (g.segments.empty() ? Presence::absent : Presence::present));
        REQUIRE(f.segments == g.segments);
    }
}

namespace {

/// A table with a row for each basal and mid segment and columns of motion, perfusion, oedema and scar, in any order.
Grid any_columns(std::mt19937& random) {
    struct Column { std::array<std::string_view, 3> heads, values; };
    constexpr std::array<Column, 3> others{{{{"WM", "Wall motion", "Kinesis"}, {"normal", "hypokinetic", "akinetic"}}, {{"Perfusion", "Stress", "Stress perfusion"}, {"normal", "defect", "normal"}}, {{"T2", "Oedema", "STIR"}, {"no", "yes", "no"}}}};
    constexpr std::array<std::string_view, 6> scar_heads{"LGE", "Scar", "LGE %", "Late enhancement", "DE", "Scar (% wall)"};
    constexpr std::array<std::array<std::string_view, 2>, 8> marks{{{"+", "-"}, {"yes", "no"}, {"25-50", "0"}, {"51-75%", "0%"}, {"transmural", "none"}, {"subendo", "-"}, {"3", "0"}, {"Y", "N"}}};
    const auto any = [&](std::size_t n) { return random() % n; };
    const auto& mark = marks[any(marks.size())];
    const std::string_view parting = partings[any(partings.size())];
    const std::size_t scar = any(others.size() + 1), naming = any(3);
    Grid g{.text = "Segmental analysis", .segments = {}};
    std::vector<std::string> head{"Segment"};
    for (std::size_t c = 0, k = 0; c <= others.size(); ++c) head.emplace_back(c == scar ? scar_heads[any(scar_heads.size())] : others[k++].heads[any(3)]);
    put_line(g.text, parting, head);
    for (std::size_t s = 0; s < 2 * names.size(); ++s) {
        std::vector<std::string> row{naming == 0 ? std::to_string(s + 1) : naming == 1 ? fmt::format("S{}", s + 1) : fmt::format("{} {}", levels[s / names.size()], names[s % names.size()])};
        for (std::size_t c = 0, k = 0; c <= others.size(); ++c) {
            if (c != scar) {
                row.emplace_back(others[k++].values[any(3)]);
                continue;
            }
            const bool enhanced = any(3) == 0;
            if (enhanced) g.segments = g.segments | Segments::of({static_cast<int>(s) + 1});
            row.emplace_back(mark[enhanced ? 0 : 1]);
        }
        put_line(g.text, parting, row);
    }
    return g;
}

}  // namespace

TEST_CASE("the column of scar is found among others, however a table is parted") {
    std::mt19937 random(20240612);
    for (int n = 0; n < 2000; ++n) {
        const Grid g = any_columns(random);
        CAPTURE(g.text);
        const auto f = read(g.text);
        REQUIRE(f.lge == (g.segments.empty() ? Presence::absent : Presence::present));
        REQUIRE(f.segments == g.segments);
    }
}

namespace {

/// A table of two examinations, whose second is the one reported.
struct TwoScans { std::string text; Segments segments; std::optional<double> mass; };
TwoScans any_two_scans(std::mt19937& random) {
    constexpr std::array<std::array<std::string_view, 2>, 10> heads{{{"Baseline", "Today"}, {"2019", "2023"}, {"Prior", "Current"}, {"Previous", "Now"}, {"Baseline", "Follow-up"}, {"Before", "After"}, {"Then", "Now"}, {"Initial", "6 months"}, {"Previous scan", "This scan"}, {"03/2022", "09/2023"}}};
    constexpr std::array<std::string_view, 3> none{"none", "absent", "no"}, labels{"LGE", "LGE segments", "LGE site"};
    const auto any = [&](std::size_t n) { return random() % n; };
    const std::string_view parting = partings[any(partings.size())];
    TwoScans out{.text = {}, .segments = {}, .mass = {}};
    const auto put = [&](std::string_view label, std::string_view then, std::string_view now) { put_line(out.text, parting, {std::string(label), std::string(then), std::string(now)}); };
    const auto place = [&](Segments& s) {
        const std::size_t level = any(2), wall = any(names.size());
        s = s | Segments::of({static_cast<int>(level * names.size() + wall) + 1});
        return fmt::format("{} {}", levels[level], names[wall]);
    };
    const auto& head = heads[any(heads.size())];
    Segments before;
    put("Parameter", head[0], head[1]);
    put("LVEF", "45 %", "55 %");
    const std::string then = fmt::format("{}, {}", place(before), place(before));
    if (any(3) == 0) put("LGE", then, none[any(none.size())]);
    else {
        put(labels[any(labels.size())], then, place(out.segments));
        out.mass = 4;
        put("LGE mass", "18 g", "4 g");
    }
    put("MVO", "yes", "no");
    return out;
}

}  // namespace

TEST_CASE("of two examinations side by side the one reported is read") {
    std::mt19937 random(20240613);
    for (int n = 0; n < 2000; ++n) {
        const TwoScans t = any_two_scans(random);
        CAPTURE(t.text);
        const auto f = read(t.text);
        REQUIRE(f.lge == (t.segments.empty() ? Presence::absent : Presence::present));
        REQUIRE(f.segments == t.segments);
        REQUIRE(f.mass_g == t.mass);
    }
}

TEST_CASE("rows of a wall or level with what each of its parts holds are read") {
    constexpr std::array<std::string_view, 7> scars{"25-50 %", "transmural", "subendocardial", "50 %", "midwall", "subendo 25-50 %", "75-100 %"}, none{"none", "nil", "0 %", "no LGE", "normal", "negative", "no scar"};
    constexpr std::array<std::string_view, 4> bullets{"", "- ", "* ", "  "};
    std::mt19937 random(20240614);
    const auto any = [&](std::size_t n) { return random() % n; };
    for (int n = 0; n < 1000; ++n) {
        const std::string_view scar = scars[any(scars.size())], no = none[any(none.size())], bullet = bullets[any(bullets.size())], mark = any(2) == 0 ? ": " : " - ";
        const bool by_wall = any(2) == 0;
        Grid g{.text = any(2) == 0 ? "LGE:" : "Late gadolinium enhancement", .segments = {}};
        const std::size_t rows = by_wall ? names.size() : 2, columns = by_wall ? 2 : names.size();
        for (std::size_t r = 0; r < rows; ++r) {
            g.text += fmt::format("\n{}{}{}", bullet, by_wall ? names[r] : levels[r], mark);
            for (std::size_t c = 0; c < columns; ++c) {
                const std::size_t level = by_wall ? c : r, wall = by_wall ? r : c;
                const bool enhanced = any(3) == 0;
                if (enhanced) g.segments = g.segments | Segments::of({static_cast<int>(level * names.size() + wall) + 1});
                g.text += fmt::format("{}{} {}", c > 0 ? ", " : "", by_wall ? levels[c] : names[c], enhanced ? scar : no);
            }
        }
        CAPTURE(g.text);
        const auto f = read(g.text);
        REQUIRE(f.lge == (g.segments.empty() ? Presence::absent : Presence::present));
        REQUIRE(f.segments == g.segments);
    }
}

TEST_CASE("lists of every segment are read, over lines or in one") {
    constexpr std::array<std::array<std::string_view, 2>, 8> marks{{{"0", "1"}, {"0%", "50%"}, {"none", "transmural"}, {"normal", "subendocardial"}, {"0", "25-50"}, {"nil", "midwall"}, {"0 %", "75-100 %"}, {"negative", "positive"}}};
    constexpr std::array<std::string_view, 3> labels{"Segment ", "Seg ", "seg. "}, partings{"\n", "; ", " | "};
    std::mt19937 random(20240615);
    const auto any = [&](std::size_t n) { return random() % n; };
    for (int n = 0; n < 1000; ++n) {
        const auto& mark = marks[any(marks.size())];
        const std::string_view label = labels[any(labels.size())], parting = partings[any(partings.size())];
        const int count = any(2) == 0 ? 16 : 17;
        Grid g{.text = fmt::format("LGE by segment:{}", parting == "\n" ? "\n" : " "), .segments = {}};
        for (int s = 1; s <= count; ++s) {
            const bool enhanced = any(4) == 0;
            if (enhanced) g.segments = g.segments | Segments::of({s});
            g.text += fmt::format("{}{}{}: {}", s > 1 ? parting : "", label, s, mark[enhanced ? 1 : 0]);
        }
        CAPTURE(g.text);
        const auto f = read(g.text);
        REQUIRE(f.lge == (g.segments.empty() ? Presence::absent : Presence::present));
        REQUIRE(f.segments == g.segments);
    }
}
