#include "lge/report/gathered.hpp"

#include <algorithm>
#include <array>

namespace lge::report {

namespace {

/// "LGE septum: normal", "LGE mid   Normal": the answer to a label of the images and a place.
const Hit* answered_at(const Passage& in, const Target& t) {
    if (t.first > 1 || !in.any(Kind::answer, Kind::spared) || !in.any(Kind::wall, Kind::level, Kind::segmentword)) return nullptr;
    const auto answer = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > t.last && !is_place(h.kind()) && h.kind() != Kind::all; });
    const bool clean = answer != in.hits.end() && answer->kind() == Kind::spared && answer->entry->code == spared_clean;
    if (answer == in.hits.end() || !(clean || answer->kind() == Kind::answer) || in.clause[answer->first] != t.clause) return nullptr;
    const bool ends = answer->last + 1 == in.count || (answer->last + 2 == in.count && in.at[answer->last + 1].kind == Token::Kind::sign);
    const bool list = std::any_of(in.at + t.last + 1, in.at + answer->first, [](const Token& k) { return sign(k, ','); });  // "LGE mid inferior, apex normal"
    return ends && (!list || sign(in.at[answer->first - 1], ':')) ? &*answer : nullptr;
}

/// "LGE normal", "late enhancement within normal limits": the answer right behind the images is of them.
const Hit* answered(const Passage& in, const Target& t) {
    constexpr std::uint32_t reach = 4;  // "LGE was completed and is normal"
    const auto another = [&](const Hit& answer) {  // "mid inferior LGE, apex normal"
        return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > t.last && h.last < answer.first && (h.kind() == Kind::wall || h.kind() == Kind::level || h.kind() == Kind::organ || h.kind() == Kind::modality); });
    };
    const auto compares = [&](const Hit& answer) { return in.find_hit(Kind::pseudo, answer.first, answer.last) != nullptr; };  // "residual LGE (no change)"
    if (!t.images || !in.any(Kind::answer)) return nullptr;
    std::uint32_t end = t.last;  // "LGE, on the other hand, was normal"
    if (in.any(Kind::stop) && end + 1 < in.count && sign(in.at[end + 1], ','))
        for (const Hit& h : in.hits)
            if (h.kind() == Kind::stop && h.first == t.last + 2 && h.last + 1 < in.count && sign(in.at[h.last + 1], ',')) end = h.last + 1;
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::answer && h.first > end && h.first - end <= reach && in.clause[h.first] == t.clause && !another(h) && !compares(h) &&
            (h.last + 1 == in.count || in.at[h.last + 1].kind != Token::Kind::word || in.is(in.at[h.last + 1], Role::preposition | Role::conjunction))) return &h;
    return nullptr;
}

/// "Normal volumes, function and late enhancement.", "A normal study, LGE included.": the images end what is called normal.
const Hit* listed_normal(const Passage& in, const Target& t) {
    if (!t.images || !in.any(Kind::answer) || t.clause != 0) return nullptr;
    const auto normal = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::answer; });
    const Hit* included = in.find_hit(Kind::emphasis, t.last + 1, t.last + 2);
    const std::uint32_t end = included != nullptr && included->entry->code == 1 ? included->last + 1 : t.last + 1;
    if (normal->first > 1 || normal->last >= t.first || (end < in.count && in.at[end].kind != Token::Kind::sign)) return nullptr;
    const bool list = end > t.last + 1 || in.is(in.at[t.first - 1], Role::conjunction | Role::accompanying) || sign(in.at[t.first - 1], ',');
    const auto tells = [&](const Hit& h) { return h.first > normal->last && h.first != t.first && (is_place(h.kind()) || h.kind() == Kind::pattern || h.kind() == Kind::target || h.kind() == Kind::negation || h.kind() == Kind::stop); };
    return list && std::none_of(in.hits.begin(), in.hits.end(), tells) ? &*normal : nullptr;
}

