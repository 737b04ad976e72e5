#include "lge/nn/segmenter.hpp"

#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"
#include "lge/nn/clean.hpp"
#include "lge/nn/forward.hpp"

#include <fmt/format.h>

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

namespace lge::nn {
namespace {

using volume::Slice;
using volume::Volume;

/// Windows of all slices of a volume about one centre, [K,1,S,S].
Tensor cut_windows(const Volume<float>& image, std::array<double, 2> centre, double spacing_mm, std::size_t size) {
    const auto spacing = image.grid.spacing();
    const WindowMap map = upright(centre, {spacing[0], spacing[1]}, spacing_mm);
    const std::size_t count = image.grid.shape[2], pixels = size * size;
    Tensor windows = at::empty({static_cast<std::int64_t>(count), 1, static_cast<std::int64_t>(size), static_cast<std::int64_t>(size)}, torch::kFloat32);
    for (std::size_t k = 0; k < count; ++k) fill_window(image.slice(k), map, size, {windows.mutable_data_ptr<float>() + k * pixels, pixels});
    return windows;
}

/// The most likely label of each pixel of the grid: the classes' shares, linear between the windows' pixels.
Volume<std::uint8_t> to_grid(const Tensor& shares, const volume::Grid& grid, std::array<double, 2> centre, double spacing_mm, std::span<const std::uint8_t> labels) {
    Volume<std::uint8_t> out(grid, std::uint8_t{0});
    const auto spacing = grid.spacing();
    const auto classes = static_cast<std::size_t>(shares.size(1)), size = static_cast<std::size_t>(shares.size(2)), pixels = size * size;
    const double middle = (static_cast<double>(size) - 1) / 2, last = static_cast<double>(size) - 1;
    for (std::size_t k = 0; k < grid.shape[2]; ++k) {
        const float* share = shares.const_data_ptr<float>() + k * classes * pixels;
        for (std::size_t j = 0; j < grid.shape[1]; ++j) {
            const double v = (static_cast<double>(j) - centre[1]) * spacing[1] / spacing_mm + middle;
            if (v < 0 || v > last) continue;
            const auto y0 = static_cast<std::size_t>(v), y1 = std::min(y0 + 1, size - 1);
            const auto down = static_cast<float>(v - static_cast<double>(y0));
            for (std::size_t i = 0; i < grid.shape[0]; ++i) {
                const double u = (static_cast<double>(i) - centre[0]) * spacing[0] / spacing_mm + middle;
                if (u < 0 || u > last) continue;
                const auto x0 = static_cast<std::size_t>(u), x1 = std::min(x0 + 1, size - 1);
                const auto right = static_cast<float>(u - static_cast<double>(x0));
                float best = -1;
                for (std::size_t c = 0; c < classes; ++c) {
                    const float* s = share + c * pixels;
                    const float upper = s[y0 * size + x0] + right * (s[y0 * size + x1] - s[y0 * size + x0]);
                    const float lower = s[y1 * size + x0] + right * (s[y1 * size + x1] - s[y1 * size + x0]);
                    const float value = upper + down * (lower - upper);
                    if (value > best) {
                        best = value;
                        out(i, j, k) = labels[c];
                    }
                }
            }
        }
    }
    return out;
}

/// Where the LV lies in the plane, in pixels, if there is any.
std::optional<std::array<double, 2>> centre_of_left(const Volume<std::uint8_t>& label) {
    const auto& shape = label.grid.shape;
    double x = 0, y = 0, count = 0;
    for (std::size_t v = 0; v < label.voxels.size(); ++v)
        if (is_left(label.voxels[v])) {
            x += static_cast<double>(v % shape[0]);
            y += static_cast<double>(v / shape[0] % shape[1]);
            ++count;
        }
    if (count == 0) return std::nullopt;
    return std::array<double, 2>{x / count, y / count};
}

}  // namespace

void fill_window(Slice<const float> slice, const WindowMap& map, std::size_t size, std::span<float> out) {
    cut_image(slice, map, size, out);
    stretch(out);
    standardise(out);
}

Tensor class_shares(const UNet& net, const Tensor& windows, const Engine& engine) {
    std::vector<std::future<Tensor>> pending;
    for (const auto& part : windows.split(static_cast<std::int64_t>(engine.batch)))
        pending.push_back(engine.pool.run([&net, part, device = engine.device] {
            torch::NoGradGuard no_grad;
            at::set_num_threads(1);
            return at::softmax(net.forward(part.to(device)), 1).to(torch::kCPU).contiguous();
        }));
    for (auto& p : pending) p.wait();
    std::vector<Tensor> parts;
    for (auto& p : pending) parts.push_back(p.get());
    return at::cat(parts);
}

Volume<std::uint8_t> segment_volume(const UNet& net, const Description& d, const Volume<float>& image, const Engine& engine) {
    const auto& shape = image.grid.shape;
    const auto spacing = image.grid.spacing();
    if (image.grid.voxel_count() == 0 || !(spacing[0] > 0 && spacing[1] > 0)) throw Error(ExitCode::bad_data, "image has no pixels or no spacing");
    const std::array<double, 2> image_middle{(static_cast<double>(shape[0]) - 1) / 2, (static_cast<double>(shape[1]) - 1) / 2};
    const std::size_t step = std::size_t{1} << d.widths.size();
    const double widest = std::max(static_cast<double>(shape[0]) * spacing[0], static_cast<double>(shape[1]) * spacing[1]) / d.spacing_mm;
    const auto wide = std::clamp((static_cast<std::size_t>(widest) + step - 1) / step * step, d.size, 2 * d.size / step * step);
    const auto look = [&](std::array<double, 2> centre, std::size_t size) {
        const Tensor shares = class_shares(net, cut_windows(image, centre, d.spacing_mm, size), engine);
        return clean_labels(to_grid(shares, image.grid, centre, d.spacing_mm, d.labels));
    };
    // Stacks are planned about the heart: a window of the size that the network knows, at the middle, nearly always holds
    // most of it; the wide one meets more that looks like a heart.
    auto centre = centre_of_left(look(image_middle, d.size));
    if (!centre) centre = centre_of_left(look(image_middle, wide));
    return look(centre.value_or(image_middle), d.size);
}

struct Segmenter::State {
    Description description;
    std::shared_ptr<UNet> net;
    torch::Device device;
    std::size_t batch;
    mutable ThreadPool pool;
};

Segmenter::Segmenter(const std::string& model, DeviceChoice device, unsigned threads, std::size_t batch) {
    const io::Safetensors file = io::read_safetensors(model);
    const std::string name = display_name(model);
    Description d = parse_description(file.metadata, Task::segment, name);
    state_ = guard_torch([&] {
        const torch::Device where = prepare_torch(device, 1);  // the pool's threads are the only ones
        auto net = make_unet(d);
        load_parameters(*net, file, "", name);
        net->to(where);
        return std::unique_ptr<State>(new State{std::move(d), std::move(net), where, batch, ThreadPool(thread_count(threads))});
    });
}
Segmenter::~Segmenter() = default;
Segmenter::Segmenter(Segmenter&&) noexcept = default;

Volume<std::uint8_t> Segmenter::segment(const Volume<float>& image) const {
    return guard_torch([&] { return segment_volume(*state_->net, state_->description, image, {state_->device, state_->batch, state_->pool}); });
}

}  // namespace lge::nn
