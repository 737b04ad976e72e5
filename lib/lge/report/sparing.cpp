#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

const Entry healthy{.kind = Kind::spared, .value = {}, .name = {}};

/// "Base normal, mid inferior LGE": a place at the start of a part of the sentence, a word of health, and the part's end.
void spare_healthy(Passage& in) {
    if (!in.any(Kind::answer) || !in.any(Kind::target, Kind::weak) || !in.any(Kind::wall, Kind::level)) return;
    for (std::size_t k = 1; k < in.hits.size(); ++k) {
        const Hit& h = in.hits[k];
        constexpr std::uint32_t verb = 1;  // tokens: "the lateral wall remaining unremarkable"
        if (h.kind() != Kind::answer || h.first != h.last || !is_place(in.hits[k - 1].kind()) || h.first - in.hits[k - 1].last > 1 + verb || in.at[h.first - 1].kind != Token::Kind::word) continue;
        if (h.last + 1 < in.count && !sign(in.at[h.last + 1], ',') && !sign(in.at[h.last + 1], ';')) continue;
        std::uint32_t first = in.hits[k - 1].first;
        for (std::size_t b = k - 1; b-- > 0 && is_place(in.hits[b].kind()) && in.hits[b].last + 1 == first;) first = in.hits[b].first;
        if (first > 0 && in.is(in.at[first - 1], Role::possessive)) --first;
        if (first > 0 && !sign(in.at[first - 1], ',') && !sign(in.at[first - 1], ';')) continue;
        in.hits[k] = Hit(&healthy, h.first, h.last, Kind::spared);
        in.mark(Kind::spared);
    }
}

/// Whether a word of "all" stands right before a place, or the place is the whole.
bool names_all(const Passage& in, const Hit& h) {
    return h.kind() == Kind::all || h.kind() == Kind::lv || (is_place(h.kind()) && h.first > 0 && in.is(in.at[h.first - 1], Role::both));
}

bool tells(const Hit& h) {
    return h.kind() == Kind::target || h.kind() == Kind::weak || h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::answer;
}

/// "Apart from a wisp of signal in segment 11 the late images are clean", "... LGE is negative": the name of the images, and what
/// is told of them.
bool answered_images(const Passage& in, const Hit& images) {
    constexpr std::uint32_t reach = 4;
    if (!is_images(images)) return false;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > images.last && h.first <= images.last + reach && (h.kind() == Kind::answer || h.kind() == Kind::negated || (h.kind() == Kind::spared && h.entry->code == spared_clean)); });
}

/// "All segments but the septal ones enhance": a single word that parts, between all segments and a place.
bool leaves_out(const Passage& in, std::size_t k) {
    const Hit& stop = in.hits[k];
    if (k == 0 || stop.first != stop.last || stop.last + 2 >= in.count || in.hits[k - 1].last + 1 != stop.first) return false;
    constexpr std::uint32_t ring = 3;  // tokens: "every segment of the mid ring"
    const Hit& last = in.hits[k - 1];
    const Hit& before = last.kind() == Kind::level && k > 1 && last.first <= in.hits[k - 2].last + ring ? in.hits[k - 2] : last;
    const bool every = before.kind() == Kind::all || before.kind() == Kind::all17 || (before.kind() == Kind::segmentword && before.first > 0 && in.is(in.at[before.first - 1], Role::both));
    const auto place = [&](const Hit& h) { return is_place(h.kind()) && h.first > stop.last && h.first <= stop.last + 2; };
    return every && (in.at[stop.last + 1].kind == Token::Kind::number || std::any_of(in.hits.begin(), in.hits.end(), place));
}

const Entry left_out{.kind = Kind::except_, .value = {}, .name = {}};
const Entry everything{.kind = Kind::all, .value = {}, .name = {}};