/// "LGE did not bring out any abnormality": what the images do not show has no name of LGE.
const Hit* shows_nothing(const Passage& in, const Target& t) {
    constexpr std::uint32_t reach = 2;
    if (!t.images || !in.any(Kind::negation)) return nullptr;
    std::uint32_t edge = t.last;  // of "LGE and T2"
    for (const Hit& h : in.hits)
        if ((h.kind() == Kind::modality || h.kind() == Kind::sequence) && h.first == edge + 2 && in.is(in.at[edge + 1], Role::conjunction)) edge = h.last;
    const auto denial = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::negation && h.entry->code == 0 && h.first > edge && h.first - edge <= reach; });
    if (denial == in.hits.end()) return nullptr;
    const auto object = std::find_if(denial + 1, in.hits.end(), [&](const Hit& h) { return h.first > denial->last && (is_head(h.kind()) || h.kind() == Kind::answer || h.kind() == Kind::organ || h.kind() == Kind::wall); });
    const auto cause = [&](const Hit& s) { return s.kind() == Kind::dx && s.first > denial->last && in.clause[s.first] == in.clause[denial->first]; };
    const bool judges = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::negation && h.entry->code == 1 && h.first == denial->first && h.last == denial->last; });  // "LGE does not support amyloid"
    if (object == in.hits.end()) return !judges && denial->last > denial->first && std::any_of(in.side.begin(), in.side.end(), cause) ? &*denial : nullptr;  // "LGE does not reveal a contusion"
    const bool nameless = object->kind() == Kind::weak || object->kind() == Kind::answer;
    return nameless && in.clause[object->first] == in.clause[denial->first] ? &*denial : nullptr;
}

/// "LGE, mid-ventricular short axis: no enhancement": the images, which a view behind a comma describes up to a colon.
bool labels_view(const Passage& in, const Target& t) {
    constexpr std::uint32_t reach = 3;
    if (!t.images || !in.has_colon || !in.any(Kind::view) || !sign(in.at[t.last + 1], ',')) return false;
    const auto view = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::view && h.first > t.last && h.first <= t.last + reach; });
    return view != in.hits.end() && view->last + 1 < in.count && sign(in.at[view->last + 1], ':');
}

/// "LGE (PSIR + magnitude, 10 and 18 min).": the images and how they were made, and nothing else.
bool names_sequence(const Passage& in, const Target& t) {
    if (!t.images || t.first != 0 || in.targets.size() != 1 || !in.any(Kind::sequence) || t.last + 2 >= in.count || !sign(in.at[t.last + 1], '(')) return false;
    const bool closes = sign(in.at[in.count - 1], ')') && std::none_of(in.at + t.last + 1, in.at + in.count - 1, [](const Token& k) { return sign(k, ')') || sign(k, '%'); });
    return closes && std::all_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::sequence || h.kind() == Kind::technique || h.kind() == Kind::modality || h.first == t.first; });
}

/// "LGE 3D whole heart, diagnostic: the LAD bed is free of enhancement": the images and their quality up to a colon.
bool labels_quality(const Passage& in, const Target& t) {
    constexpr std::uint32_t longest = 12;  // tokens: "LGE at 10 and 20 min, both PSIR and magnitude:"
    if (!t.images || t.first != 0 || !in.has_colon) return false;
    const Token* const end = in.at + std::min(in.count, t.last + 1 + longest);
    const Token* const colon = std::find_if(in.at + t.last + 1, end, [](const Token& k) { return sign(k, ':'); });
    const auto tells = [&](const Hit& h) { return h.first > t.last && in.at + h.last < colon && h.kind() != Kind::sequence && h.kind() != Kind::technique && h.kind() != Kind::study && h.kind() != Kind::view && !(h.kind() == Kind::level && of_length(h.entry->code)); };
    return colon != end && std::any_of(in.at + t.last + 1, colon, [](const Token& k) { return sign(k, ','); }) && std::none_of(in.hits.begin(), in.hits.end(), tells);
}

/// "LGE confirmed myocarditis and excluded infarction": whether a cause stands right behind a verb, which the LGE is a sign of.
bool shows_cause(const Passage& in, std::uint32_t verb) {
    constexpr std::uint32_t reach = 2;
    if (in.starts_at(Kind::negation, verb)) return false;
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::dx && s.first > verb && s.first <= verb + reach && !in.starts_at(Kind::target, s.first); });
}

/// "The septum contains LGE and no LGE is seen in the apex": a place stands before a mention in its clause.
bool placed_before(const Passage& in, const Target& t) {
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_place(h.kind()) && h.last < t.first && in.clause[h.first] == t.clause; });
}

}  // namespace

