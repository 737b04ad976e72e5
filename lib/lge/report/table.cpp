#include "lge/report/table.hpp"

#include "lge/report/short_walls.hpp"
#include "lge/report/table_rewriter.hpp"

#include <algorithm>

namespace lge::report {

namespace {

/// Whether a place stands behind the bullet and title of a line.
bool starts_with_place(const Lexicon& lexicon, const Tokens& tokens, std::size_t from, std::size_t end) {
    from = behind_title(lexicon, tokens, from, end);
    if (from < end && tokens[from].kind == Token::Kind::sign) ++from;  // a bullet
    if (from >= end) return false;
    const auto m = lexicon.main.find(tokens.data() + from, tokens.data() + end);
    return m.list != 0 && (lexicon.meaning(m).kind == Kind::wall || lexicon.meaning(m).kind == Kind::level);
}

/// Whether a line of a text may be part of a table.
bool may_hold_table(const Lexicon& lexicon, const Tokens& tokens) {
    Signs here;
    int gaps_above = 0, bars_above = 0;
    std::size_t from = 0;
    const auto qualified = [&](std::size_t end) {  // "LGE segments (possible): 9"
        constexpr std::size_t longest = 6;
        if (from + 3 >= end || !lexicon.is(tokens[from + 1], Role::segment) || is_sign(tokens[from + 2], ':')) return false;
        const auto line = tokens.begin() + static_cast<std::ptrdiff_t>(from);
        return std::any_of(line, line + static_cast<std::ptrdiff_t>(std::min(end - from, longest)), [](const Token& t) { return is_sign(t, ':'); });
    };
    const auto found = [&](std::size_t end) {
        if (qualified(end)) return true;
        if (here.has_cells() || here.has_bars() || here.fields || (here.gaps > 0 && gaps_above > 0) || (here.bars > 0 && bars_above > 0)) return true;
        return ((here.may_be_row() || here.listed || here.slashed) && starts_with_place(lexicon, tokens, from, end)) || is_ruled(tokens, from, end);
    };
    const Token* const at = tokens.data();
    constexpr float several = 6;
    float counted = 0;  // "#1: none, #2: none, ..."
    for (std::size_t i = 0, n = tokens.size(); i < n; ++i) {
        const Token& t = at[i];
        if (t.kind == Token::Kind::word) here.gaps += i > from && behind_gap(at[i - 1], t);  // most tokens: no more can be told by a word
        else if (!is_newline(t)) {
            const bool led = i > from || (i + 1 < n && at[i + 1].kind == Token::Kind::sign);  // not "1 bas ant / nl / 0", which names the place
            if (t.kind == Token::Kind::number && t.value == counted + 1 && led && ++counted == several) return true;
            here.add(tokens, from, i);
        } else {
            if (found(i)) return true;
            gaps_above = here.gaps;
            bars_above = here.bars;
            here = {};
            from = i + 1;
        }
    }
    return found(tokens.size());
}

/// "S1  0 %", "S2  30 %", ...: the segments that begin the lines, as numbers.
void read_segment_codes(const Lexicon& lexicon, Tokens& tokens) {
    constexpr std::size_t fewest = 3;
    std::vector<std::pair<std::size_t, std::uint32_t>> codes;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        if ((i > 0 && !is_newline(tokens[i - 1])) || tokens[i].kind != Token::Kind::word || tokens[i].end > tokens[i].start + 3) continue;
        const auto m = lexicon.main.find(tokens.data() + i, tokens.data() + i + 1);
        if (m.list == 0) continue;
        const Entry& e = lexicon.meaning(m);
        if (e.kind != Kind::segmentword || e.code == 0) continue;
        if (!codes.empty() && e.code != codes.back().second + 1) return;
        codes.emplace_back(i, e.code);
    }
    if (codes.size() < fewest) return;
    for (const auto& [i, id] : codes) {
        Token& t = tokens[i];
        t = {t.start, t.end, 0, number_symbol + id, static_cast<float>(id), Token::Kind::number, 0, false, t.spaced};
    }
}

}  // namespace