/// "With the exception of the inferior wall no segment enhances", "Apart from a streak in the septum, the myocardium nulls",
/// "All mid segments apart from the septal ones enhance": the exception ends behind its places, where the statement goes on.
void end_exception(Passage& in) {
    if (in.any(Kind::stop) && in.any(Kind::all, Kind::all17, Kind::segmentword))
        for (std::size_t k = 0; k < in.hits.size(); ++k)
            if (in.hits[k].kind() == Kind::stop && leaves_out(in, k)) {
                in.hits[k] = Hit(&left_out, in.hits[k].first, in.hits[k].last, Kind::except_);
                in.mark(Kind::except_);
            }
    if (!in.any(Kind::except_)) return;
    const auto except = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::except_; });
    if (std::any_of(in.hits.begin(), except, tells)) return;
    const bool of_all = in.is(in.at[except->first], Role::both) || std::any_of(in.hits.begin(), except, [&](const Hit& h) { return names_all(in, h); });
    if (except != in.hits.begin() && !of_all && !in.any(Kind::negation, Kind::negated, Kind::answer)) return;
    const bool affirmed = except == in.hits.begin() && !of_all && !in.any(Kind::negation, Kind::negated, Kind::answer) && in.any(Kind::target);  // "Except for the base the anterior wall enhances"
    std::uint32_t place = nowhere;  // the last token of the last
    for (auto h = except + 1; h != in.hits.end(); ++h) {
        if (h->kind() == Kind::stop || h->kind() == Kind::except_) return;
        std::uint32_t comma = nowhere;
        for (std::uint32_t i = (h - 1)->last + 1; i < h->first; ++i) {
            if (sign(in.at[i], ';')) return;
            if (sign(in.at[i], ',')) comma = i;
        }
        const bool all = place != nowhere && names_all(in, *h);
        if (comma != nowhere && place != nowhere && except == in.hits.begin() && (!is_place(h->kind()) || all || affirmed)) {
            in.insert(parting, comma, comma);
            return;
        }
        if (comma != nowhere && !is_place(h->kind())) return;
        if (place != nowhere && except == in.hits.begin() && answered_images(in, *h)) {
            in.insert(parting, h->first, h->first);
            return;
        }
        const bool begins = place != nowhere && ((h->kind() == Kind::negation && h->entry->code == 0) || h->kind() == Kind::lv || is_nulling(*h));
        if (begins) {
            in.insert(parting, h->first, h->first);
            return;
        }
        if (of_all && place != nowhere && (h->kind() == Kind::target || h->kind() == Kind::pattern)) {
            if (except == in.hits.begin()) in.insert(everything, place + 1, place + 1);  // "everything but the septum enhances"
            in.insert(parting, place + 1, place + 1);
            return;
        }
        if (is_place(h->kind())) place = h->last;
    }
}

/// The comma behind "Unlike the septum, which was scarred": where what the place is set against is told of it; nowhere elsewhere.
std::uint32_t tells_of_contrast(const Passage& in, const Hit& contrast, std::uint32_t edge) {
    if (contrast.first != 0 || edge + 2 >= in.count || !sign(in.at[edge + 1], ',') || !in.is(in.at[edge + 2], Role::accompanying)) return nowhere;
    std::uint32_t comma = edge + 2;
    while (comma < in.count && !sign(in.at[comma], ',')) ++comma;
    const auto within = [&](const Hit& x) { return x.first > edge && x.last < comma; };
    const bool told = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& x) { return within(x) && x.kind() == Kind::target; });
    const bool denied = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& x) { return within(x) && (x.kind() == Kind::negation || x.kind() == Kind::negated || x.kind() == Kind::spared || x.kind() == Kind::modality); });
    return comma < in.count && told && !denied ? comma : nowhere;
}

/// "The lateral wall rather than the septum is scarred", "Unlike the septum, the lateral wall ...": leaves out the word of
/// contrast and the places right behind it, where another place is told. True when it does.
bool set_against(Passage& in, std::size_t k) {
    const Hit h = in.hits[k];
    std::uint32_t edge = h.last;
    bool named = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& x) { return x.last < h.first && is_place(x.kind()); });
    for (const Hit& x : in.hits) {
        if (x.first <= h.last) continue;
        const bool goes_on = x.first == edge + 1 || (in.joined(edge, x.first) && in.is(in.at[edge + 1], Role::possessive | Role::conjunction | Role::alternative));
        if (is_place(x.kind()) && goes_on) edge = x.last;
        else if (is_head(x.kind()) && x.first == edge + 1) return false;  // "does not suggest an inferior infarct"
        else if (x.kind() == Kind::stop && x.first == edge + 1 && edge > h.last && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return is_place(o.kind()) && o.first > x.last && o.first <= x.last + 3; })) {  // "not the septum but the lateral wall"
            edge = x.last;
            named = true;
            break;
        }
        else {
            named = named || (h.first == 0 && is_place(x.kind()));
            break;
        }
    }
    if (edge == h.last) return false;
    if (const std::uint32_t comma = tells_of_contrast(in, h, edge); comma != nowhere) {  // "Unlike the septum, which was scarred, ..."
        const std::uint32_t first = h.first;
        std::erase_if(in.hits, [&](const Hit& x) { return x.first == first; });
        std::erase_if(in.side, [&](const Hit& x) { return x.first == first; });
        in.insert(parting, comma, comma);
        return true;
    }
    if (!named) return false;
    std::erase_if(in.hits, [&](const Hit& x) { return x.first >= h.first && x.last <= edge; });
    return true;
}

