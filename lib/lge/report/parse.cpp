#include "lge/report/parse.hpp"

#include "lge/report/gathered.hpp"
#include "lge/report/outline.hpp"

namespace lge::report {

std::string_view word(Section section) {
    switch (section) {
        case Section::none: return "";
        case Section::ignored: return "ignored";
        case Section::findings: return "findings";
        case Section::impression: return "impression";
    }
    return {};
}

struct Parser::State {
    explicit State(const Lexicon& l) : misspellings(l.vocabulary), passage(l) {}

    Misspellings misspellings;
    std::vector<Token> tokens;
    Passage passage;
    Gathered gathered;
    Reading reading;

    void clear() {
        reading.finding = {};
        reading.sentences.clear();
        reading.statements.clear();
        reading.notes.clear();
        gathered.clear();
    }

    void read(std::string_view text, bool want_notes) {
        clear();
        scan(text, passage.lexicon.vocabulary, &misspellings, tokens);
        Outline outline(passage.lexicon, tokens);
        auto* notes = want_notes ? &reading.notes : nullptr;
        bool answer_due = false;  // "Is there scar?" asserts nothing; the sentence behind it answers
        while (const auto span = outline.next(notes)) {
            reading.sentences.push_back({tokens[span->begin].start, tokens[span->end - 1].end, span->section});
            if (span->section == Section::ignored) continue;
            const Token* begin = tokens.data() + span->begin;
            const Token* end = tokens.data() + span->end;
            const Topic topic = answer_due ? Topic::lge : span->topic;
            answer_due = false;
            // before anything is said of LGE, most sentences are of volumes, valves and function
            if (notes == nullptr && reading.statements.empty() && topic != Topic::lge && span->section != Section::impression && !may_matter(passage.lexicon, begin, end)) continue;
            passage.at = begin;
            passage.count = static_cast<std::uint32_t>(end - begin);
            find_hits(passage, notes);
            if (span->question) {
                answer_due = passage.any(Kind::target);
                continue;
            }
            const bool goes_on = !reading.statements.empty() && reading.statements.back().sentence + 2 == reading.sentences.size();
            if (passage.kinds != 0 || topic == Topic::lge) read_sentence(passage, {span->section, topic, goes_on}, gathered, reading);
        }
        conclude(text, gathered, reading);
    }
};

Parser::Parser(const Lexicon& lexicon) : state_(std::make_unique<State>(lexicon)) {}
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;

const Reading& Parser::read(std::string_view text, bool notes) {
    state_->read(text, notes);
    return state_->reading;
}

}  // namespace lge::report
