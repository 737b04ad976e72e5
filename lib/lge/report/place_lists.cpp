#include "lge/report/place_lists.hpp"

#include "lge/report/places.hpp"

#include <algorithm>
#include <optional>

namespace lge::report {

namespace {

constexpr std::size_t longest_title = 6, longest_value = 6, most_items = 64;

struct Item {
    std::size_t first, places_end, value, value_end, next;  // tokens; `value`: behind the sign that parts it, `next`: behind the item
    bool nothing, numbers;  // numbers: of segments
};

class ListReader {
public:
    ListReader(const Lexicon& lexicon, const Tokens& tokens) : lexicon_(lexicon), in_(tokens) {}

    /// The items from a token on; empty where they are no list.
    [[nodiscard]] std::vector<Item> items(std::size_t at) const {
        std::vector<Item> out;
        bool nothing = false;
        for (std::size_t i = at; out.size() < most_items;) {
            while (i < in_.size() && (newline(i) || (is_sign(in_[i], '-') && (i == 0 || newline(i - 1) || i == at)) || is_sign(in_[i], '*'))) ++i;  // bullets
            const auto item = item_at(i);
            if (!item) {
                const bool comma = !out.empty() && is_sign(in_[out.back().next - 1], ',');
                if (comma && goes_on(out.back())) {
                    i = out.back().next;
                    if (i >= in_.size()) break;
                    continue;
                }
                if (comma || behind_numbers(i) > i || behind_place(i)) return {};  // a place of which something else is told: no such list
                break;
            }
            out.push_back(*item);
            nothing = nothing || item->nothing;
            i = item->next;
            if (i >= in_.size()) break;
        }
        const bool numbers = std::any_of(out.begin(), out.end(), [](const Item& item) { return item.numbers; });
        return out.size() > 1 && (nothing || numbers) ? out : std::vector<Item>{};
    }

    /// Whether the tokens name LGE as a title does.
    [[nodiscard]] bool titles(std::size_t from, std::size_t end) const {
        if (end > from && is_sign(in_[end - 1], ')'))  // "LGE (% of the wall)"
            for (std::size_t i = end - 1; i > from && i + longest_title > end; --i)
                if (is_sign(in_[i], '(')) { end = i; break; }
        if (end == from || end - from > longest_title) return false;
        const auto head = lexicon_.heads.find(in_.data() + from, in_.data() + end);
        if (head.list != 0 && from + head.tokens == end) return lexicon_.meaning(lexicon_.heads, head, [](const Entry& e) { return e.kind == Kind::context && e.code == 0; }) != nullptr;
        const auto m = lexicon_.main.find(in_.data() + from, in_.data() + end);
        return from + m.tokens == end && lexicon_.meaning(lexicon_.main, m, [](const Entry& e) { return e.kind == Kind::target || e.kind == Kind::sequence; }) != nullptr;
    }

    [[nodiscard]] bool newline(std::size_t i) const { return in_[i].kind == Token::Kind::newline; }

private:
    const Lexicon& lexicon_;
    const Tokens& in_;

    [[nodiscard]] bool ends(std::size_t i) const {
        if (i >= in_.size() || newline(i)) return true;
        const char c = in_[i].kind == Token::Kind::sign ? in_[i].sign : '\0';
        return c == ',' || c == ';' || c == '|' || (c == '.' && (i + 1 == in_.size() || in_[i + 1].spaced || newline(i + 1)));
    }

    /// Behind the wall or level at a token.
    [[nodiscard]] std::optional<std::size_t> behind_place(std::size_t i) const {
        if (i >= in_.size() || in_[i].word == 0) return std::nullopt;
        const auto m = lexicon_.main.find(in_.data() + i, in_.data() + in_.size());
        const bool place = lexicon_.meaning(lexicon_.main, m, [](const Entry& e) { return e.kind == Kind::wall || e.kind == Kind::level; }) != nullptr;
        return place ? std::optional(i + m.tokens) : std::nullopt;
    }

