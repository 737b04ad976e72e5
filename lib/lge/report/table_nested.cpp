#include "lge/report/table_rewriter.hpp"

#include <algorithm>

namespace lge::report {

std::size_t Rewriter::behind_bullet(std::size_t i, std::size_t end) const {
    if (i + 1 >= end || !in_[i + 1].spaced) return i;
    return is_letter(i, 'o') || is_sign(in_[i], '-') || is_sign(in_[i], '*') || is_sign(in_[i], '+') ? i + 1 : i;
}

std::optional<Label> Rewriter::outer_label(std::size_t at, std::size_t end) const {
    const auto label = place(behind_bullet(at, end), end);
    if (!label) return std::nullopt;
    std::size_t k = label->end;
    if (k < end && is_sign(in_[k], ':')) ++k;
    return k == end ? label : std::nullopt;
}

std::size_t Rewriter::nested_rows(std::size_t at) {
    constexpr std::size_t fewest = 2;
    struct Group { Label outer; std::vector<Label> labels; std::vector<Cell> values; std::size_t line_end; };
    const auto is_cap = [](const Label& l) { return l.kind == Kind::level && static_cast<LevelWord>(l.code) == LevelWord::apex; };
    std::vector<Group> groups;
    std::size_t i = at;
    while (i < in_.size() && groups.size() < most_rows) {
        const std::size_t head_end = line_end(i);
        const auto outer = outer_label(i, head_end);
        if (!outer) {  // "Apical cap: 75 %"
            const auto cap = groups.empty() ? std::nullopt : place(behind_bullet(i, head_end), head_end);
            if (!cap || !is_cap(*cap)) break;
            const auto value = cell(behind_mark(cap->end, head_end), head_end);
            if (!value) break;
            groups.push_back({*cap, {}, {*value}, head_end});
            i = head_end + 1;
            continue;
        }
        Group g{*outer, {}, {}, head_end};
        for (std::size_t line = head_end + 1; line < in_.size() && g.labels.size() < most_rows; line = g.line_end + 1) {
            const std::size_t e = line_end(line);
            const auto inner = place(behind_bullet(line, e), e);
            if (!inner || inner->kind == outer->kind || is_cap(*inner)) break;
            std::size_t k = inner->end;
            while (k < e && (is_sign(in_[k], ':') || is_sign(in_[k], '='))) ++k;
            const auto value = cell(k, e);
            if (!value || !(value->end == e || behind_gap(in_[value->end - 1], in_[value->end]) || in_[value->end].kind == Token::Kind::sign)) break;
            g.labels.push_back(*inner);
            g.values.push_back(*value);
            g.line_end = e;
        }
        if (g.labels.size() < fewest) break;
        i = g.line_end + 1;
        groups.push_back(std::move(g));
    }
    if (groups.empty()) return none;
    put_title(at, at);
    const bool percent = std::any_of(groups.begin(), groups.end(), [&](const Group& g) { return in_percent(g.values); });
    const auto told = [](const Group& g) { return std::any_of(g.values.begin(), g.values.end(), [](const Cell& c) { return c.positive; }); };
    const bool any = std::any_of(groups.begin(), groups.end(), told);
    for (const Group& g : groups) {
        if ((any || g.labels.empty()) && !told(g)) continue;
        if (g.labels.empty()) {
            put_label(g.outer, false);
            put_value(g.values.front(), percent);
        } else put_row(g.outer, g.labels, g.values, percent);
        put_sign('.', g.values.back().end - 1);
        if (g.line_end < in_.size()) out_.push_back(in_[g.line_end]);
    }
    return std::min(i, in_.size());
}

}  // namespace lge::report
