#pragma once
// The words of the domain: labels, levels, walls, extents and the AHA 17-segment model
// (Cerqueira et al., Circulation 2002;105:539-542).
#include "lge/base/units.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace lge::anatomy {

/// The numbers of a label map.
enum class Label : std::uint8_t { background, lv_cavity, myocardium, scar, no_reflow, rv_cavity };
inline constexpr std::uint8_t label_count = 6;
/// Normal, scarred or obstructed: the wall of the left ventricle.
constexpr bool is_wall(std::uint8_t label) { return label >= 2 && label <= 4; }
/// Scarred or obstructed.
constexpr bool is_scar(std::uint8_t label) { return label == 3 || label == 4; }

enum class Level : std::uint8_t { unknown, basal, mid, apical, apex };
enum class Wall : std::uint8_t { anterior, anteroseptal, inferoseptal, inferior, inferolateral, anterolateral, septal, lateral };
enum class Extent : std::uint8_t { subendocardial, midwall, subepicardial, transmural };

constexpr std::array<std::pair<std::string_view, Label>, 6> choices(Label) {
    return {{{"background", Label::background}, {"lv_cavity", Label::lv_cavity}, {"myocardium", Label::myocardium},
             {"scar", Label::scar}, {"no_reflow", Label::no_reflow}, {"rv_cavity", Label::rv_cavity}}};
}
constexpr std::array<std::pair<std::string_view, Level>, 4> choices(Level) {
    return {{{"basal", Level::basal}, {"mid", Level::mid}, {"apical", Level::apical}, {"apex", Level::apex}}};
}
constexpr std::array<std::pair<std::string_view, Wall>, 8> choices(Wall) {
    return {{{"anterior", Wall::anterior}, {"anteroseptal", Wall::anteroseptal}, {"inferoseptal", Wall::inferoseptal},
             {"inferior", Wall::inferior}, {"inferolateral", Wall::inferolateral}, {"anterolateral", Wall::anterolateral},
             {"septal", Wall::septal}, {"lateral", Wall::lateral}}};
}
constexpr std::array<std::pair<std::string_view, Extent>, 4> choices(Extent) {
    return {{{"subendocardial", Extent::subendocardial}, {"midwall", Extent::midwall},
             {"subepicardial", Extent::subepicardial}, {"transmural", Extent::transmural}}};
}

/// The word of a level, wall, extent or label; empty where it has none (Level::unknown).
template <class E>
constexpr std::string_view word(E value) {
    for (const auto& [text, v] : choices(E{}))
        if (v == value) return text;
    return {};
}
/// The value of a word, if there is one.
template <class E>
constexpr std::optional<E> from_word(std::string_view text) {
    for (const auto& [word, v] : choices(E{}))
        if (word == text) return v;
    return std::nullopt;
}

/// A set of AHA segments 1-17.
struct Segments {
    std::uint32_t bits = 0;  // bit n: segment n

    static constexpr Segments of(std::initializer_list<int> ids) {
        Segments s;
        for (const int id : ids) s.add(id);
        return s;
    }
    constexpr void add(int id) { bits |= 1U << id; }
    constexpr void remove(int id) { bits &= ~(1U << id); }
    [[nodiscard]] constexpr bool has(int id) const { return (bits >> id & 1U) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits == 0; }
    [[nodiscard]] constexpr int count() const { return std::popcount(bits); }
    constexpr bool operator==(const Segments&) const = default;
    constexpr Segments operator|(Segments o) const { return {bits | o.bits}; }
    constexpr Segments operator&(Segments o) const { return {bits & o.bits}; }
    constexpr Segments operator-(Segments o) const { return {bits & ~o.bits}; }
    template <class F> constexpr void each(F f) const { for (int id = 1; id <= 17; ++id) if (has(id)) f(id); }
};

/// All segments of a level; Level::unknown: 1-16.
Segments segments_of(Level level);
/// The segments of a wall at a level. The compound walls do not exist in the apical ring: there 14 or 16 stands for
/// them. With Level::unknown all levels are meant, the apical ring only for walls that exist there
/// (anterior, inferior, septal, lateral).
Segments segments_of(Wall wall, Level level);
Level level_of_segment(int segment);
/// "basal anterior" ... "apex".
std::string_view segment_name(int segment);

/// The angle of a canonical image's anterior RV insertion: 120 degrees counter-clockwise from image right.
inline constexpr Degrees canonical_insertion{120.0};

/// The segment at `delta`: degrees from the anterior RV insertion towards the septum (counter-clockwise as seen from
/// the apex), any turn. Six sectors of 60 degrees, the insertion being the border of anterior and anteroseptal; in the
/// apical ring four of 90, turned so that septal is centred on the septum. Level::apex: 17. Level::unknown: 0.
int segment_at(Level level, Degrees delta);

}  // namespace lge::anatomy
