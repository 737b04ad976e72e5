#pragma once
// Loops over one image in channels-last order: rows of `channels` numbers, a row a pixel. Plain memory in, plain memory
// out; each runs on the calling thread. For use inside nn and its tests.
#include <cstddef>
#include <cstdint>

namespace lge::nn::kernels {

/// The numbers of images and their gradients. What belongs to channels (gains, means and so on) is float beside bf16 and
/// fp32, double beside fp64; sums are held in the same type.
enum class Number : std::uint8_t { bf16, fp32, fp64 };

struct Shape {
    std::size_t height = 0, width = 0, channels = 0;
};

/// y = max(0, gain (x - mean) / deviation + bias + residual), mean and deviation (1e-5 added to the variance) over all pixels
/// of a group of channels; `residual` may be null. mean and inverse (1 / deviation) [channels] are kept for the slopes.
void norm_relu(Number type, Shape shape, std::size_t groups, const void* x, const void* residual, const void* gain, const void* bias, void* y, void* mean, void* inverse);
/// From the slope of y to those of x, residual (null where nobody asks), gain and bias [channels].
void norm_relu_slopes(Number type, Shape shape, std::size_t groups, const void* slope, const void* x, const void* y, const void* gain, const void* mean, const void* inverse,
                      void* x_slope, void* residual_slope, void* gain_slope, void* bias_slope);

/// The largest of each 2x2 pixels of x, which has even sides; not a number if one of them is not.
void max_pool(Number type, Shape x_shape, const void* x, void* y);
/// The slope goes to the first of the largest.
void max_pool_slopes(Number type, Shape x_shape, const void* x, const void* slope, void* x_slope);

/// `low` at half the size of `skip`, each of its pixels four times, beside `skip`: [H,W,low_channels + channels of skip].
void upsample_beside(Number type, std::size_t low_channels, Shape skip_shape, const void* low, const void* skip, void* y);
void upsample_beside_slopes(Number type, std::size_t low_channels, Shape skip_shape, const void* slope, void* low_slope, void* skip_slope);

}  // namespace lge::nn::kernels
