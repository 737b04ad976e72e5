#pragma once
// Whole cases: a heart, perhaps scars, and the texts that say so. The same (settings, seed, index) gives the same case
// on any number of threads; nothing here reads or writes a file, so that training can draw cases as it goes.
#include "lge/synth/paint.hpp"
#include "lge/synth/phantom.hpp"
#include "lge/synth/prior.hpp"
#include "lge/synth/quality.hpp"
#include "lge/synth/sentence.hpp"

#include <memory>
#include <mutex>

namespace lge::synth {

struct Settings {
    Population population;
    Wish wish;
    Style style = Style::clinical;
    double normal_fraction = 0.4;     // share of hearts without scar
    double hard_fraction = 0;         // share of hearts that get a look-alike of scar beyond the population's
    double gate_sd = 5;               // contrast that scar must have over remote wall, else it is drawn anew; 0: any scar
    Pose pose = Pose::canonical;
    std::size_t size = 128;           // pixels of a side, canonical pose
    double spacing_mm = 1.25;
    std::size_t captions = 3;         // wordings a slice
};

/// All that was drawn of a case: with (seed, index, settings but for population, wish and shares) it gives the same
/// pixels and texts.
struct Recipe {
    std::uint64_t seed = 0, index = 0;
    std::size_t source = 0;                // case of the cohort, for scars in hearts
    std::optional<Heart> heart;            // of phantoms
    std::vector<anatomy::Level> levels;    // of phantoms, base to apex
    std::vector<Scar> scars;
    double blur_px = 0;                    // of scars in hearts
    bool look_alike = false;               // drawn into a heart
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
    Recipe recipe;
    Quality quality;                                     // of the scars, where there are any
    unsigned refused = 0;                                // draws that had no room or were not good enough
    bool gave_up = false;                                // scar was wanted, and no draw was good: the heart stays normal
};

/// Case `index` of the population. Images lie between 0 and 1.
DrawnCase draw_case(const Settings& settings, std::uint64_t seed, std::uint64_t index);
/// One slice of a case, drawn alone: what training on single slices takes, many hearts at the price of one. Image and
/// label have one slice; scars are taken as they come, and nothing is said in words.
struct DrawnSlice {
    volume::Volume<float> image;
    volume::Volume<std::uint8_t> label;
    anatomy::Level level = anatomy::Level::unknown;
    std::optional<Insertions> insertions;
};
DrawnSlice draw_slice(const Settings& settings, std::uint64_t seed, std::uint64_t index);
/// The case that a recipe tells, its texts in `settings`' style and number.
DrawnCase redraw_case(const Settings& settings, const Recipe& recipe);

/// A cohort's case made ready for any number of scars.
struct Canvas {
    std::string id;
    volume::Grid grid;
    std::span<const float> image;                        // of the cohort
    std::span<const std::uint8_t> label;
    std::vector<anatomy::Level> level;
    io::Landmarks landmarks;
    std::vector<std::optional<Tissue>> tissue;           // a slice; all nothing when the case has too little wall or cavity
    std::vector<std::optional<SliceWall>> walls;         // a slice
};
/// bad_data for a cohort without labels or with slices of unknown level. The cohort must live as long as the canvas.
Canvas prepare(const io::Cohort& cohort, std::size_t c);

/// The canvases of a cohort, each prepared when it is first asked for; any thread may ask.
class Canvases {
public:
    explicit Canvases(const io::Cohort& cohort) : cohort_(cohort), once_(std::make_unique<std::once_flag[]>(cohort.cases.size())), canvases_(cohort.cases.size()) {}
    [[nodiscard]] std::size_t size() const { return canvases_.size(); }
    const Canvas& at(std::size_t c) {
        std::call_once(once_[c], [&] { canvases_[c] = prepare(cohort_, c); });
        return canvases_[c];
    }

private:
    const io::Cohort& cohort_;
    std::unique_ptr<std::once_flag[]> once_;
    std::vector<Canvas> canvases_;
};

/// One scarred version of a heart: old scars stay, new ones are drawn in normal wall, and the finding names all of them.
/// Pixels outside the new scars and their blur are bit-identical (but for look-alikes). `normal_fraction` of the
/// versions stay as they are.
DrawnCase draw_into(const Canvas& canvas, const Settings& settings, std::uint64_t seed, std::uint64_t index);
DrawnCase redraw_into(const Canvas& canvas, const Settings& settings, const Recipe& recipe);

}  // namespace lge::synth
