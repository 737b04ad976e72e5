#include "lge/synth/quality.hpp"

#include "lge/synth/field.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace lge::synth {
namespace {

constexpr std::size_t sectors = 8;
constexpr std::size_t minimal_pixels = 6;

double quantile(std::vector<double>& v, double share) {
    const auto at = v.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(v.size() - 1));
    std::nth_element(v.begin(), at, v.end());
    return *at;
}

// Means and SDs of the regions of interest of remote wall: sectors of one slice each.
struct Remote { std::vector<double> mean, sd; };

// `interior`: only pixels with wall on all four sides, which hold no other tissue.
void add_regions(Remote& remote, const float* image, const std::uint8_t* label, std::size_t w, std::size_t h, bool interior) {
    double cx = 0, cy = 0, n = 0;
    for (std::size_t y = 0; y < h; ++y)
        for (std::size_t x = 0; x < w; ++x)
            if (anatomy::is_wall(label[y * w + x])) cx += static_cast<double>(x), cy += static_cast<double>(y), n += 1;
    if (n == 0) return;
    cx /= n, cy /= n;
    struct Sums { double count = 0, sum = 0, squares = 0; };
    std::array<Sums, sectors> sums{};
    for (std::size_t y = 1; y + 1 < h; ++y)
        for (std::size_t x = 1; x + 1 < w; ++x) {
            const std::uint8_t* l = label + y * w + x;
            if (*l != 2 || (interior && !(l[-1] == 2 && l[1] == 2 && *(l - w) == 2 && l[w] == 2))) continue;
            const float turn = quick_turn(static_cast<float>(static_cast<double>(y) - cy), static_cast<float>(static_cast<double>(x) - cx));
            Sums& s = sums[std::min(static_cast<std::size_t>(turn * sectors), sectors - 1)];
            const auto v = static_cast<double>(image[y * w + x]);
            s.count += 1, s.sum += v, s.squares += v * v;
        }
    for (const Sums& s : sums)
        if (s.count >= minimal_pixels) {
            const double mean = s.sum / s.count;
            remote.mean.push_back(mean);
            remote.sd.push_back(std::sqrt(std::max((s.squares - s.count * mean * mean) / (s.count - 1), 0.0)));
        }
}

}  // namespace

Quality judge(const volume::Volume<float>& image, const volume::Volume<std::uint8_t>& label, std::span<const std::uint8_t> before) {
    const auto [w, h, n] = image.grid.shape;
    const volume::Vec3 spacing = image.grid.spacing();
    double bright = 0, bright_pixels = 0, pixels = 0, clear = 0, most = 0;
    for (std::size_t k = 0; k < n; ++k) {
        double here = 0;
        for (std::size_t y = 1; y + 1 < h; ++y)
            for (std::size_t x = 1; x + 1 < w; ++x) {
                const std::size_t i = (k * h + y) * w + x;
                const std::uint8_t* l = &label.voxels[i];
                if ((*l != 3 && *l != 4) || (!before.empty() && before[i] != 2)) continue;
                if (*l == 3) bright += static_cast<double>(image.voxels[i]), bright_pixels += 1;
                here += 1;
                clear += !(l[-1] == 1 || l[1] == 1 || *(l - w) == 1 || l[w] == 1);
            }
        pixels += here;
        most = std::max(most, here);
    }
    Quality q;
    if (pixels == 0 || bright_pixels == 0) return q;
    Remote remote;
    for (const bool interior : {true, false}) {
        if (remote.sd.size() >= sectors) break;
        for (std::size_t k = 0; k < n; ++k) add_regions(remote, image.slice(k).pixels, label.slice(k).pixels, w, h, interior);
    }
    if (remote.sd.empty()) return q;
    q.contrast_sd = (bright / bright_pixels - quantile(remote.mean, 0.5)) / std::max(quantile(remote.sd, 0.5), 1e-9);
    q.clear_of_blood = clear / pixels;
    q.area_mm2 = most * spacing[0] * spacing[1];
    return q;
}

}  // namespace lge::synth
