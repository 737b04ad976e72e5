#include "lge/report/table_rewriter.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lge::report {

namespace {

/// The days that two words tell, "Day 4", "6 months"; 0 for none.
float days_told(std::string_view text, const Token& a, const Token& b) {
    constexpr std::array<std::pair<std::string_view, float>, 8> units{{{"day", 1}, {"days", 1}, {"week", 7}, {"weeks", 7}, {"month", 30}, {"months", 30}, {"year", 365}, {"years", 365}}};
    const bool number_first = a.kind == Token::Kind::number;
    const Token &number = number_first ? a : b, &word = number_first ? b : a;
    if (number.kind != Token::Kind::number) return 0;
    const auto unit = std::find_if(units.begin(), units.end(), [&](const auto& u) { return reads(text, word, u.first); });
    return unit == units.end() ? 0 : number.value * unit->second;
}

}  // namespace

std::vector<Rewriter::Field> Rewriter::fields(std::size_t from, std::size_t end, char separator) const {
    std::vector<Field> out;
    if (separator == '|' && from < end && is_sign(in_[from], '|')) ++from;
    std::size_t first = from;
    for (std::size_t i = from; i < end; ++i) {
        const bool cut = separator == gap ? i > first && behind_gap(in_[i - 1], in_[i]) : is_sign(in_[i], separator);
        if (!cut) continue;
        out.push_back({first, i});
        first = separator == gap ? i : i + 1;
    }
    if (first < end) out.push_back({first, end});
    return out;
}

std::optional<Rewriter::Field> Rewriter::below(std::size_t head_line, const Field& head, std::size_t column, std::size_t count, std::size_t line, const std::vector<Field>& row, char separator) const {
    if (separator != gap) return row.size() == count && row[column].first < row[column].end ? std::optional(row[column]) : std::nullopt;
    if (row.size() == count && column > 0) return row[column];  // in a full row, whatever stands above it
    if (row.size() == count + 1) return row[column + 1];        // the labels have no head
    const std::int64_t begin = offset(head_line, head.first), end = offset(head_line, head.end - 1) + 1;
    constexpr std::int64_t farthest = 8;
    std::optional<Field> best;
    std::int64_t distance = farthest;
    for (std::size_t k = 1; k < row.size(); ++k) {
        const std::int64_t b = offset(line, row[k].first), e = offset(line, row[k].end - 1) + 1;
        const std::int64_t d = std::max<std::int64_t>({0, b - end, begin - e});
        if (d < distance) { distance = d; best = row[k]; }
    }
    return best;
}

std::size_t Rewriter::columns(std::size_t at, std::size_t end) {
    if (end >= in_.size() || end + 1 >= in_.size()) return none;
    const std::size_t next_end = line_end(end + 1);
    for (const char separator : {'|', ';', ',', gap}) {
        const auto heads = fields(at, end, separator);
        if (heads.size() < 2 || heads.size() > most_columns) continue;
        if (const auto p = heads[0].first < heads[0].end ? place(heads[0].first, heads[0].end) : std::nullopt; p && p->end == heads[0].end) continue;  // a row
        const auto below_it = fields(end + 1, next_end, separator);
        if (below_it.size() < 2) continue;
        const bool numbered = below_it.size() == heads.size() && below_it[0].end == below_it[0].first + 1 && is_segment(below_it[0].first);  // "LGE seg.  LGE type" above "3  midwall"
        for (std::size_t k = separator == gap && !numbered ? 0 : 1; k < heads.size(); ++k)
            if (names_lge(heads[k].first, heads[k].end)) return column_below(at, end, heads, k, separator);
    }
    return none;
}

std::size_t Rewriter::column_of_now(const std::vector<Field>& heads) const {
    constexpr std::array<std::string_view, 7> now_words{"now", "today", "current", "present", "this", "follow", "after"};
    constexpr std::array<std::string_view, 12> then_words{"previous", "prior", "baseline", "before", "then", "first", "earlier", "old", "last", "initial", "pre", "acute"};
    constexpr std::array<std::string_view, 10> spans{"month", "months", "mo", "week", "weeks", "wk", "year", "years", "yr", "day"};
    constexpr std::size_t longest = 8;  // tokens: "Prior CMR (14 Jan 2022)"
    constexpr float unknown = 1e6F;
    const auto since = [&](const Field& f) { return f.end == f.first + 2 ? days_told(text_, in_[f.first], in_[f.first + 1]) : 0; };
    if (const std::size_t last = heads.size() - 1; since(heads[last - 1]) > 0 && since(heads[last]) > since(heads[last - 1])) return last;
    const auto one_of = [&](std::size_t i, const auto& words) { return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return reads(text_, in_[i], w); }); };
    std::size_t now = none, latest = none;
    bool then = false;
    float year = 0, earliest = unknown;
    for (std::size_t k = 0; k < heads.size(); ++k) {
        const auto [first, end] = heads[k];
        if (end > first + longest) return none;
        bool is_now = false, is_then = false, span = false;
        float told = 0;
        for (std::size_t i = first; i < end; ++i) {
            is_now = is_now || one_of(i, now_words);
            is_then = is_then || one_of(i, then_words);
            span = span || one_of(i, spans);
            if (is_year(in_[i])) told = in_[i].value;
        }
        if (told > year) year = told, latest = k;
        if (told != 0) earliest = std::min(earliest, told);
        if (is_then) then = true;
        else if (is_now || (span && then)) now = k;
    }
    if (now != none && (then || earliest < unknown)) return now;
    return now == none && earliest < year ? latest : none;
}

