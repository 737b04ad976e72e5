#include "lge/report/table_rewriter.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace lge::report {

bool Rewriter::export_fields(std::size_t at, std::size_t end) {
    constexpr std::size_t fewest = 3;
    const bool joined = std::any_of(in_.begin() + static_cast<std::ptrdiff_t>(at), in_.begin() + static_cast<std::ptrdiff_t>(end), [](const Token& t) { return is_sign(t, '_'); });  // "lge_aha: 5"
    const auto mark = [&](const Token& t) { return is_sign(t, '=') || (joined && is_sign(t, ':')); };
    const auto equals = [&](std::size_t i) { return mark(in_[i]) && !in_[i].spaced && i > at && in_[i - 1].kind == Token::Kind::word; };
    std::size_t fields = 0, parts = 1;
    for (std::size_t i = at; i < end; ++i) fields += equals(i), parts += is_sign(in_[i], ';');
    const auto equal = static_cast<std::size_t>(std::find_if(in_.begin() + static_cast<std::ptrdiff_t>(at), in_.begin() + static_cast<std::ptrdiff_t>(end), mark) - in_.begin());
    const auto part = [&](std::size_t i) { return i == at || !in_[i].spaced; };
    bool name = equal < end && equals(equal);  // "lge_aha=5|11|12" on a line of its own
    for (std::size_t i = at; i < equal && name; ++i) name = part(i);
    name = name && std::any_of(in_.begin() + static_cast<std::ptrdiff_t>(at), in_.begin() + static_cast<std::ptrdiff_t>(equal), [](const Token& t) { return is_sign(t, '_'); });
    if (fields == 1 && name) {
        if (equal + 1 < end) put_field(at, equal, end);
        return true;
    }
    if (std::min(fields, parts) < fewest) return false;  // "seg1=0, seg2=3"
    for (std::size_t first = at; first < end;) {
        std::size_t stop = first, sign = end;
        for (; stop < end && !is_sign(in_[stop], ';'); ++stop)
            if (sign == end && equals(stop)) sign = stop;
        if (sign < stop && sign + 1 < stop) put_field(first, sign, stop);
        else if (sign == end) copy(first, stop);
        if (stop < end) put_newline(stop);
        first = stop + 1;
    }
    return true;
}

std::size_t Rewriter::label_qualifier(std::size_t first, std::size_t colon) const {
    const std::size_t last = colon > first && is_sign(in_[colon - 1], ')') ? colon - 2 : colon - 1;
    if (last <= first || last >= colon || in_[last].kind != Token::Kind::word || std::none_of(in_.begin() + static_cast<std::ptrdiff_t>(first), in_.begin() + static_cast<std::ptrdiff_t>(last), [&](const Token& t) { return lexicon_.is(t, Role::segment); })) return none;
    constexpr std::array<std::string_view, 8> words{"definite", "certain", "possible", "probable", "suspected", "equivocal", "questionable", "doubtful"};
    return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return reads(text_, in_[last], w); }) ? last : none;
}

void Rewriter::put_qualifier(std::size_t i) {
    if (!reads(text_, in_[i], "definite") && !reads(text_, in_[i], "certain")) copy(i, i + 1);
}

bool Rewriter::qualified_label(std::size_t at, std::size_t end) {
    constexpr std::size_t longest = 8;  // tokens of a label
    const std::size_t edge = std::min(end, at + longest);
    const auto colon = static_cast<std::size_t>(std::find_if(in_.begin() + static_cast<std::ptrdiff_t>(at), in_.begin() + static_cast<std::ptrdiff_t>(edge), [](const Token& t) { return is_sign(t, ':'); }) - in_.begin());
    const std::size_t doubt = colon < edge ? label_qualifier(at, colon) : none;
    if (doubt == none || !names_lge(at, doubt)) return false;
    put_qualifier(doubt);
    const bool sign = in_[doubt - 1].kind == Token::Kind::sign;  // of a bracket or comma
    copy(at, sign ? doubt - 1 : doubt);
    copy(colon, end);
    return true;
}

void Rewriter::put_field(std::size_t first, std::size_t equal, std::size_t end) {
    const auto any_of = [&](std::size_t i, std::initializer_list<std::string_view> words) { return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return spells(text_, in_[i], w); }); };
    const bool asks = any_of(equal - 1, {"yn", "present", "any"});  // whose 1 and 0 are yes and no
    const bool grams = equal > first + 1 && any_of(equal - 1, {"g", "grams"}), number = equal + 2 == end && in_[equal + 1].kind == Token::Kind::number;
    const std::size_t doubt = label_qualifier(first, equal);
    if (doubt != none) put_qualifier(doubt);
    bool percent = false;
    for (std::size_t i = first; i < equal; ++i) {
        if (i == doubt) continue;
        const bool share = any_of(i, {"pct", "perc", "percent"}), unit = share || (grams && i == equal - 1);
        percent = percent || share;
        if (!is_sign(in_[i], '_') && !any_of(i, {"yn", "present"}) && !(unit && number)) copy(i, i + 1);
    }
    put_sign(':', equal);
    if (asks && number) return put_word(lexicon_.vocabulary.exact(WordKey::of(in_[equal + 1].value == 0 ? "no" : "yes")), equal + 1);
    for (std::size_t i = equal + 1; i < end; ++i) {
        if (is_sign(in_[i], '[') || is_sign(in_[i], ']')) continue;
        if (is_sign(in_[i], '|')) put_sign(',', i - 1);  // "1|2|7"
        else copy(i, i + 1);
    }
    if (percent && number) put_sign('%', end - 1);  // "lge_pct_lv=7.5"
    if (grams && number) put_word(in_[equal - 1].word, end - 1);
}

}  // namespace lge::report