bool names_images(const Passage& in, std::size_t n) {
    const Target& t = in.targets[n];
    if (names_sequence(in, t) || (n + 1 < in.targets.size() && (labels_view(in, t) || labels_quality(in, t)))) return true;
    if (t.infarct || t.implicit || t.weak || t.excepted || n + 1 == in.targets.size() || sign(in.at[t.last + 1], ',') || sign(in.at[t.last + 1], ';')) return false;  // "basal scar; no scar at mid level"
    if (t.images && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return (is_place(h.kind()) || h.kind() == Kind::pattern) && h.last + 1 == t.first; })) return false;  // "the septal LGE does not suggest infarction"
    if (t.first > 0 && in.find_hit(Kind::negation, 0, t.first - 1) != nullptr && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::negation && h.last + 1 == t.first; })) return false;  // "no LGE was found"
    std::uint32_t edge = t.last;  // "LGE (short axis, base to apex) without enhancement"
    if (sign(in.at[edge + 1], '('))
        while (edge + 1 < in.count && !sign(in.at[edge], ')')) ++edge;
    for (const Hit& h : in.hits) {
        if (h.kind() != Kind::negation || h.entry->code != 0 || h.first <= edge || h.first - edge > 2 || (in.clause[h.first] != t.clause && (!t.images || placed_before(in, t))) || in.find_hit(Kind::stop, edge + 1, h.first) != nullptr) continue;
        for (std::size_t m = n + 1; m < in.targets.size(); ++m)
            if (in.targets[m].first > h.last && in.targets[m].clause == in.clause[h.first]) return true;
    }
    constexpr std::uint32_t reach = 12;
    const std::uint32_t next = in.targets[n + 1].first;
    if (!t.images || next <= t.last || next - t.last > reach) return false;
    for (std::uint32_t i = t.last + 1; i < next; ++i)
        if (sign(in.at[i], ';')) return false;
    const auto other_subject = [&](std::uint32_t i) { return in.find_hit(Kind::organ, t.last, i) != nullptr || in.find_hit(Kind::history, t.last, i) != nullptr || in.find_hit(Kind::negated, t.last, i, t.clause) != nullptr; };  // "LGE was absent, but the RV showed some"
    const auto passive = [&](std::uint32_t i) { return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::explains && s.last + 1 == i && s.first > t.last; }); };  // "was found"
    const auto another = [&](std::uint32_t i) { return in.clause[i] != t.clause && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_place(h.kind()) && h.first > t.last && h.last < i; }); };  // "LGE of the septum, whereas the apex shows no LGE"
    for (std::uint32_t i = t.last + 1; i < next && !other_subject(i) && !another(i); ++i)  // "limited LGE due to arrhythmia: no scar"
        if ((in.is(in.at[i], Role::showing) && !passive(i) && !shows_cause(in, i)) || (sign(in.at[i], ':') && in.find_hit(Kind::wall, t.last, i) == nullptr)) return true;
    return false;
}

bool images_suffer(const Passage& in, const Target& t) {
    if (!t.images || !in.any(Kind::artifact)) return false;
    const std::uint32_t next = t.last + 1, verb = in.starts_at(Kind::explains, next) ? next + 1 : next;  // "is"
    const auto artifact = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::artifact && h.entry->code == artifact_degraded && (h.first == next || h.first == verb || (h.first == next + 1 && h.first - 1 == t.last + 1 && in.is(in.at[next], Role::accompanying) && !in.is(in.at[next], Role::joining))); });
    return artifact != in.hits.end() && in.find_hit(Kind::wall, 0, artifact->first, t.clause) == nullptr;
}

bool lists_sequences(const Passage& in) {
    std::uint32_t others = 0;
    for (std::uint32_t i = 0; i < in.count; ++i)
        if (in.at[i].kind == Token::Kind::number && i + 1 < in.count && (sign(in.at[i + 1], '%') || in.is(in.at[i + 1], Role::gram))) return false;
    for (const Hit& h : in.hits) {
        if (h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::answer || h.kind() == Kind::hedge || h.kind() == Kind::weak) return false;
        others += h.kind() == Kind::technique || (h.kind() == Kind::modality && h.entry->code == modality_mapping);
    }
    return others >= 1;
}

const Hit* denied_of_images(const Passage& in, const Target& t) {
    if (const Hit* h = answered(in, t)) return h;
    if (const Hit* h = answered_at(in, t)) return h;
    if (const Hit* h = listed_normal(in, t)) return h;
    return shows_nothing(in, t);
}

