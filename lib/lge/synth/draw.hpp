#pragma once
// Whole cases: a heart, perhaps scars, and the texts that say so. The same (settings, seed, index) gives the same case
// on any number of threads; nothing here reads or writes a file, so that training can draw cases as it goes.
#include "lge/synth/phantom.hpp"
#include "lge/synth/scar.hpp"
#include "lge/synth/sentence.hpp"

namespace lge::synth {

struct Settings {
    Population population;
    Wish wish;
    Style style = Style::clinical;
    double normal_fraction = 0.4;     // share of hearts without scar
    Pose pose = Pose::canonical;
    std::size_t size = 128;           // pixels of a side, canonical pose
    double spacing_mm = 1.25;
    std::size_t captions = 3;         // wordings a slice
};

struct DrawnCase {
    std::string id;                                      // "phantom-000017"
    volume::Volume<float> image;                         // grid in LPS mm; k runs base to apex in the canonical pose
    volume::Volume<std::uint8_t> label;                  // anatomy::Label
    std::vector<anatomy::Level> level;                   // a slice
    io::Landmarks landmarks;                             // LPS mm
    anatomy::Finding finding;                            // of the case
    std::vector<anatomy::Finding> slice_findings;
    std::vector<std::vector<std::string>> captions;      // a slice, several wordings
    std::string report;
};

/// Case `index` of the population. Images are not negative, blood near 1 or below.
DrawnCase draw_case(const Settings& settings, std::uint64_t seed, std::uint64_t index);

/// One scarred version of case `c` of a cohort with labels: old scars stay, new ones are drawn in normal wall, and
/// the finding names all of them. Pixels outside the new scars and their blur are bit-identical. bad_data for a cohort
/// without labels or levels. `normal_fraction` of the copies stay as they are.
DrawnCase draw_into(const io::Cohort& cohort, std::size_t c, const Settings& settings, std::uint64_t seed, std::uint64_t index);

}  // namespace lge::synth
