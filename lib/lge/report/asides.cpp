#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

bool shows_behind(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t reach = 10;  // tokens
    for (std::uint32_t i = comma + 1; i < std::min(in.count, comma + reach); ++i) {
        if (in.at[i].sign == ',' || in.at[i].sign == ';' || in.is(in.at[i], Role::alternative)) return false;
        if (std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first <= i && h.last >= i && (is_head(h.kind()) || h.kind() == Kind::negation); })) return false;
        if (i > comma + 1 && in.is(in.at[i], Role::showing)) return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > i && (h.kind() == Kind::target || h.kind() == Kind::weak); });
    }
    return false;
}

bool opens_sentence(const Passage& in, std::uint32_t negation, std::uint32_t comma) {
    constexpr std::uint32_t start = 2, shortest = 3;  // tokens, letters: not "No oedema, LGE ..."
    if (negation > start || (in.at[negation].end - in.at[negation].start < shortest && !in.is(in.at[negation], Role::preposition))) return false;
    const auto target = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::target && h.first > comma; });
    bool verb = false;  // or "the LGE", which is there
    for (std::uint32_t i = comma + 1; i < in.count; ++i) {
        verb = verb || (target != in.hits.end() && i < target->first && in.is(in.at[i], Role::possessive) && !in.is(in.at[i], Role::preposition));
        if (in.is(in.at[i], Role::alternative) || (sign(in.at[i], ',') && !verb)) return false;
        verb = verb || in.is(in.at[i], Role::showing) || std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.first == i && (s.kind() == Kind::explains || s.kind() == Kind::certainty); });
    }
    return verb;
}

bool lists_labels(const Passage& in, std::uint32_t comma) {
    std::uint32_t i = comma;
    while (i > 0 && !sign(in.at[i - 1], ';')) {
        const auto place = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_place(h.kind()) && h.last + 1 == i; });
        if (place != in.hits.end()) i = place->first;
        else if (sign(in.at[i - 1], ',') || in.is(in.at[i - 1], Role::possessive)) --i;
        else return false;
    }
    return i > 0 && i < comma;
}

bool verb_behind(const Passage& in, std::uint32_t i) {
    const auto starts = [&](const Hit& h) { return h.first == i && (h.kind() == Kind::explains || h.kind() == Kind::negated || h.kind() == Kind::answer || h.kind() == Kind::temporal); };
    return i < in.count && (in.is(in.at[i], Role::showing) || std::any_of(in.hits.begin(), in.hits.end(), starts) || std::any_of(in.side.begin(), in.side.end(), starts));
}

void drop_turns(Passage& in) {
    const auto turns = [&](const Hit& stop) {
        if (stop.kind() != Kind::stop || stop.first < 2 || stop.last + 1 >= in.count || !sign(in.at[stop.first - 1], ',') || !sign(in.at[stop.last + 1], ',')) return false;
        std::uint32_t i = stop.first - 1;
        bool place = false;
        for (; i > 0 && !sign(in.at[i - 1], ';'); --i) {
            const auto named = [&](const Hit& h) { return is_place(h.kind()) && h.first <= i - 1 && h.last >= i - 1; };
            const bool here = std::any_of(in.hits.begin(), in.hits.end(), named);
            if (!here && !in.is(in.at[i - 1], Role::joining | Role::possessive | Role::conjunction)) return false;
            place = place || here;
        }
        return place && in.is(in.at[i], Role::preposition);
    };
    const auto shown = [&](const Hit& stop) { return stop.kind() == Kind::stop && stop.first == stop.last && stop.first > 0 && in.starts_at(Kind::explains, stop.first - 1) && in.starts_at(Kind::weak, stop.last + 1); };  // "LGE was instead present in the lateral wall"
    std::erase_if(in.hits, [&](const Hit& h) { return turns(h) || shown(h); });
    const auto conceded = [&](const Hit& quality) {
        if (quality.kind() != Kind::modality || quality.last + 2 >= in.count || !sign(in.at[quality.last + 1], ',')) return false;
        const auto denial = [&](const Hit& h) { return h.kind() == Kind::negation && h.first == quality.last + 2; };
        const auto opens = [&](const Hit& h) { return h.kind() == Kind::stop && h.entry->code == 0 && h.last + 1 == quality.first && h.first > 0 && sign(in.at[h.first - 1], ','); };
        return std::any_of(in.hits.begin(), in.hits.end(), opens) && (verb_behind(in, quality.last + 2) || std::any_of(in.hits.begin(), in.hits.end(), denial));
    };
    if (in.any(Kind::modality)) std::erase_if(in.hits, conceded);
}

