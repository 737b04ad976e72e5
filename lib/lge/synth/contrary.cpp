#include "lge/synth/contrary.hpp"

#include "lge/io/records.hpp"
#include "lge/json/writer.hpp"

#include <algorithm>

namespace lge::synth {

using anatomy::Finding;
using anatomy::Level;
using anatomy::Pattern;
using anatomy::Presence;
using anatomy::Segments;

namespace {

struct RingOf { int first, size; };
RingOf ring_of(Level level) {
    switch (level) {
    case Level::basal: return {1, 6};
    case Level::mid: return {7, 6};
    case Level::apical: return {13, 4};
    default: return {17, 0};
    }
}

// `segments` of one ring, each `steps` sectors further.
Segments turned(Segments segments, RingOf ring, int steps) {
    Segments out;
    segments.each([&](int id) { out.add(ring.first + (id - ring.first + steps) % ring.size); });
    return out;
}

void set_place(Finding& f, Segments segments, Level level) {
    f.segments = segments;
    f.levels = {std::string(anatomy::word(level))};
    f.walls = wall_words(segments);
}

}  // namespace

std::optional<Finding> change(const Finding& finding, Level level, Changed field, Random& random) {
    Finding f = finding;
    const RingOf ring = ring_of(level);
    const bool present = finding.lge == Presence::present;
    switch (field) {
    case Changed::presence:
        if (present) {
            f = Finding{};
            f.lge = Presence::absent;
        } else {
            f.lge = Presence::present;
            if (ring.size == 0) set_place(f, Segments::of({17}), level);
            else set_place(f, Segments::of({ring.first + static_cast<int>(random.below(static_cast<std::uint32_t>(ring.size)))}), level);
            f.pattern = {Pattern::subendocardial};
        }
        return f;
    case Changed::certainty:
        if (!present || finding.transmurality || finding.mvo) return std::nullopt;  // a doubt does not speak of them
        f.lge = Presence::uncertain;
        std::swap(f.segments_possible, *f.segments);
        return f;
    case Changed::wall: {
        if (!present || ring.size == 0) return std::nullopt;
        // Any turn that gives other segments; a whole ring stays itself.
        const int start = 1 + static_cast<int>(random.below(static_cast<std::uint32_t>(ring.size - 1)));
        for (int i = 0; i < ring.size; ++i) {
            const Segments moved = turned(*finding.segments, ring, 1 + (start - 1 + i) % (ring.size - 1));
            if (moved == *finding.segments) continue;
            set_place(f, moved, level);
            return f;
        }
        return std::nullopt;
    }
    case Changed::level: {
        if (!present || (level != Level::basal && level != Level::mid)) return std::nullopt;
        const Level other = level == Level::basal ? Level::mid : Level::basal;
        Segments moved;
        finding.segments->each([&](int id) { moved.add(level == Level::basal ? id + 6 : id - 6); });
        set_place(f, moved, other);
        return f;
    }
    case Changed::extent: {
        if (!present || finding.pattern.size() != 1 || finding.transmurality) return std::nullopt;
        constexpr Pattern patterns[] = {Pattern::subendocardial, Pattern::midwall, Pattern::subepicardial};
        const auto at = static_cast<std::uint32_t>(std::find(std::begin(patterns), std::end(patterns), finding.pattern[0]) - std::begin(patterns));
        if (at == 3) return std::nullopt;
        f.pattern = {patterns[(at + 1 + random.below(2)) % 3]};
        return f;
    }
    }
    return std::nullopt;
}

std::string hard_caption_lines(const DrawnCase& c, Style style) {
    Random random(c.recipe.seed, c.recipe.index, "contrary");
    std::string lines;
    for (std::size_t k = 0; k < c.level.size(); ++k) {
        constexpr auto fields = choices(Changed{});
        const std::size_t first = random.below(fields.size());
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const auto& [word, field] = fields[(first + i) % fields.size()];
            const auto changed = change(c.slice_findings[k], c.level[k], field, random);
            if (!changed) continue;
            const Level level = field == Changed::level ? (c.level[k] == Level::basal ? Level::mid : Level::basal) : c.level[k];
            json::Writer w;
            w.object().key("schema").text("lge.caption/1").key("id").text(c.id).key("level").text(anatomy::word(level));
            w.key("slice").integer(static_cast<std::int64_t>(k)).key("text").text(caption(*changed, level, style, random)).key("finding");
            io::write_finding(w, *changed);
            lines += w.key("changed").text(word).end().take_line();
            break;
        }
    }
    return lines;
}

}  // namespace lge::synth
