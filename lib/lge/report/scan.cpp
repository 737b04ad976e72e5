#include "lge/report/scan.hpp"

#include "lge/report/letters.hpp"
#include "lge/report/unicode.hpp"

#include <algorithm>
#include <array>

namespace lge::report {

namespace {

constexpr std::size_t misspelt_from = 7;  // letters: a word of eight may lack one

enum class Class : std::uint8_t { other, form, letter, digit, space, newline, drop, high };  // form: a sign that can start a mark of a form

constexpr std::array<Class, 256> classes = [] {
    std::array<Class, 256> t{};
    for (std::size_t c = 0; c < 256; ++c) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) t[c] = Class::letter;
        else if (c >= '0' && c <= '9') t[c] = Class::digit;
        else if (c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r') t[c] = Class::space;
        else if (c == '\n') t[c] = Class::newline;
        else if (c < 0x20 || c == 0x7f) t[c] = Class::drop;
        else if (c >= 0x80) t[c] = Class::high;
        else if (c == '[' || c == '(' || c == '.' || c == '_') t[c] = Class::form;
    }
    return t;
}();
Class class_of(char c) { return classes[static_cast<unsigned char>(c)]; }
/// Ends a word for good: no letter or digit, nothing that could hide within a word.
constexpr std::array<bool, 256> ends_word = [] {
    std::array<bool, 256> t{};
    for (std::size_t c = 0; c < 256; ++c) t[c] = classes[c] == Class::other || classes[c] == Class::form || classes[c] == Class::space || classes[c] == Class::newline;
    return t;
}();

class Scanner {
public:
    Scanner(std::string_view text, const Vocabulary& vocabulary, Misspellings* misspellings, std::vector<Token>& out)
        : text_(text), vocabulary_(vocabulary), misspellings_(misspellings), out_(out) {}

    /// Gives whether the text holds a sign of a form.
    bool run() {
        const std::size_t n = text_.size();
        while (i_ < n) {
            const char c = text_[i_];
            const Class kind = class_of(c);
            if (kind == Class::letter) {
                if (!in_word_ && plain_word()) continue;
                add(static_cast<char>(c | 0x20), c < 'a', i_, i_ + 1);
                ++i_;
            } else if (kind == Class::other || kind == Class::form) {
                if (kind == Class::form) form_ = form_ || starts_form(c);
                if ((c == '-' && in_word_ && joins_words()) || (c == '\'' && in_word_)) end_word();
                else sign(c, i_, i_ + 1);
                ++i_;
                if (i_ < n && text_[i_] == ' ') {
                    spaced_ = true;
                    ++i_;
                }
            } else if (kind == Class::digit) {
                if (in_word_) add(c, false, i_, i_ + 1), ++i_;
                else number();
            } else if (kind == Class::space) {
                end_word();
                spaced_ = true;
                ++i_;
            } else if (kind == Class::newline) {
                end_word();
                Token& t = put(Token::Kind::newline, i_, i_ + 1);
                t.sign = '\n';
                spaced_ = true;
                ++i_;
            } else if (kind == Class::high) beyond_ascii();
            else ++i_;
        }
        end_word();
        return form_;
    }

private:
    static std::uint32_t u32(std::size_t i) { return static_cast<std::uint32_t>(i); }

    /// Each field is written where it stays: a copy of a token made field by field waits until all of them are stored.
    Token& put(Token::Kind kind, std::size_t begin, std::size_t end) {
        Token& t = out_.emplace_back();
        t.start = u32(begin);
        t.end = u32(end);
        t.kind = kind;
        t.spaced = spaced_;
        spaced_ = false;
        return t;
    }
    void put_word(std::size_t begin, std::size_t end, std::uint32_t word, bool upper) {
        Token& t = put(Token::Kind::word, begin, end);
        t.word = word;
        t.symbol = word == 0 ? 0 : word_symbol + word;
        t.upper = upper;
    }
    void put_number(std::size_t begin, std::size_t end, float value) {
        Token& t = put(Token::Kind::number, begin, end);
        const bool small = value < static_cast<float>(small_number) && value == static_cast<float>(static_cast<int>(value));
        t.symbol = small ? number_symbol + static_cast<std::uint32_t>(value) : 0;
        t.value = value;
    }

