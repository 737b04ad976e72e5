#include "lge/report/lexicon.hpp"

#include "lge/base/error.hpp"
#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"
#include "lge/report/places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace lge::report {

namespace {

struct KindName { Kind kind; std::string_view name; };
constexpr auto kinds = std::to_array<KindName>({
    {Kind::section, "section"}, {Kind::context, "context"}, {Kind::target, "target"}, {Kind::weak, "weak"}, {Kind::sequence, "sequence"},
    {Kind::negation, "negation"}, {Kind::negated, "negated"}, {Kind::pseudo, "pseudo"}, {Kind::stop, "stop"}, {Kind::except_, "except"},
    {Kind::hedge, "hedge"}, {Kind::hedged, "hedged"}, {Kind::hypothetical, "hypothetical"}, {Kind::history, "history"},
    {Kind::notdone, "notdone"}, {Kind::unreadable, "unreadable"}, {Kind::study, "study"}, {Kind::artifact, "artifact"}, {Kind::organ, "organ"},
    {Kind::lv, "lv"}, {Kind::level, "level"}, {Kind::wall, "wall"}, {Kind::segmentword, "segmentword"}, {Kind::all, "all"}, {Kind::all17, "all17"},
    {Kind::pattern, "pattern"}, {Kind::modality, "modality"}, {Kind::finding, "finding"}, {Kind::mvo, "mvo"}, {Kind::spared, "spared"},
    {Kind::before, "before"}, {Kind::ignore, "ignore"}, {Kind::benign, "benign"}, {Kind::qualifier, "qualifier"}, {Kind::explains, "explains"},
    {Kind::near_transmural, "near_transmural"}, {Kind::transmurality, "transmurality"}, {Kind::quantity, "quantity"}, {Kind::measure, "measure"},
    {Kind::viability, "viability"}, {Kind::temporal, "temporal"}, {Kind::temporal_not, "temporal_not"}, {Kind::territory, "territory"},
    {Kind::dx, "dx"}, {Kind::notdx, "notdx"}, {Kind::certainty, "certainty"}, {Kind::technique, "technique"}, {Kind::raised, "raised"}, {Kind::answer, "answer"}, {Kind::emphasis, "emphasis"}, {Kind::role, "role"}});

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

constexpr std::size_t most_alternatives = 20000;  // of one phrase

/// A token's symbol in the tries: words by number, signs beyond them.
constexpr std::uint32_t sign_symbol = 1U << 20U;
std::uint32_t symbol(const Token& t) {
    if (t.kind == Token::Kind::word) return t.word;
    if (t.kind == Token::Kind::number) return t.value >= 0 && t.value < 4096 && t.value == static_cast<float>(static_cast<int>(t.value)) ? sign_symbol + 256 + static_cast<std::uint32_t>(t.value) : 0;
    return t.sign == '\n' ? 0 : sign_symbol + static_cast<unsigned char>(t.sign);
}

/// The phrases that "{a,b} c" stands for; braces do not nest. Empty when a brace is left open.
std::vector<std::string> alternatives(std::string_view pattern) {
    std::vector<std::string> phrases{""};
    const auto append = [&](std::string_view words) {
        for (auto& p : phrases) p += words;
    };
    while (!pattern.empty()) {
        const auto open = std::min(pattern.find('{'), pattern.size());
        append(pattern.substr(0, open));
        pattern.remove_prefix(open);
        if (pattern.empty()) break;
        const auto close = pattern.find('}');
        if (close == std::string_view::npos || pattern.substr(1, close - 1).find('{') != std::string_view::npos) return {};
        std::vector<std::string> more;
        for (std::string_view choices = pattern.substr(1, close - 1);;) {
            const auto comma = std::min(choices.find(','), choices.size());
            for (const auto& p : phrases) more.push_back(p + std::string(trimmed(choices.substr(0, comma))));
            if (comma == choices.size()) break;
            choices.remove_prefix(comma + 1);
        }
        phrases.swap(more);
        pattern.remove_prefix(close + 1);
        if (phrases.size() > most_alternatives) return {};
    }
    return phrases;
}

/// All words of a phrase must be known, or the trie could not tell them apart.
void add_words(Vocabulary& v, std::string_view phrase) {
    std::string word;
    for (const char c : phrase) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && !word.empty())) word += c;
        else if (!word.empty()) { v.add(word); word.clear(); }
    }
    if (!word.empty()) v.add(word);
}

}  // namespace

std::string_view word(Kind kind) {
    for (const auto& k : kinds)
        if (k.kind == kind) return k.name;
    return {};
}

Trie::Trie() : edges_(1024), accepts_(1) {}

namespace {
constexpr std::size_t slot(std::uint64_t key) {
    key *= 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>(key ^ key >> 32U);
}
}  // namespace

std::uint32_t Trie::next(std::uint32_t node, std::uint32_t symbol) const {
    if (node == 0 && symbol < root_.size()) return root_[symbol];
    const std::uint64_t key = static_cast<std::uint64_t>(node) << 32U | symbol;
    const std::size_t mask = edges_.size() - 1;
    for (std::size_t i = slot(key) & mask;; i = (i + 1) & mask) {
        if (edges_[i].node == 0) return 0;
        if (edges_[i].key == key) return edges_[i].node;
    }
}

