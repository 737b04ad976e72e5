#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

namespace {

/// Whether a token names an organ or the ventricle, or says what it is like: "thickened".
bool covered(const Passage& in, std::uint32_t token) {
    for (const Hit& h : in.hits)
        if ((h.kind() == Kind::organ || h.kind() == Kind::lv || h.kind() == Kind::modality || (h.kind() == Kind::pattern && h.entry->code == static_cast<std::uint32_t>(anatomy::Pattern::diffuse))) && h.first <= token && h.last >= token) return true;
    return false;
}

/// The distance of two tokens, leaving out what stands in brackets, or between commas right behind the first: "the
/// pericardium, 5 mm thick, enhances".
std::uint32_t words_between(const Passage& in, std::uint32_t a, std::uint32_t b) {
    std::uint32_t n = 1, apposition = a + 1;
    if (a + 1 < b && sign(in.at[a + 1], ',')) {
        for (std::uint32_t i = a + 2; i < b; ++i)
            if (sign(in.at[i], ',')) { apposition = i; break; }
    }
    bool bracket = false;
    for (std::uint32_t i = apposition; i < b; ++i) {
        bracket = bracket || sign(in.at[i], '(');
        n += !bracket;
        if (sign(in.at[i], ')')) bracket = false;
    }
    return n;
}

/// "The pericardium is thickened without enhancement": what the next clause denies is the organ's still.
bool subject_goes_on(const Passage& in, const Hit& organ, const Head& head) {
    if (organ.kind() != Kind::organ || in.find_hit(Kind::lv, 0, in.count) != nullptr || head.first < organ.last || head.first - organ.last > 8) return false;
    const Hit* denial = in.find_hit(Kind::negation, organ.last, head.first, in.clause[head.first]);
    if (denial == nullptr || in.find_hit(Kind::wall, 0, in.count, in.clause[head.first]) != nullptr) return false;
    for (std::uint32_t i = organ.last + 1; i < denial->first; ++i)
        if (in.at[i].kind == Token::Kind::sign || in.is(in.at[i], Role::conjunction)) return false;
    return true;
}

/// "The right ventricle is hypertrophied, EF 41 %, and demonstrates LGE at its free wall": the verb's subject is the organ.
bool subject_shows(const Passage& in, const Hit& organ, const Head& head) {
    constexpr std::uint32_t subject_end = 4, mass_end = 8, reach = 20;  // tokens
    if (organ.kind() != Kind::organ || head.first < organ.last || head.first - organ.last > reach) return false;
    const bool mass = organ.entry->code == organ_mass;
    const Hit* stop = in.find_hit(Kind::stop, organ.last, head.first, in.clause[head.first]);
    const bool verb = stop != nullptr && mass && stop->last + 1 == head.first && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first == head.first && h.kind() == Kind::target && h.entry->code == target_past; });  // "The tumour was dark at first but enhanced late"
    if (organ.last > (mass ? mass_end : subject_end) || (!verb && in.find_hit(Kind::lv, 0, head.first) != nullptr)) return false;
    return stop != nullptr && (verb || stop->entry->code == stop_showing) && (mass || in.find_hit(Kind::wall, 0, stop->first) == nullptr);
}

/// "an enhancing soft tissue mass": whether nothing but a word or two that describe a mass stand between a mention and it.
bool describes_mass(const Passage& in, const Head& head, const Hit& organ) {
    constexpr std::uint32_t reach = 3;
    const Target& t = in.targets[head.target];
    const bool adjective = head.first == head.last && head.last + 1 == organ.first && in.one_of(in.at[head.first], in.lexicon.enhancing);
    if (adjective && organ.kind() == Kind::organ && organ.entry->value == "mass_enhancement") return organ.last + 1 == in.count || (in.at[organ.last + 1].kind != Token::Kind::number && !sign(in.at[organ.last + 1], ':'));  // "an enhancing mass of the lateral wall"
    if (organ.kind() != Kind::organ || organ.entry->code != organ_mass || t.images || t.infarct || head.last + 1 >= organ.first || organ.first - head.last > reach || in.any(Kind::wall)) return false;
    return std::all_of(in.at + head.last + 1, in.at + organ.first, [&](const Token& k) { return k.kind == Token::Kind::word && !in.is(k, Role::joining | Role::preposition | Role::conjunction); });
}

/// "Thickened, enhancing pericardium", "enhancing, thickened pericardium": the mention only describes the organ behind it.
bool describes(const Passage& in, const Head& head, const Hit& organ) {
    if (describes_mass(in, head, organ)) return true;
    const Target& t = in.targets[head.target];
    const bool adjective = head.last + 3 == organ.first && sign(in.at[head.last + 1], ',') && in.starts_at(Kind::modality, head.last + 2);
    return organ.kind() == Kind::organ && organ.entry->value == "pericardial_enhancement" && (adjective || head.last + 1 == organ.first) && !t.images && !t.infarct;
}

/// "Aortic root: abscess cavity, posterior, rim enhancement": an organ outside the heart heads the sentence.
bool heads_outside(const Passage& in, const Hit& organ) {
    return organ.kind() == Kind::organ && organ.entry->code == organ_outside && organ.first == 0 && organ.last + 1 < in.count && sign(in.at[organ.last + 1], ':') && !in.any(Kind::lv);
}

