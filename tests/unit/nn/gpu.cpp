// What a GPU must do as a CPU does. Without one these tests are skipped, and ctest says so.
#include "lge/base/process.hpp"
#include "lge/nn/infer/detector.hpp"
#include "lge/nn/infer/segmenter.hpp"
#include "lge/nn/net/vocabulary.hpp"
#include "lge/nn/train/stepper.hpp"
#include "lge/nn/train/train.hpp"
#include "lge/synth/store.hpp"
#include "nn/loopback.hpp"
#include "toy.hpp"

#include <torch/cuda.h>

#include <catch2/catch.hpp>

using namespace toy;

namespace {

/// Whether there are so many GPUs; if not, says what ctest reads as a skip.
bool gpus(std::size_t wanted) {
    const std::size_t there = torch::cuda::is_available() ? torch::cuda::device_count() : 0;
    if (there < wanted) WARN("skipped: " << there << " CUDA devices that this build can use, wanted " << wanted);
    return there >= wanted;
}

/// A cohort of a few phantoms, and what trains tiny models on it.
struct Tiny {
    TrainInput input;
    Recipe recipe;
    Tiny() {
        lge::synth::Settings s;
        s.population = lge::synth::load_population("mild");
        s.size = 96;
        s.spacing_mm = 1.6;
        auto& cohort = input.cohorts.emplace_back();
        cohort.width = cohort.height = s.size;
        cohort.spacing_mm = s.spacing_mm;
        for (std::uint64_t i = 0; i < 8; ++i) lge::synth::append(cohort, lge::synth::draw_case(s, 2, i));
        input.hold_out = 0.25;
        recipe = short_run({}, 4);
        recipe.seed = 3;
    }
    lge::Bytes train(Task task, DeviceChoice device, std::uint64_t stop_after = 0) {
        input.device = device;
        const TemporaryFolder folder;
        recipe.folder = folder.path;
        Description d;
        d.size = task == Task::segment ? 64 : 96;
        d.spacing_mm = 2;
        d.heads = {task == Task::segment, task == Task::segment};
        if (task == Task::align) d.tokenizer = Tokenizer(read_pieces(lge::shared_file("text/vocabulary.txt").string()));
        const auto run = [&] { return task == Task::segment ? train_segment(input, recipe, d, quiet) : train_align(input, recipe, d, shipped_prompts().presence, quiet); };
        if (stop_after) {
            recipe.stop_after = stop_after;
            REQUIRE_FALSE(run());
            recipe.stop_after = 0;
        }
        auto model = run();
        REQUIRE(model);
        return *model;
    }
};

/// Largest difference of the tensors of two models.
double difference_of(const lge::Bytes& a, const lge::Bytes& b) {
    const auto x = lge::io::decode_safetensors(a, "a"), y = lge::io::decode_safetensors(b, "b");
    double worst = 0;
    for (const auto& [name, view] : x.tensors) worst = std::max(worst, (tensor_of(x, name, "a") - tensor_of(y, name, "b")).abs().max().item<double>());
    return worst;
}

}  // namespace

TEST_CASE("a segmentation step on a GPU gives the losses and gradients of a CPU", "[gpu]") {
    if (!gpus(1)) return;
    std::vector<Learner> learners{pixels(), pixels()};
    std::vector<double> losses;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto device = prepare_torch(i == 0 ? DeviceChoice::cpu : DeviceChoice::cuda, 1);
        learners[i].net->to(device);
        const auto parameters = parameters_of(*learners[i].net);
        Stepper stepper(learners[i], parameters, short_run({}, 1), device, 1, nullptr);
        losses.push_back(stepper.run(0)[0].second.item<double>());
    }
    CHECK(losses[1] == Approx(losses[0]).epsilon(1e-5));
    const auto a = parameters_of(*learners[0].net), b = parameters_of(*learners[1].net);
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(torch::allclose(a[i].second.grad().cpu(), b[i].second.grad().cpu(), 1e-3, 1e-5));
}

