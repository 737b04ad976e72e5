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

/// The cohort of a file's bytes with /label drawn anew, as a file; `done` is called after each case.
Bytes segment_cohort(const Segmenter& segmenter, std::span<const std::byte> file, const std::string& name, const io::History& history,
                     const std::function<void(std::size_t done, std::size_t of)>& done);

}  // namespace lge::nn
