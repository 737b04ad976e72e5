#include "lge/report/table_rewriter.hpp"

#include <algorithm>

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
    const auto spells = [&](std::size_t i, std::string_view word) { return text_.substr(in_[i].start, in_[i].end - in_[i].start) == word; };
    const bool asks = spells(equal - 1, "yn") || spells(equal - 1, "present") || spells(equal - 1, "any");  // whose 1 and 0 are yes and no
    for (std::size_t i = first; i < equal; ++i)
        if (!is_sign(in_[i], '_') && !spells(i, "yn") && !spells(i, "present")) copy(i, i + 1);
    put_sign(':', equal);
    if (asks && equal + 2 == end && in_[equal + 1].kind == Token::Kind::number) return put_word(lexicon_.vocabulary.exact(WordKey::of(in_[equal + 1].value == 0 ? "no" : "yes")), equal + 1);
    for (std::size_t i = equal + 1; i < end; ++i) {
        if (is_sign(in_[i], '[') || is_sign(in_[i], ']')) continue;
        if (is_sign(in_[i], '|')) put_sign(',', i - 1);  // "1|2|7"
        else copy(i, i + 1);
    }
}

}  // namespace lge::report
