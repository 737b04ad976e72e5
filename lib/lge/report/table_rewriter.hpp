#pragma once
// The tokens of tables as those of the words that a sentence would say.
#include "lge/report/lexicon.hpp"
#include "lge/report/places.hpp"
#include "lge/report/table_signs.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace lge::report {

inline constexpr std::size_t none = ~std::size_t{0};
inline constexpr std::size_t most_columns = 16, most_rows = 64;  // of a table, so that no line is looked at without end
inline constexpr char gap = ' ';  // as a separator of columns

/// A phrase that names a wall, a level or a segment.
struct Label {
    std::size_t first = 0, end = 0;
    Kind kind = Kind::wall;
    std::uint32_t code = 0;
    std::uint32_t crossed = 0;  // the word that stands for two walls
};

/// What stands in a table at one place: an amount, a mark, a layer or nothing.
struct Cell {
    std::size_t first = 0, end = 0;
    bool positive = false, amount = false;
    bool doubted = false;  // "?"
    std::size_t meaning = 0, meaning_end = 0;  // where the legend says it, 0: nowhere
};

/// The token behind the bullet of a line and its title: "- LGE: inferior ...".
std::size_t behind_title(const Lexicon& lexicon, const Tokens& tokens, std::size_t at, std::size_t end);

/// Reads a text line by line and writes it anew; the methods stand by idea in table.cpp (cells and values), table_grid.cpp,
/// table_columns.cpp, table_tuples.cpp, table_lists.cpp, table_depths.cpp, table_nested.cpp and table_exports.cpp.
class Rewriter {
public:
    Rewriter(const Lexicon& lexicon, std::string_view text, Tokens& tokens) : lexicon_(lexicon), text_(text), in_(tokens) {
        const auto word = [&](std::string_view w) { return lexicon.vocabulary.exact(WordKey::of(w)); };
        words_ = {word("segment"), word("lge"), word("basal"), word("mid"), word("apical"), word("apex"), word("anteroseptal"), word("inferoseptal"), word("inferolateral"), word("anterolateral")};
        equivocal_ = word("equivocal");
    }

    void run();

private:
    /// Writes the table that begins with a line: the token behind it, none where there is none.
    std::size_t table(std::size_t at, std::size_t end, const Signs& here, const Signs& below);
    /// Writes a line that is no part of a table of several.
    void line(std::size_t at, std::size_t end, const Signs& here);
    [[nodiscard]] std::size_t line_end(std::size_t i) const;
    void copy(std::size_t from, std::size_t end) { out_.insert(out_.end(), in_.begin() + static_cast<std::ptrdiff_t>(from), in_.begin() + static_cast<std::ptrdiff_t>(end)); }
    /// A token that is not in the text, over the bytes of one that is.
    void put_word(std::uint32_t word, std::size_t over);
    void put_sign(char c, std::size_t over);
    void put_number(float value, std::size_t over);
    /// The break of a line before a token.
    void put_newline(std::size_t before);
    /// Whether a token is one letter, small or capital.
    [[nodiscard]] bool is_letter(std::size_t i, char small) const { return in_[i].kind == Token::Kind::word && in_[i].end == in_[i].start + 1 && (text_[in_[i].start] | ' ') == small; }
    /// The first token of the line above the one that starts at `at`; `at` where there is none.
    [[nodiscard]] std::size_t line_above(std::size_t at) const;

    /// The longest phrase of the lexicon's main sort at a token that has an entry of one of some kinds.
    template <class Wanted>
    [[nodiscard]] std::optional<Label> phrase(std::size_t i, std::size_t end, Wanted wanted) const {
        if (i >= end || in_[i].word == 0) return std::nullopt;
        const auto m = lexicon_.main.find(in_.data() + i, in_.data() + end);
        const Entry* entry = lexicon_.meaning(lexicon_.main, m, wanted);
        return entry == nullptr ? std::nullopt : std::optional(Label{i, i + m.tokens, entry->kind, entry->code});
    }
    [[nodiscard]] std::optional<Label> place(std::size_t i, std::size_t end) const;
    [[nodiscard]] bool names_lge(std::size_t from, std::size_t end) const;