    /// Behind what is told of a place, where its words tell nothing else; `nothing`: that it holds none.
    [[nodiscard]] bool tells(std::size_t from, std::size_t end, bool& nothing) const {
        if (end == from || end - from > longest_value) return false;
        if (end == from + 1 && (is_sign(in_[from], '-') || (in_[from].kind == Token::Kind::number && in_[from].value == 0))) return nothing = true;
        if (end == from + 2 && in_[from].kind == Token::Kind::number && in_[from].value == 0 && is_sign(in_[from + 1], '%')) return nothing = true;
        const bool percent = std::any_of(in_.begin() + static_cast<std::ptrdiff_t>(from), in_.begin() + static_cast<std::ptrdiff_t>(end), [](const Token& t) { return is_sign(t, '%'); });
        bool other = false;
        for (std::size_t i = from; i < end;) {
            const Token& t = in_[i];
            if (t.kind == Token::Kind::number) {
                const bool grade = end == from + 3 && i == from && is_sign(in_[i + 1], '-') && in_[i + 2].kind == Token::Kind::number && in_[i + 2].value > 17;  // "26-50"
                if (!percent && !grade) return false;
                i += grade ? 3 : 1;
                continue;
            }
            if (t.kind == Token::Kind::sign) {
                if (!(is_sign(t, '%') || is_sign(t, '-') || is_sign(t, '<') || is_sign(t, '>') || is_sign(t, '+') || is_sign(t, '=') || is_sign(t, '~'))) return false;
                ++i;
                continue;
            }
            if (percent && lexicon_.is(t, Role::below | Role::above | Role::than)) {  // "up to 50 %"
                ++i;
                continue;
            }
            const auto [main, side] = lexicon_.main.find_both(in_.data() + i, in_.data() + end, lexicon_.main.first(t.symbol));
            bool fits = false, none = false;
            if (main.list != 0)
                for (const auto e : lexicon_.main.entries(main)) {
                    const Kind kind = lexicon_.entries[e].kind;
                    none = none || kind == Kind::negation || kind == Kind::negated || kind == Kind::answer || kind == Kind::spared;
                    fits = fits || none || kind == Kind::pattern || kind == Kind::weak || kind == Kind::target;
                }
            if (!fits && side.list != 0)
                for (const auto e : lexicon_.main.entries(side)) fits = fits || lexicon_.entries[e].kind == Kind::transmurality || lexicon_.entries[e].kind == Kind::near_transmural;
            if (!fits) {  // one word of another kind: "linear midwall"
                if (other || main.list != 0 || t.kind != Token::Kind::word || lexicon_.is(t, Role::preposition | Role::conjunction | Role::alternative | Role::accompanying | Role::versus | Role::range)) return false;
                other = true;
                ++i;
                continue;
            }
            nothing = nothing || none;
            i += std::max(main.list != 0 ? main.tokens : 0U, side.list != 0 && main.list == 0 ? side.tokens : 0U);
        }
        return true;
    }

    /// "4, 5 subendocardial, 50-75 %; 11 ...": takes in what stands behind the comma, where it tells more of the same place.
    [[nodiscard]] bool goes_on(Item& item) const {
        std::size_t end = item.next;
        while (!ends(end)) ++end;
        bool nothing = false;
        if (!tells(item.next, end, nothing) || nothing) return false;
        item.value_end = end;
        item.next = std::min(end + 1, in_.size());
        return true;
    }

    /// Whether the number at a token can be that of a segment, and of no amount.
    [[nodiscard]] bool names_segment(std::size_t i) const {
        if (i >= in_.size() || in_[i].kind != Token::Kind::number || in_[i].symbol == 0 || in_[i].value < 1 || in_[i].value > 17) return false;
        std::size_t k = i + 1;
        if (k + 1 < in_.size() && is_sign(in_[k], '-') && in_[k + 1].kind == Token::Kind::number) k += 2;
        return k >= in_.size() || !(is_sign(in_[k], '%') || lexicon_.is(in_[k], Role::gram | Role::percent));
    }

    /// Behind "segments 4, 10 and 15" or the bare numbers; the token itself where none stand there.
    [[nodiscard]] std::size_t behind_numbers(std::size_t at) const {
        std::size_t i = at;
        if (i < in_.size() && lexicon_.is(in_[i], Role::segment)) ++i;
        if (!names_segment(i)) return at;
        for (++i; i < in_.size();) {
            std::size_t k = i;
            while (k < in_.size() && k < i + 2 && (is_sign(in_[k], ',') || is_sign(in_[k], '/') || is_sign(in_[k], '+') || (is_sign(in_[k], '-') && !in_[k].spaced) || lexicon_.is(in_[k], Role::conjunction | Role::range))) ++k;
            if (k == i || !names_segment(k)) break;
            i = k + 1;
        }
        return i;
    }

