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
    explicit State(const Lexicon& l) : misspellings(l.vocabulary), passage(l), earlier(l) {}

    Misspellings misspellings;
    std::vector<Token> tokens;
    Passage passage, earlier;
    Gathered gathered;
    Reading reading;

    void clear() {
        anatomy::Finding empty;
        const auto keep = [&](auto member) { (reading.finding.*member).clear(), (empty.*member).swap(reading.finding.*member); };
        keep(&anatomy::Finding::levels), keep(&anatomy::Finding::walls), keep(&anatomy::Finding::pattern), keep(&anatomy::Finding::territory);
        keep(&anatomy::Finding::etiology_excluded), keep(&anatomy::Finding::uncertainty), keep(&anatomy::Finding::other), keep(&anatomy::Finding::evidence);
        reading.finding = std::move(empty);
        reading.sentences.clear();
        reading.statements.clear();
        reading.notes.clear();
        gathered.clear();
    }

    /// "In this region there is LGE": the places of the sentence before, which may have been passed over.
    std::vector<Place> antecedent(const Span& span) {
        earlier.at = tokens.data() + span.begin;
        earlier.count = static_cast<std::uint32_t>(span.end - span.begin);
        find_hits(earlier, nullptr);
        return places_named(earlier);
    }

    void read(std::string_view text, bool want_notes) {
        clear();
        scan(text, passage.lexicon.vocabulary, &misspellings, tokens);
        Outline outline(passage.lexicon, tokens);
        auto* notes = want_notes ? &reading.notes : nullptr;
        bool answer_due = false;  // "Is there scar?" asserts nothing; the sentence behind it answers
        std::size_t about_lge = nowhere;  // the last sentence that spoke of LGE
        std::optional<Span> here;
        Span before;
        for (; (here = outline.next(notes)); before = *here) {
            const auto& span = here;
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
            if (passage.kinds == 0 && topic != Topic::lge) continue;
            const std::size_t sentence = reading.sentences.size() - 1;
            Setting setting{.section = span->section, .topic = topic, .goes_on = about_lge + 1 == sentence, .sums_up = span->section == Section::impression && !reading.statements.empty()};
            if (passage.any(Kind::anaphor) && sentence > 0) setting.antecedent = antecedent(before);
            if (read_sentence(passage, setting, gathered, reading)) about_lge = sentence;
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