    /// "T = transmural": what a letter stands for, and where that is said.
    struct Meaning { char letter; bool positive; std::size_t first, end; };
    [[nodiscard]] std::optional<Meaning> legend(const Token& t) const;
    void read_legend();
    /// Leaves out the lines of dashes between the parts of a table.
    void drop_rules();
    /// "| 1 | basal anterior | + |" without a row above that names the columns: leaves out the number, which says no more than the name.
    void drop_numbers();
    /// Leaves out "(0 = none, 1 = 1-25 %, 2 = 26-50 %)", which says what scores mean.
    void drop_scale();
    /// "1 = 1-25 %, 2 = 26-50 %": the share of the wall that each score of the legend stands for.
    void read_scale();
    /// "1 no scar; 2 scar 1-25 %": whether scores begin with one that is nothing.
    void read_base();
    /// Leaves out a line such as "LGE key: 1: 1-25 %; 2: 26-50 %; 3: 51-75 %", whose scores rise with their ranges.
    void drop_key();
    /// Where such a key begins in a line; its end where there is none.
    [[nodiscard]] std::size_t key_start(std::size_t at, std::size_t end) const;
    struct Grade { std::size_t first, end; float score, low, high; };
    /// A score and the range that it stands for.
    [[nodiscard]] std::optional<Grade> grade(std::size_t i, std::size_t end) const;

    /// Behind "n/a", "(n.a.)"; `i` where none stands there.
    [[nodiscard]] std::size_t behind_missing(std::size_t i, std::size_t end) const;
    /// Behind the sign of a bound, "< 25 %", ">= 50 %"; `i` where none stands there.
    [[nodiscard]] std::size_t behind_bound(std::size_t i, std::size_t end) const;
    /// The cell at a token; nothing where there is none.
    [[nodiscard]] std::optional<Cell> cell(std::size_t i, std::size_t end) const;

    /// Cells from a token on, parted by `separator` or (0) by blanks and bars; all of them up to `end` unless parted by a
    /// separator. Empty where something else stands there.
    [[nodiscard]] std::vector<Cell> cells(std::size_t i, std::size_t end, char separator) const;

    void put_label(const Label& l, bool of_column);

    /// One row: what lies where.
    void put_row(const Label& row, const std::vector<Label>& columns, const std::vector<Cell>& values, bool percent);
    void put_value(const Cell& c, bool percent);
    [[nodiscard]] bool in_percent(const std::vector<Cell>& values) const;

    /// The walls or levels that a run of tokens is made of, at least two.
    [[nodiscard]] std::vector<Label> header(std::size_t i, std::size_t end) const;

    /// "septal, anterior": the two walls as one.
    [[nodiscard]] Label crossed_wall(Label a, std::size_t end) const;

    struct Row { Label label; std::vector<Cell> values; };
    /// The cells of "| anterior |   | x |" behind its label, as many as the columns, the empty ones and crosses too; else none.
    [[nodiscard]] std::vector<Cell> barred_cells(std::size_t line, std::size_t end, std::size_t count) const;
    /// A row of a grid, whose cells may be fewer than the columns where each stands below one: `head_line` is the first
    /// token of the header. A row of the apex has one cell.
    [[nodiscard]] std::optional<Row> row(std::size_t i, std::size_t end, std::size_t head_line, const std::vector<Label>& columns) const;
    /// Puts cells below their columns by where they stand in the line. False where that is not plain.
    bool spread(std::size_t head_line, const std::vector<Label>& columns, std::size_t line, std::vector<Cell>& values) const;

    /// A header and the rows below it: the token behind them, none where there is no such table.
    std::size_t grid(std::size_t at, std::size_t end);

