#include "lge/synth/fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace lge::synth {
namespace {

constexpr std::size_t sectors = 72;
constexpr double sector_deg = 360.0 / sectors;

// One sector of one slice that holds scar.
struct Cell {
    double inner = 1e9, outer = -1e9;  // depths at the pixels' far edges
    double pixels = 0;
    std::vector<double> bright;  // signal of the pixels labelled scar
    double dark = 0;             // pixels labelled no-reflow
};
using Sheet = std::vector<std::array<Cell, sectors>>;  // a slice

std::size_t sector_of(const WallPixel& p, const SliceWall& wall) {
    const double turn = (static_cast<double>(p.angle) - wall.insertion.value) / 360;
    return std::min(static_cast<std::size_t>((turn - std::floor(turn)) * sectors), sectors - 1);
}

double signal_of(const Tissue& tissue, float v) {
    return (static_cast<double>(v) - tissue.wall) / std::max(std::abs(tissue.blood - tissue.wall), 1e-6);
}

Sheet unwrap(const Canvas& canvas) {
    Sheet sheet(canvas.level.size());
    for (std::size_t k = 0; k < sheet.size(); ++k) {
        if (!canvas.walls[k]) continue;
        const std::size_t first = k * canvas.grid.shape[0] * canvas.grid.shape[1];
        for (const WallPixel& p : canvas.walls[k]->pixels) {
            const std::uint8_t label = canvas.label[first + p.at];
            if (label == 2) continue;
            Cell& c = sheet[k][sector_of(p, *canvas.walls[k])];
            const double half = 0.5 / static_cast<double>(p.thickness), depth = static_cast<double>(p.depth);
            c.inner = std::min(c.inner, depth - half), c.outer = std::max(c.outer, depth + half);
            c.pixels += 1;
            if (label == 4) c.dark += 1;
            else if (canvas.tissue[k]) c.bright.push_back(signal_of(*canvas.tissue[k], canvas.image[first + p.at]));
        }
    }
    return sheet;
}

struct Place { std::size_t slice, sector; };

// Areas of neighbouring cells with scar, the angle being circular.
std::vector<std::vector<Place>> areas_of(const Sheet& sheet) {
    std::vector<std::array<bool, sectors>> seen(sheet.size());
    std::vector<std::vector<Place>> areas;
    for (std::size_t k = 0; k < sheet.size(); ++k)
        for (std::size_t s = 0; s < sectors; ++s) {
            if (seen[k][s] || sheet[k][s].pixels == 0) continue;
            std::vector<Place> area{{k, s}};
            seen[k][s] = true;
            for (std::size_t next = 0; next < area.size(); ++next) {
                const auto [slice, sector] = area[next];
                for (std::size_t j = slice > 0 ? slice - 1 : 0; j <= std::min(slice + 1, sheet.size() - 1); ++j)
                    for (std::size_t d = 0; d < 5; ++d) {  // a gap of one sector is bridged
                        const std::size_t i = (sector + sectors + d - 2) % sectors;
                        if (seen[j][i] || sheet[j][i].pixels == 0) continue;
                        seen[j][i] = true;
                        area.push_back({j, i});
                    }
            }
            areas.push_back(std::move(area));
        }
    return areas;
}

double quantile(std::vector<double> v, double share) {
    const auto at = v.begin() + static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(v.size() - 1)));
    std::nth_element(v.begin(), at, v.end());
    return *at;
}

double circular_mean(double sine, double cosine) { return std::atan2(sine, cosine) * 180 / std::numbers::pi; }