TEST_CASE("training on a GPU goes where it goes on a CPU, for both tasks", "[gpu]") {
    if (!gpus(1)) return;
    Tiny tiny;
    tiny.recipe.learning_rate = 1e-4;  // so that small gradients, whose sign rounding decides, move weights little
    for (const Task task : {Task::segment, Task::align})
        CHECK(difference_of(tiny.train(task, DeviceChoice::cpu), tiny.train(task, DeviceChoice::cuda)) < 1e-3);
}

TEST_CASE("a run on a GPU that is stopped goes on to the bytes of a straight one", "[gpu]") {
    if (!gpus(1)) return;
    Tiny tiny;
    for (const Task task : {Task::segment, Task::align}) CHECK((tiny.train(task, DeviceChoice::cuda) == tiny.train(task, DeviceChoice::cuda, 2)));
}

TEST_CASE("label maps and calls from a GPU are those of a CPU", "[gpu]") {
    if (!gpus(1)) return;
    Tiny tiny;
    const TemporaryFolder folder;
    const auto save = [&](const char* name, const lge::Bytes& model) {
        const std::string path = (folder.path / name).string();
        lge::write_file(path, lge::Overwrite::no, model);
        return path;
    };
    const auto segment = save("segment", tiny.train(Task::segment, DeviceChoice::cpu)), align = save("align", tiny.train(Task::align, DeviceChoice::cpu));
    const auto& cohort = tiny.input.cohorts[0];
    lge::volume::Volume<float> image(cohort.grid(0));
    std::copy_n(cohort.image.begin(), image.voxels.size(), image.voxels.begin());
    const auto a = Segmenter(segment, DeviceChoice::cpu, 1).draw(image), b = Segmenter(segment, DeviceChoice::cuda, 1).draw(image);
    std::size_t other = 0;
    for (std::size_t v = 0; v < a.label.voxels.size(); ++v) other += a.label.voxels[v] != b.label.voxels[v];
    CHECK(static_cast<double>(other) < 1e-3 * static_cast<double>(a.label.voxels.size()));
    REQUIRE(a.insertions.size() == b.insertions.size());
    for (std::size_t k = 0; k < a.insertions.size(); ++k) CHECK(a.insertions[k].anterior.confidence == Approx(b.insertions[k].anterior.confidence).margin(1e-3));
    const Detector on_cpu(align, {}, DeviceChoice::cpu), on_gpu(align, {}, DeviceChoice::cuda);
    for (std::size_t c = 0; c < cohort.cases.size(); ++c) {
        const auto x = on_cpu.judge(cohort, c).whole, y = on_gpu.judge(cohort, c).whole;
        REQUIRE(x.has_value() == y.has_value());
        if (x) CHECK(x->score == Approx(y->score).margin(1e-4));
    }
}

TEST_CASE("two processes with a GPU each, over NCCL, give the weights of one", "[gpu]") {
    if (!gpus(2)) return;
    const TemporaryFolder one_folder, two_folder;
    const auto cuda = [](int local) { return torch::Device(torch::kCUDA, static_cast<c10::DeviceIndex>(local)); };
    auto alone = pairs(5);
    REQUIRE(train(alone, short_run(one_folder.path, 10), cuda(0), 1, quiet) == Ended::finished);
    std::vector<Learner> learners{pairs(5), pairs(5)};
    together(2, [&](Peers& peers) {
        auto& own = learners[static_cast<std::size_t>(peers.rank())];
        need(train(own, short_run(two_folder.path, 10), cuda(peers.rank()), 1, quiet, &peers) == Ended::finished, "training ends");
        need(peers.over_nccl(), "gradients go from GPU to GPU");
    });
    for (auto* l : {&alone, &learners[0], &learners[1]}) l->net->to(torch::kCPU);
    CHECK(difference(learners[0], learners[1]) == 0);
    CHECK(difference(alone, learners[0]) < 1e-5);
}
