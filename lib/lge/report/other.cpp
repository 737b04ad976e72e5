#include "lge/report/gathered.hpp"

#include <algorithm>

namespace lge::report {

void read_rest(const Passage& in, Topic topic, bool said, Gathered& gathered) {
    bool asked = false;
    for (const Hit& h : in.hits) asked = asked || h.kind() == Kind::hypothetical;
    for (const Hit& h : in.hits) {
        if (asked) break;
        const bool no = denied(in, h.first, h.last, false) != nullptr;
        if (h.kind() == Kind::mvo) {
            if (!gathered.mvo || !no) gathered.mvo = !no;
        } else if (h.kind() == Kind::finding || (h.kind() == Kind::modality && h.entry->code == 1)) {
            if (!no) add_new(gathered.other, std::string_view(h.entry->value));
        } else if (h.kind() == Kind::artifact && (said || topic == Topic::lge || in.any(Kind::sequence) || in.at[h.first].word != 0)) {
            if (!no) add_new(gathered.other, std::string_view("artifact"));
        }
    }
    for (const Hit& s : in.side) {
        if (asked) break;
        if (s.kind() == Kind::viability && denied(in, s.first, s.last, true) == nullptr) {
            gathered.viable = gathered.viable || s.entry->code == 0;
            gathered.nonviable = gathered.nonviable || s.entry->code == 1;
            gathered.mixed = gathered.mixed || s.entry->code == 2;
        }
        if (s.kind() == Kind::near_transmural && said && denied(in, s.first, s.last, false) == nullptr) gathered.near_transmural = true;
        if (s.kind() == Kind::temporal && said) {
            bool here = false;
            for (const Target& t : in.targets) here = here || (!t.skip && t.clause == in.clause[s.first]);
            bool modality = false;
            for (const Hit& h : in.hits) {
                if (h.kind() != Kind::modality || in.clause[h.first] != in.clause[s.first]) continue;
                bool target_nearer = false;  // "oedema resolved and fibrosis was less"
                for (const Target& t : in.targets) target_nearer = target_nearer || (t.first > h.last && t.last < s.first) || (t.first > s.last && h.first > t.last);
                modality = modality || !target_nearer;
            }
            const bool strong = s.entry->code == 0 || s.entry->code == 4;
            bool raised = false;  // "increased signal"
            for (const Target& t : in.targets) raised = raised || (t.weak && s.first + 2 >= t.first && s.last <= t.last);
            if (here && !modality && !raised && (strong || denied(in, s.first, s.last, false) == nullptr)) gathered.temporal = s.entry->code;
        }
    }
}

}  // namespace lge::report
