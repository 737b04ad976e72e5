#include "lge/report/marks.hpp"

#include "lge/report/unicode.hpp"

#include <algorithm>

namespace lge::report {

namespace {

/// A sign in the place of a token.
Token sign_over(Token t, char c) {
    t.kind = Token::Kind::sign;
    t.sign = c;
    t.symbol = static_cast<unsigned char>(c);
    t.word = 0;
    return t;
}

/// A box of tokens [first, last].
struct Box { std::size_t first, last; bool ticked; };

class Form {
public:
    Form(std::string_view text, Tokens& tokens) : text_(text), tokens_(tokens) {}

    void run() {
        std::size_t out = 0;
        for (std::size_t i = 0; i < tokens_.size();) {
            if (const std::size_t close = heading_end(i); close != none) {
                tokens_[close] = sign_over(tokens_[close], ':');
                ++i;
            }
            std::size_t end = i;
            boxes_.clear();
            lettered_ = lettered(i);
            signed_ = holds(i, '+') && holds(i, '-');
            while (end < tokens_.size() && tokens_[end].kind != Token::Kind::newline && !(ticked_one() && labels_boxes(end))) {
                if (const std::size_t last = box_at(end); last != none) {
                    boxes_.push_back({end, last, ticked(end, last)});
                    end = last + 1;
                } else ++end;
            }
            const std::size_t line = out;
            keep(i, end, out);
            const bool line_ends = end == tokens_.size() || tokens_[end].kind == Token::Kind::newline;
            if (end < tokens_.size() && line_ends && (out > line || boxes_.empty())) tokens_[out++] = tokens_[end];
            i = line_ends ? end + 1 : end;
        }
        tokens_.resize(out);
    }

private:
    static constexpr std::size_t none = ~std::size_t{0};
    static constexpr std::size_t several = 3;  // options of a row

    [[nodiscard]] bool is_letter(std::size_t i, char c) const { return tokens_[i].kind == Token::Kind::word && tokens_[i].end == tokens_[i].start + 1 && (text_[tokens_[i].start] | ' ') == c; }
    [[nodiscard]] bool is_tick(std::size_t i) const { return is_letter(i, 'o') || is_letter(i, 'x'); }
    /// "o LGE yes   x LGE no": whether letters stand for the boxes of a line, which starts with one and has others.
    [[nodiscard]] bool lettered(std::size_t line) const {
        const bool first = line < tokens_.size() && is_tick(line) && !tokens_[line].upper;
        std::size_t n = 0;
        for (std::size_t i = line; i < tokens_.size() && tokens_[i].kind != Token::Kind::newline; ++i) n += first ? is_tick(i) : letter_before(i, line);
        return n >= 2;
    }
    /// "LGE   O absent   X present": a letter that stands apart from what is before it, and not from what is behind.
    [[nodiscard]] bool letter_before(std::size_t i, std::size_t line) const {
        constexpr std::uint8_t gap = 2;  // blanks
        if (!is_tick(i) || i + 1 >= tokens_.size() || tokens_[i + 1].kind == Token::Kind::newline || tokens_[i + 1].spaced != 1) return false;
        return i > line && (tokens_[i].spaced >= gap || is_sign(tokens_[i - 1], ':'));
    }

    /// "septum [+]   lateral wall [-]": whether a bracket of a line holds a sign alone; where there are both, they are no boxes.
    [[nodiscard]] bool holds(std::size_t line, char mark) const {
        for (std::size_t i = line; i + 2 < tokens_.size() && tokens_[i].kind != Token::Kind::newline; ++i)
            if (is_sign(tokens_[i], '[') && is_sign(tokens_[i + 1], mark) && is_sign(tokens_[i + 2], ']')) return true;
        return false;
    }
    [[nodiscard]] bool ticked_one() const {
        return std::any_of(boxes_.begin(), boxes_.end(), [](const Box& b) { return b.ticked; });
    }
    /// "LGE: [x] yes [ ] no   MVO: [ ] yes [x] no": whether the words behind a gap name what other boxes of the line are of.
    [[nodiscard]] bool labels_boxes(std::size_t i) const {
        constexpr std::size_t longest = 4;  // words
        constexpr std::uint8_t gap = 2;     // blanks
        if (tokens_[i].kind != Token::Kind::word || tokens_[i].spaced < gap) return false;
        std::size_t k = i;
        while (k < tokens_.size() && k < i + longest && tokens_[k].kind == Token::Kind::word) ++k;
        return k + 1 < tokens_.size() && is_sign(tokens_[k], ':') && box_at(k + 1) != none;
    }

