#include "lge/report/table_rewriter.hpp"

#include <algorithm>
#include <initializer_list>

namespace lge::report {

bool Rewriter::export_fields(std::size_t at, std::size_t end) {
    constexpr std::size_t fewest = 3;
    const auto equals = [&](std::size_t i) { return is_sign(in_[i], '=') && !in_[i].spaced && i > at && in_[i - 1].kind == Token::Kind::word; };
    std::size_t fields = 0, parts = 1;
    for (std::size_t i = at; i < end; ++i) fields += equals(i), parts += is_sign(in_[i], ';');
    if (std::min(fields, parts) < fewest) return false;  // "seg1=0, seg2=3"
    for (std::size_t first = at; first < end;) {
        std::size_t stop = first, equal = end;
        for (; stop < end && !is_sign(in_[stop], ';'); ++stop)
            if (equal == end && equals(stop)) equal = stop;
        if (equal < stop && equal + 1 < stop) put_field(first, equal, stop);
        else if (equal == end) copy(first, stop);
        if (stop < end) put_newline(stop);
        first = stop + 1;
    }
    return true;
}

void Rewriter::put_field(std::size_t first, std::size_t equal, std::size_t end) {
    const auto any_of = [&](std::size_t i, std::initializer_list<std::string_view> words) { return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return spells(text_, in_[i], w); }); };
    const bool asks = any_of(equal - 1, {"yn", "present", "any"});  // whose 1 and 0 are yes and no
    for (std::size_t i = first; i < equal; ++i)
        if (!is_sign(in_[i], '_') && !any_of(i, {"yn", "present"})) copy(i, i + 1);
    put_sign(':', equal);
    if (asks && equal + 2 == end && in_[equal + 1].kind == Token::Kind::number) return put_word(lexicon_.vocabulary.exact(WordKey::of(in_[equal + 1].value == 0 ? "no" : "yes")), equal + 1);
    for (std::size_t i = equal + 1; i < end; ++i) {
        if (is_sign(in_[i], '[') || is_sign(in_[i], ']')) continue;
        if (is_sign(in_[i], '|')) put_sign(',', i - 1);  // "1|2|7"
        else copy(i, i + 1);
    }
}

}  // namespace lge::report
