#pragma once
// The pixels of one slice as they lie in a cohort file: what takes time to write, made by any thread.
#include "lge/base/array.hpp"

#include <cstdint>
#include <span>

namespace lge::io {

enum class ImageType { float16, float32 };

/// Each ends with its Fletcher-32; labels are deflated (zlib), and empty where there are none.
struct SliceChunks { Bytes image, label; };

/// The chunks of a slice. bad_data for a pixel that float16 cannot hold; internal for one that is not finite or for an
/// unknown label.
SliceChunks encode_slice(std::span<const float> image, std::span<const std::uint8_t> label, ImageType type);

/// The checksum that HDF5's filter puts behind a chunk: Fletcher's, over 16-bit big-endian words, an odd last byte as a
/// word's upper half (H5_checksum_fletcher32).
std::uint32_t fletcher32(std::span<const std::byte> bytes);

}  // namespace lge::io
