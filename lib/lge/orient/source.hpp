#pragma once
// Volumes from wherever they lie, told apart by content: NIfTI, NRRD, MetaImage, a folder of DICOM slices, or "-".
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace lge::orient {

template <class T>
struct Loaded {
    volume::Volume<T> volume;
    std::string sha256;                 // of the file; of a folder: of the voxels
    std::vector<std::string> problems;  // what the header says twice and differently
};

/// Reads a path, or NIfTI from "-". Errors name the file: no_input, bad_data, io_error.
Loaded<float> read_image(const std::string& path);
/// The same for label numbers; bad_data for a voxel that is not a whole number from 0 to 255.
Loaded<std::uint8_t> read_labels(const std::string& path);

/// What a case is called when nobody says: the file's name without folder and .nii, .nii.gz, .nrrd, .mha or .mhd.
std::string case_id(const std::string& path);

/// One case to orient.
struct CaseFiles {
    std::string id, image, label;  // paths; label may be empty
};
/// The cases of a command line: each input is a volume, or a manifest of lge.case/1 (told by content). `labels` belong
/// to the volumes in turn. usage when their counts differ or "-" occurs twice, bad_data for an id that comes twice or
/// a manifest's case without label.
std::vector<CaseFiles> gather_cases(const std::vector<std::string>& inputs, const std::vector<std::string>& labels);

}  // namespace lge::orient
