#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

using anatomy::Presence;

Statement::Reader reader_at(const Passage& in, std::uint32_t token) {
    auto reader = Statement::Reader::none;
    for (const Hit& h : in.hits)
        if (h.kind() == Kind::observer && h.first <= token) reader = h.entry->code == 0 ? Statement::Reader::one : Statement::Reader::all;
    return reader;
}

void read_readers(const Passage& in, const Setting& setting, std::uint32_t sentence, Reading& reading) {
    if (!in.any(Kind::observer)) return;
    for (std::size_t k = 0; k < in.hits.size(); ++k) {
        const Hit& o = in.hits[k];
        if (o.kind() != Kind::observer) continue;
        if (o.first > 0 && in.lexicon.by != 0 && in.at[o.first - 1].word == in.lexicon.by) continue;  // "was thought probable by one of the readers": told of the mention
        const std::uint32_t c = in.clause[o.first];
        if (std::any_of(in.targets.begin(), in.targets.end(), [&](const Target& t) { return t.clause == c && t.first > o.last; })) continue;
        const Hit* said = nullptr;
        for (std::size_t n = k + 1; n < in.hits.size() && in.hits[n].kind() != Kind::observer && said == nullptr; ++n) {
            const Kind kind = in.hits[n].kind();
            if (kind == Kind::negation || kind == Kind::negated || kind == Kind::answer || kind == Kind::hedged || kind == Kind::hedge || kind == Kind::weak || kind == Kind::benign || kind == Kind::artifact || kind == Kind::unreadable) said = &in.hits[n];
        }
        if (said == nullptr) continue;
        const auto explained = std::find_if(in.explanations.begin(), in.explanations.end(), [&](const Explanation& e) { return said->kind() == Kind::weak && e.certain != nullptr && e.artifact->first > said->last && in.clause[e.artifact->first] == c; });  // "reader 2 regards the same signal as an artefact"
        if (explained != in.explanations.end()) said = explained->artifact;
        const bool doubt = said->kind() == Kind::hedged || said->kind() == Kind::hedge || said->kind() == Kind::unreadable;
        const auto [start, end] = bytes_of(in.at[o.first], in.at[said->last]);
        Statement s{.start = start, .end = end, .sentence = sentence, .section = setting.section, .presence = said->kind() == Kind::weak || said->kind() == Kind::benign ? Presence::present : doubt ? Presence::uncertain : Presence::absent,
                    .reader = reader_at(in, o.first), .places = {}, .spared = {}, .patterns = {}, .hedges = {}, .rule = "reader"};
        if (doubt) s.hedges.push_back(bytes_of(in.at[said->first], in.at[said->last]));
        reading.statements.push_back(std::move(s));
    }
}

void settle_readers(Reading& reading) {
    using Reader = Statement::Reader;
    bool affirmed = false, refused = false, located = false;
    int denied = 0, asked = 0;
    const Statement* agreed = nullptr;
    const Statement* first = nullptr;  // by one of them
    for (const Statement& s : reading.statements) {
        if (s.reader == Reader::all) agreed = &s;
        if (s.reader != Reader::one) continue;
        affirmed = affirmed || s.presence == Presence::present;
        refused = refused || s.presence != Presence::present;
        located = located || s.located;
        denied += static_cast<int>(s.presence == Presence::absent);
        ++asked;
        if (first == nullptr) first = &s;
    }
    const bool all_deny = asked > 1 && denied == asked;
    const bool doubted = asked == 1 && denied == 1 && std::any_of(reading.statements.begin(), reading.statements.end(), [&](const Statement& s) { return s.reader == Reader::none && s.presence == Presence::uncertain && s.sentence + 1 >= first->sentence && s.start < first->start; });  // "probable LGE; the second reader did not agree"
    const Presence verdict = agreed != nullptr ? agreed->presence : (affirmed && refused) || doubted ? Presence::uncertain : all_deny ? Presence::absent : Presence::not_stated;
    if (verdict == Presence::not_stated || !(affirmed || refused)) return;
    for (Statement& s : reading.statements) {
        const bool before = agreed != nullptr && s.reader == Reader::none && s.start < agreed->start;  // told by one of them
        const bool judged = s.reader == Reader::none && !located && s.sentence == first->sentence && s.start < first->start;  // "LGE in segment 5: reader 1 yes, reader 2 no"
        if (!(s.reader == Reader::one || before || judged) || s.presence == verdict) continue;
        if (s.presence == Presence::absent || verdict == Presence::absent) s.artifact = true;  // has no say
        if (s.presence == Presence::absent) s.qualified = true;
        else s.presence = verdict;
        if (verdict == Presence::uncertain && agreed != nullptr) s.hedges = agreed->hedges;
    }
}

}  // namespace lge::report