void read_view_lists(Passage& in) {
    static const std::array<Entry, 3> levels{Entry{.kind = Kind::level, .value = {}, .name = {}, .code = static_cast<std::uint32_t>(LevelWord::basal)}, Entry{.kind = Kind::level, .value = {}, .name = {}, .code = static_cast<std::uint32_t>(LevelWord::mid)},
                                             Entry{.kind = Kind::level, .value = {}, .name = {}, .code = static_cast<std::uint32_t>(LevelWord::apical)}};
    for (std::size_t k = 1; k < in.hits.size(); ++k) {
        Hit& h = in.hits[k];
        const Hit& before = in.hits[k - 1];
        if (h.kind() != Kind::view || before.kind() != Kind::level || h.first > before.last + 3 || !in.joined(before.last, h.first)) continue;
        for (std::size_t l = 0; l < levels.size(); ++l)
            if (h.entry->code == level_bit(static_cast<anatomy::Level>(l + 1))) h = Hit(&levels[l], h.first, h.last, Kind::level);
    }
}

void drop_slices(Passage& in) {
    constexpr std::uint32_t longest = 3;  // tokens in brackets
    const auto images = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::sequence || h.kind() == Kind::view; });
    if (images == in.hits.end()) return;
    const auto labelled = [&](const Hit& h) {
        if (h.kind() != Kind::level || h.last + 2 >= in.count || !sign(in.at[h.last + 1], '(')) return false;
        const Token* close = std::find_if(in.at + h.last + 2, in.at + std::min(in.count, h.last + 3 + longest), [](const Token& t) { return sign(t, ')'); });
        return sign(*close, ')') && std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return o.first > h.last && in.at + o.first < close; });
    };
    auto end = std::find_if(images + 1, in.hits.end(), [&](const Hit& h) { return h.kind() != Kind::level && !is_images(h) && h.kind() != Kind::view && !(h.kind() == Kind::target && h.entry->code == target_past); });  // "late gadolinium enhanced slices"
    const auto first = std::find_if(images, end, labelled);
    constexpr std::ptrdiff_t fewest = 2;
    if (std::count_if(images, end, labelled) < fewest) return;
    in.hits.erase(std::remove_if(first, end, labelled), end);
}

Levels view_of_title(const Passage& in) {
    constexpr std::uint32_t longest = 20;  // tokens
    const auto whose = [&](const Hit& s) { return s.kind() == Kind::certainty && s.last > s.first && in.is(in.at[s.last], Role::accompanying); };  // "LGE at mid level in a patient with sarcoidosis"
    const bool caption = in.any(Kind::dx, Kind::certainty) && in.any(Kind::target) && std::any_of(in.side.begin(), in.side.end(), whose);
    const bool images = caption || in.any(Kind::sequence, Kind::view);  // "Mid-ventricular short-axis LGE in a patient with ...", "Short-axis slice at mid level, 12 min post contrast"
    if (in.count > longest || !in.any(Kind::level, Kind::view) || !images) return 0;
    Levels levels = 0;
    for (const Hit& h : in.hits) {
        if (h.kind() == Kind::level && static_cast<LevelWord>(h.entry->code) <= LevelWord::apicallevel) levels |= level_bit(static_cast<anatomy::Level>(h.entry->code / 2 + 1));
        else if (h.kind() == Kind::view) levels |= h.entry->code;
        else if (h.kind() != Kind::sequence && h.kind() != Kind::technique && !(h.kind() == Kind::target && h.entry->code == target_images)) return 0;
    }
    return std::none_of(in.at, in.at + in.count, [&](const Token& t) { return in.is(t, Role::showing) || sign(t, ':') || sign(t, '%'); }) ? levels : 0;
}

const Hit* owner_of_images(const Passage& in) {
    constexpr std::uint32_t start = 7;  // tokens: "3D navigator LGE of the left atrium"
    const auto of_ventricle = [](const Hit& h) { return h.kind() == Kind::lv || is_nulling(h); };
    if (std::any_of(in.hits.begin(), in.hits.end(), of_ventricle)) return nullptr;  // "LGE of the right atrium, none in the left ventricle"
    for (const Hit& o : in.hits)
        if (o.kind() == Kind::organ && o.entry->value == "atrial_enhancement" && o.first < start)
            for (const Hit& h : in.hits)
                if (is_images(h) && (h.first == o.last + 1 || (h.last < o.first && o.first <= h.last + 3 && in.is(in.at[h.last + 1], Role::possessive) && in.is(in.at[h.last + 1], Role::preposition)))) return &o;
    return nullptr;
}

}  // namespace lge::report
