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

/// The sentences of a reading that state LGE (present, absent or in doubt), in the order of the text, each once, without
/// what may name a person (deidentify.hpp).
std::vector<Caption> captions(std::string_view text, const Reading& reading, const Lexicon& lexicon);

}  // namespace lge::report
