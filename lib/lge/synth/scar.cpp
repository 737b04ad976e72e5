#include "lge/synth/scar.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace lge::synth {
namespace {

constexpr double minimal_share = 0.06;
constexpr int minimal_pixels = 4;
constexpr double minimal_area_mm2 = 20;
constexpr std::size_t bins = 180;
constexpr float radian = std::numbers::pi_v<float> / 180;

// A scar in one slice: its band's borders over the angle, and how its ends move with the depth.
struct Active {
    std::size_t index;
    float half, centre, blur;
    std::vector<float> low, high, end, core;
};

std::vector<Active> active_scars(std::span<const Scar> scars, double z, const SliceWall& wall, Random& random) {
    std::vector<Active> active;
    for (std::size_t i = 0; i < scars.size(); ++i) {
        const double half = half_width_at(scars[i], z);
        if (half < 2 || (scars[i].segments & segments_of(wall.level)).empty()) continue;
        Active a{i, static_cast<float>(half), static_cast<float>(scars[i].centre + wall.insertion.value), 1 / static_cast<float>(scars[i].border_px), {}, {}, {}, {}};
        const auto rough = static_cast<float>(scars[i].raggedness);
        const auto edge = [&](double at) {
            std::vector<float> ring = smooth_ring(bins, 40, random);
            for (float& e : ring) e = static_cast<float>(at) + rough * e;
            return ring;
        };
        // Bands that start or end at a border of the wall take every pixel there, whatever its depth by the outline.
        a.low = scars[i].depth_low <= 0 ? std::vector<float>(bins, -1e3F) : edge(scars[i].depth_low);
        a.high = scars[i].depth_high >= 1 && scars[i].extent != anatomy::Extent::transmural ? std::vector<float>(bins, 1e3F) : edge(scars[i].depth_high);
        if (scars[i].core > 0) a.core = smooth_ring(bins, 24, random);
        a.end = smooth_ring(32, 12, random);  // over depth: the ends of the arc are ragged too
        active.push_back(std::move(a));
    }
    return active;
}

struct Fill { float share = 0, core = 0; std::uint8_t scar = 0; };

Fill fill_of(const WallPixel& p, std::span<const Active> active, std::span<const Scar> scars) {
    Fill best;
    const auto b = std::min(static_cast<std::size_t>(p.angle * (static_cast<float>(bins) / 360)), bins - 1);
    const auto band = static_cast<std::size_t>(std::clamp(p.depth, 0.0F, 1.0F) * 31);
    const float arc_px = p.radius * radian;  // of a degree
    for (const Active& a : active) {
        const Scar& scar = scars[a.index];
        if (!scar.segments.has(p.segment)) continue;
        float off = p.angle - a.centre;
        off = std::abs(off - 360 * std::round(off / 360)) + 4.0F * a.end[band];
        const float q = std::clamp(off / a.half, 0.0F, 1.0F), q4 = q * q * q * q;
        // A pixel is filled by how far the edge has passed its centre; the band grows shallow towards its ends.
        const float along = std::clamp(0.5F + (a.half - off) * arc_px * a.blur, 0.0F, 1.0F);
        const float high = a.low[b] < -1 ? a.high[b] * (1 - 0.8F * q4) : a.high[b];
        const float above = std::clamp(0.5F + (p.depth - a.low[b]) * p.thickness * a.blur, 0.0F, 1.0F);
        const float below = std::clamp(0.5F + (high - p.depth) * p.thickness * a.blur, 0.0F, 1.0F);
        const float share = along * above * below;
        if (share <= best.share) continue;
        best = {share, 0, static_cast<std::uint8_t>(a.index)};
        if (scar.core > 0) {
            const auto core = static_cast<float>(scar.core);
            const float middle = 0.45F * high, reach = 0.5F * core * high * (1 + 0.35F * a.core[b]);
            const float side = std::clamp(0.5F + (core * a.half - off) * arc_px, 0.0F, 1.0F);
            best.core = side * std::clamp(0.5F + (reach - std::abs(p.depth - middle)) * p.thickness, 0.0F, 1.0F);
        }
    }
    return best;
}

}  // namespace

double half_width_at(const Scar& scar, double z) {
    const double off = (z - scar.z_centre) / scar.z_half;
    return off * off >= 1 ? 0.0 : scar.half_width * std::sqrt(1 - off * off);
}

ScarMap map_scars(std::span<const Scar> scars, double z, const SliceWall& wall, volume::Slice<std::uint8_t> label, Random& random) {
    ScarMap map;
    const std::vector<Active> active = active_scars(scars, z, wall, random);
    if (active.empty()) return map;

    std::vector<Fill> fills(wall.pixels.size());
    std::array<int, 18> scar_pixels{};
    for (std::size_t i = 0; i < fills.size(); ++i) {
        if (!wall.pixels[i].normal) continue;
        fills[i] = fill_of(wall.pixels[i], active, scars);
        if (fills[i].share >= 0.5F) ++scar_pixels[wall.pixels[i].segment];
    }
    anatomy::Segments kept;
    int pixels = 0;
    for (std::size_t id = 1; id <= 17; ++id)
        if (scar_pixels[id] >= minimal_pixels && scar_pixels[id] >= minimal_share * wall.of_segment[id]) {
            kept.add(static_cast<int>(id));
            pixels += scar_pixels[id];
        }
    if (pixels * wall.spacing_mm * wall.spacing_mm < minimal_area_mm2) return map;

    map.segments = kept;
    map.left = wall.left, map.top = wall.top;
    map.scar = Plane(wall.width, wall.height);
    map.no_reflow = Plane(wall.width, wall.height);
    map.signal = Plane(wall.width, wall.height);
    const Plane grain = smooth_field(wall.width, wall.height, std::max(6 / wall.spacing_mm, 1.5), random);
    const auto in_box = [&](const WallPixel& p) { return (p.at / label.width - wall.top) * wall.width + p.at % label.width - wall.left; };
    const auto put = [&](std::size_t i) {
        const std::size_t at = in_box(wall.pixels[i]);
        map.scar.v[at] = fills[i].share;
        map.no_reflow.v[at] = std::min(fills[i].core, fills[i].share);
        const Scar& scar = scars[fills[i].scar];
        map.signal.v[at] = static_cast<float>(scar.signal) * (1 + static_cast<float>(scar.texture) * grain.v[at]);
    };
    for (std::size_t i = 0; i < fills.size(); ++i) {
        if (fills[i].share < 0.5F || !kept.has(wall.pixels[i].segment)) continue;
        put(i);
        label.pixels[wall.pixels[i].at] = fills[i].core >= 0.5F ? 4 : 3;
        map.scars |= 1U << fills[i].scar;
    }
    // Less than half filled: the edge of labelled scar. Slivers that nowhere fill a pixel are not drawn.
    const auto beside_scar = [&](std::size_t at) {
        const std::size_t x = at % wall.width, y = at / wall.width;
        for (std::size_t j = y > 0 ? y - 1 : 0; j <= std::min(y + 1, wall.height - 1); ++j)
            for (std::size_t i = x > 0 ? x - 1 : 0; i <= std::min(x + 1, wall.width - 1); ++i)
                if (map.scar(i, j) >= 0.5F) return true;
        return false;
    };
    for (std::size_t i = 0; i < fills.size(); ++i)
        if (fills[i].share > 0 && fills[i].share < 0.5F && kept.has(wall.pixels[i].segment) && beside_scar(in_box(wall.pixels[i]))) put(i);
    return map;
}

}  // namespace lge::synth
