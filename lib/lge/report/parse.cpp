#include "lge/report/parse.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_set>

namespace lge::report {

using anatomy::Cause;
using anatomy::Certainty;
using anatomy::Level;
using anatomy::Pattern;
using anatomy::Presence;
using anatomy::Segments;

namespace {

constexpr std::size_t longest_sentence = 256;  // tokens; longer ones are cut, so that time stays linear
constexpr std::uint32_t none = ~0U;

struct Hit {
    const Entry* entry;
    std::uint32_t first, last;  // tokens of the sentence, last included
    [[nodiscard]] Kind kind() const { return entry->kind; }
};

/// What the walls of a clause can belong to.
struct Head {
    enum class Type : std::uint8_t { target, other, spared };
    std::uint32_t first, last;
    Type type;
    std::uint32_t target = none;
};

struct Target {
    std::uint32_t first, last, clause;
    bool implicit = false, infarct = false, weak = false;
    Presence presence = Presence::present;
    bool skip = false, qualified = false, artifact = false, excepted = false;
    bool has_lv = false, has_organ = false;
    std::uint32_t from, to;  // tokens of the evidence
    std::vector<std::pair<std::uint32_t, std::uint32_t>> hedges;
    std::string_view rule = "target";
};

/// A wall, level, segment number or "all" in a clause.
struct Spot {
    enum class Type : std::uint8_t { wall, level, segments, all };
    std::uint32_t first, last, code, head;
    Type type;
    bool listed = false;  // "all segments", not "diffuse"
};

struct Percent {
    std::optional<double> low, high;
    std::uint32_t first, last;
};

struct Cause_ {
    Cause cause;
    std::string_view name;
    Certainty certainty;
    std::uint32_t start;
    Section section;
    bool beside_target, negated;
};

template <class T>
void add_new(std::vector<T>& list, const T& value) {
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

}  // namespace

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
    explicit State(const Lexicon& l) : lexicon(l) {
        const auto id = [&](std::string_view w) { return lexicon.vocabulary.exact(w, Vocabulary::hash_of(w)); };
        const auto mark = [&](std::uint8_t bit, std::initializer_list<std::string_view> words) {
            for (const auto w : words) {
                const auto i = id(w);
                if (role.size() <= i) role.resize(i + 1);
                if (i != 0) role[i] = static_cast<std::uint8_t>(role[i] | bit);
            }
        };
        mark(preposition, {"in", "of", "at", "involving", "within", "along", "on", "affecting", "over", "throughout", "extending"});
        mark(joining, {"in", "of", "at", "the", "a", "an", "both", "and", "or", "to", "through", "thru", "from", "wall", "walls", "segment", "segments", "region", "regions",
                       "area", "portion", "also", "extending", "third", "with", "small", "large", "focal", "level", "levels", "involving", "within", "along", "all", "lv", "left", "ventricle", "ventricular", "myocardium", "only"});
        mark(abbreviation, {"dr", "mr", "mrs", "ms", "prof", "vs", "approx", "incl", "eg", "ie", "fig", "st", "seg", "inf", "ant", "lat", "sept", "dist", "max", "min", "resp", "ca", "pt"});
        mark(title, {"dr", "mr", "mrs", "ms", "prof"});
        mark(range, {"to", "through", "thru"});
        mark(old, {"prior", "previous", "old", "chronic", "remote", "healed", "known", "established"});
        mark(fresh, {"acute", "recent", "subacute"});
        mark(or_nor, {"or", "nor"});
        and_ = id("and");
        percent_ = id("percent");
        per_ = id("per");
        gram = {id("g"), id("gram"), id("grams")};
        between = id("between");
        with_ = id("with");
        same_ = id("same");
        versus_ = {id("versus"), id("vs")};
    }

    enum Role : std::uint8_t { preposition = 1, joining = 2, abbreviation = 4, range = 8, old = 16, fresh = 32, or_nor = 64, title = 128 };
    const Lexicon& lexicon;
    std::vector<std::uint8_t> role;
    std::uint32_t and_ = 0, percent_ = 0, per_ = 0, between = 0, with_ = 0, same_ = 0;
    std::array<std::uint32_t, 3> gram{};
    std::array<std::uint32_t, 2> versus_{};

    // of the text
    std::string_view text;
    std::vector<Token> tokens;
    Reading reading;
    bool want_notes = false;
    std::vector<Cause_> causes;
    std::vector<Percent> depths, shares;
    std::optional<double> mass;
    std::optional<bool> mvo;
    bool viable = false, nonviable = false, mixed = false, study_unreadable = false;
    std::optional<std::uint32_t> temporal;
    std::vector<anatomy::Territory> territories;
    std::vector<std::string> other;
    std::vector<std::string> excluded;
    bool near_transmural = false;

    // of the sentence
    enum class Topic : std::uint8_t { none, lge, other };
    std::vector<Hit> hits, side;
    std::vector<std::uint32_t> clause;   // by token
    std::vector<bool> excepting;         // by clause: begins with an exception
    std::vector<Target> targets;
    std::vector<Head> heads;
    std::vector<Spot> spots;
    const Token* at = nullptr;
    std::uint32_t count = 0;

    [[nodiscard]] bool is(const Token& t, std::uint8_t bit) const { return t.kind == Token::Kind::word && t.word < role.size() && (role[t.word] & bit) != 0; }
    [[nodiscard]] static bool sign(const Token& t, char c) { return t.kind == Token::Kind::sign && t.sign == c; }

    // ---- sentences -------------------------------------------------------------------------------------------------

    /// The heading that starts at a token, if its phrase is followed by a colon, a spaced dash or (at the start of a
    /// line) the line's end. Gives the token behind it.
    std::optional<std::pair<const Entry*, std::size_t>> heading(std::size_t i, bool line_start) const {
        const auto m = lexicon.heads.find(tokens.data() + i, tokens.data() + tokens.size());
        if (m.entries == 0) return std::nullopt;
        const Entry* e = &lexicon.entries[lexicon.heads.entries(m).front()];
        std::size_t j = i + m.tokens;
        if (j < tokens.size() && sign(tokens[j], '(')) {
            std::size_t k = j;
            while (k < tokens.size() && k < j + 6 && !sign(tokens[k], ')') && tokens[k].kind != Token::Kind::newline) ++k;
            if (k < tokens.size() && sign(tokens[k], ')')) {
                if (k + 1 < tokens.size() && sign(tokens[k + 1], ':')) return std::pair{e, k + 2};
            }
        }
        if (j == tokens.size()) return line_start && e->kind == Kind::section ? std::optional(std::pair{e, j}) : std::nullopt;
        if (sign(tokens[j], ':')) return std::pair{e, j + 1};
        if (!line_start) return std::nullopt;
        if (sign(tokens[j], '-') && j + 1 < tokens.size() && (tokens[j].spaced || tokens[j + 1].spaced)) return std::pair{e, j + 1};
        if (tokens[j].kind == Token::Kind::newline) return std::pair{e, j};
        return std::nullopt;
    }

    /// Whether the break of a line only wraps a sentence.
    [[nodiscard]] bool wraps(std::size_t newline, std::size_t line_start) const {
        if (newline + 1 >= tokens.size() || newline == line_start) return false;
        const Token& before = tokens[newline - 1];
        const Token& after = tokens[newline + 1];
        if (after.kind != Token::Kind::word) return false;
        if (before.kind == Token::Kind::sign && (before.sign == '.' || before.sign == ':' || before.sign == ';')) return false;
        if (heading(newline + 1, true)) return false;
        for (std::size_t k = newline + 1; k < std::min(tokens.size(), newline + 6) && tokens[k].kind != Token::Kind::newline; ++k)
            if (sign(tokens[k], ':')) return false;
        if (!after.upper) return true;
        return before.end - tokens[line_start].start >= 60;
    }

