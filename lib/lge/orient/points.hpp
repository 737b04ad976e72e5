#pragma once
// Landmarks that a reader set or a program found.
#include "lge/io/cohort.hpp"

#include <map>
#include <optional>
#include <string>

namespace lge::orient {

/// What a file of landmarks holds: those of cases by id (JSON Lines), or those of one case that it does not name (3D
/// Slicer).
struct LandmarkFile {
    std::map<std::string, io::Landmarks> by_id;
    std::optional<io::Landmarks> only;
};

/// Reads a path or "-", told by content: lge.landmarks/1 or lge.orient/1 records (lge-records(5)), or fiducials of 3D
/// Slicer (.mrk.json or .fcsv, LPS or RAS as they say) named lv_base, lv_apex, rv_anterior or rv_inferior, case, blanks
/// and signs in the names not counting; other points are passed over. bad_data when none has such a name, or two have one.
LandmarkFile read_landmarks(const std::string& path);

}  // namespace lge::orient
