#include "lge/nn/infer/heat.hpp"

#include "lge/base/error.hpp"
#include "lge/nn/infer/forward.hpp"
#include "lge/nn/net/strip.hpp"

#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <cmath>
#include <functional>

namespace lge::nn {
namespace {

/// A picture [h,w] between its pixels, nearest beyond its rows; the columns close the circle where `circular`.
float between(const Tensor& picture, double row, double column, bool circular) {
    const auto h = picture.size(0), w = picture.size(1);
    const auto* p = picture.const_data_ptr<float>();
    const auto y0 = static_cast<std::int64_t>(std::floor(row)), x0 = static_cast<std::int64_t>(std::floor(column));
    const auto down = static_cast<float>(row - std::floor(row)), right = static_cast<float>(column - std::floor(column));
    const auto at = [&](std::int64_t y, std::int64_t x) {
        y = std::clamp<std::int64_t>(y, 0, h - 1);
        x = circular ? (x % w + w) % w : std::clamp<std::int64_t>(x, 0, w - 1);
        return p[y * w + x];
    };
    return (1 - down) * ((1 - right) * at(y0, x0) + right * at(y0, x0 + 1)) + down * ((1 - right) * at(y0 + 1, x0) + right * at(y0 + 1, x0 + 1));
}

/// A strip [h,w], of the strip's own size or coarser, back in the wall of a slice.
void roll_up(const Tensor& strip, const anatomy::WallBorders& wall, volume::Slice<float> out) {
    const double high = static_cast<double>(strip_rows) / static_cast<double>(strip.size(0)), wide = static_cast<double>(strip_angles) / static_cast<double>(strip.size(1));
    for (std::size_t y = 0; y < out.height; ++y)
        for (std::size_t x = 0; x < out.width; ++x) {
            const auto place = wall.place({static_cast<double>(x), static_cast<double>(y)});
            if (place.depth < 0 || place.depth > 1) continue;
            const double row = (place.depth - strip_first_depth) / (strip_last_depth - strip_first_depth) * static_cast<double>(strip_rows - 1);
            const double column = (place.angle.value - anatomy::canonical_insertion.value) / 360 * static_cast<double>(strip_angles);
            out(x, y) = between(strip, (row + 0.5) / high - 0.5, (column + 0.5) / wide - 0.5, true);
        }
}

/// A window [S,S] about the middle of a slice back on its pixels.
void lay_back(const Tensor& window, double window_mm, double pixel_mm, volume::Slice<float> out) {
    const double last = static_cast<double>(window.size(0)) - 1;
    for (std::size_t y = 0; y < out.height; ++y)
        for (std::size_t x = 0; x < out.width; ++x) {
            const auto to = [&](std::size_t at, std::size_t size) { return (static_cast<double>(at) - (static_cast<double>(size) - 1) / 2) * pixel_mm / window_mm + last / 2; };
            const double row = to(y, out.height), column = to(x, out.width);
            if (row >= 0 && column >= 0 && row <= last && column <= last) out(x, y) = between(window, row, column, false);
        }
}

/// Pictures [R,h,w] of a case's slices on its pixels; the others stay 0.
volume::Volume<float> on_pixels(const Tensor& pictures, const std::vector<std::size_t>& which, const CaseView& view, const Description& d, const volume::Grid& grid) {
    const Tensor cpu = pictures.to(torch::kCPU, torch::kFloat32).contiguous();
    volume::Volume<float> heat(grid, 0.0F);
    for (std::size_t i = 0; i < which.size(); ++i) {
        const Tensor picture = cpu[static_cast<std::int64_t>(i)];
        const auto out = heat.slice(which[i]);
        if (d.input == InputKind::strip) roll_up(picture, *readable_wall(view.slices[which[i]].label), out);
        else lay_back(picture, d.spacing_mm, view.spacing_mm, out);
    }
    return heat;
}

}  // namespace

volume::Volume<float> scar_heat(const AlignNet& net, const Description& d, const io::Cohort& cohort, std::size_t c, torch::Device device) {
    const CaseView view = view_of(cohort, c);
    const CaseLook look = look_at(net, d, view, device);
    if (d.input != InputKind::strip) throw Error(ExitCode::usage, "the model marks no scar; wanted presence or a class of the prompts");
    if (look.which.empty()) return volume::Volume<float>(cohort.grid(c), 0.0F);
    return on_pixels(look.seen.scar.sigmoid(), look.which, view, d, cohort.grid(c));
}

volume::Volume<float> text_heat(const AlignNet& net, const Description& d, const io::Cohort& cohort, std::size_t c, const Tensor& direction) {
    constexpr int steps = 16;
    const CaseView view = view_of(cohort, c);
    const auto which = readable_slices(view, d);
    if (which.empty()) return volume::Volume<float>(cohort.grid(c), 0.0F);
    const Tensor rows = input_of(view, d, which).rows.to(direction.device());
    Tensor slope = at::zeros_like(rows);
    for (int step = 0; step < steps; ++step) {
        const at::AutoGradMode with_grad(true);
        const Tensor part = (rows * ((step + 0.5) / steps)).detach().requires_grad_(true);
        const Tensor score = at::mv(net.slice_vectors(net.vision->forward(part).features), direction).sum();
        slope += torch::autograd::grad({score}, {part})[0] / steps;
    }
    const torch::NoGradGuard no_grad;
    const Tensor share = (rows * slope).sum(1, true);
    return on_pixels(at::avg_pool2d(share, 5, 1, 2).squeeze(1).clamp_min(0), which, view, d, cohort.grid(c));
}

}  // namespace lge::nn
