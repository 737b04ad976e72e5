#include "lge/report/table.hpp"

#include "lge/anatomy/heart.hpp"
#include "lge/report/places.hpp"

#include <algorithm>
#include <optional>

namespace lge::report {

namespace {

constexpr std::size_t none = ~std::size_t{0};
constexpr std::size_t most_columns = 16;
constexpr char gap = ' ';  // as a separator of columns

constexpr bool is_sign(const Token& t, char c) { return t.kind == Token::Kind::sign && t.sign == c; }
constexpr bool is_newline(const Token& t) { return t.kind == Token::Kind::newline; }

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
    std::size_t meaning = 0;  // where the legend says it, 0: nowhere
};

struct Table {
    std::vector<Label> columns;
    std::size_t first = 0, end = 0;  // of the header's tokens
};

constexpr std::uint32_t wide = 2;  // bytes of a gap between columns
constexpr bool behind_gap(const Token& before, const Token& t) { return t.start >= before.end + wide && t.spaced && before.sign != '.'; }

/// What a line holds that makes tables: amounts and marks beside each other, bars, wide gaps, and fields such as "level=basal".
struct Signs {
    int cells = 0, bars = 0, gaps = 0;
    bool fields = false;

    [[nodiscard]] bool has_cells() const { return cells >= 2 || (cells > 0 && bars > 0); }
    [[nodiscard]] bool has_bars() const { return bars >= 2; }
    /// Takes in token `i` of the line that starts at `from`.
    void add(const Tokens& tokens, std::size_t from, std::size_t i) {
        const Token& t = tokens[i];
        if (i > from) gaps += behind_gap(tokens[i - 1], t);
        if (t.kind == Token::Kind::word) return;
        if (t.kind == Token::Kind::number || t.sign == '-' || t.sign == '+') {
            if (i == from) return;
            const Token& b = tokens[i - 1];
            cells += (t.spaced && (b.kind == Token::Kind::number || b.sign == '-' || b.sign == '+' || b.sign == '%')) || b.sign == '|' || (b.sign == '/' && i > from + 1 && tokens[i - 2].kind != Token::Kind::word) ||
                     (b.sign == ':' && i > from + 1 && tokens[i - 2].kind == Token::Kind::number) || (t.kind == Token::Kind::number && t.value == 0 && (b.kind == Token::Kind::word || b.sign == ':'));
            return;
        }
        bars += t.sign == '|' || ((t.sign == ';' || t.sign == ',') && i + 1 < tokens.size() && !tokens[i + 1].spaced && !is_newline(tokens[i + 1]));
        fields = fields || (t.sign == '=' && !t.spaced) || (t.sign == '[' && i == from) || (t.sign == ':' && i == from + 1 && tokens[from].kind == Token::Kind::number);
    }
};

Signs signs_of(const Tokens& tokens, std::size_t from, std::size_t end) {
    Signs out;
    for (std::size_t i = from; i < end; ++i) out.add(tokens, from, i);
    return out;
}

/// Whether a line of a text may be part of a table.
bool may_hold_table(const Tokens& tokens) {
    Signs here;
    int gaps_above = 0, bars_above = 0;
    std::size_t from = 0;
    for (std::size_t i = 0; i <= tokens.size(); ++i) {
        if (i < tokens.size() && !is_newline(tokens[i])) {
            here.add(tokens, from, i);
            continue;
        }
        if (here.has_cells() || here.has_bars() || here.fields || (here.gaps > 0 && gaps_above > 0) || (here.bars > 0 && bars_above > 0)) return true;
        gaps_above = here.gaps;
        bars_above = here.bars;
        here = {};
        from = i + 1;
    }
    return false;
}

class Rewriter {
public:
    Rewriter(const Lexicon& lexicon, std::string_view text, Tokens& tokens) : lexicon_(lexicon), text_(text), in_(tokens) {
        const auto word = [&](std::string_view w) { return lexicon.vocabulary.exact(WordKey::of(w)); };
        words_ = {word("segment"), word("lge"), word("basal"), word("mid"), word("apical"), word("apex"), word("anteroseptal"), word("inferoseptal"), word("inferolateral"), word("anterolateral")};
    }