    void read_text() {
        Section section = Section::none;
        Topic topic = Topic::none;
        bool line_start = true, topic_line = false, answer_due = false, one_line = false;  // one_line: an ignored section that shares its line with its heading
        std::size_t line_begin = 0;
        const std::size_t n = tokens.size();
        std::size_t i = 0;
        while (i < n) {
            if (tokens[i].kind == Token::Kind::newline) {
                if (one_line) { section = Section::findings; one_line = false; }
                if (topic_line && !(i + 1 < n && starts_with_place(i + 1))) topic = Topic::none;
                const bool blank = i + 1 < n && tokens[i + 1].kind == Token::Kind::newline;
                if (blank) topic = Topic::none;
                ++i;
                line_start = true;
                line_begin = i;
                continue;
            }
            if (line_start) {  // bullets and numbers of lists
                if (tokens[i].kind == Token::Kind::sign && (tokens[i].sign == '-' || tokens[i].sign == '*' || tokens[i].sign == '>')) { ++i; continue; }
                if (tokens[i].kind == Token::Kind::number && i + 1 < n && (sign(tokens[i + 1], '.') || sign(tokens[i + 1], ')'))) { i += 2; continue; }
            }
            if (tokens[i].kind == Token::Kind::word) {
                if (const auto h = heading(i, line_start)) {
                    const auto& [e, next] = *h;
                    const bool line_ends = next >= n || tokens[next].kind == Token::Kind::newline;
                    note(tokens[i].start, tokens[next - 1].end, e);
                    if (e->kind == Kind::section || e->code != 1) topic_line = !line_ends;
                    if (e->kind == Kind::section) {
                        section = e->code == 0 ? Section::ignored : e->code == 1 ? Section::findings : Section::impression;
                        one_line = section == Section::ignored && !line_ends;
                        topic = Topic::none;
                        i = next;
                        line_start = line_ends;
                        continue;
                    }
                    if (e->code == 0 && section != Section::ignored) { topic = Topic::lge; i = next; line_start = false; continue; }
                    if (e->code == 0 && line_start && !one_line) { topic = Topic::lge; section = Section::findings; i = next; line_start = false; continue; }
                    if (e->code == 2) topic = Topic::other;
                } else if (line_start && topic != Topic::none) {
                    for (std::size_t k = i + 1; k < std::min(n, i + 5) && tokens[k - 1].kind == Token::Kind::word; ++k)
                        if (sign(tokens[k], ':') && !starts_with_place(i)) topic = Topic::none;
                }
            }
            line_start = false;
            // to the end of the sentence
            std::size_t j = i;
            bool ended = false, question_mark = false;
            for (; j < n && j - i < longest_sentence; ++j) {
                const Token& t = tokens[j];
                if (t.kind == Token::Kind::newline) {
                    if (wraps(j, line_begin)) { line_begin = j + 1; continue; }
                    ended = true;
                    break;
                }
                if (t.kind != Token::Kind::sign) continue;
                const bool space_after = j + 1 >= n || tokens[j + 1].spaced || tokens[j + 1].kind == Token::Kind::newline;
                if (t.sign == '.' && space_after && !abbreviated(i, j)) { ended = true; break; }
                if (t.sign == '!' || (t.sign == '?' && !t.spaced && space_after && j > i)) { ended = true; question_mark = t.sign == '?'; break; }
                if (t.sign == ';' && j + 1 < n && heading(j + 1, false)) { ended = true; break; }
            }
            if (j > i) {
                reading.sentences.push_back({tokens[i].start, tokens[j - 1].end, section});
                if (question_mark && section != Section::ignored) answer_due = asks(i, j);
                else if (section != Section::ignored) {
                    read_sentence(i, j, section, answer_due ? Topic::lge : topic);
                    answer_due = false;
                }
            }
            i = ended && tokens[j].kind != Token::Kind::newline ? j + 1 : j;
        }
    }

    /// Whether the full stop at `j` only ends a short form: "Dr. X", "approx. 5 g", "incl. apex".
    [[nodiscard]] bool abbreviated(std::size_t begin, std::size_t j) const {
        if (j == begin || j + 1 >= tokens.size() || tokens[j + 1].kind == Token::Kind::newline) return false;
        return is(tokens[j - 1], title) || (is(tokens[j - 1], abbreviation) && !tokens[j + 1].upper);
    }

    /// "Is there scar?" asserts nothing; the sentence behind it answers.
    bool asks(std::size_t begin, std::size_t end) {
        at = tokens.data() + begin;
        count = static_cast<std::uint32_t>(end - begin);
        find_hits();
        return any(Kind::target);
    }

    [[nodiscard]] bool starts_with_place(std::size_t i) const {
        const auto m = lexicon.main.find(tokens.data() + i, tokens.data() + tokens.size());
        if (m.entries == 0) return false;
        const Kind k = lexicon.entries[lexicon.main.entries(m).front()].kind;
        return k == Kind::level || k == Kind::wall || k == Kind::segmentword || k == Kind::pattern || k == Kind::all || k == Kind::mvo || k == Kind::target || k == Kind::weak;
    }

    void note(std::uint32_t start, std::uint32_t end, const Entry* e) {
        if (want_notes) reading.notes.push_back({start, end, e});
    }

    // ---- one sentence ----------------------------------------------------------------------------------------------

    void find_hits() {
        hits.clear();
        side.clear();
        for (int pass = 0; pass < 2; ++pass) {
            const Trie& trie = pass == 0 ? lexicon.main : lexicon.side;
            auto& out = pass == 0 ? hits : side;
            for (std::uint32_t i = 0; i < count;) {
                const Token& t = at[i];
                if (t.kind != Token::Kind::word || t.word == 0) {
                    if (pass == 0 && sign(t, '?') && i + 1 < count && at[i + 1].kind == Token::Kind::word) out.push_back({&question, i, i});
                    ++i;
                    continue;
                }
                const auto m = trie.find(at + i, at + count);
                if (m.entries == 0) { ++i; continue; }
                for (const auto e : trie.entries(m)) {
                    out.push_back({&lexicon.entries[e], i, i + m.tokens - 1});
                    note(t.start, at[i + m.tokens - 1].end, &lexicon.entries[e]);
                }
                i += m.tokens;
            }
        }
    }
    inline static const Entry question{Kind::hedge, "", 0, 0};

    [[nodiscard]] static bool is_head(Kind k) { return k == Kind::target || k == Kind::modality || k == Kind::finding || k == Kind::mvo || k == Kind::weak || k == Kind::artifact; }

    void part_clauses(Topic topic) {
        clause.assign(count, 0);
        excepting.assign(1, false);
        std::uint32_t current = 0, open_negation = none;
        bool head = false;
        std::size_t h = 0;
        const auto next_clause = [&](bool exception) {
            ++current;
            excepting.push_back(exception);
            head = false;
            open_negation = none;
        };
        for (std::uint32_t i = 0; i < count; ++i) {
            if (sign(at[i], ';')) next_clause(false);
            if (sign(at[i], ',') && open_negation != none && !list_goes_on(i, head)) next_clause(false);
            for (std::size_t k = h; k < hits.size() && hits[k].first == i; ++k) {
                const Kind kind = hits[k].kind();
                if (kind == Kind::stop) next_clause(false);
                else if (kind == Kind::except_) next_clause(true);
                else if (kind == Kind::negation && hits[k].entry->code == 0) {
                    const bool behind = (k > 0 && hits[k - 1].first == i && hits[k - 1].kind() == Kind::negated) || (k + 1 < hits.size() && hits[k + 1].first == i && hits[k + 1].kind() == Kind::negated);
                    if (head && !behind && topic_word_before(i, topic)) next_clause(false);
                    open_negation = i;
                } else if (is_head(kind)) head = true;
            }
            while (h < hits.size() && hits[h].first <= i) ++h;
            clause[i] = current;
        }
    }

    /// "LGE: none" and "LGE present: No" are answers, not new clauses.
    [[nodiscard]] bool topic_word_before(std::uint32_t i, Topic) const {
        return !(i > 0 && (sign(at[i - 1], ':') || sign(at[i - 1], '-')) && (i + 1 == count || at[i + 1].kind != Token::Kind::word));
    }

    /// Whether a comma in a denial parts items of one list ("no LGE, scar or fibrosis") and not two statements.
    [[nodiscard]] bool list_goes_on(std::uint32_t comma, bool head) const {
        bool place = false;
        if (comma + 1 < count && at[comma + 1].kind == Token::Kind::word && at[comma + 1].word == and_) {
            for (const Hit& h : hits)  // ", and" goes on with an item of the list, else with a new statement
                if (h.first > comma && h.first <= comma + 4 && (is_head(h.kind()) || h.kind() == Kind::negation)) return true;
            return false;
        }
        if (!head) return true;
        for (std::uint32_t i = comma + 1; i < count; ++i) {
            if (sign(at[i], ';') || sign(at[i], ':')) break;
            if (is(at[i], or_nor)) return true;
            for (const Hit& h : hits) {
                if (h.first > i) break;
                if (h.first != i) continue;
                const Kind k = h.kind();
                if (k == Kind::stop || k == Kind::except_ || k == Kind::negation) return !place;
                if (k == Kind::wall || k == Kind::pattern || k == Kind::level) place = true;
            }
        }
        return !place;
    }

    [[nodiscard]] const Hit* find_hit(Kind kind, std::uint32_t from, std::uint32_t to, std::uint32_t in_clause = none) const {
        for (const Hit& h : hits)
            if (h.kind() == kind && h.first >= from && h.last <= to && (in_clause == none || clause[h.first] == in_clause)) return &h;
        return nullptr;
    }
    [[nodiscard]] bool any(Kind kind) const { return find_hit(kind, 0, count) != nullptr; }

