// unet-run make MODEL NORM WIDTH... - a segmentation model with first weights
// unet-run run MODEL IMAGE LOGITS  - the logits of tensor "image" [B,1,H,W] of IMAGE, as tensor "logits" of LOGITS
#include "lge/base/stream.hpp"
#include "lge/nn/net/weights.hpp"

#include <cstdio>
#include <string>
#include <string_view>

using namespace lge::nn;

namespace {

void make(const std::string& model, std::string_view norm, std::vector<std::int64_t> widths) {
    Description d;
    d.widths = std::move(widths);
    d.norm = norm == "group" ? NormKind::group : NormKind::instance;
    const auto net = make_unet(d);
    initialise(*net, 5);
    lge::write_file(model, lge::Overwrite::yes, encode_tensors(parameters_of(*net), to_metadata(d)));
}

void run(const std::string& model, const std::string& image, const std::string& logits) {
    const auto weights = lge::io::read_safetensors(model), input = lge::io::read_safetensors(image);
    const auto net = make_unet(parse_description(weights.metadata, Task::segment, model));
    load_parameters(*net, weights, "", model);
    torch::NoGradGuard no_grad;
    const Tensor x = tensor_of(input, "image", input.tensors.at("image").shape, image);
    lge::write_file(logits, lge::Overwrite::yes, encode_tensors({{"logits", net->forward(x)}}, {}));
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
        if (words.size() > 5 && words[0] == "make") {
            std::vector<std::int64_t> widths;
            for (std::size_t i = 3; i < words.size(); ++i) widths.push_back(std::stoll(words[i]));
            make(words[1], words[2], widths);
        } else if (words.size() == 4 && words[0] == "run") {
            run(words[1], words[2], words[3]);
        } else {
            return 64;
        }
    } catch (const std::exception& e) {
        std::fprintf(stderr, "unet-run: %s\n", e.what());
        return 1;
    }
    return 0;
}
