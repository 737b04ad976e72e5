#pragma once
// Where a heart lies: order of its slices, chirality, rotation, and the canonical grid that follows.
#include "lge/anatomy/heart.hpp"
#include "lge/io/cohort.hpp"
#include "lge/orient/landmarks.hpp"
#include "lge/volume/grid.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::orient {

/// Who decides where header and anatomy disagree.
enum class Trust { header, anatomy };
constexpr std::array<std::pair<std::string_view, Trust>, 2> choices(Trust) { return {{{"header", Trust::header}, {"anatomy", Trust::anatomy}}}; }

/// From where the slices are seen as stored (i right, j down), for volumes whose header does not say.
enum class View { apex, base };
constexpr std::array<std::pair<std::string_view, View>, 2> choices(View) { return {{{"apex", View::apex}, {"base", View::base}}}; }

/// How slices come out: turned (and mirrored) into the canonical pose, or as they are stored, the LV in the middle.
enum class Turning { canonical, stored };
constexpr std::array<std::pair<std::string_view, Turning>, 2> choices(Turning) { return {{{"canonical", Turning::canonical}, {"stored", Turning::stored}}}; }

/// What stands in the way of the canonical pose, or was decided without a witness. lge-orient(1) explains each.
enum class Problem {
    lv_missing, few_slices, rotation_unknown,  // these three: cannot be standardised
    header_nominal, affine_sheared, order_disagrees, order_uncertain, chirality_assumed, chirality_disagrees, view_doubtful,
    rv_missing, rv_inherited, insertions_scatter,
};
constexpr std::array<std::pair<std::string_view, Problem>, 13> choices(Problem) {
    return {{{"lv_missing", Problem::lv_missing}, {"few_slices", Problem::few_slices}, {"rotation_unknown", Problem::rotation_unknown},
             {"header_nominal", Problem::header_nominal}, {"affine_sheared", Problem::affine_sheared},
             {"order_disagrees", Problem::order_disagrees}, {"order_uncertain", Problem::order_uncertain},
             {"chirality_assumed", Problem::chirality_assumed}, {"chirality_disagrees", Problem::chirality_disagrees},
             {"view_doubtful", Problem::view_doubtful}, {"rv_missing", Problem::rv_missing},
             {"rv_inherited", Problem::rv_inherited}, {"insertions_scatter", Problem::insertions_scatter}}};
}
constexpr bool is_fatal(Problem p) { return p <= Problem::rotation_unknown; }
std::string_view word(Problem p);

struct Settings {
    Trust trust = Trust::header;
    View view = View::apex;
    Turning turning = Turning::canonical;
};

struct Pose {
    std::vector<std::size_t> slices;         // indices k of the source from the first to the last with LV, base to apex
    std::vector<anatomy::Level> levels;      // of each
    std::vector<SliceMarks> marks;           // of each; angles as stored
    bool apex_first = false;                 // the source runs from apex to base
    bool mirrored = false;                   // the stored slices show the heart from the base
    Degrees rotation;                        // counter-clockwise, after the mirror, in (-180, 180]
    double confidence = 0;                   // 0-1
    io::Landmarks landmarks = io::Landmarks::unknown();
    std::vector<Problem> problems;           // in the order of the enum
    volume::Vec3 right{}, down{};            // unit vectors of the canonical image axes, LPS of the source
    volume::Vec3 first_centre{}, step{};     // LV centre line: in the first canonical slice, and on to the next, LPS mm

    [[nodiscard]] bool has(Problem p) const;
    [[nodiscard]] bool standard() const;     // no fatal problem
};

/// Judges a label map (numbers of anatomy::Label), with landmarks in LPS mm where some are given (the others NaN). Never
/// throws for what the map holds; bad_data for an affine that is singular or not finite, and for a landmark outside.
///
/// Order: header (base lies to the right, behind and above: d = (-1, 1, 1) in LPS) and anatomy (lv_base and lv_apex where
/// both are given, else cavity and RV area, open ring and solid cap along the stack). Chirality: with a true header and
/// the order, the right-handed patient frame says from which side the stored slice is seen; the other witness is the turn
/// from rv_anterior to rv_inferior. Label maps alone cannot tell, so with neither `view` is taken and chirality_assumed
/// noted. A header whose axes are those of the patient to 1e-4 is nominal: no short axis lies so.
/// With Trust::anatomy the directions of the header are not used at all.
/// Rotation: rv_anterior where it is given. Else the anterior insertion is the end of the septal arc that comes first counter-clockwise seen from the apex;
/// its circular mean over the slices, weighed by confidence and a third in apical slices, outliers above 30 degrees
/// from the median left out, is turned to 120 degrees. Without RV: a true header turns anterior-superior up
/// (rv_missing), else the stored view stays (rotation_unknown too).
/// Levels: thirds of the slices from the first to the last closed ring with a cavity; open rings at the base are
/// Level::unknown, solid wall beyond the last ring is Level::apex.
Pose judge(const volume::Volume<std::uint8_t>& label, const Settings& settings, const io::Landmarks& landmarks = io::Landmarks::unknown());
/// Without a label map: lv_base and lv_apex say where the LV is, levels are thirds of the slices between them.
Pose judge(const volume::Grid& grid, const Settings& settings, const io::Landmarks& landmarks);

/// leaning: the LV centre line runs through the middle of every slice, so the slice axis leans as the heart does.
/// upright: the slice axis stands at a right angle on the slices, the LV centre line in the middle of the stack; for file
/// formats and readers that know no leaning axis.
enum class Stacking { leaning, upright };
/// Square slices of `size` pixels of `spacing`. The pose must have LV.
volume::Grid canonical_grid(const Pose& pose, Mm spacing, std::size_t size, Stacking stacking = Stacking::leaning);

}  // namespace lge::orient
