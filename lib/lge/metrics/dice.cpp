#include "lge/metrics/dice.hpp"

#include "lge/base/error.hpp"
#include "lge/base/parallel.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace lge::metrics {
namespace {

struct Done {
    std::vector<MaskScore> scores;
    std::string reference_sha256, prediction_sha256;
    std::vector<std::string> problems;
    bool assumed = false;
};

Done score_pair(const DiceJob& job, const LabelSource& reference, const LabelSource& prediction, std::size_t r, std::size_t q) {
    const auto truth = reference.load(r), found = prediction.load(q);
    const auto &wanted = truth.volume, &given = found.volume;
    // Without --label the numbers are the suite's own; an image taken for a label map is found out here.
    if (!job.any_number) {
        check_labels(wanted, reference.name(r));
        check_labels(given, prediction.name(q));
    }
    if (const auto reason = volume::difference(given.grid, wanted.grid, job.grid_tolerance))
        throw Error(ExitCode::bad_data, prediction.name(q) + ": grid differs from reference: " + *reason);
    Done done{{}, truth.sha256, found.sha256, truth.problems, false};
    const auto& id = reference.id(r) == "-" ? prediction.id(q) : reference.id(r);
    try {
        if (job.by == By::case_) {
            done.scores = compare(id, wanted.voxels, given.voxels, wanted.grid, job.sets, job.settings);
        } else if (job.by == By::slice) {
            done.scores = compare_slices(id, wanted.voxels, given.voxels, wanted.grid, job.sets, job.settings);
        } else {
            const auto frame = reference.frame(r, wanted);
            done.assumed = frame.assumed && job.by == By::segment;
            done.scores = compare_parts(id, wanted.voxels, given.voxels, wanted.grid, part_map(wanted, frame, job.by), job.sets, job.settings);
        }
    } catch (const Error& e) {
        throw Error(e.code(), reference.name(r) + ": " + e.what());
    }
    if (const auto group = job.groups.of.find(id); group != job.groups.of.end())
        for (auto& s : done.scores) s.group = group->second;
    return done;
}

}  // namespace

std::vector<LabelSet> parse_label_sets(const std::vector<std::string>& texts) {
    if (texts.empty()) return default_label_sets();
    std::vector<LabelSet> sets;
    for (const auto& text : texts) {
        sets.push_back(parse_label_set(text));
        if (std::any_of(sets.begin(), sets.end() - 1, [&](const auto& s) { return s.name == sets.back().name; })) throw Error(ExitCode::usage, "a name is given twice");
    }
    return sets;
}

DiceScores score_pairs(const DiceJob& job, const LabelSource& reference, const LabelSource& prediction, const Pairing& pairing) {
    DiceScores all;
    std::set<std::string> known;
    const auto note = [&](const std::string& sha) {
        if (!sha.empty() && known.insert(sha).second) all.inputs.push_back(sha);
    };
    note(reference.sha256());
    note(prediction.sha256());
    const auto take = [&](Done done) {
        std::move(done.scores.begin(), done.scores.end(), std::back_inserter(all.scores));
        note(done.reference_sha256);
        note(done.prediction_sha256);
        for (const auto& p : done.problems) ++all.problems[p];
        all.assumed += done.assumed;
    };
    ordered_parallel(thread_count(job.threads), pairing.pairs.size(), [&](std::size_t p) { return score_pair(job, reference, prediction, pairing.pairs[p].first, pairing.pairs[p].second); }, take);
    return all;
}

void drop_absent(std::vector<MaskScore>& scores, const std::vector<LabelSet>& sets) {
    for (std::size_t s = 1; s < sets.size(); ++s) {
        const auto of_set = [&](const MaskScore& m) { return m.label == sets[s].name; };
        const auto occurs = [&](const MaskScore& m) { return of_set(m) && m.overlap.empty() != Empty::both; };
        if (std::none_of(scores.begin(), scores.end(), occurs)) std::erase_if(scores, of_set);
    }
}

}  // namespace lge::metrics
