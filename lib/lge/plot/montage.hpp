#pragma once
// A contact sheet of slices: grey image, outlines of labels, the call of a case. PNG or SVG by cairo.
#include "lge/base/array.hpp"
#include "lge/plot/format.hpp"
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lge::plot {

/// One slice: pixels row by row from the top left, and its labels when there are any.
struct Tile {
    volume::Slice<const float> image;
    std::optional<volume::Slice<const std::uint8_t>> label;
    double aspect = 1;   ///< height of a pixel over its width
    std::string corner;  ///< small text in the upper left corner, such as the level
    std::optional<volume::Slice<const float>> heat = std::nullopt;  ///< laid over the image, of its size
};

/// Which numbers of a heat map are drawn without colour and with the strongest.
struct HeatScale {
    std::string name;
    double low = 0, high = 1;
};

struct Call {
    bool present = false;
    double probability = 0;
    std::string caption = {};  ///< the sentence that fits best, where it is to be shown
};
/// "LGE 0.93" or "no LGE 0.07".
std::string words(const Call& call);

/// The square of a slice that is drawn, in widths of a pixel from the upper left corner of the first.
struct View {
    double x = 0, y = 0, side = 0;
};

/// The slices of one case, which stand together under its heading.
struct Block {
    std::string heading;
    std::optional<Call> call;
    std::vector<Tile> tiles;
    std::optional<View> view;  ///< the same for all its slices; nothing: each slice whole
    std::string caption = {};  ///< a sentence behind the heading
};

/// A square about the labels of all tiles, twice as wide as they are, within the slice where it fits; nothing where no tile has labels.
std::optional<View> view_of_labels(const std::vector<Tile>& tiles);

struct Montage {
    std::string caption;         ///< above everything; empty: none
    std::vector<Block> blocks;
    std::size_t columns = 0;     ///< tiles in a row; 0: at most 8, rows of a block alike, and short blocks beside each other
    unsigned tile_pixels = 180;  ///< side of the square that holds a slice
    std::optional<HeatScale> heat = std::nullopt;  ///< nothing: heat maps are not drawn
};

/// Grey levels run from the 1st to the 99.5th percentile of a block's visible pixels. Labels are drawn as outlines at the
/// border between pixels, in colours of Okabe and Ito's palette that differ for the colour-blind; a legend names those that occur.
/// The same montage gives the same bytes on one machine. usage when it has no tile; unavailable when cairo fails.
Bytes draw(const Montage& montage, const Page& page);

/// `count` of 0..n-1, evenly spread and without the two ends where there is a choice; all when n <= count.
std::vector<std::size_t> spread_evenly(std::size_t n, std::size_t count);

}  // namespace lge::plot