    /// Whether something at tokens [first, last] is denied by its clause. `near`: also by a bare "not" and "against".
    [[nodiscard]] const Hit* denied(std::uint32_t first, std::uint32_t last, bool near) const {
        const std::uint32_t c = clause[first];
        const Hit* found = nullptr;
        for (const Hit& h : hits) {
            if (clause[h.first] != c) continue;
            if (h.kind() == Kind::pseudo && h.first < first && h.entry->code == 1) return nullptr;
            if (h.kind() == Kind::negation && h.last < first && (h.entry->code == 0 || first - h.last <= (near ? 8U : 3U)) && (h.entry->code == 0 || near || at[h.first].word != 0)) {
                if (h.entry->code == 0 && !near && only_answer(h)) continue;
                found = &h;
            }
            if (h.first > last && (h.kind() == Kind::negated || (h.kind() == Kind::negation && h.entry->code == 0 && only_answer(h)))) {
                bool other_head = false;  // "RCA scar present, MVO absent": the denial is of the nearer one
                std::uint32_t comma = none;
                for (std::uint32_t i = last + 1; i < h.first; ++i)
                    if (sign(at[i], ',')) comma = i;
                if (comma != none)
                    for (const Hit& o : hits)
                        if (o.first > comma && o.last < h.first && (is_head(o.kind()) || o.kind() == Kind::wall)) other_head = true;
                if (!other_head) found = &h;
            }
        }
        if (found == nullptr) {  // "LGE was noted before but is not present today"
            const Hit* later = nullptr;
            bool stop = false, head = false;
            for (const Hit& h : hits) {
                if (clause[h.first] != c + 1) continue;
                stop = stop || h.kind() == Kind::stop;
                head = head || is_head(h.kind()) || h.kind() == Kind::wall || h.kind() == Kind::organ;
                if (h.kind() == Kind::negated) later = &h;
            }
            if (stop && !head) found = later;
        }
        return found;
    }
    /// "... : No" at the end of a statement.
    [[nodiscard]] bool only_answer(const Hit& h) const {
        return h.first > 0 && (h.last + 1 == count || at[h.last + 1].kind != Token::Kind::word) && (h.first == h.last);
    }

    /// Whether the sentence before spoke of LGE.
    [[nodiscard]] bool goes_on() const {
        return !reading.statements.empty() && reading.statements.back().sentence + 2 == reading.sentences.size();
    }

    void find_targets(Topic topic) {
        targets.clear();
        const bool lge_topic = topic == Topic::lge || any(Kind::sequence) || (goes_on() && any(Kind::weak) && any(Kind::pattern));
        const auto add = [&](const Hit& h, bool weak, bool implicit) {
            Target t{.first = h.first, .last = h.last, .clause = clause[h.first], .implicit = implicit, .infarct = h.kind() == Kind::target && h.entry->code == 1, .weak = weak,
                     .from = h.first, .to = h.last, .hedges = {}};
            t.excepted = excepting[t.clause];
            t.rule = implicit ? "topic" : weak ? "weak" : "target";
            targets.push_back(std::move(t));
        };
        const std::uint32_t clauses = count == 0 ? 0 : clause[count - 1] + 1;
        std::uint32_t k = 0;
        for (std::uint32_t c = 0; c < clauses; ++c) {
            const std::size_t before = targets.size();
            const std::uint32_t k0 = k;
            bool distractor = false;
            for (; k < hits.size() && clause[hits[k].first] == c; ++k) {
                if (hits[k].kind() == Kind::target) add(hits[k], false, false);
                if (hits[k].kind() == Kind::modality || hits[k].kind() == Kind::finding || hits[k].kind() == Kind::mvo) distractor = true;
            }
            if (targets.size() > before) continue;
            if (!lge_topic && !excepting[c]) continue;
            if (excepting[c] && !lge_topic && !neighbour_denies(c)) continue;
            if (distractor) {
                bool close = false;  // "high signal ... " with a modality word in the clause is still weak when the sentence names the images
                for (std::uint32_t m = k0; m < k; ++m)
                    if (hits[m].kind() == Kind::sequence) close = true;
                if (!close) continue;
            }
            for (std::uint32_t m = k0; m < k && targets.size() == before; ++m)
                if (hits[m].kind() == Kind::weak) add(hits[m], true, false);
            if (targets.size() > before || distractor) continue;
            const Hit* first = nullptr;
            bool organ = false;
            for (std::uint32_t m = k0; m < k; ++m) {
                const Kind kind = hits[m].kind();
                if (kind == Kind::organ) organ = true;
                if (first == nullptr && (kind == Kind::wall || kind == Kind::level || kind == Kind::pattern || kind == Kind::segmentword || kind == Kind::all || kind == Kind::all17)) first = &hits[m];
            }
            if (first == nullptr && !organ && topic == Topic::lge)
                for (std::uint32_t m = k0; m < k; ++m)
                    if (hits[m].kind() == Kind::negated || (hits[m].kind() == Kind::negation && (hits[m].last + 1 == count || at[hits[m].last + 1].kind != Token::Kind::word))) {
                        bool territory = false;
                        for (const Hit& s : side) territory = territory || s.kind() == Kind::territory;
                        add(hits[m], false, true);
                        targets.back().presence = Presence::absent;
                        targets.back().rule = "answer";
                        targets.back().qualified = territory;
                        break;
                    }
            if (first == nullptr || any(Kind::spared) || find_hit(Kind::unreadable, 0, count, c) != nullptr) continue;
            add(*first, false, true);
        }
    }

    /// Whether a clause beside an exception denies LGE.
    [[nodiscard]] bool neighbour_denies(std::uint32_t c) const {
        for (const Hit& h : hits)
            if ((clause[h.first] + 1 == c || clause[h.first] == c + 1 || (c == 0 && clause[h.first] == c + 2)) && (h.kind() == Kind::target || h.kind() == Kind::weak) && denied(h.first, h.last, false) != nullptr) return true;
        return false;
    }

    void judge_targets(Topic topic) {
        const bool notdone = any(Kind::notdone);
        const bool technique = any(Kind::technique);
        const Hit* unreadable = find_hit(Kind::unreadable, 0, count);
        for (std::size_t n = 0; n < targets.size(); ++n) {
            Target& t = targets[n];
            if (t.rule == "answer") continue;
            const std::uint32_t c = t.clause;
            if (notdone || (technique && !find_hit(Kind::wall, 0, count) && !find_hit(Kind::pattern, 0, count))) { t.skip = true; continue; }
            for (const Hit& h : hits)
                if ((h.kind() == Kind::hypothetical && h.last < t.first) || (h.kind() == Kind::history && h.last < t.first && clause[h.first] == c)) t.skip = true;
            if (unreadable != nullptr && clause[unreadable->first] == c && find_hit(Kind::wall, 0, count, c) == nullptr && !t.infarct) {
                t.presence = Presence::uncertain;
                t.hedges.emplace_back(unreadable->first, unreadable->last);
                continue;
            }
            if (names_images(t)) t.skip = true;
            if (t.skip) continue;
            if (const Hit* d = denied(t.first, t.last, false)) {
                t.presence = Presence::absent;
                t.rule = d->kind() == Kind::negation ? "negation" : "denied behind";
                t.from = std::min(t.from, d->first);
                t.to = std::max(t.to, d->last);
                for (const Hit& s : side)
                    if (s.kind() == Kind::qualifier && s.first > d->last && s.last < t.first && d->kind() == Kind::negation) t.qualified = true;
                if (find_hit(Kind::pseudo, d->first, t.first)) t.qualified = true;
                // "LGE ... without scar elsewhere": an earlier affirmed target keeps its own clause
                continue;
            }
            if (find_hit(Kind::pseudo, t.first >= 4 ? t.first - 4 : 0, t.first, c) != nullptr) t.rule = "pseudo-negation";
            // explained away
            for (const Hit& a : hits) {
                if (a.kind() != Kind::artifact || a.first < t.last || clause[a.first] < c || clause[a.first] > c + 1) continue;
                for (const Hit& s : side)
                    if (s.kind() == Kind::explains && s.first > t.last && s.last < a.first && a.first - s.last <= 6) t.artifact = true;
                for (const Hit& h : hits)
                    if (h.kind() == Kind::hedge && h.entry->code == 1 && h.first > t.last && h.last < a.first && a.first - h.last <= 6) {
                        t.presence = Presence::uncertain;
                        t.hedges.emplace_back(h.first, h.last);
                        t.rule = "hedge";
                    }
            }
            for (const Hit& h : hits) {
                if (clause[h.first] != c) continue;
                if (h.kind() == Kind::hedge && h.entry->code == 0 && h.last < t.first && t.first - h.last <= 10 && !dx_between(h.last + 1, t.first, t) && !weak_end(h)) {
                    bool earlier = false;
                    for (std::size_t m = 0; m < n; ++m)
                        if (!targets[m].skip && targets[m].presence == Presence::present && targets[m].last < h.first && targets[m].clause == c) earlier = true;
                    if (earlier && !place_behind(h)) { t.skip = true; break; }
                    t.presence = Presence::uncertain;
                    t.rule = "hedge";
                    t.from = std::min(t.from, h.first);
                    t.hedges.emplace_back(h.first, h.last);
                }
                if (h.kind() == Kind::hedged && h.first > t.last && !dx_between(t.last + 1, h.first, t) &&
                    (h.last > h.first || h.last + 1 == count || at[h.last + 1].kind != Token::Kind::word)) {
                    t.presence = Presence::uncertain;
                    t.rule = "hedge behind";
                    t.to = std::max(t.to, h.last);
                    t.hedges.emplace_back(h.first, h.last);
                }
            }
            if (t.artifact && t.presence == Presence::present) { t.presence = Presence::absent; t.rule = "artifact"; }
            if (t.excepted && t.presence == Presence::present) t.rule = "exception";
        }
        if (unreadable != nullptr && targets.empty() && find_hit(Kind::wall, 0, count) == nullptr && find_hit(Kind::level, 0, count) == nullptr) {
            if (topic == Topic::lge || any(Kind::sequence)) {
                Target t{.first = unreadable->first, .last = unreadable->last, .clause = clause[unreadable->first], .presence = Presence::uncertain, .from = unreadable->first, .to = unreadable->last, .hedges = {}};
                t.hedges.emplace_back(unreadable->first, unreadable->last);
                t.rule = "unreadable";
                targets.push_back(std::move(t));
            } else if (any(Kind::study)) study_unreadable = true;
        }
    }

