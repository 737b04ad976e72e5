#include "lge/itk/bridge.hpp"
#include "lge/itk/filters.hpp"

#include <itkBSplineControlPointImageFilter.h>
#include <itkN4BiasFieldCorrectionImageFilter.h>
#include <itkShrinkImageFilter.h>

#include <algorithm>
#include <cmath>

namespace lge::itk {

volume::Volume<float> correct_bias(const volume::Volume<float>& image, const volume::Volume<std::uint8_t>& mask) {
    if (std::all_of(mask.voxels.begin(), mask.voxels.end(), [](auto m) { return m == 0; })) throw Error(ExitCode::bad_data, "mask of the bias field is empty");
    return without_itk_errors(ExitCode::internal, "bias field could not be fitted", [&] {
        using Image = ::itk::Image<float, 3>;
        using Mask = ::itk::Image<std::uint8_t, 3>;
        using N4 = ::itk::N4BiasFieldCorrectionImageFilter<Image, Mask, Image>;
        volume::Volume<std::uint8_t> binary = mask;
        for (auto& m : binary.voxels) m = m != 0;
        const auto shrink = [&]<class I>(typename I::Pointer input) {
            auto filter = ::itk::ShrinkImageFilter<I, I>::New();
            filter->SetInput(input);
            filter->SetShrinkFactors(1);
            for (unsigned a = 0; a < 2; ++a) filter->SetShrinkFactor(a, image.grid.shape[a] >= 32 ? 4 : 1);
            filter->SetNumberOfWorkUnits(1);
            filter->Update();
            return typename I::Pointer(filter->GetOutput());
        };
        auto n4 = N4::New();
        n4->SetNumberOfWorkUnits(1);
        n4->SetInput(shrink.operator()<Image>(view(image)));
        n4->SetMaskImage(shrink.operator()<Mask>(view(binary)));
        n4->SetMaskLabel(1);
        N4::VariableSizeArrayType iterations(3);
        iterations.Fill(30);
        n4->SetMaximumNumberOfIterations(iterations);
        n4->SetNumberOfFittingLevels(3);
        n4->Update();

        auto field = ::itk::BSplineControlPointImageFilter<N4::BiasFieldControlPointLatticeType, N4::ScalarImageType>::New();
        field->SetNumberOfWorkUnits(1);
        field->SetInput(n4->GetLogBiasFieldControlPointLattice());
        field->SetSplineOrder(n4->GetSplineOrder());
        const auto full = view(image);
        field->SetSize(full->GetLargestPossibleRegion().GetSize());
        field->SetOrigin(full->GetOrigin());
        field->SetDirection(full->GetDirection());
        field->SetSpacing(full->GetSpacing());
        field->Update();
        volume::Volume<float> out = image;
        const auto* log_field = field->GetOutput()->GetBufferPointer();
        for (std::size_t n = 0; n < out.voxels.size(); ++n) out.voxels[n] /= std::exp(log_field[n][0]);
        return out;
    });
}

}  // namespace lge::itk
