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
    std::size_t from = 0;
    for (std::size_t i = 0; i <= tokens.size(); ++i) {
        if (i < tokens.size() && !is_newline(tokens[i])) {
            here.add(tokens, from, i);
            continue;
        }
        if (here.has_cells() || here.has_bars() || here.fields || (here.gaps > 0 && gaps_above > 0) || (here.bars > 0 && bars_above > 0)) return true;
        gaps_above = here.gaps;
        bars_above = here.bars;
        here = {};
        from = i + 1;
    }
    return false;
}

}  // namespace lge::report
