#pragma once
// safetensors: named tensors and a map of texts in one file that cannot run code. Offsets, sizes and names are checked.
#include "lge/base/stream.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lge::io {

struct TensorView {
    std::string dtype;                 // "F32", "F16", "BF16", "F64", "I64", "I32", "U8", ...
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;  // little-endian, row-major
};

struct Safetensors {
    std::map<std::string, std::string> metadata;
    std::map<std::string, TensorView> tensors;
    Bytes storage;  // what the views of a decoded file point into
};

/// bad_data for a cut or damaged file, overlapping, gapped or overflowing offsets, duplicate names, unknown dtypes.
/// A "sha256" in the metadata is the hash of the whole file with its own 64 digits as "0", and is checked; it must be
/// there when the metadata's "schema" is one of ours ("lge....").
Safetensors decode_safetensors(Bytes file, const std::string& name);
Safetensors read_safetensors(const std::string& path);
/// Names in alphabetical order, tensors with wide elements first, "sha256" added to the metadata: the same content gives
/// the same bytes.
Bytes encode_safetensors(const Safetensors& s);

}  // namespace lge::io
