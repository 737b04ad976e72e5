#include "lge/report/scan.hpp"

#include <algorithm>
#include <array>

namespace lge::report {

namespace {

constexpr std::size_t longest_word = 40;  // no word of the field is longer
constexpr std::size_t long_word = 8;      // words of the lexicon from here on are known with one letter wrong
constexpr std::size_t sieve_bits = 1U << 18;

enum class Class : std::uint8_t { other, letter, digit, space, newline, drop, high };

constexpr std::array<Class, 256> classes = [] {
    std::array<Class, 256> t{};
    for (std::size_t c = 0; c < 256; ++c) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) t[c] = Class::letter;
        else if (c >= '0' && c <= '9') t[c] = Class::digit;
        else if (c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r') t[c] = Class::space;
        else if (c == '\n') t[c] = Class::newline;
        else if (c < 0x20 || c == 0x7f) t[c] = Class::drop;
        else if (c >= 0x80) t[c] = Class::high;
    }
    return t;
}();

struct Decoded { char32_t code; std::size_t length; };  // length 0: bad

Decoded decode(std::string_view t, std::size_t i) {
    const auto at = [&](std::size_t k) { return static_cast<unsigned char>(t[k]); };
    const unsigned char c = at(i);
    if (c < 0x80) return {c, 1};
    const std::size_t n = c >= 0xf0 && c <= 0xf4 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc2 && c < 0xe0 ? 2 : 0;
    if (n == 0 || i + n > t.size()) return {0, 0};
    char32_t code = c & (0xffU >> (n + 1));
    for (std::size_t k = 1; k < n; ++k) {
        if ((at(i + k) & 0xc0U) != 0x80) return {0, 0};
        code = code << 6U | (at(i + k) & 0x3fU);
    }
    const char32_t least = n == 2 ? 0x80 : n == 3 ? 0x800 : 0x10000;
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {0, 0};
    return {code, n};
}

/// What a character beyond ASCII stands for: letters, one sign, " " or "" (nothing).
std::string_view fold(char32_t c) {
    if (c >= 0x2010 && c <= 0x2015) return "-";
    if (c >= 0xff01 && c <= 0xff5e) {
        static constexpr std::string_view ascii =
            "!\"#$%&'()*+,-./0123456789:;<=>?@abcdefghijklmnopqrstuvwxyz[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
        return ascii.substr(c - 0xff01, 1);
    }
    if ((c >= 0xc0 && c <= 0xff) && c != 0xd7 && c != 0xf7) {
        static constexpr std::string_view latin = "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty";
        return latin.substr(c - 0xc0, 1);
    }
    if ((c >= 0x2000 && c <= 0x200a) || c == 0xa0 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0x2028 || c == 0x2029) return " ";
    if ((c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0xad ||
        (c >= 0x80 && c <= 0x9f) || (c >= 0x300 && c <= 0x36f))
        return "";
    switch (c) {
        case 0x2212: case 0xfe63: case 0x2043: case 0xb7: return "-";
        case 0x2018: case 0x2019: case 0x201b: case 0xb4: return "'";
        case 0x201c: case 0x201d: case 0xab: case 0xbb: return "\"";
        case 0x2022: case 0x25cf: case 0x25aa: case 0x25e6: case 0x2023: return "*";
        case 0x2026: return ".";
        case 0x2192: case 0x2265: case 0x21d2: return ">";
        case 0x2264: return "<";
        case 0x2248: case 0x223c: return "~";
        case 0xfb01: return "fi";
        case 0xfb02: return "fl";
        case 0x153: return "oe";
        case 0x131: return "i";
        default: return "|";
    }
}

}  // namespace

Vocabulary::Vocabulary() : slots_(1024), words_(1) {}

std::uint64_t Vocabulary::hash_of(std::string_view word) {
    std::uint64_t h = hash_start;
    for (const char c : word) h = hash_step(h, static_cast<unsigned char>(c));
    return h;
}

std::uint32_t Vocabulary::exact(std::string_view word, std::uint64_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = (hash ^ hash >> 29U) & mask;; i = (i + 1) & mask) {
        const Slot& s = slots_[i];
        if (s.word == 0) return 0;
        if (s.hash == hash && (words_[s.word] == word || (words_[s.word].size() + 1 == word.size() && word.starts_with(words_[s.word])))) return s.word;
    }
}

void Vocabulary::grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    const std::size_t mask = slots_.size() - 1;
    for (const Slot& s : old) {
        if (s.word == 0) continue;
        std::size_t i = (s.hash ^ s.hash >> 29U) & mask;
        while (slots_[i].word != 0) i = (i + 1) & mask;
        slots_[i] = s;
    }
}

