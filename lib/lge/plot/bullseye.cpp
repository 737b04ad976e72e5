#include "lge/plot/bullseye.hpp"

#include "lge/anatomy/heart.hpp"
#include "lge/base/error.hpp"
#include "lge/plot/canvas.hpp"
#include "lge/plot/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lge::plot {
namespace {

constexpr double eye_size = 250, margin = 26, heading_height = 46, below_height = 40, caption_height = 30, bar_width = 16, bar_room = 92;
constexpr double outer = eye_size / 2 - 14, ring = outer / 3.5;

struct Sector {
    double inner, outer;  // radii
    double from, to;      // degrees counter-clockwise from the right
};

Sector sector_of(int segment) {
    const auto level = anatomy::level_of_segment(segment);
    if (level == anatomy::Level::apex) return {0, ring / 2, 0, 360};
    // The insertion stands at 120 degrees; segment 1 ends there, and the apical ring is centred on the septum.
    const int first = level == anatomy::Level::basal ? 1 : level == anatomy::Level::mid ? 7 : 13;
    const bool apical = level == anatomy::Level::apical;
    const double width = apical ? 90 : 60, start = anatomy::canonical_insertion.value - (apical ? 75 : 60);
    const double from = start + width * (segment - first);
    const double inside = apical ? ring / 2 : level == anatomy::Level::mid ? ring * 1.5 : ring * 2.5;
    return {inside, inside + ring, from, from + width};
}

void trace(cairo_t* c, const Sector& s) {
    const auto radians = [](double degrees) { return -degrees * std::numbers::pi / 180; };
    cairo_new_path(c);
    if (s.inner == 0) {
        cairo_arc(c, 0, 0, s.outer, 0, 2 * std::numbers::pi);
        return;
    }
    cairo_arc_negative(c, 0, 0, s.outer, radians(s.from), radians(s.to));
    cairo_arc(c, 0, 0, s.inner, radians(s.to), radians(s.from));
    cairo_close_path(c);
}

Colour colour_at(const Bullseyes& b, double share) { return b.amount ? amber(share) : viridis(share); }
Colour colour_of(const Bullseyes& b, double value) { return colour_at(b, b.high > b.low ? (value - b.low) / (b.high - b.low) : 0.5); }

void draw_eye(cairo_t* c, const Bullseyes& b, const Eye& eye, double x, double y) {
    set_bold(c, true);
    write(c, x + eye_size / 2, y + 16, fitted(c, eye.heading, 14, eye_size), 14, ink, Align::centre);
    set_bold(c, false);
    cairo_save(c);
    cairo_translate(c, x + eye_size / 2, y + heading_height + outer);
    for (int segment = 1; segment <= 17; ++segment) {
        const auto value = eye.value[static_cast<std::size_t>(segment)];
        const Sector s = sector_of(segment);
        const Colour fill = value ? colour_of(b, *value) : faint;
        trace(c, s);
        set_colour(c, fill);
        cairo_fill_preserve(c);
        set_colour(c, b.amount ? grey : white);
        cairo_set_line_width(c, b.amount ? 0.8 : 1.5);
        cairo_stroke(c);
        const double angle = (s.from + s.to) / 2 * std::numbers::pi / 180, r = s.inner == 0 ? 0 : (s.inner + s.outer) / 2;
        const Colour text = brightness(fill) > 0.55 ? black : white;
        const double tx = r * std::cos(angle), ty = -r * std::sin(angle);
        write(c, tx, ty + 4, value ? fmt::format("{:.{}f}", *value, b.decimals) : "\u2013", 11, text, Align::centre);
    }
    write(c, 0, -outer - 6, "anterior", 11, grey, Align::centre);
    write(c, 0, outer + 14, "inferior", 11, grey, Align::centre);
    write_upwards(c, -outer - 5, 0, "septal", 11, grey);
    write_upwards(c, outer + 13, 0, "lateral", 11, grey);
    cairo_restore(c);
    write(c, x + eye_size / 2, y + heading_height + 2 * outer + 34, eye.below, 12, grey, Align::centre);
}

void draw_bar(cairo_t* c, const Bullseyes& b, double x, double y, double height) {
    constexpr int steps = 64;
    for (int i = 0; i < steps; ++i) fill_rectangle(c, x, y + height * (steps - 1 - i) / steps, bar_width, height / steps + 0.5, colour_at(b, (i + 0.5) / steps));
    const auto ticks = round_ticks(b.low, b.high);
    for (const double v : ticks.at) {
        const double at = y + height * (1 - (v - b.low) / (b.high - b.low));
        stroke_line(c, x + bar_width, at, x + bar_width + 4, at, ink);
        write(c, x + bar_width + 7, at + 4, fmt::format("{:.{}f}", v, ticks.decimals), 11, ink);
    }
    write_upwards(c, x - 7, y + height / 2, b.quantity, 12, ink);
}

}  // namespace

Bytes draw(const Bullseyes& b, const Page& page) {
    if (b.eyes.empty()) throw Error(ExitCode::usage, "no bull's-eye to draw");
    const std::size_t columns = std::min<std::size_t>(b.eyes.size(), 4), rows = (b.eyes.size() + columns - 1) / columns;
    const double cell_width = eye_size + margin, cell_height = heading_height + 2 * outer + below_height;
    const double top = margin / 2 + (b.caption.empty() ? 0 : caption_height);
    const double width = margin + static_cast<double>(columns) * cell_width + bar_room, height = top + static_cast<double>(rows) * cell_height + margin / 2;
    return render(width, height, page, [&](cairo_t* c) {
        set_colour(c, white);
        cairo_paint(c);
        if (!b.caption.empty()) write(c, margin, margin / 2 + 18, fitted(c, b.caption, 16, width - 2 * margin), 16, ink);
        for (std::size_t e = 0; e < b.eyes.size(); ++e)
            draw_eye(c, b, b.eyes[e], margin + static_cast<double>(e % columns) * cell_width, top + static_cast<double>(e / columns) * cell_height);
        draw_bar(c, b, margin + static_cast<double>(columns) * cell_width + 18, top + heading_height, 2 * outer);
    });
}

}  // namespace lge::plot
