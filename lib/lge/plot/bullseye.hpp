#pragma once
// The left ventricle as a target of 17 segments (Cerqueira et al., Circulation 2002;105:539-542): seen from the apex, the base
// outside, anterior at the top and septal at the left.
#include "lge/base/array.hpp"
#include "lge/plot/format.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace lge::plot {

struct Eye {
    std::string heading;
    std::array<std::optional<double>, 18> value{};  ///< of segment n at [n]; nothing is drawn grey
    std::string below;                              ///< such as the number of cases
};

struct Bullseyes {
    std::string caption;   ///< above everything; empty: none
    std::vector<Eye> eyes;
    std::string quantity;  ///< what is shown, with its unit: beside the colour bar
    double low = 0, high = 1;
    int decimals = 2;      ///< of the numbers in the segments
    bool amount = false;   ///< coloured as how much there is of something, not as how good it is
};

/// At most four in a row. usage without any.
Bytes draw(const Bullseyes& b, const Page& page);

}  // namespace lge::plot