    /// A tick box or a leader (marks.hpp).
    [[nodiscard]] bool starts_form(char c) const {
        const std::string_view rest = text_.substr(i_);
        if (c == '[') return true;
        if (c == '(') return rest.starts_with("( )") || rest.starts_with("(x)") || rest.starts_with("(X)");
        return rest.starts_with("...") || rest.starts_with("___");
    }

    [[nodiscard]] std::uint32_t look_up(std::string_view word, std::uint64_t hash) const {
        if (const auto w = vocabulary_.exact(hash)) return w;
        return word.size() >= misspelt_from && misspellings_ != nullptr ? misspellings_->find(word, hash) : 0;
    }

    /// A word of plain letters and digits up to its end; false where something could hide within it.
    bool plain_word() {
        const std::size_t begin = i_;
        if (text_.size() - begin <= longest_word) return false;  // sixteen bytes are read at a time, and one behind them
        const char* from = text_.data() + begin;
        const Letters start = letters_of(from);
        WordKey key{{start.low, start.high, 0, 0}};
        std::size_t length = start.count;
        if (length == sizeof(Letters::low) * 2) {
            const Letters rest = letters_of(from + length);
            key.part[2] = rest.low;
            key.part[3] = rest.high;
            length += rest.count;
        }
        const char next = from[length];
        if (!ends_word[static_cast<unsigned char>(next)]) return false;
        const std::uint64_t hash = key.hash();
        std::uint32_t known = vocabulary_.exact(hash);
        if (known == 0 && length >= misspelt_from && misspellings_ != nullptr) known = misspellings_->find({reinterpret_cast<const char*>(key.part.data()), length}, hash);
        put_word(begin, begin + length, known, *from < 'a');
        i_ = begin + length;
        if (next == ' ') {
            spaced_ = true;
            ++i_;
        } else if (next == '\'' || (next == '-' && joins_words())) ++i_;
        return true;
    }

    /// Whether a hyphen behind a word only joins it to the next: "mid-wall", "antero- and inferolateral".
    [[nodiscard]] bool joins_words() const {
        const std::string_view rest = text_.substr(std::min(i_ + 1, text_.size()));
        if (rest.empty()) return false;
        if (class_of(rest[0]) == Class::letter) return true;
        return rest[0] == ' ' && (rest.starts_with(" and ") || rest.starts_with(" or ") || rest.starts_with(" to "));
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
        put_word(word_begin_, word_end_, length_ <= longest_word ? look_up(word, WordKey::of(word).hash()) : 0, upper_);
    }
    void sign(char c, std::size_t begin, std::size_t end) {
        end_word();
        Token& t = put(Token::Kind::sign, begin, end);
        t.symbol = static_cast<unsigned char>(c);
        t.sign = c;
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
        put_number(i_, j, static_cast<float>(static_cast<double>(whole) / scale));
        i_ = j;
    }
    void beyond_ascii() {
        const auto d = decode(text_, i_);
        form_ = form_ || (d.code >= 0x2580 && d.code <= 0x25bf) || (d.code >= 0x2600 && d.code <= 0x263f) || (d.code >= 0x2b00 && d.code <= 0x2b3f);  // boxes are among these
        const std::size_t end = i_ + std::max<std::size_t>(d.length, 1);
        for (const char f : d.length == 0 ? std::string_view("?") : fold(d.code)) {
            switch (class_of(f)) {
                case Class::letter: add(f, false, i_, end); break;
                case Class::space: end_word(); spaced_ = true; break;
                case Class::digit:
                    end_word();
                    put_number(i_, end, static_cast<float>(f - '0'));
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
    std::vector<Token>& out_;
    std::size_t i_ = 0;
    bool in_word_ = false, upper_ = false, spaced_ = true, form_ = false;
    std::array<char, longest_word> letters_{};
    std::size_t length_ = 0, word_begin_ = 0, word_end_ = 0;
};

}  // namespace

bool scan(std::string_view text, const Vocabulary& vocabulary, Misspellings* misspellings, std::vector<Token>& out) {
    out.clear();
    out.reserve(text.size() / 5 + 16);
    return Scanner(text, vocabulary, misspellings, out).run();
}

}  // namespace lge::report
