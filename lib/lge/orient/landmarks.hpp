#pragma once
// What the label map of one short-axis slice says about the heart: LV centre, wall, and the two RV insertions.
#include "lge/base/units.hpp"
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <optional>

namespace lge::orient {

/// `angle` turned into [0, 360).
Degrees turn(Degrees angle);
/// The signed way from `from` to `to`, in [-180, 180).
Degrees turn_between(Degrees from, Degrees to);

/// A slice plane in mm: (p, q), p along index axis i, q at a right angle to it, towards j.
struct PixelSize {
    double x = 1, y = 1;  // mm: i moves p by x, j moves q by y
    double skew = 0;      // mm: j moves p by this (0 when the axes stand at right angles)
};
PixelSize pixel_size(const volume::Affine& index_to_lps);
struct PlanePoint { double p = 0, q = 0; };  // mm, q down

/// All angles: degrees counter-clockwise from +p as the slice is stored (i right, j down), about `centre`.
struct SliceMarks {
    double cavity_mm2 = 0, wall_mm2 = 0, rv_mm2 = 0;
    PlanePoint centre;          ///< centroid of cavity and wall
    double closed = 0;          ///< share of rays with wall on them, 0-1
    bool rv = false;            ///< the two insertions are known
    bool inherited = false;     ///< from neighbouring slices
    Degrees first, last;        ///< ends of the septal arc, which runs counter-clockwise from first to last
    double first_radius = 0, last_radius = 0;  ///< of the epicardium there, mm
    double confidence = 0;      ///< 0-1

    [[nodiscard]] bool lv() const { return cavity_mm2 + wall_mm2 > 0; }
};

/// Reads one slice. The epicardium is the outermost 0.5 level of cavity and wall on each ray, found between pixels. The
/// septal arc is where RV blood lies within reach of it; small islands of RV (below a tenth of the largest) are
/// passed over and holes are bridged: the arc is what the widest free stretch of the circle leaves. Its ends are where
/// the thickness of the RV blood on the rays falls to zero, extrapolated from the last rays, since a label map cannot
/// show the sharp tip. `confidence` = closed share x min(1, arc / 60 degrees), falling to a third of it as the
/// arc widens from 150 to 210 degrees.
SliceMarks mark_slice(volume::Slice<const std::uint8_t> label, const PixelSize& pixel);

}  // namespace lge::orient