std::size_t behind_title(const Lexicon& lexicon, const Tokens& tokens, std::size_t at, std::size_t end) {
    std::size_t i = at < end && (is_sign(tokens[at], '-') || is_sign(tokens[at], '*')) ? at + 1 : at;  // a bullet
    if (i >= end) return i;
    const auto m = lexicon.main.find(tokens.data() + i, tokens.data() + end);
    const bool title = m.list != 0 && (lexicon.meaning(m).kind == Kind::target || lexicon.meaning(m).kind == Kind::sequence);
    const std::size_t mark = i + m.tokens;
    return title && mark < end && (is_sign(tokens[mark], ':') || (is_sign(tokens[mark], '-') && tokens[mark].spaced)) ? mark + 1 : i;
}

void Rewriter::drop_rules() {
    constexpr std::size_t shortest = 3;
    std::size_t out = 0;
    for (std::size_t i = 0; i < in_.size();) {
        const std::size_t end = line_end(i);
        const bool rule = end >= i + shortest && std::all_of(in_.begin() + static_cast<std::ptrdiff_t>(i), in_.begin() + static_cast<std::ptrdiff_t>(end), [](const Token& t) { return is_sign(t, '-') || is_sign(t, '=') || is_sign(t, '+') || is_sign(t, '|') || is_sign(t, ':'); });
        const std::size_t stop = std::min(end + 1, in_.size());
        std::size_t first = i, last = end;  // "--- LGE ---"
        const auto dash = [](const Token& t) { return is_sign(t, '-') || is_sign(t, '='); };
        while (first < last && dash(in_[first])) ++first;
        while (last > first && dash(in_[last - 1])) --last;
        if (first < i + 2 || end < last + shortest) first = i, last = end;
        if (!rule) {
            for (std::size_t k = first; k < last; ++k) in_[out++] = in_[k];
            if (first > i && last < end && first < last && !is_sign(in_[last - 1], ':')) {
                const Token& t = in_[last - 1];
                in_[out++] = sign_at(t.end, ':', false);
            }
            if (end < in_.size()) in_[out++] = in_[end];
        }
        if (rule && out > 0 && end < in_.size()) in_[out - 1] = in_[end];  // where the next line begins
        i = stop;
    }
    in_.resize(out);
}

void Rewriter::drop_numbers() {
    std::size_t out = 0;
    bool barred = false, numbered = false;  // the line above
    for (std::size_t i = 0; i < in_.size();) {
        const std::size_t end = line_end(i);
        const bool bar = i < end && is_sign(in_[i], '|');
        const bool number = bar && i + 3 < end && is_segment(i + 1) && is_sign(in_[i + 2], '|') && place(i + 3, end).has_value();
        numbered = number && (numbered || !barred);
        barred = bar;
        for (std::size_t k = numbered ? i + 2 : i; k < std::min(end + 1, in_.size()); ++k) in_[out++] = in_[k];
        i = end + 1;
    }
    in_.resize(out);
}

void Rewriter::run() {
    drop_rules();
    drop_numbers();
    read_legend();
    read_scale();
    drop_scale();
    read_base();
    drop_key();
    out_.reserve(in_.size() + in_.size() / 2);
    Signs here = signs_of(in_, 0, line_end(0));
    for (std::size_t at = 0; at < in_.size();) {
        const std::size_t end = line_end(at);
        const Signs below = end + 1 < in_.size() ? signs_of(in_, end + 1, line_end(end + 1)) : Signs{};
        if (const std::size_t next = table(at, end, here, below); next != none) {
            at = next;
            here = at < in_.size() ? signs_of(in_, at, line_end(at)) : Signs{};
            continue;
        }
        line(at, end, here);
        if (end < in_.size()) out_.push_back(in_[end]);
        at = end + 1;
        here = below;
    }
    in_.swap(out_);
}

