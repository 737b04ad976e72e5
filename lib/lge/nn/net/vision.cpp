#include "lge/nn/net/vision.hpp"

#include <torch/nn/functional/padding.h>
#include <torch/types.h>

#include <cmath>
#include <numbers>

namespace lge::nn {
namespace {

constexpr std::int64_t query_count = 4;

/// The mean of the `k` largest values of each column of x [B,N,D].
Tensor top_mean(const Tensor& x, std::int64_t k) { return std::get<0>(x.topk(k, 1)).mean(1); }

}  // namespace

int segment_of_sector(anatomy::Level level, std::int64_t s) {
    const int first = level == anatomy::Level::basal ? 1 : level == anatomy::Level::mid ? 7 : level == anatomy::Level::apical ? 13 : 0;
    return first == 0 || s >= (level == anatomy::Level::apical ? 4 : 6) ? 0 : first + static_cast<int>(s);
}

void VisionTower::place_tokens(const std::vector<double>& delta) {
    constexpr std::int64_t levels = 5;
    in_sector = register_buffer("in_sector", at::zeros({levels, most_sectors, static_cast<std::int64_t>(delta.size())}, torch::kBool));
    auto sector = in_sector.accessor<bool, 3>();
    for (std::int64_t l = 0; l < levels; ++l)
        for (std::int64_t s = 0; s < most_sectors; ++s) {
            const auto level = static_cast<anatomy::Level>(l);
            const int segment = segment_of_sector(level, s);
            for (std::size_t t = 0; t < delta.size(); ++t)
                sector[l][s][static_cast<std::int64_t>(t)] = segment > 0 && !std::isnan(delta[t]) && anatomy::segment_at(level, Degrees{delta[t]}) == segment;
        }
}

std::vector<double> VisionTower::angles_of_grid(std::int64_t side) {
    std::vector<double> delta;
    for (std::int64_t row = 0; row < side; ++row)
        for (std::int64_t col = 0; col < side; ++col) {
            const double x = static_cast<double>(col) - static_cast<double>(side - 1) / 2, y = static_cast<double>(side - 1) / 2 - static_cast<double>(row);
            delta.push_back(std::atan2(y, x) * 180 / std::numbers::pi - anatomy::canonical_insertion.value);
        }
    return delta;
}

Tensor VisionTower::by_sector(const Tensor& tokens, const Tensor& level) const {
    const Tensor inside = in_sector.index_select(0, level).unsqueeze(3), x = tokens.unsqueeze(1);  // [B,6,T,1], [B,1,T,W]
    const Tensor weight = inside.to(tokens.scalar_type()), count = weight.sum(2).clamp_min(1);
    const Tensor mean = (x * weight).sum(2) / count;
    const Tensor highest = x.masked_fill(inside.logical_not(), -1e4).amax(2).masked_fill(inside.any(2).logical_not(), 0);
    return at::cat({mean, highest}, 2);
}

ImageTower::ImageTower(const std::vector<std::int64_t>& widths, NormKind norm_kind, std::int64_t size, std::int64_t width)
    : encoder(register_module("encoder", std::make_shared<Encoder>(widths, norm_kind))) {
    std::int64_t channels = 0;
    for (std::size_t s = 1; s < widths.size(); ++s) channels += widths[s];
    const std::int64_t side = size / 8;
    token = register_module("token", std::make_shared<Linear>(channels, width));
    norm = register_module("norm", std::make_shared<LayerNorm>(width));
    pool = register_module("pool", std::make_shared<Attention>(width, 4));
    place = register_parameter("place_table", torch::zeros({1, side * side, width}));
    queries = register_parameter("query_table", torch::zeros({1, query_count, width}));
    feature_count = (query_count + 1) * width;
    token_width = width;
    place_tokens(angles_of_grid(side));
}
SliceFeatures ImageTower::forward(const Tensor& image) const {
    const auto maps = encoder->forward(image);
    const std::vector<std::int64_t> side{image.size(2) / 8, image.size(3) / 8};
    std::vector<Tensor> levels;
    for (std::size_t s = 1; s < maps.size(); ++s)
        levels.push_back(s == 1 ? at::max_pool2d(maps[s], 2) : s == 2 ? maps[s] : at::upsample_nearest2d(maps[s], side));
    const Tensor tokens = norm->forward(token->forward(at::cat(levels, 1).flatten(2).transpose(1, 2)) + place);
    const Tensor pooled = pool->forward(queries.expand({image.size(0), -1, -1}), tokens, {});
    // Instance norm leaves every map the same mean: what tells images apart is where and how high their peaks are.
    return {at::cat({pooled.flatten(1), tokens.amax(1)}, 1).to(torch::kFloat32), tokens, {}};
}

StripTower::Block::Block(std::int64_t in, std::int64_t out)
    : weight(register_parameter("weight", torch::zeros({out, in, 3, 3}))),
      gain(register_parameter("gain", torch::ones({out}))), bias(register_parameter("bias", torch::zeros({out}))) {}
Tensor StripTower::Block::forward(const Tensor& x) const {
    namespace F = torch::nn::functional;
    const Tensor around = F::pad(x, F::PadFuncOptions({1, 1, 0, 0}).mode(torch::kCircular));
    const Tensor padded = F::pad(around, F::PadFuncOptions({0, 0, 1, 1}).mode(torch::kReplicate));
    return at::relu(at::group_norm(at::conv2d(padded, weight), 8, gain, bias));
}

StripTower::StripTower(std::int64_t channels, std::int64_t rows, std::int64_t angles, std::int64_t width) {
    const std::vector<std::int64_t> widths{channels, 24, 24, 48, 48, 64, 64};
    for (std::size_t b = 0; b + 1 < widths.size(); ++b)
        blocks.push_back(register_module("block" + std::to_string(b), std::make_shared<Block>(widths[b], widths[b + 1])));
    scar_head = register_module("scar_head", std::make_shared<Conv>(widths[4] + widths[6], 1, 1, true));
    token = register_module("token", std::make_shared<Linear>(rows / 4 * widths[6], width));
    norm = register_module("norm", std::make_shared<LayerNorm>(width));
    pool = register_module("pool", std::make_shared<Attention>(width, 4));
    place = register_parameter("place_table", torch::zeros({1, angles / 4, width}));
    queries = register_parameter("query_table", torch::zeros({1, query_count, width}));
    feature_count = 2 * widths[6] + query_count * width + 2;
    token_width = width;
    std::vector<double> delta;
    for (std::int64_t c = 0; c < angles / 4; ++c) delta.push_back((static_cast<double>(c) + 0.5) * 4 * 360 / static_cast<double>(angles));
    place_tokens(delta);
}
SliceFeatures StripTower::forward(const Tensor& strip) const {
    const Tensor full = blocks[1]->forward(blocks[0]->forward(strip));
    const Tensor half = blocks[3]->forward(blocks[2]->forward(at::avg_pool2d(full, 2)));
    const Tensor quarter = blocks[5]->forward(blocks[4]->forward(at::avg_pool2d(half, 2)));
    const Tensor scar = scar_head->forward(at::cat({at::upsample_nearest2d(quarter, {half.size(2), half.size(3)}), half}, 1)).squeeze(1).to(torch::kFloat32);
    const Tensor column = quarter.mean(2).transpose(1, 2);  // [B, angles, channels]
    const Tensor tokens = norm->forward(token->forward(quarter.flatten(1, 2).transpose(1, 2)) + place);
    const Tensor placed = pool->forward(queries.expand({strip.size(0), -1, -1}), tokens, {});
    const Tensor share = scar.sigmoid().mean(1);  // of the depth, at each angle
    return {at::cat({column.mean(1).to(torch::kFloat32), top_mean(column, 4).to(torch::kFloat32), placed.flatten(1).to(torch::kFloat32),
                     4 * share.mean(1, true), 4 * std::get<0>(share.topk(8, 1)).mean(1, true)}, 1),
            tokens, scar};
}

CasePool::CasePool(std::int64_t features, std::int64_t embedding)
    : attention(register_module("attention", std::make_shared<Linear>(features, 1))),
      out(register_module("out", std::make_shared<Linear>(2 * features, embedding))),
      levels(register_parameter("level_table", torch::zeros({5, features}))) {}
Tensor CasePool::forward(const Tensor& features, const Tensor& level, const Tensor& of_case, std::int64_t cases) const {
    const Tensor row = attention->forward(features + at::embedding(levels, level)).squeeze(1);
    const Tensor weight = (row - row.max().detach()).exp();
    const auto sum = [&](const Tensor& x) { return at::zeros({cases, x.size(1)}, x.options()).index_add(0, of_case, x); };
    const Tensor one = at::ones({features.size(0), 1}, features.options());
    const Tensor mean = sum(features) / sum(one), attended = sum(features * weight.unsqueeze(1)) / sum(weight.unsqueeze(1)).clamp_min(1e-12);
    return to_unit(out->forward(at::cat({mean, attended}, 1)));
}

}  // namespace lge::nn
