#pragma once
// Volumes that ITK reads for us: NRRD, MetaImage, and folders of DICOM slices. NIfTI is lge::io's.
#include "lge/itk/series.hpp"
#include "lge/volume/grid.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace lge::itk {

enum class Format { none, nrrd, meta_image };
/// Told from a file's first bytes.
Format format_of(std::span<const std::byte> head);

/// One scalar 3-D image (a 2-D one counts as one slice). bad_data for a file that is cut short or damaged, has several
/// numbers a voxel, more axes, more than 2^29 voxels or numbers that are not finite; MetaImage
/// compressed or in several files is refused.
volume::Volume<float> read_volume(const std::string& path, Format format);

/// The series of a folder of DICOM files (other files are passed over) that `choice` names, slices sorted along their
/// normal, with the rescale slope applied. Of several series the only one that is a stack (three parallel slices or more)
/// is taken. no_input when there is none; bad_data when several could be meant, when size, pixel spacing or orientation
/// differ between slices, when two images share a position (a cine, or several contrasts), or the distances differ.
volume::Volume<float> read_series(const std::string& folder, const SeriesChoice& choice = {});

}  // namespace lge::itk
