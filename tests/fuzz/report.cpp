// Any bytes as a report: made UTF-8, read, and turned into captions.
#include "lge/report/captions.hpp"
#include "lge/report/unicode.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto lexicon = lge::report::shipped_lexicon();
    static lge::report::Parser parser(lexicon);
    const auto text = lge::report::replace_bad_utf8({reinterpret_cast<const char*>(data), size});
    if (lge::report::find_bad_utf8(text)) std::abort();
    const auto& reading = parser.read(text, true);
    for (const auto& e : reading.finding.evidence)
        if (e.start > e.end || e.end > text.size()) std::abort();
    for (const auto& n : reading.notes)
        if (n.start > n.end || n.end > text.size()) std::abort();
    if (lge::report::captions(text, reading, lexicon).size() > reading.sentences.size()) std::abort();
    return 0;
}
