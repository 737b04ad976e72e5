#pragma once
// Volumes from wherever they lie, told apart by content: NIfTI, NRRD, MetaImage, a folder of DICOM slices, or "-".
#include "lge/io/nifti.hpp"
#include "lge/itk/series.hpp"
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lge::orient {

/// A path, with its content where it can be read only once (standard input, a pipe) and was read to see what it holds.
struct Place {
    std::string path;
    std::shared_ptr<const Bytes> content;
};

template <class T>
struct Loaded {
    volume::Volume<T> volume;
    std::string sha256;                 // of the file; of a folder: of the voxels
    std::vector<std::string> problems;  // what the header says twice and differently
    std::optional<io::Nifti> nifti;     // the file's header, without voxels
};

/// Reads NIfTI, NRRD, MetaImage or, by `series`, a folder of DICOM slices; from "-" NIfTI alone. Errors name the file:
/// no_input, bad_data, io_error.
Loaded<float> read_image(const Place& place, const itk::SeriesChoice& series = {});
/// The same for label numbers; bad_data for a voxel that is not a whole number from 0 to 255.
Loaded<std::uint8_t> read_labels(const Place& place);
/// The same of a path.
inline Loaded<float> read_image(const std::string& path) { return read_image(Place{path, {}}); }
inline Loaded<std::uint8_t> read_labels(const std::string& path) { return read_labels(Place{path, {}}); }

}  // namespace lge::orient
