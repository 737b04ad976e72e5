#include "lge/report/scan.hpp"

#include "lge/report/letters.hpp"
#include "lge/report/markup.hpp"
#include "lge/report/unicode.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lge::report {

namespace {

constexpr std::size_t misspelt_from = 7;  // letters: a word of eight may lack one

enum class Class : std::uint8_t { other, form, letter, digit, space, newline, drop, high, markup };  // form: a sign that can start a mark of a form

constexpr std::array<Class, 256> classes = [] {
    std::array<Class, 256> t{};
    for (std::size_t c = 0; c < 256; ++c) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) t[c] = Class::letter;
        else if (c >= '0' && c <= '9') t[c] = Class::digit;
        else if (c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r') t[c] = Class::space;
        else if (c == '\n') t[c] = Class::newline;
        else if (c < 0x20 || c == 0x7f) t[c] = Class::drop;
        else if (c >= 0x80) t[c] = Class::high;
        else if (c == '&' || c == '<') t[c] = Class::markup;
        else if (c == '[' || c == '(' || c == '.' || c == '_' || c == '"') t[c] = Class::form;
    }
    return t;
}();
Class class_of(char c) { return classes[static_cast<unsigned char>(c)]; }
/// Ends a word for good: no letter or digit, nothing that could hide within a word.
constexpr std::array<bool, 256> ends_word = [] {
    std::array<bool, 256> t{};
    for (std::size_t c = 0; c < 256; ++c) t[c] = (classes[c] == Class::other && c != '\'') || classes[c] == Class::form || classes[c] == Class::markup || classes[c] == Class::space || classes[c] == Class::newline;
    return t;
}();

class Scanner {
public:
    /// `out` has room for as many tokens as the text has bytes.
    Scanner(std::string_view text, const Vocabulary& vocabulary, Misspellings* misspellings, Token* out)
        : text_(text), vocabulary_(vocabulary), misspellings_(misspellings), begin_(out), out_(out) {}

    /// Gives the end of the tokens.
    Token* run() {
        const std::size_t n = text_.size();
        form_ = starts_with_box(0);
        while (i_ < n) {
            if (!in_word_ && n - i_ > longest_word) take_plain();
            if (i_ < n) take_byte();
        }
        end_word();
        if (quoted_ && !named_) out_ = without_quotes(begin_, out_);
        return out_;
    }
    /// Whether the text holds a sign of a form.
    [[nodiscard]] bool form() const { return form_; }

private:
    /// One blank more.
    static std::uint8_t more(std::uint8_t blanks) { return static_cast<std::uint8_t>(blanks + (blanks < most_blanks ? 1 : 0)); }
    static constexpr std::uint8_t most_blanks = 3;  // that are told apart
    static std::uint32_t u32(std::size_t i) { return static_cast<std::uint32_t>(i); }

    static Token word_token(std::size_t begin, std::size_t end, std::uint32_t word, bool upper, std::uint8_t spaced) {
        return {u32(begin), u32(end), word, word == 0 ? 0 : word_symbol + word, 0, Token::Kind::word, 0, upper, spaced};
    }
    static Token number_token(std::size_t begin, std::size_t end, float value, std::uint8_t spaced) {
        const bool small = value < static_cast<float>(small_number) && value == static_cast<float>(static_cast<int>(value));
        const std::uint32_t whole = small ? static_cast<std::uint32_t>(value) : 0;
        const std::uint32_t meant = whole >= first_year && whole <= last_year ? any_year : whole;
        return {u32(begin), u32(end), 0, small ? number_symbol + meant : 0, value, Token::Kind::number, 0, false, spaced};
    }
    static Token sign_token(std::size_t begin, std::size_t end, char c, std::uint8_t spaced) {
        return {u32(begin), u32(end), 0, static_cast<unsigned char>(c), 0, Token::Kind::sign, c, false, spaced};
    }
    static Token newline_token(std::size_t at, std::uint8_t spaced) { return {u32(at), u32(at + 1), 0, 0, 0, Token::Kind::newline, '\n', false, spaced}; }
    void put(const Token& t) {
        *out_++ = t;
        spaced_ = 0;
    }

