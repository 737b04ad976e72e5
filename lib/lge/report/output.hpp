#pragma once
// Lines that lge-reportparse writes.
#include "lge/report/captions.hpp"
#include "lge/report/evaluate.hpp"
#include "lge/report/parse.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace lge::report {

/// lge.caption/1 records of a report.
std::string caption_lines(std::string_view id, std::string_view text, const Reading& reading, const Lexicon& lexicon);
/// The same fields as a table: lists are parted by blanks, a missing value is empty.
std::string csv_header();
std::string csv_row(std::string_view id, const anatomy::Finding& finding);
/// One lge.explanation/1 record for each phrase that was understood, and one for each statement.
std::string explanation(std::string_view id, const Reading& reading);
/// lge.agreement/1 records, one a field: accuracy is the share of reports whose whole answer is equal; precision, recall
/// and F1 count the words of all answers. Intervals are Wilson's at 95 %, that of F1 taken for the proportion
/// 2 TP / (2 TP + FP + FN). Then an lge.disagreement/1 record for each answer that differs.
std::string evaluation_lines(const Evaluation& evaluation);

}  // namespace lge::report
