#include "lge/report/deidentify.hpp"

#include "lge/report/unicode.hpp"

#include <algorithm>
#include <vector>

namespace lge::report {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// A word with its digits and apostrophes, a run of digits with what joins them in dates, or one other character.
struct Piece {
    enum class Kind : std::uint8_t { word, number, space, sign };
    std::string_view text;
    Kind kind = Kind::sign;
    bool capital = false;    // starts with a capital
    bool capitals = false;   // holds no small letter
    bool unknown = false;    // a word that the lexicon does not know
    std::uint32_t roles = 0;
    bool hidden = false;
};

Piece piece_at(std::string_view t) {
    std::size_t n = 1;
    if (is_space(t[0])) {
        while (n < t.size() && is_space(t[n])) ++n;
        return {.text = t.substr(0, n), .kind = Piece::Kind::space};
    }
    if (is_digit(t[0])) {
        const auto joins = [&](std::size_t i) { return (t[i] == '/' || t[i] == '-' || t[i] == '.' || t[i] == ':') && i + 1 < t.size() && is_digit(t[i + 1]); };
        while (n < t.size() && (is_digit(t[n]) || joins(n))) ++n;
        return {.text = t.substr(0, n), .kind = Piece::Kind::number};
    }
    if (!is_letter(t[0])) return {.text = t.substr(0, 1)};
    while (n < t.size() && (is_letter(t[n]) || is_digit(t[n]) || (t[n] == '\'' && n + 1 < t.size() && is_letter(t[n + 1])))) ++n;
    return {.text = t.substr(0, n), .kind = Piece::Kind::word};
}

std::vector<Piece> pieces_of(std::string_view sentence, const Lexicon& lexicon) {
    std::vector<Piece> pieces;
    Tokens tokens;
    Misspellings misspellings(lexicon.vocabulary);
    while (!sentence.empty()) {
        Piece p = piece_at(sentence);
        sentence.remove_prefix(p.text.size());
        if (p.kind == Piece::Kind::word) {
            const auto first = decode(p.text, 0).code;
            p.capital = (first >= 'A' && first <= 'Z') || (first >= 0xc0 && first <= 0xde) || (first >= 0x100 && first < 0x250);
            p.capitals = std::none_of(p.text.begin(), p.text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
            scan(p.text, lexicon.vocabulary, &misspellings, tokens);
            p.unknown = !tokens.empty();
            for (const Token& t : tokens) {
                if (t.kind != Token::Kind::word || t.word == 0) continue;
                p.unknown = false;
                p.roles |= lexicon.roles[t.word];
            }
        }
        pieces.push_back(p);
    }
    return pieces;
}

/// Digits joined as in dates and times, or four digits and more in a row.
bool names_a_date_or_record(std::string_view run) {
    std::size_t in_group = 0, longest = 0;
    for (const char c : run) {
        in_group = is_digit(c) ? in_group + 1 : 0;
        longest = std::max(longest, in_group);
    }
    const auto count = [&](char c) { return std::count(run.begin(), run.end(), c); };
    return longest >= 4 || count(':') > 0 || count('/') >= 2 || count('-') >= 2 || count('.') >= 2;
}

class Hider {
public:
    Hider(std::vector<Piece>& pieces) : pieces_(pieces) {
        std::size_t small = 0, words = 0;
        for (const Piece& p : pieces_)
            if (p.kind == Piece::Kind::word) {
                ++words;
                small += !p.capitals;
            }
        all_capitals_ = words > 0 && small * 3 < words;
    }

    void run() {
        bool start = true;  // of a sentence or a field
        for (std::size_t i = 0; i < pieces_.size(); ++i) {
            Piece& p = pieces_[i];
            if (p.kind == Piece::Kind::number && names_a_date_or_record(p.text) && !numbers_segments(i)) p.hidden = true;
            if (p.text == "@") hide_around(i);
            if (p.kind != Piece::Kind::word) {
                if (!p.hidden && (p.text == "." || p.text == ":" || p.text == ";" || p.text == "*")) start = true;
                continue;
            }
            if (std::count_if(p.text.begin(), p.text.end(), is_digit) >= 4) p.hidden = true;
            else if ((p.roles & Role::title) != 0 && p.capital) hide_name(i);
            else if ((p.roles & Role::month) != 0 && p.capital) hide_date(i);
            else if ((p.roles & Role::record) != 0) hide_record(i);
            else if (is_initial(i)) p.hidden = pieces_[i + 1].hidden = true;
            else if (is_name(i, start)) p.hidden = true;
            start = false;
        }
    }

private:
    /// "segments 4/5/10/11"
    [[nodiscard]] bool numbers_segments(std::size_t i) const {
        return i >= 2 && (pieces_[i - 2].roles & Role::segment) != 0 && std::all_of(pieces_[i].text.begin(), pieces_[i].text.end(), [](char c) { return is_digit(c) || c == '/' || c == '-'; }) && pieces_[i].text.size() > 4;
    }
    /// The next word or number behind at most one dot or comma.
    [[nodiscard]] std::size_t next_word(std::size_t i) const {
        std::size_t k = i + 1;
        while (k < pieces_.size() && (pieces_[k].kind == Piece::Kind::space || pieces_[k].text == "." || pieces_[k].text == "," || pieces_[k].text == "-")) ++k;
        return k;
    }
    [[nodiscard]] bool could_be_name(std::size_t i) const { return i < pieces_.size() && pieces_[i].kind == Piece::Kind::word && pieces_[i].unknown && pieces_[i].capital && !is_short_form(pieces_[i]); }
    /// "FWHM"
    [[nodiscard]] bool is_short_form(const Piece& p) const {
        constexpr std::size_t longest = 4;
        return p.capitals && !all_capitals_ && p.text.size() <= longest;
    }

    [[nodiscard]] bool is_initial(std::size_t i) const {
        return pieces_[i].text.size() == 1 && pieces_[i].capital && i + 1 < pieces_.size() && pieces_[i + 1].text == "." && could_be_name(next_word(i)) && !all_capitals_;
    }
    [[nodiscard]] bool is_name(std::size_t i, bool start) const {
        const Piece& p = pieces_[i];
        if (!p.unknown || !p.capital || p.text.size() < 2) return false;
        if (is_short_form(p)) return false;
        if (!start && !all_capitals_) return true;
        const std::size_t next = next_word(i);
        const bool before = i >= 2 && pieces_[i - 1].kind == Piece::Kind::space && pieces_[i - 2].hidden;
        return before || could_be_name(next) || (next < pieces_.size() && (pieces_[next].roles & Role::person) != 0);
    }

    void hide_around(std::size_t i) {  // a mail address
        for (std::size_t k = i; k-- > 0 && pieces_[k].kind != Piece::Kind::space;) pieces_[k].hidden = true;
        for (std::size_t k = i; k < pieces_.size() && pieces_[k].kind != Piece::Kind::space; ++k) pieces_[k].hidden = true;
    }
    void hide_name(std::size_t i) {  // "Dr. Jane van Roe-Smith": up to the last capitalised word in a row
        std::size_t last = i;
        for (std::size_t k = next_word(i); k < pieces_.size() && pieces_[k].kind == Piece::Kind::word; k = next_word(k)) {
            if (pieces_[k].capital && !(all_capitals_ && !pieces_[k].unknown)) last = k;
            else if (!(pieces_[k].unknown && pieces_[k].text.size() <= 3)) break;  // "van", "de"
        }
        for (std::size_t k = i; last > i && k <= last; ++k) pieces_[k].hidden = true;
    }
    void hide_date(std::size_t i) {
        const std::size_t next = next_word(i);
        if (next < pieces_.size() && pieces_[next].kind == Piece::Kind::number)
            for (std::size_t k = i; k <= next; ++k) pieces_[k].hidden = true;
        if (i >= 2 && pieces_[i - 1].kind == Piece::Kind::space && pieces_[i - 2].kind == Piece::Kind::number) pieces_[i - 2].hidden = pieces_[i].hidden = true;
    }
    void hide_record(std::size_t i) {  // "MRN: AB1234", "Patient Jane Doe"
        std::size_t k = i + 1;
        while (k < pieces_.size() && (pieces_[k].kind == Piece::Kind::space || pieces_[k].text == ":" || pieces_[k].text == "#" || pieces_[k].text == ".")) ++k;
        if (k < pieces_.size() && (pieces_[k].kind == Piece::Kind::number ? pieces_[k].text.size() >= 3 : could_be_name(k))) pieces_[k].hidden = true;
    }

    std::vector<Piece>& pieces_;
    bool all_capitals_ = false;
};

}  // namespace

std::string deidentified(std::string_view sentence, const Lexicon& lexicon) {
    auto pieces = pieces_of(sentence, lexicon);
    Hider(pieces).run();
    std::string out;
    bool hidden = false, space = false;  // "[...]" was written last; a blank is due
    for (const Piece& p : pieces) {
        const auto c = static_cast<unsigned char>(p.text[0]);
        if (p.kind == Piece::Kind::space) space = !out.empty();
        else if (p.hidden && hidden) space = false;
        else if (c >= 0x20 && c != 0x7f) {
            if (space) out += ' ';
            space = false;
            if (p.hidden) out += "[...]";
            else out += p.text;
            hidden = p.hidden;
        }
    }
    return out;
}

}  // namespace lge::report
