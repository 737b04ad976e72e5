#include "lge/report/lexicon.hpp"

#include "lge/base/error.hpp"
#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"
#include "lge/report/places.hpp"
#include "lge/report/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>

namespace lge::report {

namespace {

struct KindName { Kind kind; std::string_view name; };
constexpr auto kinds = std::to_array<KindName>({
    {Kind::section, "section"}, {Kind::context, "context"}, {Kind::target, "target"}, {Kind::weak, "weak"}, {Kind::sequence, "sequence"},
    {Kind::negation, "negation"}, {Kind::negated, "negated"}, {Kind::pseudo, "pseudo"}, {Kind::stop, "stop"}, {Kind::except_, "except"},
    {Kind::hedge, "hedge"}, {Kind::hedged, "hedged"}, {Kind::hypothetical, "hypothetical"}, {Kind::history, "history"},
    {Kind::notdone, "notdone"}, {Kind::unreadable, "unreadable"}, {Kind::study, "study"}, {Kind::artifact, "artifact"}, {Kind::organ, "organ"},
    {Kind::lv, "lv"}, {Kind::level, "level"}, {Kind::wall, "wall"}, {Kind::segmentword, "segmentword"}, {Kind::all, "all"}, {Kind::all17, "all17"}, {Kind::view, "view"}, {Kind::ellipsis, "ellipsis"}, {Kind::opening, "opening"}, {Kind::imaging, "imaging"}, {Kind::examination, "examination"}, {Kind::verb, "verb"},
    {Kind::pattern, "pattern"}, {Kind::modality, "modality"}, {Kind::finding, "finding"}, {Kind::mvo, "mvo"}, {Kind::spared, "spared"}, {Kind::observer, "observer"},
    {Kind::before, "before"}, {Kind::ignore, "ignore"}, {Kind::benign, "benign"}, {Kind::qualifier, "qualifier"}, {Kind::explains, "explains"},
    {Kind::near_transmural, "near_transmural"}, {Kind::transmurality, "transmurality"}, {Kind::quantity, "quantity"}, {Kind::measure, "measure"},
    {Kind::viability, "viability"}, {Kind::temporal, "temporal"}, {Kind::temporal_not, "temporal_not"}, {Kind::fraction, "fraction"}, {Kind::numeral, "numeral"}, {Kind::territory, "territory"},
    {Kind::dx, "dx"}, {Kind::notdx, "notdx"}, {Kind::certainty, "certainty"}, {Kind::technique, "technique"}, {Kind::raised, "raised"}, {Kind::hides, "hides"}, {Kind::patient, "patient"}, {Kind::culprit, "culprit"}, {Kind::answer, "answer"}, {Kind::emphasis, "emphasis"}, {Kind::anaphor, "anaphor"}, {Kind::role, "role"}});

std::string_view trimmed(std::string_view t) {
    while (!t.empty() && (t.front() == ' ' || t.front() == '\t')) t.remove_prefix(1);
    while (!t.empty() && (t.back() == ' ' || t.back() == '\t' || t.back() == '\r')) t.remove_suffix(1);
    return t;
}

/// "nonischemic hcm": the words behind the class, "-" being none.
std::string name_of_cause(std::string_view value) {
    const auto gap = value.find(' ');
    const auto name = gap == std::string_view::npos ? std::string_view{} : trimmed(value.substr(gap));
    return name == "-" ? std::string{} : std::string(name);
}

/// The phrases of each [list], parted by commas.
using Lists = std::map<std::string, std::string, std::less<>>;

/// Puts the phrases of a line into a list: braces of a whole phrase, which another list leaves, are its own choices.
void add_choices(std::string& list, std::string_view phrases) {
    for (std::string_view rest = phrases; !rest.empty();) {
        const auto bar = std::min(rest.find('|'), rest.size());
        auto phrase = trimmed(rest.substr(0, bar));
        if (phrase.starts_with('{') && phrase.find('}') == phrase.size() - 1) phrase = phrase.substr(1, phrase.size() - 2);
        if (!list.empty()) list += ',';
        list += phrase;
        rest.remove_prefix(std::min(bar + 1, rest.size()));
    }
}

/// A line in which each "<name>" gives way to the choices of that list, within braces of its own where it stands in none.
/// Refuses a name that no list has.
template <class Refuse>
std::string with_lists(std::string_view line, const Lists& lists, const Refuse& refuse) {
    std::string out;
    bool within = false;  // braces
    while (!line.empty()) {
        const auto open = std::min(line.find('<'), line.size());
        for (const char c : line.substr(0, open)) within = c == '{' || (within && c != '}');
        out += line.substr(0, open);
        line.remove_prefix(open);
        if (line.empty()) break;
        const auto close = line.find('>');
        if (close == std::string_view::npos) refuse("a < without its >");
        const auto list = lists.find(line.substr(1, close - 1));
        if (list == lists.end()) refuse("no list of this name before");
        out += within ? list->second : '{' + list->second + '}';
        line.remove_prefix(close + 1);
    }
    return out;
}

/// Lets the phrases of a line stand for a word. Refuses what is not made of words.
template <class Refuse>
void add_same(Vocabulary& v, std::string_view phrases, std::string_view meant, const Refuse& refuse) {
    for (std::string_view rest = phrases; !rest.empty();) {
        const auto bar = std::min(rest.find('|'), rest.size());
        std::vector<std::string_view> words;
        for (std::string_view phrase = trimmed(rest.substr(0, bar)); !phrase.empty();) {
            const auto gap = std::min(phrase.find(' '), phrase.size());
            words.push_back(phrase.substr(0, gap));
            phrase = trimmed(phrase.substr(gap));
            if (words.back().size() > longest_word || !std::all_of(words.back().begin(), words.back().end(), [](char c) { return c >= 'a' && c <= 'z'; })) refuse("what stands for a word is made of words");
        }
        if (words.empty()) refuse("an empty phrase");
        v.add_same(words, meant);
        rest.remove_prefix(std::min(bar + 1, rest.size()));
    }
}

/// The symbols of words, small numbers and signs, as phrases hold them. Refuses others.
template <class Refuse>
std::vector<std::uint32_t> symbols_of(std::string_view words, const Vocabulary& vocabulary, Tokens& tokens, const Refuse& refuse) {
    scan(words, vocabulary, nullptr, tokens);
    std::vector<std::uint32_t> out;
    for (const Token& t : tokens) {
        out.push_back(t.symbol);
        if (out.back() != 0) continue;
        if (t.kind == Token::Kind::number) refuse(fmt::format("a number that is not whole or not below {}", small_number));
        refuse("a word with a capital, an accent or a digit in it");
    }
    return out;
}

/// The places of a pattern such as "no {,clear} {sign,evidence} of". Refuses a brace that is left open or nested.
template <class Refuse>
Choices choices_of(std::string_view pattern, const Vocabulary& vocabulary, Tokens& tokens, const Refuse& refuse) {
    Choices places;
    const auto symbols = [&](std::string_view words) { return symbols_of(words, vocabulary, tokens, refuse); };
    while (!pattern.empty()) {
        const auto open = std::min(pattern.find('{'), pattern.size());
        if (pattern.substr(0, open).find('}') != std::string_view::npos) refuse("a } without its {");
        auto plain = symbols(pattern.substr(0, open));
        if (!plain.empty()) places.push_back({std::move(plain)});
        pattern.remove_prefix(open);
        if (pattern.empty()) break;
        const auto close = pattern.find('}');
        if (close == std::string_view::npos) refuse("a { without its }");
        if (pattern.find('{', 1) < close) refuse("braces within braces");
        auto& alternatives = places.emplace_back();
        for (std::string_view rest = pattern.substr(1, close - 1);;) {
            const auto comma = std::min(rest.find(','), rest.size());
            alternatives.push_back(symbols(rest.substr(0, comma)));
            if (comma == rest.size()) break;
            rest.remove_prefix(comma + 1);
        }
        pattern.remove_prefix(close + 1);
    }
    return places;
}

/// All words of a phrase must be known, or the trie could not tell them apart. False for a word that is too long.
bool add_words(Vocabulary& v, std::string_view phrase) {
    std::string word;
    bool fit = true;
    const auto end = [&] {
        fit = fit && word.size() <= longest_word;
        if (!word.empty() && fit) v.add(word);
        word.clear();
    };
    for (const char c : phrase) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && !word.empty())) word += c;
        else end();
    }
    end();
    return fit;
}

