#include "lge/plot/chart.hpp"

#include "lge/base/error.hpp"
#include "lge/plot/canvas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lge::plot {
namespace {

constexpr double left = 66, right = 18, above = 34, below = 52, margin = 8, caption_height = 30, plot_width = 300;
constexpr double title_size = 14, label_size = 12.5, tick_size = 11, legend_size = 11, legend_line = 17;

/// Where a panel's numbers stand on the page.
struct Frame {
    double x, y, width, height;
    const Axis &ax, &ay;
    bool down;  // y grows downwards, as a list of words does
    [[nodiscard]] double px(double v) const { return x + width * (v - ax.low) / (ax.high - ax.low); }
    [[nodiscard]] double py(double v) const {
        const double t = (v - ay.low) / (ay.high - ay.low);
        return y + height * (down ? t : 1 - t);
    }
};

double panel_height(const Panel& p) {
    if (p.y.words.empty()) return p.square ? plot_width : plot_width * 0.72;
    return std::max(120.0, 26.0 * static_cast<double>(p.y.words.size()));
}

/// Where an axis is marked, and with what.
struct Marks {
    std::vector<double> at;
    std::vector<std::string> text;
};
Marks marks_of(const Axis& a) {
    Marks m;
    if (a.words.empty()) {
        const Ticks ticks = round_ticks(a.low, a.high);
        for (const double v : ticks.at) {
            m.at.push_back(v);
            m.text.push_back(fmt::format("{:.{}f}", v == 0 ? 0 : v, ticks.decimals));
        }
        return m;
    }
    for (std::size_t i = 0; i < a.words.size(); ++i) m.at.push_back(static_cast<double>(i));
    m.text = a.words;
    return m;
}

double widest_mark(cairo_t* c, const Axis& a) {
    double widest = 0;
    for (const auto& text : marks_of(a).text) widest = std::max(widest, text_width(c, text, tick_size));
    return widest;
}

double left_of(cairo_t* c, const Panel& p) { return std::max(left, widest_mark(c, p.y) + (p.y.label.empty() ? 18 : 40)); }

void draw_axes(cairo_t* c, const Panel& p, const Frame& f) {
    const auto axis = [&](const Axis& a, bool horizontal) {
        const Marks marks = marks_of(a);
        for (std::size_t i = 0; i < marks.at.size(); ++i) {
            const double v = marks.at[i];
            if (horizontal) {
                stroke_line(c, f.px(v), f.y, f.px(v), f.y + f.height, faint, 0.7);
                stroke_line(c, f.px(v), f.y + f.height, f.px(v), f.y + f.height + 4, ink);
                write(c, f.px(v), f.y + f.height + 17, marks.text[i], tick_size, ink, Align::centre);
            } else {
                stroke_line(c, f.x, f.py(v), f.x + f.width, f.py(v), faint, 0.7);
                stroke_line(c, f.x - 4, f.py(v), f.x, f.py(v), ink);
                write(c, f.x - 8, f.py(v) + 4, marks.text[i], tick_size, ink, Align::right);
            }
        }
    };
    axis(p.x, true);
    axis(p.y, false);
    set_colour(c, ink);
    cairo_set_line_width(c, 1);
    cairo_rectangle(c, f.x, f.y, f.width, f.height);
    cairo_stroke(c);
    write(c, f.x + f.width / 2, f.y + f.height + 38, fitted(c, p.x.label, label_size, f.width + right), label_size, ink, Align::centre);
    if (!p.y.label.empty()) write_upwards(c, f.x - std::max(44.0, widest_mark(c, p.y) + 20), f.y + f.height / 2, p.y.label, label_size, ink);
    set_bold(c, true);
    write(c, f.x + f.width / 2, f.y - 11, fitted(c, p.title, title_size, f.width + right), title_size, ink, Align::centre);
    set_bold(c, false);
}

Colour colour_of(const Series& s) { return line_colours[s.style % line_colours.size()]; }

void set_dashes(cairo_t* c, std::size_t style) {
    constexpr std::array<std::array<double, 2>, 4> dashes{{{0, 0}, {7, 3}, {2, 3}, {11, 3}}};
    const auto& d = dashes[style % dashes.size()];
    cairo_set_dash(c, d.data(), d[0] == 0 ? 0 : 2, 0);
}

/// A shape a style, so that points differ without colour too.
void draw_point(cairo_t* c, double x, double y, std::size_t style, double r) {
    cairo_new_path(c);
    switch (style % 4) {
    case 0: cairo_arc(c, x, y, r, 0, 2 * std::acos(-1.0)); break;
    case 1: cairo_rectangle(c, x - r * 0.9, y - r * 0.9, 1.8 * r, 1.8 * r); break;
    case 2:
        cairo_move_to(c, x, y - 1.2 * r);
        cairo_line_to(c, x + 1.1 * r, y + 0.9 * r);
        cairo_line_to(c, x - 1.1 * r, y + 0.9 * r);
        break;
    default:
        cairo_move_to(c, x, y - 1.3 * r);
        cairo_line_to(c, x + 1.3 * r, y);
        cairo_line_to(c, x, y + 1.3 * r);
        cairo_line_to(c, x - 1.3 * r, y);
    }
    cairo_close_path(c);
    cairo_fill_preserve(c);
    set_colour(c, white);
    cairo_set_line_width(c, 0.7);
    cairo_stroke(c);
}

void draw_band(cairo_t* c, const Frame& f, const Series& s) {
    cairo_new_path(c);
    for (const auto& p : s.samples)
        if (p.high) cairo_line_to(c, f.px(p.x), f.py(*p.high));
    for (auto p = s.samples.rbegin(); p != s.samples.rend(); ++p)
        if (p->low) cairo_line_to(c, f.px(p->x), f.py(*p->low));
    cairo_close_path(c);
    set_colour(c, colour_of(s), 0.18);
    cairo_fill(c);
}

void draw_whiskers(cairo_t* c, const Panel& panel, const Frame& f, const Series& s) {
    for (const auto& p : s.samples) {
        if (!p.low || !p.high) continue;
        const double x = f.px(p.x), y = f.py(p.y);
        if (panel.upright) stroke_line(c, x, f.py(*p.low), x, f.py(*p.high), colour_of(s), 1.4);
        else stroke_line(c, f.px(*p.low), y, f.px(*p.high), y, colour_of(s), 1.8);
    }
}

void draw_series(cairo_t* c, const Panel& panel, const Frame& f, const Series& s) {
    if (s.mark == Mark::band) return draw_band(c, f, s);
    draw_whiskers(c, panel, f, s);
    if (s.mark != Mark::points) {
        cairo_new_path(c);
        for (const auto& p : s.samples) cairo_line_to(c, f.px(p.x), f.py(p.y));
        set_colour(c, s.pale ? Colour{0.6, 0.6, 0.6} : colour_of(s), s.pale ? 0.65 : 1);
        cairo_set_line_width(c, s.pale ? 0.8 : 1.8);
        if (!s.pale) set_dashes(c, s.style);
        cairo_stroke(c);
        cairo_set_dash(c, nullptr, 0, 0);
    }
    if (s.mark == Mark::line) return;
    for (const auto& p : s.samples) {
        set_colour(c, colour_of(s), s.pale ? 0.45 : 1);
        draw_point(c, f.px(p.x), f.py(p.y), s.style, s.pale ? 2.6 : 4.2);
    }
}

/// The line or point of a style, 24 wide from x.
void draw_sample(cairo_t* c, double x, double y, std::size_t style, Mark mark) {
    set_colour(c, line_colours[style % line_colours.size()]);
    if (mark != Mark::points) {
        set_dashes(c, style);
        cairo_set_line_width(c, 1.8);
        cairo_move_to(c, x, y);
        cairo_line_to(c, x + 24, y);
        cairo_stroke(c);
        cairo_set_dash(c, nullptr, 0, 0);
    }
    if (mark != Mark::line) draw_point(c, x + 12, y, style, 4);
}

void draw_legend(cairo_t* c, const Panel& panel, const Frame& f) {
    std::vector<const Series*> named;
    double widest = 0;
    for (const auto& s : panel.series)
        if (!s.name.empty()) {
            named.push_back(&s);
            widest = std::max(widest, text_width(c, s.name, legend_size));
        }
    if (named.empty()) return;
    const double width = std::min(widest + 40, f.width - 12), height = legend_line * static_cast<double>(named.size()) + 6;
    const bool at_right = panel.legend == Corner::lower_right || panel.legend == Corner::upper_right;
    const bool at_bottom = panel.legend == Corner::lower_right || panel.legend == Corner::lower_left;
    const double x = at_right ? f.x + f.width - width - 6 : f.x + 6, y = at_bottom ? f.y + f.height - height - 6 : f.y + 6;
    fill_rectangle(c, x, y, width, height, white, 0.85);
    for (std::size_t i = 0; i < named.size(); ++i) {
        const double line = y + 3 + legend_line * (static_cast<double>(i) + 0.5);
        draw_sample(c, x + 5, line, named[i]->style, named[i]->mark);
        write(c, x + 34, line + 4, fitted(c, named[i]->name, legend_size, width - 38), legend_size, ink);
    }
}

constexpr double runs_height = 22;

/// One run after the other, on as many lines as they need.
std::vector<std::vector<std::size_t>> break_runs(cairo_t* c, const std::vector<std::string>& runs, double width) {
    std::vector<std::vector<std::size_t>> lines;
    double used = width;
    for (std::size_t r = 0; r < runs.size(); ++r) {
        const double needed = text_width(c, runs[r], label_size) + 56;
        if (used + needed > width) {
            lines.emplace_back();
            used = 0;
        }
        lines.back().push_back(r);
        used += needed;
    }
    return lines;
}

void draw_runs(cairo_t* c, const Chart& chart, double y, double width) {
    const bool points = std::any_of(chart.panels.begin(), chart.panels.end(), [](const Panel& p) {
        return std::any_of(p.series.begin(), p.series.end(), [](const Series& s) { return s.mark != Mark::line && s.mark != Mark::band; });
    });
    for (const auto& line : break_runs(c, chart.runs, width - 2 * margin)) {
        double x = margin + 16;
        for (const std::size_t r : line) {
            draw_sample(c, x, y + 8, r, points ? Mark::line_and_points : Mark::line);
            write(c, x + 30, y + 12, chart.runs[r], label_size, ink);
            x += text_width(c, chart.runs[r], label_size) + 56;
        }
        y += runs_height;
    }
}

void draw_panel(cairo_t* c, const Panel& p, const Frame& f) {
    draw_axes(c, p, f);
    cairo_save(c);
    cairo_rectangle(c, f.x - 5, f.y - 5, f.width + 10, f.height + 10);
    cairo_clip(c);
    if (p.guide) {
        constexpr double dash[2] = {4, 4};
        cairo_set_dash(c, dash, 2, 0);
        stroke_line(c, f.px((*p.guide)[0]), f.py((*p.guide)[1]), f.px((*p.guide)[2]), f.py((*p.guide)[3]), grey, 1);
        cairo_set_dash(c, nullptr, 0, 0);
    }
    for (const auto& s : p.series) draw_series(c, p, f, s);
    cairo_restore(c);
    draw_legend(c, p, f);
}

}  // namespace

