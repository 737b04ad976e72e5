#include "lge/report/table_signs.hpp"

namespace lge::report {

Signs signs_of(const Tokens& tokens, std::size_t from, std::size_t end) {
    Signs out;
    for (std::size_t i = from; i < end; ++i) out.add(tokens, from, i);
    return out;
}

bool may_hold_table(const Tokens& tokens) {
    Signs here;
    int gaps_above = 0, bars_above = 0;
    const auto found = [&] { return here.has_cells() || here.has_bars() || here.fields || (here.gaps > 0 && gaps_above > 0) || (here.bars > 0 && bars_above > 0); };
    std::size_t from = 0;
    const Token* const at = tokens.data();
    for (std::size_t i = 0, n = tokens.size(); i < n; ++i) {
        const Token& t = at[i];
        if (t.kind == Token::Kind::word) here.gaps += i > from && behind_gap(at[i - 1], t);  // most tokens: no more can be told by a word
        else if (!is_newline(t)) here.add(tokens, from, i);
        else {
            if (found()) return true;
            gaps_above = here.gaps;
            bars_above = here.bars;
            here = {};
            from = i + 1;
        }
    }
    return found();
}

}  // namespace lge::report
