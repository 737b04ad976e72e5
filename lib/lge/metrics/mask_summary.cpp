#include "lge/metrics/mask_summary.hpp"

#include "lge/base/error.hpp"
#include "lge/base/hash.hpp"
#include "lge/json/reader.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace lge::metrics {
namespace {

/// What is summed up together.
struct Heading {
    std::string_view label, group;
    Part part;
    explicit Heading(const MaskScore& s) : label(s.label), group(s.group), part(s.part) { part.slice.reset(); }
    bool operator==(const Heading&) const = default;
};

/// Scores under one heading, in the order of its first appearance.
std::vector<std::pair<Heading, std::vector<const MaskScore*>>> gather(std::span<const MaskScore> scores) {
    std::vector<std::pair<Heading, std::vector<const MaskScore*>>> all;
    for (const auto& s : scores) {
        const Heading heading(s);
        auto at = std::find_if(all.begin(), all.end(), [&](const auto& known) { return known.first == heading; });
        if (at == all.end()) at = all.insert(all.end(), {heading, {}});
        at->second.push_back(&s);
    }
    return all;
}

/// Numbers cases in the order of first appearance.
class CaseNumbers {
public:
    std::size_t operator()(std::string_view id) { return numbers_.emplace(id, numbers_.size()).first->second; }

private:
    std::map<std::string_view, std::size_t> numbers_;
};

/// The figures that grow or fall with the quality of a prediction.
constexpr std::array<std::string_view, 12> judged{"dice", "jaccard", "precision", "recall", "hd_mm", "hd95_mm", "assd_mm", "masd_mm",
                                                  "surface_dice", "boundary_iou", "lesion_recall", "lesion_precision"};

}  // namespace

const Spread& MaskSummary::figure(std::string_view name) const {
    const auto found = std::find_if(figures.begin(), figures.end(), [&](const FigureSpread& f) { return f.name == name; });
    if (found == figures.end()) throw Error(ExitCode::internal, "no such figure");
    return found->spread;
}

std::vector<MaskSummary> summarise(std::span<const MaskScore> scores, const Bootstrap& bootstrap) {
    const bool lesions = std::any_of(scores.begin(), scores.end(), [](const MaskScore& s) { return s.lesions.has_value(); });
    std::vector<MaskSummary> all;
    for (const auto& [heading, members] : gather(scores)) {
        MaskSummary summary{std::string(heading.label), std::string(heading.group), heading.part, members.front()->part.slice.has_value(), members.size(), 0, 0, 0, {}};
        for (const auto* s : members) {
            summary.both_empty += s->overlap.empty() == Empty::both;
            summary.prediction_empty += s->overlap.empty() == Empty::prediction;
            summary.reference_empty += s->overlap.empty() == Empty::reference;
        }
        for (const auto& figure : mask_figures(lesions)) {
            std::vector<double> values;
            std::vector<std::size_t> cases;
            CaseNumbers number;
            for (const auto* s : members)
                if (const auto v = figure.of(*s)) {
                    values.push_back(*v);
                    cases.push_back(number(s->id));
                }
            summary.figures.push_back({figure.name, spread(values, bootstrap, figure.name, cases)});
        }
        all.push_back(std::move(summary));
    }
    return all;
}

double lowest_mean_dice(std::span<const MaskScore> scores) {
    std::map<std::string_view, std::pair<double, double>> sums;  // of Dice, of cases
    for (const auto& s : scores) {
        if (s.policy == EmptyPolicy::omit && s.overlap.empty() == Empty::both) continue;
        auto& [sum, n] = sums[s.label];
        sum += s.overlap.dice();
        ++n;
    }
    double lowest = 1;
    for (const auto& [label, of] : sums) lowest = std::min(lowest, of.first / of.second);
    return lowest;
}

std::vector<MaskComparison> compare_sets(std::span<const MaskScore> a, std::span<const MaskScore> b, const Bootstrap& bootstrap) {
    using Key = std::tuple<std::string_view, std::string_view, Part>;
    std::map<Key, const MaskScore*> second;
    for (const auto& s : b) second.emplace(Key{s.id, s.label, s.part}, &s);
    std::vector<MaskComparison> all;
    for (const auto& [heading, members] : gather(a)) {
        std::vector<std::pair<const MaskScore*, const MaskScore*>> pairs;
        for (const auto* s : members)
            if (const auto other = second.find(Key{s->id, s->label, s->part}); other != second.end()) pairs.emplace_back(s, other->second);
        if (pairs.empty()) continue;
        MaskComparison c{std::string(heading.label), std::string(heading.group), heading.part, pairs.size(), {}};
        for (const auto& figure : mask_figures(pairs.front().first->lesions.has_value())) {
            if (std::find(judged.begin(), judged.end(), figure.name) == judged.end()) continue;
            std::vector<double> of_a, of_b;
            std::vector<std::size_t> cases;
            CaseNumbers number;
            for (const auto& [first, other] : pairs) {
                const auto x = figure.of(*first), y = figure.of(*other);
                if (!x || !y) continue;
                of_a.push_back(*x);
                of_b.push_back(*y);
                cases.push_back(number(first->id));
            }
            c.figures.push_back({figure.name, paired(of_a, of_b, cases, bootstrap, figure.name)});
        }
        all.push_back(std::move(c));
    }
    return all;
}

Groups read_groups(const std::string& path) {
    Bytes file = read_file(path);
    Groups groups{{}, sha256(file)};
    json::Lines lines(std::move(file), display_name(path));
    while (const auto line = lines.next()) {
        try {
            const auto id = line->text("id"), group = line->text("group");
            if (group.empty()) throw Error(ExitCode::bad_data, "group is empty");
            if (!groups.of.emplace(id, group).second) throw Error(ExitCode::bad_data, "this id has a group on an earlier line");
        } catch (const Error& e) {
            lines.refuse(e.what());
        }
    }
    return groups;
}

}  // namespace lge::metrics
