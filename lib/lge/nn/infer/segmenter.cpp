#include "lge/nn/infer/segmenter.hpp"

#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"
#include "lge/nn/infer/clean.hpp"
#include "lge/nn/infer/forward.hpp"
#include "lge/nn/infer/framing.hpp"
#include "lge/nn/net/autocast.hpp"
#include "lge/nn/net/heads.hpp"

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

/// Windows of slices of a volume, [K,1,S,S].
Tensor cut_windows(const Volume<float>& image, const std::vector<std::size_t>& slices, const WindowMap& map, std::size_t size) {
    const auto side = static_cast<std::int64_t>(size);
    const std::size_t pixels = size * size;
    Tensor windows = at::empty({static_cast<std::int64_t>(slices.size()), 1, side, side}, torch::kFloat32);
    for (std::size_t n = 0; n < slices.size(); ++n) fill_window(image.slice(slices[n]), map, size, {windows.mutable_data_ptr<float>() + n * pixels, pixels});
    return windows;
}

/// The most likely label of each pixel of slice n of `label`, and how much in doubt it is: the classes' shares [C,S,S] of the
/// window that `map` cut, linear between its pixels.
void to_grid(const float* shares, std::size_t classes, std::size_t size, std::size_t n, const WindowMap& map, std::span<const std::uint8_t> labels, Segmented& out) {
    const auto& grid = out.label.grid;
    const std::size_t pixels = size * size;
    const double last = static_cast<double>(size) - 1;
    const WindowMap back = back_of(map, size);
    const float full = std::log(static_cast<float>(classes));
    for (std::size_t j = 0; j < grid.shape[1]; ++j)
        for (std::size_t i = 0; i < grid.shape[0]; ++i) {
            const auto [u, v] = in_slice(back, {static_cast<double>(i), static_cast<double>(j)});
            if (u < 0 || u > last || v < 0 || v > last) continue;
            const auto x0 = static_cast<std::size_t>(u), x1 = std::min(x0 + 1, size - 1), y0 = static_cast<std::size_t>(v), y1 = std::min(y0 + 1, size - 1);
            const auto right = static_cast<float>(u - static_cast<double>(x0)), down = static_cast<float>(v - static_cast<double>(y0));
            float best = -1, entropy = 0;
            for (std::size_t c = 0; c < classes; ++c) {
                const float* s = shares + c * pixels;
                const float upper = s[y0 * size + x0] + right * (s[y0 * size + x1] - s[y0 * size + x0]);
                const float lower = s[y1 * size + x0] + right * (s[y1 * size + x1] - s[y1 * size + x0]);
                const float value = upper + down * (lower - upper);
                if (value > best) {
                    best = value;
                    out.label(i, j, n) = labels[c];
                }
                if (out.uncertainty && value > 0) entropy -= value * std::log(value);
            }
            if (out.uncertainty) (*out.uncertainty)(i, j, n) = std::clamp(entropy / full, 0.0F, 1.0F);
        }
}

/// The peaks of heat maps [N,2,S,S] of windows that `map` cut, in pixels of their slices.
std::vector<SeenInsertions> find_insertions(const Tensor& maps, double spacing_mm, const WindowMap& map) {
    const auto size = static_cast<std::size_t>(maps.size(3));
    const double middle = (static_cast<double>(size) - 1) / 2;
    const auto find = [&](std::size_t number) {
        const Peak p = find_peak(maps.const_data_ptr<float>() + number * size * size, size, insertion_reach_mm / spacing_mm);
        const auto [x, y] = in_slice(map, {p.x - middle, p.y - middle});
        return Peak{x, y, p.confidence};
    };
    std::vector<SeenInsertions> seen;
    for (std::size_t n = 0; n < static_cast<std::size_t>(maps.size(0)); ++n) seen.push_back({find(2 * n), find(2 * n + 1)});
    return seen;
}