/// "It is not the septum but the lateral wall that enhances": leaves out the denial, its places and the word that parts them
/// from the place that is told. True when it does.
bool corrects_place(Passage& in, std::size_t k) {
    constexpr std::uint32_t reach = 3;
    const Hit h = in.hits[k];
    if (h.first != h.last || h.last + 1 >= in.count || !in.is(in.at[h.last + 1], Role::possessive | Role::preposition)) return false;
    const auto behind = [&](const Hit& x) { return x.first > h.last; };
    const auto place = std::find_if(in.hits.begin(), in.hits.end(), behind);
    const auto but = std::find_if(place, in.hits.end(), [](const Hit& x) { return !is_place(x.kind()); });
    if (but == place || but == in.hits.end() || !((but->kind() == Kind::stop && but->entry->code == 0) || (but->kind() == Kind::except_ && but->last > but->first)) || place->first > h.last + reach || !in.joined((but - 1)->last, but->first)) return false;
    const auto next = std::find_if(but + 1, in.hits.end(), [&](const Hit& x) { return x.first > but->last; });
    if (next == in.hits.end() || !is_place(next->kind()) || next->first > but->last + reach) return false;
    const std::uint32_t last = but->last;
    std::erase_if(in.hits, [&](const Hit& x) { return x.first >= h.first && x.last <= last; });
    return true;
}

/// "LGE, unlike oedema, was restricted to ...": leaves out what the mention is set against between commas. True when it does.
bool drop_aside(Passage& in, const Hit& contrast) {
    constexpr std::uint32_t longest = 6;  // tokens
    const Hit h = contrast;
    if (h.first == 0 || !sign(in.at[h.first - 1], ',')) return false;
    std::uint32_t end = h.last + 1;
    while (end < in.count && end < h.last + longest && !sign(in.at[end], ',')) ++end;
    if (end >= in.count || !sign(in.at[end], ',') || !verb_behind(in, end + 1)) return false;
    const auto within = [&](const Hit& x) { return x.first >= h.first && x.last < end; };
    if (!std::all_of(in.hits.begin(), in.hits.end(), [&](const Hit& x) { return !within(x) || x.first == h.first || x.kind() == Kind::modality || x.kind() == Kind::finding; })) return false;
    return std::erase_if(in.hits, within) > 0;
}

/// "LGE without FDG uptake was noted in the septum", "LGE, but no oedema, was ...": leaves out what is denied right behind a
/// mention, which goes on.
void drop_company(Passage& in) {
    if (!in.any(Kind::negation) || !in.any(Kind::target) || !in.any(Kind::modality, Kind::finding)) return;
    const auto skip_comma = [&](std::uint32_t i) { return i < in.count && sign(in.at[i], ',') ? i + 1 : i; };
    const auto goes_on = [&](std::uint32_t i) { return i < in.count && (sign(in.at[i], '(') || in.is(in.at[i], Role::preposition) || verb_behind(in, i)); };
    for (std::size_t k = 1; k + 1 < in.hits.size(); ++k) {
        const Hit denial = in.hits[k], thing = in.hits[k + 1];
        if (denial.kind() != Kind::negation || !(thing.kind() == Kind::modality || thing.kind() == Kind::finding)) continue;
        const bool but = k > 1 && in.hits[k - 1].kind() == Kind::stop && in.hits[k - 1].last + 1 == denial.first;
        const Hit& mention = in.hits[but ? k - 2 : k - 1];
        const std::uint32_t first = but ? in.hits[k - 1].first : denial.first;
        const bool one = !but && in.any(Kind::numeral) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::numeral && s.last + 1 == denial.first; });  // "an old one without oedema"
        if (one && goes_on(thing.last + 1)) {
            std::erase_if(in.hits, [&](const Hit& h) { return h.first >= first && h.last <= thing.last; });
            continue;
        }
        if (mention.kind() != Kind::target || (but ? skip_comma(mention.last + 1) : mention.last + 1) != first || !in.joined(denial.last, thing.first)) continue;
        if (const std::uint32_t next = skip_comma(thing.last + 1); !goes_on(next) && !goes_on(next + 1)) continue;
        std::erase_if(in.hits, [&](const Hit& h) { return h.first >= first && h.last <= thing.last; });
    }
}