    void run() {
        read_legend();
        out_.reserve(in_.size() + in_.size() / 2);
        Signs here = signs_of(in_, 0, line_end(0));
        for (std::size_t at = 0; at < in_.size();) {
            const std::size_t end = line_end(at), next_end = line_end(std::min(end + 1, in_.size()));
            const Signs below = end + 1 < in_.size() ? signs_of(in_, end + 1, next_end) : Signs{};
            std::size_t next = none;
            if (below.has_cells() || below.has_bars() || below.gaps > 0) next = grid(at, end);
            if (next == none && (here.has_bars() || (here.gaps > 0 && below.gaps > 0) || (here.bars > 0 && below.bars > 0))) next = columns(at, end);
            if (next != none) {
                at = next;
                here = at < in_.size() ? signs_of(in_, at, line_end(at)) : Signs{};
                continue;
            }
            if (here.fields) name_fields(at, end);
            if (here.fields && is_segment(at) && at + 3 < end && is_sign(in_[at + 1], ':') && in_[at + 2].kind == Token::Kind::number && is_sign(in_[at + 3], '%')) put_word(words_[0], at);  // "17 ..... 100 %"
            if (!here.has_cells() || (!pairs(at, end) && !crossed_segments(at, end) && !inline_grid(at, end) && !wall_pairs(at, end))) copy(at, end);
            if (end < in_.size()) out_.push_back(in_[end]);
            at = end + 1;
            here = below;
        }
        in_.swap(out_);
    }

private:
    [[nodiscard]] std::size_t line_end(std::size_t i) const {
        while (i < in_.size() && !is_newline(in_[i])) ++i;
        return i;
    }
    void copy(std::size_t from, std::size_t end) { out_.insert(out_.end(), in_.begin() + static_cast<std::ptrdiff_t>(from), in_.begin() + static_cast<std::ptrdiff_t>(end)); }
    /// A token that is not in the text, over the bytes of one that is.
    void put_word(std::uint32_t word, std::size_t over) {
        out_.push_back({in_[over].start, in_[over].end, word, word == 0 ? 0 : word_symbol + word, 0, Token::Kind::word, 0, false, true});
    }
    void put_sign(char c, std::size_t over) {
        out_.push_back({in_[over].end, in_[over].end, 0, static_cast<unsigned char>(c), 0, Token::Kind::sign, c, false, c != ','});
    }
    void put_number(float value, std::size_t over) {
        out_.push_back({in_[over].start, in_[over].end, 0, number_symbol + static_cast<std::uint32_t>(value), value, Token::Kind::number, 0, false, true});
    }

    /// The longest phrase of the lexicon's main sort at a token that has an entry of one of some kinds.
    template <class Wanted>
    [[nodiscard]] std::optional<Label> phrase(std::size_t i, std::size_t end, Wanted wanted) const {
        if (i >= end || in_[i].word == 0) return std::nullopt;
        const auto m = lexicon_.main.find(in_.data() + i, in_.data() + end);
        if (m.list == 0) return std::nullopt;
        for (const auto e : lexicon_.main.entries(m)) {
            const Entry& entry = lexicon_.entries[e];
            if (wanted(entry)) return Label{i, i + m.tokens, entry.kind, entry.code};
        }
        return std::nullopt;
    }
    [[nodiscard]] std::optional<Label> place(std::size_t i, std::size_t end) const {
        return phrase(i, end, [](const Entry& e) { return e.kind == Kind::wall || (e.kind == Kind::level && static_cast<LevelWord>(e.code) != LevelWord::whole); });
    }
    [[nodiscard]] bool names_lge(std::size_t from, std::size_t end) const {
        for (std::size_t i = from; i < end; ++i)
            if (phrase(i, end, [](const Entry& e) { return e.kind == Kind::target || e.kind == Kind::sequence; })) return true;
        return false;
    }

