#include "lge/report/table_rewriter.hpp"

#include <algorithm>
#include <array>

namespace lge::report {

namespace {

constexpr float highest_score = 4;  // of a segment: more is an amount

}  // namespace

void Rewriter::name_fields(std::size_t at, std::size_t end) {
    constexpr std::size_t longest_name = 4;
    const auto colon = [&](std::size_t i) {
        in_[i].sign = ':';
        in_[i].symbol = static_cast<unsigned char>(':');
    };
    for (std::size_t i = at + 1; i < end && i < at + longest_name && in_[i - 1].kind == Token::Kind::word; ++i)
        if (is_sign(in_[i], '=') && !in_[i].spaced && i + 1 < end && !in_[i + 1].spaced) { colon(i); return; }
}

char Rewriter::label_separator(std::size_t at, std::size_t end) const {
    const auto bars = std::count_if(in_.begin() + static_cast<std::ptrdiff_t>(at), in_.begin() + static_cast<std::ptrdiff_t>(end), [](const Token& t) { return is_sign(t, '|'); });
    const bool framed = is_sign(in_[end - 1], '|') && (bars == 2 || (bars == 3 && is_sign(in_[at], '|')));  // "LGE | none |", "| LGE | none |"
    return bars == 1 || framed ? '|' : gap;
}

bool Rewriter::labelled(std::size_t at, std::size_t end) const {
    constexpr std::size_t longest = 6;  // tokens of a label
    const auto parts = fields(at, end, label_separator(at, end));
    if (parts.size() < 2 || parts[0].first >= parts[0].end || parts[1].first >= parts[1].end || parts[0].end - parts[0].first > longest) return false;
    const auto named = [&](std::size_t i) { return in_[i].kind == Token::Kind::word || ((is_sign(in_[i], '/') || is_sign(in_[i], ',') || is_sign(in_[i], '(') || is_sign(in_[i], ')')) && i > at); };
    for (std::size_t i = parts[0].first; i < parts[0].end; ++i)
        if (!named(i)) return false;
    return !is_sign(in_[parts[1].first], ':') && !is_sign(in_[parts[1].first], '=') && !is_sign(in_[parts[1].first], '|');
}

bool Rewriter::part_labels(std::size_t at, std::size_t end) {
    const auto parts = fields(at, end, label_separator(at, end));
    const auto has_label = [&](const Field& f) { return std::any_of(in_.begin() + static_cast<std::ptrdiff_t>(f.first) + 1, in_.begin() + static_cast<std::ptrdiff_t>(f.end), [](const Token& t) { return is_sign(t, ':'); }) && in_[f.first].kind == Token::Kind::word && !is_sign(in_[f.end - 1], ':'); };
    const bool headed = parts.size() > 2 && !has_label(parts[0]) && labelled(at, end);  // "LGE    then: septum    now: none"
    if (parts.size() >= 2 && std::all_of(parts.begin() + (headed ? 1 : 0), parts.end(), has_label)) {
        for (const Field& f : parts) {
            if (f.first > at) put_newline(f.first);
            if (headed && f.first > at) copy(parts[0].first, parts[0].end);
            copy(f.first, f.end);
            if (headed && f.first == at) put_sign(':', f.end - 1);
        }
        return true;
    }
    if (!labelled(at, end)) return false;
    if (parts.size() > 2) return part_places(at, end, parts);
    const std::size_t above = line_above(at);
    const bool below = end + 1 < in_.size() && labelled(end + 1, line_end(end + 1));
    if (!below && !(above < at && labelled(above, at - 1))) return false;
    copy(parts[0].first, parts[0].end);
    put_sign(':', parts[0].end - 1);
    copy(parts[1].first, parts[1].end);
    return true;
}

bool Rewriter::part_places(std::size_t at, std::size_t end, const std::vector<Field>& parts) {
    constexpr std::size_t most = 4;
    const auto named = [&](std::size_t from, std::size_t to, const std::vector<Field>& row) {
        const auto label = row.size() == parts.size() ? place(from, to) : std::nullopt;
        return label && label->end == row[0].end;
    };
    if (parts.size() > most || !named(at, end, parts)) return false;
    const std::size_t above = line_above(at);
    const std::size_t next_end = end + 1 < in_.size() ? line_end(end + 1) : end;
    const char separator = label_separator(at, end);
    if (!(next_end > end && named(end + 1, next_end, fields(end + 1, next_end, separator))) && !(above < at && named(above, at - 1, fields(above, at - 1, separator)))) return false;
    copy(parts[0].first, parts[0].end);
    put_sign(':', parts[0].end - 1);
    for (std::size_t k = 1; k < parts.size(); ++k) {
        if (parts[k].first + 1 == parts[k].end && is_sign(in_[parts[k].first], '-')) continue;
        if (k > 1) put_sign(',', parts[k].first - 1);
        copy(parts[k].first, parts[k].end);
    }
    return true;
}

std::optional<Rewriter::Numbered> Rewriter::numbered(std::size_t i, std::size_t end) const {
    const auto number = [&] {  // "#3"
        if (i < end && is_sign(in_[i], '#')) ++i;
        return i < end && is_segment(i) ? i++ : none;
    };
    const std::size_t first = number();
    if (first == none) return std::nullopt;
    while (i < end && (is_sign(in_[i], ',') || is_sign(in_[i], '-') || lexicon_.is(in_[i], Role::range | Role::conjunction))) {
        ++i;
        if (number() == none) return std::nullopt;
    }
    const bool several = i > first + 1;
    while (const auto name = place(i, end)) i = name->end;
    if (i < end && (is_sign(in_[i], ':') || is_sign(in_[i], '='))) ++i;
    const auto value = cell(i, end);
    const bool mark = value && (is_sign(in_[value->first], '+') || (value->end == end && (is_sign(in_[value->first], '-') || is_letter(value->first, 'x'))));
    if (!value || !(value->amount || mark) || (several && value->positive)) return std::nullopt;
    return Numbered{first, value->end, *value};
}

bool Rewriter::holds_pairs(std::size_t i, std::size_t end) const {
    const auto first = numbered(i, end);
    return first && first->end < end && numbered(first->end, end);
}

std::size_t Rewriter::numbered_rows(std::size_t at) {
    constexpr std::size_t fewest = 4;
    std::vector<Label> labels;
    std::vector<Cell> values;
    std::size_t i = at;
    for (float above = 0; i < in_.size();) {
        const std::size_t e = line_end(i), before = labels.size();
        while (i < e) {
            const auto r = numbered(i, e);
            if (!r || in_[r->number].value <= above || std::any_of(labels.begin(), labels.end(), [&](const Label& l) { return static_cast<float>(l.code) == in_[r->number].value; })) break;
            labels.push_back({.first = r->number, .end = r->number + 1, .kind = Kind::segmentword, .code = static_cast<std::uint32_t>(in_[r->number].value)});
            values.push_back(r->value);
            i = r->end;
        }
        const bool sparse = labels.size() == before + 1 && values.back().end == labels.back().end + 1 && !behind_gap(in_[labels.back().first], in_[values.back().first]);  // "1 0"
        if (i < e || labels.size() == before || sparse) {  // no row of the table
            labels.resize(before);
            values.resize(before);
            while (i > at && !is_newline(in_[i - 1])) --i;
            break;
        }
        above = static_cast<float>(labels[before].code);
        i = e + 1;
    }
    if (labels.size() < fewest) return none;
    put_title(at, at);
    put_row({}, labels, values, in_percent(values));
    put_sign('.', values.back().end - 1);  // so that the line below does not go on in it
    if (i - 1 < in_.size()) out_.push_back(in_[i - 1]);
    return std::min(i, in_.size());
}

bool Rewriter::dashed(std::size_t i, std::size_t end) const {
    return i + 1 < end && is_sign(in_[i], '-') && !in_[i].spaced && !in_[i + 1].spaced && in_[i + 1].kind == Token::Kind::number && in_[i + 1].value <= highest_score;
}

std::size_t Rewriter::score_behind(std::size_t i, std::size_t end) const {
    const std::size_t value_at = std::min(behind_bound(i + 1, end), end);
    if (value_at >= end || in_[value_at].kind != Token::Kind::number) return none;
    if (value_at > i + 1) return is_sign(in_[i], ':') ? i + 1 : none;  // "7: < 25 %"
    const bool bracketed = is_sign(in_[i], '(') && i + 2 < end && is_sign(in_[i + 2], ')');  // "(3)", not "(50 %)"
    const auto percent = [&] {  // "7 - 26-50%"
        const auto value = is_sign(in_[i], '-') && in_[i].spaced && in_[i + 1].spaced ? cell(i + 1, end) : std::nullopt;
        return value && is_sign(in_[value->end - 1], '%');
    };
    return is_sign(in_[i], ':') || is_sign(in_[i], '=') || bracketed || dashed(i, end) || percent() ? i + 1 : none;
}

std::optional<Label> Rewriter::scored(std::size_t i, std::size_t end) const {
    const auto segment = [&](std::size_t first, std::size_t number) { return Label{.first = first, .end = number + 1, .kind = Kind::segmentword, .code = static_cast<std::uint32_t>(in_[number].value)}; };
    const auto number = [&](std::size_t k) { return k < end && in_[k].kind == Token::Kind::number; };
    if (is_segment(i)) {
        const bool ends = i + 2 == end || (i + 2 < end && (is_sign(in_[i + 2], ',') || is_sign(in_[i + 2], ';') || is_sign(in_[i + 2], '.')));
        if (segments_named_ && ends && in_[i + 1].spaced && (is_sign(in_[i + 1], '+') || (number(i + 1) && in_[i + 1].value == 0))) return segment(i, i);  // "segments: 1 0, 2 +"
        const bool marked = i + 1 < end && (is_sign(in_[i + 1], '+') || is_sign(in_[i + 1], '-')) && !in_[i + 1].spaced && (i + 2 == end || in_[i + 2].spaced);
        if (marked && (i + 3 < end || i >= 3)) {  // "1-  2-  5+  6+"
            const std::size_t other = i + 3 < end ? i + 2 : i - 2;
            if (is_segment(other) && (is_sign(in_[other + 1], '+') || is_sign(in_[other + 1], '-')) && !in_[other + 1].spaced) return segment(i, i);
        }
        if (score_behind(i + 1, end) == none) return std::nullopt;
        const bool percent = i + 3 < end && is_sign(in_[i + 3], '%'), range = i + 3 < end && is_sign(in_[i + 3], '-');
        const bool amount = percent || (number(i + 2) && in_[i + 2].value > highest_score);  // "4 = 70"
        const bool equation = is_sign(in_[i + 1], '=') && ((in_[i + 1].spaced && !(segments_named_ && amount)) || range);  // "1 = 1-25 %", not "4=3"
        return equation ? std::nullopt : std::optional(segment(i, i));
    }
    const auto label = phrase(i, end, [](const Entry& e) { return e.kind == Kind::segmentword; });
    if (!label || label->end >= end) return std::nullopt;
    if (label->code == 0)  // "seg 1: 0"
        return is_segment(label->end) && (score_behind(label->end + 1, end) != none || (number(label->end + 1) && (behind_gap(in_[label->end], in_[label->end + 1]) || names_next(label->end + 1, end)))) ? std::optional(segment(i, label->end)) : std::nullopt;
    return number(label->end) || legend(in_[label->end]) || score_behind(label->end, end) != none ? label : std::nullopt;  // "S4 2", "S4 Y", "S4: 2"
}

bool Rewriter::names_next(std::size_t i, std::size_t end) const {
    const auto value = cell(i, end);
    return value && value->end < end && behind_gap(in_[value->end - 1], in_[value->end]) && phrase(value->end, end, [](const Entry& e) { return e.kind == Kind::segmentword; });
}

std::size_t Rewriter::behind_bracket(std::size_t i, std::size_t end) const {
    constexpr std::size_t longest = 5;
    if (i >= end || !is_sign(in_[i], '(')) return i;
    for (std::size_t k = i + 1; k < std::min(end, i + longest); ++k) {
        if (in_[k].kind == Token::Kind::number) break;
        if (is_sign(in_[k], ')')) return k + 1;
    }
    return i;
}

bool Rewriter::pairs(std::size_t at, std::size_t end) {
    constexpr std::size_t fewest = 2;
    std::vector<Label> labels;
    std::vector<Cell> values;
    std::size_t begin = none, stop = at;
    bool named = false, zero = false, any_dashed = false, bracketed = false;
    segments_named_ = false;
    for (std::size_t i = at; i + 1 < end;) {
        segments_named_ = segments_named_ || phrase(i, end, [](const Entry& e) { return e.kind == Kind::segmentword && e.code == 0; });
        const auto label = scored(i, end);
        if (!label || (!labels.empty() && labels.back().code >= label->code)) {
            if (begin == none) { ++i; continue; }
            break;
        }
        if (begin == none) begin = i;
        std::size_t k = label->end;
        if (in_[k].kind != Token::Kind::number && !is_sign(in_[k], '+') && !legend(in_[k])) {
            if (is_sign(in_[k], '-') && !in_[k].spaced && (k + 1 == end || in_[k + 1].spaced)) {  // "4-", not "4-2"
                labels.push_back(*label);
                values.push_back(*cell(k, end));
                i = stop = k + 1;
                zero = true;
                continue;
            }
            any_dashed = any_dashed || (is_sign(in_[k], '-') && !in_[k].spaced);
            bracketed = bracketed || is_sign(in_[k], '(');
            ++k;
        }
        named = named || label->code != static_cast<std::uint32_t>(in_[i].value);
        zero = zero || (in_[k].kind == Token::Kind::number && in_[k].value == 0) || legend(in_[k]);
        labels.push_back(*label);
        values.push_back(*cell(k, end));
        stop = values.back().end;
        if (in_[k - 1].sign == '(' && stop < end && is_sign(in_[stop], ')')) ++stop;
        i = stop = behind_bracket(stop, end);
        while (i < end && (is_sign(in_[i], ',') || is_sign(in_[i], ';') || is_sign(in_[i], '|') || (is_sign(in_[i], '/') && in_[i].spaced))) ++i;
        if (segments_named_ && i + 3 < end && is_segment(i) && is_sign(in_[i + 1], '-') && is_segment(i + 2) && in_[i + 3].kind == Token::Kind::number && in_[i + 3].spaced && in_[i + 3].value == 0) i = stop = i + 4;  // "10-16 0"
        if (bracketed && i < end && in_[i].kind == Token::Kind::word && lexicon_.is(in_[i], Role::conjunction)) ++i;  // "4 (2), 5 (2) and 10 (1)"
    }
    if (labels.size() >= fewest) {  // "4 = 75 %, 10 = 50 %, all others 0"
        const std::size_t rest = stop < end && in_[stop].kind == Token::Kind::sign ? stop + 1 : stop;
        const bool word = rest < end && in_[rest].kind == Token::Kind::word;
        if (const std::size_t nothing = word ? behind_rest(rest, end) : none; nothing != none) stop = nothing, zero = true;
    }
    if (any_dashed && !zero) return false;  // "segments 3-4, 9-10" are ranges
    if (bracketed && !segments_named_ && labels.size() <= fewest) return false;
    if (named && !zero && in_percent(values)) return false;  // "S4 50 %, S10 75 %" is read as it stands
    const bool goes_on = out_.size() == pairs_end_ + 1;  // from the line above
    const bool cap = goes_on && labels.size() == 1 && stop == end && labels[0].code == 17;  // "Apex  17:4"
    if (!cap && (labels.size() < fewest || (labels.size() == fewest && !named && !in_percent(values)))) return false;  // "9:30"
    if (begin == at && goes_on) {
        put_word(words_[1], at);
        put_sign(':', at);
    } else if (begin == at) put_title(at, at);
    copy(at, begin);
    put_row({}, labels, values, in_percent(values));
    copy(stop, end);
    pairs_end_ = out_.size();
    return true;
}

bool Rewriter::score_row(std::size_t at, std::size_t end) {
    if (!graded_ || end < at + 3) return false;
    const std::size_t value = end - 1, colon = end - 2;
    const float score = in_[value].value;
    if (in_[value].kind != Token::Kind::number || !(is_sign(in_[colon], ':') || is_sign(in_[colon], '=')) || score < 1 || score >= static_cast<float>(scale_.size()) || !scale_[static_cast<std::size_t>(score)]) return false;
    std::size_t i = at;
    while (i < colon) {
        if (const auto named = place(i, colon)) i = named->end;
        else if (phrase(i, colon, [](const Entry& e) { return e.kind == Kind::segmentword; }) || (i > at && is_segment(i)) || (i > at && lexicon_.is(in_[i], Role::joining)) || (i == at && is_sign(in_[i], '-'))) ++i;
        else return false;
    }
    copy(at, colon);
    put_value(Cell{.first = value, .end = value + 1, .positive = true, .amount = true}, false);
    return true;
}

bool Rewriter::segment_row(std::size_t at, std::size_t end) {
    constexpr std::size_t fewest = 16, most = 17;
    constexpr float highest = 100;  // percent
    if (end - at < fewest) return false;
    std::size_t begin = none;
    for (std::size_t i = at; i < end && begin == none; ++i)
        if (is_sign(in_[i], ':')) begin = i + 1;
    if (begin == none) return false;
    bool named = false;
    for (std::size_t i = at; i < begin; ++i) named = named || phrase(i, begin, [](const Entry& e) { return e.kind == Kind::segmentword; });
    if (!named) return false;
    std::vector<Label> labels;
    std::vector<Cell> values;
    constexpr float highest_score = 5;
    const bool dashes = begin + 2 < end && in_[begin].kind == Token::Kind::number && is_sign(in_[begin + 1], '-') && in_[begin].value <= highest_score && in_[begin + 2].kind == Token::Kind::number && in_[begin + 2].value <= highest_score;  // "0-0-0-0-0-0 / 2-3-0-0-0-0 / 4-4-2-0 / 4"
    std::size_t i = begin;
    while (i < end && labels.size() <= most) {
        auto value = cell(i, end);
        if (!value || !value->amount || in_[i].value > highest) break;
        if (dashes) *value = Cell{.first = i, .end = i + 1, .positive = in_[i].value != 0, .amount = true};
        labels.push_back({.first = i, .end = i + 1, .kind = Kind::segmentword, .code = static_cast<std::uint32_t>(labels.size() + 1)});
        values.push_back(*value);
        i = value->end;
        if (i < end && (is_sign(in_[i], ',') || is_sign(in_[i], '/') || is_sign(in_[i], '|') || is_sign(in_[i], ';') || (dashes && is_sign(in_[i], '-')))) ++i;
    }
    const auto percent = [&](const Cell& c) { return is_sign(in_[c.end - 1], '%'); };
    if (labels.size() < fewest || labels.size() > most || std::any_of(values.begin(), values.end(), [&](const Cell& c) { return percent(c) != percent(values[0]) || (!percent(c) && c.end > c.first + 1); })) return false;
    for (std::size_t k = at; k < begin; ++k)  // "(segments 1 to 16)" names none
        if (in_[k].kind == Token::Kind::word && !phrase(k, begin, [](const Entry& e) { return e.kind == Kind::segmentword; })) copy(k, k + 1);
    copy(begin - 1, begin);
    put_row({}, labels, values, in_percent(values));
    copy(values.back().end, end);
    return true;
}

bool Rewriter::ring_row(std::size_t at, std::size_t end) {
    constexpr std::size_t fewest = 4;
    std::size_t i = at;
    while (i < end && !is_segment(i)) ++i;  // behind the name of the ring
    const std::size_t begin = i;
    std::vector<Label> labels;
    std::vector<Cell> values;
    for (float next = 0; i + 1 < end && is_segment(i); next = in_[labels.back().first].value + 1) {
        const float number = in_[i].value;
        const bool first = labels.empty() && (number == 1 || number == 7 || number == 13);
        const auto value = first || number == next ? cell(i + 1, end) : std::nullopt;
        if (!value || !(value->amount || in_[value->first].kind == Token::Kind::sign)) break;
        labels.push_back({.first = i, .end = i + 1, .kind = Kind::segmentword, .code = static_cast<std::uint32_t>(number)});
        values.push_back(*value);
        i = value->end;
        if (i < end && (is_sign(in_[i], ',') || is_sign(in_[i], '|'))) ++i;
    }
    if (labels.size() < fewest || i < end) return false;
    for (std::size_t k = at; k < begin; ++k)  // the name of the ring says nothing more
        if (!place(k, begin) && !is_sign(in_[k], ':')) copy(k, k + 1);
    put_row({}, labels, values, in_percent(values));
    return true;
}

bool Rewriter::crossed_segments(std::size_t at, std::size_t end) {
    for (std::size_t i = at; i + 2 < end; ++i) {
        if (!is_segment(i) || !is_sign(in_[i + 1], '/') || !is_segment(i + 2) || (i > at && is_sign(in_[i - 1], '/'))) continue;
        std::vector<Label> labels;
        std::size_t k = i;
        while (k < end && is_segment(k)) {
            labels.push_back({.first = k, .end = k + 1, .kind = Kind::segmentword});
            if (++k >= end || !is_sign(in_[k], '/')) break;
            ++k;
        }
        if (k >= end || !(is_sign(in_[k], ':') || is_sign(in_[k], '='))) continue;
        const auto values = cells(k + 1, end, '/');
        if (values.size() != labels.size() || !in_percent(values)) continue;
        copy(at, i);
        put_row({}, labels, values, true);
        copy(values.back().end, end);
        return true;
    }
    return false;
}

std::size_t Rewriter::behind_rest(std::size_t i, std::size_t end) const {
    constexpr std::size_t longest = 5;
    for (std::size_t k = i + 1; k < std::min(end, i + longest); ++k) {
        if (in_[k].kind == Token::Kind::number) return in_[k].value == 0 && (k + 1 == end || in_[k + 1].kind == Token::Kind::sign) ? k + 1 + (k + 1 < end && is_sign(in_[k + 1], ',') ? 1 : 0) : none;
        if (in_[k].kind != Token::Kind::word) return none;
    }
    return none;
}

std::size_t Rewriter::behind_all_but(std::size_t i, std::size_t end) const {
    if (i >= end || !reads(text_, in_[i], "all")) return i;
    std::size_t k = i + 1;
    if (k < end && lexicon_.is(in_[k], Role::segment)) ++k;
    const auto nothing = cell(k, end);
    if (!nothing || nothing->positive) return i;
    const auto except = phrase(nothing->end, end, [](const Entry& e) { return e.kind == Kind::except_; });
    return except ? except->end : i;
}

bool Rewriter::wall_pairs(std::size_t at, std::size_t end) {
    std::size_t i = at;
    std::vector<Label> labels;
    std::vector<Cell> values;
    std::optional<Label> ring = place(at, end);
    std::size_t begin = at;
    if (ring && ring->kind == Kind::level && ring->end < end && (is_sign(in_[ring->end], ':') || is_sign(in_[ring->end], '|') || (is_sign(in_[ring->end], '-') && in_[ring->end].spaced))) i = ring->end + 1;
    else if (ring && ring->kind == Kind::level && ring->end < end && behind_gap(in_[ring->end - 1], in_[ring->end])) i = ring->end;  // "apical   ant 0   sep 50"
    else {
        ring.reset();
        for (std::size_t k = at; k < end; ++k)
            if (is_sign(in_[k], ':')) { begin = i = k + 1; break; }
    }
    if (!ring)  // "LGE: basal ring: anterior -, septal +"
        if (const auto level = place(i, end); level && level->kind == Kind::level && level->end < end && is_sign(in_[level->end], ':')) {
            ring = level;
            i = level->end + 1;
        }
    const std::size_t excepted = behind_all_but(i, end);
    const bool all_but = excepted != i;
    bool words = false, zero = all_but;  // "anterior (transmural), septum 0" is a list, "anterior transmural, septum patchy" is read as it stands
    i = excepted;
    while (i < end) {
        auto label = place(i, end);
        if (label && label->kind == Kind::level && !ring) {
            if (const auto wall = place(label->end, end); wall && wall->kind == Kind::wall) label = Label{.first = label->first, .end = wall->end, .kind = Kind::wall, .code = wall->code};  // "basal ant 0, mid ant 50"
            else label = Label{.first = label->first, .end = label->end, .kind = Kind::wall};  // "inf 50, apex 100"
        }
        if (!label || label->kind != Kind::wall) {
            const std::size_t nothing = behind_rest(i, end);  // "other apical 0"
            if (nothing == none || labels.empty()) break;
            zero = true;
            i = nothing;
            continue;
        }
        std::size_t k = label->end;
        while (k < end && (is_sign(in_[k], ':') || is_sign(in_[k], '=') || is_sign(in_[k], '('))) ++k;
        const auto value = cell(k, end);
        if (!value) return false;
        if (const auto level = is_sign(in_[k], '-') ? place(k + 1, end) : std::nullopt; level && level->kind == Kind::level) return false;  // "inferior wall - base transmural, ..."
        words = words || in_[k].kind == Token::Kind::word;
        zero = zero || !value->positive;
        k = value->end;
        while (k < end && is_sign(in_[k], ')')) ++k;
        labels.push_back(*label);
        values.push_back(*value);
        i = k;
        if (i >= end) break;
        if (is_sign(in_[i], ',') || is_sign(in_[i], ';') || is_sign(in_[i], '|') || (is_sign(in_[i], '/') && in_[i].spaced) || lexicon_.is(in_[i], Role::conjunction)) ++i;
        else if (!behind_gap(in_[i - 1], in_[i]) && !place(i, end)) break;  // "ant -   sept +", "AS 0 IS 50"
    }
    if (ring && labels.empty() && static_cast<LevelWord>(ring->code) == LevelWord::apex)
        if (const auto value = cell(i, end); value && (value->end == end || (value->end + 1 == end && is_sign(in_[value->end], '|')))) {  // "Apex | 0 |"
            copy(at, ring->end);
            put_sign(':', ring->end - 1);
            copy(value->first, value->end);
            return true;
        }
    if (labels.size() < (all_but ? 1 : 2) || (words && !zero) || !(i >= end || is_sign(in_[i], '.')) || (!all_but && std::all_of(values.begin(), values.end(), [](const Cell& c) { return c.positive; }))) return false;
    copy(at, begin);
    put_row(ring.value_or(Label{}), labels, values, in_percent(values));
    copy(i, end);
    return true;
}

std::optional<Label> Rewriter::level_letter(std::size_t i, std::size_t end) const {
    constexpr std::array<std::pair<char, LevelWord>, 3> letters{{{'b', LevelWord::basal}, {'m', LevelWord::mid}, {'a', LevelWord::apical}}};
    if (i + 1 >= end || !(in_[i + 1].kind == Token::Kind::number || is_sign(in_[i + 1], ':') || is_sign(in_[i + 1], '='))) return std::nullopt;
    for (const auto& [letter, level] : letters)
        if (is_letter(i, letter)) return Label{.first = i, .end = i + 1, .kind = Kind::level, .code = static_cast<std::uint32_t>(level)};
    return std::nullopt;
}

std::size_t Rewriter::behind_mark(std::size_t i, std::size_t end) const {
    if (i < end && (is_sign(in_[i], ':') || is_sign(in_[i], '='))) return i + 1;
    return i + 1 < end && is_sign(in_[i], '-') && in_[i].spaced && in_[i + 1].spaced && !place(i + 1, end) && cell(i + 1, end) ? i + 1 : i;
}

std::optional<Label> Rewriter::segment_code(std::size_t i, std::size_t end) const {
    return phrase(i, end, [](const Entry& e) { return e.kind == Kind::segmentword && e.code != 0; });
}

std::optional<Label> Rewriter::segment_label(std::size_t i) const {
    const std::size_t n = in_.size();
    if (i >= n) return std::nullopt;
    if (const auto coded = segment_code(i, i + 1)) return coded;
    if (is_sign(in_[i], '#') || reads(text_, in_[i], "aha")) ++i;
    if (const auto word = i < n ? phrase(i, i + 1, [](const Entry& e) { return e.kind == Kind::segmentword && e.code == 0; }) : std::nullopt) i = word->end;
    if (i + 1 < n && is_sign(in_[i], '.') && in_[i + 1].kind == Token::Kind::number) ++i;  // "seg. 1"
    if (i >= n || !is_segment(i)) return std::nullopt;
    return Label{.first = i, .end = i + 1, .kind = Kind::segmentword, .code = static_cast<std::uint32_t>(in_[i].value)};
}

std::size_t Rewriter::all_segments(std::size_t at, std::size_t end) {
    constexpr std::size_t fewest = 6;
    std::size_t begin = at;
    if (!segment_label(at)) {  // "LGE by segment: S1: 0, S2: 25 %"
        const auto colon = std::find_if(in_.begin() + static_cast<std::ptrdiff_t>(at), in_.begin() + static_cast<std::ptrdiff_t>(end), [](const Token& t) { return is_sign(t, ':'); });
        begin = static_cast<std::size_t>(colon - in_.begin()) + 1;
        if (begin >= end) return none;
    }
    std::vector<Label> labels;
    std::vector<Cell> values;
    std::size_t i = begin, done = begin;
    while (i < in_.size()) {
        const auto label = segment_label(i);
        if (!label || (!labels.empty() && label->code != labels.back().code + 1)) break;
        std::size_t stop = label->end;
        const auto parts = [&](std::size_t k) {
            return is_newline(in_[k]) || is_sign(in_[k], ',') || is_sign(in_[k], ';') || is_sign(in_[k], '|') || (is_sign(in_[k], '.') && (k + 1 == in_.size() || is_newline(in_[k + 1]) || segment_label(k + 1)));
        };
        while (stop < in_.size() && !parts(stop)) ++stop;
        const auto value = item(behind_mark(label->end, stop), stop);
        if (!value) return none;
        labels.push_back(*label);
        values.push_back(*value);
        done = stop;
        i = stop;
        while (i < in_.size() && parts(i) && !segment_label(i)) ++i;
    }
    if (labels.size() < fewest || std::all_of(values.begin(), values.end(), [](const Cell& c) { return c.positive; })) return none;
    if (begin == at) put_title(at, at);
    else copy(at, begin);
    put_row({}, labels, values, in_percent(values));
    put_sign('.', done - 1);  // so that what follows does not go on in it
    return done < in_.size() && is_sign(in_[done], '.') ? done + 1 : done;
}

std::optional<Cell> Rewriter::item(std::size_t i, std::size_t end) const {
    const auto whole = cell(i, end);
    if (whole && whole->end == end) return whole;
    if (whole && !whole->positive && in_[i].kind == Token::Kind::word)  // "no scar"
        if (const auto thing = phrase(whole->end, end, [](const Entry& e) { return e.kind == Kind::target; }); thing && thing->end == end) return Cell{.first = i, .end = end};
    const auto layer = phrase(i, end, [](const Entry& e) { return e.kind == Kind::pattern; });
    const auto depth = layer ? cell(layer->end, end) : std::nullopt;  // "subendocardial 25-50 %"
    return depth && depth->amount && depth->positive && depth->end == end ? std::optional(Cell{.first = i, .end = end, .positive = true}) : std::nullopt;
}

bool Rewriter::item_rows(std::size_t at, std::size_t end) {
    std::size_t done = at;
    bool any = false;
    for (std::size_t begin = behind_title(lexicon_, in_, at, end); begin < end;) {
        const auto stop = static_cast<std::size_t>(std::find_if(in_.begin() + static_cast<std::ptrdiff_t>(begin), in_.begin() + static_cast<std::ptrdiff_t>(end), [](const Token& t) { return is_sign(t, '.'); }) - in_.begin());
        if (item_row(done, begin, stop)) {
            any = true;
            done = stop;
        }
        begin = stop + 1;
    }
    if (!any) return false;
    if (done + 1 < end) copy(done, end);  // no full stop at the end
    return true;
}

bool Rewriter::item_row(std::size_t done, std::size_t begin, std::size_t end) {
    constexpr std::size_t fewest = 2;
    const auto row = place(begin, end);
    if (!row || row->end + 1 >= end || !(is_sign(in_[row->end], ':') || (is_sign(in_[row->end], '-') && in_[row->end].spaced && in_[row->end + 1].spaced))) return false;
    std::vector<Label> labels;
    std::vector<Cell> values;
    for (std::size_t i = row->end + 1; i < end;) {
        std::size_t stop = i;
        while (stop < end && !is_sign(in_[stop], ',') && !is_sign(in_[stop], ';')) ++stop;
        const auto label = place(i, stop);
        if (!label || label->kind == row->kind) return false;
        const auto value = item(behind_mark(label->end, stop), stop);
        if (!value) return false;
        labels.push_back(*label);
        values.push_back(*value);
        i = stop + 1;
    }
    if (labels.size() < fewest || std::all_of(values.begin(), values.end(), [](const Cell& c) { return c.positive; })) return false;
    copy(done, begin);
    put_row(*row, labels, values, in_percent(values));
    return true;
}

std::optional<Label> Rewriter::wall_of_ring(std::size_t i, std::size_t end) const {
    constexpr std::array<std::string_view, 4> codes{"as", "is", "il", "al"};  // as the last of `words_`
    if (const auto named = place(i, end)) return named->kind == Kind::wall ? named : std::nullopt;
    for (std::size_t k = 0; k < codes.size(); ++k)
        if (i < end && reads(text_, in_[i], codes[k])) return Label{.first = i, .end = i + 1, .kind = Kind::wall, .crossed = words_[6 + k]};
    return std::nullopt;
}

bool Rewriter::ordered_row(std::size_t at, std::size_t end) {
    constexpr std::size_t fewest = 3;
    std::size_t i = at;
    std::optional<Label> ring;
    for (; i < end && !(ring && is_sign(in_[i], '(')); ++i)
        if (const auto named = place(i, end)) {
            ring = named->kind == Kind::level ? named : std::nullopt;
            i = named->end - 1;
        }
    if (i == end) return false;
    std::vector<Label> walls;
    const bool numbered = i + 4 < end && is_segment(i + 1) && is_sign(in_[i + 2], '-') && is_segment(i + 3) && is_sign(in_[i + 4], ')');  // "Basal (1-6): 0 / 0 / 50 / ..."
    if (numbered) {
        for (auto code = static_cast<std::uint32_t>(in_[i + 1].value); code <= static_cast<std::uint32_t>(in_[i + 3].value); ++code) walls.push_back({.first = i + 1, .end = i + 2, .kind = Kind::segmentword, .code = code});
        i += 4;
    } else for (++i; i < end;) {
        const auto wall = wall_of_ring(i, end);
        if (!wall) return false;
        walls.push_back(*wall);
        i = wall->end;
        if (i < end && !is_sign(in_[i], '/') && !is_sign(in_[i], ',')) break;
        ++i;
    }
    if (walls.size() < fewest || i + 1 >= end || !is_sign(in_[i], ')')) return false;
    std::size_t first = i + 1;
    while (first < end && (is_sign(in_[first], ':') || is_sign(in_[first], '=') || (first == i + 1 && is_sign(in_[first], '-')))) ++first;
    std::size_t stop = end;
    while (stop > first && is_sign(in_[stop - 1], '.')) --stop;
    std::vector<Cell> values;
    for (std::size_t k = first; k < stop;) {
        std::size_t to = k;
        while (to < stop && !is_sign(in_[to], '/') && !is_sign(in_[to], ',')) ++to;
        const auto value = item(k, to);
        if (!value) return false;
        values.push_back(*value);
        k = to + 1;
    }
    if (values.size() != walls.size()) return false;
    copy(at, numbered ? ring->end : ring->first);
    if (numbered) put_sign(':', ring->end - 1);
    put_row(numbered ? Label{} : *ring, walls, values, in_percent(values));
    return true;
}

bool Rewriter::level_pairs(std::size_t at, std::size_t end) {
    const std::size_t begin = is_sign(in_[at], '-') || is_sign(in_[at], '*') ? at + 1 : at;  // behind a bullet
    const auto wall = place(begin, end);
    if (!wall || wall->kind != Kind::wall) return false;
    std::vector<Label> levels;
    std::vector<Cell> values;
    bool told = false;     // more than "normal" and "nil"
    bool layered = false;  // "..., apical 25 %, subendocardial"
    std::size_t k = wall->end;
    while (k < end) {
        if (is_sign(in_[k], ',') || is_sign(in_[k], ';') || is_sign(in_[k], ':') || is_sign(in_[k], '=') || is_sign(in_[k], '|')) { ++k; continue; }
        auto level = place(k, end);
        if (!level) level = level_letter(k, end);
        layered = !level && levels.size() > 1 && phrase(k, end, [](const Entry& e) { return e.kind == Kind::pattern; }).has_value();
        if (layered) break;
        auto value = level && level->kind == Kind::level ? cell(behind_mark(level->end, end), end) : cell(k, end);
        if (!value) {
            if (level && level->end < end) return false;
            break;
        }
        k = value->end;
        if (!level) {  // "normal at base, 50% mid"
            level = place(k, end);
            if (!level && k + 1 < end && in_[k].kind == Token::Kind::word) level = place(k + 1, end);
            if (level) k = level->end;
        }
        if (!level || level->kind != Kind::level) return false;
        told = told || value->amount || value->positive;
        levels.push_back(*level);
        values.push_back(*value);
    }
    if (!told || !(k >= end || is_sign(in_[k], '.') || layered) || std::all_of(values.begin(), values.end(), [](const Cell& c) { return c.positive; })) return false;
    copy(at, begin);
    put_row(*wall, levels, values, in_percent(values));
    if (layered) put_sign(',', k - 1);
    copy(k, end);
    return true;
}

bool Rewriter::inline_grid(std::size_t at, std::size_t end) {
    struct Found { Label label; std::vector<Cell> values; std::size_t end; };
    std::vector<Label> columns;
    std::vector<Found> rows;
    std::size_t header_first = none, header_end = none;
    for (std::size_t i = at; i + 4 < end; ++i) {
        const auto label = place(i, end);
        if (!label) continue;
        std::size_t k = label->end;
        i = k - 1;
        if (label->kind == Kind::level) {
            std::vector<Label> levels{*label};
            while (k + 1 < end && is_sign(in_[k], '/')) {
                const auto next = place(k + 1, end);
                if (!next || next->kind != Kind::level) break;
                levels.push_back(*next);
                k = next->end;
            }
            if (levels.size() < 2 || header_first != none) continue;
            if (rows.empty()) columns = levels;
            header_first = label->first;
            header_end = k;
            i = k - 1;
            continue;
        }
        while (k < end && (is_sign(in_[k], ':') || is_sign(in_[k], '=') || is_sign(in_[k], '('))) ++k;
        auto values = cells(k, end, '/');
        if (values.size() < 2 || values.size() != (columns.empty() ? 3 : columns.size())) continue;
        if (columns.empty()) columns = rings(label->first);
        std::size_t behind = values.back().end;
        if (behind < end && is_sign(in_[behind], ')') && is_sign(in_[k - 1], '(')) ++behind;
        i = behind - 1;
        rows.push_back({*label, std::move(values), behind});
    }
    if (rows.empty()) return false;
    const auto holds = [](const Found& r) { return std::any_of(r.values.begin(), r.values.end(), [](const Cell& c) { return c.positive; }); };
    const bool any = std::any_of(rows.begin(), rows.end(), holds);
    std::size_t done = at;
    const auto pass_header = [&](std::size_t to) {  // which is no place
        if (header_first == none || header_first < done || header_end > to) return;
        copy(done, header_first);
        done = header_end;
    };
    for (const Found& r : rows) {
        pass_header(r.label.first);
        copy(done, r.label.first);
        done = r.end;
        if (any && !holds(r)) {
            if (done < end && is_sign(in_[done], ',')) ++done;
            continue;
        }
        put_row(r.label, columns, r.values, in_percent(r.values) || (r.end < end && is_sign(in_[r.end], '%')));
    }
    pass_header(end);
    copy(done, end);
    return true;
}

std::vector<Label> Rewriter::rings(std::size_t over) {
    const auto ring = [&](LevelWord w) { return Label{.first = over, .end = over + 1, .kind = Kind::level, .code = static_cast<std::uint32_t>(w)}; };
    return {ring(LevelWord::basal), ring(LevelWord::mid), ring(LevelWord::apical)};
}

}  // namespace lge::report
