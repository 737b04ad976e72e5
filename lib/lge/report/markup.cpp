#include "lge/report/markup.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace lge::report {

namespace {

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Named { std::string_view name; char32_t code; };
constexpr std::array<Named, 17> characters{{{"gt", '>'}, {"lt", '<'}, {"amp", '&'}, {"nbsp", ' '}, {"quot", '"'}, {"apos", '\''}, {"ge", 0x2265}, {"le", 0x2264}, {"ndash", '-'}, {"mdash", '-'}, {"plusmn", 0xb1}, {"micro", 0xb5},
                                            {"rsquo", '\''}, {"lsquo", '\''}, {"bull", 0x2022}, {"middot", 0xb7}, {"rarr", 0x2192}}};
constexpr std::array<std::string_view, 8> breaking{"br", "p", "div", "h1", "h2", "h3", "h4", "hr"}, plain_tags{"b", "i", "u", "em", "strong", "span", "font", "small"};
constexpr std::array<std::string_view, 8> others{"ul", "ol", "table", "tbody", "thead", "sup", "sub", "body"};

Markup character_at(std::string_view text, std::size_t i) {
    constexpr std::size_t longest = 8;
    const std::string_view rest = text.substr(i + 1, longest);
    const std::size_t end = rest.find(';');
    if (end == std::string_view::npos || end == 0) return {};
    std::string_view name = rest.substr(0, end);
    if (name[0] != '#') {
        const auto c = std::find_if(characters.begin(), characters.end(), [&](const Named& n) { return n.name == name; });
        return c == characters.end() ? Markup{} : Markup{end + 2, c->code};
    }
    name.remove_prefix(1);
    const bool hex = name.starts_with('x');
    if (hex) name.remove_prefix(1);
    std::uint32_t code = 0;
    const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
    if (error != std::errc{} || stop != name.data() + name.size() || code < ' ') return {};
    return {end + 2, code};
}

Markup tag_at(std::string_view text, std::size_t i) {
    constexpr std::size_t longest = 80;
    std::string_view rest = text.substr(i + 1, longest);
    const std::size_t end = rest.find('>');
    if (end == std::string_view::npos) return {};
    const bool closes = rest.starts_with('/');
    rest = rest.substr(closes ? 1 : 0, end - (closes ? 1 : 0));
    std::size_t letters = 0;
    while (letters < rest.size() && (is_letter(rest[letters]) || (letters == 1 && rest[letters] >= '1' && rest[letters] <= '4'))) ++letters;
    if (letters < rest.size() && rest[letters] != ' ' && rest[letters] != '/') return {};
    const auto named = [&](std::string_view name) { return std::equal(name.begin(), name.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(letters), [](char a, char b) { return a == (is_letter(b) ? b | 0x20 : b); }); };
    if (named("td") || named("th")) return {end + 2, static_cast<char32_t>(closes ? ' ' : '|')};
    if (std::any_of(breaking.begin(), breaking.end(), named) || (named("tr") && closes) || (named("li") && !closes)) return {end + 2, '\n'};
    const bool plain = named("tr") || named("li") || std::any_of(plain_tags.begin(), plain_tags.end(), named) || std::any_of(others.begin(), others.end(), named);
    return plain ? Markup{end + 2, ' '} : Markup{};
}

}  // namespace

Markup markup_at(std::string_view text, std::size_t i) { return text[i] == '&' ? character_at(text, i) : tag_at(text, i); }

}  // namespace lge::report
