#pragma once
// Walls, levels and segments as reports name them, and the sets of AHA segments they stand for.
#include "lge/anatomy/heart.hpp"
#include "lge/report/lexicon.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lge::report {

/// Bits of walls, in the order of wall_words.
inline constexpr std::array<std::string_view, 12> wall_words{
    "anterior", "anteroseptal", "inferoseptal", "inferior", "inferolateral", "anterolateral", "septum", "lateral",
    "free_wall", "rv_insertion", "anterior_rv_insertion", "inferior_rv_insertion"};
inline constexpr std::uint32_t free_wall = 1U << 8U, insertion_walls = 7U << 9U;
/// How a level is said. base, midlevel and apicallevel are nouns, which stand behind the wall they speak of; upper is basal and
/// mid, lower mid and apical, rings all three, same that named before, cone the apical ring and its cap.
enum class LevelWord : std::uint8_t { basal, base, mid, midlevel, apical, apicallevel, apex, whole, upper, lower, same, cone, rings };
inline constexpr std::array<std::string_view, 13> level_words{"basal", "base", "mid", "midlevel", "apical", "apicallevel", "apex", "whole", "upper", "lower", "same", "cone", "rings"};
/// Whether a code of a level is of the whole length and names none.
constexpr bool of_length(std::uint32_t level) { return static_cast<LevelWord>(level) == LevelWord::whole || static_cast<LevelWord>(level) == LevelWord::rings; }

/// What is told of LGE against an earlier examination.
enum class Change : std::uint8_t { unchanged, decreased, increased, newly, resolved };
inline constexpr std::array<std::string_view, 5> change_words{"unchanged", "decreased", "increased", "new", "resolved"};
constexpr std::uint32_t bit(Change c) { return 1U << static_cast<std::uint32_t>(c); }

/// Codes of denials, hedges, mentions, artifacts and stops.
inline constexpr std::uint32_t technique_views = 1, technique_made = 2;
inline constexpr std::uint32_t examination_earlier = 1, examination_first = 2, examination_dated = 3, examination_now = 4, examination_told = 5, examination_foreign = 6;
inline constexpr std::uint32_t verb_there = 1, verb_on = 2;  // "we note", "extends"
inline constexpr std::uint32_t weak_bright = 1, weak_focus = 2;  // tell how bright something is; name a small thing
inline constexpr std::uint32_t negated_gone = 1, negated_enhancing = 2, negated_unconfirmed = 3, negated_cause = 4, negated_unreal = 5;  // "no longer seen", "does not enhance", "not confirmed", "is a bystander"
inline constexpr std::uint32_t answer_nulling = 1, answer_outside = 2, answer_images = 3;  // "nulls normally", "without extension into the myocardium", "negative LGE"
inline constexpr std::uint32_t hedge_open = 2, hedge_either = 3;  // "presence or absence of"; "either"
inline constexpr std::uint32_t hedge_artifact = 1, target_images = 3, target_past = 4;  // target_past: "enhanced"
inline constexpr std::uint32_t artifact_weak = 1, artifact_degraded = 2;  // only where it explains something; what images suffer from
inline constexpr std::uint32_t opening_contrast = 1, opening_reason = 2, opening_concession = 3;
inline constexpr std::uint32_t hypothetical_general = 1, hypothetical_sought = 2, hypothetical_usual = 3, history_behind = 1, history_kin = 3, history_tissue = 4, history_others = 5;
inline constexpr std::uint32_t before_then = 1, before_bare = 2;  // "previously", of the places right behind it
inline constexpr std::uint32_t emphasis_adjoining = 2;  // "continuous with"
inline constexpr std::uint32_t imaging_own = 1;  // "her CMR"
inline constexpr std::uint32_t patient_own = 0, patient_many = 1;
inline constexpr std::uint32_t spared_after = 1, spared_clean = 2, spared_beside = 3, spared_too = 4;
inline constexpr std::uint32_t stop_showing = 1, stop_where = 2, stop_now = 3, stop_instead = 4, stop_own = 5;

inline constexpr std::uint32_t ordinal = 32;  // added to a numeral
inline constexpr std::uint32_t anaphor_former = 1, anaphor_latter = 2, anaphor_wall = 3;  // wall: only before one, "the same inferior segments"

inline constexpr std::uint32_t notdx_ischemic = 1;   // "excludes an ischaemic cause"
inline constexpr std::uint32_t unreadable_denied = 1;  // readable, behind "none of"

/// Codes of organs and modalities.
inline constexpr std::uint32_t organ_heart = 0, organ_mass = 1, organ_outside = 2;
inline constexpr std::uint32_t modality_unnamed = 0, modality_named = 1, modality_mapping = 2, modality_edema = 3;

/// The number that stands for a kind's value, or nothing when the kind has no such value.
std::optional<std::uint32_t> code_of(Kind kind, std::string_view value);

/// Levels as a set: bit 1 basal, 2 mid, 3 apical, 4 apex (the numbers of anatomy::Level).
using Levels = std::uint32_t;
constexpr Levels level_bit(anatomy::Level l) { return 1U << static_cast<unsigned>(l); }

/// The segments of a wall (an index of wall_words) at some levels; none named: all that the guideline gives the wall.
anatomy::Segments segments_of(std::size_t wall, Levels levels);
/// All segments of some levels.
anatomy::Segments segments_of(Levels levels);
/// "basal", ... in order from base to apex.
std::vector<std::string> level_names(Levels levels);

}  // namespace lge::report
