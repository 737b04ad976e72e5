#include "lge/report/content.hpp"

#include <algorithm>

namespace lge::report {

namespace {

constexpr std::uint32_t beside = 3;                       // tokens between a layer and the word it describes

/// "..., subepicardial, no change": what compares denies nothing of what is described before it.
bool only_no_change(const Passage& in, const Hit& answer) {
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::pseudo && h.first == answer.first && h.last == answer.last; });
}

/// "the inner half of the left ventricle lights up": nothing but the ventricle between a layer and the word it describes.
bool lv_between(const Passage& in, const Hit& layer, const Hit& weak) {
    constexpr std::uint32_t article = 2;  // "of the"
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::lv && h.first > layer.last && h.first <= layer.last + article + 1 && h.last + 1 == weak.first; });
}

/// "a bright band in the outer half of the wall", "a thin stripe is retained in the middle layer".
bool lies_in(const Passage& in, const Hit& weak, const Hit& layer) {
    constexpr std::uint32_t reach = 5, article = 2;
    if (layer.first <= weak.last + 1 || layer.first > weak.last + reach) return false;
    std::uint32_t i = layer.first;
    while (i > weak.last + 1 && i + article > layer.first && in.is(in.at[i - 1], Role::possessive) && !in.is(in.at[i - 1], Role::preposition)) --i;
    return in.is(in.at[i - 1], Role::preposition) && i > weak.last + 1 && std::none_of(in.at + weak.last + 1, in.at + layer.first, [](const Token& t) { return t.kind == Token::Kind::sign; });
}

}  // namespace

bool answers(const Passage& in, const Hit& h) {
    if (h.kind() == Kind::answer || h.kind() == Kind::negated) return true;
    if (h.kind() != Kind::negation) return false;
    const std::uint32_t next = h.last + 1;
    if (next == in.count || in.at[next].kind != Token::Kind::word) return true;
    const bool ends = next + 1 == in.count || sign(in.at[next + 1], '.');  // "I did not see any."
    return ends && h.last > h.first && std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return o.first == next; });
}

bool follows_organ(const Passage& in) {
    if (in.targets.empty() || !in.any(Kind::organ)) return false;
    const std::uint32_t c = in.targets.back().clause;
    const auto own_wall = [&](const Hit& h) { return h.kind() == Kind::wall && in.clause[h.first] == c && !(h.first > 2 && in.find_hit(Kind::organ, h.first - std::min(h.first, 4U), h.first, c) != nullptr); };  // not "the pericardium adjacent to the lateral wall"
    return in.find_hit(Kind::organ, 0, in.count, c) != nullptr && in.find_hit(Kind::lv, 0, in.count, c) == nullptr && std::none_of(in.hits.begin(), in.hits.end(), own_wall);
}

Content content_of(const Passage& in, std::size_t from, std::size_t to) {
    Content c;
    const Hit*& layer = c.layer;
    const auto of_place = [&](const Hit& core) { return c.place != nullptr && core.first > 0 && in.is(in.at[core.first - 1], Role::accompanying); };  // "; mid anterior wall with MVO"
    for (std::size_t k = from; k < to; ++k) {
        const Hit& h = in.hits[k];
        switch (h.kind()) {
            case Kind::target: c.target = true; break;
            case Kind::mvo: c.mvo = c.mvo || !of_place(h); break;
            case Kind::modality:
                if (measures_depth(in, h) || describes_place(in, h) || (c.place != nullptr && accompanies(in, h))) break;
                (layer != nullptr && h.entry->code == modality_unnamed ? c.shape : c.distractor) = true;
                break;
            case Kind::finding: c.distractor = c.distractor || !stands_beside(in, h); break;
            case Kind::sequence: c.sequence = true; break;
            case Kind::organ: c.organ = true; break;
            case Kind::spared:
                c.spared = true;
                if (h.entry->code == spared_clean && (h.last + 1 == in.count || in.at[h.last + 1].kind != Token::Kind::word || in.is(in.at[h.last + 1], Role::joining | Role::preposition) || in.starts_at(Kind::negation, h.last + 1))) c.clean = &h;
                break;
            case Kind::lv: c.lv = true; break;
            case Kind::unreadable: c.unreadable = true; break;
            case Kind::artifact: c.artifact = true; break;
            case Kind::hedge: case Kind::hedged:
                c.doubt = true;
                if (c.hedged == nullptr) c.hedged = &h;
                break;
            case Kind::weak:
                if (c.weak == nullptr) c.weak = &h;
                if (c.bright == nullptr && h.entry->code == weak_bright) c.bright = &h;
                if (c.focus == nullptr && h.entry->code == weak_focus) c.focus = &h;
                if (c.layered == nullptr && layer != nullptr && (h.first == layer->first || h.first - layer->last <= beside || lv_between(in, *layer, h))) c.layered = &h;
                break;
            case Kind::level:
                if (of_length(h.entry->code)) break;
                [[fallthrough]];
            case Kind::wall: case Kind::segmentword: case Kind::all: case Kind::all17: case Kind::pattern:
                if (c.place == nullptr) c.place = &h;
                if (is_layer(h)) layer = &h;
                if (c.weak != nullptr && c.layered == nullptr && c.weak->first == h.first && is_layer(h)) c.layered = c.weak;  // "subepicardial area"
                for (const Hit* seen : {c.weak, c.bright})
                    if (seen != nullptr && c.layered == nullptr && is_layer(h) && lies_in(in, *seen, h)) c.layered = seen;
                c.all_only = c.all_only && (h.kind() == Kind::all || h.kind() == Kind::all17);
                break;
            default: break;
        }
        if (c.answer == nullptr && answers(in, h) && !((layer != nullptr || c.weak != nullptr) && only_no_change(in, h)) && !(c.place != nullptr && of_year(in, h))) c.answer = &h;
        if (is_nulling(h) || (h.kind() == Kind::answer && h.entry->code == answer_outside && follows_organ(in))) c.nulling = &h;
        c.insertion = c.insertion || (h.kind() == Kind::wall && (h.entry->code & insertion_walls) != 0);
        c.wall = c.wall || h.kind() == Kind::wall || h.kind() == Kind::segmentword || h.kind() == Kind::level;
        c.only_places = c.only_places && (h.kind() == Kind::wall || h.kind() == Kind::segmentword || h.kind() == Kind::level || h.kind() == Kind::pattern || h.kind() == Kind::all || h.kind() == Kind::lv || h.kind() == Kind::spared || h.kind() == Kind::anaphor || h.kind() == Kind::ignore || (h.kind() == Kind::mvo && of_place(h)) || (h.kind() == Kind::answer && in.starts_at(Kind::spared, h.first)));
    }
    const std::uint32_t number = in.clause[in.hits[from].first];
    std::uint32_t i = in.hits[from].first;
    while (i > 0 && in.clause[i - 1] == number) --i;
    c.semicolon = sign(in.at[i], ';');
    for (; i < in.count && in.clause[i] == number; ++i) c.amount = c.amount || sign(in.at[i], '%');
    for (const Hit& s : in.side)
        if (s.kind() == Kind::viability && s.entry->code == 0 && in.clause[s.first] == number && !(s.first > 1 && sign(in.at[s.first - 1], '%') && in.at[s.first - 2].value > 0)) c.viable = true;  // not "basal inferior: 25-50 % viable"
    return c;
}

}  // namespace lge::report