    /// Behind the bar that a line of a table may begin with.
    [[nodiscard]] std::size_t behind_bar(std::size_t i, std::size_t end) const { return i < end && is_sign(in_[i], '|') ? i + 1 : i; }

    /// "LGE code: S subendocardial, M mid-wall": whether the line at a token, below a table, tells what its letters mean for LGE.
    [[nodiscard]] bool captions(std::size_t at) const;

    /// "LGE:" in the place of a table's header, and of the line above it, where one of them names LGE.
    void put_title(std::size_t at, std::size_t end);

    /// What stands between two separators, or wide gaps, of a line.
    struct Field { std::size_t first, end; };
    [[nodiscard]] std::vector<Field> fields(std::size_t from, std::size_t end, char separator) const;
    /// Where a token stands in the line whose first token is `line`, in bytes.
    [[nodiscard]] std::int64_t offset(std::size_t line, std::size_t i) const { return static_cast<std::int64_t>(in_[i].start) - (line > 0 ? in_[line - 1].end : 0); }

    /// The field of a row below that of the header: the same by number, or the nearest where gaps part them.
    [[nodiscard]] std::optional<Field> below(std::size_t head_line, const Field& head, std::size_t column, std::size_t count, std::size_t line, const std::vector<Field>& row, char separator) const;

    /// "Segment | motion | LGE %", "segment,edema,lge" or columns parted by wide gaps, and the rows below.
    std::size_t columns(std::size_t at, std::size_t end);

    /// "2023   now" above "LGE segments   5   5, 11": each label with what is told of it now.
    std::size_t then_and_now(std::size_t at, std::size_t end, char separator);
    /// The column of today in "Baseline  Today", "2019 | 2023", "Before  After", "Initial  6 months", "Day 4  Month 6"; none where no other is told
    /// apart from it.
    [[nodiscard]] std::size_t column_of_now(const std::vector<Field>& heads) const;

    /// "Parameter | Value | Ref" above "MVO | Absent | Absent": each label with its value, without what is normal.
    std::size_t with_reference(std::size_t at, std::size_t end);

    /// The label of a row: the number of a segment, a place or a coronary territory.
    [[nodiscard]] std::optional<Label> row_label(const Field& f) const;

    /// The coronary territory that a row is of.
    [[nodiscard]] std::optional<Label> vessel(const Field& f) const;

    std::size_t column_below(std::size_t at, std::size_t end, const std::vector<Field>& heads, std::size_t column, char separator);

    /// "level=basal": as "level: basal".
    void name_fields(std::size_t at, std::size_t end);

    /// "lge_yn=1; lge_seg=1|2|7; mvo=": each field that holds something as a line, "lge: yes", "lge seg: 1,2,7". table_exports.cpp
    bool export_fields(std::size_t at, std::size_t end);
    /// "LGE segments (possible): 9": the word of doubt, or of certainty, that ends the label of segments before a colon; none without.
    [[nodiscard]] std::size_t label_qualifier(std::size_t first, std::size_t colon) const;
    /// Puts such a word where it stands for a doubt.
    void put_qualifier(std::size_t i);
    /// Writes a line with such a label as "possible LGE segments: 9".
    bool qualified_label(std::size_t at, std::size_t end);
    void put_field(std::size_t first, std::size_t equal, std::size_t end);

    /// "insertion point      no": as "insertion point: no", where the line above or below has a label and its gap as well;
    /// "global: Y     transmural: N": each label with what stands behind it as a line of its own.
    bool part_labels(std::size_t at, std::size_t end);
    /// "basal   circumferential   subendocardial" above or below another such line: as "basal: circumferential, subendocardial".
    bool part_places(std::size_t at, std::size_t end, const std::vector<Field>& parts);
    /// A bar where a line has one, else a gap.
    [[nodiscard]] char label_separator(std::size_t at, std::size_t end) const;
    /// Whether a line is a label, a bar or wide gap and something more.
    [[nodiscard]] bool labelled(std::size_t at, std::size_t end) const;