    /// Words, small numbers, signs, blanks and line breaks, up to the first byte that takes more care, or the last few:
    /// sixteen bytes are read at a time.
    void take_plain() {
        const char* const text = text_.data();
        const std::size_t last = text_.size() - longest_word;
        std::size_t i = i_;
        std::uint8_t spaced = spaced_;
        Token* out = out_;
        while (i < last) {
            const char c = text[i];
            const Class kind = class_of(c);
            if (kind == Class::letter) {
                const Letters start = letters_of(text + i);
                WordKey key{{start.low, start.high, 0, 0}};
                std::size_t length = start.count;
                std::uint64_t hash = 0;
                if (length < 16) hash = WordKey::hash(start.low, start.high);
                else {
                    const Letters rest = letters_of(text + i + length);
                    key.part[2] = rest.low;
                    key.part[3] = rest.high;
                    length += rest.count;
                    hash = key.hash();
                }
                const std::size_t end = i + length;
                const char next = text[end];
                if (!ends_word[static_cast<unsigned char>(next)]) break;
                std::uint32_t word = vocabulary_.exact(hash);
                if (word == 0 && length >= misspelt_from && misspellings_ != nullptr) word = misspellings_->find({reinterpret_cast<const char*>(key.part.data()), length}, hash);
                *out++ = word_token(i, end, word, c < 'a', spaced);
                if (vocabulary_.ends_joint(word)) out = joined(out, word);
                if (next == '-' && wraps_word(end)) {
                    spaced = 0;
                    i = end + 2;
                    continue;
                }
                spaced = next == ' ';
                i = end + (spaced || (next == '-' && joins_words(end)) ? 1 : 0);
            } else if (kind == Class::other || kind == Class::form) {
                if (kind == Class::form && (!form_ || c == '"')) note_form(i);
                *out++ = sign_token(i, i + 1, c, spaced);
                spaced = text[i + 1] == ' ';
                i += spaced ? 2 : 1;
            } else if (kind == Class::space) {
                spaced = c == '\t' ? most_blanks : more(spaced);  // a tab parts columns
                ++i;
            } else if (kind == Class::newline) {
                form_ = form_ || starts_with_box(i + 1);
                *out++ = newline_token(i, spaced);
                spaced = 1;
                ++i;
            } else if (kind == Class::digit) {
                std::uint32_t value = 0;
                std::size_t end = i;
                for (; end < i + 4 && class_of(text[end]) == Class::digit; ++end) value = value * 10 + static_cast<std::uint32_t>(text[end] - '0');
                if (end == i + 4 || text[end] == '.') break;
                *out++ = number_token(i, end, static_cast<float>(value), spaced);
                spaced = 0;
                i = end;
            } else break;
        }
        i_ = i;
        spaced_ = spaced;
        out_ = out;
    }

    /// A byte, number or character beyond ASCII.
    void take_byte() {
        const char c = text_[i_];
        switch (class_of(c)) {
            case Class::letter:
                add(static_cast<char>(c | 0x20), c < 'a', i_, i_ + 1);
                ++i_;
                break;
            case Class::digit:
                if (in_word_) add(c, false, i_, i_ + 1), ++i_;
                else number();
                break;
            case Class::space: end_word(); spaced_ = c == '\t' ? most_blanks : more(spaced_); ++i_; break;
            case Class::newline:
                end_word();
                form_ = form_ || starts_with_box(i_ + 1);
                put(newline_token(i_, spaced_));
                spaced_ = 1;
                ++i_;
                break;
            case Class::drop: ++i_; break;
            case Class::high: beyond_ascii(); break;
            case Class::markup:
                if (const Markup m = markup_at(text_, i_); m.length > 0) { marked_up(m); break; }
                sign(c, i_, i_ + 1);
                ++i_;
                break;
            case Class::form: note_form(i_); [[fallthrough]];
            case Class::other:
                if (c == '-' && in_word_ && wraps_word(i_)) {
                    end_word();
                    ++i_;
                } else if (c == '-' && in_word_ && joins_words(i_)) end_word();
                else if (c == '\'' && in_word_) {
                    i_ = end_at_apostrophe(i_ + 1);
                    break;
                } else sign(c, i_, i_ + 1);
                ++i_;
                break;
        }
    }

