#include "lge/base/stream.hpp"
#include "lge/json/reader.hpp"
#include "lge/nn/train/checkpoint.hpp"
#include "lge/nn/train/stepper.hpp"
#include "toy.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <csignal>
#include <numeric>

using namespace toy;
using lge::Error;
using lge::ExitCode;
namespace fs = std::filesystem;

namespace {

lge::Bytes contents(const fs::path& path) { return lge::read_file(path.string()); }

/// The gradient of a learner's first step.
void first_gradient(Learner& learner, const Recipe& recipe) {
    Optimiser o(*learner.net);
    Stepper(learner, o.parameters, recipe, cpu, 2, nullptr).run(0);
}

}  // namespace

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

TEST_CASE("the memory order of a gradient does not change the update") {
    const auto updated = [](at::MemoryFormat order) {
        UNet net({4, 4, 4}, 2);
        initialise(net, 1);
        Optimiser o(net);
        for (auto& [name, p] : o.parameters) {
            const Tensor gradient = at::arange(1, p.numel() + 1, p.options()).view(p.sizes()).cos();
            p.mutable_grad() = p.dim() == 4 ? gradient.contiguous(order) : gradient;
        }
        o.update(0, 0.01, Recipe{});
        std::vector<Tensor> weights;
        for (const auto& [name, p] : o.parameters) weights.push_back(p.detach().flatten());
        return at::cat(weights);
    };
    CHECK(at::equal(updated(at::MemoryFormat::ChannelsLast), updated(at::MemoryFormat::Contiguous)));
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
    const TemporaryFolder straight, broken;
    auto one = pixels();
    REQUIRE(train(one, short_run(straight.path, 20), cpu, 2, quiet) == Ended::finished);
    auto first = pixels();
    auto recipe = short_run(broken.path, 20);
    recipe.stop_after = 10;
    REQUIRE(train(first, recipe, cpu, 2, quiet) == Ended::stopped);
    auto second = pixels();
    recipe.stop_after = 0;
    REQUIRE(train(second, recipe, cpu, 2, quiet) == Ended::finished);
    CHECK((weights(one) == weights(second)));
    CHECK((weights(one) != weights(first)));
    for (const char* file : {"step-20/model.safetensors", "step-20/optimiser.safetensors", "step-20/average.safetensors", "step-20/state.json", "metrics.jsonl", "latest", "config.json"})
        CHECK((contents(straight.path / file) == contents(broken.path / file)));
}

TEST_CASE("a run that is stopped at any of 50 random steps ends with the bytes of a straight one") {
    const TemporaryFolder straight;
    auto one = pairs();
    auto recipe = short_run(straight.path, 12);
    recipe.validate_every = 4;
    const auto scored = [](Learner l) {
        l.validate = [net = l.net] { return parameters_of(*net)[0].second.sum().item<double>(); };
        return l;
    };
    one = scored(one);
    REQUIRE(train(one, recipe, cpu, 2, quiet) == Ended::finished);
    lge::Random random(1, 0, "stops");
    for (int trial = 0; trial < 50; ++trial) {
        const TemporaryFolder broken;
        recipe.folder = broken.path;
        for (const unsigned limit : {1 + random.below(11), 0U}) {
            recipe.stop_after = limit;
            auto again = scored(pairs());
            const auto ended = train(again, recipe, cpu, 1 + random.below(3), quiet);
            REQUIRE(ended == (limit ? Ended::stopped : Ended::finished));
            if (limit == 0) REQUIRE((weights(one) == weights(again)));
        }
        REQUIRE((contents(straight.path / "metrics.jsonl") == contents(broken.path / "metrics.jsonl")));
        REQUIRE((contents(straight.path / "step-12/state.json") == contents(broken.path / "step-12/state.json")));
    }
}

TEST_CASE("one and three threads leave the same bytes") {
    const TemporaryFolder one, three;
    auto a = pixels(), b = pixels();
    REQUIRE(train(a, short_run(one.path, 5), cpu, 1, quiet) == Ended::finished);
    REQUIRE(train(b, short_run(three.path, 5), cpu, 3, quiet) == Ended::finished);
    CHECK((weights(a) == weights(b)));
}