    [[nodiscard]] std::optional<Item> item_at(std::size_t at) const {
        const std::size_t numbers = behind_numbers(at);
        const auto end = numbers > at ? std::optional(numbers) : behind_place(at);
        if (!end) return std::nullopt;
        Item item{.first = at, .places_end = *end, .value = *end, .value_end = 0, .next = 0, .nothing = false, .numbers = numbers > at};
        for (std::size_t i = item.places_end; !item.numbers && i < in_.size();) {  // "basal to mid inferior wall"
            std::size_t k = i;
            if (in_[k].kind == Token::Kind::word && lexicon_.is(in_[k], Role::conjunction | Role::range)) ++k;
            else if ((is_sign(in_[k], '-') && !in_[k].spaced) || is_sign(in_[k], '/')) ++k;
            const auto more = behind_place(k);
            if (!more) break;
            item.places_end = i = *more;
        }
        std::size_t i = item.places_end;
        const bool bracket = i < in_.size() && is_sign(in_[i], '(');
        const bool dash = i + 1 < in_.size() && is_sign(in_[i], '-') && in_[i].spaced && !ends(i + 1);
        if (bracket || dash || (i < in_.size() && (is_sign(in_[i], ':') || is_sign(in_[i], '=')))) ++i;
        item.value = i;
        while (!ends(i) && !(bracket && is_sign(in_[i], ')'))) ++i;
        item.value_end = i;
        if (!tells(item.value, item.value_end, item.nothing)) return std::nullopt;
        if (bracket) {
            if (i >= in_.size() || !is_sign(in_[i], ')')) return std::nullopt;
            if (!ends(++i)) return std::nullopt;
        }
        item.next = std::min(i + 1, in_.size());
        return item;
    }
};

}  // namespace

void part_place_lists(const Lexicon& lexicon, Tokens& tokens) {
    if (lexicon.segment == 0) return;
    const ListReader reader(lexicon, tokens);
    Tokens out;
    std::size_t begin = 0, copied = 0;  // of the line or sentence; what of the text stands in `out`
    const auto copy = [&](std::size_t from, std::size_t end) {
        for (std::size_t i = from; i < end; ++i) out.push_back(tokens[i]);
    };
    const Token* const at = tokens.data();
    const std::size_t n = tokens.size();
    for (std::size_t i = 0; i < n; ++i) {
        const char c = at[i].sign;  // of most tokens none
        if (c != '\n' && c != ':' && c != '-' && c != '.') continue;
        if (c == '.') {
            if (i + 1 < n && at[i + 1].spaced) begin = i + 1;
            continue;
        }
        const bool titled = (c != '-' || at[i].spaced) && i > begin && i + 1 < n && reader.titles(begin, i);
        const auto items = titled ? reader.items(i + 1) : std::vector<Item>{};
        if (items.empty()) {
            if (c == '\n') begin = i + 1;
        } else {
            copy(copied, i);
            out.push_back(sign_at(tokens[i].start, ':', false));
            for (const Item& item : items) {
                const std::uint32_t byte = tokens[item.first].start;
                out.push_back(newline_at(byte));
                if (item.numbers && tokens[item.first].kind == Token::Kind::number) out.push_back({byte, byte, lexicon.segment, word_symbol + lexicon.segment, 0, Token::Kind::word, 0, true, 1});
                copy(item.first, item.places_end);
                out.push_back(sign_at(tokens[item.places_end - 1].end, ':', false));
                copy(item.value, item.value_end);
                (out.end() - static_cast<std::ptrdiff_t>(item.value_end - item.value))->spaced = 1;  // as behind a colon
            }
            copied = items.back().next;
            out.push_back(newline_at(tokens[copied - 1].start));
            begin = copied;
            i = copied - 1;
        }
    }
    if (copied == 0) return;
    copy(copied, tokens.size());
    tokens.swap(out);
}

}  // namespace lge::report
