#pragma once

namespace lge::nn {

/// Where a heat map has its peak, in pixels of the slice, and the share of the map that lies round it.
struct Peak {
    double x = 0, y = 0, confidence = 0;
};

}  // namespace lge::nn