TEST_CASE("the gradient of shards with a joint loss is that of the whole batch at once") {
    auto split = pixels(), whole = pixels();
    whole.shards = 1;
    whole.draw = [&](std::uint64_t step, std::size_t) {
        const Tensors a = split.draw(step, 0), b = split.draw(step, 1);
        return Tensors{torch::cat({a[0], b[0]}), torch::cat({a[1], b[1]})};
    };
    const auto recipe = short_run({}, 1);
    first_gradient(split, recipe);
    first_gradient(whole, recipe);
    CHECK(difference(split, whole, true) < 1e-5);
}

TEST_CASE("the contrastive gradient of a batch in parts, whose activations are made twice, is that of the batch at once") {
    constexpr double noise = 1e-4;  // beside gradients of up to 1.8: LibTorch sums in another order where memory lies otherwise, 1.2e-5 in one run of forty
    auto plain = pairs(8), parts = pairs(8);
    auto recipe = short_run({}, 1);
    first_gradient(plain, recipe);
    recipe.accumulate = 4;
    first_gradient(parts, recipe);
    CHECK(difference(plain, parts, true) < noise);
    CHECK(parameters_of(*plain.net).back().second.grad().abs().max().item<double>() > 1e-4);

    // The same by the plain rules of differentiation, with no shards at all.
    auto direct = pairs(8);
    std::vector<Tensors> drawn;
    for (std::size_t i = 0; i < 8; ++i) drawn.push_back(direct.draw(0, i));
    const Tensors all = Stepper::join(drawn);
    direct.losses(all, direct.forward(all))[0].second.backward();
    CHECK(difference(direct, parts, true) < noise);
    CHECK(difference(direct, pairs(8)) == 0);
}

TEST_CASE("in parts, activations are alive for as many shards as there are threads; at once, for all") {
    std::atomic<int> alive = 0, most = 0;
    const auto counted = [&](Learner l) {
        // A factor that the graph keeps for its backward pass, and that counts while it lives.
        l.forward = [&, inner = l.forward](const Tensors& drawn) {
            Tensors out = inner(drawn);
            const int now = ++alive;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {}
            auto* one = new float(1);
            out[0] = out[0] * torch::from_blob(one, {1}, [&](void* p) {
                         --alive;
                         delete static_cast<float*>(p);
                     });
            return out;
        };
        return l;
    };
    auto recipe = short_run({}, 1);
    auto at_once = counted(pairs(12));
    first_gradient(at_once, recipe);
    CHECK(most == 12);
    CHECK(alive == 0);
    most = 0;
    recipe.accumulate = 2;
    auto in_parts = counted(pairs(12));
    first_gradient(in_parts, recipe);
    CHECK(most <= 2);  // threads
    CHECK(alive == 0);
}

TEST_CASE("training on a task that can be learnt makes its loss fall, and on one batch to almost nothing") {
    const TemporaryFolder folder, single;
    auto learner = pixels();
    const auto loss = [](const Learner& l, std::uint64_t step) { return losses_at(l, step)[0].second.item<double>(); };
    const double before = loss(learner, 999);
    REQUIRE(train(learner, short_run(folder.path, 60), cpu, 2, quiet) == Ended::finished);
    CHECK(loss(learner, 999) < 0.8 * before);
    auto recipe = short_run(single.path, 150);
    recipe.overfit_one_batch = true;
    recipe.learning_rate = 0.02;
    auto by_heart = pairs(2);
    const double unlearnt = loss(by_heart, 0), elsewhere = loss(by_heart, 7);
    REQUIRE(train(by_heart, recipe, cpu, 2, quiet) == Ended::finished);
    CHECK(loss(by_heart, 0) < 0.05 * unlearnt);
    CHECK(loss(by_heart, 7) > 0.05 * elsewhere);
}