void drop_described_ventricle(Passage& in) {
    if (in.hits[0].kind() != Kind::except_ || in.hits[0].first != 0) return;
    const auto describes = [&](const Hit& h) { return h.kind() == Kind::modality && h.entry->code == modality_unnamed && h.first > 0 && in.is(in.at[h.first - 1], Role::possessive) && in.starts_at(Kind::lv, h.last + 1); };
    std::erase_if(in.hits, describes);
}

void drop_surrounded(Passage& in) {
    constexpr std::uint32_t start = 1, between = 3;  // tokens: "The myocardium outside of the tumour"
    const Hit* muscle = in.find_hit(Kind::lv, 0, start + 1);
    if (muscle == nullptr) return;
    const auto next = [&](const Hit& h) { return h.first == muscle->last + 1; };
    const auto surrounds = [&](const Hit& h) { return next(h) && h.kind() == Kind::except_; };
    const bool around = (muscle->last + 1 < in.count && in.one_of(in.at[muscle->last + 1], in.lexicon.around)) || std::any_of(in.hits.begin(), in.hits.end(), surrounds);
    const auto mass = [&](const Hit& h) { return h.kind() == Kind::organ && h.entry->code == organ_mass && h.first <= muscle->last + 1 + between; };
    if (!around || std::erase_if(in.hits, mass) == 0) return;
    std::erase_if(in.hits, [&](const Hit& h) { return next(h) && h.kind() == Kind::except_; });
}

bool is_aside(const Passage& in, const Hit& stop) {
    constexpr std::uint32_t longest = 4;  // tokens
    if (stop.first == 0 || !(sign(in.at[stop.first - 1], ',') || sign(in.at[stop.first - 1], '('))) return false;
    const char close = in.at[stop.first - 1].sign == ',' ? ',' : ')';
    if (stop.last + 1 < in.count && sign(in.at[stop.last + 1], ',')) return lists_labels(in, stop.first - 1) || verb_behind(in, stop.last + 2);  // "...; the septum, in contrast, was free"
    std::uint32_t i = stop.last + 1;
    while (i < in.count && i <= stop.last + longest && in.at[i].kind == Token::Kind::word) ++i;
    if (i == stop.last + 1 || i + 1 >= in.count || !sign(in.at[i], close)) return false;
    const bool goes_on = verb_behind(in, i + 1);  // "The inferior wall, despite its poor motion, is free of it"
    return std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > stop.last && h.first < i && ((is_head(h.kind()) && !(goes_on && h.kind() == Kind::modality)) || is_place(h.kind()) || h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::lv || h.kind() == Kind::organ); });
}

bool ends_concession(const Passage& in, std::uint32_t begin, std::uint32_t comma) {
    if (!sign(in.at[begin - 1], ',') || !verb_behind(in, comma + 1)) return false;
    const auto within = [&](const Hit& h) { return h.first >= begin && h.last < comma; };
    const auto stop = [&](const Hit& h) { return h.first == begin && h.kind() == Kind::stop && h.entry->code == 0; };
    const auto tells = [&](const Hit& h) { return within(h) && (h.kind() == Kind::negated || h.kind() == Kind::weak); };
    return std::any_of(in.hits.begin(), in.hits.end(), stop) && std::any_of(in.hits.begin(), in.hits.end(), tells) && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return within(h) && is_place(h.kind()); });
}

