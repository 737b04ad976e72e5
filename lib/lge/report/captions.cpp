#include "lge/report/captions.hpp"

#include "lge/report/deidentify.hpp"

#include <algorithm>
#include <unordered_set>

namespace lge::report {

std::vector<Caption> captions(std::string_view text, const Reading& reading, const Lexicon& lexicon) {
    std::vector<Caption> out;
    std::unordered_set<std::string> seen;
    const auto& all = reading.statements;
    for (std::size_t k = 0; k < all.size();) {
        const std::uint32_t sentence = all[k].sentence;
        Caption c;
        auto& f = c.finding;
        anatomy::Segments certain, possible;
        Levels levels = 0;
        std::uint32_t walls = 0;
        bool located = false;
        bool present = false, uncertain = false;
        const std::size_t first = k;
        for (; k < all.size() && all[k].sentence == sentence; ++k) {
            present = present || all[k].presence == anatomy::Presence::present;
            uncertain = uncertain || all[k].presence == anatomy::Presence::uncertain;
        }
        f.lge = present ? anatomy::Presence::present : uncertain ? anatomy::Presence::uncertain : anatomy::Presence::absent;
        for (std::size_t n = first; n < k; ++n) {
            const Statement& s = all[n];
            if (s.presence != f.lge) continue;
            for (const Place& p : s.places) {
                located = true;
                levels |= p.levels;
                if (f.lge != anatomy::Presence::absent) walls |= p.walls;
                (f.lge == anatomy::Presence::present ? certain : possible) = (f.lge == anatomy::Presence::present ? certain : possible) | (p.segments - s.spared);
            }
            if (f.lge != anatomy::Presence::absent)
                for (const auto p : s.patterns)
                    if (std::find(f.pattern.begin(), f.pattern.end(), p) == f.pattern.end()) f.pattern.push_back(p);
        }
        std::sort(f.pattern.begin(), f.pattern.end());
        f.segments = certain;
        if (f.lge == anatomy::Presence::present && !located) f.segments.reset();
        if (f.lge == anatomy::Presence::uncertain) f.segments_possible = possible;
        const auto names = level_names(levels);
        if (names.size() == 1) c.level = names.front();
        if (f.lge != anatomy::Presence::absent) f.levels = names;
        for (std::size_t w = 0; w < wall_words.size(); ++w)
            if ((walls >> w & 1U) != 0) f.walls.emplace_back(wall_words[w]);
        const Sentence& s = reading.sentences[sentence];
        c.text = deidentified(text.substr(s.start, s.end - s.start), lexicon);
        if (c.text.empty() || !seen.insert(c.text).second) continue;
        out.push_back(std::move(c));
    }
    return out;
}

}  // namespace lge::report
