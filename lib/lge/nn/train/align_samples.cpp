#include "lge/nn/train/align_samples.hpp"

#include "lge/nn/net/clauses.hpp"
#include "lge/synth/contrary.hpp"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>

namespace lge::nn {
namespace {

constexpr std::size_t trial_phantoms = 120, trial_drawings = 6;

synth::Settings draw_settings(const TrainInput& input, const Description& d) {
    synth::Settings s;
    s.population = input.population ? *input.population : synth::load_population("wide");
    s.wish.prior = input.prior;
    s.gate_sd = input.gate_sd;
    s.captions = 2;
    if (d.input == InputKind::strip) s.size = 96;  // 120 mm: a strip needs the heart and no more of the chest, which is half of the drawing
    return s;
}

KnownCase know(synth::DrawnCase drawn) {
    KnownCase one{{}, told_of(drawn), std::move(drawn)};
    one.view = view_of(one.drawn);
    return one;
}

/// Can scars be drawn into it? Not where its labels or sentences know of one already, nor where the level of a slice is
/// not known, since its segments have no names.
bool can_draw_into(const io::Cohort& cohort, std::size_t c, const Told& told) {
    if (told.present) return false;
    if (cohort.label.empty()) return true;  // synth::prepare says what is wrong
    const auto& one = cohort.cases[c];
    for (std::size_t n = one.first_slice; n < one.first_slice + one.slice_count; ++n) {
        if (cohort.level[n] == anatomy::Level::unknown) return false;
        for (const auto label : cohort.label_slice(n).span())
            if (anatomy::is_scar(label)) return false;
    }
    return true;
}

/// Another sentence about a slice, wrong in one field.
std::optional<Sentence> contrary(const Sentence& s, anatomy::Level level, Random& random) {
    constexpr std::array<synth::Changed, 4> fields{synth::Changed::presence, synth::Changed::wall, synth::Changed::level, synth::Changed::extent};
    const auto changed = synth::change(s.finding, level, random.pick(fields), random);
    if (!changed) return std::nullopt;
    return Sentence{synth::caption(*changed, level, synth::Style::clinical, random), meaning_of(*changed), {}};
}

/// The parts of a shard as they grow.
class Rows {
public:
    explicit Rows(const Description& d) : d_(d) {}

    void add(const AlignSamples::KnownSlices& one, std::vector<std::size_t> which, std::int64_t number, Looks looks, bool hard, Random& random) {
        const CaseInput in = input_of(one.view, d_, std::move(which), looks, random);
        const bool posed = looks != Looks::any_pose;
        rows_.push_back(in.rows);
        if (in.scar.defined()) scar_.push_back(in.scar);
        for (const std::size_t k : in.slices) {
            const anatomy::Level level = one.view.slices[k].level;
            const Sentence& s = random.pick(one.told.slices[k]);
            const auto shown = shown_by(one.told.slices[k]);
            put(seen_, seen_in(shown ? *shown : s.meaning, posed));
            put(tokens_, s.text);
            put(meaning_, s.meaning);
            const auto other = hard ? contrary(s, level, random) : std::nullopt;
            put(hard_tokens_, other ? other->text : "");
            put(hard_meaning_, other ? other->meaning : Meaning{});
            for (std::int64_t sector = 0; sector < most_sectors; ++sector) {
                const int id = segment_of_sector(level, sector);
                const bool known = id > 0 && shown && (posed || !shown->present);
                sectors_.push_back(known ? state_of_segment(id, shown->segments, shown->patterns) : sector_state::unknown);
            }
            level_.push_back(static_cast<std::int64_t>(level));
            of_case_.push_back(number);
        }
        const Sentence& s = random.pick(one.told.whole);
        put(case_seen_, seen_in(s.meaning, posed));
        put(case_tokens_, s.text);
        put(case_meaning_, s.meaning);
    }

    /// In the order of AlignSamples::Part.
    [[nodiscard]] Tensors tensors() const {
        const auto matrix = [](const std::vector<std::int64_t>& v, std::int64_t columns) { return torch::tensor(v, torch::kInt64).view({-1, columns}); };
        const std::int64_t length = d_.text_length;
        Tensors all{at::cat(rows_), matrix(seen_, 3), matrix(tokens_, length), matrix(meaning_, 3), matrix(hard_tokens_, length), matrix(hard_meaning_, 3),
                    matrix(sectors_, most_sectors), torch::tensor(level_, torch::kInt64), torch::tensor(of_case_, torch::kInt64), matrix(case_seen_, 3),
                    matrix(case_tokens_, length), matrix(case_meaning_, 3)};
        if (!scar_.empty()) all.push_back(at::cat(scar_));
        return all;
    }

private:
    /// What an image shows; where its pose is lost, in no place that could be named.
    static Meaning seen_in(Meaning m, bool posed) {
        if (!posed) m.segments = 0;
        return m;
    }
    static void put(std::vector<std::int64_t>& out, const Meaning& m) { out.insert(out.end(), {m.present ? 1 : 0, m.segments, m.patterns}); }
    void put(std::vector<std::int64_t>& out, const std::string& text) const {
        if (text.empty()) {
            out.insert(out.end(), static_cast<std::size_t>(d_.text_length), Tokenizer::pad);
            return;
        }
        const auto row = d_.tokenizer.encode(text, static_cast<std::size_t>(d_.text_length));
        out.insert(out.end(), row.begin(), row.end());
    }

