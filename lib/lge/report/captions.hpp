#pragma once
// Sentences about LGE out of reports, each with the finding it states: what training pairs with images.
#include "lge/anatomy/finding.hpp"
#include "lge/report/parse.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lge::report {

struct Caption {
    std::string level;  // "basal", ... where the sentence speaks of one level only, else empty
    std::string text;
    anatomy::Finding finding;  // of this sentence alone
};

/// The sentences of a reading that state LGE (present, absent or in doubt), in the order of the text, each once. White
/// space is folded to single blanks, and what may name a person is taken out: dates, times, numbers of four digits
/// and more, titles with the names behind them.
std::vector<Caption> captions(std::string_view text, const Reading& reading);

/// The text without what may name a person, white space folded.
std::string deidentified(std::string_view text);

}  // namespace lge::report
