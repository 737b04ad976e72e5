#pragma once
// Only for the sources of this module: volumes to ITK images and back, and ITK's exceptions to ours.
#include "lge/base/error.hpp"
#include "lge/volume/grid.hpp"

#include <itkImage.h>
#include <itkImportImageFilter.h>

#include <algorithm>
#include <string>

namespace lge::itk {

/// Runs `f`; what ITK throws becomes internal or bad_data `reason`, never its own text (it quotes paths and headers).
template <class F>
auto without_itk_errors(ExitCode code, const std::string& reason, F&& f) -> decltype(f()) {
    try {
        return f();
    } catch (const ::itk::ExceptionObject&) {
        throw Error(code, reason);
    }
}

template <class ImageType>
void set_grid(ImageType& image, const volume::Grid& g) {
    const auto spacing = g.spacing();
    typename ImageType::SpacingType s;
    typename ImageType::PointType o;
    typename ImageType::DirectionType d;
    for (unsigned a = 0; a < 3; ++a) {
        s[a] = spacing[a];
        const auto axis = g.index_to_lps.column(static_cast<int>(a));
        for (unsigned r = 0; r < 3; ++r) d[r][a] = axis[r] / spacing[a];
        o[a] = g.index_to_lps.column(3)[a];
    }
    image.SetSpacing(s);
    image.SetOrigin(o);
    image.SetDirection(d);
}

template <class ImageType>
volume::Grid grid_of(const ImageType& image) {
    volume::Grid g;
    const auto size = image.GetLargestPossibleRegion().GetSize();
    for (unsigned a = 0; a < 3; ++a) {
        g.shape[a] = size[a];
        for (unsigned r = 0; r < 3; ++r) g.index_to_lps.rows[4 * r + a] = image.GetDirection()[r][a] * image.GetSpacing()[a];
        g.index_to_lps.rows[4 * a + 3] = image.GetOrigin()[a];
    }
    return g;
}

/// An ITK image over the voxels of `v`, which must outlive it; nothing is copied.
template <class T>
typename ::itk::Image<T, 3>::Pointer view(const volume::Volume<T>& v) {
    using ImageType = ::itk::Image<T, 3>;
    auto image = ImageType::New();
    typename ImageType::SizeType size;
    for (unsigned a = 0; a < 3; ++a) size[a] = v.grid.shape[a];
    image->SetRegions(size);
    set_grid(*image, v.grid);
    image->GetPixelContainer()->SetImportPointer(const_cast<T*>(v.voxels.data()), v.voxels.size(), false);
    return image;
}

template <class T, class ImageType>
volume::Volume<T> copy(const ImageType& image) {
    volume::Volume<T> v(grid_of(image));
    std::copy_n(image.GetBufferPointer(), v.voxels.size(), v.voxels.data());
    return v;
}

}  // namespace lge::itk
