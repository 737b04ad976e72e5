#pragma once
// A trained segmentation network at work.
#include "lge/nn/infer/clean.hpp"
#include "lge/nn/net/device.hpp"
#include "lge/nn/net/peak.hpp"
#include "lge/volume/grid.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::nn {

/// Of which views of a slice the answer is the mean: itself, its four quarter turns, or those and their mirror images.
enum class Views : std::uint8_t { one, turns, mirrors };
constexpr std::array<std::pair<std::string_view, Views>, 3> choices(Views) {
    return {{{"none", Views::one}, {"turns", Views::turns}, {"mirrors", Views::mirrors}}};
}

/// How a network is used beyond its bare answer.
struct SegmentChoice {
    Views views = Views::turns;
    Cleaning cleaning = Cleaning::topology;
    bool uncertainty = false;
    Precision precision = Precision::fp32;
};

struct SeenInsertions {
    Peak anterior, inferior;
};

/// How slices are stored: after the mirror of left and right, where they are mirrored, so many quarter turns counter-clockwise
/// bring them nearest to the canonical pose. `share`: of all eight poses, 0-1.
struct SeenPose {
    int quarter_turns = 0;
    bool mirrored = false;
    double share = 0;
};

struct Segmented {
    volume::Volume<std::uint8_t> label;
    std::optional<volume::Volume<float>> uncertainty{};  // entropy of the classes' shares over that of equal shares, 0-1
    std::vector<SeenInsertions> insertions{};            // of every slice, where the network has heat maps
    std::optional<SeenPose> pose{};                      // the mean over the slices with LV, where the network tells poses
};

/// Labels for images that no one has turned or cropped yet.
class Segmenter {
public:
    /// no_input or bad_data when the model cannot be used; unavailable when the device cannot. `batch`: windows that go
    /// through the network together, at most.
    Segmenter(const std::string& model, DeviceChoice device, unsigned threads, std::size_t batch = 4, const SegmentChoice& choice = {});
    ~Segmenter();
    Segmenter(Segmenter&&) noexcept;

    /// The label map on the image's own grid. Slices are k-planes, any in-plane spacing and turn. A first look at the
    /// middle of some slices finds the heart (or else one at wide windows of all), a second at its centre draws it. May be
    /// called on several threads.
    [[nodiscard]] Segmented draw(const volume::Volume<float>& image) const;
    [[nodiscard]] volume::Volume<std::uint8_t> segment(const volume::Volume<float>& image) const { return draw(image).label; }

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lge::nn