    /// "1-25 %: 16" above "26-50 %: 5, 11": the segments of each depth, beside depths without any and what holds no scar: the token
    /// behind the rows, none where they are too few. table_depths.cpp
    std::size_t depth_rows(std::size_t at);
    struct DepthRow { std::size_t first, end, list; bool positive; };
    /// The depth, or word of absence, that begins a line, and the token behind its colon.
    [[nodiscard]] std::optional<DepthRow> depth_row(std::size_t at, std::size_t end) const;
    /// Behind a list of the numbers of segments, none where something else stands in it.
    [[nodiscard]] std::size_t segments_end(std::size_t i, std::size_t end) const;

    /// "Anterior" above "- basal: 0 %" and "- mid: 50 %": walls, or levels, each above the parts of it and their cells: the token
    /// behind them, none where there are none. table_nested.cpp
    std::size_t nested_rows(std::size_t at);
    /// The place that a line consists of.
    [[nodiscard]] std::optional<Label> outer_label(std::size_t at, std::size_t end) const;
    /// Behind the bullet of a list.
    [[nodiscard]] std::size_t behind_bullet(std::size_t i, std::size_t end) const;

    /// "Seg 1   0" above "Seg 7   75 %, transmural": a line for each segment, of which those that hold nothing go where others hold
    /// something. table_depths.cpp
    std::size_t segment_lines(std::size_t at);
    /// What a line tells of the segment that begins it.
    [[nodiscard]] std::optional<Cell> segment_line(std::size_t at, std::size_t end) const;

    /// "#1 basal anterior 0" above "#2 basal anteroseptal 25-50", "1 0   7 0   13 50 %" above "2 0   8 0   14 75 %" and so on: the
    /// token behind the rows, none where they are too few. Numbers of zero go where others hold something.
    std::size_t numbered_rows(std::size_t at);
    /// Whether a line begins with two numbers and their amounts: "1 0   7 0".
    [[nodiscard]] bool holds_pairs(std::size_t i, std::size_t end) const;
    struct Numbered { std::size_t number, end; Cell value; };
    /// The number at a token and the amount behind it, or behind the name of its place or a range of numbers.
    [[nodiscard]] std::optional<Numbered> numbered(std::size_t i, std::size_t end) const;

    [[nodiscard]] bool is_segment(std::size_t i) const;

    /// "Seg / motion / LGE %" above "1 normal 0 | 2 akinetic 75": whether a line names what stands behind the numbers of segments
    /// in the lines below it, and those lines with LGE alone. table_tuples.cpp
    [[nodiscard]] bool heads_tuples(std::size_t at, std::size_t end) const;
    std::size_t tuples(std::size_t at, std::size_t end);

    /// The score behind the sign at a token, ": 2", "=2", "(2)", "-2"; none where there is no such sign.
    [[nodiscard]] std::size_t score_behind(std::size_t i, std::size_t end) const;
    /// The name of a segment at a token that a score stands behind: "4: 2", "S4 2", "4 (2)", "seg4-2".
    [[nodiscard]] std::optional<Label> scored(std::size_t i, std::size_t end) const;
    /// A dash and a score: "-2".
    [[nodiscard]] bool dashed(std::size_t i, std::size_t end) const;

    /// "seg 4 75   seg 10 50": whether a gap and the name of a segment stand behind the amount at a token.
    [[nodiscard]] bool names_next(std::size_t i, std::size_t end) const;

    /// Behind "(transmural)", a remark on an amount without a number, or `i`.
    [[nodiscard]] std::size_t behind_bracket(std::size_t i, std::size_t end) const;

    /// "1:0 2:0 3:2", "4: 50; 10: 75", "S1 0, S2 3"
    bool pairs(std::size_t at, std::size_t end);

    /// "4/10/15: 75/50/25 %"
    bool crossed_segments(std::size_t at, std::size_t end);