std::size_t Rewriter::table(std::size_t at, std::size_t end, const Signs& here, const Signs& below) {
    const bool gaps = here.gaps > 0 && below.gaps > 0, bars = here.bars > 0 && below.bars > 0;
    std::size_t next = none;
    if (below.has_cells() || below.has_bars() || below.gaps > 0) next = grid(at, end);
    if (next == none && (here.has_bars() || gaps || bars)) next = columns(at, end);
    if (next == none && here.gaps > 0 && below.gaps > 1) next = then_and_now(at, end, gap);
    if (next == none && here.bars > 1 && below.bars > 1) next = then_and_now(at, end, '|');
    if (next == none && ((here.bars > 1 && bars) || (here.gaps > 1 && gaps))) next = with_reference(at, end);
    if (next == none && heads_tuples(at, end) && !holds_pairs(end + 1, line_end(std::min(end + 1, in_.size())))) next = tuples(at, end);
    if (next == none && at < end && (is_sign(in_[at], '#') || is_segment(at)) && (here.gaps > 0 || here.cells > 0)) next = numbered_rows(at);
    if (next == none && outer_label(at, end)) next = nested_rows(at);
    if (next == none && (here.depths || below.depths)) next = depth_rows(at);
    if (next == none && segment_line(at, end)) next = segment_lines(at);
    if (next == none && at < end) next = all_segments(at, end);
    return next;
}

void Rewriter::line(std::size_t at, std::size_t end, const Signs& here) {
    if (here.fields) {
        if (export_fields(at, end)) return;
        name_fields(at, end);
        if (is_segment(at) && at + 3 < end && is_sign(in_[at + 1], ':') && in_[at + 2].kind == Token::Kind::number && is_sign(in_[at + 3], '%')) put_word(words_[0], at);  // "17 ..... 100 %"
    }
    if (score_row(at, end) || qualified_label(at, end)) return;
    if (here.listed && item_rows(at, end)) return;
    if (here.slashed && ordered_row(at, end)) return;
    const bool cells = here.has_cells() || here.may_be_row() || (here.gaps > 0 && !legend_.empty());
    if (cells && (segment_row(at, end) || ring_row(at, end) || pairs(at, end) || crossed_segments(at, end) || inline_grid(at, end) || level_pairs(at, end) || wall_pairs(at, end))) return;
    if ((here.gaps > 0 || (here.bars > 0 && here.bars <= 3)) && part_labels(at, end)) return;
    copy(at, end);
    if (const auto name = at < end && end < in_.size() ? vessel({at, end}) : std::nullopt; name && name->end == end) put_sign(':', end - 1);  // "RCA" above its segments
}

std::size_t Rewriter::line_end(std::size_t i) const {
    while (i < in_.size() && !is_newline(in_[i])) ++i;
    return i;
}

std::size_t Rewriter::line_above(std::size_t at) const {
    if (at > 0)
        for (--at; at > 0 && !is_newline(in_[at - 1]);) --at;
    return at;
}

void Rewriter::put_newline(std::size_t before) {
    out_.push_back(newline_at(in_[before].start));
}

void Rewriter::put_word(std::uint32_t word, std::size_t over) {
    const bool begins = out_.empty() || is_newline(out_.back());  // with a capital, so that the line above does not go on in it
    out_.push_back({in_[over].start, in_[over].end, word, word == 0 ? 0 : word_symbol + word, 0, Token::Kind::word, 0, begins, true});
}

void Rewriter::put_sign(char c, std::size_t over) {
    out_.push_back(sign_at(in_[over].end, c, c != ','));
}

void Rewriter::put_number(float value, std::size_t over) {
    out_.push_back({in_[over].start, in_[over].end, 0, number_symbol + static_cast<std::uint32_t>(value), value, Token::Kind::number, 0, false, true});
}

std::optional<Label> Rewriter::place(std::size_t i, std::size_t end) const {
    return phrase(i, end, [](const Entry& e) { return e.kind == Kind::wall || (e.kind == Kind::level && !of_length(e.code)); });
}

bool Rewriter::names_lge(std::size_t from, std::size_t end) const {
    for (std::size_t i = from; i < end; ++i)
        if (phrase(i, end, [](const Entry& e) { return e.kind == Kind::target || e.kind == Kind::sequence; })) return true;
    return false;
}

std::optional<Rewriter::Meaning> Rewriter::legend(const Token& t) const {
    if (t.kind != Token::Kind::word || t.end != t.start + 1) return std::nullopt;
    for (const Meaning& m : legend_)
        if (m.letter == text_[t.start]) return m;
    return std::nullopt;
}

