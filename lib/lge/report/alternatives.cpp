#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

/// "either slow flow or a small scar", "either a scar or an artefact in the wall": whether an artifact is one of the two.
bool names_artifact(const Passage& in, const Hit& either) {
    constexpr std::uint32_t longest = 12, reach = 8;  // tokens
    const auto alternative = std::find_if(in.at + either.last + 1, in.at + std::min(in.count, either.last + longest), [&](const Token& t) { return in.is(t, Role::alternative); });
    const auto o = static_cast<std::uint32_t>(alternative - in.at);
    bool artifact_before = false, artifact_behind = false, seen_before = false, seen_behind = false;
    for (const Hit& h : in.hits) {
        const bool before = h.first > either.last && h.last < o, behind = h.first > o && h.first <= o + reach;
        if (h.kind() == Kind::artifact) artifact_before = artifact_before || before, artifact_behind = artifact_behind || behind;
        if (h.kind() == Kind::target || h.kind() == Kind::weak) seen_before = seen_before || before, seen_behind = seen_behind || behind;
    }
    return (artifact_before && seen_behind) || (seen_before && artifact_behind);
}

}  // namespace

void read_either(Passage& in) {
    std::erase_if(in.hits, [&](const Hit& h) { return h.kind() == Kind::hedge && h.entry->code == hedge_either && !names_artifact(in, h); });
}

}  // namespace lge::report
