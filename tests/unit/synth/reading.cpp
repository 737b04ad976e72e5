// What lge-reportparse reads from lge-synth's sentences.
#include "lge/report/parse.hpp"
#include "lge/synth/contrary.hpp"
#include "lge/synth/draw.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace lge;
using anatomy::Finding;
using anatomy::Level;
using anatomy::Pattern;
using anatomy::Presence;
using anatomy::Segments;

namespace {

// All that a drawn finding says must be read, and nothing else.
bool same(Finding read, Finding drawn) {
    for (auto* f : {&read, &drawn}) std::sort(f->pattern.begin(), f->pattern.end());
    return read.lge == drawn.lge && read.segments == drawn.segments && read.segments_possible == drawn.segments_possible && read.pattern == drawn.pattern &&
           read.mvo == drawn.mvo && read.transmurality == drawn.transmurality && read.extent_percent == drawn.extent_percent && !read.mass_g && !read.etiology &&
           read.territory.empty();
}

// Segments of one level as a scar fills them: a run of neighbours.
Segments draw_run(Level level, Random& random) {
    if (level == Level::apex) return Segments::of({17});
    const int first = level == Level::basal ? 1 : level == Level::mid ? 7 : 13, size = level == Level::apical ? 4 : 6;
    const auto start = static_cast<int>(random.below(static_cast<std::uint32_t>(size))), length = 1 + static_cast<int>(random.below(static_cast<std::uint32_t>(size)));
    Segments s;
    for (int i = 0; i < length; ++i) s.add(first + (start + i) % size);
    return s;
}

// Any finding that lge-synth can draw in a slice (or, over several levels, in a case).
Finding draw_finding(bool whole_case, Level level, Random& random) {
    Finding f;
    f.lge = random.chance(0.15) ? Presence::absent : Presence::present;
    if (f.lge == Presence::absent) return f;
    Segments s = draw_run(level, random);
    if (whole_case)
        for (const Level other : {Level::basal, Level::mid, Level::apical, Level::apex})
            if (random.chance(0.4)) s = s | draw_run(other, random);
    f.segments = s;
    constexpr Pattern all[] = {Pattern::subendocardial, Pattern::midwall, Pattern::subepicardial, Pattern::transmural};
    f.pattern = {all[random.below(4)]};
    if (const Pattern other = all[random.below(4)]; other != f.pattern[0] && random.chance(0.15)) f.pattern.push_back(other);
    if (f.pattern == std::vector{Pattern::subendocardial} && random.chance(0.5)) {
        const double percent = 5 * static_cast<double>(4 + random.below(12));
        f.transmurality = anatomy::Transmurality{percent, percent, {}};
    }
    if (std::find(f.pattern.begin(), f.pattern.end(), Pattern::transmural) != f.pattern.end()) f.transmurality = anatomy::Transmurality{std::nullopt, std::nullopt, "transmural"};
    if (random.chance(0.2)) f.mvo = true;
    if (whole_case && random.chance(0.4)) {
        const auto percent = static_cast<double>(1 + random.below(60));
        f.extent_percent = {percent, percent};
    }
    return f;
}

}  // namespace

TEST_CASE("what the parser reads is the finding that was put into words, of 100,000 captions and 10,000 reports in over 50,000 wordings") {
    const auto lexicon = report::shipped_lexicon();
    report::Parser parser(lexicon);
    std::set<std::string> distinct;
    std::size_t texts = 0;
    for (std::uint64_t i = 0; i < 110000; ++i) {
        Random random(31, i, "finding");
        const bool whole_case = i % 11 == 0;
        constexpr Level levels[] = {Level::basal, Level::mid, Level::apical, Level::apex};
        const Level level = levels[std::min<std::size_t>(random.below(10) / 3, 3)];
        const Finding f = draw_finding(whole_case, level, random);
        const auto style = i % 10 == 9 ? synth::Style::plain : synth::Style::clinical;
        const std::string text = whole_case ? synth::report(f, style, random) : synth::caption(f, level, style, random);
        distinct.insert(text);
        ++texts;
        if (same(parser.read(text).finding, f)) continue;
        CAPTURE(i, text);
        FAIL_CHECK("read otherwise");
    }
    CHECK(texts == 110000);
    CHECK(distinct.size() > 50000);
}