/// "a pedunculated mass of 31 x 22 mm that took up contrast": the mention is all that is told of the mass before it.
bool relates_to_mass(const Passage& in, const Hit& organ, const Target& t) {
    constexpr std::uint32_t size = 8;  // tokens
    if (organ.kind() != Kind::organ || organ.entry->value != "mass_enhancement" || organ.entry->code != organ_mass || t.infarct || t.first <= organ.last + 1 || t.first > organ.last + size) return false;
    const Token& that = in.at[t.first - 1];
    if (that.kind != Token::Kind::word || !(in.is(that, Role::accompanying) || that.word == in.lexicon.that)) return false;
    return std::all_of(in.at + organ.last + 1, in.at + t.first - 1, [&](const Token& k) { return k.kind == Token::Kind::number || in.is(k, Role::gram | Role::preposition | Role::joining) || k.kind == Token::Kind::sign || k.end - k.start <= 2; });
}

/// "Intracavitary mass: 31 x 22 mm, ...": a mass at the start of a sentence that names no other place.
bool mass_for_subject(const Passage& in, const Hit& organ) {
    constexpr std::uint32_t size = 6;  // tokens: "24x19 mm pedunculated lesion"
    if (organ.kind() != Kind::organ || organ.entry->code != organ_mass) return false;
    constexpr std::uint32_t attachment = 8;  // tokens: "The tumour within the basal septum"
    const auto apart = [&](const Hit& h) { return (h.kind() == Kind::lv || h.kind() == Kind::wall) && !(organ.first <= 2 && h.first > organ.last && h.first <= organ.last + attachment && in.is(in.at[organ.last + 1], Role::preposition)); };
    if (std::any_of(in.hits.begin(), in.hits.end(), apart)) return false;
    const bool number = in.at[0].kind == Token::Kind::number;
    if (organ.first <= (number || (in.count > 1 && in.at[1].kind == Token::Kind::number) ? size : 1U)) return true;  // "Lobulated 34 x 28 mm mass"
    if (!in.is(in.at[0], Role::joining)) return false;
    if (in.at[1].kind == Token::Kind::number || in.at[2].kind == Token::Kind::number) return organ.first <= size + 1;  // "A 34 x 22 mm pedunculated mass", "A lobulated 38 x 24 mm structure"
    return organ.first == 2 && in.at[1].kind == Token::Kind::word;             // "A sessile mass"
}

/// How many words behind an organ a mention may stand that is of it.
std::uint32_t subject_reach(const Passage& in, const Hit& organ, bool mass_is_subject) {
    constexpr std::uint32_t far = 30, middle = 12, near = 6;
    const bool starts = organ.first == 0 || (organ.first == 1 && in.is(in.at[0], Role::possessive));
    const bool of_organ = organ.kind() == Kind::organ;
    constexpr std::uint32_t wall_of = 4;  // tokens: "The wall of the aortic arch"
    const bool part = of_organ && organ.entry->code == organ_outside && organ.first > 1 && organ.first <= wall_of && in.is(in.at[organ.first - 2], Role::possessive) && in.is(in.at[organ.first - 2], Role::preposition);
    const auto alone = [&] { return in.find_hit(Kind::lv, 0, in.count, in.clause[organ.first]) == nullptr && in.find_hit(Kind::wall, 0, in.count, in.clause[organ.first]) == nullptr; };
    if (mass_is_subject || (part && alone()) || (starts && of_organ && (organ.entry->value == "pericardial_enhancement" || (organ.entry->code == organ_outside && alone())))) return far;
    return starts || (of_organ && organ.entry->code == organ_mass) ? middle : near;
}

/// "Inferior infarction with RV extension: LGE of the basal ...": the organ only comes with the mention before the colon.
bool ends_label(const Passage& in, const Hit& organ) {
    if (organ.first == 0 || organ.last + 1 >= in.count || !sign(in.at[organ.last + 1], ':') || !in.is(in.at[organ.first - 1], Role::accompanying)) return false;
    return std::any_of(in.heads.begin(), in.heads.end(), [&](const Head& o) { return o.type == Head::Type::target && o.last < organ.first && in.clause[o.first] == in.clause[organ.first]; });
}