std::size_t Rewriter::then_and_now(std::size_t at, std::size_t end, char separator) {
    const auto heads = fields(at, end, separator);
    const std::size_t now = heads.size() < 2 ? none : column_of_now(heads);
    if (now == none) return none;
    struct Found { Field label, value; std::size_t line_end; bool placed, nothing; };
    std::vector<Found> rows;
    std::size_t i = end + 1, width = 0;
    while (i < in_.size() && rows.size() < most_rows) {
        const std::size_t e = line_end(i);
        const auto row = fields(i, e, separator);
        if (width == 0 && (row.size() == heads.size() + 1 || (row.size() == heads.size() && now > 0))) width = row.size();  // without a head over the labels, or with one
        if (row.size() != width || width == 0) break;
        const Field value = row[now + width - heads.size()];
        const auto c = cell(value.first, value.end);
        if (row[0].first >= row[0].end || value.first >= value.end) {  // nothing is told
            i = e + 1;
            continue;
        }
        rows.push_back({row[0], value, e, place(row[0].first, row[0].end).has_value(), c && !c->positive});
        i = e + 1;
    }
    if (rows.empty()) return none;
    const bool any = std::any_of(rows.begin(), rows.end(), [](const Found& r) { return r.placed && !r.nothing; });
    const bool of_lge = std::any_of(rows.begin(), rows.end(), [&](const Found& r) { return names_lge(r.label.first, r.label.end); });
    for (const Found& r : rows) {
        if (of_lge && r.placed && !r.nothing) put_word(words_[1], r.label.first);  // of a table with a row of LGE
        if (any && r.nothing && (r.placed || !names_lge(r.label.first, r.label.end))) continue;
        copy(r.label.first, r.label.end - (is_sign(in_[r.label.end - 1], '.') ? 1 : 0));  // "LGE inferolat."
        if (!is_sign(in_[r.label.end - 1], ':')) put_sign(':', r.label.end - 1);
        copy(r.value.first, r.value.end);
        if (r.line_end < in_.size()) out_.push_back(in_[r.line_end]);
    }
    return std::min(i, in_.size());
}

std::size_t Rewriter::with_reference(std::size_t at, std::size_t end) {
    constexpr std::array<std::string_view, 5> names{"ref", "reference", "normal", "norm", "range"};
    constexpr std::array<std::string_view, 6> values{"value", "values", "result", "results", "patient", "measured"};
    constexpr std::size_t columns = 3, fewest = 2;
    for (const char separator : {'|', gap}) {
        const auto heads = fields(at, end, separator);
        const auto one_of = [&](const Field& f, const auto& words) { return f.first < f.end && std::any_of(words.begin(), words.end(), [&](std::string_view n) { return reads(text_, in_[f.first], n); }); };
        if (heads.size() != columns || !one_of(heads[1], values) || !one_of(heads[2], names)) continue;
        struct Found { Field label, value; std::size_t line_end; };
        std::vector<Found> rows;
        std::size_t i = end + 1;
        while (i < in_.size() && rows.size() < most_rows) {
            const std::size_t e = line_end(i);
            const auto row = fields(i, e, separator);
            if (e == i || row.size() < 2 || row.size() > columns || row[0].first >= row[0].end) break;
            rows.push_back({row[0], row[1], e});
            i = e + 1;
        }
        if (rows.size() < fewest) continue;
        for (const Found& r : rows) {
            copy(r.label.first, r.label.end);
            put_sign(':', r.label.end - 1);
            copy(r.value.first, r.value.end);
            if (r.line_end < in_.size()) out_.push_back(in_[r.line_end]);
        }
        return std::min(i, in_.size());
    }
    return none;
}

std::optional<Label> Rewriter::row_label(const Field& f) const {
    if (f.first >= f.end) return std::nullopt;
    if (is_segment(f.first)) return Label{.first = f.first, .end = f.first + 1, .kind = Kind::segmentword};
    if (const auto coded = segment_code(f.first, f.end)) return coded;
    if (const auto named = place(f.first, f.end)) return named;
    return vessel(f);
}

std::optional<Label> Rewriter::vessel(const Field& f) const {
    const auto [main, side] = lexicon_.main.find_both(in_.data() + f.first, in_.data() + f.end, lexicon_.main.first(in_[f.first].symbol));
    if (side.list == 0) return std::nullopt;
    for (const auto e : lexicon_.main.entries(side))
        if (lexicon_.entries[e].kind == Kind::territory) return Label{f.first, f.first + side.tokens, Kind::territory, lexicon_.entries[e].code};
    return std::nullopt;
}