Scar fit(const std::vector<Place>& area, const Sheet& sheet) {
    Scar scar;
    scar.segments = anatomy::Segments{0x3FFFE};
    std::vector<double> inner;
    double thick = 0;
    std::vector<std::size_t> count(sheet.size());
    std::vector<double> bright;
    double sine = 0, cosine = 0, dark = 0, pixels = 0;
    std::size_t first = sheet.size(), last = 0;
    for (const auto [k, s] : area) {
        const Cell& c = sheet[k][s];
        inner.push_back(c.inner), thick += std::clamp(c.outer, 0.0, 1.0) - std::clamp(c.inner, 0.0, 1.0);
        ++count[k];
        first = std::min(first, k), last = std::max(last, k);
        const double angle = (static_cast<double>(s) + 0.5) * sector_deg * std::numbers::pi / 180;
        sine += std::sin(angle), cosine += std::cos(angle);
        bright.insert(bright.end(), c.bright.begin(), c.bright.end());
        dark += c.dark, pixels += c.pixels;
    }
    scar.centre = circular_mean(sine, cosine);
    const double slices = std::max<double>(static_cast<double>(sheet.size()) - 1, 1);
    scar.z_centre = 0.5 * static_cast<double>(first + last) / slices;
    // The arc that shrinks as an ellipse still has half its width at the last slice.
    scar.z_half = (0.5 * static_cast<double>(last - first) / slices) * 1.15 + 0.5 / slices;
    // The width that gives the same arcs in sum over the slices.
    scar.half_width = 1;
    double drawn = 0;
    for (std::size_t k = 0; k < sheet.size(); ++k) drawn += 2 * half_width_at(scar, static_cast<double>(k) / slices);
    scar.half_width = std::clamp(sector_deg * static_cast<double>(area.size()) / drawn, 2.0, 190.0);
    // A band is drawn shallower towards the ends of its arc: 0.84 of its depth in the mean.
    scar.depth_low = quantile(inner, 0.5);
    const double mean = thick / static_cast<double>(area.size());
    scar.depth_high = scar.depth_low < 0.25 ? mean / 0.84 : scar.depth_low + mean;
    if (scar.depth_low < 0.25) {
        scar.depth_low = 0;
        scar.extent = scar.depth_high > 0.78 ? anatomy::Extent::transmural : anatomy::Extent::subendocardial;
        scar.depth_high = std::clamp(scar.depth_high, 0.2, 1.2);
    } else if (scar.depth_high > 0.85) {
        scar.extent = anatomy::Extent::subepicardial;
        scar.depth_low = std::min(scar.depth_low, 0.85), scar.depth_high = 1;
    } else {
        scar.extent = anatomy::Extent::midwall;
        scar.depth_high = std::max(scar.depth_high, scar.depth_low + 0.15);
    }
    // Pixels on the border hold wall or blood too: the brighter ones show what fills the scar.
    if (!bright.empty()) scar.signal = std::clamp(quantile(bright, 0.7), 0.2, 4.0);
    scar.core = dark > 0 ? std::clamp(std::sqrt(dark / pixels), 0.15, 0.9) : 0;
    return scar;
}

}  // namespace

std::vector<Scar> fit_scars(const Canvas& canvas) {
    std::vector<Scar> scars;
    const Sheet sheet = unwrap(canvas);
    const volume::Vec3 spacing = canvas.grid.spacing();
    for (const auto& area : areas_of(sheet)) {
        std::vector<double> pixels(sheet.size());
        for (const auto [k, s] : area) pixels[k] += sheet[k][s].pixels;
        if (*std::max_element(pixels.begin(), pixels.end()) * spacing[0] * spacing[1] < 20) continue;
        if (scars.size() < 32) scars.push_back(fit(area, sheet));
    }
    return scars;
}

std::optional<Burden> measure_burden(const Canvas& canvas) {
    const Sheet sheet = unwrap(canvas);
    const volume::Vec3 spacing = canvas.grid.spacing();
    double pixels = 0, bright = 0, bright_pixels = 0, wall = 0, thick = 0, cells = 0, slices = 0, sine = 0, cosine = 0;
    for (std::size_t k = 0; k < sheet.size(); ++k) {
        if (!canvas.walls[k]) continue;
        wall += static_cast<double>(canvas.walls[k]->pixels.size());
        bool here = false;
        for (std::size_t s = 0; s < sectors; ++s) {
            const Cell& c = sheet[k][s];
            if (c.pixels == 0) continue;
            here = true;
            pixels += c.pixels, cells += 1;
            for (const double v : c.bright) bright += v, bright_pixels += 1;
            thick += std::clamp(c.outer, 0.0, 1.0) - std::clamp(c.inner, 0.0, 1.0);
            const double angle = (static_cast<double>(s) + 0.5) * sector_deg * std::numbers::pi / 180;
            sine += c.pixels * std::sin(angle), cosine += c.pixels * std::cos(angle);
        }
        slices += here;
    }
    if (pixels == 0 || bright_pixels == 0) return std::nullopt;
    return Burden{bright / bright_pixels, pixels * spacing[0] * spacing[1] / slices, pixels / wall,
                  thick / cells, cells * sector_deg / slices, circular_mean(sine, cosine)};
}

}  // namespace lge::synth