/// The mention that an organ or ventricle belongs to: "LGE of the RV free wall", "RV free wall shows LGE".
std::uint32_t owner_of(const Passage& in, const Hit& organ) {
    std::uint32_t owner = nowhere, run_head = nowhere;  // that of the places right before
    for (const Spot& s : in.spots)
        if (s.last < organ.first && in.joined(s.last, organ.first)) run_head = s.head;
    std::uint32_t p = organ.first;
    if (p > 2 && in.is(in.at[p - 2], Role::possessive) && in.is(in.at[p - 3], Role::preposition) && in.at[p - 1].kind == Token::Kind::word && std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.last + 1 == p; })) --p;  // "of the adherent pericardium"
    const auto measures = [&](std::uint32_t i) { return in.at[i].kind == Token::Kind::number || (i > 0 && in.at[i - 1].kind == Token::Kind::number); };  // "of a 4 mm pericardium"
    while (p > 0 && (in.is(in.at[p - 1], Role::joining) || sign(in.at[p - 1], ',') || covered(in, p - 1) || measures(p - 1)) && !in.is(in.at[p - 1], Role::preposition)) --p;
    const bool behind_preposition = p > 0 && (in.is(in.at[p - 1], Role::preposition) || (organ.entry->value == "rv_enhancement" && in.one_of(in.at[p - 1], in.lexicon.around)));  // "around the outflow patch"
    const auto coordinated = [&](const Head& head) {  // "the pericardium measured 6 mm and was bright on late images"
        constexpr std::uint32_t adverb = 3;
        if (organ.kind() != Kind::organ || organ.entry->value != "pericardial_enhancement" || in.targets[head.target].images || in.any(Kind::wall, Kind::lv)) return false;
        for (std::uint32_t i = head.first; i-- > organ.last + 1 && i + adverb >= head.first;)
            if (in.starts_at(Kind::explains, i) && in.is(in.at[i - 1], Role::conjunction)) return true;
        return false;
    };
    const bool heads = heads_outside(in, organ), subject = mass_for_subject(in, organ);
    const std::uint32_t reach = subject_reach(in, organ, subject);
    for (std::uint32_t k = 0; k < in.heads.size(); ++k) {
        const Head& head = in.heads[k];
        if (head.type != Head::Type::target) continue;
        if (organ.entry->value == "thrombus_enhancement" && head.first > organ.last + 1 && in.is(in.at[organ.last + 1], Role::preposition)) continue;  // "thrombus at the scarred apex"
        if (organ.entry->value == "thrombus_enhancement" && head.first == organ.last + 2 && (in.is(in.at[organ.last + 1], Role::alternative) || in.starts_at(Kind::negation, organ.last + 1))) continue;  // "neither thrombus nor late enhancement"
        if (head.first > organ.last && ends_label(in, organ)) continue;
        if (in.clause[head.first] == in.clause[organ.first] + 1 && owner == nowhere && (subject_goes_on(in, organ, head) || subject_shows(in, organ, head))) owner = k;
        if (in.clause[head.first] != in.clause[organ.first]) continue;
        if (organ.kind() == Kind::organ && organ.entry->code == organ_mass && head.first == organ.last + 2 && in.is(in.at[organ.last + 1], Role::possessive)) continue;  // "the mass of LGE was 22 g"
        const bool adjective = organ.kind() == Kind::organ && organ.entry->code == organ_outside && head.last < organ.first && organ.first - head.last <= 2 && in.at[organ.first - 1].kind == Token::Kind::word;  // "enhancing left adrenal nodule"
        const bool label = head.last < organ.first && organ.first - head.last <= 2 && organ.last + 1 < in.count && sign(in.at[organ.last + 1], ':');  // "LGE, right ventricle: yes"
        const bool adjoins = organ.kind() == Kind::organ && organ.entry->code == organ_heart && head.last + 1 == organ.first && in.targets[head.target].images && organ.last + 2 >= in.count;  // "LGE RV only"
        const bool involved = p > 0 && in.is(in.at[p - 1], Role::involved) && in.targets[head.target].images;  // "LGE involved the RV only"
        if (head.last < organ.first && (behind_preposition || involved || run_head == k || adjective || label || adjoins || describes(in, head, organ))) owner = k;
        if (head.first > organ.last && (heads || coordinated(head))) return k;
        if (organ.entry->value == "pericardial_enhancement" && organ.first == 0 && head.first > organ.last && organ.last + 1 < in.count && (sign(in.at[organ.last + 1], '-') || sign(in.at[organ.last + 1], ':'))) return k;  // "Pericardium - 3 mm, late enhancement"
        if (organ.entry->value == "pericardial_enhancement" && head.first == organ.last + 1 && organ.first > 0 && in.is(in.at[organ.first - 1], Role::accompanying)) return k;  // "LGE of the lateral wall with pericardial enhancement"
        if (in.any(Kind::sequence) && head.first > organ.last && in.find_hit(Kind::sequence, organ.last, head.first) != nullptr) continue;  // "RV fine, late gad: lateral"
        if (head.first > organ.last && owner == nowhere && words_between(in, organ.last, head.first) <= reach && !(!subject && (sign(in.at[head.first - 1], ',') || (in.any(Kind::answer) && in.is(in.at[head.first - 1], Role::conjunction))) && in.targets[head.target].images)) owner = k;
    }
    return owner;
}

/// "a mass in the right atrium", "a left atrial myxoma": only where the mass lies.
bool holds_mass(const Passage& in, const Hit& organ) {
    if (organ.entry->code != organ_mass && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::organ && h.entry->code == organ_mass && h.first == organ.last + 1; })) return true;
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::organ && h.last < organ.first && h.entry->code == organ_mass && h.entry != organ.entry && in.clause[h.first] == in.clause[organ.first]) return true;
    return false;
}

/// "anteriorly"
bool adverb(const Passage& in, std::uint32_t token) {
    constexpr std::uint32_t shortest = 9;  // letters: "laterally"
    return in.at[token].end - in.at[token].start >= shortest && in.at[token].kind == Token::Kind::word;
}