std::uint8_t weight_of(const Entry& entry) {
    switch (entry.kind) {
        case Kind::target: case Kind::weak: case Kind::sequence: case Kind::mvo: case Kind::finding: case Kind::artifact: case Kind::unreadable: case Kind::notdone: case Kind::hedged: case Kind::view: return states;
        case Kind::negated: return entry.code == negated_enhancing ? states : 0;
        case Kind::modality: return entry.code != modality_unnamed ? states : 0;
        case Kind::answer: return entry.code == answer_nulling || entry.code == answer_images ? states : adds;
        case Kind::emphasis: case Kind::anaphor: case Kind::except_: case Kind::wall: case Kind::level: case Kind::segmentword: case Kind::all: case Kind::all17: case Kind::pattern: case Kind::spared: case Kind::observer: return adds;
        case Kind::benign: case Kind::viability: case Kind::temporal: case Kind::dx: case Kind::notdx: return names;
        case Kind::organ: return entry.code == organ_mass ? names : 0;
        case Kind::patient: return 0;
        default: return entry.kind >= Kind::explains && entry.kind != Kind::numeral ? adds : 0;
    }
}

/// Marks the words that can end a phrase.
void mark_anchors(const Choices& pattern, std::vector<std::uint32_t>& roles) {
    for (auto place = pattern.rbegin(); place != pattern.rend(); ++place) {
        bool optional = false;
        for (const auto& words : *place) {
            optional = optional || words.empty();
            if (!words.empty() && word_of(words.back()) != 0) roles[word_of(words.back())] |= Role::anchor;
        }
        if (!optional) return;
    }
}

}  // namespace

