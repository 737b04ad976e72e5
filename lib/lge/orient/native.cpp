#include "lge/orient/native.hpp"

#include "lge/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lge::orient {
namespace {

std::vector<std::size_t> matching_slices(const volume::Grid& canonical, const volume::Grid& native) {
    const auto map = canonical.index_to_lps.inverse() * native.index_to_lps;
    const double lean = std::abs(map.column(0)[2]) * static_cast<double>(native.shape[0]) + std::abs(map.column(1)[2]) * static_cast<double>(native.shape[1]);
    if (!(lean < 0.1)) throw Error(ExitCode::bad_data, "slices are not parallel to those of the source");
    std::vector<std::size_t> from(native.shape[2], itk::no_slice);
    for (std::size_t k = 0; k < from.size(); ++k) {
        const double z = map({0, 0, static_cast<double>(k)})[2], n = std::round(z);
        if (std::abs(z - n) < 0.25 && n >= 0 && n < static_cast<double>(canonical.shape[2])) from[k] = static_cast<std::size_t>(n);
    }
    if (std::all_of(from.begin(), from.end(), [](std::size_t n) { return n == itk::no_slice; })) throw Error(ExitCode::bad_data, "no slice lies in the source");
    return from;
}

}  // namespace

volume::Volume<std::uint8_t> to_native(const volume::Volume<std::uint8_t>& canonical, const volume::Grid& native) {
    return itk::resample_label_slices(canonical, native, matching_slices(canonical.grid, native));
}
volume::Volume<float> to_native(const volume::Volume<float>& canonical, const volume::Grid& native, itk::Interpolation interpolation) {
    return itk::resample_slices(canonical, native, matching_slices(canonical.grid, native), interpolation, 0);
}

volume::Volume<std::uint8_t> aha_map(const volume::Volume<std::uint8_t>& label, const Pose& pose, bool seventeen) {
    volume::Volume<std::uint8_t> map(label.grid, 0);
    const PixelSize pixel = pixel_size(label.grid.index_to_lps);
    for (std::size_t n = 0; n < pose.slices.size(); ++n) {
        const anatomy::Level level = pose.levels[n];
        if (level == anatomy::Level::unknown || (level == anatomy::Level::apex && !seventeen)) continue;
        const auto from = label.slice(pose.slices[n]);
        const auto to = map.slice(pose.slices[n]);
        const PlanePoint centre = pose.marks[n].centre;
        for (std::size_t y = 0; y < from.height; ++y)
            for (std::size_t x = 0; x < from.width; ++x) {
                if (!anatomy::is_wall(from(x, y))) continue;
                const double q = static_cast<double>(y) * pixel.y, p = static_cast<double>(x) * pixel.x + static_cast<double>(y) * pixel.skew;
                const Degrees stored = to_degrees(Radians{std::atan2(centre.q - q, p - centre.p)});
                const Degrees canonical = (pose.mirrored ? Degrees{180} - stored : stored) + pose.rotation;
                to(x, y) = static_cast<std::uint8_t>(anatomy::segment_at(level, canonical - anatomy::canonical_insertion));
            }
    }
    return map;
}

}  // namespace lge::orient
