#pragma once
// The sentences of a report, each under the headings it stands below.
#include "lge/report/gathered.hpp"

#include <optional>
#include <span>
#include <vector>

namespace lge::report {

/// Tokens [begin, end), at most longest_sentence.
struct Span {
    std::size_t begin = 0, end = 0;
    Section section = Section::none;
    Topic topic = Topic::none;
    bool question = false;  // ends with a question mark
    bool first = false;     // right behind its heading
    bool amends = false;    // the first of an addendum
    bool wrapped = false;   // goes over the break of a line
};

/// Walks through the tokens of a report once, from heading to heading.
class Outline {
public:
    static constexpr std::size_t longest_sentence = 128;  // tokens; longer ones are cut, so that time stays linear

    /// `amended`: what stands below the heading of an original is not passed over, for an addendum to it follows.
    Outline(const Lexicon& lexicon, std::span<const Token> tokens, bool amended = false) : lexicon_(lexicon), tokens_(tokens), amended_(amended) {}
    /// The next sentence, or nothing at the end. Headings that are passed go to `notes`, if there is one.
    std::optional<Span> next(std::vector<Note>* notes);
    [[nodiscard]] std::size_t leading_addendum() const;

private:
    struct Heading { const Entry* entry; std::size_t next; };
    [[nodiscard]] std::optional<Heading> heading(std::size_t i, bool line_start) const;
    [[nodiscard]] std::optional<Heading> examination(std::size_t i) const;
    [[nodiscard]] bool starts_dashed(std::size_t i) const;
    [[nodiscard]] std::size_t apposed_end(std::size_t i) const;
    [[nodiscard]] bool affirms(std::size_t i) const;
    [[nodiscard]] bool denies(std::size_t i) const;
    [[nodiscard]] bool names_target(std::size_t i) const;
    [[nodiscard]] bool line_names_target(std::size_t i) const;
    [[nodiscard]] std::size_t behind_wide_gap(std::size_t begin, std::size_t colon) const;
    [[nodiscard]] std::size_t lost_break(std::size_t begin, std::size_t colon) const;
    [[nodiscard]] std::size_t technique_end(std::size_t i) const;
    [[nodiscard]] bool opens_sentence(std::size_t i) const;
    [[nodiscard]] std::size_t title_end(std::size_t i) const;
    [[nodiscard]] std::size_t behind_date(std::size_t i) const;
    [[nodiscard]] std::size_t behind_day(std::size_t i) const;
    [[nodiscard]] std::size_t behind_details(std::size_t i) const;
    [[nodiscard]] bool names_enhancement(std::size_t i) const;
    bool take_heading(const Heading& h);
    void end_line();
    [[nodiscard]] Span sentence();
    [[nodiscard]] bool tells_of_rest(std::size_t i) const;
    [[nodiscard]] bool wraps(std::size_t begin, std::size_t newline);
    [[nodiscard]] bool answers(std::size_t begin, std::size_t newline) const;
    [[nodiscard]] bool answers_below(std::size_t newline) const;
    [[nodiscard]] bool enumerates(std::size_t i) const;
    [[nodiscard]] std::uint32_t width_of_lines() const;
    [[nodiscard]] bool is_long(std::size_t begin, std::size_t newline) const;
    [[nodiscard]] bool is_roman(std::size_t i) const;
    [[nodiscard]] bool breaks_word(std::size_t newline) const;
    [[nodiscard]] std::uint32_t length(std::size_t begin, std::size_t newline) const;
    [[nodiscard]] bool is_full(std::uint32_t line, std::size_t newline, std::uint32_t width) const;
    [[nodiscard]] bool breaks_softly(std::size_t newline, std::uint32_t line);
    [[nodiscard]] bool goes_on(std::size_t newline, std::uint32_t line) const;
    [[nodiscard]] bool abbreviated(std::size_t begin, std::size_t stop) const;
    [[nodiscard]] bool runs_on(std::size_t begin, std::size_t stop) const;
    [[nodiscard]] bool answered(std::size_t mark) const;
    [[nodiscard]] bool numbers_section(std::size_t i) const;
    [[nodiscard]] std::size_t behind_label(std::size_t i) const;
    [[nodiscard]] bool starts_with_place(std::size_t i) const;
    [[nodiscard]] bool starts_row(std::size_t i) const;
    [[nodiscard]] bool labels_place(std::size_t i) const;
    [[nodiscard]] bool tells(const Heading& h) const;
    [[nodiscard]] bool keeps_topic(std::size_t i) const;
    [[nodiscard]] bool starts_field(std::size_t i) const;

    const Lexicon& lexicon_;
    std::span<const Token> tokens_;
    bool amended_;
    std::size_t at_ = 0, line_begin_ = 0;
    Section section_ = Section::none;
    Topic topic_ = Topic::none;
    bool line_start_ = true;
    bool headed_ = false;      // a heading was passed last
    bool amends_ = false;      // that of an addendum
    bool topic_line_ = false;  // the topic's heading shares its line with its text
    bool line_headed_ = false; // the heading of a section shares its line with its text
    bool one_line_ = false;    // so does that of an ignored section
    std::optional<std::uint32_t> width_;  // bytes of the longest line, where lines are filled up to it, else 0; once it is asked for
};

}  // namespace lge::report