std::string_view word(Kind kind) {
    for (const auto& k : kinds)
        if (k.kind == kind) return k.name;
    return {};
}

Lexicon read_lexicon(std::string_view text, const std::string& name) {
    Lexicon lexicon;
    if (find_bad_utf8(text)) throw Error(ExitCode::bad_data, name + ": not UTF-8");
    struct Line { std::uint32_t number, entry; std::string_view phrases; };
    std::vector<Line> lines;
    std::deque<std::string> expanded;  // lines that hold lists
    Lists lists;
    std::string* list = nullptr;       // that is open
    std::string_view same;             // the word of an open [same word]
    std::uint32_t number = 0, entry = 0;
    bool open = false;
    const auto refuse = [&](std::string_view reason) { throw Error(ExitCode::bad_data, fmt::format("{}:{}: {}", name, number, reason)); };
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (line.empty() || line.front() == '#') continue;
        if (line.front() != '[') {
            if (!open) refuse("a phrase before the first [kind]");
            if (!same.empty()) {
                add_same(lexicon.vocabulary, line, same, refuse);
                continue;
            }
            const bool lists_in = line.find('<') != std::string_view::npos;
            if (lists_in) expanded.push_back(with_lists(line, lists, refuse));
            const std::string_view phrases = lists_in ? std::string_view(expanded.back()) : line;
            if (list == nullptr) lines.push_back({number, entry, phrases});
            else add_choices(*list, phrases);
            continue;
        }
        if (line.back() != ']') refuse("no ] at the end of the kind");
        const auto inside = trimmed(line.substr(1, line.size() - 2));
        const auto gap = std::min(inside.find(' '), inside.size());
        Entry e{.value = std::string(trimmed(inside.substr(gap))), .name = {}, .line = number};
        const auto kind = inside.substr(0, gap);
        list = kind == "list" ? &lists[e.value] : nullptr;
        same = kind == "same" ? trimmed(inside.substr(gap)) : std::string_view{};
        if (list != nullptr && e.value.empty()) refuse("a list without a name");
        if (kind == "same" && (same.empty() || !std::all_of(same.begin(), same.end(), [](char c) { return c >= 'a' && c <= 'z'; }))) refuse("[same] takes a word");
        open = true;
        if (list != nullptr || !same.empty()) continue;
        const auto known = std::find_if(kinds.begin(), kinds.end(), [&](const KindName& k) { return k.name == kind; });
        if (known == kinds.end()) refuse("no such kind");
        e.kind = known->kind;
        const auto code = code_of(e.kind, e.value);
        if (!code) refuse("no such value of this kind");
        e.code = *code;
        e.weight = weight_of(e);
        if (e.kind == Kind::dx) e.name = name_of_cause(e.value);
        lexicon.entries.push_back(std::move(e));
        entry = static_cast<std::uint32_t>(lexicon.entries.size() - 1);
    }
    if (lines.empty()) throw Error(ExitCode::bad_data, name + ": no phrase in it");
    std::string distinct = " ";  // words that are no plurals
    for (const Line& l : lines) {
        number = l.number;
        if (!add_words(lexicon.vocabulary, l.phrases)) refuse(fmt::format("a word of more than {} letters", longest_word));
        if (lexicon.vocabulary.size() > KeptWord::most_words) refuse(fmt::format("more than {} words", KeptWord::most_words));
        if (lexicon.entries[l.entry].kind == Kind::role && lexicon.entries[l.entry].value == "distinct") distinct.append(l.phrases).append(" ");
    }
    lexicon.vocabulary.finish(distinct);
    lexicon.there = lexicon.vocabulary.exact(WordKey::of("there"));
    const auto numbers = [&](std::initializer_list<std::string_view> words) {
        std::vector<std::uint32_t> known;
        for (const std::string_view word : words)
            if (const std::uint32_t w = lexicon.vocabulary.exact(WordKey::of(word)); w != 0) known.push_back(w);
        return known;
    };
    lexicon.apart = numbers({"other", "do", "does", "did"});
    lexicon.more = numbers({"further", "additional", "another", "second", "third", "separate"});
    lexicon.besides = numbers({"also", "too", "additionally", "well"});
    lexicon.several = numbers({"do", "are"});
    lexicon.around = numbers({"around", "surrounding", "beyond"});
    lexicon.explanations = numbers({"explanation", "cause", "reason", "aetiology", "etiology", "source"});
    lexicon.enhancing = numbers({"enhancing", "hyperenhancing"});
    lexicon.grounds = numbers({"since", "because", "as", "given", "so", "while"});
    lexicon.reasons = numbers({"for", "given", "because"});
    lexicon.supposing = lexicon.vocabulary.exact(WordKey::of("if"));
    lexicon.that = lexicon.vocabulary.exact(WordKey::of("that"));
    lexicon.finding = lexicon.vocabulary.exact(WordKey::of("finding"));
    lexicon.same = lexicon.vocabulary.exact(WordKey::of("same"));
    lexicon.still = lexicon.vocabulary.exact(WordKey::of("still"));
    lexicon.whose = lexicon.vocabulary.exact(WordKey::of("whose"));
    lexicon.its = lexicon.vocabulary.exact(WordKey::of("its"));
    lexicon.also = lexicon.vocabulary.exact(WordKey::of("also"));
    lexicon.who = lexicon.vocabulary.exact(WordKey::of("who"));
    lexicon.by = lexicon.vocabulary.exact(WordKey::of("by"));
    lexicon.segment = lexicon.vocabulary.exact(WordKey::of("segment"));
    lexicon.previous = lexicon.vocabulary.exact(WordKey::of("previous"));
    lexicon.roles.assign(lexicon.vocabulary.size() + 1, 0);
    Tokens tokens;
    for (const Line& l : lines) {
        number = l.number;
        const Entry& e = lexicon.entries[l.entry];
        for (std::string_view rest = l.phrases; !rest.empty();) {
            const auto bar = std::min(rest.find('|'), rest.size());
            const Choices pattern = choices_of(trimmed(rest.substr(0, bar)), lexicon.vocabulary, tokens, refuse);
            rest.remove_prefix(std::min(bar + 1, rest.size()));
            if (e.kind == Kind::role) {
                if (pattern.size() != 1 || pattern.front().size() != 1 || pattern.front()[0].size() != 1 || word_of(pattern.front()[0][0]) == 0) refuse("a role is played by single words");
                lexicon.roles[word_of(pattern.front()[0][0])] |= 1U << e.code;
                continue;
            }
            Trie& trie = e.kind <= Kind::context ? lexicon.heads : lexicon.main;
            if (pattern.empty()) refuse("an empty phrase");
            if ((e.weight & states) != 0) mark_anchors(pattern, lexicon.roles);
            if (!trie.add(pattern, l.entry, on_side(e.kind) ? Trie::Sort::side : Trie::Sort::main)) refuse(fmt::format("a pattern that leaves all words out, is longer than {} words or holds too many choices", Trie::longest_phrase));
        }
    }
    for (Trie* trie : {&lexicon.heads, &lexicon.main}) trie->finish();
    lexicon.starts.assign(word_symbol + lexicon.vocabulary.size() + 1, 0);
    for (std::uint32_t s = word_symbol + 1; s < lexicon.starts.size(); ++s) lexicon.starts[s] = lexicon.main.first(s);
    for (std::uint32_t s = number_symbol + 1; s <= word_symbol; ++s) lexicon.starts[s] = lexicon.main.first(s);  // "17 of 17 segments"
    lexicon.starts['+'] = lexicon.main.first('+');
    for (const std::uint32_t s : {std::uint32_t{'?'}, std::uint32_t{'-'}, std::uint32_t{'|'}, number_symbol}) lexicon.starts[s] = lexicon.main.first(s) | Lexicon::marks_by_itself;
    return lexicon;
}

Lexicon read_lexicon(const std::string& path) {
    const Bytes bytes = read_file(path, std::size_t{64} << 20U);
    return read_lexicon(as_text(bytes), display_name(path));
}

Lexicon shipped_lexicon() { return read_lexicon(shared_file("report/lexicon.txt").string()); }

}  // namespace lge::report
