#include "lge/nn/infer/detector.hpp"

#include "lge/base/stream.hpp"
#include "lge/nn/infer/evidence.hpp"
#include "lge/nn/infer/forward.hpp"
#include "lge/nn/infer/heat.hpp"
#include "lge/nn/net/align_data.hpp"
#include "lge/nn/net/caption.hpp"
#include "lge/report/parse.hpp"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace lge::nn {
namespace {

std::vector<float> numbers_of(const Tensor& t) {
    const Tensor row = t.to(torch::kCPU, torch::kFloat32).contiguous();
    return {row.const_data_ptr<float>(), row.const_data_ptr<float>() + row.numel()};
}

/// The sentences of all classes.
std::vector<std::string> sentences_of(const PromptSet& prompts) {
    std::vector<std::string> all = prompts.presence.present;
    for (const auto& c : prompts.classes) all.insert(all.end(), c.prompts.present.begin(), c.prompts.present.end());
    all.insert(all.end(), prompts.presence.absent.begin(), prompts.presence.absent.end());
    return all;
}

std::optional<std::string>& field(io::DetectionRecord& r, Aspect aspect) { return aspect == Aspect::wall ? r.wall : aspect == Aspect::level ? r.level : r.extent; }

std::string_view word_of(Aspect wanted) {
    for (const auto& [word, aspect] : choices(Aspect{}))
        if (aspect == wanted) return word;
    return {};
}

/// Scores of segments; those called are named where there is a call.
void add_segments(io::DetectionRecord& r, const Tensor& scores, double threshold) {
    r.segments.emplace();
    for (std::size_t s = 0; const float score : numbers_of(scores)) {
        ++s;
        r.segment_scores.push_back(std::isnan(score) ? std::nullopt : std::optional<double>(score));
        if (r.present && !std::isnan(score) && score >= threshold) r.segments->push_back(static_cast<int>(s));
    }
}

/// How well a class fits what the sectors show: a wall or level by the mean score of its segments, as far as they were seen, an
/// extent by its clause's share in the segments that reach the threshold. Nothing where no segment was seen.
std::optional<double> fit(const PromptClass& c, const Tensor& shares, const std::vector<std::optional<double>>& scores, double threshold) {
    if (c.aspect == Aspect::extent) {
        const Tensor enhanced = segment_scores(shares).ge(threshold);
        if (!enhanced.any().item<bool>()) return std::nullopt;
        const auto clause = 1 + static_cast<std::int64_t>(*anatomy::from_word<anatomy::Extent>(c.name));
        return shares.select(-1, clause).masked_select(enhanced).sum().item<double>();
    }
    const auto of = c.aspect == Aspect::wall ? anatomy::segments_of(*anatomy::from_word<anatomy::Wall>(c.name), anatomy::Level::unknown)
                                             : anatomy::segments_of(*anatomy::from_word<anatomy::Level>(c.name));
    double sum = 0, count = 0;
    of.each([&](int segment) {
        if (const auto& score = scores[static_cast<std::size_t>(segment) - 1]) {
            sum += *score;
            ++count;
        }
    });
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

/// What a record names: the segments that were seen of its wall and level, and its extent.
Meaning shown_in(const io::DetectionRecord& r) {
    Meaning shown{r.present, 0, 0};
    for (std::size_t s = 0; s < r.segment_scores.size(); ++s)
        if (r.segment_scores[s]) shown.segments |= 1U << (s + 1);
    if (r.wall) shown.segments &= anatomy::segments_of(*anatomy::from_word<anatomy::Wall>(*r.wall), anatomy::Level::unknown).bits;
    if (r.level) shown.segments &= anatomy::segments_of(*anatomy::from_word<anatomy::Level>(*r.level)).bits;
    if (r.extent) shown.patterns = 1U << static_cast<unsigned>(*anatomy::from_word<anatomy::Pattern>(*r.extent));
    return shown;
}

}  // namespace

struct Detector::State {
    Description description;
    std::string other;                  // than what the thresholds are set for
    std::shared_ptr<AlignNet> net;
    std::vector<PromptClass> classes;
    std::vector<KnownSentence> captions;
    std::vector<Meaning> said;          // by each of them
    Tensor directions;       // [E,1+K]: presence, then the classes
    Tensor caption_vectors;  // [T,E]
    Tensor clauses;          // [16,5,E]
    torch::Device device;
    std::optional<report::Lexicon> lexicon = {};  // for a model that writes captions

