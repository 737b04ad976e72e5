#include "lge/report/parse.hpp"

#include "lge/report/gathered.hpp"
#include "lge/report/line_spacing.hpp"
#include "lge/report/marks.hpp"
#include "lge/report/outline.hpp"
#include "lge/report/percents.hpp"
#include "lge/report/place_lists.hpp"
#include "lge/report/records.hpp"
#include "lge/report/short_walls.hpp"
#include "lge/report/shorthand.hpp"
#include "lge/report/table.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace lge::report {

std::string_view word(Section section) {
    switch (section) {
        case Section::none: return "";
        case Section::ignored: return "ignored";
        case Section::findings: return "findings";
        case Section::impression: return "impression";
    }
    return {};
}

struct Parser::State {
    explicit State(const Lexicon& l) : misspellings(l.vocabulary), namely(l.vocabulary.exact(WordKey::of("namely"))), passage(l), earlier(l) {}

    Misspellings misspellings;
    std::uint32_t namely = 0;          // the word
    std::string_view written;
    Tokens tokens;
    Passage passage, earlier;
    Gathered gathered;
    Reading reading;
    std::vector<Note>* notes = nullptr;
    Tokens unwrapped;      // a sentence without the breaks of its lines
    Tokens pointed;        // and without what points to the parts of a figure
    std::vector<Span> passed;          // below a heading that is ignored, behind the first sentence
    Span before, before_last;
    bool list_open = false;            // a sentence of LGE ended with a colon, and its list goes on
    bool mvo_asked = false;            // "MVO?"
    bool edema_titled = false;         // "Oedema" on a line of its own
    bool answer_due = false;           // "Is there scar?" asserts nothing; the sentence behind it answers
    bool search_due = false;           // so do "Scar was looked for." and "A scan of 2019 showed scar.", where the sentence behind it begins with a denial
    const Entry* mass = nullptr;       // that the report is about
    const Entry* heading_part = nullptr;      // the part of the heart that the heading names
    Span subject;                      // the last sentence that began with no pronoun
    Levels view = 0;                   // of the slice that a caption shows
    std::size_t shares_of_first = 0;   // shares of the ventricle told by then
    std::size_t about_lge = nowhere, of_images = nowhere, of_organ = nowhere, of_first = nowhere;  // the last sentence that spoke of LGE, of its images, of another organ's, of the first of several examinations

    void clear() {
        anatomy::Finding empty;
        const auto keep = [&](auto member) { (reading.finding.*member).clear(), (empty.*member).swap(reading.finding.*member); };
        keep(&anatomy::Finding::levels), keep(&anatomy::Finding::walls), keep(&anatomy::Finding::pattern), keep(&anatomy::Finding::territory);
        keep(&anatomy::Finding::etiology_excluded), keep(&anatomy::Finding::uncertainty), keep(&anatomy::Finding::other), keep(&anatomy::Finding::evidence);
        reading.finding = std::move(empty);
        reading.sentences.clear();
        reading.statements.clear();
        reading.notes.clear();
        gathered.clear();
    }

    /// Reads the words of a sentence that was passed into `earlier`.
    void look_back(const Span& span) {
        earlier.at = tokens.data() + span.begin;
        earlier.count = static_cast<std::uint32_t>(span.end - span.begin);
        find_hits(earlier, nullptr);
    }

    /// "In this region there is LGE": the places of the sentence before, which may have been passed over, or of the one before
    /// that, where it names none: "Hypokinesia at the apex. T2: focal oedema. LGE: a focus in the same segment".
    std::vector<Place> antecedent(const Span& last, const Span& one_before) {
        look_back(last);
        std::vector<Place> places = places_named(earlier);
        if (!places.empty() || one_before.end <= one_before.begin) return places;
        look_back(one_before);
        return places_named(earlier);
    }

    /// The lines before a token behind all others.
    static void put_last(Tokens& tokens, std::size_t end) {
        if (tokens.back().kind != Token::Kind::newline) tokens.push_back(tokens[end - 1]);  // which ends a line
        std::rotate(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(end), tokens.end());
    }

