#include "lge/nn/infer/calibrate.hpp"

#include "lge/json/writer.hpp"
#include "lge/nn/infer/evidence.hpp"
#include "lge/nn/infer/forward.hpp"

#include <torch/types.h>

#include <cmath>

namespace lge::nn {
namespace {

/// The segments of slices whose sentences leave none of them open.
void add_segments(const Tensor& scores, const std::vector<std::size_t>& which, const Told& told, Judged& to) {
    for (std::size_t i = 0; i < which.size(); ++i) {
        const auto shown = shown_by(told.slices[which[i]]);
        if (!shown) continue;
        const auto* score = scores.const_data_ptr<float>() + i * segment_count;
        for (int s = 1; s <= segment_count; ++s)
            if (!std::isnan(score[s - 1])) to.emplace_back(score[s - 1], (shown->segments >> s & 1U) != 0);
    }
}

}  // namespace

Calibrated calibrate(const io::Safetensors& model, const std::string& name, const io::Cohort& cohort, const std::string& sha256, const std::vector<io::CaptionRecord>& captions,
                     const Questions& questions, DeviceChoice device) {
    Description d = parse_description(model.metadata, Task::align, name);
    d.pooling = questions.pooling.value_or(d.pooling);
    const auto told = told_of(cohort, captions);
    return guard_torch([&] {
        const torch::NoGradGuard no_grad;
        const torch::Device where = prepare_torch(device, 1);
        const auto net = make_align_net(d);
        load_parameters(*net, model, "", name);
        net->to(where);
        const Tensor direction = prompt_direction(*net, d, questions.prompts.presence, where);
        const Tensor clauses = clause_vectors(*net, without_padding(clause_tokens(d)).to(where));
        Judged slices, cases, segments;
        for (std::size_t c = 0; c < cohort.cases.size(); ++c) {
            const CaseLook look = look_at(*net, d, view_of(cohort, c), where);
            if (look.which.empty()) continue;
            add_known(look, told[c], direction, d.pooling, slices, cases);
            add_segments(segment_scores(clause_shares(*net, clauses, look.seen, look.level)), look.which, told[c], segments);
        }
        const Cut whole = best_cut(cases), slice = best_cut(slices), segment = best_cut(segments);
        if (std::isnan(whole.balanced_accuracy)) throw Error(ExitCode::bad_data, "calibration needs cases with enhancement and cases without");
        const Logistic curve = fit_logistic(cases);
        d.temperature = curve.slope;
        d.offset = curve.offset;
        d.case_threshold = probability_of(whole.threshold, d);
        d.slice_threshold = probability_of(slice.threshold, d);
        if (!std::isnan(segment.balanced_accuracy)) d.segment_threshold = segment.threshold;
        d.prompts = identity_of(questions.prompts.presence);
        d.calibration = json::Writer().object().key("cohort").text(sha256).key("cases").integer(static_cast<std::int64_t>(cases.size())).key("balanced_accuracy").number(whole.balanced_accuracy).end().take();
        return Calibrated{encode_tensors(tensors_of(*net), to_metadata(d)), cases.size(), whole.balanced_accuracy};
    });
}

}  // namespace lge::nn