    /// The column of `directions` of "presence" or of a class; usage when there is no such class.
    std::int64_t direction_of(const std::string& name) const {
        if (name == "presence") return 0;
        const auto found = std::find_if(classes.begin(), classes.end(), [&](const auto& c) { return c.name == name; });
        if (found == classes.end()) throw Error(ExitCode::usage, "the prompts have no class " + name);
        return 1 + (found - classes.begin());
    }

    /// The answer for a score and the margins of all classes [1+K].
    io::DetectionRecord answer(const std::string& id, std::optional<std::int64_t> slice, const std::vector<float>& margins) const {
        const Description& d = description;
        io::DetectionRecord r;
        r.id = id;
        r.unit = slice ? "slice" : "case";
        r.slice = slice;
        r.score = margins[0];
        r.probability = probability_of(r.score, d);
        r.threshold = slice ? d.slice_threshold : d.case_threshold;
        r.present = r.probability >= r.threshold;
        std::array<double, choices(Aspect{}).size()> best;
        best.fill(-INFINITY);
        for (std::size_t k = 0; k < classes.size(); ++k) {
            const Aspect aspect = classes[k].aspect;
            if (slice && aspect == Aspect::level) continue;  // a slice has the level that it has
            const double margin = margins[1 + k];
            const auto word = word_of(aspect);
            auto group = std::find_if(r.margins.begin(), r.margins.end(), [&](const auto& m) { return m.kind == word; });
            if (group == r.margins.end()) group = r.margins.insert(r.margins.end(), {std::string(word), {}});
            group->classes.emplace_back(classes[k].name, margin);
            if (!r.present || margin <= best[static_cast<std::size_t>(aspect)]) continue;
            best[static_cast<std::size_t>(aspect)] = margin;
            field(r, aspect) = classes[k].name;
        }
        return r;
    }

    /// Scores of the segments, and names by what the sectors show where any was seen; `shares` [n,17,5] of n slices.
    void add_places(io::DetectionRecord& r, const Tensor& shares) const {
        add_segments(r, highest_scores(segment_scores(shares)), description.segment_threshold);
        if (!r.present) return;
        std::array<double, choices(Aspect{}).size()> best;
        best.fill(-INFINITY);
        for (const auto& c : classes) {
            if (r.slice && c.aspect == Aspect::level) continue;
            const auto fits = fit(c, shares, r.segment_scores, description.segment_threshold);
            if (!fits || *fits <= best[static_cast<std::size_t>(c.aspect)]) continue;
            best[static_cast<std::size_t>(c.aspect)] = *fits;
            field(r, c.aspect) = c.name;
        }
    }

