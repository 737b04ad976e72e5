#include "lge/report/table_rewriter.hpp"

#include <algorithm>

namespace lge::report {

bool Rewriter::heads_tuples(std::size_t at, std::size_t end) const {
    const auto first = phrase(at, end, [](const Entry& e) { return e.kind == Kind::segmentword && e.code == 0; });
    if (!first || end + 1 >= in_.size() || !is_segment(end + 1)) return false;
    if (names_lge(first->end, end)) return true;
    // "LGE depth by segment" over "seg  depth", and not "No LGE." over "seg  motion"
    std::size_t title = at < 2 ? at : at - 2;
    while (title > 0 && line_end(title - 1) != title - 1) --title;
    if (title + 1 >= at || !names_lge(title, at - 1)) return false;
    for (std::size_t i = title; i < end; ++i)
        if (is_sign(in_[i], '.') || is_sign(in_[i], ':') || phrase(i, end, [](const Entry& e) { return e.kind == Kind::negation || e.kind == Kind::negated || e.kind == Kind::answer || e.kind == Kind::modality; })) return false;
    return true;
}

std::size_t Rewriter::tuples(std::size_t at, std::size_t end) {
    constexpr std::size_t fewest = 2;
    const auto lge = [&] {
        for (std::size_t i = end; i-- > at;)
            if (phrase(i, end, [](const Entry& e) { return e.kind == Kind::target || e.kind == Kind::sequence; })) return i;
        return at;
    }();
    const auto parts = [](const Token& t) { return is_sign(t, '/') || is_sign(t, '|') || is_sign(t, ';') || is_sign(t, ','); };
    // the column of LGE is the last, or that right behind the number
    const bool last = std::none_of(in_.begin() + static_cast<std::ptrdiff_t>(lge), in_.begin() + static_cast<std::ptrdiff_t>(end), [&](const Token& t) { return parts(t); });
    const bool second = std::count_if(in_.begin() + static_cast<std::ptrdiff_t>(at), in_.begin() + static_cast<std::ptrdiff_t>(lge), parts) == 1;
    if (!last && !second) return none;
    struct Found { std::size_t segment; Cell value; };
    std::vector<Found> rows;
    std::size_t i = end + 1;
    while (i < in_.size() && is_segment(i)) {
        const std::size_t e = line_end(i);
        for (std::size_t group = i; group < e;) {
            std::size_t stop = group + 1;  // before the bar and number that begin the next
            while (stop < e && !(is_sign(in_[stop], '|') && stop > group + 1 && stop + 2 < e && is_segment(stop + 1) && in_[stop + 2].kind == Token::Kind::word)) ++stop;
            std::size_t value = group + 1;
            if (last) {
                value = stop - 1;
                while (value > group + 1 && (is_sign(in_[value], '%') || parts(in_[value]))) --value;
                if (value > group + 2 && is_sign(in_[value - 1], '-') && !in_[value].spaced && in_[value - 2].kind == Token::Kind::number) value -= 2;  // "51-75"
            } else
                while (value < stop && parts(in_[value])) ++value;
            const auto c = is_segment(group) && value > group && value < stop ? cell(value, stop) : std::nullopt;
            if (!c) return none;
            rows.push_back({group, *c});
            group = stop < e ? stop + 1 : e;
        }
        i = e + 1;
    }
    if (rows.size() < fewest) return none;
    const bool any = std::any_of(rows.begin(), rows.end(), [](const Found& r) { return r.value.positive; });
    const bool percent = std::any_of(rows.begin(), rows.end(), [&](const Found& r) { return in_percent({r.value}); }) ||
                         std::any_of(in_.begin() + static_cast<std::ptrdiff_t>(lge), in_.begin() + static_cast<std::ptrdiff_t>(end), [](const Token& t) { return is_sign(t, '%'); });
    put_word(words_[1], at);
    put_sign(':', at);
    out_.push_back(in_[end]);
    for (const Found& r : rows) {
        if (!r.value.positive && any) continue;
        put_label({.first = r.segment, .end = r.segment + 1, .kind = Kind::segmentword}, false);
        if (r.value.positive) put_value(r.value, percent);
        else {
            put_sign(':', r.value.end - 1);
            put_number(0, r.value.end - 1);
        }
        out_.push_back(in_[end]);
    }
    return std::min(i, in_.size());
}

}  // namespace lge::report