std::size_t Rewriter::column_below(std::size_t at, std::size_t end, const std::vector<Field>& heads, std::size_t column, char separator) {
    struct Found { Field label; Label name; Cell value; std::size_t line_end; bool ratio; std::vector<Field> further = {}; Field behind = {}; std::vector<Field> details = {}; };
    constexpr std::array<std::string_view, 10> of_scar{"extent", "layer", "pattern", "site", "location", "level", "levels", "distribution", "depth", "type"};
    const auto details = [&](const Field& head) {  // "Extent in wall thickness"
        return std::any_of(of_scar.begin(), of_scar.end(), [&](std::string_view w) { return head.first < head.end && reads(text_, in_[head.first], w); });
    };
    constexpr std::size_t fewest_rows = 2;
    constexpr std::int64_t gap_reach = 8;  // bytes
    std::vector<Found> rows;
    bool percent = std::any_of(in_.begin() + static_cast<std::ptrdiff_t>(heads[column].first), in_.begin() + static_cast<std::ptrdiff_t>(heads[column].end), [](const Token& t) { return is_sign(t, '%'); });
    std::size_t i = end + 1;
    for (std::size_t lines = 0; i < in_.size() && lines < most_rows; ++lines) {
        const std::size_t e = line_end(i);
        auto row = fields(i, e, separator);
        if (e == i || (separator == gap ? row.size() < 2 : row.size() != heads.size())) break;
        const auto label = row_label(row[0]);
        if (separator == gap && !label) break;
        auto field = below(at, heads[column], column, heads.size(), i, row, separator);
        auto value = field ? cell(field->first, field->end) : std::nullopt;
        if (separator == gap && !field && label) {  // "anterior apical 1-25 %     yes": one blank is left
            std::size_t k = label->end;
            while (const auto more = place(k, row[0].end)) k = more->end;
            value = cell(k, row[0].end);
            if (value && value->amount && offset(i, k) + gap_reach >= offset(at, heads[column].first)) field = Field{k, row[0].end}, row[0].end = k;
            else value.reset();
        }
        if (field && label && label->kind == Kind::territory && !(value && (value->amount || !value->positive)) && field->first < field->end) value = Cell{.first = field->first, .end = field->end, .positive = true};  // "RCA | basal inferior, 50-75 %"
        if (value && !value->positive && !value->amount)  // "none at base, patchy at mid level"
            for (std::size_t k = value->end; k < field->end && !value->positive; ++k)
                if (const auto further = cell(k, field->end); further && further->positive && !further->amount && in_[value->first].kind == Token::Kind::word) *value = Cell{.first = field->first, .end = field->end, .positive = true};
        if (label && value) {
            const bool ratio = value->end + 1 < e && is_sign(in_[value->end], '/') && in_[value->end + 1].kind == Token::Kind::number;  // "0/6"
            rows.push_back({row[0], *label, *value, e, ratio});
            for (std::size_t k = 1; k < row.size() && row[k].first < field->first; ++k)  // "basal | inferior | 50 %"
                if (const auto more = place(row[k].first, row[k].end); more && more->kind != label->kind) rows.back().further.push_back(row[k]);
            for (std::size_t k = value->end; k < field->end && value->positive; ++k)  // "mid-wall, basal and mid"
                if (place(k, field->end) || phrase(k, field->end, [](const Entry& entry) { return entry.kind == Kind::pattern; })) { rows.back().behind = {value->end, field->end}; break; }
            for (std::size_t k = column + 1; k < heads.size() && value->positive; ++k)
                if (const auto more = details(heads[k]) ? below(at, heads[k], k, heads.size(), i, row, separator) : std::nullopt; more && more->first > field->first && more->first < more->end) rows.back().details.push_back(*more);
            percent = percent || (!ratio && in_percent({*value}));
        }
        i = e + 1;
    }
    if (rows.size() < fewest_rows) return none;
    put_word(words_[1], at);
    put_sign(':', at);
    out_.push_back(in_[end]);
    const bool any = std::any_of(rows.begin(), rows.end(), [](const Found& r) { return r.value.positive; });
    for (const Found& r : rows) {
        if (!r.value.positive && any) continue;
        if (r.name.kind == Kind::territory) put_word(words_[1], r.label.first);
        if (r.name.kind == Kind::segmentword) put_label(r.name, false);
        else copy(r.label.first, r.label.end);
        for (const Field& f : r.further) copy(f.first, f.end);
        if (r.value.positive) {
            put_value(r.value, percent && !r.ratio);
            copy(r.behind.first, r.behind.end);
            for (const Field& f : r.details) {
                put_sign(',', f.first - 1);
                copy(f.first, f.end);
            }
            if (!r.details.empty()) put_sign('.', r.details.back().end - 1);
        }
        else {
            put_sign(':', r.value.end - 1);
            put_number(0, r.value.end - 1);
        }
        if (r.line_end < in_.size()) out_.push_back(in_[r.line_end]);
    }
    return std::min(i, in_.size());
}

}  // namespace lge::report