    const Description& d_;
    std::vector<Tensor> rows_, scar_;
    std::vector<std::int64_t> seen_, tokens_, meaning_, hard_tokens_, hard_meaning_, sectors_, level_, of_case_, case_seen_, case_tokens_, case_meaning_;
};

}  // namespace

AlignSamples::AlignSamples(const TrainInput& input, const Description& d, std::vector<std::vector<Told>> told, const Recipe& recipe)
    : description_(d), seed_(recipe.seed), mix_(input.sources()), any_pose_(recipe.any_pose), hard_(!recipe.no_hard_negatives), settings_(draw_settings(input, d)), phantoms_{settings_, settings_} {
    phantoms_[0].normal_fraction = 1;
    phantoms_[1].normal_fraction = 0;
    for (std::size_t h = 0; h < input.cohorts.size(); ++h)
        for (std::size_t c = 0; c < input.cohorts[h].cases.size(); ++c) {
            const io::Cohort& cohort = input.cohorts[h];
            if (held_out(cohort.cases[c].id, input)) continue;
            if (mix_.synth > 0 && can_draw_into(cohort, c, told[h][c])) canvases_.push_back(synth::prepare(cohort, c));
            if (mix_.real <= 0) continue;
            Case one = with_slices({view_of(cohort, c), std::move(told[h][c]), {}});
            if (!one.slices.empty()) cases_.push_back(std::move(one));
        }
    for (const auto& one : cases_) by_presence_[one.told.present].push_back(&one);
    if (mix_.real > 0 && (by_presence_[0].empty() || by_presence_[1].empty()))
        throw Error(ExitCode::bad_data, fmt::format("{} cases with enhancement and {} without; wanted some of both", by_presence_[1].size(), by_presence_[0].size()));
    if (mix_.synth > 0 && canvases_.empty()) throw Error(ExitCode::bad_data, "no scar-free heart with labels to draw scars into");
}

AlignSamples::Case AlignSamples::with_slices(KnownCase known) const {
    Case one{std::move(known), {}};
    for (const std::size_t k : readable_slices(one.view, description_))
        if (!one.told.slices[k].empty()) one.slices.push_back(k);
    return one;
}

template <class Draw>
AlignSamples::Case AlignSamples::drawn(bool present, std::uint64_t number, Draw draw) const {
    constexpr std::uint64_t draws = 6;
    for (std::uint64_t again = 0;; ++again) {
        synth::DrawnCase heart = draw(number * draws + again);
        const bool last = again + 1 == draws;
        if (!last && told_of(heart).present != present) continue;
        Case one = with_slices(know(std::move(heart)));
        if (last || !one.slices.empty()) return one;
    }
}

AlignSamples::Case AlignSamples::drawn_case(Source source, bool present, std::uint64_t number, Random& random) const {
    if (source == Source::phantom)
        return drawn(present, number, [&](std::uint64_t i) { return synth::draw_case(phantoms_[present], seed_ ^ hash_name("align phantom"), i); });
    const synth::Canvas& canvas = random.pick(canvases_);
    return drawn(present, number, [&](std::uint64_t i) { return synth::draw_into(canvas, settings_, seed_ ^ hash_name("align drawing"), i); });
}

Tensors AlignSamples::draw(std::uint64_t step, std::size_t shard, std::size_t shards) const {
    const std::uint64_t number = step * shards + shard;
    Rows shard_rows(description_);
    Case own;
    for (std::uint64_t i = 0, tried = 0; i < cases_of_shard; ++tried) {
        if (tried == 64) throw Error(ExitCode::bad_data, "no heart that is drawn has a wall that can be read");
        const std::uint64_t item = (number * cases_of_shard + i) * 64 + tried;
        Random random(seed_, item, "align sample");
        const bool present = random.chance(0.5);
        const std::array<double, 3> weights{mix_.real, mix_.synth, mix_.phantom};
        const auto source = static_cast<Source>(random.weighted(weights));
        if (source != Source::real) own = drawn_case(source, present, item, random);
        const Case& one = source == Source::real ? *random.pick(by_presence_[present]) : own;
        if (one.slices.empty()) continue;
        auto which = one.slices;
        for (std::size_t k = 0; k + 1 < which.size(); ++k) std::swap(which[k], which[k + random.below(static_cast<std::uint32_t>(which.size() - k))]);
        which.resize(std::min(which.size(), most_slices));
        std::sort(which.begin(), which.end());
        shard_rows.add(one, std::move(which), static_cast<std::int64_t>(shard * cases_of_shard + i), random.chance(any_pose_) ? Looks::any_pose : Looks::posed, hard_, random);
        ++i;
    }
    return shard_rows.tensors();
}

std::vector<KnownCase> trials_of(const TrainInput& input, const Description& d, const std::vector<std::vector<Told>>& told, std::uint64_t seed) {
    std::vector<KnownCase> trials;
    const synth::Settings settings = draw_settings(input, d);
    for (std::size_t h = 0; h < input.cohorts.size(); ++h)
        for (std::size_t c = 0; c < input.cohorts[h].cases.size(); ++c) {
            const io::Cohort& cohort = input.cohorts[h];
            if (!held_out(cohort.cases[c].id, input)) continue;
            if (input.mix.real > 0) trials.push_back({view_of(cohort, c), told[h][c], {}});
            if (input.mix.synth <= 0 || !can_draw_into(cohort, c, told[h][c])) continue;
            const synth::Canvas canvas = synth::prepare(cohort, c);
            for (std::size_t i = 0; i < trial_drawings; ++i) trials.push_back(know(synth::draw_into(canvas, settings, seed ^ hash_name("align trial"), trials.size())));
        }
    if (input.cohorts.empty())
        for (std::size_t i = 0; i < trial_phantoms; ++i) trials.push_back(know(synth::draw_case(settings, seed ^ hash_name("align trial"), i)));
    return trials;
}

}  // namespace lge::nn