    /// "T = transmural": what a letter stands for, and where that is said.
    struct Meaning { char letter; bool positive; std::size_t first; };
    [[nodiscard]] std::optional<Meaning> legend(const Token& t) const {
        if (t.kind != Token::Kind::word || t.end != t.start + 1) return std::nullopt;
        for (const Meaning& m : legend_)
            if (m.letter == text_[t.start]) return m;
        return std::nullopt;
    }
    void read_legend() {
        for (std::size_t i = 0; i + 2 < in_.size(); ++i) {
            if (in_[i].kind != Token::Kind::word || in_[i].end != in_[i].start + 1 || !is_sign(in_[i + 1], '=')) continue;
            const auto m = phrase(i + 2, std::min(in_.size(), i + 6), [](const Entry& e) { return e.kind == Kind::pattern || e.kind == Kind::weak || e.kind == Kind::target || e.kind == Kind::negation || e.kind == Kind::negated || e.kind == Kind::answer; });
            if (m) legend_.push_back({text_[in_[i].start], m->kind == Kind::pattern || m->kind == Kind::weak || m->kind == Kind::target, i + 2});
        }
    }

    /// The cell at a token; nothing where there is none.
    [[nodiscard]] std::optional<Cell> cell(std::size_t i, std::size_t end) const {
        if (i >= end) return std::nullopt;
        const Token& t = in_[i];
        if (t.kind == Token::Kind::number) {
            Cell c{.first = i, .end = i + 1, .positive = t.value != 0, .amount = true};
            if (c.end + 1 < end && is_sign(in_[c.end], '-') && !in_[c.end].spaced && in_[c.end + 1].kind == Token::Kind::number && !in_[c.end + 1].spaced) {
                c.positive = true;
                c.end += 2;
            }
            if (c.end < end && is_sign(in_[c.end], '%')) ++c.end;
            return c;
        }
        if (is_sign(t, '-') || (is_sign(t, '.') && t.spaced && (i + 1 == end || in_[i + 1].spaced))) return Cell{.first = i, .end = i + 1};
        if (const auto meant = legend(t)) return Cell{.first = i, .end = i + 1, .positive = meant->positive, .meaning = meant->first};
        if (is_sign(t, '+')) {
            Cell c{.first = i, .end = i + 1, .positive = true};
            while (c.end < end && is_sign(in_[c.end], '+') && !in_[c.end].spaced) ++c.end;
            return c;
        }
        bool positive = false;
        const auto mark = phrase(i, end, [&](const Entry& e) {
            positive = e.kind == Kind::weak || e.kind == Kind::pattern;
            return positive || e.kind == Kind::negation || e.kind == Kind::negated || e.kind == Kind::answer;
        });
        if (!mark) return std::nullopt;
        return Cell{.first = i, .end = mark->end, .positive = positive};
    }

    /// Cells from a token on, parted by `separator` or (0) by blanks and bars; all of them up to `end` unless parted by a
    /// separator. Empty where something else stands there.
    [[nodiscard]] std::vector<Cell> cells(std::size_t i, std::size_t end, char separator) const {
        std::vector<Cell> out;
        while (i < end && out.size() <= most_columns) {
            if (separator == 0 && (is_sign(in_[i], '|') || is_sign(in_[i], ','))) { ++i; continue; }
            const auto c = cell(i, end);
            if (!c) return separator == 0 ? std::vector<Cell>{} : out;
            out.push_back(*c);
            i = c->end;
            if (separator == 0) continue;
            if (i >= end || !is_sign(in_[i], separator)) break;
            ++i;
        }
        return out;
    }

    void put_label(const Label& l, bool of_column) {
        if (l.kind == Kind::segmentword) {
            put_word(words_[0], l.first);
            put_number(in_[l.first].value, l.first);
        } else if (l.kind == Kind::level) {
            const auto w = static_cast<LevelWord>(l.code);
            const bool cap = w == LevelWord::apex && !of_column;
            put_word(words_[cap ? 5 : w == LevelWord::basal || w == LevelWord::base ? 2 : w == LevelWord::mid || w == LevelWord::midlevel ? 3 : 4], l.first);
        } else if (l.crossed != 0) put_word(l.crossed, l.first);
        else copy(l.first, l.end);
    }