Ticks round_ticks(double low, double high) {
    Ticks t;
    const double raw = (high - low) / 6;
    // A range too wide or too narrow for a double is marked at its start alone.
    if (!(raw > 0) || !std::isfinite(raw) || std::abs(low) > 1e9 * raw) return {{low}, 2};
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    const double step = raw / power > 5 ? 10 * power : raw / power > 2 ? 5 * power : raw / power > 1 ? 2 * power : power;
    t.decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
    const auto first = static_cast<long>(std::ceil(low / step - 1e-9)), last = static_cast<long>(std::floor(high / step + 1e-9));
    for (long i = first; i <= last; ++i) t.at.push_back(static_cast<double>(i) * step);
    return t;
}

Bytes draw(const Chart& chart, const Page& page) {
    if (chart.panels.empty()) throw Error(ExitCode::usage, "no panel to draw");
    // Widths of words are asked of cairo, so the layout is found on a page of its own.
    const Surface scratch(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
    const Canvas measure(cairo_create(scratch.get()));
    set_bold(measure.get(), false);
    const std::size_t columns = chart.panels.size() == 4 ? 2 : std::min<std::size_t>(chart.panels.size(), 3);
    std::vector<double> x{margin}, y{margin + (chart.caption.empty() ? 0 : caption_height)};
    for (std::size_t column = 0; column < columns; ++column) {
        double widest = 0;
        for (std::size_t i = column; i < chart.panels.size(); i += columns) widest = std::max(widest, left_of(measure.get(), chart.panels[i]) + plot_width + right);
        x.push_back(x.back() + widest);
    }
    for (std::size_t i = 0; i < chart.panels.size(); i += columns) {
        double highest = 0;
        for (std::size_t j = i; j < std::min(i + columns, chart.panels.size()); ++j) highest = std::max(highest, above + panel_height(chart.panels[j]) + below);
        y.push_back(y.back() + highest);
    }
    const double width = x.back() + margin;
    const double height = y.back() + margin + runs_height * static_cast<double>(break_runs(measure.get(), chart.runs, width - 2 * margin).size());
    return render(width, height, page, [&](cairo_t* c) {
        set_colour(c, white);
        cairo_paint(c);
        if (!chart.caption.empty()) write(c, margin + 8, margin + 18, fitted(c, chart.caption, 16, width - 2 * margin - 16), 16, ink);
        for (std::size_t i = 0; i < chart.panels.size(); ++i) {
            const Panel& p = chart.panels[i];
            const double start = x[i % columns + 1] - right - plot_width;
            draw_panel(c, p, {start, y[i / columns] + above, plot_width, panel_height(p), p.x, p.y, !p.upright});
        }
        draw_runs(c, chart, y.back(), width);
    });
}

}  // namespace lge::plot
