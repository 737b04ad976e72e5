#include "lge/plot/montage.hpp"

#include "lge/anatomy/heart.hpp"
#include "lge/base/error.hpp"
#include "lge/plot/canvas.hpp"
#include "lge/plot/outline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <cmath>
#include <span>

namespace lge::plot {
namespace {

constexpr Colour pale{0.75, 0.75, 0.75}, ground{0.07, 0.07, 0.07};

struct Layer {
    std::string_view name;
    std::bitset<256> numbers;
    Colour colour;
};
/// In the order of drawing: where two borders fall together, the later is seen.
const std::array layers{
    Layer{"LV cavity", 0b000010, purple},  Layer{"RV cavity", 0b100000, green},    Layer{"myocardium", 0b011100, sky},
    Layer{"scar", 0b011000, orange},       Layer{"no-reflow", 0b010000, yellow},
};

constexpr double margin = 14, gap = 3, block_gap = 14, heading_height = 20, caption_height = 26, legend_height = 24;
constexpr double text_size = 13, corner_size = 11, caption_size = 15;

View whole(const Tile& tile) {
    const double width = static_cast<double>(tile.image.width), height = static_cast<double>(tile.image.height) * tile.aspect;
    const double side = std::max(width, height);
    return {(width - side) / 2, (height - side) / 2, side};
}

/// The grey levels that are drawn black and white.
struct Window {
    float low = 0, high = 1;
};
Window window_of(const Block& block) {
    std::vector<float> all;
    for (const auto& t : block.tiles) {
        const View view = block.view.value_or(whole(t));
        for (std::size_t y = 0; y < t.image.height; ++y)
            for (std::size_t x = 0; x < t.image.width; ++x) {
                const double dx = static_cast<double>(x) + 0.5 - view.x, dy = (static_cast<double>(y) + 0.5) * t.aspect - view.y;
                const float v = t.image(x, y);
                if (dx >= 0 && dy >= 0 && dx < view.side && dy < view.side && std::isfinite(v)) all.push_back(v);
            }
    }
    if (all.empty()) return {};
    const auto at = [&](double q) {
        const auto n = all.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(all.size() - 1));
        std::nth_element(all.begin(), n, all.end());
        return *n;
    };
    const float low = at(0.01), high = at(0.995);
    return {low, high > low ? high : low + 1};
}

/// Lays pixels over the page, one a unit; colour(x, y) is premultiplied ARGB.
template <class F>
void draw_pixels(cairo_t* c, std::size_t width, std::size_t height, F colour) {
    const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, static_cast<int>(width), static_cast<int>(height)));
    check(cairo_surface_status(surface.get()));
    cairo_surface_flush(surface.get());
    unsigned char* data = cairo_image_surface_get_data(surface.get());
    const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get()));
    for (std::size_t y = 0; y < height; ++y) {
        auto* row = reinterpret_cast<std::uint32_t*>(data + y * stride);
        for (std::size_t x = 0; x < width; ++x) row[x] = colour(x, y);
    }
    cairo_surface_mark_dirty(surface.get());
    cairo_set_source_surface(c, surface.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(c), CAIRO_FILTER_BILINEAR);
    cairo_pattern_set_extend(cairo_get_source(c), CAIRO_EXTEND_PAD);
    cairo_rectangle(c, 0, 0, static_cast<double>(width), static_cast<double>(height));
    cairo_fill(c);
}

std::uint32_t packed(Colour k, double alpha) {
    const auto part = [&](double v) { return static_cast<std::uint32_t>(std::lround(255 * v * alpha)); };
    return part(1) << 24 | part(k.r) << 16 | part(k.g) << 8 | part(k.b);
}

void draw_image(cairo_t* c, const Tile& tile, Window window) {
    draw_pixels(c, tile.image.width, tile.image.height, [&](std::size_t x, std::size_t y) {
        const float v = (tile.image(x, y) - window.low) / (window.high - window.low);
        const double grey = v > 0 ? std::min(v, 1.0F) : 0.0F;
        return packed({grey, grey, grey}, 1);
    });
}

/// The image shows where there is no heat.
double heat_alpha(double t) { return 0.75 * std::min(1.0, 1.6 * t); }

void draw_heat(cairo_t* c, volume::Slice<const float> heat, const HeatScale& scale) {
    draw_pixels(c, heat.width, heat.height, [&](std::size_t x, std::size_t y) {
        const double t = (heat(x, y) - scale.low) / (scale.high - scale.low);
        if (!(t > 0)) return std::uint32_t{0};
        return packed(viridis(t), heat_alpha(t));
    });
}