/// "it was the septum, not the hypertrophied anterior wall, that was scarred": the place that is set against another says
/// nothing, and its words are left out.
void drop_contrasts(Passage& in) {
    if (!in.any(Kind::wall, Kind::level)) return;
    if (in.any(Kind::opening))
        for (const Hit& s : in.side)
            if (s.kind() == Kind::opening && s.entry->code == opening_contrast) drop_aside(in, s);
    if (!in.any(Kind::negation)) return;
    constexpr std::uint32_t longest = 8;  // tokens
    for (std::size_t k = 0; k < in.hits.size(); ++k) {
        const Hit h = in.hits[k];
        if (h.kind() == Kind::negation && h.entry->code == 1 && set_against(in, k)) {
            --k;
            continue;
        }
        if (h.kind() == Kind::negation && h.entry->code == 1 && drop_aside(in, h)) {
            --k;
            continue;
        }
        if (h.kind() == Kind::negation && corrects_place(in, k)) {
            --k;
            continue;
        }
        if (h.kind() != Kind::negation || h.first == 0 || !sign(in.at[h.first - 1], ',') || h.last + 1 >= in.count || !in.is(in.at[h.last + 1], Role::possessive | Role::preposition)) continue;
        std::uint32_t end = h.last + 1;
        while (end < in.count && end < h.last + longest && !sign(in.at[end], ',') && !sign(in.at[end], ';')) ++end;
        if (end < in.count && !sign(in.at[end], ',') && !sign(in.at[end], ';')) continue;
        const auto within = [&](const Hit& x) { return x.first >= h.first && x.last < end; };
        bool place = false, other = false;
        for (const Hit& x : in.hits)
            if (within(x)) {
                place = place || is_place(x.kind());
                other = other || !(is_place(x.kind()) || x.kind() == Kind::negation || x.kind() == Kind::modality || x.kind() == Kind::pseudo);
            }
        if (!place || other) continue;
        std::erase_if(in.hits, within);
        --k;
    }
}

/// "LGE in all apical segments but the lateral one": behind "all" the word begins an exception where a place follows.
void read_but(Passage& in) {
    if (!in.any(Kind::stop) || !in.any(Kind::wall, Kind::level, Kind::segmentword)) return;
    constexpr std::uint32_t reach = 5;  // tokens
    static const Entry exception{.kind = Kind::except_, .value = {}, .name = {}};
    for (std::size_t k = 1; k + 1 < in.hits.size(); ++k) {
        Hit& h = in.hits[k];
        const Hit& next = in.hits[k + 1];
        if (h.kind() != Kind::stop || h.entry->code != 0 || h.first != h.last || !is_place(next.kind()) || next.first > h.last + 2 || (next.first == h.last + 2 && !in.is(in.at[h.last + 1], Role::possessive))) continue;
        const auto all = std::find_if(in.hits.begin(), in.hits.begin() + static_cast<std::ptrdiff_t>(k), [&](const Hit& o) { return o.first + reach > h.first && (o.kind() == Kind::all || (o.kind() == Kind::answer && in.is(in.at[o.first], Role::both)) || (o.first > 0 && is_place(o.kind()) && in.is(in.at[o.first - 1], Role::both))); });
        const auto end = static_cast<std::uint32_t>(std::find_if(in.at + h.last, in.at + in.count, [](const Token& t) { return sign(t, ';'); }) - in.at);
        const bool more = std::any_of(in.hits.begin() + static_cast<std::ptrdiff_t>(k) + 1, in.hits.end(), [&](const Hit& o) { return o.first < end && (is_head(o.kind()) || o.kind() == Kind::negation || o.kind() == Kind::negated); });
        if (all == in.hits.begin() + static_cast<std::ptrdiff_t>(k) || more) continue;
        h = Hit(&exception, h.first, h.last, Kind::except_);
        in.mark(Kind::except_);
    }
}

