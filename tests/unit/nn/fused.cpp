#include "numbers.hpp"

#include "lge/nn/net/fused.hpp"

#include <catch2/catch.hpp>

using namespace lge::nn;
using at::Tensor;

namespace {

using Tensors = std::vector<Tensor>;

/// The same with LibTorch's own steps, NCHW.
Tensor stock_norm_relu(const Tensor& x, const Tensor& gain, const Tensor& bias, const Tensor& residual, std::int64_t groups) {
    const Tensor y = at::group_norm(x, groups, gain, bias, 1e-5);
    return at::relu(residual.defined() ? y + residual : y);
}
Tensor stock_beside(const Tensor& low, const Tensor& skip) { return at::cat({at::upsample_nearest2d(low, {skip.size(2), skip.size(3)}), skip}, 1); }

/// f(inputs), and the slopes of its product with fixed numbers.
template <class F>
Tensors value_and_slopes(const Tensors& inputs, F f) {
    Tensors leaves;
    for (const auto& t : inputs) leaves.push_back(t.detach().clone().requires_grad_(true));
    const Tensor y = f(leaves);
    (y * random_tensor(y.sizes(), 99, y.scalar_type())).sum().backward();
    Tensors all{y.detach()};
    for (const auto& t : leaves) all.push_back(t.grad());
    return all;
}

/// Largest difference, as a share of the largest number there should be.
double difference(const Tensors& found, const Tensors& wanted) {
    REQUIRE(found.size() == wanted.size());
    double worst = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        REQUIRE(found[i].sizes() == wanted[i].sizes());
        const Tensor a = found[i].to(at::kDouble), b = wanted[i].to(at::kDouble);
        worst = std::max(worst, ((a - b).abs().max() / b.abs().max()).item<double>());
    }
    return worst;
}

Tensors norm_inputs(std::int64_t channels, std::int64_t side, bool residual, torch::Dtype type) {
    Tensors all{(random_tensor({3, channels, side, side}, 1) * 2 + 1).to(type), random_tensor({channels}, 2) + 1, random_tensor({channels}, 3)};
    if (residual) all.push_back(random_tensor({3, channels, side, side}, 4).to(type));
    return all;
}
Tensor ours(const Tensors& t, std::int64_t groups) { return norm_relu(t[0], t[1], t[2], t.size() > 3 ? t[3] : Tensor(), groups); }
Tensor stock(const Tensors& t, std::int64_t groups) { return stock_norm_relu(t[0], t[1], t[2], t.size() > 3 ? t[3] : Tensor(), groups); }

}  // namespace

TEST_CASE("norm and ReLU in one step are the stock ones, and so are their slopes") {
    for (const bool residual : {false, true})
        for (const auto& [channels, groups, side] : {std::array<std::int64_t, 3>{24, 24, 16}, {24, 8, 16}, {32, 8, 12}, {6, 6, 4}, {6, 2, 6}, {17, 17, 2}, {128, 128, 8}, {300, 300, 2}}) {
            const auto inputs = norm_inputs(channels, side, residual, at::kFloat);
            CAPTURE(residual, channels, groups, side);
            CHECK(difference(value_and_slopes(inputs, [&](const Tensors& t) { return ours(t, groups); }), value_and_slopes(inputs, [&](const Tensors& t) { return stock(t, groups); })) < 1e-5);
        }
}

TEST_CASE("norm and ReLU of bf16 maps are those of their numbers, but for one rounding") {
    for (const std::int64_t groups : {24, 8}) {
        const auto inputs = norm_inputs(24, 16, true, at::kBFloat16);
        Tensors exact;
        for (const auto& t : inputs) exact.push_back(t.to(at::kDouble));
        const auto found = value_and_slopes(inputs, [&](const Tensors& t) { return ours(t, groups); });
        CHECK(found[0].scalar_type() == at::kBFloat16);
        CHECK(found[1].scalar_type() == at::kBFloat16);
        CHECK(found[2].scalar_type() == at::kFloat);
        // The fixed numbers that the slopes start from are rounded to bf16 too.
        CHECK(difference(found, value_and_slopes(exact, [&](const Tensors& t) { return stock(t, groups); })) < 1.0 / 128);
        CHECK(difference({found[0]}, {value_and_slopes(exact, [&](const Tensors& t) { return stock(t, groups); })[0]}) < 1.0 / 256);
    }
}

TEST_CASE("the slopes of norm and ReLU are those of small steps") {
    const auto weight = random_tensor({2, 4, 4, 2}, 7, at::kDouble), x = random_tensor({2, 4, 4, 2}, 8, at::kDouble), gain = random_tensor({4}, 9, at::kDouble), bias = random_tensor({4}, 10, at::kDouble);
    const auto beside = random_tensor({2, 4, 4, 2}, 11, at::kDouble);
    for (const std::int64_t groups : {4, 2}) {
        CHECK(gradient_error(x, [&](const Tensor& t) { return (norm_relu(t, gain, bias, beside, groups) * weight).sum(); }) < 1e-7);
        CHECK(gradient_error(gain, [&](const Tensor& t) { return (norm_relu(x, t, bias, beside, groups) * weight).sum(); }) < 1e-7);
        CHECK(gradient_error(bias, [&](const Tensor& t) { return (norm_relu(x, gain, t, beside, groups) * weight).sum(); }) < 1e-7);
        CHECK(gradient_error(beside, [&](const Tensor& t) { return (norm_relu(x, gain, bias, t, groups) * weight).sum(); }) < 1e-7);
    }
}

TEST_CASE("pooling is the stock one, ties to the first, and so are its slopes") {
    for (const auto type : {at::kFloat, at::kBFloat16})
        for (const std::int64_t channels : {24, 48, 5}) {
            const Tensors inputs{(random_tensor({2, channels, 8, 6}, 1) * 2).round().to(type)};  // many ties
            CHECK(difference(value_and_slopes(inputs, [](const Tensors& t) { return max_pool(t[0]); }), value_and_slopes(inputs, [](const Tensors& t) { return at::max_pool2d(t[0], 2); })) == 0);
        }
}

TEST_CASE("an upsampled map beside another is the stock one, and so are its slopes") {
    for (const auto type : {at::kFloat, at::kBFloat16}) {
        const Tensors inputs{random_tensor({2, 20, 4, 3}, 1, type), random_tensor({2, 9, 8, 6}, 2, type)};
        const auto found = value_and_slopes(inputs, [](const Tensors& t) { return upsample_beside(t[0], t[1]); }), wanted = value_and_slopes(inputs, [](const Tensors& t) { return stock_beside(t[0], t[1]); });
        CHECK(difference({found[0], found[2]}, {wanted[0], wanted[2]}) == 0);
        CHECK(difference({found[1]}, {wanted[1]}) < (type == at::kFloat ? 1e-6 : 1.0 / 64));
    }
}

TEST_CASE("what is not a number stays so through the fused steps") {
    Tensor x = random_tensor({1, 8, 4, 4}, 1);
    x[0][3][1][2] = NAN;
    CHECK(norm_relu(x, at::ones({8}), at::zeros({8}), {}, 8)[0][3].isnan().all().item<bool>());
    CHECK(norm_relu(x, at::ones({8}), at::zeros({8}), {}, 8).isnan().sum().item<std::int64_t>() == 16);
    CHECK(max_pool(x)[0][3][0][1].isnan().item<bool>());
    CHECK(max_pool(x).isnan().sum().item<std::int64_t>() == 1);
}