    /// A letter that stands for a box at the start of a line (marks.hpp).
    [[nodiscard]] bool starts_with_box(std::size_t i) const { return i + 1 < text_.size() && (text_[i] == 'o' || text_[i] == 'x') && text_[i + 1] == ' '; }

    /// A tick box or a leader (marks.hpp), or the name of a field in quotes (records.hpp).
    [[gnu::noinline]] void note_form(std::size_t i) {
        if (text_[i] == '"') {
            const std::string_view rest = text_.substr(i);
            named_ = named_ || rest.starts_with("\":") || rest.starts_with("\" :");
            quoted_ = true;
            form_ = form_ || named_;
        } else form_ = form_ || starts_form(i);
    }
    /// A tick box or a leader.
    [[nodiscard]] bool starts_form(std::size_t i) const {
        const std::string_view rest = text_.substr(i);
        if (rest[0] == '[') return true;
        if (rest[0] == '(') return rest.starts_with("( )") || rest.starts_with("(x)") || rest.starts_with("(X)");
        return rest.starts_with("...") || rest.starts_with("___");
    }

    [[nodiscard]] std::uint32_t look_up(std::string_view word, std::uint64_t hash) const {
        if (const auto w = vocabulary_.exact(hash)) return w;
        return word.size() >= misspelt_from && misspellings_ != nullptr ? misspellings_->find(word, hash) : 0;
    }

    /// "mid-\nwall": whether a hyphen behind a word parts it at the end of a line.
    [[nodiscard]] bool wraps_word(std::size_t hyphen) const {
        return hyphen + 2 < text_.size() && text_[hyphen + 1] == '\n' && text_[hyphen + 2] >= 'a' && text_[hyphen + 2] <= 'z';
    }

    /// Whether a hyphen behind a word only joins it to the next: "mid-wall", "antero- and inferolateral".
    [[nodiscard]] bool joins_words(std::size_t hyphen) const {
        const std::string_view rest = text_.substr(std::min(hyphen + 1, text_.size()));
        if (rest.empty()) return false;
        if (class_of(rest[0]) == Class::letter) return true;
        const auto next = [&](std::string_view small, std::string_view capital) { return rest.starts_with(small) || rest.starts_with(capital); };
        return rest[0] == ' ' && (next(" and ", " AND ") || rest.starts_with(" & ") || next(" or ", " OR ") || next(" to ", " TO "));
    }