    /// "LGE did not reveal any scar", "LGE was negative for fibrosis": the subject is the sequence.
    [[nodiscard]] bool names_images(const Target& t) const {
        if (t.infarct || t.implicit || t.weak) return false;
        for (const Hit& h : hits)
            if (h.kind() == Kind::negation && h.entry->code == 0 && h.first > t.last && h.first - t.last <= 2)
                for (const Target& o : targets)
                    if (o.first > h.last && o.clause == clause[h.first] && !sign(at[t.last + 1], ',')) return true;
        return false;
    }

    /// "LGE in the anterior wall and possible LGE in the inferior wall": a second scar, not the cause of the first.
    [[nodiscard]] bool place_behind(const Hit& hedge) const {
        for (const Hit& h : hits)
            if (h.first > hedge.last && clause[h.first] == clause[hedge.first] && (h.kind() == Kind::wall || h.kind() == Kind::level || h.kind() == Kind::segmentword)) return true;
        return false;
    }

    /// An adjective such as "possible" at the end of its clause speaks of what stands before.
    [[nodiscard]] bool weak_end(const Hit& h) const { return h.last + 1 == count || at[h.last + 1].kind == Token::Kind::sign; }

    [[nodiscard]] bool dx_between(std::uint32_t from, std::uint32_t to, const Target& t) const {
        for (const Hit& s : side)
            if (s.kind() == Kind::dx && s.first >= from && s.last < to && !(s.first <= t.last && s.last >= t.first) && s.entry->value.find("mi") == std::string::npos) return true;
        return false;
    }

    // ---- places ----------------------------------------------------------------------------------------------------

    void find_heads() {
        heads.clear();
        for (std::uint32_t i = 0; i < targets.size(); ++i) heads.push_back({targets[i].first, targets[i].last, Head::Type::target, i});
        for (const Hit& h : hits) {
            if ((h.kind() == Kind::modality || h.kind() == Kind::finding) && !describes_place(h) && !measures_depth(h)) heads.push_back({h.first, h.last, Head::Type::other});
            if (h.kind() == Kind::spared) heads.push_back({h.first, h.last, Head::Type::spared});
        }
        for (const Hit& s : side)
            if (s.kind() == Kind::viability && s.entry->code == 0) heads.push_back({s.first, s.last, Head::Type::spared});
        std::sort(heads.begin(), heads.end(), [](const Head& a, const Head& b) { return a.first != b.first ? a.first < b.first : a.type < b.type; });
    }

    /// "LGE in the hypertrophied septum": the word only describes a wall.
    [[nodiscard]] bool describes_place(const Hit& m) const {
        bool wall = false;
        for (const Hit& h : hits) wall = wall || (h.first == m.last + 1 && (h.kind() == Kind::wall || h.kind() == Kind::level));
        std::uint32_t p = m.first;
        while (p > 0 && is(at[p - 1], joining) && !is(at[p - 1], preposition)) --p;
        return wall && p > 0 && is(at[p - 1], preposition);
    }

    /// "50% of the wall thickness"
    [[nodiscard]] bool measures_depth(const Hit& m) const {
        bool depth = false, percent = false;
        for (const Hit& s : side) depth = depth || (s.kind() == Kind::transmurality && s.first <= m.last && s.last >= m.first);
        for (std::uint32_t k = m.first >= 5 ? m.first - 5 : 0; k < m.first; ++k) percent = percent || sign(at[k], '%') || (at[k].word == percent_ && percent_ != 0);
        return depth && percent;
    }

    /// The head that a run of tokens [first, last] belongs to: that before it behind a preposition, else that which
    /// follows closely, else that before.
    [[nodiscard]] std::uint32_t head_of(std::uint32_t first, std::uint32_t last, std::uint32_t reach) const {
        std::uint32_t before = none, after = none;
        for (std::uint32_t h = 0; h < heads.size(); ++h) {
            if (clause[heads[h].first] != clause[first]) continue;
            if (heads[h].first <= last && heads[h].last >= first) return h;
            if (heads[h].last < first) before = h;
            if (heads[h].first > last && after == none) after = h;
        }
        std::uint32_t p = first;
        while (p > 0 && is(at[p - 1], joining) && !is(at[p - 1], preposition)) --p;
        const bool prep = p > 0 && is(at[p - 1], preposition);
        const bool close = after != none && heads[after].first - last <= reach;
        if (before != none && (prep || !close)) return before;
        return after != none && (close || before == none) ? after : before;
    }

    void find_spots() {
        spots.clear();
        bool after_between = false;
        for (std::size_t n = 0; n < hits.size(); ++n) {
            const Hit& h = hits[n];
            if (h.kind() == Kind::wall) {
                if (n > 0 && h.first > 0) {
                    after_between = false;
                    for (std::uint32_t k = h.first; k > 0 && k + 8 > h.first; --k)
                        if (at[k - 1].word == between && between != 0 && at[k - 1].kind == Token::Kind::word) after_between = true;
                    if (after_between && !spots.empty() && (spots.back().code >> 9U & 7U) != 0) continue;  // "junctions between septum and free wall"
                }
                spots.push_back({h.first, h.last, h.entry->code, none, Spot::Type::wall});
            } else if (h.kind() == Kind::level) {
                spots.push_back({h.first, h.last, h.entry->code, none, Spot::Type::level});
            } else if (h.kind() == Kind::all || h.kind() == Kind::all17) {
                spots.push_back({h.first, h.last, h.kind() == Kind::all17 ? 0x3fffeU : 0x1fffeU, none, Spot::Type::all, true});
            } else if (h.kind() == Kind::pattern && h.entry->code == static_cast<std::uint32_t>(Pattern::diffuse)) {
                spots.push_back({h.first, h.last, 0x1fffeU, none, Spot::Type::all});
            } else if (h.kind() == Kind::segmentword || (h.kind() == Kind::except_ && !spots.empty() && (spots.back().type == Spot::Type::all || spots.back().type == Spot::Type::segments))) {
                std::uint32_t bits = 0, i = h.last + 1, last = h.last, previous = 0;
                bool span = false;
                for (const std::uint32_t end = std::min(count, h.last + 60); i < end; ++i) {
                    const Token& t = at[i];
                    if (t.kind == Token::Kind::number) {
                        const auto v = static_cast<std::uint32_t>(t.value);
                        if (static_cast<float>(v) != t.value || v < 1 || v > 17 || (i + 1 < count && (sign(at[i + 1], '%') || at[i + 1].word == percent_))) break;
                        if (span && previous != 0 && previous < v)
                            for (std::uint32_t s = previous; s <= v; ++s) bits |= 1U << s;
                        bits |= 1U << v;
                        previous = v;
                        span = false;
                        last = i;
                    } else if (sign(t, '-') || is(t, range)) span = true;
                    else if (!(sign(t, ',') || sign(t, '&') || sign(t, '/') || sign(t, '+') || sign(t, ':') || sign(t, '(') || (t.kind == Token::Kind::word && t.word == and_ && and_ != 0) || find_hit(Kind::segmentword, i, i))) break;
                }
                const bool liver = find_hit(Kind::organ, h.first >= 3 ? h.first - 3 : 0, h.first) != nullptr || find_hit(Kind::organ, last, last + 4) != nullptr;
                if (bits != 0 && !liver && (spots.empty() || spots.back().last < h.first || spots.back().type != Spot::Type::segments)) spots.push_back({h.first, last, bits, none, Spot::Type::segments});
            }
        }
        std::sort(spots.begin(), spots.end(), [](const Spot& a, const Spot& b) { return a.first < b.first; });
        // what is spared or viable takes the walls right before it: "..., septum spared"
        for (std::uint32_t h = 0; h < heads.size(); ++h) {
            if (heads[h].type != Head::Type::spared) continue;
            bool ahead = false;
            for (const Spot& s : spots) ahead = ahead || (s.first > heads[h].last && s.first - heads[h].last <= 4 && clause[s.first] == clause[heads[h].first] && !sign(at[heads[h].last + 1], ','));
            if (ahead) {
                for (Spot& s : spots)
                    if (s.first > heads[h].last && clause[s.first] == clause[heads[h].first]) s.head = h;
                continue;
            }
            std::uint32_t edge = heads[h].first;
            for (std::size_t k = spots.size(); k-- > 0;) {
                Spot& s = spots[k];
                if (s.last >= edge || clause[s.first] != clause[heads[h].first] || edge - s.last > 4) continue;
                bool comma = false;
                for (std::uint32_t i = s.last + 1; i < edge; ++i) comma = comma || sign(at[i], ',');
                if (comma) break;
                s.head = h;
                edge = s.first;
            }
        }
        for (std::size_t k = 0; k < spots.size();) {
            if (spots[k].head != none) { ++k; continue; }
            std::size_t e = k + 1;
            while (e < spots.size() && spots[e].head == none && clause[spots[e].first] == clause[spots[k].first] && joined(spots[e - 1].last, spots[e].first)) ++e;
            const std::uint32_t h = head_of(spots[k].first, spots[e - 1].last, 5);
            for (; k < e; ++k) spots[k].head = h;
        }
    }

