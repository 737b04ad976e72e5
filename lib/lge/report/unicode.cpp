#include "lge/report/unicode.hpp"

#include <cstdint>
#include <cstring>

namespace lge::report {

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
        case 0x2205: case 0x2300: return "0";  // the signs of an empty set and a diameter stand for nothing
        case 0x2248: case 0x223c: case 0xb1: return "~";
        case 0xd7: return "x";
        case 0xb2: case 0x2082: return "2";
        case 0xb3: return "3";
        case 0xb5: case 0x3bc: return "u";
        case 0xb0: return "";
        case 0xfb01: return "fi";
        case 0xfb02: return "fl";
        case 0x153: return "oe";
        case 0x131: return "i";
        default: return "|";
    }
}

std::optional<std::size_t> find_bad_utf8(std::string_view text) {
    constexpr std::uint64_t high_bits = 0x8080808080808080ULL;
    for (std::size_t i = 0; i < text.size();) {
        std::uint64_t eight = 0;
        while (i + sizeof eight <= text.size() && (std::memcpy(&eight, text.data() + i, sizeof eight), (eight & high_bits) == 0)) i += sizeof eight;
        if (i == text.size()) break;
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

}  // namespace lge::report