    /// "[LGE mass] 1.8 g": the bracket behind the words that head a line, or none.
    [[nodiscard]] std::size_t heading_end(std::size_t line) const {
        constexpr std::size_t longest = 4;  // words
        if (line + 1 >= tokens_.size() || !is_sign(tokens_[line], '[') || box_at(line) != none || tokens_[line + 1].kind != Token::Kind::word) return none;
        std::size_t close = line + 1;
        while (close < tokens_.size() && close <= line + longest && (tokens_[close].kind == Token::Kind::word || is_sign(tokens_[close], '/'))) ++close;
        return close < tokens_.size() && is_sign(tokens_[close], ']') && !(close + 1 < tokens_.size() && is_sign(tokens_[close + 1], ':')) ? close : none;
    }

    /// "Late enhancement [no]   LGE segments [-]": the end of the bracket that holds the answer of a field, whose name stands
    /// before it; none where there is no such field.
    [[nodiscard]] std::size_t answer_end(std::size_t open, std::size_t from, std::size_t to) const {
        constexpr std::size_t longest = 4;  // words of a name
        constexpr std::uint8_t gap = 2;     // blanks between fields
        if (signed_ || !is_sign(tokens_[open], '[') || open + 2 >= to) return none;
        std::size_t name = open;
        while (name > from && tokens_[name - 1].kind == Token::Kind::word) {
            --name;
            if (tokens_[name].spaced >= gap) break;
        }
        if (name == open || open - name > longest || (name > from && !is_sign(tokens_[name - 1], ']') && tokens_[name].spaced < gap)) return none;
        std::size_t close = open + 1;
        while (close < to && !is_sign(tokens_[close], ']') && !is_sign(tokens_[close], '[')) ++close;
        return close < to && close > open + 1 && is_sign(tokens_[close], ']') && (close + 1 == to || tokens_[close + 1].spaced >= gap) ? close : none;
    }

