#pragma once
// NIfTI-1 and NIfTI-2 single files (.nii, .nii.gz), read and written without ITK: every length, checksum and header field
// is checked. RAS, the format's world, exists only in nifti.cpp; the affine given and taken here is LPS mm.
#include "lge/base/stream.hpp"
#include "lge/io/provenance.hpp"
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace lge::io {

enum class NumberType : std::uint8_t { uint8, int8, uint16, int16, uint32, int32, uint64, int64, float32, float64 };
std::size_t byte_size(NumberType type);

struct NiftiExtension {
    int code = 0;
    std::string content;  // without padding; never shown
};

/// A 3-D image as the file holds it. Trailing axes of length 1 are dropped; 4-D and more is refused (bad_data).
struct Nifti {
    volume::Grid grid;
    NumberType type = NumberType::float32;
    Bytes raw;                     // voxels in this machine's byte order, unscaled
    double slope = 1, intercept = 0;  // value = slope * raw + intercept; slope 0 in the file reads as 1, 0
    int version = 1;
    std::vector<NiftiExtension> extensions;
    std::vector<std::string> problems;  // what the header says twice and differently (qform and sform), units missing...
    Bytes header;                  // as it stood in the file: 348 or 540 bytes, in the file's byte order; empty: made here
};

struct NiftiLimits {
    std::uint64_t max_voxels = std::uint64_t{1} << 29;
};

/// Decodes a whole file, gzip or not (told by content). bad_data for every damage; `name` goes into the message.
Nifti decode_nifti(std::span<const std::byte> file, const std::string& name, NiftiLimits limits = {});
/// Reads a path or "-".
Nifti read_nifti(const std::string& path, NiftiLimits limits = {});
/// True when the bytes start like a NIfTI file or a gzip member.
bool looks_like_nifti(std::span<const std::byte> head);

/// Voxels as float, scaled. bad_data "NAME: voxel is not finite" unless `finite` is false.
volume::Volume<float> to_float(const Nifti& image, const std::string& name, bool require_finite = true);
/// Voxels as label numbers 0-255; bad_data for a value that is not a whole number in that range.
volume::Volume<std::uint8_t> to_labels(const Nifti& image, const std::string& name);

/// The bytes of a file: version 1 (2 when an axis is longer than 32767), qform and sform both set, units mm,
/// the history as a comment extension (code 6), gzip level 6 when `compress`. The same input gives the same bytes.
Bytes encode_nifti(const Nifti& image, const History* history, bool compress);
/// The same with the header of `like`, which was read from a file, bit by bit: only what tells the kind of the voxels
/// (type, slope, intercept, range for display) and where they start is the image's own. Its extensions are not taken.
/// internal when the shapes differ.
Bytes encode_nifti_like(const Nifti& like, const Nifti& image, const History* history, bool compress);
Nifti to_nifti(const volume::Volume<float>& v);
Nifti to_nifti(const volume::Volume<std::uint8_t>& v);

/// True for a name that ends in .nii.gz (then write compressed).
bool wants_gzip(const std::string& path);
/// Does the name end in .nii or .nii.gz?
bool is_nifti_name(const std::string& path);

}  // namespace lge::io
