#pragma once
// Deflate for label maps, which are runs of a few small numbers.
#include "lge/base/array.hpp"

#include <cstdint>
#include <span>

namespace lge::io {

/// A zlib stream (RFC 1950) of one block with fixed codes (RFC 1951) that knows runs only. Of a label map it is about as
/// small as a general compressor's, and several times as fast. Values below 144.
Bytes deflate_runs(std::span<const std::uint8_t> values);

}  // namespace lge::io