/// Whether a wall stands right before a word of sparing and a level alone right behind it.
bool level_apart(const Passage& in, const Head& head) {
    bool wall = false, level = false;
    for (const Spot& s : in.spots) {
        wall = wall || (s.type == Spot::Type::wall && s.last + 1 == head.first);
        if (s.first == head.last + 1) level = s.type == Spot::Type::level;
        else if (s.first > head.last && s.first <= head.last + 3) return false;
    }
    return wall && level;
}

/// The wall that a word by itself names.
const Entry* wall_at(const Passage& in, std::uint32_t token) {
    const Token* word = in.at + token;
    const Trie::Matches m = in.lexicon.main.find_both(word, word + 1, in.lexicon.starts[word->symbol] & ~Lexicon::marks_by_itself);
    if (m.main.list == 0) return nullptr;
    const Entry& entry = in.lexicon.meaning(m.main);
    return entry.kind == Kind::wall ? &entry : nullptr;
}

/// Whether a septum or lateral wall stands before a phrase, of which "its anterior half" is a part.
bool has_halves(const Passage& in, std::size_t k) {
    while (k > 0 && !is_place(in.hits[k - 1].kind())) --k;
    return k > 0 && in.hits[k - 1].kind() == Kind::wall && (in.hits[k - 1].entry->value == "septum" || in.hits[k - 1].entry->value == "lateral");
}

/// "from the inferior to the lateral wall", "the septum in its anterior half": phrases that tell no place elsewhere hold a wall.
void free_walls(Passage& in) {
    constexpr std::uint32_t reach = 3;
    for (std::size_t k = 0; k < in.hits.size(); ++k) {
        const Hit h = in.hits[k];
        if (h.kind() != Kind::ignore || h.last == h.first || h.first == 0) continue;
        const bool range = in.is(in.at[h.first + 1], Role::range) && std::any_of(in.at + (h.first >= reach ? h.first - reach : 0), in.at + h.first, [&](const Token& t) { return in.is(t, Role::origin); });
        const bool half = in.is(in.at[h.first], Role::possessive) && in.is(in.at[h.last], Role::joining) && has_halves(in, k);
        if (!range && !half) continue;
        const std::uint32_t word = range ? h.first : h.first + 1;
        const Entry* wall = wall_at(in, word);
        if (wall == nullptr) continue;
        in.hits[k] = Hit(wall, word, word, Kind::wall);
        in.mark(Kind::wall);
    }
}

/// "Segments 4 and 10, which were bright in 2019, are clean": the comma that opens what stands between commas right before a
/// token and holds nothing of its own, or nowhere.
std::uint32_t aside_before(const Passage& in, std::uint32_t token) {
    constexpr std::uint32_t longest = 14;  // tokens
    if (token < 2 || !sign(in.at[token - 1], ',')) return nowhere;
    std::uint32_t open = token - 2;
    while (open > 0 && open + longest > token && !sign(in.at[open], ',')) --open;
    const auto tells = [&](const Hit& h) { return h.first > open && h.last < token && (is_head(h.kind()) || is_place(h.kind())); };
    return sign(in.at[open], ',') && open + 2 < token && std::none_of(in.hits.begin(), in.hits.end(), tells) ? open : nowhere;
}

/// "The septum is normal, and so is the apex", not "The septum is scarred, and so is the apex". `denied`: by the sentence before.
void read_likewise(Passage& in, bool denied) {
    static const Entry after{.kind = Kind::spared, .value = {}, .name = {}, .code = spared_after}, scarred{.kind = Kind::target, .value = {}, .name = {}};
    const auto denies = [](const Hit& h) { return h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::answer || (h.kind() == Kind::spared && h.entry->code != spared_too); };
    for (std::size_t k = 0; k < in.hits.size(); ++k) {
        Hit& h = in.hits[k];
        denied = denied || denies(h);
        if (h.kind() != Kind::spared || h.entry->code != spared_too) continue;
        if (denied) {
            h = Hit(&after, h.first, h.last, Kind::spared);
            continue;
        }
        const std::uint32_t first = h.first, last = h.last;
        in.hits.erase(in.hits.begin() + static_cast<std::ptrdiff_t>(k));
        in.insert(scarred, last, last);
        in.insert(parting, first, first);
    }
}