    /// Whether only small words, commas and signs stand between two tokens.
    [[nodiscard]] bool joined(std::uint32_t a, std::uint32_t b) const {
        if (b <= a) return true;
        if (b - a > 9) return false;
        for (std::uint32_t i = a + 1; i < b; ++i) {
            const Token& t = at[i];
            if (t.kind == Token::Kind::newline || t.kind == Token::Kind::number || is(t, joining)) continue;
            if (t.kind == Token::Kind::sign && (t.sign == ',' || t.sign == '-' || t.sign == '>' || t.sign == '/' || t.sign == '+' || t.sign == '&' || t.sign == '(' || t.sign == ')' || t.sign == '%')) continue;
            return false;
        }
        return true;
    }

    static Level level_of(std::uint32_t word) {
        switch (static_cast<LevelWord>(word)) {
            case LevelWord::basal: case LevelWord::base: return Level::basal;
            case LevelWord::mid: case LevelWord::midlevel: return Level::mid;
            case LevelWord::apical: case LevelWord::apicallevel: return Level::apical;
            default: return Level::apex;
        }
    }

    /// The spots of one head (or of all with `head` none) as sets of segments.
    void read_places(std::uint32_t head, bool territory, std::vector<Place>& places) {
        std::vector<const Spot*> own;
        bool numbers = false, walls = false, levels = false;
        for (const Spot& s : spots)
            if (s.head == head) {
                own.push_back(&s);
                numbers = numbers || s.type == Spot::Type::segments;
                walls = walls || s.type == Spot::Type::wall;
                levels = levels || s.type == Spot::Type::level;
            }
        Levels current = 0;                 // of the adjective before a list of walls
        std::size_t run = places.size();    // places whose level may still follow
        const std::size_t first_place = places.size();
        const auto set_wall = [&](std::uint32_t bits, Levels l) {
            Place p{.segments = {}, .walls = bits, .levels = l};
            for (std::size_t w = 0; w < wall_words.size(); ++w)
                if ((bits >> w & 1U) != 0) p.segments = p.segments | segments_of(w, l);
            return p;
        };
        for (std::size_t k = 0; k < own.size(); ++k) {
            const Spot& s = *own[k];
            switch (s.type) {
                case Spot::Type::segments: {
                    Place p{.segments = {s.code}};
                    places.push_back(p);
                    run = places.size();
                    break;
                }
                case Spot::Type::all:
                    if (!walls && !numbers && (!levels || s.listed)) places.push_back({.segments = {s.code}});
                    run = places.size();
                    break;
                case Spot::Type::wall:
                    places.push_back(set_wall(s.code, current));
                    if (current != 0) run = places.size();
                    break;
                case Spot::Type::level: {
                    Levels set = 0;
                    if (static_cast<LevelWord>(s.code) == LevelWord::whole) { current = 0; break; }
                    Level previous = level_of(s.code);
                    bool noun = static_cast<LevelWord>(s.code) == LevelWord::base || static_cast<LevelWord>(s.code) == LevelWord::midlevel || static_cast<LevelWord>(s.code) == LevelWord::apicallevel;
                    bool apex = previous == Level::apex;
                    const bool at_word = s.first > 0 && is(at[s.first - 1], preposition);
                    set |= level_bit(previous);
                    std::size_t e = k + 1;
                    for (; e < own.size() && own[e]->type == Spot::Type::level && own[e]->first - own[e - 1]->last <= 4; ++e) {
                        bool span = own[e]->first == own[e - 1]->last + 1, other_word = false;
                        const bool adjacent = span;
                        for (std::uint32_t i = own[e - 1]->last + 1; i < own[e]->first; ++i) {
                            if (is(at[i], range) || sign(at[i], '-') || sign(at[i], '>')) span = true;
                            else if (!(is(at[i], joining) || at[i].kind == Token::Kind::sign || at[i].kind == Token::Kind::newline)) other_word = true;
                        }
                        if (other_word) break;
                        Level next = level_of(own[e]->code);
                        if (next == Level::apex && span && !adjacent) next = Level::apical;  // "base to apex" are the three rings
                        if (span)
                            for (auto l = std::min(previous, next); l <= std::max(previous, next); l = static_cast<Level>(static_cast<int>(l) + 1)) set |= level_bit(l);
                        if (span && previous == Level::apex) set = (set & ~level_bit(Level::apex)) | level_bit(Level::apical);
                        set |= level_bit(next);
                        apex = (set & level_bit(Level::apex)) != 0;
                        noun = noun || static_cast<LevelWord>(own[e]->code) == LevelWord::base || static_cast<LevelWord>(own[e]->code) == LevelWord::midlevel || own[e]->code == static_cast<std::uint32_t>(LevelWord::apex);
                        previous = next;
                    }
                    const Spot& last = *own[e - 1];
                    bool ahead = false;  // an adjective of the walls that follow
                    if (e < own.size() && (own[e]->type == Spot::Type::wall) && own[e]->first - last.last <= 6 && set != level_bit(Level::apex)) {
                        ahead = true;
                        for (std::uint32_t i = last.last + 1; i < own[e]->first; ++i)
                            if (at[i].kind == Token::Kind::sign && (at[i].sign == ',' || at[i].sign == ')' || at[i].sign == '(') ) ahead = false;
                        if (ahead && run < places.size() && noun) ahead = own[e]->first == last.last + 1;
                        if (ahead && run < places.size() && own[e]->first != last.last + 1 && (at_word || sign(at[last.last + 1], ')'))) ahead = false;
                    }
                    if (ahead) {
                        current = set;
                        run = places.size();
                    } else if (run < places.size() && !(apex && set == level_bit(Level::apex) && !at_word)) {
                        if (set == level_bit(Level::apex)) set = level_bit(Level::apical);
                        for (std::size_t p = run; p < places.size(); ++p) places[p] = set_wall(places[p].walls, set);
                        run = places.size();
                        current = 0;
                    } else {
                        if (!territory) {
                            Place p{.segments = segments_of(set), .walls = 0, .levels = set};
                            places.push_back(p);
                        }
                        run = places.size();
                        if (set != level_bit(Level::apex)) current = 0;
                    }
                    k = e - 1;
                    break;
                }
            }
        }
        if (numbers) {  // numbers are taken as given; walls beside them only name the same place
            Segments given;
            for (const Spot* s : own)
                if (s->type == Spot::Type::segments) given = given | Segments{s->code};
            for (std::size_t p = first_place; p < places.size(); ++p) places[p].segments = given;
        }
    }

    // ---- amounts ---------------------------------------------------------------------------------------------------

    [[nodiscard]] const Hit* near_side(Kind kind, std::uint32_t first, std::uint32_t last, std::uint32_t before, std::uint32_t after) const {
        const Hit* found = nullptr;
        for (const Hit& s : side)
            if (s.kind() == kind && ((s.last < first && first - s.last <= before) || (s.first > last && s.first - last <= after && found == nullptr)) && clause[s.first] == clause[first]) found = &s;
        return found;
    }