std::vector<std::uint8_t> mask_of(volume::Slice<const std::uint8_t> label, const Layer& layer) {
    std::vector<std::uint8_t> inside(label.size());
    std::transform(label.span().begin(), label.span().end(), inside.begin(), [&](std::uint8_t l) { return layer.numbers[l]; });
    return inside;
}

/// The path stands in pixels of the slice; the pen keeps its width on the page, whose matrix is `page`.
void draw_outlines(cairo_t* c, const cairo_matrix_t& page, volume::Slice<const std::uint8_t> label, std::bitset<layers.size()>& drawn) {
    // The wall's inner line is the cavity's.
    const bool wall = std::any_of(label.span().begin(), label.span().end(), anatomy::is_wall);
    for (std::size_t l = wall ? 1 : 0; l < layers.size(); ++l) {
        const auto inside = mask_of(label, layers[l]);
        const auto lines = outlines({inside.data(), label.width, label.height});
        if (lines.empty()) continue;
        drawn.set(l);
        for (const auto& line : lines) {
            cairo_new_sub_path(c);
            for (const auto& p : line) cairo_line_to(c, p.x + 0.5, p.y + 0.5);
            cairo_close_path(c);
        }
        cairo_save(c);
        cairo_set_matrix(c, &page);
        cairo_set_line_width(c, 1.3);
        set_colour(c, layers[l].colour);
        cairo_stroke(c);
        cairo_restore(c);
    }
}

void draw_tile(cairo_t* c, const Tile& tile, View view, double x, double y, double side, Window window, const std::optional<HeatScale>& heat,
               std::bitset<layers.size()>& drawn) {
    cairo_matrix_t page;
    cairo_get_matrix(c, &page);
    cairo_save(c);
    cairo_rectangle(c, x, y, side, side);
    cairo_clip(c);
    set_colour(c, black);
    cairo_paint(c);
    const double scale = side / view.side;
    cairo_save(c);
    cairo_translate(c, x - view.x * scale, y - view.y * scale);
    cairo_scale(c, scale, scale * tile.aspect);
    draw_image(c, tile, window);
    if (tile.heat && heat) draw_heat(c, *tile.heat, *heat);
    if (tile.label) draw_outlines(c, page, *tile.label, drawn);
    cairo_restore(c);
    if (!tile.corner.empty()) {
        const auto text = fitted(c, tile.corner, corner_size, side - 8);
        fill_rectangle(c, x, y, text_width(c, text, corner_size) + 8, corner_size + 5, black, 0.55);
        write(c, x + 4, y + corner_size, text, corner_size, white);
    }
    cairo_restore(c);
}

void draw_heading(cairo_t* c, const Block& block, double x, double y, double width) {
    const double baseline = y + heading_height - 6, end = x + width;
    const auto put = [&](const std::string& text, Colour colour) {
        if (text.empty() || end - x < 30) return;
        const auto shown = fitted(c, text, text_size, end - x);
        write(c, x, baseline, shown, text_size, colour);
        x += text_width(c, shown, text_size) + 8;
    };
    if (block.call) put(words(*block.call), block.call->present ? orange : sky);
    put(block.heading, pale);
    put(block.caption, white);
}

void draw_legend(cairo_t* c, double x, double y, const std::bitset<layers.size()>& drawn) {
    for (std::size_t l = 0; l < layers.size(); ++l) {
        if (!drawn[l]) continue;
        set_colour(c, layers[l].colour);
        cairo_set_line_width(c, 2);
        cairo_move_to(c, x, y - 4);
        cairo_line_to(c, x + 18, y - 4);
        cairo_stroke(c);
        const std::string name(layers[l].name);
        write(c, x + 23, y, name, text_size, pale);
        x += 23 + text_width(c, name, text_size) + 18;
    }
}

/// From no heat, over the grey of the page, to the greatest.
void draw_heat_legend(cairo_t* c, double right, double y, const HeatScale& scale) {
    constexpr double bar = 90;
    const std::string low = fmt::format("{:.3g}", scale.low), high = fmt::format("{:.3g}", scale.high);
    double x = right - text_width(c, high, text_size);
    write(c, x, y, high, text_size, pale);
    x -= bar + 6;
    fill_rectangle(c, x, y - 10, bar, 11, {0.3, 0.3, 0.3});
    for (int i = 0; i < 45; ++i) fill_rectangle(c, x + 2 * i, y - 10, 2, 11, viridis((i + 0.5) / 45), heat_alpha((i + 0.5) / 45));
    write(c, x - 6, y, low, text_size, pale, Align::right);
    write(c, x - 16 - text_width(c, low, text_size), y, scale.name, text_size, pale, Align::right);
}

/// Where everything stands, in page pixels.
struct Layout {
    std::size_t columns = 0, per_row = 0, rows_in_block = 0, block_rows = 0;
    double side = 0, block_width = 0, block_height = 0, top = margin, width = 0, height = 0;
};