TEST_CASE("the weights of the best validation are what a run leaves, and it ends when patience does") {
    const TemporaryFolder folder;
    auto learner = pairs();
    const std::array<double, 8> scores{0.1, 0.5, NAN, 0.4, 0.3, 0.9, 0.9, 0.9};
    std::size_t asked = 0;
    std::vector<lge::Bytes> seen;
    learner.validate = [&] {
        seen.push_back(weights(learner));
        return scores.at(asked++);
    };
    auto recipe = short_run(folder.path, 100);
    recipe.validate_every = 3;
    recipe.patience = 3;
    REQUIRE(train(learner, recipe, cpu, 2, quiet) == Ended::finished);
    CHECK(asked == 5);  // the second was the best, and three in a row were not better
    CHECK((weights(learner) == seen[1]));
    CHECK(fs::exists(folder.path / "step-15/best.safetensors"));
    auto again = pairs();
    again.validate = [] { return 1.0; };
    REQUIRE(train(again, recipe, cpu, 2, quiet) == Ended::finished);  // not one step more
    CHECK((weights(again) == seen[1]));
    CHECK_FALSE(fs::exists(folder.path / "step-16"));
}

TEST_CASE("a run without validation leaves the averaged weights") {
    const TemporaryFolder folder;
    auto learner = pairs();
    auto recipe = short_run(folder.path, 8);
    recipe.average = 0.9;
    REQUIRE(train(learner, recipe, cpu, 1, quiet) == Ended::finished);
    const auto file = lge::io::read_safetensors((folder.path / "step-8/average.safetensors").string());
    const auto raw = lge::io::read_safetensors((folder.path / "step-8/model.safetensors").string());
    const auto parameters = parameters_of(*learner.net);
    for (const auto& [name, p] : parameters) CHECK(torch::equal(p, tensor_of(file, name, p.sizes(), "average")));
    CHECK_FALSE(torch::equal(parameters[0].second, tensor_of(raw, parameters[0].first, parameters[0].second.sizes(), "model")));
}

TEST_CASE("one batch without finite loss is skipped and counted, and several in a row end the run with finite weights") {
    const TemporaryFolder folder;
    auto learner = pixels(3);
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
    NamedTensors best;
    const auto found = load_checkpoint(folder.path, o, best, "pixels", quiet);
    REQUIRE(found);
    CHECK(found->skipped == 3);
    CHECK(found->bad_in_row == 3);
    for (const auto* tensors : {&o.parameters, &o.first, &o.second, &o.average})
        for (const auto& entry : *tensors) CHECK(entry.second.isfinite().all().item<bool>());
}

TEST_CASE("weights that are not finite are never saved") {
    const TemporaryFolder folder;
    auto learner = pairs();
    Optimiser o(*learner.net);
    o.parameters[0].second.detach().view(-1)[0] = INFINITY;
    CHECK_THROWS_AS(save_checkpoint(folder.path, o, {}, {}, "pairs"), Error);
    CHECK(fs::is_empty(folder.path));
}

TEST_CASE("a poisoned sample among good ones costs its batch, and the run ends finite") {
    const TemporaryFolder folder;
    auto learner = pairs();
    learner.draw = [inner = learner.draw](std::uint64_t step, std::size_t shard) {
        Tensors drawn = inner(step, shard);
        if (step == 5 && shard == 2) drawn[0].fill_(NAN);
        return drawn;
    };
    REQUIRE(train(learner, short_run(folder.path, 12), cpu, 2, quiet) == Ended::finished);
    for (const auto& [name, p] : parameters_of(*learner.net)) CHECK(p.isfinite().all().item<bool>());
    const lge::Bytes metrics = contents(folder.path / "metrics.jsonl");
    lge::json::Lines lines(metrics, "metrics");
    std::int64_t step = 0;
    while (const auto record = lines.next()) {
        ++step;
        CHECK(record->integer("step") == step);
        CHECK(record->integer("skipped") == (step >= 6 ? 1 : 0));
        CHECK(record->find("loss").has_value() == (step != 6));
    }
    CHECK(step == 12);
}

TEST_CASE("a dry run learns nothing and leaves nothing behind") {
    const TemporaryFolder folder;
    auto learner = pixels();
    const auto before = weights(learner);
    auto recipe = short_run(folder.path / "run", 20);
    recipe.dry_run = true;
    CHECK(train(learner, recipe, cpu, 2, quiet) == Ended::tried);
    CHECK((weights(learner) == before));
    CHECK_FALSE(fs::exists(folder.path / "run"));
}