    void read_amounts(Topic topic) {
        bool live = topic == Topic::lge;
        for (const Target& t : targets) live = live || (!t.skip && t.presence != Presence::absent);
        if (!live) return;
        for (std::uint32_t i = 0; i < count; ++i) {
            if (at[i].kind != Token::Kind::number) continue;
            std::uint32_t last = i;
            double low = static_cast<double>(at[i].value), high = low;
            const std::uint32_t first = i;
            if (i + 2 < count && (sign(at[i + 1], '-') || is(at[i + 1], range)) && at[i + 2].kind == Token::Kind::number) {
                high = static_cast<double>(at[i + 2].value);
                last = i + 2;
            } else if (i + 3 < count && sign(at[i + 1], '%') && (sign(at[i + 2], '-') || is(at[i + 2], range)) && at[i + 3].kind == Token::Kind::number) {
                high = static_cast<double>(at[i + 3].value);
                last = i + 3;
            }
            if (last + 1 >= count) break;
            const Token& unit = at[last + 1];
            const bool percent = sign(unit, '%') || (unit.kind == Token::Kind::word && unit.word != 0 && (unit.word == percent_ || unit.word == per_));
            const bool grams = unit.kind == Token::Kind::word && unit.word != 0 && std::find(gram.begin(), gram.end(), unit.word) != gram.end();
            i = last;
            if (!percent && !grams) continue;
            if (grams) {
                const bool indexed = last + 2 < count && sign(at[last + 2], '/');
                if (!indexed && low == high && near_side(Kind::measure, first, last, 6, 0) == nullptr && mine(first, topic)) mass = low;
                continue;
            }
            if (const Hit* m = near_side(Kind::measure, first, last, 5, 0)) {
                bool comma = false;
                for (std::uint32_t k = m->last + 1; k < first; ++k) comma = comma || sign(at[k], ',');
                if (!comma && near_side(Kind::quantity, first, last, 0, 3) == nullptr) continue;
            }
            Percent p{.low = low, .high = high, .first = first, .last = last + 1};
            if (first > 0 && sign(at[first - 1], '<')) p.low.reset();
            if (first > 0 && sign(at[first - 1], '>')) p.high.reset();
            if (low > 100 || high > 100 || high < low) continue;
            const bool bounded = low != high || !p.low || !p.high;
            const bool thickness = near_side(Kind::transmurality, first, last + 1, 6, 4) != nullptr;
            const bool quantity = near_side(Kind::quantity, first, last + 1, 8, 4) != nullptr;
            const bool depth_word = find_hit(Kind::pattern, 0, count, clause[first]) != nullptr && has_depth(clause[first]);
            bool weighed = false;
            for (std::uint32_t k = first >= 3 ? first - 3 : 0; k < first; ++k) weighed = weighed || std::find(gram.begin(), gram.end(), at[k].word) != gram.end();
            if (!mine(first, topic)) continue;
            if (thickness) depths.push_back(p);
            else if (quantity || (weighed && at[first].word == 0)) shares.push_back(p);
            else if (depth_word || bounded) depths.push_back(p);
            else shares.push_back(p);
        }
    }

    [[nodiscard]] bool has_depth(std::uint32_t c) const {
        for (const Hit& h : hits)
            if (h.kind() == Kind::pattern && clause[h.first] == c && h.entry->code <= 1) return true;
        return false;
    }

    /// Whether an amount at this token belongs to LGE.
    [[nodiscard]] bool mine(std::uint32_t token, Topic topic) const {
        bool in_clause = false;
        for (const Target& t : targets) {
            if (t.clause == clause[token] && (t.skip || t.presence == Presence::absent)) return false;
            in_clause = in_clause || t.clause == clause[token];
        }
        return in_clause || topic == Topic::lge || any(Kind::target);
    }

    // ---- causes ----------------------------------------------------------------------------------------------------

    void read_causes(Section section) {
        bool beside = false;
        for (const Target& t : targets) beside = beside || (!t.skip && t.presence == Presence::present);
        for (const Hit& s : side) {
            if (s.kind() != Kind::dx) continue;
            bool question_before = false;
            for (const Hit& h : hits) {
                if ((h.kind() == Kind::hypothetical || h.kind() == Kind::history) && h.last < s.first) question_before = true;
            }
            if (question_before) continue;
            const auto gap = std::min(s.entry->value.find(' '), s.entry->value.size());
            std::string_view name = std::string_view(s.entry->value).substr(std::min(gap + 1, s.entry->value.size()));
            Cause_ c{.cause = static_cast<Cause>(s.entry->code), .name = name == "-" ? std::string_view{} : name, .certainty = Certainty::definite, .start = at[s.first].start, .section = section,
                     .beside_target = beside, .negated = denied(s.first, s.last, true) != nullptr};
            if (name == "mi") {
                // an infarct is its own cause where it is a target that stands
                bool stands = false;
                for (const Target& t : targets)
                    if (t.first <= s.last && t.last >= s.first) stands = !t.skip && t.presence == Presence::present;
                    else if (t.skip && t.infarct) stands = stands || t.first == s.first;
                for (const Target& t : targets)
                    if (t.first == s.first && t.skip) stands = true;
                if (!stands && !c.negated) continue;
                for (std::uint32_t k = s.first >= 6 ? s.first - 6 : 0; k < s.first; ++k) {
                    if (clause[k] != clause[s.first]) continue;
                    if (is(at[k], old)) c.name = "prior_mi";
                    if (is(at[k], fresh)) c.name = "acute_mi";
                }
            }
            for (const Hit& y : side) {
                if (y.kind() != Kind::certainty) continue;
                const auto value = static_cast<Certainty>(y.entry->code);
                if (y.last < s.first && clause[y.first] == clause[s.first]) {
                    bool between_dx = false;
                    for (const Hit& o : side) between_dx = between_dx || (o.kind() == Kind::dx && o.first > y.last && o.last < s.first && !joined(o.last, s.first));
                    bool stopped = false;
                    for (std::uint32_t k = y.last + 1; k < s.first; ++k) stopped = stopped || sign(at[k], ',');
                    if (!between_dx && (!stopped || s.first - y.last <= 4)) c.certainty = std::max(c.certainty, value);
                }
                if (y.first > s.last && clause[y.first] == clause[s.first] && y.first - s.last <= 5 && (y.last + 1 == count || at[y.last + 1].kind != Token::Kind::word || at[y.first].word == versus_[0] || at[y.first].word == versus_[1]))
                    c.certainty = std::max(c.certainty, value);
            }
            causes.push_back(c);
        }
    }

    // ---- the sentence's words ------------------------------------------------------------------------------------