    void read(std::string_view text, bool want_notes) {
        clear();
        written = text;
        const bool form = scan(text, passage.lexicon.vocabulary, &misspellings, tokens);
        close_lines(text, tokens);
        if (text.find("....") != std::string_view::npos) read_leaders(tokens);
        read_observations(text, tokens);
        name_dated_examinations(passage.lexicon, tokens);
        if (form) read_records(passage.lexicon, text, tokens);
        if (form || may_tick_by_letters(text)) read_marks(text, tokens);
        if (text.find("cent") != std::string_view::npos || text.find("CENT") != std::string_view::npos) sign_percents(passage.lexicon, text, tokens);
        if (text.find("+/-") != std::string_view::npos || text.find("\u00b1") != std::string_view::npos) drop_spreads(text, tokens);
        if (text.find('[') != std::string_view::npos || text.find('{') != std::string_view::npos) open_lists(tokens);
        if (text.find('|') != std::string_view::npos) part_fields(tokens);
        if (text.find("\u2014") != std::string_view::npos) part_dashed_fields(text, tokens);
        if (text.find('/') != std::string_view::npos) drop_options(text, tokens);
        if (text.find("/ ") != std::string_view::npos) part_answers(text, tokens), part_rows(passage.lexicon, tokens);
        if (text.find("rest ") != std::string_view::npos) part_rest(passage.lexicon, text, tokens);
        if (text.find('>') != std::string_view::npos || text.find("\u2192") != std::string_view::npos) part_consequences(passage.lexicon, tokens);
        if (text.find("A - ") != std::string_view::npos) drop_item_letters(text, tokens);
        if (text.find("pos") != std::string_view::npos) read_signs(passage.lexicon, text, tokens), read_positive(passage.lexicon, text, tokens);
        if (text.find('#') != std::string_view::npos) name_segments(passage.lexicon, tokens);
        part_place_lists(passage.lexicon, tokens);
        read_tables(passage.lexicon, text, tokens);
        const std::size_t addendum = Outline(passage.lexicon, tokens).leading_addendum();
        if (addendum > 0) put_last(tokens, addendum);
        notes = want_notes ? &reading.notes : nullptr;
        answer_due = search_due = list_open = mvo_asked = edema_titled = false;
        subject = {};
        mass = heading_part = nullptr;
        about_lge = of_images = of_organ = of_first = nowhere;
        view = 0;
        before = before_last = {};
        passed.clear();
        bool findings = false;  // a heading of theirs
        bool outside = false;   // below that of another organ, "Liver: ..."
        Outline outline(passage.lexicon, tokens, addendum > 0);
        while (const auto here = outline.next(notes)) {
            findings = findings || (here->first && here->section == Section::findings && !reading.sentences.empty());  // no title
            if (here->amends) {  // what was concluded before it is no longer the last word
                gathered.amended = true;
                for (Statement& s : reading.statements)
                    if (s.section == Section::impression) s.section = Section::findings;
            }
            if (here->first) outside = here->begin >= 2 && names_outside(tokens.data() + here->begin - 2, tokens.data() + here->begin);
            if (here->section == Section::ignored && !here->first && (!outside || names_wall(*here))) passed.push_back(*here);
            take(*here);
        }
        if (findings && introduces_patient(text, tokens)) std::erase_if(reading.statements, [](const Statement& s) { return s.sentence == 0 && s.section == Section::none; });
        // "Indication: chest pain. LGE in the septum.": only the first sentence stands below the heading, where nothing but an
        // impression follows
        const bool concluded = std::all_of(reading.statements.begin(), reading.statements.end(), [](const Statement& s) { return s.section == Section::impression; });
        if (concluded && !findings)
            for (Span& span : passed) {
                span.section = Section::none;
                take(span);
            }
        conclude(text, gathered, reading);
        name_culprit(passage.lexicon, tokens, reading.finding);
        date_infarct(passage.lexicon, tokens, reading.finding);
    }

    /// Whether the sentence before the one that is read told something of LGE.
    [[nodiscard]] bool tells_of_lge_before() const { return !reading.statements.empty() && reading.statements.back().sentence + 2 == reading.sentences.size(); }

    /// "It enhances.": the organ or wall that the sentence with the last noun for a subject is about.
    void find_subject(Setting& setting) {
        constexpr std::uint32_t subject_end = 4, mass_end = 12;  // "A 4 x 3 cm lobulated mass"
        if (subject.end <= subject.begin) return;
        look_back(subject);
        auto noun = std::find_if(earlier.hits.begin(), earlier.hits.end(), [](const Hit& h) { return is_head(h.kind()) || h.kind() == Kind::organ || h.kind() == Kind::lv || h.kind() == Kind::wall; });
        if (noun != earlier.hits.end() && noun + 1 != earlier.hits.end() && (noun + 1)->kind() == Kind::organ && (noun + 1)->entry->code == organ_mass && (noun + 1)->first == noun->last + 1) ++noun;  // "right atrial mass"
        if (noun == earlier.hits.end() || noun->first >= (noun->kind() == Kind::organ && noun->entry->code == organ_mass ? mass_end : subject_end)) return;
        if (noun->kind() == Kind::organ) setting.subject = noun->entry;
        else if (noun->kind() == Kind::wall && !earlier.any(Kind::target, Kind::organ) && !tells_of_lge_before()) {
            setting.antecedent = places_named(earlier);
            setting.of_wall = true;
        }
    }

