#include "lge/nn/net/kernels.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

// The compiler makes each entry three times, for processors with AVX-512, with AVX2 and with neither, and the loader
// takes the one that fits; what they call is inlined into each.
#define LGE_FOR_EACH_PROCESSOR [[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]]

namespace lge::nn::kernels {
namespace {

/// The upper half of a float.
struct Bf16 {
    std::uint16_t bits;
};

[[gnu::always_inline]] inline float load(Bf16 v) { return std::bit_cast<float>(static_cast<std::uint32_t>(v.bits) << 16); }
[[gnu::always_inline]] inline float load(float v) { return v; }
[[gnu::always_inline]] inline double load(double v) { return v; }

/// To the nearest, ties to even.
[[gnu::always_inline]] inline void store(Bf16& out, float v) {
    const auto bits = std::bit_cast<std::uint32_t>(v);
    const std::uint32_t rounded = (bits + 0x7FFFU + (bits >> 16 & 1U)) >> 16;
    out.bits = static_cast<std::uint16_t>(v != v ? 0x7FC0U : rounded);
}
[[gnu::always_inline]] inline void store(float& out, float v) { out = v; }
[[gnu::always_inline]] inline void store(double& out, double v) { out = v; }

template <class T>
using Real = decltype(load(T{}));

/// Replaces the values of each group's channels by their sum.
template <class R>
[[gnu::always_inline]] inline void sum_groups(R* values, std::size_t channels, std::size_t groups) {
    const std::size_t each = channels / groups;
    if (each == 1) return;
    for (std::size_t g = 0; g < groups; ++g) {
        R sum = 0;
        for (std::size_t c = g * each; c < (g + 1) * each; ++c) sum += values[c];
        for (std::size_t c = g * each; c < (g + 1) * each; ++c) values[c] = sum;
    }
}

/// Pixels that the loops below take at once, so that few channels fill wide registers too.
inline std::size_t pixels_at_once(Shape s) {
    std::size_t pixels = 1;
    while (pixels < 4 && s.width % (2 * pixels) == 0 && 2 * pixels * s.channels <= 256) pixels *= 2;
    return pixels;
}
/// `values` of the channels, over and over.
template <class R>
[[gnu::always_inline]] inline void repeat(const R* values, std::size_t channels, std::size_t times, R* repeated) {
    for (std::size_t t = 0; t < times; ++t)
        for (std::size_t c = 0; c < channels; ++c) repeated[t * channels + c] = values[c];
}
/// The other way: their sums.
template <class R>
[[gnu::always_inline]] inline void fold(const R* repeated, std::size_t channels, std::size_t times, R* values) {
    for (std::size_t c = 0; c < channels; ++c) values[c] = repeated[c];
    for (std::size_t t = 1; t < times; ++t)
        for (std::size_t c = 0; c < channels; ++c) values[c] += repeated[t * channels + c];
}

template <class T>
[[gnu::always_inline]] inline void norm_relu_of(Shape s, std::size_t groups, const T* __restrict x, const T* __restrict residual, const Real<T>* __restrict gain,
                                                const Real<T>* __restrict bias, T* __restrict y, Real<T>* __restrict mean, Real<T>* __restrict inverse) {
    using R = Real<T>;
    const std::size_t times = pixels_at_once(s), n = times * s.channels, steps = s.width / times, total = s.height * steps;
    const R share = R(1) / static_cast<R>(s.height * s.width * (s.channels / groups));
    std::vector<R> work(4 * n);
    R *__restrict row = work.data(), *__restrict sum = row + n, *__restrict middle = sum + n, *__restrict scale = middle + n;
    // Row by row, so that rounding does not grow with the number of pixels.
    for (std::size_t v = 0; v < s.height; ++v) {
        for (std::size_t c = 0; c < n; ++c) row[c] = 0;
        for (std::size_t u = 0; u < steps; ++u) {
            const T* __restrict p = x + (v * steps + u) * n;
            for (std::size_t c = 0; c < n; ++c) row[c] += load(p[c]);
        }
        for (std::size_t c = 0; c < n; ++c) sum[c] += row[c];
    }
    fold(sum, s.channels, times, mean);
    sum_groups(mean, s.channels, groups);
    for (std::size_t c = 0; c < s.channels; ++c) mean[c] *= share;
    repeat(mean, s.channels, times, middle);
    for (std::size_t c = 0; c < n; ++c) sum[c] = 0;
    for (std::size_t v = 0; v < s.height; ++v) {
        for (std::size_t c = 0; c < n; ++c) row[c] = 0;
        for (std::size_t u = 0; u < steps; ++u) {
            const T* __restrict p = x + (v * steps + u) * n;
            for (std::size_t c = 0; c < n; ++c) row[c] += (load(p[c]) - middle[c]) * (load(p[c]) - middle[c]);
        }
        for (std::size_t c = 0; c < n; ++c) sum[c] += row[c];
    }
    fold(sum, s.channels, times, inverse);
    sum_groups(inverse, s.channels, groups);
    for (std::size_t c = 0; c < s.channels; ++c) {
        inverse[c] = R(1) / std::sqrt(inverse[c] * share + R(1e-5));
        row[c] = inverse[c] * gain[c];
    }
    repeat(row, s.channels, times, scale);
    repeat(bias, s.channels, times, sum);
    if (residual == nullptr) {
        for (std::size_t i = 0; i < total; ++i)
            for (std::size_t c = 0; c < n; ++c) {
                const R value = (load(x[i * n + c]) - middle[c]) * scale[c] + sum[c];
                store(y[i * n + c], value < 0 ? R(0) : value);  // what is not a number stays so
            }
        return;
    }
    for (std::size_t i = 0; i < total; ++i)
        for (std::size_t c = 0; c < n; ++c) {
            const R value = (load(x[i * n + c]) - middle[c]) * scale[c] + sum[c] + load(residual[i * n + c]);
            store(y[i * n + c], value < 0 ? R(0) : value);
        }
}

template <class T>
[[gnu::always_inline]] inline void norm_relu_slopes_of(Shape s, std::size_t groups, const T* __restrict slope, const T* __restrict x, const T* __restrict y, const Real<T>* __restrict gain,
                                                       const Real<T>* __restrict mean, const Real<T>* __restrict inverse, T* __restrict x_slope, T* __restrict residual_slope,
                                                       Real<T>* __restrict gain_slope, Real<T>* __restrict bias_slope) {
    using R = Real<T>;
    const std::size_t times = pixels_at_once(s), n = times * s.channels, steps = s.width / times, total = s.height * steps;
    const R share = R(1) / static_cast<R>(s.height * s.width * (s.channels / groups));
    std::vector<R> work(8 * n);
    R *__restrict alone = work.data(), *__restrict with = alone + n, *__restrict all_alone = with + n, *__restrict all_with = all_alone + n, *__restrict middle = all_with + n;
    R *__restrict each = middle + n, *__restrict less = each + n, *__restrict tilt = less + n;
    repeat(mean, s.channels, times, middle);
    for (std::size_t v = 0; v < s.height; ++v) {
        for (std::size_t c = 0; c < n; ++c) with[c] = alone[c] = 0;
        for (std::size_t u = 0; u < steps; ++u) {
            const std::size_t at = (v * steps + u) * n;
            for (std::size_t c = 0; c < n; ++c) {
                const R d = load(y[at + c]) > 0 ? load(slope[at + c]) : R(0);
                alone[c] += d;
                with[c] += d * (load(x[at + c]) - middle[c]);
            }
        }
        for (std::size_t c = 0; c < n; ++c) {
            all_alone[c] += alone[c];
            all_with[c] += with[c];
        }
    }
    fold(all_alone, s.channels, times, bias_slope);
    fold(all_with, s.channels, times, gain_slope);
    // x moves its own y, and through mean and deviation every y of its group.
    for (std::size_t c = 0; c < s.channels; ++c) {
        gain_slope[c] *= inverse[c];
        all_alone[c] = gain[c] * bias_slope[c];
        all_with[c] = gain[c] * gain_slope[c];
    }
    sum_groups(all_alone, s.channels, groups);
    sum_groups(all_with, s.channels, groups);
    for (std::size_t c = 0; c < s.channels; ++c) {
        alone[c] = inverse[c] * gain[c];
        all_alone[c] *= inverse[c] * share;
        all_with[c] *= inverse[c] * inverse[c] * share;
    }
    repeat(alone, s.channels, times, each);
    repeat(all_alone, s.channels, times, less);
    repeat(all_with, s.channels, times, tilt);
    for (std::size_t i = 0; i < total; ++i)
        for (std::size_t c = 0; c < n; ++c) {
            const R d = load(y[i * n + c]) > 0 ? load(slope[i * n + c]) : R(0);
            store(x_slope[i * n + c], d * each[c] - less[c] - (load(x[i * n + c]) - middle[c]) * tilt[c]);
        }
    if (residual_slope == nullptr) return;
    for (std::size_t i = 0; i < total * n; ++i) store(residual_slope[i], load(y[i]) > 0 ? load(slope[i]) : R(0));
}

template <class R>
[[gnu::always_inline]] inline R larger(R a, R b) { return b > a || b != b ? b : a; }

/// f(c) for each channel; eight that are left after runs of 16 go together, so that 24 channels are as good as 32.
template <class F>
[[gnu::always_inline]] inline void each_channel(std::size_t channels, F f) {
    std::size_t c = channels / 16 * 16;
    for (std::size_t k = 0; k < c; ++k) f(k);
    if (channels - c >= 8) {
        for (std::size_t k = 0; k < 8; ++k) f(c + k);
        c += 8;
    }
    for (; c < channels; ++c) f(c);
}

template <class T>
[[gnu::always_inline]] inline void max_pool_of(Shape s, const T* __restrict x, T* __restrict y) {
    const std::size_t n = s.channels, next = s.width * n;
    for (std::size_t v = 0; v < s.height / 2; ++v)
        for (std::size_t u = 0; u < s.width / 2; ++u) {
            const T* __restrict p = x + (2 * v * s.width + 2 * u) * n;
            T* __restrict q = y + (v * (s.width / 2) + u) * n;
            each_channel(n, [=](std::size_t c) __attribute__((always_inline)) { store(q[c], larger(larger(load(p[c]), load(p[n + c])), larger(load(p[next + c]), load(p[next + n + c])))); });
        }
}

template <class T>
[[gnu::always_inline]] inline void max_pool_slopes_of(Shape s, const T* __restrict x, const T* __restrict slope, T* __restrict x_slope) {
    using R = Real<T>;
    const std::size_t n = s.channels, next = s.width * n;
    std::vector<R> work(4 * n);
    R *__restrict first = work.data(), *__restrict second = first + n, *__restrict third = second + n, *__restrict fourth = third + n;
    for (std::size_t v = 0; v < s.height / 2; ++v)
        for (std::size_t u = 0; u < s.width / 2; ++u) {
            const T* __restrict p = x + (2 * v * s.width + 2 * u) * n;
            T* __restrict q = x_slope + (2 * v * s.width + 2 * u) * n;
            const T* __restrict d = slope + (v * (s.width / 2) + u) * n;
            each_channel(n, [=](std::size_t c) __attribute__((always_inline)) {
                const R a = load(p[c]), b = load(p[n + c]), e = load(p[next + c]), f = load(p[next + n + c]), top = larger(larger(a, b), larger(e, f));
                const R own = load(d[c]);
                first[c] = a == top ? own : 0;
                const R after_first = a == top ? 0 : own;
                second[c] = b == top ? after_first : 0;
                const R after_second = b == top ? 0 : after_first;
                third[c] = e == top ? after_second : 0;
                fourth[c] = e == top ? 0 : after_second;
            });
            each_channel(n, [=](std::size_t c) __attribute__((always_inline)) { store(q[c], first[c]); });
            each_channel(n, [=](std::size_t c) __attribute__((always_inline)) { store(q[n + c], second[c]); });
            each_channel(n, [=](std::size_t c) __attribute__((always_inline)) { store(q[next + c], third[c]); });
            each_channel(n, [=](std::size_t c) __attribute__((always_inline)) { store(q[next + n + c], fourth[c]); });
        }
}

template <class T>
[[gnu::always_inline]] inline void upsample_beside_of(std::size_t low_channels, Shape s, const T* __restrict low, const T* __restrict skip, T* __restrict y) {
    for (std::size_t v = 0; v < s.height; ++v)
        for (std::size_t u = 0; u < s.width; ++u) {
            std::memcpy(y, low + (v / 2 * (s.width / 2) + u / 2) * low_channels, low_channels * sizeof(T));
            std::memcpy(y + low_channels, skip + (v * s.width + u) * s.channels, s.channels * sizeof(T));
            y += low_channels + s.channels;
        }
}

template <class T>
[[gnu::always_inline]] inline void upsample_beside_slopes_of(std::size_t low_channels, Shape s, const T* __restrict slope, T* __restrict low_slope, T* __restrict skip_slope) {
    const std::size_t row = low_channels + s.channels, next = s.width * row;
    for (std::size_t v = 0; v < s.height / 2; ++v)
        for (std::size_t u = 0; u < s.width / 2; ++u) {
            const T* __restrict p = slope + (2 * v * s.width + 2 * u) * row;
            T* __restrict q = low_slope + (v * (s.width / 2) + u) * low_channels;
            for (std::size_t c = 0; c < low_channels; ++c) store(q[c], (load(p[c]) + load(p[row + c])) + (load(p[next + c]) + load(p[next + row + c])));
        }
    for (std::size_t i = 0; i < s.height * s.width; ++i) std::memcpy(skip_slope + i * s.channels, slope + i * row + low_channels, s.channels * sizeof(T));
}

template <class T>
[[gnu::always_inline]] inline const T* in(const void* p) { return static_cast<const T*>(p); }
template <class T>
[[gnu::always_inline]] inline T* out(void* p) { return static_cast<T*>(p); }

}  // namespace

LGE_FOR_EACH_PROCESSOR void norm_relu(Number type, Shape s, std::size_t g, const void* x, const void* r, const void* gain, const void* bias, void* y, void* mean, void* inverse) {
    switch (type) {
        case Number::bf16: return norm_relu_of<Bf16>(s, g, in<Bf16>(x), in<Bf16>(r), in<float>(gain), in<float>(bias), out<Bf16>(y), out<float>(mean), out<float>(inverse));
        case Number::fp32: return norm_relu_of<float>(s, g, in<float>(x), in<float>(r), in<float>(gain), in<float>(bias), out<float>(y), out<float>(mean), out<float>(inverse));
        case Number::fp64: return norm_relu_of<double>(s, g, in<double>(x), in<double>(r), in<double>(gain), in<double>(bias), out<double>(y), out<double>(mean), out<double>(inverse));
    }
}

LGE_FOR_EACH_PROCESSOR void norm_relu_slopes(Number type, Shape s, std::size_t g, const void* d, const void* x, const void* y, const void* gain, const void* mean, const void* inverse,
                                             void* dx, void* dr, void* dgain, void* dbias) {
    switch (type) {
        case Number::bf16:
            return norm_relu_slopes_of<Bf16>(s, g, in<Bf16>(d), in<Bf16>(x), in<Bf16>(y), in<float>(gain), in<float>(mean), in<float>(inverse), out<Bf16>(dx), out<Bf16>(dr), out<float>(dgain),
                                             out<float>(dbias));
        case Number::fp32:
            return norm_relu_slopes_of<float>(s, g, in<float>(d), in<float>(x), in<float>(y), in<float>(gain), in<float>(mean), in<float>(inverse), out<float>(dx), out<float>(dr),
                                              out<float>(dgain), out<float>(dbias));
        case Number::fp64:
            return norm_relu_slopes_of<double>(s, g, in<double>(d), in<double>(x), in<double>(y), in<double>(gain), in<double>(mean), in<double>(inverse), out<double>(dx), out<double>(dr),
                                               out<double>(dgain), out<double>(dbias));
    }
}

LGE_FOR_EACH_PROCESSOR void max_pool(Number type, Shape s, const void* x, void* y) {
    switch (type) {
        case Number::bf16: return max_pool_of(s, in<Bf16>(x), out<Bf16>(y));
        case Number::fp32: return max_pool_of(s, in<float>(x), out<float>(y));
        case Number::fp64: return max_pool_of(s, in<double>(x), out<double>(y));
    }
}

LGE_FOR_EACH_PROCESSOR void max_pool_slopes(Number type, Shape s, const void* x, const void* d, void* dx) {
    switch (type) {
        case Number::bf16: return max_pool_slopes_of(s, in<Bf16>(x), in<Bf16>(d), out<Bf16>(dx));
        case Number::fp32: return max_pool_slopes_of(s, in<float>(x), in<float>(d), out<float>(dx));
        case Number::fp64: return max_pool_slopes_of(s, in<double>(x), in<double>(d), out<double>(dx));
    }
}

LGE_FOR_EACH_PROCESSOR void upsample_beside(Number type, std::size_t low, Shape s, const void* x, const void* skip, void* y) {
    switch (type) {
        case Number::bf16: return upsample_beside_of(low, s, in<Bf16>(x), in<Bf16>(skip), out<Bf16>(y));
        case Number::fp32: return upsample_beside_of(low, s, in<float>(x), in<float>(skip), out<float>(y));
        case Number::fp64: return upsample_beside_of(low, s, in<double>(x), in<double>(skip), out<double>(y));
    }
}

LGE_FOR_EACH_PROCESSOR void upsample_beside_slopes(Number type, std::size_t low, Shape s, const void* d, void* dx, void* dskip) {
    switch (type) {
        case Number::bf16: return upsample_beside_slopes_of(low, s, in<Bf16>(d), out<Bf16>(dx), out<Bf16>(dskip));
        case Number::fp32: return upsample_beside_slopes_of(low, s, in<float>(d), out<float>(dx), out<float>(dskip));
        case Number::fp64: return upsample_beside_slopes_of(low, s, in<double>(d), out<double>(dx), out<double>(dskip));
    }
}

}  // namespace lge::nn::kernels