/// "the inferior wall of the RV": the wall is the organ's.
void take_walls(Passage& in, const Hit& organ) {
    for (Spot& s : in.spots) {
        if (s.last >= organ.first || organ.first - s.last > 3 || in.clause[s.first] != in.clause[organ.first]) continue;
        bool of = true;  // "anterior RV free wall", "apical mass", "posterior aortic root"
        for (std::uint32_t i = s.last + 1; i < organ.first; ++i) of = of && in.is(in.at[i], Role::possessive);
        if (of) s.head = nowhere;
    }
    const auto labels = [&](std::uint32_t i) { return i + 1 < in.count && (sign(in.at[i], ':') || (sign(in.at[i], '-') && in.at[i].spaced && in.at[i + 1].spaced)); };
    if (organ.entry->code == organ_heart && labels(organ.last + 1) && !ends_label(in, organ)) {  // "LGE RV: free wall", "LGE: RV - free wall"
        const Hit* lv = in.find_hit(Kind::lv, organ.last, in.count, in.clause[organ.first]);
        for (Spot& s : in.spots)
            if (s.first > organ.last && in.clause[s.first] == in.clause[organ.first] && (lv == nullptr || s.first < lv->first)) s.head = nowhere;
    }
    if (organ.entry->code != organ_outside && organ.last + 2 < in.count && sign(in.at[organ.last + 1], '('))  // "RV (free wall)"
        for (Spot& s : in.spots)
            if (s.first == organ.last + 2) s.head = nowhere;
    if (organ.entry->value == "atrial_enhancement")
        for (const std::uint32_t its = in.lexicon.vocabulary.exact(WordKey::of("its")); const Spot& owned : in.spots)  // "The left atrium is big and its posterior wall enhances, with gaps at ..."
            if (owned.type == Spot::Type::wall && owned.first > organ.last && its != 0 && in.at[owned.first - 1].word == its && in.find_hit(Kind::lv, organ.last, owned.first) == nullptr)
                for (Spot& s : in.spots)
                    if (s.first >= owned.first && in.clause[s.first] == in.clause[owned.first]) s.head = nowhere;
    if (organ.entry->value == "atrial_enhancement" && in.find_hit(Kind::lv, organ.last, in.count, in.clause[organ.first]) == nullptr)
        for (Spot& s : in.spots) {  // "LGE of the left atrium, most of it on the posterior wall between the pulmonary veins"
            const auto beside = [&](const Hit& h) { return h.kind() == Kind::organ && h.entry->value == "atrial_enhancement" && h.first > s.last && h.first <= s.last + 4; };
            if (s.first > organ.last && in.clause[s.first] == in.clause[organ.first] && std::any_of(in.hits.begin(), in.hits.end(), beside)) s.head = nowhere;
        }
    for (Spot& s : in.spots)  // "RV free wall anteriorly enhances", "LA mild posterior wall uptake"
        if (organ.entry->code == organ_heart && organ.entry->value != "pericardial_enhancement" && in.clause[s.first] == in.clause[organ.first] && s.type == Spot::Type::wall && ((s.first == organ.last + 1 && s.first == s.last && adverb(in, s.first)) || (organ.entry->value == "atrial_enhancement" && s.first > organ.last && s.first <= organ.last + 2))) s.head = nowhere;
    const bool over = organ.entry->value == "pericardial_enhancement" && organ.last + 1 < in.count && in.is(in.at[organ.last + 1], Role::preposition) && !in.is(in.at[organ.last + 1], Role::accompanying);
    const bool covers = over || in.starts_at(Kind::hides, organ.last + 1);
    for (Spot& s : in.spots)  // "the pericardium overlying the inferolateral wall"
        if (covers && s.first > organ.last && s.first <= organ.last + 4 && in.clause[s.first] == in.clause[organ.first]) s.head = nowhere;
    if (organ.first == 0 || !(in.is(in.at[organ.first - 1], Role::preposition) || (organ.first > 1 && in.is(in.at[organ.first - 2], Role::preposition)))) return;
    for (Spot& s : in.spots) {  // "of the pericardium over the lateral wall"
        if (s.first <= organ.last || in.clause[s.first] != in.clause[organ.first]) continue;
        const bool apposed = s.first == organ.last + 2 && sign(in.at[organ.last + 1], ',') && organ.entry->value == "pericardial_enhancement";  // "of the pericardium, inferior and lateral, 4 mm"
        for (std::uint32_t i = organ.last + 1; i < s.first && !apposed; ++i)
            if (in.at[i].kind == Token::Kind::sign || in.is(in.at[i], Role::conjunction)) return;
        if (apposed || organ.entry->value == "pericardial_enhancement")
            for (Spot& o : in.spots)
                if (o.first >= s.first && in.joined(s.last, o.first)) o.head = nowhere;
        s.head = nowhere;
    }
}

/// "Enhancement of both pericardial layers, most intense over the inferior wall", "the pericardium enhances inferiorly": the places
/// right behind an enhancing pericardium say where it lies. True when there are any, and no layer of the myocardium behind.
bool take_surfaces(Passage& in, const Hit& organ, const Target& t) {
    if (organ.entry->value != "pericardial_enhancement" || in.clause[organ.first] != t.clause) return false;
    constexpr std::uint32_t layers = 5;  // tokens
    const std::uint32_t end = std::max(organ.last, t.last);
    const auto first = std::find_if(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.first > end && in.clause[s.first] == t.clause && s.type != Spot::Type::all; });
    const bool subject = organ.first <= 1 || (end + 1 < in.count && in.is(in.at[end + 1], Role::preposition | Role::above) && !in.is(in.at[end + 1], Role::accompanying)) || in.find_hit(Kind::emphasis, end + 1, end + layers) != nullptr;  // "... of both layers over the RV and the inferior wall"
    if (first == in.spots.end() || std::any_of(in.at + end + 1, in.at + first->first, [&](const Token& k) { return (!subject && in.is(k, Role::conjunction)) || in.is(k, Role::accompanying) || sign(k, ';') || sign(k, ':'); })) return false;
    const auto other = [&](const Hit& h) { return h.first > end && h.last < first->first && (h.kind() == Kind::target || h.kind() == Kind::weak || h.kind() == Kind::lv || is_layer(h)); };
    const auto layer = [&](const Hit& h) { return is_layer(h) && h.last < end && h.first + layers > std::min(organ.first, t.first); };  // "pericardial and subepicardial LGE"
    if (std::any_of(in.hits.begin(), in.hits.end(), other) || std::any_of(in.hits.begin(), in.hits.end(), layer)) return false;
    const bool enters = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first > end && in.clause[h.first] == t.clause && is_layer(h); });
    std::uint32_t edge = first->first;
    for (Spot& s : in.spots) {
        if (s.first < first->first && s.type == Spot::Type::all && s.first > end) s.head = nowhere;  // "circumferential"
        if (s.first < first->first || in.clause[s.first] != t.clause || !in.joined(edge, s.first)) continue;
        s.head = nowhere;
        edge = s.last;
    }
    return !enters;
}

