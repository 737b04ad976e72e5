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

/// The lines of one case: lge.caption/1 for every wording of every slice; {"id","text"}; lge.finding/1.
std::string caption_lines(const DrawnCase& c);
std::string report_line(const DrawnCase& c);
std::string finding_line(const DrawnCase& c);

/// The NIfTI files of a case, compressed: its image as whole numbers 0-1000 and its label map.
struct Stack { Bytes image, label; };
Stack encode_stack(const DrawnCase& c, const io::History& history);

/// FOLDER/images/ID.nii.gz, FOLDER/labels/ID.nii.gz, and one line a case in cases.jsonl (lge.case/1), reports.jsonl and
/// truth.jsonl (lge.finding/1), which appear when all cases are there.
class StackFolder {
public:
    StackFolder(std::filesystem::path folder, Overwrite overwrite);
    void add(const DrawnCase& c, const Stack& stack);
    void commit();

private:
    std::filesystem::path folder_;
    Overwrite overwrite_;
    Output cases_, reports_, truth_;
};

/// What a run drew, counted.
struct Summary {
    std::size_t cases = 0, with_scar = 0, slices = 0, slices_with_scar = 0, refused = 0, gave_up = 0, look_alikes = 0;
    std::array<std::size_t, 18> segments{};  // slices that name each
    std::array<std::size_t, 4> extents{};    // scars of each
    double contrast_sd = 0, area_mm2 = 0, scar_share = 0;  // sums over cases with scar
    void add(const DrawnCase& c);
    /// lge.synth.summary/1, one line; means where there are sums.
    [[nodiscard]] std::string json() const;
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
    [[nodiscard]] bool wants_stacks() const { return folder_.has_value(); }
    [[nodiscard]] const io::History& history() const { return history_; }
    [[nodiscard]] const Summary& summary() const { return summary_; }
    /// Cases in the order in which they shall stand; `stack` for a folder.
    void add(const DrawnCase& c, const Settings& settings, const Stack& stack);
    void commit();

private:
    struct Side {
        std::optional<Output> file;
        void write(const std::string& lines) { if (file) file->write(lines); }
    };
    io::History history_;
    io::Cohort cohort_;
    Summary summary_;
    std::optional<Output> out_;
    std::optional<StackFolder> folder_;
    Side captions_, hard_captions_, reports_, findings_, records_, summary_file_;
};

}  // namespace lge::synth
