#include "numbers.hpp"

#include "lge/nn/net/loss.hpp"
#include "lge/nn/net/weights.hpp"

#include <catch2/catch.hpp>

#include <utility>

using namespace lge::nn;
using lge::Error;

TEST_CASE("smoothed labels leave the Dice loss and ask cross entropy for a share of every class") {
    const Tensor target = torch::tensor({0, 1, 2, 1, 1, 0, 2, 2}, torch::kInt64).view({2, 2, 2}), logits = random_tensor({2, 3, 2, 2}, 5, torch::kFloat64);
    const auto plain = segment_loss(logits, target), smooth = segment_loss(logits, target, 0.3);
    CHECK(torch::equal(plain.dice, smooth.dice));
    const Tensor even = -torch::log_softmax(logits, 1).mean(1).mean({1, 2});
    CHECK(torch::allclose(smooth.cross_entropy, 0.7 * plain.cross_entropy + 0.3 * even));
    CHECK(gradient_error(logits, [&](const Tensor& x) { return segment_loss(x, target, 0.3).cross_entropy.sum(); }) < 1e-8);
}

TEST_CASE("networks have about as many weights as their sizes say") {
    const std::pair<NetworkSize, double> wanted[] = {{NetworkSize::s, 1e6}, {NetworkSize::m, 6e6}, {NetworkSize::l, 25e6}};
    for (const auto& [size, about] : wanted) {
        Description d;
        d.widths = widths_of(size);
        CHECK_NOTHROW(check(d));
        std::int64_t count = 0;
        for (const auto& entry : make_unet(d)->named_parameters()) count += entry.value().numel();
        CHECK(static_cast<double>(count) == Approx(about).epsilon(0.2));
    }
}

TEST_CASE("the norm comes back from a model's file, and files that name none mean instance norm") {
    Description d;
    for (const auto norm : {NormKind::instance, NormKind::group}) {
        d.norm = norm;
        CHECK(parse_description(to_metadata(d), Task::segment, "m").norm == norm);
    }
    auto odd = to_metadata(d);
    odd["architecture"] = R"({"network":"residual-unet","widths":[4,8,8],"norm":"batch"})";
    CHECK_THROWS_AS(parse_description(odd, Task::segment, "m"), Error);
    odd["architecture"] = R"({"network":"residual-unet","widths":[4,8,8]})";
    CHECK(parse_description(odd, Task::segment, "m").norm == NormKind::instance);
}

TEST_CASE("group norm makes another network of the same weights") {
    Description d;
    d.widths = {16, 16, 16};
    const auto one = make_unet(d);
    d.norm = NormKind::group;
    const auto other = make_unet(d);
    initialise(*one, 1);
    initialise(*other, 1);
    const Tensor x = random_tensor({1, 1, 32, 32}, 3);
    CHECK(one->forward(x).sizes() == other->forward(x).sizes());
    CHECK_FALSE(torch::allclose(one->forward(x), other->forward(x), 1e-2, 1e-2));
}
