#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

constexpr std::uint32_t unit_ms = 1;

/// "T2 of 63 ms": a relaxation time beyond what healthy muscle has at any field strength.
bool prolonged_t2(const Passage& in, const Hit& h) {
    constexpr float limit = 55, most = 150;  // ms
    constexpr std::uint32_t reach = 9;
    if (h.entry->value != "mapping t2") return false;
    for (std::uint32_t i = h.last + 1; i < std::min(in.count, h.last + reach); ++i) {
        const auto former = [&](const Hit& s) { return s.last + 1 == i && (s.kind() == Kind::before || (s.kind() == Kind::examination && s.entry->code == examination_earlier)); };
        if (i > 0 && (in.is(in.at[i - 1], Role::old) || std::any_of(in.hits.begin(), in.hits.end(), former) || std::any_of(in.side.begin(), in.side.end(), former))) continue;  // "T2 44 ms, previously 58 ms"
        if (in.at[i].kind == Token::Kind::number && in.at[i].value >= limit && in.at[i].value < most)
            return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::raised && s.entry->code == unit_ms && s.first > i && s.first <= i + 4; });
        if (sign(in.at[i], ';') || in.find_hit(Kind::modality, i, i + 1) != nullptr) return false;
    }
    return false;
}

/// "High signal of the lateral wall on STIR": water, on images that show it bright.
bool bright_on(const Passage& in, const Hit& images, const Setting& setting) {
    if (setting.subject != nullptr || (images.entry->value != "t2 weighted" && images.entry->value != "mapping t2") || images.first == 0) return false;
    const std::uint32_t on = images.first >= 2 && !in.is(in.at[images.first - 1], Role::preposition) ? images.first - 2 : images.first - 1;  // or "on the"
    const std::uint32_t clause = in.clause[images.first];
    if (!in.is(in.at[on], Role::preposition) || in.find_hit(Kind::negation, 0, in.count) != nullptr || in.find_hit(Kind::organ, 0, on, clause) != nullptr) return false;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return (h.kind() == Kind::weak || h.kind() == Kind::target) && h.last < on && in.clause[h.first] == clause && in.find_hit(Kind::target, h.last + 1, on) == nullptr && denied(in, h.first, h.last, false) == nullptr; });
}

/// "STIR shows raised signal of the lateral wall": so it is where such images are the subject.
bool bright_behind(const Passage& in, const Hit& images, const Setting& setting) {
    constexpr std::uint32_t reach = 8;  // tokens
    if (setting.subject != nullptr || (images.entry->value != "t2 weighted" && images.entry->value != "mapping t2")) return false;
    const std::uint32_t clause = in.clause[images.first];
    const auto other = [&](const Hit& h) { return in.clause[h.first] == clause && (h.kind() == Kind::target || h.kind() == Kind::organ || h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::answer || h.kind() == Kind::artifact); };
    const auto placed = [&](const Hit& h) { return is_place(h.kind()) && in.clause[h.first] == clause; };
    if (std::any_of(in.hits.begin(), in.hits.end(), other) || std::none_of(in.hits.begin(), in.hits.end(), placed)) return false;
    const bool raised = std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::raised && s.entry->code == 0 && s.first > images.last && in.clause[s.first] == clause; });
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::weak && h.first > images.last && h.first <= images.last + reach && in.clause[h.first] == clause && (h.entry->code == weak_bright || h.last > h.first || raised); });
}

/// "Oedema" above "High signal of the lateral wall.": whether a sentence below such a title tells of water.
bool bright_below(const Passage& in, const Setting& setting) {
    if (!setting.below_edema || in.any(Kind::negation, Kind::negated, Kind::answer, Kind::organ)) return false;
    return in.any(Kind::weak) || std::any_of(in.side.begin(), in.side.end(), [](const Hit& s) { return s.kind() == Kind::raised && s.entry->code == 0; });
}

