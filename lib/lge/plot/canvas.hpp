#pragma once
// Only for the sources of this module: cairo as a page to draw on, text, and colours that differ for the colour-blind.
#include "lge/base/array.hpp"
#include "lge/plot/format.hpp"

#include <cairo.h>

#include <array>
#include <functional>
#include <memory>
#include <string>

namespace lge::plot {

struct Colour {
    double r, g, b;
};
inline constexpr Colour white{1, 1, 1}, black{0, 0, 0}, ink{0.13, 0.13, 0.13}, grey{0.45, 0.45, 0.45}, faint{0.88, 0.88, 0.88};
// Okabe and Ito, "Color universal design", 2008.
inline constexpr Colour orange{0.902, 0.624, 0}, sky{0.337, 0.706, 0.914}, green{0, 0.620, 0.451}, yellow{0.941, 0.894, 0.259}, blue{0, 0.447, 0.698},
    vermillion{0.835, 0.369, 0}, purple{0.8, 0.475, 0.655};
/// Colours of lines that stand together, the darkest first.
inline constexpr std::array<Colour, 6> line_colours{blue, vermillion, green, purple, orange, sky};

/// From dark blue (0) to yellow (1) in evenly bright steps: viridis of matplotlib, interpolated. For how good something is.
Colour viridis(double t);
/// From pale yellow (0) to dark brown (1): ColorBrewer's YlOrBr, interpolated. For how much there is of something.
Colour amber(double t);
/// How bright a colour looks, 0-1.
double brightness(Colour k);

struct Destroy {
    void operator()(cairo_t* c) const { cairo_destroy(c); }
    void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
};
using Canvas = std::unique_ptr<cairo_t, Destroy>;
using Surface = std::unique_ptr<cairo_surface_t, Destroy>;

/// unavailable for a status that is not success.
void check(cairo_status_t status);

/// The bytes of a page that `paint` draws. usage when it is wider or higher than cairo's images may be (32767 pixels); the
/// same drawing gives the same bytes on one machine.
Bytes render(double width, double height, const Page& page, const std::function<void(cairo_t*)>& paint);

void set_colour(cairo_t* c, Colour k, double alpha = 1);
void fill_rectangle(cairo_t* c, double x, double y, double width, double height, Colour k, double alpha = 1);
void stroke_line(cairo_t* c, double x0, double y0, double x1, double y1, Colour k, double width = 1);

enum class Align { left, centre, right };
double text_width(cairo_t* c, const std::string& text, double size);
void write(cairo_t* c, double x, double baseline, const std::string& text, double size, Colour colour, Align align = Align::left);
/// Upwards, centred about y.
void write_upwards(cairo_t* c, double baseline_x, double y, const std::string& text, double size, Colour colour);
void set_bold(cairo_t* c, bool bold);
/// Cuts whole characters off the end until the text fits.
std::string fitted(cairo_t* c, std::string text, double size, double width);

}  // namespace lge::plot
