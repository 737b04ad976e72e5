#include "lge/nn/net/unet.hpp"

#include "lge/nn/net/fused.hpp"
#include "lge/nn/net/heads.hpp"

#include <torch/types.h>

namespace lge::nn {

Encoder::Encoder(const std::vector<std::int64_t>& widths, NormKind norm) {
    std::int64_t in = 4;  // a 2x2 block of pixels
    for (std::size_t s = 0; s < widths.size(); ++s) {
        stages.push_back(register_module("stage" + std::to_string(s), std::make_shared<ResidualBlock>(in, widths[s], norm)));
        in = widths[s];
    }
    bottom = register_module("bottom", std::make_shared<ResidualBlock>(in, in, norm));
}
std::vector<Tensor> Encoder::forward(const Tensor& image) const {
    std::vector<Tensor> maps;
    Tensor x = in_best_order(at::pixel_unshuffle(image, 2));
    for (const auto& stage : stages) {
        if (!maps.empty()) x = max_pool(x);
        x = stage->forward(x);
        maps.push_back(x);
    }
    maps.back() = bottom->forward(x);
    return maps;
}

UNet::UNet(const std::vector<std::int64_t>& widths, std::int64_t classes, NormKind norm, Heads heads) : encoder(register_module("encoder", std::make_shared<Encoder>(widths, norm))) {
    for (std::size_t s = widths.size() - 1; s-- > 0;)
        decoder.push_back(register_module("decoder" + std::to_string(s), std::make_shared<ResidualBlock>(widths[s + 1] + widths[s], widths[s], norm)));
    head = register_module("head", std::make_shared<Conv>(widths[0], 4 * classes, 1, true));
    if (heads.insertions) insertions = register_module("insertions", std::make_shared<Conv>(widths[0], 4 * 2, 1, true));
    if (heads.pose) pose = register_module("pose", std::make_shared<Linear>(widths.back(), static_cast<std::int64_t>(pose_count)));
}
UNetAnswer UNet::answer(const Tensor& image) const {
    const auto maps = encoder->forward(image);
    Tensor x = maps.back();
    for (std::size_t d = 0; d < decoder.size(); ++d) {
        x = decoder[d]->forward(upsample_beside(x, maps[maps.size() - 2 - d]));
    }
    UNetAnswer told{at::pixel_shuffle(head->forward(x), 2), {}, {}};
    if (insertions) told.insertions = at::pixel_shuffle(insertions->forward(x), 2);
    if (pose) told.pose = pose->forward(maps.back().mean({2, 3}));
    return told;
}

}  // namespace lge::nn