    /// "Seg 3: 3", "basal inferior: 2", where a legend says what scores stand for: the place and its depth.
    bool score_row(std::size_t at, std::size_t end);
    /// "Basal: 1 0  2 0  3 0  4 +  5 +  6 0": all segments of a ring in order, each before its value. table_lists.cpp
    bool ring_row(std::size_t at, std::size_t end);
    /// "Segments 1 to 16: 0/0/1/2/...": a score for every segment, and no names.
    bool segment_row(std::size_t at, std::size_t end);
    /// "Basal: anterior 0, inferior 50, lateral 0"
    bool wall_pairs(std::size_t at, std::size_t end);
    /// Behind "all segments 0 except", or the token itself.
    [[nodiscard]] std::size_t behind_all_but(std::size_t i, std::size_t end) const;

    /// "other apical segments 0,": behind the zero of words that name no wall by itself, none where there is none.
    [[nodiscard]] std::size_t behind_rest(std::size_t i, std::size_t end) const;

    /// "b" of "inf   b 1   m 0   a 0": a level by its first letter before an amount.
    [[nodiscard]] std::optional<Label> level_letter(std::size_t i, std::size_t end) const;
    /// Behind ":", "=" or a dash before a value, "basal - none"; not behind a dash that is the value.
    [[nodiscard]] std::size_t behind_mark(std::size_t i, std::size_t end) const;
    /// "S1": the name of one segment.
    [[nodiscard]] std::optional<Label> segment_code(std::size_t i, std::size_t end) const;
    /// "S1", "seg. 1", "#1", "AHA 1": the number of a segment and what leads to it.
    [[nodiscard]] std::optional<Label> segment_label(std::size_t i) const;
    /// "S1: 0, S2: 25 %, S3: none, ...", over lines or in one: what each segment holds, one after the other.
    std::size_t all_segments(std::size_t at, std::size_t end);
    /// All that is told of one place in a list: "none", "no scar", "subendocardial 25-50 %".
    [[nodiscard]] std::optional<Cell> item(std::size_t i, std::size_t end) const;
    /// Rows of items behind a title, each up to a full stop: "LGE: inferior: base 76-100, apical nil. Septum: ...".
    bool item_rows(std::size_t at, std::size_t end);
    /// "Anterior: basal none, mid transmural", "Basal - anterior no scar, septal midwall": what each part of a place holds, and some
    /// hold nothing. What stands from `done` on goes before the row.
    bool item_row(std::size_t done, std::size_t begin, std::size_t end);
    /// A wall, which may be told by two letters, "as".
    [[nodiscard]] std::optional<Label> wall_of_ring(std::size_t i, std::size_t end) const;
    /// "Basal (ant/as/is/inf/il/al): 0/0/25/50/0/0", "Basal (1-6): ...": the walls or segments of a ring and, in their order, what each
    /// holds.
    bool ordered_row(std::size_t at, std::size_t end);
    /// "Inferior: basal 25-50, mid 50, apical 0"
    bool level_pairs(std::size_t at, std::size_t end);

    /// "(basal/mid/apical): anterior 0/0/0, inferior 50/75/0": rows of nothing are left out where others hold something.
    bool inline_grid(std::size_t at, std::size_t end);
    /// Base, mid and apex, where no header says so.
    static std::vector<Label> rings(std::size_t over);

    const Lexicon& lexicon_;
    std::string_view text_;
    std::vector<Meaning> legend_;
    Tokens& in_;
    Tokens out_;
    bool segments_named_ = false;     // in the line, before a list of pairs
    std::size_t pairs_end_ = none;  // in `out_`, behind a line of pairs
    std::size_t rows_end_ = 0;      // behind the last row of any kind
    float base_ = 0;  // the score of nothing
    std::array<std::optional<Grade>, 6> scale_;  // by score
    bool graded_ = false;                        // there is a scale
    std::uint32_t equivocal_ = 0;  // the word
    std::array<std::uint32_t, 10> words_{};  // segment, lge, basal, mid, apical, apex, and the walls between two others
};

}  // namespace lge::report