    /// One row: what lies where.
    void put_row(const Label& row, const std::vector<Label>& columns, const std::vector<Cell>& values, bool percent) {
        bool any = false;
        for (std::size_t k = 0; k < values.size(); ++k) {
            const Cell& c = values[k];
            if (!c.positive) continue;
            if (any) put_sign(',', values[k - 1].end - 1);
            any = true;
            if (row.kind == Kind::wall) {
                put_label(columns[k], true);
                put_label(row, false);
            } else {
                if (row.end > row.first) put_label(row, true);
                put_label(columns[k], true);
            }
            put_value(c, percent);
        }
        if (any) return;
        if (row.end > row.first) put_label(row, true);
        else put_label(columns.front(), true);
        put_sign(':', values.back().end - 1);
        put_number(0, values.back().end - 1);
    }
    void put_value(const Cell& c, bool percent) {
        if (c.amount && percent) {
            put_sign('(', c.first);
            copy(c.first, c.end);
            if (!is_sign(in_[c.end - 1], '%')) put_sign('%', c.end - 1);
            put_sign(')', c.end - 1);
        } else if (c.meaning != 0) {
            Token t = in_[c.meaning];
            t.start = in_[c.first].start, t.end = in_[c.first].end;
            out_.push_back(t);
        }
        else if (!c.amount && in_[c.first].kind == Token::Kind::word) copy(c.first, c.end);
    }
    [[nodiscard]] bool in_percent(const std::vector<Cell>& values) const {
        constexpr float highest_score = 4;
        return std::any_of(values.begin(), values.end(), [&](const Cell& c) { return c.amount && (in_[c.first].value > highest_score || is_sign(in_[c.end - 1], '%')); });
    }

    /// The walls or levels that a run of tokens is made of, at least two.
    [[nodiscard]] std::vector<Label> header(std::size_t i, std::size_t end) const {
        constexpr std::size_t most_others = 4;
        std::vector<Label> out;
        std::size_t others = 0;
        while (i < end) {
            std::size_t field_end = i + 1;  // "Ant   Sept" are two walls
            while (field_end < end && !behind_gap(in_[field_end - 1], in_[field_end])) ++field_end;
            if (const auto l = place(i, field_end)) {
                if (!out.empty() && out.front().kind != l->kind) return {};
                out.push_back(*l);
                i = l->end;
                continue;
            }
            if (in_[i].kind == Token::Kind::number) return {};
            others += in_[i].kind == Token::Kind::word;
            ++i;
        }
        return out.size() >= 2 && out.size() <= most_columns && others <= most_others ? out : std::vector<Label>{};
    }

    /// "septal, anterior": the two walls as one.
    [[nodiscard]] Label crossed_wall(Label a, std::size_t end) const {
        if (a.kind != Kind::wall || a.end >= end || !(is_sign(in_[a.end], ',') || is_sign(in_[a.end], '/') || is_sign(in_[a.end], '-'))) return a;
        const auto b = place(a.end + 1, end);
        if (!b || b->kind != Kind::wall) return a;
        for (std::size_t w = 0; w < 4; ++w) {
            constexpr std::array<std::array<std::uint32_t, 2>, 4> parts{{{0, 6}, {3, 6}, {3, 7}, {0, 7}}};  // of wall_words
            const std::uint32_t one = 1U << parts[w][0], other = 1U << parts[w][1];
            if ((a.code == one && b->code == other) || (a.code == other && b->code == one)) return {.first = a.first, .end = b->end, .kind = Kind::wall, .code = 2U << w, .crossed = words_[6 + w]};
        }
        return a;
    }

    struct Row { Label label; std::vector<Cell> values; };
    /// A row of a grid, whose cells may be fewer than the columns where each stands below one: `head_line` is the first
    /// token of the header. A row of the apex has one cell.
    [[nodiscard]] std::optional<Row> row(std::size_t i, std::size_t end, std::size_t head_line, const std::vector<Label>& columns) const {
        const std::size_t line = i;
        auto label = place(i, end);
        if (!label) return std::nullopt;
        label = crossed_wall(*label, end);
        i = label->end;
        while (i < end && (is_sign(in_[i], ':') || is_sign(in_[i], '|') || is_sign(in_[i], '='))) ++i;
        Row r{*label, cells(i, end, 0)};
        if (label->kind == columns.front().kind) {
            const bool cap = label->kind == Kind::level && static_cast<LevelWord>(label->code) == LevelWord::apex && r.values.size() == 1;
            return cap ? std::optional(r) : std::nullopt;
        }
        if (r.values.size() > columns.size() || r.values.empty()) r.values = cells(i, end, '/');
        if (r.values.size() < columns.size() && !r.values.empty() && !spread(head_line, columns, line, r.values)) return std::nullopt;
        return r.values.size() == columns.size() ? std::optional(r) : std::nullopt;
    }
    /// Puts cells below their columns by where they stand in the line. False where that is not plain.
    bool spread(std::size_t head_line, const std::vector<Label>& columns, std::size_t line, std::vector<Cell>& values) const {
        constexpr std::int64_t farthest = 4;
        std::vector<Cell> placed(columns.size(), Cell{.first = values.front().first, .end = values.front().end});
        std::size_t from = 0;
        for (const Cell& c : values) {
            const std::int64_t here = offset(line, c.first);
            std::int64_t distance = farthest + 1;
            std::size_t nearest = none;
            for (std::size_t k = from; k < columns.size(); ++k) {
                const std::int64_t begin = offset(head_line, columns[k].first), stop = offset(head_line, columns[k].end - 1);
                const std::int64_t d = std::max<std::int64_t>({0, begin - here, here - stop - static_cast<std::int64_t>(in_[columns[k].end - 1].end - in_[columns[k].end - 1].start)});
                if (d < distance) { distance = d; nearest = k; }
            }
            if (nearest == none) return false;
            placed[nearest] = c;
            from = nearest + 1;
        }
        values.swap(placed);
        return true;
    }

