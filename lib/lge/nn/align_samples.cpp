#include "lge/nn/align_samples.hpp"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>

namespace lge::nn {
namespace {

constexpr std::size_t trial_phantoms = 120, sampled_phantoms = 200;

synth::Settings phantom_settings(const TrainInput& input) {
    synth::Settings s;
    s.population = *input.population;
    s.captions = 2;
    return s;
}

KnownCase know(synth::DrawnCase drawn, const Segmenter* segmenter) {
    KnownCase one{{}, told_of(drawn), std::move(drawn), {}};
    if (segmenter) one.seen = segmenter->segment(one.drawn.image);
    one.view = view_of(one.drawn, segmenter ? &one.seen : nullptr);
    return one;
}

void put_meaning(const Meaning& m, std::int64_t* out) {
    out[0] = m.present;
    out[1] = m.segments;
    out[2] = m.patterns;
}

void put_tokens(const Description& d, const std::string& text, std::int64_t* out) {
    const auto row = d.tokenizer.encode(text, static_cast<std::size_t>(d.text_length));
    std::copy(row.begin(), row.end(), out);
}

}  // namespace

AlignSamples::AlignSamples(const TrainInput& input, const Description& d, std::vector<std::vector<Told>> told, std::uint64_t seed)
    : description_(d), seed_(seed), phantom_share_(input.cohorts.empty() ? 1 : input.phantom_share), segmenter_(input.segmenter.get()) {
    for (std::size_t h = 0; h < input.cohorts.size(); ++h)
        for (std::size_t c = 0; c < input.cohorts[h].cases.size(); ++c) {
            if (held_out(input.cohorts[h].cases[c].id, input.hold_out)) continue;
            Case one = with_slices({view_of(input.cohorts[h], c), std::move(told[h][c]), {}, {}});
            if (!one.slices.empty()) cases_.push_back(std::move(one));
        }
    for (const auto& one : cases_) by_presence_[one.told.present].push_back(&one);
    if (input.population) phantoms_ = phantom_settings(input);
    else if (by_presence_[0].empty() || by_presence_[1].empty())
        throw Error(ExitCode::bad_data, fmt::format("{} cases with enhancement and {} without; wanted some of both", by_presence_[1].size(), by_presence_[0].size()));
}

AlignSamples::Case AlignSamples::with_slices(KnownCase known) const {
    Case one{std::move(known), {}};
    for (const std::size_t k : readable_slices(one.view, description_))
        if (!one.told.slices[k].empty()) one.slices.push_back(k);
    return one;
}

std::vector<std::string> AlignSamples::texts() const {
    std::vector<std::string> all;
    const auto add = [&](const Told& told) {
        for (const auto& own : told.slices)
            for (const auto& s : own) all.push_back(s.text);
        for (const auto& s : told.whole) all.push_back(s.text);
    };
    for (const auto& one : cases_) add(one.told);
    if (phantoms_)
        for (std::size_t i = 0; i < sampled_phantoms; ++i) add(told_of(synth::draw_case(*phantoms_, seed_ ^ hash_name("align phantom"), i)));
    return all;
}

Tensors AlignSamples::draw(std::uint64_t step, std::size_t shard, std::size_t shards) const {
    const std::uint64_t number = step * shards + shard;
    std::vector<Tensor> all_rows, all_scar;
    std::vector<std::int64_t> tokens_, meaning_, level_, of_case_, case_tokens_, case_meaning_;
    const auto length = static_cast<std::size_t>(description_.text_length);
    const auto grow = [](std::vector<std::int64_t>& v, std::size_t by) {
        v.resize(v.size() + by);
        return v.data() + v.size() - by;
    };
    Case drawn;
    std::int64_t case_number = static_cast<std::int64_t>(shard * cases_of_shard);
    for (std::uint64_t i = 0, tried = 0; i < cases_of_shard; ++tried) {
        if (tried == 64) throw Error(ExitCode::bad_data, "no heart that is drawn has a wall that can be read");
        Random random(seed_, (number * cases_of_shard + i) * 64 + tried, "align sample");
        const bool present = random.chance(0.5);
        const Case* one = nullptr;
        if (phantoms_ && random.chance(phantom_share_)) {
            // Phantoms come as they are drawn; one of the wrong answer is drawn anew, at most a few times.
            for (std::uint64_t again = 0; again < 6; ++again) {
                auto heart = synth::draw_case(*phantoms_, seed_ ^ hash_name("align phantom"), ((number * cases_of_shard + i) * 64 + tried) * 8 + again);
                const bool wanted = told_of(heart).present == present;
                if (!wanted && again < 5) continue;
                drawn = with_slices(know(std::move(heart), segmenter_));
                if (!drawn.slices.empty() && wanted) break;
            }
            one = &drawn;
        } else {
            one = random.pick(by_presence_[present]);
        }
        if (one->slices.empty()) continue;
        auto which = one->slices;
        for (std::size_t k = 0; k + 1 < which.size(); ++k) std::swap(which[k], which[k + random.below(static_cast<std::uint32_t>(which.size() - k))]);
        which.resize(std::min(which.size(), most_slices));
        std::sort(which.begin(), which.end());
        const CaseInput in = input_of(one->view, description_, which, &random);
        all_rows.push_back(in.rows);
        if (in.scar.defined()) all_scar.push_back(in.scar);
        for (const std::size_t k : in.slices) {
            const Sentence& s = random.pick(one->told.slices[k]);
            put_tokens(description_, s.text, grow(tokens_, length));
            put_meaning(s.meaning, grow(meaning_, 3));
            level_.push_back(static_cast<std::int64_t>(one->view.slices[k].level));
            of_case_.push_back(case_number);
        }
        const Sentence& s = random.pick(one->told.whole);
        put_tokens(description_, s.text, grow(case_tokens_, length));
        put_meaning(s.meaning, grow(case_meaning_, 3));
        ++case_number;
        ++i;
    }
    const auto matrix = [](std::vector<std::int64_t>& v, std::size_t columns) {
        return torch::tensor(v, torch::kInt64).view({-1, static_cast<std::int64_t>(columns)});
    };
    Tensors batch{at::cat(all_rows), matrix(tokens_, length), matrix(meaning_, 3), torch::tensor(level_, torch::kInt64), torch::tensor(of_case_, torch::kInt64),
                  matrix(case_tokens_, length), matrix(case_meaning_, 3)};
    if (!all_scar.empty()) batch.push_back(at::cat(all_scar));
    return batch;
}

std::vector<KnownCase> trials_of(const TrainInput& input, const std::vector<std::vector<Told>>& told, std::uint64_t seed) {
    std::vector<KnownCase> trials;
    for (std::size_t h = 0; h < input.cohorts.size(); ++h)
        for (std::size_t c = 0; c < input.cohorts[h].cases.size(); ++c)
            if (held_out(input.cohorts[h].cases[c].id, input.hold_out)) trials.push_back({view_of(input.cohorts[h], c), told[h][c], {}, {}});
    if (input.cohorts.empty())
        for (std::size_t i = 0; i < trial_phantoms; ++i)
            trials.push_back(know(synth::draw_case(phantom_settings(input), seed ^ hash_name("align trial"), i), input.segmenter.get()));
    return trials;
}

}  // namespace lge::nn
