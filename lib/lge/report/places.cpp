#include "lge/report/places.hpp"

#include "lge/anatomy/finding.hpp"

#include <algorithm>
#include <charconv>

namespace lge::report {

using anatomy::Level;
using anatomy::Segments;

namespace {

template <class List>
std::optional<std::uint32_t> index_in(const List& list, std::string_view value) {
    const auto it = std::find(list.begin(), list.end(), value);
    if (it == list.end()) return std::nullopt;
    return static_cast<std::uint32_t>(it - list.begin());
}

template <class E>
std::optional<std::uint32_t> code_in(std::string_view value) {
    if (const auto e = anatomy::from_word<E>(value)) return static_cast<std::uint32_t>(*e);
    return std::nullopt;
}

std::optional<std::uint32_t> number_in(std::string_view value, std::uint32_t most) {
    std::uint32_t n = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), n);
    if (error != std::errc{} || end != value.data() + value.size() || n < 1 || n > most) return std::nullopt;
    return n;
}

}  // namespace

std::optional<std::uint32_t> code_of(Kind kind, std::string_view value) {
    switch (kind) {
        case Kind::section: return index_in(std::array<std::string_view, 5>{"ignored", "findings", "impression", "addendum", "original"}, value);
        case Kind::context: return index_in(std::array<std::string_view, 6>{"lge", "keep", "other", "told", "agent", "acquired"}, value);
        case Kind::target: return index_in(std::array<std::string_view, 5>{"", "infarct", "necrosis", "images", "past"}, value);
        case Kind::negation: return index_in(std::array<std::string_view, 2>{"", "near"}, value);
        case Kind::negated: return index_in(std::array<std::string_view, 6>{"", "gone", "enhancing", "unconfirmed", "cause", "unreal"}, value);
        case Kind::pseudo: return index_in(std::array<std::string_view, 3>{"", "double", "new"}, value);
        case Kind::hedge: case Kind::hedged: return index_in(std::array<std::string_view, 4>{"", "artifact", "open", "either"}, value);
        case Kind::level: return index_in(level_words, value);
        case Kind::wall: {
            std::uint32_t bits = 0;
            while (!value.empty()) {
                const auto comma = std::min(value.find(','), value.size());
                const auto w = index_in(wall_words, value.substr(0, comma));
                if (!w) return std::nullopt;
                bits |= 1U << *w;
                value.remove_prefix(std::min(comma + 1, value.size()));
            }
            if (bits == 0) return std::nullopt;
            return bits;
        }
        case Kind::segmentword:
            if (value.empty()) return 0;
            return number_in(value, 17);
        case Kind::ellipsis: return index_in(std::array<std::string_view, 3>{"", "not", "noun"}, value);
        case Kind::anaphor: return index_in(std::array<std::string_view, 4>{"", "former", "latter", "wall"}, value);
        case Kind::fraction: return number_in(value, 100);
        case Kind::pattern: return code_in<anatomy::Pattern>(value);
        case Kind::territory: return code_in<anatomy::Territory>(value);
        case Kind::certainty: return code_in<anatomy::Certainty>(value);
        case Kind::temporal: return index_in(change_words, value);
        case Kind::viability: return index_in(std::array<std::string_view, 3>{"viable", "nonviable", "mixed"}, value);
        case Kind::notdx: return index_in(std::array<std::string_view, 2>{"", "ischemic"}, value);
        case Kind::dx: return code_in<anatomy::Cause>(value.substr(0, std::min(value.find(' '), value.size())));
        case Kind::organ:
            if (value.empty()) return std::nullopt;
            return value == "mass_enhancement" || value == "thrombus_enhancement" ? organ_mass : value == "extracardiac" ? organ_outside : organ_heart;
        case Kind::finding:
            if (value.empty()) return std::nullopt;
            return 0;
        case Kind::view: {
            const auto level = index_in(std::array<std::string_view, 3>{"basal", "mid", "apical"}, value);
            if (!level) return std::nullopt;
            return level_bit(static_cast<Level>(*level + 1));
        }
        case Kind::technique: return index_in(std::array<std::string_view, 3>{"", "views", "made"}, value);
        case Kind::weak: return index_in(std::array<std::string_view, 4>{"", "bright", "focus", "counted"}, value);
        case Kind::history: return index_in(std::array<std::string_view, 7>{"", "behind", "event", "kin", "tissue", "others", "state"}, value);
        case Kind::hypothetical: return index_in(std::array<std::string_view, 4>{"", "general", "sought", "usual"}, value);
        case Kind::qualifier: return index_in(std::array<std::string_view, 2>{"", "rest"}, value);
        case Kind::emphasis: return index_in(std::array<std::string_view, 3>{"", "included", "adjoining"}, value);
        case Kind::numeral: {
            constexpr std::string_view suffix = " ordinal";
            if (!value.ends_with(suffix)) return number_in(value, 17);
            const auto n = number_in(value.substr(0, value.size() - suffix.size()), 17);
            return n ? std::optional(*n + ordinal) : std::nullopt;
        }
        case Kind::imaging: return index_in(std::array<std::string_view, 2>{"", "own"}, value);
        case Kind::examination: return index_in(std::array<std::string_view, 7>{"", "earlier", "first", "dated", "now", "told", "foreign"}, value);
        case Kind::verb: return index_in(std::array<std::string_view, 3>{"", "there", "on"}, value);
        case Kind::opening: return index_in(std::array<std::string_view, 4>{"", "contrast", "reason", "concession"}, value);
        case Kind::unreadable: return index_in(std::array<std::string_view, 2>{"", "denied"}, value);
        case Kind::answer: return index_in(std::array<std::string_view, 4>{"", "nulling", "outside", "images"}, value);
        case Kind::artifact: return index_in(std::array<std::string_view, 3>{"", "weak", "degraded"}, value);
        case Kind::spared: return index_in(std::array<std::string_view, 5>{"", "after", "clean", "beside", "too"}, value);
        case Kind::observer: return index_in(std::array<std::string_view, 2>{"", "agreed"}, value);
        case Kind::stop: return index_in(std::array<std::string_view, 6>{"", "showing", "where", "now", "instead", "own"}, value);
        case Kind::patient: return index_in(std::array<std::string_view, 2>{"", "many"}, value);
        case Kind::before: return index_in(std::array<std::string_view, 3>{"", "then", "bare"}, value);
        case Kind::raised: return index_in(std::array<std::string_view, 2>{"", "ms"}, value);
        case Kind::role: return index_in(role_words, value);
        case Kind::modality: return value.empty() || value == "t2 weighted" ? modality_unnamed : value.starts_with("mapping") ? modality_mapping : value == "edema" ? modality_edema : modality_named;
        default:
            if (!value.empty()) return std::nullopt;
            return 0;
    }
}