    /// "basal (A) and mid (B) inferior wall": whether levels point to the parts of a figure.
    static bool points(const Passage& in, const Hit& h) {
        const std::uint32_t open = h.last + 1;
        return h.kind() == Kind::level && open + 2 < in.count && sign(in.at[open], '(') && in.at[open + 1].kind == Token::Kind::word && in.at[open + 1].end == in.at[open + 1].start + 1 && sign(in.at[open + 2], ')');
    }

    /// Reads the sentence again without what points to the parts of a figure.
    void drop_pointers() {
        const auto behind = [&](const Token* t) { return std::any_of(passage.hits.begin(), passage.hits.end(), [&](const Hit& h) { return t > passage.at + h.last && t <= passage.at + h.last + 3 && points(passage, h); }); };
        pointed.clear();
        for (const Token* t = passage.at; t != passage.at + passage.count; ++t)
            if (!behind(t)) pointed.push_back(*t);
        passage.at = pointed.data();
        passage.count = static_cast<std::uint32_t>(pointed.size());
        find_hits(passage, nullptr);
    }

    /// "It was not interpretable.", "Owing to arrhythmia they cannot be interpreted."
    static bool pronoun_unread(const Passage& in) {
        const Hit* unreadable = in.find_hit(Kind::unreadable, 0, in.count);
        return is_pronoun(in, 0) || (unreadable != nullptr && unreadable->first > 0 && is_pronoun(in, unreadable->first - 1));
    }

    /// "(b) Septum": whether a letter or number in brackets opens it.
    static bool enumerated(const Passage& in) { return in.count > 3 && sign(in.at[0], '(') && in.at[1].end - in.at[1].start == 1 && sign(in.at[2], ')'); }

    /// "RCA bed - transmural, in the inferior wall, basal and mid": a vessel and the place of its scar.
    static bool row_of_vessel(const Passage& in) {
        if (!in.any(Kind::territory) || !in.any(Kind::wall) || in.any(Kind::target, Kind::modality, Kind::finding, Kind::organ, Kind::negation, Kind::negated, Kind::answer)) return false;
        const auto label = [&](const Hit& s) { return s.kind() == Kind::territory && s.first == 0 && s.last + 1 < in.count && (sign(in.at[s.last + 1], ':') || sign(in.at[s.last + 1], '-')); };
        return std::any_of(in.side.begin(), in.side.end(), label);
    }

