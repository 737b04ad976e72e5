#pragma once
// Where drawn cases go: a cohort file, or a folder of NIfTI stacks with its manifest, reports and truth.
#include "lge/synth/draw.hpp"

#include <filesystem>
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

}  // namespace lge::synth