    /// A header and the rows below it: the token behind them, none where there is no such table.
    std::size_t grid(std::size_t at, std::size_t end) {
        if (end >= in_.size() || end + 1 >= in_.size() || end == at) return none;
        const std::size_t next_end = line_end(end + 1);
        if (!place(end + 1, next_end)) return none;
        const auto columns = header(at, end);
        if (columns.empty() || !row(end + 1, next_end, at, columns)) return none;
        bool percent = false;
        std::size_t last = end;
        for (std::size_t i = end + 1; i < in_.size();) {
            const std::size_t e = line_end(i);
            const auto r = row(i, e, at, columns);
            if (!r) break;
            percent = percent || in_percent(r->values);
            last = e;
            i = e + 1;
        }
        put_title(at, end);
        for (std::size_t i = end + 1; i < last;) {
            const std::size_t e = line_end(i);
            const auto r = row(i, e, at, columns);
            if (r->values.size() < columns.size()) put_row({}, {r->label}, r->values, percent);
            else put_row(r->label, columns, r->values, percent);
            if (e < in_.size()) out_.push_back(in_[e]);
            i = e + 1;
        }
        return last + 1;
    }

    /// "LGE:" in the place of a table's header, and of the line above it, where one of them names LGE.
    void put_title(std::size_t at, std::size_t end) {
        std::size_t above = out_.size();
        if (above > 0 && is_newline(out_[above - 1])) --above;
        std::size_t from = above;
        while (from > 0 && !is_newline(out_[from - 1])) --from;
        bool named = names_lge(at, end);
        if (!named && from < above) {  // the line above is in `out_` as it was
            Rewriter line(lexicon_, text_, out_);
            named = line.names_lge(from, above);
            if (named) out_.resize(from);
        }
        if (!named) return;
        put_word(words_[1], at);
        put_sign(':', at);
        if (end > at) out_.push_back(in_[end]);
    }

    /// What stands between two separators, or wide gaps, of a line.
    struct Field { std::size_t first, end; };
    [[nodiscard]] std::vector<Field> fields(std::size_t from, std::size_t end, char separator) const {
        std::vector<Field> out;
        if (separator == '|' && from < end && is_sign(in_[from], '|')) ++from;
        std::size_t first = from;
        for (std::size_t i = from; i < end; ++i) {
            const bool cut = separator == gap ? i > first && behind_gap(in_[i - 1], in_[i]) : is_sign(in_[i], separator);
            if (!cut) continue;
            out.push_back({first, i});
            first = separator == gap ? i : i + 1;
        }
        if (first < end) out.push_back({first, end});
        return out;
    }
    /// Where a token stands in the line whose first token is `line`, in bytes.
    [[nodiscard]] std::int64_t offset(std::size_t line, std::size_t i) const { return static_cast<std::int64_t>(in_[i].start) - (line > 0 ? in_[line - 1].end : 0); }