    void add(char letter, bool capital, std::size_t begin, std::size_t end) {
        if (!in_word_) {
            in_word_ = true;
            length_ = 0;
            word_begin_ = begin;
            upper_ = capital;
        }
        if (length_ < longest_word) letters_[length_] = letter;
        ++length_;
        word_end_ = end;
    }
    void end_word() {
        if (!in_word_) return;
        in_word_ = false;
        const std::string_view word(letters_.data(), std::min(length_, longest_word));
        put_word(word_token(word_begin_, word_end_, length_ <= longest_word ? look_up(word, WordKey::of(word).hash()) : 0, upper_, spaced_));
    }
    void put_word(const Token& t) {
        put(t);
        if (vocabulary_.ends_joint(t.word)) out_ = joined(out_, t.word);
    }
    /// "isn't": whether a word that ends with n goes on with t, behind an apostrophe, and ends there.
    [[nodiscard, gnu::noinline]] bool contracts(std::size_t behind) const {
        return behind < text_.size() && (text_[behind] == 't' || text_[behind] == 'T') && (behind + 1 == text_.size() || class_of(text_[behind + 1]) != Class::letter);
    }
    /// Ends a word, or two: "isn't" is "is not". Gives where the text goes on.
    std::size_t end_at_apostrophe(std::size_t behind) {
        const std::string_view word(letters_.data(), std::min(length_, longest_word));
        if (!word.ends_with('n') || !contracts(behind)) {
            end_word();
            return behind;
        }
        if (word != "can" && word != "won") --length_, --word_end_;
        end_word();
        const std::string_view denial = "not";
        put_word(word_token(word_end_, behind + 1, vocabulary_.exact(WordKey::of(denial)), false, 1));
        return behind + 1;
    }
    /// Puts one word in the place of several, the last of which was just put, where these stand for it: also over the break
    /// of a line, which then stands behind it.
    [[nodiscard, gnu::noinline]] Token* joined(Token* out, std::uint32_t last) const {
        for (const Vocabulary::Joint& joint : vocabulary_.joints(last)) {
            const Token* t = out;
            std::size_t left = joint.words.size();
            for (; left > 0 && t != begin_; --left) {
                --t;
                while (left < joint.words.size() && t != begin_ && t->kind == Token::Kind::newline) --t;
                if (t->kind != Token::Kind::word || t->word != joint.words[left - 1]) break;
            }
            if (left > 0) continue;
            Token* const first = begin_ + (t - begin_);
            Token* const newline = std::find_if(first, out, [](const Token& k) { return k.kind == Token::Kind::newline; });
            const bool broken = newline != out;
            const Token kept = broken ? *newline : *first;
            *first = word_token(first->start, (out - 1)->end, joint.meant, first->upper, first->spaced);
            if (broken) first[1] = kept;  // the line ends within the word
            return first + (broken ? 2 : 1);
        }
        return out;
    }
    /// Words in quotes are words as others.
    static Token* without_quotes(Token* begin, Token* end) {
        std::uint8_t blanks = 0;  // before a quote
        const auto quote = [](const Token& t) { return t.kind == Token::Kind::sign && (t.sign == '"' || t.sign == '\''); };
        Token* out = begin;
        for (; begin != end; ++begin) {
            if (quote(*begin)) {
                blanks = std::max(blanks, begin->spaced);
                continue;
            }
            *out = *begin;
            out->spaced = std::max(out->spaced, std::exchange(blanks, std::uint8_t{0}));
            ++out;
        }
        return out;
    }
    void sign(char c, std::size_t begin, std::size_t end) {
        end_word();
        if (c == '&') return put_word(word_token(begin, end, vocabulary_.exact(WordKey::of("and")), false, spaced_));
        put(sign_token(begin, end, c, spaced_));
    }
    void number() {
        constexpr std::size_t exact = 15;  // digits that a double holds, and whose power of ten it holds
        std::uint64_t whole = 0;
        double scale = 1;
        std::size_t j = i_, digits = 0;
        bool point = false;
        for (; j < text_.size(); ++j) {
            const char d = text_[j];
            if (class_of(d) == Class::digit) {
                if (digits == exact) continue;  // too long for any meaning
                whole = whole * 10 + static_cast<std::uint64_t>(d - '0');
                digits += whole != 0 ? 1 : 0;
                if (point) scale *= 10;
            } else if (d == '.' && !point && j + 1 < text_.size() && class_of(text_[j + 1]) == Class::digit) point = true;
            else break;
        }
        put(number_token(i_, j, static_cast<float>(static_cast<double>(whole) / scale), spaced_));
        i_ = j;
    }
    void beyond_ascii() {
        const auto d = decode(text_, i_);
        form_ = form_ || (d.code >= 0x2580 && d.code <= 0x25bf) || (d.code >= 0x2600 && d.code <= 0x263f) || (d.code >= 0x2b00 && d.code <= 0x2b3f);  // boxes are among these
        const std::size_t end = i_ + std::max<std::size_t>(d.length, 1);
        if (const bool bullet = fold(d.code) == "*"; bullet && !in_word_ && spaced_ != 0 && out_ != begin_ && out_[-1].kind != Token::Kind::newline) {  // "basal: nil \u2022 mid: 25 %"
            put(newline_token(i_, spaced_));
            i_ = end;
            return;
        }
        if (!in_word_ && (takes_point(d.code, end) || takes_fraction(d.code, end))) return;
        const bool alone = (d.code == 0xf8 || d.code == 0xd8) && !in_word_ && (end >= text_.size() || class_of(text_[end]) != Class::letter);  // "LGE: \u00f8"
        folded(alone ? std::string_view("0") : d.length == 0 ? std::string_view("?") : fold(d.code), end);
    }
    /// "12\u00b75 %": a point in the middle of the line behind a number and before a digit.
    bool takes_point(char32_t code, std::size_t end) {
        if (code != 0xb7 || out_ == begin_ || out_[-1].kind != Token::Kind::number || out_[-1].end != i_ || end >= text_.size() || class_of(text_[end]) != Class::digit) return false;
        const Token whole = *--out_;
        double fraction = 0, place = 1;
        for (i_ = end; i_ < text_.size() && class_of(text_[i_]) == Class::digit; ++i_) fraction += (place /= 10) * (text_[i_] - '0');
        put(number_token(whole.start, i_, static_cast<float>(static_cast<double>(whole.value) + fraction), whole.spaced));
        return true;
    }
    /// "\u00bd", "\u2154": a fraction that no number stands before, as per cent.
    bool takes_fraction(char32_t code, std::size_t end) {
        constexpr std::array<std::pair<char32_t, float>, 5> fractions{{{0xbc, 25.0F}, {0xbd, 50.0F}, {0xbe, 75.0F}, {0x2153, 33.0F}, {0x2154, 67.0F}}};
        const auto f = std::find_if(fractions.begin(), fractions.end(), [&](const auto& known) { return known.first == code; });
        if (f == fractions.end() || (out_ != begin_ && out_[-1].kind == Token::Kind::number && out_[-1].end == i_)) return false;
        put(number_token(i_, end, f->second, spaced_));
        put(sign_token(i_, end, '%', 0));
        i_ = end;
        return true;
    }
    void marked_up(const Markup& m) {
        const char c = static_cast<char>(m.code);
        if (m.code != '\n') return folded(m.code < 0x80 ? std::string_view(&c, 1) : fold(m.code), i_ + m.length);
        end_word();
        if (text_.substr(i_ + m.length, 1) != "\n") put(newline_token(i_, spaced_));  // no blank line
        spaced_ = 1;
        i_ += m.length;
    }
    /// Plain characters in the place of those up to `end`.
    void folded(std::string_view plain, std::size_t end) {
        if (plain == "'" && in_word_) {
            i_ = end_at_apostrophe(end);
            return;
        }
        for (const char f : plain) {
            switch (class_of(f)) {
                case Class::letter: add(f, false, i_, end); break;
                case Class::space: end_word(); spaced_ = more(spaced_); break;
                case Class::digit:
                    end_word();
                    put(number_token(i_, end, static_cast<float>(f - '0'), spaced_));
                    break;
                default:
                    if (f == '-' && in_word_) end_word();
                    else sign(f, i_, end);
            }
        }
        i_ = end;
    }

    std::string_view text_;
    const Vocabulary& vocabulary_;
    Misspellings* misspellings_;
    Token* const begin_;
    Token* out_;
    std::size_t i_ = 0;
    bool in_word_ = false, upper_ = false;
    bool form_ = false, named_ = false, quoted_ = false;  // a sign of a form, the name of a field in quotes, any quote
    std::uint8_t spaced_ = 1;
    std::array<char, longest_word> letters_{};
    std::size_t length_ = 0, word_begin_ = 0, word_end_ = 0;
};

}  // namespace

bool scan(std::string_view text, const Vocabulary& vocabulary, Misspellings* misspellings, Tokens& out) {
    out.clear();
    out.resize(text.size());  // a token has a byte at least; what is not used is never touched
    Scanner scanner(text, vocabulary, misspellings, out.data());
    const Token* const end = scanner.run();
    out.resize(static_cast<std::size_t>(end - out.data()));
    return scanner.form();
}

}  // namespace lge::report
