#include "lge/nn/net/heads.hpp"
#include "lge/nn/train/gradients.hpp"
#include "lge/nn/train/optimiser.hpp"
#include "lge/nn/train/stepper.hpp"
#include "nn/loopback.hpp"
#include "toy.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <thread>

using namespace toy;
using lge::Error;
using lge::ExitCode;

namespace {

World world(const std::map<std::string, std::string>& variables) {
    return world_of([&](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    });
}
bool refused(const std::map<std::string, std::string>& variables) {
    try {
        world(variables);
    } catch (const Error& e) {
        return e.code() == ExitCode::usage;
    }
    return false;
}

}  // namespace

TEST_CASE("a process alone is the world") {
    CHECK(world({}).size == 1);
    CHECK(world({{"RANK", "0"}, {"WORLD_SIZE", "1"}}).size == 1);
    // A batch script of Slurm's, which no srun started.
    CHECK(world({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}, {"SLURM_JOB_NODELIST", "n1"}}).size == 1);
}

TEST_CASE("torchrun, srun and mpirun each say who is who and where to meet") {
    const World torchrun = world({{"RANK", "3"}, {"WORLD_SIZE", "4"}, {"LOCAL_RANK", "1"}, {"MASTER_ADDR", "host"}, {"MASTER_PORT", "1234"}});
    CHECK(torchrun.rank == 3);
    CHECK(torchrun.size == 4);
    CHECK(torchrun.local == 1);
    CHECK(torchrun.address == "host");
    CHECK(torchrun.port == 1234);
    const World srun = world({{"SLURM_STEP_ID", "0"}, {"SLURM_PROCID", "5"}, {"SLURM_NTASKS", "8"}, {"SLURM_LOCALID", "1"}, {"SLURM_JOB_NODELIST", "gpu[07-08,11]"}, {"SLURM_JOB_ID", "1234567"}});
    CHECK(srun.rank == 5);
    CHECK(srun.address == "gpu07");
    CHECK(srun.port == 24567);
    const World mpirun = world({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"}, {"OMPI_COMM_WORLD_LOCAL_RANK", "1"}, {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}});
    CHECK(mpirun.address == "127.0.0.1");
    CHECK(mpirun.rank == 1);
}

TEST_CASE("variables that do not fit together are refused") {
    CHECK(refused({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"LOCAL_RANK", "0"}}));  // nowhere to meet
    CHECK(refused({{"RANK", "2"}, {"WORLD_SIZE", "2"}, {"LOCAL_RANK", "0"}, {"MASTER_ADDR", "h"}}));
    CHECK(refused({{"RANK", "x"}, {"WORLD_SIZE", "2"}, {"LOCAL_RANK", "0"}, {"MASTER_ADDR", "h"}}));
    CHECK(refused({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "h"}}));
    CHECK(refused({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"LOCAL_RANK", "0"}, {"MASTER_ADDR", "h"}, {"MASTER_PORT", "70000"}}));
    CHECK(refused({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_LOCAL_RANK", "1"}, {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}}));
}

TEST_CASE("the first host of a list stands before its first comma, with the first number of its brackets") {
    CHECK(first_host("n1") == "n1");
    CHECK(first_host("n1,n2") == "n1");
    CHECK(first_host("n[03-05,9],m1") == "n03");
    CHECK(first_host("n[7]") == "n7");
    CHECK(first_host("rack[2,4]-eth,x") == "rack2-eth");
    CHECK(first_host("login,n[1-2]") == "login");
}

TEST_CASE("processes sum, share and gather what they hold") {
    together(3, [](Peers& peers) {
        const auto r = static_cast<float>(peers.rank());
        std::vector<Tensor> numbers{torch::full({2, 2}, r + 1), torch::full({1 << 21}, 10 * r), torch::full({}, 1.0F)};
        for (auto& n : numbers) {
            auto sum = peers.begin_sum({n});
            peers.end_sum(sum);
        }
        need(numbers[0].eq(6).all().item<bool>(), "sum of matrices");
        need(numbers[1].eq(30).all().item<bool>(), "sum of more than a bucket");
        need(numbers[2].item<float>() == 3, "sum of scalars");

        const Tensor told = torch::full({3}, r + 7);
        peers.share({told});
        need(told.eq(7).all().item<bool>(), "shared values");

        // One row of the first process, none of the second, three of the last.
        const std::int64_t rows = std::array<std::int64_t, 3>{1, 0, 3}[static_cast<std::size_t>(peers.rank())];
        const auto all = peers.gather({torch::full({rows, 2}, r), torch::full({2}, static_cast<std::int64_t>(peers.rank()), torch::kInt64)});
        need(torch::equal(all.whole[0], torch::tensor({0.F, 0.F, 2.F, 2.F, 2.F, 2.F, 2.F, 2.F}).view({4, 2})), "gathered rows");
        need(torch::equal(all.whole[1], torch::tensor({0, 0, 1, 1, 2, 2}, torch::kInt64)), "gathered numbers");
        need(all.rows_before == std::vector<std::int64_t>{peers.rank() == 0 ? 0 : 1, 2 * peers.rank()}, "rows before");

        need(peers.any({peers.rank() == 2, false}) == std::vector<bool>{true, false}, "flags");
    });
}

TEST_CASE("all wait for what process 0 does alone") {
    std::atomic<int> done = 0;
    together(3, [&](Peers& peers) {
        for (int time = 1; time <= 2; ++time) {
            if (peers.rank() == 0) {
                std::this_thread::sleep_for(std::chrono::milliseconds(200));
                done = time;
            }
            const bool said = peers.hear_first(peers.rank() == 0 ? time == 2 : time == 1);
            need(done >= time, "process 0 was waited for");
            need(said == (time == 2), "process 0 was heard");
        }
    });
}

TEST_CASE("gradients are summed as the halves of the parts, whatever the order in which they come") {
    // In single precision (1 + 1e8) + (-1e8 + 3) is 0, and one after the other it is 3.
    const std::vector<float> values{1, 1e8F, -1e8F, 3};
    for (const std::vector<std::size_t>& order : {std::vector<std::size_t>{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}}) {
        Tensor p = torch::zeros({1}), unused = torch::zeros({2});
        GradientSum sum({p, unused}, {false, false}, 4, nullptr);
        for (const std::size_t part : order) {
            sum.add(part, 0, torch::full({1}, values[part]));
            sum.add(part, 0, torch::full({1}, 1000.0F));  // a second word is not heard
            sum.add(part, 1, {});
        }
        sum.finish();
        CHECK(p.grad().item<float>() == 0);
        CHECK_FALSE(unused.grad().defined());
    }
}

TEST_CASE("gradients leave for other processes while backward passes go on") {
    std::vector<std::size_t> early(2);
    std::vector<Learner> learners{pairs(4), pairs(4)};
    for (auto& l : learners) {
        // As large as a bucket, so that there are several: its gradient is the last that a pass reaches.
        auto net = std::make_shared<torch::nn::Module>();
        const Tensor first = net->register_parameter("first", random_tensor({6, 1 << 18}, 9));
        net->register_module("towers", l.net);
        l.net = net;
        l.forward = [first, inner = l.forward](const Tensors& b) {
            Tensors changed = b;
            changed[0] = b[0] + at::matmul(b[0], first).mean(1, true);
            return inner(changed);
        };
    }
    together(2, [&](Peers& peers) {
        const auto rank = static_cast<std::size_t>(peers.rank());
        Optimiser o(*learners[rank].net);
        Stepper stepper(learners[rank], o.parameters, short_run({}, 1), cpu, 1, &peers);
        stepper.run(0);
        early[rank] = stepper.sent_early();
    });
    CHECK(early[0] > 0);
    CHECK(early[1] > 0);
    CHECK(difference(learners[0], learners[1], true) == 0);
}

TEST_CASE("two processes give the weights of one, for the same batches") {
    const TemporaryFolder one_folder, two_folder;
    auto alone = pairs(5);
    REQUIRE(train(alone, short_run(one_folder.path, 10), cpu, 1, quiet) == Ended::finished);
    std::vector<Learner> learners{pairs(5), pairs(5)};
    together(2, [&](Peers& peers) {
        auto& own = learners[static_cast<std::size_t>(peers.rank())];
        need(train(own, short_run(two_folder.path, 10), cpu, 1, quiet, &peers) == Ended::finished, "training ends");
    });
    CHECK(difference(learners[0], learners[1]) == 0);
    CHECK(difference(alone, learners[0]) < 1e-5);
    CHECK(difference(alone, pairs(5)) > 1e-3);
}

namespace {

/// A U-Net with heads that learns from pixels drawn by chance, three shards of two, all of it in the number type of its weights.
Learner outlines(torch::Dtype type) {
    Description d;
    d.widths = {4, 8, 8};
    d.heads = {true, true};
    const auto net = make_unet(d);
    initialise(*net, 3);
    net->to(type);
    return {net, 3,
            [type](std::uint64_t step, std::size_t shard) {
                const std::uint64_t number = 3 * step + shard;
                const Tensor x = random_tensor({2, 1, 32, 32}, 900 + number, type), points = random_tensor({2, 2, 2}, 5000 + number, type).abs() * 8 + 4;
                if (shard == 1) points[0].fill_(NAN);
                return Tensors{x, x.squeeze(1).gt(0).to(torch::kInt64), points, at::softmax(random_tensor({2, 8}, 9000 + number, type), 1)};
            },
            [net](const Tensors& drawn) {
                const UNetAnswer told = net->answer(drawn[0]);
                const auto loss = segment_loss(told.classes, drawn[1]);
                return Tensors{loss.dice + loss.cross_entropy, insertion_costs(told.insertions, drawn[2], 2), pose_costs(told.pose, drawn[3])};
            },
            [](const Tensors& drawn, const Tensors& costs) {
                return Losses{{"loss", costs[0].mean() + costs[1].sum() / drawn[2].isfinite().all(2).sum() + costs[2].mean()}};
            },
            "outlines", {2}};
}

/// Largest difference of the weights after ten steps by one process and by `size`, and of those from the first weights.
std::pair<double, double> after_ten_steps(int size, torch::Dtype type) {
    const auto learn = [](const Learner& learner, Peers* peers) {
        const auto recipe = short_run({}, 10);
        Optimiser optimiser(*learner.net);
        Stepper stepper(learner, optimiser.parameters, recipe, cpu, 1, peers);
        for (std::uint64_t step = 0; step < recipe.steps; ++step) {
            stepper.run(step);
            clip_gradients(optimiser.parameters, recipe.clip);
            optimiser.update(step, rate_at(step, recipe), recipe);
        }
    };
    const auto alone = outlines(type);
    learn(alone, nullptr);
    std::vector<Learner> learners;
    for (int rank = 0; rank < size; ++rank) learners.push_back(outlines(type));
    together(size, [&](Peers& peers) { learn(learners[static_cast<std::size_t>(peers.rank())], &peers); });
    for (const auto& l : learners) need(difference(learners[0], l) == 0, "all processes end alike");
    return {difference(alone, learners[0]), difference(alone, outlines(type))};
}

}  // namespace

TEST_CASE("two processes give a U-Net the very weights of one") {
    const auto [apart, learned] = after_ten_steps(2, torch::kFloat32);
    CHECK(apart == 0);
    CHECK(learned > 1e-3);
}

TEST_CASE("three processes give a U-Net the weights of one but for rounding") {
    // Gloo adds three gradients in an order of its own. AdamW divides each by its size, so that where one is all but 0 its
    // rounding moves a weight by up to the learning rate; in double precision what is left of it tells that nothing else differs.
    const double single = after_ten_steps(3, torch::kFloat32).first, twice = after_ten_steps(3, torch::kFloat64).first;
    CAPTURE(single);
    CHECK(twice < 1e-10);
    CHECK(twice < 1e-3 * single);
}

TEST_CASE("a process that is gone ends the others with a clear reason") {
    const std::uint16_t port = free_port();
    auto lost = std::async(std::launch::async, [&] {
        Peers peers({1, 2, 1, "127.0.0.1", port});
        peers.any({false});
    });
    Peers peers({0, 2, 0, "127.0.0.1", port});
    peers.any({false});
    lost.get();
    const auto begin = std::chrono::steady_clock::now();
    try {
        peers.any({false});
        FAIL("heard from the dead");
    } catch (const Error& e) {
        CHECK(e.code() == ExitCode::unavailable);
        CHECK(std::string(e.what()).find("another process of this run has died") != std::string::npos);
    }
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
}
