#pragma once
// A trained segmentation network at work.
#include "lge/nn/device.hpp"
#include "lge/volume/grid.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace lge::nn {

/// Labels for images that no one has turned or cropped yet.
class Segmenter {
public:
    /// no_input or bad_data when the model cannot be used; unavailable when the device cannot.
    Segmenter(const std::string& model, DeviceChoice device, unsigned threads, std::size_t batch = 4);
    ~Segmenter();
    Segmenter(Segmenter&&) noexcept;

    /// The label map on the image's own grid. Slices are k-planes, any in-plane spacing and turn. A first look at a wide
    /// window finds the heart, a second at its centre draws it; of wall and cavity, and of the RV, the largest component
    /// in 3-D is kept.
    [[nodiscard]] volume::Volume<std::uint8_t> segment(const volume::Volume<float>& image) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lge::nn
