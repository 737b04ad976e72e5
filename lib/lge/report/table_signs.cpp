#include "lge/report/table_signs.hpp"

namespace lge::report {

Signs signs_of(const Tokens& tokens, std::size_t from, std::size_t end) {
    Signs out;
    for (std::size_t i = from; i < end; ++i) out.add(tokens, from, i);
    return out;
}

bool is_ruled(const Tokens& tokens, std::size_t from, std::size_t end) {
    constexpr std::size_t shortest = 7;
    const auto rule = [&](std::size_t i) { return is_sign(tokens[i], '-') || is_sign(tokens[i], '='); };
    if (end < from + shortest || !rule(from) || !rule(from + 2) || !rule(end - 1)) return false;
    for (std::size_t i = from; i < end; ++i)
        if (!rule(i)) return tokens[i].kind == Token::Kind::word;
    return false;
}

}  // namespace lge::report
