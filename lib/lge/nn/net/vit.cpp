#include "lge/nn/net/vit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>

#include <cmath>
#include <set>

namespace lge::nn {
namespace {

constexpr double epsilon = 1e-6;
constexpr std::int64_t query_count = 4;

/// Places [1,1+N,D] of an image of another size; the class token's own stays.
Tensor resample_places(const Tensor& places, std::int64_t count, const std::string& name) {
    const auto side_of = [&](std::int64_t n) {
        const auto side = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(n))));
        if (side < 1 || side * side != n) throw Error(ExitCode::bad_data, name + ": pos_embed is not that of a square image with a class token");
        return side;
    };
    const std::int64_t from = side_of(places.size(1) - 1), to = side_of(count - 1);
    const Tensor map = places.slice(1, 1).view({1, from, from, -1}).permute({0, 3, 1, 2});
    const Tensor resampled = at::_upsample_bicubic2d_aa(map, {to, to}, false).permute({0, 2, 3, 1}).reshape({1, to * to, -1});
    return at::cat({places.slice(1, 0, 1), resampled}, 1);
}

}  // namespace

ViTShape vit_shape(Tower tower) { return tower == Tower::vit_b ? ViTShape{768, 12, 12} : ViTShape{384, 12, 6}; }

ViT::ViT(const ViTShape& wanted, std::int64_t size) : shape(wanted) {
    const auto width = shape.width, side = size / shape.patch;
    class_token = add_tensor(*this, "cls_token", {1, 1, width}, 0, true);
    places = add_tensor(*this, "pos_embed", {1, 1 + side * side, width}, 0, true);
    patch = {add_tensor(*this, "patch_embed.proj.weight", {width, 1, shape.patch, shape.patch}, 0, true), add_tensor(*this, "patch_embed.proj.bias", {width}, 0, true)};
    for (std::int64_t i = 0; i < shape.layers; ++i) {
        const std::string own = "blocks." + std::to_string(i) + ".";
        blocks.push_back({add_norm(*this, own + "norm1", width, true), add_linear(*this, own + "attn.qkv", 3 * width, width, true), add_linear(*this, own + "attn.proj", width, width, true),
                          add_norm(*this, own + "norm2", width, true), add_linear(*this, own + "mlp.fc1", 4 * width, width, true), add_linear(*this, own + "mlp.fc2", width, 4 * width, true)});
    }
    norm = add_norm(*this, "norm", width, true);
}

Tensor ViT::forward(const Tensor& image) const {
    const Tensor patches = at::conv2d(image, patch.weight, patch.bias, shape.patch).flatten(2).transpose(1, 2);
    Tensor x = at::cat({class_token.expand({image.size(0), -1, -1}).to(patches.scalar_type()), patches}, 1) + places;
    for (const auto& b : blocks) {
        const auto qkv = apply_linear(apply_norm(x, b.norm, epsilon), b.qkv).chunk(3, 2);
        const Tensor y = x + apply_linear(attend(qkv[0], qkv[1], qkv[2], shape.heads, {}), b.out);
        x = y + apply_linear(at::gelu(apply_linear(apply_norm(y, b.wide_norm, epsilon), b.wide)), b.narrow);
    }
    return apply_norm(x, norm, epsilon);
}

std::string load_timm(ViT& vit, const io::Safetensors& file, const std::string& name) {
    torch::NoGradGuard no_grad;
    std::vector<std::string> changed, left_out;
    std::set<std::string> used;
    for (auto& entry : vit.named_parameters()) {
        const std::string& key = entry.key();
        Tensor t = tensor_of(file, key, name);
        if (key == "patch_embed.proj.weight" && t.dim() == 4 && t.size(1) == 3) {
            t = t.sum(1, true);
            changed.push_back(key + " summed over its colours");
        } else if (key == "pos_embed" && t.dim() == 3 && t.size(1) != entry.value().size(1)) {
            changed.push_back(fmt::format("{} resampled from {} to {} places", key, t.size(1) - 1, entry.value().size(1) - 1));
            t = resample_places(t, entry.value().size(1), name);
        }
        put_tensor(entry.value(), t, key, name);
        used.insert(key);
    }
    for (const auto& [key, view] : file.tensors)
        if (!used.contains(key)) left_out.push_back(key);
    return fmt::format("{} tensors{}{}", used.size(), changed.empty() ? "" : fmt::format("; {}", fmt::join(changed, ", ")), left_out.empty() ? "" : fmt::format("; left out: {}", fmt::join(left_out, ", ")));
}

ViTTower::ViTTower(const ViTShape& shape, std::int64_t size, std::int64_t width)
    : vit(register_module("vit", std::make_shared<ViT>(shape, size))),
      token(register_module("token", std::make_shared<Linear>(shape.width, width))),
      norm(register_module("norm", std::make_shared<LayerNorm>(width))),
      pool(register_module("pool", std::make_shared<Attention>(width, 4))),
      queries(register_parameter("query_table", torch::zeros({1, query_count, width}))) {
    feature_count = shape.width + query_count * width;
    token_width = width;
    place_tokens(angles_of_grid(size / shape.patch));
}
SliceFeatures ViTTower::forward(const Tensor& image) const {
    const Tensor all = vit->forward(image);
    const Tensor tokens = norm->forward(token->forward(all.slice(1, 1)));
    const Tensor pooled = pool->forward(queries.expand({image.size(0), -1, -1}), tokens, {});
    return {at::cat({all.select(1, 0), pooled.flatten(1).to(torch::kFloat32)}, 1), tokens, {}};
}

}  // namespace lge::nn
