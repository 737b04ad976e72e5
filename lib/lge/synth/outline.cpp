#include "lge/synth/outline.hpp"

#include <algorithm>
#include <numbers>

namespace lge::synth {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double insertion_deg = 120;

// The part of the epicardium that lies in the RV: where it starts (counter-clockwise) and how long it is, degrees.
struct Contact { double start = 0, length = 0; };
using Border = std::array<std::array<float, 2>, Ring::bins>;
Contact contact_of(const Border& epi, const RightVentricle& rv) {
    constexpr std::size_t n = Ring::bins;
    std::array<bool, n> inside{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i) {
        inside[i] = rv.distance(epi[i][0], epi[i][1], 0) < 0;
        count += inside[i];
    }
    if (count == 0 || count == n) return {};
    Contact best;
    for (std::size_t i = 0; i < n; ++i) {
        if (!inside[i] || inside[(i + n - 1) % n]) continue;
        std::size_t length = 0;
        while (inside[(i + length) % n]) ++length;
        if (const double degrees = 360.0 * static_cast<double>(length) / static_cast<double>(n); degrees > best.length)
            best = {360.0 * (static_cast<double>(i) - 0.5) / static_cast<double>(n), degrees};
    }
    return best;
}

RightVentricle draw_rv(const Heart& heart, const Ring& epi, double outer, double z, Random& random) {
    RightVentricle rv;
    const double depth = heart.rv_depth * (1 - heart.rv_taper * z * z);
    const bool tip = z > 0.85 && random.chance(0.5);
    const Waves waves = Waves::draw({2, 3, 5}, 0.05 * outer, random);
    if (!heart.rv || tip || depth < 0.12) return rv;
    rv.seen = true;
    rv.skew = static_cast<float>(heart.rv_skew);
    const double offset = std::min(heart.rv_offset, 0.75 + depth);
    rv.across = static_cast<float>(outer * std::max(1 + depth - offset, 0.3));
    Border border{};
    for (std::size_t b = 0; b < Ring::bins; ++b) {
        const double angle = 2 * pi * static_cast<double>(b) / Ring::bins, r = static_cast<double>(epi.v[b]);
        border[b] = {static_cast<float>(r * std::cos(angle)), static_cast<float>(r * std::sin(angle))};
    }
    // The ellipse's length decides how far the insertions lie apart; its direction, where the anterior one lies.
    double direction = insertion_deg + heart.rv_span_deg / 2, low = 0.25, high = 1.4;
    for (int i = 0; i < 12; ++i) {
        const double length = 0.5 * (low + high), angle = direction * pi / 180;
        rv.cosine = static_cast<float>(std::cos(angle)), rv.sine = static_cast<float>(std::sin(angle));
        rv.x = static_cast<float>(outer * offset) * rv.cosine, rv.y = static_cast<float>(outer * offset) * rv.sine;
        rv.along = static_cast<float>(outer * length);
        const Contact contact = contact_of(border, rv);
        (contact.length < heart.rv_span_deg ? low : high) = length;
        rv.contact_deg = static_cast<float>(contact.length);
        if (contact.length > 0) direction += std::remainder(insertion_deg - contact.start, 360.0);
    }
    for (std::size_t b = 0; b < Ring::bins; ++b) rv.bulge.v[b] = static_cast<float>(waves.at(2 * pi * static_cast<double>(b) / Ring::bins));
    rv.bulge.close();
    return rv;
}

}  // namespace

Waves Waves::draw(std::initializer_list<int> ks, double sd, Random& random) {
    Waves w;
    for (const int k : ks) w.waves.push_back({k, random.normal() * sd / std::pow(k, 0.7), random.uniform(0, 2 * pi)});
    return w;
}

double Waves::at(double angle) const {
    double sum = 0;
    for (const Wave& w : waves) sum += w.amplitude * std::cos(w.k * angle + w.phase);
    return sum;
}

