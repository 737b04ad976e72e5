#include "lge/report/gathered.hpp"

#include <algorithm>
#include <array>

namespace lge::report {

namespace {

/// A phrase beside the main ones that is wanted; no tokens for none.
struct Beside { std::size_t tokens = 0; const Entry* entry = nullptr; };
template <class Wanted>
Beside beside(const Lexicon& lexicon, const Tokens& tokens, std::size_t i, Wanted wanted) {
    const std::uint32_t first = lexicon.main.first(tokens[i].symbol);
    if (first == 0) return {};
    const auto side = lexicon.main.find_both(tokens.data() + i, tokens.data() + tokens.size(), first).side;
    const Entry* entry = lexicon.meaning(lexicon.main, side, wanted);
    return entry == nullptr ? Beside{} : Beside{side.tokens, entry};
}

bool ends_sentence(const Token& t) { return t.kind == Token::Kind::newline || sign(t, '.') || sign(t, ';') || sign(t, '?'); }

/// Units of time, as the vocabulary knows them.
class Units {
public:
    explicit Units(const Lexicon& lexicon) {
        for (std::size_t k = 0; k < days_.size(); ++k) days_[k] = lexicon.vocabulary.exact(WordKey::of(std::array{"day", "days"}[k]));
        for (std::size_t k = 0; k < long_.size(); ++k) long_[k] = lexicon.vocabulary.exact(WordKey::of(std::array{"month", "months", "year", "years"}[k]));
    }
    [[nodiscard]] bool days(const Token& t) const { return t.word != 0 && std::find(days_.begin(), days_.end(), t.word) != days_.end(); }
    [[nodiscard]] bool months_or_years(const Token& t) const { return t.word != 0 && std::find(long_.begin(), long_.end(), t.word) != long_.end(); }

private:
    std::array<std::uint32_t, 2> days_{};
    std::array<std::uint32_t, 4> long_{};
};

/// What the words around an infarct, or its treatment, tell of its age.
struct Age { bool old = false, fresh = false; };
void read_age(const Lexicon& lexicon, const Tokens& tokens, const Units& units, std::size_t first, std::size_t end, Age& age) {
    constexpr std::size_t before = 5, behind = 4;
    constexpr float earliest = 1950, latest = 2100;  // years
    for (std::size_t k = first; k-- > 0 && k + before >= first && !ends_sentence(tokens[k]);) {
        const bool asked = k > 0 && sign(tokens[k - 1], '?');  // "?old MI"
        age.old = age.old || (lexicon.is(tokens[k], Role::old) && !asked) || units.months_or_years(tokens[k]);
        age.fresh = age.fresh || lexicon.is(tokens[k], Role::fresh);
    }
    for (std::size_t k = end; k < std::min(tokens.size(), end + behind) && !ends_sentence(tokens[k]); ++k)
        age.old = age.old || units.months_or_years(tokens[k]) || (tokens[k].kind == Token::Kind::number && tokens[k].value >= earliest && tokens[k].value < latest);
}

}  // namespace

void name_culprit(const Lexicon& lexicon, const Tokens& tokens, anatomy::Finding& finding) {
    if (finding.lge != anatomy::Presence::present || !finding.territory.empty() || !finding.etiology || finding.etiology->cause != anatomy::Cause::ischemic) return;
    constexpr std::size_t reach = 4;  // tokens: "culprit: proximal LAD"
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::size_t from = i + beside(lexicon, tokens, i, [](const Entry& e) { return e.kind == Kind::culprit; }).tokens;
        for (std::size_t k = from; from > i && k < std::min(tokens.size(), from + reach) && !ends_sentence(tokens[k]); ++k) {
            const Beside vessel = beside(lexicon, tokens, k, [](const Entry& e) { return e.kind == Kind::territory; });
            if (vessel.entry == nullptr) continue;
            const std::size_t next = k + vessel.tokens;
            if (next == tokens.size() || !sign(tokens[next], '?')) add_new(finding.territory, static_cast<anatomy::Territory>(vessel.entry->code));
            break;
        }
    }
    if (finding.territory.size() > 1) finding.territory.clear();
}

void date_infarct(const Lexicon& lexicon, const Tokens& tokens, anatomy::Finding& finding) {
    if (finding.lge != anatomy::Presence::present || !finding.etiology || finding.etiology->diagnosis != "mi" || finding.etiology->certainty != anatomy::Certainty::definite) return;
    const Units units(lexicon);
    Age age;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (units.days(tokens[i]) && ((i > 0 && tokens[i - 1].kind == Token::Kind::number) || (i + 1 < tokens.size() && tokens[i + 1].kind == Token::Kind::number))) age.fresh = true;  // "day 4", "9 days ago"
        const Beside event = beside(lexicon, tokens, i, [](const Entry& e) { return (e.kind == Kind::dx && infarct_name(e.name)) || e.kind == Kind::culprit; });
        if (event.entry != nullptr) read_age(lexicon, tokens, units, i, i + event.tokens, age);
    }
    if (age.old != age.fresh) finding.etiology->diagnosis = age.old ? "prior_mi" : "acute_mi";
}

}  // namespace lge::report
