#pragma once
// The controller: which scars a heart gets.
#include "lge/anatomy/heart.hpp"
#include "lge/base/random.hpp"
#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"
#include "lge/synth/population.hpp"
#include "lge/synth/scar.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lge::synth {

/// How scars are chosen: every wall, level and extent alike; patterns of disease by weight; or like the hearts that a
/// prior file (lge.prior/1) lists.
struct Prior {
    enum class Kind { uniform, clinical, file } kind = Kind::clinical;
    std::string sha256;                       // of the file's bytes, for provenance
    std::vector<std::vector<Scar>> hearts;    // scars of each heart that the file lists
};
/// "uniform", "clinical" or the path of a file. no_input when there is none; bad_data "FILE: reason".
Prior load_prior(const std::string& name_or_file);
Prior parse_prior(std::string_view json, const std::string& name);
/// The content of a prior file.
std::string write_prior(std::span<const std::vector<Scar>> hearts, const std::string& name);

/// One scar as JSON, and back; segments are not kept (all of them).
void write_scar(json::Writer& w, const Scar& scar);
Scar parse_scar(const json::Value& v);

/// What is fixed by the user; the rest is drawn.
struct Wish {
    std::optional<anatomy::Wall> wall;
    std::optional<anatomy::Extent> extent;
    std::vector<anatomy::Level> levels;
    std::optional<double> arc_deg;            // full width
    std::optional<double> transmurality_percent;
    std::optional<unsigned> scars;
    Prior prior;
};
/// Throws usage for what cannot be: a compound wall (anteroseptal ...) at the apical level, a wall at the apex, a
/// transmurality that the extent cannot have.
void check(const Wish& wish);

/// Shares and ranges that a population or a case adds to the controller's own.
struct ScarStyle {
    Range signal{1, 1.4};      // of Scar::signal, for all scars of a heart within 10 %
    Range texture{0, 0.2};
    double thin = 0, small = 0, grey_zone = 0;  // shares
};

/// Draws the scars of a heart with the given levels, base to apex.
std::vector<Scar> draw_scars(const Wish& wish, std::span<const anatomy::Level> levels, const ScarStyle& style, Random& random);

}  // namespace lge::synth