Segments segments_of(std::size_t wall, Levels levels) {
    const bool any = levels == 0;
    const auto at = [&](Level l) { return any || (levels & level_bit(l)) != 0; };
    Segments s;
    if (wall < 8) {
        const auto w = static_cast<anatomy::Wall>(wall);
        if (any) return anatomy::segments_of(w, Level::unknown);
        for (const Level l : {Level::basal, Level::mid, Level::apical})
            if (at(l)) s = s | anatomy::segments_of(w, l);
        // "the inferior wall and apex" names the apex beside the wall, so the cap is added, not cut from the wall
        if (at(Level::apex)) s.add(17);
        return s;
    }
    switch (wall) {
        case 8:  // all but the septum
            if (at(Level::basal)) s = s | Segments::of({1, 4, 5, 6});
            if (at(Level::mid)) s = s | Segments::of({7, 10, 11, 12});
            if (at(Level::apical)) s = s | Segments::of({13, 15, 16});
            return s;
        case 9: return segments_of(10, levels) | segments_of(11, levels);
        default:
            if (at(Level::basal)) s.add(wall == 10 ? 2 : 3);
            if (at(Level::mid)) s.add(wall == 10 ? 8 : 9);
            if (!any && at(Level::apical)) s.add(14);
            return s;
    }
}

Segments segments_of(Levels levels) {
    Segments s;
    for (const Level l : {Level::basal, Level::mid, Level::apical, Level::apex})
        if ((levels & level_bit(l)) != 0) s = s | anatomy::segments_of(l);
    return s;
}

std::vector<std::string> level_names(Levels levels) {
    std::vector<std::string> names;
    for (const Level l : {Level::basal, Level::mid, Level::apical, Level::apex})
        if ((levels & level_bit(l)) != 0) names.emplace_back(anatomy::word(l));
    return names;
}

}  // namespace lge::report
