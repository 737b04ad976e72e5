// What our networks make of inputs, for comparison with PyTorch:
//   network-dump make KIND OUT              a model of random weights: strip, image, vit-s or vit-b
//   network-dump run MODEL INPUTS OUT       its outputs for the tensors of INPUTS (rows, tokens, level, of_case)
//   network-dump timm KIND SIZE FILE OUT    a vision transformer's weights, as they are loaded from a file with timm's names
//   network-dump bert FOLDER TEXTS LENGTH OUT   token numbers and pooled vectors of the JSON strings of TEXTS, one a line
#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"
#include "lge/json/reader.hpp"
#include "lge/nn/net/bert.hpp"
#include "lge/nn/net/bert_folder.hpp"
#include "lge/nn/net/vit.hpp"
#include "lge/nn/net/vocabulary.hpp"
#include "lge/nn/net/weights.hpp"

#include <torch/types.h>

#include <cstdio>

namespace {

using namespace lge;
using namespace lge::nn;

void write(const std::string& path, const NamedTensors& tensors, std::map<std::string, std::string> metadata = {}) {
    write_file(path, Overwrite::yes, encode_tensors(tensors, std::move(metadata)));
}

Tower tower_of(const std::string& kind) { return kind == "vit-s" ? Tower::vit_s : kind == "vit-b" ? Tower::vit_b : Tower::unet; }

Description describe(const std::string& kind) {
    Description d;
    d.task = Task::align;
    d.input = kind == "strip" ? InputKind::strip : InputKind::image;
    d.tower = tower_of(kind);
    d.size = 96;
    d.decoder_layers = 2;
    d.tokenizer = Tokenizer(read_pieces(shared_file("text/vocabulary.txt")));
    return d;
}

void make(const std::string& kind, const std::string& out) {
    const Description d = describe(kind);
    const auto net = make_align_net(d);
    initialise(*net, 1);
    write(out, tensors_of(*net), to_metadata(d));
}

void run(const std::string& model, const std::string& inputs, const std::string& out) {
    const auto file = io::read_safetensors(model), given = io::read_safetensors(inputs);
    const auto input = [&](const char* name) { return tensor_of(given, name, "inputs"); };
    const auto net = make_align_net(parse_description(file.metadata, Task::align, "model"));
    load_parameters(*net, file, "", "model");
    const Tensor tokens = input("tokens").to(torch::kInt64), level = input("level").to(torch::kInt64), of_case = input("of_case").to(torch::kInt64);
    const SliceFeatures seen = net->vision->forward(input("rows"));
    NamedTensors all{{"features", seen.features}, {"tokens", seen.tokens}, {"slices", net->slice_vectors(seen.features)},
                     {"cases", net->case_pool->forward(seen.features, level, of_case, of_case.max().item<std::int64_t>() + 1)}, {"texts", net->text->forward(tokens)},
                     {"logits", net->decoder->forward(tokens, seen.tokens)}};
    if (seen.scar.defined()) all.emplace_back("scar", seen.scar);
    write(out, all);
}

void bert(const std::string& folder, const std::string& texts, std::int64_t length, const std::string& out) {
    const BertFolder found = read_bert_folder(folder);
    BertTower tower(found.shape, 8, false);
    load_bert(*tower.bert, found.weights, "model.safetensors");
    const Bytes file = read_file(texts);
    std::vector<std::int64_t> numbers;
    json::Document document;
    for (const auto& line : lines_of(as_text(file))) {
        const auto row = found.tokenizer.encode(document.parse(line).text(), static_cast<std::size_t>(length));
        numbers.insert(numbers.end(), row.begin(), row.end());
    }
    const Tensor tokens = torch::tensor(numbers, torch::kInt64).view({-1, length});
    write(out, {{"tokens", tokens.to(torch::kFloat32)}, {"vectors", tower.pool(tokens.slice(0, 0, 64))}});
}

}  // namespace

int main(int argc, char** argv) {
    prepare_process();
    const std::vector<std::string> words(argv + 1, argv + argc);
    torch::NoGradGuard no_grad;
    try {
        if (words.size() == 3 && words[0] == "make") make(words[1], words[2]);
        else if (words.size() == 4 && words[0] == "run") run(words[1], words[2], words[3]);
        else if (words.size() == 5 && words[0] == "bert") bert(words[1], words[2], std::stoll(words[3]), words[4]);
        else if (words.size() == 5 && words[0] == "timm") {
            ViT vit(vit_shape(tower_of(words[1])), std::stoll(words[2]));
            std::fprintf(stderr, "%s\n", load_timm(vit, io::read_safetensors(words[3]), words[3]).c_str());
            write(words[4], tensors_of(vit));
        } else return 64;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "network-dump: %s\n", e.what());
        return 70;
    }
}