    void read_sentence(std::size_t begin, std::size_t end, Section section, Topic topic) {
        at = tokens.data() + begin;
        count = static_cast<std::uint32_t>(end - begin);
        find_hits();
        if (hits.empty() && side.empty()) return;
        part_clauses(topic);
        find_targets(topic);
        judge_targets(topic);
        find_heads();
        find_spots();

        // organs: "LGE of the RV free wall", "RV free wall shows LGE"
        for (const Hit& h : hits) {
            if (h.kind() != Kind::organ && h.kind() != Kind::lv) continue;
            std::uint32_t owner = none;
            for (std::uint32_t k = 0; k < heads.size(); ++k) {
                if (clause[heads[k].first] != clause[h.first] || heads[k].type != Head::Type::target) continue;
                if (heads[k].last < h.first) {
                    std::uint32_t p = h.first;
                    while (p > 0 && (is(at[p - 1], joining) || find_hit(Kind::organ, p - 1, p - 1) || find_hit(Kind::lv, p - 1, p - 1)) && !is(at[p - 1], preposition)) --p;
                    bool spot_run = false;
                    for (const Spot& s : spots) spot_run = spot_run || (s.head == k && joined(s.last, h.first));
                    if ((p > 0 && is(at[p - 1], preposition)) || spot_run) owner = k;
                }
                if (heads[k].first > h.last && owner == none && heads[k].first - h.last <= (h.first == 0 || h.entry->value == "mass_enhancement" ? 12U : 6U)) owner = k;
            }
            if (owner == none) continue;
            Target& t = targets[heads[owner].target];
            if (h.kind() == Kind::lv) t.has_lv = true;
            else {
                t.has_organ = true;
                if (!t.skip && t.presence != Presence::absent) add_new(other, h.entry->value);
            }
        }
        if (topic == Topic::lge && targets.empty())
            for (const Hit& h : hits)
                if (h.kind() == Kind::organ && !any(Kind::negation) && !any(Kind::negated) && !any(Kind::modality)) add_new(other, h.entry->value);

        bool said = false;
        for (std::uint32_t n = 0; n < targets.size(); ++n) {
            Target& t = targets[n];
            if (t.skip) continue;
            std::uint32_t head = none;
            for (std::uint32_t k = 0; k < heads.size(); ++k)
                if (heads[k].type == Head::Type::target && heads[k].target == n) head = k;
            Statement s;
            bool own_territory = false;
            for (const Hit& x : side)
                if (x.kind() == Kind::territory && clause[x.first] == t.clause && t.presence != Presence::absent) {
                    own_territory = true;
                    if (denied(x.first, x.last, false) == nullptr) add_new(territories, static_cast<anatomy::Territory>(x.entry->code));
                }
            if (head != none) read_places(head, own_territory, s.places);
            for (const Spot& x : spots)
                if (x.head == head && head != none) { t.from = std::min(t.from, x.first); t.to = std::max(t.to, x.last); }
            if (s.places.empty() && !t.has_organ && t.presence != Presence::absent)
                if (const std::uint32_t other_head = place_before(t); other_head != none) read_places(other_head, own_territory, s.places);
            if (t.has_organ && s.places.empty() && !t.has_lv) continue;
            if (t.weak && t.presence == Presence::present && s.places.empty() && !t.excepted && topic != Topic::lge) continue;
            for (const Hit& p : hits) {
                if (p.kind() != Kind::pattern || clause[p.first] != t.clause || head == none || head_of(p.first, p.last, 8) != head) continue;
                if (heads_spare(p)) continue;
                add_new(s.patterns, static_cast<Pattern>(p.entry->code));
                t.from = std::min(t.from, p.first);
                t.to = std::max(t.to, p.last);
            }
            for (std::uint32_t k = 0; k < heads.size(); ++k)
                if (heads[k].type == Head::Type::spared) {
                    std::vector<Place> spared;
                    read_places(k, false, spared);
                    for (const Place& p : spared) s.spared = s.spared | p.segments;
                }
            // "all segments except 4": the exception is spared
            if (t.presence == Presence::present && t.clause + 1 < excepting.size() && excepting[t.clause + 1] && !t.excepted) {
                std::vector<Place> spared;
                for (Spot& x : spots)
                    if (clause[x.first] == t.clause + 1) {
                        x.head = none - 1;
                        for (std::uint32_t o = 0; o < targets.size(); ++o)
                            if (targets[o].clause == t.clause + 1) targets[o].skip = true;
                    }
                read_places(none - 1, false, spared);
                for (const Place& p : spared) s.spared = s.spared | p.segments;
            }
            s.presence = t.presence;
            s.section = section;
            s.sentence = static_cast<std::uint32_t>(reading.sentences.size() - 1);
            s.start = at[t.from].start;
            s.end = at[t.to].end;
            s.qualified = t.qualified;
            s.artifact = t.artifact;
            s.located = !s.places.empty();
            s.rule = t.rule;
            for (const auto& [a, b] : t.hedges) s.hedges.emplace_back(at[a].start, at[b].end);
            reading.statements.push_back(std::move(s));
            said = true;
        }
        if (targets.empty() && any(Kind::spared)) {  // "Basal segments spared." after a diffuse statement
            std::vector<Place> spared;
            for (std::uint32_t k = 0; k < heads.size(); ++k)
                if (heads[k].type == Head::Type::spared) read_places(k, false, spared);
            if (!spared.empty() && !reading.statements.empty() && reading.statements.back().sentence + 2 >= reading.sentences.size() && !any(Kind::modality))
                for (const Place& p : spared) reading.statements.back().spared = reading.statements.back().spared | p.segments;
        }
        if (targets.empty() && goes_on() && reading.statements.back().presence != Presence::absent && !any(Kind::modality) && !any(Kind::organ) && !any(Kind::finding) && !any(Kind::negation))
            for (const Hit& p : hits)  // "It is midwall in distribution."
                if (p.kind() == Kind::pattern) add_new(reading.statements.back().patterns, static_cast<Pattern>(p.entry->code));
        read_amounts(topic);
        read_causes(section);
        read_rest(topic, said);
    }

    /// "The inferior wall is akinetic with scar", "hypokinesia of the inferior wall with LGE in the same region": the head
    /// whose walls are meant.
    [[nodiscard]] std::uint32_t place_before(const Target& t) const {
        std::uint32_t head = none;
        for (const Spot& x : spots)
            if (x.last < t.first && clause[x.first] == t.clause && x.head != none && x.head < heads.size() && heads[x.head].type == Head::Type::other) {
                for (std::uint32_t k = x.last + 1; k < t.first; ++k)
                    if (at[k].kind == Token::Kind::word && at[k].word != 0 && (at[k].word == with_ || at[k].word == same_)) head = x.head;
            }
        return head;
    }

    [[nodiscard]] bool heads_spare(const Hit& p) const {
        const std::uint32_t h = head_of(p.first, p.last, 5);
        return h != none && heads[h].type == Head::Type::spared;
    }

    void read_rest(Topic topic, bool said) {
        bool asked = false;
        for (const Hit& h : hits) asked = asked || h.kind() == Kind::hypothetical;
        for (const Hit& h : hits) {
            if (asked) break;
            const bool no = denied(h.first, h.last, false) != nullptr;
            if (h.kind() == Kind::mvo) {
                if (!mvo || !no) mvo = !no;
            } else if (h.kind() == Kind::finding || (h.kind() == Kind::modality && h.entry->code == 1)) {
                if (!no) add_new(other, h.entry->value);
            } else if (h.kind() == Kind::artifact && (said || topic == Topic::lge || any(Kind::sequence) || at[h.first].word != 0)) {
                if (!no) add_new(other, std::string("artifact"));
            }
        }
        for (const Hit& s : side) {
            if (asked) break;
            if (s.kind() == Kind::viability && denied(s.first, s.last, true) == nullptr) {
                viable = viable || s.entry->code == 0;
                nonviable = nonviable || s.entry->code == 1;
                mixed = mixed || s.entry->code == 2;
            }
            if (s.kind() == Kind::near_transmural && said && denied(s.first, s.last, false) == nullptr) near_transmural = true;
            if (s.kind() == Kind::temporal && said) {
                bool here = false;
                for (const Target& t : targets) here = here || (!t.skip && t.clause == clause[s.first]);
                bool modality = false;
                for (const Hit& h : hits) {
                    if (h.kind() != Kind::modality || clause[h.first] != clause[s.first]) continue;
                    bool target_nearer = false;  // "oedema resolved and fibrosis was less"
                    for (const Target& t : targets) target_nearer = target_nearer || (t.first > h.last && t.last < s.first) || (t.first > s.last && h.first > t.last);
                    modality = modality || !target_nearer;
                }
                const bool strong = s.entry->code == 0 || s.entry->code == 4;
                bool raised = false;  // "increased signal"
                for (const Target& t : targets) raised = raised || (t.weak && s.first + 2 >= t.first && s.last <= t.last);
                if (here && !modality && !raised && (strong || denied(s.first, s.last, false) == nullptr)) temporal = s.entry->code;
            }
        }
    }

    // ---- the report ------------------------------------------------------------------------------------------------

