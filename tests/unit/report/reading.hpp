#pragma once
// What tests of the report parser ask of it.
#include "lge/report/parse.hpp"

#include <catch2/catch.hpp>

#include <string_view>
#include <vector>

/// The reading of a text by the shipped rules; it holds until the next call.
inline const lge::report::Reading& read_all(std::string_view text) {
    static const auto lexicon = lge::report::shipped_lexicon();
    static lge::report::Parser parser(lexicon);
    return parser.read(text);
}
inline lge::anatomy::Finding read(std::string_view text) { return read_all(text).finding; }

/// A text that tells of enhancement in just these segments.
struct Placed {
    const char* text;
    lge::anatomy::Segments segments;
};
inline void check(const std::vector<Placed>& cases) {
    for (const Placed& c : cases) {
        CAPTURE(c.text);
        const auto f = read(c.text);
        CHECK(f.lge == lge::anatomy::Presence::present);
        CHECK((f.segments == c.segments));
    }
}
inline void check(lge::anatomy::Presence presence, const std::vector<const char*>& texts) {
    for (const auto* text : texts) {
        CAPTURE(text);
        CHECK(read(text).lge == presence);
    }
}