/// "EDEMA   T2 map 46 ms": a label of the values behind it, and no finding.
bool labels_values(const Passage& in, const Hit& edema) {
    return edema.first == 0 && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::modality && h.entry->code == modality_mapping && h.first > edema.last && h.first <= edema.last + 2 && (h.first == edema.last + 1 || sign(in.at[edema.last + 1], ':') || sign(in.at[edema.last + 1], '-')); });
}

/// "T2 ratio 2.3", "elevated T2 ratio": the signal of the myocardium over that of skeletal muscle, raised from 2 on.
bool raised_ratio(const Passage& in, const Hit& h) {
    constexpr float limit = 2, most = 10;
    constexpr std::uint32_t reach = 5;
    for (std::uint32_t i = h.last + 1; i < std::min(in.count, h.last + reach); ++i)
        if (in.at[i].kind == Token::Kind::number) return in.at[i].value >= limit && in.at[i].value < most;
    return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::raised && s.entry->code == 0 && in.clause[s.first] == in.clause[h.first]; });
}

/// Whether a mapping value is given, or called abnormal.
enum class Mapping : std::uint8_t { nothing, abnormal, value };
Mapping tells_mapping(const Passage& in, const Hit& h) {
    for (const Hit& s : in.side)
        if (s.kind() == Kind::raised && s.entry->code == unit_ms) return Mapping::value;
    for (std::uint32_t i = h.last + 1; i < in.count && i < h.last + 8; ++i)
        if (sign(in.at[i], '%') && in.clause[i] == in.clause[h.first]) return Mapping::value;
    constexpr std::uint32_t reach = 7;
    const auto range = h.entry->value == "mapping t2" ? std::pair(30.F, 150.F) : h.entry->value == "mapping ecv" ? std::pair(15.F, 80.F) : std::pair(700.F, 1700.F);  // ms or %
    for (std::uint32_t i = h.last + 1; i < std::min(in.count, h.last + reach) && !sign(in.at[i], ';') && in.find_hit(Kind::modality, i, i + 1) == nullptr; ++i)  // "T1 native: septal 1030"
        if (in.at[i].kind == Token::Kind::number && in.at[i].value >= range.first && in.at[i].value <= range.second) return Mapping::value;
    for (const Hit& s : in.side)
        if (s.kind() == Kind::raised && in.clause[s.first] == in.clause[h.first]) return Mapping::abnormal;
    return Mapping::nothing;
}

/// "The mass is bright on T2": whether it is a mass that the water is in.
bool of_mass(const Passage& in, const Hit& edema, const Setting& setting) {
    if (setting.subject != nullptr && setting.subject->code == organ_mass) return true;
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return o.kind() == Kind::organ && o.entry->code == organ_mass && in.clause[o.first] == in.clause[edema.first]; });
}

/// "The mass enhanced around a non-enhancing centre": a core that is of a mass of its clause.
bool beside_mass(const Passage& in, const Hit& core) {
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& o) { return o.kind() == Kind::organ && o.entry->value == "mass_enhancement" && o.last < core.first && in.clause[o.first] == in.clause[core.first]; });
}

/// "RV apex also involved", after LGE elsewhere.
void read_involved(const Passage& in, bool spoke_of_lge, Gathered& gathered) {
    if (!spoke_of_lge || !in.any(Kind::organ)) return;
    const auto spared = [&](std::uint32_t i) { return in.any(Kind::spared) && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::spared && h.last == i; }); };  // "are not involved"
    for (const Hit& h : in.hits) {
        if (h.kind() != Kind::organ || h.entry->code == organ_outside || denied(in, h.first, h.last, true) != nullptr) continue;
        for (std::uint32_t i = h.first >= 8 ? h.first - 8 : 0; i < std::min(in.count, h.last + 6); ++i)
            if (in.clause[i] == in.clause[h.first] && in.is(in.at[i], Role::involved) && !spared(i)) add_new(gathered.other, std::string_view(h.entry->value));
    }
}