std::uint32_t Vocabulary::add(std::string_view word) {
    const std::uint64_t hash = hash_of(word);
    if (const auto known = exact(word, hash)) return known;
    if (words_.size() * 4 > slots_.size()) grow();
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = (hash ^ hash >> 29U) & mask;
    while (slots_[i].word != 0) i = (i + 1) & mask;
    const auto number = static_cast<std::uint32_t>(words_.size());
    slots_[i] = {hash, number};
    words_.emplace_back(word);
    return number;
}

void Vocabulary::merge_plurals(std::string_view distinct) {
    for (Slot& s : slots_) {
        std::string_view word = words_[s.word];
        if (s.word == 0 || word.size() <= 3 || word.back() != 's') continue;
        if (distinct.find(" " + std::string(word) + " ") != std::string_view::npos) continue;
        word.remove_suffix(1);
        if (const auto singular = exact(word, hash_of(word))) s.word = singular;
    }
}

// A word and its misspelling share a form with one letter replaced by '*' (substitution), or one of them with a letter
// taken out is the other: so both forms of each long word are kept. The first letter is taken to be right.
void Vocabulary::finish() {
    wildcards_.clear();
    std::string form;
    for (std::uint32_t w = 1; w < words_.size(); ++w) {
        const std::string& word = words_[w];
        if (word.size() < long_word) continue;
        for (std::size_t k = 1; k < word.size(); ++k) {
            form = word;
            form[k] = '*';
            wildcards_.push_back({hash_of(form), w});
            form.erase(k, 1);
            wildcards_.push_back({hash_of(form), w});
        }
    }
    std::sort(wildcards_.begin(), wildcards_.end(), [](const Wildcard& a, const Wildcard& b) { return a.hash != b.hash ? a.hash < b.hash : a.word < b.word; });
    sieve_.assign(sieve_bits / 64, 0);
    for (const Wildcard& w : wildcards_) sieve_[w.hash % sieve_bits / 64] |= 1ULL << (w.hash % 64);
}

std::uint32_t Vocabulary::near(std::string_view word) const {
    const auto look = [&](std::uint64_t h) -> std::uint32_t {
        if ((sieve_[h % sieve_bits / 64] >> (h % 64) & 1U) == 0) return 0;
        const auto it = std::lower_bound(wildcards_.begin(), wildcards_.end(), h, [](const Wildcard& w, std::uint64_t x) { return w.hash < x; });
        return it != wildcards_.end() && it->hash == h ? it->word : 0;
    };
    if (const auto w = look(hash_of(word))) return w;  // a letter was left out
    std::uint64_t prefix = hash_step(hash_start, static_cast<unsigned char>(word[0]));
    for (std::size_t k = 1; k < word.size(); ++k) {
        std::uint64_t replaced = hash_step(prefix, '*'), erased = prefix;
        for (std::size_t j = k + 1; j < word.size(); ++j) {
            replaced = hash_step(replaced, static_cast<unsigned char>(word[j]));
            erased = hash_step(erased, static_cast<unsigned char>(word[j]));
        }
        if (const auto w = look(replaced)) return w;
        if (const auto w = exact([&] { std::string t(word); t.erase(k, 1); return t; }(), erased); w != 0 && words_[w].size() >= long_word) return w;
        prefix = hash_step(prefix, static_cast<unsigned char>(word[k]));
    }
    std::string swapped(word);
    for (std::size_t k = 1; k + 1 < word.size(); ++k) {
        std::swap(swapped[k], swapped[k + 1]);
        if (const auto w = exact(swapped, hash_of(swapped)); w != 0 && words_[w].size() >= long_word) return w;
        std::swap(swapped[k], swapped[k + 1]);
    }
    return 0;
}

std::uint32_t Vocabulary::find(std::string_view word, std::uint64_t hash) const {
    if (const auto w = exact(word, hash)) return w;
    if (word.size() > 3 && word.back() == 's') {
        word.remove_suffix(1);
        if (const auto w = exact(word, hash_of(word))) return w;
    }
    return word.size() + 1 >= long_word && !sieve_.empty() ? near(word) : 0;
}

std::optional<std::size_t> find_bad_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        if (static_cast<unsigned char>(text[i]) < 0x80) { ++i; continue; }
        const auto d = decode(text, i);
        if (d.length == 0) return i;
        i += d.length;
    }
    return std::nullopt;
}

std::string replace_bad_utf8(std::string_view text) {
    std::string out(text);
    for (std::size_t i = 0; i < out.size();) {
        const auto d = decode(out, i);
        if (d.length == 0) out[i++] = '?';
        else i += d.length;
    }
    return out;
}

