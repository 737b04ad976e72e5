#include "lge/report/table_rewriter.hpp"

#include <algorithm>

namespace lge::report {

std::vector<Label> Rewriter::header(std::size_t i, std::size_t end) const {
    constexpr std::size_t most_others = 4;
    std::vector<Label> out;
    std::size_t others = 0;
    while (i < end) {
        std::size_t field_end = i + 1;  // "Ant   Sept" are two walls
        while (field_end < end && !behind_gap(in_[field_end - 1], in_[field_end])) ++field_end;
        if (const auto l = place(i, field_end)) {
            if (!out.empty() && out.front().kind != l->kind) return {};
            out.push_back(*l);
            i = l->end;
            continue;
        }
        if (in_[i].kind == Token::Kind::number) return {};
        others += in_[i].kind == Token::Kind::word;
        ++i;
    }
    return out.size() >= 2 && out.size() <= most_columns && others <= most_others ? out : std::vector<Label>{};
}

Label Rewriter::crossed_wall(Label a, std::size_t end) const {
    if (a.kind != Kind::wall || a.end >= end || !(is_sign(in_[a.end], ',') || is_sign(in_[a.end], '/') || is_sign(in_[a.end], '-'))) return a;
    const auto b = place(a.end + 1, end);
    if (!b || b->kind != Kind::wall) return a;
    for (std::size_t w = 0; w < 4; ++w) {
        constexpr std::array<std::array<std::uint32_t, 2>, 4> parts{{{0, 6}, {3, 6}, {3, 7}, {0, 7}}};  // of wall_words
        const std::uint32_t one = 1U << parts[w][0], other = 1U << parts[w][1];
        if ((a.code == one && b->code == other) || (a.code == other && b->code == one)) return {.first = a.first, .end = b->end, .kind = Kind::wall, .code = 2U << w, .crossed = words_[6 + w]};
    }
    return a;
}

std::vector<Cell> Rewriter::barred_cells(std::size_t line, std::size_t end, std::size_t count) const {
    if (line >= end || !is_sign(in_[line], '|')) return {};
    const auto all = fields(line, end, '|');
    if (all.size() != count + 1) return {};
    std::vector<Cell> out;
    for (std::size_t k = 1; k < all.size(); ++k) {
        const auto [first, stop] = all[k];
        if (first == stop) {
            out.push_back({.first = first - 1, .end = first});
            continue;
        }
        const bool cross = stop == first + 1 && is_letter(first, 'x');
        const auto c = cell(first, stop);
        if (c && !(cross && c->meaning == 0)) out.push_back(*c);
        else if (cross) out.push_back({.first = first, .end = stop, .positive = true});
        else return {};
    }
    return out;
}

std::optional<Rewriter::Row> Rewriter::row(std::size_t i, std::size_t end, std::size_t head_line, const std::vector<Label>& columns) const {
    const std::size_t line = i;
    i = behind_bar(i, end);
    auto label = place(i, end);
    if (!label) return std::nullopt;
    label = crossed_wall(*label, end);
    i = label->end;
    while (i < end && (is_sign(in_[i], ':') || is_sign(in_[i], '|') || is_sign(in_[i], '='))) ++i;
    Row r{*label, barred_cells(line, end, columns.size())};
    if (r.values.empty()) r.values = cells(i, end, 0);
    if (label->kind == columns.front().kind) {
        const bool cap = label->kind == Kind::level && static_cast<LevelWord>(label->code) == LevelWord::apex && r.values.size() == 1;
        return cap ? std::optional(r) : std::nullopt;
    }
    if (r.values.size() > columns.size() || r.values.empty()) r.values = cells(i, end, '/');
    if (r.values.size() < columns.size() && !r.values.empty() && !spread(head_line, columns, line, r.values)) return std::nullopt;
    return r.values.size() == columns.size() ? std::optional(r) : std::nullopt;
}

bool Rewriter::spread(std::size_t head_line, const std::vector<Label>& columns, std::size_t line, std::vector<Cell>& values) const {
    constexpr std::int64_t farthest = 4;
    std::vector<Cell> placed(columns.size(), Cell{.first = values.front().first, .end = values.front().end});
    std::size_t from = 0;
    for (const Cell& c : values) {
        const std::int64_t here = offset(line, c.first);
        std::int64_t distance = farthest + 1;
        std::size_t nearest = none;
        for (std::size_t k = from; k < columns.size(); ++k) {
            const std::int64_t begin = offset(head_line, columns[k].first), stop = offset(head_line, columns[k].end - 1);
            const std::int64_t d = std::max<std::int64_t>({0, begin - here, here - stop - static_cast<std::int64_t>(in_[columns[k].end - 1].end - in_[columns[k].end - 1].start)});
            if (d < distance) { distance = d; nearest = k; }
        }
        if (nearest == none) return false;
        placed[nearest] = c;
        from = nearest + 1;
    }
    values.swap(placed);
    return true;
}

std::size_t Rewriter::grid(std::size_t at, std::size_t end) {
    if (end >= in_.size() || end + 1 >= in_.size() || end == at) return none;
    const std::size_t next_end = line_end(end + 1);
    if (!place(behind_bar(end + 1, next_end), next_end)) return none;
    const auto columns = header(at, end);
    if (columns.empty() || !row(end + 1, next_end, at, columns)) return none;
    bool percent = false;
    std::size_t last = end;
    for (std::size_t i = end + 1; i < in_.size();) {
        const std::size_t e = line_end(i);
        const auto r = row(i, e, at, columns);
        if (!r) break;
        percent = percent || in_percent(r->values);
        last = e;
        i = e + 1;
    }
    const std::size_t caption = last + 1 < in_.size() && captions(last + 1) ? line_end(last + 1) : none;
    if (caption != none) {
        put_word(words_[1], at);
        put_sign(':', at);
        out_.push_back(in_[end]);
    } else put_title(at, end);
    for (std::size_t i = end + 1; i < last;) {
        const std::size_t e = line_end(i);
        const auto r = row(i, e, at, columns);
        if (r->values.size() < columns.size()) put_row({}, {Label{.first = r->label.first, .end = r->label.end, .kind = Kind::segmentword, .code = 17}}, r->values, percent);
        else put_row(r->label, columns, r->values, percent);
        if (e < in_.size()) out_.push_back(in_[e]);
        i = e + 1;
    }
    return caption == none ? last + 1 : std::min(caption + 1, in_.size());
}

bool Rewriter::captions(std::size_t at) const {
    constexpr std::ptrdiff_t fewest = 2;
    const std::size_t end = line_end(at);
    const auto letter = [&](const Token& t) { return legend(t).has_value(); };
    if (!names_lge(at, end)) return false;
    if (std::count_if(in_.begin() + static_cast<std::ptrdiff_t>(at), in_.begin() + static_cast<std::ptrdiff_t>(end), letter) >= fewest) return true;
    constexpr float highest = 5;
    std::ptrdiff_t scores = 0;  // "0 none, 1 <25 %, 2 25-50 %"
    for (std::size_t i = at + 1; i + 1 < end; ++i)
        scores += in_[i].kind == Token::Kind::number && in_[i].value <= highest && in_[i - 1].kind == Token::Kind::sign && !is_sign(in_[i - 1], '-') && (in_[i + 1].kind != Token::Kind::sign || is_sign(in_[i + 1], '=') || is_sign(in_[i + 1], '<') || is_sign(in_[i + 1], '>'));
    return scores >= fewest;
}

void Rewriter::put_title(std::size_t at, std::size_t end) {
    constexpr int most = 2;  // newlines between the title and the grid
    std::size_t above = out_.size();
    for (int n = 0; n < most && above > 0 && is_newline(out_[above - 1]); ++n) --above;
    std::size_t from = above;
    while (from > 0 && !is_newline(out_[from - 1])) --from;
    bool named = names_lge(at, end);
    const auto above_names = [&] { return Rewriter(lexicon_, text_, out_).names_lge(from, above); };  // the lines above are in `out_` as they were
    if (!named && from < above) {
        named = above_names();
        if (named && from >= rows_end_) out_.resize(from);  // not a row that has the title already
    }
    while (!named && from < above && from > 1 && std::any_of(out_.begin() + static_cast<std::ptrdiff_t>(from), out_.begin() + static_cast<std::ptrdiff_t>(above), [](const Token& t) { return is_sign(t, '='); })) {  // behind "0 none, 1 = 1-25 %"
        above = from - 1;
        for (from = above; from > 0 && !is_newline(out_[from - 1]);) --from;
        named = above_names();
    }
    if (!named) return;
    put_word(words_[1], at);
    put_sign(':', at);
    if (end > at) out_.push_back(in_[end]);
}

}  // namespace lge::report
