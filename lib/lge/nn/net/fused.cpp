#include "lge/nn/net/fused.hpp"

#include "lge/nn/net/kernels.hpp"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/custom_function.h>

#include <stdexcept>

namespace lge::nn {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using Variables = torch::autograd::variable_list;

kernels::Number number_of(const Tensor& x) {
    if (x.scalar_type() == at::kBFloat16) return kernels::Number::bf16;
    if (x.scalar_type() == at::kFloat) return kernels::Number::fp32;
    if (x.scalar_type() == at::kDouble) return kernels::Number::fp64;
    throw std::invalid_argument("wanted bf16, fp32 or fp64 numbers");
}
at::ScalarType sums_of(const Tensor& x) { return x.scalar_type() == at::kDouble ? at::kDouble : at::kFloat; }

Tensor last(const Tensor& x) { return x.contiguous(at::MemoryFormat::ChannelsLast); }
Tensor empty(at::IntArrayRef sizes, const Tensor& like) { return at::empty(sizes, like.options().memory_format(at::MemoryFormat::ChannelsLast)); }

kernels::Shape shape_of(const Tensor& x) {
    const auto side = [&](std::int64_t d) { return static_cast<std::size_t>(x.size(d)); };
    return {side(2), side(3), side(1)};
}

/// Image b of a tensor [B,...], null where there is none.
const void* in(const Tensor& x, std::int64_t b) {
    return x.defined() ? static_cast<const std::byte*>(x.const_data_ptr()) + static_cast<std::size_t>(b) * x.nbytes() / static_cast<std::size_t>(x.size(0)) : nullptr;
}
void* out(const Tensor& x, std::int64_t b) {
    return x.defined() ? static_cast<std::byte*>(x.mutable_data_ptr()) + static_cast<std::size_t>(b) * x.nbytes() / static_cast<std::size_t>(x.size(0)) : nullptr;
}

template <class F>
void each_image(const Tensor& x, F f) {
    for (std::int64_t b = 0; b < x.size(0); ++b) f(b);
}

struct NormRelu : torch::autograd::Function<NormRelu> {
    static Tensor forward(AutogradContext* context, const Tensor& given, const Tensor& gain, const Tensor& bias, const std::optional<Tensor>& residual, std::int64_t groups) {
        const Tensor x = last(given), beside = residual ? last(residual->to(x.scalar_type())) : Tensor();
        const Tensor y = empty(x.sizes(), x), scale = gain.to(sums_of(x)).contiguous(), offset = bias.to(sums_of(x)).contiguous();
        const Tensor mean = at::empty({x.size(0), x.size(1)}, scale.options()), inverse = at::empty_like(mean);
        each_image(x, [&](std::int64_t b) {
            kernels::norm_relu(number_of(x), shape_of(x), static_cast<std::size_t>(groups), in(x, b), in(beside, b), scale.const_data_ptr(), offset.const_data_ptr(), out(y, b), out(mean, b), out(inverse, b));
        });
        context->save_for_backward({x, y, scale, mean, inverse});
        context->saved_data["groups"] = groups;
        context->saved_data["beside"] = residual.has_value();
        return y;
    }
    static Variables backward(AutogradContext* context, const Variables& slopes) {
        const auto saved = context->get_saved_variables();
        const Tensor &x = saved[0], &y = saved[1], &gain = saved[2], &mean = saved[3], &inverse = saved[4];
        const auto groups = static_cast<std::size_t>(context->saved_data["groups"].toInt());
        const bool beside = context->saved_data["beside"].toBool();
        const Tensor slope = last(slopes[0].to(x.scalar_type())), to_x = empty(x.sizes(), x), to_residual = beside ? empty(x.sizes(), x) : Tensor();
        const Tensor to_gain = at::empty_like(mean), to_bias = at::empty_like(mean);
        each_image(x, [&](std::int64_t b) {
            kernels::norm_relu_slopes(number_of(x), shape_of(x), groups, in(slope, b), in(x, b), in(y, b), gain.const_data_ptr(), in(mean, b), in(inverse, b), out(to_x, b), out(to_residual, b),
                                      out(to_gain, b), out(to_bias, b));
        });
        Variables all{to_x, to_gain.sum(0), to_bias.sum(0)};
        if (beside) all.push_back(to_residual);
        else all.emplace_back();
        all.emplace_back();
        return all;
    }
};

struct MaxPool : torch::autograd::Function<MaxPool> {
    static Tensor forward(AutogradContext* context, const Tensor& given) {
        const Tensor x = last(given), y = empty({x.size(0), x.size(1), x.size(2) / 2, x.size(3) / 2}, x);
        each_image(x, [&](std::int64_t b) { kernels::max_pool(number_of(x), shape_of(x), in(x, b), out(y, b)); });
        context->save_for_backward({x});
        return y;
    }
    static Variables backward(AutogradContext* context, const Variables& slopes) {
        const Tensor x = context->get_saved_variables()[0], slope = last(slopes[0].to(x.scalar_type())), to_x = empty(x.sizes(), x);
        each_image(x, [&](std::int64_t b) { kernels::max_pool_slopes(number_of(x), shape_of(x), in(x, b), in(slope, b), out(to_x, b)); });
        return {to_x};
    }
};

struct UpsampleBeside : torch::autograd::Function<UpsampleBeside> {
    static Tensor forward(AutogradContext* context, const Tensor& given_low, const Tensor& given_skip) {
        const Tensor low = last(given_low), skip = last(given_skip), y = empty({skip.size(0), low.size(1) + skip.size(1), skip.size(2), skip.size(3)}, skip);
        each_image(skip, [&](std::int64_t b) { kernels::upsample_beside(number_of(skip), static_cast<std::size_t>(low.size(1)), shape_of(skip), in(low, b), in(skip, b), out(y, b)); });
        context->saved_data["low"] = low.size(1);
        return y;
    }
    static Variables backward(AutogradContext* context, const Variables& slopes) {
        const Tensor slope = last(slopes[0]);
        const std::int64_t low = context->saved_data["low"].toInt();
        const Tensor to_low = empty({slope.size(0), low, slope.size(2) / 2, slope.size(3) / 2}, slope), to_skip = empty({slope.size(0), slope.size(1) - low, slope.size(2), slope.size(3)}, slope);
        each_image(slope, [&](std::int64_t b) { kernels::upsample_beside_slopes(number_of(slope), static_cast<std::size_t>(low), shape_of(to_skip), in(slope, b), out(to_low, b), out(to_skip, b)); });
        return {to_low, to_skip};
    }
};

}  // namespace

Tensor norm_relu(const Tensor& x, const Tensor& gain, const Tensor& bias, const Tensor& residual, std::int64_t groups) {
    if (x.is_cpu()) return NormRelu::apply(x, gain, bias, residual.defined() ? std::optional(residual) : std::nullopt, groups);
    const Tensor y = groups == x.size(1) ? at::instance_norm(x, gain, bias, {}, {}, true, 0.1, 1e-5, false) : at::group_norm(x, groups, gain, bias, 1e-5);
    return at::relu(residual.defined() ? y + residual : y);
}

Tensor max_pool(const Tensor& x) { return x.is_cpu() ? MaxPool::apply(x) : at::max_pool2d(x, 2); }

Tensor upsample_beside(const Tensor& low, const Tensor& skip) {
    return skip.is_cpu() ? UpsampleBeside::apply(low, skip) : at::cat({at::upsample_nearest2d(low, {skip.size(2), skip.size(3)}), skip}, 1);
}

Tensor in_best_order(const Tensor& x) { return x.is_cpu() ? x.contiguous(at::MemoryFormat::ChannelsLast) : x; }

}  // namespace lge::nn