    /// "Heterogeneous late enhancement.", not "Scar of the cap."
    static bool names_images_only(const Passage& in) {
        return in.any(Kind::target) && std::all_of(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() != Kind::target || h.entry->code == target_images; });
    }

    /// A denial before a mention of LGE or not far behind it, not "The rim enhanced, and surgery was done without biopsy."
    static bool denies_near(const Passage& in) {
        constexpr std::uint32_t reach = 3;  // tokens
        if (!in.any(Kind::negation, Kind::negated, Kind::answer)) return false;
        const auto mention = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::target && h.entry->code != target_images; });
        const std::uint32_t end = mention == in.hits.end() ? in.count : mention->last + reach;
        return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return (h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::answer) && h.first < end; });
    }

    static bool names_layer(const Passage& in) {
        return std::any_of(in.hits.begin(), in.hits.end(), is_layer);
    }

    /// The pericardium, the right ventricle, the atria, the left ventricle or an organ outside the heart, where the words of a heading, tokens [begin, end),
    /// name one; else null.
    [[nodiscard]] const Entry* part_of_heart(std::size_t begin, std::size_t end) const {
        const Lexicon& lexicon = passage.lexicon;
        for (std::size_t i = begin; i < end; ++i)
            if (const Entry* e = lexicon.meaning(lexicon.main, lexicon.main.find(tokens.data() + i, tokens.data() + end), [](const Entry& m) { return m.kind == Kind::lv || (m.kind == Kind::organ && (m.code == organ_heart || m.code == organ_outside)); })) return e;
        return nullptr;
    }

    /// "The liver shows nodules in segments 5 and 8.": whether a sentence begins with an organ outside the heart.
    [[nodiscard]] bool names_outside(const Token* begin, const Token* end) const {
        const Lexicon& lexicon = passage.lexicon;
        const Token* const noun = end - begin > 1 && lexicon.is(*begin, Role::possessive) ? begin + 1 : begin;
        return lexicon.meaning(lexicon.main, lexicon.main.find(noun, end), [](const Entry& e) { return e.kind == Kind::organ && e.code == organ_outside; }) != nullptr;
    }

    /// Whether a sentence names a wall of the left ventricle.
    [[nodiscard]] bool names_wall(const Span& span) const {
        const Lexicon& lexicon = passage.lexicon;
        const Token* const end = tokens.data() + span.end;
        for (const Token* t = tokens.data() + span.begin; t != end; ++t)
            if (lexicon.meaning(lexicon.main, lexicon.main.find(t, end), [](const Entry& e) { return e.kind == Kind::wall; }) != nullptr) return true;
        return false;
    }

    /// Below a heading of its own, "PERICARDIUM" above "Avid late enhancement.", "RV" above "Late enhancement of the free wall.": the
    /// part of the heart that a sentence without a place of its own is of, or null.
    [[nodiscard]] const Entry* part_above() const {
        if (heading_part != nullptr && heading_part->kind == Kind::organ && heading_part->code == organ_outside) return passage.any(Kind::target) && !passage.any(Kind::wall, Kind::level, Kind::lv, Kind::organ, Kind::sequence) ? heading_part : nullptr;
        if (heading_part == nullptr || heading_part->kind != Kind::organ || !passage.any(Kind::target) || passage.any(Kind::level, Kind::segmentword, Kind::lv, Kind::organ) || names_layer(passage)) return nullptr;
        const auto other_wall = [](const Hit& h) { return h.kind() == Kind::wall && h.entry->code != free_wall; };
        if (heading_part->value == "pericardial_enhancement") return passage.any(Kind::wall) ? nullptr : heading_part;
        return std::any_of(passage.hits.begin(), passage.hits.end(), other_wall) || passage.any(Kind::negation, Kind::negated, Kind::answer) ? nullptr : heading_part;
    }

    /// "A 3 cm mass in the right atrium, broad-based.": what the report is about.
    void note_mass() {
        constexpr std::uint32_t subject_end = 8;
        const Hit* noun = passage.find_hit(Kind::organ, 0, std::min(passage.count, subject_end));
        if (noun == nullptr || noun->entry->code != organ_mass || noun->entry->value != "mass_enhancement" || passage.find_hit(Kind::wall, 0, noun->first) != nullptr) return;
        if (passage.starts_at(Kind::answer, noun->last + 1) || passage.starts_at(Kind::spared, noun->last + 1)) return;  // not "mass normal"
        constexpr std::uint32_t reach = 4;
        const std::uint32_t end = std::min(passage.count, noun->last + reach);
        if (std::none_of(passage.at + noun->last, passage.at + end, [&](const Token& t) { return passage.is(t, Role::gram); })) mass = noun->entry;  // not "Mass 101 g"
    }

    /// "LGE of the lateral wall: Fabry disease?": what is asked is the cause of a scar that is told.
    static bool asks_cause(const Passage& in) {
        constexpr std::uint32_t end = 2, longest_name = 3;
        for (std::uint32_t i = in.count; i-- > 0 && i + longest_name + 1 >= in.count;)  // "Apical infarct, embolic?": words that are not known name a cause
            if (sign(in.at[i], ',')) return i + 1 < in.count && std::none_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.last > i; }) && std::any_of(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::target; });
        return std::any_of(in.side.begin(), in.side.end(), [&](const Hit& s) {
            return s.kind() == Kind::dx && s.last + end >= in.count && std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::target && h.last < s.first; });
        });
    }

    /// "LGE only in the basal segment.": a level of a wall that the sentence before names.
    static bool names_one_segment(const Passage& in) {
        constexpr std::uint32_t singular = 7;  // letters
        if (!in.any(Kind::level) || !in.any(Kind::target) || in.any(Kind::wall, Kind::anaphor, Kind::all, Kind::negation, Kind::negated)) return false;
        const auto level = std::find_if(in.hits.begin(), in.hits.end(), [](const Hit& h) { return h.kind() == Kind::level; });
        if (level->first > 0 && in.at[level->first - 1].word != 0 && in.at[level->first - 1].word == in.lexicon.its) return true;  // "Enhancement of its basal and mid segments"
        if (level->first == 0 || !in.is(in.at[level->first - 1], Role::possessive)) return false;
        const Hit* word = in.find_hit(Kind::segmentword, level->last + 1, level->last + 1);
        return word != nullptr && in.at[word->first].end - in.at[word->first].start == singular;
    }

    /// "None was found.", "It is present at the base.": an answer at the start, of nothing else, or what is no longer there.
    static bool answers_search(const Passage& in) {
        constexpr std::uint32_t reach = 6;
        if (in.any(Kind::modality, Kind::finding, Kind::organ, Kind::mvo)) return false;
        return std::any_of(in.hits.begin(), in.hits.end(), [](const Hit& h) {
            return (h.first < reach && (h.kind() == Kind::negation || h.kind() == Kind::negated || h.kind() == Kind::answer || h.kind() == Kind::weak)) || (h.kind() == Kind::negated && h.entry->code == negated_gone);
        });
    }

    /// "A scan of 2019 showed LGE of the septum. This is unchanged.": what the sentence before told of an earlier scan is there
    /// still. True when it is.
    bool told_again(const Span& told, const Span& span) {
        constexpr std::uint32_t longest = 12;
        const bool headed = told.section == Section::ignored && span.first;  // "Prior: LGE of the septum. Now: unchanged."
        const bool object = passage.any(Kind::examination) && is_pronoun(passage, passage.count - 1) && tells_of_now(passage, 0);  // "Today's study again demonstrates this."
        if (passage.count > longest || !(headed || object || passage.is(passage.at[0], Role::pronoun)) || (passage.any(Kind::target) && !headed) || passage.any(Kind::wall, Kind::level, Kind::segmentword) || passage.any(Kind::modality, Kind::finding, Kind::organ, Kind::negation, Kind::negated, Kind::hedge, Kind::hedged)) return false;
        const auto change = std::find_if(passage.side.begin(), passage.side.end(), [](const Hit& s) { return s.kind() == Kind::temporal; });
        if (change == passage.side.end() || static_cast<Change>(change->entry->code) == Change::resolved || static_cast<Change>(change->entry->code) == Change::newly) return false;
        const auto [start, end] = bytes_of(tokens[span.begin], tokens[span.end - 1]);
        Statement s{.start = start, .end = end, .sentence = static_cast<std::uint32_t>(reading.sentences.size() - 1), .section = span.section,
                    .presence = anatomy::Presence::present, .places = antecedent(told, {}), .spared = {}, .patterns = {}, .hedges = {}, .rule = "change"};
        if (earlier.any(Kind::negation, Kind::negated) || (headed && (!earlier.any(Kind::target) || s.places.empty()))) return false;
        for (const Hit& h : earlier.hits)
            if (h.kind() == Kind::pattern) add_new(s.patterns, static_cast<anatomy::Pattern>(h.entry->code));
        s.located = !s.places.empty();
        reading.statements.push_back(std::move(s));
        gathered.changes |= 1U << change->entry->code;
        return true;
    }

    /// "54M, old inferior infarct", "A 45-year-old woman with ...": whether a text begins with the age of the patient. Above a
    /// heading of findings such a sentence tells why the examination was asked for.
    static bool introduces_patient(std::string_view text, const Tokens& tokens) {
        constexpr std::size_t reach = 4;
        constexpr std::array<std::string_view, 11> behind{"year", "years", "yr", "y", "yo", "m", "f", "male", "female", "M", "F"};
        for (std::size_t i = 0; i + 2 < tokens.size() && i < reach; ++i) {
            if (tokens[i].kind != Token::Kind::number || tokens[i].value <= 0 || tokens[i].value >= 120) continue;
            const Token& unit = tokens[i + (is_sign(tokens[i + 1], '-') ? 2 : 1)];  // "45-year-old"
            return std::any_of(behind.begin(), behind.end(), [&](std::string_view w) { return spells(text, unit, w); });
        }
        return false;
    }

    /// "Segmental analysis (motion / LGE transmurality)": the columns of the rows that follow.
    static bool heads_table(const Passage& in) {
        if (!in.any(Kind::target) || (!in.any(Kind::modality) && !in.any(Kind::segmentword)) || in.any(Kind::wall) || in.any(Kind::negation) || in.any(Kind::negated) || in.any(Kind::hedge)) return false;
        constexpr std::uint32_t longest_title = 7;  // "AHA 17-segment LGE scoring"
        const auto of_title = [](const Hit& h) { return h.kind() == Kind::target || h.kind() == Kind::sequence || (h.kind() == Kind::segmentword && h.entry->code == 0); };
        bool columns = in.count <= longest_title && in.any(Kind::segmentword) && !in.any(Kind::numeral) && std::all_of(in.hits.begin(), in.hits.end(), of_title);
        for (std::uint32_t i = 0; i < in.count; ++i) {
            const bool number = in.at[i].kind == Token::Kind::number, named = number && i > 0 && in.is(in.at[i - 1], Role::segment);  // "myocardial segment 16"
            if ((number && (named || (in.at[i].value != 16 && in.at[i].value != 17))) || in.is(in.at[i], Role::preposition)) columns = false;
            if (in.is(in.at[i], Role::showing) || sign(in.at[i], '%')) return false;
            columns = columns || (in.at[i].kind == Token::Kind::sign && (in.at[i].sign == '/' || in.at[i].sign == '|') && in.at[i].spaced);
        }
        return columns;
    }

    /// "basal AS": whether a word of two letters that ends with a capital S stands beside a level.
    [[nodiscard]] bool has_pair_beside_level(const Passage& in) const {
        const auto pair = [&](std::uint32_t i) { return i < in.count && in.at[i].upper && in.at[i].end == in.at[i].start + 2 && written[in.at[i].start + 1] == 'S'; };
        return std::any_of(in.hits.begin(), in.hits.end(), [&](const Hit& h) { return h.kind() == Kind::level && (pair(h.last + 1) || pair(h.last + 2) || pair(h.first - 1) || pair(h.first - 2)); });
    }

    /// The words of a sentence in the text: of a row of a table from its label on, in whatever order it is read.
    void note_sentence(const Span& span) {
        constexpr std::size_t longest_row = 200;  // bytes
        auto [start, end] = bytes_of(tokens[span.begin], tokens[span.end - 1]);
        for (std::size_t i = span.begin + 1; i < span.end; ++i)
            if (tokens[i].start < start && start - tokens[i].start <= longest_row && written.substr(tokens[i].start, start - tokens[i].start).find('\n') == std::string_view::npos) start = tokens[i].start;
        reading.sentences.push_back({start, end, span.section});
    }

    void take(const Span& span) {
        const Span one_before = std::exchange(before_last, before), previous = std::exchange(before, span);
        note_sentence(span);
        constexpr std::size_t longest_label = 3;  // tokens
        if (span.topic != Topic::other) heading_part = nullptr;
        else if (const Entry* named = span.first || span.end - span.begin <= longest_label ? part_of_heart(span.begin, std::min(span.end, span.begin + longest_label)) : nullptr; named != nullptr || span.first) heading_part = named;
        if (span.section == Section::ignored) return;
        if (!passage.lexicon.is(tokens[span.begin], Role::pronoun)) subject = span;
        Token* begin = tokens.data() + span.begin;
        Token* end = tokens.data() + span.end;
        if (span.wrapped) {  // a phrase may go on behind the break of a line
            unwrapped.clear();
            std::remove_copy_if(begin, end, std::back_inserter(unwrapped), [](const Token& t) { return t.kind == Token::Kind::newline; });
            begin = unwrapped.data();
            end = begin + unwrapped.size();
        }
        constexpr std::uint32_t longest_answer = 8;
        const bool told_before = span.first && previous.section == Section::ignored && previous.end > previous.begin && span.end - span.begin <= longest_answer;
        bool listed = list_open && about_lge + 1 == reading.sentences.size() - 1 && span.topic == Topic::none;  // "LGE is seen at these sites:"
        const bool answer = std::exchange(answer_due, false) && !(span.topic == Topic::other && previous.topic != Topic::other);  // not "..., scar? Measurements: septum 12 mm"
        if (listed && names_outside(begin, end)) listed = false;
        Topic topic = answer || listed ? Topic::lge : span.topic;
        const std::size_t sentence = reading.sentences.size() - 1;
        // most sentences are of volumes, valves and function; the first, and one next to a mention of LGE, may name the cause
        const bool told = !reading.statements.empty() || about_lge != nowhere;
        const bool next_to_lge = told && (about_lge + 1 == sentence || of_images + 1 == sentence || (!reading.statements.empty() && reading.statements.back().sentence + 1 >= sentence));
        const bool below_edema = std::exchange(edema_titled, false);
        const bool apart = notes == nullptr && sentence > 0 && !next_to_lge && !search_due && !below_edema && !told_before && !(span.first && previous.question) && topic != Topic::lge && span.section != Section::impression;
        if (apart && !told && !may_matter(passage.lexicon, begin, end)) return;
        passage.at = begin;
        passage.count = static_cast<std::uint32_t>(end - begin);
        find_hits(passage, notes);
        if (apart && !mvo_asked && (passage.weight & (told ? states | names | adds : states | names)) == 0) {
            if (span.first) view = 0;
            return;
        }
        if (passage.any(Kind::level) && (topic == Topic::lge || passage.any(Kind::target, Kind::sequence)) && has_pair_beside_level(passage) && name_short_walls(passage.lexicon, written, {begin, end})) find_hits(passage, nullptr);
        if (mvo_asked && passage.count <= 2) {
            if (passage.any(Kind::negation) || passage.any(Kind::negated) || passage.any(Kind::answer)) gathered.mvo = gathered.mvo.value_or(false);
            else if (passage.any(Kind::weak)) gathered.mvo = true;
        }
        mvo_asked = span.question && passage.any(Kind::mvo);
        const bool due = std::exchange(search_due, false);
        if (due && topic == Topic::none && answers_search(passage)) topic = Topic::lge;
        if (topic == Topic::none && passage.any(Kind::unreadable) && pronoun_unread(passage) && !passage.any(Kind::target, Kind::modality, Kind::wall)) {  // "LGE was performed. It was not interpretable."
            look_back(previous);
            if (earlier.any(Kind::target, Kind::sequence)) topic = Topic::lge;
        }
        if (topic == Topic::none && told_before && answers_search(passage)) {  // "Prior scan: LGE. Today: none."
            look_back(previous);
            if (earlier.any(Kind::target)) topic = Topic::lge;
        }
        if (topic == Topic::none && span.first && previous.question && previous.section == Section::ignored && !passage.hits.empty() && passage.hits[0].first == 0 && answers_search(passage)) {  // "Question: fibrosis? Answer: yes, mid septum."
            look_back(previous);
            if (earlier.any(Kind::target)) topic = Topic::lge;
        }
        const bool placed = passage.any(Kind::wall, Kind::level, Kind::segmentword);  // "LGE: basal inferolateral?" doubts, "Is there scar?" asks
        if (span.question && !((placed || span.section == Section::impression) && (asks_cause(passage) || passage.any(Kind::artifact, Kind::hedged) || topic == Topic::lge || (passage.any(Kind::target) && passage.any(Kind::wall) && (passage.any(Kind::level) || span.section == Section::impression))))) {
            const bool made = std::any_of(passage.side.begin(), passage.side.end(), [&](const Hit& h) { return h.kind() == Kind::examination && h.entry->code == examination_dated && h.last + 2 >= passage.count; });
            answer_due = passage.any(Kind::target) && !passage.any(Kind::technique, Kind::unreadable) && !made;  // not "LGE acquired? Yes."
            if (passage.hits.empty() && about_lge + 1 == reading.sentences.size() - 1) about_lge = reading.sentences.size() - 1;  // "Scar? Yes. Where? Mid septum."
            return;
        }
        if (sign(passage.at[0], '?') && !placed && topic == Topic::none && span.section != Section::impression && passage.any(Kind::target)) return;  // "?Scar burden" only asks
        if (passage.kinds == 0 && topic != Topic::lge && about_lge + 1 != sentence) return;
        if (topic == Topic::none && about_lge + 1 == sentence && !denied_last(reading) && !span.first && lists_places_only(passage)) topic = Topic::lge;
        else if (topic == Topic::none && about_lge + 1 == sentence && placed && passage.has_colon && (passage.is(passage.at[0], Role::preposition) || (is_place(passage.hits[0].kind()) && passage.hits[0].first == 0 && passage.any(Kind::answer, Kind::negation, Kind::negated, Kind::weak))) && lists_places_only(passage)) topic = Topic::lge;  // "LGE of the septum: no. Of the lateral wall: yes."
        else if (topic == Topic::none && about_lge + 1 == sentence && row_of_vessel(passage)) topic = Topic::lge;  // "LCX bed - no scar. RCA bed - transmural, inferior wall."
        else if (topic == Topic::none && about_lge + 1 == sentence && placed && enumerated(passage) && !passage.any(Kind::target, Kind::modality, Kind::organ, Kind::finding)) topic = Topic::lge;  // "Two scars. (a) ... (b) Septum at the base, linear."
        else if (topic == Topic::other && about_lge + 1 == sentence && passage.count <= longest_answer && passage.any(Kind::lv) && lists_places_only(passage)) topic = Topic::lge;  // "LGE: RV free wall. LV: none."
        else if (topic == Topic::none && about_lge != nowhere && passage.any(Kind::segmentword) && passage.any(Kind::pattern) && lists_places_only(passage)) topic = Topic::lge;  // "Bullseye: 1, 7 transmural"
        Setting setting{.section = span.section, .topic = topic, .asked = span.question && !asks_cause(passage), .goes_on = about_lge + 1 == sentence, .spoke = about_lge != nowhere, .shown = of_images + 1 == sentence, .of_organ = of_organ != nowhere && of_organ + 3 >= sentence && reading.statements.empty(),
                        .sums_up = span.section == Section::impression && !reading.statements.empty()};
        setting.below_edema = below_edema && topic == Topic::other;
        edema_titled = topic == Topic::other && titles_edema(passage);
        setting.one_segment = sentence > 0 && names_one_segment(passage);
        setting.of_wall = answer && !placed;  // "Is there LGE in the septum? Yes."
        if ((passage.any(Kind::anaphor) || setting.one_segment || setting.of_wall) && sentence > 0) setting.antecedent = antecedent(previous, one_before);
        if (passage.any(Kind::view) && passage.any(Kind::level)) read_view_lists(passage);
        if (passage.any(Kind::level) && passage.any(Kind::sequence, Kind::view, Kind::target)) {
            if (passage.any(Kind::sequence, Kind::view)) drop_slices(passage);
            if (std::any_of(passage.hits.begin(), passage.hits.end(), [&](const Hit& h) { return points(passage, h); })) drop_pointers();
        }
        if (const Levels level = topic == Topic::none ? view_of_title(passage) : 0; level != 0) {
            view = level;
            of_images = sentence;
            if (passage.any(Kind::dx)) {  // "... in a boy with Duchenne"
                passage.targets.clear();
                part_clauses(passage);
                read_causes(passage, span.section, gathered);
            }
            return;
        }
        if (const Hit* v = passage.find_hit(Kind::view, 0, passage.count); v != nullptr && (passage.any(Kind::sequence, Kind::target) || topic == Topic::lge || about_lge + 1 == sentence)) view = v->entry->code;
        else if (span.first) view = 0;
        const bool impersonal = !passage.hits.empty() && passage.hits[0].kind() == Kind::hedge && passage.hits[0].first <= 2;  // "It is unclear whether ..."
        if (passage.any(Kind::target, Kind::negated) && is_pronoun(passage, 0) && !impersonal) find_subject(setting);
        if (mass != nullptr && (topic == Topic::lge || passage.any(Kind::sequence) || names_images_only(passage)) && !passage.any(Kind::wall, Kind::level, Kind::segmentword, Kind::lv, Kind::organ) && !denies_near(passage) && !names_layer(passage)) setting.subject = mass;  // "Late phase: heterogeneous uptake."
        else if (topic == Topic::none && !passage.any(Kind::target, Kind::negation)) note_mass();
        else if (const Entry* part = topic == Topic::other ? part_above() : nullptr; part != nullptr) setting.subject = part;
        setting.view = view;
        if ((passage.any(Kind::sequence) || passage.any(Kind::view)) && !passage.any(Kind::technique) && !passage.any(Kind::notdone)) of_images = sentence;
        if (heads_table(passage)) {
            list_open = true;
            about_lge = sentence;
            return;
        }
        if (((due && topic == Topic::none) || (told_before && topic != Topic::other)) && told_again(previous, span)) {
            about_lge = sentence;
            return;
        }
        const bool said = read_sentence(passage, setting, gathered, reading);
        if (said && of_first != nowhere && passage.any(Kind::examination) && tells_of_now(passage, 0) && (reading.statements.back().located || reading.statements.back().presence == anatomy::Presence::absent)) {  // "The initial MRI showed ... Today ..."
            std::erase_if(reading.statements, [&](const Statement& s) { return s.sentence == of_first; });
            if (gathered.shares.size() > shares_of_first) gathered.shares.erase(gathered.shares.begin(), gathered.shares.begin() + static_cast<std::ptrdiff_t>(shares_of_first));
            of_first = nowhere;
        }
        if (said && tells_of_first(passage)) {
            of_first = sentence;
            shares_of_first = gathered.shares.size();
        }
        search_due = !said && passage.any(Kind::target) && passage.any(Kind::hypothetical, Kind::history) && std::any_of(passage.hits.begin(), passage.hits.end(), [](const Hit& h) { return (h.kind() == Kind::hypothetical && h.entry->code == hypothetical_sought) || h.kind() == Kind::history; });
        if (!said && passage.any(Kind::target) && passage.any(Kind::organ) && !passage.any(Kind::negation, Kind::negated)) of_organ = sentence;
        if (said || ((passage.any(Kind::target) || topic == Topic::lge) && passage.any(Kind::organ))) about_lge = sentence;  // "LGE of the RV. None in the LV."
        else if (about_lge + 1 == sentence && passage.any(Kind::mvo, Kind::transmurality) && !passage.any(Kind::organ, Kind::modality, Kind::finding)) about_lge = sentence;  // "Infarct size 31 g. MVO 4 g. Segments: 1, 2"
        else if (about_lge + 1 == sentence && topic == Topic::none && passage.hits.empty() && passage.has_colon && passage.count <= longest_answer) about_lge = sentence;  // "Infarct size: 18 %", "Salvage index: 0.42", "Location: ..."
        const bool open_end = (end - 1)->kind == Token::Kind::word && span.end < tokens.size() && tokens[span.end].kind == Token::Kind::newline && passage.any(Kind::target) && namely != 0 && (end - 1)->word == namely;  // "Multifocal LGE, namely"
        if (const char last = (end - 1)->sign; last == ':' || last == '-' || open_end) {
            list_open = said && !reading.statements.empty() ? reading.statements.back().presence != anatomy::Presence::absent : passage.any(Kind::target) || (passage.any(Kind::sequence) && passage.count <= longest_answer);
            if (list_open) about_lge = sentence;
        }
        list_open = list_open && about_lge == sentence;
    }
};

Parser::Parser(const Lexicon& lexicon) : state_(std::make_unique<State>(lexicon)) {}
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;

const Reading& Parser::read(std::string_view text, bool notes) {
    state_->read(text, notes);
    return state_->reading;
}

}  // namespace lge::report
