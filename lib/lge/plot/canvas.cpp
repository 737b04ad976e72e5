#include "lge/plot/canvas.hpp"

#include "lge/base/error.hpp"

#include <cairo-svg.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace lge::plot {
namespace {

/// An exception must not pass through cairo's C frames.
cairo_status_t append(void* to, const unsigned char* data, unsigned length) noexcept {
    try {
        auto& bytes = *static_cast<Bytes*>(to);
        const auto* first = reinterpret_cast<const std::byte*>(data);
        bytes.insert(bytes.end(), first, first + length);
        return CAIRO_STATUS_SUCCESS;
    } catch (...) {
        return CAIRO_STATUS_NO_MEMORY;
    }
}

template <std::size_t N>
Colour between(const std::array<Colour, N>& stops, double t) {
    const double at = std::clamp(t, 0.0, 1.0) * (N - 1);
    const auto below = std::min(static_cast<std::size_t>(at), N - 2);
    const double u = at - static_cast<double>(below);
    const auto mix = [&](double Colour::*part) { return (1 - u) * stops[below].*part + u * stops[below + 1].*part; };
    return {mix(&Colour::r), mix(&Colour::g), mix(&Colour::b)};
}

}  // namespace

Colour viridis(double t) {
    return between<9>({{{0.267, 0.005, 0.329}, {0.279, 0.175, 0.483}, {0.230, 0.322, 0.546}, {0.173, 0.449, 0.558}, {0.128, 0.567, 0.551},
                        {0.158, 0.684, 0.502}, {0.369, 0.789, 0.383}, {0.678, 0.864, 0.190}, {0.993, 0.906, 0.144}}}, t);
}

Colour amber(double t) {
    return between<9>({{{1, 1, 0.898}, {1, 0.969, 0.737}, {0.996, 0.890, 0.569}, {0.996, 0.769, 0.310}, {0.996, 0.600, 0.161},
                        {0.925, 0.439, 0.078}, {0.800, 0.298, 0.008}, {0.600, 0.204, 0.016}, {0.400, 0.145, 0.024}}}, t);
}

double brightness(Colour k) { return 0.299 * k.r + 0.587 * k.g + 0.114 * k.b; }

void check(cairo_status_t status) {
    if (status == CAIRO_STATUS_SUCCESS) return;
    throw Error(ExitCode::unavailable, fmt::format("the picture could not be drawn: cairo status {}", static_cast<int>(status)));
}

Bytes render(double width, double height, const Page& page, const std::function<void(cairo_t*)>& paint) {
    const double scale = page.format == Format::png ? page.scale : 1, wide = std::ceil(width * scale), high = std::ceil(height * scale);
    if (wide > 32767 || high > 32767) throw Error(ExitCode::usage, fmt::format("the picture would be {:.0f} x {:.0f} pixels, wanted at most 32767 a side", wide, high));
    Bytes bytes;
    const Surface surface(page.format == Format::svg ? cairo_svg_surface_create_for_stream(append, &bytes, width, height)
                                                     : cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(wide), static_cast<int>(high)));
    check(cairo_surface_status(surface.get()));
    {
        const Canvas canvas(cairo_create(surface.get()));
        cairo_scale(canvas.get(), scale, scale);
        set_bold(canvas.get(), false);
        cairo_set_line_join(canvas.get(), CAIRO_LINE_JOIN_ROUND);
        paint(canvas.get());
        check(cairo_status(canvas.get()));
    }
    if (page.format == Format::png) check(cairo_surface_write_to_png_stream(surface.get(), append, &bytes));
    cairo_surface_finish(surface.get());
    check(cairo_surface_status(surface.get()));
    return bytes;
}

void set_colour(cairo_t* c, Colour k, double alpha) { cairo_set_source_rgba(c, k.r, k.g, k.b, alpha); }

void fill_rectangle(cairo_t* c, double x, double y, double width, double height, Colour k, double alpha) {
    set_colour(c, k, alpha);
    cairo_rectangle(c, x, y, width, height);
    cairo_fill(c);
}

void stroke_line(cairo_t* c, double x0, double y0, double x1, double y1, Colour k, double width) {
    set_colour(c, k);
    cairo_set_line_width(c, width);
    cairo_move_to(c, x0, y0);
    cairo_line_to(c, x1, y1);
    cairo_stroke(c);
}

double text_width(cairo_t* c, const std::string& text, double size) {
    cairo_set_font_size(c, size);
    cairo_text_extents_t e;
    cairo_text_extents(c, text.c_str(), &e);
    return e.x_advance;
}

void write(cairo_t* c, double x, double baseline, const std::string& text, double size, Colour colour, Align align) {
    const double width = align == Align::left ? 0 : text_width(c, text, size);
    cairo_set_font_size(c, size);
    set_colour(c, colour);
    cairo_move_to(c, x - (align == Align::centre ? width / 2 : width), baseline);
    cairo_show_text(c, text.c_str());
}

void write_upwards(cairo_t* c, double baseline_x, double y, const std::string& text, double size, Colour colour) {
    cairo_save(c);
    cairo_translate(c, baseline_x, y);
    cairo_rotate(c, -std::acos(-1.0) / 2);
    write(c, 0, 0, text, size, colour, Align::centre);
    cairo_restore(c);
}

void set_bold(cairo_t* c, bool bold) { cairo_select_font_face(c, "sans-serif", CAIRO_FONT_SLANT_NORMAL, bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL); }

std::string fitted(cairo_t* c, std::string text, double size, double width) {
    if (text_width(c, text, size) <= width) return text;
    while (!text.empty() && text_width(c, text + "\u2026", size) > width) {
        while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) text.pop_back();
        if (!text.empty()) text.pop_back();
    }
    return text + "\u2026";
}

}  // namespace lge::plot