void Rewriter::read_legend() {
    for (std::size_t i = 0; i + 2 < in_.size(); ++i) {
        if (is_sign(in_[i], '(') && i + 4 < in_.size() && is_letter(i + 1, 'y') && is_sign(in_[i + 2], '/') && is_letter(i + 3, 'n') && is_sign(in_[i + 4], ')'))  // "LGE (Y/N)"
            for (const std::size_t k : {i + 1, i + 3}) legend_.push_back({.letter = text_[in_[k].start], .positive = k == i + 1, .first = 0, .end = 0});
        const bool capital = in_[i].upper && in_[i].end == in_[i].start + 1 && i > 0 && (is_sign(in_[i - 1], ',') || is_sign(in_[i - 1], ':')) && in_[i + 1].kind == Token::Kind::word;  // "code: S subendocardial, M mid-wall"
        if (in_[i].kind != Token::Kind::word || in_[i].end != in_[i].start + 1 || !(is_sign(in_[i + 1], '=') || capital)) continue;
        const std::size_t said = capital ? i + 1 : i + 2;
        const auto m = phrase(said, std::min(in_.size(), said + 4), [](const Entry& e) { return e.kind == Kind::pattern || e.kind == Kind::weak || e.kind == Kind::target || e.kind == Kind::negation || e.kind == Kind::negated || e.kind == Kind::answer || e.kind == Kind::spared; });
        if (m) legend_.push_back({text_[in_[i].start], m->kind == Kind::pattern || m->kind == Kind::weak || m->kind == Kind::target, said, m->end});
    }
}

void Rewriter::read_scale() {
    constexpr std::size_t fewest = 2;
    constexpr float lowest = 1, whole = 100;  // percent
    std::vector<Grade> chain;
    for (std::size_t at = 0; at < in_.size(); at = line_end(at) + 1) {
        const std::size_t end = line_end(at);
        if (std::none_of(in_.begin() + static_cast<std::ptrdiff_t>(at), in_.begin() + static_cast<std::ptrdiff_t>(end), [](const Token& t) { return is_sign(t, '%'); })) continue;
        for (std::size_t i = at; i < end; ++i) {
            const auto g = grade(i, end);
            if (!g) continue;
            const bool next = !chain.empty() && g->score == chain.back().score + 1 && g->low >= chain.back().high && g->low <= chain.back().high + 1;
            if (!next) chain.clear();
            chain.push_back(*g);
            i = g->end - 1;
            if (chain.size() >= fewest && chain.front().low <= lowest && g->high <= whole)
                for (const Grade& c : chain) scale_[static_cast<std::size_t>(c.score)] = c, graded_ = true;
        }
    }
}

void Rewriter::drop_scale() {
    constexpr std::size_t longest = 60, fewest = 3, fewest_marks = 2;
    for (std::size_t i = 0; i + 3 < in_.size(); ++i) {
        const auto mark = [&](const Token& t) { return is_sign(t, '+') || is_sign(t, '-'); };
        if (in_[i].sign != '(' || !(in_[i + 1].kind == Token::Kind::number || mark(in_[i + 1])) || !(in_[i + 2].sign == '=' || (in_[i + 1].value == 0 && in_[i + 2].kind == Token::Kind::word))) continue;
        std::size_t grades = in_[i + 2].kind == Token::Kind::word, k = i + 1;
        for (; k + 1 < in_.size() && k < i + longest && !is_sign(in_[k], ')') && !is_newline(in_[k]); ++k) {
            const bool listed = is_sign(in_[k], ',') && in_[k + 1].kind == Token::Kind::number;  // "1, 1-25 %"
            grades += (in_[k - 1].kind == Token::Kind::number || mark(in_[k - 1])) && (is_sign(in_[k], '=') || listed);
        }
        if (grades < (mark(in_[i + 1]) ? fewest_marks : fewest) || k >= in_.size() || !is_sign(in_[k], ')')) continue;
        const bool alone = i > 0 && is_newline(in_[i - 1]) && (k + 1 == in_.size() || is_newline(in_[k + 1]));
        std::size_t end = k + 1;  // a line of its own leaves no blank one, which would end what a heading is about
        while (alone && end < in_.size() && is_newline(in_[end])) ++end;
        std::move(in_.begin() + static_cast<std::ptrdiff_t>(end), in_.end(), in_.begin() + static_cast<std::ptrdiff_t>(i));
        in_.resize(in_.size() - (end - i));
        return;
    }
}

