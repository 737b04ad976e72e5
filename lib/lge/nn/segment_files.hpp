#pragma once
// Label maps for what files hold.
#include "lge/base/log.hpp"
#include "lge/base/stream.hpp"
#include "lge/io/provenance.hpp"
#include "lge/nn/segmenter.hpp"

#include <functional>
#include <span>
#include <string>

namespace lge::nn {

/// The label map of a NIfTI file's bytes as a NIfTI file on the image's grid. What is odd about the image is told to `log`.
Bytes segment_nifti(const Segmenter& segmenter, std::span<const std::byte> file, const std::string& name, bool compress, const io::History& history, const Log& log);

/// The cohort of a file's bytes with /label drawn anew, as a file; `done` is called after each case. With `keep_scar`, scar
/// and no-reflow of the old labels stay where the new wall is: so that a detector learns on outlines of the kind it will
/// meet. bad_data when there are no old labels to keep them of.
Bytes segment_cohort(const Segmenter& segmenter, std::span<const std::byte> file, const std::string& name, bool keep_scar, const io::History& history,
                     const std::function<void(std::size_t done, std::size_t of)>& done);

}  // namespace lge::nn
