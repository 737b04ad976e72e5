#include "lge/itk/resample.hpp"

#include "lge/itk/bridge.hpp"

#include <itkBSplineInterpolateImageFunction.h>
#include <itkLinearInterpolateImageFunction.h>
#include <itkResampleImageFilter.h>

#include <algorithm>
#include <cmath>

namespace lge::itk {
namespace {

using volume::Affine;
using volume::Grid;
using volume::Slice;
using volume::Vec3;
using volume::Volume;

/// The two neighbours of a place on an axis of `n` pixels, and the weight of the second. Half a pixel beyond the ends the
/// end itself counts, as in ITK.
struct Pair {
    std::size_t a, b;
    double t;
};
bool inside(double x, std::size_t n) { return x >= -0.5 && x < static_cast<double>(n) - 0.5; }
Pair neighbours(double x, std::size_t n) {
    const double clamped = std::clamp(x, 0.0, static_cast<double>(n - 1));
    const auto a = static_cast<std::size_t>(clamped);
    return {a, std::min(a + 1, n - 1), clamped - static_cast<double>(a)};
}

/// The label with the largest sum of weights; of equals the lowest.
template <std::size_t N>
std::uint8_t strongest(const std::array<std::uint8_t, N>& label, const std::array<double, N>& weight) {
    if (std::all_of(label.begin(), label.end(), [&](auto l) { return l == label[0]; })) return label[0];
    double best = -1;
    std::uint8_t winner = 0;
    for (std::size_t c = 0; c < N; ++c) {
        double sum = 0;
        for (std::size_t d = 0; d < N; ++d)
            if (label[d] == label[c]) sum += weight[d];
        if (sum > best + 1e-12 || (sum > best - 1e-12 && label[c] < winner)) {
            best = sum;
            winner = label[c];
        }
    }
    return winner;
}

/// f(out, slice of v, i, j) for each pixel of `onto`, (i, j) its place in slice from[n]; pixels outside are left alone.
template <class T, class F>
Volume<T> each_in_plane(const Volume<T>& v, const Grid& onto, std::span<const std::size_t> from, T outside, F f) {
    Volume<T> out(onto, outside);
    const Affine map = v.grid.index_to_lps.inverse() * onto.index_to_lps;
    const Vec3 dx = map.column(0);
    for (std::size_t n = 0; n < onto.shape[2]; ++n) {
        const Slice<const T> source = v.slice(from[n]);
        const Slice<T> target = out.slice(n);
        for (std::size_t y = 0; y < onto.shape[1]; ++y) {
            const Vec3 row = map({0, static_cast<double>(y), static_cast<double>(n)});
            for (std::size_t x = 0; x < onto.shape[0]; ++x) {
                const double i = row[0] + dx[0] * static_cast<double>(x), j = row[1] + dx[1] * static_cast<double>(x);
                if (inside(i, source.width) && inside(j, source.height)) target(x, y) = f(source, i, j);
            }
        }
    }
    return out;
}

Volume<float> bspline_slices(const Volume<float>& v, const Grid& onto, std::span<const std::size_t> from, float outside) {
    using Plane = ::itk::Image<float, 2>;
    using Spline = ::itk::BSplineInterpolateImageFunction<Plane, double, float>;
    const float* ready = nullptr;  // the slice that `spline` was made for
    auto spline = Spline::New();
    spline->SetSplineOrder(3);
    return each_in_plane(v, onto, from, outside, [&](Slice<const float> source, double i, double j) {
        if (source.pixels != ready) {
            auto plane = Plane::New();
            plane->SetRegions(Plane::SizeType{{source.width, source.height}});
            plane->GetPixelContainer()->SetImportPointer(const_cast<float*>(source.pixels), source.size(), false);
            spline->SetInputImage(plane);
            ready = source.pixels;
        }
        Spline::ContinuousIndexType at;
        at[0] = i;
        at[1] = j;
        return static_cast<float>(spline->EvaluateAtContinuousIndex(at));
    });
}

}  // namespace

Volume<float> resample(const Volume<float>& v, const Grid& onto, Interpolation interpolation, float outside) {
    return without_itk_errors(ExitCode::bad_data, "grid is singular", [&] {
        using Image = ::itk::Image<float, 3>;
        auto filter = ::itk::ResampleImageFilter<Image, Image>::New();
        filter->SetNumberOfWorkUnits(1);
        if (interpolation == Interpolation::bspline) {
            auto spline = ::itk::BSplineInterpolateImageFunction<Image, double, float>::New();
            spline->SetSplineOrder(3);
            filter->SetInterpolator(spline);
        } else {
            filter->SetInterpolator(::itk::LinearInterpolateImageFunction<Image, double>::New());
        }
        auto target = Image::New();
        set_grid(*target, onto);
        filter->SetInput(view(v));
        filter->SetOutputSpacing(target->GetSpacing());
        filter->SetOutputOrigin(target->GetOrigin());
        filter->SetOutputDirection(target->GetDirection());
        filter->SetSize({{onto.shape[0], onto.shape[1], onto.shape[2]}});
        filter->SetDefaultPixelValue(outside);
        filter->Update();
        auto out = copy<float>(*filter->GetOutput());
        out.grid = onto;
        return out;
    });
}

Volume<std::uint8_t> resample_labels(const Volume<std::uint8_t>& v, const Grid& onto) {
    Volume<std::uint8_t> out(onto, 0);
    const Affine map = v.grid.index_to_lps.inverse() * onto.index_to_lps;
    const auto& n = v.grid.shape;
    for (std::size_t k = 0; k < onto.shape[2]; ++k)
        for (std::size_t j = 0; j < onto.shape[1]; ++j)
            for (std::size_t i = 0; i < onto.shape[0]; ++i) {
                const Vec3 p = map({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
                if (!inside(p[0], n[0]) || !inside(p[1], n[1]) || !inside(p[2], n[2])) continue;
                const std::array<Pair, 3> pair{neighbours(p[0], n[0]), neighbours(p[1], n[1]), neighbours(p[2], n[2])};
                std::array<std::uint8_t, 8> label{};
                std::array<double, 8> weight{};
                for (unsigned c = 0; c < 8; ++c) {
                    const auto pick = [&](unsigned a) { return (c >> a & 1U) != 0 ? pair[a].b : pair[a].a; };
                    label[c] = v(pick(0), pick(1), pick(2));
                    weight[c] = 1;
                    for (unsigned a = 0; a < 3; ++a) weight[c] *= (c >> a & 1U) != 0 ? pair[a].t : 1 - pair[a].t;
                }
                out(i, j, k) = strongest(label, weight);
            }
    return out;
}

Volume<float> resample_slices(const Volume<float>& v, const Grid& onto, std::span<const std::size_t> from, Interpolation interpolation, float outside) {
    if (interpolation == Interpolation::bspline)
        return without_itk_errors(ExitCode::internal, "B-spline interpolation failed", [&] { return bspline_slices(v, onto, from, outside); });
    return each_in_plane(v, onto, from, outside, [](Slice<const float> s, double i, double j) {
        const Pair x = neighbours(i, s.width), y = neighbours(j, s.height);
        const double top = s(x.a, y.a) + (static_cast<double>(s(x.b, y.a)) - s(x.a, y.a)) * x.t;
        const double low = s(x.a, y.b) + (static_cast<double>(s(x.b, y.b)) - s(x.a, y.b)) * x.t;
        return static_cast<float>(top + (low - top) * y.t);
    });
}

Volume<std::uint8_t> resample_label_slices(const Volume<std::uint8_t>& v, const Grid& onto, std::span<const std::size_t> from) {
    return each_in_plane(v, onto, from, std::uint8_t{0}, [](Slice<const std::uint8_t> s, double i, double j) {
        const Pair x = neighbours(i, s.width), y = neighbours(j, s.height);
        return strongest<4>({s(x.a, y.a), s(x.b, y.a), s(x.a, y.b), s(x.b, y.b)},
                            {(1 - x.t) * (1 - y.t), x.t * (1 - y.t), (1 - x.t) * y.t, x.t * y.t});
    });
}

}  // namespace lge::itk
