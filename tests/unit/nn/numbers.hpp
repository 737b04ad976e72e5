#pragma once
// Tensors for tests, and gradients by differences.
#include "lge/base/random.hpp"
#include "lge/nn/net/layers.hpp"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <vector>

namespace lge::nn {

inline Tensor numbers(std::initializer_list<double> values, at::IntArrayRef shape) { return torch::tensor(std::vector<double>(values), torch::kFloat64).view(shape); }

/// Numbers that depend on (seed, purpose) alone.
inline Tensor random_tensor(at::IntArrayRef shape, std::uint64_t seed, torch::Dtype type = torch::kFloat32) {
    Tensor t = torch::empty(shape, torch::kFloat64);
    lge::Random random(seed, 0, "test tensor");
    for (std::int64_t i = 0; i < t.numel(); ++i) t.data_ptr<double>()[i] = random.normal();
    return t.to(type);
}

/// Largest difference of the gradient of f at x from central differences.
template <class F>
double gradient_error(const Tensor& at_x, F f) {
    Tensor x = at_x.clone().requires_grad_(true);
    f(x).backward();
    double worst = 0;
    constexpr double h = 1e-5;
    for (std::int64_t i = 0; i < x.numel(); ++i) {
        Tensor up = at_x.clone(), down = at_x.clone();
        up.view(-1)[i] += h;
        down.view(-1)[i] -= h;
        const double slope = (f(up).template item<double>() - f(down).template item<double>()) / (2 * h);
        worst = std::max(worst, std::abs(slope - x.grad().view(-1)[i].template item<double>()));
    }
    return worst;
}

}  // namespace lge::nn
