#include "lge/nn/train/history.hpp"

#include "lge/base/hash.hpp"

#include <fmt/format.h>

namespace lge::nn {

std::string identity_of(const TrainInput& input, const Recipe& r, const Description& d) {
    std::string all = fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", r.seed, r.steps, r.batch, r.learning_rate, r.warm_up, r.weight_decay, r.clip, r.average,
                                  static_cast<int>(r.precision), r.finding, r.answer, r.scar, input.inputs_hash, input.mix.real, input.hold_out);
    all += fmt::format("|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", r.clause, r.caption, !r.no_hard_negatives, r.own_only, r.any_pose, input.mix.synth, input.mix.phantom, input.gate_sd,
                       static_cast<int>(input.prior.kind), input.prior.sha256, r.label_smoothing, r.odd_contrast, r.views);
    all += fmt::format("|{}|{}|{}", r.validate_every, r.patience, r.overfit_one_batch);
    if (d.heads.any()) all += fmt::format("|{}|{}", r.insertion_weight, r.pose_weight);
    for (const auto& id : input.held_out_ids) all += "|" + id;
    if (input.population) all += "|" + input.population->sha256;
    for (const auto& [key, value] : to_metadata(d)) all += "|" + key + "=" + value;
    return sha256(as_bytes(all));
}

json::Writer begin_history(const TrainInput& input, const Recipe& r, const std::string& samples) {
    json::Writer w;
    w.object().key("steps").integer(static_cast<std::int64_t>(r.steps)).key("batch").integer(static_cast<std::int64_t>(r.batch))
        .key("learning_rate").number(r.learning_rate).key("seed").integer(static_cast<std::int64_t>(r.seed)).key("inputs").text(input.inputs_hash)
        .key("samples").text(samples);
    if (input.population) w.key("population").text(input.population->name);
    return w;
}

}  // namespace lge::nn