/// "Basal segments viable, mid inferior not.", "The basal segments are viable; the apex is not."
bool ends_otherwise(const Passage& in, const Hit& viable) {
    if (viable.entry->code != 0) return false;
    const auto ends = [&](std::uint32_t last) { return last + 1 == in.count || in.at[last + 1].kind == Token::Kind::sign; };
    const auto no = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::negation && h.first > viable.last && ends(h.last); });
    if (no == in.hits.end()) return false;
    const std::uint32_t verb = no->first - (in.starts_at(Kind::explains, no->first - 1) ? 1 : 0);  // "..., the apex is not"
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_place(h.kind()) && h.first > viable.last && h.last + 1 == verb; });
}

/// "Nonviable at the base", "nonviable only at the base"
bool said_of_place(const Passage& in, const Hit& s) {
    const std::uint32_t next = s.last + 1;
    return next + 1 < in.count && (in.is(in.at[next], Role::preposition) || in.is(in.at[next + 1], Role::preposition)) && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_place(h.kind()) && h.first > s.last && h.first <= s.last + 3; });
}

void read_viability(const Passage& in, const Hit& s, Gathered& gathered) {
    if (const Hit* d = denied(in, s.first, s.last, true); d != nullptr) {
        const auto own = [&](const Hit& o) { return o.kind() == Kind::viability && &o != &s && o.first <= d->first && o.last >= d->last; };  // "without viability at the base, preserved viability at the apex"
        bool turned = false;  // "showed no scar and was deemed viable"
        for (std::uint32_t i = d->last + 1; i + 1 < s.first; ++i)
            turned = turned || (in.is(in.at[i], Role::conjunction) && (in.starts_at(Kind::ignore, i + 1) || in.starts_at(Kind::explains, i + 1)));
        const bool apart = s.entry->code == 0 && s.first > 0 && sign(in.at[s.first - 1], ',');  // "no scar, fully viable myocardium"
        if (!turned && !apart && std::none_of(in.side.begin(), in.side.end(), own)) return;
    }
    gathered.viable = gathered.viable || s.entry->code == 0;
    gathered.nonviable = gathered.nonviable || s.entry->code == 1;
    gathered.nonviable_there = gathered.nonviable_there || (s.entry->code == 1 && said_of_place(in, s));
    gathered.mixed = gathered.mixed || s.entry->code == 2 || ends_otherwise(in, s);
}

/// "The LGE is due to ghosting and is retracted": the mention before the artifact is denied behind "and", not the artifact.
bool retracted_by(const Passage& in, const Hit& artifact) {
    const Hit* d = in.any(Kind::negated) ? denied(in, artifact.first, artifact.last, false) : nullptr;
    if (d == nullptr || d->kind() != Kind::negated || d->first < artifact.last + 2) return false;
    return in.is(in.at[artifact.last + 1], Role::conjunction) && std::any_of(in.explanations.begin(), in.explanations.end(), [&](const Explanation& e) { return e.artifact->first <= artifact.first; });
}

/// "No obstruction, minimal pericardial effusion": a finding with its size, behind a comma that a denial stands before.
bool listed_apart(const Passage& in, const Hit& finding) {
    constexpr std::uint32_t sized = 2;  // tokens behind the first
    if (finding.last < finding.first + sized || finding.first == 0 || !sign(in.at[finding.first - 1], ',')) return false;
    const Hit* d = denied(in, finding.first, finding.last, false);
    return d != nullptr && d->kind() == Kind::negation && d->last + 1 < finding.first;
}

/// "MVO: N", "thrombus: N"
bool answered_no(const Passage& in, const Hit& thing) {
    return in.any(Kind::answer) && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::answer && h.first == thing.last + 2 && (sign(in.at[thing.last + 1], ':') || sign(in.at[thing.last + 1], '=')); });
}

}  // namespace

bool titles_edema(const Passage& in) {
    const auto title = [&](const Hit& h) { return h.kind() == Kind::modality && h.entry->code == modality_edema && h.first == 0 && (h.last + 1 == in.count || (h.last + 2 == in.count && sign(in.at[h.last + 1], ':'))); };
    return in.any(Kind::modality) && std::any_of(in.hits.begin(), in.hits.end(), title);
}