Layout lay_out(const Montage& m) {
    Layout l;
    l.side = m.tile_pixels;
    std::size_t longest = 0;
    bool labelled = false;
    for (const auto& b : m.blocks) {
        longest = std::max(longest, b.tiles.size());
        for (const auto& t : b.tiles) labelled = labelled || t.label || t.heat;
    }
    if (longest == 0) throw Error(ExitCode::usage, "no slice to draw");
    const std::size_t rows = (longest + 7) / 8;
    const std::size_t columns = m.columns > 0 ? m.columns : rows == 1 ? 8 : (longest + rows - 1) / rows;
    l.columns = std::min(columns, longest);
    l.per_row = std::clamp<std::size_t>(columns / l.columns, 1, m.blocks.size());
    l.rows_in_block = (longest + l.columns - 1) / l.columns;
    l.block_rows = (m.blocks.size() + l.per_row - 1) / l.per_row;
    l.block_width = static_cast<double>(l.columns) * (l.side + gap) - gap;
    l.block_height = heading_height + static_cast<double>(l.rows_in_block) * (l.side + gap) - gap;
    if (!m.caption.empty()) l.top += caption_height;
    l.width = 2 * margin + static_cast<double>(l.per_row) * (l.block_width + block_gap) - block_gap;
    l.height = l.top + static_cast<double>(l.block_rows) * (l.block_height + block_gap) - block_gap + (labelled ? legend_height : 0) + margin;
    return l;
}

void paint(cairo_t* c, const Montage& m, const Layout& l) {
    set_colour(c, ground);
    cairo_paint(c);
    if (!m.caption.empty()) write(c, margin, margin + caption_size, fitted(c, m.caption, caption_size, l.width - 2 * margin), caption_size, white);
    std::bitset<layers.size()> drawn;
    for (std::size_t b = 0; b < m.blocks.size(); ++b) {
        const auto& block = m.blocks[b];
        const double x = margin + static_cast<double>(b % l.per_row) * (l.block_width + block_gap);
        const double y = l.top + static_cast<double>(b / l.per_row) * (l.block_height + block_gap);
        draw_heading(c, block, x, y, l.block_width);
        const Window window = window_of(block);
        for (std::size_t t = 0; t < block.tiles.size(); ++t)
            draw_tile(c, block.tiles[t], block.view.value_or(whole(block.tiles[t])), x + static_cast<double>(t % l.columns) * (l.side + gap),
                      y + heading_height + static_cast<double>(t / l.columns) * (l.side + gap), l.side, window, m.heat, drawn);
    }
    draw_legend(c, margin, l.height - margin, drawn);
    if (m.heat) draw_heat_legend(c, l.width - margin, l.height - margin, *m.heat);
}

}  // namespace

std::string words(const Call& call) { return fmt::format("{} {:.2f}", call.present ? "LGE" : "no LGE", call.probability); }

Bytes draw(const Montage& montage, const Page& page) {
    const Layout layout = lay_out(montage);
    return render(layout.width, layout.height, page, [&](cairo_t* c) { paint(c, montage, layout); });
}

std::optional<View> view_of_labels(const std::vector<Tile>& tiles) {
    double left = 0, top = 0, right = 0, bottom = 0, width = 0, height = 0;
    bool any = false;
    for (const auto& t : tiles) {
        width = static_cast<double>(t.image.width);
        height = static_cast<double>(t.image.height) * t.aspect;
        if (!t.label) continue;
        for (std::size_t y = 0; y < t.label->height; ++y)
            for (std::size_t x = 0; x < t.label->width; ++x) {
                if ((*t.label)(x, y) == 0) continue;
                const double px = static_cast<double>(x), py = static_cast<double>(y) * t.aspect;
                left = any ? std::min(left, px) : px;
                top = any ? std::min(top, py) : py;
                right = std::max(right, px + 1);
                bottom = std::max(bottom, py + t.aspect);
                any = true;
            }
    }
    if (!any) return std::nullopt;
    const double side = std::min(2 * std::max(right - left, bottom - top), std::max(width, height));
    const auto start = [side](double low, double high, double length) {
        const double at = (low + high - side) / 2;
        return side < length ? std::clamp(at, 0.0, length - side) : (length - side) / 2;
    };
    return View{start(left, right, width), start(top, bottom, height), side};
}

std::vector<std::size_t> spread_evenly(std::size_t n, std::size_t count) {
    std::vector<std::size_t> chosen;
    if (n <= count) {
        for (std::size_t i = 0; i < n; ++i) chosen.push_back(i);
        return chosen;
    }
    for (std::size_t i = 0; i < count; ++i) chosen.push_back((2 * i + 1) * n / (2 * count));
    return chosen;
}

}  // namespace lge::plot