/// "24% of the LA wall, mainly the posterior wall": the wall that is stressed behind an atrium is its own.
void take_stressed(Passage& in, const Hit& organ) {
    if (organ.entry->value != "atrial_enhancement" || !in.any(Kind::emphasis) || in.any(Kind::lv)) return;
    for (Spot& s : in.spots)
        if (s.first > organ.last && in.clause[s.first] == in.clause[organ.first] && in.find_hit(Kind::emphasis, organ.last + 1, s.first - 1) != nullptr) s.head = nowhere;
}

/// "the outflow tract and the free wall of a carrier": beside the right ventricle the free wall is its own.
void take_free_wall(Passage& in, const Hit& organ) {
    if (organ.entry->value != "rv_enhancement" || in.find_hit(Kind::lv, 0, in.count, in.clause[organ.first]) != nullptr) return;
    for (Spot& s : in.spots)
        if (s.type == Spot::Type::wall && s.code == free_wall && s.first > organ.last && in.clause[s.first] == in.clause[organ.first]) s.head = nowhere;
}

/// "The pericardium measures 4 mm, enhancing along the lateral wall of the LV": what the subject of a sentence does is its own,
/// and the walls only say where.
bool is_subject(const Passage& in, const Hit& organ, const Target& t) {
    if (organ.entry->value != "pericardial_enhancement" || t.first < organ.last || in.clause[organ.first] != in.clause[t.first] || t.infarct) return false;
    if (organ.last + 1 < in.count && in.is(in.at[organ.last + 1], Role::conjunction)) return false;  // "pericardial and subepicardial LGE of the lateral wall"
    constexpr std::uint32_t reach = 8, words = 3;
    const auto behind = [&](const Hit& h) { return h.first > t.last && (h.kind() == Kind::wall || h.kind() == Kind::lv) && in.clause[h.first] == t.clause; };
    const auto from = t.first > organ.last + words ? t.first - words : organ.last;
    const bool has = std::any_of(in.at + from, in.at + t.first, [&](const Token& k) { return in.is(k, Role::accompanying); });
    const bool measured = std::any_of(in.at + organ.last, in.at + t.first, [](const Token& k) { return k.kind == Token::Kind::number; });
    if ((organ.first <= 1 || measured) && has && std::none_of(in.hits.begin(), in.hits.end(), behind)) return true;  // "Pericardium 6 mm over the inferior LV surface, with late enhancement"
    const bool describes = !t.images && t.first <= organ.last + reach && std::any_of(in.at + from, in.at + t.first, [](const Token& k) { return sign(k, ','); });  // "a pericardium 8 mm thick, strongly enhancing and adherent to the lateral wall"
    const bool goes_on = !t.images && in.is(in.at[t.first - 1], Role::conjunction) && (t.last + 1 == in.count || !in.is(in.at[t.last + 1], Role::possessive));  // "The pericardium is thick over the inferior wall and enhances strongly"
    if (goes_on && organ.first <= 1) return true;
    const bool enhances = !t.images && t.first <= organ.last + words && in.starts_at(Kind::explains, organ.last + 1);  // "On MRI the pericardium was enhancing all around"
    if (organ.first > 1 && !describes && !enhances) return false;
    for (const Hit& h : in.hits)
        if (h.first > organ.last && h.last < t.first && (h.kind() == Kind::wall || h.kind() == Kind::lv || h.kind() == Kind::stop)) return false;
    return t.last + 1 < in.count && in.at[t.last + 1].kind == Token::Kind::word;
}

/// "Basal fibrosis of both lungs", "but the liver contained an enhancing lesion": what is of an organ outside the heart alone,
/// levels and all.
bool of_outside(const Passage& in, const Hit& organ, const Target& t) {
    constexpr std::uint32_t reach = 3, subject_reach = 8, start = 3;  // "but the liver"
    if (organ.kind() != Kind::organ || organ.entry->code != organ_outside) return false;
    if (heads_outside(in, organ)) return true;
    if (organ.last < t.first) {
        const bool opens = organ.first < start || in.clause[organ.first - start] != in.clause[organ.first];
        return opens && in.clause[organ.first] == t.clause && t.first - organ.last <= subject_reach && std::none_of(in.at + organ.last + 1, in.at + t.first, [&](const Token& k) { return k.kind == Token::Kind::sign || in.is(k, Role::conjunction | Role::accompanying | Role::preposition); });
    }
    if (organ.first <= t.last + 1 || organ.first - t.last > reach) return false;
    return std::all_of(in.at + t.last + 1, in.at + organ.first, [&](const Token& k) { return in.is(k, Role::possessive); });
}

/// "The pericardium is thickened along the inferior surface with enhancement of both layers": what enhances is named behind.
bool of_layers(const Passage& in, const Hit& organ, const Target& t) {
    constexpr std::uint32_t reach = 3;
    if (organ.entry->value != "pericardial_enhancement" || organ.first <= t.last || organ.first - t.last > reach || !in.is(in.at[t.last + 1], Role::possessive)) return false;
    const auto behind = [&](const Spot& s) { return s.first > organ.last && in.clause[s.first] == in.clause[organ.first]; };
    return std::none_of(in.spots.begin(), in.spots.end(), behind);
}

/// "Pericardial enhancement with extension into the subepicardial layer of the lateral wall": a layer of a wall behind it.
bool enters_myocardium(const Passage& in, const Hit& organ, const Target& t) {
    constexpr std::uint32_t reach = 7;
    if (organ.entry->value != "pericardial_enhancement" || organ.last > t.first || t.presence == anatomy::Presence::absent) return false;
    const auto layer = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return is_layer(h) && h.first > t.last && in.clause[h.first] == t.clause; });
    return layer != in.hits.end() && std::any_of(in.at + layer->last + 1, in.at + std::min(in.count, layer->last + 3), [&](const Token& k) { return in.is(k, Role::preposition); }) && std::any_of(layer, in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::wall && h.first > layer->last && h.first <= layer->last + reach; });
}

