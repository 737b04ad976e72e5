#include "lge/report/parse.hpp"
#include "lge/synth/draw.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace lge;

TEST_CASE("what the parser reads from every caption and report is the finding that was drawn") {
    synth::Settings s;
    s.population = synth::load_population("mild");
    s.size = 32;
    s.spacing_mm = 4;
    s.normal_fraction = 0.3;
    s.captions = 6;
    const auto lexicon = report::shipped_lexicon();
    report::Parser parser(lexicon);
    std::size_t texts = 0;
    const auto agrees = [&](const std::string& text, const anatomy::Finding& drawn) {
        const auto& read = parser.read(text).finding;
        CAPTURE(text);
        REQUIRE(read.lge == drawn.lge);
        REQUIRE(read.segments == drawn.segments);
        REQUIRE(read.segments_possible.empty());
        auto patterns = read.pattern, wanted = drawn.pattern;
        std::sort(patterns.begin(), patterns.end());
        std::sort(wanted.begin(), wanted.end());
        REQUIRE(patterns == wanted);
        REQUIRE(read.mvo == drawn.mvo);
        REQUIRE(read.transmurality == drawn.transmurality);
        REQUIRE(read.extent_percent == drawn.extent_percent);
        ++texts;
    };
    for (const auto style : {synth::Style::clinical, synth::Style::plain})
        for (const char* prior : {"uniform", "clinical"}) {
            s.style = style;
            s.wish.prior = synth::load_prior(prior);
            for (std::uint64_t i = 0; i < 80; ++i) {
                const auto c = synth::draw_case(s, 21, i);
                agrees(c.report, c.finding);
                for (std::size_t k = 0; k < c.level.size(); ++k)
                    for (const auto& text : c.captions[k]) agrees(text, c.slice_findings[k]);
            }
        }
    CHECK(texts > 15000);
}
