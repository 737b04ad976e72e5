#include "lge/nn/net/align_net.hpp"

#include "lge/nn/net/clauses.hpp"

#include <torch/types.h>

#include <cmath>

namespace lge::nn {

AlignNet::AlignNet(std::shared_ptr<VisionTower> tower, std::shared_ptr<TextEncoder> reader, std::shared_ptr<CaptionDecoder> writer, std::int64_t embedding)
    : vision(register_module("vision", std::move(tower))),
      slice_out(register_module("slice_out", std::make_shared<Linear>(vision->feature_count, embedding))),
      sector_out(register_module("sector_out", std::make_shared<Linear>(2 * vision->token_width, embedding))),
      case_pool(register_module("case_pool", std::make_shared<CasePool>(vision->feature_count, embedding))),
      text(register_module("text", std::move(reader))),
      log_scale(register_parameter("log_scale", torch::full({}, std::log(1 / 0.07)))),
      offset(register_parameter("offset", torch::zeros({}))),
      clause_offset(register_parameter("clause_offset", torch::zeros({clause_count}))) {
    if (writer) decoder = register_module("decoder", std::move(writer));
}

Tensor AlignNet::scale() const { return log_scale.clamp_max(std::log(largest_scale)).exp(); }

Tensor AlignNet::slice_vectors(const Tensor& features) const { return to_unit(slice_out->forward(features)); }

Tensor AlignNet::sector_vectors(const Tensor& tokens, const Tensor& level) const { return to_unit(sector_out->forward(vision->by_sector(tokens, level))); }

}  // namespace lge::nn
