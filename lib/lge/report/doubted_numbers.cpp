#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

bool doubts_number(const Passage& in, const Hit& hedge) {
    constexpr float most = 17;
    const std::uint32_t next = hedge.last + 1;  // "and possibly 15"
    if (next < in.count && in.at[next].kind == Token::Kind::number && in.at[next].value >= 1 && in.at[next].value <= most) return next + 1 == in.count || (in.at[next + 1].kind == Token::Kind::sign && !sign(in.at[next + 1], '%') && !sign(in.at[next + 1], '/') && !sign(in.at[next + 1], '-'));
    std::uint32_t i = hedge.last;  // the phrase may end with its preposition
    if (!in.is(in.at[i], Role::preposition)) ++i;
    const auto ends = [&](std::uint32_t k) { return k >= in.count || in.at[k].kind != Token::Kind::word || in.is(in.at[k], Role::conjunction); };  // not "in 6 months"
    if (i + 3 <= in.count && in.at[i].kind == Token::Kind::word && !in.is(in.at[i], Role::joining | Role::preposition) && in.is(in.at[i + 1], Role::preposition) && ends(i + 3)) ++i;  // "possible extension into 6"
    return i + 1 < in.count && in.is(in.at[i], Role::preposition) && in.at[i + 1].kind == Token::Kind::number && in.at[i + 1].value <= most;
}

std::uint32_t doubted_number(const Passage& in, const Hit& hedge) {
    constexpr float most = 17;
    if ((hedge.kind() != Kind::hedged && hedge.kind() != Kind::hedge) || hedge.first < 2 || (hedge.last + 1 < in.count && in.at[hedge.last + 1].kind == Token::Kind::word)) return nowhere;
    const bool bracket = sign(in.at[hedge.first - 1], '(');
    const std::uint32_t i = hedge.first - (bracket ? 2 : 1);
    const bool own = i > 1 && ((sign(in.at[i - 1], ',') && in.at[i - 2].kind == Token::Kind::word) || sign(in.at[i - 1], ';') || sign(in.at[i - 1], '|'));  // "5 definite, 11 possible"
    if (!bracket && (hedge.first != hedge.last || !own)) return nowhere;  // "4 and 10 is questionable" doubts both
    return in.at[i].kind == Token::Kind::number && in.at[i].value >= 1 && in.at[i].value <= most ? i : nowhere;
}

bool number_doubted(const Passage& in, std::uint32_t token) {
    constexpr std::uint32_t longest = 120;  // tokens, so that time stays linear
    if (!in.any(Kind::hedge, Kind::hedged) || in.count > longest) return false;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return doubted_number(in, h) == token || (h.kind() == Kind::hedge && h.last + 1 == token && doubts_number(in, h)); });
}

bool parts_doubt(const Passage& in, std::uint32_t comma) {
    if (!(sign(in.at[comma], ',') || in.is(in.at[comma], Role::conjunction)) || comma + 1 == in.count || in.at[comma + 1].kind != Token::Kind::number) return false;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) {
        const std::uint32_t number = doubted_number(in, h);
        return number == comma + 1 || (number != nowhere && (h.last + 1 == comma || h.last + 2 == comma));
    });
}

}  // namespace lge::report