    [[nodiscard]] char32_t code_at(std::size_t i) const { return decode(text_, tokens_[i].start).code; }
    [[nodiscard]] bool fills(std::size_t i) const {  // what stands in a ticked box
        const Token& t = tokens_[i];
        if (t.end - t.start == 1) return text_[t.start] == 'x' || text_[t.start] == 'X' || text_[t.start] == '*' || text_[t.start] == '+' || text_[t.start] == 'v' || text_[t.start] == 'V';
        const char32_t c = code_at(i);
        return (c >= 0x2713 && c <= 0x2718) || c == 0xd7;
    }
    /// The last token of a box: "[ ]", "[x]", "( )", "(x)", or the sign of one; none where there is no box.
    [[nodiscard]] std::size_t box_at(std::size_t i) const {
        const Token& t = tokens_[i];
        if (lettered_ && is_tick(i)) return i;
        if (t.kind != Token::Kind::sign || (signed_ && t.sign == '[')) return none;
        if (t.sign == '[' || t.sign == '(') {
            const char close = t.sign == '[' ? ']' : ')';
            if (i + 1 < tokens_.size() && is_sign(tokens_[i + 1], close)) return i + 1;
            return i + 2 < tokens_.size() && is_sign(tokens_[i + 2], close) && (fills(i + 1) || is_sign(tokens_[i + 1], '_')) ? i + 2 : none;
        }
        if (t.end - t.start < 3) return none;
        const char32_t c = code_at(i);
        return (c >= 0x2610 && c <= 0x2612) || c == 0x25a1 || c == 0x25a2 || c == 0x25a0 || c == 0x2b1c ? i : none;
    }
    [[nodiscard]] bool ticked(std::size_t first, std::size_t last) const {
        if (first != last) return last == first + 2 && fills(first + 1);
        if (tokens_[first].kind == Token::Kind::word) return is_letter(first, 'x');
        const char32_t c = code_at(first);
        return c == 0x2611 || c == 0x2612 || c == 0x25a0;
    }
    [[nodiscard]] bool leader(std::size_t i, std::size_t end) const {
        return i + 2 < end && (is_sign(tokens_[i], '.') || is_sign(tokens_[i], '_')) && is_sign(tokens_[i + 1], tokens_[i].sign) && !tokens_[i + 1].spaced && is_sign(tokens_[i + 2], tokens_[i].sign) && !tokens_[i + 2].spaced;
    }
    void copy(std::size_t from, std::size_t to, std::size_t& out) {
        const auto opens = [&](const Token& t) { return is_sign(t, '['); };
        const bool groups = std::count_if(tokens_.begin() + static_cast<std::ptrdiff_t>(from), tokens_.begin() + static_cast<std::ptrdiff_t>(to), opens) > 1;  // "[apex: transmural] [rest: nil]"
        std::size_t answer = none;  // the end of one
        for (std::size_t i = from; i < to; ++i) {
            Token t = tokens_[i];
            if (const std::size_t close = answer_end(i, from, to); close != none) {
                answer = close;
                tokens_[out++] = sign_over(t, ':');
                continue;
            }
            if (i == answer) t = sign_over(t, ';');
            if (groups && opens(t)) continue;
            if (groups && is_sign(t, ']')) t = sign_over(t, ';');
            if (leader(i, to)) {
                while (i + 1 < to && is_sign(tokens_[i + 1], t.sign)) ++i;
                t.end = tokens_[i].end;
                t.sign = ':';
                t.symbol = static_cast<unsigned char>(':');
            }
            tokens_[out++] = t;
        }
    }
    /// A line without what is not ticked. The words of an option stand behind its box, or before it where nothing
    /// stands behind the last.
    void keep(std::size_t from, std::size_t end, std::size_t& out) {
        if (boxes_.empty()) return copy(from, end, out);
        const std::size_t line = out;
        const bool behind = std::any_of(tokens_.begin() + static_cast<std::ptrdiff_t>(boxes_.back().last) + 1, tokens_.begin() + static_cast<std::ptrdiff_t>(end), [](const Token& t) { return t.kind != Token::Kind::sign; });
        if (behind && boxes_.front().first > from) {
            copy(from, boxes_.front().first, out);
            if (!is_sign(tokens_[boxes_.front().first - 1], ':')) {  // "LGE  [x] yes"
                tokens_[out++] = sign_over(tokens_[boxes_.front().first], ':');
            }
        }
        if (boxes_.size() >= several && std::none_of(boxes_.begin(), boxes_.end(), [](const Box& b) { return b.ticked; })) {  // "Apical: ant [ ] sept [ ] inf [ ]"
            out = line;
            return;
        }
        bool kept = false;  // an option of the line
        for (std::size_t b = 0; b < boxes_.size(); ++b) {
            const Box box = boxes_[b];
            const std::size_t words = behind ? box.last + 1 : b == 0 ? heading_apart(from, box.first, out) : boxes_[b - 1].last + 1;
            const std::size_t words_end = !behind ? box.first : b + 1 < boxes_.size() ? boxes_[b + 1].first : end;
            if (!box.ticked) {
                if (behind && b + 1 == boxes_.size()) copy(option_end(words, end), end, out);
                continue;
            }
            if (kept && words < words_end) tokens_[out++] = sign_over(tokens_[box.first], ',');
            kept = true;
            copy(words, words_end, out);
        }
    }
    /// "[x] yes [ ] no   Location: lateral": where the words of an option end before others of its line.
    [[nodiscard]] std::size_t option_end(std::size_t words, std::size_t end) const {
        constexpr std::uint8_t gap = 3;  // blanks
        for (std::size_t i = words + 1; i < end; ++i)
            if ((is_sign(tokens_[i], '.') && i + 1 < end && tokens_[i + 1].spaced != 0) || tokens_[i].spaced >= gap) return i;
        return end;
    }
    /// "MVO: no [ ] yes [x]": the words up to a colon name what the first option is of.
    std::size_t heading_apart(std::size_t from, std::size_t to, std::size_t& out) {
        constexpr std::uint32_t gap = 2;  // bytes: "MVO      present [ ]   absent [x]"
        for (std::size_t i = to; i-- > from + 1;)
            if (tokens_[i].start - tokens_[i - 1].end >= gap && !is_sign(tokens_[i - 1], ':')) {
                copy(from, i, out);
                tokens_[out++] = sign_over(tokens_[i], ':');
                return i;
            }
        for (std::size_t i = to; i-- > from;)
            if (is_sign(tokens_[i], ':') && i + 1 < to) {
                copy(from, i + 1, out);
                return i + 1;
            }
        return from;
    }

    std::string_view text_;
    Tokens& tokens_;
    std::vector<Box> boxes_;
    bool lettered_ = false, signed_ = false;
};

}  // namespace

void read_marks(std::string_view text, Tokens& tokens) { Form(text, tokens).run(); }

bool may_tick_by_letters(std::string_view text) {
    for (const std::string_view tick : {"x ", "X "})  // begins with a rare letter, and so is found fast
        for (std::size_t i = text.find(tick); i != std::string_view::npos; i = text.find(tick, i + 1))
            if (i > 1 && text[i - 1] == ' ' && (text[i - 2] == ' ' || text[i - 2] == ':')) return true;
    return false;
}

}  // namespace lge::report
