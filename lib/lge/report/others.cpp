#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

bool told_of_many(const Passage& in, const Target& t, const Hit& rule) {
    if (rule.first <= t.last || in.clause[rule.first] != t.clause || in.find_hit(Kind::negation, 0, t.first, t.clause) != nullptr) return false;
    for (std::uint32_t i = t.last + 1; i < rule.first; ++i)
        if (sign(in.at[i], ',') || sign(in.at[i], ';') || sign(in.at[i], ':') || in.is(in.at[i], Role::accompanying | Role::versus)) return false;
    const auto tells = [&](const Hit& h) { return h.first > t.last && h.last < rule.first && (is_head(h.kind()) || h.kind() == Kind::explains || h.kind() == Kind::certainty || h.kind() == Kind::anaphor); };  // "seen here"
    if (std::any_of(in.hits.begin(), in.hits.end(), tells) || std::any_of(in.side.begin(), in.side.end(), tells)) return false;
    for (std::uint32_t i = t.first; i-- > 0 && in.clause[i] == t.clause;)
        if (in.is(in.at[i], Role::showing)) return false;
    return true;
}

bool tells_of_kin(const Passage& in, const Hit& kin, const Target& t) {
    constexpr std::uint32_t subject_end = 10;  // tokens
    return kin.entry->code == history_kin && kin.first < subject_end && (t.images || (!t.infarct && in.any(Kind::study)));
}

bool seen_on_images(const Passage& in, const Hit& tissue, const Target& t) {
    return tissue.entry->code == history_tissue && (t.images || in.find_hit(Kind::sequence, 0, in.count, t.clause) != nullptr);
}

bool returns_to_patient(const Passage& in, const Target& t) {
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::stop && h.entry->code == stop_own && h.first > t.last; });
}

}  // namespace lge::report
