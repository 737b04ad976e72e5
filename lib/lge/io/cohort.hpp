#pragma once
// The cohort file: cases in the canonical pose, HDF5, schema lge.cohort/1 (lge-cohort(5)).
#include "lge/anatomy/heart.hpp"
#include "lge/base/stream.hpp"
#include "lge/io/chunk.hpp"
#include "lge/io/provenance.hpp"
#include "lge/volume/grid.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lge::io {

/// Landmarks of a case in LPS mm of its source; NaN where unknown.
struct Landmarks {
    volume::Vec3 lv_base{}, lv_apex{};            // LV centre in the first and last slice with wall
    volume::Vec3 rv_anterior{}, rv_inferior{};    // RV insertions at mid level
    static constexpr Landmarks unknown() {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        return {{nan, nan, nan}, {nan, nan, nan}, {nan, nan, nan}, {nan, nan, nan}};
    }
};

struct CohortCase {
    std::string id;
    volume::Affine canonical_to_lps;  // index (x, y, slice) of this case to LPS mm of the source
    Landmarks landmarks = Landmarks::unknown();
    std::uint32_t first_slice = 0, slice_count = 0;  // where its slices lie in the flat arrays
};

/// A whole cohort in memory. Slices of a case are neighbours, base to apex; flat arrays over all N slices.
struct Cohort {
    std::size_t width = 0, height = 0;
    double spacing_mm = 1.25;
    std::string normalisation = "none";
    std::vector<CohortCase> cases;
    Array<float> image;                              // N x H x W
    Array<std::uint8_t> label;                       // N x H x W, or empty
    std::vector<anatomy::Level> level;               // N
    std::vector<std::string> findings, captions;     // JSON a slice, or empty vectors; captions: a JSON array of strings
    std::string history;                             // JSON of what made it
    ImageType image_type = ImageType::float32;       // in the file it came from, and in the one it goes to

    [[nodiscard]] std::size_t slice_count() const { return level.size(); }
    [[nodiscard]] std::size_t slice_size() const { return width * height; }
    [[nodiscard]] volume::Slice<const float> image_slice(std::size_t n) const { return {image.data() + n * slice_size(), width, height}; }
    [[nodiscard]] volume::Slice<float> image_slice(std::size_t n) { return {image.data() + n * slice_size(), width, height}; }
    [[nodiscard]] volume::Slice<const std::uint8_t> label_slice(std::size_t n) const { return {label.data() + n * slice_size(), width, height}; }
    [[nodiscard]] volume::Slice<std::uint8_t> label_slice(std::size_t n) { return {label.data() + n * slice_size(), width, height}; }
    /// Grid of case c: (width, height, its slices).
    [[nodiscard]] volume::Grid grid(std::size_t c) const;
};

/// (HDF5 is not thread-safe: encode and decode cohorts on one thread at a time.)
/// The bytes of a cohort file, one slice a chunk, deterministic; checks itself first (lengths, ids unique and not empty,
/// levels): internal when the cohort is inconsistent, bad_data when a pixel does not fit float16.
Bytes encode_cohort(const Cohort& cohort);
/// The same file, of pixels that were encoded slice by slice (encode_slice): `cohort`'s own image and label are empty.
Bytes encode_cohort(const Cohort& cohort, std::vector<SliceChunks> slices);
/// bad_data for anything that lge-cohort(5) does not allow: schema, shapes, types, links, filters, checksums, NaN pixels.
Cohort decode_cohort(std::span<const std::byte> file, const std::string& name);
/// Reads a path or "-".
Cohort read_cohort(const std::string& path);
bool looks_like_hdf5(std::span<const std::byte> head);

}  // namespace lge::io