    /// The field of a row below that of the header: the same by number, or the nearest where gaps part them.
    [[nodiscard]] std::optional<Field> below(std::size_t head_line, const Field& head, std::size_t column, std::size_t count, std::size_t line, const std::vector<Field>& row, char separator) const {
        if (separator != gap) return row.size() == count && row[column].first < row[column].end ? std::optional(row[column]) : std::nullopt;
        const std::int64_t begin = offset(head_line, head.first), end = offset(head_line, head.end - 1) + 1;
        constexpr std::int64_t farthest = 8;
        std::optional<Field> best;
        std::int64_t distance = farthest;
        for (std::size_t k = 1; k < row.size(); ++k) {
            const std::int64_t b = offset(line, row[k].first), e = offset(line, row[k].end - 1) + 1;
            const std::int64_t d = std::max<std::int64_t>({0, b - end, begin - e});
            if (d < distance) { distance = d; best = row[k]; }
        }
        return best;
    }

    /// "Segment | motion | LGE %", "segment,edema,lge" or columns parted by wide gaps, and the rows below.
    std::size_t columns(std::size_t at, std::size_t end) {
        if (end >= in_.size() || end + 1 >= in_.size()) return none;
        const std::size_t next_end = line_end(end + 1);
        for (const char separator : {'|', ';', ',', gap}) {
            const auto heads = fields(at, end, separator);
            if (heads.size() < 2 || heads.size() > most_columns) continue;
            if (fields(end + 1, next_end, separator).size() < 2) continue;
            for (std::size_t k = separator == gap ? 0 : 1; k < heads.size(); ++k)
                if (names_lge(heads[k].first, heads[k].end)) return column_below(at, end, heads, k, separator);
        }
        return none;
    }

    /// The label of a row: the number of a segment, or a place.
    [[nodiscard]] std::optional<Label> row_label(const Field& f) const {
        if (f.first >= f.end) return std::nullopt;
        if (is_segment(f.first)) return Label{.first = f.first, .end = f.first + 1, .kind = Kind::segmentword};
        return place(f.first, f.end);
    }

    std::size_t column_below(std::size_t at, std::size_t end, const std::vector<Field>& heads, std::size_t column, char separator) {
        struct Found { Field label; Label name; Cell value; std::size_t line_end; bool ratio; std::vector<Field> further = {}; };
        constexpr std::size_t fewest_rows = 2;
        std::vector<Found> rows;
        bool percent = std::any_of(in_.begin() + static_cast<std::ptrdiff_t>(heads[column].first), in_.begin() + static_cast<std::ptrdiff_t>(heads[column].end), [](const Token& t) { return is_sign(t, '%'); });
        std::size_t i = end + 1;
        for (; i < in_.size();) {
            const std::size_t e = line_end(i);
            const auto row = fields(i, e, separator);
            if (e == i || (separator == gap ? row.size() < 2 : row.size() != heads.size())) break;
            const auto label = row_label(row[0]);
            if (separator == gap && !label) break;
            const auto field = below(at, heads[column], column, heads.size(), i, row, separator);
            const auto value = field ? cell(field->first, field->end) : std::nullopt;
            if (label && value) {
                const bool ratio = value->end + 1 < e && is_sign(in_[value->end], '/') && in_[value->end + 1].kind == Token::Kind::number;  // "0/6"
                rows.push_back({row[0], *label, *value, e, ratio});
                for (std::size_t k = 1; k < row.size() && row[k].first < field->first; ++k)  // "basal | inferior | 50 %"
                    if (const auto more = place(row[k].first, row[k].end); more && more->kind != label->kind) rows.back().further.push_back(row[k]);
                percent = percent || (!ratio && in_percent({*value}));
            }
            i = e + 1;
        }
        if (rows.size() < fewest_rows) return none;
        put_word(words_[1], at);
        put_sign(':', at);
        out_.push_back(in_[end]);
        const bool any = std::any_of(rows.begin(), rows.end(), [](const Found& r) { return r.value.positive; });
        for (const Found& r : rows) {
            if (!r.value.positive && any) continue;
            if (r.name.kind == Kind::segmentword) put_label(r.name, false);
            else copy(r.label.first, r.label.end);
            for (const Field& f : r.further) copy(f.first, f.end);
            if (r.value.positive) put_value(r.value, percent && !r.ratio);
            else {
                put_sign(':', r.value.end - 1);
                put_number(0, r.value.end - 1);
            }
            if (r.line_end < in_.size()) out_.push_back(in_[r.line_end]);
        }
        return std::min(i, in_.size());
    }

