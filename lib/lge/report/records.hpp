#pragma once
// Fields in braces and quotes, as lines of a form.
#include "lge/report/lexicon.hpp"

#include <string_view>
#include <vector>

namespace lge::report {

/// Rewrites the observations of HL7 version 2: "OBX|4|TX|LGE||None||||F" becomes "LGE: None", its name and value.
void read_observations(std::string_view text, Tokens& tokens);

/// Rewrites JSON-like fields in place: `"lge": {"present": true, "segments": [6, 12]}` becomes the lines "lge:",
/// "present: yes" and "segments: 6, 12". Tokens keep the bytes they stand for. Other texts stay as they are.
void read_records(const Lexicon& lexicon, std::string_view text, Tokens& tokens);

/// "LGE segments: [4, 10]", "= {4; 10}": leaves out the brackets around numbers alone; square ones cite elsewhere.
void open_lists(Tokens& tokens);

/// "LGE: yes | Site: basal septum | MVO: no": the fields of a line that consists of nothing else become lines of their own.
void part_fields(Tokens& tokens);
/// "LVEF 31% — LGE: yes, septal — transplant: no": so does each field between long dashes, where two have labels.
void part_dashed_fields(std::string_view text, Tokens& tokens);

/// "basal inferior 1-25 % -> viable": an arrow before what a wall is called for its scar parts it from that.
void part_consequences(const Lexicon& lexicon, Tokens& tokens);

/// "A - LAD: ...", "B - LCx: ...": leaves out the letters, one after the other, and the dashes by which lines are told apart.
void drop_item_letters(std::string_view text, Tokens& tokens);

/// "1: neg", "3: pos, mid-wall": beside "neg" the word "pos" is positive, not possible.
void read_signs(const Lexicon& lexicon, std::string_view text, Tokens& tokens);

/// "#4 subepicardial", "#5 subepicardial, dense": the sign that begins the lines names segments.
void name_segments(const Lexicon& lexicon, Tokens& tokens);

/// "ant base no / ant mid yes / apex yes": the slashes between fields that each end in an answer become bars.
void part_answers(std::string_view text, Tokens& tokens);

}  // namespace lge::report