void scan(std::string_view text, const Vocabulary& vocabulary, std::vector<Token>& out) {
    out.clear();
    out.reserve(text.size() / 5 + 16);
    std::array<char, longest_word> word{};
    std::size_t length = 0, word_start = 0, word_end = 0;
    std::uint64_t hash = Vocabulary::hash_start;
    bool in_word = false, upper = false, spaced = true;

    const auto end_word = [&] {
        if (!in_word) return;
        in_word = false;
        Token t{.start = static_cast<std::uint32_t>(word_start), .end = static_cast<std::uint32_t>(word_end), .kind = Token::Kind::word, .upper = upper, .spaced = spaced};
        if (length <= longest_word) t.word = vocabulary.find({word.data(), length}, hash);
        out.push_back(t);
        spaced = false;
    };
    const auto add_letter = [&](char c, bool capital, std::size_t at, std::size_t end) {
        if (!in_word) {
            in_word = true;
            length = 0;
            hash = Vocabulary::hash_start;
            word_start = at;
            upper = capital;
        }
        if (length < longest_word) word[length] = c;
        ++length;
        hash = Vocabulary::hash_step(hash, static_cast<unsigned char>(c));
        word_end = end;
    };
    const auto add_sign = [&](char c, std::size_t at, std::size_t end) {
        end_word();
        out.push_back({.start = static_cast<std::uint32_t>(at), .end = static_cast<std::uint32_t>(end), .kind = Token::Kind::sign, .sign = c, .spaced = spaced});
        spaced = false;
    };

    const std::size_t n = text.size();
    for (std::size_t i = 0; i < n;) {
        const auto c = static_cast<unsigned char>(text[i]);
        switch (classes[c]) {
            case Class::letter: {
                const bool capital = c < 'a';
                add_letter(static_cast<char>(c | 0x20U), capital, i, i + 1);
                ++i;
                break;
            }
            case Class::digit: {
                if (in_word) { add_letter(static_cast<char>(c), false, i, i + 1); ++i; break; }
                double v = 0, scale = 1;
                std::size_t j = i;
                bool point = false;
                for (; j < n; ++j) {
                    const auto d = static_cast<unsigned char>(text[j]);
                    if (classes[d] == Class::digit) {
                        v = v * 10 + (d - '0');
                        if (point) scale *= 10;
                        if (v > 1e15) v = 1e15;
                    } else if ((d == '.' || d == ',') && !point && j + 1 < n && classes[static_cast<unsigned char>(text[j + 1])] == Class::digit) {
                        point = true;
                    } else break;
                }
                out.push_back({.start = static_cast<std::uint32_t>(i), .end = static_cast<std::uint32_t>(j), .value = static_cast<float>(v / scale),
                               .kind = Token::Kind::number, .spaced = spaced});
                spaced = false;
                i = j;
                break;
            }
            case Class::space:
                end_word();
                spaced = true;
                ++i;
                break;
            case Class::newline:
                end_word();
                out.push_back({.start = static_cast<std::uint32_t>(i), .end = static_cast<std::uint32_t>(i + 1), .kind = Token::Kind::newline, .sign = '\n', .spaced = spaced});
                spaced = true;
                ++i;
                break;
            case Class::drop: ++i; break;
            case Class::high: {
                const auto d = decode(text, i);
                const std::size_t length_here = d.length == 0 ? 1 : d.length;
                for (const char f : d.length == 0 ? std::string_view("?") : fold(d.code)) {
                    const Class k = classes[static_cast<unsigned char>(f)];
                    if (k == Class::letter) add_letter(f, false, i, i + length_here);
                    else if (k == Class::space) { end_word(); spaced = true; }
                    else if (k == Class::digit) {
                        end_word();
                        out.push_back({.start = static_cast<std::uint32_t>(i), .end = static_cast<std::uint32_t>(i + length_here), .value = static_cast<float>(f - '0'),
                                       .kind = Token::Kind::number, .spaced = spaced});
                        spaced = false;
                    } else if (f == '-' && in_word) end_word();
                    else add_sign(f, i, i + length_here);
                }
                i += length_here;
                break;
            }
            case Class::other:
                if (c == '-' && in_word && i + 1 < n && (classes[static_cast<unsigned char>(text[i + 1])] == Class::letter)) {
                    end_word();  // parts the words of a compound
                } else if (c == '-' && in_word && (text.substr(i + 1).starts_with(" and ") || text.substr(i + 1).starts_with(" or ") || text.substr(i + 1).starts_with(" to "))) {
                    end_word();  // "antero- and inferolateral"
                } else if (c == '\'' && in_word) {
                    end_word();
                } else {
                    add_sign(static_cast<char>(c), i, i + 1);
                }
                ++i;
                break;
        }
    }
    end_word();
}

}  // namespace lge::report