    /// "[LGE]" and "level=basal": as "LGE:" and "level: basal".
    void name_fields(std::size_t at, std::size_t end) {
        constexpr std::size_t longest_name = 4;
        const auto colon = [&](std::size_t i) {
            in_[i].sign = ':';
            in_[i].symbol = static_cast<unsigned char>(':');
        };
        if (end > at + 2 && is_sign(in_[at], '[') && is_sign(in_[end - 1], ']') && end - at <= longest_name + 2) {
            in_[at].kind = Token::Kind::newline;
            in_[at].sign = '\n';
            colon(end - 1);
            return;
        }
        for (std::size_t i = at + 1; i < end && i < at + longest_name && in_[i - 1].kind == Token::Kind::word; ++i)
            if (is_sign(in_[i], '=') && !in_[i].spaced && i + 1 < end && !in_[i + 1].spaced) { colon(i); return; }
    }

    [[nodiscard]] bool is_segment(std::size_t i) const {
        const Token& t = in_[i];
        return t.kind == Token::Kind::number && t.value >= 1 && t.value <= 17 && t.value == static_cast<float>(static_cast<int>(t.value));
    }

    /// "1:0 2:0 3:2", "4: 50; 10: 75"
    bool pairs(std::size_t at, std::size_t end) {
        constexpr std::size_t fewest = 2;
        std::vector<Label> labels;
        std::vector<Cell> values;
        std::size_t begin = none, stop = at;
        for (std::size_t i = at; i + 2 < end;) {
            const bool pair = is_segment(i) && is_sign(in_[i + 1], ':') && in_[i + 2].kind == Token::Kind::number && (labels.empty() || in_[labels.back().first].value < in_[i].value);
            if (!pair) {
                if (begin == none) { ++i; continue; }
                break;
            }
            if (begin == none) begin = i;
            labels.push_back({.first = i, .end = i + 1, .kind = Kind::segmentword});
            values.push_back(*cell(i + 2, end));
            i = stop = values.back().end;
            while (i < end && (is_sign(in_[i], ',') || is_sign(in_[i], ';') || is_sign(in_[i], '|'))) ++i;
        }
        if (labels.size() < fewest || (labels.size() == fewest && !in_percent(values))) return false;  // "9:30"
        if (begin == at) put_title(at, at);
        copy(at, begin);
        put_row({}, labels, values, in_percent(values));
        copy(stop, end);
        return true;
    }

    /// "4/10/15: 75/50/25 %"
    bool crossed_segments(std::size_t at, std::size_t end) {
        for (std::size_t i = at; i + 2 < end; ++i) {
            if (!is_segment(i) || !is_sign(in_[i + 1], '/') || !is_segment(i + 2) || (i > at && is_sign(in_[i - 1], '/'))) continue;
            std::vector<Label> labels;
            std::size_t k = i;
            for (; k < end && is_segment(k); ++k) {
                labels.push_back({.first = k, .end = k + 1, .kind = Kind::segmentword});
                if (k + 1 >= end || !is_sign(in_[k + 1], '/')) { ++k; break; }
                ++k;
            }
            if (k >= end || !(is_sign(in_[k], ':') || is_sign(in_[k], '='))) continue;
            const auto values = cells(k + 1, end, '/');
            if (values.size() != labels.size() || !in_percent(values)) continue;
            copy(at, i);
            put_row({}, labels, values, true);
            copy(values.back().end, end);
            return true;
        }
        return false;
    }