/// The pose that the slices with LV tell together, of shares [N,8].
std::optional<SeenPose> find_pose(const Tensor& shares, const Volume<std::uint8_t>& label) {
    std::array<double, pose_count> sum{};
    double slices = 0;
    for (std::size_t k = 0; k < label.grid.shape[2]; ++k) {
        const auto pixels = label.slice(k).span();
        if (std::none_of(pixels.begin(), pixels.end(), is_left)) continue;
        ++slices;
        for (std::size_t p = 0; p < pose_count; ++p) sum[p] += static_cast<double>(shares.const_data_ptr<float>()[k * pose_count + p]);
    }
    if (slices == 0) return std::nullopt;
    const auto best = static_cast<std::size_t>(std::max_element(sum.begin(), sum.end()) - sum.begin());
    return SeenPose{static_cast<int>(best % 4), best >= 4, sum[best] / slices};
}

/// Slices that tell where the heart is: of a long stack every third.
std::vector<std::size_t> first_slices(std::size_t count) {
    const std::size_t step = count < 6 ? 1 : 3;
    std::vector<std::size_t> slices;
    for (std::size_t k = step / 2; k < count; k += step) slices.push_back(k);
    return slices;
}

}  // namespace

void fill_window(Slice<const float> slice, const WindowMap& map, std::size_t size, std::span<float> out) {
    cut_image(slice, map, size, out);
    stretch(out);
    standardise(out);
}

WindowShares window_shares(const UNet& net, const Tensor& windows, const Engine& engine) {
    // Parts of one size and even in number, so that two threads have the same to do; the same whatever the threads.
    const auto count = windows.size(0), most = static_cast<std::int64_t>(engine.batch);
    const auto least = std::max<std::int64_t>((count + most - 1) / most, 2);
    const auto parts = std::min(count, least + least % 2);
    std::vector<std::future<WindowShares>> pending;
    for (std::int64_t p = 0; p < parts; ++p)
        pending.push_back(engine.pool.run([&net, &engine, part = windows.slice(0, p * count / parts, (p + 1) * count / parts)] {
            torch::NoGradGuard no_grad;
            at::set_num_threads(1);
            const Autocast autocast(engine.device, engine.precision);
            const UNetAnswer told = net.answer(part.to(engine.device));
            const auto shares = [](const Tensor& logits, std::int64_t axis) {
                return logits.defined() ? at::softmax(logits.to(torch::kFloat32), axis).to(torch::kCPU).contiguous() : Tensor();
            };
            const Tensor maps = told.insertions.defined() ? shares(told.insertions.flatten(2), 2).view(told.insertions.sizes()) : Tensor();
            return WindowShares{shares(told.classes, 1), maps, shares(told.pose, 1)};
        }));
    for (auto& p : pending) p.wait();
    std::vector<Tensor> classes, insertions, pose;
    for (auto& p : pending) {
        WindowShares done = p.get();
        classes.push_back(done.classes);
        if (net.insertions) insertions.push_back(done.insertions);
        if (net.pose) pose.push_back(done.pose);
    }
    const auto join = [](const std::vector<Tensor>& some) { return some.empty() ? Tensor() : at::cat(some); };
    return {join(classes), join(insertions), join(pose)};
}

WindowShares mean_shares(const UNet& net, const Tensor& windows, const Engine& engine, Views views) {
    WindowShares sum = window_shares(net, windows, engine);
    const std::int64_t turns = views == Views::one ? 1 : 4, mirrors = views == Views::mirrors ? 2 : 1;
    for (std::int64_t v = 1; v < turns * mirrors; ++v) {
        const std::int64_t turn = v % 4;
        const bool mirror = v >= 4;
        const Tensor seen = at::rot90(mirror ? windows.flip(3) : windows, turn, {2, 3}).contiguous();
        const WindowShares shares = window_shares(net, seen, engine);
        const auto add = [&](Tensor& maps, const Tensor& turned) {
            if (!maps.defined()) return;
            const Tensor back = at::rot90(turned, -turn, {2, 3});
            maps = maps + (mirror ? back.flip(3) : back);
        };
        add(sum.classes, shares.classes);
        add(sum.insertions, shares.insertions);
    }
    for (Tensor* maps : {&sum.classes, &sum.insertions})
        if (maps->defined()) *maps = (*maps / static_cast<double>(turns * mirrors)).contiguous();
    return sum;
}

