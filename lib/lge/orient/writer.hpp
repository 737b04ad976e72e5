#pragma once
// Where oriented cases go.
#include "lge/base/stream.hpp"
#include "lge/io/provenance.hpp"
#include "lge/orient/cases.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lge::orient {

enum class Format { h5, nifti };
constexpr std::array<std::pair<std::string_view, Format>, 2> choices(Format) { return {{{"h5", Format::h5}, {"nifti", Format::nifti}}}; }

/// Paths; an output that is absent is not written.
struct Targets {
    std::optional<std::string> pixels;            // a cohort, or the canonical picture of one case as NIfTI
    std::optional<Format> format;                 // else told by the suffix of `pixels`: .nii or .nii.gz is NIfTI
    std::optional<std::string> label;             // the canonical label map of one case as NIfTI
    std::optional<std::string> records, transform;
    std::optional<std::string> aha;               // a NIfTI file for one case, a folder for several
    [[nodiscard]] Format pixel_format() const;
};

/// Writes what cases become, in the order in which they come; every output is opened beforehand and appears at the end.
class Writer {
public:
    /// usage when an output is one of the inputs, two are standard output, or one that takes a single case is to take
    /// several; else what Output says.
    Writer(Targets targets, const std::vector<Case>& cases, Overwrite overwrite);
    /// `history`: of the run, without inputs.
    void add(const Case& c, const Oriented& o, const Canvas& canvas, const io::History& history);
    /// bad_data when no case could be made into pixels.
    void commit(io::History history);

private:
    Targets targets_;
    Overwrite overwrite_;
    bool many_;
    std::map<std::string, Output> outputs_;
    io::Cohort cohort_;
    std::vector<std::string> inputs_;
    std::size_t made_ = 0;
};

}  // namespace lge::orient
