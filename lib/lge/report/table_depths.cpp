#include "lge/report/table_rewriter.hpp"

#include <algorithm>

namespace lge::report {

std::optional<Rewriter::DepthRow> Rewriter::depth_row(std::size_t at, std::size_t end) const {
    std::size_t i = at;
    if (i + 1 < end && in_[i].kind == Token::Kind::word && in_[i].end == in_[i].start + 1 && (is_sign(in_[i + 1], '.') || is_sign(in_[i + 1], ')'))) i += 2;  // "B. < 25 %"
    else if (i < end && (is_sign(in_[i], '-') || is_sign(in_[i], '*'))) ++i;
    DepthRow row{.first = i, .end = i, .list = end, .positive = false};
    if (i < end && (is_sign(in_[i], '<') || is_sign(in_[i], '>'))) {
        ++i;
        if (i < end && is_sign(in_[i], '=')) ++i;
    }
    const auto amount = i < end ? cell(i, end) : std::nullopt;
    if (!amount) return std::nullopt;
    if (amount->amount) {
        if (!is_sign(in_[amount->end - 1], '%')) return std::nullopt;
        row.positive = amount->positive;
    } else if (amount->positive || in_[i].kind != Token::Kind::word) return std::nullopt;
    row.end = i = amount->end;
    constexpr std::size_t longest_noun = 2;  // tokens: "no scar", "26-50 % thickness"
    while (i < end && i < row.end + longest_noun && in_[i].kind == Token::Kind::word) ++i;
    if (i >= end || !is_sign(in_[i], ':')) return std::nullopt;
    row.list = i + 1;
    return row;
}

std::size_t Rewriter::segments_end(std::size_t i, std::size_t end) const {
    bool number = false;
    for (; i < end; ++i) {
        const Token& t = in_[i];
        if (is_segment(i)) number = true;
        else if (is_sign(t, '.') || is_sign(t, ';')) break;
        else if (!(is_sign(t, ',') || is_sign(t, '-') || is_sign(t, '/') || lexicon_.is(t, Role::conjunction | Role::range | Role::segment))) return none;
    }
    return number ? i : none;
}

std::size_t Rewriter::depth_rows(std::size_t at) {
    constexpr std::size_t fewest = 2;
    struct Found { DepthRow row; std::size_t list_end, line_end; };
    std::vector<Found> rows;
    std::size_t i = at, told = 0;
    while (i < in_.size() && rows.size() < most_rows) {
        const std::size_t e = line_end(i);
        const auto row = depth_row(i, e);
        if (!row) break;
        const std::size_t list_end = segments_end(row->list, e);
        const auto nothing = list_end == none && row->list < e ? cell(row->list, e) : std::nullopt;
        if (list_end == none && !(nothing && !nothing->positive && !nothing->amount)) break;  // "51-75 %: basal inferior" is read as it stands
        told += row->positive;
        rows.push_back({*row, row->positive ? list_end : none, e});
        i = e + 1;
    }
    if (rows.size() < fewest || told == 0) return none;
    const bool any = std::any_of(rows.begin(), rows.end(), [](const Found& f) { return f.list_end != none; });
    if (!any) return none;
    for (const Found& f : rows) {
        if (f.list_end == none) continue;
        put_word(words_[0], f.row.list);
        for (std::size_t k = f.row.list; k < f.list_end; ++k)
            if (!lexicon_.is(in_[k], Role::segment)) copy(k, k + 1);
        put_sign('(', f.list_end - 1);
        copy(f.row.first, f.row.end);
        put_sign(')', f.list_end - 1);
        copy(f.list_end, f.line_end);
        if (f.line_end < in_.size()) out_.push_back(in_[f.line_end]);
    }
    return std::min(i, in_.size());
}

std::optional<Cell> Rewriter::segment_line(std::size_t at, std::size_t end) const {
    const auto noun = phrase(at, end, [](const Entry& e) { return e.kind == Kind::segmentword && e.code == 0; });
    if (!noun || noun->end + 1 >= end || !is_segment(noun->end)) return std::nullopt;
    const auto value = cell(behind_mark(noun->end + 1, end), end);
    return value && (value->end == end || !value->amount || value->positive) ? value : std::nullopt;
}

std::size_t Rewriter::segment_lines(std::size_t at) {
    constexpr std::size_t fewest = 2;
    struct Found { std::size_t first, end; Cell value; bool score; };
    std::vector<Found> rows;
    std::size_t i = at;
    while (i < in_.size() && rows.size() < most_rows) {
        const std::size_t e = line_end(i);
        const auto value = segment_line(i, e);
        if (!value) break;
        rows.push_back({i, e, *value, value->amount && value->end == e && value->end == value->first + 1});  // "segment 7: 2"
        i = e + 1;
    }
    const auto told = std::count_if(rows.begin(), rows.end(), [](const Found& r) { return r.value.positive; });
    const bool scores = std::any_of(rows.begin(), rows.end(), [](const Found& r) { return r.score && r.value.positive; });
    if (rows.size() < fewest || told == 0 || (!scores && static_cast<std::size_t>(told) == rows.size())) return none;
    for (const Found& r : rows) {
        if (!r.value.positive) continue;
        const bool mark = is_sign(in_[r.value.first - 1], ':') || is_sign(in_[r.value.first - 1], '=');
        copy(r.first, r.score ? r.value.first - (mark ? 1 : 0) : r.end);  // a score is no number of a segment
        if (r.score && graded_) put_value(r.value, false);
        if (r.end < in_.size()) out_.push_back(in_[r.end]);
    }
    return std::min(i, in_.size());
}

}  // namespace lge::report