Segmented draw_volume(const UNet& net, const Description& d, const Volume<float>& image, const Engine& engine, const SegmentChoice& choice) {
    const auto& shape = image.grid.shape;
    const auto spacing = image.grid.spacing();
    if (image.grid.voxel_count() == 0 || !(spacing[0] > 0 && spacing[1] > 0)) throw Error(ExitCode::bad_data, "image has no pixels or no spacing");
    const std::array<double, 2> pixel_mm{spacing[0], spacing[1]};
    const WindowMap middle = upright({(static_cast<double>(shape[0]) - 1) / 2, (static_cast<double>(shape[1]) - 1) / 2}, pixel_mm, d.spacing_mm);
    const std::size_t step = std::size_t{1} << d.widths.size();
    const double widest = std::max(static_cast<double>(shape[0]) * spacing[0], static_cast<double>(shape[1]) * spacing[1]) / d.spacing_mm;
    const auto wide = std::clamp((static_cast<std::size_t>(widest) + step - 1) / step * step, d.size, 2 * d.size / step * step);
    const auto look = [&](const std::vector<std::size_t>& slices, const WindowMap& map, std::size_t size, Segmented& out, Views views) {
        const Tensor windows = cut_windows(image, slices, map, size);
        WindowShares shares = mean_shares(net, windows, engine, views);
        const auto classes = static_cast<std::size_t>(shares.classes.size(1));
        for (std::size_t n = 0; n < slices.size(); ++n) to_grid(shares.classes.const_data_ptr<float>() + n * classes * size * size, classes, size, n, map, d.labels, out);
        return shares;
    };
    std::vector<std::size_t> all(shape[2]);
    std::iota(all.begin(), all.end(), std::size_t{0});
    const auto find = [&](const std::vector<std::size_t>& slices, std::size_t size) {
        Segmented first{Volume<std::uint8_t>(volume::Grid{{shape[0], shape[1], slices.size()}, image.grid.index_to_lps}, std::uint8_t{0})};
        look(slices, middle, size, first, Views::one);
        const Volume<std::uint8_t> label = clean_labels(std::move(first.label));
        std::vector<Slice<const std::uint8_t>> seen;
        for (std::size_t k = 0; k < label.grid.shape[2]; ++k) seen.push_back(label.slice(k));
        return ellipse_of_left(seen, pixel_mm);
    };
    // Twice: to find the heart, then with a window about it that shows it round and of middling size.
    // Stacks are planned about the heart: a window of the size that the network knows, at the middle, nearly always holds
    // most of it; the wide one meets more that looks like a heart.
    auto heart = find(first_slices(shape[2]), d.size);
    if (!heart) heart = find(all, wide);
    Segmented out{Volume<std::uint8_t>(image.grid, std::uint8_t{0})};
    if (choice.uncertainty) out.uncertainty.emplace(image.grid, 0.0F);
    const WindowMap map = heart ? resized(rounded(*heart, pixel_mm, d.spacing_mm), *heart) : middle;
    const WindowShares shares = look(all, map, d.size, out, choice.views);
    out.label = clean_labels(std::move(out.label), choice.cleaning);
    if (shares.insertions.defined()) out.insertions = find_insertions(shares.insertions, d.spacing_mm, map);
    if (shares.pose.defined()) out.pose = find_pose(shares.pose, out.label);
    return out;
}

struct Segmenter::State {
    Description description;
    std::shared_ptr<UNet> net;
    torch::Device device;
    std::size_t batch;
    SegmentChoice choice;
    mutable ThreadPool pool;
};

Segmenter::Segmenter(const std::string& model, DeviceChoice device, unsigned threads, std::size_t batch, const SegmentChoice& choice) {
    const io::Safetensors file = io::read_safetensors(model);
    const std::string name = display_name(model);
    Description d = parse_description(file.metadata, Task::segment, name);
    state_ = guard_torch([&] {
        const torch::Device where = prepare_torch(device, 1);  // the pool's threads are the only ones
        auto net = make_unet(d);
        load_parameters(*net, file, "", name);
        net->to(where);
        return std::unique_ptr<State>(new State{std::move(d), std::move(net), where, batch, choice, ThreadPool(thread_count(threads))});
    });
}
Segmenter::~Segmenter() = default;
Segmenter::Segmenter(Segmenter&&) noexcept = default;

Segmented Segmenter::draw(const Volume<float>& image) const {
    return guard_torch([&] {
        const State& s = *state_;
        return draw_volume(*s.net, s.description, image, {s.device, s.batch, s.pool, s.choice.precision}, s.choice);
    });
}

}  // namespace lge::nn