void Rewriter::read_base() {
    constexpr std::size_t reach = 8;  // tokens to the next score
    const auto spells_nothing = [&](std::size_t i) { return phrase(i, std::min(in_.size(), i + 3), [](const Entry& e) { return e.kind == Kind::negation || e.kind == Kind::negated || e.kind == Kind::answer || (e.kind == Kind::spared && e.code != 0); }).has_value(); };
    for (std::size_t i = 1; i + 3 < in_.size(); ++i) {
        const bool begins = is_newline(in_[i - 1]) || in_[i - 1].kind == Token::Kind::word || is_sign(in_[i - 1], ':') || is_sign(in_[i - 1], '(');
        if (!begins || in_[i].kind != Token::Kind::number || in_[i].value != 1) continue;
        const std::size_t said = i + (is_sign(in_[i + 1], '=') || is_sign(in_[i + 1], ':') ? 2 : 1);
        if (in_[said].kind != Token::Kind::word || !spells_nothing(said)) continue;
        for (std::size_t k = said + 1; k < std::min(in_.size(), said + reach) && !is_newline(in_[k]); ++k)
            if (in_[k].kind == Token::Kind::number && in_[k].value == 2 && (is_sign(in_[k - 1], ',') || is_sign(in_[k - 1], ';') || is_sign(in_[k - 1], '/'))) base_ = 1;
    }
}

std::optional<Rewriter::Grade> Rewriter::grade(std::size_t i, std::size_t end) const {
    constexpr float highest = 5;
    if (in_[i].kind != Token::Kind::number || in_[i].value > highest || (i > 0 && !is_newline(in_[i - 1]) && in_[i].spaced == 0 && !is_sign(in_[i - 1], '('))) return std::nullopt;
    std::size_t k = i + 1;
    if (k < end && (is_sign(in_[k], ':') || is_sign(in_[k], '=') || (is_sign(in_[k], '-') && in_[k].spaced))) ++k;
    if (k + 2 >= end || in_[k].kind != Token::Kind::number || !is_sign(in_[k + 1], '-') || in_[k + 2].kind != Token::Kind::number || in_[k].value >= in_[k + 2].value) return std::nullopt;
    return Grade{i, k + 3, in_[i].value, in_[k].value, in_[k + 2].value};
}

std::size_t Rewriter::key_start(std::size_t at, std::size_t end) const {
    constexpr std::size_t longest_label = 12, fewest = 2;
    std::size_t first = end, grades = 0;
    std::optional<Grade> before;
    for (std::size_t i = at; i < end; ++i) {
        const auto g = grade(i, end);
        if (!g) continue;
        const bool next = before && g->score == before->score + 1 && g->low >= before->high && g->low <= before->high + 1;
        if (!next && grades < fewest) first = i, grades = 0;
        if (next || grades == 0) ++grades, before = g;
        i = g->end - 1;
    }
    if (grades < fewest) return end;
    for (std::size_t k = first; k > at; --k)
        if (is_sign(in_[k - 1], '(')) return k - 1;
    if (names_lge(at, first)) {  // "Scar score per segment: 0 = none, 1 = 1-25 %"
        const auto label = std::find_if(in_.begin() + static_cast<std::ptrdiff_t>(at), in_.begin() + static_cast<std::ptrdiff_t>(first), [](const Token& t) { return is_sign(t, ':'); });
        if (label != in_.begin() + static_cast<std::ptrdiff_t>(first)) return static_cast<std::size_t>(label - in_.begin()) + 1;
    }
    return first > at + longest_label ? first : at;
}

void Rewriter::drop_key() {
    std::size_t out = 0;
    for (std::size_t at = 0; at < in_.size();) {
        const std::size_t end = line_end(at), above = line_above(at);
        const bool caption = at > 0 && place(behind_bar(above, at), at) && names_lge(at, end);  // names what the table above it holds
        const std::size_t stop = caption ? end : key_start(at, end);
        for (std::size_t k = at; k < stop; ++k) in_[out++] = in_[k];
        const bool whole = stop == at && end > at;  // leaves no blank line, which would end what a heading is about
        if (end < in_.size() && !whole) in_[out++] = in_[end];
        at = end + 1;
    }
    in_.resize(out);
}

