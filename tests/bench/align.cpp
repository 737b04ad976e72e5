// bench-align strip|image FOLDER THREADS - CPU seconds and seconds of a training step of --task align on a batch of 12 cases
// of 8 slices with sentences of 24 tokens, drawn once; its first weights go to FOLDER/model, so that align.py trains the same.
#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"
#include "lge/nn/net/loss.hpp"
#include "lge/nn/net/vocabulary.hpp"
#include "lge/nn/train/trainer.hpp"

#include <torch/types.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace {

using namespace lge::nn;

constexpr std::int64_t cases = 12, slices = 8, length = 24;
constexpr std::size_t shards = 6;

Description describe(bool strip) {
    Description d;
    d.task = Task::align;
    d.input = strip ? InputKind::strip : InputKind::image;
    d.size = 96;
    d.decoder_layers = 2;
    d.tokenizer = Tokenizer(read_pieces(lge::shared_file("text/vocabulary.txt")));
    return d;
}

/// rows, tokens, case tokens, level, case, presence of slices and cases.
Tensors draw_shard(bool strip, std::int64_t shard) {
    const std::int64_t k = cases / static_cast<std::int64_t>(shards), r = k * slices;
    const auto words = [&](std::int64_t n) {
        Tensor t = at::randint(4, 2000, {n, length}, torch::kInt64);
        t.select(1, 0).fill_(2);
        t.select(1, -1).fill_(3);
        return t;
    };
    return {strip ? at::randn({r, 3, 24, 96}) : at::randn({r, 1, 96, 96}), words(r), words(k), at::randint(1, 4, {r}, torch::kInt64),
            at::arange(k).repeat_interleave(slices) + shard * k, at::randint(0, 2, {r}).to(torch::kFloat32), at::randint(0, 2, {k}).to(torch::kFloat32)};
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
double wall_seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

int main(int argc, char** argv) {
    lge::prepare_process();
    if (argc != 4) return 64;
    const bool strip = std::string_view(argv[1]) == "strip";
    const std::filesystem::path folder = argv[2];
    const auto threads = static_cast<unsigned>(std::stoul(argv[3]));
    const torch::Device device = prepare_torch(DeviceChoice::cpu, 1);
    const auto net = make_align_net(describe(strip));
    initialise(*net, 1);
    lge::write_file((folder / "model").string(), lge::Overwrite::yes, encode_tensors(tensors_of(*net), {}));
    std::vector<Tensors> batch;
    for (std::size_t s = 0; s < shards; ++s) batch.push_back(draw_shard(strip, static_cast<std::int64_t>(s)));
    const Tensor own = at::eye(cases * slices + cases, torch::kBool), others = own.logical_not();
    Learner learner{net, shards, [&](std::uint64_t, std::size_t shard) { return batch[shard]; },
                    [&](const Tensors& b) {
                        const SliceFeatures seen = net->vision->forward(b[0]);
                        return Tensors{seen.features, net->text->forward(b[1]), net->text->forward(b[2]), caption_costs(net->decoder->forward(b[1], seen.tokens), b[1], Tokenizer::pad)};
                    },
                    [&](const Tensors& b, const Tensors& out) {
                        const Tensor scale = net->log_scale.exp(), vectors = at::cat({net->slice_vectors(out[0]), net->case_pool->forward(out[0], b[3], b[4], cases)});
                        const Tensor texts = at::cat({out[1], out[2]}), present = at::cat({b[5], b[6]});
                        return Losses{{"loss", contrastive_loss(scale * at::matmul(vectors, texts.t()), own, others) + answer_loss(vectors, texts, present, present, scale, net->offset) +
                                                   out[3].sum() / static_cast<double>(b[1].size(0) * (length - 1))}};
                    },
                    "bench",
                    {1, 3, 4, 5, 6}};
    const lge::Log quiet("bench-align", lge::Verbosity::quiet);
    Recipe recipe;
    recipe.precision = Precision::fp32;
    recipe.save_every = 1'000'000;
    std::array<double, 2> cpu{}, wall{};
    for (const std::size_t run : {0U, 1U}) {  // the start and the end of a run are not counted: they are in both
        recipe.steps = run == 0 ? 4 : 16;
        recipe.folder = folder / ("run" + std::to_string(run));
        const double cpu_start = cpu_seconds(), wall_start = wall_seconds();
        train(learner, recipe, device, threads, quiet);
        cpu[run] = cpu_seconds() - cpu_start;
        wall[run] = wall_seconds() - wall_start;
    }
    std::printf("%.4f %.4f\n", (cpu[1] - cpu[0]) / 12, (wall[1] - wall[0]) / 12);
}
