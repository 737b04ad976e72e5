#include "lge/orient/normalise.hpp"

#include "lge/anatomy/heart.hpp"
#include "lge/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lge::orient {
namespace {

/// Reorders `values`, which must not be empty.
float quantile(Array<float>& values, double share) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(values.size() - 1)));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

Intensity by_percentile(const volume::Volume<float>& image) {
    Array<float> inside;
    inside.reserve(image.voxels.size());
    for (const float v : image.voxels)
        if (!std::isnan(v)) inside.push_back(v);
    if (inside.empty()) return {};
    return {quantile(inside, 0.01), quantile(inside, 0.99)};
}

Intensity by_wall(const volume::Volume<float>& image, const volume::Volume<std::uint8_t>& label) {
    Array<float> wall, blood;
    for (std::size_t n = 0; n < image.voxels.size(); ++n) {
        if (std::isnan(image.voxels[n])) continue;
        if (anatomy::is_wall(label.voxels[n])) wall.push_back(image.voxels[n]);
        if (label.voxels[n] == static_cast<std::uint8_t>(anatomy::Label::lv_cavity)) blood.push_back(image.voxels[n]);
    }
    constexpr std::size_t enough = 20;
    if (wall.size() < enough || blood.size() < enough) throw Error(ExitCode::bad_data, "too little LV wall or blood to normalise by, wanted 20 pixels of each");
    const double zero = quantile(wall, 0.25);
    return {zero, zero + std::abs(quantile(blood, 0.5) - zero)};
}

}  // namespace

std::string_view description(Normalise n) {
    switch (n) {
    case Normalise::percentile: return "percentile 1-99 of the case to 0-1";
    case Normalise::wall: return "wall quartile and blood median of the case to 0-1";
    case Normalise::none: return "none";
    }
    return {};
}

Intensity normalise(volume::Volume<float>& image, const volume::Volume<std::uint8_t>* label, Normalise how) {
    if (how == Normalise::wall && label == nullptr) throw Error(ExitCode::bad_data, "no label map to normalise by its wall");
    const Intensity scale = how == Normalise::percentile ? by_percentile(image) : how == Normalise::wall ? by_wall(image, *label) : Intensity{};
    const auto zero = static_cast<float>(scale.zero);
    const float factor = scale.one > scale.zero ? 1 / static_cast<float>(scale.one - scale.zero) : 1;
    float lowest = zero;
    if (how != Normalise::percentile) {
        lowest = std::numeric_limits<float>::infinity();
        for (const float v : image.voxels)
            if (v < lowest) lowest = v;  // false for NaN
        if (std::isinf(lowest)) lowest = zero;
    }
    for (float& v : image.voxels) v = ((std::isnan(v) ? lowest : v) - zero) * factor;
    return {scale.zero, scale.zero + 1 / static_cast<double>(factor)};
}

}  // namespace lge::orient