std::uint32_t Trie::step(std::uint32_t node, std::uint32_t symbol) {
    if (const auto n = next(node, symbol)) return n;
    if (++used_ * 2 > edges_.size()) {
        std::vector<Edge> old(edges_.size() * 2);
        old.swap(edges_);
        for (const Edge& e : old) {
            if (e.node == 0) continue;
            std::size_t i = slot(e.key) & (edges_.size() - 1);
            while (edges_[i].node != 0) i = (i + 1) & (edges_.size() - 1);
            edges_[i] = e;
        }
    }
    const std::uint64_t key = static_cast<std::uint64_t>(node) << 32U | symbol;
    std::size_t i = slot(key) & (edges_.size() - 1);
    while (edges_[i].node != 0) i = (i + 1) & (edges_.size() - 1);
    const auto made = static_cast<std::uint32_t>(accepts_.size());
    edges_[i] = {key, made};
    accepts_.push_back(0);
    if (node == 0 && symbol < sign_symbol) {
        if (root_.size() <= symbol) root_.resize(symbol + 1);
        root_[symbol] = made;
    }
    return made;
}

void Trie::add(const std::vector<Token>& phrase, std::uint32_t entry) {
    std::uint32_t node = 0;
    for (const Token& t : phrase) node = step(node, symbol(t));
    if (accepts_[node] == 0) {
        lists_.emplace_back();
        accepts_[node] = static_cast<std::uint32_t>(lists_.size());
    }
    auto& list = lists_[accepts_[node] - 1];
    if (std::find(list.begin(), list.end(), entry) == list.end()) list.push_back(entry);
}

Trie::Match Trie::find(const Token* at, const Token* end) const {
    Match best;
    std::uint32_t node = 0, n = 0;
    for (; at != end; ++at) {
        const std::uint32_t s = symbol(*at);
        if (s == 0) break;
        node = next(node, s);
        if (node == 0) break;
        ++n;
        if (accepts_[node] != 0) best = {accepts_[node], n};
    }
    return best;
}

Lexicon read_lexicon(std::string_view text, const std::string& name) {
    Lexicon lexicon;
    if (find_bad_utf8(text)) throw Error(ExitCode::bad_data, name + ": not UTF-8");
    struct Line { std::uint32_t number, entry; std::string_view phrases; };
    std::vector<Line> lines;
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
            lines.push_back({number, entry, line});
            continue;
        }
        if (line.back() != ']') refuse("no ] at the end of the kind");
        const auto inside = trimmed(line.substr(1, line.size() - 2));
        const auto gap = std::min(inside.find(' '), inside.size());
        Entry e{.value = std::string(trimmed(inside.substr(gap))), .name = {}, .line = number};
        const auto kind = inside.substr(0, gap);
        const auto known = std::find_if(kinds.begin(), kinds.end(), [&](const KindName& k) { return k.name == kind; });
        if (known == kinds.end()) refuse("no such kind");
        e.kind = known->kind;
        const auto code = code_of(e.kind, e.value);
        if (!code) refuse("no such value of this kind");
        e.code = *code;
        if (e.kind == Kind::dx) e.name = name_of_cause(e.value);
        lexicon.entries.push_back(std::move(e));
        entry = static_cast<std::uint32_t>(lexicon.entries.size() - 1);
        open = true;
    }
    std::string distinct = " ";  // words that are no plurals
    for (const Line& l : lines) {
        add_words(lexicon.vocabulary, l.phrases);
        if (lexicon.entries[l.entry].kind == Kind::role && lexicon.entries[l.entry].value == "distinct") distinct.append(l.phrases).append(" ");
    }
    lexicon.vocabulary.merge_plurals(distinct);
    lexicon.roles.assign(lexicon.vocabulary.size() + 1, 0);
    std::vector<Token> phrase;
    const auto add_phrase = [&](const std::string& words, Kind kind, std::uint32_t to) {
        scan(words, lexicon.vocabulary, phrase);
        if (phrase.empty()) refuse("an empty phrase");
        for (const Token& t : phrase)
            if (symbol(t) == 0) refuse("a phrase is words in lower case, signs and numbers below 4096");
        if (kind == Kind::role) {
            if (phrase.size() != 1 || phrase[0].word == 0) refuse("a role is played by single words");
            lexicon.roles[phrase[0].word] |= 1U << lexicon.entries[to].code;
            return;
        }
        (kind <= Kind::context ? lexicon.heads : kind >= Kind::qualifier ? lexicon.side : lexicon.main).add(phrase, to);
    };
    for (const Line& l : lines) {
        number = l.number;
        for (std::string_view rest = l.phrases; !rest.empty();) {
            const auto bar = std::min(rest.find('|'), rest.size());
            const auto phrases = alternatives(trimmed(rest.substr(0, bar)));
            rest.remove_prefix(std::min(bar + 1, rest.size()));
            if (phrases.empty()) refuse("braces must close, not nest, and stand for at most 20000 phrases");
            for (const auto& words : phrases) add_phrase(words, lexicon.entries[l.entry].kind, l.entry);
        }
    }
    lexicon.vocabulary.finish();
    return lexicon;
}

Lexicon read_lexicon(const std::string& path) {
    const Bytes bytes = read_file(path, std::size_t{64} << 20U);
    return read_lexicon(as_text(bytes), display_name(path));
}

Lexicon shipped_lexicon() { return read_lexicon(shared_file("report/lexicon.txt").string()); }

}  // namespace lge::report