std::size_t Rewriter::behind_missing(std::size_t i, std::size_t end) const {
    const bool bracket = is_sign(in_[i], '(');
    const std::size_t n = bracket ? i + 1 : i;
    const auto letter = [&](std::size_t k, char c) { return k < end && is_letter(k, c); };
    if (!letter(n, 'n') || n + 2 >= end || !(is_sign(in_[n + 1], '/') || is_sign(in_[n + 1], '.')) || !letter(n + 2, 'a')) return i;
    std::size_t k = n + 3;
    if (k < end && is_sign(in_[k], '.') && is_sign(in_[n + 1], '.')) ++k;
    if (!bracket) return k;
    return k < end && is_sign(in_[k], ')') ? k + 1 : i;
}

std::size_t Rewriter::behind_bound(std::size_t i, std::size_t end) const {
    if (i >= end || !(is_sign(in_[i], '<') || is_sign(in_[i], '>') || is_sign(in_[i], '~'))) return i;
    return i + 1 < end && is_sign(in_[i + 1], '=') ? i + 2 : i + 1;
}

std::optional<Cell> Rewriter::cell(std::size_t i, std::size_t end) const {
    if (i >= end) return std::nullopt;
    const Token& t = in_[i];
    if (const std::size_t number = behind_bound(i, end); number > i) {
        auto bounded = number < end && in_[number].kind == Token::Kind::number ? cell(number, end) : std::nullopt;
        if (bounded) bounded->first = i;
        return bounded;
    }
    if (t.kind == Token::Kind::number) {
        Cell c{.first = i, .end = i + 1, .positive = t.value > base_, .amount = true};
        if (c.end + 1 < end && is_sign(in_[c.end], '-') && !in_[c.end].spaced && in_[c.end + 1].kind == Token::Kind::number && !in_[c.end + 1].spaced) {
            c.positive = true;
            c.end += 2;
        }
        else if (c.end + 1 < end && lexicon_.is(in_[c.end], Role::range) && in_[c.end + 1].kind == Token::Kind::number) {  // "25 to 50 %"
            c.positive = true;
            c.end += 2;
        }
        if (c.end < end && is_sign(in_[c.end], '%')) ++c.end;
        return c;
    }
    if (const std::size_t behind = behind_missing(i, end); behind > i) return Cell{.first = i, .end = behind};
    if (is_sign(t, '-') || (is_sign(t, '.') && t.spaced && (i + 1 == end || in_[i + 1].spaced))) return Cell{.first = i, .end = i + 1};
    if (is_sign(t, '?') && t.spaced && (i + 1 == end || in_[i + 1].spaced)) return Cell{.first = i, .end = i + 1, .positive = true, .doubted = true};
    if (const auto meant = legend(t)) return Cell{.first = i, .end = i + 1, .positive = meant->positive, .meaning = meant->first, .meaning_end = meant->end};
    if (is_sign(t, '+')) {
        Cell c{.first = i, .end = i + 1, .positive = true};
        while (c.end < end && is_sign(in_[c.end], '+') && !in_[c.end].spaced) ++c.end;
        return c;
    }
    if (is_letter(i, 'x') && t.spaced && (i + 1 == end || in_[i + 1].spaced) && (i == 0 || in_[i - 1].kind != Token::Kind::number)) return Cell{.first = i, .end = i + 1, .positive = true};  // not "14 x 9 mm"
    bool positive = false;
    const auto mark = phrase(i, end, [&](const Entry& e) {
        positive = e.kind == Kind::weak || e.kind == Kind::pattern || e.kind == Kind::target;
        return positive || e.kind == Kind::negation || e.kind == Kind::negated || e.kind == Kind::answer;
    });
    if (!mark) return std::nullopt;
    return Cell{.first = i, .end = mark->end, .positive = positive};
}

std::vector<Cell> Rewriter::cells(std::size_t i, std::size_t end, char separator) const {
    std::vector<Cell> out;
    while (i < end && out.size() <= most_columns) {
        if (separator == 0 && (is_sign(in_[i], '|') || is_sign(in_[i], ','))) { ++i; continue; }
        const auto c = cell(i, end);
        if (!c) return separator == 0 ? std::vector<Cell>{} : out;
        out.push_back(*c);
        i = c->end;
        if (separator == 0) continue;
        if (i >= end || !is_sign(in_[i], separator)) break;
        ++i;
    }
    return out;
}

