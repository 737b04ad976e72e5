#pragma once
// The outlines of one short-axis slice of a phantom: endocardium, epicardium and RV, in mm about the LV axis.
#include "lge/synth/field.hpp"
#include "lge/synth/heart.hpp"
#include "lge/synth/scar.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <vector>

namespace lge::synth {

/// A circular table over the turn (0 to 1, counter-clockwise from the right), its first value repeated at the end.
struct Ring {
    static constexpr std::size_t bins = 256;
    std::array<float, bins + 1> v{};
    float operator()(float turn) const {
        const float at = turn * static_cast<float>(bins);
        const auto b = std::min(static_cast<std::size_t>(at), bins - 1);
        const float t = at - static_cast<float>(b);
        return v[b] + t * (v[b + 1] - v[b]);
    }
    void close() { v[bins] = v[0]; }
};

/// A sum of amplitude cos(k angle + phase).
struct Waves {
    struct Wave { int k; double amplitude, phase; };
    std::vector<Wave> waves;
    /// Normal amplitudes of SD `sd` / k^0.7.
    static Waves draw(std::initializer_list<int> ks, double sd, Random& random);
    [[nodiscard]] double at(double angle) const;
};

/// A linear map of the plane, y up: picture = turn x stretch x heart.
struct Stretch {
    double xx = 1, xy = 0, yx = 0, yy = 1;
    [[nodiscard]] std::array<double, 2> operator()(double x, double y) const { return {xx * x + xy * y, yx * x + yy * y}; }
    [[nodiscard]] Stretch inverse() const;
    /// Where a ray at `degrees` goes, degrees.
    [[nodiscard]] double angle(double degrees) const;
};

/// The heart's stretch, turned so that its anterior insertion (120 degrees) lies at 120 + turn degrees of the picture.
Stretch picture_of(const Heart& heart, double log_stretch);

/// The RV as a skewed ellipse with a wavy free wall; it meets the epicardium at the insertions.
struct RightVentricle {
    bool seen = false;
    float contact_deg = 0;  // of the epicardium, from the anterior insertion on, in the heart's frame; 0: it does not reach it
    float x = 0, y = 0, cosine = 1, sine = 0, across = 1, along = 1, skew = 0;
    Ring bulge;  // mm, over the ellipse's own turn
    /// mm to the cavity's border, below 0 inside; `outside` is the distance to the epicardium, mm.
    [[nodiscard]] float distance(float px, float py, float outside) const {
        const float dx = px - x, dy = py - y, u = dx * cosine + dy * sine, w = dy * cosine - dx * sine + skew * u;
        const float e = std::sqrt((u * u) / (across * across) + (w * w) / (along * along) + 1e-4F);
        const float d = (e - 1) * std::min(across, along);
        if (d > 8 || d < -8 || outside <= 0) return d;
        return d - bulge(quick_turn(w, u)) * std::min(outside / 6, 1.0F);
    }
};

struct Outline {
    Ring endo, epi;  // radii over the turn in the heart's frame
    RightVentricle rv;
    float reach = 0; // radius that holds LV and RV
};

/// What all slices of a heart share beside its parameters.
struct Form { Waves shape, wall_shape; };
Form draw_form(const Heart& heart, Random& random);

/// The slice at height z (0 base, 1 apex); `cap`: the apical cap, wall without cavity. Scars that thin their wall do so.
/// `picture`: this slice's map, to find the scars' place.
Outline draw_outline(const Heart& heart, const Form& form, const Stretch& picture, double z, bool cap, std::span<const Scar> scars, Random& random);

}  // namespace lge::synth