/// "Circumferential LGE, with involvement of the RV": whether an organ only comes with what is told before a comma.
bool comes_with(const Passage& in, const Hit& organ, const Target& t) {
    if (organ.first < t.last || in.clause[organ.first] != t.clause || organ.entry->code != organ_heart) return false;
    const auto reaches = [&](std::uint32_t i) { return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) { return s.kind() == Kind::verb && s.entry->code == verb_on && s.first == i; }); };  // "subendocardial LGE, reaching into both atria"
    for (std::uint32_t i = t.last + 1; i + 1 < organ.first; ++i) {
        if (!sign(in.at[i], ',')) continue;
        if ((in.is(in.at[i + 1], Role::accompanying) && in.is(in.at[i + 1], Role::joining) && organ.first > i + 3) || reaches(i + 1)) return true;
    }
    return false;
}

/// "..., the left ventricle shows none"
bool spared_behind(const Passage& in, const Hit& lv) {
    return std::any_of(in.heads.begin(), in.heads.end(), [&](const Head& h) { return h.type == Head::Type::spared && !h.object_behind && h.first > lv.last && h.first <= lv.last + 2; });
}

/// "A mass of the lateral wall with intense LGE": the walls between a mass and its enhancement say where the mass lies.
bool lies_between(const Passage& in, const Hit& organ, const Target& t, std::uint32_t owner) {
    constexpr std::uint32_t subject_end = 8;
    if (organ.entry->code != organ_mass || organ.entry->value != "mass_enhancement" || organ.first > subject_end || organ.last > t.first || t.infarct || in.find_hit(Kind::lv, t.last, in.count, t.clause) != nullptr) return false;
    for (std::uint32_t i = organ.last + 1; i < t.first; ++i)  // "neither the mass nor the myocardium enhanced"
        if ((in.is(in.at[i], Role::conjunction | Role::alternative) && !in.is(in.at[i + 1], Role::showing) && (t.images || i + 1 != t.first)) || sign(in.at[i], ';')) return false;  // not "... invades the wall and enhances"
    return std::all_of(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.head != owner || (s.first > organ.last && s.last < t.first); });
}

/// "A mass with rim enhancement and central necrosis": what stands beside another mention of the mass is of the mass.
void spread_mass(Passage& in) {
    for (std::size_t n = 1; n < in.targets.size(); ++n) {
        const Target& before = in.targets[n - 1];
        Target& t = in.targets[n];
        if (!before.has_organ || before.has_lv || t.has_organ || t.infarct) continue;
        const Hit* stop = t.clause == before.clause + 1 ? in.find_hit(Kind::stop, before.last, t.first, t.clause) : nullptr;  // "A mass takes up contrast and shows LGE"
        if (t.clause != before.clause && !(stop != nullptr && stop->entry->code == stop_showing)) continue;
        const bool mass = std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::organ && h.entry->code == organ_mass && h.last < t.first && in.clause[h.first] == before.clause; });
        const bool placed = in.find_hit(Kind::wall, before.last, in.count, t.clause) != nullptr || in.find_hit(Kind::lv, before.last, in.count, t.clause) != nullptr;
        if (mass && !placed) t.has_organ = t.of_organ = true;
    }
}

/// "... a lipomatous mass of the groove; after contrast it enhanced along its capsule": a pronoun stands for the mass of the clause before.
void follow_mass(const Passage& in, Target& t) {
    constexpr std::uint32_t reach = 3, subject_end = 8;
    const auto named_later = [&](const Hit& h) { return h.kind() == Kind::organ && h.entry->code == organ_mass && in.clause[h.first] > t.clause && denied(in, h.first, h.last, false) == nullptr; };
    if (in.has_semicolon && !t.images && !t.infarct && !t.implicit && t.clause == 0 && !in.any(Kind::wall, Kind::level, Kind::segmentword, Kind::lv, Kind::pattern) && std::any_of(in.hits.begin(), in.hits.end(), named_later)) t.has_organ = t.of_organ = true;  // "The lesion swung through the mitral orifice and took up gadolinium; histology was that of a myxoma"
    const auto subject_first = [&](const Hit& h) { return h.kind() == Kind::organ && h.entry->code == organ_mass && h.entry->value == "mass_enhancement" && h.first <= 2; };
    if (!t.infarct && !in.any(Kind::lv) && std::any_of(in.hits.begin(), in.hits.end(), subject_first)) {  // "The mass is inserted in the free wall, and in the late phase it shows an intense enhancement"
        for (std::uint32_t i = t.first; i > 0 && !sign(in.at[i - 1], ','); --i)
            if (is_pronoun(in, i - 1) && i > 1 && in.find_hit(Kind::wall, i, t.first) == nullptr) t.has_organ = t.of_organ = true;
        const auto of_part = [&](const Hit& h) { return h.kind() == Kind::negation && h.last + 1 == t.first && h.first > 0 && in.at[h.first - 1].kind == Token::Kind::word && !in.is(in.at[h.first - 1], Role::joining | Role::conjunction) && !in.starts_at(Kind::explains, h.first - 1) && !in.starts_at(Kind::verb, h.first - 1); };  // "left a dark centre without enhancement"
        if (std::any_of(in.hits.begin(), in.hits.end(), of_part)) t.has_organ = t.of_organ = true;
    }
    if (t.clause == 0 || t.has_organ || t.has_lv || t.infarct || in.find_hit(Kind::wall, 0, in.count, t.clause) != nullptr) return;
    bool pronoun = t.first > 0 && sign(in.at[t.first - 1], ';') && !t.images;  // "...: fibroelastoma; enhances on LGE"
    for (std::uint32_t i = t.first; i > 0 && i + reach > t.first && in.clause[i - 1] == t.clause; --i) pronoun = pronoun || is_pronoun(in, i - 1);
    const auto subject = [&](const Hit& h) { return h.kind() == Kind::organ && h.entry->code == organ_mass && h.entry->value == "mass_enhancement" && h.first <= subject_end && in.clause[h.first] < t.clause; };
    const auto verb_first = [&] {  // "A lobulated mass is attached to the RV free wall; perfuses early and shows enhancement"
        std::uint32_t i = t.first;
        while (i > 0 && !sign(in.at[i], ';')) --i;
        return i > 0 && in.find_hit(Kind::wall, i, in.count) == nullptr && in.find_hit(Kind::lv, i, in.count) == nullptr && !in.is(in.at[i + 1], Role::joining) && in.find_hit(Kind::stop, i, t.first) != nullptr;
    };
    if (t.first > 0 && !pronoun && in.has_semicolon && std::any_of(in.hits.begin(), in.hits.end(), subject) && verb_first()) t.has_organ = t.of_organ = true;
    const auto mass = [&](const Hit& h) { return h.kind() == Kind::organ && h.entry->code == organ_mass && in.clause[h.first] + 1 == t.clause; };
    if (pronoun && std::any_of(in.hits.begin(), in.hits.end(), mass)) t.has_organ = t.of_organ = true;
}

