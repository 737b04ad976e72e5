#pragma once
// Sentences without what may name a person.
#include "lge/report/lexicon.hpp"

#include <string>
#include <string_view>

namespace lge::report {

/// A sentence with white space folded to single blanks, and "[...]" for what may name a person: dates, times, numbers of
/// four digits and more, words that hold such, mail addresses, titles with the names behind them, initials, and words
/// with a capital that the lexicon does not know. At the start of a sentence, and in text of capitals only, an unknown
/// word goes where another follows it or a person's verb does.
std::string deidentified(std::string_view sentence, const Lexicon& lexicon);

}  // namespace lge::report
