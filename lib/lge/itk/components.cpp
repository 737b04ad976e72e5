#include "lge/itk/bridge.hpp"
#include "lge/itk/filters.hpp"

#include <itkConnectedComponentImageFilter.h>
#include <itkRelabelComponentImageFilter.h>

namespace lge::itk {

Components components(const volume::Volume<std::uint8_t>& mask, bool corners) {
    return without_itk_errors(ExitCode::internal, "connected components failed", [&] {
        using Mask = ::itk::Image<std::uint8_t, 3>;
        using Numbers = ::itk::Image<std::uint32_t, 3>;
        auto find = ::itk::ConnectedComponentImageFilter<Mask, Numbers>::New();
        find->SetInput(view(mask));
        find->SetFullyConnected(corners);
        find->SetNumberOfWorkUnits(1);
        auto sort = ::itk::RelabelComponentImageFilter<Numbers, Numbers>::New();
        sort->SetInput(find->GetOutput());
        sort->Update();
        Components c{copy<std::uint32_t>(*sort->GetOutput()), {}};
        c.number.grid = mask.grid;
        for (const auto size : sort->GetSizeOfObjectsInPixels()) c.voxels.push_back(size);
        return c;
    });
}

}  // namespace lge::itk