void Rewriter::put_label(const Label& l, bool of_column) {
    if (l.kind == Kind::segmentword) {
        put_word(words_[0], l.first);
        put_number(l.code != 0 ? static_cast<float>(l.code) : in_[l.first].value, l.first);
    } else if (l.kind == Kind::level) {
        const auto w = static_cast<LevelWord>(l.code);
        const bool cap = w == LevelWord::apex && !of_column;
        put_word(words_[cap ? 5 : w == LevelWord::basal || w == LevelWord::base ? 2 : w == LevelWord::mid || w == LevelWord::midlevel ? 3 : 4], l.first);
    } else if (l.crossed != 0) put_word(l.crossed, l.first);
    else copy(l.first, l.end);
}

void Rewriter::put_row(const Label& row, const std::vector<Label>& columns, const std::vector<Cell>& values, bool percent) {
    bool any = false;
    const auto put_place = [&](std::size_t k) {
        if (row.kind == Kind::wall) {
            put_label(columns[k], true);
            put_label(row, false);
        } else {
            if (row.end > row.first) put_label(row, true);
            put_label(columns[k], true);
        }
    };
    for (std::size_t k = 0; k < values.size(); ++k) {
        const Cell& c = values[k];
        if (!c.positive || c.doubted) continue;
        if (any) put_sign(',', values[k - 1].end - 1);
        any = true;
        put_place(k);
        put_value(c, percent);
    }
    for (std::size_t k = 0; k < values.size(); ++k) {
        if (!values[k].doubted) continue;
        if (any) put_sign(';', values[k].first);
        any = true;
        put_place(k);
        put_sign(':', values[k].first);
        put_word(equivocal_, values[k].first);
    }
    if (!any) {
        if (row.end > row.first) put_label(row, true);
        else put_label(columns.front(), true);
        put_sign(':', values.front().end - 1);
        put_number(0, values.front().end - 1);
    }
    rows_end_ = out_.size();
}

void Rewriter::put_value(const Cell& c, bool percent) {
    const float score = c.amount && c.end == c.first + 1 ? in_[c.first].value : 0;
    if (!percent && score > 0 && score < static_cast<float>(scale_.size()) && scale_[static_cast<std::size_t>(score)]) {  // "3" of a legend "3 = 51-75 %"
        const Grade& g = *scale_[static_cast<std::size_t>(score)];
        put_sign('(', c.first);
        put_number(g.low, c.first);
        put_sign('-', c.first);
        put_number(g.high, c.first);
        put_sign('%', c.first);
        put_sign(')', c.first);
        return;
    }
    if (c.amount && percent) {
        put_sign('(', c.first);
        copy(c.first, c.end);
        if (!is_sign(in_[c.end - 1], '%')) put_sign('%', c.end - 1);
        put_sign(')', c.end - 1);
    } else if (c.meaning != 0) {
        for (std::size_t i = c.meaning; i < c.meaning_end; ++i) {
            Token t = in_[i];
            t.start = in_[c.first].start, t.end = in_[c.first].end;
            out_.push_back(t);
        }
    }
    else if (!c.amount && in_[c.first].kind == Token::Kind::word && !is_letter(c.first, 'x')) copy(c.first, c.end);
}

bool Rewriter::in_percent(const std::vector<Cell>& values) const {
    constexpr float highest_score = 4;
    return std::any_of(values.begin(), values.end(), [&](const Cell& c) { return c.amount && (in_[c.first].value > highest_score || is_sign(in_[c.end - 1], '%')); });
}

bool Rewriter::is_segment(std::size_t i) const {
    const Token& t = in_[i];
    return t.kind == Token::Kind::number && t.value >= 1 && t.value <= 17 && t.value == static_cast<float>(static_cast<int>(t.value));
}

void read_tables(const Lexicon& lexicon, std::string_view text, Tokens& tokens) {
    if (!may_hold_table(lexicon, tokens)) return;
    read_segment_codes(lexicon, tokens);
    name_wall_columns(lexicon, text, tokens);
    name_wall_rows(lexicon, text, tokens);
    Rewriter(lexicon, text, tokens).run();
}

}  // namespace lge::report
