#include "lge/nn/train/budget.hpp"
#include "lge/nn/train/optimiser.hpp"

#include "toy.hpp"

#include <catch2/catch.hpp>

using namespace toy;

TEST_CASE("operations of convolutions and products are those counted by hand") {
    const Tensor image = torch::ones({2, 3, 8, 8}), kernel = torch::ones({4, 3, 3, 3}).requires_grad_(true);
    Tensor out;
    const double forward = 2.0 * (2 * 4 * 8 * 8) * (3 * 3 * 3);
    CHECK(count_flops([&] { out = at::conv2d(image, kernel, {}, 1, 1); }) == forward);
    CHECK(count_flops([&] { out.sum().backward(); }) == forward);  // to the kernel alone: an image has no gradient
    CHECK(count_flops([&] { at::conv2d(image, kernel, {}, 2, at::IntArrayRef({0, 0})); }) == 2.0 * (2 * 4 * 3 * 3) * (3 * 3 * 3));
    const Tensor inner = torch::ones({2, 4, 8, 8}).requires_grad_(true), grouped = torch::ones({6, 2, 3, 3}).requires_grad_(true);
    const double grouped_forward = 2.0 * (2 * 6 * 8 * 8) * (2 * 3 * 3);
    CHECK(count_flops([&] { out = at::conv2d(inner, grouped, {}, 1, 1, 1, 2); }) == grouped_forward);
    CHECK(count_flops([&] { out.sum().backward(); }) == 2 * grouped_forward);

    const Tensor x = torch::ones({5, 7, 6}), weight = torch::ones({3, 6}).requires_grad_(true), bias = torch::ones({3});
    CHECK(count_flops([&] { out = at::linear(x, weight, bias); }) == 2.0 * 35 * 6 * 3);
    CHECK(count_flops([&] { out.sum().backward(); }) == 2.0 * 35 * 6 * 3);
    CHECK(count_flops([&] { at::matmul(torch::ones({4, 2, 3}), torch::ones({4, 3, 5})); }) == 2.0 * 4 * 2 * 3 * 5);
    CHECK(count_flops([&] { at::relu(x); }) == 0);
}

TEST_CASE("operations are the same with half the precision") {
    auto learner = pixels();
    Optimiser o(*learner.net);
    auto recipe = short_run({}, 1);
    const double whole = budget_of(learner, o.parameters, recipe, cpu, 1).step_flops;
    recipe.precision = Precision::bf16;
    CHECK(budget_of(learner, o.parameters, recipe, cpu, 1).step_flops == whole);
}

TEST_CASE("memory is that of the tensors which live at once") {
    Tensor kept;
    const auto use = count_memory([&] {
        const Tensor a = torch::empty({1000}), b = torch::empty({500});
        kept = torch::empty({250});
    });
    CHECK(use.peak == Approx(7000).margin(256));
    CHECK(use.left == Approx(1000).margin(64));
}

TEST_CASE("a budget knows parameters, and that computing activations twice saves memory for operations") {
    auto learner = pixels();
    learner.shards = 16;
    Optimiser o(*learner.net);
    auto recipe = short_run({}, 1);
    const Budget plain = budget_of(learner, o.parameters, recipe, cpu, 2);
    std::int64_t count = 0;
    for (const auto& [name, p] : o.parameters) count += p.numel();
    CHECK(plain.parameters == count);
    CHECK(plain.weight_bytes == 20.0 * static_cast<double>(count));
    CHECK(plain.step_flops > 2.5 * plain.forward_flops);
    CHECK(plain.step_flops < 3 * plain.forward_flops);
    recipe.accumulate = 4;
    const Budget parts = budget_of(learner, o.parameters, recipe, cpu, 2);
    CHECK(parts.step_flops == plain.step_flops + plain.forward_flops);
    CHECK(parts.activation_bytes < plain.activation_bytes / 3);
    CHECK(budget_of(learner, o.parameters, recipe, cpu, 2).activation_bytes == parts.activation_bytes);
}
