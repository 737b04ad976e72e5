#pragma once
// Where drawn cases go: a cohort file, or a folder of NIfTI stacks with its manifest, reports and truth; and the files
// of lines beside them.
#include "lge/synth/draw.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <string>

namespace lge::synth {

/// Adds a case in canonical pose, with its findings and captions.
void append(io::Cohort& cohort, const DrawnCase& c);

/// How the images of drawn cohorts are stored: phantoms as float16, finer than any noise in them (2^-12 of a pixel's
/// value); scars in hearts as the hearts' own file, so that what was not drawn on stays bit for bit.
io::ImageType image_type_of(const io::Cohort* source);

/// The lines of one case: lge.caption/1 for every wording of every slice; {"id","text"}; lge.finding/1.
std::string caption_lines(const DrawnCase& c);
std::string report_line(const DrawnCase& c);
std::string finding_line(const DrawnCase& c);

/// The NIfTI files of a case, compressed: its image as whole numbers 0-1000 and its label map.
struct Stack { Bytes image, label; };
Stack encode_stack(const DrawnCase& c, const io::History& history);

/// What a run drew, counted.
struct Summary {
    std::size_t cases = 0, with_scar = 0, slices = 0, slices_with_scar = 0, refused = 0, gave_up = 0, look_alikes = 0;
    std::array<std::size_t, 18> segments{};  // slices that name each
    std::array<std::size_t, 4> extents{};    // scars of each
    double contrast_sd = 0, area_mm2 = 0, scar_share = 0;  // sums over cases with scar
    Summary() = default;
    explicit Summary(const DrawnCase& c);
    Summary& operator+=(const Summary& other);
    /// lge.synth.summary/1, one line; means where there are sums.
    [[nodiscard]] std::string json() const;
};

/// A case as it goes into the files of a run.
struct Encoded {
    std::string id, report, finding, captions, hard_captions, record;  // lines, without what the run does not write
    io::Cohort cohort;                                                 // of this case alone, its pixels in `slices`
    std::vector<io::SliceChunks> slices;
    std::optional<Stack> stack;
    Summary summary;
};

/// FOLDER/images/ID.nii.gz, FOLDER/labels/ID.nii.gz, and one line a case in cases.jsonl (lge.case/1), reports.jsonl and
/// truth.jsonl (lge.finding/1), which appear when all cases are there.
class StackFolder {
public:
    StackFolder(std::filesystem::path folder, Overwrite overwrite);
    void add(const Encoded& c);
    void commit();

private:
    std::filesystem::path folder_;
    Overwrite overwrite_;
    Output cases_, reports_, truth_;
};

struct Destinations {
    std::string output = "-";                // the cohort, unless there is a folder
    std::optional<std::string> folder, captions, hard_captions, reports, findings, records, summary;
    Overwrite overwrite = Overwrite::no;
};

/// All outputs of a run. They are opened before the work, so that one in the way is known at once, and appear together
/// with commit().
class Store {
public:
    /// `frame`: width, height, spacing and normalisation of the cohort to write.
    Store(const Destinations& destinations, io::History history, io::Cohort frame);
    [[nodiscard]] const Summary& summary() const { return summary_; }
    /// All that takes time of writing a case; any thread may do it, while others draw. `first`: of the run, whose record
    /// holds the history.
    [[nodiscard]] Encoded encode(const DrawnCase& c, const Settings& settings, bool first) const;
    /// Cases in the order in which they shall stand.
    void add(Encoded c);
    void commit();

private:
    struct Side {
        std::optional<Output> file;
        void write(const std::string& lines) { if (file) file->write(lines); }
    };
    io::History history_;
    io::Cohort cohort_;                      // its pixels are in slices_
    std::vector<io::SliceChunks> slices_;
    Summary summary_;
    std::optional<Output> out_;
    std::optional<StackFolder> folder_;
    Side captions_, hard_captions_, reports_, findings_, records_, summary_file_;
};

}  // namespace lge::synth
