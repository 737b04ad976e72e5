#include "lge/nn/calibrate.hpp"

#include "lge/nn/forward.hpp"
#include "lge/nn/thresholds.hpp"

#include <fmt/format.h>

#include <cmath>

namespace lge::nn {

Calibrated calibrate(const io::Safetensors& model, const std::string& name, const io::Cohort& cohort, const Prompts& prompts, DeviceChoice device) {
    Description d = parse_description(model.metadata, Task::align, name);
    const auto told = told_of(cohort, {});
    return guard_torch([&] {
        const torch::Device where = prepare_torch(device, 1);
        const auto net = make_align_net(d);
        load_parameters(*net, model, "", name);
        net->to(where);
        const Tensor direction = prompt_direction(*net, d, prompts, where);
        Judged slices, cases;
        for (std::size_t c = 0; c < cohort.cases.size(); ++c) {
            const CaseScores scores = score_case(*net, d, view_of(cohort, c), direction);
            if (scores.whole && !told[c].whole.empty()) cases.emplace_back(*scores.whole, told[c].present);
            for (std::size_t k = 0; k < scores.slices.size(); ++k)
                if (scores.slices[k] && !told[c].slices[k].empty()) slices.emplace_back(*scores.slices[k], told[c].slices[k].front().meaning.present);
        }
        const Cut whole = best_cut(cases), slice = best_cut(slices);
        if (std::isnan(whole.balanced_accuracy)) throw Error(ExitCode::bad_data, "calibration needs cases with enhancement and cases without");
        const Logistic curve = fit_logistic(cases);
        d.temperature = curve.slope;
        d.offset = curve.offset;
        d.case_threshold = probability_of(whole.threshold, d);
        d.slice_threshold = probability_of(slice.threshold, d);
        return Calibrated{encode_tensors(parameters_of(*net), to_metadata(d)), cases.size(), whole.balanced_accuracy};
    });
}

}  // namespace lge::nn