/// "LGE in all basal segments (not the anterolateral)": places that a bracket takes out.
void read_exclusions(Passage& in) {
    static const Entry after{.kind = Kind::spared, .value = {}, .name = {}, .code = spared_after};
    for (Hit& h : in.hits) {
        if (h.kind() != Kind::negation || h.first != h.last || h.first == 0 || !sign(in.at[h.first - 1], '(')) continue;
        std::uint32_t i = h.last + 1;
        bool placed = false;
        while (i < in.count && !sign(in.at[i], ')')) {
            const auto place = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& p) { return p.first == i && is_place(p.kind()); });
            if (place == in.hits.end() && !sign(in.at[i], ',') && !in.is(in.at[i], Role::joining | Role::possessive | Role::conjunction | Role::alternative)) break;
            placed = placed || place != in.hits.end();
            i = place == in.hits.end() ? i + 1 : place->last + 1;
        }
        if (!placed || i >= in.count || !sign(in.at[i], ')')) continue;
        h = Hit(&after, h.first, h.last, Kind::spared);
        in.mark(Kind::spared);
    }
}

}  // namespace

void read_health(Passage& in, bool denied_before) {
    if (in.any(Kind::negation)) read_exclusions(in);
    if (in.any(Kind::spared)) {
        std::erase_if(in.hits, [&](const Hit& h) { return h.kind() == Kind::spared && of_year(in, h); });  // "the anterior wall, which was clear in 2022"
        read_likewise(in, denied_before);
    }
    if (in.any(Kind::ignore)) free_walls(in);
    spare_healthy(in);
    drop_company(in);
    drop_contrasts(in);
    end_exception(in);
    read_but(in);
    if (!in.any(Kind::spared)) return;
    const auto place_behind = [&](const Hit& s) {
        return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first == s.last + 1 && is_place(h.kind()); });
    };
    const auto describes_next = [&](const Hit& s) {  // "a dark layered thrombus"
        const std::uint32_t next = s.last + 1;
        if (s.entry->code != spared_clean || s.first != s.last || next >= in.count || in.at[next].kind != Token::Kind::word || in.is(in.at[next], Role::joining | Role::preposition | Role::conjunction)) return false;
        const auto known = [&](const Hit& h) { return h.first == next && (h.kind() == Kind::qualifier || h.kind() == Kind::stop || h.kind() == Kind::except_ || is_place(h.kind())); };
        return std::none_of(in.hits.begin(), in.hits.end(), known) && std::none_of(in.side.begin(), in.side.end(), known);
    };
    const auto seen_clearly = [&](const Hit& s) {  // "scar was nonetheless clear in the inferior wall"
        constexpr std::uint32_t reach = 3;
        if (s.entry->code != spared_clean || s.first != s.last || s.last + 1 >= in.count || !in.is(in.at[s.last + 1], Role::preposition) || in.is(in.at[s.last + 1], Role::possessive | Role::origin)) return false;
        const auto mention = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::target && !is_images(h) && h.last < s.first && h.last + 1 + reach >= s.first; });
        return mention != in.hits.end() && in.starts_at(Kind::explains, mention->last + 1);
    };
    std::erase_if(in.hits, [&](const Hit& h) { return h.kind() == Kind::spared && (seen_clearly(h) || (h.entry->code == spared_beside && !place_behind(h)) || describes_next(h)); });
}

bool spares_layer(const Passage& in, const Head& head) {
    constexpr std::uint32_t reach = 3;
    if (head.type != Head::Type::spared || !(head.object_behind || (head.last + 1 < in.count && in.is(in.at[head.last + 1], Role::possessive) && !in.is(in.at[head.last + 1], Role::preposition)))) return false;  // "which spared the subendocardium"
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_layer(h) && h.first > head.last && h.first <= head.last + reach; });
}