    void conclude() {
        auto& f = reading.finding;
        auto& all = reading.statements;
        bool present = false, uncertain = false, denied_all = false, denied_part = false, denied_last = false, uncertain_last = false, explained = false;
        for (const Statement& s : all) {
            if (s.presence == Presence::present) present = true;
            if (s.presence == Presence::uncertain) { uncertain = true; uncertain_last = uncertain_last || s.section == Section::impression; }
            if (s.presence == Presence::absent) {
                if (s.artifact) explained = true;
                else if (s.qualified || s.located) denied_part = true;
                else { denied_all = true; denied_last = denied_last || s.section == Section::impression; }
            }
        }
        if (present) f.lge = Presence::present;
        else if (uncertain && !(denied_all && !uncertain_last && (denied_last || later_denial()))) f.lge = Presence::uncertain;
        else if (denied_all || denied_part || explained) f.lge = Presence::absent;
        if (study_unreadable && !present && f.lge != Presence::absent) f.lge = Presence::not_stated;

        std::vector<Place> certain = specific(Presence::present), possible = specific(Presence::uncertain);
        Segments segments, maybe;
        std::uint32_t walls = 0;
        Levels levels = 0;
        Segments spared;
        for (const Statement& s : all) if (s.presence == Presence::present || s.presence == Presence::absent) spared = spared | s.spared;
        const auto gather = [&](const std::vector<Place>& places, Segments& into) {
            for (const Place& p : places) {
                into = into | p.segments;
                walls |= p.walls;
                levels |= p.levels;
            }
        };
        if (f.lge == Presence::present) {
            gather(certain, segments);
            std::uint32_t w = walls;
            Levels l = levels;
            gather(possible, maybe);
            walls = w;
            levels = l;
            maybe = maybe - segments;
        } else if (f.lge == Presence::uncertain) {
            gather(possible, maybe);
        }
        for (std::size_t w = 0; w < wall_words.size(); ++w)
            if ((walls >> w & 1U) != 0) f.walls.emplace_back(wall_words[w]);
        f.levels = level_names(levels);
        std::vector<bool> patterns(8);
        for (const Statement& s : all)
            if (s.presence == f.lge)
                for (const Pattern p : s.patterns) patterns[static_cast<std::size_t>(p)] = true;
        if ((f.lge == Presence::present || f.lge == Presence::uncertain) && (walls >> 9U & 7U) != 0) patterns[static_cast<std::size_t>(Pattern::rv_insertion)] = true;
        if (f.lge == Presence::present && (near_transmural || !depths.empty())) {
            anatomy::Transmurality t;
            std::optional<double> low, high;
            bool open_low = false, open_high = false;
            for (const Percent& p : depths) {
                if (p.low) low = std::min(low.value_or(*p.low), *p.low);
                if (p.high) high = std::max(high.value_or(*p.high), *p.high);
            }
            for (const Percent& p : depths) {  // "<25%" below or ">75%" above all that is stated leaves the bound open
                open_low = open_low || (!p.low && (!low || *p.high <= *low));
                open_high = open_high || (!p.high && (!high || *p.low >= *high));
            }
            if (!open_low) t.min_pct = low;
            if (!open_high) t.max_pct = high;
            if (!depths.empty() && t.max_pct.value_or(0) >= 99 && t.min_pct.value_or(0) >= 75) patterns[1] = true;
            for (const Percent& p : depths)
                if (p.low.value_or(0) > 75 && p.high.value_or(0) >= 99) patterns[1] = true;
            if (near_transmural) t.grade = "near_transmural";
            else if (patterns[1]) t.grade = "transmural";
            f.transmurality = t;
        } else if (f.lge == Presence::present && patterns[1]) {
            f.transmurality = anatomy::Transmurality{.min_pct = {}, .max_pct = {}, .grade = "transmural"};
        }
        if (f.lge == Presence::present || f.lge == Presence::uncertain)
            for (std::size_t p = 0; p < patterns.size(); ++p)
                if (patterns[p]) f.pattern.push_back(static_cast<Pattern>(p));
        const bool papillary_only = f.pattern.size() == 1 && f.pattern.front() == Pattern::papillary;
        segments = segments - spared;
        f.segments = segments;
        if (f.lge == Presence::not_stated || (f.lge == Presence::present && segments.empty() && !papillary_only)) f.segments.reset();
        f.segments_possible = maybe;
        if (f.lge == Presence::present) {
            if (!shares.empty()) f.extent_percent = std::pair{shares.front().low.value_or(0), shares.front().high.value_or(100)};
            f.mass_g = mass;
            f.territory = territories;
            std::sort(f.territory.begin(), f.territory.end());
            conclude_cause();
        }
        if (f.lge != Presence::not_stated) f.mvo = mvo;
        if (f.lge == Presence::present || f.lge == Presence::uncertain) {
            if (mixed || (viable && nonviable)) f.viability = "mixed";
            else if (viable) f.viability = "viable";
            else if (nonviable) f.viability = "nonviable";
        }
        static constexpr std::array<std::string_view, 5> changes{"unchanged", "decreased", "increased", "new", "resolved"};
        if (temporal && f.lge != Presence::not_stated && (f.lge != Presence::absent || *temporal == 4)) f.temporal = changes[*temporal];
        std::unordered_set<std::string_view> hedges;
        if (f.lge != Presence::not_stated)
            for (const Statement& s : all)
                if (s.presence == Presence::uncertain)
                    for (const auto& [a, b] : s.hedges)
                        if (hedges.insert(text.substr(a, b - a)).second) f.uncertainty.emplace_back(text.substr(a, b - a));
        f.other = other;
        for (const Statement& s : all) {
            if (s.presence != f.lge) continue;
            anatomy::Evidence e{.start = s.start, .end = s.end, .section = std::string(word(s.section)), .rule = s.rule};
            // statements stand in the order of the text: a passage named twice can only overlap the last
            if (!f.evidence.empty() && f.evidence.back().start < e.end && e.start < f.evidence.back().end) {
                auto& x = f.evidence.back();
                x.start = std::min(x.start, e.start);
                x.end = std::max(x.end, e.end);
            } else f.evidence.push_back(std::move(e));
        }
    }

    /// A denial of LGE as a whole that stands after the last doubt.
    [[nodiscard]] bool later_denial() const {
        std::uint32_t doubt = 0, denial = 0;
        for (const Statement& s : reading.statements) {
            if (s.presence == Presence::uncertain) doubt = std::max(doubt, s.start);
            if (s.presence == Presence::absent && !s.qualified && !s.located && !s.artifact) denial = std::max(denial, s.start);
        }
        return denial > doubt;
    }

    static void unique(std::vector<Place>& places) {
        const auto key = [](const Place& p) { return std::tuple(p.segments.bits, p.walls, p.levels); };
        std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) { return key(a) < key(b); });
        places.erase(std::unique(places.begin(), places.end(), [&](const Place& a, const Place& b) { return key(a) == key(b); }), places.end());
    }

    /// The places of statements of one kind. Findings and impression speak of the same scars: of two places that
    /// overlap, the more specific stands.
    [[nodiscard]] std::vector<Place> specific(Presence presence) const {
        std::vector<Place> body, end;
        for (const Statement& s : reading.statements)
            if (s.presence == presence)
                for (const Place& p : s.places) {
                    Place q = p;
                    q.segments = q.segments - s.spared;
                    (s.section == Section::impression ? end : body).push_back(q);
                }
        unique(body);  // a bounded number, however long the text
        unique(end);
        if (body.empty()) return end;
        Segments body_all, end_all;
        for (const Place& p : body) body_all = body_all | p.segments;
        for (const Place& p : end) end_all = end_all | p.segments;
        std::vector<Place> out;
        for (const Place& p : body) {
            bool replaced = false;
            for (const Place& q : end) {
                const bool part = (q.segments - p.segments).empty() && q.segments != p.segments && !q.segments.empty();
                if (part && p.levels == 0 && p.walls != 0) {
                    out.push_back(q);
                    replaced = true;
                }
            }
            if (!replaced) out.push_back(p);
        }
        for (const Place& q : end)
            if ((q.segments & body_all).empty()) out.push_back(q);
        for (Place& p : out)  // segments by number get the wall's name from the impression
            for (const Place& q : end)
                if (p.walls == 0 && p.levels == 0 && (p.segments - q.segments).empty()) p.walls = q.walls;
        return out;
    }

    void conclude_cause() {
        auto& f = reading.finding;
        std::uint32_t first_present = none;
        for (const Statement& s : reading.statements)
            if (s.presence == Presence::present) first_present = std::min(first_present, s.start);
        const Cause_* chosen = nullptr;
        bool ischemic = false, nonischemic = false;
        for (int pass = 0; pass < 2; ++pass)
            for (const Cause_& c : causes) {
                if (c.negated) {
                    if (pass == 0 && !c.name.empty() && c.name != "mi") add_new(f.etiology_excluded, std::string(c.name));
                    continue;
                }
                const bool here = c.section == Section::impression || c.beside_target || c.start > first_present;
                if (!here || (pass == 0) != (c.section == Section::impression)) continue;
                if (pass == 1 && chosen != nullptr && !chosen->name.empty()) continue;
                if (c.certainty != Certainty::possible) (c.cause == Cause::ischemic ? ischemic : nonischemic) = true;
                if (chosen == nullptr || (chosen->name.empty() && !c.name.empty() && c.cause == chosen->cause)) chosen = &c;
            }
        if (chosen != nullptr) {
            anatomy::Etiology e{.cause = chosen->cause, .diagnosis = std::string(chosen->name), .certainty = chosen->certainty};
            if (ischemic && nonischemic && chosen->certainty != Certainty::possible) e.cause = Cause::mixed;
            f.etiology = e;
        } else if (!f.territory.empty()) {
            // scar that is told by coronary territory is an infarct
            f.etiology = anatomy::Etiology{.cause = Cause::ischemic, .diagnosis = "prior_mi", .certainty = Certainty::definite};
        }
    }

    void read(std::string_view t, bool notes) {
        text = t;
        want_notes = notes;
        reading.finding = {};
        reading.sentences.clear();
        reading.statements.clear();
        reading.notes.clear();
        causes.clear();
        depths.clear();
        shares.clear();
        mass.reset();
        mvo.reset();
        viable = nonviable = mixed = study_unreadable = near_transmural = false;
        temporal.reset();
        territories.clear();
        other.clear();
        scan(t, lexicon.vocabulary, tokens);
        read_text();
        conclude();
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