void read_rest(const Passage& in, const Setting& setting, bool said, Gathered& gathered) {
    if (bright_below(in, setting)) add_new(gathered.other, std::string_view("edema"));
    const bool about_lge = said || setting.topic == Topic::lge || in.any(Kind::sequence);
    if (!in.any(Kind::mvo, Kind::finding, Kind::modality, Kind::artifact, Kind::hedged, Kind::organ, Kind::viability, Kind::near_transmural, Kind::temporal, Kind::negated)) return;
    const Hit* asked = in.find_hit(Kind::hypothetical, 0, in.count);
    const auto is_asked = [&](const Hit& h) { return asked != nullptr && asked->last < h.first; };
    for (const Hit& h : in.hits) {
        if (is_asked(h)) break;
        const auto note = [&](std::string_view what) {
            const Hit* d = denied(in, h.first, h.last, false);
            if (d == nullptr || (d->kind() == Kind::negated && d->entry->code == negated_enhancing)) add_new(gathered.other, what);
        };
        switch (h.kind()) {
            case Kind::mvo: {
                const std::uint32_t c = in.clause[h.first];
                const bool label = h.first == 0 && h.last + 1 < in.count && sign(in.at[h.last + 1], ':') && in.find_hit(Kind::mvo, h.last + 1, in.count) != nullptr;  // "MVO: no late MVO"
                if (label || (setting.subject != nullptr && setting.subject->code == organ_mass) || beside_mass(in, h)) break;
                if (in.find_hit(Kind::notdone, 0, in.count, c) != nullptr || in.find_hit(Kind::unreadable, 0, in.count, c) != nullptr) break;
                const bool no = denied(in, h.first, h.last, false) != nullptr || answered_no(in, h);
                if (!gathered.mvo || !no) gathered.mvo = !no;
                break;
            }
            case Kind::finding:
                if (answered_no(in, h)) break;
                if (listed_apart(in, h)) add_new(gathered.other, std::string_view(h.entry->value));
                else note(h.entry->value);
                break;
            case Kind::modality:
                if (bright_on(in, h, setting) || bright_behind(in, h, setting)) add_new(gathered.other, std::string_view("edema"));
                if (h.entry->code == modality_unnamed) break;
                if (h.entry->code == modality_mapping) {
                    if (h.entry->value == "mapping t2 ratio") {
                        if (raised_ratio(in, h)) note("edema");
                        break;
                    }
                    if (prolonged_t2(in, h)) add_new(gathered.other, std::string_view("edema"));
                    if (const auto told = tells_mapping(in, h); told == Mapping::value) add_new(gathered.other, std::string_view("mapping"));
                    else if (told == Mapping::abnormal) note("mapping");
                    break;
                }
                if ((h.entry->code == modality_edema && (of_mass(in, h, setting) || labels_values(in, h) || (setting.topic == Topic::other && titles_edema(in)))) || answered_no(in, h)) break;
                note(h.entry->value);
                if (h.entry->code == modality_edema)
                    for (const Hit& s : in.side)
                        if (s.kind() == Kind::raised && s.entry->code == unit_ms) note("mapping");
                break;
            case Kind::artifact:
                if (retracted_by(in, h)) add_new(gathered.other, std::string_view("artifact"));
                else if (h.entry->code != artifact_weak || std::any_of(in.explanations.begin(), in.explanations.end(), [&](const Explanation& e) { return e.artifact == &h; })) note("artifact");
                break;
            case Kind::hedged:
                if (h.entry->code == hedge_artifact && about_lge) add_new(gathered.other, std::string_view("artifact"));
                break;
            default: break;
        }
    }
    read_change(in, setting.goes_on, gathered);
    read_involved(in, said || setting.goes_on, gathered);
    for (const Hit& s : in.side) {
        if (is_asked(s)) break;
        if (s.kind() == Kind::viability) read_viability(in, s, gathered);
        if (!said) continue;
        if (s.kind() == Kind::near_transmural && denied(in, s.first, s.last, false) == nullptr) gathered.near_transmural = true;
    }
}

}  // namespace lge::report