void take_spared(Passage& in, std::uint32_t h) {
    const Head& head = in.heads[h];
    if (spares_layer(in, head)) return;
    if (in.any(Kind::qualifier) && std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::qualifier && s.entry->code == 1 && s.first == head.last + 1; })) return;  // "scar in the apex and clean elsewhere"
    const auto target_behind = [&](const Head& o) { return o.type == Head::Type::target && o.first > head.last && o.first <= head.last + 2; };
    if (head.object_behind && std::any_of(in.heads.begin(), in.heads.end(), target_behind)) return;  // "subendocardium-sparing LGE of the lateral wall"
    const std::uint32_t c = in.clause[head.first];
    const bool comma_behind = head.last + 1 < in.count && in.at[head.last + 1].kind == Token::Kind::sign;
    const auto conjoined = [&](std::uint32_t to) { return std::any_of(in.at + head.last, in.at + to, [&](const Token& t) { return in.is(t, Role::conjunction) && !in.is(t, Role::preposition); }); };
    bool ahead = false;
    for (const Spot& s : in.spots) ahead = ahead || (!(head.first > 0 && conjoined(s.first) && !head.object_behind) && s.first > head.last && s.first - head.last <= 4 && in.clause[s.first] == c && !comma_behind);
    if (ahead && !head.object_behind && level_apart(in, head)) {  // "septum spared basally"
        for (Spot& s : in.spots)
            if (in.clause[s.first] == c && (s.last + 1 == head.first || s.first == head.last + 1)) s.head = h;
        return;
    }
    if (ahead || head.object_behind) {
        const bool bracketed = head.first > 0 && sign(in.at[head.first - 1], '(');  // "LGE of the lateral wall (sparing the base) and of the septum"
        const auto closes = [&](std::uint32_t a, std::uint32_t b) { return std::any_of(in.at + a, in.at + b, [](const Token& t) { return sign(t, ')'); }); };
        std::uint32_t last = nowhere;  // "sparing the septum, late enhancement occupies the lateral wall"
        for (Spot& s : in.spots) {
            if (s.first <= head.last || in.clause[s.first] != c) continue;
            if (last != nowhere && (!in.joined(last, s.first) || (bracketed && closes(last, s.first)))) break;
            s.head = h;
            last = s.last;
        }
        const auto named = [&](const Spot& s) { return head.first == head.last && s.last + 1 == head.first; };  // "apical sparing"
        if (last == nowhere)
            for (Spot& s : in.spots)
                if (named(s)) s.head = h;
        return;
    }
    const std::uint32_t aside = aside_before(in, head.first);
    std::uint32_t edge = aside != nowhere ? aside : head.first;
    const std::uint32_t start = edge;
    const bool after_target = std::any_of(in.heads.begin(), in.heads.end(), [&](const Head& o) { return o.type == Head::Type::target && o.last < head.first && in.clause[o.first] == c; });  // else all of "septum, anterior and lateral wall free" are
    for (std::size_t k = in.spots.size(); k-- > 0;) {
        Spot& s = in.spots[k];
        if (s.last >= edge || in.clause[s.first] != c || edge - s.last > 4) continue;
        bool linked = edge == start || s.last + 1 == edge;  // "... of the lateral wall the septum is clean"
        for (std::uint32_t i = s.last + 1; i < edge; ++i) {
            if (sign(in.at[i], ',') && (after_target || edge == start)) return;
            if (sign(in.at[i], '(') && edge != start && in.opens_bracket(s.last, head.first)) return;  // "the inferior wall (apical segment spared)"
            linked = linked || in.at[i].kind == Token::Kind::sign || in.is(in.at[i], Role::conjunction | Role::alternative | Role::preposition | Role::range | Role::origin);
        }
        if (!linked) return;
        for (const Head& o : in.heads)
            if (o.first > s.last && o.last < head.first) return;  // "lateral LGE, relatively spared"
        s.head = h;
        edge = s.first;
    }
}

bool is_spared(const Passage& in, const Hit& hit) {
    constexpr std::uint32_t reach = 5, beside = 3;
    const auto of_layer = [&](const Head& h) { return hit.kind() == Kind::pattern && hit.first > h.last && hit.first <= h.last + beside && spares_layer(in, h); };
    if (in.any(Kind::spared) && std::any_of(in.heads.begin(), in.heads.end(), of_layer)) return true;
    const std::uint32_t head = head_of(in, hit.first, hit.last, reach);
    return head != nowhere && in.heads[head].type == Head::Type::spared;
}

}  // namespace lge::report
