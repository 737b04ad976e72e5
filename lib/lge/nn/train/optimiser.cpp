#include "lge/nn/train/optimiser.hpp"

#include <ATen/Functions.h>

#include <array>
#include <cmath>
#include <numbers>

namespace lge::nn {
namespace {

constexpr double keep_first = 0.9, keep_second = 0.99, epsilon = 1e-8;

/// The gradient in the memory order of its parameter: the fused update walks both as plain arrays, and convolutions
/// give theirs channels-last.
Tensor laid_out_as(const Tensor& p, const Tensor& gradient) { return gradient.strides() == p.strides() ? gradient : at::empty_like(p).copy_(gradient); }

std::vector<Tensor> gradients_of(const NamedTensors& parameters) {
    std::vector<Tensor> gradients;
    for (const auto& [name, p] : parameters) gradients.push_back(p.grad().defined() ? laid_out_as(p, p.grad()) : at::zeros_like(p));
    return gradients;
}

NamedTensors zeros_like(const NamedTensors& named) {
    NamedTensors out;
    for (const auto& [name, tensor] : named) out.emplace_back(name, at::zeros_like(tensor));
    return out;
}

}  // namespace

Optimiser::Optimiser(const torch::nn::Module& net) : parameters(parameters_of(net)), first(zeros_like(parameters)), second(zeros_like(parameters)) {
    for (const auto& [name, tensor] : parameters) average.emplace_back(name, tensor.detach().clone());
}

void Optimiser::update(std::uint64_t step, double rate, const Recipe& recipe) {
    torch::NoGradGuard no_grad;
    const auto n = static_cast<double>(step + 1);
    const auto gradients = gradients_of(parameters);
    for (const bool decays : {false, true}) {
        std::vector<Tensor> p, g, m, v, steps;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if ((parameters[i].second.dim() >= 2) != decays) continue;
            p.push_back(parameters[i].second);
            g.push_back(gradients[i]);
            m.push_back(first[i].second);
            v.push_back(second[i].second);
            steps.push_back(at::full({}, n, p.back().options()));
        }
        if (!p.empty()) at::_fused_adamw_(p, g, m, v, {}, steps, rate, keep_first, keep_second, decays ? recipe.weight_decay : 0, epsilon, false, false);
    }
    std::vector<Tensor> from, to;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        from.push_back(average[i].second);
        to.push_back(parameters[i].second);
    }
    at::_foreach_lerp_(from, to, 1 - std::min(recipe.average, n / (n + 9)));
}

double rate_at(std::uint64_t step, const Recipe& recipe) {
    const double warm = std::max(1.0, recipe.warm_up * static_cast<double>(recipe.steps)), at = static_cast<double>(step);
    if (at < warm) return recipe.learning_rate * (at + 1) / warm;
    const double share = (at - warm) / std::max(1.0, static_cast<double>(recipe.steps) - warm);
    return recipe.learning_rate * 0.5 * (1 + std::cos(std::numbers::pi * share));
}

double clip_gradients(const NamedTensors& parameters, double limit) {
    torch::NoGradGuard no_grad;
    std::vector<Tensor> gradients;
    for (const auto& [name, p] : parameters)
        if (p.grad().defined()) gradients.push_back(p.grad());
    if (gradients.empty()) return 0;
    const auto norm = at::stack(at::_foreach_norm(gradients)).to(torch::kFloat64).norm().item<double>();
    if (norm > limit) at::_foreach_mul_(gradients, limit / norm);
    return norm;
}

}  // namespace lge::nn