/// "RV endomyocardial fibrosis"
bool only_layers_between(const Passage& in, std::uint32_t organ, std::uint32_t target) {
    if (target <= organ || target - organ > 4) return false;
    for (std::uint32_t i = organ + 1; i < target;) {
        const auto layer = std::find_if(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.first == i && h.kind() == Kind::pattern; });
        if (layer == in.hits.end()) return false;
        i = layer->last + 1;
    }
    return true;
}

/// "LGE in that region is intense and continues into the RV": whether an organ stands behind the place that an anaphor stands for.
bool goes_on_into(const Passage& in, const Hit& organ, const Target& t) {
    const Hit* anaphor = in.any(Kind::anaphor) ? in.find_hit(Kind::anaphor, t.last, organ.first) : nullptr;
    if (anaphor == nullptr || organ.entry->code != organ_heart || in.clause[anaphor->first] != t.clause) return false;
    return std::any_of(in.at + anaphor->last + 1, in.at + organ.first, [&](const Token& k) { return in.is(k, Role::conjunction); });
}

/// "Pericardium: 5 mm, no oedema, late enhancement over the RV and the lateral wall", "RV: LGE of the free wall and outflow tract":
/// the organ that labels a sentence of no layer of the myocardium; null for none.
const Hit* labelling_organ(const Passage& in) {
    constexpr std::uint32_t start = 2;  // tokens: "In the liver, segments 4 and 7 contained enhancing lesions"
    const auto lesion = [](const Target& t) { return !t.images && !t.infarct && !t.implicit && !t.weak && t.presence == anatomy::Presence::present; };
    const bool labels = in.has_colon && !in.hits.empty() && in.hits[0].first == 0 && in.hits[0].last + 1 < in.count && sign(in.at[in.hits[0].last + 1], ':');  // "Lungs: wedge-shaped infarct"
    const bool outside = !in.hits.empty() && in.hits[0].kind() == Kind::organ && in.hits[0].first <= start && in.hits[0].entry->code == organ_outside;
    if (outside && !in.any(Kind::wall, Kind::lv, Kind::pattern, Kind::level) && !in.any(Kind::negation, Kind::negated, Kind::sequence) && (labels || std::all_of(in.targets.begin(), in.targets.end(), lesion))) return in.hits.data();
    if (in.hits.empty() || in.hits[0].kind() != Kind::organ || in.hits[0].first != 0 || in.hits[0].entry->code != organ_heart || (in.hits[0].entry->value != "pericardial_enhancement" && in.any(Kind::lv)) || in.hits[0].last + 1 >= in.count || !sign(in.at[in.hits[0].last + 1], ':')) return nullptr;
    const bool layer = std::any_of(in.hits.begin(), in.hits.end(), is_layer);
    const bool infarct = std::any_of(in.targets.begin(), in.targets.end(), [](const Target& t) { return t.infarct; });
    return layer || infarct ? nullptr : in.hits.data();
}

}  // namespace

bool excluded_ventricle(const Passage& in, const Hit& lv) {
    return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::spared && h.entry->code == spared_after && h.last + 1 == lv.first && in.is(in.at[h.first], Role::joining) && !in.is(in.at[h.first], Role::accompanying); });
}

