#pragma once
// What the slices of a stack say together: the LV axis, the end where the base is, the common angle, the levels.
#include "lge/anatomy/heart.hpp"
#include "lge/orient/landmarks.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace lge::orient {

/// A straight line through the slices.
struct CentreLine {
    PlanePoint at, slope;  ///< at slice 0 and per slice, mm
    [[nodiscard]] PlanePoint operator()(double k) const { return {at.p + slope.p * k, at.q + slope.q * k}; }
};
/// Through the LV centres, least squares with the pull of far centres limited (Huber, 5 mm). One slice must show LV.
CentreLine fit_centres(const std::vector<SliceMarks>& marks);

/// Where the base is, from areas, open rings and solid tips: +1 sure that it is in the first slices, -1 in the last.
double base_first(const std::vector<SliceMarks>& marks);

/// Slices without insertions take those of their neighbours, turned evenly between two; true when one did.
bool inherit(std::vector<SliceMarks>& marks);

/// The weighted circular mean of angles, of which those more than 15 degrees off pull no more than at 15 (Huber): it moves
/// as steadily as a mean where the insertions wander along the axis, and a stray one does little.
struct Direction {
    Degrees mean;
    double scatter = 0;  ///< standard deviation, degrees, of all
    double share = 0;    ///< of the weights that is left after that
};
std::optional<Direction> mean_direction(const std::vector<std::pair<Degrees, double>>& angles);

/// Thirds of the slices (base to apex) from the first to the last closed ring around a cavity; open rings at the base are
/// Level::unknown, solid wall beyond the last ring is Level::apex.
std::vector<anatomy::Level> find_levels(const std::vector<SliceMarks>& marks);
/// The same thirds where nothing but the number of slices is known.
std::vector<anatomy::Level> thirds(std::size_t slices);

}  // namespace lge::orient