    /// The nearest to `vector` [E] of the sentences that contradict nothing in the record; where each does, of those that say
    /// the same of presence.
    void add_caption(io::DetectionRecord& r, const Tensor& vector) const {
        if (captions.empty()) return;
        const auto fit = numbers_of(at::mv(caption_vectors, vector));
        const Meaning shown = shown_in(r);
        const KnownSentence *nearest = nullptr, *agreeing = nullptr;
        float best = -INFINITY, best_agreeing = -INFINITY;
        for (std::size_t t = 0; t < captions.size(); ++t) {
            if (said[t].present != shown.present) continue;
            if (fit[t] > best) best = fit[t], nearest = &captions[t];
            if (fit[t] > best_agreeing && relate(shown, said[t]) != Relation::negative) best_agreeing = fit[t], agreeing = &captions[t];
        }
        if (const auto* chosen = agreeing ? agreeing : nearest) r.caption = chosen->text;
    }
};

Detector::Detector(const std::string& model, const Questions& questions, DeviceChoice device) {
    const io::Safetensors file = io::read_safetensors(model);
    const std::string name = display_name(model);
    Description d = parse_description(file.metadata, Task::align, name);
    state_ = guard_torch([&] {
        const torch::Device where = prepare_torch(device, 1);  // cases are judged side by side instead
        std::unique_ptr<State> s(new State{std::move(d), {}, nullptr, questions.prompts.classes, questions.captions, {}, {}, {}, {}, where});
        if (questions.pooling && *questions.pooling != s->description.pooling) s->other = "pooling";
        else if (!s->description.prompts.empty() && s->description.prompts != identity_of(questions.prompts.presence)) s->other = "prompts";
        s->description.pooling = questions.pooling.value_or(s->description.pooling);
        s->net = make_align_net(s->description);
        load_parameters(*s->net, file, "", name);
        for (auto& p : s->net->parameters()) p.set_requires_grad(false);
        s->net->to(where);
        if (s->captions.empty()) s->captions = understand(sentences_of(questions.prompts));
        if (s->net->decoder) s->lexicon = report::shipped_lexicon();
        std::vector<std::string> texts;
        for (const auto& c : s->captions) {
            texts.push_back(c.text);
            s->said.push_back(meaning_of(c.finding));
        }
        if (!texts.empty()) s->caption_vectors = sentence_vectors(*s->net, s->description, texts, where);
        std::vector<Tensor> directions{prompt_direction(*s->net, s->description, questions.prompts.presence, where)};
        for (const auto& c : s->classes) directions.push_back(prompt_direction(*s->net, s->description, c.prompts, where));
        s->directions = at::stack(directions, 1);
        const torch::NoGradGuard no_grad;
        s->clauses = clause_vectors(*s->net, without_padding(clause_tokens(s->description)).to(where));
        return s;
    });
}
Detector::~Detector() = default;
Detector::Detector(Detector&&) noexcept = default;

std::string Detector::other_than_calibrated() const { return state_->other; }

void Detector::check_captions() const {
    for (const auto wanted : {anatomy::Presence::present, anatomy::Presence::absent})
        if (std::none_of(state_->captions.begin(), state_->captions.end(), [&](const KnownSentence& k) { return k.finding.lge == wanted; }))
            throw Error(ExitCode::bad_data, fmt::format("of the sentences to choose from lge-reportparse understands none as {} enhancement; name others with --captions",
                                                        wanted == anatomy::Presence::present ? "affirming" : "denying"));
}

void Detector::check_heat(const std::vector<std::string>& of) const {
    std::set<std::string> before;
    for (const auto& what : of) {
        if (what != "scar") (void)state_->direction_of(what);
        if (!before.insert(what).second) throw Error(ExitCode::usage, "a heat map of " + what + " is asked for twice");
    }
}
std::string Detector::default_heat() const { return state_->description.input == InputKind::strip ? "scar" : "presence"; }

OfCase<io::DetectionRecord> Detector::judge(const io::Cohort& cohort, std::size_t c) const {
    return guard_torch([&] {
        torch::NoGradGuard no_grad;
        at::set_num_threads(1);
        const State& s = *state_;
        OfCase<io::DetectionRecord> answers{{}, std::vector<std::optional<io::DetectionRecord>>(cohort.cases[c].slice_count)};
        const CaseLook look = look_at(*s.net, s.description, view_of(cohort, c), s.device);
        if (look.which.empty()) return answers;
        const std::string& id = cohort.cases[c].id;
        const Tensor slices = at::matmul(look.slices, s.directions), whole = at::matmul(look.whole.unsqueeze(0), s.directions)[0];
        const Tensor shares = clause_shares(*s.net, s.clauses, look.seen, look.level);
        answers.whole = s.answer(id, std::nullopt, numbers_of(pool_scores(slices, whole, s.description.pooling)));
        s.add_places(*answers.whole, shares);
        s.add_caption(*answers.whole, look.whole);
        for (std::size_t i = 0; i < look.which.size(); ++i) {
            const auto row = static_cast<std::int64_t>(i);
            auto& answer = answers.slices[look.which[i]].emplace(s.answer(id, static_cast<std::int64_t>(look.which[i]), numbers_of(slices[row])));
            s.add_places(answer, shares.slice(0, row, row + 1));
            s.add_caption(answer, look.slices[row]);
        }
        return answers;
    });
}

OfCase<io::CaptionRecord> Detector::caption(const io::Cohort& cohort, std::size_t c) const {
    const auto answers = judge(cohort, c);
    OfCase<io::CaptionRecord> captions{{}, std::vector<std::optional<io::CaptionRecord>>(answers.slices.size())};
    const auto of = [&](const std::optional<io::DetectionRecord>& r) -> std::optional<io::CaptionRecord> {
        if (!r || !r->caption) return std::nullopt;
        const auto known = std::find_if(state_->captions.begin(), state_->captions.end(), [&](const auto& k) { return k.text == *r->caption; });
        return io::CaptionRecord{r->id, "", r->slice, known->text, known->finding};
    };
    captions.whole = of(answers.whole);
    for (std::size_t k = 0; k < answers.slices.size(); ++k) captions.slices[k] = of(answers.slices[k]);
    return captions;
}

OfCase<io::CaptionRecord> Detector::write(const io::Cohort& cohort, std::size_t c) const {
    const State& s = *state_;
    if (!s.net->decoder) throw Error(ExitCode::usage, "the model has no decoder to write captions with (lge-train --caption-weight)");
    const auto answers = judge(cohort, c);
    auto captions = caption(cohort, c);
    if (!answers.whole) return captions;
    return guard_torch([&] {
        const torch::NoGradGuard no_grad;
        const CaseLook look = look_at(*s.net, s.description, view_of(cohort, c), s.device);
        report::Parser parser(*s.lexicon);
        const auto sign = [](bool present) { return present ? 1.0 : -1.0; };
        double clearest = -INFINITY;
        for (std::size_t i = 0; i < look.which.size(); ++i) {
            const auto& answer = *answers.slices[look.which[i]];
            Writing writing;
            writing.allowed = [&](const std::string& text) { return parser.read(text).finding.lge == (answer.present ? anatomy::Presence::present : anatomy::Presence::absent); };
            const auto row = static_cast<std::int64_t>(i);
            const auto written = generate(*s.net->decoder, s.description.tokenizer, look.seen.tokens.slice(0, row, row + 1), writing)[0];
            if (!written) continue;
            captions.slices[look.which[i]] = io::CaptionRecord{answer.id, "", answer.slice, written->text, parser.read(written->text).finding};
            const double clear = sign(answer.present) * answer.score;
            if (answer.present != answers.whole->present || clear <= clearest) continue;
            clearest = clear;
            captions.whole = captions.slices[look.which[i]];
            captions.whole->slice.reset();
        }
        return captions;
    });
}

OfCase<std::vector<float>> Detector::embed(const io::Cohort& cohort, std::size_t c) const {
    return guard_torch([&] {
        at::set_num_threads(1);
        OfCase<std::vector<float>> vectors{{}, std::vector<std::optional<std::vector<float>>>(cohort.cases[c].slice_count)};
        const CaseLook look = look_at(*state_->net, state_->description, view_of(cohort, c), state_->device);
        if (look.which.empty()) return vectors;
        vectors.whole = numbers_of(look.whole);
        for (std::size_t i = 0; i < look.which.size(); ++i) vectors.slices[look.which[i]] = numbers_of(look.slices[static_cast<std::int64_t>(i)]);
        return vectors;
    });
}

std::vector<std::vector<float>> Detector::embed(const std::vector<std::string>& sentences) const {
    return guard_torch([&] {
        const Tensor rows = sentence_vectors(*state_->net, state_->description, sentences, state_->device);
        std::vector<std::vector<float>> vectors;
        for (std::int64_t t = 0; t < rows.size(0); ++t) vectors.push_back(numbers_of(rows[t]));
        return vectors;
    });
}

volume::Volume<float> Detector::heat(const io::Cohort& cohort, std::size_t c, const std::string& of) const {
    return guard_torch([&] {
        at::set_num_threads(1);
        const State& s = *state_;
        if (of == "scar") return scar_heat(*s.net, s.description, cohort, c, s.device);
        return text_heat(*s.net, s.description, cohort, c, s.directions.select(1, s.direction_of(of)));
    });
}

}  // namespace lge::nn
