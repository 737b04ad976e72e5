#pragma once
// What is told of a pose: the lge.orient/1 record, and the transform for other programs.
#include "lge/orient/normalise.hpp"
#include "lge/orient/pose.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace lge::orient {

/// lge.orient/1, one line. Lengths in LPS mm of the source, angles in degrees. `intensity`: where pixels were made.
std::string write_record(std::string_view id, const Pose& pose, const std::optional<Intensity>& intensity);

/// What a network knows beside the landmarks that it found.
struct LandmarkSource {
    struct Confidence {
        double anterior = 0, inferior = 0;  // 0-1
    };
    struct StoredPose {
        double rotation_deg = 0;  // as Pose has it, to the nearest quarter turn
        bool mirrored = false;
        double share = 0;         // 0-1, of all such poses
    };
    bool heat_maps = false;                // it has some
    std::optional<Confidence> insertions;  // in those that heat maps gave; nothing: the label map gave them
    std::optional<StoredPose> pose;
};
/// lge.landmarks/1, one line.
std::string write_landmarks(std::string_view id, const io::Landmarks& landmarks, const LandmarkSource& source = {});

/// From canonical mm (x right, y down, z along the LV axis from the base on; 0 in the LV centre of the first slice) to LPS
/// mm of the source: what a resampler maps its output's points with. It mirrors space, since the picture is seen from
/// the apex and its slices run towards the viewer.
volume::Affine canonical_to_source(const Pose& pose);

/// lge.transform/1, one line: the 4x4 matrix, row by row.
std::string write_transform(std::string_view id, const volume::Affine& transform);
/// An ITK transform file (.tfm), AffineTransform_double_3_3.
std::string write_itk_transform(const volume::Affine& transform);

}  // namespace lge::orient