TEST_CASE("every set of segments of a level is read as it was written, in 60 wordings") {
    const auto lexicon = report::shipped_lexicon();
    report::Parser parser(lexicon);
    for (unsigned set = 1; set < 64; ++set)
        for (const Level level : {Level::basal, Level::mid, Level::apical}) {
            if (level == Level::apical && set > 15) continue;
            Finding f;
            f.lge = Presence::present;
            f.pattern = {Pattern::subepicardial};
            f.segments = Segments();
            for (int i = 0; i < 6; ++i)
                if ((set >> i & 1U) != 0) f.segments->add((level == Level::basal ? 1 : level == Level::mid ? 7 : 13) + i);
            for (std::uint64_t wording = 0; wording < 60; ++wording) {
                Random random(35, wording, "set");
                const std::string text = synth::caption(f, level, wording % 10 == 9 ? synth::Style::plain : synth::Style::clinical, random);
                CAPTURE(text);
                CHECK(same(parser.read(text).finding, f));
            }
        }
}

TEST_CASE("findings in doubt are read as such") {
    const auto lexicon = report::shipped_lexicon();
    report::Parser parser(lexicon);
    for (std::uint64_t i = 0; i < 3000; ++i) {
        Random random(32, i, "doubt");
        Finding f;
        f.lge = Presence::uncertain;
        f.segments_possible = draw_run(Level::mid, random);
        f.pattern = {Pattern::midwall};
        const std::string text = synth::caption(f, Level::mid, i % 10 == 9 ? synth::Style::plain : synth::Style::clinical, random);
        CAPTURE(text);
        const auto& read = parser.read(text).finding;
        REQUIRE(read.lge == Presence::uncertain);
        REQUIRE(read.segments_possible == f.segments_possible);
        REQUIRE(read.pattern == f.pattern);
    }
}

TEST_CASE("what is read of drawn cases is what was drawn") {
    synth::Settings s;
    s.population = synth::load_population("mild");
    s.size = 64;
    s.spacing_mm = 2.4;
    s.normal_fraction = 0.2;
    const auto lexicon = report::shipped_lexicon();
    report::Parser parser(lexicon);
    std::size_t texts = 0;
    for (const char* prior : {"uniform", "clinical"})
        for (std::uint64_t i = 0; i < 60; ++i) {
            s.wish.prior = synth::load_prior(prior);
            s.style = i % 2 == 0 ? synth::Style::clinical : synth::Style::plain;
            const auto c = synth::draw_case(s, 21, i);
            CAPTURE(c.report);
            CHECK(same(parser.read(c.report).finding, c.finding));
            for (std::size_t k = 0; k < c.level.size(); ++k)
                for (const auto& text : c.captions[k]) {
                    CAPTURE(text);
                    CHECK(same(parser.read(text).finding, c.slice_findings[k]));
                    ++texts;
                }
        }
    CHECK(texts > 2500);
}

TEST_CASE("a hard caption is read as the finding with one field changed") {
    const auto lexicon = report::shipped_lexicon();
    report::Parser parser(lexicon);
    std::set<synth::Changed> seen;
    for (std::uint64_t i = 0; i < 4000; ++i) {
        Random random(33, i, "change");
        const Level level = i % 3 == 0 ? Level::basal : i % 3 == 1 ? Level::mid : Level::apical;
        const Finding f = draw_finding(false, level, random);
        constexpr auto fields = synth::choices(synth::Changed{});
        const auto field = fields[i % fields.size()].second;
        const auto changed = synth::change(f, level, field, random);
        if (!changed) continue;
        seen.insert(field);
        const int differences = (changed->lge != f.lge) + (changed->segments != f.segments) + (changed->pattern != f.pattern);
        if (field == synth::Changed::wall || field == synth::Changed::level || field == synth::Changed::extent) CHECK(differences == 1);
        else CHECK(changed->lge != f.lge);
        if (field == synth::Changed::wall) CHECK(changed->segments->count() == f.segments->count());
        const std::string text = synth::caption(*changed, level, synth::Style::clinical, random);
        CAPTURE(text);
        CHECK(same(parser.read(text).finding, *changed));
        CHECK_FALSE(same(parser.read(text).finding, f));
    }
    CHECK(seen.size() == 5);
}

TEST_CASE("there are more than 100,000 wordings, all of them whole sentences") {
    std::set<std::string> distinct;
    for (std::uint64_t i = 0; i < 150000; ++i) {
        Random random(34, i, "wording");
        const Finding f = draw_finding(false, i % 2 == 0 ? Level::basal : Level::mid, random);
        const std::string text = synth::caption(f, Level::mid, synth::Style::clinical, random);
        if (text.find_first_of("[]|$") != std::string::npos || text.find("  ") != std::string::npos || text.find(" ,") != std::string::npos || text.find(" .") != std::string::npos ||
            text.find("..") != std::string::npos || text.back() != '.' || (text[0] >= 'a' && text[0] <= 'z')) {
            CAPTURE(text);
            FAIL_CHECK("malformed");
        }
        distinct.insert(text);
    }
    CHECK(distinct.size() > 100000);
}