void read_organs(Passage& in, const Setting& setting, Gathered& gathered) {
    if (setting.subject != nullptr && !in.any(Kind::organ, Kind::lv) && std::none_of(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::wall && h.entry->code != free_wall; }))
        for (Target& t : in.targets) {
            if (t.infarct) continue;
            t.has_organ = t.of_organ = true;
            if (!t.skip && t.presence != anatomy::Presence::absent && setting.subject->code != organ_outside) add_new(gathered.other, std::string_view(setting.subject->value));
        }
    if (!in.any(Kind::organ, Kind::lv)) return;
    const Hit* const label = labelling_organ(in);
    if (const Hit* organ = in.targets.empty() ? nullptr : label != nullptr ? label : in.any(Kind::lv) ? nullptr : owner_of_images(in); organ != nullptr) {
        for (Target& t : in.targets) {
            t.has_organ = t.of_organ = true;
            if (!t.skip && t.presence != anatomy::Presence::absent && organ->entry->code != organ_outside) add_new(gathered.other, std::string_view(organ->entry->value));
        }
        for (const Hit& h : in.hits)
            if (organ->entry->code == organ_outside && h.kind() == Kind::organ && h.entry->code == organ_mass) add_new(gathered.other, std::string_view(h.entry->value));  // "Left breast: mass with avid enhancement"
        for (Spot& s : in.spots) s.head = nowhere;
        return;
    }
    for (const Hit& h : in.hits) {
        if (h.kind() != Kind::organ && h.kind() != Kind::lv) continue;
        if (const auto t = std::find_if(in.targets.begin(), in.targets.end(), [&](const Target& x) { return relates_to_mass(in, h, x); }); t != in.targets.end()) {
            t->has_organ = t->of_organ = true;
            t->has_lv = false;
            add_new(gathered.other, std::string_view(h.entry->value));
            continue;
        }
        const std::uint32_t owner = owner_of(in, h);
        if (owner == nowhere && h.entry->value == "rv_enhancement")
            for (Spot& s : in.spots)
                if (s.last + 1 == h.first && s.type == Spot::Type::wall) s.head = nowhere;  // "..., extending onto the anterior RV wall"
        if (owner == nowhere || (h.kind() == Kind::lv && in.any(Kind::spared) && (is_spared(in, h) || spared_behind(in, h) || excluded_ventricle(in, h)))) continue;  // "LGE of the RV with sparing of the LV"
        Target& t = in.targets[in.heads[owner].target];
        if (h.kind() == Kind::lv) { t.has_lv = !t.of_organ; continue; }
        if (h.entry->value == "thrombus_enhancement" && h.first > t.last + 2 && in.is(in.at[h.first - 1], Role::accompanying) && sign(in.at[h.first - 2], ',')) continue;  // "..., with thrombus adherent to it"
        const auto ends = [&](const Hit& o) { return o.first == h.last + 1 && (o.kind() == Kind::negated || o.kind() == Kind::answer) && (o.last + 1 == in.count || in.at[o.last + 1].kind == Token::Kind::sign); };
        if (h.first > t.last && sign(in.at[h.first - 1], ',') && std::any_of(in.hits.begin(), in.hits.end(), ends)) continue;  // "LGE of the septum, RV neg"
        if (comes_with(in, h, t) || goes_on_into(in, h, t)) {
            if (!t.skip && t.presence != anatomy::Presence::absent) add_new(gathered.other, std::string_view(h.entry->value));
            continue;
        }
        t.has_organ = true;
        if (only_layers_between(in, h.last, t.first) && !(h.first > 1 && in.is(in.at[h.first - 1], Role::conjunction) && in.clause[h.first - 2] == t.clause)) t.of_organ = true;  // "pericardial enhancement"
        if (describes(in, in.heads[owner], h)) t.of_organ = true;
        if (of_layers(in, h, t) || of_outside(in, h, t) || (h.kind() == Kind::organ && lies_between(in, h, t, owner))) {
            t.of_organ = true;
            t.has_lv = false;
        }
        const bool enters = enters_myocardium(in, h, t);
        if (enters) {
            t.of_organ = false;
            t.has_lv = true;
        } else {
            take_walls(in, h);
            if (take_surfaces(in, h, t)) t.of_organ = true;
        }
        take_free_wall(in, h);
        take_stressed(in, h);
        if (!enters && is_subject(in, h, t)) {
            t.of_organ = true;
            for (Spot& s : in.spots)
                if (s.head == owner) s.head = nowhere;
        }
        if (in.clause[t.first] == in.clause[h.first] + 1 && subject_shows(in, h, in.heads[owner]))
            for (Spot& s : in.spots)
                if (s.head == owner) s.head = nowhere;
        const bool denied_mass = h.kind() == Kind::organ && h.entry->value == "thrombus_enhancement" && denied(in, h.first, h.last, false) != nullptr;  // "No thrombus adjacent to the apical scar"
        if (!t.skip && t.presence != anatomy::Presence::absent && h.entry->code != organ_outside && !holds_mass(in, h) && !denied_mass) add_new(gathered.other, std::string_view(h.entry->value));
    }
    spread_mass(in);
    for (std::size_t n = 0; n + 1 < in.targets.size(); ++n) {  // "fibrosis shown as late enhancement of the RV"
        Target& t = in.targets[n];
        const Target& next = in.targets[n + 1];
        const bool joined = next.first == t.last + 2 && in.is(in.at[t.last + 1], Role::conjunction);  // "fibrofatty replacement and late enhancement of the RV"
        const bool as = t.clause == next.clause && next.first > t.last + 1 && next.first <= t.last + 4 && (joined || in.starts_at(Kind::explains, next.first - 1)) && std::none_of(in.spots.begin(), in.spots.end(), [&](const Spot& s) { return s.head < in.heads.size() && in.heads[s.head].target == n; });
        if (as && next.has_organ && !next.has_lv && !t.has_organ && !t.has_lv) t.has_organ = t.of_organ = true;
    }
    for (Target& t : in.targets) follow_mass(in, t);
    if (setting.topic != Topic::lge || !in.targets.empty() || in.any(Kind::negation, Kind::negated, Kind::modality, Kind::spared, Kind::answer)) return;
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::organ && h.entry->code != organ_outside && h.entry->value != "thrombus_enhancement" && !(h.last + 1 < in.count && sign(in.at[h.last + 1], ':'))) add_new(gathered.other, std::string_view(h.entry->value));
}

}  // namespace lge::report
