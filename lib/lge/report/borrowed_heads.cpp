#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

/// "In the septum there is LGE": the mention that the clause behind a place without a thing of its own begins with.
std::uint32_t introduced(const Passage& in, std::uint32_t clause) {
    const Hit* stop = in.find_hit(Kind::stop, 0, in.count, clause);
    if (stop == nullptr || (stop->first > 0 && in.clause[stop->first - 1] == clause)) return nowhere;
    const auto target_at = [&](std::uint32_t from) {
        while (from < in.heads.size() && !(in.clause[in.heads[from].first] == clause && in.heads[from].type == Head::Type::target)) ++from;
        return from;
    };
    const std::uint32_t first = target_at(0), second = target_at(first + 1);
    const auto before_second = [&](const Spot& s) { return (s.type == Spot::Type::wall || s.type == Spot::Type::segments) && in.clause[s.first] == clause && s.first < in.heads[second].first; };
    if (second < in.heads.size() && std::none_of(in.spots.begin(), in.spots.end(), before_second)) return first;  // "In the apex there is a scar and, apart from it, LGE of the septum"
    const auto wall_in = [&](std::uint32_t c) { return std::any_of(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return (s.type == Spot::Type::wall || s.type == Spot::Type::segments) && in.clause[s.first] == c; }); };
    if (wall_in(clause) && wall_in(clause - 1) && !in.is(in.at[stop->first], Role::accompanying)) return nowhere;  // "The anterior wall is thick, whereas LGE is of the septum"
    return first < in.heads.size() ? first : nowhere;
}

/// "Basal inferior, 25-50%; mid inferior, 1-25%; subendocardial scar": the mention behind clauses that hold nothing but
/// places, amounts and layers.
std::uint32_t listed_before(const Passage& in, std::uint32_t clause) {
    for (std::uint32_t h = 0; h < in.heads.size(); ++h) {
        const std::uint32_t c = in.clause[in.heads[h].first];
        if (c <= clause) return nowhere;
        if (in.heads[h].type != Head::Type::target || in.targets[in.heads[h].target].presence == anatomy::Presence::absent) return nowhere;
        for (const Hit& o : in.hits)
            if (((o.kind() == Kind::wall || o.kind() == Kind::segmentword) && in.clause[o.first] == c) || (in.clause[o.first] <= clause && !(o.kind() == Kind::wall || o.kind() == Kind::level || o.kind() == Kind::pattern || o.kind() == Kind::segmentword || o.kind() == Kind::all))) return nowhere;
        for (std::uint32_t i = 0; i < in.count; ++i)
            if (in.clause[i] == clause + 1) return sign(in.at[i], ';') ? h : nowhere;
    }
    return nowhere;
}

/// "LGE has faded but is still visible in the lateral wall", "it involved 4 and 5; today only 5": the mention of the clause
/// before, whose verb goes on without a subject.
std::uint32_t continued(const Passage& in, std::uint32_t clause) {
    const auto begins = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::stop && in.clause[h.first] == clause; });
    if (clause == 0 || begins == in.hits.end() || in.find_hit(Kind::negation, 0, in.count, clause) != nullptr || in.find_hit(Kind::negated, 0, in.count, clause) != nullptr || in.find_hit(Kind::answer, 0, in.count, clause) != nullptr) return nowhere;
    const std::uint32_t next = begins->last + 1;  // "but restricted to the mid segment", not "but the septum ..."
    const auto names = [&](const Hit& h) { return h.first == next && h.kind() != Kind::emphasis && h.kind() != Kind::pattern; };
    const bool participle = begins->entry->code == 0 && next < in.count && in.at[next].kind == Token::Kind::word && !in.is(in.at[next], Role::joining) && std::none_of(in.hits.begin(), in.hits.end(), names);
    const auto verb = [&](const Hit& s) { return (s.kind() == Kind::explains || s.kind() == Kind::temporal) && s.first == begins->last + 1; };
    if (begins->entry->code != stop_now && begins->entry->code != stop_instead && !participle && std::none_of(in.side.begin(), in.side.end(), verb)) return nowhere;
    for (std::uint32_t h = static_cast<std::uint32_t>(in.heads.size()); h-- > 0;) {
        if (in.clause[in.heads[h].first] >= clause || (in.heads[h].type == Head::Type::spared && in.heads[h].object_behind)) continue;  // "LGE spares the apex but involves the base"
        return in.heads[h].type == Head::Type::target && in.targets[in.heads[h].target].presence != anatomy::Presence::absent ? h : nowhere;
    }
    return nowhere;
}

/// "All mid segments apart from the septal ones enhance": the mention behind the exception.
std::uint32_t behind_exception(const Passage& in, std::uint32_t clause) {
    if (clause + 2 >= in.excepting.size() || !in.excepting[clause + 1]) return nowhere;
    for (std::uint32_t h = 0; h < in.heads.size(); ++h)
        if (in.clause[in.heads[h].first] == clause + 2 && in.heads[h].type == Head::Type::target) return h;
    return nowhere;
}

/// "Infarct in 4 and 10; 51-75 % in 15": the mention before a clause that holds nothing but numbers of further segments.
std::uint32_t numbered_before(const Passage& in, std::uint32_t clause) {
    const auto numbers = [&](std::uint32_t c) { return std::any_of(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.type == Spot::Type::segments && in.clause[s.first] == c; }); };
    if (clause == 0 || !in.has_number || !numbers(clause) || !numbers(clause - 1)) return nowhere;
    if (std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return in.clause[h.first] == clause && h.kind() != Kind::pattern; })) return nowhere;
    for (std::uint32_t h = static_cast<std::uint32_t>(in.heads.size()); h-- > 0;)
        if (in.clause[in.heads[h].first] == clause - 1) return in.heads[h].type == Head::Type::target && in.targets[in.heads[h].target].presence == anatomy::Presence::present ? h : nowhere;
    return nowhere;
}

/// "LGE of all segments except the lateral one, and of the tip": the mention before an exception, behind which it goes on.
std::uint32_t resumed(const Passage& in, std::uint32_t clause) {
    if (clause < 2 || !in.excepting[clause - 1]) return nowhere;
    for (std::uint32_t h = static_cast<std::uint32_t>(in.heads.size()); h-- > 0;)
        if (in.clause[in.heads[h].first] == clause - 2 && in.heads[h].type == Head::Type::target) return h;
    return nowhere;
}

}  // namespace

std::uint32_t head_elsewhere(const Passage& in, std::uint32_t clause) {
    if (in.excepting[clause]) return nowhere;
    if (const std::uint32_t h = behind_exception(in, clause); h != nowhere) return h;
    if (const std::uint32_t h = resumed(in, clause); h != nowhere) return h;
    if (const std::uint32_t h = introduced(in, clause + 1); h != nowhere) return h;
    if (const std::uint32_t h = listed_before(in, clause); h != nowhere) return h;
    if (const std::uint32_t h = numbered_before(in, clause); h != nowhere) return h;
    return continued(in, clause);
}

}  // namespace lge::report
