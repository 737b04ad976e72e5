#include "lge/base/stream.hpp"
#include "lge/nn/checkpoint.hpp"
#include "lge/nn/forward.hpp"
#include "lge/nn/loss.hpp"
#include "lge/nn/trainer.hpp"
#include "nn/numbers.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace lge::nn;
using lge::Error;
using lge::ExitCode;
namespace fs = std::filesystem;

namespace {

const lge::Log quiet("test", lge::Verbosity::quiet);

struct Folder {
    fs::path path;
    Folder() {
        std::string name = (fs::temp_directory_path() / "lge-nn-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~Folder() { fs::remove_all(path); }
};

Description small() {
    Description d;
    d.widths = {4, 8, 8};
    d.size = 32;
    d.embedding = 16;
    d.text_layers = 1;
    d.text_length = 12;
    d.tokenizer = Tokenizer::from_texts(std::vector<std::string>{"scar of the wall", "no scar of the wall"});
    return d;
}

/// Learns to tell the sign of each pixel; every batch from its step alone, in two shards.
Learner toy(const Description& d, std::uint64_t poisoned_from = ~0ULL) {
    auto net = make_unet(d);
    initialise(*net, 3);
    return {net, 2,
            [poisoned_from](std::uint64_t step, std::size_t shard) {
                Tensor x = random_tensor({2, 1, 32, 32}, 100 + 2 * step + shard);
                const Tensor target = x.squeeze(1).gt(0).to(torch::kInt64);
                if (step >= poisoned_from) x.fill_(NAN);
                return Tensors{x, target};
            },
            [net](const Tensors& b) {
                const auto loss = segment_loss(net->forward(b[0]).to(torch::kFloat32), b[1]);
                return Tensors{loss.dice + loss.cross_entropy};
            },
            [](const Tensors&, const Tensors& out) { return Losses{{"loss", out[0].mean()}}; },
            "toy"};
}

Recipe short_run(const fs::path& folder, std::uint64_t steps) {
    Recipe r;
    r.steps = steps;
    r.batch = 2;
    r.save_every = 1000;
    r.folder = folder;
    return r;
}

const torch::Device cpu(torch::kCPU);

}  // namespace

TEST_CASE("a certain and right segmentation costs nothing, a certain and wrong one costs its Dice and more") {
    const Tensor target = torch::zeros({1, 20, 20}, torch::kInt64);
    target.slice(1, 0, 10).fill_(1);  // 200 of 400 pixels
    const Tensor right = (torch::one_hot(target, 2).permute({0, 3, 1, 2}).to(torch::kFloat64) - 0.5) * 100;
    CHECK((segment_loss(right, target).dice + segment_loss(right, target).cross_entropy).item<double>() == Approx(0).margin(1e-9));
    const auto wrong = segment_loss(-right, target);
    CHECK(wrong.dice.item<double>() == Approx(1 - 20.0 / 420));
    CHECK(wrong.cross_entropy.item<double>() == Approx(100));
}

TEST_CASE("the segmentation loss has the gradient of its values") {
    const Tensor target = torch::tensor({0, 1, 2, 1, 1, 0, 2, 2}, torch::kInt64).view({2, 2, 2});
    CHECK(gradient_error(random_tensor({2, 3, 2, 2}, 5, torch::kFloat64), [&](const Tensor& x) { const auto loss = segment_loss(x, target);
        return (loss.dice + loss.cross_entropy).sum(); }) < 1e-8);
}

TEST_CASE("the contrastive loss of two pairs is the one worked by hand") {
    const Tensor similarity = numbers({2, 0, 1, 3}, {2, 2});
    const double rows = (std::log(1 + std::exp(-2.0)) + std::log(1 + std::exp(-2.0))) / 2, columns = (std::log(1 + std::exp(-1.0)) + std::log(1 + std::exp(-3.0))) / 2;
    CHECK(contrastive_loss(similarity, torch::eye(2, torch::kBool), torch::eye(2, torch::kBool).logical_not()).item<double>() == Approx((rows + columns) / 2));
}

TEST_CASE("sentences that say the same are positives of each other, so that which of them stands where costs the same") {
    const Tensor similarity = random_tensor({3, 3}, 6, torch::kFloat64);
    const Tensor positive = torch::eye(3, torch::kBool);
    positive[0][1] = positive[1][0] = true;
    const Tensor swapped = similarity.index_select(1, torch::tensor({1, 0, 2}));
    const auto loss = [](const Tensor& x, const Tensor& p) { return contrastive_loss(x, p, p.logical_not()); };
    CHECK(loss(similarity, positive).item<double>() == Approx(loss(swapped, positive).item<double>()));
    CHECK(loss(similarity, torch::eye(3, torch::kBool)).item<double>() != Approx(loss(swapped, torch::eye(3, torch::kBool)).item<double>()));
    CHECK(gradient_error(similarity, [&](const Tensor& s) { return loss(s, positive); }) < 1e-8);
}

TEST_CASE("pairs that may or may not be true do not count in the contrastive loss") {
    Tensor similarity = random_tensor({3, 3}, 7, torch::kFloat64);
    const Tensor positive = torch::eye(3, torch::kBool), negative = positive.logical_not();
    negative[0][2] = false;
    const double before = contrastive_loss(similarity, positive, negative).item<double>();
    similarity[0][2] += 5;
    CHECK(contrastive_loss(similarity, positive, negative).item<double>() == Approx(before));
    similarity[0][1] += 5;
    CHECK(contrastive_loss(similarity, positive, negative).item<double>() > before);
}

TEST_CASE("the loss of place is that of its values, and its gradient too") {
    const Tensor share = torch::tensor({0.0, 1.0, 0.5, 1.0}, torch::kFloat64).view({1, 2, 2}), logits = numbers({0, 0, 0, 0}, {1, 2, 2});
    CHECK(scar_loss(logits, share).item<double>() == Approx(std::log(2.0) + 1 - (2 * 1.25 + 20) / (2 + 2.5 + 20)));
    CHECK(gradient_error(random_tensor({1, 2, 2}, 8, torch::kFloat64), [&](const Tensor& x) { return scar_loss(x, share); }) < 1e-8);
}

TEST_CASE("the optimiser's first step is the learning rate against the sign of the gradient, after the decay") {
    UNet net({4, 4, 4}, 2);
    initialise(net, 1);
    Optimiser o(net);
    Recipe r;
    r.weight_decay = 0.1;
    const Tensor before = o.parameters[0].second.detach().clone();
    for (auto& entry : o.parameters) entry.second.mutable_grad() = torch::full_like(entry.second, -0.25);
    o.update(0, 0.01, r);
    CHECK(torch::allclose(o.parameters[0].second, before * (1 - 0.001) + 0.01, 1e-5, 1e-6));
}

TEST_CASE("gradients are scaled to the limit together, and smaller ones stay") {
    UNet net({4, 4, 4}, 2);
    const auto parameters = parameters_of(net);
    for (const auto& entry : parameters) entry.second.mutable_grad() = torch::ones_like(entry.second);
    const double norm = clip_gradients(parameters, 1);
    CHECK(norm > 10);
    CHECK(clip_gradients(parameters, 1) == Approx(1).epsilon(1e-4));
    CHECK(clip_gradients(parameters, 2) == Approx(1).epsilon(1e-4));
}

TEST_CASE("the learning rate rises over the warm-up and falls to 0 at the end") {
    Recipe r;
    r.steps = 100;
    r.warm_up = 0.1;
    CHECK(rate_at(0, r) == Approx(r.learning_rate / 10));
    CHECK(rate_at(10, r) == Approx(r.learning_rate));
    CHECK(rate_at(55, r) == Approx(r.learning_rate / 2));
    CHECK(rate_at(99, r) < r.learning_rate / 1000);
}

TEST_CASE("twenty steps and ten steps, a stop and ten steps leave the same bytes") {
    const Folder straight, broken;
    const Description d = small();
    auto one = toy(d);
    REQUIRE(train(one, short_run(straight.path, 20), cpu, 2, quiet) == Ended::finished);
    auto first = toy(d);
    auto recipe = short_run(broken.path, 20);
    recipe.stop_after = 10;
    REQUIRE(train(first, recipe, cpu, 2, quiet) == Ended::stopped);
    auto second = toy(d);
    recipe.stop_after = 0;
    REQUIRE(train(second, recipe, cpu, 2, quiet) == Ended::finished);
    CHECK((encode_tensors(parameters_of(*one.net), {}) == encode_tensors(parameters_of(*second.net), {})));
    CHECK((encode_tensors(parameters_of(*one.net), {}) != encode_tensors(parameters_of(*first.net), {})));
    for (const char* file : {"step-20.safetensors", "metrics.jsonl", "latest"})
        CHECK((lge::read_file((straight.path / file).string()) == lge::read_file((broken.path / file).string())));
}

TEST_CASE("one and three threads leave the same bytes") {
    const Folder one, three;
    auto a = toy(small()), b = toy(small());
    REQUIRE(train(a, short_run(one.path, 5), cpu, 1, quiet) == Ended::finished);
    REQUIRE(train(b, short_run(three.path, 5), cpu, 3, quiet) == Ended::finished);
    CHECK((encode_tensors(parameters_of(*a.net), {}) == encode_tensors(parameters_of(*b.net), {})));
}

TEST_CASE("the gradient of shards with a joint loss is that of the whole batch at once") {
    const Folder folder;
    auto split = toy(small()), whole = toy(small());
    whole.shards = 1;
    whole.draw = [&](std::uint64_t step, std::size_t) {
        const Tensors a = split.draw(step, 0), b = split.draw(step, 1);
        return Tensors{torch::cat({a[0], b[0]}), torch::cat({a[1], b[1]})};
    };
    auto recipe = short_run(folder.path, 1);
    recipe.precision = Precision::fp32;
    recipe.average = 0;
    train(split, recipe, cpu, 2, quiet);
    recipe.folder = folder.path / "whole";
    train(whole, recipe, cpu, 2, quiet);
    const auto a = parameters_of(*split.net), b = parameters_of(*whole.net);
    for (std::size_t i = 0; i < a.size(); ++i) {
        INFO(a[i].first);
        CHECK((a[i].second.grad() - b[i].second.grad()).abs().max().item<double>() < 1e-5);
    }
}

TEST_CASE("training on a task that can be learnt makes its loss fall") {
    const Folder folder;
    auto learner = toy(small());
    const auto loss = [&] {
        return losses_at(learner, 999)[0].second.item<double>();
    };
    const double before = loss();
    REQUIRE(train(learner, short_run(folder.path, 60), cpu, 2, quiet) == Ended::finished);
    CHECK(loss() < 0.8 * before);
}

TEST_CASE("a damaged newest checkpoint gives way to the one before it") {
    const Folder folder;
    auto first = toy(small());
    auto recipe = short_run(folder.path, 20);
    recipe.save_every = 5;
    recipe.stop_after = 10;
    train(first, recipe, cpu, 2, quiet);
    {
        std::fstream file(folder.path / "step-10.safetensors", std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(-3, std::ios::end);
        file.put('\x55');
    }
    Optimiser o(*first.net);
    const auto found = load_checkpoint(folder.path, o, "toy", quiet);
    REQUIRE(found);
    CHECK(found->step == 5);
}

TEST_CASE("a checkpoint of another run is refused") {
    const Folder folder;
    auto learner = toy(small());
    train(learner, short_run(folder.path, 2), cpu, 2, quiet);
    Optimiser o(*learner.net);
    CHECK_THROWS_AS(load_checkpoint(folder.path, o, "another", quiet), Error);
}

TEST_CASE("one batch without finite loss is skipped and counted, and several in a row end the run with finite weights") {
    const Folder folder;
    auto learner = toy(small(), 3);
    auto recipe = short_run(folder.path, 20);
    recipe.nan_limit = 4;
    recipe.save_every = 1;
    try {
        train(learner, recipe, cpu, 2, quiet);
        FAIL("went on without a finite loss");
    } catch (const Error& e) {
        CHECK(e.code() == ExitCode::bad_data);
    }
    Optimiser o(*learner.net);
    const auto found = load_checkpoint(folder.path, o, "toy", quiet);
    REQUIRE(found);
    CHECK(found->skipped == 3);
    for (const auto& entry : o.parameters) CHECK(entry.second.isfinite().all().item<bool>());
}

TEST_CASE("slices in a batch of 1 and of 16 get the same shares") {
    const Description d = small();
    const auto net = make_unet(d);
    initialise(*net, 9);
    const Tensor windows = random_tensor({16, 1, 32, 32}, 8);
    lge::ThreadPool pool(2);
    CHECK((class_shares(*net, windows, {cpu, 1, pool}) - class_shares(*net, windows, {cpu, 16, pool})).abs().max().item<double>() < 1e-5);
}

TEST_CASE("padding does not change what a text means") {
    const Description d = small();
    const auto net = make_align_net(d);
    initialise(*net, 4);
    torch::NoGradGuard no_grad;
    const auto row = d.tokenizer.encode("scar wall", static_cast<std::size_t>(d.text_length));
    const Tensor padded = torch::tensor(row, torch::kInt64).unsqueeze(0), bare = padded.slice(1, 0, 4);
    auto& tower = dynamic_cast<TextTower&>(*net->text);
    Tensor short_places = tower.places_table.slice(1, 0, 4).clone();
    const Tensor long_text = net->text->forward(padded);
    tower.places_table = short_places;
    CHECK((net->text->forward(bare) - long_text).abs().max().item<double>() < 1e-5);
    CHECK(long_text.norm().item<double>() == Approx(1));
}

TEST_CASE("a model comes back from its file with weights and description") {
    const Description d = small();
    const auto net = make_align_net(d), other = make_align_net(d);
    initialise(*net, 4);
    Description align = d;
    align.task = Task::align;
    align.case_threshold = 0.375;
    const auto file = lge::io::decode_safetensors(encode_tensors(parameters_of(*net), to_metadata(align)), "m");
    const Description back = parse_description(file.metadata, Task::align, "m");
    CHECK(back.tokenizer.pieces() == d.tokenizer.pieces());
    CHECK(back.widths == d.widths);
    CHECK(back.case_threshold == 0.375);
    load_parameters(*other, file, "", "m");
    CHECK((encode_tensors(parameters_of(*other), {}) == encode_tensors(parameters_of(*net), {})));
    CHECK_THROWS_AS(parse_description(file.metadata, Task::segment, "m"), Error);
}

TEST_CASE("a model with a tensor missing, misshapen or not finite is bad data") {
    const Description d = small();
    const auto net = make_unet(d);
    initialise(*net, 4);
    auto tensors = parameters_of(*net);
    const auto refused = [&](const NamedTensors& all) {
        const auto file = lge::io::decode_safetensors(encode_tensors(all, {}), "m");
        try {
            load_parameters(*net, file, "", "m");
        } catch (const Error& e) {
            return e.code() == ExitCode::bad_data;
        }
        return false;
    };
    auto missing = tensors;
    missing.pop_back();
    CHECK(refused(missing));
    auto misshapen = tensors;
    misshapen[0].second = torch::zeros({1});
    CHECK(refused(misshapen));
    auto poisoned = tensors;
    poisoned[0].second = torch::full_like(tensors[0].second, NAN);
    CHECK(refused(poisoned));
    CHECK_FALSE(refused(tensors));
}
