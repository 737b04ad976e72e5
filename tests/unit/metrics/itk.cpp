// ITK as an oracle: distance maps, Hausdorff distance and overlap of blobs of a heart's size.
#include "lge/base/random.hpp"
#include "lge/metrics/masks.hpp"

#include <itkHausdorffDistanceImageFilter.h>
#include <itkImage.h>
#include <itkLabelOverlapMeasuresImageFilter.h>
#include <itkSignedMaurerDistanceMapImageFilter.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

namespace metrics = lge::metrics;

namespace {

using Image = itk::Image<std::uint8_t, 3>;

/// An ellipsoid with a bumpy border.
metrics::Mask blob(lge::Random& r, std::array<std::size_t, 3> shape, lge::volume::Vec3 spacing) {
    metrics::Mask m{shape, spacing, lge::Array<std::uint8_t>(shape[0] * shape[1] * shape[2])};
    std::array<double, 3> centre{}, radius{};
    for (std::size_t a = 0; a < 3; ++a) {
        centre[a] = static_cast<double>(shape[a]) * r.uniform(0.4, 0.6);
        radius[a] = static_cast<double>(shape[a]) * r.uniform(0.15, 0.35);
    }
    const double bumps = r.uniform(2, 7);
    std::size_t v = 0;
    for (std::size_t k = 0; k < shape[2]; ++k)
        for (std::size_t j = 0; j < shape[1]; ++j)
            for (std::size_t i = 0; i < shape[0]; ++i, ++v) {
                const double x = (static_cast<double>(i) - centre[0]) / radius[0], y = (static_cast<double>(j) - centre[1]) / radius[1], z = (static_cast<double>(k) - centre[2]) / radius[2];
                m.voxels[v] = x * x + y * y + z * z < 1 + 0.2 * std::sin(bumps * std::atan2(y, x));
            }
    return m;
}

Image::Pointer image_of(const metrics::Mask& m) {
    auto image = Image::New();
    Image::SizeType size;
    Image::SpacingType spacing;
    for (unsigned a = 0; a < 3; ++a) {
        size[a] = m.shape[a];
        spacing[a] = m.spacing[a];
    }
    image->SetRegions(size);
    image->SetSpacing(spacing);
    image->Allocate();
    std::copy(m.voxels.begin(), m.voxels.end(), image->GetBufferPointer());
    return image;
}

}  // namespace

TEST_CASE("distances are those of ITK's distance maps, and overlap and Hausdorff distance those of its filters") {
    for (std::uint64_t trial = 0; trial < 12; ++trial) {
        lge::Random r(61, trial, "itk");
        const std::array<std::size_t, 3> shape{40 + r.below(30), 40 + r.below(30), 5 + r.below(8)};
        const lge::volume::Vec3 spacing{r.uniform(0.7, 2), r.uniform(0.7, 2), r.uniform(1, 10)};
        const auto a = blob(r, shape, spacing), b = blob(r, shape, spacing);

        // Maurer's transform of a border is 0 on it and, since a border has no inside, the plain distance elsewhere.
        using Map = itk::SignedMaurerDistanceMapImageFilter<Image, itk::Image<double, 3>>;
        auto map = Map::New();
        map->SetInput(image_of(metrics::border(b)));
        map->SetUseImageSpacing(true);
        map->SetSquaredDistance(false);
        map->SetBackgroundValue(0);
        map->Update();
        const auto squared = metrics::squared_distance(metrics::border(b));
        for (std::size_t v = 0; v < squared.size(); ++v) REQUIRE(std::sqrt(squared[v]) == Approx(std::abs(map->GetOutput()->GetBufferPointer()[v])).margin(1e-4));

        // ITK measures from every voxel of a mask to the other mask; voxels inside of it are at 0, so the greatest is at a border.
        auto hausdorff = itk::HausdorffDistanceImageFilter<Image, Image>::New();
        hausdorff->SetInput1(image_of(a));
        hausdorff->SetInput2(image_of(b));
        hausdorff->SetUseImageSpacing(true);
        hausdorff->Update();
        double greatest = 0;
        for (const auto* pair : {&a, &b}) {
            const auto& other = pair == &a ? b : a;
            const auto to_other = metrics::squared_distance(other);
            for (std::size_t v = 0; v < to_other.size(); ++v)
                if (pair->voxels[v]) greatest = std::max(greatest, std::sqrt(to_other[v]));
        }
        CHECK(greatest == Approx(hausdorff->GetHausdorffDistance()).margin(1e-4));

        auto overlap = itk::LabelOverlapMeasuresImageFilter<Image>::New();
        overlap->SetSourceImage(image_of(a));
        overlap->SetTargetImage(image_of(b));
        overlap->Update();
        lge::volume::Grid grid{shape, {}};
        for (std::size_t x = 0; x < 3; ++x) grid.index_to_lps.rows[5 * x] = spacing[x];
        const auto sets = std::vector{metrics::parse_label_set("1")};
        const auto s = metrics::compare("x", b.voxels, a.voxels, grid, sets, {}).front();
        CHECK(s.overlap.dice() == Approx(overlap->GetDiceCoefficient()).margin(1e-9));
        CHECK(s.overlap.jaccard() == Approx(overlap->GetJaccardCoefficient()).margin(1e-9));
    }
}