    /// "Basal: anterior 0, inferior 50, lateral 0"
    bool wall_pairs(std::size_t at, std::size_t end) {
        std::size_t i = at;
        std::vector<Label> labels;
        std::vector<Cell> values;
        std::optional<Label> ring = place(at, end);
        std::size_t begin = at;
        if (ring && ring->kind == Kind::level && ring->end < end && is_sign(in_[ring->end], ':')) i = ring->end + 1;
        else {
            ring.reset();
            for (std::size_t k = at; k < end; ++k)
                if (is_sign(in_[k], ':')) { begin = i = k + 1; break; }
        }
        while (i < end) {
            const auto label = place(i, end);
            if (!label || label->kind != Kind::wall) break;
            std::size_t k = label->end;
            while (k < end && (is_sign(in_[k], ':') || is_sign(in_[k], '=') || is_sign(in_[k], '('))) ++k;
            const auto value = cell(k, end);
            if (!value || in_[k].kind == Token::Kind::word) return false;
            k = value->end;
            while (k < end && is_sign(in_[k], ')')) ++k;
            labels.push_back(*label);
            values.push_back(*value);
            i = k;
            if (i >= end || !(is_sign(in_[i], ',') || is_sign(in_[i], ';'))) break;
            ++i;
        }
        if (labels.size() < 2 || !(i >= end || is_sign(in_[i], '.')) || std::all_of(values.begin(), values.end(), [](const Cell& c) { return c.positive; })) return false;
        copy(at, begin);
        put_row(ring.value_or(Label{}), labels, values, in_percent(values));
        copy(i, end);
        return true;
    }

    /// "(basal/mid/apical): anterior 0/0/0, inferior 50/75/0": rows of nothing are left out where others hold something.
    bool inline_grid(std::size_t at, std::size_t end) {
        struct Found { Label label; std::vector<Cell> values; std::size_t end; };
        std::vector<Label> columns;
        std::vector<Found> rows;
        std::size_t header_first = none, header_end = none;
        for (std::size_t i = at; i + 4 < end; ++i) {
            const auto label = place(i, end);
            if (!label) continue;
            std::size_t k = label->end;
            i = k - 1;
            if (label->kind == Kind::level) {
                std::vector<Label> levels{*label};
                while (k + 1 < end && is_sign(in_[k], '/')) {
                    const auto next = place(k + 1, end);
                    if (!next || next->kind != Kind::level) break;
                    levels.push_back(*next);
                    k = next->end;
                }
                if (levels.size() < 2 || header_first != none) continue;
                if (rows.empty()) columns = levels;
                header_first = label->first;
                header_end = k;
                i = k - 1;
                continue;
            }
            while (k < end && (is_sign(in_[k], ':') || is_sign(in_[k], '=') || is_sign(in_[k], '('))) ++k;
            auto values = cells(k, end, '/');
            if (values.size() < 2 || values.size() != (columns.empty() ? 3 : columns.size())) continue;
            if (columns.empty()) columns = rings(label->first);
            std::size_t behind = values.back().end;
            if (behind < end && is_sign(in_[behind], ')') && is_sign(in_[k - 1], '(')) ++behind;
            i = behind - 1;
            rows.push_back({*label, std::move(values), behind});
        }
        if (rows.empty()) return false;
        const auto holds = [](const Found& r) { return std::any_of(r.values.begin(), r.values.end(), [](const Cell& c) { return c.positive; }); };
        const bool any = std::any_of(rows.begin(), rows.end(), holds);
        std::size_t done = at;
        const auto pass_header = [&](std::size_t to) {  // which is no place
            if (header_first == none || header_first < done || header_end > to) return;
            copy(done, header_first);
            done = header_end;
        };
        for (const Found& r : rows) {
            pass_header(r.label.first);
            copy(done, r.label.first);
            done = r.end;
            if (any && !holds(r)) {
                if (done < end && is_sign(in_[done], ',')) ++done;
                continue;
            }
            put_row(r.label, columns, r.values, in_percent(r.values) || (r.end < end && is_sign(in_[r.end], '%')));
        }
        pass_header(end);
        copy(done, end);
        return true;
    }
    /// Base, mid and apex, where no header says so.
    static std::vector<Label> rings(std::size_t over) {
        const auto ring = [&](LevelWord w) { return Label{.first = over, .end = over + 1, .kind = Kind::level, .code = static_cast<std::uint32_t>(w)}; };
        return {ring(LevelWord::basal), ring(LevelWord::mid), ring(LevelWord::apical)};
    }

    const Lexicon& lexicon_;
    std::string_view text_;
    std::vector<Meaning> legend_;
    Tokens& in_;
    Tokens out_;
    std::array<std::uint32_t, 10> words_{};  // segment, lge, basal, mid, apical, apex, and the walls between two others
};

}  // namespace

void read_tables(const Lexicon& lexicon, std::string_view text, Tokens& tokens) {
    if (may_hold_table(tokens)) Rewriter(lexicon, text, tokens).run();
}

}  // namespace lge::report