bool tells_aside(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t reach = 4, longest = 12;  // tokens
    const auto denial = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > comma && h.kind() != Kind::negation; });
    if (denial == in.hits.end() || !(denial->kind() == Kind::negated || (denial->kind() == Kind::weak && denial->first == comma + 1 && denial->first == denial->last)) || denial->first > comma + reach || !(denial->first == comma + 1 || in.is(in.at[comma + 1], Role::accompanying))) return false;
    std::uint32_t end = denial->last + 1;
    while (end < in.count && end < comma + longest && !sign(in.at[end], ',')) ++end;
    if (end == denial->last + 1 || end >= in.count || !sign(in.at[end], ',') || !verb_behind(in, end + 1)) return false;
    return std::none_of(denial + 1, in.hits.end(), [&](const Hit& h) { return h.first < end && (is_head(h.kind()) || h.kind() == Kind::stop); });
}

bool is_relative(const Passage& in, std::uint32_t comma) {
    constexpr std::uint32_t longest = 18;  // tokens
    const auto opens = [&](std::string_view word) { return in.at[comma + 1].word != 0 && in.at[comma + 1].word == in.lexicon.vocabulary.exact(WordKey::of(word)); };
    if (comma + 1 >= in.count || !(opens("which") || opens("where") || opens("as") || opens("the") || opens("a"))) return false;
    std::uint32_t end = comma + 2;
    while (end < in.count && end < comma + longest && !sign(in.at[end], ',') && !sign(in.at[end], ';')) ++end;
    if (end + 2 >= in.count || !sign(in.at[end], ',') || !verb_behind(in, end + (in.is(in.at[end + 1], Role::conjunction) ? 2 : 1))) return false;
    return std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > comma && h.last < end && ((is_head(h.kind()) && h.kind() != Kind::modality) || h.kind() == Kind::negated || h.kind() == Kind::negation || h.kind() == Kind::weak); });
}

bool measures_in_bracket(const Passage& in, std::uint32_t semicolon) {
    constexpr std::uint32_t longest = 15;  // tokens
    const auto bracket = [](const Token& t) { return sign(t, '(') || sign(t, ')'); };
    std::uint32_t open = semicolon, close = semicolon;
    while (open > 0 && open + longest > semicolon && !bracket(in.at[open])) --open;
    while (close + 1 < in.count && close < semicolon + longest && !bracket(in.at[close])) ++close;
    if (!sign(in.at[open], '(') || !sign(in.at[close], ')')) return false;
    const auto tells = [&](const Hit& h) { return h.first > open && h.last < close && (is_head(h.kind()) || is_place(h.kind()) || h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::pattern); };
    return std::none_of(in.hits.begin(), in.hits.end(), tells);
}

std::uint32_t aside_end(const Passage& in, std::uint32_t token) {
    std::uint32_t open = token, close = token;
    while (open > 0 && in.clause[open] == in.clause[token] && !sign(in.at[open], ',')) --open;
    while (close + 1 < in.count && !sign(in.at[close], ',')) ++close;
    if (open == 0 || !sign(in.at[open], ',') || !sign(in.at[close], ',') || close == token || close + 1 == in.count) return nowhere;
    constexpr std::uint32_t reach = 8;  // tokens: "and mid-wall to subepicardial in the basal lateral wall"
    const auto place = [&](const Hit& h) { return (h.kind() == Kind::wall || h.kind() == Kind::level) && h.first > close && h.first <= close + reach; };
    const bool where = in.at[open + 1].word != 0 && in.at[open + 1].word == in.lexicon.vocabulary.exact(WordKey::of("where"));
    if (where && in.is(in.at[close + 1], Role::conjunction) && std::any_of(in.hits.begin(), in.hits.end(), place)) return close;  // "the apex, where it was transmural and aneurysmal, and the basal lateral wall"
    if (in.is(in.at[close + 1], Role::conjunction) && close + 2 < in.count && in.is(in.at[close + 2], Role::preposition) && !in.is(in.at[close + 2], Role::accompanying) && in.is(in.at[open + 1], Role::accompanying)) return close;  // "scar of the apex, with adherent thrombus, and of the lateral wall"
    const bool verb = in.is(in.at[close + 1], Role::showing | Role::involved) || in.starts_at(Kind::explains, close + 1);
    return verb ? close : nowhere;
}

}  // namespace lge::report