Stretch Stretch::inverse() const {
    const double d = xx * yy - xy * yx;
    return {yy / d, -xy / d, -yx / d, xx / d};
}

double Stretch::angle(double degrees) const {
    const auto [x, y] = (*this)(std::cos(degrees * pi / 180), std::sin(degrees * pi / 180));
    return std::atan2(y, x) * 180 / pi;
}

Stretch picture_of(const Heart& heart, double log_stretch) {
    const double a = heart.stretch_deg * pi / 180, c = std::cos(a), s = std::sin(a), f = std::exp(0.5 * log_stretch), g = 1 / f;
    const Stretch stretch{c * c * f + s * s * g, c * s * (f - g), c * s * (f - g), s * s * f + c * c * g};
    const double turn = (insertion_deg + heart.turn_deg - stretch.angle(insertion_deg)) * pi / 180, tc = std::cos(turn), ts = std::sin(turn);
    return {tc * stretch.xx - ts * stretch.yx, tc * stretch.xy - ts * stretch.yy, ts * stretch.xx + tc * stretch.yx, ts * stretch.xy + tc * stretch.yy};
}

Form draw_form(const Heart& heart, Random& random) {
    return {Waves::draw({2, 3, 4}, heart.shape_sd, random), Waves::draw({1, 2, 3}, heart.wall_shape_sd, random)};
}

Outline draw_outline(const Heart& heart, const Form& form, const Stretch& picture, double z, bool cap, std::span<const Scar> scars, Random& random) {
    Outline o;
    const double radius = std::max(heart.radius_mm * (1 - heart.taper * std::pow(z, heart.taper_power)), 3.6);
    const double wall = std::min(heart.wall_mm * random.uniform(0.9, 1.1) * (1 - 0.2 * z), 0.9 * radius + 4.4);
    const Waves wobble = Waves::draw({2, 3, 5}, 0.4 * heart.shape_sd, random), ripple = Waves::draw({2, 4}, 0.05, random);
    const bool gap = heart.outflow && z < 0.16;
    const double insertion = picture.angle(insertion_deg);
    double outer = 0;
    for (std::size_t b = 0; b < Ring::bins; ++b) {
        const double degrees = 360.0 * static_cast<double>(b) / Ring::bins, angle = degrees * pi / 180;
        double endo = radius * std::max(0.4, 1 + form.shape.at(angle) + wobble.at(angle));
        double thick = wall * std::clamp(1 + form.wall_shape.at(angle) + ripple.at(angle), 0.45, 1.8);
        for (const Scar& scar : scars) {
            const double half = half_width_at(scar, z);
            if (scar.thinning == 0 || half <= 0) continue;
            const double off = std::remainder(picture.angle(degrees) - insertion - scar.centre, 360.0);
            thick *= 1 - scar.thinning * std::exp(-off * off / ((half + 5) * (half + 5)));
        }
        thick = std::max(thick, 1.7);
        if (gap) {
            const double off = std::remainder(degrees - heart.outflow_deg, 360.0) / 26;
            thick = std::max(thick * (1 - heart.outflow_depth * std::exp(-off * off * off * off)), 0.3);
        }
        if (cap) {
            endo = -1;
            thick = 1 + std::clamp(0.75 * wall + 0.3 * radius, 4.0, 14.0) * (1 + form.shape.at(angle));
        }
        o.endo.v[b] = static_cast<float>(endo);
        o.epi.v[b] = static_cast<float>(endo + thick);
        outer = std::max(outer, endo + thick);
    }
    o.endo.close(), o.epi.close();
    if (!cap) o.rv = draw_rv(heart, o.epi, radius + wall, z, random);
    o.reach = static_cast<float>(outer);
    if (o.rv.seen) o.reach = std::max(o.reach, std::hypot(o.rv.x, o.rv.y) + 1.15F * std::max(o.rv.across, o.rv.along));
    return o;
}

}  // namespace lge::synth
