#include "lge/nn/net/bert_words.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace lge::nn {
namespace {

using Code = utf8proc_int32_t;
constexpr Code broken = 0xFFFD;

bool is_space(Code c) {
    if (c == '\t' || c == '\n' || c == '\r' || c == 0x0b || c == 0x0c || c == 0x85) return true;
    const auto kind = utf8proc_category(c);
    return kind == UTF8PROC_CATEGORY_ZS || kind == UTF8PROC_CATEGORY_ZL || kind == UTF8PROC_CATEGORY_ZP;
}
bool is_control(Code c) {
    if (c == '\t' || c == '\n' || c == '\r') return false;
    const auto kind = utf8proc_category(c);
    return kind == UTF8PROC_CATEGORY_CC || kind == UTF8PROC_CATEGORY_CF || kind == UTF8PROC_CATEGORY_CO;
}
bool is_punctuation(Code c) {
    if (c < 0x80) return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
    const auto kind = utf8proc_category(c);
    return kind >= UTF8PROC_CATEGORY_PC && kind <= UTF8PROC_CATEGORY_PO;
}
bool is_chinese(Code c) {
    constexpr std::array<std::pair<Code, Code>, 8> blocks{
        {{0x4E00, 0x9FFF}, {0x3400, 0x4DBF}, {0x20000, 0x2A6DF}, {0x2A700, 0x2B73F}, {0x2B740, 0x2B81F}, {0x2B920, 0x2CEAF}, {0xF900, 0xFAFF}, {0x2F800, 0x2FA1F}}};
    return std::any_of(blocks.begin(), blocks.end(), [&](const auto& b) { return c >= b.first && c <= b.second; });
}

std::vector<Code> characters_of(std::string_view text) {
    std::vector<Code> codes;
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    for (auto left = static_cast<utf8proc_ssize_t>(text.size()); left > 0;) {
        Code c = broken;
        const auto used = std::max<utf8proc_ssize_t>(1, utf8proc_iterate(at, left, &c));
        codes.push_back(c < 0 ? broken : c);
        at += used;
        left -= used;
    }
    return codes;
}

/// What a character becomes: itself without accents (canonical decomposition without its nonspacing marks), in lower case.
void put(Code c, const BertRules& rules, std::vector<Code>& out) {
    std::array<Code, 8> parts{c};
    utf8proc_ssize_t count = 1;
    int last_class = UTF8PROC_BOUNDCLASS_START;
    if (rules.strip_accents) count = std::clamp<utf8proc_ssize_t>(utf8proc_decompose_char(c, parts.data(), parts.size(), UTF8PROC_DECOMPOSE, &last_class), 0, parts.size());
    for (utf8proc_ssize_t i = 0; i < count; ++i) {
        const Code part = parts[static_cast<std::size_t>(i)];
        if (rules.strip_accents && utf8proc_category(part) == UTF8PROC_CATEGORY_MN) continue;
        out.push_back(rules.lower ? utf8proc_tolower(part) : part);
        if (rules.lower && part == 0x130) out.push_back(0x307);  // the one capital whose small letter is two characters
    }
}

void split(std::string_view text, const BertRules& rules, std::vector<std::string>& words) {
    std::vector<Code> codes;
    for (const Code c : characters_of(text)) {
        if (rules.clean && (c == 0 || c == broken || is_control(c))) continue;
        const bool alone = rules.part_chinese && is_chinese(c);
        if (alone) codes.push_back(' ');
        put(rules.clean && is_space(c) ? ' ' : c, rules, codes);
        if (alone) codes.push_back(' ');
    }
    bool inside = false;
    for (const Code c : codes) {
        const bool mark = is_punctuation(c);
        if (is_space(c)) {
            inside = false;
            continue;
        }
        if (mark || !inside) words.emplace_back();
        std::array<utf8proc_uint8_t, 4> bytes{};
        const auto size = utf8proc_encode_char(c, bytes.data());
        words.back().append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
        inside = !mark;
    }
}

}  // namespace

std::vector<std::string> bert_words(std::string_view text, const BertRules& rules) {
    std::vector<std::string> words;
    while (true) {
        std::size_t first = std::string_view::npos;
        std::string_view found;
        for (const auto& special : rules.special)
            if (const auto at = text.find(special); at < first || (at == first && at != std::string_view::npos && special.size() > found.size())) {
                first = at;
                found = special;
            }
        split(text.substr(0, first), rules, words);
        if (first == std::string_view::npos) return words;
        words.emplace_back(found);
        text.remove_prefix(first + found.size());
    }
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace lge::nn
