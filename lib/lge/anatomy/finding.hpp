#pragma once
// What a text or a scar says. One struct for the truth that lge-synth draws and the answer that lge-reportparse reads.
#include "lge/anatomy/heart.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lge::anatomy {

enum class Presence : std::uint8_t { not_stated, absent, uncertain, present };
enum class Pattern : std::uint8_t { subendocardial, transmural, midwall, subepicardial, patchy, diffuse, rv_insertion, papillary };
enum class Territory : std::uint8_t { lad, lcx, rca };
enum class Cause : std::uint8_t { ischemic, nonischemic, mixed };
enum class Certainty : std::uint8_t { definite, probable, possible };

constexpr std::array<std::pair<std::string_view, Presence>, 3> choices(Presence) {
    return {{{"absent", Presence::absent}, {"uncertain", Presence::uncertain}, {"present", Presence::present}}};
}
constexpr std::array<std::pair<std::string_view, Pattern>, 8> choices(Pattern) {
    return {{{"subendocardial", Pattern::subendocardial}, {"transmural", Pattern::transmural}, {"midwall", Pattern::midwall},
             {"subepicardial", Pattern::subepicardial}, {"patchy", Pattern::patchy}, {"diffuse", Pattern::diffuse},
             {"rv_insertion", Pattern::rv_insertion}, {"papillary", Pattern::papillary}}};
}
constexpr std::array<std::pair<std::string_view, Territory>, 3> choices(Territory) {
    return {{{"LAD", Territory::lad}, {"LCX", Territory::lcx}, {"RCA", Territory::rca}}};
}
constexpr std::array<std::pair<std::string_view, Cause>, 3> choices(Cause) {
    return {{{"ischemic", Cause::ischemic}, {"nonischemic", Cause::nonischemic}, {"mixed", Cause::mixed}}};
}
constexpr std::array<std::pair<std::string_view, Certainty>, 3> choices(Certainty) {
    return {{{"definite", Certainty::definite}, {"probable", Certainty::probable}, {"possible", Certainty::possible}}};
}

/// Percent of the wall's thickness, each bound where it is stated.
struct Transmurality {
    std::optional<double> min_pct, max_pct;
    std::string grade;  // "class" in files: transmural, near_transmural, ... or empty
    bool operator==(const Transmurality&) const = default;
};

struct Etiology {
    std::optional<Cause> cause;  // "class" in files
    std::string diagnosis;  // "dx" in files; empty where none is named
    Certainty certainty = Certainty::definite;
    bool operator==(const Etiology&) const = default;
};

/// Bytes [start, end) of a text, the section they stand in and the rule that read them.
struct Evidence {
    std::size_t start = 0, end = 0;
    std::string section, rule;
    bool operator==(const Evidence&) const = default;
};

/// The keys of an lge.finding/1 record, in its order. The words of `levels`, `walls`, `other`, `viability` and
/// `temporal` are those of the annotation guideline, kept as text since a report may use any of them.
struct Finding {
    Presence lge = Presence::not_stated;
    std::optional<Segments> segments = Segments{};  // nothing: cannot be determined
    Segments segments_possible;
    std::vector<std::string> levels, walls;
    std::vector<Pattern> pattern;
    std::optional<Transmurality> transmurality;
    std::optional<std::pair<double, double>> extent_percent;  // equal bounds: one number
    std::optional<double> mass_g;
    std::optional<bool> mvo;
    std::vector<Territory> territory;
    std::optional<Etiology> etiology;
    std::vector<std::string> etiology_excluded;
    std::vector<std::string> uncertainty;
    std::optional<std::string> viability, temporal;
    std::vector<std::string> other;
    std::vector<Evidence> evidence;
    bool operator==(const Finding&) const = default;
};

}  // namespace lge::anatomy
