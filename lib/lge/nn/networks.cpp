#include "lge/nn/networks.hpp"

#include "lge/base/random.hpp"

#include <torch/types.h>

#include <cmath>
#include <string_view>

namespace lge::nn {
namespace {

/// Rows at length 1, in single precision.
Tensor to_unit(const Tensor& x) {
    const Tensor y = x.to(torch::kFloat32);
    return y / y.norm(2, -1, true).clamp_min(1e-6);
}

}  // namespace

Conv::Conv(std::int64_t in, std::int64_t out, std::int64_t kernel, bool with_bias)
    : weight(register_parameter("weight", torch::zeros({out, in, kernel, kernel}))) {
    if (with_bias) bias = register_parameter("bias", torch::zeros({out}));
}
Tensor Conv::forward(const Tensor& x) const { return at::conv2d(x, weight, bias, 1, weight.size(2) / 2); }

Norm::Norm(std::int64_t channels)
    : gain(register_parameter("gain", torch::ones({channels}))), bias(register_parameter("bias", torch::zeros({channels}))) {}
Tensor Norm::forward(const Tensor& x) const { return at::instance_norm(x, gain, bias, {}, {}, true, 0.1, 1e-5, false); }

Linear::Linear(std::int64_t in, std::int64_t out)
    : weight(register_parameter("weight", torch::zeros({out, in}))), bias(register_parameter("bias", torch::zeros({out}))) {}
Tensor Linear::forward(const Tensor& x) const { return at::linear(x, weight, bias); }

LayerNorm::LayerNorm(std::int64_t width)
    : gain(register_parameter("gain", torch::ones({width}))), bias(register_parameter("bias", torch::zeros({width}))) {}
Tensor LayerNorm::forward(const Tensor& x) const { return at::layer_norm(x.to(torch::kFloat32), {gain.size(0)}, gain, bias); }

ResidualBlock::ResidualBlock(std::int64_t in, std::int64_t out)
    : first(register_module("first", std::make_shared<Conv>(in, out, 3, false))),
      second(register_module("second", std::make_shared<Conv>(out, out, 3, false))),
      first_norm(register_module("first_norm", std::make_shared<Norm>(out))),
      second_norm(register_module("second_norm", std::make_shared<Norm>(out))) {
    if (in != out) shortcut = register_module("shortcut", std::make_shared<Conv>(in, out, 1, false));
}
Tensor ResidualBlock::forward(const Tensor& x) const {
    const Tensor y = second_norm->forward(second->forward(at::relu(first_norm->forward(first->forward(x)))));
    return at::relu(y + (shortcut ? shortcut->forward(x) : x));
}

Encoder::Encoder(const std::vector<std::int64_t>& widths) {
    std::int64_t in = 4;  // a 2x2 block of pixels
    for (std::size_t s = 0; s < widths.size(); ++s) {
        stages.push_back(register_module("stage" + std::to_string(s), std::make_shared<ResidualBlock>(in, widths[s])));
        in = widths[s];
    }
    bottom = register_module("bottom", std::make_shared<ResidualBlock>(in, in));
}
std::vector<Tensor> Encoder::forward(const Tensor& image) const {
    std::vector<Tensor> maps;
    Tensor x = at::pixel_unshuffle(image, 2);
    for (const auto& stage : stages) {
        if (!maps.empty()) x = at::max_pool2d(x, 2);
        x = stage->forward(x);
        maps.push_back(x);
    }
    maps.back() = bottom->forward(x);
    return maps;
}

UNet::UNet(const std::vector<std::int64_t>& widths, std::int64_t classes) : encoder(register_module("encoder", std::make_shared<Encoder>(widths))) {
    for (std::size_t s = widths.size() - 1; s-- > 0;)
        decoder.push_back(register_module("decoder" + std::to_string(s), std::make_shared<ResidualBlock>(widths[s + 1] + widths[s], widths[s])));
    head = register_module("head", std::make_shared<Conv>(widths[0], 4 * classes, 1, true));
}
Tensor UNet::forward(const Tensor& image) const {
    const auto maps = encoder->forward(image);
    Tensor x = maps.back();
    for (std::size_t d = 0; d < decoder.size(); ++d) {
        const Tensor& skip = maps[maps.size() - 2 - d];
        x = decoder[d]->forward(at::cat({at::upsample_nearest2d(x, {skip.size(2), skip.size(3)}), skip}, 1));
    }
    return at::pixel_shuffle(head->forward(x), 2);
}

Attention::Attention(std::int64_t width, std::int64_t head_count)
    : heads(head_count),
      query(register_module("query", std::make_shared<Linear>(width, width))),
      key(register_module("key", std::make_shared<Linear>(width, width))),
      value(register_module("value", std::make_shared<Linear>(width, width))),
      out(register_module("out", std::make_shared<Linear>(width, width))) {}
Tensor Attention::forward(const Tensor& queries, const Tensor& keys, const Tensor& mask) const {
    const auto split = [&](const Tensor& x) { return x.view({x.size(0), x.size(1), heads, -1}).transpose(1, 2); };
    const Tensor q = split(query->forward(queries)), k = split(key->forward(keys)), v = split(value->forward(keys));
    Tensor weight = at::matmul(q, k.transpose(2, 3)).to(torch::kFloat32) / std::sqrt(static_cast<double>(q.size(3)));
    if (mask.defined()) weight = weight.masked_fill(mask.logical_not().unsqueeze(1).unsqueeze(2), -1e9);
    const Tensor mixed = at::matmul(at::softmax(weight, -1).to(v.scalar_type()), v);
    return out->forward(mixed.transpose(1, 2).reshape({queries.size(0), queries.size(1), -1}));
}

VisionTower::VisionTower(const std::vector<std::int64_t>& widths, std::int64_t size, std::int64_t embedding)
    : encoder(register_module("encoder", std::make_shared<Encoder>(widths))) {
    std::int64_t channels = 0;
    for (std::size_t s = 1; s < widths.size(); ++s) channels += widths[s];
    constexpr std::int64_t query_count = 4;
    const std::int64_t side = size / 8;
    token = register_module("token", std::make_shared<Linear>(channels, embedding));
    norm = register_module("norm", std::make_shared<LayerNorm>(embedding));
    pool = register_module("pool", std::make_shared<Attention>(embedding, 4));
    out = register_module("out", std::make_shared<Linear>((query_count + 1) * embedding, embedding));
    place = register_parameter("place_table", torch::zeros({1, side * side, embedding}));
    queries = register_parameter("query_table", torch::zeros({1, query_count, embedding}));
}
Tensor VisionTower::forward(const Tensor& image) const {
    const auto maps = encoder->forward(image);
    const std::vector<std::int64_t> side{image.size(2) / 8, image.size(3) / 8};
    std::vector<Tensor> levels;
    for (std::size_t s = 1; s < maps.size(); ++s)
        levels.push_back(s == 1 ? at::max_pool2d(maps[s], 2) : s == 2 ? maps[s] : at::upsample_nearest2d(maps[s], side));
    const Tensor tokens = norm->forward(token->forward(at::cat(levels, 1).flatten(2).transpose(1, 2)) + place);
    const Tensor pooled = pool->forward(queries.expand({image.size(0), -1, -1}), tokens, {});
    // Instance norm leaves every map the same mean: what tells images apart is where and how high their peaks are.
    return to_unit(out->forward(at::cat({pooled.flatten(1), tokens.amax(1)}, 1)));
}

TextTower::Layer::Layer(std::int64_t width)
    : norm(register_module("norm", std::make_shared<LayerNorm>(width))),
      wide_norm(register_module("wide_norm", std::make_shared<LayerNorm>(width))),
      attention(register_module("attention", std::make_shared<Attention>(width, 4))),
      wide(register_module("wide", std::make_shared<Linear>(width, 2 * width))),
      narrow(register_module("narrow", std::make_shared<Linear>(2 * width, width))) {}
Tensor TextTower::Layer::forward(const Tensor& x, const Tensor& mask) const {
    const Tensor n = norm->forward(x);
    const Tensor y = x + attention->forward(n, n, mask);
    return y + narrow->forward(at::gelu(wide->forward(wide_norm->forward(y))));
}

TextTower::TextTower(std::int64_t vocabulary, std::int64_t length, std::int64_t layer_count, std::int64_t embedding) {
    for (std::int64_t i = 0; i < layer_count; ++i)
        layers.push_back(register_module("layer" + std::to_string(i), std::make_shared<Layer>(embedding)));
    norm = register_module("norm", std::make_shared<LayerNorm>(embedding));
    out = register_module("out", std::make_shared<Linear>(embedding, embedding));
    words_table = register_parameter("words_table", torch::zeros({vocabulary, embedding}));
    places_table = register_parameter("places_table", torch::zeros({1, length, embedding}));
}
Tensor TextTower::forward(const Tensor& tokens) const {
    const Tensor mask = tokens.ne(0);
    Tensor x = at::embedding(words_table, tokens) + places_table;
    for (const auto& layer : layers) x = layer->forward(x, mask);
    const Tensor weight = mask.unsqueeze(2).to(torch::kFloat32);
    const Tensor mean = (norm->forward(x) * weight).sum(1) / weight.sum(1);
    return to_unit(out->forward(mean));
}

AlignNet::AlignNet(const std::vector<std::int64_t>& widths, std::int64_t size, std::int64_t embedding, std::int64_t vocabulary,
                   std::int64_t text_length, std::int64_t text_layers)
    : vision(register_module("vision", std::make_shared<VisionTower>(widths, size, embedding))),
      text(register_module("text", std::make_shared<TextTower>(vocabulary, text_length, text_layers, embedding))),
      log_scale(register_parameter("log_scale", torch::full({}, std::log(1 / 0.07)))) {}

void initialise(torch::nn::Module& net, std::uint64_t seed) {
    torch::NoGradGuard no_grad;
    for (auto& entry : net.named_parameters()) {
        const std::string_view name = entry.key();
        const bool table = name.ends_with("_table");
        if (!table && !name.ends_with("weight")) continue;  // biases, gains and the scale keep what they were made with
        Tensor& p = entry.value();
        const double sd = name.ends_with("query_table") ? 1 : table ? 0.05 : std::sqrt((p.dim() == 4 ? 2.0 : 1.0) / (static_cast<double>(p.numel()) / static_cast<double>(p.size(0))));
        Random random(seed, hash_name(name), "initial weights");
        auto* value = p.data_ptr<float>();
        for (std::int64_t i = 0; i < p.numel(); ++i) value[i] = static_cast<float>(random.normal(0, sd));
    }
}

}  // namespace lge::nn
